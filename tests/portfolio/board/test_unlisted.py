from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from assess.kit.db import Database
from assess.plans.shares.models import ShareGrant
from assess.portfolio.board.unlisted import GrantNotThereError, alike, number_unlisted, put_on_list, unlisted
from assess.portfolio.models import Standing
from assess.suppliers.keeping import archive
from assess.suppliers.merging.keeping import put_together
from assess.suppliers.models import Status
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases


def test_a_share_of_the_older_way_is_put_on_the_list_of_its_own_buyer(published: Database) -> None:
    with published.writing() as session:
        council, shop, jo = (
            a_buyer(session, "The Council"),
            a_buyer(session, "The Shop"),
            a_person(session, "jo@x.example"),
        )
        there = a_supplier(session, council, "Fen Edge")
        grants = [shared(session, invited(session, a_supplier(session, buyer, "Farm"))) for buyer in (council, shop)]
        assert number_unlisted(session, council.id, TODAY) == 0
        for grant in grants:
            grant.supplier_id = None
        session.flush()
        (row,) = unlisted(session, council.id, TODAY)
        assert row.grant_id == grants[0].id
        assert unlisted(session, council.id, later(400)) == []
        with pytest.raises(GrantNotThereError):
            put_on_list(session, council.id, grants[1].id, None, TODAY, by=jo.id)
        with pytest.raises(GrantNotThereError):
            put_on_list(session, shop.id, grants[1].id, there.id, TODAY, by=jo.id)
        made = put_on_list(session, council.id, grants[0].id, None, TODAY, by=jo.id)
        assert made.sector == "farming"
        assert [one.id for one in alike(session, council.id, row.name.upper())] == [made.id]
        assert session.get_one(Standing, made.id).status is Status.SHARED
        assert session.get_one(ShareGrant, grants[0].id).supplier_id == made.id
        assert unlisted(session, council.id, TODAY) == []


def test_with_a_part_comes_the_entry_that_stands_for_it_so_that_a_deleted_share_empties_the_row(
    published: Database,
) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        ann = a_person(session, "ann@council.example")
        root, part = (a_supplier(session, council, name) for name in ("Fen Edge", "Fen Edge North"))
        put_together(session, part, root, TODAY, by=None)
        farm = a_supplier(session, council, "Farm")
        grant = shared(session, invited(session, farm))
        grant.supplier_id = None
        for one in (root, part, farm):
            archive(session, one, TODAY, by=None)
        put_on_list(session, council.id, grant.id, part.id, TODAY, by=ann.id)
        assert session.scalars(select(Standing.supplier_id).where(Standing.band.is_not(None))).all() == [root.id]
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))
        assert session.scalars(select(Standing.supplier_id).where(Standing.band.is_not(None))).all() == []
