"""The letters to a supplier: when one may go, what it says, the links it carries, and the last look before it leaves.

Whoever has asked for peace, said no or shared is written to no more. The words stand in `letter_words.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from assess.kit.clock import HOME, date_at
from assess.kit.config import Settings
from assess.kit.db import erase_after_commit
from assess.kit.mail.addresses import mailbox_of
from assess.kit.mail.foot import foot
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import Mail, queue
from assess.kit.pages import SERVICE
from assess.kit.tokens import hash_token, new_token
from assess.people.models import NameState, Organisation
from assess.people.organisations.names import standing_of
from assess.suppliers import letter_words
from assess.suppliers.asker import from_of, is_taken_back, reply_to
from assess.suppliers.brakes import is_paused
from assess.suppliers.letter_words import Letter, Silence
from assess.suppliers.models import (
    InvitationLink,
    Status,
    StoppedMailbox,
    Supplier,
    SupplierEvent,
    SupplierInvitation,
    SupplierLetter,
    What,
)
from assess.suppliers.rationing import ration_of, shared_by, take_one
from assess.suppliers.trail import write

FIRST = "first"
FINISHED = "finished"
AROUND = "due"
BY_HAND = "by hand "
"""How the last part of the name of a letter reads, or begins: each is written at most once."""

MOST_BY_HAND = 3
"""How often a buyer may remind of one invitation of its own accord, beside the reminders that come by themselves."""

CHECK_PAGE = "/letters"
ADDRESS_KEPT = timedelta(days=90)
"""How long the address of a letter is kept, so that it can be corrected."""
LETTER_KEPT = timedelta(days=396)
"""For how long a letter can be checked: 13 months."""
_LETTERS_AND_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is taken for something else."""
_LENGTH = 10

MAY_BE_REMINDED = frozenset({Status.INVITED, Status.OPENED, Status.STARTED, Status.SUBMITTED})
LETTERS = (What.SENT, What.REMINDED)
"""The entries of a trail that tell of a letter."""
_OF_INVITATIONS = "supplier invitation "
_MAY_BE_ASKED = MAY_BE_REMINDED | {Status.WAITING}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a letter is about: one request to one supplier. `number` is that of the request among those to this supplier."""

    supplier: Supplier
    number: int
    quick: bool
    due: date
    message: str
    by: uuid.UUID | None
    """Who asks."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it leaves, but for its name in the outbox. `sender` stands before our own address."""

    number: str
    to: str
    sender: str
    reply_to: str
    subject: str
    text: str


def may_write(session: Session, buyer: Organisation, settings: Settings, today: date) -> bool:
    """Whether letters go out for this buyer at all: its name may, nothing holds them, and the installation sends mail."""
    return silence_of_buyer(session, buyer, settings, today) is None


def silence_of_buyer(session: Session, buyer: Organisation, settings: Settings, today: date) -> Silence | None:
    """Why no letter goes for this buyer, whoever it is for; None when they go."""
    if settings.mail_server is None:
        return Silence.NO_MAIL
    standing = standing_of(session, buyer, today)
    if is_taken_back(session, buyer, today):
        return Silence.TAKEN_BACK
    if not ration_of(standing, today).a_day:
        return Silence.NOT_CONFIRMED
    return Silence.PAUSED if is_paused(session, buyer.id, standing.government_domain) else None


def silence(
    session: Session, supplier: Supplier, buyer: Organisation, settings: Settings, today: date
) -> Silence | None:
    """Why no letter may go to this supplier; None when one may."""
    if supplier.archived_at is not None:
        return Silence.ARCHIVED
    because = silence_of_buyer(session, buyer, settings, today)
    if because is not None:
        return because
    if not supplier.email:
        return Silence.NO_ADDRESS
    domain = standing_of(session, buyer, today).government_domain
    return Silence.STOPPED if is_stopped(session, buyer.id, supplier.email, settings.honoured_keys, domain) else None


