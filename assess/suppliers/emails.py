"""Emails to suppliers: the buyer's identity, the text, links, and the checks before queueing and before sending. Nobody who unsubscribed, declined or shared is emailed."""

from __future__ import annotations

import enum
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from urllib.parse import quote

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.clock import UK_ZONE, uk_date
from assess.core.config import Settings
from assess.core.db import erase_after_commit
from assess.core.links import hash_token, new_token
from assess.core.mail.addresses import normalise_mailbox
from assess.core.mail.services import Mail, enqueue_mail, join_paragraphs, mail_footer
from assess.core.models import OutgoingMail
from assess.core.pages import SERVICE_NAME, counted, day
from assess.identity.models import (
    Membership,
    NameEventKind,
    NameState,
    Organisation,
    OrganisationNameEvent,
    Person,
    Role,
)
from assess.identity.organisations import name_confirmation
from assess.identity.organisations.name_confirmation import NameStatus, get_name_status
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.models import (
    BuyerUnsubscribe,
    InvitationLink,
    InvitationStatus,
    Supplier,
    SupplierEmail,
    SupplierEvent,
    SupplierEventType,
    SupplierInvitation,
)
from assess.suppliers.send_limits import are_emails_paused, get_email_allowance, shared_quota_keys, use_email_quota

MAX_IN_SUBJECT_LENGTH = 40
MANUAL_SUBJECT = "A request from a customer of yours"
_DOT_BEFORE_WORD = re.compile(
    r"[.\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}\N{ONE DOT LEADER}](?=\w)"
)
CHECK_INSTRUCTIONS = "Enter its number and your email address there. The page then says in whose name we sent it."
SAFETY_WARNING = "We never ask for money, bank details or passwords. Do not send your answers by email."


class NoEmailReason(enum.StrEnum):
    NO_MAIL = "no_mail"
    NOT_CONFIRMED = "not_confirmed"
    TAKEN_BACK = "taken_back"
    PAUSED = "paused"
    NO_ADDRESS = "no_address"
    STOPPED = "stopped"
    ARCHIVED = "archived"


NO_EMAIL_MESSAGES: Mapping[NoEmailReason, str] = {
    NoEmailReason.NO_MAIL: "This installation sends no email. Make a link and send it yourself.",
    NoEmailReason.NOT_CONFIRMED: "We send no emails for an organisation whose name nobody has confirmed. Make a link and send it yourself, or have the name confirmed first.",
    NoEmailReason.TAKEN_BACK: "Your name is not confirmed any more, so no email goes. Ask whoever runs this service.",
    NoEmailReason.PAUSED: "Your emails are on hold until somebody who runs this service has looked at them. Ask them when they will go on.",
    NoEmailReason.NO_ADDRESS: "You gave no email address for this supplier. Make a link and send it yourself, or add an address.",
    NoEmailReason.STOPPED: "This supplier asked for no more email from you, so none goes. Call them instead.",
    NoEmailReason.ARCHIVED: "This supplier is off your list, so no email goes.",
}


@dataclass(frozen=True, slots=True)
class EmailSender:
    """Who asks, as an email names them. `confirmed`: a sentence about when and by whom; None: nobody confirmed the name, only `domain`."""

    called: str
    domain: str
    confirmed: str | None

    @property
    def buyer(self) -> str:
        return without_links(self.called)

    @property
    def named(self) -> str:
        """The buyer with its domain, or only the domain while nobody has confirmed the name."""
        if self.confirmed is None:
            return f"Somebody at {self.domain}"
        return f"{self.buyer} ({self.domain})" if self.domain else self.buyer

    def sender(self, service: str) -> str:
        return f"{self.buyer if self.confirmed else self.named} through {service}"


@dataclass(frozen=True, slots=True)
class EmailContent:
    """What every email says. `link` and `stop` are full addresses, `check` the page where an email can be checked, `foot` says who runs the service.

    `minutes`: how long it takes; 0: nobody knows.
    """

    asks: EmailSender
    number: str
    check: str
    due: date
    minutes: int
    message: str
    link: str
    stop: str
    foot: str

    @property
    def subject(self) -> str:
        short = self.asks.named
        if self.asks.confirmed is not None and len(self.asks.buyer) > MAX_IN_SUBJECT_LENGTH:
            cut = f"{self.asks.buyer[: MAX_IN_SUBJECT_LENGTH - 1].rstrip()}…"
            short = f"{cut} ({self.asks.domain})" if self.asks.domain else cut
        return (
            f"{short} asks {counted(self.minutes, 'minute')} of you" if self.minutes else f"{short} asks you something"
        )


