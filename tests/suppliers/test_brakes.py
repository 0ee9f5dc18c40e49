"""What puts letters on hold: presses of “I do not know them”, refusals by mail servers; and who lets them go on."""

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
from assess.people.models import Organisation
from assess.people.organisations.deleting import delete_organisation
from assess.people.organisations.names import ask, prove_domain
from assess.suppliers.brakes import FIRST_LETTERS, MOST_REFUSED, is_paused, lift, note_not_known, note_refused
from assess.suppliers.chasing import remind_now
from assess.suppliers.following import say_not_known
from assess.suppliers.letter_words import Silence
from assess.suppliers.letters import may_leave, silence
from assess.suppliers.models import Because, LetterPause, NotKnown, StoppedMailbox, SupplierLetter
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, an_organisation, database_of, sign_in
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.letter_settings import MAILING
from tests.suppliers.makers import a_buyer, a_supplier, invited, later


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


def letters_of(session: Session, buyer: Organisation, number: int) -> list[SupplierLetter]:
    """So many letters that went a while apart, in their order."""
    made = [
        SupplierLetter(
            number=f"{place:010}",
            event=f"letter {place}",
            buyer_id=buyer.id,
            mark=f"{place:064}",
            domain="b.example",
            address=f"a{place}@b.example",
            buyer=buyer.name,
            made_at=TODAY + timedelta(seconds=place),
        )
        for place in range(number)
    ]
    session.add_all(made)
    session.flush()
    return made


@pytest.mark.parametrize(("letters", "presses"), [(0, 3), (150, 3), (151, 4), (400, 8)])
def test_three_mailboxes_or_two_in_a_hundred_stop_the_letters(session: Session, letters: int, presses: int) -> None:
    council = a_buyer(session, "The Council")
    letters_of(session, council, letters)
    for number in range(presses):
        assert not is_paused(session, council.id)
        note_not_known(session, council.id, f"mailbox {number}", MAILING, later(1))
        note_not_known(session, council.id, f"mailbox {number}", MAILING, later(1))
    assert is_paused(session, council.id)


def test_presses_and_letters_of_long_ago_do_not_count(session: Session) -> None:
    council = a_buyer(session, "The Council")
    for number in range(2):
        note_not_known(session, council.id, f"mailbox {number}", MAILING, TODAY)
    note_not_known(session, council.id, "mailbox 2", MAILING, later(31))
    assert not is_paused(session, council.id)


def test_nobody_else_is_stopped(session: Session) -> None:
    council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
    for number in range(3):
        note_not_known(session, council.id, f"mailbox {number}", MAILING, TODAY)
    assert not is_paused(session, shop.id)


def waits(session: Session, name: str) -> Organisation:
    """One that waits for a look at its name, all at one domain of government."""
    boss = a_person(session, f"{name}@eastshire.gov.uk")
    made = an_organisation(session, name, manager=boss, buyer=boss)
    prove_domain(made, boss.email)
    ask(session, made, boss, TODAY)
    return made


def test_of_names_that_wait_presses_and_stops_count_by_domain(session: Session) -> None:
    asked = []
    for which in ("one", "two"):
        council = waits(session, which)
        for number in range(2):
            farm = a_supplier(session, council, "Farm", email=f"a@{which}{number}.example")
            asked.append((council, invited(session, farm, settings=MAILING)))
    third = waits(session, "three")
    same = a_supplier(session, third, "Farm", email="a@one0.example")
    new = a_supplier(session, third, "Farm", email="a@new.example")
    say_not_known(session, asked[0][1], MAILING, TODAY)
    assert silence(session, same, third, MAILING, TODAY.date()) is Silence.STOPPED
    assert silence(session, new, third, MAILING, TODAY.date()) is None
    for _, invitation in asked[1:3]:
        say_not_known(session, invitation, MAILING, TODAY)
    assert session.scalars(select(LetterPause.buyer_id)).all() == [asked[2][0].id], "three mailboxes, two buyers"
    assert silence(session, new, third, MAILING, TODAY.date()) is Silence.PAUSED
    for council in {asked[0][0], asked[2][0]}:
        delete_organisation(session, council)
    assert silence(session, new, third, MAILING, TODAY.date()) is Silence.PAUSED, "nobody begins anew"


def test_a_tenth_of_the_first_fifty_refused_stop_the_letters_and_later_ones_do_not(session: Session) -> None:
    council = a_buyer(session, "The Council")
    letters = letters_of(session, council, FIRST_LETTERS + MOST_REFUSED)
    for one in letters[-MOST_REFUSED:]:
        note_refused(session, one.event, MAILING, later(1))
    assert not is_paused(session, council.id), "the first ones were taken"
    for one in letters[:MOST_REFUSED]:
        assert not is_paused(session, council.id)
        note_refused(session, one.event, MAILING, later(1))
    assert session.scalars(select(LetterPause.because)).one() is Because.REFUSED


