from __future__ import annotations

import csv
import io
import uuid
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import openpyxl
import pytest
from sqlalchemy import func, select

from assess.assessments.models import Submission
from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.core.exports import unescape_formulas
from assess.identity.current_user import CurrentUser
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.buyer_view import BAR_LABELS
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.bulk_exports import tables as bulk_exports_tables
from assess.portfolio.bulk_exports.services import order_spreadsheet
from assess.portfolio.bulk_exports.tables import (
    ABOUT_SHEET,
    BAR_COLUMNS,
    GOODS_COLUMNS,
    NOT_A_FINDING,
    OPEN_STEP_COLUMNS,
    SUPPLIER_COLUMNS,
    ExportTable,
    ExportTables,
    build_tables,
    tables_to_csv,
    tables_to_xlsx,
)
from assess.portfolio.models import FileKind, FileState, PortfolioFile, PortfolioFilePlan
from assess.sharing.messages import apply_date, item_key_of_step, shared_steps_of
from assess.sharing.models import ShareScope, ShareView, ShareViewKind
from assess.sharing.services import end_share_grant
from assess.sharing.shared_copy import shared_copy_from_json
from assess.suppliers.models import SupplierSize
from tests.conftest import TODAY, Visitor
from tests.plans.records import a_record, scenario
from tests.portfolio.bulk_exports.conftest import Council
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

EVIL = '=HYPERLINK("http://evil.example";"Farm")'
NAMES = (EVIL, "+44 farm", "@farm", "Fen, “Edge” 🍓\x0b", "-1+1")


def made() -> ExportTables:
    said = [{"name": name, "reference": "=1+1", "sector": "Farming", "spend_gbp": 1200} for name in NAMES]
    said[0]["asked_on"] = "2026-11-24"
    rows = [tuple(one.get(column.name) for column in SUPPLIER_COLUMNS) for one in said]
    return ExportTables(
        ("The suppliers of The Council.", NOT_A_FINDING),
        TODAY,
        ExportTable("Suppliers", SUPPLIER_COLUMNS, rows),
        (
            ExportTable(
                "Open steps",
                OPEN_STEP_COLUMNS,
                [(EVIL, "=do()", "at once", "proposed"), ("Farm", "Do", "2026-12-01", "planned")],
            ),
            ExportTable("Goods", GOODS_COLUMNS, []),
            ExportTable("Bars", BAR_COLUMNS, []),
        ),
        (),
        None,
    )


def test_a_csv_runs_nothing_and_gives_back_what_was_typed() -> None:
    text = tables_to_csv(made()).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows[0] == [column.title for column in SUPPLIER_COLUMNS]
    assert [unescape_formulas(row[0]) for row in rows[1:]] == list(NAMES)
    assert all(row[0][0] == "'" for row in rows[1:] if row[0].lstrip("'")[0] in "=+-@")
    first = dict(zip((column.name for column in SUPPLIER_COLUMNS), rows[1], strict=True))
    assert (first["spend_gbp"], first["asked_on"], first["reference"]) == ("1200", "2026-11-24", "'=1+1")


def test_a_spreadsheet_has_typed_cells_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(tables_to_xlsx(made())))
    assert book.sheetnames == [ABOUT_SHEET, "Suppliers", "Open steps", "Goods", "Bars"]
    assert [row[0].value for row in book[ABOUT_SHEET].iter_rows()] == ["The suppliers of The Council.", NOT_A_FINDING]
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    cells = list(book["Suppliers"].iter_rows())[1]
    first = dict(zip((column.name for column in SUPPLIER_COLUMNS), cells, strict=True))
    assert (first["name"].value, first["name"].data_type) == (EVIL, "s")
    assert (first["spend_gbp"].value, first["asked_on"].value) == (1200, datetime(2026, 11, 24))  # noqa: DTZ001  # a cell has no zone
    steps = list(book["Open steps"].iter_rows(values_only=True))
    assert steps[1] == (EVIL, "=do()", "at once", "proposed")
    assert steps[2][2] == datetime(2026, 12, 1)  # noqa: DTZ001  # as above
    assert book.properties.creator in {None, ""}


def tables(council: Council, now: int = 0, filter_: BoardFilter | None = None) -> ExportTables:
    with council.database.reading() as session:
        return build_tables(session, council.id, filter_ or BoardFilter(), later(now))


