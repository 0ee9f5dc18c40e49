"""Writes the daily anchors outside the database and verifies chain and anchors (`assess audit verify`)."""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import column, inspect, select, table
from sqlalchemy.orm import Session

from assess.core.audit.services import (
    FIRST_PREVIOUS_HASH,
    AuditKeys,
    ChainHead,
    NewAuditEvent,
    append_event,
    canonical_json,
    chain_head,
    job_actor,
)
from assess.core.config import Settings
from assess.core.jobs.services import JobContext
from assess.core.logs import log
from assess.core.models import AuditEvent

ANCHOR_ACTION, ANCHOR_DETAIL = "audit.anchor", "anchor"
"""What the event of the night does, and the detail that holds the number of its anchor."""


class InvalidAnchorsError(Exception):
    """A line of the file of anchors is missing, was changed, or is no anchor. `line` is the first bad one, counted from 1."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(f"Line {line} of the anchors {says}.")
        self.line = line


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the log stood at a moment. `line` counts the anchors from 1."""

    line: int
    at: datetime
    head: ChainHead
    key_name: str
    seal: str

    @property
    def words(self) -> str:
        return f"{_anchor_text(self.line, self.at, self.head)} {self.key_name} {self.seal}"


def anchors_file(settings: Settings) -> Path:
    return settings.data_folder / "audit-anchors.txt"


def anchor_audit(context: JobContext) -> None:
    keys, file = AuditKeys.of(context.settings), anchors_file(context.settings)
    number = len(read_anchors(file, keys)) + 1
    with context.database.writing() as session:
        actor = job_actor("anchor_audit")
        append_event(
            session,
            keys,
            NewAuditEvent(action=ANCHOR_ACTION, verb="written", who=actor, details={ANCHOR_DETAIL: number}),
            context.now(),
        )
    with context.database.reading() as session:
        write_anchor(session, keys, file, context.now())


