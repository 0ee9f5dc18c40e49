"""Printing a share in the press: whole, with its dates, and never once it was ended."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.plans.printing.render import PrintingFailedError
from assess.plans.shares.models import ShareFile
from assess.plans.shares.scopes import Scope
from tests.people.persons import database_of
from tests.plans.conftest import Submitted
from tests.plans.shares.conftest import Buyer


def files(app: Flask) -> int:
    with database_of(app).reading() as look:
        return look.scalar(select(func.count()).select_from(ShareFile)) or 0


def test_the_file_is_made_once_and_is_a_whole_one(
    council: Buyer, submitted: Submitted, shared_with: Any, run_jobs: Callable[[], int]
) -> None:
    given = shared_with(submitted, council, Scope.EVIDENCE)
    council.visit(f"{given.address}/making")
    run_jobs()
    first = council.visit.client.get(f"{given.address}/copy.pdf").get_data()
    assert first.startswith(b"%PDF-")
    assert first.rstrip().endswith(b"%%EOF")
    council.visit(f"{given.address}/making")
    run_jobs()
    assert council.visit.client.get(f"{given.address}/copy.pdf").get_data() == first
    streams = [
        zlib.decompressobj().decompress(part)
        for part in re.findall(rb"stream\r?\n(.*?)endstream", first, re.DOTALL)
        if part[:1] == b"x"
    ]
    assert not [stream for stream in streams if b"PE38" in stream]


def test_ended_while_it_waits_nothing_is_stored(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, ended: Any, run_jobs: Callable[[], int]
) -> None:
    given = shared_with(submitted, council)
    council.visit(f"{given.address}/making")
    ended(submitted, given)
    run_jobs()
    assert files(app) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_when_the_press_fails_it_is_said_without_a_word_of_the_copy(
    app: Flask,
    council: Buyer,
    submitted: Submitted,
    shared_with: Any,
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(_html: str) -> bytes:
        raise PrintingFailedError("The press wrote no whole file.")

    given = shared_with(submitted, council)
    council.visit(f"{given.address}/making")
    monkeypatch.setattr("assess.plans.shares.print_job.render_page", fails)
    run_jobs()
    said = capsys.readouterr().out
    assert "printing_failed" in said
    assert "Fen Edge" not in said
    assert files(app) == 0
