"""Each night the rows follow their dates; what is done twice is done once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from assess.core.config import Settings
from assess.core.db import Database
from assess.identity.models import Organisation
from assess.portfolio.board import bulk_actions
from assess.portfolio.board.bulk_actions import Selection
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.board_projection import refresh_all_outdated, refresh_outdated_board_rows
from assess.portfolio.models import BoardBar, BoardRow, BulkAction, BulkActionItem, BulkActionKind, SavedFilter
from assess.suppliers.models import InvitationStatus
from assess.suppliers.services import change_due_date, latest_invitations
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person
from tests.suppliers.factories import DUE, SETTINGS, a_buyer, a_supplier, invited, later, shared
from tests.suppliers.mail_settings import MAILING


@pytest.mark.both_databases
def test_undoing_leaves_what_was_changed_again_and_touches_no_other_buyer(published: Database) -> None:
    new = date(2027, 2, 1)
    with published.writing() as session:
        council, shop, jo = (
            a_buyer(session, "The Council"),
            a_buyer(session, "The Shop"),
            a_person(session, "jo@x.example"),
        )
        one, two, quiet = (a_supplier(session, council, name) for name in ("One", "Two", "Quiet"))
        strange = a_supplier(session, shop, "One")
        for supplier in (one, two, strange):
            invited(session, supplier)
        everyone = Selection((one.id, two.id, quiet.id, strange.id))
        assert bulk_actions.count_selection(session, council.id, everyone, TODAY) == bulk_actions.SelectionCounts(
            3, 2, 0
        )
        assert bulk_actions.count_selection(
            session, council.id, Selection(all_of=BoardFilter()), TODAY
        ) == bulk_actions.SelectionCounts(3, 2, 0)
        assert bulk_actions.count_selection(session, council.id, Selection(), TODAY).all == 0
        act = bulk_actions.create_bulk_action(
            session, council.id, BulkActionKind.MOVE_DUE, new, everyone, TODAY, by=jo.id
        )
        assert not bulk_actions.can_undo(act)
        assert bulk_actions.process_next_items(session, act, SETTINGS, TODAY) == 0
        assert bulk_actions.get_progress(session, act) == bulk_actions.BulkActionProgress(3, 0, 2, 1, 0, 0)
        due = {name: one.due for name, one in latest_invitations(session, [one.id, two.id, strange.id]).items()}
        assert due == {one.id: new, two.id: new, strange.id: DUE}
        change_due_date(
            session, latest_invitations(session, [two.id])[two.id], new + timedelta(days=1), TODAY, by=jo.id
        )
        bulk_actions.request_undo(act, TODAY)
        assert bulk_actions.process_next_items(session, act, SETTINGS, TODAY) == 0
        assert bulk_actions.get_progress(session, act) == bulk_actions.BulkActionProgress(3, 0, 0, 1, 1, 1)
        assert latest_invitations(session, [one.id])[one.id].due == DUE
        bulk_actions.delete_old_bulk_actions(session, TODAY + timedelta(days=1))


@pytest.mark.both_databases
def test_an_email_cannot_be_undone(published: Database) -> None:
    with published.writing() as session:
        council, jo = a_buyer(session, "The Council"), a_person(session, "jo@x.example")
        a_supplier(session, council, "One")
        act = bulk_actions.create_bulk_action(
            session, council.id, BulkActionKind.REMIND, None, Selection(all_of=BoardFilter()), TODAY, by=jo.id
        )
        bulk_actions.process_next_items(session, act, SETTINGS, TODAY)
        assert act.ended_at is not None
        assert not bulk_actions.can_undo(act)


@pytest.mark.both_databases
def test_as_many_are_reached_as_were_said_and_none_of_them_a_second_time_on_the_day(published: Database) -> None:
    with published.writing() as session:
        council, jo = a_buyer(session, "The Council"), a_person(session, "jo@x.example")
        for name, email in (("One", "a@one.example"), ("Two", "a@two.example"), ("Mute", "")):
            invited(session, a_supplier(session, council, name, email=email), settings=MAILING)
        a_supplier(session, council, "Never asked", email="a@never.example")
        everyone = Selection(all_of=BoardFilter())
        for day, number in ((0, 0), (1, 2), (1, 0), (2, 2)):  # asked today; reminded; the same day again; the next one
            now = TODAY + timedelta(days=day)
            assert bulk_actions.count_selection(session, council.id, everyone, now).open == 3
            assert len(bulk_actions.find_remindable(session, council.id, everyone, MAILING, now)) == number
            act = bulk_actions.create_bulk_action(
                session, council.id, BulkActionKind.REMIND, None, everyone, now, by=jo.id
            )
            bulk_actions.process_next_items(session, act, MAILING, now)
            assert bulk_actions.get_progress(session, act).done == number


@dataclass
class Shift:
    """A worker at one moment."""

    database: Database
    moment: datetime
    settings: Settings = field(default_factory=lambda: Settings(env="development"))
    said: list[tuple[int, int]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def progress(self, done: int, total: int) -> None:
        self.said.append((done, total))


@pytest.mark.both_databases
def test_rows_whose_share_ran_out_or_whose_date_passed_are_worked_out_anew(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        over = a_supplier(session, council, "Over", sector="farming")
        shared(session, invited(session, over), days=30)
        late = a_supplier(session, council, "Late")
        invited(session, late, due=TODAY.date() + timedelta(days=3))
        a_supplier(session, council, "Quiet")
        session.execute(update(BoardRow).where(BoardRow.supplier_id == late.id).values(call_points=7))
    assert refresh_all_outdated(published, Shift(published, later(1))) == 0
    assert refresh_all_outdated(published, Shift(published, later(4))) == 1
    shift = Shift(published, later(31))
    refresh_outdated_board_rows(shift)
    assert shift.said
    with published.reading() as session:
        row = session.get_one(BoardRow, over.id)
        assert (row.status, row.band, row.shown_until) == (InvitationStatus.SHARE_OVER, None, None)
        assert session.scalars(select(BoardBar)).all() == []
        assert session.get_one(BoardRow, late.id).call_points > 7, "its points are worked out anew with it"
    refresh_outdated_board_rows(Shift(published, later(31)))
    assert refresh_all_outdated(published, Shift(published, later(31))) == 0


@pytest.mark.both_databases
def test_a_row_that_lacks_a_column_of_this_release_is_worked_out_anew_once(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for name in ("Fen Edge", "Acle Wash"):
            a_supplier(session, council, name, sector="farming")
        # as a revision leaves it that adds a column
        session.execute(update(BoardRow).where(BoardRow.name == "Fen Edge").values(sector=None, columns_hash=1))
    assert refresh_all_outdated(published, Shift(published, TODAY)) == 1
    assert refresh_all_outdated(published, Shift(published, TODAY)) == 0
    with published.reading() as session:
        assert session.scalars(select(BoardRow.sector)).all() == ["farming"] * 2


@pytest.mark.both_databases
def test_all_of_it_goes_with_the_buyer(database: Database) -> None:
    with database.writing() as session:
        council, jo = a_buyer(session, "The Council"), a_person(session, "jo@x.example")
        act = BulkAction(buyer_id=council.id, by_person=jo.id, kind=BulkActionKind.ARCHIVE, made_at=TODAY)
        session.add(act)
        session.flush()
        session.add(BulkActionItem(bulk_action_id=act.id, supplier_id=a_supplier(session, council, "Farm").id))
        session.add(SavedFilter(buyer_id=council.id, person_id=jo.id, name="x", query="late=yes", made_at=TODAY))
        session.flush()
        session.delete(session.get_one(Organisation, council.id))
        session.flush()
        for table in (BulkAction, BulkActionItem, SavedFilter):
            assert session.scalar(select(func.count()).select_from(table)) == 0
