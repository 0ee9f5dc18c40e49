from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest

from assess.engine.bank import Edition
from assess.engine.plan import answer_action
from assess.engine.result import Result
from assess.engine.scoring import score_answers
from assess.plans.action_tracker.state import ItemState
from assess.plans.actions import promised_actions
from assess.plans.copies import business_record
from assess.plans.what_if import SIGN_LISTS, WhatIfPage, remaining_smallest_set, what_if_page
from assess.plans.words import BAND_WORDS, round_half_up
from tests.engine.real_banks import BANKS, TODAY, edition_of, settings
from tests.plans.near_record import near_record
from tests.plans.records import SCENARIOS, Record, a_record, answers_of, scenario
from tests.plans.test_copies import moved_sign, raising, sign_cases
from tests.plans.test_promised_gains import best_answer
from tests.plans.test_promised_gains import held as pinned


def as_it_reaches(edition: Edition, answers: dict[str, Any], names: list[str]) -> Result:
    """The same questions, scored again with the answers that the actions of these questions reach."""
    result = score_answers(edition, answers, settings(), today=TODAY)
    better = dict(answers)
    for question in edition.questions():
        if question.id in names:
            unlooked = question.id in result.not_looked
            remedy = answer_action(question, answers.get(question.id), settings(), not_looked=unlooked)
            reaches = remedy.action.reaches if remedy else None
            wanted = best_answer(edition.bank, question.id) if reaches is None else reaches
            better[question.id] = [wanted] if question.type == "choices" and isinstance(wanted, str) else wanted
    return score_answers(pinned(edition, answers), better, settings(), today=TODAY)


def offered(record: Record) -> list[str]:
    return [choice.key for choice in what_if_page(record, ()).choices]


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_outcome_is_what_answering_so_would_bring(bank: str, title: str) -> None:
    record = scenario(bank, title)
    answers = answers_of(bank, title)
    edition = edition_of(bank)
    rnd = Random(3)
    for _ in range(4):
        keys = offered(record)
        ticked = rnd.sample(keys, min(len(keys), rnd.randint(1, 6)))
        if not ticked:
            continue
        outcome = what_if_page(record, ticked).outcome
        assert outcome is not None
        actions = {action["question"]: action for action in record["actions"]}
        again = as_it_reaches(edition, answers, [name for key in ticked for name in actions[key]["questions"]])
        assert (outcome.now, outcome.then) == tuple(
            f"{round_half_up(100 - 100 * gap, 0)}" for gap in (record["result"]["gap"], again.gap)
        )
        thin = again.low_gap is not None and again.gap >= again.low_gap
        points = "medium" if again.score_band == "low" and thin else again.score_band
        assert f"{BAND_WORDS[points].lower()}. Some answers" in outcome.by_points
        if outcome.band:
            assert f" {BAND_WORDS[again.band].lower()}" in outcome.band
            reasons = {"breach": "law asks", "gap": "are thin", "points": "much is missing"}
            assert all((words in outcome.band) == (name in again.reasons) for name, words in reasons.items())


def test_the_band_is_named_where_no_sign_is_open() -> None:
    record = deepcopy(near_record())
    everything = what_if_page(record, offered(record)).outcome
    assert everything is not None
    assert everything.band == "Your result would go from medium to low."
    one_step = what_if_page(record, offered(record)[-1:]).outcome
    assert one_step is not None
    assert one_step.band == "Your result would stay medium, because much is missing against what your work brings."


def test_a_result_without_a_band_can_come_to_one_and_never_to_none() -> None:
    record = deepcopy(near_record())
    everything = offered(record)
    record["result"]["band"] = "not_rated"
    assert _outcome(what_if_page(record, everything)).band == "Your result would be low."
    record["result"]["quick"] = True
    assert _outcome(what_if_page(record, everything)).band == ""


def _outcome(page: WhatIfPage) -> Any:
    assert page.outcome is not None
    return page.outcome


