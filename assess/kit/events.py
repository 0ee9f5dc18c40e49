"""Typed events between packages, and what an event cannot do: vetoes and providers.

A package publishes an event; a package above it reacts, and is never imported by the one that publishes. Which functions react, and in
which order, is listed in `assess/subscriptions.py` alone, and installed once in each process: site, worker, command line, tests.

Subscribers run at once, in the session and transaction of whoever publishes. They touch that session alone: a request may run three
times, so mail, files and jobs are rows of the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session


class Event:
    """Something happened. Each event is a frozen dataclass of this class, defined by the package that publishes it."""


class TwoPhaseEvent:
    """Something is about to happen that takes away what subscribers need to see, such as a deletion."""


class Veto:
    """A question that is answered yes unless one of the functions listed for it says no."""


E = TypeVar("E", bound=Event)
TwoPhase = TypeVar("TwoPhase", bound=TwoPhaseEvent)
V = TypeVar("V", bound=Veto)
Provided = TypeVar("Provided")


class NotInstalledError(RuntimeError):
    """Nothing is installed in this process, or what is published stands in no list: it would have been lost without a word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: an event, a veto or a kind of provider, and what is listed for it, in order."""

    kind: type
    listed: tuple[Any, ...]


def on(event: type[E], *subscribers: Callable[[Session, E], None]) -> Entry:
    """Who hears of an event, in this order."""
    return Entry(event, subscribers)


def around(event: type[TwoPhase], *subscribers: Callable[[Session, TwoPhase], Generator[None]]) -> Entry:
    """Who hears of a two-phase event: generator functions that look, `yield` once, and write after it has happened."""
    return Entry(event, subscribers)


def vetoed_by(question: type[V], *checks: Callable[[V], bool]) -> Entry:
    """Who may say no to a question, in the order in which they are asked."""
    return Entry(question, checks)


def provided_by(kind: type[Provided], *instances: Provided) -> Entry:
    """All instances of one kind of provider, in this order."""
    return Entry(kind, instances)


_installed: Mapping[type, tuple[Any, ...]] | None = None


def install(entries: Iterable[Entry]) -> None:
    """Use this list in this process, instead of whatever was installed before.

    The list is the same for every app and every database, so it is kept once for the process.

    Raises:
        ValueError: when two entries are about the same class.
    """
    global _installed  # noqa: PLW0603  # the one list of this process
    found: dict[type, tuple[Any, ...]] = {}
    for entry in entries:
        if entry.kind in found:
            raise ValueError(f"{entry.kind.__name__} is listed twice.")
        found[entry.kind] = entry.listed
    _installed = found


def publish(session: Session, event: Event) -> None:
    """Flush what was changed so far, then run every subscriber of this event in the order of the list.

    Raises:
        NotInstalledError
    """
    subscribers = _listed_for(type(event))
    session.flush()
    for subscriber in subscribers:
        subscriber(session, event)


@contextmanager
def publishing(session: Session, event: TwoPhaseEvent) -> Iterator[None]:
    """Surround what the event is about: every subscriber looks before it and writes after it, both in the order of the list.

    Where it fails, nobody writes.

    Raises:
        NotInstalledError
    """
    subscribers = _listed_for(type(event))
    session.flush()
    begun: list[Generator[None]] = []
    try:
        for subscriber in subscribers:
            looking = subscriber(session, event)
            begun.append(looking)
            next(looking)
        yield
        session.flush()
        for looking in begun:
            next(looking, None)
    finally:
        for looking in begun:
            looking.close()


def allows(question: Veto) -> bool:
    """Whether nobody says no. The first no ends it.

    Raises:
        NotInstalledError
    """
    return all(check(question) for check in _listed_for(type(question)))


def provided(kind: type[Provided]) -> tuple[Provided, ...]:
    """All that is listed of one kind of provider.

    Raises:
        NotInstalledError
    """
    return _listed_for(kind)


def _listed_for(kind: type) -> tuple[Any, ...]:
    if _installed is None:
        raise NotInstalledError(f"{kind.__name__}: call assess.subscriptions.install() where this process starts.")
    try:
        return _installed[kind]
    except KeyError:
        raise NotInstalledError(f"{kind.__name__} stands in no list: add it to assess/subscriptions.py.") from None
