from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import html5lib
import pytest

from assess.engine.conditions import condition_subjects
from assess.engine.ordinary import ordinary_questions
from assess.plans.action_tracker.state import EMPTY_STATE, EvidenceNote, ItemState
from assess.plans.buyer_view import buyer_view_of
from assess.plans.copies import buyer_copy
from assess.sharing.models import ShareScope
from assess.sharing.shared_copy import (
    PUBLISHED_FACTS,
    OutdatedFormatError,
    SharedCopy,
    SharedDuty,
    group_by_heading,
    make_shared_copy,
    narrow_shared_copy,
    shareable_duties,
    shareable_questions,
    shared_copy_from_json,
    shared_copy_html,
    shared_copy_to_json,
)
from assess.sharing.viewing import with_valid_until
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import FACTS, SCENARIOS, Record, a_record, answers_of, scenario, text_of
from tests.plans.test_copies import forbidden_texts, raising, sign_cases


@pytest.mark.parametrize("bank", BANKS)
def test_nothing_that_can_raise_a_sign_alone_or_with_others_may_be_shown(bank: str) -> None:
    edition = edition_of(bank)
    allowed = shareable_questions(scenario(bank, f"{bank} low"), edition)
    assert len(allowed) > 20
    questions = {question.id: question for question in edition.questions()}
    assert not [name for name in allowed if questions[name].can_sign or questions[name].type in {"table", "text"}]
    for check in edition.checks:
        summed = {*check.inputs.values(), *(condition_subjects(check.when) if check.when else ())}
        assert not allowed & summed, check.id


def test_sums_take_away_more_than_the_ordinary_list_does() -> None:
    record, edition = scenario("car_washes", "car_washes low"), edition_of("car_washes")
    assert {"wash_price", "wash_team", "wash_minutes"} & ordinary_questions(edition)
    assert not {"wash_price", "wash_team", "wash_minutes"} & shareable_questions(record, edition)


@pytest.mark.parametrize("bank", BANKS)
def test_it_goes_by_the_question_and_never_by_its_answer(bank: str) -> None:
    edition = edition_of(bank)
    always = {
        name: {row["id"] for section in record["sections"] for row in section["questions"]}
        for name, record in {
            name: raising(bank, name, answer) for own, name, _, answer in sign_cases() if own == bank
        }.items()
    }
    asked_everywhere = set.intersection(*always.values())
    seen = {
        frozenset(shareable_questions(raising(bank, name, answer), edition) & asked_everywhere)
        for own, name, _, answer in sign_cases()
        if own == bank
    }
    assert len(seen) == 1


@pytest.mark.parametrize("bank", BANKS)
def test_languages_visas_and_how_people_are_employed_are_never_shared(bank: str) -> None:
    edition = edition_of(bank)
    for level in ("low", "medium", "critical"):
        allowed = shareable_questions(scenario(bank, f"{bank} {level}"), edition)
        assert not allowed & {"core_first_language", "core_languages", "core_visa_tied", "core_worker_types"}
        questions = {question.id: question for question in edition.questions()}
        said = " ".join(f"{questions[name].ask} {questions[name].options}".lower() for name in allowed)
        for word in ("visa", "sponsor", "first language", "which language"):
            assert word not in said


DAY = "2026-11-24"
CANARY = "Canary Kowalski"


def worked(record: Record) -> dict[str, ItemState]:
    """A register in which everything was answered, with words of the business's own wherever it may write some."""
    note = EvidenceNote(1, f"Payslips of {CANARY}", "records", "2026-05-03", None, "shown")
    said = ItemState("accepted", "other", CANARY, CANARY, "2027-01-05", "under_way", None, (note,), revision=3)
    return {action["question"]: said for action in record["actions"]}


def drawn(record: Record, scope: ShareScope) -> str:
    bank = record["edition"]["bank"]
    return shared_copy_html(make_shared_copy(record, edition_of(bank), worked(record), scope), record, "K7QF-2M9D")


