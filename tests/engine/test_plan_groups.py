"""One action, once: what asks for the same deed is put together, and so are what exposure asks for and what is to be found out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assess.engine.bank import Action, Option, Value
from assess.engine.plan import ADVICE_FIRST, PAPERS_PART
from assess.engine.result import MAP, PAPERS, ActionPart, Step
from assess.engine.scoring import score
from tests.builders import a_bank, a_question, a_sign_question, an_action, an_option, some_settings
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
    assert order(found) == [MAP, "pay"]
    action = found.actions[0]
    assert (action.title, action.questions) == ("Write your one-page map", ("exposed", "also"))
    assert action.parts == (
        ActionPart("exposed", "Who houses them", "Write down who houses them."),
        ActionPart("also", "Who pays", "Write down who pays."),
    )
    assert (action.kind, action.dimension, action.gain) == ("exposure", None, None)
    assert (action.priority, action.days, action.effort, action.effort_days) == (30, 30, "M", 3)
    assert (action.owner, action.harm, action.pressing) == ("owner_or_manager", 6, False)
    assert found.do_first == (Step("action", "pay"),)
    assert found.short_set.questions in {(), ("pay",)}


def test_answers_that_ask_for_the_same_are_one_action_with_all_its_reasons() -> None:
    named = a_question(
        "named", dimension="home", action=an_action("Pay it back.", priority=90, owner="owner", effort="M")
    )
    too = a_question(
        "too", dimension="pay", same_as="named", options=AGAINST, action=an_action("Pay.", priority=180, effort="L")
    )
    bank = a_bank(too, named)
    answers: dict[str, Value] = {"named": "bad", "too": "against"}
    found = planned(bank, answers)
    (action,) = found.actions
    assert (action.question, action.questions) == ("named", ("too", "named"))
    assert (action.do, action.owner, action.effort, action.effort_days) == ("Pay it back.", "owner", "M", 3)
    assert (action.priority, action.harm, action.breaches, action.dimension) == (30, 2, ("slips",), "home")
    both = score(bank, {"named": "good", "too": "good"}, some_settings()).score
    assert action.gain == pytest.approx(score(bank, answers, some_settings()).score - both)
    assert [part.question for part in action.parts] == ["too", "named"]


def test_the_words_are_those_of_the_named_question_even_where_only_the_other_asks() -> None:
    named = a_question("named", action=an_action("Pay it back."))
    bank = a_bank(named, a_question("too", same_as="named", action=an_action("Pay.")))
    (action,) = planned(bank, {"named": "good", "too": "bad"}).actions
    assert (action.question, action.questions, action.do) == ("named", ("too",), "Pay it back.")
    bare = a_bank(a_question("named"), a_question("too", same_as="named", action=an_action("Pay.")))
    (action,) = planned(bare, {"named": "good", "too": "bad"}).actions
    assert (action.question, action.do) == ("named", "Pay.")


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
    answers: dict[str, Value] = dict.fromkeys((f"s{index}" for index in range(5)), "dk") | {"plain": "bad"}
    found = planned(bank, answers)
    papers = next(action for action in found.actions if action.question == PAPERS)
    assert papers.questions == tuple(f"s{index}" for index in range(6))
    assert [part.title for part in papers.parts] == [None] * 6
    assert {part.do for part in papers.parts} == {PAPERS_PART}, (
        "what editions before said of whom to ask is not printed"
    )
    assert "Ask nobody" in papers.do
    assert (papers.title, papers.find_out, papers.pressing) == ("Look in papers you already have", True, True)
    assert (papers.harm, papers.priority, papers.days, papers.owner) == (1, 7, 7, "owner_or_manager")
    assert (papers.gain, papers.sign, papers.held) == (None, None, False)
    assert order(found) == [PAPERS, "plain"]


def test_a_part_that_names_its_papers_says_what_to_do_with_them() -> None:
    question = a_sign_question("slips")
    titled = replace(question, options=tuple(with_title(option) for option in question.options))
    found = planned(a_bank(titled), {"slips": "dk"})
    (part,) = next(action for action in found.actions if action.question == PAPERS).parts
    assert (part.title, part.do) == ("Pay records", "Find out: slips.")


def with_title(option: Option) -> Option:
    own = option.action
    return replace(option, action=replace(own, title="Pay records")) if isinstance(own, Action) else option


def test_a_question_may_be_called_like_one_of_the_actions_of_many_parts() -> None:
    bank = a_bank(
        a_sign_question("papers"), a_sign_question("open"), a_question("map", kind="exposure", action=an_action())
    )
    found = planned(bank, {"papers": "serious", "open": "dk", "map": "bad"})
    actions = {action.question: action for action in found.actions}
    assert {name: action.do for name, action in actions.items() if not action.merged_as} == {"papers": "Stop papers."}
    assert {name: (action.merged_as, action.questions) for name, action in actions.items() if action.merged_as} == {
        "papers-": (PAPERS, ("open",)),
        "map-": (MAP, ("map",)),
    }


@pytest.mark.parametrize(("parts", "days", "effort"), [(1, 0.5, "S"), (4, 0.5, "S"), (5, 1, "M"), (9, 1.5, "M")])
def test_a_look_into_papers_takes_half_a_day_for_each_four_parts(parts: int, days: float, effort: str) -> None:
    bank = a_bank(*[a_sign_question(f"s{index}") for index in range(parts)])
    (papers,) = planned(bank, {}).actions
    assert (papers.effort_days, papers.effort) == (days, effort)


def test_finding_out_waits_while_advice_comes_first_and_says_nothing_of_what_it_was() -> None:
    bank = a_bank(a_sign_question("open"), a_sign_question("grave"))
    found = planned(bank, {"open": "dk", "grave": "urgent"})
    papers = next(action for action in found.actions if action.question == PAPERS)
    assert (papers.held, papers.do, papers.title) == (True, ADVICE_FIRST, None)
    assert papers.parts == (ActionPart("open", None, ADVICE_FIRST),)


def test_finding_out_where_no_sign_is_at_stake_is_an_action_like_others() -> None:
    options = (an_option("good"), an_option("bad", 4), an_option("dk", 4, action=an_action("Find out: it.")))
    (action,) = planned(a_bank(a_question(options=options, action=an_action())), {"q": "dk"}).actions
    assert (action.question, action.do, action.find_out, action.pressing) == ("q", "Find out: it.", True, False)
    assert action.gain == 30
