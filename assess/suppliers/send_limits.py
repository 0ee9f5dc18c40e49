"""Limits on supplier emails: daily quotas of a buyer, pauses after complaints or refused mail, and the busy seasons of sectors."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.clock import UK_ZONE, uk_date
from assess.core.config import Settings
from assess.core.mail.services import Mail, enqueue_mail, mail_footer
from assess.core.pages import day as in_words
from assess.core.rate_limits import Quota, use_quotas
from assess.identity.models import NameState, Organisation, Person
from assess.identity.organisations.name_confirmation import LIMITED_PERIOD, NameStatus, get_name_status
from assess.question_banks.files import ContentFiles, kept_with_files
from assess.question_banks.settings import SEASON_PREFIX, DatedSetting, gather_settings, value_on
from assess.suppliers.models import EmailPause, PauseReason, SupplierEmail, UnknownBuyerReport

MAX_EMAILS_A_DAY = 2000
"""Emails and reminders together, for each buyer whose name has been confirmed for a while."""
MAX_EMAILS_A_DAY_WHILE_NEW = 100
MAX_EMAILS_A_DAY_WHILE_WAITING = 10
MAX_EMAILS_WHILE_WAITING = 30
"""In all, while a government domain is all that shows who asks."""

MAX_EMAILS_TO_A_MAILBOX = 5
"""The same to one mailbox: a firm with several sites may read all its mail there, and a list may name one stranger a thousand times.

