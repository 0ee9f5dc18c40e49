"""Typed events, vetoes, providers and page parts between packages. Subscribers run at once in the publisher's transaction; `assess/subscriptions.py` lists them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

from flask import Flask
from sqlalchemy.orm import Session


class Event:
    """Something happened. Each event is a frozen dataclass of this class, defined by the package that publishes it."""


class TwoPhaseEvent:
    """Something is about to happen that takes away what subscribers need to see, such as a deletion."""


class Veto:
    """A question that is answered yes unless one of the functions listed for it says no."""


EventType = TypeVar("EventType", bound=Event)
TwoPhaseType = TypeVar("TwoPhaseType", bound=TwoPhaseEvent)
VetoType = TypeVar("VetoType", bound=Veto)
ProviderType = TypeVar("ProviderType")


class NotInstalledError(RuntimeError):
    """Nothing is installed in this process, or what is published stands in no list: it would have been lost without a word."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One line of the list: an event, a veto or a kind of provider, and what is listed for it, in order."""

    kind: type
    listed: tuple[Any, ...]


def subscribe(event: type[EventType], *subscribers: Callable[[Session, EventType], None]) -> Registration:
    """Who hears of an event, in this order."""
    return Registration(event, subscribers)


def subscribe_around(
    event: type[TwoPhaseType], *subscribers: Callable[[Session, TwoPhaseType], Generator[None]]
) -> Registration:
    """Who hears of a two-phase event: generator functions that look, `yield` once, and write after it has happened."""
    return Registration(event, subscribers)


def vetoed_by(question: type[VetoType], *checks: Callable[[VetoType], bool]) -> Registration:
    """Who may say no to a question, in the order in which they are asked."""
    return Registration(question, checks)


def provided_by(kind: type[ProviderType], *instances: ProviderType) -> Registration:
    """All instances of one kind of provider, in this order."""
    return Registration(kind, instances)


_installed: Mapping[type, tuple[Any, ...]] | None = None


def install(entries: Iterable[Registration]) -> None:
    """Use this list in this process, instead of whatever was installed before.

    The list is the same for every app and every database, so it is kept once for the process.
    Raises `ValueError` when two entries are about the same class.
    """
    global _installed  # noqa: PLW0603  # the one list of this process
    found: dict[type, tuple[Any, ...]] = {}
    for entry in entries:
        if entry.kind in found:
            raise ValueError(f"{entry.kind.__name__} is listed twice.")
        found[entry.kind] = entry.listed
    _installed = found


def publish(session: Session, event: Event) -> None:
    """Flush what was changed so far, then run every subscriber of this event in the order of the list. Raises `NotInstalledError`."""
    subscribers = _registered_for(type(event))
    session.flush()
    for subscriber in subscribers:
        subscriber(session, event)


@contextmanager
def publishing(session: Session, event: TwoPhaseEvent) -> Iterator[None]:
    """Surround what the event is about: every subscriber looks before it and writes after it, both in the order of the list.

    Where it fails, nobody writes. Raises `NotInstalledError`.
    """
    subscribers = _registered_for(type(event))
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


def is_allowed(question: Veto) -> bool:
    """Whether nobody says no. The first no ends it. Raises `NotInstalledError`."""
    return all(check(question) for check in _registered_for(type(question)))


def providers_of(kind: type[ProviderType]) -> tuple[ProviderType, ...]:
    """All that is listed of one kind of provider. Raises `NotInstalledError`."""
    return _registered_for(kind)


def _registered_for(kind: type) -> tuple[Any, ...]:
    if _installed is None:
        raise NotInstalledError(f"{kind.__name__}: call assess.subscriptions.install() where this process starts.")
    try:
        return _installed[kind]
    except KeyError:
        raise NotInstalledError(f"{kind.__name__} stands in no list: add it to assess/subscriptions.py.") from None


Parameters = ParamSpec("Parameters")
PartContent = TypeVar("PartContent")


@dataclass(frozen=True, slots=True)
class PagePart(Generic[Parameters, PartContent]):
    """What a template shows of a package above its own: the name by which it asks, and the type of what fills it."""

    name: str


@dataclass(frozen=True, slots=True)
class FilledPagePart:
    name: str
    fill: Callable[..., object]


def filled_by(part: PagePart[Parameters, PartContent], fill: Callable[Parameters, PartContent]) -> FilledPagePart:
    return FilledPagePart(part.name, fill)


def register_page_parts(app: Flask, parts: Iterable[FilledPagePart]) -> None:
    for part in parts:
        app.add_template_global(part.fill, part.name)
