from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.kit.audit.models import AuditEvent
from assess.kit.jobs.models import Job
from assess.plans.printing.render import PressBusyError
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareFile
from assess.portfolio.board.filters import Filter
from assess.portfolio.files import making
from assess.portfolio.files.models import FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.ordering import KEPT, order_sheet
from tests.conftest import TODAY
from tests.portfolio.files.conftest import Council
from tests.suppliers.makers import later

pytestmark = pytest.mark.both_databases


def a_sheet(council: Council, kind: FileKind = FileKind.CSV) -> PortfolioFile:
    with council.database.writing() as session:
        return order_sheet(session, council.id, kind, Filter(), TODAY, by=None)


def test_a_bundle_is_made_and_nothing_is_printed_twice(council: Council, press: list[str]) -> None:
    first = council.order()
    assert council.work() == 1
    made = council.file(first)
    with council.database.reading() as look:
        size = sum(len(one.content) for one in look.query(ShareFile))
        event = look.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (made.state, made.done, made.total, made.size, len(press)) == (FileState.READY, 3, 3, size, 3)
    assert (made.ready_at, made.until) == (TODAY, TODAY + KEPT)
    assert event is not None
    assert (event.action, event.organisation_id, event.about_kind) == ("suppliers.read: made", council.id, "file")
    again = council.order()
    assert again != first
    council.work()
    assert council.file(again).state is FileState.READY
    assert len(press) == 3


def test_it_is_made_in_parts_and_others_have_their_turn_between(
    council: Council, press: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(0, 1000, making.SECONDS_OF_A_PART // 2 + 1))
    monkeypatch.setattr(making.time, "monotonic", lambda: next(moments))
    file_id = council.order()
    assert council.work() > 1
    file = council.file(file_id)
    assert (file.state, file.done, len(press)) == (FileState.READY, 3, 3)
    assert file.part > 1
    with council.database.reading() as look:
        parts = [job.arguments["part"] for job in look.scalars(select(Job).order_by(Job.id))]
    assert parts == list(range(1, file.part + 1))


def test_a_busy_press_is_asked_again_later(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_html: str) -> bytes:
        raise PressBusyError

    monkeypatch.setattr("assess.portfolio.files.plans.render_page", busy)
    file_id = council.order()
    assert council.work() == 1
    assert (council.file(file_id).state, council.file(file_id).part) == (FileState.ORDERED, 2)
    monkeypatch.setattr("assess.portfolio.files.plans.render_page", lambda _html: b"%PDF- %%EOF")
    council.work(TODAY + making.WHEN_BUSY + timedelta(seconds=1))
    assert council.file(file_id).state is FileState.READY


def test_a_part_that_is_over_does_nothing(council: Council, press: list[str]) -> None:
    file_id = council.order()
    with council.database.writing() as session:
        session.get_one(PortfolioFile, file_id).part = 2
    council.work()
    assert (council.file(file_id).state, press) == (FileState.ORDERED, [])
    with council.database.writing() as session:
        session.delete(session.get_one(PortfolioFile, file_id))
    assert council.work() == 0


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.XLSX])
def test_a_spreadsheet_is_kept_until_the_first_share_in_it_is_over(council: Council, kind: FileKind) -> None:
    first = a_sheet(council, kind)
    council.work()
    assert council.file(first.id).until == TODAY + KEPT
    council.supplier("Zinnia Farm", days=30)
    with council.database.writing() as session:
        council.grant(session, "Zinnia Farm").until = later(2)
    second = a_sheet(council, kind)
    council.work()
    with council.database.reading() as look:
        made = look.get_one(PortfolioFile, second.id)
        assert (made.state, made.until, made.size) == (FileState.READY, later(2), len(made.content or b""))


def test_a_share_that_ends_while_a_spreadsheet_is_made_is_not_in_it(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def ends(tables: object) -> bytes:
        made.append(1)
        if len(made) == 1:
            with council.database.writing() as session:
                end(session, council.grant(session, "Acle Fruit"), TODAY)
        return as_csv(tables)  # type: ignore[arg-type]  # it is passed on

    as_csv = making.as_csv
    monkeypatch.setattr(making, "as_csv", ends)
    sheet = a_sheet(council)
    council.work()
    with council.database.reading() as look:
        content = (look.get_one(PortfolioFile, sheet.id).content or b"").decode()
    assert len(made) == 2
    line = next(line for line in content.splitlines() if "Acle Fruit" in line)
    assert "Share over" in line


def test_what_is_over_is_deleted_by_itself(council: Council, press: list[str]) -> None:
    file_id = council.order()
    council.work()
    assert press
    making.forget_portfolio_files(_Work(council, later(6)))
    assert council.file(file_id).state is FileState.READY
    making.forget_portfolio_files(_Work(council, later(8)))
    with council.database.reading() as look:
        assert look.get(PortfolioFile, file_id) is None
        assert look.scalars(select(PortfolioFilePlan).where(PortfolioFilePlan.state == PlanState.THERE)).all() == []
        events = look.scalars(select(AuditEvent).where(AuditEvent.action == "suppliers.manage: removed")).all()
        assert [event.details for event in events] == [{"count": 1}]


class _Work:
    """What a job is given, at a moment of ours."""

    def __init__(self, council: Council, moment: object) -> None:
        self.database, self.settings = council.database, council.settings
        self._moment = moment

    def now(self) -> object:
        return self._moment

    def progress(self, done: int, total: int) -> None:
        raise AssertionError(f"nobody waits for this: {done} of {total}")
