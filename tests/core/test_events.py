from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from assess.core import events as core_events
from assess.core.db import Database
from assess.core.events import (
    Event,
    NotInstalledError,
    TwoPhaseEvent,
    Veto,
    install,
    is_allowed,
    provided_by,
    providers_of,
    publish,
    publishing,
    subscribe,
    subscribe_around,
    vetoed_by,
)
from assess.core.rate_limits import RateCounter
from tests.conftest import TODAY


@dataclass(frozen=True)
class Made(Event):
    name: str


@dataclass(frozen=True)
class Removed(TwoPhaseEvent):
    name: str


@dataclass(frozen=True)
class MayGo(Veto):
    age: int


@dataclass(frozen=True)
class Provider:
    name: str


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_events, "_installed", None)


def looking(said: list[str], name: str) -> object:
    def subscriber(_session: Session, event: Removed) -> Generator[None]:
        said.append(f"{name} looks at {event.name}")
        yield
        said.append(f"{name} writes of {event.name}")

    return subscriber


def test_where_nothing_is_installed_nothing_is_lost_without_a_word() -> None:
    with Session() as session:
        with pytest.raises(NotInstalledError, match=r"Made: call assess\.subscriptions\.install"):
            publish(session, Made("one"))
        with pytest.raises(NotInstalledError), publishing(session, Removed("one")):
            raise AssertionError("never reached")
    with pytest.raises(NotInstalledError):
        is_allowed(MayGo(1))
    with pytest.raises(NotInstalledError):
        providers_of(Provider)


def test_what_stands_in_no_list_is_refused_and_nothing_stands_there_twice() -> None:
    install([subscribe(Made)])
    with Session() as session, pytest.raises(NotInstalledError, match="Removed stands in no list"):
        publishing(session, Removed("one")).__enter__()
    with pytest.raises(ValueError, match="Made is listed twice"):
        install([subscribe(Made), subscribe(Made)])
    install([subscribe_around(Removed)])
    with Session() as session, pytest.raises(NotInstalledError, match="Made stands in no list"):
        publish(session, Made("the list before is gone"))


def test_subscribers_run_at_once_in_the_order_of_the_list_and_each_in_its_turn() -> None:
    said: list[str] = []

    def first(session: Session, event: Made) -> None:
        said.append(f"first {event.name}")
        if event.name == "outer":
            publish(session, Made("inner"))

    install([subscribe(Made, first, lambda _session, event: said.append(f"second {event.name}"))])
    with Session() as session:
        publish(session, Made("outer"))
    assert said == ["first outer", "first inner", "second inner", "second outer"]


def test_subscribers_see_what_was_changed_and_share_its_transaction(database: Database) -> None:
    def count(session: Session, _event: Made) -> None:
        row = session.connection().exec_driver_sql("SELECT count FROM rate_counter").one()
        session.add(RateCounter(key="b", count=row.count + 1, until=TODAY))

    install([subscribe(Made, count)])
    with database.new_session(writes=True) as session:
        session.add(RateCounter(key="a", count=1, until=TODAY))
        publish(session, Made("one"))
        assert session.get_one(RateCounter, "b").count == 2
    with database.reading() as look:
        assert look.get(RateCounter, "a") is look.get(RateCounter, "b") is None, "one rollback undoes both"


def test_a_deletion_is_looked_at_before_and_written_of_after_in_one_order() -> None:
    said: list[str] = []
    install([subscribe_around(Removed, looking(said, "a"), looking(said, "b"))])  # type: ignore[arg-type]  # made by a function
    with Session() as session, publishing(session, Removed("it")):
        said.append("gone")
    assert said == ["a looks at it", "b looks at it", "gone", "a writes of it", "b writes of it"]


def test_of_a_deletion_that_fails_nobody_writes() -> None:
    said: list[str] = []
    install([subscribe_around(Removed, looking(said, "a"))])  # type: ignore[arg-type]  # made by a function
    with Session() as session, pytest.raises(ZeroDivisionError), publishing(session, Removed("it")):
        raise ZeroDivisionError
    assert said == ["a looks at it"]


def test_a_two_phase_event_may_surround_another() -> None:
    said: list[str] = []

    @dataclass(frozen=True)
    class AllRemoved(TwoPhaseEvent):
        pass

    def each(session: Session, _event: AllRemoved) -> Generator[None]:
        with publishing(session, Removed("it")):
            yield

    install([subscribe_around(AllRemoved, each), subscribe_around(Removed, looking(said, "a"))])  # type: ignore[arg-type]  # made by a function
    with Session() as session, publishing(session, AllRemoved()):
        said.append("gone")
    assert said == ["a looks at it", "gone", "a writes of it"]
    said.clear()
    with Session() as session, pytest.raises(ZeroDivisionError), publishing(session, AllRemoved()):
        raise ZeroDivisionError
    assert said == ["a looks at it"]


def test_the_first_no_is_enough_and_without_any_it_is_yes() -> None:
    asked: list[str] = []

    def old_enough(question: MayGo) -> bool:
        asked.append("age")
        return question.age > 3

    def never(_question: MayGo) -> bool:
        asked.append("never")
        return False

    install([vetoed_by(MayGo, old_enough)])
    assert is_allowed(MayGo(4))
    install([vetoed_by(MayGo, old_enough, never)])
    asked.clear()
    assert not is_allowed(MayGo(3))
    assert asked == ["age"]
    assert not is_allowed(MayGo(4))
    install([vetoed_by(MayGo)])
    assert is_allowed(MayGo(0))


def test_providers_come_in_the_order_of_the_list() -> None:
    install([provided_by(Provider, Provider("b"), Provider("a"))])
    assert [one.name for one in providers_of(Provider)] == ["b", "a"]
