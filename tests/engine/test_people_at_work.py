"""Nobody who has people at work is told that the law leaves them out."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.bank import Value
from assess.engine.duties import judge_duties
from assess.engine.facts import FactValue, settle_facts
from assess.engine.ordinary import ordinary_questions
from assess.engine.reasons import TO_PEOPLE_AT_WORK
from assess.engine.result import DutyVerdict
from assess.engine.visibility import shown
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.engine.test_duties import an_organisation, partly

TODAY = date(2026, 11, 24)
FactMap = dict[str, FactValue]


# ---- people at work are never told that the law leaves them out -----------------------------------------------------
def at_work(bank: str, answers: dict[str, Value], given: FactMap) -> dict[str, DutyVerdict]:
    """The verdicts on the duties to people at work."""
    edition = edition_of(bank)
    known = settle_facts(edition, answers, shown(edition, answers), given, ordinary_questions(edition))
    found = judge_duties(edition.duty_book, known.facts, TODAY, at_work=known.at_work)
    return {one.duty.id: one.verdict for one in found if one.duty.id in TO_PEOPLE_AT_WORK}


WHO = ("employees", "zero", "agency", "seasonal_visa", "self_emp", "family")


@settings(max_examples=60, deadline=None)
@given(chance=st.randoms(use_true_random=False), share=st.floats(0, 1), bank=st.sampled_from(BANKS))
def test_no_duty_to_people_at_work_is_ever_said_not_to_apply_while_anybody_but_family_may_work_there(
    chance: Random, share: float, bank: str
) -> None:
    given = partly(an_organisation(chance), chance, share) | {"operates_in": ["ENG"]}
    given |= {name: False for name in ("employs_anyone", "engages_workers") if chance.random() < 0.7}
    answers = some_answers(chance, edition_of(bank))
    who = chance.choice([None, ["dk"], chance.sample(WHO, chance.randint(1, 6))])
    answers.pop("core_worker_types", None)
    if who is not None:
        answers["core_worker_types"] = [*who, "zero"] if who == ["family"] else who
    found = at_work(bank, answers, given)
    assert found.keys() == TO_PEOPLE_AT_WORK
    assert "does_not_apply" not in found.values()


@pytest.mark.parametrize("bank", BANKS)
def test_only_a_business_of_the_family_alone_may_hear_that_none_of_them_applies(bank: str) -> None:
    none: FactMap = {"operates_in": ["ENG"], "employs_anyone": False, "engages_workers": False}
    alone = at_work(bank, {"core_worker_types": ["family"]}, none)
    assert alone.pop("uk_right_to_work_extended") == "to_check"  # a contractor may still do part of the work
    assert set(alone.values()) == {"does_not_apply"}
    assert set(at_work(bank, {"core_worker_types": ["agency"]}, none).values()) == {"to_check"}
    assert set(at_work(bank, {}, none).values()) == {"to_check"}


def test_day_labour_on_a_day_rate_has_the_minimum_wage() -> None:
    """Six pounds an hour, paid by the day, with no choice of hours, price or stand-in, and an owner who says that nobody is employed."""
    answers: dict[str, Value] = {
        "core_worker_types": ["self_emp"],
        "wash_payroll": "self",
        "wash_self_employed": "none",
        "wash_pay_basis": "daily",
    }
    found = at_work("car_washes", answers, {"operates_in": ["ENG"], "employs_anyone": False, "engages_workers": False})
    assert found["uk_minimum_wage_pay_and_records"] == "applies"
    assert found["uk_payslip"] == "applies"
    assert found["uk_right_to_work"] == "to_check"
