from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from assess.kit.db import Database
from assess.people.models import Organisation
from assess.plans.shares.models import ShareGrant
from assess.portfolio.picture.kept import keep
from assess.portfolio.picture.models import SummaryFile
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, shared

pytestmark = pytest.mark.both_databases


def test_a_summary_goes_with_any_share_it_may_rest_on_and_with_its_buyer(published: Database) -> None:
    with published.writing() as session:
        council, other = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        farm = a_supplier(session, council, "Fen Edge", sector="farming")
        grant = shared(session, invited(session, farm))
        for buyer in (council, other):
            for names in (True, False):
                keep(session, buyer.id, "<p>", b"file", TODAY, names=names)
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))
        assert set(session.scalars(select(SummaryFile.buyer_id))) == {other.id}
        session.execute(delete(Organisation).where(Organisation.id == other.id))
        assert session.scalar(select(func.count()).select_from(SummaryFile)) == 0
