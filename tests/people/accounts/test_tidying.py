from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from assess.kit.db import Database
from assess.people.accounts import code_apps
from assess.people.accounts.browsers import sign_in
from assess.people.accounts.models import CodeApp
from assess.people.accounts.people import make_person
from assess.people.accounts.tidying import tidy
from assess.people.models import SignedIn, Ticket
from assess.people.tickets import issue
from tests.conftest import TODAY

KEY = "k" * 32


def test_what_is_over_goes_and_what_is_not_stays(database: Database) -> None:
    with database.writing() as session:
        person = make_person(session, "jo@farm.example", TODAY)
        sign_in(session, person, "Firefox", TODAY, second_step=False)
        code_apps.set_up(session, person.id, KEY, TODAY)
        issue(session, "sign-in", "jo@farm.example", TODAY, lasts=timedelta(minutes=30))

        def left() -> list[int]:
            return [
                session.scalar(select(func.count()).select_from(table)) or 0 for table in (SignedIn, CodeApp, Ticket)
            ]

        tidy(session, TODAY + timedelta(minutes=29))
        assert left() == [1, 1, 1]
        tidy(session, TODAY + timedelta(minutes=31))
        assert left() == [1, 1, 0]
        tidy(session, TODAY + timedelta(hours=1))
        assert left() == [0, 1, 0]
        tidy(session, TODAY + timedelta(hours=25))
        assert left() == [0, 0, 0]
