"""Everything an organisation gave out ends when the assessment moves to another."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Assessment
from assess.assessments.ownership import SiteChoice, transfer_assessment
from assess.identity.models import OneTimeToken, Organisation
from assess.plans.models import Reminder
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import TOKEN_KIND, ShareRecipient, create_share
from tests.conftest import TODAY, Page
from tests.identity.access_objects import AccessObjects
from tests.identity.accounts_factory import an_organisation, database_of, sign_in

LATER = TODAY + timedelta(minutes=1)


def opened_by(client: Any, address: str) -> str | None:
    """Press the button of a landing page: where it leads, None when the link does not work."""
    page = Page(client.get(address))
    if page.status != 200:
        return None
    return str(client.post(address, data=page.fields()).headers["Location"])


@pytest.mark.both_databases
@pytest.mark.parametrize("elsewhere", [True, False])
def test_what_an_organisation_gave_out_ends_when_it_goes_to_another(app: Flask, elsewhere: bool) -> None:  # noqa: FBT001  # a parameter of the test
    with database_of(app).writing() as session:
        things = AccessObjects(session)
        waits = create_share(
            session,
            things.submission,
            ShareRecipient("new@people.example", "Shop"),
            ShareScope.BUYER_COPY,
            30,
            TODAY,
        )
        other = an_organisation(session, "Wroxham Farm", manager=things.people["manager"])
        here: uuid.UUID = things.submission.assessment_id
        farm: Organisation = things.farm
        session.add(Reminder(assessment_id=here, address="jo@farm.example", confirm_hash="0" * 64, made_at=TODAY))
    links = [things.links[name] for name in ("resume", "delegation", "review", "buyer")]
    inside = []
    for link in links:
        client = app.test_client()
        target = opened_by(client, link)
        assert target is not None
        inside.append((client, target))
    helper = app.test_client()
    sign_in(helper, app, things.people["helper"])
    recipient = app.test_client()
    sign_in(recipient, app, things.people["recipient"])
    inside += [(helper, f"/assessments/{here}/"), (recipient, f"/shared/{things.arguments['grant_id']}")]
    assert [client.get(target, follow_redirects=True).status_code for client, target in inside] == [200] * 6

    with app.app_context(), database_of(app).writing() as session:
        transfer_assessment(session, here, other.id if elsewhere else farm.id, SiteChoice(None, ""), LATER)

    ended = elsewhere
    shown = [client.get(target, follow_redirects=True).status_code == 200 for client, target in inside]
    # a share that was ended tells its recipient so, and shows nothing
    assert shown[:5] == [not ended] * 5
    assert (things.submission.record["organisation"]["name"] in recipient.get(inside[5][1]).get_data(as_text=True)) is (
        not ended
    )
    assert [opened_by(app.test_client(), link) is None for link in links] == [ended] * 4
    with database_of(app).reading() as session:
        grants = session.scalars(select(ShareGrant).where(ShareGrant.assessment_id == here)).all()
        assert {grant.ended_at is not None for grant in grants} == {ended}
        tickets = session.scalars(
            select(OneTimeToken).where(OneTimeToken.kind == TOKEN_KIND, OneTimeToken.about == waits.grant.id)
        ).all()
        assert bool(tickets) is not ended
        reminders = session.scalars(select(Reminder).where(Reminder.assessment_id == here)).all()
        assert all((one.stopped_at is not None) is ended for one in reminders)
        assert session.get_one(Assessment, here).organisation_id == (other.id if elsewhere else farm.id)
