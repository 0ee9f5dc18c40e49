"""Pages to delegate a part and decide about returned answers, and the pages of the colleague, which show nothing that others have answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments import delegation as delegation_service
from assess.assessments.access import AssessmentContext, mark_used, mark_used_and_commit, open_assessment, texts_today
from assess.assessments.comments import comments_for_delegates
from assess.assessments.forms import PostedSection, integer_in, read_section_form
from assess.assessments.guest_sessions import end_guest_session as leave_visit
from assess.assessments.guest_sessions import mark_delegation_used, open_delegation
from assess.assessments.links import LONGEST_NOTE
from assess.assessments.models import DelegatedAnswer, Delegation, DelegationEvent, FormPart
from assess.assessments.personal_data.services import (
    FreeTextForm,
    PersonalDataWarning,
    check_personal_data,
    hold_back_personal_data,
    read_ticks,
)
from assess.assessments.queries import is_shown
from assess.assessments.question_parts import ShownQuestion, error_summary_rows, question_html, question_texts
from assess.assessments.services import AlreadySubmittedError, EditionChangedError
from assess.assessments.unlikely_numbers import ask_back_unlikely_numbers
from assess.assessments.views_resume_links import new_link_page
from assess.core import clock
from assess.core.application import absolute_url
from assess.core.audit.requests import add_audit_detail, set_audit_subject, set_audit_verb
from assess.core.clock import uk_date
from assess.core.db import commit_request, database, request_session, roll_back_request
from assess.core.forms.fields import NOTHING_WRITTEN, ChoiceField, ParagraphField, TextField
from assess.core.forms.form import is_ticked, read_fields, sent_form
from assess.core.links import LinkUnknownError, link_works
from assess.core.pages import PageResponse
from assess.core.rate_limits import OPEN_LINK_LIMIT, SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.core.security import clear_guest_cookie, guest_session_token, set_guest_cookie
from assess.engine.bank import Question, Section
from assess.engine.question_types import answer_text
from assess.question_banks.question_types import FormAnswer, form_answer_from_stored

NO_REVISION = 0
"""A form of hers carries no revision: how often an answer was changed before would tell that there is one."""


def render_part_page(
    given: delegation_service.DelegatedPart,
    posted: PostedSection | None = None,
    *,
    not_saved: bool = False,
    moved: bool = False,
    warnings: Sequence[PersonalDataWarning] = (),
) -> str:
    """Her page. `posted` is what she has just sent, where it has a fault or could not be saved (`not_saved`).

    `moved`: it was not saved because the questions are others by now.

    `warnings` are of her texts that may hold a worker's details.
    """
    wanted = [
        question
        for question in given.questions
        if question in given.shown
        or (posted is not None and question.id in posted.typed and _is_wanted(posted, question, not_saved))
    ]
    texts = texts_today()
    shown = [_shown_question(given, question, posted, not_saved=not_saved) for question in wanted]
    errors = error_summary_rows(shown, texts) if posted is not None and posted.errors else []
    delegation = given.delegation
    return render_template(
        "assessments/delegated_part.html",
        id=delegation.id,
        title=given.title,
        alone=delegation.question is not None,
        questions=[question_html(one, texts) for one in shown],
        tables=any(question.type == "table" for question in wanted),
        errors=errors,
        not_saved=not_saved,
        moved=moved,
        edition_id=given.edition_id,
        closed=given.closed,
        saved="saved" in request.args and posted is None,
        left=sum(question.id not in given.colleague_answers for question in given.shown),
        done=delegation.done_at is not None,
        sent_back=delegation.sent_back_at is not None,
        asked=delegation.asked[: delegation_service.LONGEST_CHANGE_REQUEST],
        comments=_comments(given, wanted),
        warnings=warnings,
        ticks=sorted(read_ticks(sent_form())) if posted is not None else [],
        until=uk_date(delegation.until),
    )


def _is_wanted(posted: PostedSection, question: Question, not_saved: bool) -> bool:  # noqa: FBT001  # only this page asks
    return not_saved or question.id in posted.errors


def _shown_question(
    given: delegation_service.DelegatedPart, question: Question, posted: PostedSection | None, *, not_saved: bool
) -> ShownQuestion:
    name = question.id
    if posted is not None and name in posted.typed and _is_wanted(posted, question, not_saved):
        return ShownQuestion(question, NO_REVISION, typed=posted.typed[name], errors=posted.errors.get(name, ()))
    row = given.colleague_answers.get(name)
    value, proof = (row.value, row.proof) if row is not None else (None, False)
    if question.type == "table" and value and request.args.get("add") == name:
        typed = form_answer_from_stored(question, value, proof=proof)
        return ShownQuestion(question, NO_REVISION, typed=FormAnswer(rows=(*typed.rows, {}), proof=proof))
    return ShownQuestion(question, NO_REVISION, value, proof)


def _comments(given: delegation_service.DelegatedPart, questions: Sequence[Question]) -> list[tuple[str, str]]:
    """What was written for her on the questions of a section: the question and the words. Never beside one that stands alone."""
    if given.delegation.question is not None:
        return []
    asks = {question.id: question_texts(question, texts_today()).ask for question in questions}
    with database().reading() as session:
        found = comments_for_delegates(session, given.delegation.assessment_id, asks)
    return [(asks[comment.question], comment.words) for comment in found]


blueprint = Blueprint("delegation", __name__)


@blueprint.get("/assessments/<uuid:assessment_id>/delegation")
@requires("delegation.manage", load=open_assessment)
def show_delegations(context: AssessmentContext) -> str:
    now = clock.now()
    with database().reading() as session:
        made = delegation_service.get_delegations(session, context.id)
        came_in = delegation_service.count_answers_by_delegation(session, context.id)
        offers = len(delegation_service.get_offers(session, context.id))
    return render_template(
        "assessments/delegations.html",
        id=context.id,
        submitted=context.opened.submitted,
        parts=_delegable_sections(context),
        made=[
            (
                one,
                delegation_title(context, one),
                delegation_service.delegation_status(one, now).value,
                came_in.get(one.id, 0),
            )
            for one in made
        ],
        offers=offers,
    )


@blueprint.route("/assessments/<uuid:assessment_id>/delegation/section/<section_id>", methods=["GET", "POST"])
@audited("given")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("delegation.manage", load=open_assessment)
def delegate_section(context: AssessmentContext, section_id: str) -> str | tuple[str, int]:
    if request.method != "POST":
        return _section_page(context, context.section_or_404(section_id), FreeTextForm({"note": ""}))
    section = context.section_or_404(section_id)
    if delegation_service.delegable_part(context.full_edition, context.asked_edition, section.id, None) is None:
        abort(404)
    form = check_personal_data(read_fields(note=TextField(LONGEST_NOTE)), {"note": "Whom is it for?"}, sent_form())
    if form.errors:
        return _section_page(context, section, form), 422
    wanted = delegation_service.NewDelegation(section.id, None, form["note"], _chosen_days())
    return _new_link_page(context, wanted) or (_section_page(context, section, form, too_many=True), 422)


@blueprint.route("/assessments/<uuid:assessment_id>/delegation/question/<question_id>", methods=["GET", "POST"])
@audited("given")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("delegation.manage", load=open_assessment)
def delegate_question(context: AssessmentContext, question_id: str) -> str | tuple[str, int]:
    if request.method != "POST":
        return _question_page(context, *_question_or_404(context, question_id))
    section, question = _question_or_404(context, question_id)
    if not is_ticked("sure"):
        return _question_page(
            context, section, question, error="Tick the box to say that this person may know what is asked."
        ), 422
    wanted = delegation_service.NewDelegation(section.id, question.id, "", _chosen_days())
    return _new_link_page(context, wanted) or (_question_page(context, section, question, too_many=True), 422)


@blueprint.get("/assessments/<uuid:assessment_id>/delegation/<uuid:delegation_id>")
@requires("delegation.manage", load=open_assessment)
def show_delegation(context: AssessmentContext, delegation_id: uuid.UUID) -> str:
    return _delegation_page(context, _get_delegation(context, delegation_id), FreeTextForm({"words": ""}))


@blueprint.post("/assessments/<uuid:assessment_id>/delegation/<uuid:delegation_id>/send-back")
@audited("sent back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("delegation.manage", load=open_assessment)
def send_back(context: AssessmentContext, delegation_id: uuid.UUID) -> Response | tuple[str, int]:
    one = _get_delegation(context, delegation_id)
    form = FreeTextForm({}, {"words": ""})
    if one.question is None:
        sent = read_fields(words=ParagraphField(delegation_service.LONGEST_CHANGE_REQUEST, required=NOTHING_WRITTEN))
        form = check_personal_data(sent, {"words": "What should be changed?"}, sent_form())
    if form.errors:
        return _delegation_page(context, one, form), 422
    try:
        delegation_service.send_back_delegation(request_session(), context.id, one.id, form["words"], clock.now())
    except LinkUnknownError:  # its time was up, or it was ended meanwhile: the page says so
        return redirect(_delegation_address(context, one.id), 303)
    mark_used(context)
    return redirect(_delegation_address(context, one.id), 303)


@blueprint.post("/assessments/<uuid:assessment_id>/delegation/<uuid:delegation_id>/end")
@audited("ended")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("delegation.manage", load=open_assessment)
def end_delegation_link(context: AssessmentContext, delegation_id: uuid.UUID) -> Response:
    delegation_service.end_delegation(request_session(), context.id, delegation_id, clock.now())
    mark_used(context)
    return redirect(_delegation_address(context, delegation_id), 303)


def delegation_title(context: AssessmentContext, one: Delegation) -> str:
    section = next((part for part in context.full_edition.sections if part.id == one.section), None)
    if section is None:
        return "A part"
    if one.question is None:
        return section.title
    question = next((question for question in section.questions if question.id == one.question), None)
    return "One question" if question is None else f"One question: {question_texts(question, texts_today()).ask}"


def _chosen_days() -> int:
    chosen: int | None = read_fields(days=ChoiceField(delegation_service.LINK_DAYS)).values.get("days")
    return chosen or delegation_service.DEFAULT_LINK_DAYS


def _delegation_address(context: AssessmentContext, delegation_id: uuid.UUID) -> str:
    return url_for("delegation.show_delegation", assessment_id=context.id, delegation_id=delegation_id)


def _delegable_sections(context: AssessmentContext) -> list[tuple[str, str, int, int]]:
    """The sections shown now: id, title, how many of their questions go with them and how many only by themselves."""
    answers = context.progress.visibility.answers
    rows = []
    for section in context.asked_edition.sections:
        shown = [question for question in section.questions if is_shown(answers, question.id)]
        together = [
            question
            for question in delegation_service.questions_delegated_with_section(context.full_edition, section)
            if question in shown
        ]
        alone = [
            question for question in shown if delegation_service.is_delegated_alone(context.full_edition, question)
        ]
        if together or alone:
            rows.append((section.id, section.title, len(together), len(alone)))
    return rows


def _question_or_404(context: AssessmentContext, question_id: str) -> tuple[Section, Question]:
    answers = context.progress.visibility.answers
    found = (
        (section, question)
        for section in context.asked_edition.sections
        for question in section.questions
        if question.id == question_id
        and delegation_service.is_delegated_alone(context.full_edition, question)
        and is_shown(answers, question.id)
    )
    return next(found, None) or abort(404)


def _get_delegation(context: AssessmentContext, delegation_id: uuid.UUID) -> Delegation:
    with database().reading() as session:
        return delegation_service.get_delegation(session, context.id, delegation_id)


def _new_link_page(context: AssessmentContext, wanted: delegation_service.NewDelegation) -> str | None:
    try:
        link = delegation_service.create_delegation(request_session(), context.id, wanted, clock.now())
    except delegation_service.TooManyDelegationsError:
        return None
    set_audit_subject("delegation", link.id)
    add_audit_detail("days", wanted.days)
    mark_used_and_commit(context)
    address = absolute_url(current_app, url_for("delegation.show_delegation_link", token=link.token))
    return new_link_page(
        "assessments/delegation_new_link.html",
        context,
        address,
        "A few questions for you",
        link=link.id,
        days=wanted.days,
    )


def _texts_by_question(questions: list[Question]) -> list[tuple[str, str]]:
    texts = texts_today()
    return [(question.id, question_texts(question, texts).ask) for question in questions]


def _section_page(
    context: AssessmentContext,
    section: Section,
    form: FreeTextForm,
    *,
    too_many: bool = False,
) -> str:
    answers = context.progress.visibility.answers
    shown = [question for question in section.questions if is_shown(answers, question.id)]
    ordinary = delegation_service.questions_delegated_with_section(context.full_edition, section)
    return render_template(
        "assessments/delegation_section.html",
        id=context.id,
        section=section,
        together=_texts_by_question([question for question in shown if question in ordinary]),
        alone=_texts_by_question(
            [question for question in shown if delegation_service.is_delegated_alone(context.full_edition, question)]
        ),
        submitted=context.opened.submitted,
        days=delegation_service.LINK_DAYS,
        usual=delegation_service.DEFAULT_LINK_DAYS,
        too_many=too_many,
        form=form,
    )


def _question_page(
    context: AssessmentContext,
    section: Section,
    question: Question,
    *,
    error: str | None = None,
    too_many: bool = False,
) -> str:
    return render_template(
        "assessments/delegation_question.html",
        id=context.id,
        section=section,
        ask=question_texts(question, texts_today()).ask,
        submitted=context.opened.submitted,
        days=delegation_service.LINK_DAYS,
        usual=delegation_service.DEFAULT_LINK_DAYS,
        error=error,
        too_many=too_many,
    )


def _delegation_page(
    context: AssessmentContext,
    one: Delegation,
    form: FreeTextForm,
) -> str:
    now = clock.now()
    with database().reading() as session:
        history = delegation_service.get_delegation_events(session, DelegationEvent.delegation_id == one.id)
        answers = delegation_service.get_colleague_answers(session, one.id)
        offers = sum(whose.id == one.id for whose, _ in delegation_service.get_offers(session, context.id))
    return render_template(
        "assessments/delegation.html",
        id=context.id,
        one=one,
        title=delegation_title(context, one),
        status=delegation_service.delegation_status(one, now).value,
        works=link_works(one, now),
        until=uk_date(one.until),
        history=[(event, uk_date(event.at)) for event in history],
        offers=offers,
        answers=delegation_service.present_colleague_answers(context, answers),
        submitted=context.opened.submitted,
        longest=delegation_service.LONGEST_CHANGE_REQUEST,
        form=form,
    )


PART_RULE = "/delegated/<uuid:delegation_id>"


@blueprint.get("/d/<token>")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def show_delegation_link(token: str) -> str:
    """What the link is for, who reads the answers, and a button. A preview of it opens nothing."""
    with database().reading() as session:
        found = delegation_service.find_delegation(session, token, clock.now())
    return render_template(
        "assessments/delegation_link.html", until=uk_date(found.until), alone=found.question is not None
    )


@blueprint.post("/d/<token>")
@audited("opened")
@rate_limited(OPEN_LINK_LIMIT)
@requires("link.open")
def open_delegation_link(token: str) -> Response:
    found = delegation_service.mark_delegation_opened(request_session(), token, clock.now())
    set_audit_subject("assessment", found.assessment_id)
    set_audit_subject("delegation", found.id)
    fresh = open_delegation(request_session(), found, clock.now(), token=guest_session_token())
    return set_guest_cookie(
        make_response(redirect(url_for("delegation.answer_delegated_part", delegation_id=found.id), 303)), fresh
    )


@blueprint.route(PART_RULE, methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("delegation.answer", load=delegation_service.load_delegated_part)
def answer_delegated_part(part: delegation_service.DelegatedPart, delegation_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return render_part_page(part)
    posted = read_section_form(sent_form(), part.questions)
    colleague_answers = {question: row.value for question, row in part.colleague_answers.items()}
    ask_back_unlikely_numbers(posted, part.questions, colleague_answers)
    warnings = hold_back_personal_data(posted, part.questions, colleague_answers, read_ticks(sent_form()))
    now = clock.now()
    delegation = delegation_service.get_working_delegation(request_session(), delegation_id, now) or abort(404)
    form_edition_id = integer_in(sent_form(), "edition") or part.edition_id
    try:
        delegation_service.save_colleague_answers(
            request_session(), delegation, posted.changes, posted.proof_noted, now, edition_id=form_edition_id
        )
        if is_ticked("done") and not posted.errors:
            delegation_service.mark_done(request_session(), delegation_id, now)
            set_audit_verb("finished")
    except AlreadySubmittedError:
        roll_back_request()
        return render_part_page(delegation_service.load_delegated_part(delegation_id), posted, not_saved=True), 409
    except EditionChangedError:
        roll_back_request()
        return render_part_page(
            delegation_service.load_delegated_part(delegation_id), posted, not_saved=True, moved=True
        ), 409
    mark_delegation_used(request_session(), guest_session_token(), delegation_id, now)
    commit_request()
    if posted.errors:
        return render_part_page(delegation_service.load_delegated_part(delegation_id), posted, warnings=warnings), 422
    return redirect(_next_address(part, delegation_service.load_delegated_part(delegation_id), posted), 303)


@blueprint.post(f"{PART_RULE}/not-done")
@audited("taken back")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("delegation.answer", check=delegation_service.load_delegated_part)
def undo_done(delegation_id: uuid.UUID) -> Response:
    delegation_service.unmark_done(request_session(), delegation_id, clock.now())
    mark_delegation_used(request_session(), guest_session_token(), delegation_id, clock.now())
    return redirect(url_for("delegation.answer_delegated_part", delegation_id=delegation_id), 303)


@blueprint.post(f"{PART_RULE}/leave")
@audited("left")
@requires("delegation.answer", check=delegation_service.load_delegated_part)
def leave_delegated_part() -> Response:
    """End the guest session of this browser. Nothing is deleted."""
    leave_visit(request_session(), guest_session_token())
    return clear_guest_cookie(make_response(redirect(url_for("resume_links.show_goodbye"), 303)))


def _next_address(
    before: delegation_service.DelegatedPart, after: delegation_service.DelegatedPart, posted: PostedSection
) -> str:
    here = after.delegation.id
    added = sent_form().get("add", "")
    answer = after.colleague_answers.get(added)
    rows = answer.value if answer is not None else []
    if added in posted.questions and isinstance(rows, list):  # only a table has rows, whatever the button says
        return url_for(
            "delegation.answer_delegated_part", delegation_id=here, add=added, _anchor=f"{added}-row-{len(rows)}"
        )
    removed = sent_form().get("remove", "").partition(".")[0]
    if removed in posted.questions:
        return url_for("delegation.answer_delegated_part", delegation_id=here, _anchor=f"{removed}--group")
    new = [one.id for one in after.shown if one not in before.shown and one.id not in after.colleague_answers]
    return url_for(
        "delegation.answer_delegated_part",
        delegation_id=here,
        saved="yes",
        _anchor=f"{new[0]}--group" if new else "notice",
    )


TAKE, LEAVE = "theirs", "ours"
ANSWER_PART = FormPart.ANSWER.value


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One question with both answers in words. `name` begins the fields of it in the form."""

    name: str
    ask: str
    ours: Sequence[str]
    theirs: Sequence[str]
    whose: str
    on: object
    against: int


