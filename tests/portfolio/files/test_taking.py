from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from assess.kit.db import Database
from assess.people.caller import Caller
from assess.plans.shares.granting import end
from assess.plans.shares.models import Looked, ShareLook
from assess.plans.shares.scopes import Scope
from assess.portfolio.files import taking
from tests.conftest import TODAY, Visitor
from tests.portfolio.files.conftest import Council

pytestmark = pytest.mark.both_databases


def here(council: Council) -> str:
    return f"/organisations/{council.id}/suppliers/files"


def looks(council: Council) -> list[tuple[uuid.UUID | None, Looked]]:
    with council.database.reading() as look:
        return [(one.grant_id, one.what) for one in look.scalars(select(ShareLook).order_by(ShareLook.id))]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_business_in_a_spreadsheet_sees_that_it_was_taken(
    bea: Visitor, office: Council, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "NOTED_AT_ONCE", 1)
    office.supplier("Fen Wash", scope=None)
    bea(f"{here(office)}?{urlencode({'filter': 'q=Fen'})}")
    address = bea.send("/sheet", kind=kind).address
    office.work()
    assert "Each business that shares something in it can see that a file was taken." in bea(address).text
    office.supplier("Fen Growers", scope=Scope.PLAN)
    assert looks(office) == [], "nobody took it yet"
    for _again in range(2):
        assert bea.client.get(f"{address}/download").status_code == 200
    assert looks(office) == [(office.grants["Fen Edge Growers"], Looked.FILE)], "who is in it, once in an hour"
    with office.database.writing() as session:
        end(session, office.grant(session, "Acle Fruit"), TODAY)
    bea(address)
    bea.send("/again")
    office.work()
    assert bea.client.get(f"{address}/download").status_code == 200
    assert {of for of, _what in looks(office)} == {office.grants[name] for name in ("Fen Edge Growers", "Fen Growers")}


def test_a_spreadsheet_that_goes_while_looks_are_noted_is_not_sent(
    bea: Visitor, office: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea(here(office))
    address = bea.send("/sheet", kind="csv").address
    office.work()

    def note_then_end(database: Database, file_id: uuid.UUID, who: Caller, now: datetime) -> None:
        taking.note_taken(database, file_id, who, now)
        with office.database.writing() as session:
            end(session, office.grant(session, "Acle Fruit"), now)

    monkeypatch.setattr("assess.portfolio.files.views.note_taken", note_then_end)
    assert bea.client.get(f"{address}/download").status_code == 303
