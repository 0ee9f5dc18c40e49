"""Every number of the catalogue has a bad bank, and the words around it hold together."""

from __future__ import annotations

import gc
import re
import weakref
from pathlib import Path
from typing import Any

import pytest

from assess.engine.assessing import EngineInput, assess
from assess.engine.bank import Column, Section
from assess.engine.conditions import AllOf, Asked, Leaf, Not, NoValue
from assess.engine.free_text import (
    REMOVED_TEXT,
    contains_text,
    free_text_answer_paths,
    free_text_paths,
    leaf_hash,
    root_hash,
    takes_free_text,
    text_at,
    with_texts_removed,
)
from assess.engine.problems import (
    PROBLEM_KINDS,
    DuplicateProblemError,
    Problem,
    ProblemKind,
    _kinds_by_number,
    did_you_mean,
)
from assess.engine.text_normalise import misleading_character, normalise_name, singular, without_suffix_word
from assess.engine.visibility import (
    QuestionState,
    compiled_questions,
    question_states,
    quick_edition,
    settle_visibility,
)
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.builders import a_bank, a_check, a_number, a_question
from tests.engine.real_banks import BANKS, TODAY, edition_of, examples_of, good_answers
from tests.reference_data import real

BAD_BANKS = Path(__file__).parent / "bad_banks"


def test_every_number_has_exactly_one_bad_bank() -> None:
    assert sorted(f"BANK{path.name[:3]}" for path in BAD_BANKS.iterdir()) == sorted(PROBLEM_KINDS)


def test_every_bad_bank_says_what_is_bad_about_it() -> None:
    for path in BAD_BANKS.iterdir():
        kind = PROBLEM_KINDS[f"BANK{path.name[:3]}"]
        first = path.read_text(encoding="utf-8", errors="replace").splitlines()[0]
        assert first.removesuffix("  # <- here") == f"# {kind.number}: {kind.title}."


@pytest.mark.parametrize("kind", PROBLEM_KINDS.values(), ids=lambda kind: kind.number)
def test_every_problem_has_a_title_and_a_repair_in_one_or_two_sentences(kind: ProblemKind) -> None:
    assert re.fullmatch(r"BANK\d{3}", kind.number)
    assert kind.title[0].isupper() or kind.title.startswith("“")
    assert not kind.title.endswith(".")
    assert kind.repair.endswith(".")
    assert "!" not in kind.title.replace("a tag with !", "").replace("A tag with !", "")


def test_two_problems_cannot_share_a_number() -> None:
    with pytest.raises(DuplicateProblemError):
        _kinds_by_number([ProblemKind("BANK001", "One", "Mend."), ProblemKind("BANK001", "Two", "Mend.")])


def test_a_problem_says_its_cause_and_its_repair() -> None:
    problem = Problem("BANK006", ("title",), "The key “title” stands here for the second time.")
    assert problem.message == "The key “title” stands here for the second time. Keep one of the two."
    assert not problem.warning
    assert Problem("BANK071", (), "Old.").warning


def test_the_closest_known_word_is_named_if_it_is_close() -> None:
    assert did_you_mean("show_iff", ["show_if", "ask"]) == "; did you mean “show_if”?"
    assert did_you_mean("entirely_different", ["show_if", "ask"]) == "."
    assert did_you_mean("entirely_different", ["show_if", "ask"], otherwise=": take it out.") == ": take it out."
    assert did_you_mean("wroker", ["worker", "employer"], otherwise="") == "; did you mean “worker”?"


SETTINGS = settings_from(bundled_files(), TODAY)


def test_one_call_gives_result_facts_duties_and_plan_of_the_same_answers() -> None:
    edition = edition_of("farming")
    example = next(example for example in examples_of("farming") if example.title == "farming medium")
    assessed = assess(edition, EngineInput(example.answers, {"operates_in": ["ENG"]}), SETTINGS, TODAY)
    assert assessed.result.band == "medium"
    assert assessed.derived["uses_seasonal_worker_visa"] is True
    assert assessed.facts["operates_in"] == ["ENG"]
    assert {judged.duty.id for judged in assessed.duties} == {duty.id for duty in edition.duty_book.duties}
    assert {step.id for step in assessed.plan.do_first if step.what == "action"} <= {
        action.tracking_id for action in assessed.plan.actions
    }


def test_a_given_fact_wins_over_what_the_answers_tell() -> None:
    example = next(example for example in examples_of("farming") if example.title == "farming medium")
    given = EngineInput(example.answers, {"uses_seasonal_worker_visa": False})
    assert assess(edition_of("farming"), given, SETTINGS, TODAY).facts["uses_seasonal_worker_visa"] is False


