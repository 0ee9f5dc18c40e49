from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.plans.papers.kept import KEPT_FOR, is_kept, keep, kept
from assess.plans.papers.models import PaperFile

pytestmark = pytest.mark.both_databases


def store(database: Database, html: str, content: bytes, now: datetime) -> None:
    with database.writing() as session:
        keep(session, html, content, now)


def test_each_text_has_its_file_and_another_text_has_another(database: Database, now: datetime) -> None:
    store(database, "<p>one</p>", b"%PDF one", now)
    with database.reading() as look:
        found = kept(look, "<p>one</p>")
        assert found is not None
        assert (found.content, found.digest, found.made_at) == (
            b"%PDF one",
            hashlib.sha256(b"%PDF one").hexdigest(),
            now,
        )
        assert is_kept(look, "<p>one</p>")
        assert kept(look, "<p>two</p>") is None
        assert not is_kept(look, "<p>two</p>")


def test_whoever_comes_second_leaves_what_the_first_one_stored(database: Database, now: datetime) -> None:
    store(database, "page", b"first", now)
    store(database, "page", b"second", now)
    with database.reading() as look:
        found = kept(look, "page")
        assert found is not None
        assert found.content == b"first"


def test_texts_that_are_long_gone_go(database: Database, now: datetime) -> None:
    store(database, "old", b"x", now - KEPT_FOR - timedelta(days=1))
    store(database, "recent", b"x", now - KEPT_FOR + timedelta(days=1))
    store(database, "new", b"x", now)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(PaperFile)) == 2
        assert not is_kept(look, "old")
