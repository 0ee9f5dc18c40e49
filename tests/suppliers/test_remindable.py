"""Whom a reminder by hand would reach: the same as whom it does reach."""

from __future__ import annotations

from sqlalchemy import select

from assess.kit.db import Database
from assess.people.models import Organisation
from assess.suppliers.chasing import MOST_BY_HAND, remind_now, why_not
from assess.suppliers.following import decline, note_finished, note_opened, stop_mail
from assess.suppliers.inviting import living
from assess.suppliers.keeping import archive
from assess.suppliers.models import Decline, Supplier
from assess.suppliers.remindable import remindable
from tests.people.persons import an_organisation
from tests.suppliers.letter_settings import MAILING, SILENT
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

NAMES = (
    "plain",
    "opened",
    "merged",
    "often",
    "finished",
    "told",
    "today",
    "stopped",
    "no",
    "shared",
    "off",
    "mute",
    "new",
)


def test_those_are_counted_who_would_be_written_to(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        asked = {}
        for name in NAMES:
            asked[name] = a_supplier(session, council, name, email="" if name == "mute" else f"a@{name}.example")
        asked["strange"] = a_supplier(session, shop, "strange", email="a@strange.example")
        made = {name: invited(session, one, settings=MAILING) for name, one in asked.items() if name != "new"}
        root = a_supplier(session, council, "root")
        asked["merged"].merged_into = root.id
        note_opened(session, made["opened"], later(1))
        for day in range(1, MOST_BY_HAND + 1):
            assert remind_now(session, asked["often"].id, MAILING, later(day), by=None)
        for name in ("finished", "told"):
            note_finished(session, made[name], later(1))
        assert remind_now(session, asked["told"].id, MAILING, later(2), by=None)
        assert remind_now(session, asked["today"].id, MAILING, later(9), by=None)
        stop_mail(session, made["stopped"], MAILING.key, later(1))
        decline(session, made["no"], Decline.NO_TIME_NOW, later(1))
        shared(session, made["shared"], now=later(1))
        archive(session, asked["off"], later(1), by=None)
        everyone = select(Supplier.id).where(Supplier.merged_into.is_(None))
        found = remindable(session, council, everyone, MAILING, later(9))
        named = {session.get_one(Supplier, one).name for one in found}
        assert named == {"plain", "opened", "root", "finished"}
        for name, one in asked.items():
            invitation = next(iter(living(session, one.id)), None)
            may = invitation is not None and why_not(session, one, invitation, MAILING, later(9)) is None
            assert may == (name == "strange" or (one.merged_into or one.id) in found), name
        assert remindable(session, council, everyone, SILENT, later(9)) == frozenset()
        unknown: Organisation = an_organisation(session, "Unknown")
        assert remindable(session, unknown, everyone, MAILING, later(9)) == frozenset()
