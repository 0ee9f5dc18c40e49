from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.plans.check_code.models import CheckCode
from assess.plans.cover.kept import is_kept, keep, kept
from assess.plans.cover.listing import cover_of
from assess.plans.cover.models import CoverFile
from tests.people.persons import database_of
from tests.plans.cover.firms import Firm

pytestmark = pytest.mark.both_databases


def test_one_cover_is_kept_and_never_an_outdated_one(app: Flask, firm: Firm, now: datetime) -> None:
    database, mine = database_of(app), firm.organisation.id
    with app.app_context(), database.writing() as session:
        lines = cover_of(session, mine, "Fen Edge Group", now.date()).lines
        keep(session, mine, "<p>old</p>", b"old", lines, now)
        keep(session, mine, "<p>new</p>", b"new", lines, now)
        keep(session, uuid.uuid4(), "<p>gone</p>", b"gone", (), now)
    with database.reading() as look:
        found = kept(look, mine, "<p>new</p>")
        assert found is not None
        assert found.content == b"new"
        assert is_kept(look, mine, "<p>new</p>")
        assert kept(look, mine, "<p>old</p>") is None
        assert not is_kept(look, mine, "<p>old</p>")
        assert look.scalar(select(func.count()).select_from(CoverFile)) == 1
        assert set(look.scalars(select(CheckCode.code))) == {line.code for line in lines}, "whoever asks is told"
