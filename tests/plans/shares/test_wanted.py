from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from assess.assessments.signing.keeping import Signature, sign, take_back
from assess.assessments.submitting import submission_of
from assess.plans.printing.standing import Standing
from assess.plans.shares.granting import change, grant_of
from assess.plans.shares.scopes import Scope
from assess.plans.shares.wanted import SharePdf, keep, page_of, to_print
from tests.people.persons import database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.plans.shares.conftest import Buyer, grant_row

pytestmark = pytest.mark.both_databases


def printed(app: Flask, given: Any, now: datetime) -> bool:
    with database_of(app).writing() as session:
        wanted = to_print(session, given.id, now)
        return wanted is not None and keep(session, given.id, wanted.page, b"%PDF-", now)


def test_each_share_has_a_file_of_its_own(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    mine = shared_with(submitted, council)
    theirs = shared_with(submitted, make_buyer("buyer@shop.example"))
    assert printed(app, theirs, now)
    assert not printed(app, theirs, now), "twice is once"
    with database_of(app).reading() as look:
        assert SharePdf(mine.id).standing(look, now) is Standing.NOT_ORDERED
        assert SharePdf(mine.id).kept(look) is None
        assert SharePdf(theirs.id).standing(look, now) is Standing.READY
        assert SharePdf(theirs.id).kept(look)


def test_a_share_that_shows_something_else_now_is_another_file(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council, Scope.PLAN)
    before = page_of(grant_row(app, given))
    assert printed(app, given, now)
    with database_of(app).writing() as session:
        change(session, grant_of(session, submitted.id, given.id), Scope.BUYER_COPY, 30, now)
    assert page_of(grant_row(app, given)) != before
    with database_of(app).writing() as session:
        assert SharePdf(given.id).kept(session) is None
        assert not keep(session, given.id, before, b"%PDF- too late", now)
    assert printed(app, given, now)


def test_nothing_is_printed_or_kept_of_what_nobody_may_see(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, ended: Any, answer_again: Any, now: datetime
) -> None:
    over, gone, old = (shared_with(submitted, council) for _ in range(3))
    page = page_of(grant_row(app, gone))
    ended(submitted, gone)
    assert not printed(app, over, now + timedelta(days=30))
    assert not printed(app, gone, now)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert not printed(app, old, now)
    with database_of(app).writing() as session:
        assert not keep(session, gone.id, page, b"%PDF-", now)
        assert to_print(session, uuid.uuid4(), now) is None


def test_of_what_was_deleted_nothing_was_ordered(app: Flask, now: datetime) -> None:
    with database_of(app).writing() as session:
        SharePdf(uuid.uuid4()).order(session, now)
        assert SharePdf(uuid.uuid4()).standing(session, now) is Standing.NOT_ORDERED


def test_its_name_is_neutral(now: datetime) -> None:
    assert SharePdf(uuid.uuid4()).name(now) == "buyer-copy-2026-11-24.pdf"
    assert SharePdf(uuid.uuid4()).title
    assert SharePdf(uuid.uuid4()).meanwhile


def test_a_sign_off_is_on_the_file_for_as_long_as_it_stands(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council)
    assert printed(app, given, now)
    with database_of(app).writing() as session:
        of = submission_of(session, submitted.id)
        sign(session, of, Signature("Jo Fenn", "director", on_paper=True), now)
        wanted = to_print(session, given.id, now)
        assert wanted is not None, "what was printed without it is out of date"
        assert "Signed off by a senior person on" in wanted.html
        assert "Jo Fenn" not in wanted.html
        take_back(session, of, now)
        assert SharePdf(given.id).kept(session), "the first file is right again"
