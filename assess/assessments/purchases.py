"""Adds and saves purchase lines with optimistic locking by revision. A line taken off the list is kept and can be restored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypedDict

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, PurchaseEvent, PurchaseLine
from assess.assessments.services import AlreadySubmittedError, lock_assessment
from assess.core.db import NO_SYNCHRONIZE

MAX_LINES = 100
"""A form of all of them, conflicts included, stays below what one request may carry."""
WHOLE = 100
NOISE = 1e-6
"""So little over a hundred is noise of adding decimals."""
NO_COUNTRIES: Mapping[int, str] = MappingProxyType({})


class TooManyLinesError(Exception):
    """The list would be longer than `MAX_LINES`; nothing was added."""


@dataclass(frozen=True, slots=True)
class LineContent:
    """What a line says. `country` and `share` are None where nobody knows or said."""

    good: str
    country: str | None = None
    share: float | None = None
    supplier: str = ""
    removed: bool = False


class LineFields(TypedDict, total=False):
    """The parts of a line that a form changes; what is absent stays as it is stored."""

    good: str
    country: str | None
    share: float | None
    supplier: str
    removed: bool


@dataclass(frozen=True, slots=True)
class StoredLine:
    """One line as it is now, and the revision a form has to send back with its change."""

    number: int
    said: LineContent
    revision: int


@dataclass(frozen=True, slots=True)
class LineChange:
    seen: int
    parts: LineFields


@dataclass(frozen=True, slots=True)
class LineConflict:
    """Another person changed this line since the form was drawn. To decide for yours, send it again with `theirs.revision`."""

    yours: LineContent
    theirs: StoredLine


@dataclass(frozen=True, slots=True)
class LineSaveResult:
    """What became of a form. `over` are lines whose share was left as it was, because all together would be `total`.

    `full` are lines that stay off the list, because it has `MAX_LINES` already.
    """

    saved: tuple[int, ...] = ()
    conflicts: tuple[LineConflict, ...] = ()
    over: frozenset[int] = field(default_factory=frozenset)
    total: float = 0.0
    full: frozenset[int] = field(default_factory=frozenset)


def get_lines(session: Session, assessment_id: uuid.UUID) -> list[StoredLine]:
    return [line for line in _stored_lines(session, assessment_id).values() if not line.said.removed]


def get_line(session: Session, assessment_id: uuid.UUID, number: int) -> StoredLine | None:
    """One line, also one that was removed."""
    return _stored_lines(session, assessment_id).get(number)


def highest_line_number(session: Session, assessment_id: uuid.UUID) -> int:
    """The highest number a line of this list ever had, 0 before the first."""
    return session.scalar(select(func.max(PurchaseLine.number)).where(PurchaseLine.assessment_id == assessment_id)) or 0


def add_lines(
    session: Session,
    assessment_id: uuid.UUID,
    goods: Sequence[str],
    after: int,
    now: datetime,
    countries: Mapping[int, str] = NO_COUNTRIES,
) -> tuple[int, ...]:
    """Put these goods on the list, one line each, and return their numbers. `countries`: those said with a good, by its place.

    `after` is the highest number when the page was drawn: what was added since, by a second press of the button or by another
    person, is not added again, unless it was taken off meanwhile.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError, TooManyLinesError
    """
    assessment = _lock_open_assessment(session, assessment_id)
    stored = _stored_lines(session, assessment_id)
    since = {line.said.good for line in stored.values() if line.number > after and not line.said.removed}
    new = [LineContent(good, countries.get(place)) for place, good in enumerate(goods) if good not in since]
    if sum(not line.said.removed for line in stored.values()) + len(new) > MAX_LINES:
        raise TooManyLinesError
    first = max(stored, default=0) + 1
    for number, content in enumerate(new, first):
        _write_line(session, assessment, number, content, revision=1, now=now)
    session.flush()
    return tuple(range(first, first + len(new)))


def save_lines(
    session: Session, assessment_id: uuid.UUID, changes: Mapping[int, LineChange], now: datetime
) -> LineSaveResult:
    """Keep what a form says; unknown numbers are passed over. Raises AssessmentUnknownError, AlreadySubmittedError."""
    assessment = _lock_open_assessment(session, assessment_id)
    stored = _stored_lines(session, assessment_id)
    wanted, conflicts = _compare_changes(session, assessment_id, stored, changes)
    # lines that come back to a full list stay off, the first ones are let in
    left = MAX_LINES - sum(not wanted.get(number, line.said).removed for number, line in stored.items())
    back = [number for number, content in wanted.items() if stored[number].said.removed and not content.removed]
    full = frozenset(back[len(back) + left :] if left < 0 else ())
    for number in full:  # they are saved with all they say, and stay taken off
        wanted[number] = replace(wanted[number], removed=True)
    total = sum(_counted_share(wanted.get(number, line.said)) for number, line in stored.items())
    over: frozenset[int] = frozenset()
    if total > WHOLE + NOISE:
        over = frozenset(
            number
            for number, content in wanted.items()
            if _counted_share(content) > _counted_share(stored[number].said)
        )
    for number in over:
        before = stored[number].said
        wanted[number] = replace(wanted[number], share=None if before.removed else before.share)
    kept = {number: content for number, content in wanted.items() if content != stored[number].said}
    for number, content in kept.items():
        _write_line(session, assessment, number, content, revision=stored[number].revision + 1, now=now)
    session.flush()
    return LineSaveResult(tuple(kept), tuple(conflicts), over, total, full)


def has_new_content(session: Session, assessment_id: uuid.UUID, changes: Mapping[int, LineChange]) -> bool:
    """Whether a form would change any line, or differ with another person's change of one."""
    return any(_compare_changes(session, assessment_id, _stored_lines(session, assessment_id), changes))


