"""What a plan promises is what comes true: for random submissions to the real banks, through the real scorer.

60 submissions in the ordinary run; `ASSESS_TEST_EXAMPLES=500` has as many as it says.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations, groupby, permutations
from random import Random
from typing import Any

import pytest

from assess.engine.bank import DONT_KNOW, AnswerValue, Edition, Question
from assess.engine.conditions import Always, Not
from assess.engine.plan import answer_action, build_plan, by_due_day
from assess.engine.points import is_exclusive_option
from assess.engine.question_types import answer_scorer
from assess.engine.result import Band, Plan, PlannedAction, Result
from assess.engine.scoring import score_answers
from assess.engine.step_gains import EFFORT_DAYS, MAX_SETS, PlanTask, best_order, gains_in_given_order
from assess.engine.visibility import QuestionState, question_states
from assess.engine.what_if import Scores, WhatIf
from tests.engine.real_banks import BANKS, TODAY, an_answer, edition_of, examples_of, settings, some_answers
from tests.engine.test_step_gains import under_engine_1

SUBMISSIONS = int(os.environ.get("ASSESS_TEST_EXAMPLES", "60"))
PARTS = 2
PERMUTED = 5
"""Groups up to so many steps are tried in every order."""
HAIR = 1e-9
Said = dict[str, AnswerValue]
ALIKE: Mapping[str, Said] = {
    "farming": {"farm_labour_source": ["scheme"], "farm_licence_check": "once", "farm_licence_date": "never"},
    "car_washes": {"core_right_to_work": "some", "wash_rtw_count": "most"},
    "hospitality": {},
}
"""Poor answers to two questions that one action mends."""


def submissions(count: int, seed: int) -> Iterator[tuple[str, Said]]:
    """Random answers to each bank in turn, from nearly everything known to much that is not."""
    for index in range(count):
        rnd = Random(seed * 100_003 + index)
        bank = BANKS[index % len(BANKS)]
        yield bank, some_answers(rnd, edition_of(bank), unknown=rnd.choice((0, 0.1, 0.3)), missing=rnd.choice((0, 0.1)))


def some_of_each(part: int) -> Iterator[tuple[str, Said]]:
    """Random answers, and as many submissions with a few poor answers, some of which ask for one deed and most of which wait for no advice."""
    yield from submissions(SUBMISSIONS // PARTS, seed=part)
    rnd = Random(61 + part)
    for bank in BANKS:
        yield from ((bank, some_poor(rnd, bank) | ALIKE[bank]) for _ in range(SUBMISSIONS // PARTS // len(BANKS)))


def planned(bank: str, answers: Said) -> tuple[Result, Plan]:
    result = score_answers(edition_of(bank), answers, settings(), today=TODAY)
    return result, build_plan(edition_of(bank), answers, result, settings(), (), TODAY)


@cache
def best_answer(bank: str, name: str) -> AnswerValue:
    """The answer that costs least and raises no sign if it can be helped, found by trying what the question offers."""
    question = next(question for question in edition_of(bank).questions() if question.id == name)
    mark = answer_scorer(question, settings())
    tried = list(_offers(question))
    return min(tried, key=lambda answer: (mark(answer).points, mark(answer).line.sign is not None))


def _offers(question: Question) -> Iterator[AnswerValue]:
    names = [option.id for option in question.options if option.id != DONT_KNOW]
    if question.type == "choice":
        yield from names
    elif question.type == "choices":
        together = [name for name in names if not is_exclusive_option(name)]
        yield from ([name] for name in names)
        yield from (together[:size] for size in range(2, len(together) + 1))
    else:
        yield from (0, 1, 1000, settings().wage * 1.1, settings().wage * 1.25, settings().wage * 2)
        yield from (band.up_to for band in question.bands if band.up_to is not None)


def held(edition: Edition, answers: Mapping[str, Any]) -> Edition:
    """The same edition that asks what it asked for these answers, whatever is answered."""
    states = question_states(edition, answers)

    def pinned(question: Question) -> Question:
        return replace(question, show_if=None if states[question.id] is QuestionState.SHOWN else Not(Always()))

    sections = [replace(part, questions=tuple(pinned(one) for one in part.questions)) for part in edition.sections]
    return replace(edition, sections=tuple(sections))


def reached(edition: Edition, answers: Mapping[str, Any], result: Result, name: str) -> AnswerValue:
    """What is answered once its action is done: what the action says it reaches, if that costs less than now, else the best there is."""
    question = next(one for one in edition.questions() if one.id == name)
    remedy = answer_action(question, answers.get(name), settings(), not_looked=name in result.not_looked)
    if remedy is None or remedy.action.reaches is None:
        return best_answer(edition.bank, name)
    (line,) = [line for line in result.lines if line.question == name]
    goal = remedy.action.reaches
    return goal if answer_scorer(question, settings())(goal).points < line.points else answers[name]


def mended(edition: Edition, answers: Said, result: Result, action: PlannedAction) -> Said:
    """What is answered to all the safeguards of an action once it is done."""
    kinds = {question.id: question.kind for question in edition.questions()}
    safeguards = [name for name in action.questions if kinds.get(name) == "safeguard"]
    return {name: reached(edition, answers, result, name) for name in safeguards}


def scores_after(edition: Edition, answers: Said, result: Result) -> WhatIf:
    """The sums of a result, told what each safeguard costs once its action is done."""
    after: dict[str, float] = {}
    for question in edition.questions():
        if any(line.question == question.id and line.kind == "safeguard" for line in result.lines):
            goal = reached(edition, answers, result, question.id)
            after[question.id] = answer_scorer(question, settings())(goal).points
    return WhatIf.of(edition, result, after)


def promising(found: Plan) -> list[PlannedAction]:
    """The actions that promise something and wait for no advice, in the order that a business reads."""
    return sorted((one for one in found.actions if one.gain is not None and not one.held), key=by_due_day)


def as_tasks(edition: Edition, found: Plan) -> list[PlanTask]:
    kinds = {question.id: question.kind for question in edition.questions()}
    return [
        PlanTask(
            one.tracking_id, one.effort_days, tuple(name for name in one.questions if kinds.get(name) == "safeguard")
        )
        for one in promising(found)
    ]


def groups_of(edition: Edition, found: Plan) -> list[list[PlanTask]]:
    """The steps as engine 1 had them: of one question each, by date, inside a date as the bank asks."""
    places = {question.id: place for place, question in enumerate(edition.questions()) if question.kind == "safeguard"}
    steps = [
        (one.priority_days, places[name], name, one)
        for one in promising(found)
        for name in one.questions
        if name in places
    ]
    return [
        [PlanTask(name, EFFORT_DAYS[action.effort]) for *_, name, action in group]
        for _, group in groupby(sorted(steps, key=lambda step: step[:2]), key=lambda step: step[0])
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_promised_is_realised(part: int) -> None:
    promised = unmoved = several = short_of_best = 0
    for bank, answers in some_of_each(part):
        edition = edition_of(bank)
        result, found = planned(bank, answers)
        asked = held(edition, answers)
        assert score_answers(asked, answers, settings(), today=TODAY).score == result.score
        before = question_states(edition, answers)
        for action in found.actions:
            if action.gain is None:
                continue
            better = answers | mended(edition, answers, result, action)
            realised = result.score - score_answers(asked, better, settings(), today=TODAY).score
            assert realised == pytest.approx(action.gain, abs=HAIR)
            assert realised > -HAIR
            promised += 1
            several += len(action.questions) > 1
            short_of_best += any(better[name] != best_answer(bank, name) for name in action.questions if name in better)
            if question_states(edition, better) == before:
                again = score_answers(edition, better, settings(), today=TODAY)
                assert result.score - again.score == pytest.approx(action.gain, abs=HAIR)
                unmoved += 1
    assert promised > 10 * SUBMISSIONS // PARTS
    assert unmoved > promised / 2
    assert several > SUBMISSIONS // PARTS // 2
    assert short_of_best > SUBMISSIONS // PARTS


@pytest.mark.parametrize("part", range(PARTS))
def test_what_each_step_promises_is_realised_one_after_the_other(part: int) -> None:
    several = 0
    for bank, answers in some_of_each(part):
        edition = edition_of(bank)
        result, found = planned(bank, answers)
        asked, better, now = held(edition, answers), dict(answers), result.score
        tasks, actions = as_tasks(edition, found), promising(found)
        steps = gains_in_given_order(scores_after(edition, answers, result), tasks)
        assert [(step.question, step.days) for step in steps] == [(one.tracking_id, one.effort_days) for one in actions]
        for step, action in zip(steps, actions, strict=True):
            better |= mended(edition, answers, result, action)
            after = score_answers(asked, better, settings(), today=TODAY).score
            assert step.gain == pytest.approx(now - after, abs=HAIR)
            assert step.score_after == pytest.approx(after, abs=HAIR)
            now = after
        assert sum(step.gain for step in steps) == pytest.approx(result.score - now, abs=HAIR * max(1, len(steps)))
        several += sum(len(task.improves) > 1 for task in tasks)
    assert several > SUBMISSIONS // PARTS // 4


def cost(scores: Scores, done: Collection[str], order: Collection[PlanTask]) -> float:
    """Days of effort × score held meanwhile."""
    so_far, total = list(done), 0.0
    for task in order:
        total += task.days * scores.score(so_far)
        so_far.append(task.question)
    return total


def test_small_groups_stand_as_trying_every_order_says() -> None:
    tried = 0
    for bank, answers in submissions(60, seed=21):
        result, found = planned(bank, answers)
        scores = under_engine_1(WhatIf.of(edition_of(bank), result))
        done: list[str] = []
        for group in groups_of(edition_of(bank), found):
            if 1 < len(group) <= PERMUTED:
                order, exact = best_order(scores, done, group)
                assert exact
                least = min(cost(scores, done, one) for one in permutations(group))
                assert cost(scores, done, order) == pytest.approx(least, rel=HAIR)
                tried += 1
            done += [task.question for task in group]
    assert tried > 20


def test_nearly_every_group_is_proven_and_the_steepest_step_first_costs_next_to_nothing() -> None:
    """The bounds: 0.1% in the mean and 3% at most for always taking the steepest next step, as is done where sets are too many."""
    cases = [*submissions(90, seed=31), *((bank, dict(one.answers)) for bank in BANKS for one in examples_of(bank))]
    regrets: list[float] = []
    proven = 0
    for bank, answers in cases:
        result, found = planned(bank, answers)
        scores = under_engine_1(WhatIf.of(edition_of(bank), result))
        done: list[str] = []
        for group in groups_of(edition_of(bank), found):
            proven += best_order(scores, done, group)[1]
            order, exact = best_order(scores, done, group, most_sets=10 * MAX_SETS)
            greedy, _ = best_order(scores, done, group, most_sets=0)
            assert exact, f"{len(group)} steps"
            regrets.append(cost(scores, done, greedy) / cost(scores, done, order) - 1)
            done += [task.question for task in group]
    print(
        f"{len(regrets)} groups, {proven} proven, regret mean {sum(regrets) / len(regrets):.5%}, most {max(regrets):.3%}"
    )
    assert proven > 0.98 * len(regrets)
    assert min(regrets) > -HAIR
    assert sum(regrets) / len(regrets) < 0.001
    assert max(regrets) < 0.03


GRADES: dict[Band, int] = {"low": 0, "medium": 1, "high": 2, "critical": 3, "not_rated": 3}


def band_by_hand(edition: Edition, before: Result, again: Result, improved: Collection[str]) -> Band:
    """The band of the law, written again; findings of before stay, but for the charge that was put right."""
    charges = {check.id: check.inputs.get("charge") for check in edition.checks}
    lines = {line.question for line in again.lines}
    signs = [sign for sign in again.signs if sign.id in lines]
    signs += [sign for sign in before.signs if sign.id not in lines and charges.get(sign.id) not in improved]
    serious = [sign.ilo for sign in signs if sign.sign == "serious"]
    if any(sign.sign == "urgent" for sign in signs) or (len(serious) >= 3 and len(set(serious) - {None}) >= 2):
        return "critical"
    unknown = sum(line.answer is None or line.answer in (DONT_KNOW, [DONT_KNOW]) for line in again.lines)
    if unknown > settings().unknown_limit * len(again.lines):
        return "not_rated"
    grade = sum(again.score >= limit for limit in (settings().medium, settings().high, settings().critical))
    unsure = any(name not in improved and charges.get(name) not in improved for name in before.unknown_signs)
    thin = before.low_gap is not None and gap_by_hand(again) >= before.low_gap
    grade = max(grade, 2 if signs else 1 if unsure or again.breaches or thin else 0)
    return ("low", "medium", "high", "critical")[grade]


def gap_by_hand(result: Result) -> float:
    """The mean of all points, and the three widest areas that may count as such once more."""
    areas = result.dimensions
    mean = sum(area.weight * area.points for area in areas) / sum(area.weight * area.possible for area in areas)
    wide = sorted((area.points / area.possible for area in areas if area.wide), reverse=True)[:3]
    share = settings().worst_share
    return (1 - share) * mean + share * sum(wide) / len(wide) if wide else mean


def some_poor(rnd: Random, bank: str) -> Said:
    """A worked example with a few answers changed, so that few enough actions are left to try every set."""
    edition = edition_of(bank)
    answers = dict(next(one for one in examples_of(bank) if one.title == f"{bank} low").answers)
    changed = rnd.sample([one for one in edition.questions() if one.id in answers], rnd.randint(8, 20))
    return {**answers, **{one.id: an_answer(rnd, one, unknown=0.1) for one in changed}}


@pytest.mark.parametrize("bank", BANKS)
def test_the_smallest_set_is_what_trying_every_set_finds(bank: str) -> None:
    rnd = Random(41)
    edition = edition_of(bank)
    found_some = 0
    for _ in range(12):
        answers = some_poor(rnd, bank)
        result, found = planned(bank, answers)
        actions = {one.tracking_id: one for one in found.actions if one.kind == "safeguard" and one.merged_as is None}
        if result.band == "low" or len(actions) > 13:
            continue
        places = {question.id: place for place, question in enumerate(edition.questions())}
        order = sorted(actions, key=lambda name: min(places.get(one, len(places)) for one in actions[name].questions))
        works = smallest(edition, answers, result, [actions[name] for name in order])
        if works is None:
            assert found.smallest_set.reason == "no_short_set"
        else:
            assert (found.smallest_set.questions, found.smallest_set.to_band) == works
            found_some += 1
    assert found_some


def smallest(
    edition: Edition, answers: Said, result: Result, actions: list[PlannedAction]
) -> tuple[tuple[str, ...], Band] | None:
    """The fewest actions, then the least effort, the lowest score and the order of the bank: every set up to four."""
    asked = held(edition, answers)
    places = {action.tracking_id: place for place, action in enumerate(actions)}
    each = {action.tracking_id: mended(edition, answers, result, action) for action in actions}
    for size in range(1, 5):
        works = []
        for chosen in combinations(actions, size):
            better = dict(answers)
            for action in chosen:
                better |= each[action.tracking_id]
            improved = {name for action in chosen for name in each[action.tracking_id]}
            again = score_answers(asked, better, settings(), today=TODAY)
            band = band_by_hand(edition, result, again, improved)
            if band != "not_rated" and GRADES[band] < GRADES[result.band]:
                effort = sum(action.effort_days for action in chosen)
                names = tuple(action.tracking_id for action in chosen)
                works.append((effort, again.score, [places[name] for name in names], names, band))
        if works:
            *_, names, band = min(works)
            return names, band
    return None
