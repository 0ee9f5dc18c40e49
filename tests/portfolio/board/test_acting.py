from __future__ import annotations

from datetime import date, timedelta

import pytest

from assess.kit.db import Database
from assess.portfolio.board import acting
from assess.portfolio.board.acting import Chosen
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.models import Kind
from assess.suppliers.inviting import latest_of, move_due
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.letter_settings import MAILING
from tests.suppliers.makers import DUE, SETTINGS, a_buyer, a_supplier, invited

pytestmark = pytest.mark.both_databases


def test_undoing_leaves_what_was_changed_again_and_touches_no_other_buyer(published: Database) -> None:
    new = date(2027, 2, 1)
    with published.writing() as session:
        council, shop, jo = (
            a_buyer(session, "The Council"),
            a_buyer(session, "The Shop"),
            a_person(session, "jo@x.example"),
        )
        one, two, quiet = (a_supplier(session, council, name) for name in ("One", "Two", "Quiet"))
        strange = a_supplier(session, shop, "One")
        for supplier in (one, two, strange):
            invited(session, supplier)
        everyone = Chosen((one.id, two.id, quiet.id, strange.id))
        assert acting.numbers(session, council.id, everyone, TODAY) == acting.Numbers(3, 2, 0)
        assert acting.numbers(session, council.id, Chosen(all_of=Filter()), TODAY) == acting.Numbers(3, 2, 0)
        assert acting.numbers(session, council.id, Chosen(), TODAY).all == 0
        act = acting.begin(session, council.id, Kind.MOVE_DUE, new, everyone, TODAY, by=jo.id)
        assert not acting.can_undo(act)
        assert acting.carry_on(session, act, SETTINGS, TODAY) == 0
        assert acting.progress(session, act) == acting.Progress(3, 0, 2, 1, 0, 0)
        due = {name: one.due for name, one in latest_of(session, [one.id, two.id, strange.id]).items()}
        assert due == {one.id: new, two.id: new, strange.id: DUE}
        move_due(session, latest_of(session, [two.id])[two.id], new + timedelta(days=1), TODAY, by=jo.id)
        acting.ask_undo(act, TODAY)
        assert acting.carry_on(session, act, SETTINGS, TODAY) == 0
        assert acting.progress(session, act) == acting.Progress(3, 0, 0, 1, 1, 1)
        assert latest_of(session, [one.id])[one.id].due == DUE
        acting.forget_old(session, TODAY + timedelta(days=1))


def test_a_letter_cannot_be_undone(published: Database) -> None:
    with published.writing() as session:
        council, jo = a_buyer(session, "The Council"), a_person(session, "jo@x.example")
        a_supplier(session, council, "One")
        act = acting.begin(session, council.id, Kind.REMIND, None, Chosen(all_of=Filter()), TODAY, by=jo.id)
        acting.carry_on(session, act, SETTINGS, TODAY)
        assert act.ended_at is not None
        assert not acting.can_undo(act)


def test_as_many_are_reached_as_were_said_and_none_of_them_a_second_time_on_the_day(published: Database) -> None:
    with published.writing() as session:
        council, jo = a_buyer(session, "The Council"), a_person(session, "jo@x.example")
        for name, email in (("One", "a@one.example"), ("Two", "a@two.example"), ("Mute", "")):
            invited(session, a_supplier(session, council, name, email=email), settings=MAILING)
        a_supplier(session, council, "Never asked", email="a@never.example")
        everyone = Chosen(all_of=Filter())
        for day, number in ((0, 0), (1, 2), (1, 0), (2, 2)):  # asked today; reminded; the same day again; the next one
            now = TODAY + timedelta(days=day)
            assert acting.numbers(session, council.id, everyone, now).open == 3
            assert acting.reached(session, council.id, everyone, MAILING, now) == number
            act = acting.begin(session, council.id, Kind.REMIND, None, everyone, now, by=jo.id)
            acting.carry_on(session, act, MAILING, now)
            assert acting.progress(session, act).done == number
