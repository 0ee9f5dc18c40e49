from __future__ import annotations

from typing import Any

import pytest

from assess.plans.register.state import ItemState
from assess.plans.shares.document import SharedCopy, shared_copy
from assess.plans.shares.duties import PUBLISHED, SharedDuty, by_heading, shareable_duties
from assess.plans.shares.paper import to_html
from assess.plans.shares.scopes import Scope
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import FACTS, Record, a_record, answers_of, text_of
from tests.plans.test_copies import sign_cases

DAY = "2026-11-24"
LARGE = {
    **FACTS,
    "turnover_gbp_incl_subsidiaries": 90_000_000,
    "supplies_goods_or_services": True,
    "is_public_authority": True,
    "bids_for_uk_public_contracts": True,
}
STATEMENT = "uk_s54_statement"


def large(bank: str = "farming", change: dict[str, Any] | None = None) -> Record:
    return a_record(bank, f"{bank} medium", change=change, facts=LARGE)


def copy_of(record: Record, scope: Scope = Scope.PLAN, state: dict[str, ItemState] | None = None) -> SharedCopy:
    return shared_copy(record, edition_of(record["edition"]["bank"]), state or {}, scope)


def test_what_a_duty_turns_on_decides_and_never_an_answer() -> None:
    book = edition_of("farming").duty_book
    allowed = shareable_duties(book)
    assert {STATEMENT, "uk_s54_publish", "uk_s54_six_months", "au_modern_slavery_statement"} <= allowed
    assert "uk_s54_registry" not in allowed, (
        "whether a small firm publishes a statement of its own is not in its accounts"
    )
    never = """uk_right_to_work uk_minimum_wage_pay_and_records uk_payslip uk_modern_slavery_offences uk_s52_duty_to_notify
        uk_business_report_concern uk_procurement_exclusion uk_poca_sar uk_agency_no_fees uk_working_time"""
    assert not allowed & set(never.split())
    assert set(never.split()) < {duty.id for duty in book.duties}
    assert not PUBLISHED & {fact.id for fact in book.facts if fact.sources}
    assert {fact.id for fact in book.facts} >= PUBLISHED


@pytest.mark.parametrize("bank", BANKS)
def test_no_answer_to_a_question_that_can_raise_a_sign_changes_a_duty_that_is_shown(bank: str) -> None:
    calm = answers_of(bank, f"{bank} medium")
    wanted = copy_of(large(bank)).duties
    assert wanted
    seen = 0
    for _, name, _, answer in (case for case in sign_cases() if case[0] == bank):
        seen += 1
        assert copy_of(large(bank, {**calm, name: answer})).duties == wanted, name
    assert seen > 20


def test_what_applies_is_shown_and_what_is_to_check_is_not() -> None:
    record = large()
    shown = {duty.id for duty in copy_of(record).duties or ()}
    verdicts = {duty["id"]: duty["verdict"] for duty in record["duties"]}
    assert STATEMENT in shown
    assert {verdicts[name] for name in shown} == {"applies"}
    assert any(verdicts[name] == "to_check" for name in shareable_duties(edition_of("farming").duty_book))


def test_a_duty_is_done_when_the_business_says_so() -> None:
    record = large()
    (open_,) = [duty for duty in copy_of(record).duties or () if duty.id == STATEMENT]
    assert not open_.done
    for said in (ItemState("already_done"), ItemState("accepted", status="done", done_on=DAY)):
        (done,) = [duty for duty in copy_of(record, state={STATEMENT: said}).duties or () if duty.id == STATEMENT]
        assert done.done


def test_only_what_is_asked_of_it_by_a_day_counts() -> None:
    assert SharedDuty("a", "A", "likely", DAY, done=False).counts
    assert not SharedDuty("a", "A", "likely", None, done=False).counts
    assert not SharedDuty("a", "A", "coming", DAY, done=False).counts


def test_the_headings_come_in_their_order_and_say_no_more_than_is_known() -> None:
    rows = [SharedDuty(name, name, heading, None, done=False) for name, heading in (("a", "expected"), ("b", "likely"))]
    assert [(title, [row.id for row in some]) for title, some in by_heading(rows)] == [
        ("Likely to apply, not yet confirmed by a lawyer", ["b"]),
        ("The government expects: guidance, not law", ["a"]),
    ]


def test_it_stands_on_the_page_of_the_share_under_its_heading() -> None:
    said = text_of(to_html(copy_of(large()), large(), "K7QF-2M9D"))
    assert "Its duties" in said
    assert "Likely to apply, not yet confirmed by a lawyer Annual slavery and human trafficking statement" in said
    assert "This is not legal advice" in said
    short = text_of(to_html(copy_of(large(), Scope.BUYER_COPY), large(), "K7QF-2M9D"))
    assert "Its duties" not in short
