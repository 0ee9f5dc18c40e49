"""How far a file is, in words a person understands. Pure: no database and no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from assess.portfolio.files.models import FileKind, PlanState

KINDS: Mapping[FileKind, str] = {
    FileKind.BUNDLE: "All plans, as one ZIP file",
    FileKind.CSV: "The list of suppliers, as CSV",
    FileKind.XLSX: "The list of suppliers, as a spreadsheet (XLSX)",
}

REASONS: Mapping[PlanState, str] = {
    PlanState.OVER: "it is no longer shared with you",
    PlanState.AGAIN: "the business has answered again since it shared: ask it to share its new plan",
    PlanState.FAILED: "it could not be printed",
    PlanState.WAITING: "it was not printed",
    PlanState.THERE: "it is another copy now than when it was printed: order the plans again",
}
"""Why a plan is not in a bundle. What is there can be missing only if its file has changed since."""

_MINUTE = 60
_FEW = 3
"""From so many plans on there is something to judge the rest by."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """`done` of `total`; `done_before` were done when the work at hand began, `spent` ago."""

    done: int
    total: int
    done_before: int
    spent: timedelta | None


def progress(kind: FileKind, far: HowFar) -> str:
    """“142 of 300 plans printed, about 4 minutes left”."""
    if kind is not FileKind.BUNDLE:
        return "The spreadsheet is being made."
    left = time_left(far)
    plans = "plan" if far.total == 1 else "plans"
    return f"{far.done} of {far.total} {plans} printed{f', {left} left' if left else ''}."


def time_left(far: HowFar) -> str | None:
    """About how long it still takes, judged by how long it took so far; None while nobody can tell."""
    new = far.done - far.done_before
    if far.spent is None or new < _FEW or far.done >= far.total:
        return None
    seconds = far.spent.total_seconds() / new * (far.total - far.done)
    if seconds < _MINUTE:
        return "less than a minute"
    minutes = round(seconds / _MINUTE)
    if minutes < 2 * _MINUTE:
        return "about a minute" if minutes == 1 else f"about {minutes} minutes"
    return f"about {round(minutes / _MINUTE)} hours"


def bytes_in_words(size: int | None) -> str:
    """“3.4 MB”; empty for nothing."""
    if not size:
        return ""
    kilobytes = size / 1000
    return f"{max(1, round(kilobytes))} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"  # noqa: PLR2004  # 1000 kB are 1 MB
