from __future__ import annotations

import pytest

from assess.banks.settings import settings_on
from assess.engine.assessing import Given, assess
from tests.engine.real_banks import BANKS, QUESTIONNAIRES, TODAY, edition_of, examples_of, good_answers

SETTINGS = settings_on(QUESTIONNAIRES, TODAY)


def test_one_call_gives_result_facts_duties_and_plan_of_the_same_answers() -> None:
    edition = edition_of("farming")
    example = next(example for example in examples_of("farming") if example.title == "farming medium")
    assessed = assess(edition, Given(example.answers, {"operates_in": ["ENG"]}), SETTINGS, TODAY)
    assert assessed.result.band == "medium"
    assert assessed.derived["uses_seasonal_worker_visa"] is True
    assert assessed.facts["operates_in"] == ["ENG"]
    assert {judged.duty.id for judged in assessed.duties} == {duty.id for duty in edition.duty_book.duties}
    assert {step.id for step in assessed.plan.do_first if step.what == "action"} <= {
        action.question for action in assessed.plan.actions
    }


def test_a_given_fact_wins_over_what_the_answers_tell() -> None:
    example = next(example for example in examples_of("farming") if example.title == "farming medium")
    given = Given(example.answers, {"uses_seasonal_worker_visa": False})
    assert assess(edition_of("farming"), given, SETTINGS, TODAY).facts["uses_seasonal_worker_visa"] is False


@pytest.mark.parametrize("bank", BANKS)
def test_a_quick_check_asks_less_and_never_says_low(bank: str) -> None:
    edition = edition_of(bank)
    example = next(example for example in examples_of(bank) if example.title == f"{bank} low")
    answers = good_answers(edition, example.answers)
    quick = assess(edition, Given(answers, {}, quick=True), SETTINGS, TODAY)
    whole = assess(edition, Given(answers, {}), SETTINGS, TODAY)
    assert quick.result.shown < whole.result.shown
    assert (quick.result.band, quick.result.reasons) == ("not_rated", ("quick",))
    assert (whole.result.band, whole.result.reasons) == ("low", ())
    assert (quick.buyer.band, quick.buyer.exposure, quick.buyer.bars) == (None, None, ())
    assert whole.buyer.band == "low"
