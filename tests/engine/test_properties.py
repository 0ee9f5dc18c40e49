"""What holds for every bank and all answers: proven over random banks, and over the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine import possible_verdicts
from assess.engine.bank import DONT_KNOW, Answers, AnswerValue, Edition, Question
from assess.engine.conditions import CompiledCondition, Condition, Lookup, NoValue, Verdict, compile_condition
from assess.engine.points import is_dont_know
from assess.engine.question_types import answer_scorer
from assess.engine.result import Result
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings
from assess.engine.visibility import QuestionState, question_states
from tests.builders import some_settings
from tests.engine import real_banks
from tests.engine.random_banks import a_random_bank

SEEDS = st.integers(0, 2**48)
"""Banks and answers grow from one number: drawing each of their choices would cost more than all scoring."""

Case = tuple[Edition, ScoringSettings]


def cases(rnd: Random) -> Iterator[Case]:
    """One random bank, and one of the real ones."""
    yield a_random_bank(rnd), some_settings()
    yield real_banks.edition_of(rnd.choice(real_banks.BANKS)), real_banks.settings()


def completed(rnd: Random, edition: Edition, answers: dict[str, AnswerValue]) -> Iterator[dict[str, AnswerValue]]:
    """The answers, then one more at a time in any order, until every shown question has a real one."""
    questions = {question.id: question for question in edition.questions()}
    answers = dict(answers)
    yield answers
    while True:
        open_ones = [
            name
            for name, state in question_states(edition, answers).items()
            if state is QuestionState.SHOWN and (name not in answers or is_dont_know(answers[name]))
        ]
        if not open_ones:
            return
        name = rnd.choice(open_ones)
        answers = answers | {name: known_answer(rnd, questions[name])}
        yield answers


def known_answer(rnd: Random, question: Question) -> AnswerValue:
    while True:
        answer = real_banks.an_answer(rnd, question)
        if not is_dont_know(answer):
            return answer


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_the_final_score_lies_in_every_earlier_range_and_each_answer_narrows_it(seed: int) -> None:
    rnd = Random(seed)
    edition = a_random_bank(rnd)
    answers = real_banks.some_answers(rnd, edition, unknown=0.2, missing=0.6)
    results = [score_answers(edition, some, some_settings()) for some in completed(rnd, edition, answers)]
    assert_narrowing(results)


@pytest.mark.no_cover
@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_the_same_holds_for_the_real_banks(seed: int) -> None:
    rnd = Random(seed)
    edition = real_banks.edition_of(rnd.choice(real_banks.BANKS))
    answers = real_banks.some_answers(rnd, edition, unknown=0.2, missing=rnd.choice((0.2, 0.6, 1)))
    results = [score_answers(edition, some, real_banks.settings()) for some in completed(rnd, edition, answers)]
    assert_narrowing(results)


def assert_narrowing(results: list[Result]) -> None:
    last = results[-1]
    assert last.range_low == last.score == last.range_high
    for before, after in pairwise(results):
        assert before.range_low <= after.range_low <= after.range_high <= before.range_high
        assert before.range_low <= before.score <= before.range_high


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_answers_to_hidden_questions_change_nothing(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition)
        hidden = {name for name, state in question_states(edition, answers).items() if state is QuestionState.HIDDEN}
        kept = {name: value for name, value in answers.items() if name not in hidden}
        assert question_states(edition, kept) == question_states(edition, answers)
        assert score_answers(edition, kept, numbers) == score_answers(edition, answers, numbers)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_an_answer_changes_only_later_questions(seed: int) -> None:
    rnd = Random(seed)
    for edition, _ in cases(rnd):
        answers = real_banks.some_answers(rnd, edition, missing=0.4)
        name = rnd.choice(edition.questions()).id
        question = next(one for one in edition.questions() if one.id == name)
        before, after = (
            question_states(edition, answers),
            question_states(edition, answers | {name: real_banks.an_answer(rnd, question)}),
        )
        earlier = list(before)[: list(before).index(name) + 1]
        assert [before[one] for one in earlier] == [after[one] for one in earlier]


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_when_every_shown_question_is_answered_nothing_is_pending(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition, missing=0)
        result = score_answers(edition, answers, numbers)
        assert result.missing == result.pending == ()
        assert QuestionState.PENDING not in question_states(edition, answers).values()


@pytest.mark.no_cover
@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_the_order_of_answering_does_not_matter(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition, missing=0.2)
        shuffled = dict(rnd.sample(list(answers.items()), len(answers)))
        assert score_answers(edition, shuffled, numbers) == score_answers(edition, answers, numbers)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_a_better_answer_never_raises_the_score_and_moves_no_other_gap(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition, missing=0.1)
        before = score_answers(edition, answers, numbers)
        if not before.lines:
            continue
        line = rnd.choice(before.lines)
        question = next(one for one in edition.questions() if one.id == line.question)
        answer = real_banks.an_answer(rnd, question)
        cost = answer_scorer(question, numbers)(answer).points
        after = score_answers(edition, answers | {question.id: answer}, numbers)
        if [one.question for one in after.lines] != [one.question for one in before.lines]:
            continue
        assert (after.score <= before.score) if cost <= line.points else (after.score >= before.score)
        moved = {one.id for one, other in zip(before.dimensions, after.dimensions, strict=True) if one != other}
        assert moved <= ({line.dimension} if line.kind == "safeguard" else set())


@pytest.mark.no_cover
@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_not_knowing_never_costs_less_than_any_answer_that_shows_the_same(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition, missing=0.1)
        lines = score_answers(edition, answers, numbers).lines
        if not lines:
            continue
        name = rnd.choice(lines).question
        question = next(one for one in edition.questions() if one.id == name)
        told = score_answers(edition, answers | {question.id: known_answer(rnd, question)}, numbers)
        unknown: AnswerValue = [DONT_KNOW] if question.type == "choices" else DONT_KNOW
        silent = {name: value for name, value in answers.items() if name != question.id}
        ways = [silent] if not real_banks.can_be_unknown(question) else [silent, answers | {question.id: unknown}]
        for way in ways:
            nobody = score_answers(edition, way, numbers)
            if [one.question for one in nobody.lines] == [one.question for one in told.lines]:
                assert nobody.score >= told.score
                assert nobody.exposure >= told.exposure
                assert nobody.confidence <= told.confidence


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_a_better_answer_never_lowers_confidence(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition, missing=0.1)
        noted = frozenset(name for name in answers if rnd.random() < 0.5)
        before = score_answers(edition, answers, numbers, evidence=noted)
        if not before.lines:
            continue
        line = rnd.choice(before.lines)
        question = next(one for one in edition.questions() if one.id == line.question)
        better = score_answers(
            edition, answers | {question.id: real_banks.best_answer(question)}, numbers, evidence=noted
        )
        if [one.question for one in better.lines] == [one.question for one in before.lines]:
            assert better.confidence >= before.confidence
            assert better.score <= before.score


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_whoever_adds_evidence_only_gains_confidence(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        answers = real_banks.some_answers(rnd, edition)
        few = frozenset(name for name in answers if rnd.random() < 0.3)
        more = few | {name for name in answers if rnd.random() < 0.3}
        assert (
            score_answers(edition, answers, numbers, evidence=few).confidence
            <= score_answers(edition, answers, numbers, evidence=more).confidence
        )


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_a_quick_check_asks_nothing_but_quick_questions(seed: int) -> None:
    rnd = Random(seed)
    for edition, numbers in cases(rnd):
        quick = {question.id for question in edition.questions() if question.quick}
        answers = real_banks.some_answers(rnd, edition)
        result = score_answers(edition, answers, numbers, quick=True)
        assert {line.question for line in result.lines} | set(result.missing) <= quick
        assert result.band != "low"
        only = {name: value for name, value in answers.items() if name in quick}
        assert result == score_answers(edition, only, numbers, quick=True)


# ---- would these tests notice? ----------------------------------------------------------------------------------------
def two_valued(condition: Condition, *_: object) -> CompiledCondition:
    """A wrong rule: what was never asked counts as saying no."""
    right = compile_condition(condition)

    def judged(lookup: Lookup) -> Verdict:
        return right(lambda subject: "" if lookup(subject) is NoValue.HIDDEN else lookup(subject))

    return judged


def heedless(answers: Answers) -> Callable[..., CompiledCondition]:
    """A wrong rule: an answer counts even though its question is hidden."""

    def patched(condition: Condition, *_: object) -> CompiledCondition:
        right = compile_condition(condition)
        return lambda lookup: right(
            lambda subject: (
                answers.get(subject, NoValue.HIDDEN) if lookup(subject) is NoValue.HIDDEN else lookup(subject)
            )
        )

    return patched


def test_the_property_of_hidden_answers_fails_when_hidden_answers_are_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(seed: int) -> bool:
        rnd = Random(seed)
        edition = a_random_bank(rnd)
        answers = real_banks.some_answers(rnd, edition)
        hidden = {
            name for name, state in question_states(a_copy(edition), answers).items() if state is QuestionState.HIDDEN
        }
        kept = {name: value for name, value in answers.items() if name not in hidden}
        monkeypatch.setattr("assess.engine.visibility.compile_condition", heedless(answers))
        with_all = question_states(a_copy(edition), answers)
        monkeypatch.setattr("assess.engine.visibility.compile_condition", heedless(kept))
        with_shown = question_states(a_copy(edition), kept)
        monkeypatch.undo()
        return with_all != with_shown

    assert any(differs(seed) for seed in range(200))


def test_two_verdicts_show_questions_that_four_hide(monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(seed: int) -> bool:
        rnd = Random(seed)
        edition = a_random_bank(rnd)
        answers = real_banks.some_answers(rnd, edition)
        right = question_states(a_copy(edition), answers)
        monkeypatch.setattr("assess.engine.visibility.compile_condition", two_valued)
        wrong = question_states(a_copy(edition), answers)
        monkeypatch.undo()
        return right != wrong

    assert any(differs(seed) for seed in range(200))


def a_copy(edition: Edition) -> Edition:
    """The same edition with nothing prepared beside it yet."""
    return replace(edition)


@pytest.mark.thorough
def test_four_verdicts_alone_would_break_the_promise_of_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """`not` over an `all` that holds something never asked: the reason why the range judges to sets."""
    yes, no, never = possible_verdicts.TRUE, possible_verdicts.FALSE, possible_verdicts.NOT_ASKED
    sets = {Verdict.TRUE: yes, Verdict.FALSE: no, Verdict.UNKNOWN: yes | no, Verdict.NOT_ASKED: never}

    def by_verdict(condition: Condition) -> possible_verdicts.PossibleVerdicts:
        judged = compile_condition(condition)
        return lambda lookup: sets[judged(lookup)]

    monkeypatch.setattr("assess.engine.totals.possible_verdicts", by_verdict)

    def keeps_its_promise(seed: int) -> bool:
        rnd = Random(seed)
        edition = a_random_bank(rnd)
        answers = real_banks.some_answers(rnd, edition, unknown=0.3, missing=0.5)
        results = [score_answers(edition, some, some_settings()) for some in completed(rnd, edition, answers)]
        return all(before.range_low <= results[-1].score <= before.range_high for before in results)

    assert not all(keeps_its_promise(seed) for seed in range(3000))