def row(table: ExportTable, name: str) -> dict[str, object]:
    found = next(one for one in table.rows if one[0] == name)
    return {column.name: cell for column, cell in zip(table.columns, found, strict=True)}


def test_the_board_as_it_stands(council: Council) -> None:
    council.supplier(
        "Zinnia Hotel", scope=None, sector="hospitality", size=SupplierSize.SMALL, spend_gbp=1200, reference="Z-1"
    )
    found = tables(council)
    asked = row(found.suppliers, "Zinnia Hotel")
    assert asked | {"asked_on": "2026-11-24", "due": "2026-12-24"} == asked
    assert (asked["reference"], asked["sector"], asked["size"], asked["spend_gbp"]) == (
        "Z-1",
        "Hospitality",
        "10 to 49 people",
        1200,
    )
    assert (asked["status"], asked["band"], asked["open_steps"]) == ("Invited", None, None)
    mine = row(found.suppliers, "Acle Fruit")
    assert mine["band"] in {"Low", "Medium", "High"}
    steps, _goods, bars = found.others
    assert sum(one[0] == "Acle Fruit" for one in steps.rows) == mine["open_steps"]
    assert {one[2] for one in bars.rows} <= set(BAR_LABELS)
    assert NOT_A_FINDING in found.about
    assert found.shown_until == TODAY + timedelta(days=365)
    assert [one[0] for one in tables(council, filter_=BoardFilter(text="Zinnia")).suppliers.rows] == ["Zinnia Hotel"]


def test_nothing_of_a_copy_is_there_once_its_share_is_over(council: Council) -> None:
    with council.database.writing() as session:
        end_share_grant(session, council.grant(session, "Acle Fruit"), TODAY)
    for found in (tables(council), tables(council, now=366)):
        over = row(found.suppliers, "Acle Fruit")
        assert over["status"] == "Share over"
        assert [over[name] for name in ("answered_on", "valid_until", "band", "open_steps", "next_step_due")] == [
            None
        ] * 5
        assert not any(one[0] == "Acle Fruit" for table in found.others for one in table.rows)
    assert tables(council, now=366).shown_until is None


def test_a_quick_check_has_a_word_in_the_place_of_its_band_and_all_but_bars(council: Council) -> None:
    with council.database.writing() as session:
        supplier = a_supplier(session, council.organisation, "Quick Farm", sector="farming")
        shared(session, invited(session, supplier), record=a_record(quick=True), scope=ShareScope.PLAN)
    found = tables(council)
    assert row(found.suppliers, "Quick Farm")["band"] == "Quick check done"
    steps, _goods, bars = found.others
    assert "Quick Farm" in {line[0] for line in steps.rows}
    assert "Quick Farm" not in {line[0] for line in bars.rows}


def test_steps_are_those_of_the_plan_as_it_stands_and_what_was_said_of_them_since_is_not_told(council: Council) -> None:
    with council.database.writing() as session:
        grant = council.grant(session, "Acle Fruit")
        submission = session.get_one(Submission, grant.submission_id)
        moved, done, refused, *rest = shared_steps_of(shared_copy_from_json(grant.document))
        assert apply_date(session, submission, moved.key, date(2028, 1, 1), TODAY)
        for step, said in (
            (done, ItemContent(status="done")),
            (refused, ItemContent(response="will_not", reason="cost")),
        ):
            change_item(session, submission.id, str(item_key_of_step(session, submission, step.key)), said, 0, TODAY)
    found = tables(council)
    mine = row(found.suppliers, "Acle Fruit")
    assert (mine["open_steps"], mine["done_steps"]) == (2 + len(rest), 1)
    steps = {one[1]: one[2:] for one in found.others[0].rows if one[0] == "Acle Fruit"}
    assert len(steps) == 2 + len(rest)
    assert steps[moved.do] == ("2028-01-01", "proposed, not answered yet")
    assert steps[refused.do][1] == "proposed, not answered yet", "as it was on the day it was shared"
    assert done.do not in steps


def here(council: Council) -> str:
    return f"/organisations/{council.id}/suppliers/exports"


