"""Each fact once, and only while a duty waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.assessments.facts import (
    NOT_SURE,
    UK_NATIONS,
    fact_as_question,
    fact_from_answer,
    fact_to_answer,
    gate_question,
    get_facts_state,
    given_facts,
    stored_fact_text,
)
from assess.assessments.forms import read_section_form
from assess.engine.bank import Column, Edition, Fact, Option, Question
from assess.question_banks.files import bundled_files
from assess.question_banks.question_types import field_for, field_for_fact
from assess.question_banks.reader import load_bank

FOLDER = Path(__file__).parents[2] / "questionnaires"
SMALL = {"foreign": False, "large": False}


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_bank(bundled_files(), "car_washes").edition


def fact(edition: Edition, name: str) -> Fact:
    return next(fact for fact in edition.duty_book.facts if fact.id == name)


def test_no_at_the_gates_leaves_much_less_to_ask(edition: Edition) -> None:
    everything = {fact.id for fact in get_facts_state(edition, {}, {}, {}).to_ask}
    small = {fact.id for fact in get_facts_state(edition, {}, SMALL, {}).to_ask}
    assert small < everything
    assert "imports_into_us" in everything - small


def test_what_answers_tell_is_not_asked(edition: Edition) -> None:
    now = get_facts_state(edition, {"core_worker_types": ["agency"]}, SMALL, {})
    assert now.derived["uses_agency_workers"] is True
    assert "uses_agency_workers" not in {fact.id for fact in now.to_ask}


def test_not_sure_is_never_asked_again_and_is_no_fact(edition: Edition) -> None:
    first = get_facts_state(edition, {}, SMALL, {}).to_ask[0]
    now = get_facts_state(edition, {}, SMALL, {first.id: NOT_SURE})
    assert first.id not in {fact.id for fact in now.to_ask}
    assert first.id not in given_facts(edition.duty_book, SMALL, {first.id: NOT_SURE})
    assert stored_fact_text(first, NOT_SURE) == "Not sure"
    assert stored_fact_text(fact(edition, "fye"), "2026-03-31") == "31 March 2026"


def test_answering_not_sure_throughout_comes_to_an_end(edition: Edition) -> None:
    stored: dict[str, object] = {}
    while now := get_facts_state(edition, {}, {}, stored).to_ask:
        stored |= {fact.id: NOT_SURE for fact in now}
    assert set(stored) <= {fact.id for fact in edition.duty_book.facts}


def test_every_fact_goes_through_the_form_and_comes_back(edition: Edition) -> None:
    samples = {"yes_no": [True, False], "number": [250], "money": [2400000, 0.5], "date": ["2026-03-31"]}
    for one in edition.duty_book.facts:
        ids = [option.id for option in one.options]
        values = samples.get(one.type) or ([ids[0]] if one.type == "choice" else [ids[:2], []])
        for value in [*values, NOT_SURE]:
            question = fact_as_question(one)
            answer = fact_to_answer(one, value)
            raw = str(answer) if isinstance(answer, (int, float)) else answer
            assert fact_from_answer(one, field_for(question, typed=True).deserialize(raw)) == value
            if value != NOT_SURE:
                assert field_for_fact(one).deserialize(value) == value
    assert fact_from_answer(fact(edition, "fye"), None) is None


def test_a_business_that_stays_at_home_chooses_from_four_countries(edition: Edition) -> None:
    places = fact_as_question(fact(edition, "operates_in"), uk_only=True)
    assert [option.id for option in places.options if option.id not in {"none", "dk"}] == list(UK_NATIONS)
    assert len(fact_as_question(fact(edition, "operates_in")).options) > 30


def test_gates_are_stored_under_their_own_names(edition: Edition) -> None:
    assert [gate_question(gate).id for gate in edition.duty_book.gates] == ["foreign", "large"]


def question(name: str, kind: str, **more: object) -> Question:
    return Question(id=name, ask="What?", type=kind, kind=more.pop("role", "safeguard"), dimension="d", **more)


OPTIONS = tuple(Option(id=name, label=name) for name in ("a", "b", "none", "dk"))
QUESTIONS = (
    question("one", "choice", options=OPTIONS, evidence="A note"),
    question("many", "choices", options=OPTIONS),
    question("hours", "number"),
    question(
        "homes",
        "table",
        role="fact",
        columns=(Column("kind", "Kind", "choice", OPTIONS), Column("people", "People", "number")),
    ),
)


def form(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict([*((f"{q.id}.seen", "2") for q in QUESTIONS), *pairs])


def test_valid_answers_are_kept_beside_a_fault() -> None:
    posted = read_section_form(form(("one", "a"), ("hours", "lots"), ("many", "a"), ("many", "b")), QUESTIONS)
    assert posted.changes == {"one": "a", "many": ["a", "b"], "homes": None}
    assert list(posted.errors) == ["hours"]
    assert posted.typed["hours"].text == "lots"
    assert posted.seen["one"] == 2


def test_a_question_that_was_not_on_the_page_is_left_alone() -> None:
    posted = read_section_form(MultiDict({"one": "a", "hours.seen": "0"}), QUESTIONS)
    assert posted.questions == ["hours"]
    assert posted.changes == {"hours": None}


def test_radios_that_send_nothing_take_nothing_back_but_boxes_do() -> None:
    posted = read_section_form(form(), QUESTIONS)
    assert "one" not in posted.changes
    assert posted.changes["many"] is None
    assert posted.changes["hours"] is None


def test_an_option_nobody_offered_gets_a_sentence() -> None:
    posted = read_section_form(form(("one", "zzz"), ("many", "a"), ("many", "zzz")), QUESTIONS)
    assert list(posted.errors["one"]) == ["Choose one of the answers in the list."]
    assert list(posted.errors["many"]) == ["Choose only answers in the list."]


def test_a_row_can_be_removed_by_its_button() -> None:
    rows = (("homes.0.people", "1"), ("homes.1.people", "2"), ("homes.2.people", "3"))
    posted = read_section_form(form(*rows, ("remove", "homes.1")), QUESTIONS)
    assert posted.changes["homes"] == [{"people": 1}, {"people": 3}]


def test_faults_of_cells_stand_at_the_row_of_the_page() -> None:
    posted = read_section_form(form(("homes.0.people", ""), ("homes.1.people", "many")), QUESTIONS)
    assert list(posted.errors["homes"]) == [1]


def test_proof_is_asked_for_safeguards_only() -> None:
    posted = read_section_form(form(("one.proof", "yes"), ("homes.proof", "yes")), QUESTIONS)
    assert posted.proof_asked == ["one"]
    assert posted.proof_noted == {"one"}


def test_after_a_conflict_theirs_is_left_alone_and_mine_goes_with_the_newest_revision() -> None:
    posted = read_section_form(
        form(("one", "a"), ("one.pick", "theirs"), ("hours", "5"), ("hours.pick", "mine"), ("hours.newest", "7")),
        QUESTIONS,
    )
    assert "one" not in posted.questions
    assert posted.changes["hours"] == 5
    assert posted.seen["hours"] == 7


_NAMES = st.sampled_from(
    ["one", "many", "hours", "homes", "one.seen", "many.seen", "hours.seen", "homes.seen", "hours.dk", "homes.none", "homes.0.people",
     "homes.0.kind", "homes.1.people", "homes.99.people", "remove", "add", "one.pick", "one.newest", "other"]
)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            _NAMES,
            st.sampled_from(["a", "none", "dk", "5", "homes.0", "homes.9999999", "mine", "٣"]) | st.text(max_size=12),
        )
    )
)
def test_whatever_is_posted_every_question_is_kept_or_gets_its_sentence(pairs: list[tuple[str, str]]) -> None:
    posted = read_section_form(MultiDict(pairs), QUESTIONS)
    for name in posted.questions:
        assert not (name in posted.changes and name in posted.errors)
        assert name in posted.typed
