"""Which jobs there are: a function and a name each, and for some a time of day or a span after which they are due again.

The modules that define jobs are read by `assess.load_jobs`; a process that only orders work needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol, TypeVar

from assess.kit.clock import HOME
from assess.kit.config import Settings
from assess.kit.db import Database

Function = TypeVar("Function", bound=Callable[..., None])

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
class Kind:
    """One kind of job. `seconds` is the longest it may take, `attempts` how often it is begun before it is set aside."""

    name: str
    run: Callable[..., None]
    seconds: int
    attempts: int


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


_kinds: dict[str, Kind] = {}
_timetables: dict[str, Timetable] = {}


def job(name: str, *, seconds: int = SECONDS, attempts: int = ATTEMPTS) -> Callable[[Function], Function]:
    """Make a function a job: `def print_copy(work: Work, *, submission_id: int) -> None`.

    It runs at least once, so doing it twice must be the same as doing it once. After `seconds` its process is ended; after
    `attempts` that failed it is set aside for a person to look at.

    Raises:
        ValueError: when another function has the name already.
    """

    def register(function: Function) -> Function:
        before = _kinds.get(name)
        if before is not None and _place_of(before.run) != _place_of(function):
            raise ValueError(f"Two jobs are called {name}.")
        _kinds[name] = Kind(name, function, seconds, attempts)
        return function

    return register


def periodic(
    name: str,
    *,
    at: str | None = None,
    every: timedelta | None = None,
    seconds: int = SECONDS,
    attempts: int = ATTEMPTS,
) -> Callable[[Function], Function]:
    """Make a function a job that is due by itself: daily `at` a local time like "03:15", or `every` so often.

    A time at which no worker was running is made up for once.

    Raises:
        ValueError: unless exactly one of `at` and `every` is given.
    """
    if (at is None) == (every is None):
        raise ValueError(f"{name} needs a time of day or a span, not both.")

    def register(function: Function) -> Function:
        _timetables[name] = Timetable(name, time.fromisoformat(at) if at else None, every)
        return job(name, seconds=seconds, attempts=attempts)(function)

    return register


def kind_of(name: str) -> Kind:
    """The kind of job of this name.

    Raises:
        UnknownJobError: when no module that was read defines it.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownJobError(name) from None


def timetables() -> list[Timetable]:
    """All jobs that are due by themselves, by name."""
    return [_timetables[name] for name in sorted(_timetables)]


def _place_of(function: Callable[..., None]) -> tuple[str, str]:
    return function.__module__, function.__qualname__