def looks(council: Council) -> list[tuple[uuid.UUID | None, ShareViewKind]]:
    with council.database.reading() as session:
        return [(one.grant_id, one.what) for one in session.scalars(select(ShareView).order_by(ShareView.id))]


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_business_in_a_spreadsheet_sees_that_it_was_taken(
    bea: Visitor, office: Council, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_exports_tables, "VIEWS_PER_TRANSACTION", 1)
    office.supplier("Fen Wash", scope=None)
    bea(f"{here(office)}?{urlencode({'filter': 'q=Fen'})}")
    address = bea.send("/spreadsheet", kind=kind).address
    office.work()
    assert "Each business that shares something in it can see that a file was taken." in bea(address).text
    office.supplier("Fen Growers", scope=ShareScope.PLAN)
    assert looks(office) == [], "nobody took it yet"
    for _again in range(2):
        assert bea.client.get(f"{address}/download").status_code == 200
    assert looks(office) == [(office.grants["Fen Edge Growers"], ShareViewKind.FILE)], "who is in it, once in an hour"
    with office.database.writing() as session:
        end_share_grant(session, office.grant(session, "Acle Fruit"), TODAY)
    bea(address)
    bea.send("/resume")
    office.work()
    assert bea.client.get(f"{address}/download").status_code == 200
    assert {of for of, _what in looks(office)} == {office.grants[name] for name in ("Fen Edge Growers", "Fen Growers")}


@pytest.mark.both_databases
def test_a_spreadsheet_that_goes_while_looks_are_noted_is_not_sent(
    bea: Visitor, office: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea(here(office))
    address = bea.send("/spreadsheet", kind="csv").address
    office.work()

    def note_then_end(database: Database, file_id: uuid.UUID, who: CurrentUser, now: datetime) -> None:
        bulk_exports_tables.log_download(database, file_id, who, now)
        with office.database.writing() as session:
            end_share_grant(session, office.grant(session, "Acle Fruit"), now)

    monkeypatch.setattr("assess.portfolio.bulk_exports.views.log_download", note_then_end)
    assert bea.client.get(f"{address}/download").status_code == 303


def a_sheet(council: Council) -> PortfolioFile:
    with council.database.writing() as session:
        made = order_spreadsheet(session, council.id, FileKind.CSV, BoardFilter(), TODAY, by=None)
    council.work()
    found = council.file(made.id)
    assert (found.state, bool(found.size)) == (FileState.READY, True)
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize("what", ["ended", "deleted", "narrowed", "answered again"])
def test_a_spreadsheet_goes_as_soon_as_a_share_in_it_does(council: Council, press: list[str], what: str) -> None:
    sheet = a_sheet(council)
    bundle = council.order()
    council.work()
    assert press
    with council.database.writing() as session:
        theirs = PortfolioFile(
            buyer_id=a_buyer(session, "Another council").id,
            kind=FileKind.CSV,
            wanted={},
            state=FileState.READY,
            ordered_at=TODAY,
            until=TODAY + timedelta(days=7),
            content=b"theirs",
        )
        session.add(theirs)
    with council.database.writing() as session:
        grant = council.grant(session, "Acle Fruit")
        if what == "ended":
            end_share_grant(session, grant, TODAY)
        elif what == "deleted":
            delete_assessment(session, grant.assessment_id)
        elif what == "narrowed":
            grant.until -= timedelta(days=1)
        else:
            reopen_assessment(session, grant.assessment_id, TODAY)
            submit_assessment(session, grant.assessment_id, lambda _said: scenario(), TODAY)
    found = council.file(sheet.id)
    assert (found.state, found.size) == (FileState.REMOVED, None)
    with council.database.reading() as session:
        assert session.get_one(PortfolioFile, sheet.id).content is None
    assert council.file(bundle).state is FileState.READY, "a bundle keeps no copy"
    assert council.file(theirs.id).state is FileState.READY, "another buyer’s file is none of its business"


@pytest.mark.both_databases
def test_what_a_buyer_ordered_goes_with_it_and_a_plan_outlives_its_share(council: Council, press: list[str]) -> None:
    file_id = council.order()
    council.work()
    with council.database.writing() as session:
        delete_assessment(session, council.grant(session, "Acle Fruit").assessment_id)
    with council.database.writing() as session:
        plans = session.scalars(select(PortfolioFilePlan).where(PortfolioFilePlan.file_id == file_id)).all()
        assert [plan.grant_id is None for plan in sorted(plans, key=lambda one: one.number)] == [True, False, False]
        session.delete(session.merge(council.organisation))
        session.flush()
        assert session.scalar(select(func.count()).select_from(PortfolioFile)) == 0
        assert session.scalar(select(func.count()).select_from(PortfolioFilePlan)) == 0
    assert press
