"""The mail to a recipient never becomes a letter of whoever shares, and a mailbox gets few and can have none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.assessments.models import Assessment
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import EmailUnsubscribe, OutgoingMail
from assess.identity.models import Organisation
from assess.sharing.emails import SHARE_MAIL_KIND, SHARE_MAILBOX_LIMIT, confirmed_sharer
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import scenario

LURE = "Your account is locked: go to evil.example/login or ring 0900 123 4567"
STRANGER = "stranger@victim.example"


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def called(app: Flask, visit: Visitor, name: str) -> Submitted:
    """A business that submitted and calls itself so."""
    record = scenario()
    return submit_record(app, visit, {**record, "organisation": {**record["organisation"], "name": name}}, TODAY)


def shared(visit: Visitor, submitted: Submitted, email: str = STRANGER) -> Page:
    visit(f"{submitted.address}/share/new")
    return visit.send(email=email, buyer="", scope="buyer_copy", days="30")


def sent(app: Flask, settings: Settings) -> None:
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)


def test_a_name_nobody_confirmed_stands_in_no_mail(
    app: Flask, visit: Visitor, settings: Settings, postbox: MailServer
) -> None:
    shared(visit, called(app, visit, LURE))
    sent(app, settings)
    (mail,), (body,) = postbox.mails, postbox.bodies()
    assert body.startswith("Name not confirmed.\n\nA business wants to show you a copy of answers")
    for lure in ("locked", "evil", "0900", "4567"):
        assert lure not in body + str(mail)


def test_a_confirmed_name_stands_in_it_with_its_domain_unless_it_leads_elsewhere(
    app: Flask, visit: Visitor, settings: Settings, postbox: MailServer
) -> None:
    name = "Fen Edge Growers Ltd"
    submitted = called(app, visit, name)
    boss = "boss@fenedge.example"
    with database_of(app).writing() as session:
        ann = a_person(session, boss)
        organisation = an_organisation(session, name, manager=ann)
        confirm_name(organisation, "fenedge.example")
        organisation_id = organisation.id
        session.get_one(Assessment, submitted.id).organisation_id = organisation_id
    sign_in(visit, app, ann)
    shared(visit, submitted)
    sent(app, settings)
    assert postbox.bodies()[0].startswith("The business “Fen Edge Growers Ltd” (fenedge.example) wants to show you")
    with database_of(app).writing() as session:
        found = confirmed_sharer(session, submitted.id, name)
        assert found is not None
        assert (found.name, found.domain) == (name, "fenedge.example")
    for _ in range(SHARE_MAILBOX_LIMIT.most + 1):
        shared(visit, submitted)
    with database_of(app).writing() as session:
        assert len(session.scalars(select(OutgoingMail)).all()) == SHARE_MAILBOX_LIMIT.most, (
            "a confirmed name writes no more"
        )
        for lure in ("Ring 01603 123456", "Pay.example.com Ltd", "oh nine oh oh one Ltd"):
            session.get_one(Organisation, organisation_id).name = lure
            assert confirmed_sharer(session, submitted.id, lure) is None


def test_a_mailbox_gets_five_a_day_and_whoever_shares_reads_the_same(
    app: Flask, visit: Visitor, submitted: Submitted
) -> None:
    pages = [
        shared(visit, submitted, f"stranger+{number}@victim.example") for number in range(SHARE_MAILBOX_LIMIT.most + 2)
    ]
    said = {re.sub(r"stranger\+\d", "stranger", page.text) for page in pages}
    assert len(said) == 1
    with database_of(app).reading() as session:
        assert len(session.scalars(select(OutgoingMail)).all()) == SHARE_MAILBOX_LIMIT.most
    shared(visit, submitted, "other@victim.example")
    with database_of(app).reading() as session:
        assert len(session.scalars(select(OutgoingMail)).all()) == SHARE_MAILBOX_LIMIT.most + 1


def test_a_mailbox_that_wants_no_more_gets_none_and_nobody_is_told(
    app: Flask, visit: Visitor, another_visit: Visitor, submitted: Submitted, settings: Settings, postbox: MailServer
) -> None:
    first = shared(visit, submitted)
    sent(app, settings)
    stop = str(postbox.mails[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost:5000")
    assert f"{stop}\n" in postbox.bodies()[0]
    assert another_visit(stop).heading == "No more emails?"
    with database_of(app).reading() as session:
        assert session.scalars(select(EmailUnsubscribe)).all() == [], "a look stops nothing"
    assert another_visit.send().heading == "No more emails come"
    again = shared(visit, submitted)
    assert again.text == first.text
    sent(app, settings)
    assert len(postbox.mails) == 1
    with database_of(app).reading() as session:
        assert STRANGER not in str([one.mark for one in session.scalars(select(EmailUnsubscribe))])


def test_whoever_stopped_before_the_key_was_changed_still_gets_none(session: Session) -> None:
    token = SHARE_MAIL_KIND.unsubscribe_path(STRANGER, "the key of then").rpartition("/")[2]
    keys = ("the key of today", "the key of then")
    assert SHARE_MAIL_KIND.mailbox_hash_in(token, keys[:1]) is None
    mark = SHARE_MAIL_KIND.mailbox_hash_in(token, keys)
    assert mark is not None, "links in mails of then still work"
    SHARE_MAIL_KIND.stop(session, mark, TODAY)
    assert SHARE_MAIL_KIND.is_stopped(session, STRANGER, keys)
    assert not SHARE_MAIL_KIND.is_stopped(session, "other@victim.example", keys)


def test_a_mail_program_stops_it_with_one_press(app: Flask, visit: Visitor, submitted: Submitted) -> None:
    shared(visit, submitted)
    with database_of(app).reading() as session:
        stop = session.scalars(select(OutgoingMail.stop)).one().removeprefix("http://localhost:5000")
    program = app.test_client()
    assert program.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.post(stop, data={}).status_code == 400
    wrong = stop[:-1] + ("0" if stop[-1] != "0" else "1")
    for made_up in (wrong, "/shared/stop/x", f"/shared/stop/{'0' * 96}", "/shared/stop/é"):
        assert program.post(made_up, data={"List-Unsubscribe": "One-Click"}).status_code == 404
        assert program.get(made_up).status_code == 404
    with database_of(app).reading() as session:
        assert len(session.scalars(select(EmailUnsubscribe)).all()) == 1


def test_what_waits_when_somebody_stops_does_not_leave(
    app: Flask, visit: Visitor, submitted: Submitted, settings: Settings, postbox: MailServer
) -> None:
    shared(visit, submitted)
    with database_of(app).reading() as session:
        stop = session.scalars(select(OutgoingMail.stop)).one().removeprefix("http://localhost:5000")
    app.test_client().post(stop, data={"List-Unsubscribe": "One-Click"})
    sent(app, settings)
    assert postbox.mails == []


@pytest.mark.parametrize("name", ["Locked: go to https://evil.example/login", "www.evil.example"])
def test_no_business_is_called_by_a_web_address(visit: Visitor, name: str) -> None:
    visit("/start?bank=car_washes")
    here = str(visit.send(length="full").address).rstrip("/")
    visit(f"{here}/business")
    page = visit.send(name=name)
    assert page.status == 422
    assert "without a web address" in page.text
