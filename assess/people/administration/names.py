"""What the desk sees of the names of organisations: a list, the ones that wait first, and which of them look like another name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from assess.people.administration.paging import ROWS, Listed, Wanted
from assess.people.models import Method, NameState, Organisation, Person
from assess.people.organisations.alike import has_initials_of, reserved_in
from assess.people.organisations.alike_list import NamesInOrder
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
        known, start = known_names(session, today), (wanted.page - 1) * ROWS
        marked = (one for one in waiting if alike_to(one, known, own_names))
        found = list(islice(marked, start + ROWS + 1))
        return Listed(found[start : start + ROWS], wanted.page, len(found) > start + ROWS)
    rows = session.scalars(statement.limit(ROWS + 1).offset((wanted.page - 1) * ROWS)).all()
    return Listed(rows[:ROWS], wanted.page, len(rows) > ROWS)


class KnownNames:
    """Those another name could be taken for, each read once. Whoever never asked is not among them."""

    def __init__(self, organisations: Sequence[Organisation], today: date) -> None:
        self.organisations = organisations
        self.names = NamesInOrder([one.name for one in organisations])
        self.numbers: dict[str, set[int]] = defaultdict(set)
        self.bodies: dict[int, str] = {}
        for place, one in enumerate(organisations):
            if one.company_number is not None:
                self.numbers[one.company_number].add(place)
            if is_public_body(one, today):
                self.bodies[place] = one.name


def known_names(session: Session, today: date) -> KnownNames:
    """The names that are confirmed, waiting or suspended."""
    wanted = select(Organisation).where(Organisation.name_state.in_(_KNOWN_NAMES))
    return KnownNames(session.scalars(wanted.order_by(Organisation.name, Organisation.id)).all(), today)


def alike_to(organisation: Organisation, known: KnownNames, own_names: Sequence[str]) -> list[Alike]:
    """What its name looks like."""
    found = []
    reserved = reserved_in(organisation.name, own_names)
    if reserved is not None:
        found.append(Alike(f"It holds “{reserved}”."))
    number = organisation.company_number
    same_number = known.numbers.get(number, set()) if number is not None else set()
    near = known.names.alike(organisation.name)
    initials = {place for place, body in known.bodies.items() if has_initials_of(organisation.name, body)}
    for place in sorted(same_number | near | initials):
        other = known.organisations[place]
        if other.id == organisation.id:
            continue
        if place in same_number:
            found.append(Alike(f"It has the company number of “{other.name}”.", other.id))
        if place in near:
            found.append(Alike(f"It looks like “{other.name}”.", other.id))
        elif place in initials:
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
