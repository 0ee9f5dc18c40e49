from __future__ import annotations

import pytest

from assess.engine.conditions import looks_at
from assess.engine.ordinary import ordinary_questions
from assess.plans.shares.allowed import shareable_questions
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import scenario
from tests.plans.test_copies import raising, sign_cases


@pytest.mark.parametrize("bank", BANKS)
def test_nothing_that_can_raise_a_sign_alone_or_with_others_may_be_shown(bank: str) -> None:
    edition = edition_of(bank)
    allowed = shareable_questions(scenario(bank, f"{bank} low"), edition)
    assert len(allowed) > 20
    questions = {question.id: question for question in edition.questions()}
    assert not [name for name in allowed if questions[name].can_sign or questions[name].type in {"table", "text"}]
    for check in edition.checks:
        summed = {*check.inputs.values(), *(looks_at(check.when) if check.when else ())}
        assert not allowed & summed, check.id


def test_sums_take_away_more_than_the_ordinary_list_does() -> None:
    record, edition = scenario("car_washes", "car_washes low"), edition_of("car_washes")
    assert {"wash_price", "wash_team", "wash_minutes"} & ordinary_questions(edition)
    assert not {"wash_price", "wash_team", "wash_minutes"} & shareable_questions(record, edition)


@pytest.mark.parametrize("bank", BANKS)
def test_it_goes_by_the_question_and_never_by_its_answer(bank: str) -> None:
    edition = edition_of(bank)
    always = {
        name: {row["id"] for section in record["sections"] for row in section["questions"]}
        for name, record in {
            name: raising(bank, name, answer) for own, name, _, answer in sign_cases() if own == bank
        }.items()
    }
    asked_everywhere = set.intersection(*always.values())
    seen = {
        frozenset(shareable_questions(raising(bank, name, answer), edition) & asked_everywhere)
        for own, name, _, answer in sign_cases()
        if own == bank
    }
    assert len(seen) == 1


@pytest.mark.parametrize("bank", BANKS)
def test_languages_visas_and_how_people_are_employed_are_never_shared(bank: str) -> None:
    edition = edition_of(bank)
    for level in ("low", "medium", "critical"):
        allowed = shareable_questions(scenario(bank, f"{bank} {level}"), edition)
        assert not allowed & {"core_first_language", "core_languages", "core_visa_tied", "core_worker_types"}
        questions = {question.id: question for question in edition.questions()}
        said = " ".join(f"{questions[name].ask} {questions[name].options}".lower() for name in allowed)
        for word in ("visa", "sponsor", "first language", "which language"):
            assert word not in said
