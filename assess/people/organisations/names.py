"""How it stands with the name of an organisation: asked about, confirmed, refused, suspended, and how it ends.

Anybody may begin an organisation with any name, and an address proves a mailbox and never a name. So every place that shows a name
to others says “name not confirmed” until a person who never belonged to the organisation has confirmed name, domains and company
number together. What hangs on that elsewhere hears of its end in the same transaction: `NameRevoked`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.events import publish
from assess.people.models import Membership, Method, NameState, Organisation, Person, Role
from assess.people.organisations.events import NameRevoked
from assess.people.organisations.models import MemberMark, NameDecision, NameDeed, PostedCode
from assess.people.organisations.name_mails import tell_of_decision
from assess.people.organisations.naming import DomainUnfitError, is_of_government, own_domain

NOT_CONFIRMED = "name not confirmed"
OVER = "Its two years are over."
YEARS = 2
NEW_FOR = timedelta(days=14)
UNDONE_WITHIN = timedelta(days=30)
CODE_LASTS, MOST_TRIES = timedelta(days=42), 10
_CODE_LETTERS, _CODE_LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 8
"""Without letters that look like another in print."""


class NotNowError(Exception):
    """The state of the name does not allow it."""


class BelongedError(Exception):
    """Whoever would confirm it belongs to the organisation, or once did."""


class EvidenceError(ValueError):
    """What was said does not confirm a name so. `field` names what is missing; the sentence is for whoever confirms."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class NameStanding:
    """How it stands with a name on one day. What a confirmation said is there only while it counts."""

    state: NameState
    name: str
    domains: tuple[str, ...]
    company_number: str | None
    how: Method | None
    confirmed_by_words: str | None
    """Who ran the service when it was confirmed. Never a person."""
    since: date | None
    until: date | None
    lifted: bool
    """Whether the limit of the first 14 days was lifted."""
    government_domain: str | None
    """While it waits: the proven domain of a manager, if only public bodies are given such a one. None once it was ever refused."""
    ever_refused: bool
    """Whether it was once refused, by whatever name: it may ask again, and nothing is sent for it until it is confirmed."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody confirms, how, and what shows it. `by` is None at the machine; `run_by` is who runs the service."""

    how: Method
    words: str
    domains: tuple[str, ...]
    by: Person | None
    run_by: str


def state_on(organisation: Organisation, today: date) -> NameState:
    """The state on this day: a confirmation that is over counts no longer, whether or not the night has seen to it."""
    if organisation.name_state is NameState.CONFIRMED and not is_confirmed(organisation, today):
        return NameState.UNCONFIRMED
    return organisation.name_state or NameState.UNCONFIRMED


def is_confirmed(organisation: Organisation, today: date) -> bool:
    """Whether the name counts as confirmed on this day."""
    until = organisation.name_until
    return organisation.name_state is NameState.CONFIRMED and until is not None and today < until


def standing_of(session: Session, organisation: Organisation, today: date) -> NameStanding:
    """How it stands with the name on this day."""
    state = state_on(organisation, today)
    counts = state is NameState.CONFIRMED
    refused = was_refused(session, organisation)
    waits = state is NameState.WAITING and not refused
    return NameStanding(
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
        ever_refused=refused,
    )


def was_refused(session: Session, organisation: Organisation) -> bool:
    """Whether its name, this one or an earlier one, was ever refused."""
    return bool(
        session.scalar(
            select(
                exists().where(NameDecision.organisation_id == organisation.id, NameDecision.deed == NameDeed.REFUSED)
            )
        )
    )


