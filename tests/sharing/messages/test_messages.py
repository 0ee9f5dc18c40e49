from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.retention import delete_assessment
from assess.core.db import Database
from assess.engine.free_text import REMOVED_TEXT
from assess.plans.action_tracker.services import ItemContent, PlanReplacedError, change_item, get_item_state
from assess.plans.action_tracker.state import ItemState
from assess.plans.buyer_view import buyer_view_of
from assess.sharing import messages as sharing_messages
from assess.sharing.messages import (
    WITHDRAW_WINDOW,
    MessageAuthor,
    NoOpenProposalError,
    StepDates,
    ThreadClosedError,
    ThreadFullError,
    add_comment,
    agreed_dates,
    agreed_step_dates,
    answer_proposal,
    apply_date,
    buyer_name,
    can_apply_date,
    can_withdraw,
    count_unread,
    get_messages,
    is_thread_open,
    item_key_of_step,
    mark_thread_read,
    propose_date,
    shared_steps_of,
    step_dates_of,
    step_key,
    thread_page_of,
    withdraw_message,
)
from assess.sharing.models import MessageKind, MessageSide, ShareGrant, ShareMessage, ShareScope, ShareThread
from assess.sharing.services import end_share_grant
from assess.sharing.shared_copy import make_shared_copy, narrow_shared_copy, shared_copy_from_json
from assess.suppliers.activity_log import get_activity_log
from assess.suppliers.models import Supplier, SupplierEventType
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.identity.accounts_factory import database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record, scenario
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

BUYER, FARM = MessageAuthor(MessageSide.BUYER, None), MessageAuthor(MessageSide.BUSINESS, None)
STEP, DUE = "a" * 16, date(2027, 2, 1)


@dataclass
class Made:
    grant: ShareGrant
    supplier: Supplier


def a_share(session: Session, name: str = "The Council") -> Made:
    farm = a_supplier(session, a_buyer(session, name), "Fen Edge Growers", sector="farming")
    return Made(shared(session, invited(session, farm), scope=ShareScope.PLAN), farm)


def on_trail(session: Session, supplier: Supplier) -> list[SupplierEventType]:
    return [
        one.what
        for one in get_activity_log(session, [supplier.id])
        if one.what in {SupplierEventType.COMMENTED, SupplierEventType.ANSWERED, SupplierEventType.DATE_AGREED}
    ]