def first_email_text(content: EmailContent) -> str:
    takes = f"It takes about {counted(content.minutes, 'minute')}. " if content.minutes else ""
    return join_paragraphs(
        *_email_beginning(content),
        f"{takes}Please answer by {day(content.due)}. You may say no.",
        f"They write: “{content.message}”" if content.message else "",
        "Open this page to see what is asked, to begin, or to say no or that you do not know them:",
        content.link,
        _what_they_see(content),
        *_email_ending(content),
    )


def reminder_email_text(content: EmailContent, today: date) -> str:
    until = (
        f"The date they gave is {day(content.due)}."
        if content.due >= today
        else f"The date they gave was {day(content.due)}. You can still answer."
    )
    return join_paragraphs(
        *_email_beginning(content, "asked"),
        f"{until} If you have no time now, or would rather not, you can say so on this page. It also lets you begin or go on:",
        content.link,
        _what_they_see(content),
        *_email_ending(content),
    )


def finished_email_text(content: EmailContent) -> str:
    """To a supplier that has finished and not shared. It comes once."""
    return join_paragraphs(
        *_email_beginning(content, "asked"),
        "You have finished these questions and have not shared the result with them.",
        "That is yours to decide. If you want to share it, open it with the link you kept, or sign in. "
        "This page tells you how, and lets you say no:",
        content.link,
        "We write about this only once.",
        *_email_ending(content),
    )


def without_links(name: str) -> str:
    """A name with a gap after each dot, so that no mail program makes a link of it."""
    return _DOT_BEFORE_WORD.sub(". ", name)


def correction_email_text(names: Sequence[str], check: str, foot: str) -> str:
    """To everybody whom a buyer wrote to, once its name is no longer confirmed. `names`: all that stood in its emails."""
    return join_paragraphs(
        f"We can no longer confirm who wrote to you in the name of {', or of '.join(map(without_links, names))}.",
        "We sent you one or more emails for them in the last 90 days. You need not answer. "
        "The links in those emails do not work any more, and nothing you write goes to them.",
        "If you gave them money, bank details or passwords, call your bank, and the police on 101. "
        "If you know the organisation, you can call it on a number that you found yourself.",
        f"Your own answers stay yours. We are sorry. How to check an email of ours: {check}",
        SAFETY_WARNING,
        foot,
    )


CORRECTION_SUBJECT = "Please do not answer an email that we sent you"


def invitation_messages(buyer: str, address: str) -> dict[str, str]:
    """What a buyer sends itself with a link, the same for each way: `text`, `sms`, `mail`."""
    text = f"{without_links(buyer)} asks you to answer some questions about how work is done in your business. You may say no: {address}"
    return {
        "text": text,
        "sms": f"sms:?&body={quote(text, safe='')}",
        "mail": f"mailto:?subject={quote(MANUAL_SUBJECT, safe='')}&body={quote(text, safe='')}",
    }


def _email_beginning(content: EmailContent, asks: str = "asks") -> tuple[str, ...]:
    """Who asks, what shows it, who runs the service, and how to check: before everything else."""
    of = content.asks
    what = "to answer some questions about how work is done in your business."
    if of.confirmed is None:
        who = (
            f"Somebody with an address at {of.domain} {asks} you, in the name of {of.buyer}, {what} "
            "Nobody has confirmed this name yet."
        )
    else:
        who = f"{of.named} {asks} you {what}\n{of.confirmed}"
    return (
        who,
        f"{content.foot}\nEmail number: {content.number[:5]}-{content.number[5:]}\nHow to check this email: {content.check}\n{CHECK_INSTRUCTIONS}\n{SAFETY_WARNING}",
    )


def _what_they_see(content: EmailContent) -> str:
    who = content.asks.buyer if content.asks.confirmed else "Whoever asks"
    return f"{who} sees whether you opened it, began and finished. What you answer goes to them only if you share it."


def _email_ending(content: EmailContent) -> tuple[str, ...]:
    return ("If you want no more emails from them through us, open this page and press the button:", content.stop)


