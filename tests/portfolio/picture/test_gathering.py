from __future__ import annotations

from assess.kit.db import Database
from assess.portfolio.models import StandingDuty, StandingGood
from assess.portfolio.picture.gathering import MOST_PLACES, picture_of
from tests.conftest import TODAY
from tests.portfolio.picture.filled_world import fill_world, stand
from tests.suppliers.makers import a_buyer, a_supplier


def test_everything_is_of_this_buyer_and_of_copies_that_are_shared(published: Database) -> None:
    with published.writing() as session:
        council, other = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        fill_world(session, council)
        alone = picture_of(session, council.id, "The Council", TODAY)
        fill_world(session, other)
        odd = a_supplier(session, other, "Odd")
        stand(session, odd, band=None)
        session.add(StandingGood(supplier_id=odd.id, buyer_id=odd.buyer_id, good="Silk", place="Nowhere", word="High"))
        session.add(
            StandingDuty(
                supplier_id=odd.id, buyer_id=odd.buyer_id, duty="uk_rtw", title="Check the right to work", done=False
            )
        )
        session.flush()
        theirs = picture_of(session, other.id, "The Shop", TODAY)
        assert picture_of(session, council.id, "The Council", TODAY) == alone, "another buyer changes nothing"
    assert (alone.total, alone.banded, alone.on) == (12, 8, "2026-11-24")
    assert [(place.name, place.suppliers, place.goods) for place in alone.places] == [
        ("China", 5, ["Garlic"]),
        ("Malaysia", 3, ["Gloves"]),
    ]
    assert [(duty.title, duty.number, duty.of) for duty in alone.duties] == [("Check the right to work", 3, 4)]
    assert alone.duties_left_out == 1
    assert [place.name for place in theirs.places] == ["China", "Malaysia", "Nowhere"], "of a quick check too"
    assert [(duty.number, duty.of) for duty in theirs.duties] == [(4, 5)]
    assert len(alone.first) == 10
    assert [line.points for line in alone.first] == sorted((line.points for line in alone.first), reverse=True)


def test_many_countries_are_cut_and_counted(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm", sector="farming")
        stand(session, farm, band="low")
        for number in range(MOST_PLACES + 2):
            session.add(
                StandingGood(
                    supplier_id=farm.id, buyer_id=farm.buyer_id, good="Tea", place=f"Place {number:02}", word="High"
                )
            )
        session.flush()
        found = picture_of(session, council.id, "The Council", TODAY)
    assert (len(found.places), found.more_places) == (MOST_PLACES, 2)
