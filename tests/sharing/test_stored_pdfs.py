"""Printing a share in the press: whole, with its dates, and never once it was ended."""

from __future__ import annotations

import re
import uuid
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.services import get_submission
from assess.assessments.sign_off import Signature, sign_submission, withdraw_sign_off
from assess.plans.stored_pdfs import PdfRenderError, PdfStatus
from assess.sharing.emails import OFFER_SUBJECT, ConfirmedSharer, offer_email
from assess.sharing.models import (
    SCOPE_HINTS,
    SCOPE_ORDER,
    SCOPE_TITLES,
    ShareScope,
    ShareView,
    ShareViewKind,
    StoredSharePdf,
)
from assess.sharing.services import change_share_grant, get_share_grant
from assess.sharing.stored_pdfs import SharePdf, page_digest, page_to_print, save_share_pdf
from tests.identity.accounts_factory import database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.sharing.conftest import Buyer, grant_row


def files(app: Flask) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(StoredSharePdf)) or 0


def test_the_file_is_made_once_and_is_a_whole_one(
    council: Buyer, submitted: Submitted, shared_with: Any, run_jobs: Callable[[], int]
) -> None:
    given = shared_with(submitted, council, ShareScope.EVIDENCE)
    council.visit(f"{given.address}/pdf-progress")
    run_jobs()
    first = council.visit.client.get(f"{given.address}/copy.pdf").get_data()
    assert first.startswith(b"%PDF-")
    assert first.rstrip().endswith(b"%%EOF")
    council.visit(f"{given.address}/pdf-progress")
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
    council.visit(f"{given.address}/pdf-progress")
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
        raise PdfRenderError("The press wrote no whole file.")

    given = shared_with(submitted, council)
    council.visit(f"{given.address}/pdf-progress")
    monkeypatch.setattr("assess.sharing.stored_pdfs.render_html_pdf", fails)
    run_jobs()
    said = capsys.readouterr().out
    assert "printing_failed" in said
    assert "Fen Edge" not in said
    assert files(app) == 0


def printed(app: Flask, given: Any, now: datetime) -> bool:
    with database_of(app).writing() as session:
        wanted = page_to_print(session, given.id, now)
        return wanted is not None and save_share_pdf(session, given.id, wanted.page, b"%PDF-", now)


@pytest.mark.both_databases
def test_each_share_has_a_file_of_its_own(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    mine = shared_with(submitted, council)
    theirs = shared_with(submitted, make_buyer("buyer@shop.example"))
    assert printed(app, theirs, now)
    assert not printed(app, theirs, now), "twice is once"
    with database_of(app).reading() as session:
        assert SharePdf(mine.id).standing(session, now) is PdfStatus.NOT_ORDERED
        assert SharePdf(mine.id).kept(session) is None
        assert SharePdf(theirs.id).standing(session, now) is PdfStatus.READY
        assert SharePdf(theirs.id).kept(session)


@pytest.mark.both_databases
def test_a_share_that_shows_something_else_now_is_another_file(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council, ShareScope.PLAN)
    before = page_digest(grant_row(app, given))
    assert printed(app, given, now)
    with database_of(app).writing() as session:
        change_share_grant(session, get_share_grant(session, submitted.id, given.id), ShareScope.BUYER_COPY, 30, now)
    assert page_digest(grant_row(app, given)) != before
    with database_of(app).writing() as session:
        assert SharePdf(given.id).kept(session) is None
        assert not save_share_pdf(session, given.id, before, b"%PDF- too late", now)
    assert printed(app, given, now)


@pytest.mark.both_databases
def test_nothing_is_printed_or_kept_of_what_nobody_may_see(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, ended: Any, answer_again: Any, now: datetime
) -> None:
    over, gone, old = (shared_with(submitted, council) for _ in range(3))
    page = page_digest(grant_row(app, gone))
    ended(submitted, gone)
    assert not printed(app, over, now + timedelta(days=30))
    assert not printed(app, gone, now)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert not printed(app, old, now)
    with database_of(app).writing() as session:
        assert not save_share_pdf(session, gone.id, page, b"%PDF-", now)
        assert page_to_print(session, uuid.uuid4(), now) is None


@pytest.mark.both_databases
def test_of_what_was_deleted_nothing_was_ordered(app: Flask, now: datetime) -> None:
    with database_of(app).writing() as session:
        SharePdf(uuid.uuid4()).order(session, now)
        assert SharePdf(uuid.uuid4()).standing(session, now) is PdfStatus.NOT_ORDERED


@pytest.mark.both_databases
def test_its_name_is_neutral(now: datetime) -> None:
    assert SharePdf(uuid.uuid4()).name(now) == "buyer-copy-2026-11-24.pdf"
    assert SharePdf(uuid.uuid4()).title
    assert SharePdf(uuid.uuid4()).meanwhile


@pytest.mark.both_databases
def test_a_sign_off_is_on_the_file_for_as_long_as_it_stands(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council)
    assert printed(app, given, now)
    with database_of(app).writing() as session:
        of = get_submission(session, submitted.id)
        sign_submission(session, of, Signature("Jo Fenn", "director", on_paper=True), now)
        wanted = page_to_print(session, given.id, now)
        assert wanted is not None, "what was printed without it is out of date"
        assert "Signed off by a senior person on" in wanted.html
        assert "Jo Fenn" not in wanted.html
        withdraw_sign_off(session, of, now)
        assert SharePdf(given.id).kept(session), "the first file is right again"


@pytest.mark.both_databases
def test_a_look_is_at_a_share_or_at_a_link(session: Session, now: datetime) -> None:
    session.add(ShareView(grant_id=None, buyer_link_id=None, viewer="", what=ShareViewKind.PAGE, hour=now, at=now))
    with pytest.raises(IntegrityError):
        session.flush()


def test_each_scope_shows_all_that_the_ones_before_it_show() -> None:
    for place, scope in enumerate(SCOPE_ORDER):
        assert [scope.shows(part) for part in SCOPE_ORDER] == [number <= place for number in range(len(SCOPE_ORDER))]


def test_each_scope_has_its_words() -> None:
    assert set(SCOPE_TITLES) == set(SCOPE_HINTS) == set(ShareScope)


LINK = "http://localhost:5000/shared/accept/" + "x" * 43
STOP = "http://localhost:5000/shared/stop/" + "0" * 96


def test_the_mail_names_a_confirmed_business_with_its_domain() -> None:
    text = offer_email(ConfirmedSharer("Fen Edge Growers Ltd", "fenedge.example"), LINK, STOP, "2026-12-24")
    assert text.subject == OFFER_SUBJECT
    assert text.body.startswith("The business “Fen Edge Growers Ltd” (fenedge.example) wants to show you")
    assert "24 December 2026" in text.body
    assert f"\n{LINK}\n" in text.body
    assert text.body.endswith(f"\n{STOP}\n")


def test_without_a_confirmed_name_the_first_line_says_so_and_nobody_is_named() -> None:
    text = offer_email(None, LINK, STOP, "2026-12-24")
    assert text.body.splitlines()[0] == "Name not confirmed."
    assert "“" not in text.body
