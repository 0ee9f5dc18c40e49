"""Nobody waits to save while a page is rendered: what a request changed is committed before its page is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import render_template_string
from sqlalchemy import text

from assess.kit.application import Application
from assess.kit.db import Database, holds_write_lock, session
from assess.kit.guards import csrf

pytestmark = pytest.mark.both_databases


def add(name: str) -> None:
    session().execute(
        text("INSERT INTO rate_counter (key, count, until) VALUES (:key, 1, '2026-11-24')"), {"key": name}
    )


def kept(site: Application) -> list[str]:
    with database_of(site).reading() as look:
        return sorted(look.scalars(text("SELECT key FROM rate_counter")))


def database_of(site: Application) -> Database:
    found: Database = site.extensions["assess.database"]
    return found


def opened(site: Application, view: Callable[[], Any]) -> Any:
    """The answer to a form that is sent to this view."""
    site.add_url_rule("/tried", "tried", csrf.exempt(view), methods=["POST"])
    return site.test_client().post("/tried")


def test_while_a_page_is_rendered_others_save_and_it_may_still_look(stored_site: Application) -> None:
    def others_save() -> str:
        with database_of(stored_site).writing() as other:
            other.execute(text("INSERT INTO rate_counter (key, count, until) VALUES ('other', 1, '2026-11-24')"))
        return ", ".join(session().scalars(text("SELECT key FROM rate_counter ORDER BY key")))

    def view() -> str:
        add("mine")
        return render_template_string("{{ others_save() }}", others_save=others_save)

    answer = opened(stored_site, view)
    assert (answer.status_code, answer.text) == (200, "mine, other")


def test_what_is_taken_back_before_the_page_stays_undone(stored_site: Application) -> None:
    def view() -> tuple[str, int]:
        add("mine")
        session().rollback()
        session().scalars(text("SELECT key FROM rate_counter")).all()
        return render_template_string("{{ held() }}", held=holds_write_lock), 422

    answer = opened(stored_site, view)
    assert (answer.status_code, answer.text, kept(stored_site)) == (422, "False", [])


@pytest.mark.parametrize("backend", ["sqlite"])
def test_rendering_within_a_session_of_its_own_fails_every_test(stored_site: Application) -> None:
    def view() -> str:
        with database_of(stored_site).writing() as own:
            own.execute(text("SELECT 1"))
            return render_template_string("page")

    stored_site.testing = True
    with pytest.raises(AssertionError, match="everybody else waits to save"):
        opened(stored_site, view)
