"""A name that is taken back: what waits is not sent, links say so, and a second person writes to all who had a letter."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import OutgoingMail
from assess.identity.models import ConfirmationMethod, Membership, NameState, Organisation, Person, Role
from assess.identity.organisations.name_confirmation import (
    NameConfirmation,
    confirm_organisation_name,
    end_name_confirmation,
    lift_suspension,
    refuse_organisation_name,
    rename_organisation,
    request_confirmation,
    set_company_number,
    set_proven_domain,
    suspend_organisation_name,
)
from assess.identity.organisations.services import delete_organisation
from assess.suppliers.emails import (
    ADDRESS_RETENTION,
    EMAIL_RETENTION,
    NoEmailReason,
    delete_old_emails,
    no_email_reason_for_buyer,
    normalise_email_number,
)
from assess.suppliers.models import EmailCorrection, SupplierEmail, SupplierInvitation
from assess.suppliers.name_revocation import (
    NothingToCorrectError,
    SamePersonError,
    correction_text,
    list_correction_drafts,
    queue_correction,
)
from assess.suppliers.services import unsubscribe_from_buyer
from assess.suppliers.views_emails import CHECK_LIMIT, CheckVerdict, find_checked_email
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_buyer, a_supplier, invited, later


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


class Scene:
    """A council that wrote to three mailboxes, one of which wants no more; and two people of the desk."""

    def __init__(self, app: Flask, settings: Settings, postbox: MailServer) -> None:
        self.app, self.settings, self.postbox = app, settings, postbox
        with database_of(app).writing() as session:
            self.ann = a_person(session, "ann@desk.example", desk="administrator")
            self.cora = a_person(session, "cora@desk.example", desk="coordinator")
            self.council = a_buyer(session, "The Council")
            for number in range(3):
                farm = a_supplier(session, self.council, f"Farm {number}", email=f"a@b{number}.example")
                invited(session, farm, settings=settings)
        self.work()
        assert len(postbox.mails) == 3
        self.bodies = postbox.bodies()
        self.link = re.findall(r"/supplier-invitations/[\w-]{43}", self.bodies[0])[0]
        with database_of(app).writing() as session:
            one = session.scalars(select(SupplierInvitation).order_by(SupplierInvitation.made_at)).first()
            assert one is not None
            unsubscribe_from_buyer(session, one, settings.key, TODAY)
        postbox.raw.clear()

    def work(self) -> None:
        """Whatever waits for the worker is done."""
        load_jobs()
        run_due_jobs(database_of(self.app), self.settings, lambda: TODAY)

    def suspend(self) -> None:
        with database_of(self.app).writing() as session:
            cora = session.merge(self.cora)
            suspend_organisation_name(
                session, session.get_one(Organisation, self.council.id), "It is somebody else.", cora, TODAY
            )

    def the_draft(self, session: Session) -> EmailCorrection:
        (draft,) = list_correction_drafts(session)
        return draft.correction


def give_role(session: Session, organisation: Organisation, person: Person) -> None:
    """They manage it."""
    session.add(Membership(organisation_id=organisation.id, person_id=person.id, role=Role.MANAGER, made_at=TODAY))
    session.flush()


@pytest.fixture
def scene(app: Flask, settings: Settings, postbox: MailServer) -> Scene:
    return Scene(app, settings, postbox)


def test_what_waits_is_blanked_in_the_same_transaction(scene: Scene) -> None:
    with database_of(scene.app).writing() as session:
        mill = a_supplier(session, session.merge(scene.council), "Mill", email="m@mill.example")
        invited(session, mill, settings=scene.settings)
        cora = session.merge(scene.cora)
        suspend_organisation_name(session, session.get_one(Organisation, scene.council.id), "No.", cora, TODAY)
        waiting = session.scalars(
            select(OutgoingMail).where(OutgoingMail.sent_at.is_(None), OutgoingMail.event.contains("first"))
        )
        assert [(one.to_address, one.body, one.ended_at is not None) for one in waiting] == [("", "", True)]
    scene.work()
    assert [mail for mail in scene.postbox.mails if mail["To"] == "m@mill.example"] == []


def test_links_of_emails_say_that_nobody_has_to_answer(scene: Scene, visit: Visitor, another_visit: Visitor) -> None:
    visit(scene.link)
    inside = visit.send().address
    scene.suspend()
    for who, address in ((another_visit, scene.link), (visit, scene.link), (visit, inside), (visit, f"{inside}/begin")):
        page = who(address)
        assert (page.status, page.heading) == (410, "We can no longer confirm who asked")
        assert "You need not answer; nothing you write goes to them." in page.text
        assert "Council" not in page.text


def test_a_second_person_sends_it_to_all_once_also_to_those_who_stopped(
    scene: Scene, visit: Visitor, another_visit: Visitor
) -> None:
    scene.suspend()
    sign_in(another_visit, scene.app, scene.cora)
    another_visit("/staff/supplier-emails")
    with database_of(scene.app).reading() as session:
        here = f"/staff/supplier-emails/corrections/{scene.the_draft(session).id}"
    page = another_visit(here)
    assert "Somebody else has to look at the email and send it." in page.text
    assert page.soup.select(f"form[action$='{here}'] button, main form button") == []
    sign_in(visit, scene.app, scene.ann)
    page = visit(here)
    assert "Send it to 3 mailboxes" in page.text
    shown = page.soup.select_one(".assess-said")
    assert shown is not None
    assert "The email is on its way." in visit.send().text
    scene.work()
    told = sorted(str(mail["To"]) for mail in scene.postbox.mails if str(mail["To"]).startswith("a@"))
    assert told == ["a@b0.example", "a@b1.example", "a@b2.example"]
    body = next(body for body in scene.postbox.bodies() if body.startswith("We can no longer"))
    assert " ".join(body.split()) == " ".join(shown.get_text().split())
    assert visit(here).status == 404, "once"
    scene.work()
    assert len([mail for mail in scene.postbox.mails if str(mail["To"]).startswith("a@")]) == 3


def test_whoever_took_it_back_is_not_the_second_person(scene: Scene) -> None:
    scene.suspend()
    with database_of(scene.app).writing() as session:
        draft = scene.the_draft(session)
        with pytest.raises(SamePersonError):
            queue_correction(session, draft.id, scene.cora.id, TODAY)
        assert queue_correction(session, draft.id, scene.ann.id, TODAY) == 3
        with pytest.raises(NothingToCorrectError):
            queue_correction(session, draft.id, scene.ann.id, TODAY)


def test_a_mistake_that_is_undone_corrects_nothing(scene: Scene) -> None:
    scene.suspend()
    with database_of(scene.app).writing() as session:
        draft = scene.the_draft(session)
        ann = session.merge(scene.ann)
        lift_suspension(session, session.get_one(Organisation, scene.council.id), "A mistake.", ann, later(1))
        assert list_correction_drafts(session) == []
        with pytest.raises(NothingToCorrectError):
            queue_correction(session, draft.id, scene.ann.id, later(1))


def test_emails_of_more_than_90_days_ago_are_not_corrected(scene: Scene) -> None:
    with database_of(scene.app).writing() as session:
        for letter in session.scalars(select(SupplierEmail)).all()[1:]:
            letter.made_at = TODAY - timedelta(days=91)
    scene.suspend()
    with database_of(scene.app).reading() as session:
        assert [draft.mailboxes for draft in list_correction_drafts(session)] == [1]


def test_a_name_under_which_nothing_went_needs_no_email(app: Flask) -> None:
    with database_of(app).writing() as session:
        shop = a_buyer(session, "The Shop")
        suspend_organisation_name(session, shop, "No.", None, TODAY)
        assert list_correction_drafts(session) == []


def test_deleting_itself_does_not_keep_the_email_from_going(scene: Scene) -> None:
    scene.suspend()
    with database_of(scene.app).writing() as session:
        delete_organisation(session, session.get_one(Organisation, scene.council.id))
        assert [draft.mailboxes for draft in list_correction_drafts(session)] == [3]


def test_a_buyer_that_goes_in_peace_leaves_no_address(scene: Scene) -> None:
    with database_of(scene.app).writing() as session:
        delete_organisation(session, session.get_one(Organisation, scene.council.id))
        assert set(session.scalars(select(SupplierEmail.address))) == {""}


def test_once_confirmed_another_name_closes_the_links_and_is_corrected_by_the_name_in_the_emails(
    scene: Scene, visit: Visitor, another_visit: Visitor
) -> None:
    visit(scene.link)
    inside = visit.send().address
    stop = re.findall(r"/supplier-invitations/unsubscribe/[\w-]{43}", scene.bodies[1])[0]
    with database_of(scene.app).writing() as session:
        rename_organisation(session, session.get_one(Organisation, scene.council.id), "Police Fines pay.example", TODAY)
    for who, address in ((another_visit, scene.link), (visit, inside)):
        page = who(address)
        assert (page.status, page.heading) == (410, "We can no longer confirm who asked")
    page = another_visit(stop)
    assert "The Council" in page.text
    assert "Police" not in page.text
    with database_of(scene.app).reading() as session:
        (draft,) = list_correction_drafts(session)
        assert (draft.mailboxes, draft.names) == (3, ("The Council",))
        assert "in the name of The Council." in correction_text(draft.names, scene.settings)


def test_a_name_once_refused_sends_nothing_and_stays_corrected_until_it_is_confirmed(
    scene: Scene, another_visit: Visitor
) -> None:
    with database_of(scene.app).writing() as session:
        council, cora = session.get_one(Organisation, scene.council.id), session.merge(scene.cora)
        boss = a_person(session, "boss@eastshire.gov.uk")
        give_role(session, council, boss)
        set_proven_domain(council, boss.email)
        end_name_confirmation(session, council, "", TODAY)
        request_confirmation(session, council, boss, TODAY)
        refuse_organisation_name(session, council, "Not theirs.", cora, TODAY)
        request_confirmation(session, council, boss, TODAY)
        assert council.name_state is NameState.WAITING
        assert no_email_reason_for_buyer(session, council, scene.settings, TODAY.date()) is NoEmailReason.TAKEN_BACK
        assert scene.the_draft(session).taken_back_by == cora.id
    assert another_visit(scene.link).status == 410
    with database_of(scene.app).writing() as session:
        council = session.get_one(Organisation, scene.council.id)
        confirm_name(council, "eastshire.gov.uk")
        session.flush()
        assert list_correction_drafts(session) == [], "the name in the letters is confirmed"
        council.name = "Another Council"
        session.flush()
        assert [one.names for one in list_correction_drafts(session)] == [("The Council",)], (
            "another name confirms nothing of it"
        )


def test_nobody_answers_while_a_confirmation_is_over(scene: Scene, another_visit: Visitor) -> None:
    with database_of(scene.app).writing() as session:
        council, boss = session.get_one(Organisation, scene.council.id), a_person(session, "boss@council.example")
        give_role(session, council, boss)
        confirm_organisation_name(
            session,
            council,
            NameConfirmation(ConfirmationMethod.KNOWN, "Known.", (), session.merge(scene.ann), ""),
            TODAY,
        )
        set_company_number(session, council, "01234567", TODAY)
        assert council.name_state is NameState.UNCONFIRMED
        assert [one.mailboxes for one in list_correction_drafts(session)] == [3]
    assert another_visit(scene.link).status == 410


FARM = "office@farm.example"


@pytest.fixture
def number(app: Flask, settings: Settings, postbox: MailServer) -> str:
    """The number of a letter that was sent to the farm, as it stands in it."""
    with database_of(app).writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council.gov.uk"), "Farm", email=FARM)
        invited(session, farm, settings=settings)
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    body = postbox.bodies()[0]
    assert "How to check this email: http://localhost:5000/check-email\n" in body
    return re.findall(r"Email number: (\w{5}-\w{5})\n", body)[0]


def asked(visit: Visitor, number: str, email: str) -> Page:
    visit("/check-email")
    return visit.send(number=number, email=email)


def test_an_email_of_ours_is_known_with_its_day_and_in_whose_name_it_went(visit: Visitor, number: str) -> None:
    for typed, email in (
        (number, FARM),
        (number.lower().replace("-", " "), " Office+us@FARM.example "),
        (number.replace("0", "o").replace("1", "l"), f"<{FARM}>"),
    ):
        page = asked(visit, typed, email)
        assert (page.heading, page.status) == ("Yes, we sent it", 200)
        assert "It went on 24 November 2026, in the name of The Council. gov. uk" in page.text
        assert "If your email names anybody else, it is not ours. Do not answer it." in page.text


def test_a_number_from_a_mailbox_elsewhere_at_the_same_provider_confirms_no_forged_email(
    app: Flask, visit: Visitor, settings: Settings
) -> None:
    with database_of(app).writing() as session:
        own = a_supplier(session, a_buyer(session, "Mallory Trading"), "Own mailbox", email="mallory@gmail.com")
        invited(session, own, settings=settings)
        number = session.scalars(select(SupplierEmail.number)).one()
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    assert asked(visit, number, "mallory@gmail.com").heading == "Yes, we sent it"
    assert asked(visit, number, "anna.farmer@gmail.com").heading == "No, we did not send it"


def test_of_a_name_that_waited_it_says_what_the_email_said(app: Flask, visit: Visitor, settings: Settings) -> None:
    with database_of(app).writing() as session:
        clerk = a_person(session, "clerk@tinyparish.gov.uk")
        parish = an_organisation(session, "Tiny Parish", manager=clerk, buyer=clerk)
        parish.name_state, parish.domain = NameState.WAITING, "tinyparish.gov.uk"
        invited(session, a_supplier(session, parish, "Farm", email=FARM), settings=settings, by=clerk.id)
        number = session.scalars(select(SupplierEmail.number)).one()
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: TODAY)
    page = asked(visit, number, FARM)
    assert (
        "It went on 24 November 2026, for somebody with an address at tinyparish.gov.uk who writes in the name of Tiny Parish"
        in page.text
    )
    assert "Nobody had confirmed this name then." in page.text


@pytest.mark.parametrize("typed", ["", "farm.example", "office@", "öffice@farm.example"])
def test_it_asks_for_a_whole_address(visit: Visitor, typed: str) -> None:
    page = asked(visit, "00000-00000", typed)
    assert page.status == 422
    assert "Enter the whole email address that the email came to, like name@example.org." in page.text


def test_an_email_is_known_after_the_key_was_changed(app: Flask, number: str, settings: Settings) -> None:
    with database_of(app).reading() as session:
        assert find_checked_email(session, number, FARM, ["a new key", settings.key]).verdict is CheckVerdict.YES
        assert find_checked_email(session, number, FARM, ["a new key"]).verdict is CheckVerdict.NO


def test_a_wrong_address_reads_as_a_number_nobody_knows(visit: Visitor, number: str) -> None:
    pages = [
        re.sub(r'(value|nonce|content)="[^"]*"', "", asked(visit, *typed).html)
        for typed in (
            (number, "office@stranger.example"),
            ("00000-00000", FARM),
            (number, "anna@farm.example"),
            (number, "ffice@farm.example"),
        )
    ]
    assert "There is no email of this number to this email address." in pages[0]
    assert len(set(pages)) == 1


def test_what_was_written_and_never_left_was_not_sent(app: Flask, visit: Visitor, settings: Settings) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", email=FARM)
        invited(session, farm, settings=settings)
        number = session.scalars(select(SupplierEmail.number)).one()
    assert asked(visit, number, FARM).heading == "No, we did not send it"


def test_ten_tries_an_hour_for_each_address(visit: Visitor, number: str) -> None:
    for _ in range(CHECK_LIMIT.most):
        assert asked(visit, "00000-00000", FARM).status == 200
    assert asked(visit, number, FARM).status == 429
    visit("/check-email")
    assert visit.send(number="", email="").status == 422, "what is not typed is no try"


def test_once_the_name_is_taken_back_it_says_so(app: Flask, visit: Visitor, number: str) -> None:
    with database_of(app).writing() as session:
        session.scalars(select(Organisation)).one().name_state = NameState.SUSPENDED
    page = asked(visit, number, FARM)
    assert page.heading == "Do not answer this email"
    assert "We can no longer confirm who asked." in page.text


def test_addresses_go_after_90_days_and_numbers_after_13_months(app: Flask, number: str) -> None:
    now = TODAY + ADDRESS_RETENTION
    with database_of(app).writing() as session:
        assert delete_old_emails(session, now) == 0
        assert delete_old_emails(session, now.replace(hour=23)) == 1
        kept = session.get_one(SupplierEmail, normalise_email_number(number), populate_existing=True)
        assert (kept.address, kept.domain) == ("", "farm.example")
        assert delete_old_emails(session, TODAY + EMAIL_RETENTION) == 0
        assert delete_old_emails(session, (TODAY + EMAIL_RETENTION).replace(hour=23)) == 1
        assert session.scalars(select(SupplierEmail)).all() == []


def test_numbers_cannot_be_guessed(app: Flask, settings: Settings) -> None:
    with database_of(app).writing() as session:
        council = a_buyer(session, "The Council")
        for place in range(30):
            farm = a_supplier(session, council, f"Farm {place}", email=f"a@farm{place}.example")
            invited(session, farm, settings=settings)
        numbers = session.scalars(select(SupplierEmail.number)).all()
    assert len(set(numbers)) == 30
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{10}", one) for one in numbers)
    assert all(len({one[place] for one in numbers}) > 5 for place in range(10)), "no place is the same in all"
