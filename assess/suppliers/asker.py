"""Who asks, as a supplier reads it: the buyer's name, and what shows that it is true."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assess.kit.clock import today
from assess.kit.pages import day
from assess.people.models import Membership, NameState, Organisation, Person, Role
from assess.people.organisations import names
from assess.people.organisations.models import NameDecision, NameDeed
from assess.people.organisations.names import NameStanding, standing_of
from assess.suppliers.letter_words import From

TAKEN_BACK = (NameState.SUSPENDED, NameState.REFUSED)
"""Nobody may rely on a name that stands so, not even by a link that was sent before."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A buyer's name. Of `note` (“name not confirmed”) and `shown` (what shows that it is true) exactly one is there."""

    name: str
    note: str | None
    shown: str | None
    suspended: bool = False
    """Whether the name is suspended: they open nothing."""
    over: bool = False
    """Whether nobody can confirm any longer who asks: suspended, taken back, or called something else since."""
    domain: str | None = None
    """What an address of theirs shows while the name is not confirmed: a domain of government."""


def asker_of(buyer: Organisation, domain: str | None = None) -> Asker:
    """The buyer as its supplier sees it. `domain`: of government, as `government_domain` has it."""
    on = today()
    return Asker(
        buyer.name,
        names.name_note(buyer, on),
        names.confirmed_words(buyer, on),
        suspended=buyer.name_state is NameState.SUSPENDED,
        domain=domain,
    )


def is_confirmed(buyer: Organisation) -> bool:
    """Whether the name of this buyer is confirmed today."""
    return names.is_confirmed(buyer, today())


def is_taken_back(session: Session, buyer: Organisation, on: date | None = None) -> bool:
    """Whether we can no longer confirm who asked: a name once refused or confirmed counts for nothing until it is confirmed again.

    Asking again, another name or a new number change nothing of that.
    """
    state = names.state_on(buyer, on or today())
    if state in {NameState.CONFIRMED, *TAKEN_BACK}:
        return state is not NameState.CONFIRMED
    counted = NameDecision.deed.in_([NameDeed.CONFIRMED, NameDeed.REFUSED])
    return bool(session.scalar(select(exists().where(NameDecision.organisation_id == buyer.id, counted))))


def is_over(session: Session, buyer: Organisation, named: str | None) -> bool:
    """Whether a letter or a link in this name counts no longer: it is taken back, or the buyer is called something else by now."""
    return named not in {None, buyer.name} or is_taken_back(session, buyer)


def government_domain(session: Session, buyer: Organisation) -> str | None:
    """The domain of government that an address of theirs shows, while the name waits."""
    return standing_of(session, buyer, today()).government_domain


def from_of(standing: NameStanding) -> From:
    """Who asks, as a letter names them. Only of a name that may send letters."""
    if standing.state is not NameState.CONFIRMED:
        return From(standing.name, standing.government_domain or "", None)
    since = f" on {day(standing.since)}" if standing.since else ""
    by = standing.confirmed_by_words or "whoever runs this service"
    domain = standing.domains[0] if standing.domains else ""
    return From(standing.name, domain, f"This name was confirmed{since} by {by}.")


def reply_to(session: Session, buyer_id: uuid.UUID, standing: NameStanding, person_id: uuid.UUID | None) -> str:
    """Where an answer to a letter goes: the person who asks, else a manager, each only at a domain that is theirs; else empty."""
    domains = standing.domains or tuple(filter(None, [standing.government_domain]))
    wanted = (
        select(Person.id, Person.email, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == buyer_id, Person.confirmed_at.is_not(None), Person.disabled_at.is_(None))
        .order_by(Membership.made_at, Person.email)
    )
    there = [row for row in session.execute(wanted) if _is_at(row.email, domains)]
    asks = [row.email for row in there if row.id == person_id]
    manage = [row.email for row in there if row.role is Role.MANAGER]
    return next(iter([*asks, *manage]), "")


def _is_at(email: str, domains: tuple[str, ...]) -> bool:
    host = email.rpartition("@")[2].casefold()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
