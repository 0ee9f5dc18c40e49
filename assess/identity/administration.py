"""What staff may do: people, staff roles, organisations, names to confirm, retention. It reads no answer and no result."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.pagination import Page, fetch_page, paginate
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts.services import PersonUnknownError, close_account, email_staff
from assess.identity.accounts.sessions import end_all_login_sessions
from assess.identity.models import (
    ConfirmationMethod,
    LoginSession,
    MemberInvitation,
    Membership,
    NameEventKind,
    NameState,
    Organisation,
    OrganisationNameEvent,
    Person,
    Role,
    StaffRole,
)
from assess.identity.organisations.name_confirmation import is_name_confirmed, list_name_events
from assess.identity.organisations.name_rules import is_government_domain
from assess.identity.organisations.services import lock_person, require_staff_role_allowed
from assess.identity.organisations.similar_names import SimilarNameIndex, has_initials_of, reserved_word_in

NEW_STAFF_PERIOD = timedelta(days=14)
"""For so long new staff take no part in what two have to agree on."""


class AccountNotReadyError(Exception):
    """Their account is disabled, or their address is not confirmed."""


class LastAdministratorError(Exception):
    """Nobody would be left who can look after people and organisations."""


def give_staff_role(
    session: Session, person_id: uuid.UUID, desk: StaffRole, settings: Settings, by: uuid.UUID, now: datetime
) -> None:
    """Give a person this staff role instead of the one they have. All staff are told by email.

    Raises:
        PersonUnknownError, AccountNotReadyError, LastAdministratorError
        BuyerAndStaffError: when they buy for an organisation, or a buyer runs this installation and named no independent desk.
    """
    person = _lock_person_and_administrators(session, person_id)
    if person.disabled_at is not None or person.confirmed_at is None:
        raise AccountNotReadyError
    require_staff_role_allowed(session, person, desk, settings)
    if desk is not StaffRole.ADMINISTRATOR:
        _require_another_administrator(session, person)
    if person.desk is not desk:
        person.desk_given_by = appointer_of(session, person, by)
        person.desk, person.desk_given_at = desk, now
        email_staff(session, person, accounts_emails.staff_role_given(person.email, desk, _email_of(session, by)), now)
    end_all_login_sessions(session, person_id)  # sessions of staff are shorter
    session.flush()


def may_be_second_person(session: Session, person: uuid.UUID, other: uuid.UUID | None, now: datetime) -> bool:
    """Whether this person may take part in what two have to agree on, such as another number of the helpline.

    `person` acts now, `other` the other of the two; None when the other cannot be named any more, or there is none: then
    only the first is looked at. Each of them needs an account that opens, a staff role for at least 14 days, and one that the other
    did not give, nor a person whom the other let in: one person who gives roles to more mailboxes of theirs is still one. It does not look at which role it is, nor at
    whether both are one account where `other` is None; permissions do.
    """
    if person == other:
        return False
    if other is None:
        return _is_established_staff(session, person, now)
    both = _is_established_staff(session, person, now) and _is_established_staff(session, other, now)
    return both and not are_linked(session, person, other)


def may_review(session: Session, person: uuid.UUID, others: Iterable[uuid.UUID | None], now: datetime) -> bool:
    """Whether one person may say that what others did is right: publish it, put it back, or confirm it.

    Nobody does who is one of them, or has been staff for less than 14 days; and nobody does while one of them is as new, else a mailbox
    made for it would do in one afternoon. In an installation where nobody has an account for longer, everybody is new. Who let whom in
    does not count here: the administrator reviews what her only coordinator wrote. None stands for a person who has no account any more.
    """
    named = {one for one in others if one is not None}
    if person in named:
        return False
    # a new installation has nobody who has been there for long
    first = session.scalar(select(func.min(Person.made_at)).where(Person.desk.is_not(None)))
    if first is not None and first + NEW_STAFF_PERIOD > now:
        return True
    return _is_established_staff(session, person, now) and not any(_is_new_staff(session, one, now) for one in named)


def _is_new_staff(session: Session, person_id: uuid.UUID, now: datetime) -> bool:
    """Whether a person got their staff role in the last 14 days. Former staff count as not new."""
    person = session.get(Person, person_id)
    return person is not None and person.desk_given_at is not None and person.desk_given_at + NEW_STAFF_PERIOD > now


def are_linked(session: Session, one: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether one of them let the other in, in however many steps."""
    return one == other or one in _appointment_chain(session, other) or other in _appointment_chain(session, one)


