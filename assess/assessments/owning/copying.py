"""A second assessment that starts from the first: what is taken over, and what is asked anew.

Taken over are answers of the sections all sectors share, facts and gates, by the same rules as a move to a newer edition; each waits
until it is confirmed. Never taken over is what can raise a sign, alone or in a sum, and what is asked only because of such an answer:
a copied “all is well” would be nobody’s word about the other place, and a copied sign would be a false alarm about it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assess.assessments.access import Workspace
from assess.assessments.answering import (
    OrganisationField,
    save_answers,
    save_facts,
    save_gates,
    save_organisation,
    start,
)
from assess.assessments.facts_form import STORED_GATES, GateName
from assess.assessments.models import Assessment, Part
from assess.assessments.moving.carrying import Said, go_on
from assess.assessments.owning.models import Because, ToConfirm
from assess.assessments.progress import is_shown
from assess.banks.reader import LoadedEdition
from assess.engine.bank import Check, Edition, Question, Value
from assess.engine.conditions import looks_at
from assess.engine.facts import FactValue

OF_THE_FIRM: tuple[OrganisationField, ...] = ("name", "company_number")
OF_THE_PLACE: tuple[OrganisationField, ...] = ("area", "postcode")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What a second assessment starts with. Answers, facts and gates wait to be confirmed; the name of the firm does not.

    `changed` are answers whose question is another one there than where they were given.
    """

    answers: Mapping[str, Value]
    facts: Mapping[str, FactValue]
    gates: Mapping[GateName, bool]
    organisation: Mapping[OrganisationField, str]
    changed: frozenset[str] = frozenset()


def telling(edition: Edition) -> frozenset[str]:
    """The questions that can raise a sign, alone or in a sum, and those asked only because of what was said to one."""
    found = {question.id for question in edition.questions() if _can_sign(question)}
    for check in edition.checks:
        if check.sign is not None:
            found.update(_read_by(check))
    for question in edition.questions():  # a question stands after those it depends on
        if question.show_if is not None and found & set(looks_at(question.show_if)):
            found.add(question.id)
    return frozenset(found)


def taken_over(work: Workspace, target: Edition, *, same_place: bool) -> TakenOver:
    """What is taken over from this assessment into one of `target`."""
    opened = work.opened
    shown = work.progress.settled.found
    never = telling(work.full) | telling(target)
    shared = {question.id for section in work.edition.sections if section.common for question in section.questions}
    given = {
        name: value
        for name, value in opened.confirmed.items()
        if name in shared and name not in never and is_shown(shown, name)
    }
    waiting_facts = opened.waiting.get(Part.FACT, frozenset())
    waiting_gates = opened.waiting.get(Part.GATE, frozenset())
    facts = {name: value for name, value in opened.facts.items() if name not in waiting_facts}
    fits = go_on(work.full, target, Said(answers=given, facts=facts))
    may_go = _common(target) - never
    answers = {name: value for name, value in fits.answers.items() if name in may_go}
    wanted = (*OF_THE_FIRM, *OF_THE_PLACE) if same_place else OF_THE_FIRM
    return TakenOver(
        answers=answers,
        facts=fits.facts,
        gates={
            name: opened.gates[name]
            for name in STORED_GATES.values()
            if name in opened.gates and name not in waiting_gates
        },
        organisation={name: opened.organisation[name] for name in wanted if name in opened.organisation},
        changed=frozenset(fits.waiting.keys() & answers.keys()),
    )


def begin_again(session: Session, target: LoadedEdition, taken: TakenOver, now: datetime, *, quick: bool) -> Assessment:
    """Begin the second assessment with all of that, waiting to be confirmed.

    Raises:
        ValueError: when the edition was never published.
    """
    if target.id is None:
        raise ValueError("An assessment stays with an edition that is stored.")
    made = start(session, target.id, quick=quick, now=now)
    save_organisation(session, made.id, dict(taken.organisation), {}, now)
    save_answers(session, made.id, taken.answers, {}, now)
    save_facts(session, made.id, taken.facts, {}, now)
    save_gates(session, made.id, taken.gates, {}, now)
    _wait(session, made.id, Part.ANSWER, taken.answers.keys() - taken.changed)
    _wait(session, made.id, Part.ANSWER, taken.changed, Because.CHANGED)
    _wait(session, made.id, Part.FACT, taken.facts)
    _wait(session, made.id, Part.GATE, taken.gates)
    return made


def _wait(
    session: Session,
    assessment_id: uuid.UUID,
    part: Part,
    names: Iterable[str],
    because: Because = Because.COPIED,
) -> None:
    rows = [
        {"assessment_id": assessment_id, "part": part, "question": name, "because": because} for name in sorted(names)
    ]
    if rows:
        session.execute(insert(ToConfirm), rows)


def _common(edition: Edition) -> frozenset[str]:
    return frozenset(question.id for section in edition.sections if section.common for question in section.questions)


def _can_sign(question: Question) -> bool:
    signs = [part.sign for parts in (question.options, question.bands, question.steps) for part in parts]
    third_party = any(option.third_party for option in question.options)
    return question.can_sign or third_party or any(sign is not None for sign in signs)


def _read_by(check: Check) -> set[str]:
    conditions = [condition for condition in (check.when, check.unless) if condition is not None]
    return {*check.inputs.values(), *(name for condition in conditions for name in looks_at(condition))}