def _compare_changes(
    session: Session, assessment_id: uuid.UUID, stored: Mapping[int, StoredLine], changes: Mapping[int, LineChange]
) -> tuple[dict[int, LineContent], list[LineConflict]]:
    """What a form would make of the lines, and the lines another person changed that it would change too."""
    wanted: dict[int, LineContent] = {}
    conflicts: list[LineConflict] = []
    for number in sorted(changes.keys() & stored.keys()):
        line, change = stored[number], changes[number]
        yours = replace(line.said, **change.parts)
        if yours == line.said:
            continue
        # saved by somebody else since the page was drawn; a form that changes nothing of what it showed is no conflict
        if change.seen != line.revision:
            event = session.get(PurchaseEvent, (assessment_id, number, change.seen))
            form_content = None if event is None else LineContent(**event.said)
            if form_content is None or replace(form_content, **change.parts) != form_content:
                conflicts.append(LineConflict(replace(form_content or line.said, **change.parts), line))
            continue
        wanted[number] = yours
    return wanted, conflicts


def _lock_open_assessment(session: Session, assessment_id: uuid.UUID) -> Assessment:
    assessment = lock_assessment(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    return assessment


def _stored_lines(session: Session, assessment_id: uuid.UUID) -> dict[int, StoredLine]:
    """All lines by number. Plain columns, so that nothing a session remembers can stand in for what is stored."""
    row = PurchaseLine
    rows = session.execute(
        select(row.number, row.good, row.country, row.share, row.supplier, row.removed, row.revision)
        .where(row.assessment_id == assessment_id)
        .order_by(row.number)
    )
    return {
        one.number: StoredLine(
            one.number, LineContent(one.good, one.country, one.share, one.supplier, removed=one.removed), one.revision
        )
        for one in rows
    }


def _write_line(
    session: Session, assessment: Assessment, number: int, content: LineContent, *, revision: int, now: datetime
) -> None:
    """Make a line say this, and note it. The first revision makes the line."""
    here = {"assessment_id": assessment.id, "number": number}
    values = {**asdict(content), "revision": revision, "changed_at": now}
    if revision == 1:
        session.add(PurchaseLine(**here, **values))
        session.flush()  # the event points at it
    else:
        session.execute(update(PurchaseLine).filter_by(**here).values(**values), execution_options=NO_SYNCHRONIZE)
    session.add(PurchaseEvent(**here, revision=revision, said=asdict(content), at=now))
    assessment.changed_at = now


def _counted_share(content: LineContent) -> float:
    return 0.0 if content.removed else content.share or 0.0
