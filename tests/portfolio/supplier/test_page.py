from __future__ import annotations

from assess.kit.db import Database
from assess.plans.shares.granting import end
from assess.plans.shares.scopes import Scope
from assess.portfolio.supplier.page import LAST, page_of
from assess.suppliers.models import Status
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared


def test_a_page_shows_what_is_shared_until_it_is_over(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        assert page_of(session, farm, later(0)).status is Status.NOT_ASKED
        grant = shared(session, invited(session, farm), scope=Scope.PLAN, days=30)
        page = page_of(session, farm, later(1))
        assert (page.status, page.late) == (Status.SHARED, False)
        (copy,) = page.copies
        assert copy.band
        assert copy.steps
        assert len(page.trail) == LAST
        over = page_of(session, farm, later(30))
        assert (over.status, over.copies) == (Status.SHARE_OVER, [])
        end(session, grant, later(2))
        assert page_of(session, farm, later(2)).copies == []
