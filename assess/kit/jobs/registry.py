"""Which jobs there are: a function and a name each, and for some a time of day or a span after which they are due again.

`assess/jobs.py` lists them. A worker installs that list; a process that only orders work needs none of the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from assess.kit.clock import HOME
from assess.kit.config import Settings
from assess.kit.db import Database

SECONDS = 90
ATTEMPTS = 3


class UnknownJobError(Exception):
    """A job was ordered whose function this release does not have."""


class Work(Protocol):
    """What a job is given beside its arguments.

    Open `database.writing()` only for short steps, and never call `progress` inside one: on SQLite there is one writer.
    """

    @property
    def database(self) -> Database:
        """The database of the site."""

    @property
    def settings(self) -> Settings:
        """The settings of the site; addresses are made from `settings.base_url`."""

    def now(self) -> datetime:
        """This moment in UTC."""

    def progress(self, done: int, total: int) -> None:
        """Say how far it is. Raises `LostJobError` when the job was given to another worker meanwhile."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a job is due by itself: each day at a local time, or after each span of time."""

    name: str
    at: time | None = None
    every: timedelta | None = None

    def last_due(self, moment: datetime) -> datetime:
        """The latest moment, not after this one, at which it was or is due."""
        if self.at is None:
            span = (self.every or timedelta(days=1)).total_seconds()
            return datetime.fromtimestamp(moment.timestamp() // span * span, UTC)
        here = moment.astimezone(HOME)
        due = datetime.combine(here.date(), self.at, HOME)
        if due > here:
            due = datetime.combine(here.date() - timedelta(days=1), self.at, HOME)
        return due.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job. `seconds` is the longest it may take, `attempts` how often it is begun before it is set aside."""

    name: str
    run: Callable[..., None]
    seconds: int
    attempts: int
    timetable: Timetable | None = None


_kinds: Mapping[str, Kind] = {}


def job(  # a job has so many limits, each with a name
    name: str,
    run: Callable[..., None],
    *,
    at: str | None = None,
    every: timedelta | None = None,
    seconds: int = SECONDS,
    attempts: int = ATTEMPTS,
) -> Kind:
    """A function that is a job: `def print_copy(work: Work, *, submission_id: int) -> None`.

    It runs at least once, so doing it twice must be the same as doing it once. After `seconds` its process is ended; after
    `attempts` that failed it is set aside for a person to look at. With `at`, a local time like "03:15", it is also due by itself
    each day, with `every` so often. A time at which no worker was running is made up for once.

    Raises:
        ValueError: when both `at` and `every` are given.
    """
    if at is not None and every is not None:
        raise ValueError(f"{name} needs a time of day or a span, not both.")
    due = None if at is None and every is None else Timetable(name, time.fromisoformat(at) if at else None, every)
    return Kind(name, run, seconds, attempts, due)


def install_jobs(kinds: Iterable[Kind]) -> None:
    """Let this process run these jobs, instead of whatever it knew before. Who only orders them needs none.

    Raises:
        ValueError: when two have the same name.
    """
    global _kinds  # noqa: PLW0603  # the one list of this process
    found: dict[str, Kind] = {}
    for kind in kinds:
        if kind.name in found:
            raise ValueError(f"Two jobs are called {kind.name}.")
        found[kind.name] = kind
    _kinds = found


def kind_of(name: str) -> Kind:
    """The kind of job of this name.

    Raises:
        UnknownJobError: when it is not among those that were installed.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownJobError(name) from None


def timetables() -> list[Timetable]:
    """All jobs that are due by themselves, by name."""
    return [kind.timetable for _name, kind in sorted(_kinds.items()) if kind.timetable is not None]
