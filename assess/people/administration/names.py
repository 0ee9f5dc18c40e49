"""What the desk sees of the names of organisations: a list, the ones that wait first, and which of them look like another name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from assess.people.administration.paging import ROWS, Listed, Wanted
from assess.people.models import Method, NameState, Organisation, Person
from assess.people.organisations.alike import are_alike, has_initials_of, reserved_in
from assess.people.organisations.models import NameDecision, NameDeed
from assess.people.organisations.names import decisions_of, is_confirmed
from assess.people.organisations.naming import is_of_government

STATES: Mapping[NameState, str] = {
    NameState.WAITING: "Waiting",
    NameState.SUSPENDED: "Suspended",
    NameState.CONFIRMED: "Confirmed",
    NameState.REFUSED: "Refused",
    NameState.UNCONFIRMED: "Not confirmed",
}
"""In the order of the list."""
METHODS: Mapping[Method, str] = {
    Method.CALLED_BACK: "Called back on a number found without the applicant",
    Method.REGISTER: "Company register, and a code posted to the registered office",
    Method.LIST: "An official list of domains with their owners",
    Method.KNOWN: "Known in person",
    Method.MACHINE: "On the machine of the installation",
}
HINTS: Mapping[Method, str] = {
    Method.CALLED_BACK: "Never a number that the organisation gave you.",
    Method.REGISTER: "The organisation has to enter the code from the letter first.",
    Method.LIST: "The list names the domain and its owner.",
    Method.KNOWN: "You know the person who asks and where they work.",
}
DEEDS: Mapping[NameDeed, str] = {
    NameDeed.ASKED: "Asked to have it confirmed",
    NameDeed.CONFIRMED: "Confirmed",
    NameDeed.REFUSED: "Refused",
    NameDeed.SUSPENDED: "Suspended",
    NameDeed.SUSPENSION_LIFTED: "Suspension lifted",
    NameDeed.LIMIT_LIFTED: "Limit of the first 14 days lifted",
    NameDeed.ENDED: "No longer confirmed",
}
_KNOWN_NAMES = frozenset({NameState.CONFIRMED, NameState.WAITING, NameState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Alike:
    """Why a name stands out: what it looks like, in a sentence, and which organisation that is."""

    words: str
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One line of the history of a name. `who` is None for the machine, a deleted account, or what came about by itself."""

    decision: NameDecision
    words: str
    who: str | None


def find_names(
    session: Session, wanted: Wanted, state: NameState | None, own_names: Sequence[str], today: date, *, alike: bool
) -> Listed[Organisation]:
    """Organisations by how it stands with their names, the waiting ones first and of those the longest first.

    `alike`: only those that wait and look like another name.
    """
    order = case({one.value: place for place, one in enumerate(STATES)}, value=Organisation.name_state)
    statement = select(Organisation).order_by(order, Organisation.name_changed_at, Organisation.name, Organisation.id)
    if wanted.words:
        statement = statement.where(Organisation.name.icontains(wanted.words, autoescape=True))
    if state is not None:
        statement = statement.where(Organisation.name_state == state)
    if alike:
        waiting = session.scalars(statement.where(Organisation.name_state == NameState.WAITING)).all()
        known = known_names(session)
        found = [one for one in waiting if alike_to(one, known, own_names, today)]
        start = (wanted.page - 1) * ROWS
        return Listed(found[start : start + ROWS], wanted.page, len(found) > start + ROWS)
    rows = session.scalars(statement.limit(ROWS + 1).offset((wanted.page - 1) * ROWS)).all()
    return Listed(rows[:ROWS], wanted.page, len(rows) > ROWS)


def known_names(session: Session) -> Sequence[Organisation]:
    """Those another name could be taken for: confirmed, waiting or suspended. Whoever never asked is not among them."""
    wanted = select(Organisation).where(Organisation.name_state.in_(_KNOWN_NAMES))
    return session.scalars(wanted.order_by(Organisation.name, Organisation.id)).all()


def alike_to(
    organisation: Organisation, known: Sequence[Organisation], own_names: Sequence[str], today: date
) -> list[Alike]:
    """What its name looks like."""
    found = []
    reserved = reserved_in(organisation.name, own_names)
    if reserved is not None:
        found.append(Alike(f"It holds “{reserved}”."))
    for other in known:
        if other.id == organisation.id:
            continue
        if other.company_number is not None and other.company_number == organisation.company_number:
            found.append(Alike(f"It has the company number of “{other.name}”.", other.id))
        if are_alike(organisation.name, other.name):
            found.append(Alike(f"It looks like “{other.name}”.", other.id))
        elif is_public_body(other, today) and has_initials_of(organisation.name, other.name):
            found.append(Alike(f"It has the initials of “{other.name}”.", other.id))
    return found


def is_public_body(organisation: Organisation, today: date) -> bool:
    """Whether it is confirmed, with a domain that only public bodies are given."""
    return is_confirmed(organisation, today) and any(map(is_of_government, organisation.name_domains.split()))


def history_of(session: Session, organisation: Organisation) -> list[Done]:
    """What was done about the name and by whom, the newest first."""
    decisions = decisions_of(session, organisation)
    ids = {one.by_id for one in decisions if one.by_id is not None}
    people = {one.id: one.shown for one in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [Done(one, DEEDS[one.deed], people.get(one.by_id) if one.by_id else None) for one in decisions]
