from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from assess.core import clock
from assess.core.application import Application, settings_of
from assess.core.audit.requests import (
    add_audit_detail,
    append_request_event,
    audit_always,
    log_refusal,
    set_audit_subject,
    set_audit_verb,
    set_up_audit,
)
from assess.core.audit.services import AuditKeys
from assess.core.audit.verify import verify_log
from assess.core.db import commit_request, database, request_session, set_before_commit
from assess.core.links import new_token
from assess.core.models import ActorKind, AuditEvent
from assess.core.rate_limits import RateCounter
from assess.core.route_permissions import audited, requires

pytestmark = pytest.mark.both_databases

MakeSite = Callable[..., Application]
PERSON, THING = uuid.UUID(int=5), uuid.UUID(int=9)


def counter(key: str) -> dict[str, Any]:
    return {"key": key, "count": 1, "until": clock.now()}


def add_row() -> str:
    request_session().add(RateCounter(**counter("orm")))
    return "added"


def add_by_core() -> str:
    request_session().execute(insert(RateCounter).values(**counter("core")))
    return "added"


def add_and_return() -> str:
    made = insert(RateCounter).values(**counter("returned")).returning(RateCounter.key)
    return request_session().execute(made).scalar_one()


def add_unless_there() -> str:
    made = (
        postgresql.insert(RateCounter)
        if request_session().get_bind().dialect.name == "postgresql"
        else sqlite.insert(RateCounter)
    )
    wanted = made.values(**counter("orm")).on_conflict_do_nothing().returning(RateCounter.key)
    return request_session().execute(wanted).scalar() or "nothing"


def add_by_text() -> str:
    request_session().execute(text("INSERT INTO rate_counter (key, count, until) VALUES ('text', 1, '2026-11-24')"))
    return "added"


def add_twice_committed() -> str:
    add_row()
    commit_request()
    return "added"


def add_and_fail() -> str:
    add_row()
    raise LookupError


def change_nothing() -> str:
    request_session().execute(update(RateCounter).where(RateCounter.key == "no such").values(count=2))
    request_session().execute(select(RateCounter.key)).all()
    return "nothing"


def keep_books() -> str:
    request_session().execute(update(RateCounter).values(count=2).execution_options(not_audited=True))
    return "nothing"


def look_only() -> str:
    return "nothing"


def noted() -> str:
    add_row()
    set_audit_verb("ended")
    set_audit_subject("organisation", THING)
    set_audit_subject("person", PERSON)
    add_audit_detail("role", "signer")
    return "noted"


def add_elsewhere() -> str:
    with database().writing() as own:
        own.add(RateCounter(**counter("elsewhere")))
        append_request_event(own)
    return "added"


def always() -> str:
    audit_always()
    commit_request()
    return "nothing"


def refuse() -> str:
    log_refusal()
    return abort(404)


def end_thing(organisation_id: uuid.UUID, link_id: uuid.UUID) -> str:
    assert organisation_id != link_id
    return add_row()


VIEWS = (
    add_row,
    add_by_core,
    add_by_text,
    add_and_return,
    add_unless_there,
    add_twice_committed,
    add_and_fail,
    change_nothing,
    keep_books,
    look_only,
    noted,
    add_elsewhere,
    always,
    refuse,
)


def open_changing_pages(app: Flask) -> None:
    for view in VIEWS:
        verb = "changed" if view is always else "added"
        marked = audited(verb)(requires("plan.follow")(view))
        app.add_url_rule(f"/{view.__name__}", view.__name__, marked, methods=["POST"])
    address = "/thing/<uuid:organisation_id>/<uuid:link_id>"
    app.add_url_rule(address, "end_thing", audited("ended")(requires("share.manage")(end_thing)), methods=["POST"])


@pytest.fixture
def signed_in() -> list[uuid.UUID]:
    """Who is signed in, if anybody."""
    return []


@pytest.fixture
def changing(make_stored_site: MakeSite, signed_in: list[uuid.UUID]) -> Iterator[Application]:
    app = make_stored_site()
    app.config["WTF_CSRF_METHODS"] = set()
    set_up_audit(app, settings_of(app), lambda: signed_in[0] if signed_in else None)
    set_before_commit(app, [append_request_event])
    open_changing_pages(app)
    return app


def events(app: Application) -> list[AuditEvent]:
    with app.extensions["assess.database"].reading() as session:
        verify_log(session, AuditKeys.of(settings_of(app)), [], clock.now())
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.number)))


@pytest.mark.parametrize(
    "view",
    [
        "add_row",
        "add_by_core",
        "add_by_text",
        "add_and_return",
        "add_unless_there",
        "add_twice_committed",
        "add_elsewhere",
    ],
)
def test_a_request_that_changes_something_leaves_one_event_however_it_changes_it(
    changing: Application, view: str
) -> None:
    assert changing.test_client().post(f"/{view}").status_code == 200
    (one,) = events(changing)
    assert one.action == "plan.follow: added"
    assert (one.who_kind, one.who, one.details) == (ActorKind.VISIT, None, {})


@pytest.mark.parametrize("view", ["add_and_fail", "add_unless_there", "change_nothing", "keep_books", "look_only"])
def test_a_request_that_changes_nothing_or_fails_leaves_none(changing: Application, view: str) -> None:
    client = changing.test_client()
    client.post("/add_row")
    client.post(f"/{view}")
    assert len(events(changing)) == 1


def test_a_page_that_must_not_tell_leaves_one_whatever_it_did(changing: Application) -> None:
    assert changing.test_client().post("/always").status_code == 200
    assert [event.action for event in events(changing)] == ["plan.follow: changed"]


def test_whoever_looks_after_somebody_changed_something_on_the_same_connection_leaves_none(
    changing: Application,
) -> None:
    client = changing.test_client()
    for _ in range(3):
        client.post("/add_and_fail")
        client.post("/look_only")
        client.post("/change_nothing")
    assert events(changing) == []


def test_what_it_is_about_stands_in_the_address_or_is_said_by_the_view(changing: Application) -> None:
    client = changing.test_client()
    client.post(f"/thing/{PERSON}/{THING}")
    with changing.extensions["assess.database"].writing() as own:
        own.execute(text("DELETE FROM rate_counter"))
    client.post("/noted")
    first, second = events(changing)
    assert (first.action, first.organisation_id, first.about_kind, first.about_id) == (
        "share.manage: ended",
        PERSON,
        "link",
        THING,
    )
    assert (second.action, second.organisation_id, second.about_kind, second.about_id) == (
        "plan.follow: ended",
        THING,
        "person",
        PERSON,
    )
    assert second.details == {"role": "signer"}


def test_who_did_it_is_a_person_or_the_hash_of_a_visit(changing: Application, signed_in: list[uuid.UUID]) -> None:
    client, token = changing.test_client(), new_token()
    client.set_cookie("assess_visit", token)
    client.post("/add_row")
    signed_in.append(PERSON)
    client.post("/add_by_core")
    visit, person = events(changing)
    assert visit.who_kind is ActorKind.VISIT
    assert visit.who == AuditKeys.of(settings_of(changing)).hide(token)
    assert token not in str(vars(visit))
    assert (person.who_kind, person.who) == (ActorKind.PERSON, str(PERSON))


def test_a_refusal_is_a_log_line_and_no_event(changing: Application, capsys: pytest.CaptureFixture[str]) -> None:
    assert changing.test_client().post("/refuse").status_code == 404
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (refused,) = [line for line in lines if line["event"] == "refused"]
    assert (refused["reason"], refused["route"]) == ("plan.follow", "/refuse")
    assert events(changing) == []