REVOKED_STATES = (NameState.SUSPENDED, NameState.REFUSED)
"""Nobody may rely on a name that stands so, not even by a link that was sent before."""


@dataclass(frozen=True, slots=True)
class BuyerIdentity:
    """A buyer's name. Of `note` (“name not confirmed”) and `shown` (what shows that it is true) exactly one is there."""

    name: str
    note: str | None
    shown: str | None
    suspended: bool = False
    over: bool = False
    """Whether nobody can confirm any longer who asks: suspended, taken back, or called something else since."""
    domain: str | None = None
    """What an address of theirs shows while the name is not confirmed: a domain of government."""


def get_buyer_identity(buyer: Organisation, domain: str | None = None) -> BuyerIdentity:
    on = clock.today()
    return BuyerIdentity(
        buyer.name,
        name_confirmation.name_note(buyer, on),
        name_confirmation.confirmation_sentence(buyer, on),
        suspended=buyer.name_state is NameState.SUSPENDED,
        domain=domain,
    )


def is_name_confirmed(buyer: Organisation) -> bool:
    return name_confirmation.is_name_confirmed(buyer, clock.today())


def is_name_revoked(session: Session, buyer: Organisation, on: date | None = None) -> bool:
    """Whether we can no longer confirm who asked: a name once refused or confirmed counts for nothing until it is confirmed again.

    Asking again, another name or a new number change nothing of that.
    """
    state = name_confirmation.name_state_on(buyer, on or clock.today())
    if state in {NameState.CONFIRMED, *REVOKED_STATES}:
        return state is not NameState.CONFIRMED
    counted = OrganisationNameEvent.deed.in_([NameEventKind.CONFIRMED, NameEventKind.REFUSED])
    return bool(session.scalar(select(exists().where(OrganisationNameEvent.organisation_id == buyer.id, counted))))


def is_name_invalid(session: Session, buyer: Organisation, named: str | None) -> bool:
    """Whether an email or a link in this name counts no longer: it is taken back, or the buyer is called something else by now."""
    return named not in {None, buyer.name} or is_name_revoked(session, buyer)


def government_domain(session: Session, buyer: Organisation) -> str | None:
    return get_name_status(session, buyer, clock.today()).government_domain


def get_email_sender(status: NameStatus) -> EmailSender:
    """Who asks, as an email names them. Only of a name that may send emails."""
    if status.state is not NameState.CONFIRMED:
        return EmailSender(status.name, status.government_domain or "", None)
    since = f" on {day(status.since)}" if status.since else ""
    by = status.confirmed_by_words or "whoever runs this service"
    domain = status.domains[0] if status.domains else ""
    return EmailSender(status.name, domain, f"This name was confirmed{since} by {by}.")


def reply_to_address(session: Session, buyer_id: uuid.UUID, status: NameStatus, person_id: uuid.UUID | None) -> str:
    """Where an answer to an email goes: the person who asks, else a manager, each only at a domain that is theirs; else empty."""
    domains = status.domains or tuple(filter(None, [status.government_domain]))
    query = (
        select(Person.id, Person.email, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == buyer_id, Person.confirmed_at.is_not(None), Person.disabled_at.is_(None))
        .order_by(Membership.made_at, Person.email)
    )
    there = [row for row in session.execute(query) if _is_at_domain(row.email, domains)]
    asks = [row.email for row in there if row.id == person_id]
    manage = [row.email for row in there if row.role is Role.MANAGER]
    return next(iter([*asks, *manage]), "")


def _is_at_domain(email: str, domains: tuple[str, ...]) -> bool:
    host = email.rpartition("@")[2].casefold()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


FIRST_EMAIL = "first"
FINISHED_EMAIL = "finished"
DUE_REMINDER_PREFIX = "due"
MANUAL_REMINDER_PREFIX = "by hand "
"""How the last part of the name of an email reads, or begins: each is written at most once."""

MAX_MANUAL_REMINDERS = 3
"""How often a buyer may remind of one invitation of its own accord, beside the reminders that come by themselves."""