From each buyer whose name is confirmed; from all others together."""

MAX_LINKS_A_DAY = 20
"""Links to send by hand, of a buyer whose name is not confirmed."""
_COUNTED_DAYS = 396
"""For how long an email of a name that waited counts among those in all: as long as emails are kept."""


@dataclass(frozen=True, slots=True)
class EmailAllowance:
    """Emails a day, and in all; None: no end."""

    a_day: int
    in_all: int | None = None

    @property
    def words(self) -> str:
        ends = (
            ""
            if self.in_all is None
            else f", and to {self.in_all} in all until your name is confirmed, counted together for all who ask from your domain"
        )
        return (
            f"Emails go to at most {self.a_day:,} suppliers a day, one to each{ends}. At most {MAX_EMAILS_TO_A_MAILBOX} a day go to one mailbox. "
            "The others go on the days after."
        )


def get_email_allowance(status: NameStatus, today: date) -> EmailAllowance:
    if status.state is NameState.WAITING and status.government_domain:
        return EmailAllowance(MAX_EMAILS_A_DAY_WHILE_WAITING, None if status.lifted else MAX_EMAILS_WHILE_WAITING)
    if status.state is not NameState.CONFIRMED:
        return EmailAllowance(0, 0)
    is_new = status.since is not None and today < status.since + LIMITED_PERIOD and not status.lifted
    return EmailAllowance(MAX_EMAILS_A_DAY_WHILE_NEW if is_new else MAX_EMAILS_A_DAY)


def shared_quota_keys(status: NameStatus, person_id: uuid.UUID | None) -> tuple[str, ...]:
    """With whom a name that waits shares its ration, over all organisations: its domain, and the person who asks. Else nobody."""
    if status.government_domain is None:
        return ()
    person = () if person_id is None else (f"person {person_id.hex}",)
    return (f"domain {status.government_domain}", *person)


def use_email_quota(
    session: Session,
    buyer_id: uuid.UUID,
    mark: str,
    day: date,
    send_limit: EmailAllowance,
    shared: tuple[str, ...] = (),
) -> bool:
    """Count one more email of this buyer to this mailbox on this day. False: it has had all it may have, and nothing may be written.

    `mark`: what is kept of a mailbox in place of its address. `shared`: as `shared_quota_keys` has it.
    """
    # one mailbox has one ration of all whose names wait: they may be one person
    whose = "buyers that wait" if shared else buyer_id.hex
    quotas = [_quota(f"emails of {whose} to {mark}", MAX_EMAILS_TO_A_MAILBOX, day)]
    for one in shared:
        quotas.append(_quota(f"emails while waiting of {one}", send_limit.a_day, day))
        if send_limit.in_all is not None:
            quotas.append(_quota(f"emails while waiting of {one}", send_limit.in_all, day, in_all=True))
    return use_quotas(session, [*quotas, _quota(f"emails of {buyer_id.hex}", send_limit.a_day, day)])


def use_link_quota(session: Session, buyer_id: uuid.UUID, day: date) -> bool:
    """Count one more link to send by hand, of a buyer whose name is not confirmed. False: there were enough today."""
    return use_quotas(session, [_quota(f"links by hand of {buyer_id.hex}", MAX_LINKS_A_DAY, day)])


def _quota(what: str, most: int, day: date, *, in_all: bool = False) -> Quota:
    """Of one day, as days are counted in the United Kingdom; `in_all`: of all days, and kept for so long after the first."""
    ends = day + timedelta(days=_COUNTED_DAYS if in_all else 1)
    return Quota(f"{what} {'in all' if in_all else day.isoformat()}", most, datetime.combine(ends, time(), UK_ZONE))


MIN_REPORTS = 3
"""From so many mailboxes. More emails take more: `REPORT_SHARE` of those of `COUNTING_PERIOD`, above 150 emails."""
REPORT_SHARE = 0.02
COUNTING_PERIOD = timedelta(days=30)
FIRST_EMAILS = 50
MAX_REFUSED = 5
"""A tenth of the first emails: a buyer that knows its suppliers knows their addresses."""
STAFF_EMAILS_PATH = "/staff/supplier-emails"
_PAUSE_SUBJECT = "The emails of an organisation are on hold"


def are_emails_paused(session: Session, buyer_id: uuid.UUID, domain: str | None = None) -> bool:
    """Whether no email of this buyer may go. `domain`: of government, while its name waits; whatever holds another one there holds it.

    A buyer that deletes itself and begins again is held by what was said of its emails.
    """
    own = EmailPause.buyer_id == buyer_id
    if domain is not None:
        own |= EmailPause.buyer_id.in_(select(Organisation.id).where(Organisation.domain == domain))
    if session.scalar(select(exists().where(own, EmailPause.lifted_at.is_(None)))):
        return True
    if domain is None:
        return False
    return _is_domain_paused(session, domain, clock.now())


def log_unknown_buyer_report(
    session: Session, buyer_id: uuid.UUID, mark: str, settings: Settings, now: datetime
) -> None:
    """A mailbox reported “I do not know them”. Reporting again changes nothing."""
    buyer = _lock_buyer(session, buyer_id)
    if buyer is None or session.get(UnknownBuyerReport, (buyer_id, mark)) is not None:
        return
    session.add(UnknownBuyerReport(buyer_id=buyer_id, mark=mark, at=now))
    session.flush()
    since = _counted_since(session, buyer_id, now - COUNTING_PERIOD)
    reports = (
        select(func.count())
        .select_from(UnknownBuyerReport)
        .where(UnknownBuyerReport.buyer_id == buyer_id, UnknownBuyerReport.at > since)
    )
    sent = select(func.count()).where(SupplierEmail.buyer_id == buyer_id, SupplierEmail.made_at > now - COUNTING_PERIOD)
    enough = max(MIN_REPORTS, math.ceil(REPORT_SHARE * (session.scalar(sent) or 0)))
    if (session.scalar(reports) or 0) >= enough or _is_own_domain_paused(session, buyer, now):
        _pause_emails(session, buyer_id, PauseReason.NOT_KNOWN, settings, now)


def mark_email_refused(session: Session, event: str, settings: Settings, now: datetime) -> None:
    email = session.scalars(select(SupplierEmail).where(SupplierEmail.event == event)).first()
    buyer = None if email is None else _lock_buyer(session, email.buyer_id)  # two refusals at once are both counted
    if email is None or buyer is None:
        return
    email.refused_at = now
    session.flush()
    since = _counted_since(session, email.buyer_id, None)
    first = select(SupplierEmail.refused_at).where(SupplierEmail.buyer_id == email.buyer_id)
    if since is not None:
        first = first.where(SupplierEmail.made_at > since)
    first = first.order_by(SupplierEmail.made_at, SupplierEmail.number).limit(FIRST_EMAILS)
    if sum(refused is not None for refused in session.scalars(first)) >= MAX_REFUSED or _is_own_domain_paused(
        session, buyer, now
    ):
        _pause_emails(session, email.buyer_id, PauseReason.REFUSED, settings, now)


def lift_pause(session: Session, pause: EmailPause, person_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Let the emails go on. What was counted before counts no more. Lifting twice changes nothing."""
    if pause.lifted_at is None:
        pause.lifted_at, pause.lifted_by, pause.reason = now, person_id, reason
        session.flush()


