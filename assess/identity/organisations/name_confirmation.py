"""States of an organisation's name: requested, confirmed, refused, suspended, expired. Sends the emails and publishes `NameRevoked`."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.db import dialect_insert
from assess.core.edit_conflicts import etag
from assess.core.events import publish
from assess.core.jobs.services import JobContext
from assess.core.mail.services import Mail, enqueue_mail, with_mail_footer
from assess.identity.events import NameRevoked
from assess.identity.models import (
    ConfirmationMethod,
    Membership,
    NameEventKind,
    NameState,
    Organisation,
    OrganisationMemberHash,
    OrganisationNameEvent,
    Person,
    PostedCode,
    Role,
)
from assess.identity.organisations.name_rules import NoOwnDomainError, is_government_domain, own_domain

NAME_NOT_CONFIRMED = "name not confirmed"
CONFIRMATION_YEARS = 2
LIMITED_PERIOD = timedelta(days=14)
REINSTATE_WITHIN = timedelta(days=30)
POSTED_CODE_LIFETIME, MAX_CODE_TRIES = timedelta(days=42), 10
_CODE_LETTERS, _CODE_LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 8
"""Without letters that look like another in print."""


class WrongNameStateError(Exception):
    """The state of the name does not allow it."""


class FormerMemberError(Exception):
    """The person who would confirm it belongs to the organisation, or once did."""


NOT_THEIR_DOMAIN = "Choose only domains at which its managers have confirmed addresses."


class MissingEvidenceError(ValueError):
    """What was said does not confirm a name so. `field` names what is missing; the sentence is for the person who confirms."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class NameStatus:
    """How it stands with a name on one day. What a confirmation said is there only while it counts."""

    state: NameState
    name: str
    domains: tuple[str, ...]
    company_number: str | None
    how: ConfirmationMethod | None
    confirmed_by_words: str | None
    """Who ran the service when it was confirmed. Never a person."""
    since: date | None
    until: date | None
    lifted: bool
    """Whether the limit of the first 14 days was lifted."""
    government_domain: str | None
    """While it waits: the proven domain of a manager, if only public bodies are given such a one. None once it was ever refused."""


@dataclass(frozen=True, slots=True)
class NameConfirmation:
    """What is confirmed, how, and what shows it. `by` is None at the machine; `run_by` is who runs the service."""

    how: ConfirmationMethod
    words: str
    domains: tuple[str, ...]
    by: Person | None
    run_by: str


def name_state_on(organisation: Organisation, today: date) -> NameState:
    """The state on this day: a confirmation that is over counts no longer, whether or not the night has seen to it."""
    if organisation.name_state is NameState.CONFIRMED and not is_name_confirmed(organisation, today):
        return NameState.UNCONFIRMED
    return organisation.name_state or NameState.UNCONFIRMED


def is_name_confirmed(organisation: Organisation, today: date) -> bool:
    until = organisation.name_until
    return organisation.name_state is NameState.CONFIRMED and until is not None and today < until


def get_name_status(session: Session, organisation: Organisation, today: date) -> NameStatus:
    state = name_state_on(organisation, today)
    counts = state is NameState.CONFIRMED
    waits = state is NameState.WAITING and not was_refused(session, organisation)
    return NameStatus(
        state=state,
        name=organisation.name,
        domains=tuple(organisation.name_domains.split()) if counts else (),
        company_number=organisation.company_number,
        how=organisation.name_how if counts else None,
        confirmed_by_words=organisation.name_by if counts else None,
        since=organisation.name_since if counts else None,
        until=organisation.name_until if counts else None,
        lifted=organisation.name_lifted if counts else False,
        government_domain=_government_domain(session, organisation) if waits else None,
    )


