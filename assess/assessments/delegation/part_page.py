"""The questions a colleague was given, as HTML: with what she said herself, and nothing anybody else did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from flask import current_app, render_template, request
from markupsafe import Markup

from assess.assessments.access import texts_of_today
from assess.assessments.careful.asking import Asked, ticks_in
from assess.assessments.comments.keeping import for_delegates
from assess.assessments.delegation.access import Given
from assess.assessments.delegation.keeping import LONGEST_WORDS
from assess.assessments.question_parts import QuestionPart, make_part, words_of
from assess.assessments.section_form import Posted
from assess.assessments.section_page import Shown, summary_rows
from assess.assessments.typed import Typed, from_stored
from assess.engine.bank import Question
from assess.kit.clock import date_at, today
from assess.kit.db import database

_SHELF = "assess.delegated_parts"
MOST_KEPT = 500
NO_REVISION = 0
"""A form of hers carries no revision: how often an answer was changed before would tell that there is one."""


@dataclass(slots=True)
class _Shelf:
    day: date | None = None
    parts: dict[tuple[int, str], QuestionPart] = field(default_factory=dict)


def part_page(
    given: Given,
    posted: Posted | None = None,
    *,
    not_saved: bool = False,
    moved: bool = False,
    asked: Sequence[Asked] = (),
) -> str:
    """Her page. `posted` is what she has just sent, where it has a fault or could not be saved (`not_saved`).

    `moved`: it was not saved because the questions are others by now.

    `asked` are her texts that may hold a worker's details.
    """
    wanted = [
        question
        for question in given.questions
        if question in given.shown
        or (posted is not None and question.id in posted.typed and _is_wanted(posted, question, not_saved))
    ]
    parts = [_part(given.edition_id, question) for question in wanted]
    shown = [_shown(given, question, posted, not_saved=not_saved) for question in wanted]
    faults = summary_rows(parts, shown) if posted is not None and posted.faults else []
    delegation = given.delegation
    return render_template(
        "assessments/delegation_answer.html",
        id=delegation.id,
        title=given.title,
        alone=delegation.question is not None,
        questions=[Markup(one.in_form(part).decode()) for part, one in zip(parts, shown, strict=True)],  # noqa: S704  # filled moulds, escaped there
        tables=any(question.type == "table" for question in wanted),
        errors=faults,
        not_saved=not_saved,
        moved=moved,
        edition_id=given.edition_id,
        closed=given.closed,
        saved="saved" in request.args and posted is None,
        left=sum(question.id not in given.hers for question in given.shown),
        done=delegation.done_at is not None,
        sent_back=delegation.sent_back_at is not None,
        asked=delegation.asked[:LONGEST_WORDS],
        comments=_comments(given, wanted),
        careful=asked,
        ticks=sorted(ticks_in(request.form)) if posted is not None else [],
        until=date_at(delegation.until),
    )


def _is_wanted(posted: Posted, question: Question, not_saved: bool) -> bool:  # noqa: FBT001  # only this page asks
    return not_saved or question.id in posted.faults


def _shown(given: Given, question: Question, posted: Posted | None, *, not_saved: bool) -> Shown:
    name = question.id
    if posted is not None and name in posted.typed and _is_wanted(posted, question, not_saved):
        return Shown(name, NO_REVISION, typed=posted.typed[name], faults=posted.faults.get(name, ()))
    row = given.hers.get(name)
    value, proof = (row.value, row.proof) if row is not None else (None, False)
    if question.type == "table" and value and request.args.get("add") == name:
        typed = from_stored(question, value, proof=proof)
        return Shown(name, NO_REVISION, typed=Typed(rows=(*typed.rows, {}), proof=proof))
    return Shown(name, NO_REVISION, value, proof)


def _part(edition_id: int, question: Question) -> QuestionPart:
    """The question ready to be filled, kept for the day."""
    shelf = cast("_Shelf", current_app.extensions.setdefault(_SHELF, _Shelf()))
    if shelf.day != today() or len(shelf.parts) > MOST_KEPT:
        shelf.day = today()
        shelf.parts.clear()
    key = (edition_id, question.id)
    found = shelf.parts.get(key)
    if found is None:
        found = shelf.parts[key] = make_part(question, texts_of_today(), current_app.jinja_env)
    return found


def _comments(given: Given, asked: Sequence[Question]) -> list[tuple[str, str]]:
    """What was written for her on the questions of a section: the question and the words. Never beside one that stands alone."""
    if given.delegation.question is not None:
        return []
    asks = {question.id: words_of(question, texts_of_today()).ask for question in asked}
    with database().reading() as look:
        found = for_delegates(look, given.delegation.assessment_id, asks)
    return [(asks[comment.question], comment.words) for comment in found]
