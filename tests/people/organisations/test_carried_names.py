"""Names that were confirmed before a person had to: what becomes of each on the first start."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head
from assess.people.models import Method, NameState, Organisation, Person
from assess.people.organisations.names import belonged, standing_of

pytestmark = pytest.mark.both_databases

KINDS = {
    "nobody": (None, None),
    "invited": ("invitation", None),
    "shop": ("domain", "shop.example"),
    "council": ("domain", "eastshire.gov.uk"),
    "university": ("domain", "east.ac.uk"),
    "police": ("domain", "notpolice.uk"),
    "company": ("company_check", "growers.example"),
    "small": ("company_check", None),
}


@pytest.fixture
def old(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def test_names_are_carried_over(old: Database) -> None:
    upgrade_to_head(old.engine, revision="0036")
    ids = {name: uuid.uuid4() for name in KINDS}
    person = uuid.uuid4()

    def stored(one: uuid.UUID) -> object:
        return one.hex if old.engine.dialect.name == "sqlite" else one

    with old.engine.begin() as connection:
        for name, (by, domain) in KINDS.items():
            connection.execute(
                text(
                    "INSERT INTO organisation (id, name, domain, confirmed_by, made_at) "
                    "VALUES (:id, :name, :domain, :by, '2026-11-01 09:00:00')"
                ),
                {"id": stored(ids[name]), "name": name, "domain": domain, "by": by},
            )
        connection.execute(
            text(
                "INSERT INTO person (id, email, name, made_at, confirmed_at) "
                "VALUES (:id, 'kim@eastshire.gov.uk', '', '2026-11-01 09:00:00', '2026-11-01 09:00:00')"
            ),
            {"id": stored(person)},
        )
        connection.execute(
            text(
                "INSERT INTO membership (id, organisation_id, person_id, role, made_at) "
                "VALUES (:id, :of, :person, 'manager', '2026-11-01 09:00:00')"
            ),
            {"id": stored(uuid.uuid4()), "of": stored(ids["council"]), "person": stored(person)},
        )
    upgrade_to_head(old.engine)
    today = datetime.now(UTC).date()
    with old.writing() as session:
        rows = {name: session.get_one(Organisation, ids[name]) for name in KINDS}
        found = {name: standing_of(session, row, today) for name, row in rows.items()}
        assert {name for name, one in found.items() if one.state is NameState.CONFIRMED} == {"company", "small"}
        assert [name for name, one in found.items() if one.state is NameState.WAITING] == ["council"]
        assert found["council"].government_domain == "eastshire.gov.uk"
        company = found["company"]
        assert (company.how, company.confirmed_by_words, company.lifted) == (Method.REGISTER, None, True)
        assert (company.domains, found["small"].domains) == (("growers.example",), ())
        assert company.until is not None
        assert 729 <= (company.until - today).days <= 732
        assert {name: row.domain for name, row in rows.items()} == {name: domain for name, (_, domain) in KINDS.items()}
        kim = session.get_one(Person, person)
        session.execute(text("DELETE FROM membership"))
        assert belonged(session, rows["council"], kim)
        assert not belonged(session, rows["shop"], kim)
        assert len({row.mark_key for row in rows.values()}) == len(KINDS), "each has a key of its own"
