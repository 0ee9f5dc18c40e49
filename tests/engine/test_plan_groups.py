"""One action, once: what asks for the same deed is put together, and so are what exposure asks for and what is to be found out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assess.engine.bank import Action, AnswerValue, Duty, Option
from assess.engine.facts import DUTIES_TO_WORKERS
from assess.engine.plan import ADVICE_FIRST_TEXT, PAPERS_PART
from assess.engine.result import MAP_ACTION, PAPERS_ACTION, ActionPart, DoFirstStep
from assess.engine.scoring import score_answers
from assess.engine.step_gains import PlanTask, gains_in_best_order, smallest_set
from assess.engine.what_if import WhatIf, scores_from_record, what_if_from_record
from tests.builders import a_bank, a_question, a_sign_question, an_action, an_option, some_settings
from tests.engine.test_duties import COMPANY, LARGE, FactMap, book, judged
from tests.engine.test_plan import AGAINST, FIGURES, SHORT, SUMS, order, planned


def test_what_exposure_questions_ask_for_is_one_map_without_gain_and_never_a_first_step() -> None:
    grave = an_action(
        "Write down who houses them.", title="Who houses them", priority="immediate", effort="L", owner="owner"
    )
    bank = a_bank(
        a_question("pay", action=an_action(priority=90)),
        a_question("exposed", kind="exposure", dimension="home", harm=1, action=grave),
        a_question("also", kind="exposure", action=an_action("Write down who pays.", title="Who pays")),
        a_question("calm", kind="exposure", action=an_action()),
    )
    found = planned(bank, {"exposed": "bad", "pay": "bad", "also": "poor", "calm": "good"})
    assert order(found) == [MAP_ACTION, "pay"]
    action = found.actions[0]
    assert (action.title, action.questions) == ("Write your one-page map", ("exposed", "also"))
    assert action.parts == (
        ActionPart("exposed", "Who houses them", "Write down who houses them."),
        ActionPart("also", "Who pays", "Write down who pays."),
    )
    assert (action.kind, action.dimension, action.gain) == ("exposure", None, None)
    assert (action.priority, action.priority_days, action.effort, action.effort_days) == (30, 30, "M", 3)
    assert (action.owner, action.harm, action.pressing) == ("owner_or_manager", 6, False)
    assert found.do_first == (DoFirstStep("action", "pay"),)
    assert found.smallest_set.questions in {(), ("pay",)}


def test_answers_that_ask_for_the_same_are_one_action_with_all_its_reasons() -> None:
    named = a_question(
        "named", dimension="home", action=an_action("Pay it back.", priority=90, owner="owner", effort="M")
    )
    too = a_question(
        "too", dimension="pay", same_as="named", options=AGAINST, action=an_action("Pay.", priority=180, effort="L")
    )
    bank = a_bank(too, named)
    answers: dict[str, AnswerValue] = {"named": "bad", "too": "against"}
    found = planned(bank, answers)
    (action,) = found.actions
    assert (action.tracking_id, action.questions) == ("named", ("too", "named"))
    assert (action.do, action.owner, action.effort, action.effort_days) == ("Pay it back.", "owner", "M", 3)
    assert (action.priority, action.harm, action.breaches, action.dimension) == (30, 2, ("slips",), "home")
    both = score_answers(bank, {"named": "good", "too": "good"}, some_settings()).score
    assert action.gain == pytest.approx(score_answers(bank, answers, some_settings()).score - both)
    assert [part.question for part in action.parts] == ["too", "named"]


def test_the_words_are_those_of_the_named_question_even_where_only_the_other_asks() -> None:
    named = a_question("named", action=an_action("Pay it back."))
    bank = a_bank(named, a_question("too", same_as="named", action=an_action("Pay.")))
    (action,) = planned(bank, {"named": "good", "too": "bad"}).actions
    assert (action.tracking_id, action.questions, action.do) == ("named", ("too",), "Pay it back.")
    bare = a_bank(a_question("named"), a_question("too", same_as="named", action=an_action("Pay.")))
    (action,) = planned(bare, {"named": "good", "too": "bad"}).actions
    assert (action.tracking_id, action.do) == ("named", "Pay.")


def test_a_sum_and_the_answer_that_makes_it_may_be_one_action() -> None:
    basis = a_question("basis", action=an_action("Write down the hours.", priority=90))
    checks = [SUMS[0], replace(SUMS[1], same_as="basis")]
    found = planned(a_bank(*FIGURES, basis, checks=checks), SHORT | {"basis": "bad"})
    assert order(found) == ["basis", "D1"]
    action = found.actions[0]
    assert (action.questions, action.do, action.sum_rank) == (("basis", "D2"), "Write down the hours.", 0)
    assert (action.kind, action.sign, action.priority) == ("safeguard", "serious", 30)
    assert action.gain


def test_what_has_to_be_found_out_about_signs_is_one_look_into_papers() -> None:
    bank = a_bank(*[a_sign_question(f"s{index}") for index in range(6)], a_question("plain", action=an_action()))
    answers: dict[str, AnswerValue] = dict.fromkeys((f"s{index}" for index in range(5)), "dk") | {"plain": "bad"}
    found = planned(bank, answers)
    papers = next(action for action in found.actions if action.tracking_id == PAPERS_ACTION)
    assert papers.questions == tuple(f"s{index}" for index in range(6))
    assert [part.title for part in papers.parts] == [None] * 6
    assert {part.do for part in papers.parts} == {PAPERS_PART}, (
        "what editions before said of whom to ask is not printed"
    )
    assert "Ask nobody" in papers.do
    assert (papers.title, papers.find_out, papers.pressing) == ("Look in papers you already have", True, True)
    assert (papers.harm, papers.priority, papers.priority_days, papers.owner) == (1, 7, 7, "owner_or_manager")
    assert (papers.gain, papers.sign, papers.held) == (None, None, False)
    assert order(found) == [PAPERS_ACTION, "plain"]


def test_a_part_that_names_its_papers_says_what_to_do_with_them() -> None:
    question = a_sign_question("slips")
    titled = replace(question, options=tuple(with_title(option) for option in question.options))
    found = planned(a_bank(titled), {"slips": "dk"})
    (part,) = next(action for action in found.actions if action.tracking_id == PAPERS_ACTION).parts
    assert (part.title, part.do) == ("Pay records", "Find out: slips.")


def with_title(option: Option) -> Option:
    own = option.action
    return replace(option, action=replace(own, title="Pay records")) if isinstance(own, Action) else option


def test_a_question_may_be_called_like_one_of_the_actions_of_many_parts() -> None:
    bank = a_bank(
        a_sign_question("papers"), a_sign_question("open"), a_question("map", kind="exposure", action=an_action())
    )
    found = planned(bank, {"papers": "serious", "open": "dk", "map": "bad"})
    actions = {action.tracking_id: action for action in found.actions}
    assert {name: action.do for name, action in actions.items() if not action.merged_as} == {"papers": "Stop papers."}
    assert {name: (action.merged_as, action.questions) for name, action in actions.items() if action.merged_as} == {
        "papers-": (PAPERS_ACTION, ("open",)),
        "map-": (MAP_ACTION, ("map",)),
    }


@pytest.mark.parametrize(("parts", "days", "effort"), [(1, 0.5, "S"), (4, 0.5, "S"), (5, 1, "M"), (9, 1.5, "M")])
def test_a_look_into_papers_takes_half_a_day_for_each_four_parts(parts: int, days: float, effort: str) -> None:
    bank = a_bank(*[a_sign_question(f"s{index}") for index in range(parts)])
    (papers,) = planned(bank, {}).actions
    assert (papers.effort_days, papers.effort) == (days, effort)


def test_finding_out_waits_while_advice_comes_first_and_says_nothing_of_what_it_was() -> None:
    bank = a_bank(a_sign_question("open"), a_sign_question("grave"))
    found = planned(bank, {"open": "dk", "grave": "urgent"})
    papers = next(action for action in found.actions if action.tracking_id == PAPERS_ACTION)
    assert (papers.held, papers.do, papers.title) == (True, ADVICE_FIRST_TEXT, None)
    assert papers.parts == (ActionPart("open", None, ADVICE_FIRST_TEXT),)


def test_finding_out_where_no_sign_is_at_stake_is_an_action_like_others() -> None:
    options = (an_option("good"), an_option("bad", 4), an_option("dk", 4, action=an_action("Find out: it.")))
    (action,) = planned(a_bank(a_question(options=options, action=an_action())), {"q": "dk"}).actions
    assert (action.tracking_id, action.do, action.find_out, action.pressing) == ("q", "Find out: it.", True, False)
    assert action.gain == 30


GOLDEN = Path(__file__).parent / "golden"


def kept(name: str) -> dict[str, Any]:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


RECORD = kept("engine_1_record.json")
NUMBERS = kept("engine_1_numbers.json")


def what_if() -> WhatIf:
    found = what_if_from_record(RECORD)
    assert found is not None
    return found


def tasks(rows: list[list[Any]]) -> list[PlanTask]:
    return [PlanTask(question, days) for question, days in rows]


def test_the_record_is_one_of_engine_1_with_a_sign_from_a_check_and_one_that_is_unknown() -> None:
    assert RECORD["engine"] == RECORD["result"]["engine"] == 1
    assert RECORD["result"]["serious_signs"] == ["D3"]
    assert RECORD["result"]["unknown_signs"]


def test_scores_and_bands_are_those_of_the_day() -> None:
    scores = scores_from_record(RECORD)
    assert scores is not None
    for row in NUMBERS["asked"]:
        assert scores.score(row["improved"]) == what_if().score(row["improved"]) == row["score"]
        assert what_if().band(row["improved"], row["score"]) == row["band"]
        assert [sign.id for sign in what_if().signs_left(row["improved"])] == row["signs_left"]


def test_its_own_score_and_band_come_out_again() -> None:
    result = RECORD["result"]
    assert what_if().score([]) == result["score"]
    assert what_if().band([], result["score"]) == result["band"]


def test_the_order_of_steps_is_that_of_the_day() -> None:
    scores = scores_from_record(RECORD)
    assert scores is not None
    steps = gains_in_best_order(scores, [tasks(group) for group in NUMBERS["groups"]])
    assert [step._asdict() for step in steps] == NUMBERS["steps"]


def test_the_short_sets_are_those_of_the_day() -> None:
    for row in NUMBERS["short_sets"]:
        found = smallest_set(what_if(), tasks(NUMBERS["tasks"]), row["done"])
        assert {
            "done": row["done"],
            "questions": list(found.questions),
            "from_band": found.from_band,
            "to_band": found.to_band,
            "score_after": found.score_after,
            "reason": found.reason,
        } == row


@pytest.mark.parametrize(
    ("stated", "done"),
    [
        ("2026-03-30", False),
        ("2026-03-31", False),  # the day the year ended: it cannot be for that year
        ("2026-04-01", True),
        ("2026-11-24", True),
        ("2026-11-25", False),  # not out yet
    ],
)
def test_a_statement_dated_after_the_year_end_means_done(stated: str, *, done: bool) -> None:
    found = judged({**LARGE, "fye": "2026-03-31", "last_statement_on": stated})["uk_s54_six_months"]
    assert found.done is done
    assert (found.due, found.overdue) == ((None, False) if done else ("2026-09-30", True))


def test_one_duty_alone_carries_the_day_of_the_statement() -> None:
    found = judged({**LARGE, "is_group_member": True, "publishes_statement": True, "fye": "2026-03-31"})
    about = [name for name in found if name.startswith("uk_s54") or name == "uk_voluntary_statement"]
    assert [name for name in about if found[name].due] == ["uk_s54_six_months"]


@pytest.mark.parametrize("publishes", [None, False, True])
def test_only_who_publishes_a_statement_hears_of_registry_and_voluntary_statement_and_never_of_a_day(
    publishes: bool | None,  # noqa: FBT001
) -> None:
    small: FactMap = {**COMPANY, "turnover_gbp_incl_subsidiaries": 1, "fye": "2026-03-31"}
    found = judged(small if publishes is None else {**small, "publishes_statement": publishes})
    wanted = {None: "to_check", False: "does_not_apply", True: "applies"}[publishes]
    for name in ("uk_voluntary_statement", "uk_s54_registry"):
        assert (found[name].verdict, found[name].due) == (wanted, None)


def test_good_practice_never_has_a_day() -> None:
    facts: FactMap = {**LARGE, "fye": "2026-03-31", "publishes_statement": True}
    assert all(one.due is None for one in judged(facts).values() if one.duty.force == "good_practice")


UK_IN_FORCE = [duty for duty in book().duties if duty.id.startswith("uk_") and duty.status == "in_force"]


@pytest.mark.parametrize("duty", UK_IN_FORCE, ids=lambda duty: duty.id)
def test_every_duty_in_force_here_has_a_row_for_print_and_tells_nothing_that_was_not_read(duty: Duty) -> None:
    assert duty.line
    assert duty.read
    assert (duty.amount is None, duty.penalty is None) == (duty.evidence == "D", duty.evidence == "D")
    assert date.fromisoformat(duty.source_as_of[:10]) <= date(2026, 11, 29)


@pytest.mark.parametrize("name", sorted(DUTIES_TO_WORKERS))
def test_the_duties_to_people_at_work_come_first_and_were_read_again(name: str) -> None:
    duties = [duty.id for duty in book().duties if duty.status == "in_force" and duty.force == "mandatory"]
    assert duties.index(name) <= len(DUTIES_TO_WORKERS)
    assert next(duty for duty in book().duties if duty.id == name).evidence in {"A", "B"}
