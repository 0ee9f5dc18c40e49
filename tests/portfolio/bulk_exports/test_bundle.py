from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.documents.printing import PdfRendererBusyError, PdfRenderError
from assess.core.models import AuditEvent, Job, StoredPdf
from assess.portfolio.board.columns import BoardFilter
from assess.portfolio.bulk_exports import bundle as bulk_exports_bundle
from assess.portfolio.bulk_exports import tables as bulk_exports_tables
from assess.portfolio.bulk_exports.bundle import (
    INDEX_FILE,
    MAX_TRIES,
    READ_ME_FILE,
    ExportPart,
    PlanProgress,
    get_plan_state,
    plan_file_name,
    process_next_plan,
    stream_bundle,
)
from assess.portfolio.bulk_exports.services import FILE_RETENTION, MISSING_PLAN_REASONS, order_spreadsheet, stop_file
from assess.portfolio.models import FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.sharing.models import ShareView, ShareViewKind
from assess.sharing.services import end_share_grant
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person
from tests.plans.records import a_record, scenario
from tests.portfolio.bulk_exports.conftest import NAMES, Council
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared


def a_sheet(council: Council, kind: FileKind = FileKind.CSV) -> PortfolioFile:
    with council.database.writing() as session:
        return order_spreadsheet(session, council.id, kind, BoardFilter(), TODAY, by=None)


@pytest.mark.both_databases
def test_a_bundle_is_made_and_nothing_is_printed_twice(council: Council, press: list[str]) -> None:
    first = council.order()
    assert council.work() == 1
    made = council.file(first)
    with council.database.reading() as session:
        size = sum(len(one.content) for one in session.query(StoredPdf))
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (made.state, made.done, made.total, made.size, len(press)) == (FileState.READY, 3, 3, size, 3)
    assert (made.ready_at, made.until) == (TODAY, TODAY + FILE_RETENTION)
    assert event is not None
    assert (event.action, event.organisation_id, event.about_kind) == ("suppliers.read: made", council.id, "file")
    again = council.order()
    assert again != first
    council.work()
    assert council.file(again).state is FileState.READY
    assert len(press) == 3


@pytest.mark.both_databases
def test_it_is_made_in_parts_and_others_have_their_turn_between(
    council: Council, press: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(0, 1000, bulk_exports_bundle.PART_SECONDS // 2 + 1))
    monkeypatch.setattr(bulk_exports_bundle.time, "monotonic", lambda: next(moments))
    file_id = council.order()
    assert council.work() > 1
    file = council.file(file_id)
    assert (file.state, file.done, len(press)) == (FileState.READY, 3, 3)
    assert file.part > 1
    with council.database.reading() as session:
        parts = [job.arguments["part"] for job in session.scalars(select(Job).order_by(Job.id))]
    assert parts == list(range(1, file.part + 1))


@pytest.mark.both_databases
def test_a_busy_renderer_is_asked_again_later(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_html: str) -> bytes:
        raise PdfRendererBusyError

    monkeypatch.setattr("assess.portfolio.bulk_exports.bundle.render_pdf", busy)
    file_id = council.order()
    assert council.work() == 1
    assert (council.file(file_id).state, council.file(file_id).part) == (FileState.ORDERED, 2)
    monkeypatch.setattr("assess.portfolio.bulk_exports.bundle.render_pdf", lambda _html: b"%PDF- %%EOF")
    council.work(TODAY + bulk_exports_bundle.BUSY_RETRY_DELAY + timedelta(seconds=1))
    assert council.file(file_id).state is FileState.READY


@pytest.mark.both_databases
def test_a_part_that_is_over_does_nothing(council: Council, press: list[str]) -> None:
    file_id = council.order()
    with council.database.writing() as session:
        session.get_one(PortfolioFile, file_id).part = 2
    council.work()
    assert (council.file(file_id).state, press) == (FileState.ORDERED, [])
    with council.database.writing() as session:
        session.delete(session.get_one(PortfolioFile, file_id))
    assert council.work() == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.XLSX])
def test_a_spreadsheet_is_kept_until_the_first_share_in_it_is_over(council: Council, kind: FileKind) -> None:
    first = a_sheet(council, kind)
    council.work()
    assert council.file(first.id).until == TODAY + FILE_RETENTION
    council.supplier("Zinnia Farm", days=30)
    with council.database.writing() as session:
        council.grant(session, "Zinnia Farm").until = later(2)
    second = a_sheet(council, kind)
    council.work()
    with council.database.reading() as session:
        made = session.get_one(PortfolioFile, second.id)
        assert (made.state, made.until, made.size) == (FileState.READY, later(2), len(made.content or b""))


