"""What a row takes from the copies that are shared."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.engine.buyer_view import BuyerBand
from assess.plans.action_tracker.services import ItemContent, change_item, get_item_state
from assess.portfolio.board_projection import bars_of, duties_of, has_plan, open_actions, refresh_board_row, worst_band
from assess.portfolio.models import BoardBar, BoardDuty, BoardRow
from assess.sharing.messages import (
    MessageAuthor,
    answer_proposal,
    apply_date,
    item_key_of_step,
    propose_date,
    shared_steps_of,
    step_key,
)
from assess.sharing.models import MessageSide, ShareScope
from assess.sharing.services import end_share_grant
from assess.sharing.shared_copy import SharedCopy, SharedDuty, make_shared_copy, shared_copy_from_json
from assess.suppliers.duplicates import merge_suppliers
from assess.suppliers.forms import MAX_POUNDS
from assess.suppliers.models import InvitationStatus, Supplier
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.plans.records import a_record, scenario
from tests.sharing.test_shared_copy import LARGE, STATEMENT, large
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

DUE = date(2027, 3, 1)


@pytest.fixture(scope="module")
def copy() -> SharedCopy:
    return make_shared_copy(large(), edition_of("farming"), {}, ShareScope.PLAN)


def banded(copy: SharedCopy, band: BuyerBand | None) -> SharedCopy:
    return replace(copy, buyer_copy=replace(copy.buyer_copy, band=band))


def test_the_band_is_the_worst_and_none_as_soon_as_one_is_not_known(copy: SharedCopy) -> None:
    assert worst_band([]) is None
    assert worst_band([banded(copy, "low"), banded(copy, "high")]) == "high"
    assert worst_band([banded(copy, "low"), banded(copy, None)]) is None


def test_a_quick_check_gives_everything_but_a_band_and_bars(copy: SharedCopy) -> None:
    record = a_record("farming", "farming medium", facts=LARGE, quick=True)
    quick = make_shared_copy(record, edition_of("farming"), {}, ShareScope.PLAN)
    assert worst_band([quick]) is None
    assert bars_of([quick]) == {}
    assert open_actions(quick, {})
    assert has_plan(quick)
    assert duties_of([quick]) == duties_of([copy]) != {}


def test_of_several_copies_the_shorter_bar_counts(copy: SharedCopy) -> None:
    bars = tuple(replace(bar, step=1) for bar in copy.buyer_copy.bars)
    shorter = replace(copy, buyer_copy=replace(copy.buyer_copy, bars=bars))
    assert set(bars_of([copy, shorter]).values()) == {1}
    assert set(bars_of([copy]).values()) != {1}


def test_what_was_to_be_begun_at_once_is_late_after_a_week(copy: SharedCopy) -> None:
    assert copy.plan
    step = replace(copy.plan[0], due="2026-11-24")
    for at_once, late in ((False, date(2026, 11, 25)), (True, date(2026, 12, 2))):
        (found,) = open_actions(replace(copy, plan=(replace(step, at_once=at_once),)), {})
        assert (found.due, found.at_once, found.late_from) == (date(2026, 11, 24), at_once, late)
    (agreed,) = open_actions(replace(copy, plan=(replace(step, at_once=True),)), {step_key(step.do): DUE})
    assert (agreed.due, agreed.at_once, agreed.late_from) == (DUE, False, date(2027, 3, 2))
    (later,) = open_actions(replace(copy, plan=(replace(step, due=None),)), {})
    assert later.late_from is None


def test_an_agreed_date_counts_before_that_of_the_plan(copy: SharedCopy) -> None:
    plain = open_actions(copy, {})
    assert plain
    moved = open_actions(copy, {step_key(plain[0].do): DUE})
    assert {step.do: step.due for step in moved}[plain[0].do] == DUE
    assert [step.due or date.max for step in moved] == sorted(step.due or date.max for step in moved)


def test_without_a_plan_the_proposed_steps_count() -> None:
    short = make_shared_copy(scenario(), edition_of("farming"), {}, ShareScope.BUYER_COPY)
    assert [step.do for step in open_actions(short, {})]
    assert {step.do for step in open_actions(short, {})} == {step.do for step in short.buyer_copy.actions}


def test_a_duty_is_done_only_when_every_copy_says_so(copy: SharedCopy) -> None:
    done = replace(copy, duties=(SharedDuty(STATEMENT, "Statement", "likely", "2026-09-30", done=True),))
    open_ = replace(copy, duties=(SharedDuty(STATEMENT, "Statement", "likely", "2026-09-30", done=False),))
    assert duties_of([done]) == {STATEMENT: ("Statement", True)}
    assert duties_of([done, open_]) == duties_of([open_, done]) == {STATEMENT: ("Statement", False)}
    assert duties_of([replace(copy, duties=None)]) == {}


_FARM = scenario()
_VIEW = _FARM["buyer_view"]
TWO_STEPS = {**_FARM, "buyer_view": {**_VIEW, "actions": [one for one in _VIEW["actions"] if one["days"]][:2]}}


@pytest.mark.both_databases
def test_a_row_follows_its_supplier_from_the_list_to_the_share_and_back(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge Growers", sector="farming")
        row = session.scalars(select(BoardRow)).one()
        assert (row.status, row.band, row.grant_id) == (InvitationStatus.NOT_ASKED, None, None)
        invitation = invited(session, farm)
        assert session.scalars(select(BoardRow.status)).one() is InvitationStatus.INVITED
        grant = shared(session, invitation)
        row = session.scalars(select(BoardRow)).one()
        assert (row.status, row.grant_id) == (InvitationStatus.SHARED, grant.id)
        assert row.band in {"low", "medium", "high"}
        assert session.scalars(select(BoardBar)).all()
        end_share_grant(session, grant, later(1))
        row = session.scalars(select(BoardRow)).one()
        assert (row.status, row.band) == (InvitationStatus.SHARE_OVER, None)
        assert session.scalars(select(BoardBar)).all() == []


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["; ".join(group.name for group in edition_of("farming").groups), "x" * 300])
def test_a_bar_may_stand_for_all_groups_together(published: Database, name: str) -> None:
    """A bank with few ordinary safeguards has one bar, called by all of them."""
    record = scenario()
    record["buyer_view"] = {**record["buyer_view"], "bars": [{"name": name, "step": 2}]}
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        shared(session, invited(session, farm), record=record)
        assert session.execute(select(BoardBar.name, BoardBar.level)).all() == [(name[:200], 2)]


@pytest.mark.both_databases
def test_entries_shown_as_one_may_cost_more_together_than_one_can(session: Session) -> None:
    council = a_buyer(session, "The Council")
    root, part = (a_supplier(session, council, name, spend_gbp=MAX_POUNDS) for name in ("Fen Edge", "Fen Edge North"))
    merge_suppliers(session, part, root, TODAY, by=None)
    assert session.scalars(select(BoardRow.spend_gbp)).all() == [2 * MAX_POUNDS]


@pytest.mark.both_databases
def test_a_quick_check_has_no_band_and_says_that_it_is_one(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for name, quick in (("Quick", True), ("Full", False)):
            record = a_record(quick=quick)
            shared(session, invited(session, a_supplier(session, council, name)), record=record, scope=ShareScope.PLAN)
        rows = {row.name: row for row in session.scalars(select(BoardRow))}
        assert (rows["Quick"].quick, rows["Quick"].band) == (True, None)
        assert (rows["Full"].quick, rows["Full"].band is None) == (False, False)
        assert rows["Quick"].open_steps


@pytest.mark.both_databases
def test_what_came_from_a_copy_goes_when_the_business_deletes_it(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm))
        delete_assessment(session, grant.assessment_id)
        session.expire_all()
        row = session.scalars(select(BoardRow)).one()
        assert (row.status, row.band, row.shown_until) == (InvitationStatus.SHARE_OVER, None, None)
        assert session.scalars(select(BoardBar)).all() == []
        refresh_board_row(session, farm.id, TODAY)
        assert session.scalars(select(BoardRow.band)).one() is None
        session.execute(delete(BoardRow))


@pytest.mark.both_databases
def test_new_answers_empty_the_row_also_where_the_request_they_came_from_is_over(published: Database) -> None:
    """The copy itself shows nothing from then on; a band on the board would be one that the business has replaced."""
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm))
        invited(session, farm, now=later(300))
        assert session.scalars(select(BoardRow.band)).one() is not None
        reopen_assessment(session, grant.assessment_id, later(301))
        submit_assessment(session, grant.assessment_id, lambda _said: scenario(), later(301))
        row = session.scalars(select(BoardRow)).one()
        assert (row.status, row.band, row.grant_id) == (InvitationStatus.INVITED, None, None)
        assert session.scalars(select(BoardBar)).all() == []


@pytest.mark.both_databases
def test_an_agreed_date_counts_in_the_place_of_the_one_on_the_copy(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), scope=ShareScope.PLAN)
        steps = shared_steps_of(shared_copy_from_json(grant.document))
        dated = sorted(date.fromisoformat(step.due) for step in steps if step.due)
        now = later((dated[-1] - TODAY.date()).days + 1)
        refresh_board_row(session, farm.id, now)
        before = session.scalars(select(BoardRow)).one()
        assert (before.late_steps, before.next_step_due) == (len(dated), dated[0])
        step = next(step for step in steps if step.due == dated[0].isoformat())
        agreed = date(2028, 1, 1)
        propose_date(session, grant, MessageAuthor(MessageSide.BUYER, None), step.key, agreed, "", TODAY)
        answer_proposal(session, grant, MessageAuthor(MessageSide.BUSINESS, None), step.key, agreed, TODAY, agrees=True)
        row = session.scalars(select(BoardRow)).one()
        assert row.open_steps == len(steps)
        refresh_board_row(session, farm.id, now)
        row = session.scalars(select(BoardRow)).one()
        assert row.late_steps == len(dated) - sum(one.key == step_key(step.do) for one in steps)


@pytest.mark.both_databases
def test_a_row_follows_the_plan_as_it_stands_where_the_plan_is_shared_and_nowhere_else(published: Database) -> None:
    """A date that both agreed and the business put in its plan, and a step it has done: nobody is late with either."""
    new = date(2028, 1, 1)
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for name, scope in (("Plan", ShareScope.PLAN), ("Short", ShareScope.BUYER_COPY)):
            farm = a_supplier(session, council, name, sector="farming")
            grant = shared(session, invited(session, farm), record=TWO_STEPS, scope=scope)
            submission = session.get_one(Submission, grant.submission_id)
            first, second = shared_steps_of(shared_copy_from_json(grant.document))
            before = row_of(session, farm)
            assert (before.open_steps, before.done_steps) == (2, 0)
            assert apply_date(session, submission, first.key, new, TODAY)
            key = str(item_key_of_step(session, submission, second.key))
            state = get_item_state(session, submission.id, key)
            change_item(
                session, submission.id, key, replace(ItemContent.of(state), status="done"), state.revision, TODAY
            )
            row = row_of(session, farm)
            told = (row.open_steps, row.done_steps, row.next_step_due)
            assert told == ((1, 1, new) if scope is ShareScope.PLAN else (2, 0, before.next_step_due))
            refresh_board_row(session, farm.id, later(200))
            assert row_of(session, farm).late_steps == 0, "nothing is late of what is done, moved, or not told"
            assert session.scalar(select(BoardRow.open_steps).where(BoardRow.name == name)) == told[0]


def row_of(session: Session, supplier: Supplier) -> BoardRow:
    return session.scalars(select(BoardRow).where(BoardRow.supplier_id == supplier.id)).one()


@pytest.mark.both_databases
def test_the_duties_of_a_shared_plan_are_kept_with_what_the_business_says_of_them(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), record=large(), scope=ShareScope.PLAN)
        rows = {row.duty: row for row in session.scalars(select(BoardDuty))}
        assert rows["uk_s54_six_months"].title
        assert not rows["uk_s54_six_months"].done
        assert STATEMENT not in rows, "without a day a business cannot say in its plan that it is done"
        end_share_grant(session, grant, TODAY)
        assert session.scalars(select(BoardDuty)).all() == []


@pytest.mark.both_databases
def test_of_several_who_change_a_supplier_at_once_none_is_turned_away(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge Growers")
        shared(session, invited(session, farm))
    together = threading.Barrier(4)

    def again(_: int) -> None:
        together.wait(timeout=60)
        with published.writing() as session:
            refresh_board_row(session, farm.id, TODAY)

    with ThreadPoolExecutor(4) as several:
        for _ in range(5):
            list(several.map(again, range(4)))
    with published.reading() as reader:
        assert reader.get_one(BoardRow, farm.id).status is InvitationStatus.SHARED
