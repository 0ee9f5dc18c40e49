"""The pages of the list: each supplier once, the most points first, across rows whose share ended meanwhile."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select, update

from assess.kit.db import Database
from assess.plans.shares.scopes import Scope
from assess.portfolio.calling.listing import page_of, read_cursor
from assess.portfolio.models import Standing
from assess.suppliers.models import Status
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def test_each_supplier_stands_once_and_the_most_points_first(published: Database) -> None:
    with published.writing() as session:
        council, other = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        for number in range(60):
            a_supplier(session, council, f"Farm {number}", sector="farming", spend_gbp=number * 1_000, phone="01553 1")
        a_supplier(session, other, "Not theirs")
        # one whose share is over by the time somebody looks, in the middle of the order until then
        late = shared(session, invited(session, a_supplier(session, council, "Late farm", sector="farming")), days=30)
        assert late
        moment = later(31)
        found, cursor, places = [], None, []
        while True:
            page = page_of(session, council.id, moment, cursor)
            found += page.lines
            places += [line.place for line in page.lines]
            if page.next is None:
                break
            cursor = read_cursor(str(page.next))
            assert cursor == page.next
        assert places == list(range(1, 62))
        assert len({line.supplier_id for line in found}) == 61
        assert [line.points for line in found] == sorted((line.points for line in found), reverse=True)
        assert page.total == 61
        assert found[0].phone == "01553 1" or found[0].name == "Late farm"
        assert all(line.points == sum(reason.points for reason in line.reasons) for line in found)
        over = next(line for line in found if line.name == "Late farm")
        assert over.reasons[3].words.startswith("What it shared is over.")
        assert "that time is over" in over.say[1]


def test_an_empty_list_and_a_place_that_is_none(published: Database) -> None:
    with published.reading() as look:
        page = page_of(look, uuid.uuid4(), TODAY)
    assert (page.lines, page.total, page.as_of, page.next) == ([], 0, None, None)
    assert read_cursor(f"100-{uuid.UUID(int=7).hex}") is not None
    assert read_cursor(f"{2**63}-{uuid.UUID(int=7).hex}") is None, "no number of a database"
    for text in ("", "x", "12", "12-x", "-5-00000000000040008000000000000000", "²-00000000000040008000000000000000"):
        assert read_cursor(text) is None, text


def test_what_to_say_goes_by_what_is_late(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge", sector="farming")
        shared(session, invited(session, farm), scope=Scope.PLAN)
        session.execute(update(Standing).values(late_steps=2, good_until=TODAY.date() + timedelta(days=90)))
        session.expire_all()
        assert "Which step is hardest" in page_of(session, council.id, TODAY).lines[0].say[2]
        session.execute(update(Standing).values(late_steps=0))
        session.expire_all()
        assert "What would help you most" in page_of(session, council.id, TODAY).lines[0].say[2]
        assert session.scalars(select(Standing.status)).one() is Status.SHARED