def notify_staff(
    session: Session,
    event: str,
    subject: str,
    sentence: str,
    settings: Settings,
    now: datetime,
) -> None:
    """An email to all staff: a sentence and a link, and nothing of any supplier."""
    if settings.mail_server is None:
        return
    query = select(Person).where(
        Person.desk.is_not(None), Person.disabled_at.is_(None), Person.confirmed_at.is_not(None)
    )
    text = f"{sentence}\n\n{settings.base_url}{STAFF_EMAILS_PATH}\n\n{mail_footer(settings)}\n"
    for person in session.scalars(query.order_by(Person.email)):
        enqueue_mail(session, Mail(f"{event}:{person.id.hex}", person.email, subject, text, None), now)


def _pause_emails(
    session: Session, buyer_id: uuid.UUID, because: PauseReason, settings: Settings, now: datetime
) -> None:
    if are_emails_paused(session, buyer_id):  # staff hear of it once
        return
    made = EmailPause(buyer_id=buyer_id, because=because, at=now)
    session.add(made)
    session.flush()
    sentence = "The emails of an organisation to its suppliers are on hold. Please look at it and decide:"
    notify_staff(session, f"letters on hold:{made.id.hex}", _PAUSE_SUBJECT, sentence, settings, now)


def _is_own_domain_paused(session: Session, buyer: Organisation, now: datetime) -> bool:
    domain = get_name_status(session, buyer, uk_date(now)).government_domain
    return domain is not None and _is_domain_paused(session, domain, now)


def _is_domain_paused(session: Session, domain: str, now: datetime) -> bool:
    """Whether what was said of all emails of names that waited at this domain is enough to hold them."""
    at_domain = select(Organisation.id).where(Organisation.domain == domain)
    lifted = session.scalar(select(func.max(EmailPause.lifted_at)).where(EmailPause.buyer_id.in_(at_domain)))
    since = max(filter(None, [lifted, now - COUNTING_PERIOD]))
    theirs = SupplierEmail.asked_from == domain
    reports = select(func.count(SupplierEmail.mark.distinct())).where(theirs, SupplierEmail.not_known_at > since)
    refused = select(func.count()).where(theirs, SupplierEmail.refused_at > since)
    return (session.scalar(reports) or 0) >= MIN_REPORTS or (session.scalar(refused) or 0) >= MAX_REFUSED


def _lock_buyer(session: Session, buyer_id: uuid.UUID) -> Organisation | None:
    """The buyer, held: of several who report at once each one counts, and the emails pause once."""
    return session.get(Organisation, buyer_id, with_for_update=True)


def _counted_since(session: Session, buyer_id: uuid.UUID, at_least: datetime | None) -> datetime | None:
    lifted = session.scalar(select(func.max(EmailPause.lifted_at)).where(EmailPause.buyer_id == buyer_id))
    found = [since for since in (lifted, at_least) if since is not None]
    return max(found) if found else None


_MONTHS = 12


def busy_until(files: ContentFiles, sector: str, day: date) -> date | None:
    """The last day of the busy season of this sector, if this day is in it; else None."""
    setting = _seasons(files).get(sector)
    if setting is None:
        return None
    try:
        value = value_on(setting, day)["value"]
    except KeyError:  # it begins later
        return None
    return season_end(int(value["first_month"]), int(value["last_month"]), day)


def season_end(first: int, last: int, day: date) -> date | None:
    """The last day of a season of these months, both included, if this day is in it. A season may go over the new year."""
    wraps = first > last
    if not (first <= day.month <= last if not wraps else day.month >= first or day.month <= last):
        return None
    year = day.year + (1 if wraps and day.month >= first else 0)
    after = date(year + 1, 1, 1) if last == _MONTHS else date(year, last + 1, 1)
    return after - timedelta(days=1)


def first_sending_day(files: ContentFiles, sector: str, today: date, *, at_once: bool) -> date:
    until = None if at_once else busy_until(files, sector, today)
    return today if until is None else until + timedelta(days=1)


def busy_season_message(title: str, until: date) -> str:
    goes = in_words(until + timedelta(days=1))
    return f"{title}: busy until {in_words(until)}. The email goes on {goes}, unless you tick “Send it now”."


@kept_with_files
def _seasons(files: ContentFiles) -> dict[str, DatedSetting]:
    return {
        one.id.removeprefix(SEASON_PREFIX): one
        for one in gather_settings(files).settings
        if one.id.startswith(SEASON_PREFIX)
    }
