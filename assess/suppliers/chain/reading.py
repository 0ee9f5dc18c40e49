"""Looking up what the rule of the chain needs: lists of organisations, who may be named, and how far each supplier is."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assess.kit.clock import today
from assess.kit.db import Base
from assess.people.models import Organisation
from assess.people.organisations.names import is_confirmed
from assess.suppliers.chain.models import ChainNaming, ChainShowing, Shows
from assess.suppliers.chain.rule import STAGES, Business, Chain, Link, Reader, Shown, Stage, Start, chain_of
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.models import Status, Supplier, SupplierInvitation

PAGE = 50
"""Suppliers of the buyer on one page of the chain."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The chain of a buyer: one page of what is seen, how many suppliers it has, how many of them show anything, and if there is more."""

    chain: Chain
    suppliers: int
    showing: int
    more: bool


def chain_of_buyer(session: Session, buyer_id: uuid.UUID, now: datetime, page: int = 1) -> Overview:
    """What this buyer sees of the suppliers of its suppliers: a page of those of its own that show anything, by name."""
    showing = (ChainShowing.organisation_id == Supplier.organisation_id) & (ChainShowing.buyer_id == buyer_id)
    wanted = select(Supplier).join(ChainShowing, showing).where(ChainShowing.shows != Shows.OFF, _on_list([buyer_id]))
    starts = _starts(session, session.scalars(wanted).all())
    standing = func.count(func.distinct(func.coalesce(Supplier.merged_into, Supplier.id)))
    total = session.scalar(select(standing).where(_on_list([buyer_id]))) or 0
    chain = chain_of(buyer_id, starts[(page - 1) * PAGE : page * PAGE], reader(session, now))
    return Overview(chain, total, len(starts), len(starts) > page * PAGE)


def chain_of_supplier(session: Session, supplier: Supplier, now: datetime) -> Chain:
    """What its buyer sees below this supplier, with all entries that are shown with it."""
    entries = [one for one in shown_as_one(session, supplier) if one.archived_at is None]
    return chain_of(supplier.buyer_id, _starts(session, entries), reader(session, now))


def seen_by(session: Session, organisation: Organisation, buyer_id: uuid.UUID, now: datetime) -> Chain:
    """What one customer of this organisation sees below it at this moment."""
    return chain_of(buyer_id, [Start(organisation.name, organisation.id)], reader(session, now))


def reader(session: Session, now: datetime) -> Reader:
    """Reads what is shown on links between organisations, each list once."""
    lists: dict[uuid.UUID, Sequence[Business]] = {}

    def read(links: Sequence[Link]) -> Mapping[Link, Shown]:
        wanted = select(ChainShowing).where(
            ChainShowing.organisation_id.in_({one for one, _ in links}),
            ChainShowing.buyer_id.in_({buyer for _, buyer in links}),
            ChainShowing.shows != Shows.OFF,
        )
        shows = {(one.organisation_id, one.buyer_id): one.shows for one in session.scalars(wanted)}
        shown = [link for link in links if link in shows]
        missing = {one for one, _ in shown} - lists.keys()
        if missing:
            lists.update(_lists(session, missing, now))
        return {link: Shown(shows[link], lists[link[0]]) for link in shown}

    return read


def _starts(session: Session, entries: Iterable[Supplier]) -> list[Start]:
    """By name; an entry that is put together with another one is called as that one is."""
    mine = list(entries)
    roots = {one.merged_into for one in mine} - {None}
    living = select(Supplier.id, Supplier.name).where(Supplier.id.in_(roots), Supplier.archived_at.is_(None))
    names = {row.id: row.name for row in session.execute(living)}
    found = {
        (one.merged_into or one.id, one.organisation_id): Start(
            names.get(one.merged_into, one.name) if one.merged_into else one.name, one.organisation_id
        )
        for one in mine
        if one.organisation_id is not None
    }
    return [found[key] for key in sorted(found, key=lambda key: (found[key].name.casefold(), *map(str, key)))]