def send_if_due(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> bool:
    """Write the first letter if its day has come and one may go. Once, and on another day when one went to them today already.

    Returns whether it was written.
    """
    if invitation.sent_at is not None or invitation.send_on > date_at(now) or written_today(session, supplier.id, now):
        return False
    if not _queue(session, supplier, invitation, FIRST, settings, now):
        return False
    invitation.sent_at = now
    write(session, supplier.id, What.SENT, now)
    return True


def remind(
    session: Session,
    supplier: Supplier,
    invitation: SupplierInvitation,
    name: str,
    settings: Settings,
    now: datetime,
    *,
    by: uuid.UUID | None = None,
) -> bool:
    """Write a reminder, if none of this name was written and nothing was written today. Returns whether it was written.

    Whoever has finished gets another letter in its place, and that once.
    """
    if not invitation.lives or invitation.status not in MAY_BE_REMINDED or written_today(session, supplier.id, now):
        return False
    last = FINISHED if invitation.status is Status.SUBMITTED else name
    if not _queue(session, supplier, invitation, last, settings, now):
        return False
    write(session, supplier.id, What.REMINDED, now, by=by)
    return True


def written_today(session: Session, supplier_id: uuid.UUID, now: datetime) -> bool:
    """Whether a letter went to this supplier today."""
    midnight = datetime.combine(date_at(now), time(), HOME)
    wanted = select(SupplierEvent.id).where(
        SupplierEvent.supplier_id == supplier_id,
        SupplierEvent.what.in_(LETTERS),
        SupplierEvent.at >= midnight,
    )
    return session.scalars(wanted.limit(1)).first() is not None


def by_hand(day: date) -> str:
    """The name of a reminder that somebody sends on that day."""
    return f"{BY_HAND}{day.isoformat()}"


def was_written(session: Session, invitation: SupplierInvitation, name: str) -> bool:
    """Whether a letter of this name was written for this invitation."""
    return session.scalar(select(Outgoing.id).where(Outgoing.event == f"{invitation.events}{name}")) is not None


def has_left(session: Session, event: str) -> bool:
    """Whether a mail server took the letter of this event."""
    wanted = select(Outgoing.id).where(Outgoing.event == event, Outgoing.sent_at.is_not(None))
    return session.scalar(wanted) is not None


def was_refused(session: Session, invitation: SupplierInvitation) -> bool:
    """Whether the first letter was given up because no mail server took it."""
    wanted = select(Outgoing.id).where(
        Outgoing.event == f"{invitation.events}{FIRST}",
        Outgoing.ended_at.is_not(None),
        Outgoing.sent_at.is_(None),
        Outgoing.tries > 0,
    )
    return session.scalar(wanted) is not None


def may_leave(session: Session, event: str, settings: Settings, today: date) -> bool:
    """The last look before a letter leaves: not when the supplier stopped, said no or shared meanwhile, or the buyer asks no more."""
    if not event.startswith(_OF_INVITATIONS):
        return True
    of, _, name = event.removeprefix(_OF_INVITATIONS).partition(" ")
    invitation = session.get(SupplierInvitation, uuid.UUID(of))
    if invitation is None or not invitation.lives or invitation.status not in _MAY_BE_ASKED:
        return False
    if name == FINISHED and invitation.status is not Status.SUBMITTED:
        return False
    supplier = session.get_one(Supplier, invitation.supplier_id)
    return silence(session, supplier, session.get_one(Organisation, supplier.buyer_id), settings, today) is None


def links_of(
    session: Session, invitation: SupplierInvitation, letter: str, base_url: str, now: datetime
) -> tuple[str, str]:
    """Two new links for the letter of this event: the one that leads to the invitation, and the one that ends the mail."""
    return (
        new_link(session, invitation, base_url, now, letter=letter),
        new_link(session, invitation, base_url, now, letter=letter, stops=True),
    )


def new_link(
    session: Session,
    invitation: SupplierInvitation,
    base_url: str,
    now: datetime,
    *,
    letter: str | None = None,
    stops: bool = False,
) -> str:
    """The full address of a new link to the invitation, or of one that ends the mail. It is in no other place.

    `letter`: the event of the letter that carries it; None for one to send by hand.
    """
    token = new_token()
    buyer = session.get_one(Organisation, session.get_one(Supplier, invitation.supplier_id).buyer_id)
    session.add(
        InvitationLink(
            token_hash=hash_token(token),
            invitation_id=invitation.id,
            stops=stops,
            made_at=now,
            buyer=buyer.name,
            outbox_event=letter,
        )
    )
    session.flush()
    return f"{base_url}/{'asked/stop' if stops else 'asked'}/{token}"


def wanted_of(session: Session, supplier: Supplier, invitation: SupplierInvitation) -> Wanted:
    """What letters about this invitation are about."""
    asked = select(SupplierEvent.by_person).where(
        SupplierEvent.supplier_id == supplier.id,
        SupplierEvent.what == What.ASKED,
        SupplierEvent.at == invitation.made_at,
    )
    by = session.scalars(asked.order_by(SupplierEvent.id.desc()).limit(1)).first()
    return Wanted(supplier, invitation.number, invitation.quick, invitation.due, invitation.message, by)


def compose(
    session: Session,
    buyer: Organisation,
    wanted: Wanted,
    name: str,
    links: tuple[str, str],
    settings: Settings,
    today: date,
    on: date | None = None,
) -> Composed:
    """The letter of this name. `links`: the one that leads to the invitation, and the one that ends the mail.

    A look before it goes is made by this too, with other links and `on`, the day it is to go; without, it goes today.
    """
    standing = standing_of(session, buyer, today)
    asks = from_of(standing)
    letter = Letter(
        asks=asks,
        number=_number_of(session, buyer, wanted, name, settings.key),
        check=f"{settings.base_url}{CHECK_PAGE}",
        due=wanted.due,
        minutes=settings.quick_minutes if wanted.quick else settings.full_minutes,
        message=wanted.message if standing.state is NameState.CONFIRMED else "",
        link=links[0],
        stop=links[1],
        foot=foot(settings),
    )
    if name == FIRST:
        text = letter_words.first(letter)
    elif name == FINISHED:
        text = letter_words.finished(letter)
    else:
        text = letter_words.reminder(letter, on or today)
    return Composed(
        number=letter.number,
        to=wanted.supplier.email,
        sender=asks.sender(SERVICE),
        reply_to=reply_to(session, buyer.id, standing, wanted.by),
        subject=letter.subject,
        text=text,
    )


def forget_letters(session: Session, now: datetime) -> int:
    """Forget addresses after 90 days and letters after 13 months. Returns of how many something was forgotten."""
    old = SupplierLetter.made_at < now - ADDRESS_KEPT, SupplierLetter.address != ""
    emptied = session.scalars(update(SupplierLetter).where(*old).values(address="").returning(SupplierLetter.number))
    gone = session.scalars(
        delete(SupplierLetter).where(SupplierLetter.made_at < now - LETTER_KEPT).returning(SupplierLetter.number)
    )
    number = len(emptied.all()) + len(gone.all())
    if number:
        erase_after_commit(session)
    return number


def is_stopped(
    session: Session, buyer_id: uuid.UUID, address: str, secrets: Iterable[str], domain: str | None = None
) -> bool:
    """Whether this mailbox wants no more mail from this buyer, or, while its name waits, from anybody who waited at its `domain`.

    `secrets`: every key that is honoured, for it may have stopped under an earlier one.
    """
    marks = [mark_of(address, secret) for secret in secrets]
    here = StoppedMailbox.buyer_id == buyer_id, StoppedMailbox.mark.in_(marks)
    if session.scalars(select(StoppedMailbox.mark).where(*here)).first() is not None:
        return True
    stopped = SupplierLetter.mark.in_(marks), SupplierLetter.stopped_at.is_not(None)
    return domain is not None and bool(
        session.scalar(select(exists().where(SupplierLetter.asked_from == domain, *stopped)))
    )


def mark_of(address: str, secret: str) -> str:
    """What is kept of a mailbox that wants peace."""
    return hmac.new(secret.encode(), f"stopped mailbox {mailbox_of(address)}".encode(), hashlib.sha256).hexdigest()


def typed_number(typed: str) -> str:
    """The number of a letter as it is kept, from what somebody typed: no gaps, no mix-up of letters and digits."""
    kept = "".join(one for one in typed.upper() if one.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def _number_of(session: Session, buyer: Organisation, wanted: Wanted, name: str, secret: str) -> str:
    """The same for the same letter, so that a look at it shows the number it will have; without the key nobody can guess it."""
    of = f"letter {buyer.id.hex} {wanted.supplier.identity} {wanted.number} {name}"
    for again in count():
        digest = hmac.new(secret.encode(), f"{of} {again}".encode(), hashlib.sha256).digest()
        bits = int.from_bytes(digest)
        number = "".join(_LETTERS_AND_DIGITS[bits >> 5 * place & 31] for place in range(_LENGTH))
        if session.get(SupplierLetter, number) is None:
            return number
    raise AssertionError


def _queue(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, name: str, settings: Settings, now: datetime
) -> bool:
    buyer = session.get_one(Organisation, supplier.buyer_id)
    if silence(session, supplier, buyer, settings, date_at(now)) is not None or was_written(session, invitation, name):
        return False
    today = date_at(now)
    mark = mark_of(supplier.email, settings.key)
    standing, wanted = standing_of(session, buyer, today), wanted_of(session, supplier, invitation)
    shared = shared_by(standing, wanted.by)
    if not take_one(session, buyer.id, mark, today, ration_of(standing, today), shared):
        return False
    event = f"{invitation.events}{name}"
    links = links_of(session, invitation, event, settings.base_url, now)
    made = compose(session, buyer, wanted, name, links, settings, today)
    session.add(
        SupplierLetter(
            number=made.number,
            event=event,
            buyer_id=buyer.id,
            mark=mark,
            domain=made.to.rpartition("@")[2].lower(),
            address=made.to,
            buyer=buyer.name,
            asked_from=standing.government_domain or "",
            made_at=now,
        )
    )
    session.flush()
    mail = Mail(
        event, made.to, made.subject, made.text, None, links[1], sender_name=made.sender, reply_to=made.reply_to
    )
    return queue(session, mail, now)