@pytest.mark.parametrize("scope", list(ShareScope))
@pytest.mark.parametrize("bank", BANKS)
def test_no_question_that_can_raise_a_sign_leaves_anything_in_any_scope(bank: str, scope: ShareScope) -> None:
    questions = {question.id: question for question in edition_of(bank).questions()}
    cases = [case for case in sign_cases() if case[0] == bank]
    assert len(cases) > 30
    for _, name, _, answer in cases:
        record = raising(bank, name, answer)
        html = drawn(record, scope)
        said = text_of(html)
        found = [text for text in forbidden_texts(questions[name], record) if text in said]
        assert found == [], name
        assert name not in html
        assert CANARY not in html


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_each_scope_holds_all_of_the_one_before_and_more(bank: str, title: str) -> None:
    record = scenario(bank, title)
    copies = [make_shared_copy(record, edition_of(bank), worked(record), scope) for scope in ShareScope]
    assert {shared.buyer_copy for shared in copies} == {buyer_copy(record)}
    assert [shared.plan is None for shared in copies] == [True, False, False, False]
    assert [shared.answers is None for shared in copies] == [True, True, False, False]
    assert [shared.duties is None for shared in copies] == [True, False, False, False]
    for wide in copies:
        for narrow in copies[: copies.index(wide) + 1]:
            assert narrow_shared_copy(wide, narrow.scope) == narrow


@pytest.mark.parametrize("scope", list(ShareScope))
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_what_is_frozen_comes_back_as_it_was(bank: str, title: str, scope: ShareScope) -> None:
    record = scenario(bank, title)
    shared = make_shared_copy(record, edition_of(bank), worked(record), scope)
    assert shared_copy_from_json(json.loads(json.dumps(shared_copy_to_json(shared)))) == shared


def plan_of(record: Record, said: ItemState | None = None) -> SharedCopy:
    state = {} if said is None else {action["question"]: said for action in record["actions"]}
    return make_shared_copy(record, edition_of("farming"), state, ShareScope.EVIDENCE)


def test_the_plan_has_the_dates_of_the_business_and_jobs_but_no_names() -> None:
    record = scenario()
    proposed, changed = plan_of(record), plan_of(record, ItemState("accepted", owner=CANARY, due="2027-01-05"))
    assert proposed.plan
    assert changed.plan
    assert {action.due for action in changed.plan} == {"2027-01-05"}
    assert {action.owner for action in changed.plan} == {action.owner for action in proposed.plan}
    assert not any(action.at_once for action in changed.plan)
    (job,) = {plan.owner for plan in plan_of(record, ItemState("accepted", owner="Owner or manager")).plan or ()}
    assert job == "Owner or manager"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (ItemState(), "proposed, not answered yet"),
        (ItemState("accepted"), "planned"),
        (ItemState("accepted", status="under_way"), "planned"),
        (ItemState("accepted", status="done", done_on=DAY), "done"),
        (ItemState("already_done"), "done"),
        (ItemState("will_not", "cost"), "not planned: ask the business why"),
    ],
)
def test_how_a_step_stands_is_said_without_its_reason(said: ItemState, words: str) -> None:
    shared = plan_of(scenario(), said)
    assert {action.words for action in shared.plan or ()} == {words}
    assert shared.done == (len(shared.plan or ()) if words == "done" else 0)
    assert "costs too much" not in json.dumps(shared_copy_to_json(shared))


def test_proof_is_told_in_our_words_alone() -> None:
    record = a_record("farming", "farming medium", evidence=frozenset({"core_written_terms", "core_right_to_work"}))
    shared = make_shared_copy(record, edition_of("farming"), worked(record), ShareScope.EVIDENCE)
    proofs = {proof for action in shared.plan or () for proof in action.proofs}
    assert proofs == {
        "Records, such as payslips or time sheets; dated 3 May 2026; We have shown it to somebody from outside"
    }
    assert [answer.ask[:22] for answer in shared.answers or () if answer.proof] == ["Does every worker get "]


