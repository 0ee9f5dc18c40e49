"""How a job is done once it was taken: its function runs, and what became of it is written down."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.kit.clock import Clock
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.engines import is_passing
from assess.kit.jobs.claiming import (
    LEASE,
    Claim,
    ForgottenJobError,
    LostJobError,
    claim_next,
    fail,
    finish,
    note_progress,
    renew,
)
from assess.kit.logs import log, where

Outcome = TypeVar("Outcome")
Watched = Callable[[Claim], AbstractContextManager[None]]
_PATIENCE = (0.1, 0.5)
"""Seconds to wait before the end of a job is written down again."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One process at work: what it works on and how it is called."""

    database: Database
    settings: Settings
    clock: Clock
    owner: str

    @classmethod
    def begin(cls, database: Database, settings: Settings, clock: Clock) -> Shift:
        """A shift with a name nobody else has."""
        return cls(database, settings, clock, secrets.token_hex(8))

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, datetime]]:
        """A session and the moment. A lease counts from when the write lock was had: the wait for it may be long."""
        with self.database.writing() as session:
            session.connection()
            yield session, self.clock()


@dataclass(frozen=True, slots=True)
class WorkAtHand:
    """What a running job is given."""

    shift: Shift
    held: Claim

    @property
    def database(self) -> Database:
        """The database of the site."""
        return self.shift.database

    @property
    def settings(self) -> Settings:
        """The settings of the site."""
        return self.shift.settings

    def now(self) -> datetime:
        """This moment in UTC."""
        return self.shift.clock()

    def progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        with self.database.writing() as session:
            note_progress(session, self.held, done, total)


def _unwatched(_held: Claim) -> AbstractContextManager[None]:
    return nullcontext()


def carry_out(shift: Shift, held: Claim, watched: Watched = _unwatched) -> datetime | None:
    """Do a job that was taken. Returns when it is to be tried again; None when it came to its end, or is there no more.

    `watched` surrounds the function of the job, not the writing down of its end.

    Raises:
        LostJobError: another worker has it meanwhile.
    """
    with suppress(ForgottenJobError):
        return _carry_out(shift, held, watched)
    return None


def _carry_out(shift: Shift, held: Claim, watched: Watched) -> datetime | None:
    try:
        if shift.clock() > held.until - LEASE / 2:  # the taking itself took long: is it still ours?
            with shift.writing() as (session, moment):
                renew(session, held, moment)
        with watched(held):
            held.kind.run(WorkAtHand(shift, held), **held.arguments)
    except LostJobError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the job failed and the next one must run
        return _failed(shift, held, type(error).__name__, where(error.__traceback__))
    _write_down(shift, lambda session, moment: finish(session, held, moment))
    return None


def run_waiting(database: Database, settings: Settings, clock: Clock) -> int:
    """Run everything that is due, in this process and on either database. For tests and rehearsals. Returns how many ran."""
    shift = Shift.begin(database, settings, clock)
    ran = 0
    while True:
        with shift.writing() as (session, moment):
            held = claim_next(session, shift.owner, moment)
        if held is None:
            return ran
        carry_out(shift, held)
        ran += 1


def _failed(shift: Shift, held: Claim, error: str, place: str) -> datetime | None:
    log("job_failed", reason=held.kind.name, error=error, where=place, number=held.attempts)
    return _write_down(shift, lambda session, moment: fail(session, held, error, place, moment))


def _write_down(shift: Shift, step: Callable[[Session, datetime], Outcome]) -> Outcome:
    """Write the end of a job. A database that is busy is asked again: the work was done, it should not be done twice."""
    for pause in _PATIENCE:
        try:
            with shift.writing() as (session, moment):
                return step(session, moment)
        except DBAPIError as error:
            if not is_passing(error):
                raise
            time.sleep(pause)
    with shift.writing() as (session, moment):
        return step(session, moment)