CHECK_EMAIL_PATH = "/check-email"
ADDRESS_RETENTION = timedelta(days=90)
"""How long the address of an email is kept, so that it can be corrected."""
EMAIL_RETENTION = timedelta(days=396)
"""For how long an email can be checked: 13 months."""
_BASE32_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is taken for something else."""
_NUMBER_LENGTH = 10

REMINDABLE_STATUSES = frozenset(
    {InvitationStatus.INVITED, InvitationStatus.OPENED, InvitationStatus.STARTED, InvitationStatus.SUBMITTED}
)
EMAIL_EVENTS = (SupplierEventType.SENT, SupplierEventType.REMINDED)
_INVITATION_EVENT_PREFIX = "supplier invitation "
_MAILABLE_STATUSES = REMINDABLE_STATUSES | {InvitationStatus.WAITING}


@dataclass(frozen=True, slots=True)
class EmailRequest:
    """What an email is about: one request to one supplier. `number` is that of the request among those to this supplier."""

    supplier: Supplier
    number: int
    quick: bool
    due: date
    message: str
    by: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class ComposedEmail:
    """An email as it leaves, but for its name in the outbox. `sender` stands before our own address."""

    number: str
    to: str
    sender: str
    reply_to: str
    subject: str
    text: str


def may_send_emails(session: Session, buyer: Organisation, settings: Settings, today: date) -> bool:
    return no_email_reason_for_buyer(session, buyer, settings, today) is None


def no_email_reason_for_buyer(
    session: Session, buyer: Organisation, settings: Settings, today: date
) -> NoEmailReason | None:
    if settings.mail_server is None:
        return NoEmailReason.NO_MAIL
    status = get_name_status(session, buyer, today)
    if is_name_revoked(session, buyer, today):
        return NoEmailReason.TAKEN_BACK
    if not get_email_allowance(status, today).a_day:
        return NoEmailReason.NOT_CONFIRMED
    return NoEmailReason.PAUSED if are_emails_paused(session, buyer.id, status.government_domain) else None


def no_email_reason(
    session: Session, supplier: Supplier, buyer: Organisation, settings: Settings, today: date
) -> NoEmailReason | None:
    if supplier.archived_at is not None:
        return NoEmailReason.ARCHIVED
    reason = no_email_reason_for_buyer(session, buyer, settings, today)
    if reason is not None:
        return reason
    if not supplier.email:
        return NoEmailReason.NO_ADDRESS
    domain = get_name_status(session, buyer, today).government_domain
    if is_unsubscribed(session, buyer.id, supplier.email, settings.honoured_keys, domain):
        return NoEmailReason.STOPPED
    return None


def send_first_email_if_due(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, settings: Settings, now: datetime
) -> bool:
    """Write the first email, once, if due and allowed and none went to them today. Returns whether it was written."""
    if (
        invitation.sent_at is not None
        or invitation.send_on > uk_date(now)
        or was_emailed_today(session, supplier.id, now)
    ):
        return False
    if not _queue_email(session, supplier, invitation, FIRST_EMAIL, settings, now):
        return False
    invitation.sent_at = now
    log_supplier_event(session, supplier.id, SupplierEventType.SENT, now)
    return True


def queue_reminder(
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

    A supplier that has finished gets another email in its place, once.
    """
    if (
        not invitation.lives
        or invitation.status not in REMINDABLE_STATUSES
        or was_emailed_today(session, supplier.id, now)
    ):
        return False
    last = FINISHED_EMAIL if invitation.status is InvitationStatus.SUBMITTED else name
    if not _queue_email(session, supplier, invitation, last, settings, now):
        return False
    log_supplier_event(session, supplier.id, SupplierEventType.REMINDED, now, by=by)
    return True


def was_emailed_today(session: Session, supplier_id: uuid.UUID, now: datetime) -> bool:
    email_request = select(SupplierEvent.id).where(
        SupplierEvent.supplier_id == supplier_id,
        SupplierEvent.what.in_(EMAIL_EVENTS),
        SupplierEvent.at >= datetime.combine(uk_date(now), time(), UK_ZONE),
    )
    return session.scalars(email_request.limit(1)).first() is not None


def manual_reminder_name(day: date) -> str:
    return f"{MANUAL_REMINDER_PREFIX}{day.isoformat()}"


def was_email_queued(session: Session, invitation: SupplierInvitation, name: str) -> bool:
    return session.scalar(select(OutgoingMail.id).where(OutgoingMail.event == f"{invitation.events}{name}")) is not None