@pytest.mark.both_databases
def test_a_thread_from_the_first_word_to_an_agreed_date(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        assert agreed_dates(session, [made.grant.id]) == {}
        add_comment(session, made.grant, BUYER, None, "Hello.", TODAY)
        propose_date(session, made.grant, BUYER, STEP, DUE, "", TODAY)
        assert count_unread(session, made.grant.assessment_id) == {made.grant.id: 2}
        mark_thread_read(session, made.grant.id)
        assert count_unread(session, made.grant.assessment_id) == {}
        answer_proposal(session, made.grant, FARM, STEP, DUE, TODAY, agrees=True)
        assert agreed_dates(session, [made.grant.id]) == {made.grant.id: {STEP: DUE}}
        assert on_trail(session, made.supplier) == [
            SupplierEventType.COMMENTED,
            SupplierEventType.COMMENTED,
            SupplierEventType.DATE_AGREED,
        ]
        add_comment(session, made.grant, FARM, STEP, "Good.", TODAY)
        # of one day a trail tells what a supplier did by its kind, not by the hour
        assert on_trail(session, made.supplier) == [
            SupplierEventType.COMMENTED,
            SupplierEventType.COMMENTED,
            SupplierEventType.ANSWERED,
            SupplierEventType.DATE_AGREED,
        ]
        assert {one.by_person for one in get_activity_log(session, [made.supplier.id])} == {None}
        assert [one.number for one in get_messages(session, made.grant.id)] == [1, 2, 3, 4]
        assert count_unread(session, made.grant.assessment_id) == {}, "one's own words are no news"


@pytest.mark.both_databases
def test_only_the_other_side_answers_and_only_once(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        propose_date(session, made.grant, BUYER, STEP, DUE, "", TODAY)
        for who, due in ((BUYER, DUE), (FARM, date(2027, 2, 2))):
            with pytest.raises(NoOpenProposalError):
                answer_proposal(session, made.grant, who, STEP, due, TODAY, agrees=True)
        answer_proposal(session, made.grant, FARM, STEP, DUE, TODAY, agrees=False)
        with pytest.raises(NoOpenProposalError):
            answer_proposal(session, made.grant, FARM, STEP, DUE, TODAY, agrees=True)
        assert agreed_dates(session, [made.grant.id]) == {}


@pytest.mark.both_databases
def test_a_number_is_used_once_so_what_is_new_stays_new(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        number = add_comment(session, made.grant, BUYER, None, "Oh.", TODAY)
        mark_thread_read(session, made.grant.id)
        assert withdraw_message(session, made.grant, BUYER, number, TODAY)
        assert not withdraw_message(session, made.grant, BUYER, number, TODAY)
        assert add_comment(session, made.grant, BUYER, None, "Hello.", TODAY) == number + 1
        assert count_unread(session, made.grant.assessment_id) == {made.grant.id: 1}
        assert not withdraw_message(session, made.grant, BUYER, number + 1, TODAY + timedelta(minutes=16))


@pytest.mark.both_databases
def test_a_thread_takes_only_so_many_messages(published: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_messages, "MAX_MESSAGES", 2)
    with published.writing() as session:
        made = a_share(session)
        add_comment(session, made.grant, BUYER, None, "One.", TODAY)
        add_comment(session, made.grant, FARM, None, "Two.", TODAY)
        with pytest.raises(ThreadFullError):
            add_comment(session, made.grant, FARM, None, "Three.", TODAY)


@pytest.mark.both_databases
@pytest.mark.parametrize("over", ["ended", "run out"])
def test_a_share_that_is_over_is_silent(published: Database, over: str) -> None:
    with published.writing() as session:
        made = a_share(session)
        add_comment(session, made.grant, BUYER, None, "Hello.", TODAY)
        if over == "ended":
            end_share_grant(session, made.grant, TODAY)
        now: datetime = TODAY if over == "ended" else later(400)
        assert not is_thread_open(session, made.grant, now)
        actions: list[Any] = [
            lambda: add_comment(session, made.grant, BUYER, None, "Hello?", now),
            lambda: propose_date(session, made.grant, FARM, STEP, DUE, "", now),
            lambda: answer_proposal(session, made.grant, FARM, STEP, DUE, now, agrees=True),
            lambda: withdraw_message(session, made.grant, BUYER, 1, now),
        ]
        for action in actions:
            with pytest.raises(ThreadClosedError):
                action()
        assert len(get_messages(session, made.grant.id)) == 1


@pytest.mark.both_databases
def test_it_goes_with_its_share_and_no_other_buyer_has_any_of_it(published: Database) -> None:
    with published.writing() as session:
        one, other = a_share(session), a_share(session, "The Shop")
        add_comment(session, one.grant, BUYER, None, "Hello.", TODAY)
        propose_date(session, one.grant, BUYER, STEP, DUE, "", TODAY)
        answer_proposal(session, one.grant, FARM, STEP, DUE, TODAY, agrees=True)
        assert get_messages(session, other.grant.id) == []
        assert agreed_dates(session, [other.grant.id]) == {}
        assert on_trail(session, other.supplier) == []
        delete_assessment(session, one.grant.assessment_id)
        session.expire_all()
        assert session.scalar(select(func.count()).select_from(ShareMessage)) == 0
        assert session.scalar(select(func.count()).select_from(ShareThread)) == 0


@pytest.mark.both_databases
def test_reading_where_nothing_was_said_changes_nothing(published: Database) -> None:
    with published.writing() as session:
        made = a_share(session)
        mark_thread_read(session, made.grant.id)
        assert session.scalar(select(func.count()).select_from(ShareThread)) == 0


def test_what_was_written_can_be_taken_out(app: Flask, submitted: Submitted, talked: Any, now: Any) -> None:
    shared = talked()
    with database_of(app).writing() as session:
        grant = session.get_one(ShareGrant, shared.id)
        for side in MessageSide:
            add_comment(session, grant, MessageAuthor(side, None), None, f"By {side}.", now)
        (source,) = sharing_messages.MESSAGE_TEXT_SOURCES
        assert [one.text for one in source.texts(session, submitted.id)] == ["By buyer.", "By business."]
        assert source.take_out(session, submitted.id, "Something else", now) == 0
        assert source.take_out(session, submitted.id, "By buyer.", now) == 1
    assert [one.words for one in shared.said()] == [REMOVED_TEXT, "By business."]


BUYER_PAGES, FARM_PAGES = MessageAuthor(MessageSide.BUYER, None), MessageAuthor(MessageSide.BUSINESS, None)


def test_each_side_reads_the_other_as_one_voice(published: Database) -> None:
    with published.writing() as session:
        grant = shared(
            session,
            invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm")),
            scope=ShareScope.PLAN,
        )
        copy = shared_copy_from_json(grant.document)
        step = shared_steps_of(copy)[0]
        add_comment(session, grant, BUYER_PAGES, None, "Hello.", TODAY)
        propose_date(session, grant, BUYER_PAGES, step.key, date(2027, 2, 1), "Soon?", TODAY)
        add_comment(session, grant, FARM_PAGES, "0" * 16, "Of a step that is gone.", TODAY)
        assert buyer_name(session, grant) == "The Council"
        theirs = thread_page_of(session, grant, copy, BUYER_PAGES, None, TODAY)
        assert [(line.who, line.words) for line in theirs.lines] == [
            ("You", "Hello."),
            (copy.buyer_copy.organisation, "Of a step that is gone."),
        ]
        assert [line.withdrawable for line in theirs.lines] == [True, False]
        (row,) = [row for row in theirs.steps if row.count]
        assert (row.step, row.status) == (step, "you proposed 1 February 2027")
        ours = thread_page_of(session, grant, copy, FARM_PAGES, step.key, TODAY)
        assert (ours.turn, ours.steps, ours.step) == (True, (), step)
        assert [(line.who, line.did) for line in ours.lines] == [("The Council", "Proposed a date: 1 February 2027")]
        listed = thread_page_of(session, grant, copy, FARM_PAGES, None, TODAY)
        assert "The Council proposes 1 February 2027: your turn" in {row.status for row in listed.steps}
        short = narrow_shared_copy(copy, ShareScope.BUYER_COPY)
        assert thread_page_of(session, grant, short, BUYER_PAGES, step.key, TODAY).step


def test_a_share_for_a_person_has_the_name_the_business_typed(published: Database) -> None:
    with published.writing() as session:
        grant = shared(session, invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm")))
        grant.organisation_id = None
        assert buyer_name(session, grant) == "The Council"
        grant.buyer = ""
        assert buyer_name(session, grant) == "The buyer"


AGREED = date(2027, 2, 1)


def step_of(submission: Submission) -> tuple[str, str]:
    step = buyer_view_of(submission.record, None).actions[0]
    return step_key(step.do), step.key


def test_only_ordinary_steps_lead_to_the_plan(app: Flask, submitted: Submitted) -> None:
    with database_of(app).reading() as session:
        submission = session.get_one(Submission, submitted.submission_id)
        step, question = step_of(submission)
        assert item_key_of_step(session, submission, step) == question
        may = {step.key for step in buyer_view_of(submission.record, None).actions}
        held = [one for one in submission.record["actions"] if one["question"] not in may]
        assert held
        assert {item_key_of_step(session, submission, step_key(one["do"])) for one in held} == {None}


@pytest.mark.parametrize(
    ("before", "takes"),
    [
        (None, True),
        (ItemContent(response="accepted", owner="Foreman", due="2027-01-05", status="under_way"), True),
        (ItemContent(response="accepted", due="2027-02-01"), False),
        (ItemContent(response="will_not", reason="cost"), False),
        (ItemContent(response="already_done"), False),
        (ItemContent(response="accepted", status="done", done_on="2026-11-20"), False),
    ],
)
def test_what_the_business_said_otherwise_stays(
    app: Flask, submitted: Submitted, now: Any, before: ItemContent | None, *, takes: bool
) -> None:
    with database_of(app).writing() as session:
        submission = session.get_one(Submission, submitted.submission_id)
        step, question = step_of(submission)
        if before is not None:
            change_item(session, submission.id, question, before, 0, now)
        assert can_apply_date(session, submission, step, AGREED) is takes
        assert apply_date(session, submission, step, AGREED, now) is takes
        after = get_item_state(session, submission.id, question)
        if takes:
            assert (after.response, after.due) == ("accepted", "2027-02-01")
            assert after.owner == (before.owner if before else "")
        assert not apply_date(session, submission, "0" * 16, AGREED, now)


def test_an_older_plan_stays_as_it_was(app: Flask, submitted: Submitted, answer_again: Any, now: Any) -> None:
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    with database_of(app).writing() as session:
        submission = session.get_one(Submission, submitted.submission_id)
        with pytest.raises(PlanReplacedError):
            apply_date(session, submission, step_of(submission)[0], AGREED, now)


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FIRST, SECOND = date(2027, 1, 1), date(2027, 2, 1)
WRITER = uuid.UUID(int=1)
B, F = MessageSide.BUYER, MessageSide.BUSINESS
P, A, R, C = MessageKind.PROPOSED, MessageKind.AGREED, MessageKind.REFUSED, MessageKind.COMMENT


def said(*moves: tuple[MessageSide, MessageKind, date | None], step: str | None = "s") -> list[ShareMessage]:
    return [
        ShareMessage(number=number, step=step, side=side, move=move, words="", due=due, person_id=WRITER, at=NOW)
        for number, (side, move, due) in enumerate(moves, 1)
    ]


@pytest.mark.parametrize(
    ("moves", "dates"),
    [
        ([], StepDates()),
        ([(B, C, None)], StepDates()),
        ([(B, P, FIRST)], StepDates(None, FIRST, B)),
        ([(B, P, FIRST), (F, P, SECOND)], StepDates(None, SECOND, F)),
        ([(B, P, FIRST), (F, A, FIRST)], StepDates(FIRST)),
        ([(B, P, FIRST), (F, R, FIRST)], StepDates()),
        ([(B, P, FIRST), (F, A, FIRST), (F, P, SECOND)], StepDates(FIRST, SECOND, F)),
        ([(B, P, FIRST), (F, A, FIRST), (F, P, SECOND), (B, R, SECOND)], StepDates(FIRST)),
        ([(B, P, FIRST), (F, A, FIRST), (F, P, SECOND), (B, A, SECOND), (B, C, None)], StepDates(SECOND)),
    ],
)
def test_what_is_agreed_and_what_waits(
    moves: list[tuple[MessageSide, MessageKind, date | None]], dates: StepDates
) -> None:
    assert step_dates_of(said(*moves), "s") == dates
    assert step_dates_of(said(*moves), "another") == StepDates()
    assert agreed_step_dates(said(*moves)) == ({"s": dates.agreed} if dates.agreed else {})


def test_whose_turn_it_is() -> None:
    assert StepDates(None, FIRST, B).waits_for(F)
    assert not StepDates(None, FIRST, B).waits_for(B)
    assert not StepDates(FIRST).waits_for(F)
    assert MessageSide.BUYER.other is MessageSide.BUSINESS
    assert MessageSide.BUSINESS.other is MessageSide.BUYER


def test_ones_own_young_word_can_be_taken_back() -> None:
    words = said((B, C, None))
    assert can_withdraw(words, 1, B, WRITER, NOW + WITHDRAW_WINDOW)
    assert not can_withdraw(words, 1, B, WRITER, NOW + WITHDRAW_WINDOW + timedelta(seconds=1))
    assert not can_withdraw(words, 1, B, None, NOW)
    assert not can_withdraw(words, 1, F, WRITER, NOW)
    assert not can_withdraw(words, 2, B, WRITER, NOW)


def test_a_proposal_that_was_answered_stays_and_so_does_the_answer() -> None:
    words = said((B, P, FIRST), (F, C, None))
    assert can_withdraw(words, 1, B, WRITER, NOW)
    words = said((B, P, FIRST), (F, A, FIRST))
    assert not can_withdraw(words, 1, B, WRITER, NOW)
    assert not can_withdraw(words, 2, F, WRITER, NOW)


def test_a_key_names_no_question_and_is_the_same_in_every_copy() -> None:
    record = scenario()
    keys = [
        {step.key for step in shared_steps_of(make_shared_copy(record, edition_of("farming"), {}, scope))}
        for scope in ShareScope
    ]
    assert keys[0]
    assert all(one == keys[0] for one in keys)
    assert step_key("Write down the hours.") == step_key("Write down the hours.")
    assert len(step_key("")) == 16
    questions = {action["question"] for action in record["actions"]}
    assert not [key for key in keys[0] if any(key in question or question in key for question in questions)]


def test_what_is_done_is_said() -> None:
    record = scenario()
    state = {one["question"]: ItemState("already_done") for one in record["actions"]}
    assert all(
        step.done for step in shared_steps_of(make_shared_copy(record, edition_of("farming"), state, ShareScope.PLAN))
    )


def test_a_copy_with_a_sign_has_the_same_steps() -> None:
    grave = a_record(change={"core_documents": "employer", "core_min_wage": "some_not"})
    for scope in ShareScope:
        calm, found = (
            shared_steps_of(make_shared_copy(one, edition_of("farming"), {}, scope)) for one in (scenario(), grave)
        )
        assert calm
        assert found == calm


WORD: Any = {"number": 1, "side": MessageSide.BUYER, "move": MessageKind.COMMENT, "words": "Hello.", "at": TODAY}


@pytest.mark.both_databases
def test_a_number_stands_once_in_a_thread(published: Database) -> None:
    with published.writing() as session:
        grant = shared(session, invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm")))
        session.add(ShareThread(grant_id=grant.id, made=1, last_read=0))
        session.add(ShareMessage(grant_id=grant.id, **WORD))
        session.flush()
        session.expunge_all()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(ShareMessage(grant_id=grant.id, **WORD))
        assert session.query(ShareMessage).count() == 1
