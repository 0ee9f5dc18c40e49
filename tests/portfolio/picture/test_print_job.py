"""The summary printed beside the site."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.ordering import defer
from assess.kit.jobs.running import run_waiting
from assess.people.models import Organisation
from assess.plans.printing.render import PrintingFailedError
from assess.portfolio.picture import print_job
from assess.portfolio.picture.models import SummaryFile
from assess.portfolio.picture.wanted import PRINT
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier


def order(database: Database, settings: Settings, buyer: str, *, names: bool = False) -> None:
    with database.writing() as session:
        defer(session, PRINT, now=TODAY, buyer=buyer, names=names)
    assert run_waiting(database, settings, lambda: TODAY) == 1


def files(database: Database) -> int:
    with database.reading() as look:
        return look.scalar(select(func.count()).select_from(SummaryFile)) or 0


@pytest.fixture
def mine(published: Database) -> str:
    """A buyer with one supplier."""
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        a_supplier(session, council, "Late farm")
        return council.id.hex


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_press_prints_it(published: Database, settings: Settings, mine: str) -> None:
    order(published, settings, mine)
    with published.reading() as look:
        assert look.scalars(select(SummaryFile.content)).one().startswith(b"%PDF-")


def test_it_is_printed_once_and_what_is_gone_never(
    published: Database, settings: Settings, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def press(html: str) -> bytes:
        printed.append(html)
        return b"%PDF-"

    monkeypatch.setattr(print_job, "render_page", press)
    with published.writing() as session:
        empty = a_buyer(session, "Nobody yet").id.hex
    for buyer in (mine, mine, empty, "0" * 32):
        order(published, settings, buyer, names=True)
    assert (len(printed), files(published)) == (1, 1)
    assert "Late farm" in printed[0]


def test_what_goes_wrong_or_changed_meanwhile_stores_nothing(
    published: Database, settings: Settings, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_html: str) -> bytes:
        raise PrintingFailedError("The press ended with 9.")

    def change(_html: str) -> bytes:
        with published.writing() as session:
            a_supplier(session, session.get_one(Organisation, uuid.UUID(mine)), "One more")
        return b"%PDF-"

    monkeypatch.setattr(print_job, "render_page", fail)
    order(published, settings, mine)
    monkeypatch.setattr(print_job, "render_page", change)
    order(published, settings, mine, names=True)
    assert files(published) == 0
