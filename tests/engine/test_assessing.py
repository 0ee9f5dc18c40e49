from __future__ import annotations

from assess.banks.settings import settings_on
from assess.engine.assessing import Given, assess
from tests.engine.real_banks import BANKS, QUESTIONNAIRES, TODAY, edition_of, examples_of

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


def test_a_quick_check_asks_less_and_never_says_low() -> None:
    for bank in BANKS:
        example = next(example for example in examples_of(bank) if example.title == f"{bank} low")
        quick = assess(edition_of(bank), Given(example.answers, {}, quick=True), SETTINGS, TODAY).result
        whole = assess(edition_of(bank), Given(example.answers, {}), SETTINGS, TODAY).result
        assert quick.shown < whole.shown
        assert quick.band == "not_rated"
        assert "quick_check_cannot_say_low" in quick.reasons
        assert whole.band == "low"
