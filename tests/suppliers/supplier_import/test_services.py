from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.encryption import use_keys
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import Job
from assess.identity.models import NameState, Organisation
from assess.suppliers.emails import mailbox_hash
from assess.suppliers.models import (
    BuyerUnsubscribe,
    EmailPause,
    ImportOutcome,
    ImportState,
    PauseReason,
    Supplier,
    SupplierEvent,
    SupplierEventType,
    SupplierImport,
    SupplierImportRow,
    SupplierInvitation,
    SupplierSize,
)
from assess.suppliers.services import SupplierDetails, archive_supplier, withdraw_invitation
from assess.suppliers.supplier_import.files import to_table
from assess.suppliers.supplier_import.services import (
    PREVIEW_RETENTION,
    REPAIR_RETENTION,
    ROWS_PER_TRANSACTION,
    DueDatePassedError,
    ImportOptions,
    add_or_complete_supplier,
    cancel_import,
    count_rows,
    delete_old_import_data,
    discard_import,
    fill_blanks,
    get_import,
    get_supplier_details,
    has_rows_to_repair,
    list_import_rows,
    list_imports,
    no_email_warning,
    process_next_rows,
    save_import,
    start_import,
)
from assess.suppliers.supplier_import.validation import CheckedRow, RowError, check_rows
from tests.conftest import TODAY
from tests.decrypted_rows import NoKeys
from tests.identity.accounts_factory import an_organisation, confirm_name
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_buyer, a_supplier, invited
from tests.suppliers.supplier_import.supplier_lists import KNOWN, a_list

pytestmark = pytest.mark.both_databases

ASKS = ImportOptions(asks=True, sector="farming", quick=False, due=date(2026, 12, 24), message="", in_busy_season=False)
BAD = CheckedRow(
    2, {"name": "Canary Cages", "email": "x"}, None, None, (RowError("email", "Row 2, email: No. Repair it."),)
)
GOOD = CheckedRow(3, {}, SupplierDetails("A Farm", "a@farm.example"), None, ())


def kept(database: Database, *rows: CheckedRow, name: str = "list.csv", due: date | None = None) -> SupplierImport:
    with database.writing() as session:
        council = a_buyer(session, "The Council")
        wishes = (
            ASKS
            if due is None
            else ImportOptions(asks=True, sector=None, quick=True, due=due, message="", in_busy_season=False)
        )
        return save_import(session, council.id, name, rows or (BAD, GOOD), wishes, {}, TODAY, by=None)


def test_what_was_read_waits_and_is_that_of_one_buyer(published: Database) -> None:
    one, other = kept(published, name="C:\\Users\\jo\\list\u202e.csv"), kept(published)
    with published.reading() as session:
        assert get_import(session, one.buyer_id, one.id) is not None
        assert get_import(session, other.buyer_id, one.id) is None
        assert [found.id for found in list_imports(session, one.buyer_id)] == [one.id]
        assert (one.state, one.file_name) == (ImportState.PREVIEW, "list.csv")
        counts = count_rows(session, one)
        assert (counts.all, counts.good, counts.bad, counts.on_list, counts.worked) == (2, 1, 1, 0, 0)
        assert [row.number for row in list_import_rows(session, one.id, [ImportOutcome.BAD])] == [2]
        assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_who_is_on_the_list_was_asked_or_has_no_address_is_counted(published: Database) -> None:
    rows = [
        CheckedRow(2, {}, SupplierDetails("Asked", "a@x.example"), None, ()),
        CheckedRow(3, {}, SupplierDetails("Listed", "b@x.example"), None, ()),
        CheckedRow(4, {}, SupplierDetails("No mail"), None, ()),
        CheckedRow(5, {}, SupplierDetails("No mail here", reference="5"), None, ()),
    ]
    one = kept(published, *rows)
    with published.writing() as session:
        a_supplier(session, a_buyer(session, "Another"), "No mail")
        own = session.get_one(Organisation, one.buyer_id)
        invited(session, a_supplier(session, own, "Asked", email="a@x.example"))
        a_supplier(session, own, "Listed", email="b@x.example")
        a_supplier(session, own, "No mail here", reference="5", email="there@x.example")
        counts = count_rows(session, one)
    assert (counts.on_list, counts.already_asked, counts.without_address) == (3, 1, 1)


