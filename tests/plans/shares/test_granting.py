from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.models import Assessment, Submission
from assess.kit.mail.addresses import AddressUnfitError
from assess.kit.mail.models import Outgoing
from assess.people.models import Person, Ticket
from assess.people.tickets import TicketUnknownError
from assess.plans.register.keeping import Change
from assess.plans.register.keeping import change as change_register
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import (
    GrantOverError,
    GrantUnknownError,
    Recipient,
    accept,
    change,
    end,
    give,
    grant_of,
    grants_of,
    lives,
    offered,
    widens,
    write_again,
)
from assess.plans.shares.models import LONGEST_BUYER, ShareFile, ShareGrant
from assess.plans.shares.scopes import Scope
from tests.people.persons import database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.plans.shares.callers import caller_of
from tests.plans.shares.conftest import COUNCIL, Buyer, an_office, grant_row, latest

pytestmark = pytest.mark.both_databases

AT_ONCE = 20


def test_an_address_is_kept_in_small_letters_and_a_name_is_one_short_line() -> None:
    assert Recipient.typed(" Jo@Council.Example ", " Norfolk\n Council ") == Recipient(
        "jo@council.example", "Norfolk Council"
    )
    assert len(Recipient.typed("a@b.example", "x" * 500).buyer) == LONGEST_BUYER
    with pytest.raises(AddressUnfitError):
        Recipient.typed("nobody", "")


def test_twenty_at_once_take_it_up_and_one_succeeds(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted)

    def take(_number: int) -> bool:
        try:
            with database_of(app).writing() as session:
                accept(session, given.token, caller_of(council.person), now)
        except TicketUnknownError:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(take, range(AT_ONCE))) == 1
    assert grant_row(app, given).person_id == council.person.id