def test_actions_that_wait_for_advice_are_in_no_scope() -> None:
    record = a_record("farming", "farming medium", change={"core_right_to_work": "some"})
    ordinary = {step.key for step in buyer_view_of(record, None).actions}
    waits = {action["do"] for action in record["actions"] if action["question"] not in ordinary}
    assert waits
    assert not waits & {action.do for action in plan_of(record).plan or ()}


def test_what_is_due_later_stands_last() -> None:
    record = scenario()
    view = record["buyer_view"]
    view["actions"][0] |= {"due": None, "days": None}
    shared = plan_of(record)
    assert shared.plan
    assert [action.due for action in shared.plan].index(None) == len(shared.plan) - 1


def test_narrowing_never_adds() -> None:
    shared = replace(plan_of(scenario()), plan=None, answers=None)
    assert narrow_shared_copy(shared, ShareScope.EVIDENCE) == shared


def leaked(record: Record, question: str) -> Any:
    return next(row["ask"] for section in record["sections"] for row in section["questions"] if row["id"] == question)


def test_the_test_would_see_a_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = lambda record, _edition: frozenset(  # noqa: E731  # a stand-in for this one test
        row["id"] for section in record["sections"] for row in section["questions"]
    )
    monkeypatch.setattr("assess.sharing.shared_copy.shareable_questions", everything)
    record = raising("farming", "core_min_wage", "some_not")
    assert leaked(record, "core_min_wage") in text_of(drawn(record, ShareScope.ANSWERS))


def test_what_an_earlier_release_froze_is_never_read() -> None:
    stored = json.loads(json.dumps(shared_copy_to_json(plan_of(scenario()))))
    for earlier in (0, 1):
        with pytest.raises(OutdatedFormatError):
            shared_copy_from_json({**stored, "format": earlier})


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


def copy_of(
    record: Record, scope: ShareScope = ShareScope.PLAN, state: dict[str, ItemState] | None = None
) -> SharedCopy:
    return make_shared_copy(record, edition_of(record["edition"]["bank"]), state or {}, scope)


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
    assert not PUBLISHED_FACTS & {fact.id for fact in book.facts if fact.sources}
    assert {fact.id for fact in book.facts} >= PUBLISHED_FACTS


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
    assert [(title, [row.id for row in some]) for title, some in group_by_heading(rows)] == [
        ("Likely to apply, not yet confirmed by a lawyer", ["b"]),
        ("The government expects: guidance, not law", ["a"]),
    ]


def test_it_stands_on_the_page_of_the_share_under_its_heading() -> None:
    said = text_of(shared_copy_html(copy_of(large()), large(), "K7QF-2M9D"))
    assert "Its duties" in said
    assert "Likely to apply, not yet confirmed by a lawyer Annual slavery and human trafficking statement" in said
    assert "This is not legal advice" in said
    short = text_of(shared_copy_html(copy_of(large(), ShareScope.BUYER_COPY), large(), "K7QF-2M9D"))
    assert "Its duties" not in short


@pytest.mark.parametrize("scope", list(ShareScope))
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_copy_is_sound_and_says_what_it_is_not_and_until_when(bank: str, title: str, scope: ShareScope) -> None:
    record = scenario(bank, title)
    shared = make_shared_copy(record, edition_of(bank), EMPTY_STATE, scope)
    html = shared_copy_html(with_valid_until(shared, "2026-12-24"), record, "K7QF-2M9D")
    html5lib.HTMLParser(strict=True).parse(html)
    said = text_of(html)
    assert "The business’s own answers; not a finding; not for selection or exclusion." in said
    assert "valid until 24 December 2026 · check code K7QF-2M9D" in said
    assert said.index("Stay and help fix it") < said.index("Result")
    assert record["reference"] not in html
    assert "PE38" not in html