def test_confirming_twice_orders_one_job_and_stopping_forgets_what_waited(published: Database) -> None:
    one = kept(published)
    with published.writing() as session:
        found = get_import(session, one.buyer_id, one.id, lock=True)
        assert found is not None
        start_import(session, found, TODAY, TODAY.date())
        start_import(session, found, TODAY, TODAY.date())
        assert session.scalar(select(func.count()).select_from(Job)) == 1
        discard_import(session, found)
        assert found.state is ImportState.CONFIRMED, "what is under way is not discarded"
        cancel_import(session, found, TODAY)
        cancel_import(session, found, TODAY + timedelta(days=1))
        assert (found.state, found.ended_at) == (ImportState.CANCELLED, TODAY)
        session.flush()
        session.expire_all()
        assert [bool(row.values) for row in list_import_rows(session, one.id, list(ImportOutcome))] == [True, False]


def test_a_day_that_is_over_is_told_before_anything_is_done(published: Database) -> None:
    one = kept(published, due=date(2026, 11, 25))
    with published.writing() as session:
        found = session.get_one(SupplierImport, one.id)
        with pytest.raises(DueDatePassedError, match="later day"):
            start_import(session, found, TODAY, date(2026, 11, 25))
        assert found.state is ImportState.PREVIEW


def test_previews_are_forgotten_after_a_week_and_repairs_after_three_months(published: Database) -> None:
    preview, done = kept(published), kept(published)
    with published.writing() as session:
        session.get_one(SupplierImport, done.id).state = ImportState.DONE
        session.get_one(SupplierImport, done.id).ended_at = TODAY
        assert delete_old_import_data(session, TODAY + PREVIEW_RETENTION) == 0
        assert has_rows_to_repair(session, done.id)
        assert delete_old_import_data(session, TODAY + PREVIEW_RETENTION + timedelta(seconds=1)) == 1
        delete_old_import_data(session, TODAY + REPAIR_RETENTION)
        assert has_rows_to_repair(session, done.id)
        delete_old_import_data(session, TODAY + REPAIR_RETENTION + timedelta(seconds=1))
    with published.writing() as session:
        assert not has_rows_to_repair(session, done.id)
        assert session.get(SupplierImport, preview.id) is None
        rows = session.scalars(select(SupplierImportRow)).all()
        assert {(row.import_id, bool(row.values), bool(row.faults)) for row in rows} == {(done.id, False, False)}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_a_discarded_file_said_is_nowhere_in_the_database_file(published: Database) -> None:
    use_keys(published.engine, NoKeys())  # the file is searched for words
    one = kept(published)
    path = published.engine.url.database
    assert path is not None

    def there() -> bool:
        files = [Path(path), Path(f"{path}-wal")]
        return any(b"Canary Cages" in file.read_bytes() for file in files if file.exists())

    assert there(), "else this test could not fail"
    with published.writing() as session:
        discard_import(session, session.get_one(SupplierImport, one.id))
    assert not there()


MAILS = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@norfolk.example")


def test_what_keeps_emails_from_going_is_said_with_what_to_do(session: Session) -> None:
    unknown, known = an_organisation(session, "A"), an_organisation(session, "B")
    confirm_name(known)

    def why(buyer: Organisation, settings: Settings = MAILS) -> str | None:
        return no_email_warning(session, buyer, settings, TODAY.date())

    assert why(known) is None
    assert "how to have it confirmed" in str(why(unknown))
    assert "set up email" in str(why(known, Settings(env="development")))
    session.add(EmailPause(buyer_id=known.id, because=PauseReason.REFUSED, at=TODAY))
    session.flush()
    assert "on hold" in str(why(known))


def test_blanks_are_filled_and_nothing_is_overwritten() -> None:
    there = SupplierDetails("A Farm", "a@farm.example", size=SupplierSize.SMALL, spend_gbp=0)
    more = SupplierDetails(
        "A FARM", "b@farm.example", "01603 123456", area="norfolk", size=SupplierSize.LARGE, spend_gbp=5
    )
    assert fill_blanks(there, more) == SupplierDetails(
        "A Farm", "a@farm.example", "01603 123456", area="norfolk", size=SupplierSize.SMALL, spend_gbp=0
    )


