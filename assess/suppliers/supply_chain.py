"""Suppliers of suppliers: consents, rules of who sees how much, and queries. It shows no bands, dates or answers, and no name without its owner's consent."""

from __future__ import annotations

import enum
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assess.core import clock
from assess.core.db import Base, dialect_insert
from assess.core.pagination import Page, paginate
from assess.identity.models import Organisation
from assess.identity.organisations.name_confirmation import is_name_confirmed
from assess.identity.organisations.name_rules import NameField, name_error
from assess.suppliers.models import (
    InvitationStatus,
    Supplier,
    SupplierInvitation,
    SupplierNamingConsent,
    SupplyChainVisibility,
    VisibilityLevel,
)
from assess.suppliers.services import merged_group


class ShownNameField(NameField):
    """The name by which a supplier may be shown: its customers’ customers read it, who do not know it."""

    def __init__(self) -> None:
        super().__init__("the name by which you may be shown")

    def clean(self, typed: str) -> str:
        name = super().clean(typed)
        if name_error(name):
            raise ValidationError(
                "Enter the name alone: no sentence, address or amount, and at most 3 digits in a row. People who do not know you read it."
            )
        return name


@dataclass(frozen=True, slots=True)
class Customer:
    buyer: Organisation
    shows: VisibilityLevel
    may_name: bool
    name: str


def list_customers(session: Session, organisation: Organisation) -> Sequence[Customer]:
    """Those whose request this organisation answered, by name. Whether they still have it on their list is theirs to know."""
    query = (
        select(Organisation)
        .join(Supplier, Supplier.buyer_id == Organisation.id)
        .where(Supplier.organisation_id == organisation.id)
        .distinct()
    )
    buyers = sorted(session.scalars(query), key=lambda one: (one.name.casefold(), one.id))
    return [_customer(session, organisation, buyer) for buyer in buyers]


def get_customer(session: Session, organisation: Organisation, buyer_id: uuid.UUID) -> Customer | None:
    entries = list_supplier_entries(session, organisation.id, buyer_id)
    buyer = session.get(Organisation, buyer_id) if entries else None
    return None if buyer is None else _customer(session, organisation, buyer)


def list_supplier_entries(session: Session, organisation_id: uuid.UUID, buyer_id: uuid.UUID) -> Sequence[Supplier]:
    query = select(Supplier).where(Supplier.organisation_id == organisation_id, Supplier.buyer_id == buyer_id)
    return session.scalars(query.order_by(Supplier.made_at, Supplier.id)).all()


def set_visibility(
    session: Session, organisation_id: uuid.UUID, buyer_id: uuid.UUID, shows: VisibilityLevel, now: datetime
) -> None:
    _upsert(
        session,
        SupplyChainVisibility,
        ("organisation_id", "buyer_id"),
        organisation_id=organisation_id,
        buyer_id=buyer_id,
        shows=shows,
        at=now,
    )


def set_naming_consent(session: Session, supplier: Supplier, name: str, now: datetime, *, may: bool) -> None:
    """Say whether the customer may name this supplier, on all of its entries that answer for the same organisation.

    Raises:
        ValidationError: when it may, and the name is none. A confirmed name stands for whatever was typed.
    """
    if may:
        name = confirmed_name(session, supplier.organisation_id) or ShownNameField().deserialize(name)
    entries = (
        [supplier]
        if supplier.organisation_id is None
        else list_supplier_entries(session, supplier.organisation_id, supplier.buyer_id)
    )
    for entry in entries:
        _upsert(
            session,
            SupplierNamingConsent,
            ("supplier_id",),
            supplier_id=entry.id,
            may=may,
            name=name if may else "",
            at=now,
        )


def get_naming_consent(session: Session, supplier: Supplier) -> SupplierNamingConsent | None:
    """What this supplier said about being named; None: nothing yet, which is a no."""
    return session.get(SupplierNamingConsent, supplier.id)


def confirmed_name(session: Session, organisation_id: uuid.UUID | None) -> str | None:
    """The name that was confirmed for everybody: it is shown, whatever the organisation would rather be called."""
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    return organisation.name if organisation is not None and is_name_confirmed(organisation, clock.today()) else None


