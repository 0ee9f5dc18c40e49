"""Public start pages, the lists of all questions, starting an assessment, and its task list. Nothing is stored before the last form of the start is sent."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from assess.assessments.access import (
    AssessmentContext,
    may_here,
    open_assessment,
    reference_today,
    texts_today,
)
from assess.assessments.answer_pages import form_minutes
from assess.assessments.delegation import count_answers_by_delegation
from assess.assessments.facts import FactsState, get_facts_state
from assess.assessments.guest_sessions import open_started_assessment, opened_assessments
from assess.assessments.models import Assessment, FormPart
from assess.assessments.ownership import get_unconfirmed_facts
from assess.assessments.purchase_pages import line_count_text
from assess.assessments.purchases import get_lines
from assess.assessments.queries import SectionProgress, SectionStatus, remaining_text
from assess.assessments.question_pages import count_questions, list_questions
from assess.assessments.services import start_assessment
from assess.assessments.sign_off import get_sent_back_event
from assess.assessments.submissions import NothingSubmittedError, get_submission
from assess.assessments.views_answers import NEEDED_DETAILS, address_to_go_on, page_address
from assess.assessments.views_edition_upgrade import get_upgrade_notice
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import set_audit_subject
from assess.core.clock import uk_date
from assess.core.db import request_session
from assess.core.forms.fields import ChoiceField
from assess.core.forms.form import read_fields
from assess.core.pages import PageResponse, counted
from assess.core.rate_limits import START_LIMIT, rate_limited
from assess.core.route_permissions import audited, requires
from assess.core.security import guest_session_token, public_page, set_guest_cookie
from assess.engine.reference import find_industries
from assess.identity.current_user import current_user
from assess.identity.models import Organisation, Role, Site
from assess.identity.permissions import Relation
from assess.public.views import retention_periods
from assess.question_banks.editions import current_edition, current_editions
from assess.question_banks.reader import LoadedEdition

LENGTHS = ("quick", "full")
NO_BANK = "Choose what your business does."
NO_LENGTH = "Choose how much time you have."

blueprint = Blueprint("assessments", __name__)


@dataclass(frozen=True, slots=True)
class ListedBank:
    bank: str
    title: str
    total: int


@dataclass(slots=True)
class PrintedQuestionLists:
    """The pages with every question, plain and packed, as they stand on one day. They are the same for every reader."""

    day: date | None = None
    pages: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)


@blueprint.get("/")
@public_page
@requires("assessment.start")
def show_start() -> str:
    return render_template(
        "assessments/start.html",
        opened=opened_assessments(request_session(), guest_session_token(), clock.now()),
        minutes=minutes_by_length(current_editions(request_session())),
    )


@blueprint.get("/before-you-start")
@public_page
@requires("public.read")
def show_before_you_start() -> str:
    return render_template("assessments/before_you_start.html", promises=retention_periods())


@blueprint.route("/start", methods=["GET", "POST"])
@audited("begun")
@rate_limited(START_LIMIT, forms=True)
@requires("assessment.start")
def create_assessment() -> PageResponse:
    """Which questions, and how many of them. Nothing is stored before this form is sent."""
    editions = current_editions(request_session())
    if request.method != "POST":
        return _choice_page(editions, {"bank": request.args.get("bank", "")}, {})
    form = read_fields(bank=ChoiceField(editions, required=NO_BANK), length=ChoiceField(LENGTHS, required=NO_LENGTH))
    target = editions.get(form.values.get("bank", ""))
    if form.errors or target is None or target.id is None:
        return _choice_page(editions, form.typed, form.errors), 422
    now = clock.now()
    assessment = start_assessment(request_session(), target.id, quick=form["length"] == "quick", now=now)
    set_audit_subject("assessment", assessment.id)
    return set_guest_cookie(
        make_response(redirect(url_for("assessments.show_tasks", assessment_id=assessment.id), 303)),
        open_started_assessment(request_session(), assessment.id, now, token=guest_session_token()),
    )


@blueprint.get("/questions")
@public_page
@requires("public.read")
def show_question_lists() -> str:
    banks = [
        ListedBank(bank, loaded.edition.title, count_questions(loaded.edition).total)
        for bank, loaded in current_editions(request_session()).items()
    ]
    return render_template("assessments/question_lists.html", banks=banks)


@blueprint.get("/questions/<bank>")
@public_page
@requires("public.read")
def show_questions(bank: str) -> Response:
    plain, packed = _printed_page(current_edition(request_session(), bank))
    packs = request.accept_encodings.quality("gzip") > 0
    response = Response(packed if packs else plain, content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept-Encoding"
    if packs:
        # nothing in this page is secret or repeats what was sent, so packing it gives nothing away
        response.headers["Content-Encoding"] = "gzip"
    return response


def _choice_page(editions: Mapping[str, LoadedEdition], typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    said = request.args.get("q", "").strip()
    return render_template(
        "assessments/choose_questions.html",
        banks=[(bank, loaded.edition.title) for bank, loaded in editions.items()],
        titles={bank: loaded.edition.title for bank, loaded in editions.items()},
        typed=typed,
        errors=errors,
        minutes=minutes_by_length(editions),
        said=said,
        kinds=find_industries(reference_today().industries, said) if said else (),
    )


def minutes_by_length(editions: Mapping[str, LoadedEdition]) -> Mapping[str, int]:
    """What the operator measured; else what words and taps of the longest questions take."""
    settings = settings_of(current_app)
    banks = [loaded.edition for loaded in editions.values()]
    return {
        "quick": settings.quick_minutes or max((form_minutes(bank, quick=True) for bank in banks), default=0),
        "full": settings.full_minutes or max((form_minutes(bank, quick=False) for bank in banks), default=0),
    }


def unfinished_checks() -> list[str]:
    who = current_user()
    if who is None or who.staff_role is not None:
        return []
    theirs = [one for one, roles in who.roles.items() if roles & {Role.MANAGER, Role.RESPONDENT}]
    here = opened_assessments(request_session(), guest_session_token(), clock.now())
    found = request_session().scalars(
        select(Assessment.id).where(
            Assessment.submitted_at.is_(None), Assessment.organisation_id.in_(theirs) | Assessment.id.in_(here)
        )
    )
    return [url_for("assessments.show_tasks", assessment_id=one) for one in found]


def _printed_page(loaded: LoadedEdition) -> tuple[bytes, bytes]:
    lists = cast(
        "PrintedQuestionLists", current_app.extensions.setdefault("assess.printed_lists", PrintedQuestionLists())
    )
    if lists.day != clock.today():
        lists.day = clock.today()
        lists.pages.clear()
    if loaded.ref.digest not in lists.pages:
        counts = count_questions(loaded.edition)
        page = render_template(
            "assessments/question_list.html",
            title=loaded.edition.title,
            parts=list_questions(loaded.edition, texts_today()),
            total=counts.total,
            always=counts.always,
        ).encode()
        lists.pages[loaded.ref.digest] = page, gzip.compress(page, mtime=0)
    return lists.pages[loaded.ref.digest]


@blueprint.get("/assessments/<uuid:assessment_id>/")
@requires("assessment.read", load=open_assessment)
def show_tasks(context: AssessmentContext) -> PageResponse:
    """The list of tasks. A quick check has none: whoever answers it goes on where they stopped."""
    if context.opened.quick and not context.opened.submitted and may_here("assessment.answer"):
        return redirect(address_to_go_on(context) or "", 303)
    return _overview_page(context)


@blueprint.get("/assessments/<uuid:assessment_id>/overview")
@requires("assessment.read", load=open_assessment)
def show_overview(context: AssessmentContext) -> str:
    return _overview_page(context)


def _overview_page(context: AssessmentContext) -> str:
    opened = context.opened
    found = context.progress
    ours = get_ownership_info(context)
    lines = get_lines(request_session(), context.id)
    facts = get_facts_state(context.asked_edition, opened.confirmed, opened.gates, opened.facts)
    return render_template(
        "assessments/tasks.html",
        id=context.id,
        name=opened.organisation.get("name"),
        title=context.full_edition.title,
        quick=opened.quick,
        version=opened.version,
        submitted=submitted_on(context),
        was_submitted=opened.submitted or opened.version > 1,
        left=remaining_text(found),
        go_on=address_to_go_on(context),
        identity=business_details_status(context),
        facts=facts_status(context, facts),
        facts_href=facts_address(context),
        law_questions=facts.questions_left,
        buys=line_count_text(len(lines)) if lines else str(SectionStatus.NOT_STARTED.value),
        around=ours,
        of_site=ours.site if ours.plans else None,
        came_in=count_colleague_answers(context),
        sent_back=get_sent_back_event(request_session(), context.id) if may_here("plan.read") else None,
        upgrade=get_upgrade_notice(context),
        sections=[]
        if opened.quick
        else [_section_row(context, part) for part in found.sections if part.status is not SectionStatus.NOT_NEEDED],
    )


def submitted_on(context: AssessmentContext) -> str | None:
    """The day of the latest submission while nothing is being corrected, as "2026-11-24"."""
    if not context.opened.submitted:
        return None
    try:
        return uk_date(get_submission(request_session(), context.id).made_at).isoformat()
    except NothingSubmittedError:
        return None


def business_details_status(context: AssessmentContext) -> str:
    """How far “name and place” is: the name and the area are needed."""
    given = [part in context.opened.organisation for part in NEEDED_DETAILS]
    if all(given):
        return str(SectionStatus.DONE.value)
    return str((SectionStatus.IN_PROGRESS if any(given) else SectionStatus.NOT_STARTED).value)


def facts_status(context: AssessmentContext, facts: FactsState) -> str:
    """How far the facts are: done when no duty waits for one that was not asked."""
    opened = context.opened
    left = len(facts.to_ask) + len(get_unconfirmed_facts(context))
    if not left:
        return str(SectionStatus.DONE.value)
    if not (opened.facts or opened.gates):
        return str(SectionStatus.NOT_STARTED.value)
    return f"{left} left" if left > 1 else "1 left"


def count_colleague_answers(context: AssessmentContext) -> int:
    if context.opened.submitted or not may_here("delegation.manage"):
        return 0
    return sum(count_answers_by_delegation(request_session(), context.id).values())


def facts_address(context: AssessmentContext) -> str:
    """The gates first; once they or any fact were answered, the facts."""
    unconfirmed = context.opened.unconfirmed.get(
        FormPart.GATE
    )  # a gate that was taken over is confirmed on its own page
    started = (context.opened.facts or context.opened.gates) and not unconfirmed
    return url_for("answers.answer_fact_page" if started else "answers.answer_gates", assessment_id=context.id)


def _section_row(context: AssessmentContext, part: SectionProgress) -> dict[str, str | None]:
    pages = [page for page in context.progress.pages if page.section == part.section and context.progress.shows(page)]
    missing = set(context.progress.visibility.missing)
    unfinished = (page for page in pages if missing.intersection(question.id for question in page.questions))
    page = next(unfinished, next(iter(pages), None))
    left = f"{counted(part.questions_left + part.pending, 'question')} left"
    if part.pending:
        left = f"Up to {left}"
    reworded = (
        {question.id for question in part.section.questions}
        & context.opened.reworded
        & set(context.progress.to_confirm)
    )
    if reworded:
        left += f", {len(reworded)} of them to look at again: the question changed"
    return {
        "href": page_address(context, page) if page else None,
        "title": part.section.title,
        "status": part.status.value,
        "hint": left if part.questions_left else None,
    }


_MAY_SEE_PLANS = frozenset({Relation.MANAGER, Relation.RESPONDENT, Relation.SIGNER})


@dataclass(frozen=True, slots=True)
class OwnershipInfo:
    """The organisation and the site by their names, None where there is none.

    `plans`: the organisation whose list of plans the visitor may open.
    """

    organisation: str | None
    site: str | None
    plans: uuid.UUID | None

    @property
    def kept(self) -> bool:
        return self.organisation is not None


def get_ownership_info(context: AssessmentContext) -> OwnershipInfo:
    """What stands around this assessment, for the person who opened it. The name of an organisation is shown to its members alone."""
    found = (
        request_session()
        .execute(
            select(Organisation.id, Organisation.name, Site.name)
            .join(Assessment, Assessment.organisation_id == Organisation.id)
            .outerjoin(Site, Site.id == Assessment.site_id)
            .where(Assessment.id == context.id)
        )
        .first()
    )
    if found is None:
        return OwnershipInfo(None, None, None)
    organisation_id, name, site = found
    return OwnershipInfo(name, site, organisation_id if context.relations & _MAY_SEE_PLANS else None)
