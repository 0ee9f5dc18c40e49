"""Pages that compare two editions, upgrade to the newer one and undo it. What they show depends on the editions alone, never on an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from flask import Blueprint, render_template, request

from assess.assessments import edition_upgrade
from assess.assessments.access import (
    AssessmentContext,
    loaded_edition,
    mark_used,
    mark_used_and_commit,
    may_here,
    open_assessment,
    texts_today,
)
from assess.assessments.forms import integer_in
from assess.assessments.question_parts import question_texts
from assess.assessments.services import AlreadySubmittedError, EditionChangedError
from assess.assessments.views_answers import redirect_to_tasks
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import request_session, roll_back_request
from assess.core.forms.fields import UuidField
from assess.core.forms.form import read_fields, sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.bank import Edition, Question, Section
from assess.engine.in_words import fill_placeholders
from assess.engine.record import questions_dependent_on_signs
from assess.engine.visibility import quick_edition


class ChangeKind(Enum):
    NEW = "new"
    AGAIN = "again"
    """It means something else, or took the place of another: the answer is filled in and has to be looked at."""
    CHOICES = "choices"
    """Some of its choices are gone: an answer stays if it can still be given."""
    WORDS = "words"
    """Other words, or more choices: an answer goes along."""
    GONE = "gone"
    """It is not asked any more, or in another way: an answer stays behind."""


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """One question in words. `before`: the words of the older edition, where they are others. `choices`: those that are gone."""

    id: str
    section: str
    ask: str
    before: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """All questions that differ, by what became of them; and the ids of the older edition whose answers go along as they are."""

    of_kind: Mapping[ChangeKind, tuple[ChangedQuestion, ...]]
    unchanged: frozenset[str]


def compare_editions(old: Edition, new: Edition, texts: Mapping[str, str]) -> EditionComparison:
    was, now = {question.id: question for question in old.questions()}, {question.id for question in new.questions()}
    found: dict[ChangeKind, list[ChangedQuestion]] = {kind: [] for kind in ChangeKind}
    same = set()
    inherited = set()
    for section in new.sections:
        for question in section.questions:
            before = was.get(question.id) or _predecessor(question, was, now)
            kind = _change_kind(before, question)
            if before is None or before.type != question.type:
                found[ChangeKind.NEW].append(_changed_question(section, question, None, texts))
                continue
            inherited.add(before.id)
            if kind is not None:
                found[kind].append(_changed_question(section, question, before, texts))
            if kind in {None, ChangeKind.WORDS}:
                same.add(before.id)
    for section in old.sections:
        found[ChangeKind.GONE] += [
            _changed_question(section, question, None, texts)
            for question in section.questions
            if question.id not in inherited
        ]
    return EditionComparison({kind: tuple(rows) for kind, rows in found.items()}, frozenset(same))


def _predecessor(question: Question, was: Mapping[str, Question], now: set[str]) -> Question | None:
    """The question whose answers this one takes over. While the old one is still asked it keeps its own."""
    return was.get(question.replaces) if question.replaces is not None and question.replaces not in now else None


def _change_kind(before: Question | None, question: Question) -> ChangeKind | None:
    """None: it is the same to the letter."""
    if before is None:
        return ChangeKind.NEW
    if before.id != question.id or question.rev > before.rev:
        return ChangeKind.AGAIN
    if _removed_choices(before, question):
        return ChangeKind.CHOICES
    return None if _question_words(before) == _question_words(question) else ChangeKind.WORDS


def _removed_choices(before: Question, question: Question) -> tuple[str, ...]:
    kept = {option.id for option in question.options}
    columns = {column.id: {option.id for option in column.options} for column in question.columns}
    return (
        *(option.label for option in before.options if option.id not in kept),
        *(column.label for column in before.columns if column.id not in columns),
        *(
            option.label
            for column in before.columns
            for option in column.options
            if column.id in columns and option.id not in columns[column.id]
        ),
    )


def _question_words(question: Question) -> tuple[object, ...]:
    labels = tuple((option.id, option.label) for option in question.options)
    columns = tuple((column.id, column.label, column.type, column.options) for column in question.columns)
    return (question.ask, question.hint, question.unit, question.why, question.evidence, labels, columns)


def _changed_question(
    section: Section, question: Question, before: Question | None, texts: Mapping[str, str]
) -> ChangedQuestion:
    ask = fill_placeholders(question.ask, texts)
    earlier = fill_placeholders(before.ask, texts) if before is not None else ask
    gone = _removed_choices(before, question) if before is not None else ()
    return ChangedQuestion(
        question.id,
        section.title,
        ask,
        earlier if earlier != ask else None,
        tuple(fill_placeholders(choice, texts) for choice in gone),
    )


@dataclass(frozen=True, slots=True)
class UpgradeNotice:
    """Whether there are newer questions, and whether those it has are withdrawn; since when it has newer ones and may go back.

    `answers_to_confirm`: how many answers wait to be looked at because the question changed.
    """

    newer: bool = False
    withdrawn: bool = False
    moved_on: date | None = None
    answers_to_confirm: int = 0


def get_upgrade_notice(context: AssessmentContext) -> UpgradeNotice:
    """What to say to the person who may answer here. Of what is submitted, nothing."""
    if context.opened.submitted or not may_here("assessment.answer"):
        return UpgradeNotice()
    newer = edition_upgrade.find_newer_edition(request_session(), context.opened.edition_id)
    moved = edition_upgrade.get_last_upgrade(request_session(), context.id)
    return UpgradeNotice(
        newer=newer is not None,
        withdrawn=newer is not None and newer.withdrawn,
        moved_on=None if moved is None else uk_date(moved.moved_at),
        answers_to_confirm=len(context.opened.reworded & set(context.progress.to_confirm)),
    )


blueprint = Blueprint("edition_upgrade", __name__, url_prefix="/assessments/<uuid:assessment_id>/upgrade")


@blueprint.route("", methods=["GET", "POST"])
@audited("moved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def upgrade(context: AssessmentContext) -> PageResponse:
    if request.method != "POST":
        return _upgrade_page(context) or redirect_to_tasks(context)
    newer = edition_upgrade.find_newer_edition(request_session(), context.opened.edition_id)
    if newer is None or context.opened.submitted:
        return redirect_to_tasks(context)  # another person has moved it, or sent it in
    if integer_in(sent_form(), "to") != newer.edition_id:
        page = _upgrade_page(context, others=True)
        return redirect_to_tasks(context) if page is None else (page, 409)
    try:
        edition_upgrade.upgrade_edition(
            request_session(), context.id, context.opened.edition_id, newer.edition_id, clock.now()
        )
    except (AlreadySubmittedError, EditionChangedError):
        roll_back_request()
        return redirect_to_tasks(context)
    mark_used(context)
    return redirect_to_tasks(context)


@blueprint.route("/undo", methods=["GET", "POST"])
@audited("put back")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def undo_upgrade(context: AssessmentContext) -> PageResponse:
    if request.method != "POST":
        return _undo_upgrade_page(context) or redirect_to_tasks(context)
    move = read_fields(move=UuidField())["move"]
    try:
        edition_upgrade.undo_edition_upgrade(request_session(), context.id, move, clock.now())
    except (AlreadySubmittedError, edition_upgrade.NothingToUndoError):
        roll_back_request()
        return redirect_to_tasks(context)
    mark_used_and_commit(context)
    return redirect_to_tasks(context)


def _upgrade_page(context: AssessmentContext, *, others: bool = False) -> str | None:
    """None when there is nothing to move to. `others`: even newer ones came while the page was open."""
    newer = edition_upgrade.find_newer_edition(request_session(), context.opened.edition_id)
    if newer is None or context.opened.submitted:
        return None
    whole = loaded_edition(newer.edition_id).edition
    new = quick_edition(whole) if context.opened.quick else whole
    found = compare_editions(context.asked_edition, new, texts_today())
    answered = {question.id for question in context.asked_edition.questions()} & context.opened.confirmed.keys()
    return render_template(
        "assessments/upgrade.html",
        id=context.id,
        to=newer.edition_id,
        withdrawn=newer.withdrawn,
        others=others,
        groups={kind.value: found.of_kind[kind] for kind in ChangeKind},
        answered=len(answered),
        along=len(answered & found.unchanged),
    )


def _undo_upgrade_page(context: AssessmentContext) -> str | None:
    one = edition_upgrade.get_last_upgrade(request_session(), context.id)
    if one is None:
        return None
    texts = texts_today()
    lost = set(edition_upgrade.preview_undo(request_session(), one).lost)
    resting = questions_dependent_on_signs(
        context.full_edition
    )  # that one of these was asked would tell another answer
    return render_template(
        "assessments/undo_upgrade.html",
        id=context.id,
        move=one.id,
        moved_on=uk_date(one.moved_at),
        lost=[
            question_texts(question, texts).ask
            for question in context.full_edition.questions()
            if question.id in lost - resting
        ],
        more=len(lost & resting),
    )