def _lists(session: Session, owners: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, Sequence[Business]]:
    wanted = (
        select(Supplier, ChainNaming, Organisation)
        .outerjoin(ChainNaming, ChainNaming.supplier_id == Supplier.id)
        .outerjoin(Organisation, Organisation.id == Supplier.organisation_id)
        .where(_on_list(owners))
        .order_by(Supplier.made_at, Supplier.id)
    )
    stages = _stages(session, owners, now)
    rows: dict[uuid.UUID, list[_Entry]] = {owner: [] for owner in owners}
    for entry, naming, organisation in session.execute(wanted):
        rows[entry.buyer_id].append(_Entry(entry, naming, organisation, stages[entry.id]))
    return {owner: [_business(group) for group in _grouped(entries)] for owner, entries in rows.items()}


@dataclass(frozen=True, slots=True)
class _Entry:
    supplier: Supplier
    naming: ChainNaming | None
    organisation: Organisation | None
    stage: Stage

    @property
    def keys(self) -> tuple[uuid.UUID, ...]:
        """Entries with a key together are one business."""
        root = self.supplier.merged_into or self.supplier.id
        return (root,) if self.organisation is None else (root, self.organisation.id)


def _grouped(entries: Sequence[_Entry]) -> list[list[_Entry]]:
    """The entries of each business: put together by its customer, or answering for one organisation."""
    leads: dict[uuid.UUID, uuid.UUID] = {}

    def top(key: uuid.UUID) -> uuid.UUID:
        while leads.setdefault(key, key) != key:
            key = leads[key]
        return key

    for entry in entries:
        first, *more = entry.keys
        for other in more:
            leads[top(other)] = top(first)
    groups: dict[uuid.UUID, list[_Entry]] = defaultdict(list)
    for entry in entries:
        groups[top(entry.keys[0])].append(entry)
    return list(groups.values())


def _business(entries: Sequence[_Entry]) -> Business:
    """Named only if one of its entries said yes and none said no."""
    stage = max((one.stage for one in entries), key=STAGES.index)
    organisations = frozenset(one.organisation.id for one in entries if one.organisation is not None)
    said = [one for one in entries if one.naming is not None]
    yes = next((one for one in said if one.naming and one.naming.may), None)
    if yes is None or yes.naming is None or not all(one.naming and one.naming.may for one in said):
        return Business(stage, organisations=organisations)
    own = yes.organisation
    confirmed = own is not None and is_confirmed(own, today())
    name = own.name if own is not None and confirmed else yes.naming.name
    return Business(stage, name or None, confirmed, own.id if own is not None else None, organisations)


def _stages(session: Session, owners: Collection[uuid.UUID], now: datetime) -> Mapping[uuid.UUID, Stage]:
    """How far each supplier of these is with them, as far as it goes at this moment."""
    found: dict[uuid.UUID, Stage] = defaultdict(lambda: Stage.NOT_ASKED)
    asked = (
        select(SupplierInvitation)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(_on_list(owners), SupplierInvitation.ended_at.is_(None))
    )
    for one in session.scalars(asked):
        found[one.supplier_id] = _stage(one)
    grant = Base.metadata.tables["share_grant"]  # the room of shares lies above this one
    living = (
        select(grant.c.supplier_id)
        .join(Supplier, Supplier.id == grant.c.supplier_id)
        .where(_on_list(owners), grant.c.accepted_at.is_not(None), grant.c.ended_at.is_(None), grant.c.until > now)
    )
    for supplier_id in session.scalars(living):
        found[supplier_id] = Stage.SHARED
    return found


def _stage(invitation: SupplierInvitation) -> Stage:
    if invitation.status in {Status.NOT_ASKED, Status.WAITING}:
        return Stage.NOT_ASKED
    answered = invitation.submitted_at is not None and invitation.assessment_id is not None
    return Stage.ANSWERED if answered or invitation.status is Status.OTHER_RESULT else Stage.ASKED


def _on_list(owners: Collection[uuid.UUID]) -> ColumnElement[bool]:
    return Supplier.buyer_id.in_(owners) & Supplier.archived_at.is_(None)
