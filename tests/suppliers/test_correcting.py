"""A name that is taken back: what waits is not sent, links say so, and a second person writes to all who had a letter."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess import load_jobs
from assess.kit.config import Settings
from assess.kit.jobs.running import run_waiting
from assess.kit.mail.models import Outgoing
from assess.people.models import Membership, Method, NameState, Organisation, Person, Role
from assess.people.organisations.deleting import delete_organisation
from assess.people.organisations.names import (
    Confirmation,
    ask,
    confirm,
    end,
    give_number,
    lift_suspension,
    prove_domain,
    refuse,
    rename,
    suspend,
)
from assess.suppliers.correcting import (
    NothingToCorrectError,
    SamePersonError,
    drafts,
    send,
    text_of,
)
from assess.suppliers.following import stop_mail
from assess.suppliers.letter_words import Silence
from assess.suppliers.letters import silence_of_buyer
from assess.suppliers.models import LetterCorrection, SupplierInvitation, SupplierLetter
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, confirm_name, database_of, sign_in
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.makers import a_buyer, a_supplier, invited, later


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


class Scene:
    """A council that wrote to three mailboxes, one of which wants no more; and two people of the desk."""

    def __init__(self, app: Flask, settings: Settings, postbox: Postbox) -> None:
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
        self.link = re.findall(r"/asked/[\w-]{43}", self.bodies[0])[0]
        with database_of(app).writing() as session:
            one = session.scalars(select(SupplierInvitation).order_by(SupplierInvitation.made_at)).first()
            assert one is not None
            stop_mail(session, one, settings.key, TODAY)
        postbox.raw.clear()

    def work(self) -> None:
        """Whatever waits for the worker is done."""
        load_jobs()
        run_waiting(database_of(self.app), self.settings, lambda: TODAY)

    def suspend(self) -> None:
        with database_of(self.app).writing() as session:
            cora = session.merge(self.cora)
            suspend(session, session.get_one(Organisation, self.council.id), "It is somebody else.", cora, TODAY)

    def the_draft(self, session: Session) -> LetterCorrection:
        (draft,) = drafts(session)
        return draft.correction


def give_role(session: Session, organisation: Organisation, person: Person) -> None:
    """They manage it."""
    session.add(Membership(organisation_id=organisation.id, person_id=person.id, role=Role.MANAGER, made_at=TODAY))
    session.flush()


@pytest.fixture
def scene(app: Flask, settings: Settings, postbox: Postbox) -> Scene:
    return Scene(app, settings, postbox)


def test_what_waits_is_blanked_in_the_same_transaction(scene: Scene) -> None:
    with database_of(scene.app).writing() as session:
        mill = a_supplier(session, session.merge(scene.council), "Mill", email="m@mill.example")
        invited(session, mill, settings=scene.settings)
        cora = session.merge(scene.cora)
        suspend(session, session.get_one(Organisation, scene.council.id), "No.", cora, TODAY)
        waiting = session.scalars(select(Outgoing).where(Outgoing.sent_at.is_(None), Outgoing.event.contains("first")))
        assert [(one.to_address, one.body, one.ended_at is not None) for one in waiting] == [("", "", True)]
    scene.work()
    assert [mail for mail in scene.postbox.mails if mail["To"] == "m@mill.example"] == []


def test_links_of_letters_say_that_nobody_has_to_answer(scene: Scene, visit: Visitor, another_visit: Visitor) -> None:
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
    another_visit("/desk/letters")
    with database_of(scene.app).reading() as look:
        here = f"/desk/letters/corrections/{scene.the_draft(look).id}"
    page = another_visit(here)
    assert "Somebody else has to look at the letter and send it." in page.text
    assert page.soup.select(f"form[action$='{here}'] button, main form button") == []
    sign_in(visit, scene.app, scene.ann)
    page = visit(here)
    assert "Send it to 3 mailboxes" in page.text
    shown = page.soup.select_one(".assess-said")
    assert shown is not None
    assert "The letter is on its way." in visit.send().text
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
            send(session, draft.id, scene.cora.id, TODAY)
        assert send(session, draft.id, scene.ann.id, TODAY) == 3
        with pytest.raises(NothingToCorrectError):
            send(session, draft.id, scene.ann.id, TODAY)


def test_a_mistake_that_is_undone_corrects_nothing(scene: Scene) -> None:
    scene.suspend()
    with database_of(scene.app).writing() as session:
        draft = scene.the_draft(session)
        ann = session.merge(scene.ann)
        lift_suspension(session, session.get_one(Organisation, scene.council.id), "A mistake.", ann, later(1))
        assert drafts(session) == []
        with pytest.raises(NothingToCorrectError):
            send(session, draft.id, scene.ann.id, later(1))


def test_letters_of_more_than_90_days_ago_are_not_corrected(scene: Scene) -> None:
    with database_of(scene.app).writing() as session:
        for letter in session.scalars(select(SupplierLetter)).all()[1:]:
            letter.made_at = TODAY - timedelta(days=91)
    scene.suspend()
    with database_of(scene.app).reading() as look:
        assert [draft.mailboxes for draft in drafts(look)] == [1]


def test_a_name_under_which_nothing_went_needs_no_letter(app: Flask) -> None:
    with database_of(app).writing() as session:
        shop = a_buyer(session, "The Shop")
        suspend(session, shop, "No.", None, TODAY)
        assert drafts(session) == []


def test_deleting_itself_does_not_keep_the_letter_from_going(scene: Scene) -> None:
    scene.suspend()
    with database_of(scene.app).writing() as session:
        delete_organisation(session, session.get_one(Organisation, scene.council.id))
        assert [draft.mailboxes for draft in drafts(session)] == [3]


def test_a_buyer_that_goes_in_peace_leaves_no_address(scene: Scene) -> None:
    with database_of(scene.app).writing() as session:
        delete_organisation(session, session.get_one(Organisation, scene.council.id))
        assert set(session.scalars(select(SupplierLetter.address))) == {""}


def test_once_confirmed_another_name_closes_the_links_and_is_corrected_by_the_name_in_the_letters(
    scene: Scene, visit: Visitor, another_visit: Visitor
) -> None:
    visit(scene.link)
    inside = visit.send().address
    stop = re.findall(r"/asked/stop/[\w-]{43}", scene.bodies[1])[0]
    with database_of(scene.app).writing() as session:
        rename(session, session.get_one(Organisation, scene.council.id), "Police Fines pay.example", TODAY)
    for who, address in ((another_visit, scene.link), (visit, inside)):
        page = who(address)
        assert (page.status, page.heading) == (410, "We can no longer confirm who asked")
    page = another_visit(stop)
    assert "The Council" in page.text
    assert "Police" not in page.text
    with database_of(scene.app).reading() as look:
        (draft,) = drafts(look)
        assert (draft.mailboxes, draft.names) == (3, ("The Council",))
        assert "in the name of The Council." in text_of(draft.names, scene.settings)


def test_a_name_once_refused_sends_nothing_and_stays_corrected_until_it_is_confirmed(
    scene: Scene, another_visit: Visitor
) -> None:
    with database_of(scene.app).writing() as session:
        council, cora = session.get_one(Organisation, scene.council.id), session.merge(scene.cora)
        boss = a_person(session, "boss@eastshire.gov.uk")
        give_role(session, council, boss)
        prove_domain(council, boss.email)
        end(session, council, "", TODAY)
        ask(session, council, boss, TODAY)
        refuse(session, council, "Not theirs.", cora, TODAY)
        ask(session, council, boss, TODAY)
        assert council.name_state is NameState.WAITING
        assert silence_of_buyer(session, council, scene.settings, TODAY.date()) is Silence.TAKEN_BACK
        assert scene.the_draft(session).taken_back_by == cora.id
    assert another_visit(scene.link).status == 410
    with database_of(scene.app).writing() as session:
        council = session.get_one(Organisation, scene.council.id)
        confirm_name(council, "eastshire.gov.uk")
        session.flush()
        assert drafts(session) == [], "the name in the letters is confirmed"
        council.name = "Another Council"
        session.flush()
        assert [one.names for one in drafts(session)] == [("The Council",)], "another name confirms nothing of it"


def test_nobody_answers_while_a_confirmation_is_over(scene: Scene, another_visit: Visitor) -> None:
    with database_of(scene.app).writing() as session:
        council, boss = session.get_one(Organisation, scene.council.id), a_person(session, "boss@council.example")
        give_role(session, council, boss)
        confirm(session, council, Confirmation(Method.KNOWN, "Known.", (), session.merge(scene.ann), ""), TODAY)
        give_number(session, council, "01234567", TODAY)
        assert council.name_state is NameState.UNCONFIRMED
        assert [one.mailboxes for one in drafts(session)] == [3]
    assert another_visit(scene.link).status == 410
