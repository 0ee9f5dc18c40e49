"""Deleting an account: complete, and at once. What organisations have stays theirs, so nobody may leave one without a manager."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess.kit.db import erase_after_commit
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import withdraw_all
from assess.people.models import Membership, Organisation, Person, Role, Ticket
from assess.people.organisations.names import managed_by, see_domains_held


class OnlyManagerError(Exception):
    """Nobody else manages these organisations. `names` are theirs."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("somebody has to manage each organisation")
        self.names = names


def managed_alone(session: Session, person_id: uuid.UUID, *, lock: bool = False) -> list[str]:
    """The names of organisations that have no other manager who can sign in. `lock`: nobody changes that meanwhile."""
    own = select(Membership.organisation_id).where(Membership.person_id == person_id, Membership.role == Role.MANAGER)
    managers = (
        select(Membership.organisation_id, Membership.person_id)
        .where(Membership.role == Role.MANAGER, Membership.organisation_id.in_(own))
        .order_by(Membership.id)
    )
    rows = session.execute(managers.with_for_update() if lock else managers).all()
    active = set(
        session.scalars(
            select(Person.id).where(Person.id.in_({row.person_id for row in rows}), Person.disabled_at.is_(None))
        )
    )
    others = {row.organisation_id for row in rows if row.person_id != person_id and row.person_id in active}
    alone = {row.organisation_id for row in rows} - others
    names = select(Organisation.name).where(Organisation.id.in_(alone)).order_by(Organisation.name)
    return list(session.scalars(names))


def delete_account(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Delete the person and all that hangs on them, links and mails that wait included. It is overwritten on the disk too.

    Raises:
        OnlyManagerError
    """
    alone = managed_alone(session, person_id, lock=True)
    if alone:
        raise OnlyManagerError(alone)
    person = session.get(Person, person_id)
    if person is None:
        return
    session.execute(delete(Ticket).where(Ticket.email == person.email))
    _withdraw_mails_to(session, person.email, now)
    managed = managed_by(session, person_id)
    if person.desk_given_by is not None:  # whoever they let in was let in by the one before them
        let_in = update(Person).where(Person.desk_given_by == person_id)
        session.execute(let_in.values(desk_given_by=person.desk_given_by))
    session.execute(delete(Person).where(Person.id == person_id))
    for organisation in managed:
        see_domains_held(session, organisation, now)
    erase_after_commit(session)


def _withdraw_mails_to(session: Session, address: str, now: datetime) -> None:
    """Each waiting address is decrypted: no mail waits longer than three days, and nothing in the table may be searched for an address."""
    waits = Outgoing.sent_at.is_(None), Outgoing.ended_at.is_(None)
    waiting = session.execute(select(Outgoing.id, Outgoing.to_address).where(*waits))
    theirs = [row.id for row in waiting if row.to_address == address]
    if theirs:
        withdraw_all(session, Outgoing.id.in_(theirs), now)