def appointer_of(session: Session, person: Person, by: uuid.UUID) -> uuid.UUID:
    """Who counts as having appointed a person who gets a staff role from this one. People they appointed themselves do not take the place of the one before."""
    before = person.desk_given_by
    return before if before is not None and person.id in _appointment_chain(session, by) else by


def _appointment_chain(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """Who let this person in, who let those in, and so on."""
    found: list[uuid.UUID] = []
    person = session.get(Person, person_id)
    while person is not None and person.desk_given_by is not None and person.desk_given_by not in found:
        found.append(person.desk_given_by)
        person = session.get(Person, person.desk_given_by)
    return found


def _is_established_staff(session: Session, person_id: uuid.UUID, now: datetime) -> bool:
    person = session.get(Person, person_id)
    if person is None or person.desk is None or person.disabled_at is not None or person.confirmed_at is None:
        return False
    return person.desk_given_at is None or person.desk_given_at + NEW_STAFF_PERIOD <= now


def remove_staff_role(session: Session, person_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """Take the staff role of a person away. They and all staff are told by email. Raises `PersonUnknownError`, `LastAdministratorError`."""
    person = _lock_person_and_administrators(session, person_id)
    _require_another_administrator(session, person)
    if person.desk is not None:
        person.desk = person.desk_given_at = None  # who gave it stays: others may have their role from them
        email_staff(session, person, accounts_emails.staff_role_removed(person.email, _email_of(session, by)), now)
    end_all_login_sessions(session, person_id)
    session.flush()


def _email_of(session: Session, person_id: uuid.UUID) -> str:
    person = session.get(Person, person_id)
    return "somebody whose account is deleted" if person is None else person.email


def _lock_person_and_administrators(session: Session, person_id: uuid.UUID) -> Person:
    # all administrators are held, in an order that is always the same: two who remove each other's role do so one after the other
    session.scalars(
        select(Person.id).where(Person.desk == StaffRole.ADMINISTRATOR).order_by(Person.id).with_for_update()
    ).all()
    person = lock_person(session, person_id)
    if person is None:
        raise PersonUnknownError
    return person


def _require_another_administrator(session: Session, person: Person) -> None:
    if person.desk is not StaffRole.ADMINISTRATOR:
        return
    others = session.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.desk == StaffRole.ADMINISTRATOR, Person.id != person.id)
        .where(Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
    )
    if not others:
        raise LastAdministratorError


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person as an administrator sees them: no secret, and nothing of what their organisations answered."""

    id: uuid.UUID
    email: str
    name: str
    desk: StaffRole | None
    made_at: datetime
    confirmed: bool
    disabled: bool
    browsers: int
    roles: Sequence[tuple[uuid.UUID, str, frozenset[Role]]]
    """Organisation, its name, and what they do there."""


def find_people(session: Session, query: ListQuery) -> Page[Person]:
    """People whose address or name holds these words, by address."""
    statement = select(Person).order_by(Person.email)
    if query.words:
        statement = statement.where(
            Person.email.icontains(query.words, autoescape=True) | Person.name.icontains(query.words, autoescape=True)
        )
    return fetch_page(session, statement, query.page, PAGE_SIZE)


def get_person_details(session: Session, person_id: uuid.UUID, now: datetime) -> PersonDetails:
    """One of them. Raises `PersonUnknownError`."""
    person = session.get(Person, person_id)
    if person is None:
        raise PersonUnknownError
    browsers = session.scalar(
        select(func.count())
        .select_from(LoginSession)
        .where(LoginSession.person_id == person_id, LoginSession.until > now)
    )
    held: dict[tuple[str, uuid.UUID], set[Role]] = {}
    for name, organisation_id, role in session.execute(
        select(Organisation.name, Organisation.id, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id)
    ):
        held.setdefault((name, organisation_id), set()).add(role)
    return PersonDetails(
        id=person.id,
        email=person.email,
        name=person.name,
        desk=person.desk,
        made_at=person.made_at,
        confirmed=person.confirmed_at is not None,
        disabled=person.disabled_at is not None,
        browsers=browsers or 0,
        roles=[(organisation_id, name, frozenset(roles)) for (name, organisation_id), roles in sorted(held.items())],
    )


def disable_account(session: Session, person_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """Close an account. Where it is one of the staff, all staff are told. Raises `PersonUnknownError`."""
    person = _lock_person(session, person_id)
    if person.disabled_at is None and person.desk is not None:
        email_staff(
            session, person, accounts_emails.staff_role_removed(person.email, session.get_one(Person, by).email), now
        )
    close_account(session, person, now)


def enable_account(session: Session, person_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """It opens again what it opened before, once they have signed in. A staff role counts as given anew: nobody has looked after it.

    Raises `PersonUnknownError`.
    """
    person = _lock_person(session, person_id)
    if person.disabled_at is not None and person.desk is not None:
        person.desk_given_at, person.desk_given_by = now, appointer_of(session, person, by)
        email_staff(
            session,
            person,
            accounts_emails.staff_role_given(person.email, person.desk, session.get_one(Person, by).email),
            now,
        )
    person.disabled_at = None
    session.flush()


def _lock_person(session: Session, person_id: uuid.UUID) -> Person:
    found = session.get(Person, person_id, with_for_update=True)  # nobody else decides about them meanwhile
    if found is None:
        raise PersonUnknownError
    return found


def find_organisations(session: Session, query: ListQuery) -> Page[Organisation]:
    """Organisations whose name holds these words, or whose company number they are, by name."""
    statement = select(Organisation).order_by(Organisation.name, Organisation.id)
    if query.words:
        statement = statement.where(
            Organisation.name.icontains(query.words, autoescape=True)
            | (Organisation.company_number == query.words.upper().rjust(8, "0"))
        )
    return fetch_page(session, statement, query.page, PAGE_SIZE)


def find_invitations(session: Session, query: ListQuery, now: datetime) -> Page[MemberInvitation]:
    """Invitations that can still be accepted, the newest first, of addresses that hold these words."""
    statement = (
        select(MemberInvitation)
        .where(MemberInvitation.until > now)
        .order_by(MemberInvitation.made_at.desc(), MemberInvitation.id)
    )
    if query.words:
        statement = statement.where(MemberInvitation.email.icontains(query.words, autoescape=True))
    return fetch_page(session, statement, query.page, PAGE_SIZE)


def organisation_names(session: Session, invitations: Sequence[MemberInvitation]) -> dict[object, str]:
    ids = {one.organisation_id for one in invitations}
    return {one.id: one.name for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def years_offered(submission_years: int) -> range:
    """For how many years an organisation's submissions can be kept: never longer than the installation says."""
    return range(1, submission_years + 1)


STATE_LABELS: Mapping[NameState, str] = {
    NameState.WAITING: "Waiting",
    NameState.SUSPENDED: "Suspended",
    NameState.CONFIRMED: "Confirmed",
    NameState.REFUSED: "Refused",
    NameState.UNCONFIRMED: "Not confirmed",
}
"""In the order of the list."""
METHOD_LABELS: Mapping[ConfirmationMethod, str] = {
    ConfirmationMethod.CALLED_BACK: "Called back on a number found without the applicant",
    ConfirmationMethod.REGISTER: "Company register, and a code posted to the registered office",
    ConfirmationMethod.LIST: "An official list of domains with their owners",
    ConfirmationMethod.KNOWN: "Known in person",
    ConfirmationMethod.MACHINE: "On the machine of the installation",
}
METHOD_HINTS: Mapping[ConfirmationMethod, str] = {
    ConfirmationMethod.CALLED_BACK: "Never a number that the organisation gave you.",
    ConfirmationMethod.REGISTER: "The organisation has to enter the code from the letter first.",
    ConfirmationMethod.LIST: "The list names the domain and its owner.",
    ConfirmationMethod.KNOWN: "You know the person who asks and where they work.",
}
EVENT_LABELS: Mapping[NameEventKind, str] = {
    NameEventKind.ASKED: "Asked to have it confirmed",
    NameEventKind.CONFIRMED: "Confirmed",
    NameEventKind.REFUSED: "Refused",
    NameEventKind.SUSPENDED: "Suspended",
    NameEventKind.SUSPENSION_LIFTED: "Suspension lifted",
    NameEventKind.LIMIT_LIFTED: "Limit of the first 14 days lifted",
    NameEventKind.ENDED: "No longer confirmed",
}
_KNOWN_STATES = frozenset({NameState.CONFIRMED, NameState.WAITING, NameState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Why a name stands out: what it looks like, in a sentence, and which organisation that is."""

    words: str
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class NameHistoryLine:
    """One line of the history of a name. `who` is None for the machine, a deleted account, or what came about by itself."""

    decision: OrganisationNameEvent
    words: str
    who: str | None


def find_organisation_names(
    session: Session, query: ListQuery, state: NameState | None, own_names: Sequence[str], today: date, *, alike: bool
) -> Page[Organisation]:
    """Organisations by how it stands with their names, the waiting ones first and of those the longest first.

    `alike`: only those that wait and look like another name.
    """
    order = case({one.value: place for place, one in enumerate(STATE_LABELS)}, value=Organisation.name_state)
    statement = select(Organisation).order_by(order, Organisation.name_changed_at, Organisation.name, Organisation.id)
    if query.words:
        statement = statement.where(Organisation.name.icontains(query.words, autoescape=True))
    if state is not None:
        statement = statement.where(Organisation.name_state == state)
    if alike:
        waiting = session.scalars(statement.where(Organisation.name_state == NameState.WAITING)).all()
        known = known_names(session, today)
        return paginate((one for one in waiting if similar_names_to(one, known, own_names)), query.page, PAGE_SIZE)
    return fetch_page(session, statement, query.page, PAGE_SIZE)


class KnownNames:
    """Those another name could be taken for, each read once. Those that never asked are not among them."""

    def __init__(self, organisations: Sequence[Organisation], today: date) -> None:
        self.organisations = organisations
        self.names = SimilarNameIndex([one.name for one in organisations])
        self.numbers: dict[str, set[int]] = defaultdict(set)
        self.bodies: dict[int, str] = {}
        for place, one in enumerate(organisations):
            if one.company_number is not None:
                self.numbers[one.company_number].add(place)
            if is_name_confirmed(one, today) and any(map(is_government_domain, one.name_domains.split())):
                self.bodies[place] = one.name


def known_names(session: Session, today: date) -> KnownNames:
    """The names that are confirmed, waiting or suspended."""
    query = select(Organisation).where(Organisation.name_state.in_(_KNOWN_STATES))
    return KnownNames(session.scalars(query.order_by(Organisation.name, Organisation.id)).all(), today)


def similar_names_to(organisation: Organisation, known: KnownNames, own_names: Sequence[str]) -> list[NameMatch]:
    found = []
    reserved = reserved_word_in(organisation.name, own_names)
    if reserved is not None:
        found.append(NameMatch(f"It holds “{reserved}”."))
    number = organisation.company_number
    same_number = known.numbers.get(number, set()) if number is not None else set()
    near = known.names.alike(organisation.name)
    initials = {place for place, body in known.bodies.items() if has_initials_of(organisation.name, body)}
    for place in sorted(same_number | near | initials):
        other = known.organisations[place]
        if other.id == organisation.id:
            continue
        if place in same_number:
            found.append(NameMatch(f"It has the company number of “{other.name}”.", other.id))
        if place in near:
            found.append(NameMatch(f"It looks like “{other.name}”.", other.id))
        elif place in initials:
            found.append(NameMatch(f"It has the initials of “{other.name}”.", other.id))
    return found


def name_history(session: Session, organisation: Organisation) -> list[NameHistoryLine]:
    """What was done about the name and by whom, the newest first."""
    decisions = list_name_events(session, organisation)
    ids = {one.by_id for one in decisions if one.by_id is not None}
    people = {one.id: one.shown for one in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [
        NameHistoryLine(one, EVENT_LABELS[one.deed], people.get(one.by_id) if one.by_id else None) for one in decisions
    ]


PAGE_SIZE = 100
MAX_SEARCH_LENGTH = 120


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What an administrator looks for: words, and the number of a page from 1."""

    words: str = ""
    page: int = 1


def parse_list_query(words: str | None, page: int) -> ListQuery:
    # no text of a database holds the character NUL
    return ListQuery(" ".join((words or "").replace("\0", " ").split())[:MAX_SEARCH_LENGTH], page)
