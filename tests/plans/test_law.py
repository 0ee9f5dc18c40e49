"""The law on paper and screen: what binds first, a row each, nothing that does not bind with a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from assess.engine.facts import DUTIES_TO_WORKERS
from assess.plans.law import Law, LawRow, duty_lists_of, law_of
from tests.plans.records import FACTS, SCENARIOS, as_before, law_on_paper, scenario, settled_facts
from tests.plans.records import a_record as a_new_record
from tests.plans.records import a_record as records_a_record


def a_record(**more: Any) -> dict[str, Any]:
    """A record of the kind these lists are for: its duties have neither rows nor a word on what is done."""
    return as_before(a_new_record(**more))


LARGE = {**FACTS, "turnover_gbp_incl_subsidiaries": 40_000_000, "supplies_goods_or_services": True, "has_website": True}


def test_nothing_stands_under_you_must_without_a_reviewer() -> None:
    record = a_record(facts=LARGE)
    titles = [heading.title for heading in duty_lists_of(record).headings]
    assert "You must" not in titles
    assert "Likely to apply, not yet confirmed by a lawyer" in titles
    reviewed = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    reviewed.update(heading="must", reviewed_by="A. Solicitor", reviewed_on="2026-10-01")
    first = duty_lists_of(record).headings[0]
    assert first.title == "You must"
    assert first.tasks[0].reviewed == "Reviewed by A. Solicitor on 1 October 2026"


def test_what_is_coming_or_debated_never_carries_a_task() -> None:
    for heading in duty_lists_of(a_record(facts=LARGE)).headings:
        if heading.id in {"coming", "debated", "context", "ask_adviser"}:
            assert heading.tasks == ()


def test_each_duty_points_at_the_facts_it_turned_on() -> None:
    lists = duty_lists_of(a_record(facts=LARGE))
    numbers = {fact.number for fact in lists.known}
    assert numbers == set(range(1, len(numbers) + 1))
    statement = next(duty for heading in lists.headings for duty in heading.tasks if duty.id == "uk_s54_statement")
    asked = " ".join(fact.ask for fact in lists.known if fact.number in statement.facts)
    assert "all" in asked or "year" in asked
    assert statement.facts


def test_below_the_threshold_it_is_said_that_no_statement_is_required() -> None:
    sentence = (
        "Section 54 of the Modern Slavery Act does not require a statement from you. Buyers may still ask for one."
    )
    assert sentence in law_on_paper(a_record(facts=FACTS))
    assert sentence not in law_on_paper(a_record(facts=LARGE))
    assert sentence not in law_on_paper(a_record())


def test_what_may_apply_says_what_we_need_to_know() -> None:
    lists = duty_lists_of(a_record())
    assert lists.open
    assert lists.shared_asks
    assert lists.open_abroad
    said = law_on_paper(a_record())
    assert "May apply: we need to know more" in said
    assert "Do you sell, import or own companies outside the UK?" in said


def test_a_firm_that_told_everything_has_few_open_duties_and_counts_those_of_other_countries() -> None:
    lists = duty_lists_of(a_record(facts=settled_facts("farming")))
    assert lists.open_abroad == ()
    assert lists.closed_abroad > 5
    assert lists.does_not_apply


@pytest.mark.parametrize("facts", [{}, FACTS, LARGE])
def test_every_duty_is_somewhere(facts: dict[str, object]) -> None:
    record = a_record(facts=facts)
    lists = duty_lists_of(record)
    under = sum(len(heading.tasks) + len(heading.others) for heading in lists.headings)
    others = len(lists.open) + len(lists.open_abroad) + len(lists.does_not_apply) + lists.closed_abroad
    assert under + others == len(record["duties"])


def test_every_duty_that_applies_has_its_source_link_and_day() -> None:
    for heading in duty_lists_of(a_record(facts=LARGE)).headings:
        for duty in (*heading.tasks, *heading.others):
            assert duty.url.startswith("https://")
            assert duty.source
            assert re.search(r"\d{4}", duty.source_as_of)


def test_the_day_of_a_source_is_told_without_the_notes_of_its_keeper() -> None:
    record = a_record(facts=LARGE)
    record["duties"][0]["source_as_of"] = "2026-10-01 (text last amended 2016-12-17)"
    lists = duty_lists_of(record)
    first = next(duty for heading in lists.headings for duty in heading.tasks if duty.id == record["duties"][0]["id"])
    assert first.source_as_of == "1 October 2026"


def test_a_day_of_a_source_and_a_fact_are_told_in_words() -> None:
    record = as_before(scenario("farming", "farming low"))
    one, other = record["duties"][:2]
    one.update(verdict="applies", heading="likely", source_as_of="2026-08; edition of August")
    asked = {"fact": "fye", "ask": "When does your year end?", "value_text": "2026-03-31"}
    other.update(verdict="applies", heading="likely", turned_on=[asked])
    lists = duty_lists_of(record)
    seen = {text.id: text.source_as_of for heading in lists.headings for text in (*heading.tasks, *heading.others)}
    assert seen[one["id"]] == "August 2026"
    assert "31 March 2026" in {fact.value for fact in lists.known}


def test_a_date_that_has_passed_says_so() -> None:
    record = a_record(facts=LARGE)
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-09-30", overdue=True)
    dues = [text.due for heading in duty_lists_of(record).headings for text in heading.tasks]
    assert "30 September 2026, which has passed: do it now if you have not" in dues


LARGE_LAW_ROWS: Mapping[str, Any] = {
    **FACTS,
    "turnover_gbp_incl_subsidiaries": 40_000_000,
    "supplies_goods_or_services": True,
    "has_website": True,
}
DAY_LABOUR = {"core_worker_types": ["self_emp"], "wash_payroll": "self", "wash_self_employed": "all"}
NOBODY = {"operates_in": ["ENG"], "employs_anyone": False, "engages_workers": False}


def the_law(**more: Any) -> Law:
    law = law_of(records_a_record(**more))
    assert law is not None
    return law


def rows(law: Law, group: str) -> dict[str, LawRow]:
    return {row.id: row for one in law.groups if one.id == group for row in one.rows}


def test_a_record_of_the_older_kind_is_printed_as_it_was() -> None:
    before = as_before(records_a_record(facts=FACTS))
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
    said = law_on_paper(records_a_record(facts=FACTS))
    assert said.index("Pay the minimum wage, and keep records") < said.index("Let the Fair Work Agency inspect")
    assert "In force; we looked on 29 November 2026." in said


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
@pytest.mark.parametrize("facts", [{}, FACTS, LARGE_LAW_ROWS], ids=["nothing", "small", "large"])
def test_the_doubt_is_said_once(bank: str, title: str, facts: Mapping[str, Any]) -> None:
    said = law_on_paper(records_a_record(bank, title, facts=facts))
    assert said.count("No lawyer has confirmed this yet.") == 1
    assert "not yet confirmed by a lawyer" not in said


@pytest.mark.parametrize("facts", [{}, FACTS, {**FACTS, "publishes_statement": True}, LARGE_LAW_ROWS])
def test_what_does_not_bind_never_applies_is_never_due_and_has_no_day(facts: Mapping[str, Any]) -> None:
    law = the_law(facts=facts)
    for group in law.groups:
        for row in group.rows:
            if group.id not in {"every", "you", "expected"}:
                assert (row.when, row.penalty if group.id not in {"here", "here_perhaps", "perhaps"} else "") == (
                    "",
                    "",
                )
    part = law_on_paper(records_a_record(facts=facts)).split("What this rests on")[0]
    assert not re.search(r"\b(Applies|applies to you|due(?! diligence))\b", part)
    assert "do it now if you have not" not in part


def test_only_who_must_publish_has_a_day_for_the_statement_and_once() -> None:
    expected = rows(the_law(facts=LARGE_LAW_ROWS), "expected")
    assert expected["uk_s54_six_months"].when == "Expected by 30 September 2026. That day has passed"
    assert [row.id for row in expected.values() if row.when] == ["uk_s54_six_months"]
    done = rows(the_law(facts={**LARGE_LAW_ROWS, "last_statement_on": "2026-07-01"}), "expected")
    assert done["uk_s54_six_months"].when == "Done for your last year: your statement is of a later day"
    small = the_law(facts={**FACTS, "publishes_statement": True})
    assert rows(small, "expected")["uk_s54_registry"].when == ""
    assert rows(small, "good_practice")["uk_voluntary_statement"].when == ""


def test_at_most_three_open_questions_are_law_on_paper() -> None:
    for facts in ({}, FACTS, LARGE_LAW_ROWS, settled_facts("farming")):
        assert len(the_law(facts=facts).questions) <= 3
    assert len(the_law().questions) == 3


@pytest.mark.parametrize("change", [DAY_LABOUR, {"core_worker_types": ["agency"]}, {"core_worker_types": ["dk"]}])
def test_nobody_with_people_at_work_reads_that_a_duty_to_them_does_not_apply(change: Mapping[str, Any]) -> None:
    law = the_law(bank="car_washes", title="car_washes medium", change=change, facts=NOBODY)
    said = law_on_paper(records_a_record("car_washes", "car_washes medium", change=change, facts=NOBODY))
    closed = said.split("Does not apply to you")[1].split("What this rests on")[0]
    for line in (
        "Pay the minimum wage, and keep records",
        "A payslip on or before every pay day",
        "Employers’ liability insurance",
    ):
        assert line not in closed
    assert rows(law, "every").keys() | rows(law, "you").keys() | rows(law, "perhaps").keys() >= DUTIES_TO_WORKERS


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
    record = records_a_record(facts=FACTS)
    for duty in record["duties"]:
        if duty["heading"] == "likely":
            duty.update(heading="must", reviewed_by="A. Solicitor", reviewed_on="2026-10-01")
    law = law_of(record)
    assert law is not None
    assert law.confirmed
    assert "Reviewed by A. Solicitor on 1 October 2026" in law_on_paper(record)


def test_who_was_not_asked_for_the_place_reads_what_binds_every_employer_in_great_britain() -> None:
    """A quick check asks no facts; with a place told, the same duties bind without a condition, or not at all."""
    law = law_of(records_a_record("car_washes", "car_washes critical", quick=True))
    assert law is not None
    here = rows(law, "here")
    assert {"uk_minimum_wage_pay_and_records", "uk_payslip", "uk_working_time", "uk_home_safety"} <= here.keys()
    assert rows(law, "here_perhaps").keys() == {"uk_right_to_work", "uk_sick_pay_day_one"}
    assert not {row.line for row in here.values()} & set(law.open)
    record = records_a_record("car_washes", "car_washes critical", quick=True)
    next(duty for duty in record["duties"] if duty["id"] == "uk_payslip")["jurisdiction"] = ["AU"]
    abroad = law_of(record)
    assert abroad is not None
    assert "uk_payslip" not in rows(abroad, "here")
    told = the_law(facts={"operates_in": ["ENG"]})
    assert not {group.id for group in told.groups} & {"here", "here_perhaps"}
    assert {"uk_minimum_wage_pay_and_records", "uk_payslip"} <= rows(told, "every").keys()
    assert not {group.id for group in the_law(facts={"operates_in": ["NIR"]}).groups} & {"here", "here_perhaps"}
