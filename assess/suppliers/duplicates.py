"""Duplicate suppliers on one list: find similar entries, merge and split. Merging moves nothing: each entry keeps its invitations, shares and log."""

from __future__ import annotations

import enum
import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.db import dialect_insert
from assess.core.events import publish
from assess.core.mail.addresses import normalise_mailbox
from assess.suppliers.activity_log import log_supplier_event
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import NotDuplicate, Supplier, SupplierEventType

SAME_ENTRY = "These two are the same entry. Choose another one."
NOT_ON_LIST = "One of these is not on your list. Choose two entries of your own list."
ENTRY_ARCHIVED = "One of these is off your list. Put it back on the list first."
ALREADY_MERGED = (
    "One of these is merged with another entry already. Choose the entry that stands for it, or split it first."
)
BOTH_HAVE_ENTRIES = "Each of these already stands for other entries. Split one of them first, then merge them."


class MergeError(ValueError):
    """These two cannot be put together; the sentence says why and what to do."""


def merge_suppliers(session: Session, part: Supplier, root: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Show `part` as a part of `root` from now on. Doing it twice changes nothing. Raises MergeError."""
    _lock_suppliers(session, part, root)
    if part.merged_into == root.id and part.id != root.id:
        return
    refusal = merge_refusal(session, part, root)
    if refusal:
        raise MergeError(refusal)
    part.merged_into = root.id
    session.flush()
    log_supplier_event(session, part.id, SupplierEventType.MERGED, now, by=by, other=str(root.id))
    log_supplier_event(session, root.id, SupplierEventType.MERGED, now, by=by, other=str(part.id))
    publish(session, SupplierChanged(part.id, now))
    publish(session, SupplierChanged(root.id, now))


def split_supplier(session: Session, part: Supplier, now: datetime, *, by: uuid.UUID | None) -> None:
    """Show `part` by itself again. Doing it twice changes nothing."""
    _lock_suppliers(session, part)
    root_id = part.merged_into
    if root_id is None:
        return
    part.merged_into = None
    session.flush()
    log_supplier_event(session, part.id, SupplierEventType.SPLIT, now, by=by, other=str(root_id))
    log_supplier_event(session, root_id, SupplierEventType.SPLIT, now, by=by, other=str(part.id))
    publish(session, SupplierChanged(part.id, now))
    publish(session, SupplierChanged(root_id, now))


def merge_refusal(session: Session, part: Supplier, root: Supplier) -> str | None:
    """Why these two cannot be put together, as a sentence; None when they can, and `root` then stands for both."""
    if part.id == root.id:
        return SAME_ENTRY
    if part.buyer_id != root.buyer_id:
        return NOT_ON_LIST
    if part.archived_at is not None or root.archived_at is not None:
        return ENTRY_ARCHIVED
    if part.merged_into is not None or root.merged_into is not None:
        return ALREADY_MERGED
    if list_merged_entries(session, part.id):
        return BOTH_HAVE_ENTRIES
    return None


def order_pair(session: Session, one: Supplier, other: Supplier) -> tuple[Supplier, Supplier]:
    """The part and the one that may stand for both: the one that does so already, else the one that was here first."""
    if list_merged_entries(session, one.id):
        return other, one
    if list_merged_entries(session, other.id):
        return one, other
    first, second = sorted((one, other), key=lambda supplier: (supplier.made_at, supplier.id))
    return second, first


def list_merged_entries(session: Session, root_id: uuid.UUID) -> Sequence[Supplier]:
    return session.scalars(
        select(Supplier).where(Supplier.merged_into == root_id).order_by(Supplier.name, Supplier.id)
    ).all()


def mark_not_duplicate(session: Session, one: Supplier, other: Supplier, now: datetime) -> None:
    """Remember that these two of one buyer are not the same, so that nobody is asked again. Twice changes nothing.

    Raises:
        MergeError: when they are the same entry, or not of one buyer.
    """
    if one.id == other.id or one.buyer_id != other.buyer_id:
        raise MergeError(SAME_ENTRY if one.id == other.id else NOT_ON_LIST)
    smaller, larger = sorted_pair(one.id, other.id)
    row = dialect_insert(session, NotDuplicate).values(one_id=smaller, other_id=larger, at=now)
    session.execute(row.on_conflict_do_nothing())


def find_duplicates(session: Session, buyer_id: uuid.UUID) -> list[DuplicatePair]:
    """The pairs on the list of this buyer that look the same and were not told apart. Only its own list is looked at."""
    columns = (
        Supplier.id,
        Supplier.merged_into,
        Supplier.name,
        Supplier.email,
        Supplier.company_number,
    )
    query = select(*columns).where(Supplier.buyer_id == buyer_id, Supplier.archived_at.is_(None))
    rows = session.execute(query.order_by(Supplier.made_at, Supplier.id)).all()
    living = {row.id for row in rows}
    entries = [
        DuplicateCandidate(
            id=row.merged_into or row.id,
            name=row.name,
            mailbox=normalise_mailbox(row.email) if row.email else "",
            company_number=row.company_number,
        )
        for row in rows
        if (row.merged_into or row.id) in living
    ]
    marked = select(NotDuplicate.one_id, NotDuplicate.other_id).join(Supplier, Supplier.id == NotDuplicate.one_id)
    apart = {(one, other) for one, other in session.execute(marked.where(Supplier.buyer_id == buyer_id))}
    return find_similar_pairs(entries, apart)


def _lock_suppliers(session: Session, *suppliers: Supplier) -> None:
    """Read them anew and hold them until the end of the transaction, always in one order: two at once wait for each other."""
    query = select(Supplier).where(Supplier.id.in_(sorted({one.id for one in suppliers}))).order_by(Supplier.id)
    session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


NAME_SIMILARITY = 0.9
"""From this likeness on, of 1, two names are nearly the same: one slip in a dozen letters."""
_MAX_PAIRED_WITH_ALL = 8
"""So many entries with one mailbox are proposed each with each; of more each with the first alone."""
_MAX_NAMES_PER_WORD = 12
"""A word that more names have tells nothing."""
_MAX_COMPARED_CHARACTERS = 4_000_000
"""Compared at most, about two seconds of work. Ten thousand ordinary names need a tenth of it; a list can be made so that the names
on it take hours. What is equal is found first and always."""
_COMPANY_WORDS = frozenset(
    [
        "and",
        "co",
        "company",
        "corporation",
        "inc",
        "limited",
        "llp",
        "ltd",
        "of",
        "partners",
        "partnership",
        "plc",
        "services",
        "the",
        "trading",
        "uk",
        "gb",
    ]
)

IdPair = tuple[uuid.UUID, uuid.UUID]


class DuplicateReason(enum.StrEnum):
    """Why two entries look the same, the strongest first."""

    COMPANY_NUMBER = "company_number"
    MAILBOX = "mailbox"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class DuplicateCandidate:
    """One entry as it is compared. `id`: the one that stands for it, which is itself unless it was put together with another."""

    id: uuid.UUID
    name: str
    mailbox: str = ""
    company_number: str | None = None


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    one: uuid.UUID
    other: uuid.UUID
    reasons: tuple[DuplicateReason, ...]


def find_similar_pairs(
    entries: Sequence[DuplicateCandidate], apart: AbstractSet[IdPair] = frozenset()
) -> list[DuplicatePair]:
    """The pairs that look the same, those with the strongest reasons first. `apart`: couples (smaller id first) that are not."""
    found: dict[IdPair, set[DuplicateReason]] = defaultdict(set)
    keys: Mapping[DuplicateReason, Sequence[Hashable]] = {
        DuplicateReason.COMPANY_NUMBER: [entry.company_number for entry in entries],
        DuplicateReason.MAILBOX: [entry.mailbox for entry in entries],
    }
    for reason, of in keys.items():
        for one, other in _pairs_with_same_key(zip(of, [entry.id for entry in entries], strict=True)):
            found[sorted_pair(one, other)].add(reason)
    for one, other in _pairs_with_similar_name(entries):
        found[sorted_pair(one, other)].add(DuplicateReason.NAME)
    # reversed: of merged entries the first names them
    names = {entry.id: entry.name.casefold() for entry in reversed(entries)}
    order = tuple(DuplicateReason)
    pairs = [DuplicatePair(*ids, tuple(sorted(why, key=order.index))) for ids, why in found.items() if ids not in apart]
    return sorted(pairs, key=lambda pair: (-len(pair.reasons), order.index(pair.reasons[0]), names[pair.one], pair.one))


def sorted_pair(one: uuid.UUID, other: uuid.UUID) -> IdPair:
    return (one, other) if one < other else (other, one)


def distinctive_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others: without its kind of firm, signs and capitals."""
    plain = "".join(letter if letter.isalnum() else " " for letter in name.casefold().replace("’", "").replace("'", ""))
    words = plain.split()
    return tuple(word for word in words if word not in _COMPANY_WORDS) or tuple(words)


def _compare_names(one: Sequence[str], other: Sequence[str]) -> tuple[bool, int]:
    """Whether they are nearly the same, and how many letters were held against one another to know it."""
    first, second = " ".join(one), " ".join(other)
    cost = len(first) + len(second)
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return True, cost
    match = SequenceMatcher(None, first, second, autojunk=False)
    # upper bounds, far cheaper than the ratio itself
    if match.real_quick_ratio() < NAME_SIMILARITY or match.quick_ratio() < NAME_SIMILARITY:
        return False, cost
    return match.ratio() >= NAME_SIMILARITY, cost + len(first) * len(second)


def _pairs_with_same_key(keyed: Iterable[tuple[Hashable, uuid.UUID]]) -> Iterator[IdPair]:
    groups: dict[Hashable, dict[uuid.UUID, None]] = defaultdict(dict)
    for key, one in keyed:
        if key:
            groups[key][one] = None
    for group in groups.values():
        together = sorted(group)  # whichever came first on the list, the same pairs are proposed
        if len(together) <= _MAX_PAIRED_WITH_ALL:
            yield from combinations(together, 2)
        else:
            yield from ((together[0], one) for one in together[1:])


def _pairs_with_similar_name(entries: Sequence[DuplicateCandidate]) -> Iterator[IdPair]:
    words = [distinctive_words(entry.name) for entry in entries]
    yield from _pairs_with_same_key(
        (" ".join(sorted(own)), entry.id) for own, entry in zip(words, entries, strict=True)
    )
    holds: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        for word in {*own, "".join(own)}:  # also as one word: “Nor Folk Eggs” beside “Norfolk Eggs”
            holds[word].append(place)
    seen: set[tuple[int, int]] = set()
    left = _MAX_COMPARED_CHARACTERS
    for places in holds.values():
        if len(places) > _MAX_NAMES_PER_WORD:
            continue
        for first, second in combinations(places, 2):
            if (first, second) in seen:
                continue
            seen.add((first, second))
            one, other = entries[first].id, entries[second].id
            near, cost = _compare_names(words[first], words[second])
            if one != other and near:
                yield one, other
            left -= cost  # counted, not timed: the same list always gives the same pairs
            if left <= 0:
                return