def was_refused(session: Session, organisation: Organisation) -> bool:
    """Whether its name, this one or an earlier one, was ever refused: nothing is sent for it then until it is confirmed."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    OrganisationNameEvent.organisation_id == organisation.id,
                    OrganisationNameEvent.deed == NameEventKind.REFUSED,
                )
            )
        )
    )


def name_decision_digest(session: Session, organisation: Organisation, today: date) -> str:
    """A digest of all that a decision about the name rests on: the person who decides sends back the one of what they saw."""
    shown = [
        organisation.name,
        organisation.company_number,
        organisation.domain,
        organisation.name_domains,
        sorted(manager_domains(session, organisation.id)),
        name_state_on(organisation, today).value,
        organisation.name_changed_at,
    ]
    return etag(shown)


def name_note(organisation: Organisation, today: date) -> str | None:
    """“name not confirmed” in every state but one."""
    return None if is_name_confirmed(organisation, today) else NAME_NOT_CONFIRMED


def confirmation_sentence(organisation: Organisation, today: date) -> str | None:
    """What shows that the name is true, for those who are to rely on it; None when nothing does. The domain is always named."""
    if not is_name_confirmed(organisation, today):
        return None
    by = organisation.name_by or "whoever runs this service"
    domains = " and ".join(organisation.name_domains.split())
    at = f" Its people have email addresses at {domains}." if domains else ""
    return f"Confirmed by {by}.{at}"


def request_confirmation(session: Session, organisation: Organisation, by: Person | None, now: datetime) -> None:
    """Ask the staff to look at the name. Raises `WrongNameStateError` unless it is unconfirmed or was refused."""
    if name_state_on(organisation, uk_date(now)) not in {NameState.UNCONFIRMED, NameState.REFUSED}:
        raise WrongNameStateError
    _clear_confirmation(organisation)
    _set_name_state(organisation, NameState.WAITING, now)
    _add_name_event(session, organisation, NameEventKind.ASKED, by, now)


def set_proven_domain(organisation: Organisation, email: str) -> None:
    """A manager says that the domain of their proven address is the organisation's. It proves nothing of the name. Raises `NoOwnDomainError`."""
    organisation.domain = own_domain(email)


def confirm_organisation_name(
    session: Session, organisation: Organisation, said: NameConfirmation, now: datetime
) -> None:
    """Confirm name, domains and company number as they stand, for two years. Confirming again renews it.

    Raises `WrongNameStateError` while it is suspended; `FormerMemberError`, `MissingEvidenceError`.
    """
    if organisation.name_state is NameState.SUSPENDED:
        raise WrongNameStateError
    if said.by is not None and ever_belonged(session, organisation, said.by):
        raise FormerMemberError
    _check_evidence(session, organisation, said)
    if not is_name_confirmed(organisation, uk_date(now)):
        organisation.name_since, organisation.name_lifted = uk_date(now), False
    _set_name_state(organisation, NameState.CONFIRMED, now)
    organisation.name_domains = " ".join(sorted(said.domains))
    organisation.name_how, organisation.name_by = said.how, said.run_by or None
    organisation.name_until = _years_after(uk_date(now))
    session.execute(delete(PostedCode).where(PostedCode.organisation_id == organisation.id))
    _add_name_event(session, organisation, NameEventKind.CONFIRMED, said.by, now, said.words, said.how)


def refuse_organisation_name(
    session: Session, organisation: Organisation, reason: str, by: Person, now: datetime
) -> None:
    """Say no to a name that waits. Raises `WrongNameStateError` unless it waits."""
    if organisation.name_state is not NameState.WAITING:
        raise WrongNameStateError
    _set_name_state(organisation, NameState.REFUSED, now)
    _add_name_event(session, organisation, NameEventKind.REFUSED, by, now, reason)
    publish(session, NameRevoked(organisation))


def suspend_organisation_name(
    session: Session, organisation: Organisation, reason: str, by: Person | None, now: datetime
) -> None:
    """Whatever its state; nothing is deleted. Raises `WrongNameStateError` when it is suspended already."""
    if organisation.name_state is NameState.SUSPENDED:
        raise WrongNameStateError
    organisation.name_before = name_state_on(organisation, uk_date(now))
    _set_name_state(organisation, NameState.SUSPENDED, now)
    _add_name_event(session, organisation, NameEventKind.SUSPENDED, by, now, reason)
    publish(session, NameRevoked(organisation))


