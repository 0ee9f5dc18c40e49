"""How a job is done once it was taken: its function runs, and what became of it is written down."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from assess.kit.clock import Clock
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.claiming import Claim, LostJobError, claim_next, fail, finish, note_progress
from assess.kit.logs import log, where


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


def take_next(shift: Shift) -> Claim | None:
    """Take the job that is due first. Looking is cheap; only when there is something is the write lock asked for."""
    with shift.database.writing() as session:
        return claim_next(session, shift.owner, shift.clock())


def carry_out(shift: Shift, held: Claim) -> datetime | None:
    """Do a job that was taken. Returns when it is to be tried again; None when it came to its end.

    Raises:
        LostJobError: another worker has it meanwhile.
    """
    try:
        held.kind.run(WorkAtHand(shift, held), **held.arguments)
    except LostJobError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the job failed and the next one must run
        return _failed(shift, held, type(error).__name__, where(error.__traceback__))
    with shift.database.writing() as session:
        finish(session, held, shift.clock())
    return None


def run_waiting(database: Database, settings: Settings, clock: Clock) -> int:
    """Run everything that is due, in this process and on either database. For tests and rehearsals. Returns how many ran."""
    shift = Shift.begin(database, settings, clock)
    ran = 0
    while (held := take_next(shift)) is not None:
        carry_out(shift, held)
        ran += 1
    return ran


def _failed(shift: Shift, held: Claim, error: str, place: str) -> datetime | None:
    log("job_failed", reason=held.kind.name, error=error, where=place, number=held.attempts)
    with shift.database.writing() as session:
        return fail(session, held, error, place, shift.clock())
