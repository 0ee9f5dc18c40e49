"""What a second assessment takes over from the first, over all questions of all sectors."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from assess.assessments.access import Workspace
from assess.assessments.answering import filled, save_answers
from assess.assessments.models import Part
from assess.assessments.opening import Opened, open_by_id
from assess.assessments.owning.copying import begin_again, taken_over, telling
from assess.assessments.owning.models import ToConfirm
from assess.banks.reader import LoadedEdition
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition
from assess.engine.conditions import looks_at
from assess.engine.scoring import score
from assess.kit.db import Database
from tests.engine.real_banks import BANKS, an_answer, edition_of, settings

pytestmark = pytest.mark.both_databases

ROUNDS = 40
NOTHING: dict[str, dict[str, Any]] = {part: {} for part in Part}


def answered(edition: Edition, answers: dict[str, Any], **said: dict[str, Any]) -> Workspace:
    """An assessment in which this was said."""
    everything = NOTHING | {Part.ANSWER.value: answers} | said
    rows = [[part, name, 1, value] for part, values in everything.items() for name, value in values.items()]
    text = json.dumps(rows)[1:-1]
    opened = Opened(
        id=uuid.uuid4(), edition_id=1, quick=False, version=1, submitted=False, text=text, said=everything, revisions={}
    )
    return Workspace(opened, EditionRef(edition.bank, 1, "ab" * 32), edition, edition)


def at_random(edition: Edition, seed: int) -> dict[str, Any]:
    rnd = Random(seed)
    return {question.id: an_answer(rnd, question, unknown=0.2) for question in edition.questions()}


@pytest.mark.parametrize("target", BANKS)
@pytest.mark.parametrize("source", BANKS)
def test_nothing_that_can_raise_a_sign_is_ever_taken_over(source: str, target: str) -> None:
    first, second = edition_of(source), edition_of(target)
    questions = {question.id: question for edition in (first, second) for question in edition.questions()}
    summed = {
        name
        for edition in (first, second)
        for check in edition.checks
        if check.sign
        for condition in (check.when, check.unless)
        for name in (*check.inputs.values(), *(looks_at(condition) if condition else ()))
    }
    silent = score(second, {}, settings())
    ever: set[str] = set()
    for seed in range(ROUNDS):
        taken = taken_over(answered(first, at_random(first, seed)), second, same_place=True).answers
        result = score(second, taken, settings())
        assert (result.urgent_signs, result.serious_signs) == (silent.urgent_signs, silent.serious_signs)
        ever |= set(taken)
    assert ever, "something is taken over"
    for name in ever:
        question = questions[name]
        assert not question.can_sign, name
        assert name not in summed, name
        assert not [part for parts in (question.options, question.bands, question.steps) for part in parts if part.sign]
        if question.show_if is not None:
            assert not [asked for asked in looks_at(question.show_if) if questions[asked].can_sign], name


@pytest.mark.parametrize("bank", BANKS)
def test_what_is_left_out_is_the_same_whatever_was_answered(bank: str) -> None:
    edition = edition_of(bank)
    never = telling(edition)
    common = {question.id for section in edition.sections if section.common for question in section.questions}
    assert {question.id for question in edition.questions() if question.can_sign} <= never
    assert common - never, "and not everything is left out"
    for seed in range(ROUNDS):
        answers = at_random(edition, seed)
        work = answered(edition, answers)
        shown = {name for name in common - never if name in answers and name in work.progress.settled.found}
        assert set(taken_over(work, edition, same_place=True).answers) <= shown


def test_only_what_all_sectors_share_is_taken_over_and_only_if_it_still_fits() -> None:
    farm, wash = edition_of("farming"), edition_of("car_washes")
    work = answered(farm, at_random(farm, 3) | {"core_people_peak": 12, "core_short_notice": "never"})
    taken = taken_over(work, wash, same_place=True).answers
    assert taken["core_people_peak"] == 12
    assert all(name.startswith("core_") for name in taken)
    odd = answered(farm, {"core_people_peak": 12, "core_short_notice": "an option of long ago"})
    assert dict(taken_over(odd, wash, same_place=True).answers) == {"core_people_peak": 12}


def test_place_and_area_come_along_only_to_the_same_place() -> None:
    farm = edition_of("farming")
    who = {"name": "Fen Edge", "area": "norfolk", "postcode": "NR1 3JU", "company_number": "01234567"}
    work = answered(farm, {}, organisation=who, fact={"fye": "2026-03-31", "gone": True}, gate={"large": False})
    same, other = (taken_over(work, farm, same_place=place) for place in (True, False))
    assert dict(same.organisation) == who
    assert dict(other.organisation) == {"name": "Fen Edge", "company_number": "01234567"}
    assert dict(other.facts) == {"fye": "2026-03-31"}
    assert dict(other.gates) == {"large": False}


def test_all_of_it_waits_until_it_is_confirmed(
    database: Database, edition_id: int, begun: uuid.UUID, now: datetime
) -> None:
    farm = edition_of("farming")
    work = answered(farm, {"core_people_peak": 12}, fact={"fye": "2026-03-31"}, gate={"large": False})
    loaded = LoadedEdition(id=edition_id, ref=EditionRef("farming", 1, "ab" * 32), edition=farm)
    with database.writing() as session:
        made = begin_again(session, loaded, taken_over(work, farm, same_place=True), now, quick=False)
        said = filled(session, made.id)
    assert made.id != begun
    assert said.answers == {}, "what waits is not said"
    with database.reading() as look:
        waits = {(one.part, one.question) for one in look.scalars(select(ToConfirm))}
    assert waits == {(Part.ANSWER, "core_people_peak"), (Part.FACT, "fye"), (Part.GATE, "large")}
    found = open_by_id(database.engine, made.id, now)
    assert found is not None
    assert found.waiting_answers == {"core_people_peak"}
    assert found.confirmed == {}
    with database.writing() as session:
        save_answers(session, made.id, {"core_people_peak": 12}, {"core_people_peak": 1}, now)
    again = open_by_id(database.engine, made.id, now)
    assert again is not None
    assert again.confirmed == {"core_people_peak": 12}


def test_what_waits_in_the_first_is_not_handed_on() -> None:
    farm = edition_of("farming")
    work = answered(farm, {"core_people_peak": 12}, fact={"fye": "2026-03-31"}, gate={"large": False})
    waits = {
        Part.ANSWER.value: frozenset({"core_people_peak"}),
        Part.FACT.value: frozenset({"fye"}),
        Part.GATE.value: frozenset({"large"}),
    }
    opened = Opened(**{name: getattr(work.opened, name) for name in Opened.__slots__} | {"waiting": waits})
    taken = taken_over(Workspace(opened, work.ref, farm, farm), farm, same_place=True)
    assert (dict(taken.answers), dict(taken.facts), dict(taken.gates)) == ({}, {}, {})


def test_a_question_that_changed_in_the_newest_edition_is_marked_so(
    database: Database, edition_id: int, now: datetime
) -> None:
    farm = edition_of("farming")
    newest = replace(
        farm,
        sections=tuple(
            replace(
                section,
                questions=tuple(
                    replace(one, rev=2) if one.id == "core_people_peak" else one for one in section.questions
                ),
            )
            for section in farm.sections
        ),
    )
    work = answered(farm, {"core_people_peak": 12, "core_short_notice": "never"})
    taken = taken_over(work, newest, same_place=True)
    assert dict(taken.answers) == {"core_people_peak": 12, "core_short_notice": "never"}
    assert taken.changed == {"core_people_peak"}
    loaded = LoadedEdition(id=edition_id, ref=EditionRef("farming", 2, "ab" * 32), edition=newest)
    with database.writing() as session:
        made = begin_again(session, loaded, taken, now, quick=False)
    opened = open_by_id(database.engine, made.id, now)
    assert opened is not None
    assert opened.changed == {"core_people_peak"}
    assert opened.waiting_answers == {"core_people_peak", "core_short_notice"}