@pytest.mark.parametrize("bank", BANKS)
def test_a_quick_check_asks_less_and_never_says_low(bank: str) -> None:
    edition = edition_of(bank)
    example = next(example for example in examples_of(bank) if example.title == f"{bank} low")
    answers = good_answers(edition, example.answers)
    quick = assess(edition, EngineInput(answers, {}, quick=True), SETTINGS, TODAY)
    whole = assess(edition, EngineInput(answers, {}), SETTINGS, TODAY)
    assert quick.result.shown < whole.result.shown
    assert (quick.result.band, quick.result.reasons) == ("not_rated", ("quick",))
    assert (whole.result.band, whole.result.reasons) == ("low", ())
    assert (quick.buyer.band, quick.buyer.exposure, quick.buyer.bars) == (None, None, ())
    assert whole.buyer.band == "low"


FULL = a_bank(
    sections=(
        Section("one", "One", (a_question("a", quick=True), a_question("b"))),
        Section("two", "Two", (a_question("c"),)),
        Section("three", "Three", (a_question("d", quick=True, show_if=Leaf("b", "is", "bad")),)),
    )
)


def test_only_quick_questions_exist_and_empty_sections_drop_out() -> None:
    quick = quick_edition(FULL)
    assert [section.id for section in quick.sections] == ["one", "three"]
    assert [question.id for question in quick.questions()] == ["a", "d"]


def test_a_question_behind_one_that_is_not_quick_stays_hidden() -> None:
    assert question_states(quick_edition(FULL), {"a": "bad", "b": "bad"}) == {
        "a": QuestionState.SHOWN,
        "d": QuestionState.HIDDEN,
    }


def test_it_is_made_once_and_doing_it_again_changes_nothing() -> None:
    assert quick_edition(FULL) is quick_edition(FULL)
    assert quick_edition(quick_edition(FULL)).sections == quick_edition(FULL).sections


FIRST = a_question("first")
SECOND = a_question("second", show_if=Leaf("first", "is", "poor"))
THIRD = a_question("third", show_if=Not(Leaf("second", "is", "good")))


def test_a_question_is_shown_pending_or_hidden_as_its_condition_is_true_unknown_or_neither() -> None:
    bank = a_bank(FIRST, SECOND, THIRD)
    assert question_states(bank, {}) == {
        "first": QuestionState.SHOWN,
        "second": QuestionState.PENDING,
        "third": QuestionState.PENDING,
    }
    assert question_states(bank, {"first": "good"}) == {
        "first": QuestionState.SHOWN,
        "second": QuestionState.HIDDEN,
        "third": QuestionState.HIDDEN,
    }
    assert question_states(bank, {"first": "poor", "second": "bad"}) == dict.fromkeys(
        ("first", "second", "third"), QuestionState.SHOWN
    )


def test_dont_know_is_an_answer_and_leads_on() -> None:
    bank = a_bank(FIRST, SECOND)
    assert question_states(bank, {"first": "dk"})["second"] is QuestionState.HIDDEN


def test_the_answer_of_a_hidden_question_is_left_aside() -> None:
    settled = settle_visibility(a_bank(FIRST, SECOND), {"first": "good", "second": "bad"})
    assert settled.answers["second"] is NoValue.HIDDEN
    assert (settled.missing, settled.pending, settled.shown) == ((), (), 1)


def test_missing_are_the_shown_without_an_answer_and_none_is_no_answer() -> None:
    settled = settle_visibility(a_bank(FIRST, SECOND, a_question("last")), {"first": None})
    assert settled.missing == ("first", "last")
    assert settled.pending == ("second",)
    assert settled.shown == 2


def test_what_an_edition_does_not_ask_reads_as_hidden() -> None:
    needs = a_question("needs", show_if=AllOf((Leaf("elsewhere", "is", "yes"), Asked("elsewhere"))))
    says = a_check(when=Leaf("nowhere", "is", "yes"), unless=Leaf("no_place", "is", "yes"))
    bank = a_bank(needs, checks=[says])
    assert question_states(bank, {"elsewhere": "yes"}) == {"needs": QuestionState.HIDDEN}
    assert set(compiled_questions(bank).absent) == {"elsewhere", "nowhere", "no_place"}


def test_routes_are_made_once_and_go_with_their_edition() -> None:
    bank = a_bank(FIRST)
    assert compiled_questions(bank) is compiled_questions(bank)
    gone = weakref.ref(bank)
    del bank
    gc.collect()
    assert gone() is None


TEXT = a_question("said", type="text", kind="fact", options=())
TABLE = a_question(
    "sites",
    type="table",
    kind="fact",
    options=(),
    columns=(Column(id="place", label="Place", type="text"), Column(id="people", label="People", type="number")),
)


def test_only_texts_and_tables_with_a_column_for_it_are_written_freely() -> None:
    assert [takes_free_text(one) for one in (TEXT, TABLE, a_number())] == [True, True, False]


