"""The cover printed beside the site, with the real press."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.kit.jobs.ordering import defer
from assess.plans.cover import print_job
from assess.plans.cover.models import CoverFile
from assess.plans.cover.wanted import PRINT
from assess.plans.printing.render import PrintingFailedError
from tests.people.persons import an_organisation, database_of
from tests.plans.cover.firms import Firm


def order(app: Flask, organisation: str, now: datetime) -> None:
    with database_of(app).writing() as session:
        defer(session, PRINT, now=now, organisation=organisation)


def covers(app: Flask) -> int:
    with database_of(app).reading() as look:
        return look.scalar(select(func.count()).select_from(CoverFile)) or 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_is_a_tagged_file_with_every_plan(
    app: Flask, firm: Firm, work_off: Callable[[], int], now: datetime
) -> None:
    order(app, firm.organisation.id.hex, now)
    with app.app_context():
        assert work_off() == 1
    with database_of(app).reading() as look:
        content = look.scalars(select(CoverFile.content)).one()
    with pikepdf.open(io.BytesIO(content)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang).startswith("en")
        assert len(file.pages) == 1


def test_a_firm_that_is_gone_or_has_no_plan_gets_none(
    app: Flask, firm: Firm, work_off: Callable[[], int], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "render_page", None)  # whoever printed now would stumble
    with database_of(app).writing() as session:
        empty = an_organisation(session, "Nothing yet").id
    order(app, "0" * 32, now)
    order(app, empty.hex, now)
    with app.app_context():
        assert work_off() == 2
    assert covers(app) == 0
    assert firm.organisation.id != empty


def test_what_goes_wrong_stores_nothing_and_is_tried_again(
    app: Flask, firm: Firm, work_off: Callable[[], int], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_html: str) -> bytes:
        raise PrintingFailedError("The press ended with 9.")

    monkeypatch.setattr(print_job, "render_page", fail)
    order(app, firm.organisation.id.hex, now)
    with app.app_context():
        work_off()
    assert covers(app) == 0