def test_a_supplier_that_is_there_is_found_and_completed_and_others_are_new(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        known = a_supplier(session, council, "A Farm", reference="S-1")
        named = a_supplier(session, council, "B Farm")
        a_supplier(session, shop, "C Farm", email="c@farm.example")
        again, is_new = add_or_complete_supplier(
            session, council.id, SupplierDetails("A Farm", "a@farm.example", reference="s-1"), TODAY, by=None
        )
        assert (again.id, is_new, again.email) == (known.id, False, "a@farm.example")
        assert again.reference == "S-1"
        by_name, is_new = add_or_complete_supplier(
            session, council.id, SupplierDetails("b farm", "b@farm.example"), TODAY, by=None
        )
        assert (by_name.id, is_new, get_supplier_details(by_name).email) == (named.id, False, "b@farm.example")
        assert not add_or_complete_supplier(
            session, council.id, SupplierDetails("B Farm", "b@farm.example"), TODAY, by=None
        )[1], "found by both"
        new, is_new = add_or_complete_supplier(
            session, council.id, SupplierDetails("C Farm", "c@farm.example"), TODAY, by=None
        )
        assert (new.buyer_id, is_new) == (council.id, True)
        assert session.scalar(select(func.count()).select_from(Supplier)) == 4
        changed = select(SupplierEvent.supplier_id).where(SupplierEvent.what == SupplierEventType.CHANGED)
        assert sorted(session.scalars(changed)) == sorted([known.id, named.id]), "no word where nothing was filled in"


ASKS_WORKING = ImportOptions(
    asks=True, sector="farming", quick=True, due=date(2026, 12, 24), message="Please.", in_busy_season=False
)
LISTS = ImportOptions(asks=False, sector=None, quick=True, due=None, message="", in_busy_season=False)

NAMES = ["name", "email", "reference", "due"]


def confirmed(
    database: Database,
    buyer: Organisation,
    rows: list[list[str]],
    wishes: ImportOptions = ASKS_WORKING,
    headings: list[str] = NAMES,
) -> SupplierImport:
    """An import of these rows whose job waits."""
    table = to_table(list(enumerate([headings, *rows], 1)))
    found = check_rows(table.rows, table.header, KNOWN, asks=wishes.asks, sector=wishes.sector)
    with database.writing() as session:
        made = save_import(session, buyer.id, "list.csv", found, wishes, {"unknown": [], "notes": 0}, TODAY, by=None)
        start_import(session, made, TODAY, TODAY.date())
    return made


def worked(database: Database, one: SupplierImport, settings: Settings = MAILS) -> dict[int, ImportOutcome]:
    """What became of each row once all is done."""
    going = True
    while going:
        with database.writing() as session:
            going = process_next_rows(session, one.id, settings, TODAY) is not None
    with database.reading() as session:
        wanted = select(SupplierImportRow).where(SupplierImportRow.import_id == one.id)
        return {row.number: row.outcome for row in session.scalars(wanted)}


@pytest.fixture
def council(published: Database) -> Organisation:
    with published.writing() as session:
        return a_buyer(session, "The Council")


def test_each_row_comes_to_what_stands_in_its_way(published: Database, council: Organisation) -> None:
    with published.writing() as session:
        invited(session, a_supplier(session, council, "Asked", reference="1", email="a@x.example"))
        a_supplier(session, council, "On the list", reference="2", email="b@x.example")
        archive_supplier(session, a_supplier(session, council, "Taken off", reference="3"), TODAY, by=None)
        mark = mailbox_hash("stop@x.example", MAILS.key)
        session.add(BuyerUnsubscribe(buyer_id=council.id, mark=mark, at=TODAY))
        old = invited(session, a_supplier(session, council, "Taken back", reference="7", email="g@x.example"))
        withdraw_invitation(session, old, TODAY, by=None)
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
        ImportOutcome.ALREADY_ASKED,
        ImportOutcome.ASKED,
        ImportOutcome.TAKEN_OFF,
        ImportOutcome.ASKED,
        ImportOutcome.NO_ADDRESS,
        ImportOutcome.MAIL_STOPPED,
        ImportOutcome.ASKED,
        ImportOutcome.BAD,
    ]
    with published.reading() as session:
        made = session.scalars(select(SupplierInvitation).where(SupplierInvitation.due == date(2026, 12, 31))).one()
        assert (made.quick, made.sector, made.message) == (True, "farming", "Please.")
        kept = session.scalars(select(SupplierImportRow).where(SupplierImportRow.import_id == one.id)).all()
        assert [bool(row.values) for row in kept] == [row.outcome in {"bad", "no_address"} for row in kept]
        found = get_import(session, council.id, one.id)
        assert found is not None
        assert (found.state, found.ended_at) == (ImportState.DONE, TODAY)