def _customer(session: Session, organisation: Organisation, buyer: Organisation) -> Customer:
    showing = session.get(SupplyChainVisibility, (organisation.id, buyer.id))
    namings = [
        session.get(SupplierNamingConsent, entry.id)
        for entry in list_supplier_entries(session, organisation.id, buyer.id)
    ]
    consents = [one for one in namings if one is not None]
    may = bool(consents) and all(one.may for one in consents)
    name = next((one.name for one in consents if one.may and one.name), organisation.name)
    return Customer(buyer, showing.shows if showing else VisibilityLevel.OFF, may, name)


def _upsert(
    session: Session, model: type[SupplyChainVisibility | SupplierNamingConsent], key: Sequence[str], **values: object
) -> None:
    """Of two who say something for the first time at once, the later one counts."""
    new = {name: value for name, value in values.items() if name not in key}
    session.execute(
        dialect_insert(session, model).values(values).on_conflict_do_update(index_elements=list(key), set_=new)
    )
    # the session may hold the row as it was
    session.get(model, tuple(values[name] for name in key), populate_existing=True)


MAX_DEPTH = 6
"""Levels below the viewing organisation: its own suppliers are the first."""
MAX_NAMES = 1000
MIN_COUNT_SHOWN = 3
"""Of fewer no number is told."""


