"""What was said about being named before links told which letter carries them: what becomes of each on the first start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, Table, select

from assess.kit.config import Settings
from assess.kit.db import Base, Database
from assess.kit.migrations import upgrade_to_head
from assess.suppliers.chain.consenting import name_us
from assess.suppliers.chain.models import ChainNaming
from assess.suppliers.letters import new_link
from assess.suppliers.models import InvitationLink, Supplier, What
from assess.suppliers.trail import write
from tests.conftest import TODAY
from tests.suppliers.letter_settings import MAILING
from tests.suppliers.makers import a_buyer, a_supplier, invited, later

pytestmark = pytest.mark.both_databases


@pytest.fixture
def old(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def test_a_yes_after_a_link_by_hand_goes_and_links_of_letters_are_known(database: Database, old: Database) -> None:
    settings: Settings = MAILING
    with database.writing() as session:
        packhouse = a_buyer(session, "The Packhouse")
        made = {name: a_supplier(session, packhouse, name, email=f"{name}@farm.example") for name in "abcd"}
        for name, farm in made.items():
            invitation = invited(session, farm, settings=settings)
            if name in "bcd":
                link_made = later(2) if name == "c" else TODAY + timedelta(hours=1)
                new_link(session, invitation, settings.base_url, link_made)
                write(session, farm.id, What.LINK_MADE, link_made, by=None)
            name_us(session, farm, "Fen Edge", later(1), may=name != "d")
        was = {one.token_hash: one.letter for one in session.scalars(select(InvitationLink))}
        assert sorted(value is None for value in was.values()) == [False] * 8 + [True] * 3
    upgrade_to_head(old.engine, revision="0043")
    _copy(database, old)
    upgrade_to_head(old.engine)
    with old.reading() as look:
        said = select(Supplier.name, ChainNaming.may).join(Supplier, Supplier.id == ChainNaming.supplier_id)
        assert sorted((row.name, row.may) for row in look.execute(said)) == [("a", True), ("c", True), ("d", False)]
        assert {one.token_hash: one.letter for one in look.scalars(select(InvitationLink))} == was


def _copy(new: Database, old: Database) -> None:
    """Every row as it is stored, without the columns that came with the links of letters."""
    with new.engine.connect() as source, old.engine.begin() as target:
        for known in Base.metadata.sorted_tables:
            ours, theirs = (
                Table(known.name, MetaData(), autoload_with=connection, resolve_fks=False)
                for connection in (source, target)
            )
            both = [column for column in ours.c if column.name in theirs.c]
            rows = [dict(row) for row in source.execute(select(*both)).mappings()]
            if rows:
                target.execute(theirs.delete())
                target.execute(theirs.insert(), rows)
