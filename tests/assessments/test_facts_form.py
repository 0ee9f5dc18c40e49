"""Each fact once, and only while a duty waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.assessments.facts_form import (
    NOT_SURE,
    UK_NATIONS,
    as_question,
    facts_now,
    from_answer,
    gate_question,
    given_facts,
    said_of,
    to_answer,
)
from assess.assessments.fields import field_for, field_for_fact
from assess.banks.reader import load_bank
from assess.engine.bank import Edition, Fact

FOLDER = Path(__file__).parents[2] / "questionnaires"
SMALL = {"foreign": False, "large": False}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_bank(FOLDER, "car_washes").edition


def fact(edition: Edition, name: str) -> Fact:
    return next(fact for fact in edition.duty_book.facts if fact.id == name)


def test_no_at_the_gates_leaves_much_less_to_ask(edition: Edition) -> None:
    everything = {fact.id for fact in facts_now(edition, {}, {}, {}).to_ask}
    small = {fact.id for fact in facts_now(edition, {}, SMALL, {}).to_ask}
    assert small < everything
    assert "imports_into_us" in everything - small


def test_what_answers_tell_is_not_asked(edition: Edition) -> None:
    now = facts_now(edition, {"core_worker_types": ["agency"]}, SMALL, {})
    assert now.derived["uses_agency_workers"] is True
    assert "uses_agency_workers" not in {fact.id for fact in now.to_ask}


def test_not_sure_is_never_asked_again_and_is_no_fact(edition: Edition) -> None:
    first = facts_now(edition, {}, SMALL, {}).to_ask[0]
    now = facts_now(edition, {}, SMALL, {first.id: NOT_SURE})
    assert first.id not in {fact.id for fact in now.to_ask}
    assert first.id not in given_facts(edition.duty_book, SMALL, {first.id: NOT_SURE})
    assert said_of(first, NOT_SURE) == "Not sure"
    assert said_of(fact(edition, "fye"), "2026-03-31") == "31 March 2026"


def test_answering_not_sure_throughout_comes_to_an_end(edition: Edition) -> None:
    stored: dict[str, object] = {}
    while now := facts_now(edition, {}, {}, stored).to_ask:
        stored |= {fact.id: NOT_SURE for fact in now}
    assert set(stored) <= {fact.id for fact in edition.duty_book.facts}


def test_every_fact_goes_through_the_form_and_comes_back(edition: Edition) -> None:
    samples = {"yes_no": [True, False], "number": [250], "money": [2400000, 0.5], "date": ["2026-03-31"]}
    for one in edition.duty_book.facts:
        ids = [option.id for option in one.options]
        values = samples.get(one.type) or ([ids[0]] if one.type == "choice" else [ids[:2], []])
        for value in [*values, NOT_SURE]:
            question = as_question(one)
            answer = to_answer(one, value)
            raw = str(answer) if isinstance(answer, (int, float)) else answer
            assert from_answer(one, field_for(question, typed=True).deserialize(raw)) == value
            if value != NOT_SURE:
                assert field_for_fact(one).deserialize(value) == value
    assert from_answer(fact(edition, "fye"), None) is None


def test_a_business_that_stays_at_home_chooses_from_four_countries(edition: Edition) -> None:
    places = as_question(fact(edition, "operates_in"), uk_only=True)
    assert [option.id for option in places.options if option.id not in {"none", "dk"}] == list(UK_NATIONS)
    assert len(as_question(fact(edition, "operates_in")).options) > 30


def test_gates_are_stored_under_their_own_names(edition: Edition) -> None:
    assert [gate_question(gate).id for gate in edition.duty_book.gates] == ["foreign", "large"]
