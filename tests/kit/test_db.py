from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from assess.kit.application import Application
from assess.kit.db import Base, Database, erase_after_commit
from assess.kit.limits import RateCounter

pytestmark = pytest.mark.both_databases

MOMENT = datetime(2026, 10, 25, 1, 30, 15, 123456, tzinfo=UTC)


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(RateCounter.key).order_by(RateCounter.key)))


def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with database.writing() as session:
        session.add(RateCounter(key="k", count=1, until=elsewhere))
    with database.reading() as session:
        found = session.scalars(select(RateCounter)).one().until
    assert found == MOMENT
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_its_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(RateCounter(key="k", count=1, until=MOMENT.replace(tzinfo=None)))


def test_an_error_inside_leaves_nothing_behind(database: Database) -> None:
    def add_and_fail() -> None:
        with database.writing() as session:
            session.add(RateCounter(key="k", count=1, until=MOMENT))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert keys(database) == []


def test_every_constraint_has_a_name_by_rule() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_what_is_erased_is_asked_for_once(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("DELETE FROM rate_counter"))
        erase_after_commit(session)
        database.commit(session)
        assert "erase" not in session.info


def send(site: Application, address: str, key: str) -> int:
    client = site.test_client()
    token = client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]
    return client.post(address, data={"key": key, "csrf_token": token}).status_code


def test_a_request_is_committed_before_its_answer_leaves(stored_site: Application) -> None:
    database = stored_site.extensions["assess.database"]
    seen: list[list[str]] = []
    stored_site.after_request_funcs.setdefault(None, []).append(lambda answer: seen.append(keys(database)) or answer)
    assert send(stored_site, "/save", "kept") == 302
    assert seen[-1] == ["kept"]


@pytest.mark.parametrize(("address", "status"), [("/save-and-fail", 500), ("/save-and-refuse", 503)])
def test_a_request_that_fails_leaves_nothing_behind(stored_site: Application, address: str, status: int) -> None:
    assert send(stored_site, address, "lost") == status
    assert keys(stored_site.extensions["assess.database"]) == []
    assert send(stored_site, "/save", "next") == 302


def test_a_look_that_tries_to_write_is_refused_by_the_database(stored_site: Application) -> None:
    assert stored_site.test_client().get("/look-and-write").status_code == 503
    assert keys(stored_site.extensions["assess.database"]) == []


def test_a_commit_that_fails_is_not_called_saved(stored_site: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_session: object) -> None:
        raise StatementError("commit", None, None, None)

    monkeypatch.setattr(stored_site.extensions["assess.database"], "commit", busy)
    assert send(stored_site, "/save", "unsaved") == 500
    assert keys(stored_site.extensions["assess.database"]) == []