def was_email_sent(session: Session, event: str) -> bool:
    email_request = select(OutgoingMail.id).where(OutgoingMail.event == event, OutgoingMail.sent_at.is_not(None))
    return session.scalar(email_request) is not None


def was_first_email_refused(session: Session, invitation: SupplierInvitation) -> bool:
    email_request = select(OutgoingMail.id).where(
        OutgoingMail.event == f"{invitation.events}{FIRST_EMAIL}",
        OutgoingMail.ended_at.is_not(None),
        OutgoingMail.sent_at.is_(None),
        OutgoingMail.tries > 0,
    )
    return session.scalar(email_request) is not None


def may_email_leave(session: Session, event: str, settings: Settings, today: date) -> bool:
    """The last check before an email leaves: not when the supplier stopped, said no or shared meanwhile, or the buyer asks no more."""
    if not event.startswith(_INVITATION_EVENT_PREFIX):
        return True
    of, _, name = event.removeprefix(_INVITATION_EVENT_PREFIX).partition(" ")
    invitation = session.get(SupplierInvitation, uuid.UUID(of))
    if invitation is None or not invitation.lives or invitation.status not in _MAILABLE_STATUSES:
        return False
    if name == FINISHED_EMAIL and invitation.status is not InvitationStatus.SUBMITTED:
        return False
    supplier = session.get_one(Supplier, invitation.supplier_id)
    return no_email_reason(session, supplier, session.get_one(Organisation, supplier.buyer_id), settings, today) is None


def create_invitation_link(
    session: Session,
    invitation: SupplierInvitation,
    base_url: str,
    now: datetime,
    *,
    email_event: str | None = None,
    stops: bool = False,
) -> str:
    """The full address of a new link to the invitation, or of one that ends the mail. It is in no other place.

    `email_event`: the event of the email that carries it; None for one to send by hand.
    """
    token = new_token()
    session.add(
        InvitationLink(
            token_hash=hash_token(token),
            invitation_id=invitation.id,
            stops=stops,
            made_at=now,
            buyer=session.get_one(Organisation, session.get_one(Supplier, invitation.supplier_id).buyer_id).name,
            outbox_event=email_event,
        )
    )
    session.flush()
    return f"{base_url}/supplier-invitations/{'unsubscribe/' if stops else ''}{token}"


def email_request_for(session: Session, supplier: Supplier, invitation: SupplierInvitation) -> EmailRequest:
    asked = select(SupplierEvent.by_person).where(
        SupplierEvent.supplier_id == supplier.id,
        SupplierEvent.what == SupplierEventType.ASKED,
        SupplierEvent.at == invitation.made_at,
    )
    by = session.scalars(asked.order_by(SupplierEvent.id.desc()).limit(1)).first()
    return EmailRequest(supplier, invitation.number, invitation.quick, invitation.due, invitation.message, by)


def compose_email(
    session: Session,
    buyer: Organisation,
    email_request: EmailRequest,
    name: str,
    links: tuple[str, str],
    settings: Settings,
    today: date,
    on: date | None = None,
) -> ComposedEmail:
    """The email of this name. `links`: the one that leads to the invitation, and the one that ends the mail.

    The preview is made by this too, with other links and `on`, the day it is to go; without, it goes today.
    """
    status = get_name_status(session, buyer, today)
    asks = get_email_sender(status)
    content = EmailContent(
        asks=asks,
        number=_email_number(session, buyer, email_request, name, settings.key),
        check=f"{settings.base_url}{CHECK_EMAIL_PATH}",
        due=email_request.due,
        minutes=settings.quick_minutes if email_request.quick else settings.full_minutes,
        message=email_request.message if status.state is NameState.CONFIRMED else "",
        link=links[0],
        stop=links[1],
        foot=mail_footer(settings),
    )
    if name == FIRST_EMAIL:
        text = first_email_text(content)
    elif name == FINISHED_EMAIL:
        text = finished_email_text(content)
    else:
        text = reminder_email_text(content, on or today)
    return ComposedEmail(
        number=content.number,
        to=email_request.supplier.email,
        sender=asks.sender(SERVICE_NAME),
        reply_to=reply_to_address(session, buyer.id, status, email_request.by),
        subject=content.subject,
        text=text,
    )


