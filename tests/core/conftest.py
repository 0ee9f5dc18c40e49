"""An app with the kit and a few tiny pages, so that what guards every room can be tried without any room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Response, abort, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from assess.core import migrations
from assess.core.application import Application, new_app
from assess.core.config import Settings
from assess.core.db import request_session
from assess.core.links import new_token
from assess.core.pages import Phone, Site, set_up_pages
from assess.core.rate_limits import Limit, by_session_or_address, rate_limited
from assess.core.security import clear_guest_cookie, guest_session_token, public_page, set_guest_cookie
from tests.conftest import Copies, keep_off_the_lock, with_tables

FEW = Limit("few", 3, 60)
SITE = Site(
    operator="Test desk",
    contact=None,
    complaints=None,
    desk="Test desk",
    helpline=Phone("Helpline", "0800 000 000"),
    emergency=Phone("Police", "999"),
    exit_to="https://example.org",
)
MakeSite = Callable[..., Application]


def insert(key: str) -> None:
    request_session().execute(
        text("INSERT INTO rate_counter (key, count, until) VALUES (:key, 1, '2026-11-24') ON CONFLICT DO NOTHING"),
        {"key": key},
    )


def open_tiny_pages(app: Application) -> None:
    def form() -> str:
        return render_template_string(
            '<form method="post"><input name="csrf_token" value="{{ token }}"></form>', token=generate_csrf()
        )

    def save() -> ResponseReturnValue:
        insert(request.form["key"])
        return redirect("/form")

    def save_and_fail() -> ResponseReturnValue:
        insert(request.form["key"])
        raise LookupError(request.form["key"])

    def save_and_refuse() -> ResponseReturnValue:
        insert(request.form["key"])
        return Response("no", 503)

    def busy() -> ResponseReturnValue:
        class LockedError(Exception):
            sqlstate = "55P03"

        raise OperationalError("UPDATE", {}, LockedError())

    def look_and_write() -> str:
        insert("from a look")
        return "written"

    def open_visit() -> Response:
        return set_guest_cookie(Response("open"), new_token())

    def leave() -> Response:
        return clear_guest_cookie(Response("closed"))

    for address, view, methods in (
        ("/form", form, ["GET"]),
        ("/save", save, ["POST"]),
        ("/save-and-fail", save_and_fail, ["POST"]),
        ("/save-and-refuse", save_and_refuse, ["POST"]),
        ("/busy", busy, ["GET", "POST"]),
        ("/look-and-write", look_and_write, ["GET"]),
        ("/open", open_visit, ["GET"]),
        ("/leave", leave, ["GET"]),
        ("/few", rate_limited(FEW)(lambda: "few"), ["GET"]),
        ("/few-by-visit", rate_limited(FEW, by_session_or_address)(lambda: guest_session_token() or ""), ["GET"]),
        ("/r/<token>", lambda token: f"{len(token)}", ["GET"]),
        ("/fail/<token>", lambda token: {}[token], ["GET"]),
        ("/hush/fail", lambda: 1 / 0, ["GET"]),
        ("/moved", lambda: redirect("/form"), ["GET"]),
        ("/made-whole", lambda: abort(Response("theirs and yours", 409)), ["GET"]),
        ("/folder/", lambda: "folder", ["GET"]),
        ("/teapot", lambda: abort(418), ["GET"]),
        ("/public", public_page(lambda: "for everybody"), ["GET"]),
        ("/paper", lambda: Response(b"%PDF-", mimetype="application/pdf"), ["GET"]),
        ("/who", lambda: f"{request.remote_addr} {request.scheme} {request.host}", ["GET"]),
    ):
        app.add_url_rule(address, address, view, methods=methods)


def maker(url: str, folder: Path) -> Iterator[MakeSite]:
    made: list[Application] = []

    def make(**changed: object) -> Application:
        given: dict[str, object] = {
            "env": "development",
            "secret_key": "4f0c9a7be2d815636a1d7c80f95be243",
            "database_url": url,
            "data_folder": folder,
        }
        app = new_app(Settings(**(given | changed)))  # type: ignore[arg-type]
        set_up_pages(app, lambda: SITE)
        keep_off_the_lock(app)
        open_tiny_pages(app)
        app.silent = ("/hush",)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["assess.database"].close()


@pytest.fixture
def revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of migrations like ours, to which a test may add one more with `add_revision`."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for file in [migrations._FOLDER / "env.py", *(migrations._FOLDER / "versions").glob("*.py")]:
        (folder / file.relative_to(migrations._FOLDER)).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(migrations, "_FOLDER", folder)
    before = migrations.head()
    migrations.head.cache_clear()
    (folder / "before").write_text(before, encoding="utf-8")
    yield folder
    migrations.head.cache_clear()


@pytest.fixture
def make_site(copies: Copies, tmp_path: Path) -> Iterator[MakeSite]:
    """Makes the tiny site on SQLite, with these settings changed: for what has nothing to do with the database."""
    yield from maker(copies.fresh("sqlite", with_tables, tmp_path), tmp_path)


@pytest.fixture(scope="module")
def site(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One tiny site on SQLite for all tests of a file: they only knock at its door."""
    folder = tmp_path_factory.mktemp("site")
    for make in maker(copies.fresh("sqlite", with_tables, folder), folder):
        yield make()


@pytest.fixture
def make_stored_site(database_url: str, tmp_path: Path) -> Iterator[MakeSite]:
    """The same on both databases."""
    yield from maker(database_url, tmp_path)


@pytest.fixture
def stored_site(make_stored_site: MakeSite) -> Application:
    return make_stored_site()
