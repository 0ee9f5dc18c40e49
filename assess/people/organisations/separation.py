"""Nobody who acts for a buyer is coordinator or administrator here: whoever sees the signs of a business must not be its customer.

The pages refuse it before it arises, in one sentence; the database refuses it whatever writes; and no site starts on top of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.people.models import Desk, Membership, Person, Role

APART = "Nobody can buy for an organisation and have a desk here: a coordinator or administrator must not be a customer of those who ask for help."
NO_DESK_NAMED = (
    "This installation is run by a buyer and names no independent desk, so it has no coordinators. "
    "Set ASSESS_INDEPENDENT_DESK to name one."
)


class MixedError(Exception):
    """Somebody would buy and have a desk. The sentence is for whoever tried."""


class SeparationError(Exception):
    """The site may not start. `faults` has one sentence for each thing to repair."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def hold(session: Session, person_id: uuid.UUID) -> Person | None:
    """The person, held until this transaction ends, so that nobody gives them something else at the same moment."""
    wanted = select(Person).where(Person.id == person_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def see_may_take(person: Person, roles: Iterable[Role]) -> None:
    """See that somebody may have these roles. Hold them first.

    Raises:
        MixedError
    """
    if Role.BUYER in roles and person.desk is not None:
        raise MixedError(APART)


def see_may_sit(session: Session, person: Person, desk: Desk, settings: Settings) -> None:
    """See that somebody may have this desk. Hold them first.

    Raises:
        MixedError
    """
    if desk is Desk.COORDINATOR and settings.run_by_buyer and not settings.independent_desk:
        raise MixedError(NO_DESK_NAMED)
    if session.scalar(select(exists().where(Membership.person_id == person.id, Membership.role == Role.BUYER))):
        raise MixedError(APART)


def see_apart(session: Session, settings: Settings) -> None:
    """See that nothing is mixed, as is done before a site starts. It names nobody: what is said goes to a log.

    Raises:
        SeparationError
    """
    faults = []
    mixed = session.scalar(
        select(func.count(func.distinct(Person.id)))
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.desk.is_not(None), Membership.role == Role.BUYER)
    )
    if mixed:
        faults.append(
            f"{mixed} of the people with a desk here also buy for an organisation. Take one of both from each of them."
        )
    coordinators = session.scalar(select(func.count()).where(Person.desk == Desk.COORDINATOR))
    if coordinators and settings.run_by_buyer and not settings.independent_desk:
        faults.append(f"{NO_DESK_NAMED} {coordinators} of its people are coordinators: take their desk, or name one.")
    if faults:
        raise SeparationError(faults)
