from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.orm import Session

from assess.people.models import Role
from assess.people.organisations.described import describe
from assess.people.organisations.inviting import invite
from assess.people.organisations.keeping import add_site
from tests.people.persons import a_person, an_organisation


def test_it_is_all_there_and_nothing_of_others(session: Session, now: datetime) -> None:
    ann, hal = a_person(session, "ann@farm.example", name="Ann"), a_person(session, "hal@hotel.example")
    farm = an_organisation(session, "Fen Edge", manager=ann, signer=ann)
    hotel = an_organisation(session, "Sea View", manager=[hal, ann])
    for place in (farm, hotel):
        add_site(session, place.id, f"North of {place.name}", now)
        invite(
            session,
            place,
            f"kim@{place.name.split()[0].lower()}.example",
            frozenset({Role.BUYER}),
            "https://x",
            now,
            secret="secret",
        )
    data = describe(session, farm, now)
    text = json.dumps(data)
    assert data["people"] == [{"email": "ann@farm.example", "name": "Ann", "roles": ["manager", "signer"]}]
    assert [site["name"] for site in data["sites"]] == ["North of Fen Edge"]
    assert [(one["email"], one["roles"]) for one in data["invitations"]] == [("kim@fen.example", ["buyer"])]
    assert "Sea View" not in text
    assert "hal@" not in text
    assert "hash" not in text