def lift_suspension(session: Session, organisation: Organisation, reason: str, by: Person, now: datetime) -> None:
    """End a suspension. Within 30 days the state before it is back; later the name has to be confirmed anew.

    Raises `WrongNameStateError` unless it is suspended.
    """
    if organisation.name_state is not NameState.SUSPENDED:
        raise WrongNameStateError
    soon = organisation.name_changed_at is not None and now < organisation.name_changed_at + REINSTATE_WITHIN
    before = (organisation.name_before if soon else None) or NameState.UNCONFIRMED
    organisation.name_before = None
    _set_name_state(organisation, before, now)
    if before is not NameState.CONFIRMED:
        _clear_confirmation(organisation)
    _add_name_event(session, organisation, NameEventKind.SUSPENSION_LIFTED, by, now, reason)


def lift_limit(session: Session, organisation: Organisation, reason: str, by: Person, now: datetime) -> None:
    """End the limit of the first 14 days. Raises `WrongNameStateError` unless it is confirmed and still limited."""
    if not is_limited(organisation, uk_date(now)):
        raise WrongNameStateError
    organisation.name_lifted = True
    _add_name_event(session, organisation, NameEventKind.LIMIT_LIFTED, by, now, reason)


def is_limited(organisation: Organisation, today: date) -> bool:
    """Whether it is confirmed for less than 14 days, and nobody lifted that."""
    since = organisation.name_since
    return (
        is_name_confirmed(organisation, today)
        and not organisation.name_lifted
        and since is not None
        and today < since + LIMITED_PERIOD
    )


def make_posted_code(session: Session, organisation: Organisation, now: datetime) -> str:
    """A new code for the letter to the registered office. It is given out this once; only its hash is kept.

    Raises `MissingEvidenceError` (without a company number there is no registered office).
    """
    if organisation.company_number is None:
        raise MissingEvidenceError("how", "It has no company number, so there is no registered office to write to.")
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    session.execute(delete(PostedCode).where(PostedCode.organisation_id == organisation.id))
    session.add(
        PostedCode(
            organisation_id=organisation.id,
            code_hash=_code_hash(organisation, code),
            made_at=now,
            until=now + POSTED_CODE_LIFETIME,
        )
    )
    session.flush()
    return f"{code[:4]}-{code[4:]}"


def enter_posted_code(session: Session, organisation: Organisation, typed: str, now: datetime) -> bool:
    """Whether this is the code of the letter. Ten wrong tries end it: another letter is needed then."""
    code = get_posted_code(session, organisation, now)
    if code is None or code.entered_at is not None:
        return False
    code.tries += 1
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    # the time it takes tells no sign of it
    if not hmac.compare_digest(_code_hash(organisation, plain), code.code_hash):
        return False
    code.entered_at = now
    return True


def get_posted_code(session: Session, organisation: Organisation, now: datetime) -> PostedCode | None:
    """The code on its way or entered, unless it is over."""
    code = session.scalars(select(PostedCode).where(PostedCode.organisation_id == organisation.id)).first()
    if code is None or (code.entered_at is None and (code.until <= now or code.tries >= MAX_CODE_TRIES)):
        return None
    return code


def _code_hash(organisation: Organisation, code: str) -> str:
    return hmac.new(organisation.mark_key.encode(), f"code {code}".encode(), hashlib.sha256).hexdigest()


def rename_organisation(session: Session, organisation: Organisation, name: str, now: datetime) -> None:
    """Call it so. What confirmed another name confirms nothing of this one."""
    if name != organisation.name:
        end_name_confirmation(session, organisation, f"It was called “{organisation.name}”.", now)
        organisation.name = name


def set_company_number(session: Session, organisation: Organisation, number: str | None, now: datetime) -> None:
    """Note the company number. What was confirmed with another number is confirmed no longer."""
    if number != organisation.company_number:
        end_name_confirmation(
            session, organisation, f"Its company number was {organisation.company_number or 'not given'}.", now
        )
        organisation.company_number = number


