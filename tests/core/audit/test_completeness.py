"""Every page that changes something leaves exactly one event, and looking leaves none: the real pages, opened as people do.

A new page that takes POST has to be named in `post_routes.py`, else the first test fails. The pages without accounts are
walked on PostgreSQL, those with accounts on SQLite: an event is recorded in one place, whatever the page.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask, g, request, request_finished, request_started
from sqlalchemy import func, select

from assess.core import post_redirects
from assess.core.audit.services import AuditKeys
from assess.core.audit.verify import verify_log
from assess.core.config import Settings
from assess.core.db import database
from assess.core.models import AuditEvent, Job, JobState
from tests.conftest import TODAY, Visitor
from tests.core.audit import walkthroughs
from tests.core.audit.post_routes import ELSEWHERE, NO_EVENT, NO_EVENT_ELSEWHERE, ONE_EVENT, WITH_ACCOUNTS
from tests.identity.access_objects import AccessObjects
from tests.plans.conftest import submit_record
from tests.plans.records import scenario

pytestmark = pytest.mark.both_databases

Seen = Counter[tuple[str, int]]


STORING_NOTHING = {"plans.show_what_if_outcome", "plans.show_pay_calculator"}


@contextmanager
def counting(app: Flask) -> Iterator[tuple[Seen, list[str]]]:
    """How many events each POST left, by endpoint and number, and the addresses of GETs that left any."""
    posted: Seen = Counter()
    looked: list[str] = []

    def events() -> int:
        with app.extensions["assess.database"].reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0

    def begin(_app: Flask, **_more: object) -> None:
        g.events_before = events()

    def store(response: Any) -> uuid.UUID | None:
        g.answered = response.status_code  # a page that answers a form is shown by a redirect
        return stored(response)

    def end(_app: Flask, response: Any, **_more: object) -> None:
        left = events() - g.events_before
        if request.method == "POST" and (g.get("answered", response.status_code) < 400 or left):
            posted[str(request.endpoint), left] += 1
        if request.method == "GET" and left:
            looked.append(request.path)

    stored = post_redirects._store  # the answer is known nowhere else
    with (
        patch.object(post_redirects, "_store", store),
        request_started.connected_to(begin, app),
        request_finished.connected_to(end, app),
    ):
        yield posted, looked


@pytest.fixture
def settings(banks_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation that offers reminders."""
    return Settings(
        env="development",
        database_url=banks_url,
        data_folder=tmp_path,
        operator_name="Norfolk test desk",
        mail_server="smtp://127.0.0.1:9",
        mail_from="reminders@network.example",
    )


def reorder(app: Flask, waiting: dict[str, Any]) -> None:
    """Look, so that a file is ordered; have its job fail; and order it once more."""
    for address, browser in waiting.items():
        browser.get(address)
    with app.extensions["assess.database"].writing() as session:
        for job in session.scalars(select(Job)):
            job.state, job.error, job.place = JobState.FAILED, "KeyError", "press.py:9 press"
    for address, browser in waiting.items():
        browser.post(address)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_of_every_page_that_takes_something_it_is_known_whether_it_leaves_an_event(app: Flask) -> None:
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    known = (ONE_EVENT, WITH_ACCOUNTS, NO_EVENT.keys(), ELSEWHERE.keys())
    assert taking == set().union(*known)
    assert sum(map(len, known)) == len(taking), "each in one list only"
    assert NO_EVENT_ELSEWHERE.keys() <= ELSEWHERE.keys()
    for endpoint, file in ELSEWHERE.items():
        assert f'"{endpoint}"' in (Path(__file__).parents[3] / file).read_text(), file


