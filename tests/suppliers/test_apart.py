"""Two buyers of one business: nothing of what the one reads, and no letter for it, changes by what the other does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.plans.shares.granting import give_to_buyer
from assess.plans.shares.scopes import Scope
from assess.suppliers.chasing import chase_all
from assess.suppliers.following import decline, note_finished, note_opened, note_started, stop_mail
from assess.suppliers.models import Decline
from tests.conftest import Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.makers import a_buyer, a_supplier, answered, invited, later

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def plain(text: str) -> str:
    """Without what is new each time: tokens of forms and links."""
    return re.sub(r"[\w.-]{40,}", "…", text)


def test_what_one_buyer_reads_and_sends_stays_the_same_whatever_the_other_does(
    app: Flask, settings: Settings, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge", email="a@b.example", sector="farming")
        one = invited(session, farm, settings=settings)
        submission = answered(session, one)
        pages = [
            f"/organisations/{council.id}/suppliers/{way}" for way in ("new", f"{farm.id}/ask", f"{farm.id}/ask/end")
        ]
        events = one.events
    sign_in(visit, app, ann)
    before = [plain(visit(page).html) for page in pages]
    with database_of(app).writing() as session:
        shop = a_buyer(session, "The Shop")
        for name in ("Fen Edge", "Fen Edge North"):
            other = invited(
                session, a_supplier(session, shop, name, email="a@b.example", sector="farming"), settings=settings
            )
            note_opened(session, other, later(0))
            note_started(session, other, submission.assessment_id, later(0))
            note_finished(session, other, later(0))
            give_to_buyer(session, submission, other, Scope.EVIDENCE, 365, later(0))
        decline(
            session, invited(session, a_supplier(session, shop, "Fen"), settings=settings), Decline.RATHER_NOT, later(0)
        )
        stop_mail(session, other, settings.key, later(0))
    assert [plain(visit(page).html) for page in pages] == before
    chase_all(database_of(app), settings, later(16))
    with database_of(app).reading() as look:
        letters = look.scalars(select(Outgoing).where(Outgoing.event.startswith(events)).order_by(Outgoing.id)).all()
        assert [letter.event.removeprefix(events) for letter in letters] == ["first", "finished"], (
            "its peace is its own"
        )
        assert not any("Shop" in letter.body for letter in letters)
