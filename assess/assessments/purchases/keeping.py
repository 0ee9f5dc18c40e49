"""How lines are kept: added once, never over what somebody else wrote, and taken off the list without being lost.

A form carries the revision each line was drawn from. A line that was changed meanwhile is left as it is and comes back as a
conflict with both texts; the others are saved. Whoever did not touch a line is never in conflict over it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypedDict

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.assessments.answering import AlreadySubmittedError, lock
from assess.assessments.models import Assessment
from assess.assessments.purchases.models import PurchaseEvent, PurchaseLine

MOST_LINES = 100
"""A form of all of them, conflicts included, stays below what one request may carry."""
WHOLE = 100
_NOISE = 1e-6
"""So little over a hundred is noise of adding decimals."""
NO_COUNTRIES: Mapping[int, str] = MappingProxyType({})


class TooManyLinesError(Exception):
    """The list would be longer than `MOST_LINES`; nothing was added."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says. `country` and `share` are None where nobody knows or said."""

    good: str
    country: str | None = None
    share: float | None = None
    supplier: str = ""
    removed: bool = False


class Parts(TypedDict, total=False):
    """The parts of a line that a form changes; what is absent stays as it is stored."""

    good: str
    country: str | None
    share: float | None
    supplier: str
    removed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is now, and the revision a form has to send back with its change."""

    number: int
    said: Said
    revision: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a form says of one line, and the revision it was drawn from."""

    seen: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed this line since the form was drawn. To decide for yours, send it again with `theirs.revision`."""

    yours: Said
    theirs: Line


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form. `over` are lines whose share was left as it was, because all together would be `total`.

    `full` are lines that stay off the list, because it has `MOST_LINES` already.
    """

    saved: tuple[int, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    over: frozenset[int] = field(default_factory=frozenset)
    total: float = 0.0
    full: frozenset[int] = field(default_factory=frozenset)


def lines_of(session: Session, assessment_id: uuid.UUID) -> list[Line]:
    """The list as it is now, in the order in which lines were added."""
    return [line for line in _stored(session, assessment_id).values() if not line.said.removed]


def line_of(session: Session, assessment_id: uuid.UUID, number: int) -> Line | None:
    """One line, also one that was removed."""
    return _stored(session, assessment_id).get(number)


def highest_of(session: Session, assessment_id: uuid.UUID) -> int:
    """The highest number a line of this list ever had, 0 before the first."""
    highest = select(func.max(PurchaseLine.number)).where(PurchaseLine.assessment_id == assessment_id)
    return session.scalar(highest) or 0


def add_lines(
    session: Session,
    assessment_id: uuid.UUID,
    goods: Sequence[str],
    after: int,
    now: datetime,
    countries: Mapping[int, str] = NO_COUNTRIES,
) -> tuple[int, ...]:
    """Put these goods on the list, one line each, and return their numbers. `countries`: those said with a good, by its place.

    `after` is the highest number when the page was drawn: what was added since, by a second press of the button or by somebody
    else, is not added again, unless it was taken off meanwhile.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError, TooManyLinesError
    """
    assessment = _open_for_change(session, assessment_id)
    stored = _stored(session, assessment_id)
    since = {line.said.good for line in stored.values() if line.number > after and not line.said.removed}
    new = [Said(good, countries.get(place)) for place, good in enumerate(goods) if good not in since]
    if sum(not line.said.removed for line in stored.values()) + len(new) > MOST_LINES:
        raise TooManyLinesError
    first = max(stored, default=0) + 1
    for number, said in enumerate(new, first):
        _write(session, assessment, number, said, revision=1, now=now)
    session.flush()
    return tuple(range(first, first + len(new)))


def save_lines(session: Session, assessment_id: uuid.UUID, changes: Mapping[int, Change], now: datetime) -> Saved:
    """Keep what a form says of these lines. A number that is not there is passed over.

    Raises:
        AssessmentUnknownError, AlreadySubmittedError
    """
    assessment = _open_for_change(session, assessment_id)
    stored = _stored(session, assessment_id)
    wanted, conflicts = _compared(session, assessment_id, stored, changes)
    full = _without_room(stored, wanted)
    for number in full:
        wanted[number] = replace(wanted[number], removed=True)
    total = _total(wanted.get(number, line.said) for number, line in stored.items())
    over = _raised(stored, wanted) if total > WHOLE + _NOISE else frozenset()
    for number in over:
        wanted[number] = replace(wanted[number], share=_counted(stored[number].said))
    kept = {number: said for number, said in wanted.items() if said != stored[number].said}
    for number, said in kept.items():
        _write(session, assessment, number, said, revision=stored[number].revision + 1, now=now)
    session.flush()
    return Saved(tuple(kept), tuple(conflicts), over, total, full)


def says_something_new(session: Session, assessment_id: uuid.UUID, changes: Mapping[int, Change]) -> bool:
    """Whether a form would change any line, or differ with somebody over one."""
    return any(_compared(session, assessment_id, _stored(session, assessment_id), changes))


def _compared(
    session: Session, assessment_id: uuid.UUID, stored: Mapping[int, Line], changes: Mapping[int, Change]
) -> tuple[dict[int, Said], list[Conflict]]:
    """What a form would make of the lines, and the lines somebody else changed that it would change too."""
    wanted: dict[int, Said] = {}
    conflicts: list[Conflict] = []
    for number in sorted(changes.keys() & stored.keys()):
        line, change = stored[number], changes[number]
        yours = replace(line.said, **change.parts)
        if yours == line.said:
            continue
        if change.seen != line.revision:
            drawn = _said_at(session, assessment_id, number, change.seen)
            if drawn is None or replace(drawn, **change.parts) != drawn:
                conflicts.append(Conflict(replace(drawn or line.said, **change.parts), line))
            continue
        wanted[number] = yours
    return wanted, conflicts


def _without_room(stored: Mapping[int, Line], wanted: Mapping[int, Said]) -> frozenset[int]:
    """The lines that would come back to a list that is full, the first ones let in."""
    room = MOST_LINES - sum(not wanted.get(number, line.said).removed for number, line in stored.items())
    back = [number for number, said in wanted.items() if stored[number].said.removed and not said.removed]
    return frozenset(back[len(back) + room :] if room < 0 else ())


def _open_for_change(session: Session, assessment_id: uuid.UUID) -> Assessment:
    assessment = lock(session, assessment_id)
    if assessment.submitted:
        raise AlreadySubmittedError
    return assessment


def _stored(session: Session, assessment_id: uuid.UUID) -> dict[int, Line]:
    """All lines by number. Plain columns, so that nothing a session remembers can stand in for what is stored."""
    row = PurchaseLine
    rows = session.execute(
        select(row.number, row.good, row.country, row.share, row.supplier, row.removed, row.revision)
        .where(row.assessment_id == assessment_id)
        .order_by(row.number)
    )
    return {
        one.number: Line(
            one.number, Said(one.good, one.country, one.share, one.supplier, removed=one.removed), one.revision
        )
        for one in rows
    }


def _said_at(session: Session, assessment_id: uuid.UUID, number: int, revision: int) -> Said | None:
    """What the line said at this revision; None when it never had it."""
    event = session.get(PurchaseEvent, (assessment_id, number, revision))
    return None if event is None else Said(**event.said)


def _write(session: Session, assessment: Assessment, number: int, said: Said, *, revision: int, now: datetime) -> None:
    """Make a line say this, and note it. The first revision makes the line."""
    here = {"assessment_id": assessment.id, "number": number}
    values = {**asdict(said), "revision": revision, "changed_at": now}
    if revision == 1:
        session.add(PurchaseLine(**here, **values))
        session.flush()  # the event points at it
    else:
        session.execute(
            update(PurchaseLine).filter_by(**here).values(**values), execution_options={"synchronize_session": False}
        )
    session.add(PurchaseEvent(**here, revision=revision, said=asdict(said), at=now))
    assessment.changed_at = now


def _counted(said: Said) -> float | None:
    return None if said.removed else said.share


def _total(lines: Iterable[Said]) -> float:
    return sum(_counted(said) or 0.0 for said in lines)


def _raised(stored: Mapping[int, Line], wanted: Mapping[int, Said]) -> frozenset[int]:
    """The lines whose share would grow."""
    return frozenset(
        number for number, said in wanted.items() if (_counted(said) or 0.0) > (_counted(stored[number].said) or 0.0)
    )
