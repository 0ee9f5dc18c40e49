"""Busy seasons: farms are not asked in the harvest, unless the buyer says so."""

from __future__ import annotations

import threading
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.core.rate_limits import RateCounter, delete_expired_counters
from assess.identity.models import NameState, Organisation
from assess.identity.organisations.name_confirmation import get_name_status, request_confirmation, set_proven_domain
from assess.question_banks.files import bundled_files
from assess.suppliers.models import SupplierInvitation
from assess.suppliers.send_limits import (
    MAX_LINKS_A_DAY,
    EmailAllowance,
    busy_season_message,
    busy_until,
    first_sending_day,
    get_email_allowance,
    season_end,
    use_email_quota,
    use_link_quota,
)
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name
from tests.suppliers.factories import a_buyer, a_supplier, invited, later
from tests.suppliers.mail_settings import MAILING


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2027, 4, 30), None),
        (date(2027, 5, 1), date(2027, 9, 30)),
        (date(2027, 9, 30), date(2027, 9, 30)),
        (date(2027, 10, 1), None),
    ],
)
def test_farms_are_busy_from_may_to_september(day: date, until: date | None) -> None:
    assert busy_until(bundled_files(), "farming", day) == until
    assert busy_until(bundled_files(), "car_washes", day) is None
    assert busy_until(bundled_files(), "nothing of ours", day) is None


def test_before_the_setting_began_nobody_is_busy() -> None:
    assert busy_until(bundled_files(), "farming", date(2024, 6, 1)) is None


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 11, 30), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 1, 31)),
        (date(2027, 2, 1), None),
        (date(2026, 10, 31), None),
    ],
)
def test_a_season_may_go_over_the_new_year(day: date, until: date | None) -> None:
    assert season_end(11, 1, day) == until


def test_a_season_may_end_with_the_year() -> None:
    assert season_end(12, 12, date(2026, 12, 5)) == date(2026, 12, 31)


def test_the_email_goes_on_the_day_after_or_at_once() -> None:
    june = date(2027, 6, 10)
    assert first_sending_day(bundled_files(), "farming", june, at_once=False) == date(2027, 10, 1)
    assert first_sending_day(bundled_files(), "farming", june, at_once=True) == june
    assert first_sending_day(bundled_files(), "car_washes", june, at_once=False) == june


def test_the_buyer_is_told_both_days() -> None:
    words = busy_season_message("Farms", date(2027, 9, 30))
    assert words == (
        "Farms: busy until 30 September 2027. The email goes on 1 October 2027, unless you tick “Send it now”."
    )


DAY = date(2026, 11, 24)
NOTHING = EmailAllowance(0, 0)


def waiting(session: Session, email: str) -> Organisation:
    """An organisation whose manager has this address and asked for a look at the name."""
    boss = a_person(session, email)
    made = an_organisation(session, "Eastshire County Council", manager=boss, buyer=boss)
    set_proven_domain(made, email)
    request_confirmation(session, made, boss, TODAY)
    return made


@pytest.mark.both_databases
def test_the_send_limit_follows_from_how_it_stands_with_the_name(session: Session) -> None:
    council = an_organisation(session, "The Council")

    def ration(day: date = DAY) -> EmailAllowance:
        return get_email_allowance(get_name_status(session, council, day), day)

    for state in NameState:
        council.name_state = state
        assert ration() == NOTHING, state
    confirm_name(council, lifted=False)
    council.name_since = DAY
    assert ration() == ration(DAY + timedelta(days=13)) == EmailAllowance(100)
    assert ration(DAY + timedelta(days=14)) == EmailAllowance(2000)
    council.name_lifted = True
    assert ration() == EmailAllowance(2000)
    council.name_until = DAY
    assert ration() == NOTHING, "two years are over"


@pytest.mark.both_databases
def test_a_government_address_gets_a_small_send_limit_while_its_name_waits(session: Session) -> None:
    assert get_email_allowance(
        get_name_status(session, waiting(session, "a@eastshire.gov.uk"), DAY), DAY
    ) == EmailAllowance(10, 30)
    assert get_email_allowance(get_name_status(session, waiting(session, "b@uea.ac.uk"), DAY), DAY) == NOTHING


@pytest.mark.both_databases
def test_ten_a_day_and_thirty_in_all(session: Session) -> None:
    council = waiting(session, "a@eastshire.gov.uk")
    went = []
    for day in range(5):
        for number in range(12):
            farm = a_supplier(session, council, f"Farm {day} {number}", email=f"a@b{day}-{number}.example")
            invited(session, farm, settings=MAILING, now=later(day))
        went.append(sum(one.sent_at is not None for one in _invitations(session)) - sum(went))
    assert went == [10, 10, 10, 0, 0]
    assert "30 in all" in get_email_allowance(get_name_status(session, council, DAY), DAY).words


