from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.core.db import Database
from assess.core.links import hash_token
from assess.identity.accounts.services import create_person
from assess.identity.accounts.sessions import (
    browser_name,
    create_login_session,
    delete_expired_login_sessions,
    end_all_login_sessions,
    login_sessions_of,
    mark_session_used,
    renew_login_session,
)
from assess.identity.models import LoginSession, StaffRole
from tests.conftest import TODAY

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (IPHONE, "Safari on an iPhone"),
        (EDGE, "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537", "Chrome on Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
        ("<script>alert(1)</script>" * 50, "A browser"),
    ],
)
def test_a_browser_is_called_as_people_know_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_only_the_hash_is_kept_and_staff_are_signed_out_sooner(database: Database) -> None:
    with database.writing() as session:
        person = create_person(session, "jo@farm.example", TODAY)
        token = create_login_session(session, person, "Firefox", TODAY, second_step=False)
        row = session.scalars(select(LoginSession)).one()
        assert (row.token_hash, row.until) == (hash_token(token), TODAY + timedelta(hours=12))
        person.desk = StaffRole.COORDINATOR
        create_login_session(session, person, "Firefox", TODAY + timedelta(minutes=1), second_step=True)
        ends = {row.until - row.made_at for row in login_sessions_of(session, person.id, TODAY)}
        assert ends == {timedelta(hours=12), timedelta(hours=8)}


def test_proving_changes_the_token_and_never_takes_a_second_step_back(database: Database) -> None:
    with database.writing() as session:
        person = create_person(session, "jo@farm.example", TODAY)
        token = create_login_session(session, person, "Firefox", TODAY, second_step=True)
        row = session.scalars(select(LoginSession)).one()
        now = TODAY + timedelta(minutes=20)
        fresh = renew_login_session(session, row.id, now)
        session.refresh(row)
        assert fresh not in {None, token}
        assert row.token_hash == hash_token(fresh or "")
        assert (row.proven_at, row.second_step, row.until) == (now, True, TODAY + timedelta(hours=12))
        mark_session_used(session, row.id, TODAY)  # an older request that ends later takes nothing back
        session.refresh(row)
        assert row.used_at == now
        end_all_login_sessions(session, person.id)
        assert renew_login_session(session, row.id, now) is None


def test_rows_whose_time_is_up_are_forgotten(database: Database) -> None:
    with database.writing() as session:
        person = create_person(session, "jo@farm.example", TODAY)
        create_login_session(session, person, "Firefox", TODAY, second_step=False)
        delete_expired_login_sessions(session, TODAY + timedelta(hours=11))
        assert len(session.scalars(select(LoginSession)).all()) == 1
        delete_expired_login_sessions(session, TODAY + timedelta(hours=12))
        assert session.scalars(select(LoginSession)).all() == []