def end_name_confirmation(session: Session, organisation: Organisation, why: str, now: datetime) -> None:
    """What was said of the name counts no longer. A suspension stays: nobody gets out of it by another name."""
    session.execute(delete(PostedCode).where(PostedCode.organisation_id == organisation.id))
    before = organisation.name_state or NameState.UNCONFIRMED
    if before is NameState.SUSPENDED:
        organisation.name_before = NameState.UNCONFIRMED  # lifting the suspension brings no confirmation back
    else:
        _set_name_state(organisation, NameState.UNCONFIRMED, now)
    ends = before in {NameState.CONFIRMED, NameState.WAITING}
    if ends:
        _add_name_event(session, organisation, NameEventKind.ENDED, None, now, why)
    _clear_confirmation(organisation)
    if ends:
        publish(session, NameRevoked(organisation))


def lock_managed_organisations(session: Session, person_id: uuid.UUID) -> Sequence[Organisation]:
    """The organisations a person manages, held until this transaction ends: to be looked at again once they do no longer."""
    return session.scalars(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.role == Role.MANAGER)
        .order_by(Organisation.id)
        .with_for_update(of=Organisation)  # in the order of their ids, so that two of these never wait for each other
        .execution_options(populate_existing=True)
    ).all()


def end_lost_domains(session: Session, organisation: Organisation, now: datetime) -> None:
    """End what hung on a domain at which no manager has an address any more.

    The name was confirmed with all its domains together, so that it ends with the first of them: a member who stays may be of another.
    """
    held = manager_domains(session, organisation.id)
    if organisation.domain is not None and organisation.domain not in held:
        organisation.domain = None
    gone = sorted(set(organisation.name_domains.split()) - held)
    if gone:
        end_name_confirmation(
            session, organisation, f"No manager has an address at {' and '.join(gone)} any more.", now
        )


def save_member_hashes(session: Session, organisation_id: uuid.UUID, person: Person) -> None:
    """Keep that they belong to it, for when they do no longer."""
    key = session.scalars(select(Organisation.mark_key).where(Organisation.id == organisation_id)).one()
    rows = [{"organisation_id": organisation_id, "mark": mark} for mark in _member_hashes(key, person)]
    session.execute(dialect_insert(session, OrganisationMemberHash).values(rows).on_conflict_do_nothing())


def save_address_hashes(session: Session, person: Person) -> None:
    """Keep the same under the address they have now."""
    for organisation_id in session.scalars(
        select(Membership.organisation_id).where(Membership.person_id == person.id).distinct()
    ).all():
        save_member_hashes(session, organisation_id, person)


def ever_belonged(session: Session, organisation: Organisation, person: Person) -> bool:
    """Whether they belong to it, or once did."""
    if session.scalar(
        select(exists().where(Membership.organisation_id == organisation.id, Membership.person_id == person.id))
    ):
        return True
    query = select(OrganisationMemberHash.mark).where(
        OrganisationMemberHash.organisation_id == organisation.id,
        OrganisationMemberHash.mark.in_(_member_hashes(organisation.mark_key, person)),
    )
    return session.scalars(query).first() is not None


def _member_hashes(key: str, person: Person) -> Sequence[str]:
    """Of the account and of the address: either may be another one later."""
    return [
        hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()
        for words in (f"person {person.id}", f"address {person.email}")
    ]


def get_latest_name_event(session: Session, organisation: Organisation) -> OrganisationNameEvent | None:
    return next(iter(list_name_events(session, organisation)), None)


def list_name_events(session: Session, organisation: Organisation) -> Sequence[OrganisationNameEvent]:
    """All that was done about the name, the newest first."""
    query = select(OrganisationNameEvent).where(OrganisationNameEvent.organisation_id == organisation.id)
    return session.scalars(query.order_by(OrganisationNameEvent.id.desc())).all()


