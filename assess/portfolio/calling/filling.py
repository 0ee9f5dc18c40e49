"""The points of a row of the board: worked out whenever the row is, and afresh where what was shared is over by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from assess.banks.call_settings import CallWeights
from assess.banks.call_weights import call_weights_on
from assess.banks.in_force import in_use
from assess.banks.sheets import RefusedError
from assess.kit.clock import date_at
from assess.portfolio.calling.rule import Count, Facts, Reason, count
from assess.portfolio.models import Standing
from assess.suppliers.models import Status

_last: list[CallWeights] = []


def weights_on(today: date) -> CallWeights:
    """The points in force. While somebody is half-way through changing the files, the last good ones stay.

    Raises:
        RefusedError: when they cannot be read and never could.
    """
    try:
        _last[:] = [call_weights_on(in_use(), today)]
    except RefusedError:
        if not _last:
            raise
    return _last[0]


def fill(row: Standing, now: datetime, *, plan_shown: bool) -> None:
    """Write the points and reasons into a row that is finished otherwise. `plan_shown`: every copy it rests on holds its plan."""
    steps = (row.late_steps, row.open_steps + row.done_steps) if plan_shown else None
    counted = count(facts_of(row, steps), weights_on(date_at(now)), date_at(now))
    row.call_points = counted.points
    row.call_reasons = [asdict(reason) for reason in counted.reasons]


def facts_of(row: Standing, steps: tuple[int, int] | None) -> Facts:
    """What a row knows of its supplier."""
    return Facts(
        sector=row.sector,
        tier=row.tier,
        band=row.band,
        status=row.status,
        due=row.due,
        good_until=row.good_until,
        steps=steps,
        spend=row.spend_gbp,
    )


def is_outdated(row: Standing, now: datetime) -> bool:
    """Whether what it rests on is over, and the row has not been worked out since."""
    return not row.call_reasons or (row.shown_until is not None and row.shown_until <= now)


def counted_now(row: Standing, now: datetime) -> Count:
    """The points of a row at this moment: as stored, or as of a share that is over."""
    if not is_outdated(row, now):
        return Count(row.call_points, reasons_of(row.call_reasons))
    return count(_without_copy(facts_of(row, None)), weights_on(date_at(now)), date_at(now))


def reasons_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """The reasons as they were stored."""
    return tuple(Reason(**one) for one in stored)


def _without_copy(facts: Facts) -> Facts:
    over = Status.SHARE_OVER if facts.status is Status.SHARED else facts.status
    return Facts(facts.sector, facts.tier, None, over, facts.due, None, None, facts.spend)
