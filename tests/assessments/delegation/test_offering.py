"""What goes with a section and what never does: over every question of the three banks."""

from __future__ import annotations

from random import Random

import pytest

from assess.assessments.delegation.offering import goes_alone, may_be_talked_about, ordinary_questions, shown_now
from assess.engine.bank import Edition, Section
from assess.engine.conditions import looks_at
from assess.engine.record import resting_on_signs
from tests.engine.real_banks import BANKS, an_answer, edition_of

PARTS = [(bank, section.id) for bank in BANKS for section in edition_of(bank).sections]


def section_of(edition: Edition, name: str) -> Section:
    return next(section for section in edition.sections if section.id == name)


@pytest.mark.parametrize(("bank", "name"), PARTS)
def test_no_question_that_can_raise_a_sign_goes_with_a_section(bank: str, name: str) -> None:
    edition = edition_of(bank)
    section = section_of(edition, name)
    signs = {question.id for question in edition.questions() if question.can_sign}
    together = ordinary_questions(edition, section)
    for question in together:
        assert question.id not in signs
        assert question.show_if is None or not signs & set(looks_at(question.show_if))
        assert not goes_alone(edition, question)
        assert may_be_talked_about(edition, question)
    for question in section.questions:
        assert not (question.can_sign and may_be_talked_about(edition, question))
        assert goes_alone(edition, question) == (question.can_sign and question.id not in resting_on_signs(edition))


def test_there_is_something_to_leave_out_and_something_to_give() -> None:
    farming = edition_of("farming")
    assert not ordinary_questions(farming, section_of(farming, "pay"))
    assert len(ordinary_questions(farming, section_of(farming, "hiring"))) == 2
    homes = {question.id: question for question in section_of(farming, "farm_homes").questions}
    assert not goes_alone(farming, homes["farm_housing_end"]), "being asked it tells how people are housed"
    assert goes_alone(farming, homes["farm_housing_type"])


@pytest.mark.parametrize("bank", BANKS)
def test_what_is_shown_does_not_depend_on_earlier_answers_to_the_part_or_to_signs(bank: str) -> None:
    edition = edition_of(bank)
    rnd = Random(7)
    kept_apart = resting_on_signs(edition)
    for section in edition.sections:
        given = ordinary_questions(edition, section)
        for _ in range(8):
            said = {question.id: an_answer(rnd, question) for question in edition.questions()}
            hers = {question.id: an_answer(rnd, question) for question in given if rnd.random() < 0.5}
            names = {question.id for question in given}
            hidden = names | kept_apart | {question.id for question in edition.questions() if question.can_sign}
            other = {
                **said,
                **{question.id: an_answer(rnd, question) for question in edition.questions() if question.id in hidden},
            }
            bare = {name: value for name, value in said.items() if name not in hidden}
            shown = shown_now(edition, given, said, hers)
            assert shown == shown_now(edition, given, other, hers) == shown_now(edition, given, bare, hers)


def test_her_own_answer_brings_the_question_that_follows_from_it() -> None:
    edition = edition_of("farming")
    given = ordinary_questions(edition, section_of(edition, "people"))
    names = [question.id for question in shown_now(edition, given, {"core_worker_types": ["agency"]}, {})]
    assert "core_agency_pct" not in names, "somebody else said so"
    hers = {"core_worker_types": ["agency"]}
    assert "core_agency_pct" in [question.id for question in shown_now(edition, given, {}, hers)]


def test_a_condition_on_another_part_follows_the_business() -> None:
    edition = edition_of("farming")
    given = ordinary_questions(edition, section_of(edition, "agencies"))
    assert not [q for q in shown_now(edition, given, {}, {}) if q.id == "core_agency_checks"]
    assert [q for q in shown_now(edition, given, {"core_worker_types": ["agency"]}, {}) if q.id == "core_agency_checks"]
