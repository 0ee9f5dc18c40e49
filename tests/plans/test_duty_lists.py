from __future__ import annotations

import re
from typing import Any

import pytest

from assess.plans.duty_lists import duty_lists_of
from tests.plans.records import FACTS, as_before, law_on_paper, scenario, settled_facts
from tests.plans.records import a_record as a_new_record


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