def test_what_is_lifted_begins_anew(session: Session) -> None:
    council, ann = a_buyer(session, "The Council"), a_person(session, "ann@desk.example", desk="administrator")
    for number in range(3):
        note_not_known(session, council.id, f"mailbox {number}", MAILING, TODAY)
    lift(session, session.scalars(select(LetterPause)).one(), ann.id, "I called them.", later(1))
    assert not is_paused(session, council.id)
    note_not_known(session, council.id, "mailbox 0", MAILING, later(2))
    for number in range(3, 5):
        note_not_known(session, council.id, f"mailbox {number}", MAILING, later(2))
    assert not is_paused(session, council.id)
    note_not_known(session, council.id, "mailbox 5", MAILING, later(2))
    assert is_paused(session, council.id)


def test_on_hold_nothing_goes_not_even_what_was_written(session: Session) -> None:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Farm", email="a@b.example")
    invited(session, farm, settings=MAILING)
    event = session.scalars(select(Outgoing.event)).one()
    assert may_leave(session, event, MAILING, TODAY.date())
    session.add(LetterPause(buyer_id=council.id, because=Because.NOT_KNOWN, at=TODAY))
    session.flush()
    assert silence(session, farm, council, MAILING, TODAY.date()) is Silence.PAUSED
    assert not may_leave(session, event, MAILING, TODAY.date())
    assert not remind_now(session, farm.id, MAILING, later(2), by=None)


def test_a_press_is_one_button_behind_the_letter_and_the_buyer_never_reads_of_it(
    app: Flask, visit: Visitor, another_visit: Visitor, settings: Settings
) -> None:
    links = []
    with database_of(app).writing() as session:
        a_person(session, "cora@desk.example", desk="coordinator")
        jo = a_person(session, "jo@council.example")
        council = a_buyer(session, "The Council", buyer=jo)
        for number in range(3):
            farm = a_supplier(session, council, f"Farm {number}", email=f"a@b{number}.example")
            invitation = invited(session, farm, settings=settings)
            body = session.scalars(select(Outgoing.body).where(Outgoing.event.startswith(invitation.events))).one()
            links.append(re.findall(r"/asked/[\w-]{43}", body)[0])
    assert visit.client.post(f"{links[0]}/not-known").status_code == 400, "another site cannot press it"
    for number, link in enumerate(links):
        with database_of(app).reading() as look:
            assert not is_paused(look, council.id), number
        visit(link)
        page = visit.send("/not-known")
        assert page.heading == "Thank you. You need not answer."
    with database_of(app).reading() as look:
        assert is_paused(look, council.id)
        assert len(look.scalars(select(NotKnown)).all()) == len(look.scalars(select(StoppedMailbox)).all()) == 3
        (told,) = (mail for mail in look.scalars(select(Outgoing)) if mail.to_address == "cora@desk.example")
        assert "/desk/letters" in told.body
        assert "Council" not in told.body
    sign_in(another_visit, app, jo)
    for place in ("", f"/{farm.id}", f"/{farm.id}/ask"):
        assert "not know" not in another_visit(f"/organisations/{council.id}/suppliers{place}").text


def test_refusals_by_a_real_server_stop_the_letters(app: Flask, settings: Settings, postbox: Postbox) -> None:
    postbox.refuses = "550 No such mailbox"
    with database_of(app).writing() as session:
        council = a_buyer(session, "The Council")
        for number in range(MOST_REFUSED + 3):
            invited(
                session, a_supplier(session, council, f"Farm {number}", email=f"a@b{number}.example"), settings=settings
            )
    load_jobs()
    run_waiting(database_of(app), settings, lambda: TODAY)
    with database_of(app).reading() as look:
        assert is_paused(look, council.id)
        tried = [one.tries for one in look.scalars(select(Outgoing)) if one.tries]
        assert len(tried) == MOST_REFUSED, "the others wait for nobody"


def test_an_administrator_lets_them_go_on_with_a_reason_and_nobody_else(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="administrator")
        cora = a_person(session, "cora@desk.example", desk="coordinator")
        council = a_buyer(session, "The Council")
        pause = LetterPause(buyer_id=council.id, because=Because.NOT_KNOWN, at=TODAY)
        session.add(pause)
        session.flush()
    sign_in(another_visit, app, cora)
    page = another_visit("/desk/letters")
    assert "Only an administrator can let them go on." in page.text
    sign_in(visit, app, ann)
    visit("/desk/letters")
    page = visit.send("/end", reason=" ")
    assert page.status == 422
    assert "Enter why the letters may go on." in page.text
    fields = page.fields("/end")
    refused = another_visit.client.post(f"/desk/letters/{pause.id}/end", data={**fields, "reason": "x"})
    assert refused.status_code in {400, 404}
    visit("/desk/letters")
    page = visit.send("/end", reason="I called them on the number in the register.")
    assert "The letters go on." in page.text
    with database_of(app).reading() as look:
        lifted = look.get_one(LetterPause, pause.id)
        assert (lifted.lifted_by, lifted.reason) == (ann.id, "I called them on the number in the register.")
        assert not is_paused(look, council.id)
