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

from assess.assessments.retention import delete_assessment
from assess.assessments.sign_off import Signature, sign_submission, withdraw_sign_off
from assess.assessments.submissions import get_submission
from assess.core.documents.printing import PdfRenderError
from assess.core.documents.services import PdfStatus, load_document
from assess.core.models import Job, StoredPdf
from assess.sharing.emails import OFFER_SUBJECT, ConfirmedSharer, offer_email
from assess.sharing.models import SCOPE_HINTS, SCOPE_ORDER, SCOPE_TITLES, ShareScope, ShareView, ShareViewKind
from assess.sharing.services import change_share_grant, get_share_grant
from tests.identity.accounts_factory import database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.sharing.conftest import Buyer
from tests.stored_files import document_of, keep_file, stored_pdf


def files(app: Flask) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(StoredPdf)) or 0


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
def test_when_the_renderer_fails_it_is_said_without_a_word_of_the_copy(
    app: Flask,
    council: Buyer,
    submitted: Submitted,
    shared_with: Any,
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_given: object) -> bytes:
        raise PdfRenderError("The press wrote no whole file.")

    given = shared_with(submitted, council)
    council.visit(f"{given.address}/pdf-progress")
    monkeypatch.setattr("assess.core.documents.services.render_pdf", fails)
    run_jobs()
    said = capsys.readouterr().out
    assert "printing_failed" in said
    assert "Fen Edge" not in said
    assert files(app) == 0


def printed(app: Flask, given: Any, now: datetime) -> bool:
    with database_of(app).writing() as session:
        document = load_document(session, "share", given.id, now)
        return document is not None and not document.is_stored(session) and keep_file(session, document, b"%PDF-", now)


@pytest.mark.both_databases
def test_each_share_has_a_file_of_its_own(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    mine = shared_with(submitted, council)
    theirs = shared_with(submitted, make_buyer("buyer@shop.example"))
    assert printed(app, theirs, now)
    assert not printed(app, theirs, now), "twice is once"
    with database_of(app).reading() as session:
        assert document_of(session, "share", mine.id, now).status(session, now) is PdfStatus.NOT_ORDERED
        assert stored_pdf(session, "share", mine.id, now) is None
        assert document_of(session, "share", theirs.id, now).status(session, now) is PdfStatus.READY
        assert stored_pdf(session, "share", theirs.id, now)


@pytest.mark.both_databases
def test_a_share_that_shows_something_else_now_is_another_file(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council, ShareScope.PLAN)
    with database_of(app).reading() as session:
        before = document_of(session, "share", given.id, now)
    assert printed(app, given, now)
    with database_of(app).writing() as session:
        change_share_grant(session, get_share_grant(session, submitted.id, given.id), ShareScope.BUYER_COPY, 30, now)
    with database_of(app).writing() as session:
        assert document_of(session, "share", given.id, now).spec.key != before.spec.key
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 0
        assert not keep_file(session, before, b"%PDF- too late", now)
    assert printed(app, given, now)


@pytest.mark.both_databases
def test_nothing_is_printed_or_kept_of_what_nobody_may_see(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, ended: Any, answer_again: Any, now: datetime
) -> None:
    over, gone, old = (shared_with(submitted, council) for _ in range(3))
    with database_of(app).reading() as session:
        begun = document_of(session, "share", gone.id, now)
    ended(submitted, gone)
    assert not printed(app, over, now + timedelta(days=30))
    assert not printed(app, gone, now)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert not printed(app, old, now)
    with database_of(app).writing() as session:
        assert not keep_file(session, begun, b"%PDF-", now)
        assert load_document(session, "share", uuid.uuid4(), now) is None


@pytest.mark.both_databases
def test_of_what_was_deleted_nothing_is_ordered(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council)
    with database_of(app).writing() as session:
        begun = document_of(session, "share", given.id, now)
        delete_assessment(session, submitted.id)
        begun.enqueue(session, now)
        assert session.scalar(select(func.count()).select_from(Job)) == 0


@pytest.mark.both_databases
def test_its_name_is_neutral(app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime) -> None:
    given = shared_with(submitted, council)
    with database_of(app).reading() as session:
        document = document_of(session, "share", given.id, now)
    assert document.name(now) == "buyer-copy-2026-11-24.pdf"
    assert document.spec.title
    assert document.spec.meanwhile


@pytest.mark.both_databases
def test_a_sign_off_is_on_the_file_for_as_long_as_it_stands(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council)
    assert printed(app, given, now)
    with database_of(app).writing() as session:
        of = get_submission(session, submitted.id)
        sign_submission(session, of, Signature("Jo Fenn", "director", on_paper=True), now)
        wanted = document_of(session, "share", given.id, now)
        html = wanted.spec.draw(session).html
        assert not wanted.is_stored(session), "what was printed without it is out of date"
        assert "Signed off by a senior person on" in html
        assert "Jo Fenn" not in html
        withdraw_sign_off(session, of, now)
        assert stored_pdf(session, "share", given.id, now), "the first file is right again"


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
