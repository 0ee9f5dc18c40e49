from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from assess.assessments.links import buyer_links, end_buyer_link
from assess.plans.shares.granting import grants_of
from assess.plans.shares.listing import LINK, Entry, listed, look_words, of_grant, recipient_words
from assess.plans.shares.looking import looks_at_grants
from assess.plans.shares.models import Looked, ShareGrant, ShareLook
from tests.people.persons import database_of
from tests.plans.conftest import Submitted
from tests.plans.shares.conftest import COUNCIL, Buyer, grant_row


def all_of(app: Flask, submitted: Submitted, latest: int, now: datetime) -> tuple[Entry, ...]:
    with database_of(app).reading() as look:
        grants = grants_of(look, submitted.id)
        looks = looks_at_grants(look, [grant.id for grant in grants])
        return listed(grants, buyer_links(look, submitted.id), looks, {}, latest, now)


def test_shares_and_links_stand_in_one_list_the_newest_first(
    app: Flask, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    share_with(submitted, at=now + timedelta(minutes=1))
    entries = all_of(app, submitted, submitted.submission_id, now)
    assert [(entry.named, entry.stand) for entry in entries] == [(True, "waits"), (False, "works")]
    assert entries[0].name == f"Norfolk County Council ({COUNCIL})"
    assert (entries[1].name, entries[1].scope) == ("Without a note", LINK)


@pytest.mark.parametrize(("later", "days", "stand"), [(0, 0, "works"), (1, 0, "answered_again"), (0, 30, "over")])
def test_how_it_stands(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime, later: int, days: int, stand: str
) -> None:
    grant = grant_row(app, shared_with(submitted, council))
    entry = of_grant(grant, [], submitted.submission_id + later, now + timedelta(days=days))
    assert entry.stand == stand
    assert entry.can_be_ended == (stand != "over")
    assert entry.looked_on is None


def test_what_was_ended_says_since_when(
    app: Flask, submitted: Submitted, share_with: Any, ended: Any, now: datetime
) -> None:
    ended(submitted, share_with(submitted))
    with database_of(app).writing() as session:
        end_buyer_link(session, submitted.id, buyer_links(session, submitted.id)[0].id, now)
    entries = all_of(app, submitted, submitted.submission_id, now)
    assert {(entry.stand, entry.ended_on) for entry in entries} == {("ended", now.date())}


def test_the_recipient_is_named_as_the_business_typed_it() -> None:
    assert recipient_words(ShareGrant(email=COUNCIL, buyer="")) == COUNCIL


def test_a_look_is_told_by_the_clock_on_the_wall() -> None:
    at = datetime.fromisoformat("2026-07-01T23:05:00+00:00")
    assert look_words(ShareLook(what=Looked.FILE, at=at)) == "2 July 2026, 0:05: took a file"