@blueprint.route("/assessments/<uuid:assessment_id>/delegation/answers", methods=["GET", "POST"])
@audited("decided")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("delegation.manage", load=open_assessment)
def decide_offers(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _offers_page(context)
    decisions = _read_decisions(context)
    try:
        since = delegation_service.apply_offer_decisions(request_session(), context.id, decisions, clock.now())
    except AlreadySubmittedError:
        roll_back_request()
        return _offers_page(open_assessment(assessment_id), closed=True), 409
    mark_used_and_commit(context)
    if since:
        return _offers_page(open_assessment(assessment_id), changed_since=True), 409
    if not decisions:
        return _offers_page(context, nothing=True), 422
    return redirect(url_for("delegation.show_delegations", assessment_id=context.id), 303)


def _read_decisions(context: AssessmentContext) -> list[delegation_service.OfferDecision]:
    with database().reading() as session:
        offers = delegation_service.get_offers(session, context.id)
    found = []
    for delegation, answer in offers:
        name = _offer_name(delegation, answer)
        picked = sent_form().get(f"{name}.pick", "")
        if picked in {TAKE, LEAVE}:
            against = integer_in(sent_form(), f"{name}.against")
            found.append(delegation_service.OfferDecision(delegation.id, answer.question, picked == TAKE, against))
    return found


def _offer_name(delegation: Delegation, answer: DelegatedAnswer) -> str:
    return f"{answer.question}-{delegation.id.hex}"


def _offers_page(
    context: AssessmentContext, *, closed: bool = False, changed_since: bool = False, nothing: bool = False
) -> str:
    with database().reading() as session:
        found = delegation_service.get_offers(session, context.id)
    questions = {question.id: question for question in context.full_edition.questions()}
    offers = [
        _offer_row(context, delegation, answer, questions[answer.question])
        for delegation, answer in found
        if answer.question in questions
    ]
    return render_template(
        "assessments/delegation_offers.html",
        id=context.id,
        offers=offers,
        submitted=context.opened.submitted,
        closed=closed,
        changed_since=changed_since,
        nothing=nothing and bool(offers),
    )


def _offer_row(
    context: AssessmentContext, delegation: Delegation, answer: DelegatedAnswer, question: Question
) -> OfferRow:
    return OfferRow(
        name=_offer_name(delegation, answer),
        ask=question_texts(question, texts_today()).ask,
        ours=_answer_lines(question, context.opened.values_by_part[ANSWER_PART].get(question.id)),
        theirs=_answer_lines(question, answer.value),
        whose=delegation.note,
        on=uk_date(answer.changed_at),
        against=context.opened.revisions[ANSWER_PART].get(question.id, 0),
    )


def _answer_lines(question: Question, value: object) -> list[str]:
    said = answer_text(question, cast("str | None", value))
    return said if isinstance(said, list) else [said]
