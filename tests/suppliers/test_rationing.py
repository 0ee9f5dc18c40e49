"""The ration of letters: by how it stands with the name, so many a day, and a new day begins anew."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.db import Database
from assess.people.models import NameState, Organisation
from assess.people.organisations.names import ask, prove_domain, standing_of
from assess.suppliers.models import LetterRation, SupplierInvitation
from assess.suppliers.rationing import (
    MOST_LINKS_A_DAY,
    Ration,
    forget_rations,
    ration_of,
    take_link,
    take_one,
)
from tests.conftest import TODAY
from tests.people.persons import a_person, an_organisation, confirm_name
from tests.suppliers.letter_settings import MAILING
from tests.suppliers.makers import a_buyer, a_supplier, invited, later

pytestmark = pytest.mark.both_databases

DAY = date(2026, 11, 24)
NOTHING = Ration(0, 0)


def waiting(session: Session, email: str) -> Organisation:
    """An organisation whose manager has this address and asked for a look at the name."""
    boss = a_person(session, email)
    made = an_organisation(session, "Eastshire County Council", manager=boss, buyer=boss)
    prove_domain(made, email)
    ask(session, made, boss, TODAY)
    return made


def test_the_ration_follows_from_how_it_stands_with_the_name(session: Session) -> None:
    council = an_organisation(session, "The Council")

    def ration(day: date = DAY) -> Ration:
        return ration_of(standing_of(session, council, day), day)

    for state in NameState:
        council.name_state = state
        assert ration() == NOTHING, state
    confirm_name(council, lifted=False)
    council.name_since = DAY
    assert ration() == ration(DAY + timedelta(days=13)) == Ration(100)
    assert ration(DAY + timedelta(days=14)) == Ration(2000)
    council.name_lifted = True
    assert ration() == Ration(2000)
    council.name_until = DAY
    assert ration() == NOTHING, "two years are over"


def test_a_government_address_gets_a_small_ration_while_its_name_waits(session: Session) -> None:
    assert ration_of(standing_of(session, waiting(session, "a@eastshire.gov.uk"), DAY), DAY) == Ration(10, 30)
    assert ration_of(standing_of(session, waiting(session, "b@uea.ac.uk"), DAY), DAY) == NOTHING


def test_ten_a_day_and_thirty_in_all(session: Session) -> None:
    council = waiting(session, "a@eastshire.gov.uk")
    went = []
    for day in range(5):
        for number in range(12):
            farm = a_supplier(session, council, f"Farm {day} {number}", email=f"a@b{day}-{number}.example")
            invited(session, farm, settings=MAILING, now=later(day))
        ration = session.get(LetterRation, (council.id, later(day).date()))
        went.append(ration.emails if ration else 0)
    sent = sum(one.sent_at is not None for one in _invitations(session))
    assert (went, sent) == ([10, 10, 10, 0, 0], 30)
    assert "30 in all" in ration_of(standing_of(session, council, DAY), DAY).words


def test_those_who_wait_share_their_ration_by_domain_and_by_person(session: Session) -> None:
    clerk, day = uuid.uuid4(), iter(range(100))
    ann, other = ("domain a.gov.uk", f"person {clerk.hex}"), ("domain b.gov.uk", f"person {clerk.hex}")

    def took(shared: tuple[str, ...], on: date = DAY) -> int:
        """How many of twelve letters of an organisation that was begun for them."""
        buyer = uuid.uuid4()
        session.add(Organisation(id=buyer, name="Council", made_at=TODAY))
        session.flush()
        return sum(take_one(session, buyer, f"mailbox {next(day)}", on, Ration(10, 30), shared) for _ in range(12))

    assert [took(ann), took(ann), took(other)] == [10, 0, 0]
    assert took(("domain b.gov.uk", "person of somebody else")) == 10, "what could not go took nothing from others"
    assert [took(ann, DAY + timedelta(days=1)), took(ann, DAY + timedelta(days=2))] == [10, 10]
    assert took(ann, DAY + timedelta(days=3)) == took(other, DAY + timedelta(days=3)) == 0, "30 in all"


def test_one_clerk_with_several_organisations_writes_no_more_than_with_one(session: Session) -> None:
    clerk = a_person(session, "a@eastshire.gov.uk")
    for which in range(2):
        made = an_organisation(session, f"Council {which}", manager=clerk, buyer=clerk)
        prove_domain(made, clerk.email)
        ask(session, made, clerk, TODAY)
        for number in range(6):
            farm = a_supplier(session, made, f"Farm {number}", email=f"a@b{which}-{number}.example")
            invited(session, farm, settings=MAILING, by=clerk.id)
    assert sum(one.sent_at is not None for one in _invitations(session)) == 10


def test_one_mailbox_gets_five_a_day_from_all_who_wait_together(session: Session) -> None:
    went = 0
    for which in range(3):
        made = waiting(session, f"a@council{which}.gov.uk")
        for number in range(3):
            invited(
                session, a_supplier(session, made, f"Farm {number}", email="one@stranger.example"), settings=MAILING
            )
    went = sum(one.sent_at is not None for one in _invitations(session))
    assert went == 5


def _invitations(session: Session) -> list[SupplierInvitation]:

    return list(session.scalars(select(SupplierInvitation)))


def test_no_more_than_the_ration_goes_on_a_day_for_each_buyer(session: Session) -> None:
    council, shop, two = a_buyer(session, "The Council"), a_buyer(session, "The Shop"), Ration(2)
    assert [take_one(session, council.id, f"mailbox {number}", DAY, two) for number in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert take_one(session, shop.id, "mailbox", DAY, two)
    assert take_one(session, council.id, "mailbox", date(2026, 11, 25), two)
    assert not take_one(session, shop.id, "another", DAY, NOTHING)


def test_of_many_at_once_no_more_go_than_may(published: Database) -> None:
    with published.writing() as session:
        council = waiting(session, "a@eastshire.gov.uk")
    got: list[bool] = []

    def take(number: int) -> None:
        with published.writing() as session:
            got.append(take_one(session, council.id, f"mailbox {number}", DAY, Ration(10, 30), ("domain x.gov.uk",)))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 10


def test_links_by_hand_are_twenty_a_day(session: Session) -> None:
    council, shop = an_organisation(session, "The Council"), an_organisation(session, "The Shop")
    assert sum(take_link(session, council.id, DAY) for _ in range(MOST_LINKS_A_DAY + 5)) == MOST_LINKS_A_DAY == 20
    assert take_link(session, shop.id, DAY)
    assert take_link(session, council.id, DAY + timedelta(days=1))


def test_counts_of_days_long_past_go(session: Session) -> None:
    council = a_buyer(session, "The Council")
    take_one(session, council.id, "mailbox", date(2026, 10, 1), Ration(2))
    take_one(session, council.id, "mailbox", DAY, Ration(2))
    forget_rations(session, DAY)
    assert session.scalars(select(LetterRation.day)).all() == [DAY]


@pytest.mark.parametrize("ration", [Ration(2000), Ration(10, 30)])
def test_a_buyer_reads_what_its_ration_is(ration: Ration) -> None:
    assert f"at most {ration.a_day:,} suppliers a day" in ration.words
