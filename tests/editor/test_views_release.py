from __future__ import annotations

import pytest
from flask import Flask

from assess.banks.models import ReleaseSheet, ShelfReason
from assess.banks.shelves import set_up_next
from tests.conftest import TODAY, Visitor
from tests.kit.audit.test_completeness import counting
from tests.people.persons import a_person, database_of, sign_in

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_what_the_release_brings_is_told_and_taken_into_a_draft(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator")
    sign_in(visit, app, ann)
    assert "The release brings" not in visit("/banks").text
    assert "There is nothing" in visit("/banks/release").text
    with database_of(app).writing() as session:
        text = b"format: 1\nowners: {owner: The owner}\n"
        set_up_next(session, {"owners.yaml": text}, TODAY, reason=ShelfReason.PUBLISHED)
        session.get_one(ReleaseSheet, "owners.yaml").digest = "f" * 64
    assert "The release brings another text of 1 file that was changed here." in visit("/banks").text
    page = visit("/banks/release")
    assert "− owners: {owner: The owner}" in page.text
    assert "Tick the files" in visit.send("/release").text
    with counting(app) as (posted, looked):
        page = visit.send("/release", files="owners.yaml")
    assert (posted, looked) == ({("release.begin_from_release", 1): 1}, [])
    assert page.heading == "Take over texts of the release"
    assert "owners.yaml as the release brings it" in page.text
    visit("/banks/release")
    page = visit.send("/release", files="owners.yaml")
    assert (page.status, "owners.yaml is being changed in another draft." in page.text) == (409, True)
