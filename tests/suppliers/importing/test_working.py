from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.running import run_waiting
from assess.people.models import NameState, Organisation
from assess.suppliers.importing.checking import check
from assess.suppliers.importing.keeping import Wishes, confirm, count_rows, import_of, stop, store
from assess.suppliers.importing.models import Outcome, State, SupplierImport, SupplierImportRow
from assess.suppliers.importing.reading import as_table
from assess.suppliers.importing.working import AT_ONCE, work_on
from assess.suppliers.inviting import take_back
from assess.suppliers.keeping import archive
from assess.suppliers.letters import mark_of
from assess.suppliers.models import StoppedMailbox, Supplier, SupplierInvitation
from tests.conftest import TODAY
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.importing.lists import KNOWN, a_list
from tests.suppliers.makers import a_buyer, a_supplier, invited

pytestmark = pytest.mark.both_databases

ASKS = Wishes(asks=True, sector="farming", quick=True, due=date(2026, 12, 24), message="Please.", in_busy_season=False)
LISTS = Wishes(asks=False, sector=None, quick=True, due=None, message="", in_busy_season=False)
MAILS = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@norfolk.example")
NAMES = ["name", "email", "reference", "due"]


def confirmed(
    database: Database, buyer: Organisation, rows: list[list[str]], wishes: Wishes = ASKS, headings: list[str] = NAMES
) -> SupplierImport:
    """An import of these rows whose job waits."""
    table = as_table(list(enumerate([headings, *rows], 1)))
    found = check(table.rows, table.header, KNOWN, asks=wishes.asks, sector=wishes.sector)
    with database.writing() as session:
        made = store(session, buyer.id, "list.csv", found, wishes, {"unknown": [], "notes": 0}, TODAY, by=None)
        confirm(session, made, TODAY, TODAY.date())
    return made


def worked(database: Database, one: SupplierImport, settings: Settings = MAILS) -> dict[int, Outcome]:
    """What became of each row once all is done."""
    going = True
    while going:
        with database.writing() as session:
            going = work_on(session, one.id, settings, TODAY) is not None
    with database.reading() as look:
        wanted = select(SupplierImportRow).where(SupplierImportRow.import_id == one.id)
        return {row.number: row.outcome for row in look.scalars(wanted)}


@pytest.fixture
def council(published: Database) -> Organisation:
    with published.writing() as session:
        return a_buyer(session, "The Council")


def test_each_row_comes_to_what_stands_in_its_way(published: Database, council: Organisation) -> None:
    with published.writing() as session:
        invited(session, a_supplier(session, council, "Asked", reference="1", email="a@x.example"))
        a_supplier(session, council, "On the list", reference="2", email="b@x.example")
        archive(session, a_supplier(session, council, "Taken off", reference="3"), TODAY, by=None)
        mark = mark_of("stop@x.example", MAILS.key)
        session.add(StoppedMailbox(buyer_id=council.id, mark=mark, at=TODAY))
        old = invited(session, a_supplier(session, council, "Taken back", reference="7", email="g@x.example"))
        take_back(session, old, TODAY, by=None)
    rows = [
        ["Asked", "a@x.example", "1", ""],
        ["On the list", "", "2", ""],
        ["Taken off", "c@x.example", "3", ""],
        ["New", "d@x.example", "4", "2026-12-31"],
        ["No address", "", "5", ""],
        ["Wants peace", "stop@x.example", "6", ""],
        ["Taken back", "", "7", ""],
        ["Bad", "nobody", "8", ""],
    ]
    one = confirmed(published, council, rows)
    assert list(worked(published, one).values()) == [
        Outcome.ALREADY_ASKED,
        Outcome.ASKED,
        Outcome.TAKEN_OFF,
        Outcome.ASKED,
        Outcome.NO_ADDRESS,
        Outcome.MAIL_STOPPED,
        Outcome.ASKED,
        Outcome.BAD,
    ]
    with published.reading() as look:
        made = look.scalars(select(SupplierInvitation).where(SupplierInvitation.due == date(2026, 12, 31))).one()
        assert (made.quick, made.sector, made.message) == (True, "farming", "Please.")
        kept = look.scalars(select(SupplierImportRow).where(SupplierImportRow.import_id == one.id)).all()
        assert [bool(row.values) for row in kept] == [row.outcome in {"bad", "no_address"} for row in kept]
        found = import_of(look, council.id, one.id)
        assert found is not None
        assert (found.state, found.ended_at) == (State.DONE, TODAY)


