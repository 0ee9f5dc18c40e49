"""Signing in, and asking for a mail, do the same work whether an address has an account or not: no stopwatch tells, and nobody sleeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from assess.people.accounts import passwords
from assess.people.accounts.passwords import hash_password
from assess.people.accounts.people import find_person, make_person
from tests.people.accounts.conftest import PASSWORD
from tests.people.persons import database_of

UNKNOWN = "nobody@farm.example"
KNOWN = {"with a password": True, "without a password": False}


@pytest.fixture
def known(app: Flask, now: datetime) -> dict[str, str]:
    """People by what they have, and their addresses."""
    found = {}
    with database_of(app).writing() as session:
        for number, (name, has_password) in enumerate(KNOWN.items()):
            found[name] = f"known{number}@farm.example"
            make_person(session, found[name], now, password_hash=hash_password(PASSWORD) if has_password else None)
        make_person(session, "closed@farm.example", now, password_hash=hash_password(PASSWORD))
        closed = find_person(session, "closed@farm.example")
        assert closed is not None
        closed.disabled_at = now
    return {**found, "closed": "closed@farm.example"}


@contextmanager
def watched(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile, without its values."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engine = database_of(app).engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("form", ["/sign-in", "/sign-in/link", "/forgotten"])
def test_the_work_is_the_same_whoever_is_asked_for(
    app: Flask, visit: Any, known: dict[str, str], form: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    verify = passwords._hasher.verify

    class Counting:
        """The hasher, which keeps what it was asked."""

        hash = passwords._hasher.hash

        @staticmethod
        def verify(stored: str, password: str) -> bool:
            hashed.append(stored)
            return verify(stored, password)

    def never(_seconds: float) -> None:
        raise AssertionError("a request slept in a worker")

    monkeypatch.setattr(passwords, "_hasher", Counting)
    monkeypatch.setattr(time, "sleep", never)
    work = {}
    for name, email in {"unknown": UNKNOWN, **known}.items():
        visit(form)
        hashed.clear()
        with watched(app) as statements:
            answer = visit.send(
                form if form == "/sign-in" else None, email=email, password="not the password", follow=False
            )
        work[name] = (answer.status, len(hashed), statements)
        now += timedelta(hours=1)  # no limit of the address that calls stands in the way
        app.config["CLOCK"] = lambda moment=now: moment
    assert all(done == work["unknown"] for done in work.values()), work
    assert work["unknown"][1] == (1 if form == "/sign-in" else 0)
