"""Whether the log is whole: every event closed over the one before, none missing, and as the anchors saw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.audit.anchoring import Anchor, same
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditEvent
from assess.kit.audit.recording import FIRST, words_of

WITHOUT_ANCHOR = timedelta(days=2)
"""So old an event has an anchor: one is written each day. Who cuts the newest anchors off leaves events without one."""

_AT_ONCE = 1000


class TamperedError(Exception):
    """The log is not whole. `number` is the first bad event."""

    def __init__(self, number: int, says: str) -> None:
        super().__init__(f"Event {number} {says}.")
        self.number = number


@dataclass(frozen=True, slots=True)
class Whole:
    """What was looked through: so many events, held against so many anchors."""

    events: int
    anchors: int


def verify(session: Session, keys: Keys, anchors: Sequence[Anchor], moment: datetime) -> Whole:
    """Look through the whole log.

    Raises:
        TamperedError: with the first event that is changed, missing, not in its place or not as an anchor saw it.
    """
    waiting = sorted(anchors, key=lambda anchor: anchor.head.number)
    held = waiting[-1].head.number if waiting else 0
    waiting = [anchor for anchor in waiting if anchor.head.number]
    number, last, unanchored = 0, FIRST, 0
    for row in _rows(session):
        number += 1
        _see_one(row, number, last, keys)
        last = row["hash"]
        while waiting and waiting[0].head.number == number:
            seen = waiting.pop(0)
            if not same(seen.head.hash, last):
                raise TamperedError(number, f"is not the one that the anchor of {seen.at:%d %B %Y} saw")
        if number > held and not unanchored and row["at"] < moment - WITHOUT_ANCHOR:
            unanchored = number
    if waiting:
        missing = f"is missing: the anchor of {waiting[-1].at:%d %B %Y} saw {waiting[-1].head.number} events"
        raise TamperedError(number + 1, missing)
    if unanchored:
        says = f"and those after it have no anchor, and it is older than {WITHOUT_ANCHOR.days} days"
        raise TamperedError(unanchored, says)
    return Whole(number, len(anchors))


def _see_one(row: dict[str, Any], number: int, last: str, keys: Keys) -> None:
    if row["number"] != number:
        raise TamperedError(number, f"is missing: number {row['number']} stands in its place")
    if not keys.knows(row["key_name"]):
        raise TamperedError(number, "was sealed with a key that is not among the secret keys")
    if not same(row["previous_hash"], last):
        raise TamperedError(number, "does not follow the one before it")
    if not keys.fits(row["key_name"], words_of(row), row["hash"]):
        raise TamperedError(number, "was changed")


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    """All events by their numbers, some at a time: a statement may take only so long."""
    columns = AuditEvent.__table__.c
    wanted = select(*columns).order_by(columns.number).limit(_AT_ONCE)
    found = session.execute(wanted).mappings().all()
    while found:
        for row in found:
            yield dict(row)
        found = session.execute(wanted.where(columns.number > found[-1]["number"])).mappings().all()