def test_the_same_again_asks_nobody_and_a_repaired_address_is_asked(published: Database, council: Organisation) -> None:
    rows = [["A Farm", "a@x.example", "", ""], ["No Mail Ltd", "", "", ""]]
    worked(published, confirmed(published, council, rows))
    rows[1][1] = "now@x.example"
    assert list(worked(published, confirmed(published, council, rows)).values()) == [
        ImportOutcome.ALREADY_ASKED,
        ImportOutcome.ASKED,
    ]
    with published.reading() as session:
        assert session.scalar(select(func.count()).select_from(Supplier)) == 2, (
            "the address was filled in, not added anew"
        )
        assert session.scalar(select(func.count()).select_from(SupplierInvitation)) == 2


def test_only_to_be_listed_is_not_asked(published: Database, council: Organisation) -> None:
    rows = [["A Farm", "a@x.example", "", ""]]
    assert worked(published, confirmed(published, council, rows, LISTS)) == {2: ImportOutcome.ADDED}
    assert worked(published, confirmed(published, council, rows, LISTS)) == {2: ImportOutcome.ON_LIST}
    assert worked(published, confirmed(published, council, rows, ASKS_WORKING)) == {2: ImportOutcome.ASKED}


def test_without_a_confirmed_name_or_mail_all_are_listed_and_none_is_asked(
    published: Database, council: Organisation
) -> None:
    one = confirmed(published, council, [["A Farm", "a@x.example", "", ""]])
    assert worked(published, one, Settings(env="development")) == {2: ImportOutcome.ADDED}
    with published.writing() as session:
        session.merge(council).name_state = NameState.UNCONFIRMED
    one = confirmed(published, council, [["B Farm", "b@x.example", "", ""]])
    assert worked(published, one) == {2: ImportOutcome.ADDED}


def test_it_goes_in_small_steps_and_says_how_far_it_is(published: Database, council: Organisation) -> None:
    rows = [[f"Farm {number}", f"f{number}@x.example", "", ""] for number in range(ROWS_PER_TRANSACTION + 5)]
    one = confirmed(published, council, rows)
    with published.writing() as session:
        assert process_next_rows(session, one.id, MAILS, TODAY) == (ROWS_PER_TRANSACTION, ROWS_PER_TRANSACTION + 5)
    with published.writing() as session:
        found = get_import(session, council.id, one.id, lock=True)
        assert found is not None
        assert found.state is ImportState.RUNNING
        cancel_import(session, found, TODAY)
    with published.writing() as session:
        assert process_next_rows(session, one.id, MAILS, TODAY) is None
        counts = count_rows(session, one)
        assert (counts.of(ImportOutcome.ASKED), counts.of(ImportOutcome.WAITING)) == (ROWS_PER_TRANSACTION, 5)
        assert session.scalar(select(func.count()).select_from(SupplierInvitation)) == ROWS_PER_TRANSACTION


def test_a_step_that_fails_leaves_nothing_half_done(published: Database, council: Organisation) -> None:
    one = confirmed(published, council, [["A Farm", "a@x.example", "", ""]])
    with published.new_session(writes=True) as session:
        process_next_rows(session, one.id, MAILS, TODAY)
        session.rollback()  # as when its process is killed
    with published.reading() as session:
        assert session.scalar(select(func.count()).select_from(Supplier)) == 0
    assert worked(published, one) == {2: ImportOutcome.ASKED}


def test_emails_of_a_file_arrive_once_each(
    banks_url: str, published: Database, council: Organisation, postbox: MailServer, tmp_path: Path
) -> None:
    rows, bad = a_list(12, bad=False)
    assert bad == []
    settings = settings_that_mail(banks_url, tmp_path, postbox)
    for _ in range(2):
        confirmed(published, council, rows[1:], headings=rows[0])
        run_due_jobs(published, settings, lambda: TODAY + timedelta(minutes=1))
    assert sorted(to for _from, (to,) in postbox.envelopes) == [
        f"office{number:03}@supplier.example" for number in range(12)
    ]
    assert "They write: “Please.”" in postbox.bodies()[0]