def test_only_the_address_it_was_made_for_takes_it_up_and_others_do_not_use_it_up(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given, other = share_with(submitted), make_buyer("buyer@shop.example")
    with database_of(app).writing() as session:
        with pytest.raises(TicketUnknownError):
            accept(session, given.token, caller_of(other.person), now)
        assert offered(session, given.token, caller_of(council.person), now).id == given.id
        with pytest.raises(TicketUnknownError):
            offered(session, "x" * 43, caller_of(council.person), now)


def test_it_is_taken_up_for_an_organisation_only_by_whoever_buys_for_it(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given, office = share_with(submitted), an_office(app, "Norfolk County Council", council.person)
    with database_of(app).writing() as session:
        with pytest.raises(ValueError, match="do not buy"):
            accept(session, given.token, caller_of(council.person), now, organisation_id=office)
        found = accept(session, given.token, caller_of(council.person, office), now, organisation_id=office)
        assert (found.organisation_id, found.person_id) == (office, None)


def test_after_the_end_the_link_the_file_and_the_mail_are_gone(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, ended: Any, now: datetime
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        session.add(ShareFile(grant_id=given.id, page="p", digest="d", content=b"%PDF-", made_at=now))
        session.add(
            Outgoing(
                event=f"share {given.id.hex} 1",
                about=submitted.id,
                to_address=COUNCIL,
                subject="s",
                body="b",
                stop="",
                made_at=now,
                tries=0,
            )
        )
    ended(submitted, given)
    ended(submitted, given)
    with database_of(app).reading() as look:
        assert look.scalar(select(func.count()).select_from(Ticket).where(Ticket.about == given.id)) == 0
        assert look.scalar(select(func.count()).select_from(ShareFile)) == 0
        assert look.scalars(select(Outgoing.to_address).where(Outgoing.event.startswith("share "))).all() == [""]
        with pytest.raises(TicketUnknownError):
            offered(look, given.token, caller_of(council.person), now)


def test_it_lives_until_the_second_it_was_given_for(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted, days=7)
    last = now + timedelta(days=7)
    grant = grant_row(app, given)
    assert lives(grant, last - timedelta(seconds=1))
    assert not lives(grant, last)
    with database_of(app).reading() as look:
        assert offered(look, given.token, caller_of(council.person), last - timedelta(seconds=1))
        with pytest.raises(TicketUnknownError):
            offered(look, given.token, caller_of(council.person), last)


def test_ninety_days_are_the_longest(app: Flask, submitted: Submitted, share_with: Any) -> None:
    assert grant_row(app, share_with(submitted, days=90)).until == grant_row(
        app, share_with(submitted)
    ).until + timedelta(days=60)
    for days in (0, 91, 365):
        with pytest.raises(ValueError, match="not offered"):
            share_with(submitted, days=days)


def test_a_new_link_ends_the_older_one(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        again = write_again(session, grant_of(session, submitted.id, given.id), now)
        with pytest.raises(TicketUnknownError):
            offered(session, given.token, caller_of(council.person), now)
        accept(session, again.token, caller_of(council.person), now)
        with pytest.raises(GrantOverError):
            write_again(session, grant_of(session, submitted.id, given.id), now)


def test_shown_less_nothing_of_the_rest_is_left_and_shown_more_it_is_as_of_today(
    app: Flask, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given, later = share_with(submitted, scope=Scope.PLAN), now + timedelta(days=1)
    with database_of(app).writing() as session:
        done = Change(response="accepted", status="done", done_on="2026-11-24")
        change_register(session, latest(app, submitted), "farm_blacklist", done, 0, now)
        grant = grant_of(session, submitted.id, given.id, locked=True)
        assert widens(grant, Scope.EVIDENCE)
        assert not widens(grant, Scope.PLAN)
        change(session, grant, Scope.PLAN, 30, later)
        assert thaw(grant.document).done == 0, "for longer is not more"
        change(session, grant, Scope.EVIDENCE, 30, later)
        assert (thaw(grant.document).done, grant.frozen_at, grant.until) == (1, later, later + timedelta(days=30))
        change(session, grant, Scope.BUYER_COPY, 7, later)
        assert '"answers": null' in json.dumps(grant.document)
        assert (thaw(grant.document).plan, grant.frozen_at) == (None, later)
        end(session, grant, later)
        with pytest.raises(GrantOverError):
            change(session, grant, Scope.PLAN, 30, later)


def test_a_link_waits_as_long_as_its_share_and_what_is_over_is_not_woken(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted, days=7)
    with database_of(app).writing() as session:
        change(session, grant_of(session, submitted.id, given.id), Scope.BUYER_COPY, 30, now)
        assert offered(session, given.token, caller_of(council.person), now + timedelta(days=29))
        late = now + timedelta(days=30)
        with pytest.raises(GrantOverError):
            change(session, grant_of(session, submitted.id, given.id), Scope.BUYER_COPY, 30, late)


def test_what_is_no_longer_the_latest_is_neither_shared_nor_shown_more_of(
    app: Flask, submitted: Submitted, share_with: Any, answer_again: Any, now: datetime
) -> None:
    given, old = share_with(submitted), latest(app, submitted)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    with database_of(app).writing() as session:
        with pytest.raises(GrantOverError):
            change(session, grant_of(session, submitted.id, given.id), Scope.PLAN, 30, now)
        with pytest.raises(GrantOverError):
            give(session, session.get_one(Submission, old), Recipient(COUNCIL, ""), Scope.PLAN, 30, now)


def test_a_share_of_another_assessment_is_none(app: Flask, submitted: Submitted, share_with: Any) -> None:
    given = share_with(submitted)
    with database_of(app).reading() as look:
        assert [grant.id for grant in grants_of(look, submitted.id)] == [given.id]
        for assessment, grant in ((uuid.uuid4(), given.id), (submitted.id, uuid.uuid4())):
            with pytest.raises(GrantUnknownError):
                grant_of(look, assessment, grant)


def test_whoever_deletes_their_account_stands_to_nothing_any_more(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    with database_of(app).writing() as session:
        session.delete(session.get_one(Person, council.person.id))
    grant = grant_row(app, given)
    assert (grant.person_id, grant.organisation_id) == (None, None)
    assert grant.accepted_at


def test_it_goes_with_the_assessment(app: Flask, submitted: Submitted, share_with: Any) -> None:

    share_with(submitted)
    with database_of(app).writing() as session:
        session.delete(session.get_one(Assessment, submitted.id))
    with database_of(app).reading() as look:
        assert look.scalar(select(func.count()).select_from(ShareGrant)) == 0
