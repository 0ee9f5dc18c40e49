from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime

from flask import Flask

from assess.assessments.removing import delete_assessment
from assess.plans.organisation_export.packing import packed
from assess.plans.printing.models import Rendered
from tests.people.persons import database_of
from tests.plans.organisation_export.conftest import PDF, Two


def opened(parts: list[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(parts)))


def test_the_file_holds_all_of_one_organisation_and_nothing_of_another(app: Flask, two: Two, now: datetime) -> None:
    parts = list(packed(database_of(app), two.farm.organisation.id, now))
    assert len(parts) > 3, "it comes part by part"
    with opened(parts) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    assert names == [
        "READ-ME.txt",
        "organisation.json",
        "001-farming/self-check.json",
        "001-farming/submission-1.json",
        "001-farming/plan-1-2026-11-24-1.pdf",
    ]
    assert files["001-farming/plan-1-2026-11-24-1.pdf"] == PDF
    assert json.loads(files["organisation.json"])["people"][0]["email"] == "manager@canaryfarm.example"
    whole = b"".join(files.values())
    assert b"Canaryfarm" in whole
    for theirs in (b"Otherhotel", b"otherhotel", b"of the hotel", str(two.hotel.organisation.id).encode()):
        assert theirs not in whole


def test_it_says_which_plans_were_not_printed(app: Flask, two: Two, now: datetime) -> None:
    with database_of(app).writing() as session:
        session.query(Rendered).delete()
    with opened(list(packed(database_of(app), two.farm.organisation.id, now))) as archive:
        assert "not printed yet for:\r\n001-farming" in archive.read("READ-ME.txt").decode()
        assert not [name for name in archive.namelist() if name.endswith(".pdf")]


def test_what_is_deleted_while_it_is_sent_is_left_out(app: Flask, two: Two, now: datetime) -> None:
    parts = packed(database_of(app), two.farm.organisation.id, now)
    first = next(parts)
    with database_of(app).writing() as session:
        delete_assessment(session, two.farm.assessment.id)
    with opened([first, *parts]) as archive:
        assert archive.namelist() == ["READ-ME.txt", "organisation.json"]
