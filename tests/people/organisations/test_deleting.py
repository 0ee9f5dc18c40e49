from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Uuid, make_url, select
from sqlalchemy.orm import Session

from assess.assessments.answering import save_answers, start
from assess.assessments.links import make_resume_link, share
from assess.assessments.models import Assessment
from assess.assessments.submitting import submit
from assess.banks.models import Edition, Stage
from assess.kit.db import Base, Database
from assess.people.models import Membership, Organisation, Person, Role, Site
from assess.people.organisations.deleting import delete_organisation, is_name_of
from assess.people.organisations.inviting import invite
from assess.people.organisations.keeping import add_site
from tests.conftest import TODAY
from tests.people.persons import a_person, an_organisation

pytestmark = pytest.mark.both_databases

CANARY = "Blue Tin Growers of Canary Fen"
RECORD: dict[str, Any] = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "text": "",
    "actions": [],
    "duties": [],
}


def an_organisation_with_all(session: Session, name: str, edition_id: int, now: datetime) -> uuid.UUID:
    person = a_person(session, f"m{uuid.uuid4().hex[:6]}@farm.example")
    made = an_organisation(session, name, manager=person, respondent=person)
    site = add_site(session, made.id, f"{name} north", now)
    # so many that some stand on pages of their own
    for number in range(30):
        invite(
            session, made, f"kim{number}@canary.example", frozenset({Role.SIGNER}), "https://x", now, secret="secret"
        )
    begun = start(session, edition_id, quick=False, now=now)
    session.get_one(Assessment, begun.id).organisation_id = made.id
    session.get_one(Assessment, begun.id).site_id = site.id
    save_answers(session, begun.id, {"q": name, "r": name * 200}, {}, now)
    share(session, submit(session, begun.id, lambda _said: {**RECORD, "text": name}, now), now, note=name)
    make_resume_link(session, begun.id, now)
    return made.id


def ids_in(session: Session) -> dict[str, set[uuid.UUID]]:
    """Every id that stands in any column of any table."""
    found: dict[str, set[uuid.UUID]] = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, Uuid)]
        for row in session.execute(select(*columns)) if columns else []:
            found.setdefault(table.name, set()).update(value for value in row if value)
    return found


@pytest.fixture
def edition_id(session: Session, now: datetime) -> int:
    row = Edition(
        bank="farming", number=1, stage=Stage.PUBLISHED, source={}, compiled={}, digest="0" * 64, published_at=now
    )
    session.add(row)
    session.commit()
    return row.id


def test_no_row_and_no_word_is_left(
    database: Database, session: Session, edition_id: int, now: datetime, database_url: str
) -> None:
    goes = an_organisation_with_all(session, CANARY, edition_id, now)
    stays = an_organisation_with_all(session, "Neighbours", edition_id, now)
    gone_ids = {goes, *session.scalars(select(Site.id).where(Site.organisation_id == goes))}
    gone_ids |= set(session.scalars(select(Assessment.id).where(Assessment.organisation_id == goes)))
    session.commit()
    before = ids_in(session)
    assert {"assessment", "answer", "membership", "site", "member_invitation", "one_time_token"} <= {
        table for table, ids in before.items() if ids & gone_ids
    }
    people = len(session.scalars(select(Person)).all())
    session.rollback()
    with database.writing() as writing:
        delete_organisation(writing, writing.get_one(Organisation, goes))
    assert {table: ids & gone_ids for table, ids in ids_in(session).items() if ids & gone_ids} == {}
    assert session.get(Organisation, stays) is not None
    assert len(session.scalars(select(Membership)).all()) == 2
    assert len(session.scalars(select(Person)).all()) == people, "people keep their accounts"
    session.rollback()
    if database.engine.dialect.name == "sqlite":
        path = Path(str(make_url(database_url).database))
        kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert CANARY.encode() not in kept
        assert kept.count(b"Neighbours") > 0, "the control: what stays can be found so"


def test_the_name_has_to_be_typed() -> None:
    farm = Organisation(name="Fen Edge", made_at=TODAY)
    assert is_name_of(" fen  EDGE ", farm)
    assert not is_name_of("Fen", farm)
    assert not is_name_of("", farm)
