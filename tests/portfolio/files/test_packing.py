from __future__ import annotations

import csv
import io
import uuid
import zipfile
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from assess.assessments.removing import delete_assessment
from assess.plans.shares.granting import end
from assess.plans.shares.models import Looked, ShareFile, ShareLook
from assess.portfolio.files import packing
from assess.portfolio.files.models import PlanState, PortfolioFilePlan
from assess.portfolio.files.packing import INDEX, READ_ME, packed
from assess.portfolio.files.words import REASONS
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.plans.records import a_record
from tests.plans.shares.callers import caller_of
from tests.portfolio.files.conftest import Council
from tests.suppliers.makers import a_supplier, invited, later, shared


def opened(parts: Iterable[bytes]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert archive.testzip() is None
    return archive


def a_bundle(council: Council) -> uuid.UUID:
    file_id = council.order()
    council.work()
    return file_id


def looks(council: Council) -> list[uuid.UUID | None]:
    with council.database.reading() as look:
        found = look.scalars(select(ShareLook).order_by(ShareLook.id)).all()
    assert all((one.what, one.at) == (Looked.FILE, TODAY) for one in found)
    return [one.grant_id for one in found]


def test_every_plan_is_there_under_a_safe_name_and_each_business_sees_it(council: Council, press: list[str]) -> None:
    council.supplier("../=Müller & 🍓, Ltd", reference="=1+1")
    file_id = a_bundle(council)
    parts = list(packed(council.database, file_id, council.who, lambda: TODAY))
    assert len(parts) == 5, "one for each plan, and the end"
    with opened(parts) as archive:
        assert archive.namelist() == [
            "001-muller-ltd-2026-11-24.pdf",
            "002-acle-fruit-2026-11-24.pdf",
            "003-fen-edge-growers-2026-11-24.pdf",
            "004-wash-packers-2026-11-24.pdf",
            INDEX,
            READ_ME,
        ]
        assert all(one.compress_type == zipfile.ZIP_STORED for one in archive.infolist()[:4])
        assert {archive.read(name) for name in archive.namelist()[:4]} == {
            b"%PDF-1.7 " + str(number).encode() + b" %%EOF" for number in range(1, len(press) + 1)
        }
        rows = list(csv.reader(io.StringIO(archive.read(INDEX).decode("utf-8-sig"), newline="")))
        words = archive.read(READ_ME).decode()
    assert [row[0] for row in rows[1:]] == parts_named(archive)
    assert rows[1][1:3] == ["../=Müller & 🍓, Ltd", "'=1+1"]
    assert rows[2][3:] == ["2026-11-24", council_until(council)]
    assert "Plans that suppliers of The Council share with it, as of 2026-11-24." in words
    assert "The businesses’ own answers; not a finding; not for selection or exclusion." in words
    assert "Not in this file" not in words
    assert sorted(map(str, looks(council))) == sorted(map(str, council.grants.values()))
    list(packed(council.database, file_id, council.who, lambda: TODAY))
    assert len(looks(council)) == 4, "once for each person, thing and hour"


def parts_named(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.endswith(".pdf")]


def council_until(council: Council) -> str:
    with council.database.reading() as look:
        until: str = council.grant(look, "Acle Fruit").document["copy"]["valid_until"]
    return until


def test_what_ends_while_it_is_sent_is_left_out_and_told_at_the_end(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    parts = packed(council.database, file_id, council.who, lambda: TODAY)
    first = next(parts)
    with council.database.writing() as session:
        end(session, council.grant(session, "Fen Edge Growers"), TODAY)
        delete_assessment(session, council.grant(session, "Wash Packers").assessment_id)
    with opened([first, *parts]) as archive:
        assert parts_named(archive) == ["001-acle-fruit-2026-11-24.pdf"]
        words = archive.read(READ_ME).decode()
    assert f"- Fen Edge Growers: {REASONS[PlanState.OVER]}." in words
    assert f"- Wash Packers: {REASONS[PlanState.OVER]}." in words


def test_what_changed_since_or_could_not_be_printed_is_told(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    with council.database.writing() as session:
        session.delete(session.get_one(ShareFile, council.grants["Acle Fruit"]))
        session.get_one(PortfolioFilePlan, (file_id, 2)).state = PlanState.FAILED
    with opened(packed(council.database, file_id, council.who, lambda: TODAY)) as archive:
        words = archive.read(READ_ME).decode()
    assert f"- Acle Fruit: {REASONS[PlanState.THERE]}." in words
    assert f"- Fen Edge Growers: {REASONS[PlanState.FAILED]}." in words
    assert looks(council) == [council.grants["Wash Packers"]], "who was not taken is not told that it was"


def test_time_goes_on_while_it_is_sent(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    moments = iter([TODAY, TODAY, TODAY, *[later(366)] * 20])
    with opened(packed(council.database, file_id, council.who, lambda: next(moments))) as archive:
        assert parts_named(archive) == ["001-acle-fruit-2026-11-24.pdf"]


def test_somebody_who_does_not_buy_for_it_takes_nothing(council: Council, press: list[str]) -> None:
    file_id = a_bundle(council)
    assert press
    with council.database.writing() as session:
        stranger = caller_of(a_person(session, "eve@else.example"))
    with opened(packed(council.database, file_id, stranger, lambda: TODAY)) as archive:
        assert parts_named(archive) == []
    assert looks(council) == []
    assert list(packed(council.database, uuid.uuid4(), council.who, lambda: TODAY)) == []


def test_urgent_advice_has_no_name_and_no_line_of_its_own(council: Council, press: list[str]) -> None:
    with council.database.writing() as session:
        supplier = a_supplier(session, council.organisation, "Sign Farm", sector="farming")
        shared(session, invited(session, supplier), record=a_record(change={"core_documents": "employer"}))
    with opened(packed(council.database, a_bundle(council), council.who, lambda: TODAY)) as archive:
        assert "003-sign-farm-2026-11-24.pdf" in archive.namelist()
        lines = archive.read(INDEX).decode().splitlines()
        words = archive.read(READ_ME).decode()
    own = next(line for line in lines if "Sign Farm" in line)
    other = next(line for line in lines if "Acle" in line)
    assert own.replace("Sign Farm", "").count('""') == other.replace("Acle Fruit", "").count('""')
    assert "urgent" not in words.lower()
    assert len(press) == 4


def test_looks_are_noted_for_several_at_once_and_not_far_ahead(council: Council, press: list[str]) -> None:
    for number in range(packing.NOTED_AT_ONCE):
        council.supplier(f"Grower {number:02}", scope=None)
    file_id = a_bundle(council)
    assert press
    parts = packed(council.database, file_id, council.who, lambda: TODAY + timedelta())
    next(parts)
    assert len(looks(council)) == 3
