"""Fifteen ways to write to strangers in somebody else's name, and the place where each stops.

 1 look-alike letters                 the name is refused while it is typed, or waits for the desk: no letter goes
 2 punctuation and legal form         an organisation of that name is unconfirmed: no letter goes
 3 initials of a public body          the same
 4 a name with another's number       the confirmation is of both together: another number ends it
 5 renaming after confirmation        the confirmation ends, what waits is not sent
 6 a look-alike domain                the letter names the domain in its first line, its sender and its subject
 7 a tenant of a shared domain        such a domain is nobody's own
 8 a student of a university          ac.uk is no domain of government: no letter goes
 9 a former member's address          answers go to nobody who has left
10 a second organisation of a member  it has a state of its own: unconfirmed
11 the operator's or helpline's name  an organisation of that name is unconfirmed, and no name stands in a letter alone
12 a business whose name is a lure    the mail about a share carries no name that is not confirmed
13 a number in words                  the sentence is refused while it is typed
14 a forwarded letter                 a stranger who answers opens no answers, and a wrong domain checks as unknown
15 answers to elsewhere               Reply-To is an address at the confirmed domain, or there is none
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import OutgoingMail
from assess.identity.models import NameState, Organisation
from assess.identity.organisations.name_confirmation import (
    get_name_status,
    rename_organisation,
    request_confirmation,
    set_company_number,
    set_proven_domain,
)
from assess.identity.organisations.name_rules import NoOwnDomainError, OrganisationNameField
from assess.identity.organisations.services import remove_membership
from assess.suppliers.emails import NoEmailReason, no_email_reason_for_buyer
from assess.suppliers.forms import NO_ADDRESS, NO_NUMBERS, NO_QUOTES, NOTHING_HANDED_OVER
from assess.suppliers.views_emails import CheckVerdict, find_checked_email
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_supplier, invited

COUNCIL = "Eastshire County Council"
DOMAIN = "eastshire.gov.uk"
ON = TODAY.date()
LETTERS = select(OutgoingMail.body).where(OutgoingMail.event.startswith("supplier invitation "))


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def sent(app: Flask, settings: Settings) -> None:
    """What waits in the outbox goes out by the worker, to a real server."""
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)


def one_asks(
    session: Session, settings: Settings, name: str, email: str, *domains: str, confirmed: bool
) -> Organisation:
    """An organisation with a manager of this address asks one supplier for an answer."""
    boss = a_person(session, email)
    made = an_organisation(session, name, manager=boss, buyer=boss)
    if confirmed:
        confirm_name(made, *domains)
    session.flush()
    farm = a_supplier(session, made, "Farm", email="office@farm.example")
    invited(session, farm, settings=settings)
    return made


NAMES = [
    pytest.param("Eаstshire County Council", id="1 a letter of another script"),
    pytest.param("Eastshire. County Council Ltd (Norfolk)", id="2 punctuation and legal form"),
    pytest.param("ECC", id="3 initials"),
    pytest.param("Modern Slavery Helpline", id="11 the helpline"),
    pytest.param("Norfolk test desk", id="11 the operator"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_like_another_one_sends_nothing(
    app: Flask, settings: Settings, postbox: MailServer, name: str
) -> None:
    if OrganisationNameField().read(name)[1]:
        return  # it stops where it is typed
    with database_of(app).writing() as session:
        made = one_asks(session, settings, name, "boss@cheap-domain.example", confirmed=False)
        assert no_email_reason_for_buyer(session, made, settings, ON) is NoEmailReason.NOT_CONFIRMED
        request_confirmation(session, made, None, TODAY)
        assert no_email_reason_for_buyer(session, made, settings, ON) is NoEmailReason.NOT_CONFIRMED, (
            "waiting is not confirmed"
        )
    sent(app, settings)
    assert postbox.mails == []


def other_number(session: Session, made: Organisation) -> None:
    set_company_number(session, made, "01234567", TODAY)


def other_name(session: Session, made: Organisation) -> None:
    rename_organisation(session, made, "Westshire County Council", TODAY)


@pytest.mark.parametrize(
    "change", [pytest.param(other_number, id="4 another number"), pytest.param(other_name, id="5 another name")]
)
def test_what_is_not_what_was_confirmed_sends_nothing(
    app: Flask, settings: Settings, postbox: MailServer, change: Callable[[Session, Organisation], None]
) -> None:
    with database_of(app).writing() as session:
        made = one_asks(session, settings, COUNCIL, f"ann@{DOMAIN}", DOMAIN, confirmed=True)
        assert session.scalars(LETTERS).one() != ""
        change(session, made)
        assert session.scalars(LETTERS).one() == "", "what waits is blanked in the same transaction"
    sent(app, settings)
    assert [mail for mail in postbox.mails if mail["To"] == "office@farm.example"] == []


def test_6_a_look_alike_domain_stands_where_everybody_reads_it(
    app: Flask, settings: Settings, postbox: MailServer
) -> None:
    with database_of(app).writing() as session:
        one_asks(session, settings, COUNCIL, "ann@eastshire-gov.example", "eastshire-gov.example", confirmed=True)
    sent(app, settings)
    (mail,) = postbox.mails
    assert mail["Subject"] == f"{COUNCIL} (eastshire-gov.example) asks 45 minutes of you"
    assert str(mail["From"].addresses[0].display_name) == f"{COUNCIL} through Assess"
    assert postbox.bodies()[0].startswith(f"{COUNCIL} (eastshire-gov.example) asks you ")


@pytest.mark.parametrize(
    "email", [pytest.param("ann@outlook.com", id="7 a provider"), pytest.param("ann@nhs.net", id="7 shared by many")]
)
def test_7_a_domain_that_many_share_is_nobodys(session: Session, email: str) -> None:
    made = an_organisation(session, COUNCIL, manager=a_person(session, email))
    with pytest.raises(NoOwnDomainError):
        set_proven_domain(made, email)


@pytest.mark.parametrize("domain", ["uea.ac.uk", "academy.sch.uk"])
def test_8_a_student_is_not_the_university(app: Flask, settings: Settings, postbox: MailServer, domain: str) -> None:
    with database_of(app).writing() as session:
        made = one_asks(session, settings, "University of Eastshire", f"stu@{domain}", confirmed=False)
        with contextlib.suppress(NoOwnDomainError):  # of a school's domain nobody says that it is theirs
            set_proven_domain(made, f"stu@{domain}")
        request_confirmation(session, made, None, TODAY)
        assert no_email_reason_for_buyer(session, made, settings, ON) is NoEmailReason.NOT_CONFIRMED
    sent(app, settings)
    assert postbox.mails == []


def test_a_government_address_proves_the_domain_and_no_name(
    app: Flask, settings: Settings, postbox: MailServer, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        boss = a_person(session, f"ann@{DOMAIN}")
        made = an_organisation(session, COUNCIL, manager=boss, buyer=boss)
        set_proven_domain(made, boss.email)
        request_confirmation(session, made, boss, TODAY)
        farm = a_supplier(session, made, "Farm", email="office@farm.example")
        invitation = invited(session, farm, settings=settings)
        invitation.message = "Please be so kind."
    sent(app, settings)
    (mail,) = postbox.mails
    body = postbox.bodies()[0]
    assert body.startswith(f"Somebody with an address at {DOMAIN} asks you, in the name of {COUNCIL}, ")
    assert "Nobody has confirmed this name yet." in body.splitlines()[0]
    assert "They write" not in body
    assert COUNCIL not in str(mail["From"]) + str(mail["Subject"])
    landing = visit(re.findall(r"/supplier-invitations/[\w-]{43}", body)[0])
    assert "Name not confirmed" in landing.text
    assert "Please be so kind." not in landing.text


def test_9_answers_go_to_nobody_who_has_left(app: Flask, settings: Settings, postbox: MailServer) -> None:
    with database_of(app).writing() as session:
        ann, bob = a_person(session, f"ann@{DOMAIN}"), a_person(session, f"bob@{DOMAIN}")
        made = an_organisation(session, COUNCIL, manager=[ann, bob], buyer=bob)
        confirm_name(made, DOMAIN)
        remove_membership(session, made.id, bob.id, TODAY)
        farm = a_supplier(session, made, "Farm", email="office@farm.example")
        invited(session, farm, settings=settings, by=bob.id)
    sent(app, settings)
    assert [mail["Reply-To"] for mail in postbox.mails] == [f"ann@{DOMAIN}"]


def test_10_a_second_organisation_of_a_member_of_a_confirmed_one_is_unconfirmed(
    app: Flask, settings: Settings, postbox: MailServer
) -> None:
    with database_of(app).writing() as session:
        boss = a_person(session, f"ann@{DOMAIN}")
        confirm_name(an_organisation(session, COUNCIL, manager=boss, buyer=boss), DOMAIN)
        second = an_organisation(session, "Eastshire Payments", manager=boss, buyer=boss)
        invited(session, a_supplier(session, second, "Farm", email="office@farm.example"), settings=settings)
        assert get_name_status(session, second, ON).state is NameState.UNCONFIRMED
    sent(app, settings)
    assert postbox.mails == []


# 12 stands in tests/sharing/test_emails.py
@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("Ring oh seven seven double oh nine", NO_NUMBERS),
        ("Call 0-9.0 0 1", NO_NUMBERS),
        ("Pay the invoice first.", NO_NUMBERS),
        ("Your sort-code, please", NO_NUMBERS),
        ("ᴘᴀʏ us", NO_NUMBERS),
        ("Ring 07 70 then nine double oh then one two three then four five six.", NO_NUMBERS),
        ("Visit norfolkcouncil•com", NO_ADDRESS),
        ("Thank you.” We checked this letter with the police. “Regards", NO_QUOTES),
        ("Send copies of your workers’ passports", NOTHING_HANDED_OVER),
    ],
)
def test_13_the_own_sentence_forges_no_part_of_the_email(app: Flask, visit: Visitor, sentence: str, says: str) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, f"ann@{DOMAIN}")
        made = an_organisation(session, COUNCIL, buyer=ann)
        confirm_name(made, DOMAIN)
        here = f"/organisations/{made.id}/suppliers/new"
    sign_in(visit, app, ann)
    visit(here)
    page = visit.send(name="Farm", email="office@farm.example", sector="farming", message=sentence)
    assert page.status == 422
    assert says in page.text


def test_14_a_stranger_with_a_forwarded_email_opens_no_answers_and_checks_in_vain(
    app: Flask, settings: Settings, postbox: MailServer, visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        one_asks(session, settings, COUNCIL, f"ann@{DOMAIN}", DOMAIN, confirmed=True)
    sent(app, settings)
    body = postbox.bodies()[0]
    landing = visit(re.findall(r"/supplier-invitations/[\w-]{43}", body)[0])
    assert "I do not know them" in landing.text
    number = re.findall(r"Email number: (\w{5}-\w{5})", body)[0]
    with database_of(app).reading() as session:
        assert (
            find_checked_email(session, number, "office@farm.example", settings.honoured_keys).verdict
            is CheckVerdict.YES
        )
        assert find_checked_email(
            session, number, "office@stranger.example", settings.honoured_keys
        ) == find_checked_email(session, "00000-00000", "office@farm.example", settings.honoured_keys)


@pytest.mark.parametrize(
    ("email", "reply"),
    [
        (f"ann@{DOMAIN}", f"ann@{DOMAIN}"),
        (f"ann@mail.{DOMAIN}", f"ann@mail.{DOMAIN}"),
        (f"ann@not{DOMAIN}", None),
        ("ann@evil.example", None),
    ],
)
def test_15_answers_go_to_the_confirmed_domain_or_to_nobody(
    app: Flask, settings: Settings, postbox: MailServer, email: str, reply: str | None
) -> None:
    with database_of(app).writing() as session:
        one_asks(session, settings, COUNCIL, email, DOMAIN, confirmed=True)
    sent(app, settings)
    (mail,) = postbox.mails
    assert mail["Reply-To"] == reply
    assert mail["From"].addresses[0].addr_spec == "desk@network.example"