class ChainStage(enum.StrEnum):
    """How far a supplier is with its customer, from the least to the furthest. Neither a no nor a date is among them."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    ANSWERED = "answered"
    SHARED = "shared"


CHAIN_STAGES = tuple(ChainStage)


@dataclass(frozen=True, slots=True)
class ChainBusiness:
    """One business on a buyer's list, however many entries it has there.

    `name`: what it may be called to others; None: it did not say yes. `leads_to`: the organisation that has that name.
    `organisations`: all that its entries answer for.
    """

    stage: ChainStage
    name: str | None = None
    confirmed: bool = False
    leads_to: uuid.UUID | None = None
    organisations: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class VisibleList:
    shows: VisibilityLevel
    businesses: Sequence[ChainBusiness]


@dataclass(slots=True)
class ChainNode:
    """A business as the viewing organisation sees it, and what is seen below it. `confirmed`: whether its name is.

    `stage`: None for the own suppliers of the viewing organisation. `about`: how many of its suppliers are how far, in words; None where it shows no number.
    """

    name: str
    stage: ChainStage | None
    confirmed: bool
    level: int
    about: Mapping[ChainStage, str] | None = None
    below: list[ChainNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChainStart:
    name: str
    organisation_id: uuid.UUID


ChainLink = tuple[uuid.UUID, uuid.UUID]
"""An organisation and one that buys from it."""
ChainReader = Callable[[Sequence[ChainLink]], Mapping[ChainLink, VisibleList]]
"""What is shown on each of these links. Links on which nothing is shown may be left out."""

_Edge = tuple[ChainNode, uuid.UUID, tuple[uuid.UUID, ...]]
"""A business that was reached, the organisation behind it, and the organisations on the way to it."""


@dataclass(frozen=True, slots=True)
class SupplyChain:
    """What is seen. `levels`: how deep it goes; `cut`: there is more than a page holds."""

    nodes: Sequence[ChainNode]
    levels: int
    cut: bool


def build_chain(
    viewer: uuid.UUID, starts: Sequence[ChainStart], read: ChainReader, *, most: int = MAX_NAMES
) -> SupplyChain:
    """What this organisation sees below these suppliers of its own. Reads once for each level."""
    others = [start for start in starts if start.organisation_id != viewer]
    nodes = [ChainNode(start.name, None, confirmed=True, level=1) for start in others]
    edge: list[_Edge] = [(node, start.organisation_id, (viewer,)) for node, start in zip(nodes, others, strict=True)]
    levels, named, cut = 1 if nodes else 0, 0, False
    while edge:
        # each link once, in its order
        shown = read(list(dict.fromkeys((business, path[-1]) for _, business, path in edge)))
        following: list[_Edge] = []
        for node, business, path in edge:
            found = shown.get((business, path[-1]))
            if found is None or found.shows is VisibilityLevel.OFF or node.level >= MAX_DEPTH:
                continue
            here = (*path, business)
            # nothing on the way is reached again: no circle, and nobody finds itself
            fresh = [one for one in found.businesses if not one.organisations & set(here)]
            node.about = {stage: approximate_count(sum(one.stage is stage for one in fresh)) for stage in CHAIN_STAGES}
            for one in _sorted_by_name(fresh) if found.shows is VisibilityLevel.NAMES else ():
                if named >= most:
                    cut = True
                    break
                named += 1
                below = ChainNode(str(one.name), one.stage, one.confirmed, node.level + 1)
                node.below.append(below)
                levels = max(levels, below.level)
                if one.leads_to is not None:
                    following.append((below, one.leads_to, here))
        edge = following
    return SupplyChain(nodes, levels, cut)


def approximate_count(number: int) -> str:
    """About how many: “fewer than 3”, “3 to 9”, … Beside some names the exact rest can still not be worked out."""
    upper: int | None = None
    for lower in (100, 50, 25, 10, MIN_COUNT_SHOWN):
        if number >= lower:
            return f"{lower} or more" if upper is None else f"{lower} to {upper - 1}"
        upper = lower
    return f"fewer than {MIN_COUNT_SHOWN}"


def _sorted_by_name(businesses: Sequence[ChainBusiness]) -> list[ChainBusiness]:
    named = [one for one in businesses if one.name]
    return sorted(named, key=lambda one: (str(one.name).casefold(), str(one.name), CHAIN_STAGES.index(one.stage)))


SUPPLIERS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ChainOverview:
    chain: SupplyChain
    suppliers: int
    page: Page[ChainStart]


def get_buyer_chain(session: Session, buyer_id: uuid.UUID, now: datetime, page: int = 1) -> ChainOverview:
    """What this buyer sees of the suppliers of its suppliers: a page of those of its own that show anything, by name."""
    showing = (SupplyChainVisibility.organisation_id == Supplier.organisation_id) & (
        SupplyChainVisibility.buyer_id == buyer_id
    )
    query = (
        select(Supplier)
        .join(SupplyChainVisibility, showing)
        .where(SupplyChainVisibility.shows != VisibilityLevel.OFF, _on_list([buyer_id]))
    )
    starts = _starts(session, session.scalars(query).all())
    status = func.count(func.distinct(func.coalesce(Supplier.merged_into, Supplier.id)))
    total = session.scalar(select(status).where(_on_list([buyer_id]))) or 0
    shown = paginate(starts, page, SUPPLIERS_PER_PAGE)
    return ChainOverview(build_chain(buyer_id, shown.rows, make_chain_reader(session, now)), total, shown)


def get_supplier_chain(session: Session, supplier: Supplier, now: datetime) -> SupplyChain:
    """What its buyer sees below this supplier, with all entries that are shown with it."""
    entries = [one for one in merged_group(session, supplier) if one.archived_at is None]
    return build_chain(supplier.buyer_id, _starts(session, entries), make_chain_reader(session, now))


def get_chain_seen_by_buyer(
    session: Session, organisation: Organisation, buyer_id: uuid.UUID, now: datetime
) -> SupplyChain:
    return build_chain(buyer_id, [ChainStart(organisation.name, organisation.id)], make_chain_reader(session, now))


def make_chain_reader(session: Session, now: datetime) -> ChainReader:
    """Reads what is shown on links between organisations, each list once."""
    lists: dict[uuid.UUID, Sequence[ChainBusiness]] = {}

    def read(links: Sequence[ChainLink]) -> Mapping[ChainLink, VisibleList]:
        query = select(SupplyChainVisibility).where(
            SupplyChainVisibility.organisation_id.in_({one for one, _ in links}),
            SupplyChainVisibility.buyer_id.in_({buyer for _, buyer in links}),
            SupplyChainVisibility.shows != VisibilityLevel.OFF,
        )
        shows = {(one.organisation_id, one.buyer_id): one.shows for one in session.scalars(query)}
        shown = [link for link in links if link in shows]
        missing = {one for one, _ in shown} - lists.keys()
        if missing:
            lists.update(_lists(session, missing, now))
        return {link: VisibleList(shows[link], lists[link[0]]) for link in shown}

    return read


def _starts(session: Session, entries: Iterable[Supplier]) -> list[ChainStart]:
    """By name; an entry that is put together with another one is called as that one is."""
    mine = list(entries)
    roots = {one.merged_into for one in mine} - {None}
    living = select(Supplier.id, Supplier.name).where(Supplier.id.in_(roots), Supplier.archived_at.is_(None))
    names = {row.id: row.name for row in session.execute(living)}
    found = {
        (one.merged_into or one.id, one.organisation_id): ChainStart(
            names.get(one.merged_into, one.name) if one.merged_into else one.name, one.organisation_id
        )
        for one in mine
        if one.organisation_id is not None
    }
    return [found[key] for key in sorted(found, key=lambda key: (found[key].name.casefold(), *map(str, key)))]


def _lists(session: Session, owners: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, Sequence[ChainBusiness]]:
    stages = _stages(session, owners, now)
    rows: dict[uuid.UUID, list[_ListEntry]] = {owner: [] for owner in owners}
    for entry, naming, organisation in session.execute(
        select(Supplier, SupplierNamingConsent, Organisation)
        .outerjoin(SupplierNamingConsent, SupplierNamingConsent.supplier_id == Supplier.id)
        .outerjoin(Organisation, Organisation.id == Supplier.organisation_id)
        .where(_on_list(owners))
        .order_by(Supplier.made_at, Supplier.id)
    ):
        rows[entry.buyer_id].append(_ListEntry(entry, naming, organisation, stages[entry.id]))
    return {owner: [_business(group) for group in _group_entries(entries)] for owner, entries in rows.items()}


@dataclass(frozen=True, slots=True)
class _ListEntry:
    supplier: Supplier
    naming: SupplierNamingConsent | None
    organisation: Organisation | None
    stage: ChainStage

    @property
    def keys(self) -> tuple[uuid.UUID, ...]:
        """Entries with a key together are one business."""
        root = self.supplier.merged_into or self.supplier.id
        return (root,) if self.organisation is None else (root, self.organisation.id)


def _group_entries(entries: Sequence[_ListEntry]) -> list[list[_ListEntry]]:
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
    groups: dict[uuid.UUID, list[_ListEntry]] = defaultdict(list)
    for entry in entries:
        groups[top(entry.keys[0])].append(entry)
    return list(groups.values())


def _business(entries: Sequence[_ListEntry]) -> ChainBusiness:
    """Named only if one of its entries said yes and none said no."""
    stage = max((one.stage for one in entries), key=CHAIN_STAGES.index)
    organisations = frozenset(one.organisation.id for one in entries if one.organisation is not None)
    consents = [one for one in entries if one.naming is not None]
    yes = next((one for one in consents if one.naming and one.naming.may), None)
    if yes is None or yes.naming is None or not all(one.naming and one.naming.may for one in consents):
        return ChainBusiness(stage, organisations=organisations)
    own = yes.organisation
    confirmed = own is not None and is_name_confirmed(own, clock.today())
    name = own.name if own is not None and confirmed else yes.naming.name
    return ChainBusiness(stage, name or None, confirmed, own.id if own is not None else None, organisations)


def _stages(session: Session, owners: Collection[uuid.UUID], now: datetime) -> Mapping[uuid.UUID, ChainStage]:
    found: dict[uuid.UUID, ChainStage] = defaultdict(lambda: ChainStage.NOT_ASKED)
    for one in session.scalars(
        select(SupplierInvitation)
        .join(Supplier, Supplier.id == SupplierInvitation.supplier_id)
        .where(_on_list(owners), SupplierInvitation.ended_at.is_(None))
    ):
        found[one.supplier_id] = _stage(one)
    # `sharing` lies above this package; what follows is its `grant_in_force`
    grant = Base.metadata.tables["share_grant"]
    for supplier_id in session.scalars(
        select(grant.c.supplier_id)
        .join(Supplier, Supplier.id == grant.c.supplier_id)
        .where(_on_list(owners), grant.c.accepted_at.is_not(None), grant.c.ended_at.is_(None), grant.c.until > now)
    ):
        found[supplier_id] = ChainStage.SHARED
    return found


def _stage(invitation: SupplierInvitation) -> ChainStage:
    if invitation.status in {InvitationStatus.NOT_ASKED, InvitationStatus.WAITING}:
        return ChainStage.NOT_ASKED
    answered = invitation.submitted_at is not None and invitation.assessment_id is not None
    return (
        ChainStage.ANSWERED if answered or invitation.status is InvitationStatus.EXTERNAL_RESULT else ChainStage.ASKED
    )


def _on_list(owners: Collection[uuid.UUID]) -> ColumnElement[bool]:
    return Supplier.buyer_id.in_(owners) & Supplier.archived_at.is_(None)
