"""An installation that sends mail, a mail server, a worker that delivers, and people who sign up and in as people do."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.identity.models import LoginSession, Person
from tests.conftest import TODAY, Visitor
from tests.mail_servers import MailServer, settings_that_mail

assert mail_services  # it defines the job that sends
PASSWORD = "seven quiet herons"
JO = "jo.canary@farm.example"


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    """Settings of an installation that sends mail."""
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def deliver(app: Flask, settings: Settings, postbox: MailServer) -> Callable[[], str]:
    """`deliver()`: the worker sends what waits; the body of the last mail."""

    def run() -> str:
        now = app.config["CLOCK"]()
        run_due_jobs(app.extensions["assess.database"], settings, lambda: now)
        return postbox.bodies()[-1]

    return run


@pytest.fixture
def later(app: Flask) -> Callable[..., None]:
    """`later(minutes=6)`: so much time has passed since the test began."""

    def move(**passed: float) -> None:
        app.config["CLOCK"] = lambda: TODAY + timedelta(**passed)

    return move


@pytest.fixture
def join(deliver: Callable[[], str]) -> Callable[..., None]:
    """`join(visit, email)`: sign up, confirm, and be signed in."""

    def do(visitor: Visitor, email: str = JO, *, password: str = PASSWORD, name: str = "Jo") -> None:
        visitor("/sign-up")
        visitor.send("/sign-up", email=email)
        visitor(link_in(deliver()))
        visitor.send("", name=name, password=password)
        assert visitor.page is not None
        assert visitor.page.address == "/account", visitor.page.text

    return do


@pytest.fixture
def enter() -> Callable[..., Any]:
    """`enter(visit, email)`: sign in by password, as far as that goes."""

    def do(visitor: Visitor, email: str = JO, password: str = PASSWORD, **more: Any) -> Any:
        visitor("/sign-in")
        return visitor.send("/sign-in", email=email, password=password, **more)

    return do


@pytest.fixture
def with_app() -> Callable[[Visitor], pyotp.TOTP]:
    """`with_app(visit)`: set up an app for codes; its twin, to know the codes. The first code is used up by it."""

    def do(visitor: Visitor) -> pyotp.TOTP:
        visitor("/account/second-steps")
        page = visitor.send("/app/begin")
        seed = page.soup.select_one("code").get_text().replace(" ", "")
        twin = pyotp.TOTP(seed)
        done = visitor.send("/app", code=twin.at(TODAY))
        assert done.heading == "Keep these codes", done.text
        return twin

    return do


def link_in(body: str) -> str:
    """The path of the page a mail leads to, the first one with a token."""
    found = re.search(r"^http://localhost:5000(/\S*/[\w-]{43}\S*)$", body, re.MULTILINE)
    assert found, body
    return found[1]


def person_of(app: Flask, email: str = JO) -> Person | None:
    with app.extensions["assess.database"].reading() as session:
        found: Person | None = session.scalars(select(Person).where(Person.email == email)).first()
    return found


def rows_of(app: Flask) -> list[LoginSession]:
    with app.extensions["assess.database"].reading() as session:
        return list(session.scalars(select(LoginSession)))


def token_of(visitor: Visitor) -> str | None:
    cookie = visitor.client.get_cookie("assess_signed_in")
    return cookie.value if cookie else None


def is_in(visitor: Visitor) -> bool:
    return visitor("/account", follow=False).status == 200


def moment_in(minutes: float) -> datetime:
    return TODAY + timedelta(minutes=minutes)


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on: passkeys are for an origin, which has to be known before the site is made."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def live_on() -> Iterator[Callable[[Flask, int], None]]:
    """`live_on(app, port)`: serve this app from this process until the test is over."""
    running = []

    def serve(app: Flask, port: int) -> None:
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))

    yield serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
