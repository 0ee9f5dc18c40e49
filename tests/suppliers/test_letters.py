"""When a letter goes: a confirmed name, an address, a mailbox that did not stop, a ration; and the last look before it leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.mail.models import Outgoing
from assess.people.models import NameState, Organisation
from assess.suppliers import letters, rationing
from assess.suppliers.following import decline, note_opened, stop_mail
from assess.suppliers.inviting import take_back
from assess.suppliers.keeping import archive
from assess.suppliers.letter_words import Silence
from assess.suppliers.letters import may_leave, may_write, remind, send_if_due, silence, was_refused
from assess.suppliers.models import Decline, Status, Supplier, SupplierInvitation
from tests.conftest import TODAY
from tests.people.persons import confirm_name
from tests.suppliers.letter_settings import MAILING, SILENT
from tests.suppliers.makers import a_buyer, a_supplier, invited, later

ON = TODAY.date()


def council_and_farm(session: Session, email: str = "a@b.example") -> tuple[Organisation, Supplier]:
    council = a_buyer(session, "The Council")
    return council, a_supplier(session, council, "Farm", email=email)


def mails(session: Session) -> list[Outgoing]:
    return list(session.scalars(select(Outgoing).order_by(Outgoing.id)))


def test_a_letter_carries_links_of_its_own_and_the_way_to_stop_in_its_head(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    (mail,) = mails(session)
    assert (mail.to_address, mail.subject, mail.about) == ("a@b.example", "The Council asks 45 minutes of you", None)
    assert "/asked/stop/" in mail.stop
    assert mail.stop in mail.body
    assert not send_if_due(session, farm, made, MAILING, later(1)), "once"
    assert remind(session, farm, made, "due-7", MAILING, later(7))
    assert mails(session)[1].stop != mail.stop


def test_why_no_letter_goes(session: Session) -> None:
    council, farm = council_and_farm(session)
    assert silence(session, farm, council, MAILING, ON) is None
    assert silence(session, farm, council, SILENT, ON) is Silence.NO_MAIL
    council.name_state = NameState.WAITING
    assert silence(session, farm, council, MAILING, ON) is Silence.NOT_CONFIRMED
    assert not may_write(session, council, MAILING, ON)
    confirm_name(council)
    assert may_write(session, council, MAILING, ON)
    stop_mail(session, invited(session, farm, settings=SILENT), MAILING.key, TODAY)
    assert silence(session, farm, council, MAILING, ON) is Silence.STOPPED
    farm.email = ""
    assert silence(session, farm, council, MAILING, ON) is Silence.NO_ADDRESS
    archive(session, farm, TODAY, by=None)
    assert silence(session, farm, council, MAILING, ON) is Silence.ARCHIVED


def test_where_none_may_go_none_is_written_and_it_counts_as_not_sent(session: Session) -> None:
    council, farm = council_and_farm(session)
    council.name_state = NameState.UNCONFIRMED
    made = invited(session, farm, settings=MAILING)
    assert (made.sent_at, mails(session)) == (None, [])


def test_beyond_the_ration_the_letter_waits_for_another_day(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rationing, "MOST_A_DAY", 1)
    council, farm = council_and_farm(session)
    mill = a_supplier(session, council, "Mill", email="m@b.example")
    invited(session, farm, settings=MAILING)
    second = invited(session, mill, settings=MAILING)
    assert second.sent_at is None
    assert send_if_due(session, mill, second, MAILING, later(1))


def test_whoever_is_asked_again_and_again_gets_one_letter_a_day(session: Session) -> None:
    _, farm = council_and_farm(session)
    for _ in range(4):
        made = invited(session, farm, settings=MAILING)
        take_back(session, made, TODAY, by=None)
    last = invited(session, farm, settings=MAILING)
    assert (len(mails(session)), last.sent_at) == (1, None)
    assert send_if_due(session, farm, last, MAILING, later(1)), "in the round of the next morning"


def test_a_mailbox_gets_few_letters_a_day_however_many_entries_have_it(session: Session) -> None:
    council = a_buyer(session, "The Council")
    made = [
        invited(
            session, a_supplier(session, council, f"Site {number}", email=f"a+{number}@b.example"), settings=MAILING
        )
        for number in range(rationing.MOST_TO_A_MAILBOX + 2)
    ]
    assert len(mails(session)) == rationing.MOST_TO_A_MAILBOX
    waits = next(one for one in made if one.sent_at is None)
    shop = a_supplier(session, a_buyer(session, "The Shop"), "Site 1", email="a@b.example")
    assert invited(session, shop, settings=MAILING).sent_at is not None, "each buyer by itself"
    supplier = session.get_one(Supplier, waits.supplier_id)
    assert send_if_due(session, supplier, waits, MAILING, later(1))


def test_never_two_on_a_day_and_no_reminder_twice(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    assert not remind(session, farm, made, "due-7", MAILING, TODAY)
    assert remind(session, farm, made, "due-7", MAILING, later(1))
    assert not remind(session, farm, made, "due-1", MAILING, later(1))
    assert not remind(session, farm, made, "due-7", MAILING, later(2))
    assert remind(session, farm, made, "due-1", MAILING, later(2))


@pytest.mark.parametrize("status", [one for one in Status if one not in letters.MAY_BE_REMINDED])
def test_nobody_is_reminded_who_shared_said_no_or_waits(session: Session, status: Status) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    made.status = status
    assert not remind(session, farm, made, "due-7", MAILING, later(1))


def test_whoever_finished_is_written_to_once(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    made.status = Status.SUBMITTED
    assert remind(session, farm, made, "due-7", MAILING, later(1))
    assert not remind(session, farm, made, "due-1", MAILING, later(2))
    assert "not shared the result" in mails(session)[1].body


def no(session: Session, made: SupplierInvitation) -> None:
    decline(session, made, Decline.RATHER_NOT, TODAY)


def back(session: Session, made: SupplierInvitation) -> None:
    take_back(session, made, TODAY, by=None)


def stop(session: Session, made: SupplierInvitation) -> None:
    stop_mail(session, made, MAILING.key, TODAY)


def off(session: Session, made: SupplierInvitation) -> None:
    archive(session, session.get_one(Supplier, made.supplier_id), TODAY, by=None)


def rename(session: Session, made: SupplierInvitation) -> None:
    buyer = session.get_one(Supplier, made.supplier_id).buyer_id
    session.get_one(Organisation, buyer).name_state = NameState.UNCONFIRMED


@pytest.mark.parametrize("meanwhile", [no, back, stop, off, rename])
def test_the_last_look_keeps_what_nobody_wants_any_more(
    session: Session, meanwhile: Callable[[Session, SupplierInvitation], None]
) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    event = mails(session)[0].event
    note_opened(session, made, TODAY)
    assert may_leave(session, event, MAILING, ON)
    meanwhile(session, made)
    assert not may_leave(session, event, MAILING, ON)


def test_the_last_look_lets_all_other_mail_go(session: Session) -> None:
    assert may_leave(session, "share 1234 1", MAILING, ON)
    assert not may_leave(session, f"supplier invitation {'0' * 32} first", MAILING, ON), "deleted meanwhile"


def test_a_letter_no_server_took_is_known(session: Session) -> None:
    _, farm = council_and_farm(session)
    made = invited(session, farm, settings=MAILING)
    assert not was_refused(session, made)
    mail = mails(session)[0]
    mail.tries, mail.ended_at = 1, TODAY
    session.flush()
    assert was_refused(session, made)