@pytest.mark.parametrize("bank", BANKS)
def test_while_any_sign_is_open_no_band_is_named_whatever_is_ticked(bank: str) -> None:
    rnd = Random(4)
    for _, name, _, answer in (case for case in sign_cases() if case[0] == bank):
        record = raising(bank, name, answer)
        keys = offered(record)
        for ticked in ([name] if name in keys else [], keys, rnd.sample(keys, len(keys) // 2)):
            page = what_if_page(record, ticked)
            assert page.short == ()
            assert page.outcome is None or page.outcome.band == ""
            assert page.urgent is bool(record["result"]["urgent_signs"] or record["result"]["third_party"])


@pytest.mark.parametrize("bank", BANKS)
def test_a_question_that_may_raise_a_sign_and_is_not_known_silences_the_band_too(bank: str) -> None:
    record = a_record(bank, f"{bank} medium", change={"core_documents": "dk"})
    assert record["result"]["unknown_signs"]
    assert _outcome(what_if_page(record, offered(record))).band == ""


@pytest.mark.parametrize("kind", ["urgent", "serious"])
@pytest.mark.parametrize("bank", BANKS)
def test_the_page_is_the_same_whichever_answer_raised_the_sign(bank: str, kind: str) -> None:
    change = {"core_documents": "employer"} if kind == "urgent" else {"core_min_wage": "some_not"}
    record = a_record(bank, f"{bank} medium", change=change)
    others = [row["id"] for part in record["sections"] for row in part["questions"] if row["can_sign"]]
    keys = offered(record)
    for other in others:
        moved = moved_sign(record, other) if kind == "urgent" else moved_serious(record, other)
        for ticked in ([], [other], keys[::2], keys):
            assert what_if_page(moved, ticked) == what_if_page(record, ticked)


def moved_serious(record: Record, to: str) -> Record:
    """The same record with all its serious signs on one other question."""
    signs = [{"id": to, "sign": "serious", "ilo": 1}]
    lines = [{**row, "sign": "serious" if row["question"] == to else None} for row in record["result"]["lines"]]
    actions = [{**row, "sign": "serious" if row["question"] == to else None} for row in record["actions"]]
    result = {**record["result"], "signs": signs, "serious_signs": [to], "lines": lines}
    return {**record, "result": result, "actions": actions}


@pytest.mark.parametrize("bank", BANKS)
def test_any_two_urgent_submissions_differ_in_their_own_answers_alone(bank: str) -> None:
    frames = set()
    for _, name, sign, answer in (case for case in sign_cases() if case[0] == bank):
        if sign == "urgent":
            record = raising(bank, name, answer)
            if not offered(record):  # all that it brings waits for advice
                continue
            page = what_if_page(record, offered(record)[:1])
            own = replace(_outcome(page), count=0, now="", then="", days="", by_points="")
            frames.add(repr(replace(page, choices=(), finding_out=False, outcome=own)))
    assert len(frames) == 1


def test_the_short_way_is_offered_where_the_plan_has_one() -> None:
    record = near_record()
    short = business_record(record)["short_set"]
    page = what_if_page(record, ())
    assert set(page.short) == set(short["questions"])
    assert page.short
    outcome = _outcome(what_if_page(record, page.short))
    assert "to low" in outcome.band
    fewer = [what_if_page(record, some).outcome for some in combinations(page.short, len(page.short) - 1)]
    assert not any(found and "to low" in found.band for found in fewer)


def test_the_short_way_begins_with_what_is_done() -> None:
    record = near_record()
    first, *rest = business_record(record)["short_set"]["questions"]
    aside = next(choice.key for choice in what_if_page(record, ()).choices if choice.key not in {first, *rest})
    state = {key: ItemState(response="accepted", status="done", revision=1) for key in (first, aside)}
    page = what_if_page(record, None, state)
    assert {first, aside} < set(page.short)
    assert len(page.short) <= len({first, aside, *rest})
    shown = what_if_page(record, page.short, state)
    assert {choice.key for choice in shown.choices if choice.ticked} == set(page.short)
    assert "to low" in _outcome(shown).band
    for left_out in set(page.short) - {first, aside}:
        fewer = what_if_page(record, set(page.short) - {left_out}, state).outcome
        assert fewer is not None
        assert "to low" not in fewer.band


def test_only_what_promises_something_is_offered_and_anything_else_is_passed_over() -> None:
    record = a_record("farming", "farming critical", change={"farm_housing_type": "other"})
    silent = [row["question"] for row in record["actions"] if row["held"] or row["gain"] is None]
    assert silent
    page = what_if_page(record, [*silent, "nonsense"])
    assert page.outcome is None
    assert {choice.key for choice in page.choices} == {
        action["question"] for action in promised_actions(business_record(record))
    }
    assert [choice.number for choice in page.choices] == sorted(choice.number for choice in page.choices)
    assert not set(silent) & {choice.key for choice in page.choices}


def test_a_record_of_long_ago_offers_nothing() -> None:
    record = scenario()
    del record["charges"]
    page = what_if_page(record, ["core_documents"])
    assert (page.record_too_old, page.choices, page.short, page.outcome) == (True, (), (), None)


def test_every_kind_of_sign_counts() -> None:
    record = scenario("farming", "farming medium")
    keys = offered(record)
    for signs in SIGN_LISTS:
        changed = {**record, "result": {**record["result"], signs: ["core_documents"]}}
        assert _outcome(what_if_page(changed, keys)).band == ""


def test_the_score_of_the_engine_is_the_score_now() -> None:
    record = scenario("farming", "farming medium")
    result = score_answers(edition_of("farming"), answers_of("farming", "farming medium"), settings())
    assert _outcome(what_if_page(record, offered(record)[:1])).now == f"{round_half_up(100 - 100 * result.gap, 0)}"


def test_what_is_done_is_ticked_on_the_first_look_and_never_again_by_itself() -> None:
    record = scenario("farming", "farming medium")
    keys = offered(record)
    state = {
        keys[0]: ItemState(response="accepted", status="done", revision=1),
        keys[1]: ItemState(response="already_done", revision=1),
        keys[2]: ItemState(response="will_not", reason="cost", revision=1),
        keys[3]: ItemState(response="accepted", status="under_way", revision=1),
    }
    first = what_if_page(record, None, state)
    done = [choice.key for choice in first.choices if choice.done]
    assert done == keys[:2]
    assert [choice.key for choice in first.choices if choice.ticked] == done
    assert first.begun
    assert first.outcome == what_if_page(record, done).outcome
    assert first.outcome is not None
    other = what_if_page(record, keys[4:5], state)
    assert [choice.key for choice in other.choices if choice.ticked] == keys[4:5]
    assert [choice.key for choice in other.choices if choice.done] == done
    assert what_if_page(record, (), state).outcome is None
    untouched = what_if_page(record, None)
    assert (untouched.outcome, untouched.begun) == (None, False)


@pytest.mark.parametrize("bank", BANKS)
def test_what_is_done_names_no_band_while_a_sign_is_open(bank: str) -> None:
    record = a_record(bank, f"{bank} medium", change={"core_documents": "employer"})
    state = {key: ItemState(response="accepted", status="done", revision=1) for key in offered(record)}
    assert _outcome(what_if_page(record, None, state)).band == ""


DONE = ItemState(response="accepted", status="done", revision=1)
REFUSED = ItemState(response="will_not", reason="cost", revision=1)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_before_anything_is_done_it_is_the_short_way_of_the_plan(bank: str, title: str) -> None:
    record = scenario(bank, title)
    assert list(remaining_smallest_set(record)) == business_record(record)["short_set"]["questions"]


def test_it_is_the_short_way_of_the_plan_where_that_has_one() -> None:
    record = near_record()
    assert list(remaining_smallest_set(record)) == business_record(record)["short_set"]["questions"] != []


def test_what_is_done_of_it_is_not_named_again() -> None:
    way = remaining_smallest_set(near_record())
    for place in range(len(way)):
        left = remaining_smallest_set(near_record(), dict.fromkeys(way[:place], DONE))
        assert left == way[place:]
    assert remaining_smallest_set(near_record(), dict.fromkeys(way, DONE)) == ()


def test_what_will_not_be_done_is_no_part_of_it() -> None:
    record = near_record()
    refused = remaining_smallest_set(record)[0]
    assert refused not in remaining_smallest_set(record, {refused: REFUSED})


@pytest.mark.parametrize(
    "answer", [{"core_documents": "employer"}, {"core_documents": "dk"}, {"core_min_wage": "some_not"}]
)
def test_while_any_sign_is_open_there_is_none(answer: dict[str, object]) -> None:
    record = a_record(change=answer)
    keys = [action["question"] for action in record["actions"]]
    assert remaining_smallest_set(record) == ()
    assert remaining_smallest_set(record, dict.fromkeys(keys[:-2], DONE)) == ()


def test_a_record_of_long_ago_has_none() -> None:
    record = {key: value for key, value in near_record().items() if key != "charges"}
    assert remaining_smallest_set(record) == ()
