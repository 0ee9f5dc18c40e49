from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.plans.papers.kept import KEPT_FOR, kept, print_and_keep
from assess.plans.papers.models import PaperFile
from assess.plans.printing.render import PrintingFailedError


def test_a_page_is_printed_once_and_another_text_is_another_file(database: Database, now: datetime) -> None:
    assert kept(database, "<p>one</p>") is None
    assert print_and_keep(database, "<p>one</p>", str.encode, now) == b"<p>one</p>"
    assert kept(database, "<p>one</p>") == b"<p>one</p>"
    assert kept(database, "<p>two</p>") is None


def test_whoever_comes_second_gets_what_the_first_one_stored(database: Database, now: datetime) -> None:
    def slow(html: str) -> bytes:
        print_and_keep(database, html, lambda _: b"first", now)
        return b"second"

    assert print_and_keep(database, "page", slow, now) == b"first"


def test_a_failure_keeps_nothing(database: Database, now: datetime) -> None:
    def failing(_: str) -> bytes:
        raise PrintingFailedError

    with pytest.raises(PrintingFailedError):
        print_and_keep(database, "page", failing, now)
    assert kept(database, "page") is None


def test_texts_that_are_long_gone_go(database: Database, now: datetime) -> None:
    print_and_keep(database, "old", str.encode, now - KEPT_FOR - timedelta(days=1))
    print_and_keep(database, "recent", str.encode, now - KEPT_FOR + timedelta(days=1))
    print_and_keep(database, "new", str.encode, now)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(PaperFile)) == 2
    assert kept(database, "old") is None
