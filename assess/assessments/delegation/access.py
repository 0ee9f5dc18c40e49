"""Who may answer what a colleague was given, and what the page of it needs. Ended, over and unknown all read as not there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort

from assess.assessments.access import loaded_edition
from assess.assessments.delegation.answers import hers_of
from assess.assessments.delegation.keeping import working
from assess.assessments.delegation.models import DelegatedAnswer, Delegation
from assess.assessments.delegation.offering import goes_alone, ordinary_questions, shown_now
from assess.assessments.opening import open_by_id
from assess.assessments.standing import Standing
from assess.assessments.visits import may_answer_part
from assess.engine.bank import Edition, Question, Section
from assess.engine.quick import quick_edition
from assess.kit.audit.requests import note_about
from assess.kit.clock import now
from assess.kit.cookies import visit_token
from assess.kit.db import database
from assess.kit.route_permissions import permission_of_request
from assess.people.caller import caller
from assess.people.permissions import ForbiddenError, Relation, authorise


@dataclass(frozen=True, slots=True)
class Given:
    """What a colleague was given, as her page needs it: `questions` are all of it, `shown` those asked just now."""

    delegation: Delegation
    edition_id: int
    title: str
    questions: tuple[Question, ...]
    shown: tuple[Question, ...]
    hers: Mapping[str, DelegatedAnswer]
    closed: bool
    """The answers are sent in: nothing can be changed just now."""


def given(delegation_id: uuid.UUID) -> Given:
    """What this browser was given, while its link works. For all others 404.

    Raises:
        VisitEndedError: when it opened the link, and its time is up.
    """
    with database().reading() as look:
        opened_it = may_answer_part(look, visit_token(), delegation_id, now())
        delegation = working(look, delegation_id, now()) if opened_it else None
        if delegation is None:
            abort(404)
        hers = hers_of(look, delegation_id)
    try:
        authorise(caller(), permission_of_request(), Standing(frozenset({Relation.DELEGATE})))
    except ForbiddenError:
        abort(404)
    note_about("assessment", delegation.assessment_id)
    opened = open_by_id(database().engine, delegation.assessment_id, now())
    if opened is None:
        abort(404)
    whole = loaded_edition(opened.edition_id).edition
    asked = quick_edition(whole) if opened.quick else whole
    section, questions = part_of(whole, asked, delegation.section, delegation.question) or abort(404)
    said = {name: row.value for name, row in hers.items()}
    shown = tuple(shown_now(asked, questions, opened.confirmed, said))
    title = section.title if delegation.question is None else "One question"
    return Given(delegation, opened.edition_id, title, questions, shown, hers, closed=opened.submitted)


def part_of(
    whole: Edition, asked: Edition, section_id: str, question_id: str | None
) -> tuple[Section, tuple[Question, ...]] | None:
    """The section and the questions that go with it, or the one that goes by itself; None when nothing can be given so."""
    section = next((one for one in asked.sections if one.id == section_id), None)
    if section is None:
        return None
    if question_id is None:
        questions = ordinary_questions(whole, section)
    else:
        questions = tuple(one for one in section.questions if one.id == question_id and goes_alone(whole, one))
    return (section, questions) if questions else None