def as_shown(session: Session, organisation: Organisation, today: date) -> str:
    """A digest of all that a decision about the name rests on: whoever decides sends back the one of what they saw."""
    shown = (
        organisation.name,
        organisation.company_number,
        organisation.domain,
        organisation.name_domains,
        sorted(domains_of_managers(session, organisation.id)),
        state_on(organisation, today).value,
        organisation.name_changed_at,
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def name_note(organisation: Organisation, today: date) -> str | None:
    """“name not confirmed” in every state but one."""
    return None if is_confirmed(organisation, today) else NOT_CONFIRMED


def confirmed_words(organisation: Organisation, today: date) -> str | None:
    """What shows that the name is true, for whoever is to rely on it; None when nothing does. The domain is always named."""
    if not is_confirmed(organisation, today):
        return None
    by = organisation.name_by or "whoever runs this service"
    domains = " and ".join(organisation.name_domains.split())
    at = f" Its people have email addresses at {domains}." if domains else ""
    return f"Confirmed by {by}.{at}"


def ask(session: Session, organisation: Organisation, by: Person | None, now: datetime) -> None:
    """Ask the desk to look at the name.

    Raises:
        NotNowError: unless it is unconfirmed or was refused.
    """
    if state_on(organisation, date_at(now)) not in {NameState.UNCONFIRMED, NameState.REFUSED}:
        raise NotNowError
    _forget_confirmation(organisation)
    _become(organisation, NameState.WAITING, now)
    _note(session, organisation, NameDeed.ASKED, by, now)


def prove_domain(organisation: Organisation, email: str) -> None:
    """A manager says that the domain of their proven address is the organisation's. It proves nothing of the name.

    Raises:
        DomainUnfitError
    """
    organisation.domain = own_domain(email)


def confirm(session: Session, organisation: Organisation, said: Confirmation, now: datetime) -> None:
    """Confirm name, domains and company number as they stand, for two years. Confirming again renews it.

    Raises:
        NotNowError: while it is suspended.
        BelongedError, EvidenceError
    """
    if organisation.name_state is NameState.SUSPENDED:
        raise NotNowError
    if said.by is not None and belonged(session, organisation, said.by):
        raise BelongedError
    _see_evidence(session, organisation, said)
    if not is_confirmed(organisation, date_at(now)):
        organisation.name_since, organisation.name_lifted = date_at(now), False
    _become(organisation, NameState.CONFIRMED, now)
    organisation.name_domains = " ".join(sorted(said.domains))
    organisation.name_how, organisation.name_by = said.how, said.run_by or None
    organisation.name_until = _years_after(date_at(now))
    session.execute(delete(PostedCode).where(PostedCode.organisation_id == organisation.id))
    _note(session, organisation, NameDeed.CONFIRMED, said.by, now, said.words, said.how)


def refuse(session: Session, organisation: Organisation, reason: str, by: Person, now: datetime) -> None:
    """Say no to a name that waits.

    Raises:
        NotNowError: unless it waits.
    """
    if organisation.name_state is not NameState.WAITING:
        raise NotNowError
    _become(organisation, NameState.REFUSED, now)
    _note(session, organisation, NameDeed.REFUSED, by, now, reason)
    publish(session, NameRevoked(organisation))


def suspend(session: Session, organisation: Organisation, reason: str, by: Person | None, now: datetime) -> None:
    """Stop at once all that is done under this name, whatever its state. Nothing is deleted.

    Raises:
        NotNowError: when it is suspended already.
    """
    if organisation.name_state is NameState.SUSPENDED:
        raise NotNowError
    organisation.name_before = state_on(organisation, date_at(now))
    _become(organisation, NameState.SUSPENDED, now)
    _note(session, organisation, NameDeed.SUSPENDED, by, now, reason)
    publish(session, NameRevoked(organisation))


def lift_suspension(session: Session, organisation: Organisation, reason: str, by: Person, now: datetime) -> None:
    """End a suspension. Within 30 days the state before it is back; later the name has to be confirmed anew.

    Raises:
        NotNowError: unless it is suspended.
    """
    if organisation.name_state is not NameState.SUSPENDED:
        raise NotNowError
    soon = organisation.name_changed_at is not None and now < organisation.name_changed_at + UNDONE_WITHIN
    before = (organisation.name_before if soon else None) or NameState.UNCONFIRMED
    organisation.name_before = None
    _become(organisation, before, now)
    if before is not NameState.CONFIRMED:
        _forget_confirmation(organisation)
    _note(session, organisation, NameDeed.SUSPENSION_LIFTED, by, now, reason)


def lift_limit(session: Session, organisation: Organisation, reason: str, by: Person, now: datetime) -> None:
    """Let a name that was confirmed lately do what others may after 14 days.

    Raises:
        NotNowError: unless it is confirmed and still limited.
    """
    if not is_limited(organisation, date_at(now)):
        raise NotNowError
    organisation.name_lifted = True
    _note(session, organisation, NameDeed.LIMIT_LIFTED, by, now, reason)


def is_limited(organisation: Organisation, today: date) -> bool:
    """Whether it is confirmed for less than 14 days, and nobody lifted that."""
    since = organisation.name_since
    return (
        is_confirmed(organisation, today)
        and not organisation.name_lifted
        and since is not None
        and today < since + NEW_FOR
    )


def make_code(session: Session, organisation: Organisation, now: datetime) -> str:
    """A new code for the letter to the registered office. It is given out this once; only its hash is kept.

    Raises:
        EvidenceError: without a company number there is no registered office.
    """
    if organisation.company_number is None:
        raise EvidenceError("how", "It has no company number, so there is no registered office to write to.")
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    session.execute(delete(PostedCode).where(PostedCode.organisation_id == organisation.id))
    session.add(
        PostedCode(
            organisation_id=organisation.id,
            code_hash=_code_hash(organisation, code),
            made_at=now,
            until=now + CODE_LASTS,
        )
    )
    session.flush()
    return f"{code[:4]}-{code[4:]}"


def enter_code(session: Session, organisation: Organisation, typed: str, now: datetime) -> bool:
    """Whether this is the code of the letter. Ten wrong tries end it: another letter is needed then."""
    code = open_code(session, organisation, now)
    if code is None or code.entered_at is not None:
        return False
    code.tries += 1
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    if not hmac.compare_digest(_code_hash(organisation, plain), code.code_hash):
        return False
    code.entered_at = now
    return True


def open_code(session: Session, organisation: Organisation, now: datetime) -> PostedCode | None:
    """The code on its way or entered, unless it is over."""
    wanted = select(PostedCode).where(PostedCode.organisation_id == organisation.id)
    code = session.scalars(wanted).first()
    if code is None or (code.entered_at is None and (code.until <= now or code.tries >= MOST_TRIES)):
        return None
    return code


def _code_hash(organisation: Organisation, code: str) -> str:
    return hmac.new(organisation.mark_key.encode(), f"code {code}".encode(), hashlib.sha256).hexdigest()


def rename(session: Session, organisation: Organisation, name: str, now: datetime) -> None:
    """Call it so. What confirmed another name confirms nothing of this one."""
    if name != organisation.name:
        end(session, organisation, f"It was called “{organisation.name}”.", now)
        organisation.name = name


def give_number(session: Session, organisation: Organisation, number: str | None, now: datetime) -> None:
    """Note the company number. What was confirmed with another number is confirmed no longer."""
    if number != organisation.company_number:
        end(session, organisation, f"Its company number was {organisation.company_number or 'not given'}.", now)
        organisation.company_number = number


def end(session: Session, organisation: Organisation, why: str, now: datetime) -> None:
    """What was said of the name counts no longer. A suspension stays: nobody gets out of it by another name."""
    session.execute(delete(PostedCode).where(PostedCode.organisation_id == organisation.id))
    before = organisation.name_state or NameState.UNCONFIRMED
    if before is NameState.SUSPENDED:
        organisation.name_before = NameState.UNCONFIRMED
    else:
        _become(organisation, NameState.UNCONFIRMED, now)
    ends = before in {NameState.CONFIRMED, NameState.WAITING}
    if ends:
        _note(session, organisation, NameDeed.ENDED, None, now, why)
    _forget_confirmation(organisation)
    if ends:
        publish(session, NameRevoked(organisation))


def managed_by(session: Session, person_id: uuid.UUID) -> Sequence[Organisation]:
    """What somebody manages, held until this transaction ends: to be looked at again once they do no longer."""
    wanted = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.role == Role.MANAGER)
        .order_by(Organisation.id)
        .with_for_update(of=Organisation)
        .execution_options(populate_existing=True)
    )
    return session.scalars(wanted).all()


