from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import Value
from assess.engine.conditions import Leaf
from assess.engine.scoring import score
from assess.engine.what_if import WhatIf
from tests.builders import a_bank, a_charge, a_check, a_number, a_question, a_sign_question, an_option, some_settings
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.real_banks import best_answer, some_answers

BANK = a_bank(
    a_question("pay"),
    a_question("home", dimension="home"),
    a_sign_question("papers", dimension="papers"),
    a_question("exposed", kind="exposure"),
    a_question("later", show_if=Leaf("pay", "is", "bad")),
)
ANSWERS: dict[str, Value] = {"pay": "bad", "home": "poor", "papers": "urgent", "exposed": "bad", "later": "bad"}


def test_everything_else_stays_what_is_shown_too() -> None:
    result = score(BANK, ANSWERS, some_settings())
    what_if = WhatIf.of(BANK, result)
    improved = what_if.score(["pay"])
    assert improved < result.score
    assert improved > score(BANK, ANSWERS | {"pay": "good"}, some_settings()).score
    assert what_if.score([]) == result.score


def test_signs_and_unknown_of_the_improved_are_gone() -> None:
    result = score(BANK, ANSWERS, some_settings())
    what_if = WhatIf.of(BANK, result)
    assert what_if.band([], result.score) == "critical"
    assert [sign.id for sign in what_if.signs_left([])] == ["papers"]
    assert what_if.signs_left(["papers"]) == []
    everything = ["papers", "pay", "home", "later"]
    assert what_if.band(everything, what_if.score(everything)) == "medium"


def test_the_housing_charge_takes_its_check_with_it_and_other_checks_stay() -> None:
    d3 = a_check("D3", rule="charge_above_offset", inputs={"charge": "charge"}, sign="serious", ilo=(8,))
    d2 = a_check(
        "D2", rule="daily_rate_below_wage", inputs={"daily": "daily", "hours": "hours"}, sign="serious", ilo=(8,)
    )
    bank = a_bank(a_number("daily", kind="fact"), a_number("hours"), a_charge(), checks=[d2, d3])
    result = score(bank, {"daily": 50, "hours": 11, "charge": 20}, some_settings())
    assert [sign.id for sign in WhatIf.of(bank, result).signs_left(["charge", "hours"])] == ["D2"]


def test_what_nobody_knows_is_noted() -> None:
    result = score(BANK, {"pay": "dk", "home": "good"}, some_settings())
    assert WhatIf.of(BANK, result).unknown == {"pay", "papers", "exposed"}


def test_a_breach_and_thin_safeguards_stand_until_they_are_put_right() -> None:
    options = (an_option("good"), an_option("against", 1, breach="slips"), an_option("bad", 4))
    bank = a_bank(
        a_question("law", options=options), *[a_question(f"q{index}", dimension="home") for index in range(4)]
    )
    answers: dict[str, Value] = {"law": "against", "q0": "bad", "q1": "bad", "q2": "good", "q3": "good"}
    what_if = WhatIf.of(bank, score(bank, answers, some_settings()))

    def band(*improved: str) -> str:
        return what_if.band(improved, what_if.score(improved))

    assert [band(), band("law"), band("q0", "q1"), band("law", "q0", "q1")] == ["medium", "medium", "medium", "low"]


def test_what_an_action_reaches_counts_where_it_is_told() -> None:
    result = score(BANK, ANSWERS, some_settings())
    assert WhatIf.of(BANK, result, {"pay": 1}).score(["pay"]) > WhatIf.of(BANK, result).score(["pay"])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**48))
def test_without_conditions_it_is_what_scoring_the_best_answers_says(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    questions = {question.id: question for question in bank.questions()}
    answers = some_answers(rnd, bank)
    answers["near"] = "yes"
    result = score(bank, answers, some_settings())
    safeguards = [line.question for line in result.lines if line.kind == "safeguard"]
    improved = rnd.sample(safeguards, rnd.randint(1, min(4, len(safeguards))))
    again = score(bank, answers | {name: best_answer(questions[name]) for name in improved}, some_settings())
    what_if = WhatIf.of(bank, result)
    assert what_if.score(improved) == again.score
    assert what_if.band(improved, again.score) == again.band