def test_the_same_again_asks_nobody_and_a_repaired_address_is_asked(published: Database, council: Organisation) -> None:
    rows = [["A Farm", "a@x.example", "", ""], ["No Mail Ltd", "", "", ""]]
    worked(published, confirmed(published, council, rows))
    rows[1][1] = "now@x.example"
    assert list(worked(published, confirmed(published, council, rows)).values()) == [
        Outcome.ALREADY_ASKED,
        Outcome.ASKED,
    ]
    with published.reading() as look:
        assert look.scalar(select(func.count()).select_from(Supplier)) == 2, "the address was filled in, not added anew"
        assert look.scalar(select(func.count()).select_from(SupplierInvitation)) == 2


def test_only_to_be_listed_is_not_asked(published: Database, council: Organisation) -> None:
    rows = [["A Farm", "a@x.example", "", ""]]
    assert worked(published, confirmed(published, council, rows, LISTS)) == {2: Outcome.ADDED}
    assert worked(published, confirmed(published, council, rows, LISTS)) == {2: Outcome.ON_LIST}
    assert worked(published, confirmed(published, council, rows, ASKS)) == {2: Outcome.ASKED}


def test_without_a_confirmed_name_or_mail_all_are_listed_and_none_is_asked(
    published: Database, council: Organisation
) -> None:
    one = confirmed(published, council, [["A Farm", "a@x.example", "", ""]])
    assert worked(published, one, Settings(env="development")) == {2: Outcome.ADDED}
    with published.writing() as session:
        session.merge(council).name_state = NameState.UNCONFIRMED
    one = confirmed(published, council, [["B Farm", "b@x.example", "", ""]])
    assert worked(published, one) == {2: Outcome.ADDED}


def test_it_goes_in_small_steps_and_says_how_far_it_is(published: Database, council: Organisation) -> None:
    rows = [[f"Farm {number}", f"f{number}@x.example", "", ""] for number in range(AT_ONCE + 5)]
    one = confirmed(published, council, rows)
    with published.writing() as session:
        assert work_on(session, one.id, MAILS, TODAY) == (AT_ONCE, AT_ONCE + 5)
    with published.writing() as session:
        found = import_of(session, council.id, one.id, lock=True)
        assert found is not None
        assert found.state is State.RUNNING
        stop(session, found, TODAY)
    with published.writing() as session:
        assert work_on(session, one.id, MAILS, TODAY) is None
        counts = count_rows(session, one)
        assert (counts.of(Outcome.ASKED), counts.of(Outcome.WAITING)) == (AT_ONCE, 5)
        assert session.scalar(select(func.count()).select_from(SupplierInvitation)) == AT_ONCE


def test_a_step_that_fails_leaves_nothing_half_done(published: Database, council: Organisation) -> None:
    one = confirmed(published, council, [["A Farm", "a@x.example", "", ""]])
    with published.new_session(writes=True) as session:
        work_on(session, one.id, MAILS, TODAY)
        session.rollback()  # as when its process is killed
    with published.reading() as look:
        assert look.scalar(select(func.count()).select_from(Supplier)) == 0
    assert worked(published, one) == {2: Outcome.ASKED}


def test_letters_of_a_file_arrive_once_each(
    banks_url: str, published: Database, council: Organisation, postbox: Postbox, tmp_path: Path
) -> None:
    rows, bad = a_list(12, bad=False)
    assert bad == []
    settings = settings_that_mail(banks_url, tmp_path, postbox)
    for _ in range(2):
        confirmed(published, council, rows[1:], headings=rows[0])
        run_waiting(published, settings, lambda: TODAY + timedelta(minutes=1))
    assert sorted(to for _from, (to,) in postbox.envelopes) == [
        f"office{number:03}@supplier.example" for number in range(12)
    ]
    assert "They write: “Please.”" in postbox.bodies()[0]