def see_domains_held(session: Session, organisation: Organisation, now: datetime) -> None:
    """End what hung on a domain at which no manager has an address any more.

    The name was confirmed with all its domains together, so that it ends with the first of them: whoever stays may be of another.
    """
    held = domains_of_managers(session, organisation.id)
    if organisation.domain is not None and organisation.domain not in held:
        organisation.domain = None
    confirmed = set(organisation.name_domains.split())
    gone = sorted(confirmed - held)
    if gone:
        end(session, organisation, f"No manager has an address at {' and '.join(gone)} any more.", now)


def note_belongs(session: Session, organisation_id: uuid.UUID, person: Person) -> None:
    """Keep that they belong to it, for when they do no longer."""
    key = session.scalars(select(Organisation.mark_key).where(Organisation.id == organisation_id)).one()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"organisation_id": organisation_id, "mark": mark} for mark in _marks(key, person)]
    session.execute(insert(MemberMark).values(rows).on_conflict_do_nothing())


def note_address(session: Session, person: Person) -> None:
    """Keep the same under the address they have now."""
    theirs = select(Membership.organisation_id).where(Membership.person_id == person.id).distinct()
    for organisation_id in session.scalars(theirs).all():
        note_belongs(session, organisation_id, person)


def belonged(session: Session, organisation: Organisation, person: Person) -> bool:
    """Whether they belong to it, or once did."""
    if session.scalar(
        select(exists().where(Membership.organisation_id == organisation.id, Membership.person_id == person.id))
    ):
        return True
    wanted = select(MemberMark.mark).where(
        MemberMark.organisation_id == organisation.id, MemberMark.mark.in_(_marks(organisation.mark_key, person))
    )
    return session.scalars(wanted).first() is not None


