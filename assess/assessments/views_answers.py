"""Pages on which a business answers: questions, its own details, gates and facts; and the page for two conflicting changes of one answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.assessments.access import (
    AssessmentContext,
    areas,
    mark_used_and_commit,
    may_here,
    open_assessment,
    texts_today,
)
from assess.assessments.answer_pages import AnswerPage
from assess.assessments.assisted_completion import assistance_notice
from assess.assessments.facts import (
    FACTS_PER_PAGE,
    NOT_SURE_TEXT,
    STORED_GATES,
    GateName,
    fact_as_question,
    fact_from_answer,
    fact_to_answer,
    gate_question,
    get_facts_state,
    stored_fact_text,
)
from assess.assessments.forms import BusinessNameField, PostedSection, integer_in, read_section_form
from assess.assessments.links import resume_links
from assess.assessments.models import FormPart
from assess.assessments.personal_data.services import PersonalDataWarning, hold_back_personal_data, read_ticks
from assess.assessments.queries import OpenedAssessment, answer_at_revision, is_shown
from assess.assessments.question_parts import (
    CONFIRM_COPIED_ANSWER,
    QUESTION_CHANGED,
    PageFrame,
    ShownQuestion,
    error_summary_rows,
    placeholder,
    question_html,
    rendered_parts,
)
from assess.assessments.services import (
    AlreadySubmittedError,
    AnswerConflict,
    BusinessDetail,
    EditionChangedError,
    save_answers,
    save_business_details,
    save_evidence,
    save_facts,
    save_gates,
)
from assess.assessments.submissions import reopen_assessment
from assess.assessments.unlikely_numbers import ask_back_unlikely_numbers
from assess.core import clock
from assess.core.audit.requests import add_audit_detail
from assess.core.db import database, request_session, roll_back_request
from assess.core.forms.fields import ChoiceField, CompanyNumberField, PostcodeField
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse, template_macros
from assess.core.rate_limits import CORRECT, SAVE_LIMIT, by_session_or_address, enforce_expensive_limits, rate_limited
from assess.core.route_permissions import audited, requires
from assess.core.security import cached_csrf_token
from assess.engine.bank import Fact, Question
from assess.engine.facts import FactValue
from assess.engine.in_words import fill_placeholders
from assess.engine.question_types import answer_text
from assess.question_banks.question_types import FormAnswer, form_answer_from_stored, hidden_fields

ANSWER, EVIDENCE = FormPart.ANSWER.value, FormPart.EVIDENCE.value
_REOPEN_FIELD = "reopen"

blueprint = Blueprint("answers", __name__, url_prefix="/assessments/<uuid:assessment_id>")


@blueprint.route("/sections/<section_id>", methods=["GET", "POST"])
@blueprint.route("/sections/<section_id>/<int:section_page>", methods=["GET", "POST"])
@blueprint.route("/questions/<int:number>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def answer_page(
    context: AssessmentContext, assessment_id: uuid.UUID, section_id: str = "", section_page: int = 1, number: int = 0
) -> ResponseReturnValue:
    """A page of questions: of a section, and in a quick check across sections."""
    if request.method != "POST":
        page = _wanted_page(context, section_id, section_page, number)
        return _redirect_to_shown_page(context, page) or _questions_page(context, page, context.opened)
    form_edition_id = integer_in(sent_form(), "edition") or context.opened.edition_id
    questions, posted = context.asked_edition.questions(), _read_form(context)
    page = _posted_page(context, posted) or _wanted_page(context, section_id, section_page, number)
    if form_edition_id != context.opened.edition_id:
        return _edition_changed_meanwhile(context, page)
    ask_back_unlikely_numbers(posted, questions, context.opened.answers)
    warnings = hold_back_personal_data(posted, questions, context.opened.answers, read_ticks(sent_form()))
    now = clock.now()
    reopen_if_asked(context)
    try:
        saved = save_answers(
            request_session(), context.id, posted.changes, posted.seen, now, edition_id=form_edition_id
        )
        save_evidence(request_session(), context.id, posted.proof_noted, posted.proof_asked, now)
        details = save_sent_name_and_area(context, needed=sent_form().get("go") != "back")
    except AlreadySubmittedError:
        roll_back_request()
        return _closed_meanwhile(open_assessment(assessment_id), page, posted)
    except EditionChangedError:
        roll_back_request()
        return _edition_changed_meanwhile(open_assessment(assessment_id), page)
    add_audit_detail("answers", len(saved.saved))
    conflicts = real_conflicts(request_session(), context.id, FormPart.ANSWER, saved.conflicts, posted.seen)
    mark_used_and_commit(context)
    if conflicts:
        back = "check" if _from_check() else None
        return _conflict_page(conflicts, questions, _answer_lines, posted, back=back), 409
    fresh = open_assessment(assessment_id)
    if posted.errors or details.errors:
        return _questions_page(fresh, page, fresh.opened, posted, warnings=warnings, details=details), 422
    if sent_form().get("go") == "link":  # 307: the same form goes on to the page that makes a link
        return redirect(url_for("resume_links.add_resume_link", assessment_id=assessment_id), 307)
    return redirect(_next_address(fresh, page, posted, saved.saved), 303)


def _wanted_page(context: AssessmentContext, section_id: str, section_page: int, number: int) -> AnswerPage:
    """The page at this address; of one that only the other length of the form has, the page that stands for it here."""
    pages = context.progress.pages
    if number:
        found = [page for page in pages if page.number == number]
    elif context.opened.quick:
        wanted = {question.id for question in context.section_or_404(section_id).questions}
        found = [page for page in pages if any(question.id in wanted for question in page.questions)]
    else:
        parts = [page for page in pages if page.section and page.section.id == section_id]
        found = [page for page in parts if page.part == section_page] or parts[-1:]
    return next(iter(found), None) or abort(404)


def _redirect_to_shown_page(context: AssessmentContext, page: AnswerPage) -> Response | None:
    shown = None if context.opened.submitted else _shown_page(context, page)
    if shown is None:
        return redirect_to_tasks(context)
    if page_address(context, shown) == request.path:
        return None
    return redirect(page_address(context, shown, back="check" if _from_check() else None), 303)


def _shown_page(context: AssessmentContext, page: AnswerPage) -> AnswerPage | None:
    """The page itself; where no question of it is asked any more, the one before in its section, or else the next."""
    progress = context.progress
    asks_name = context.opened.quick and page == progress.open_pages[-1]
    if asks_name or progress.shows(page):
        return page
    before = progress.page_before(page)
    same_section = before is not None and before.section == page.section
    return before if same_section else progress.page_after(page)


def _posted_page(context: AssessmentContext, posted: PostedSection) -> AnswerPage | None:
    """The page as it is now of the questions that were sent, wherever they stood when it was opened."""
    sent = set(posted.questions)
    return next((page for page in context.progress.pages if any(one.id in sent for one in page.questions)), None)


def _read_form(context: AssessmentContext) -> PostedSection:
    return read_section_form(sent_form(), context.asked_edition.questions(), asks_proof=not context.opened.quick)


def _closed_meanwhile(context: AssessmentContext, page: AnswerPage, posted: PostedSection) -> ResponseReturnValue:
    """The page again with what was typed, where it says anything new; nothing of it is saved, and the page says so."""
    values = context.opened.values_by_part
    noted = {name for name in posted.proof_asked if name in values[EVIDENCE]}
    same = all(values[ANSWER].get(name) == value for name, value in posted.changes.items())
    if same and noted == posted.proof_noted and not posted.errors:
        return redirect_to_tasks(context)
    return _questions_page(context, page, context.opened, posted, closed=True), 409


def _edition_changed_meanwhile(context: AssessmentContext, page: AnswerPage) -> ResponseReturnValue:
    """The page with the questions of now and what was typed to those of before: nothing is saved before the person has seen both."""
    if context.opened.submitted:
        return redirect_to_tasks(context)
    posted = _read_form(context)
    now = _posted_page(context, posted) or next(
        (one for one in context.progress.pages if one.section and page.section and one.section.id == page.section.id),
        None,
    )
    if now is None:
        return redirect_to_tasks(context)
    return _questions_page(context, now, context.opened, posted, moved=True), 409


def reopen_if_asked(context: AssessmentContext) -> None:
    """Open the answers for correction, where the form of a page that could not be saved says so. Counting comes before all else."""
    if context.opened.submitted and sent_form().get(_REOPEN_FIELD) == "yes":
        enforce_expensive_limits(CORRECT, context.id)
        reopen_assessment(request_session(), context.id, clock.now())


def redirect_to_tasks(context: AssessmentContext) -> Response:
    return redirect(url_for("assessments.show_tasks", assessment_id=context.id), 303)


def page_address(
    context: AssessmentContext,
    page: AnswerPage,
    *,
    back: str | None = None,
    add: str | None = None,
    anchor: str | None = None,
) -> str:
    """Where a page of questions is: by its number in a quick check, and in a full assessment by its section."""
    section, part = page.section, page.part if page.part > 1 else None
    return url_for(
        "answers.answer_page",
        assessment_id=context.id,
        number=None if section else page.number,
        section_id=section.id if section else None,
        section_page=part if section else None,
        back=back,
        add=add,
        _anchor=anchor,
    )


def address_to_go_on(context: AssessmentContext) -> str | None:
    """The page of the first open question; then in a quick check that of name and area, and at last the check page. None: a full list."""
    page = context.progress.first_unfinished_page
    if page is None and context.opened.quick and lacks_name_or_area(context):
        page = context.progress.open_pages[-1]
    if page is not None:
        return page_address(context, page)
    return url_for("submission.show_check", assessment_id=context.id) if context.opened.quick else None


def _next_address(context: AssessmentContext, page: AnswerPage, posted: PostedSection, saved: Sequence[str]) -> str:
    opened = context.opened
    back = "check" if _from_check() else None
    added = sent_form().get("add", "")
    rows = opened.answers.get(added, [])
    if added in posted.questions and isinstance(rows, list):  # only a table has rows, whatever the button says
        return page_address(context, page, add=added, back=back, anchor=f"{added}-row-{len(rows)}")
    removed = sent_form().get("remove", "").partition(".")[0]
    if removed in posted.questions:
        return page_address(context, page, back=back, anchor=f"{removed}--group")
    if back:
        row = next(iter(saved), page.questions[0].id)
        return url_for("submission.show_check", assessment_id=context.id, _anchor=row)
    if sent_form().get("go") == "back":
        before = context.progress.page_before(page)
        overview = "assessments.show_overview" if opened.quick else "assessments.show_tasks"
        return page_address(context, before) if before else url_for(overview, assessment_id=context.id)
    following = context.progress.page_after(page)
    if following is not None:
        return page_address(context, following)
    done = opened.quick or not context.progress.questions_left
    return url_for("submission.show_check" if done else "assessments.show_tasks", assessment_id=context.id)


def _from_check() -> bool:
    sent = sent_form() if request.method == "POST" else request.args if request.query_string else {}
    return sent.get("back") == "check"


def _questions_page(
    context: AssessmentContext,
    page: AnswerPage,
    opened: OpenedAssessment,
    posted: PostedSection | None = None,
    *,
    closed: bool = False,
    moved: bool = False,
    warnings: Sequence[PersonalDataWarning] = (),
    details: SentDetails | None = None,
) -> bytes:
    unsaved = closed or moved
    progress = context.progress
    answers = progress.visibility.answers
    shown = [
        _shown_question(question, opened, posted, unsaved=unsaved)
        for question in page.questions
        if is_shown(answers, question.id) or (posted is not None and unsaved and question.id in posted.questions)
    ]
    errors = error_summary_rows(shown, texts_today()) if posted is not None and posted.errors else []
    errors += list(details.errors.items()) if details else []
    notices = (
        template_macros("assessments/_section_notices.html").section_notices(
            errors, closed, moved, url_for("assessments.show_tasks", assessment_id=context.id)
        )
        if errors or unsaved
        else ""
    )
    rendered = rendered_parts(opened.content_version)
    from_check, may_leave = _from_check(), may_here("visit.leave")
    frame = rendered.frames.get(
        (opened.edition_id, opened.quick, page.number, from_check, closed, bool(errors), may_leave),
        lambda: PageFrame(
            render_template(
                "assessments/questions_page.html",
                page=page,
                edition_id=opened.edition_id,
                title=context.full_edition.title,
                from_check=from_check,
                closed=closed,
                has_errors=bool(errors),
                may_leave=may_leave,
                slot=placeholder,
            )
        ),
    )
    asks_name = opened.quick and progress.open_pages[-1:] == [page]
    personal = {
        "place": progress.place_by_page.get(page.number, ""),
        "address": f"{request.path}?back=check" if from_check else request.path,
        "token": cached_csrf_token(),
        "notices": notices,
        "assisted": assistance_notice(),
        "warning": _personal_data_warning(warnings) if posted is not None else "",
        "name_and_area": name_and_area_fields(context, details) if asks_name else "",
        "way_back": "" if unsaved or from_check else _way_back_panel(context, page),
    }
    parts = [rendered.question_html(opened.edition_id, one) for one in shown]
    return frame.fill({name: escape(html).encode() for name, html in personal.items()} | {"questions": b"".join(parts)})


def _way_back_panel(context: AssessmentContext, page: AnswerPage) -> str:
    """On the second page, of a full assessment on that after the first section: there is something to come back to by now."""
    pages = context.progress.open_pages
    later = (one for one in pages[1:] if one.section is None or one.section != pages[0].section)
    if next(later, None) != page or not may_here("assessment.links") or context.opened.organisation_id is not None:
        return ""
    with database().reading() as session:
        if resume_links(session, context.id):
            return ""
    html: str = template_macros("assessments/_keep_a_way_back.html").keep_a_way_back(page_address(context, page))
    return html


def _personal_data_warning(warnings: Sequence[PersonalDataWarning]) -> str:
    macros = template_macros("assessments/_personal_data_warning.html")
    html: str = macros.personal_data_warning(warnings, sorted(read_ticks(sent_form())))
    return html


def _shown_question(
    question: Question, opened: OpenedAssessment, posted: PostedSection | None, *, unsaved: bool
) -> ShownQuestion:
    name, asks_proof = question.id, not opened.quick
    confirm_reason = (
        QUESTION_CHANGED
        if name in opened.reworded
        else CONFIRM_COPIED_ANSWER
        if name in opened.unconfirmed_answers
        else ""
    )
    revision = opened.revisions[ANSWER].get(name, 0)
    if posted is not None and name in (posted.typed if unsaved else posted.errors):
        # where the question was reworded, the revision that was typed against no longer counts
        seen = posted.seen[name] if unsaved and name not in opened.reworded else revision
        return ShownQuestion(
            question,
            seen,
            typed=posted.typed[name],
            errors=posted.errors.get(name, ()),
            confirm_reason=confirm_reason,
            asks_proof=asks_proof,
        )
    value, proof = opened.values_by_part[ANSWER].get(name), name in opened.values_by_part[EVIDENCE]
    if question.type == "table" and value and request.args.get("add") == name:
        typed = form_answer_from_stored(question, value, proof=proof)
        with_new_row = FormAnswer(rows=(*typed.rows, {}), proof=proof)
        return ShownQuestion(
            question, revision, typed=with_new_row, confirm_reason=confirm_reason, asks_proof=asks_proof
        )
    return ShownQuestion(question, revision, value, proof, confirm_reason=confirm_reason, asks_proof=asks_proof)


def _answer_lines(question: Question, value: object) -> list[str]:
    if value is None:
        return ["No answer"]
    said = answer_text(question, cast("str", value))
    return said if isinstance(said, list) else [said]


BUSINESS_DETAILS: tuple[BusinessDetail, ...] = ("name", "area", "postcode", "company_number")


@blueprint.route("/business", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def edit_business_page(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        return _redirect_if_submitted(context) or _business_page(context, context.opened.organisation, {})
    form = read_fields(
        name=BusinessNameField(required=""),
        area=ChoiceField(areas()),
        postcode=PostcodeField(invalid="Enter a full UK postcode, like NR1 3JU, or leave it out."),
        company_number=CompanyNumberField(
            invalid="Enter the 8 characters of your company number, like 01234567, or leave it out."
        ),
    )
    errors = dict(form.errors)
    changes: dict[BusinessDetail, str | None] = {
        name: form[name] or None for name in BUSINESS_DETAILS if name not in errors and (form[name] or name != "area")
    }  # a radio that sends nothing was never chosen
    try:
        errors |= _save_details(context, changes)
    except AlreadySubmittedError:
        return redirect_to_tasks(context)
    mark_used_and_commit(context)
    if errors:
        return _business_page(open_assessment(assessment_id), form.typed, errors), 422
    return redirect(_after_business_page(context), 303)


def _save_details(context: AssessmentContext, changes: Mapping[BusinessDetail, str | None]) -> dict[str, str]:
    """Save them, and say for which somebody else was first."""
    seen = {str(name): integer_in(sent_form(), f"{name}.seen") for name in changes}
    saved = save_business_details(request_session(), context.id, changes, seen, clock.now())
    errors = {}
    for conflict in real_conflicts(request_session(), context.id, FormPart.ORGANISATION, saved.conflicts, seen):
        theirs = f"to “{conflict.theirs}”" if conflict.theirs else "to nothing"
        errors[conflict.question] = f"This was changed {theirs} meanwhile. Save again to put in yours."
    return errors


NEEDED_DETAILS: Mapping[BusinessDetail, str] = {
    "name": "Enter the name of your business: it stands on the plan.",
    "area": "Choose where it is: that says whom to call.",
}


@dataclass(frozen=True, slots=True)
class SentDetails:
    """Name and area as the foot of a page sent them. `errors` by field; both are empty where the page did not ask."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def lacks_name_or_area(context: AssessmentContext) -> bool:
    return any(name not in context.opened.organisation for name in NEEDED_DETAILS)