def test_paths_lead_to_each_free_text_and_to_rows_that_repeat_it() -> None:
    edition = a_bank(TEXT, TABLE, a_number())
    rows = [{"place": "Hall", "people": 2}, {"people": 3}]
    sections: list[dict[str, Any]] = [
        {
            "questions": [
                {"id": "said", "answer": "free", "answer_text": "free"},
                {"id": "sites", "answer": rows, "answer_text": ["Place: Hall; People: 2", "People: 3"]},
                {"id": "n", "answer": 4, "answer_text": "4"},
            ]
        }
    ]
    assert isinstance(edition.sections[0], Section)
    paths = free_text_answer_paths(edition, sections)
    record = {"sections": sections, "own_words": paths}
    assert [text_at(record, path) for path in free_text_paths(record)] == [
        "free",
        "free",
        "Hall",
        "Place: Hall; People: 2",
    ]
    marked = with_texts_removed(record, paths)
    assert "Hall" not in str(marked)
    assert "Hall" in str(record), "the record itself is left as it is"
    with pytest.raises(LookupError):
        text_at(record, "/nowhere")


def test_what_is_bought_is_free_text_with_its_supplier() -> None:
    line = {"good": "x", "known_as": None, "name": "x", "business_only": {"supplier": "s"}}
    known = {"good": "tea", "known_as": "tea", "name": "Tea", "business_only": {"supplier": ""}}
    record = {"purchases": {"lines": [line, known], "steps": [{"line": 0, "good": "x"}]}}
    here = "/purchases/lines"
    assert free_text_paths(record) == (
        f"{here}/0/good",
        f"{here}/0/name",
        f"{here}/0/business_only/supplier",
        f"{here}/1/good",
        "/purchases/steps/0/good",
    )


def test_a_row_in_words_holds_its_cells_whole() -> None:
    assert contains_text("Hall", "Place: Hall; People: 2")
    assert contains_text("Hall", "Hall")
    assert not contains_text("Hal", "Place: Hall; People: 2")
    assert not contains_text("Hall", 3)


def test_the_root_changes_with_every_leaf_and_with_the_rest_but_not_with_a_marked_text() -> None:
    record = {"a": "text", "b": 1}
    leaves = {"/a": leaf_hash("00", "/a", "text")}
    assert root_hash(record, leaves) == root_hash({"a": REMOVED_TEXT, "b": 1}, leaves)
    assert root_hash(record, leaves) != root_hash({"a": "text", "b": 2}, leaves)
    assert root_hash(record, leaves) != root_hash(record, {"/a": leaf_hash("01", "/a", "text")})


@pytest.mark.parametrize("answer", [None, "", "dk"])
def test_a_text_that_was_not_given_has_no_path(answer: str | None) -> None:
    said = {"id": "said", "answer": answer, "answer_text": "Don’t know"}
    assert free_text_answer_paths(a_bank(TEXT), [{"questions": [said]}]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Labour providers", "labour provider"),
        ("agencies", "agency"),
        ("The Cleaners", "our cleaner"),
        ("waitresses", "Waitress"),
        ("car-washes", "car wash"),
        ("potatoes", "potato"),
        ("au pairs", "an au pair"),
        ("Café", "cafe"),
        ("cow’s milk", "cows milk"),
    ],
)
def test_two_ways_to_write_one_name_are_one(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(("one", "other"), [("glass", "glance"), ("cloths", "clothes"), ("oven cleaner", "cleaner")])
def test_two_names_stay_two(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


def test_short_words_and_words_that_only_look_like_a_plural_stay_as_they_are() -> None:
    assert [singular(word) for word in ("gas", "glass", "bus", "chassis", "pies", "shoes")] == [
        "gas", "glass", "bus", "chassis", "pie", "shoe",
    ]  # fmt: skip


def test_a_word_behind_the_name_of_work_changes_nothing() -> None:
    assert without_suffix_word("laundry service") == "laundry"
    assert without_suffix_word("laundry") is None
    assert without_suffix_word("staff") is None
    assert without_suffix_word("laundry soap") is None


def test_the_names_of_our_lists_are_still_told_apart() -> None:
    """What one name loosely is, no other offer that counts differently is by its own key."""
    for offer in real().offers.values():
        found = real().offer(offer.name)
        assert found is not None
        assert plain_goods(found.key) >= plain_goods(offer.key), (offer.key, found.key)


def plain_goods(key: str) -> set[str]:
    return {good for good, _ in real().offers[key].goods}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 0300\u202e 4321", "U+202E"),
        ("Call\u200b now", "U+200B"),
        ("Call 0３00", "U+FF13"),
        ("Call ٣", "U+0663"),
        ("wage\u2028", "U+2028"),
        ("Pay£\u00a012.21 – “at least”, café\tor more\r\n", None),
    ],
)
def test_the_first_letter_that_is_not_what_it_looks_like(text: str, found: str | None) -> None:
    assert misleading_character(text) == found