def _marks(key: str, person: Person) -> Sequence[str]:
    """Of the account and of the address: either may be another one later."""
    return [
        hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()
        for words in (f"person {person.id}", f"address {person.email}")
    ]


def latest_decision(session: Session, organisation: Organisation) -> NameDecision | None:
    """What was done about the name last."""
    return next(iter(decisions_of(session, organisation)), None)


def decisions_of(session: Session, organisation: Organisation) -> Sequence[NameDecision]:
    """All that was done about the name, the newest first."""
    wanted = select(NameDecision).where(NameDecision.organisation_id == organisation.id)
    return session.scalars(wanted.order_by(NameDecision.id.desc())).all()


def domains_of_managers(session: Session, organisation_id: uuid.UUID) -> frozenset[str]:
    """The own domains at which its managers have proven addresses and accounts that open."""
    emails = session.scalars(
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.MANAGER)
        .where(Person.confirmed_at.is_not(None), Person.disabled_at.is_(None))
    )
    return frozenset(domain for domain in map(_own_or_none, emails) if domain)


def _own_or_none(email: str) -> str | None:
    try:
        return own_domain(email)
    except DomainUnfitError:
        return None


def _government_domain(session: Session, organisation: Organisation) -> str | None:
    domain = organisation.domain
    if domain is None or not is_of_government(domain):
        return None
    return domain if domain in domains_of_managers(session, organisation.id) else None


def _see_evidence(session: Session, organisation: Organisation, said: Confirmation) -> None:
    if not set(said.domains) <= domains_of_managers(session, organisation.id):
        raise EvidenceError("domains", "Choose only domains at which its managers have confirmed addresses.")
    if said.how is Method.LIST and not said.domains:
        raise EvidenceError("domains", "Choose the domain that stands in the list.")
    if said.how is Method.REGISTER:
        code = session.get(PostedCode, organisation.id)
        if organisation.company_number is None:
            raise EvidenceError("how", "It has no company number, so there is nothing to look up in the register.")
        if code is None or code.entered_at is None:
            raise EvidenceError("how", "The organisation has not entered the code from the letter yet.")
    if not said.words:
        raise EvidenceError("words", _WANTED[said.how])


_WANTED = {
    Method.CALLED_BACK: "Enter where you found the number.",
    Method.REGISTER: "Enter what the register says: the name, and the day you looked.",
    Method.LIST: "Enter which list it is and where it can be read.",
    Method.KNOWN: "Enter how you know them.",
    Method.MACHINE: "Say why with --reason.",
}


def _forget_confirmation(organisation: Organisation) -> None:
    """What was confirmed stands in the history from here on, and nowhere else."""
    organisation.name_domains, organisation.name_how, organisation.name_by = "", None, None
    organisation.name_since, organisation.name_until, organisation.name_lifted = None, None, False


def _become(organisation: Organisation, state: NameState, now: datetime) -> None:
    organisation.name_state, organisation.name_changed_at = state, now


def _note(
    session: Session,
    organisation: Organisation,
    deed: NameDeed,
    by: Person | None,
    now: datetime,
    words: str = "",
    how: Method | None = None,
) -> None:
    decision = NameDecision(
        organisation_id=organisation.id,
        deed=deed,
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
    tell_of_decision(session, organisation, decision, now)


def _years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # 29 February
        return date(day.year + YEARS, 3, 1)