def save_sent_name_and_area(context: AssessmentContext, *, needed: bool) -> SentDetails:
    """Save name and area where the page asked for them. `needed`: neither may be empty.

    Raises:
        AlreadySubmittedError
    """
    if "name.seen" not in sent_form():
        return SentDetails()
    form = read_fields(name=BusinessNameField(required=""), area=ChoiceField(areas()))
    given: dict[BusinessDetail, str | None] = {
        name: form[name] for name in NEEDED_DETAILS if name not in form.errors and form[name]
    }
    errors = _save_details(context, given) | dict(form.errors)
    missing: dict[str, str] = {
        name: said for name, said in NEEDED_DETAILS.items() if name not in given and name not in errors
    }
    return SentDetails(form.typed, {**errors, **(missing if needed else {})})


def name_and_area_fields(context: AssessmentContext, details: SentDetails | None, *, hint: bool = True) -> str:
    opened = context.opened
    revisions = opened.revisions[FormPart.ORGANISATION]
    html: str = template_macros("assessments/_name_and_area.html").name_and_area(
        details.typed if details and details.errors else opened.organisation,
        details.errors if details else {},
        {name: revisions.get(name, 0) for name in NEEDED_DETAILS},
        list(areas().items()),
        hint,
    )
    return html


@blueprint.route("/business/gates", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def answer_gates(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    """Save the answers to the gates. "Not sure" takes an earlier answer back, so every fact behind the gate is asked."""
    if request.method != "POST":
        return _redirect_if_submitted(context) or _gates_page(context, None)
    posted = read_section_form(sent_form(), _gate_questions(context))
    changes: dict[GateName, bool | None] = {
        name: None if posted.changes[name] == "dk" else posted.changes[name] == "yes"
        for name in STORED_GATES.values()
        if name in posted.changes
    }
    try:
        saved = save_gates(request_session(), context.id, changes, posted.seen, clock.now())
    except AlreadySubmittedError:
        return redirect_to_tasks(context)
    changed = real_conflicts(request_session(), context.id, FormPart.GATE, saved.conflicts, posted.seen)
    # "Not sure" is stored as no answer, and the page ticks nothing for none: whoever sends it has chosen it
    conflicts = [one for one in saved.conflicts if one in changed or one.yours is None]
    mark_used_and_commit(context)
    if conflicts:
        return _conflict_page(conflicts, _gate_questions(context), _gate_lines, posted), 409
    if posted.errors:
        return _gates_page(open_assessment(assessment_id), posted), 422
    return redirect(url_for("answers.answer_fact_page", assessment_id=context.id), 303)


@blueprint.route("/business/facts", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def answer_fact_page(context: AssessmentContext) -> PageResponse:
    """Save the facts of a page, then ask for the next few. What was left open is passed over this time."""
    if request.method != "POST":
        facts = _next_facts(context, _passed_over(context))
        return _redirect_if_submitted(context) or (
            _facts_page(context, facts, None) if facts else redirect_to_tasks(context)
        )
    shown = [fact.id for fact in _next_facts(context, _passed_over(context))]
    left = ",".join([*_passed_over(context), *shown])
    return _save_facts(context, url_for("answers.answer_fact_page", assessment_id=context.id, left=left or None))


@blueprint.route("/business/facts/<fact_id>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def answer_fact(context: AssessmentContext, fact_id: str) -> PageResponse:
    if request.method != "POST":
        return _redirect_if_submitted(context) or _facts_page(context, [_fact_or_404(context, fact_id)], None, one=True)
    _fact_or_404(context, fact_id)
    return _save_facts(context, url_for("submission.show_check", assessment_id=context.id, _anchor="about"), one=True)


def _save_facts(context: AssessmentContext, next_address: str, *, one: bool = False) -> PageResponse:
    facts = {fact.id: fact for fact in context.asked_edition.duty_book.facts}
    posted = read_section_form(sent_form(), [fact_as_question(fact) for fact in facts.values()])
    changes: dict[str, FactValue | None] = {
        name: fact_from_answer(facts[name], answer) for name, answer in posted.changes.items()
    }
    try:
        saved = save_facts(request_session(), context.id, changes, posted.seen, clock.now())
    except AlreadySubmittedError:
        return redirect_to_tasks(context)
    conflicts = real_conflicts(request_session(), context.id, FormPart.FACT, saved.conflicts, posted.seen)
    mark_used_and_commit(context)
    if conflicts:

        def lines(question: Question, value: object) -> list[str]:
            fact = facts[question.id]
            return ["No answer"] if value is None else [stored_fact_text(fact, cast("FactValue", value))]

        questions = [fact_as_question(facts[conflict.question]) for conflict in conflicts]
        return _conflict_page(conflicts, questions, lines, posted), 409
    if posted.errors:
        return _facts_page(
            open_assessment(context.id), [facts[name] for name in posted.questions], posted, one=one
        ), 422
    return redirect(next_address, 303)


def _next_facts(context: AssessmentContext, passed_over: Sequence[str]) -> Sequence[Fact]:
    opened = context.opened
    to_ask = {
        fact.id for fact in get_facts_state(context.asked_edition, opened.confirmed, opened.gates, opened.facts).to_ask
    }
    to_ask |= opened.unconfirmed.get(FormPart.FACT, frozenset())
    return [fact for fact in context.asked_edition.duty_book.facts if fact.id in to_ask and fact.id not in passed_over][
        :FACTS_PER_PAGE
    ]


def _passed_over(context: AssessmentContext) -> list[str]:
    """The facts that were on an earlier page of this round, whether answered or left open."""
    known = {fact.id for fact in context.asked_edition.duty_book.facts}
    return [name for name in request.args.get("left", "").split(",") if name in known]


def _fact_or_404(context: AssessmentContext, fact_id: str) -> Fact:
    return next((fact for fact in context.asked_edition.duty_book.facts if fact.id == fact_id), None) or abort(404)


def _gate_questions(context: AssessmentContext) -> list[Question]:
    return [gate_question(gate) for gate in context.asked_edition.duty_book.gates]


def _gate_lines(_question: Question, value: object) -> list[str]:
    return [NOT_SURE_TEXT if value is None else "Yes" if value else "No"]


def _business_page(context: AssessmentContext, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    revisions = context.opened.revisions[FormPart.ORGANISATION]
    return render_template(
        "assessments/business_details.html",
        back=url_for(
            "submission.show_check" if _from_check() else "assessments.show_tasks",
            assessment_id=context.id,
        ),
        typed={name: typed.get(name) for name in BUSINESS_DETAILS},
        errors={name: errors[name] for name in BUSINESS_DETAILS if name in errors},
        revisions={name: revisions.get(name, 0) for name in BUSINESS_DETAILS},
        areas=list(areas().items()),
        from_check=_from_check(),
    )


def _gates_page(context: AssessmentContext, posted: PostedSection | None) -> str:
    revisions = context.opened.revisions[FormPart.GATE]
    said = {name: "yes" if value else "no" for name, value in context.opened.gates.items()}
    shown = [
        ShownQuestion(
            question,
            revisions.get(question.id, 0),
            said.get(question.id),
            errors=posted.errors.get(question.id, ()) if posted else (),
            confirm_reason=CONFIRM_COPIED_ANSWER
            if question.id in context.opened.unconfirmed.get(FormPart.GATE, frozenset())
            else "",
        )
        for question in _gate_questions(context)
    ]
    return _facts_form(
        shown,
        heading="Two questions first",
        lead="Where the answer is No, we need not ask more about it.",
        back=url_for("assessments.show_tasks", assessment_id=context.id),
    )


def _facts_page(
    context: AssessmentContext, facts: Sequence[Fact], posted: PostedSection | None, *, one: bool = False
) -> str:
    opened = context.opened
    uk_only = opened.gates.get("foreign") is False
    unconfirmed = opened.unconfirmed.get(FormPart.FACT, frozenset())
    shown = []
    for fact in facts:
        question, revision = fact_as_question(fact, uk_only=uk_only), opened.revisions[FormPart.FACT].get(fact.id, 0)
        if posted is not None and fact.id in posted.errors:
            shown.append(ShownQuestion(question, revision, typed=posted.typed[fact.id], errors=posted.errors[fact.id]))
        else:
            value = fact_to_answer(fact, opened.facts.get(fact.id))
            confirm_reason = CONFIRM_COPIED_ANSWER if fact.id in unconfirmed else ""
            shown.append(ShownQuestion(question, revision, value, confirm_reason=confirm_reason))
    back = "submission.show_check" if one else "assessments.show_tasks"
    return _facts_form(
        shown,
        heading="Which laws bind you",
        lead="Your answers told most of it; this is what is left. It scores nothing. If you are not sure, say so, or leave it empty.",
        back=url_for(back, assessment_id=context.id),
    )


def _facts_form(shown: Sequence[ShownQuestion], *, heading: str, lead: str, back: str) -> str:
    texts = texts_today()
    return render_template(
        "assessments/facts.html",
        heading=heading,
        lead=lead,
        back=back,
        action=request.full_path.rstrip("?"),
        errors=error_summary_rows(shown, texts),
        parts=[question_html(one, texts) for one in shown],
    )


def _after_business_page(context: AssessmentContext) -> str:
    if _from_check():
        return url_for("submission.show_check", assessment_id=context.id, _anchor="about")
    return url_for("assessments.show_tasks", assessment_id=context.id)


def _redirect_if_submitted(context: AssessmentContext) -> Response | None:
    return redirect_to_tasks(context) if context.opened.submitted else None


def real_conflicts(
    session: Session,
    assessment_id: uuid.UUID,
    part: FormPart,
    conflicts: Sequence[AnswerConflict],
    seen: Mapping[str, int],
) -> list[AnswerConflict]:
    """The conflicts in which the form says something else than the page showed. In the others theirs stands, as it should."""
    return [
        conflict
        for conflict in conflicts
        if answer_at_revision(session, assessment_id, part, conflict.question, seen.get(conflict.question, 0))
        != conflict.yours
    ]


def _conflict_page(
    conflicts: Sequence[AnswerConflict],
    questions: Sequence[Question],
    lines: Callable[[Question, object], list[str]],
    posted: PostedSection,
    *,
    back: str | None = None,
) -> str:
    """Both texts of each answer, as `lines` says them.

    What was typed goes along, so that choosing it needs no typing again; `back` is where the person came from.
    """
    by_id, texts = {question.id: question for question in questions}, texts_today()
    return render_template(
        "assessments/conflict.html",
        back=back,
        conflicts=[
            {
                "id": question.id,
                "ask": fill_placeholders(question.ask, texts),
                "yours": lines(question, conflict.yours),
                "theirs": lines(question, conflict.theirs),
                "revision": conflict.revision,
                "seen": posted.seen[question.id],
                "fields": hidden_fields(question, posted.typed[question.id]),
            }
            for conflict in conflicts
            for question in [by_id[conflict.question]]
        ],
    )