def manager_domains(session: Session, organisation_id: uuid.UUID) -> frozenset[str]:
    """The own domains at which its managers have proven addresses and accounts that open."""
    emails = session.scalars(
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.MANAGER)
        .where(Person.confirmed_at.is_not(None), Person.disabled_at.is_(None))
    )
    return frozenset(domain for domain in map(_own_domain_or_none, emails) if domain)


def _own_domain_or_none(email: str) -> str | None:
    try:
        return own_domain(email)
    except NoOwnDomainError:
        return None


def _government_domain(session: Session, organisation: Organisation) -> str | None:
    domain = organisation.domain
    if domain is None or not is_government_domain(domain):
        return None
    return domain if domain in manager_domains(session, organisation.id) else None


def _check_evidence(session: Session, organisation: Organisation, said: NameConfirmation) -> None:
    if not set(said.domains) <= manager_domains(session, organisation.id):
        raise MissingEvidenceError("domains", NOT_THEIR_DOMAIN)
    if said.how is ConfirmationMethod.LIST and not said.domains:
        raise MissingEvidenceError("domains", "Choose the domain that stands in the list.")
    if said.how is ConfirmationMethod.REGISTER:
        code = session.get(PostedCode, organisation.id)
        if organisation.company_number is None:
            raise MissingEvidenceError(
                "how", "It has no company number, so there is nothing to look up in the register."
            )
        if code is None or code.entered_at is None:
            raise MissingEvidenceError("how", "The organisation has not entered the code from the letter yet.")
    if not said.words:
        raise MissingEvidenceError("words", _EVIDENCE_PROMPTS[said.how])


_EVIDENCE_PROMPTS = {
    ConfirmationMethod.CALLED_BACK: "Enter where you found the number.",
    ConfirmationMethod.REGISTER: "Enter what the register says: the name, and the day you looked.",
    ConfirmationMethod.LIST: "Enter which list it is and where it can be read.",
    ConfirmationMethod.KNOWN: "Enter how you know them.",
    ConfirmationMethod.MACHINE: "Say why with --reason.",
}


def _clear_confirmation(organisation: Organisation) -> None:
    """What was confirmed stands in the history from here on, and nowhere else."""
    organisation.name_domains, organisation.name_how, organisation.name_by = "", None, None
    organisation.name_since, organisation.name_until, organisation.name_lifted = None, None, False


def _set_name_state(organisation: Organisation, state: NameState, now: datetime) -> None:
    organisation.name_state, organisation.name_changed_at = state, now


def _add_name_event(
    session: Session,
    organisation: Organisation,
    kind: NameEventKind,
    by: Person | None,
    now: datetime,
    words: str = "",
    how: ConfirmationMethod | None = None,
) -> None:
    decision = OrganisationNameEvent(
        organisation_id=organisation.id,
        deed=kind,
        at=now,
        by_id=None if by is None else by.id,
        name=organisation.name,
        domains=organisation.name_domains or "",
        company_number=organisation.company_number,
        how=how,
        words=words,
    )
    session.add(decision)
    session.flush()
    email_name_event(session, organisation, decision, now)


def _years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + CONFIRMATION_YEARS)
    except ValueError:  # 29 February
        return date(day.year + CONFIRMATION_YEARS, 3, 1)


NOTICE_PERIOD = timedelta(days=30)


def end_names(context: JobContext) -> None:
    """The job of the night. Run twice it ends and tells nothing more."""
    with context.database.writing() as session:
        ended = end_expired_names(session, context.now())
        if ended:
            event = NewAuditEvent(
                action="names.read", verb="ended", who=job_actor("end_names"), details={"count": ended}
            )
            append_event(session, AuditKeys.of(context.settings), event, context.now())


