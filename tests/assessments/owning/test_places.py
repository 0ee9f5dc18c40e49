from __future__ import annotations

import uuid
from datetime import datetime

import pytest

from assess.assessments.owning.places import NEW, Place, read_place, site_for
from assess.kit.db import Database
from assess.people.models import Site
from tests.people.persons import an_organisation

THERE = [Site(id=uuid.uuid4(), organisation_id=uuid.uuid4(), name=name) for name in ("North yard", "South yard")]


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({}, "site"),
        ({"site": str(uuid.uuid4())}, "site"),
        ({"site": "x"}, "site"),
        ({"site": NEW}, "site_name"),
        ({"site": NEW, "site_name": "   "}, "site_name"),
        ({"site": NEW, "site_name": "x" * 400}, "site_name"),
    ],
)
def test_what_is_not_clear_gets_one_sentence(form: dict[str, str], fault: str) -> None:
    typed = read_place(form, THERE)
    assert list(typed.faults) == [fault]
    assert typed.place == Place()


def test_a_place_is_chosen_or_added() -> None:
    assert read_place({"site": str(THERE[1].id)}, THERE).place == Place(THERE[1].id)
    assert read_place({"site": NEW, "site_name": " West  yard "}, THERE).place == Place(None, "West yard")
    assert read_place({"site": NEW, "site_name": "NORTH YARD"}, THERE).place == Place(THERE[0].id), (
        "no place is there twice"
    )
    assert read_place({"site_name": "First"}, []).place == Place(None, "First"), (
        "where there is no list, only a name is asked"
    )


def test_a_place_belongs_to_one_firm(database: Database, now: datetime) -> None:
    with database.writing() as session:
        ours, theirs = an_organisation(session, "Ours"), an_organisation(session, "Theirs")
        added = site_for(session, ours.id, Place(None, "Yard"), now)
        assert added is not None
        assert site_for(session, ours.id, Place(None, "yard"), now) == added
        assert site_for(session, ours.id, Place(added), now) == added
        assert site_for(session, theirs.id, Place(added), now) is None
        assert site_for(session, ours.id, Place(), now) is None
