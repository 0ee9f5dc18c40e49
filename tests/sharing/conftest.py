"""A business that has submitted, and buyers with accounts of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from assess.assessments.models import Submission
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.worker import run_due_jobs
from assess.identity.models import Person
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import ShareRecipient, accept_share_grant, create_share, end_share_grant, get_share_grant
from tests.conftest import PATIENCE_MS, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.conftest import (
    Submitted,
    submitted,  # noqa: F401  # a fixture
    which,  # noqa: F401  # a fixture
    work_off,  # noqa: F401  # a fixture
)
from tests.plans.records import Record
from tests.sharing.current_users import caller_of

COUNCIL = "buyer@council.example"
SHOP = "buyer@shop.example"


@dataclass
class Buyer:
    """Somebody who buys, signed in in a browser of their own."""

    app: Flask
    person: Person
    visit: Visitor

    def takes_up(self, given: GivenShare) -> str:
        """Press the button of the link; the address of what was shared."""
        self.visit(f"/shared/accept/{given.token}")
        page = self.visit.send(follow=False)
        assert page.status == 303, page.text
        return f"/shared/{given.id}"


@dataclass(frozen=True)
class GivenShare:
    """A share that was made: its id and the token of its link."""

    id: Any
    token: str

    @property
    def address(self) -> str:
        return f"/shared/{self.id}"


@pytest.fixture
def make_buyer(app: Flask) -> Callable[..., Buyer]:
    """`make_buyer("jo@council.example")` makes somebody with an account who is signed in."""

    def make(email: str = COUNCIL, **of: Any) -> Buyer:
        with database_of(app).writing() as session:
            person = a_person(session, email, **of)
        visit = Visitor(app.test_client())
        sign_in(visit, app, person)
        return Buyer(app, person, visit)

    return make


@pytest.fixture
def council(make_buyer: Callable[..., Buyer]) -> Buyer:
    return make_buyer()


@pytest.fixture
def share_with(app: Flask, now: datetime) -> Callable[..., GivenShare]:
    """`share_with(submitted)` shares the latest submission with the council, by the service and not by a page."""

    def share(
        of: Submitted,
        email: str = COUNCIL,
        scope: ShareScope = ShareScope.BUYER_COPY,
        days: int = 30,
        at: datetime = now,
    ) -> GivenShare:
        with database_of(app).writing() as session:
            submission = session.get_one(Submission, latest(app, of))
            given = create_share(session, submission, ShareRecipient(email, "Norfolk County Council"), scope, days, at)
            return GivenShare(given.grant.id, given.token)

    return share


@pytest.fixture
def shared_with(app: Flask, now: datetime, share_with: Callable[..., GivenShare]) -> Callable[..., GivenShare]:
    """`shared_with(submitted, buyer)`: shared and taken up."""

    def shared(
        of: Submitted, buyer: Buyer, scope: ShareScope = ShareScope.BUYER_COPY, at: datetime = now, **more: Any
    ) -> GivenShare:
        given = share_with(of, buyer.person.email, scope, at=at, **more)
        with database_of(app).writing() as session:
            accept_share_grant(session, given.token, caller_of(buyer.person), at)
        return given

    return shared


@pytest.fixture
def ended(app: Flask, now: datetime) -> Callable[[Submitted, GivenShare], None]:
    """`ended(submitted, given)`: the business ends it."""

    def end_it(of: Submitted, given: GivenShare) -> None:
        with database_of(app).writing() as session:
            end_share_grant(session, get_share_grant(session, of.id, given.id, locked=True), now)

    return end_it


@pytest.fixture
def answer_again(app: Flask, now: datetime) -> Callable[[Submitted, Record], None]:
    """`answer_again(submitted, record)`: the business corrects its answers and submits."""

    def again(of: Submitted, record: Record) -> None:
        with database_of(app).writing() as session:
            reopen_assessment(session, of.id, now)
            submit_assessment(session, of.id, lambda _said: record, now)

    return again


@pytest.fixture
def run_jobs(app: Flask, settings: Settings) -> Callable[[], int]:
    """Do all background work that is due."""
    return lambda: run_due_jobs(database_of(app), settings, app.config["CLOCK"])


def latest(app: Flask, of: Submitted) -> int:
    with database_of(app).reading() as session:
        rows = [row.id for row in session.query(Submission).filter(Submission.assessment_id == of.id)]
    return max(rows)


def grant_row(app: Flask, given: GivenShare) -> ShareGrant:
    with database_of(app).reading() as session:
        return session.get_one(ShareGrant, given.id)


def token_in(text: str) -> str:
    """The token of a share's link in a mail or a page."""
    found = re.search(r"/shared/accept/(\S{43})", text)
    assert found, text
    return found[1]


def an_office(app: Flask, name: str, *buyers: Person) -> Any:
    """The id of an organisation for which these people buy."""
    with database_of(app).writing() as session:
        return an_organisation(session, name, buyer=list(buyers)).id


@pytest.fixture
def published(banks_url: str) -> Iterator[Database]:
    """Tables, and the banks of the house published in them."""
    opened = Database(banks_url, patience_ms=PATIENCE_MS)
    yield opened
    opened.close()