def end_expired_names(session: Session, now: datetime) -> int:
    """Returns how many ended or were told."""
    today, changed = uk_date(now), 0
    query = select(Organisation).where(
        or_(Organisation.name_state == NameState.CONFIRMED, Organisation.domain.is_not(None))
    )
    for organisation in session.scalars(query.order_by(Organisation.id)).all():
        before = organisation.name_state
        end_lost_domains(session, organisation, now)
        until = organisation.name_until
        if organisation.name_state is NameState.CONFIRMED and until is not None:
            if until <= today:
                end_name_confirmation(session, organisation, "Its two years are over.", now)
            elif until - NOTICE_PERIOD <= today:
                changed += email_name_ending(session, organisation, now)
        changed += organisation.name_state is not before
    session.flush()
    return changed


_EVENT_SENTENCES: Mapping[NameEventKind, str] = {
    NameEventKind.ASKED: "An organisation asks us to confirm its name",
    NameEventKind.CONFIRMED: "The name of an organisation was confirmed",
    NameEventKind.REFUSED: "The name of an organisation was refused",
    NameEventKind.SUSPENDED: "The name of an organisation was suspended",
    NameEventKind.SUSPENSION_LIFTED: "The suspension of a name was lifted",
    NameEventKind.LIMIT_LIFTED: "The limit of the first 14 days was lifted",
    NameEventKind.ENDED: "A name no longer counts as confirmed",
}
_DOT = re.compile(r"\.(?=\S)")


def email_name_event(
    session: Session, organisation: Organisation, decision: OrganisationNameEvent, now: datetime
) -> None:
    """Write to all staff, and to the managers where it changes what they may do."""
    said = f"{_EVENT_SENTENCES[decision.deed]}: “{_mail_safe_name(organisation)}”."
    body = f"Hello,\n\n{said}\n\nTo see how and why, sign in and open “Names of organisations” in the staff area."
    _email_staff(session, f"name {decision.id}", body, now)
    if decision.deed in {
        NameEventKind.CONFIRMED,
        NameEventKind.REFUSED,
        NameEventKind.SUSPENDED,
        NameEventKind.SUSPENSION_LIFTED,
        NameEventKind.ENDED,
    }:
        body = "Hello,\n\nThere is news about the name of an organisation that you manage. Sign in and open your organisation to read it."
        _email_managers(session, organisation, f"name {decision.id}", body, now)


def email_name_ending(session: Session, organisation: Organisation, now: datetime) -> bool:
    """A month before the confirmation is over, once for each day on which one is over. Returns whether anything was written."""
    event = f"name-over {organisation.id.hex} {organisation.name_until}"
    body = f"Hello,\n\nThe name “{_mail_safe_name(organisation)}” is confirmed for one more month. Look at it again and confirm it, or it ends."
    _email_staff(session, event, body, now)
    body = (
        "Hello,\n\nThe name of an organisation that you manage is confirmed for one more month. We look at it again before that. "
        "Sign in, open your organisation and see that its name and company number are still right."
    )
    return _email_managers(session, organisation, event, body, now)


def _mail_safe_name(organisation: Organisation) -> str:
    """The name so that no mail program makes a link of what a person chose."""
    return _DOT.sub(". ", organisation.name)


def _email_staff(session: Session, event: str, body: str, now: datetime) -> None:
    staff = select(Person).where(Person.desk.is_not(None))
    _enqueue_mails(session, event, staff, "About the name of an organisation", body, now)


def _email_managers(session: Session, organisation: Organisation, event: str, body: str, now: datetime) -> bool:
    managers = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation.id, Membership.role == Role.MANAGER)
    )
    return _enqueue_mails(session, event, managers, "About the name of your organisation", body, now)


def _enqueue_mails(
    session: Session, event: str, people: Select[Person], subject: str, body: str, now: datetime
) -> bool:
    """Write to those of these people whose account opens."""
    active = people.where(Person.confirmed_at.is_not(None), Person.disabled_at.is_(None)).order_by(Person.email)
    mails = [
        Mail(f"{event} {one.id.hex}", one.email, subject, with_mail_footer(body), None)
        for one in session.scalars(active).all()
    ]
    return any([enqueue_mail(session, mail, now) for mail in mails])  # noqa: C419  # each has to be written