def write_anchor(session: Session, keys: AuditKeys, file: Path, now: datetime) -> Anchor:
    """Write down where the log stands now: a line of the file, safely on the disk, and a log line.

    Raises `InvalidAnchorsError` when the file has a bad line: nothing is added to it before a person has looked.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)  # the job and a person at the command line may come at once
        before = read_anchors(file, keys)
        line, at = len(before) + 1, now.astimezone(UTC).replace(microsecond=0)
        head = chain_head(session.connection())
        last = before[-1].seal if before else FIRST_PREVIOUS_HASH
        made = Anchor(line, at, head, keys.name, keys.seal(f"{_anchor_text(line, at, head)} {last}"))
        opened.write(f"{made.words}\n")
        opened.flush()
        os.fsync(opened.fileno())
    log("audit_anchor", number=made.head.number, reason=made.head.hash)
    return made


def read_anchors(file: Path, keys: AuditKeys) -> Sequence[Anchor]:
    """The anchors of a file, the oldest first; none when there is no file. Raises `InvalidAnchorsError`."""
    lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.exists() else []
    found: list[Anchor] = []
    last = FIRST_PREVIOUS_HASH
    for number, words in enumerate(lines, 1):
        made = _parse_anchor(number, words)
        if made.line != number:
            raise InvalidAnchorsError(number, f"is missing: number {made.line} stands there")
        if not keys.knows(made.key_name):
            raise InvalidAnchorsError(number, "was sealed with a key that is not among the secret keys")
        if not keys.fits(made.key_name, f"{_anchor_text(made.line, made.at, made.head)} {last}", made.seal):
            raise InvalidAnchorsError(number, "was changed")
        found.append(made)
        last = made.seal
    return found


def _anchor_text(line: int, at: datetime, head: ChainHead) -> str:
    return f"{line} {at.isoformat()} {head.number} {head.hash}"


def _parse_anchor(number: int, words: str) -> Anchor:
    try:
        line, at, head, digest, key_name, seal = words.split(" ")
        return Anchor(int(line), datetime.fromisoformat(at), ChainHead(int(head), digest), key_name, seal)
    except ValueError:
        raise InvalidAnchorsError(number, "is no anchor") from None


MAX_ANCHOR_AGE = timedelta(days=2)
"""So old an event has an anchor, and anchors lie no further apart: one is written each day. Who cuts the newest off leaves days without."""

_GAP_EXPLANATION = f"{MAX_ANCHOR_AGE.days} days: either the service stood still then, or later anchors were cut off together with events"
_TIME_COLUMNS = {
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
class AnchorGap:
    """Days without an anchor, which end with the anchor of a line."""

    line: int
    since: datetime
    until: datetime

    def is_one_of(self, known: Collection[tuple[int, date]]) -> bool:
        """Whether it is known, by its line and the day it ended: another at the same line is another."""
        return (self.line, self.until.astimezone(UTC).date()) in known


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """What was looked through: so many events, held against so many anchors. `gaps`: the known ones that were let pass."""

    events: int
    anchors: int
    gaps: tuple[AnchorGap, ...] = ()


def verify_log(
    session: Session,
    keys: AuditKeys,
    anchors: Sequence[Anchor],
    now: datetime,
    known_gaps: Collection[tuple[int, date]] = (),
) -> VerifiedLog:
    """Look through the whole log. `known_gaps`: lines and days of anchors before which the service stood still for days.

    Raises:
        TamperedError: with the first event that is changed, missing, not in its place or not as an anchor saw it; the first
            of all when the database holds something from before it.
        InvalidAnchorsError: when days are without an anchor, or the log knows of more anchors than there are.
    """
    waiting = sorted(anchors, key=lambda anchor: anchor.head.number)
    held = waiting[-1].head.number if waiting else 0
    waiting = [anchor for anchor in waiting if anchor.head.number]
    number, last, unanchored, told = 0, FIRST_PREVIOUS_HASH, 0, 0
    began = None
    for row in _iterate_events(session):
        number += 1
        _check_event(row, number, last, keys)
        last = row["hash"]
        began = began or row["at"]
        if row["action"].startswith(f"{ANCHOR_ACTION}:"):
            told = row["details"].get(ANCHOR_DETAIL, 0)
        while waiting and waiting[0].head.number == number:
            seen = waiting.pop(0)
            if not hmac.compare_digest(seen.head.hash, last):
                raise TamperedError(number, f"is not the one that the anchor of {seen.at:%d %B %Y} saw")
        if number > held and not unanchored and row["at"] < now - MAX_ANCHOR_AGE:
            unanchored = number
    if waiting:
        missing = f"is missing: the anchor of {waiting[-1].at:%d %B %Y} saw {waiting[-1].head.number} events"
        raise TamperedError(number + 1, missing)
    _check_beginning(session, began, now)
    if unanchored:
        says = f"and those after it have no anchor, and it is older than {MAX_ANCHOR_AGE.days} days"
        raise TamperedError(unanchored, says)
    return VerifiedLog(number, len(anchors), _check_daily_anchors(anchors, told, now, known_gaps))


def _check_beginning(session: Session, began: datetime | None, now: datetime) -> None:
    """See that nothing in the database is older than the log: a new log in an old database means that the old log was taken away.

    A database has had its log from its first start on, and nothing is ever removed from it.
    """
    there = inspect(session.connection())
    for name, begun in _TIME_COLUMNS.items():
        if not there.has_table(name):
            continue
        at = column(begun, AuditEvent.__table__.c.at.type)
        oldest = session.scalar(select(at).select_from(table(name)).where(at.is_not(None)).order_by(at).limit(1))
        # so much younger than the oldest row of the database may the first event be: a start may take its time
        if oldest is not None and oldest < (began or now) - timedelta(days=1):
            says = "is missing" if began is None else f"is of {began:%d %B %Y}, so earlier ones are missing"
            raise TamperedError(1, f"{says}: the table {name} has a row of {oldest:%d %B %Y}")


def _check_daily_anchors(
    anchors: Sequence[Anchor], told: int, now: datetime, known: Collection[tuple[int, date]]
) -> tuple[AnchorGap, ...]:
    """See that there are as many anchors as the log tells of, one for each day until now: else some were cut off with what they saw.

    The known gaps that were met.
    """
    if len(anchors) < told:
        says = f"is missing: the log tells of {told} anchors. If the machine stopped as it was written, write one now"
        raise InvalidAnchorsError(len(anchors) + 1, says)
    wide = [pair for pair in pairwise(anchors) if pair[1].at - pair[0].at > MAX_ANCHOR_AGE]
    gaps = tuple(AnchorGap(after.line, before.at, after.at) for before, after in wide)
    for gap in gaps:
        if not gap.is_one_of(known):
            says = f"is of {gap.until:%Y-%m-%d} and follows one of {gap.since:%d %B %Y}, more than {_GAP_EXPLANATION}"
            raise InvalidAnchorsError(gap.line, says)
    if anchors and anchors[-1].at < now - MAX_ANCHOR_AGE:
        raise InvalidAnchorsError(anchors[-1].line, f"is the newest, and it is older than {_GAP_EXPLANATION}")
    return gaps


def _check_event(row: dict[str, Any], number: int, last: str, keys: AuditKeys) -> None:
    if row["number"] != number:
        raise TamperedError(number, f"is missing: number {row['number']} stands in its place")
    if not keys.knows(row["key_name"]):
        raise TamperedError(number, "was sealed with a key that is not among the secret keys")
    if not hmac.compare_digest(row["previous_hash"], last):
        raise TamperedError(number, "does not follow the one before it")
    if not keys.fits(row["key_name"], canonical_json(row), row["hash"]):
        raise TamperedError(number, "was changed")


def _iterate_events(session: Session) -> Iterator[dict[str, Any]]:
    """All events by their numbers, some at a time: a statement may take only so long."""
    columns = AuditEvent.__table__.c
    wanted = select(*columns).order_by(columns.number).limit(1000)
    found = session.execute(wanted).mappings().all()
    while found:
        for row in found:
            yield dict(row)
        found = session.execute(wanted.where(columns.number > found[-1]["number"])).mappings().all()
