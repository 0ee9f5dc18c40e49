from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import AnswerValue, Edition, Question
from assess.engine.bank_reader import read_condition
from assess.engine.conditions import Condition, Lookup, NoValue, Verdict, compile_condition, judge
from assess.engine.dry_run import (
    DryRunCounts,
    DryRunOutcome,
    DryRunRow,
    PastSubmission,
    ScoreAndBand,
    answers_once_confirmed,
    dry_run_submissions,
)
from assess.engine.satisfiability import MAX_STEPS, Subject, _AnswerSearch, can_be_true
from assess.engine.scoring import score_answers
from tests.builders import a_bank, a_question, a_sign_question, an_option, some_settings
from tests.engine import real_banks
from tests.engine.random_banks import a_random_bank
from tests.engine.test_properties import known_answer

LETTERS = tuple("abcdefgh")
SUBJECTS = {
    one.id: one
    for one in [
        Subject("one", "choice", ("a", "b", "dk")),
        Subject("many", "choices", (*LETTERS, "none", "dk")),
        Subject("count", "number"),
        Subject("share", "percentage"),
        Subject("day", "date"),
        Subject("fact", "yes_no"),
        Subject("words", "text"),
        Subject("later", "choice", ("x", "y"), read_condition({"one": {"is": "a"}})),
    ]
}


def reachable(raw: object) -> bool:
    return can_be_true(read_condition(raw), SUBJECTS)


def test_what_some_answer_makes_true_can_be_true() -> None:
    for raw in [
        "always",
        {"one": {"is": "dk"}},
        {"many": {"is": ["a", "c"]}},
        {"many": {"is": "none"}},
        {"all": [{"many": {"includes": letter}} for letter in LETTERS]},
        {"all": [{"count": {"more_than": 3}}, {"count": {"less_than": 4}}]},
        {"not": {"count": {"at_least": 0}}},
        {"share": {"at_least": 100}},
        {"all": [{"day": {"after": "2026-01-01"}}, {"day": {"before": "2026-01-03"}}]},
        {"fact": {"is": False}},
        {"asked": "words"},
        {"all": [{"one": {"is": "a"}}, {"later": {"is": "y"}}]},
        {"not": {"many": {"includes_any": ["a", "b"]}}},
    ]:
        assert reachable(raw), raw


def test_what_no_answer_makes_true_is_found_out() -> None:
    for raw in [
        {"one": {"is": "z"}},
        {"all": [{"one": {"is": "a"}}, {"one": {"is": "b"}}]},
        {"all": [{"one": {"is": "b"}}, {"later": {"is": "x"}}]},
        {"all": [{"one": {"is": "b"}}, {"asked": "later"}]},
        {"many": {"is": ["none", "a"]}},
        {"all": [{"many": {"includes": "none"}}, {"many": {"includes": "a"}}]},
        {"share": {"more_than": 100}},
        {"all": [{"count": {"more_than": 4}}, {"count": {"less_than": 4}}]},
        {"all": [{"day": {"after": "2026-01-01"}}, {"day": {"before": "2026-01-01"}}]},
        {"at_least_of": {"n": 2, "of": [{"one": {"is": "a"}}, {"one": {"is": "b"}}]}},
        {"nobody": {"is": "x"}},
        {"all": [{"fact": {"is": True}}, {"not": {"fact": {"is": True}}}]},
        {"many": {"is": ["a", "z"]}},
    ]:
        assert not reachable(raw), raw


def test_a_day_that_is_none_is_not_searched_for() -> None:
    assert not can_be_true(read_condition({"day": {"is": "never"}}), SUBJECTS)


