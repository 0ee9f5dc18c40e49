"""The law on paper and screen: what binds first, a row each, nothing that does not bind with a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from assess.engine.reasons import TO_PEOPLE_AT_WORK
from assess.plans.law_rows import Law, LawRow, law_of
from tests.plans.records import FACTS, SCENARIOS, a_record, as_before, law_on_paper, settled_facts

LARGE: Mapping[str, Any] = {
    **FACTS,
    "turnover_gbp_incl_subsidiaries": 40_000_000,
    "supplies_goods_or_services": True,
    "has_website": True,
}
DAY_LABOUR = {"core_worker_types": ["self_emp"], "wash_payroll": "self", "wash_self_employed": "all"}
NOBODY = {"operates_in": ["ENG"], "employs_anyone": False, "engages_workers": False}


def the_law(**more: Any) -> Law:
    law = law_of(a_record(**more))
    assert law is not None
    return law


def rows(law: Law, group: str) -> dict[str, LawRow]:
    return {row.id: row for one in law.groups if one.id == group for row in one.rows}


def test_a_record_of_the_older_kind_is_printed_as_it_was() -> None:
    before = as_before(a_record(facts=FACTS))
    assert law_of(before) is None
    said = law_on_paper(before)
    assert "Likely to apply, not yet confirmed by a lawyer" in said
    assert "The law for you" not in said


def test_what_binds_every_employer_comes_first_a_row_each() -> None:
    law = the_law(facts=FACTS)
    assert law.groups[0].id == "every"
    every = rows(law, "every")
    assert list(every)[:4] == [
        "uk_modern_slavery_offences",
        "uk_minimum_wage_pay_and_records",
        "uk_payslip",
        "uk_written_statement",
    ]
    wage = every["uk_minimum_wage_pay_and_records"]
    assert wage.amount.startswith("£12.71 an hour")
    assert (wage.penalty, wage.read) != ("", "")
    said = law_on_paper(a_record(facts=FACTS))
    assert said.index("Pay the minimum wage, and keep records") < said.index("Let the Fair Work Agency inspect")
    assert "In force; we looked on 29 November 2026." in said


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
@pytest.mark.parametrize("facts", [{}, FACTS, LARGE], ids=["nothing", "small", "large"])
def test_the_doubt_is_said_once(bank: str, title: str, facts: Mapping[str, Any]) -> None:
    said = law_on_paper(a_record(bank, title, facts=facts))
    assert said.count("No lawyer has confirmed this yet.") == 1
    assert "not yet confirmed by a lawyer" not in said


@pytest.mark.parametrize("facts", [{}, FACTS, {**FACTS, "publishes_statement": True}, LARGE])
def test_what_does_not_bind_never_applies_is_never_due_and_has_no_day(facts: Mapping[str, Any]) -> None:
    law = the_law(facts=facts)
    for group in law.groups:
        for row in group.rows:
            if group.id not in {"every", "you", "expected"}:
                assert (row.when, row.penalty if group.id != "perhaps" else "") == ("", "")
    part = law_on_paper(a_record(facts=facts)).split("The law for you")[1].split("What this rests on")[0]
    assert not re.search(r"\b(Applies|applies to you|due(?! diligence))\b", part)
    assert "do it now if you have not" not in part


def test_only_who_must_publish_has_a_day_for_the_statement_and_once() -> None:
    expected = rows(the_law(facts=LARGE), "expected")
    assert expected["uk_s54_six_months"].when == "Expected by 30 September 2026. That day has passed"
    assert [row.id for row in expected.values() if row.when] == ["uk_s54_six_months"]
    done = rows(the_law(facts={**LARGE, "last_statement_on": "2026-07-01"}), "expected")
    assert done["uk_s54_six_months"].when == "Done for your last year: your statement is of a later day"
    small = the_law(facts={**FACTS, "publishes_statement": True})
    assert rows(small, "expected")["uk_s54_registry"].when == ""
    assert rows(small, "good_practice")["uk_voluntary_statement"].when == ""


def test_at_most_three_open_questions_are_law_on_paper() -> None:
    for facts in ({}, FACTS, LARGE, settled_facts("farming")):
        assert len(the_law(facts=facts).questions) <= 3
    assert len(the_law().questions) == 3


@pytest.mark.parametrize("change", [DAY_LABOUR, {"core_worker_types": ["agency"]}, {"core_worker_types": ["dk"]}])
def test_nobody_with_people_at_work_reads_that_a_duty_to_them_does_not_apply(change: Mapping[str, Any]) -> None:
    law = the_law(bank="car_washes", title="car_washes medium", change=change, facts=NOBODY)
    said = law_on_paper(a_record("car_washes", "car_washes medium", change=change, facts=NOBODY))
    closed = said.split("Does not apply to you")[1].split("No lawyer")[0]
    for line in (
        "Pay the minimum wage, and keep records",
        "A payslip on or before every pay day",
        "Employers’ liability insurance",
    ):
        assert line not in closed
    assert rows(law, "every").keys() | rows(law, "you").keys() | rows(law, "perhaps").keys() >= TO_PEOPLE_AT_WORK


def test_northern_ireland_is_said_to_have_its_own_laws() -> None:
    law = the_law(facts={**FACTS, "operates_in": ["NIR"]})
    assert "A payslip on or before every pay day" in law.elsewhere
    assert not set(law.elsewhere) & set(law.does_not_apply)


def test_what_was_not_read_again_tells_no_amount_penalty_or_step() -> None:
    law = the_law(facts={**FACTS, "holds_premises_licence": True, "bids_for_uk_public_contracts": True})
    adviser = rows(law, "adviser")
    assert adviser
    assert all((row.amount, row.penalty, row.steps) == ("", "", ()) for row in adviser.values())


def test_a_review_by_a_named_person_is_told() -> None:
    record = a_record(facts=FACTS)
    for duty in record["duties"]:
        if duty["heading"] == "likely":
            duty.update(heading="must", reviewed_by="A. Solicitor", reviewed_on="2026-10-01")
    law = law_of(record)
    assert law is not None
    assert law.confirmed
    assert "Reviewed by A. Solicitor on 1 October 2026" in law_on_paper(record)
