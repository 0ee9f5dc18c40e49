from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import AnswerValue, Edition, Question
from assess.engine.dry_run import (
    DryRunCounts,
    DryRunOutcome,
    DryRunRow,
    PastSubmission,
    ScoreAndBand,
    answers_once_confirmed,
    dry_run_submissions,
)
from assess.engine.scoring import score_answers
from tests.builders import a_bank, a_question, a_sign_question, an_option, some_settings
from tests.engine import real_banks
from tests.engine.random_banks import a_random_bank
from tests.engine.test_properties import known_answer

PAY, HOME = a_question("pay", dimension="pay"), a_question("home", dimension="home")
OLD = a_bank(PAY, HOME)
SETTINGS = some_settings(base={"small": 60})


def dry_run_of(new: Edition, old: Edition = OLD, **answers: AnswerValue) -> DryRunRow:
    (one,) = dry_run_submissions(old, new, [PastSubmission("one", answers or {"pay": "bad", "home": "good"})], SETTINGS)
    return one


def harder(question: Question, points: float) -> Question:
    return replace(question, options=tuple(replace(one, points=points) for one in question.options))


def test_other_words_change_nothing() -> None:
    one = dry_run_of(a_bank(replace(PAY, ask="Anew?"), HOME))
    assert (one.outcome, one.because) == (DryRunOutcome.SAME, ())
    assert one.before == one.after


def test_other_points_are_named_as_the_reason() -> None:
    one = dry_run_of(a_bank(harder(PAY, 0), HOME))
    assert one.because == ("pay",)
    assert one.after.score < one.before.score


def test_another_band_is_told() -> None:
    one = dry_run_of(a_bank(PAY, harder(HOME, 4)))
    assert (one.outcome, one.because) == (DryRunOutcome.BAND, ("home",))
    assert one.before.band != one.after.band


def test_a_sign_that_comes_is_a_reason() -> None:
    old, new = a_sign_question("keep"), a_sign_question("keep")
    new = replace(new, options=tuple(replace(one, sign=None) for one in new.options), can_sign=False)
    worst = next(one.id for one in old.options if one.sign)
    one = dry_run_of(a_bank(PAY, new), a_bank(PAY, old), pay="good", keep=worst)
    assert (one.outcome, one.because) == (DryRunOutcome.BAND, ("keep",))


def test_a_scored_answer_left_behind_cannot_be_compared() -> None:
    one = dry_run_of(a_bank(PAY))
    assert (one.outcome, tuple(one.carried.left_behind)) == (DryRunOutcome.NOT_COMPARABLE, ("home",))


def test_a_scored_question_nobody_was_asked_cannot_be_compared() -> None:
    one = dry_run_of(a_bank(PAY, HOME, a_question("hours", dimension="hours")))
    assert (one.outcome, one.newly_missing) == (DryRunOutcome.NOT_COMPARABLE, ("hours",))


def test_a_fact_that_comes_or_goes_leaves_the_score_comparable() -> None:
    size = a_question("size", kind="fact", options=(an_option("big", None), an_option("small", None)))
    assert dry_run_of(a_bank(size, PAY, HOME)).outcome is DryRunOutcome.SAME
    assert dry_run_of(OLD, a_bank(size, PAY, HOME), size="big", pay="bad", home="good").outcome is DryRunOutcome.SAME


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
def test_a_dry_run_of_an_edition_on_itself_changes_nothing(seed: int) -> None:
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
