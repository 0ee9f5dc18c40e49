"""Whether the log is whole: every event closed over the one before, none missing, and as the anchors saw it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import column, inspect, select, table
from sqlalchemy.orm import Session

from assess.kit.audit.anchoring import ACTION, NUMBER, Anchor, AnchorsUnfitError, same
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditEvent
from assess.kit.audit.recording import FIRST, words_of

WITHOUT_ANCHOR = timedelta(days=2)
"""So old an event has an anchor, and anchors lie no further apart: one is written each day. Who cuts the newest off leaves days without."""

_TOO_LONG = f"{WITHOUT_ANCHOR.days} days: either the service stood still then, or later anchors were cut off together with events"
_AT_ONCE = 1000
_BEFORE_FIRST = timedelta(days=1)
"""So much younger than the oldest row of the database may the first event be: a start may take its time."""
_BEGINNINGS = {
    "edition_event": "at",
    "data_key": "made_at",
    "person": "made_at",
    "organisation": "made_at",
    "assessment": "started_at",
}
"""By name only, since most lie in layers above: tables whose rows begin with an event, or just before the first, and when they do."""


class TamperedError(Exception):
    """The log is not whole. `number` is the first bad event."""

    def __init__(self, number: int, says: str) -> None:
        super().__init__(f"Event {number} {says}.")
        self.number = number


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without an anchor, which end with the anchor of a line."""

    line: int
    since: datetime
    until: datetime

    def is_one_of(self, known: Collection[tuple[int, date]]) -> bool:
        """Whether somebody knows of this one, by its line and the day it ended: another at the same line is another."""
        return (self.line, self.until.astimezone(UTC).date()) in known


@dataclass(frozen=True, slots=True)
class Whole:
    """What was looked through: so many events, held against so many anchors. `gaps`: the known ones that were let pass."""

    events: int
    anchors: int
    gaps: tuple[Gap, ...] = ()


def verify(
    session: Session,
    keys: Keys,
    anchors: Sequence[Anchor],
    moment: datetime,
    known_gaps: Collection[tuple[int, date]] = (),
) -> Whole:
    """Look through the whole log. `known_gaps`: lines and days of anchors before which the service stood still for days.

    Raises:
        TamperedError: with the first event that is changed, missing, not in its place or not as an anchor saw it; the first
            of all when the database holds something from before it.
        AnchorsUnfitError: when days are without an anchor, or the log knows of more anchors than there are.
    """
    waiting = sorted(anchors, key=lambda anchor: anchor.head.number)
    held = waiting[-1].head.number if waiting else 0
    waiting = [anchor for anchor in waiting if anchor.head.number]
    number, last, unanchored, told = 0, FIRST, 0, 0
    began = None
    for row in _rows(session):
        number += 1
        _see_one(row, number, last, keys)
        last = row["hash"]
        began = began or row["at"]
        if row["action"].startswith(f"{ACTION}:"):
            told = row["details"].get(NUMBER, 0)
        while waiting and waiting[0].head.number == number:
            seen = waiting.pop(0)
            if not same(seen.head.hash, last):
                raise TamperedError(number, f"is not the one that the anchor of {seen.at:%d %B %Y} saw")
        if number > held and not unanchored and row["at"] < moment - WITHOUT_ANCHOR:
            unanchored = number
    if waiting:
        missing = f"is missing: the anchor of {waiting[-1].at:%d %B %Y} saw {waiting[-1].head.number} events"
        raise TamperedError(number + 1, missing)
    _see_beginning(session, began, moment)
    if unanchored:
        says = f"and those after it have no anchor, and it is older than {WITHOUT_ANCHOR.days} days"
        raise TamperedError(unanchored, says)
    return Whole(number, len(anchors), _see_days(anchors, told, moment, known_gaps))


def _see_beginning(session: Session, began: datetime | None, moment: datetime) -> None:
    """See that nothing in the database is older than the log: a new log in an old database means that the old log was taken away.

    A database has had its log from its first start on, and nothing is ever removed from it.
    """
    there = inspect(session.connection())
    for name, begun in _BEGINNINGS.items():
        if not there.has_table(name):
            continue
        at = column(begun, AuditEvent.__table__.c.at.type)
        oldest = session.scalar(select(at).select_from(table(name)).where(at.is_not(None)).order_by(at).limit(1))
        if oldest is not None and oldest < (began or moment) - _BEFORE_FIRST:
            says = "is missing" if began is None else f"is of {began:%d %B %Y}, so earlier ones are missing"
            raise TamperedError(1, f"{says}: the table {name} has a row of {oldest:%d %B %Y}")


def _see_days(
    anchors: Sequence[Anchor], told: int, moment: datetime, known: Collection[tuple[int, date]]
) -> tuple[Gap, ...]:
    """See that there are as many anchors as the log tells of, one for each day until now: else some were cut off with what they saw.

    The known gaps that were met.
    """
    if len(anchors) < told:
        says = f"is missing: the log tells of {told} anchors. If the machine stopped as it was written, write one now"
        raise AnchorsUnfitError(len(anchors) + 1, says)
    wide = [pair for pair in pairwise(anchors) if pair[1].at - pair[0].at > WITHOUT_ANCHOR]
    gaps = tuple(Gap(after.line, before.at, after.at) for before, after in wide)
    for gap in gaps:
        if not gap.is_one_of(known):
            says = f"is of {gap.until:%Y-%m-%d} and follows one of {gap.since:%d %B %Y}, more than {_TOO_LONG}"
            raise AnchorsUnfitError(gap.line, says)
    if anchors and anchors[-1].at < moment - WITHOUT_ANCHOR:
        raise AnchorsUnfitError(anchors[-1].line, f"is the newest, and it is older than {_TOO_LONG}")
    return gaps


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