@pytest.mark.both_databases
def test_a_share_that_ends_while_a_spreadsheet_is_made_is_not_in_it(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def ends(tables: object) -> bytes:
        made.append(1)
        if len(made) == 1:
            with council.database.writing() as session:
                end_share_grant(session, council.grant(session, "Acle Fruit"), TODAY)
        return as_csv(tables)  # type: ignore[arg-type]  # it is passed on

    as_csv = bulk_exports_tables.tables_to_csv
    monkeypatch.setattr(bulk_exports_bundle, "tables_to_csv", ends)
    sheet = a_sheet(council)
    council.work()
    with council.database.reading() as reader:
        content = (reader.get_one(PortfolioFile, sheet.id).content or b"").decode()
    assert len(made) == 2
    line = next(line for line in content.splitlines() if "Acle Fruit" in line)
    assert "Share over" in line


@pytest.mark.both_databases
def test_what_is_over_is_deleted_by_itself(council: Council, press: list[str]) -> None:
    file_id = council.order()
    council.work()
    assert press
    bulk_exports_bundle.delete_expired_exports(_Work(council, later(6)))
    assert council.file(file_id).state is FileState.READY
    bulk_exports_bundle.delete_expired_exports(_Work(council, later(8)))
    with council.database.reading() as session:
        assert session.get(PortfolioFile, file_id) is None
        assert session.scalars(select(PortfolioFilePlan).where(PortfolioFilePlan.state == PlanState.THERE)).all() == []
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "suppliers.manage: removed")).all()
        assert [event.details for event in events] == [{"count": 1}]


class _Work:
    """What a job is given, at a moment of ours."""

    def __init__(self, council: Council, now: object) -> None:
        self.database, self.settings = council.database, council.settings
        self._moment = now

    def now(self) -> object:
        return self._moment

    def progress(self, done: int, total: int) -> None:
        raise AssertionError(f"nobody waits for this: {done} of {total}")


DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("supplier", "middle"),
    [
        ("Fen Edge Growers", "fen-edge-growers"),
        ("Müller & Söhne, Ltd.", "muller-sohne-ltd"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "supplier"),
        ("🍓🍓", "supplier"),
        ("CON", "con"),
        ("a\r\nb\0c\\d:e", "a-b-c-d-e"),
        ("=HYPERLINK(1)", "hyperlink-1"),
        ("x" * 200, "x" * 60),
        ("株式会社 Acle", "acle"),
    ],
)
def test_a_name_is_safe_everywhere_and_says_whose_it_is(supplier: str, middle: str) -> None:
    name = plan_file_name(7, supplier, DAY)
    assert name == f"007-{middle}-2026-11-24.pdf"
    assert re.fullmatch(r"[0-9]{3,}-[a-z0-9-]+\.pdf", name)


def test_no_two_are_alike() -> None:
    assert plan_file_name(1, "Farm", DAY) != plan_file_name(2, "FARM", DAY)
    assert plan_file_name(1000, "Farm", DAY).startswith("1000-")