def delete_old_emails(session: Session, now: datetime) -> int:
    """Forget addresses after 90 days and emails after 13 months. Returns of how many something was forgotten."""
    old = SupplierEmail.made_at < now - ADDRESS_RETENTION, SupplierEmail.address != ""
    emptied = session.scalars(update(SupplierEmail).where(*old).values(address="").returning(SupplierEmail.number))
    gone = session.scalars(
        delete(SupplierEmail).where(SupplierEmail.made_at < now - EMAIL_RETENTION).returning(SupplierEmail.number)
    )
    number = len(emptied.all()) + len(gone.all())
    if number:
        erase_after_commit(session)
    return number


def is_unsubscribed(
    session: Session, buyer_id: uuid.UUID, address: str, secrets: Iterable[str], domain: str | None = None
) -> bool:
    """Whether this mailbox wants no more mail from this buyer, or, while its name waits, from any buyer that waited at its `domain`.

    `secrets`: every key that is honoured, for it may have stopped under an earlier one.
    """
    marks = [mailbox_hash(address, secret) for secret in secrets]
    here = BuyerUnsubscribe.buyer_id == buyer_id, BuyerUnsubscribe.mark.in_(marks)
    if session.scalars(select(BuyerUnsubscribe.mark).where(*here)).first() is not None:
        return True
    stopped = SupplierEmail.mark.in_(marks), SupplierEmail.stopped_at.is_not(None)
    return domain is not None and bool(
        session.scalar(select(exists().where(SupplierEmail.asked_from == domain, *stopped)))
    )


def mailbox_hash(address: str, secret: str) -> str:
    return hmac.new(
        secret.encode(), f"stopped mailbox {normalise_mailbox(address)}".encode(), hashlib.sha256
    ).hexdigest()


def normalise_email_number(typed: str) -> str:
    """The number of an email as it is kept, from what a supplier typed: no gaps, no mix-up of letters and digits."""
    kept = "".join(one for one in typed.upper() if one.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def _email_number(session: Session, buyer: Organisation, email_request: EmailRequest, name: str, secret: str) -> str:
    """The same for the same email, so that its preview shows the number it will have; without the key nobody can guess it."""
    of = f"letter {buyer.id.hex} {email_request.supplier.identity} {email_request.number} {name}"
    for again in count():
        digest = hmac.new(secret.encode(), f"{of} {again}".encode(), hashlib.sha256).digest()
        bits = int.from_bytes(digest)
        # five bits for each sign
        number = "".join(_BASE32_ALPHABET[bits >> 5 * place & 31] for place in range(_NUMBER_LENGTH))
        if session.get(SupplierEmail, number) is None:
            return number
    raise AssertionError


def _queue_email(
    session: Session, supplier: Supplier, invitation: SupplierInvitation, name: str, settings: Settings, now: datetime
) -> bool:
    buyer = session.get_one(Organisation, supplier.buyer_id)
    if no_email_reason(session, supplier, buyer, settings, uk_date(now)) is not None or was_email_queued(
        session, invitation, name
    ):
        return False
    today = uk_date(now)
    mark = mailbox_hash(supplier.email, settings.key)
    status, email_request = get_name_status(session, buyer, today), email_request_for(session, supplier, invitation)
    shared = shared_quota_keys(status, email_request.by)
    # last of all checks: what is not sent uses nothing up
    if not use_email_quota(session, buyer.id, mark, today, get_email_allowance(status, today), shared):
        return False
    event = f"{invitation.events}{name}"
    links = (
        create_invitation_link(session, invitation, settings.base_url, now, email_event=event),
        create_invitation_link(session, invitation, settings.base_url, now, email_event=event, stops=True),
    )
    made = compose_email(session, buyer, email_request, name, links, settings, today)
    session.add(
        SupplierEmail(
            number=made.number,
            event=event,
            buyer_id=buyer.id,
            mark=mark,
            domain=made.to.rpartition("@")[2].lower(),
            address=made.to,
            buyer=buyer.name,
            asked_from=status.government_domain or "",
            made_at=now,
        )
    )
    session.flush()
    mail = Mail(
        event, made.to, made.subject, made.text, None, links[1], sender_name=made.sender, reply_to=made.reply_to
    )
    return enqueue_mail(session, mail, now)