@pytest.mark.parametrize("backend", ["postgresql"])
def test_every_page_that_changes_something_leaves_one_event_and_looking_leaves_none(
    app: Flask, visit: Visitor, another_visit: Visitor, settings: Settings
) -> None:
    with counting(app) as (posted, looked):
        walkthroughs.first_sight(Visitor(app.test_client()))
        submitted = submit_record(app, visit, scenario(), TODAY)
        walkthroughs.the_plan(app, visit, Visitor(app.test_client()), submitted)
        walkthroughs.the_files(app, visit, another_visit, submitted)
        walkthroughs.the_rest(app, visit, submitted)
    assert looked == []
    holds(posted, ONE_EVENT | STORING_NOTHING)
    with app.extensions["assess.database"].reading() as session:
        verify_log(session, AuditKeys.of(settings), [], TODAY)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_so_does_every_page_of_people_and_of_what_they_do_together(app: Flask, settings: Settings) -> None:
    with app.app_context(), database().writing() as session:
        things = AccessObjects(session)
    with counting(app) as (posted, looked):
        walkthroughs.board(app, things)
        walkthroughs.an_account(app)
        walkthroughs.a_note(app, things)
        here = walkthroughs.owning(app, things)
        walkthroughs.colleagues(app, things, here)
        walkthroughs.signing(app, things)
        walkthroughs.helping(app, things)
        walkthroughs.sharing(app, things)
        walkthroughs.asking(app, things)
        reorder(app, walkthroughs.files(app, things))
        walkthroughs.files_walk_of_a_buyer(app, things)
        walkthroughs.an_organisation(app, things)
        walkthroughs.of_suppliers(app, things)
        walkthroughs.an_organisation_ends(app, things)
        walkthroughs.a_desk(app, things)
    assert looked == []
    again = {
        "resume_links.resume",
        "purchases.add_purchases",
        "answers.answer_page",
        "plans.show_what_if_outcome",
    }
    holds(posted, WITH_ACCOUNTS | NO_EVENT.keys() - STORING_NOTHING, besides=again)
    with app.extensions["assess.database"].reading() as look:
        verify_log(look, AuditKeys.of(settings), [], TODAY)
        events = look.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    says_what_it_is_about(events)
    columns = AuditEvent.__table__.columns.keys()
    text = DRAWN.sub("", " ".join(str(getattr(event, name)) for event in events for name in columns).lower())
    for typed in TYPED:
        assert typed not in text


DRAWN = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
"""Hashes and ids: any four digits stand in one of so many sooner or later."""

TYPED = (
    "@",
    "canary",
    "joan",
    "fen edge",
    "fenn",
    "director",
    "training",
    "pickers",
    "wages",
    "acle",
    "01234567",
    "herons",
    "7777",
)
"""Parts of what the walks type, and of what is made of it."""


def says_what_it_is_about(events: Sequence[AuditEvent]) -> None:
    """Whether each event leads to its organisation, its assessment or its person, as long as those are there."""
    of = {event.action: event for event in events}
    for event in events:
        action, verb = event.action.split(": ")
        if action.startswith("organisation."):
            assert event.organisation_id, event.action
        if action.startswith(("assessment.", "comment.", "delegation.", "share.", "sign_off.", "words.")):
            assert event.assessment_alias, event.action
        if action == "desk.help" or (action == "link.open" and event.about_kind in {"delegation", "request", "grant"}):
            assert event.assessment_alias, event.action
        if verb in {"signed in", "half way"}:
            assert event.about_kind == "person", event.action
    assert {"delegation", "request", "grant", "person", "organisation"} <= {
        e.about_kind for e in events if "link.open" in e.action
    }
    assert of["assessment.claim: claimed"].organisation_id
    assert of["assessment.again: begun"].organisation_id
    assert of["link.open: joined"].organisation_id
    assert of["desk.help: entered"].details == {"desk": "coordinator"}
    assert of["share.manage: given"].details == {"days": 30, "scope": "plan"}
    assert of["desk.administer: given"].details == {"desk": "coordinator"}


def holds(posted: Seen, opened: AbstractSet[str], besides: AbstractSet[str] = frozenset()) -> None:
    """Whether these pages were opened, and each left as many events as it says."""
    left = {(endpoint, number) for endpoint, number in posted}
    assert {pair for pair in left if pair[1] != (pair[0] not in NO_EVENT)} == set()
    assert {endpoint for endpoint, _number in left} - besides == set(opened) - besides