def opened(parts: Iterable[bytes]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert archive.testzip() is None
    return archive


def a_bundle(council: Council) -> uuid.UUID:
    file_id = council.order()
    council.work()
    return file_id


def looks(council: Council) -> list[uuid.UUID | None]:
    with council.database.reading() as session:
        found = session.scalars(select(ShareView).order_by(ShareView.id)).all()
    assert all((one.what, one.at) == (ShareViewKind.FILE, TODAY) for one in found)
    return [one.grant_id for one in found]


def test_every_plan_is_there_under_a_safe_name_and_each_business_sees_it(council: Council, press: list[str]) -> None:
    council.supplier("../=Müller & 🍓, Ltd", reference="=1+1")
    file_id = a_bundle(council)
    parts = list(stream_bundle(council.database, file_id, council.who, lambda: TODAY))
    assert len(parts) == 5, "one for each plan, and the end"
    with opened(parts) as archive:
        assert archive.namelist() == [
            "001-muller-ltd-2026-11-24.pdf",
            "002-acle-fruit-2026-11-24.pdf",
            "003-fen-edge-growers-2026-11-24.pdf",
            "004-wash-packers-2026-11-24.pdf",
            INDEX_FILE,
            READ_ME_FILE,
        ]
        assert all(one.compress_type == zipfile.ZIP_STORED for one in archive.infolist()[:4])
        assert {archive.read(name) for name in archive.namelist()[:4]} == {
            b"%PDF-1.7 " + str(number).encode() + b" %%EOF" for number in range(1, len(press) + 1)
        }
        rows = list(csv.reader(io.StringIO(archive.read(INDEX_FILE).decode("utf-8-sig"), newline="")))
        words = archive.read(READ_ME_FILE).decode()
    assert [row[0] for row in rows[1:]] == parts_named(archive)
    assert rows[1][1:3] == ["../=Müller & 🍓, Ltd", "'=1+1"]
    assert rows[2][3:] == ["2026-11-24", council_until(council)]
    assert "Plans that suppliers of The Council share with it, as of 2026-11-24." in words
    assert "The businesses’ own answers; not a finding; not for selection or exclusion." in words
    assert "Not in this file" not in words
    assert sorted(map(str, looks(council))) == sorted(map(str, council.grants.values()))
    list(stream_bundle(council.database, file_id, council.who, lambda: TODAY))
    assert len(looks(council)) == 4, "once for each person, thing and hour"


def parts_named(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.endswith(".pdf")]


def council_until(council: Council) -> str:
    with council.database.reading() as session:
        until: str = council.grant(session, "Acle Fruit").document["copy"]["valid_until"]
    return until


def test_what_ends_while_it_is_sent_is_left_out_and_told_at_the_end(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    parts = stream_bundle(council.database, file_id, council.who, lambda: TODAY)
    first = next(parts)
    with council.database.writing() as session:
        end_share_grant(session, council.grant(session, "Fen Edge Growers"), TODAY)
        delete_assessment(session, council.grant(session, "Wash Packers").assessment_id)
    with opened([first, *parts]) as archive:
        assert parts_named(archive) == ["001-acle-fruit-2026-11-24.pdf"]
        words = archive.read(READ_ME_FILE).decode()
    assert f"- Fen Edge Growers: {MISSING_PLAN_REASONS[PlanState.OVER]}." in words
    assert f"- Wash Packers: {MISSING_PLAN_REASONS[PlanState.OVER]}." in words


def test_what_changed_since_or_could_not_be_printed_is_told(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    with council.database.writing() as session:
        session.execute(delete(StoredPdf).where(StoredPdf.grant_id == council.grants["Acle Fruit"]))
        session.get_one(PortfolioFilePlan, (file_id, 2)).state = PlanState.FAILED
    with opened(stream_bundle(council.database, file_id, council.who, lambda: TODAY)) as archive:
        words = archive.read(READ_ME_FILE).decode()
    assert f"- Acle Fruit: {MISSING_PLAN_REASONS[PlanState.THERE]}." in words
    assert f"- Fen Edge Growers: {MISSING_PLAN_REASONS[PlanState.FAILED]}." in words
    assert looks(council) == [council.grants["Wash Packers"]], "who was not taken is not told that it was"


def test_time_goes_on_while_it_is_sent(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    moments = iter([TODAY, TODAY, TODAY, *[later(366)] * 20])
    with opened(stream_bundle(council.database, file_id, council.who, lambda: next(moments))) as archive:
        assert parts_named(archive) == ["001-acle-fruit-2026-11-24.pdf"]


def test_somebody_who_does_not_buy_for_it_takes_nothing(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    with council.database.writing() as session:
        stranger = caller_of(a_person(session, "eve@else.example"))
    with opened(stream_bundle(council.database, file_id, stranger, lambda: TODAY)) as archive:
        assert parts_named(archive) == []
    assert looks(council) == []
    assert list(stream_bundle(council.database, uuid.uuid4(), council.who, lambda: TODAY)) == []


def test_urgent_advice_has_no_name_and_no_line_of_its_own(council: Council, press: list[str]) -> None:
    with council.database.writing() as session:
        supplier = a_supplier(session, council.organisation, "Sign Farm", sector="farming")
        shared(session, invited(session, supplier), record=a_record(change={"core_documents": "employer"}))
    with opened(stream_bundle(council.database, a_bundle(council), council.who, lambda: TODAY)) as archive:
        assert "003-sign-farm-2026-11-24.pdf" in archive.namelist()
        lines = archive.read(INDEX_FILE).decode().splitlines()
        words = archive.read(READ_ME_FILE).decode()
    own = next(line for line in lines if "Sign Farm" in line)
    other = next(line for line in lines if "Acle" in line)
    assert own.replace("Sign Farm", "").count('""') == other.replace("Acle Fruit", "").count('""')
    assert "urgent" not in words.lower()
    assert len(press) == 4


def test_looks_are_noted_for_several_at_once_and_not_far_ahead(council: Council, press: list[str]) -> None:
    for number in range(bulk_exports_bundle.PLANS_PER_TRANSACTION):
        council.supplier(f"Grower {number:02}", scope=None)
    file_id = a_bundle(council)
    assert press
    parts = stream_bundle(council.database, file_id, council.who, lambda: TODAY + timedelta())
    next(parts)
    assert len(looks(council)) == 3


RENDER = "assess.portfolio.bulk_exports.bundle.render_pdf"
PDF = b"%PDF-1.7 %%EOF"


def clock() -> Any:
    return TODAY


def states(council: Council, part: ExportPart) -> list[PlanState]:
    with council.database.reading() as session:
        rows = session.query(PortfolioFilePlan).filter_by(file_id=part.file_id).order_by(PortfolioFilePlan.number)
        return [row.state for row in rows]


def test_one_plan_after_the_other_each_kept_at_once(council: Council, press: list[str]) -> None:
    part = ExportPart(council.order(), 1)
    assert process_next_plan(council.database, part, clock) == PlanProgress(1, 3, printed=True)
    with council.database.reading() as session:
        assert session.query(StoredPdf).filter_by(grant_id=council.grants["Acle Fruit"]).count() == 1
    assert states(council, part) == [PlanState.THERE, PlanState.WAITING, PlanState.WAITING]
    assert process_next_plan(council.database, ExportPart(part.file_id, 2), clock) is None, "another part’s business"
    assert process_next_plan(council.database, part, clock) == PlanProgress(2, 3, printed=True)
    with council.database.writing() as session:
        stop_file(session.get_one(PortfolioFile, part.file_id))
    assert process_next_plan(council.database, part, clock) is None
    assert len(press) == 2


def test_what_is_over_or_answered_again_is_not_printed(council: Council, press: list[str]) -> None:
    part = ExportPart(council.order(), 1)
    with council.database.writing() as session:
        end_share_grant(session, council.grant(session, "Acle Fruit"), TODAY)
        grant = council.grant(session, "Fen Edge Growers")
        reopen_assessment(session, grant.assessment_id, TODAY)
        submit_assessment(session, grant.assessment_id, lambda _said: scenario(), TODAY)
    for _ in NAMES:
        assert process_next_plan(council.database, part, clock) is not None
    assert process_next_plan(council.database, part, clock) is None
    assert states(council, part) == [PlanState.OVER, PlanState.ANSWERED_AGAIN, PlanState.THERE]
    assert len(press) == 1


def ended_meanwhile(council: Council) -> Callable[[str], bytes]:
    def printed(_html: str) -> bytes:
        with council.database.writing() as session:
            end_share_grant(session, council.grant(session, "Acle Fruit"), TODAY)
        return PDF

    return printed


def stopped_meanwhile(council: Council) -> Callable[[str], bytes]:
    def printed(_html: str) -> bytes:
        with council.database.writing() as session:
            stop_file(session.query(PortfolioFile).one())
        return PDF

    return printed


def test_a_share_that_ends_while_it_is_printed_is_stored_nowhere(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = ExportPart(council.order(picked=[council.suppliers["Acle Fruit"]]), 1)
    monkeypatch.setattr(RENDER, ended_meanwhile(council))
    assert process_next_plan(council.database, part, clock) == PlanProgress(0, 1, printed=True)
    with council.database.reading() as session:
        assert session.query(StoredPdf).count() == 0
    assert process_next_plan(council.database, part, clock) == PlanProgress(1, 1, printed=False)
    assert states(council, part) == [PlanState.OVER]


def test_what_was_printed_while_it_was_stopped_is_kept_for_the_next_time(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = ExportPart(council.order(), 1)
    monkeypatch.setattr(RENDER, stopped_meanwhile(council))
    assert process_next_plan(council.database, part, clock) is None
    with council.database.reading() as session:
        assert session.query(StoredPdf).count() == 1
        assert session.get_one(PortfolioFile, part.file_id).done == 0


def test_one_that_cannot_be_printed_holds_nobody_up(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fails_first(_html: str) -> bytes:
        asked.append(len(asked))
        if len(asked) == 1 or len(asked) > len(NAMES):
            raise PdfRenderError("The press ended with 1.")
        return PDF

    part = ExportPart(council.order(), 1)
    monkeypatch.setattr(RENDER, fails_first)
    assert process_next_plan(council.database, part, clock) == PlanProgress(0, 3, printed=True)
    while process_next_plan(council.database, part, clock) is not None:
        pass
    assert states(council, part) == [PlanState.FAILED, PlanState.THERE, PlanState.THERE]
    assert len(asked) == len(NAMES) - 1 + MAX_TRIES


def test_a_busy_renderer_changes_nothing(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_html: str) -> bytes:
        raise PdfRendererBusyError

    part = ExportPart(council.order(), 1)
    monkeypatch.setattr(RENDER, busy)
    with pytest.raises(PdfRendererBusyError):
        process_next_plan(council.database, part, clock)
    assert states(council, part) == [PlanState.WAITING] * 3


def test_a_share_is_looked_at_for_its_own_buyer_alone(council: Council) -> None:
    grant = council.grants["Acle Fruit"]
    with council.database.writing() as session:
        other = a_buyer(session, "Another council").id
        assert get_plan_state(session, council.id, grant, TODAY) is PlanState.WAITING
        assert get_plan_state(session, council.id, grant, later(365)) is PlanState.OVER
        assert get_plan_state(session, other, grant, TODAY) is PlanState.OVER
        assert get_plan_state(session, council.id, None, TODAY) is PlanState.OVER