def random_condition(chance: random.Random, depth: int) -> dict[str, Any]:
    if depth == 0 or chance.random() < 0.3:
        subject = chance.choice(["one", "many", "later"])
        if subject == "many":
            test = chance.choice(["includes", "is"])
            return {subject: {test: chance.choice(["a", "b", "none"])}}
        return {subject: {"is": chance.choice(["a", "b"] if subject == "one" else ["x", "y"])}}
    branch = chance.choice(["all", "any", "not", "at_least_of"])
    parts = [random_condition(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    if branch == "not":
        return {"not": parts[0]}
    if branch == "at_least_of":
        return {"at_least_of": {"n": chance.randint(1, len(parts)), "of": parts}}
    return {branch: parts}


def all_answers() -> list[dict[str, object]]:
    many = [
        [],
        *([list(chosen) for chosen in product("ab", repeat=1)]),
        ["a", "b"],
        ["c"],
        ["a", "c"],
        ["b", "c"],
        ["a", "b", "c"],
    ]
    found: list[dict[str, object]] = []
    for one, several, later in product(["a", "b", "dk"], [*many[1:], ["none"], ["dk"]], ["x", "y"]):
        found.append({"one": one, "many": several, "later": later if one == "a" else NoValue.HIDDEN})
    return found


def test_the_search_agrees_with_trying_every_answer() -> None:
    chance = random.Random(41)
    everything = all_answers()
    seen = set()
    for _ in range(400):
        condition: Condition = read_condition(random_condition(chance, 3))
        truth = any(judge(condition, answers.__getitem__) is Verdict.TRUE for answers in everything)
        assert can_be_true(condition, SUBJECTS) == truth, condition
        seen.add(truth)
    assert seen == {True, False}


def test_a_search_that_grows_too_large_believes_the_condition() -> None:
    subjects = {f"q{number}": Subject(f"q{number}", "choice", tuple("abcdefgh")) for number in range(12)}
    parts = [{"any": [{name: {"is": letter}} for letter in "abcdefgh"]} for name in subjects]
    condition = read_condition({"all": [{"not": {"all": parts}}, {"not": {"not": {"all": parts}}}]})
    tried: list[None] = []
    judges = compile_condition(condition)

    def counted(session: Lookup) -> Verdict:
        tried.append(None)
        return judges(session)

    assert _AnswerSearch(counted, [(name, None, tuple("abcdefgh")) for name in subjects]).finds()
    assert len(tried) == MAX_STEPS
    started = time.process_time()  # of this process alone: others on the machine may take as long as they like
    assert can_be_true(condition, subjects)
    assert time.process_time() - started < 20, f"{MAX_STEPS} steps took too long"


PAY, HOME = a_question("pay", dimension="pay"), a_question("home", dimension="home")
OLD = a_bank(PAY, HOME)
SETTINGS = some_settings(base={"small": 60})


def rehearsed(new: Edition, old: Edition = OLD, **answers: AnswerValue) -> DryRunRow:
    (one,) = dry_run_submissions(old, new, [PastSubmission("one", answers or {"pay": "bad", "home": "good"})], SETTINGS)
    return one


def harder(question: Question, points: float) -> Question:
    return replace(question, options=tuple(replace(one, points=points) for one in question.options))


def test_other_words_change_nothing() -> None:
    one = rehearsed(a_bank(replace(PAY, ask="Anew?"), HOME))
    assert (one.outcome, one.because) == (DryRunOutcome.SAME, ())
    assert one.before == one.after


def test_other_points_are_named_as_the_reason() -> None:
    one = rehearsed(a_bank(harder(PAY, 0), HOME))
    assert one.because == ("pay",)
    assert one.after.score < one.before.score


def test_another_band_is_told() -> None:
    one = rehearsed(a_bank(PAY, harder(HOME, 4)))
    assert (one.outcome, one.because) == (DryRunOutcome.BAND, ("home",))
    assert one.before.band != one.after.band


def test_a_sign_that_comes_is_a_reason() -> None:
    old, new = a_sign_question("keep"), a_sign_question("keep")
    new = replace(new, options=tuple(replace(one, sign=None) for one in new.options), can_sign=False)
    worst = next(one.id for one in old.options if one.sign)
    one = rehearsed(a_bank(PAY, new), a_bank(PAY, old), pay="good", keep=worst)
    assert (one.outcome, one.because) == (DryRunOutcome.BAND, ("keep",))


def test_a_scored_answer_left_behind_cannot_be_compared() -> None:
    one = rehearsed(a_bank(PAY))
    assert (one.outcome, tuple(one.carried.left_behind)) == (DryRunOutcome.NOT_COMPARABLE, ("home",))


def test_a_scored_question_nobody_was_asked_cannot_be_compared() -> None:
    one = rehearsed(a_bank(PAY, HOME, a_question("hours", dimension="hours")))
    assert (one.outcome, one.newly_missing) == (DryRunOutcome.NOT_COMPARABLE, ("hours",))


def test_a_fact_that_comes_or_goes_leaves_the_score_comparable() -> None:
    size = a_question("size", kind="fact", options=(an_option("big", None), an_option("small", None)))
    assert rehearsed(a_bank(size, PAY, HOME)).outcome is DryRunOutcome.SAME
    assert rehearsed(OLD, a_bank(size, PAY, HOME), size="big", pay="bad", home="good").outcome is DryRunOutcome.SAME


def test_evidence_goes_along_with_a_question_that_is_called_something_else() -> None:
    new = a_bank(replace(PAY, id="wages", replaces="pay"), HOME)
    past = PastSubmission("one", {"pay": "good", "home": "good"}, evidence=frozenset({"pay"}))
    (one,) = dry_run_submissions(OLD, new, [past], SETTINGS)
    assert one.after.score == one.before.score


def test_what_is_counted_together() -> None:
    new = a_bank(PAY, harder(HOME, 4))
    past = [PastSubmission(str(n), {"pay": "bad", "home": "good"}) for n in range(3)] + [
        PastSubmission("late", {"pay": "bad", "home": "bad"})
    ]
    counted = DryRunCounts()
    for one in dry_run_submissions(OLD, new, past, SETTINGS):
        counted.add(one)
    assert counted.all == 4
    assert counted.outcomes[DryRunOutcome.BAND] == 3
    assert counted.because["home"] >= 3
    assert sum(counted.moves.values()) == 4


def answers_for(rnd: Random, bank: Edition) -> dict[str, AnswerValue]:
    return {question.id: known_answer(rnd, question) for question in bank.questions() if rnd.random() < 0.9}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_foretold_is_what_happens(seed: int) -> None:
    rnd = Random(seed)
    old, new = a_random_bank(rnd), a_random_bank(rnd)
    answers = answers_for(rnd, old)
    (one,) = dry_run_submissions(old, new, [PastSubmission("one", answers)], SETTINGS)
    then = score_answers(new, answers_once_confirmed(one.carried), SETTINGS)
    assert one.after == ScoreAndBand(then.score, then.band)
    if one.outcome is DryRunOutcome.SAME:
        assert one.before == one.after


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_an_edition_rehearsed_on_itself_changes_nothing(seed: int) -> None:
    rnd = Random(seed)
    bank = real_banks.edition_of(rnd.choice(real_banks.BANKS))
    answers = answers_for(rnd, bank)
    (one,) = dry_run_submissions(bank, bank, [PastSubmission("one", answers)], real_banks.settings())
    assert (one.outcome, one.because, one.newly_missing) == (DryRunOutcome.SAME, (), ())


def test_what_cannot_be_compared_moves_to_no_band() -> None:
    counted = DryRunCounts()
    past = [PastSubmission("one", {"pay": "bad", "home": "good"})]
    for one in dry_run_submissions(OLD, a_bank(PAY), past, SETTINGS):
        counted.add(one)
    assert (counted.outcomes, counted.moves) == ({DryRunOutcome.NOT_COMPARABLE: 1}, {})