@pytest.mark.both_databases
def test_those_who_wait_share_their_send_limit_by_domain_and_by_person(session: Session) -> None:
    clerk, day = uuid.uuid4(), iter(range(100))
    ann, other = ("domain a.gov.uk", f"person {clerk.hex}"), ("domain b.gov.uk", f"person {clerk.hex}")

    def took(shared: tuple[str, ...], on: date = DAY) -> int:
        """How many of twelve letters of an organisation that was begun for them."""
        buyer = uuid.uuid4()
        session.add(Organisation(id=buyer, name="Council", made_at=TODAY))
        session.flush()
        return sum(
            use_email_quota(session, buyer, f"mailbox {next(day)}", on, EmailAllowance(10, 30), shared)
            for _ in range(12)
        )

    assert [took(ann), took(ann), took(other)] == [10, 0, 0]
    assert took(("domain b.gov.uk", "person of somebody else")) == 10, "what could not go took nothing from others"
    assert [took(ann, DAY + timedelta(days=1)), took(ann, DAY + timedelta(days=2))] == [10, 10]
    assert took(ann, DAY + timedelta(days=3)) == took(other, DAY + timedelta(days=3)) == 0, "30 in all"


@pytest.mark.both_databases
def test_one_clerk_with_several_organisations_writes_no_more_than_with_one(session: Session) -> None:
    clerk = a_person(session, "a@eastshire.gov.uk")
    for which in range(2):
        made = an_organisation(session, f"Council {which}", manager=clerk, buyer=clerk)
        set_proven_domain(made, clerk.email)
        request_confirmation(session, made, clerk, TODAY)
        for number in range(6):
            farm = a_supplier(session, made, f"Farm {number}", email=f"a@b{which}-{number}.example")
            invited(session, farm, settings=MAILING, by=clerk.id)
    assert sum(one.sent_at is not None for one in _invitations(session)) == 10


@pytest.mark.both_databases
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


@pytest.mark.both_databases
def test_no_more_than_the_send_limit_goes_on_a_day_for_each_buyer(session: Session) -> None:
    council, shop, two = a_buyer(session, "The Council"), a_buyer(session, "The Shop"), EmailAllowance(2)
    assert [use_email_quota(session, council.id, f"mailbox {number}", DAY, two) for number in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert use_email_quota(session, shop.id, "mailbox", DAY, two)
    assert use_email_quota(session, council.id, "mailbox", date(2026, 11, 25), two)
    assert not use_email_quota(session, shop.id, "another", DAY, NOTHING)


@pytest.mark.both_databases
def test_of_many_at_once_no_more_go_than_may(published: Database) -> None:
    with published.writing() as session:
        council = waiting(session, "a@eastshire.gov.uk")
    got: list[bool] = []

    def take(number: int) -> None:
        with published.writing() as session:
            got.append(
                use_email_quota(
                    session, council.id, f"mailbox {number}", DAY, EmailAllowance(10, 30), ("domain x.gov.uk",)
                )
            )

    threads = [threading.Thread(target=take, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 10


@pytest.mark.both_databases
def test_links_by_hand_are_twenty_a_day(session: Session) -> None:
    council, shop = an_organisation(session, "The Council"), an_organisation(session, "The Shop")
    assert sum(use_link_quota(session, council.id, DAY) for _ in range(MAX_LINKS_A_DAY + 5)) == MAX_LINKS_A_DAY == 20
    assert use_link_quota(session, shop.id, DAY)
    assert use_link_quota(session, council.id, DAY + timedelta(days=1))


@pytest.mark.both_databases
def test_counts_of_days_long_past_go(session: Session) -> None:
    council = a_buyer(session, "The Council")
    use_email_quota(session, council.id, "mailbox", date(2026, 10, 1), EmailAllowance(2))
    use_email_quota(session, council.id, "mailbox", DAY, EmailAllowance(2))
    delete_expired_counters(session, TODAY)
    assert session.scalars(select(RateCounter.count)).all() == [1, 1], "of the mailbox and of the buyer"
    assert [use_email_quota(session, council.id, "mailbox", DAY, EmailAllowance(2)) for _ in range(2)] == [True, False]


@pytest.mark.both_databases
@pytest.mark.parametrize("ration", [EmailAllowance(2000), EmailAllowance(10, 30)])
def test_a_buyer_reads_what_its_send_limit_is(ration: EmailAllowance) -> None:
    assert f"at most {ration.a_day:,} suppliers a day" in ration.words
