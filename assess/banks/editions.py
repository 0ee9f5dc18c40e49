"""Publishing banks, and reading published editions.

A changed bank becomes a new edition only when nothing is wrong with it; otherwise the one before stays. Several servers may start
at once: the database accepts each number of a bank only once, and who comes second looks again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.banks.checking import CheckedBank, check_bank
from assess.banks.models import Edition as Row
from assess.banks.models import EditionByline, EditionEvent, Stage
from assess.banks.reader import Compiled, LoadedEdition
from assess.banks.settings import settings_from
from assess.banks.sheets import Found, Shelf
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition
from assess.engine.document import read_edition
from assess.kit.clock import date_at

MOST_TRIES = 10
"""Servers that may publish the same bank at the same moment."""
MOST_KEPT = 50
"""Editions kept ready in one process."""


class EditionUnknownError(Exception):
    """There is no such edition."""


class PublishingError(Exception):
    """The database accepted no number for a changed bank, many times over."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """What publishing did: the new editions, and for each bank that was refused, why."""

    published: tuple[EditionRef, ...] = ()
    refused: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who took a step with an edition, and why; of its publishing also who wrote it."""

    person_id: uuid.UUID
    why: str
    author_id: uuid.UUID | None = None


def check_banks(shelf: Shelf, now: datetime) -> dict[str, CheckedBank]:
    """Every bank of a shelf with what is wrong with it, by the settings of this day.

    Raises:
        RefusedError: when the settings cannot be read.
    """
    settings = settings_from(shelf, date_at(now))
    return {bank: check_bank(shelf, bank, settings) for bank in shelf.banks()}


def publish_checked(
    session: Session, checked: Mapping[str, CheckedBank], now: datetime, by: Byline | None = None
) -> Publishing:
    """A new edition of every sound bank that differs from its latest one. The caller commits."""
    refused = {bank: one.errors for bank, one in checked.items() if one.compiled is None or one.errors}
    made = [
        _publish(session, one.compiled, now, by)
        for bank, one in checked.items()
        if bank not in refused and one.compiled is not None
    ]
    return Publishing(tuple(ref for ref in made if ref is not None), refused)


def _publish(session: Session, compiled: Compiled, now: datetime, by: Byline | None) -> EditionRef | None:
    """The new edition, or None when the latest one says the same."""
    for _ in range(MOST_TRIES):
        newest = session.execute(
            select(Row.number, Row.digest).where(Row.bank == compiled.bank).order_by(Row.number.desc()).limit(1)
        ).one_or_none()
        if newest is not None and newest.digest == compiled.digest:
            return None
        number = 1 if newest is None else newest.number + 1
        row = Row(
            bank=compiled.bank,
            number=number,
            stage=Stage.PUBLISHED,
            source=dict(compiled.texts),
            compiled=compiled.document,
            digest=compiled.digest,
            published_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
                _note(session, row, Stage.PUBLISHED, now, by)
        except IntegrityError:
            continue  # another server was faster: look again at what it made
        return EditionRef(bank=compiled.bank, number=number, digest=compiled.digest)
    raise PublishingError(compiled.bank)


_ready: dict[str, Edition] = {}


def edition_of(session: Session, edition_id: int) -> LoadedEdition:
    """The edition with this id, whatever its stage. Reading is costly, so editions are kept ready by digest.

    Raises:
        EditionUnknownError: when there is none.
    """
    return _loaded(session, select(Row.id, Row.bank, Row.number, Row.digest).where(Row.id == edition_id))


def latest(session: Session, bank: str) -> LoadedEdition:
    """The newest published edition of a bank; withdrawn ones are passed over.

    Raises:
        EditionUnknownError: when there is none.
    """
    wanted = select(Row.id, Row.bank, Row.number, Row.digest).where(Row.bank == bank, Row.stage == Stage.PUBLISHED)
    return _loaded(session, wanted.order_by(Row.number.desc()).limit(1))


def published(session: Session) -> dict[str, LoadedEdition]:
    """The newest published edition of each bank, by the bank's id, in the order of their titles."""
    rows = select(Row.id, Row.bank, Row.number, Row.digest).where(Row.stage == Stage.PUBLISHED).order_by(Row.number)
    newest = {bank: (row_id, bank, number, digest) for row_id, bank, number, digest in session.execute(rows)}
    loaded = [_made_ready(session, *row) for row in newest.values()]
    return {one.ref.bank: one for one in sorted(loaded, key=lambda one: one.edition.title)}


def withdraw(session: Session, bank: str, number: int, now: datetime, by: Byline | None = None) -> None:
    """Let no new assessment start with this edition; those under way keep it. The caller commits.

    An edition withdrawn already stays as it is. The same files are not published again, since they would say the same.

    Raises:
        EditionUnknownError: when there is none.
    """
    _set_stage(session, (bank, number), Stage.WITHDRAWN, now, by)


def put_back(session: Session, bank: str, number: int, now: datetime, by: Byline | None = None) -> None:
    """Let new assessments start with an edition that was withdrawn: its text never changed. The caller commits.

    Raises:
        EditionUnknownError: when there is none.
    """
    _set_stage(session, (bank, number), Stage.PUBLISHED, now, by)


def _set_stage(session: Session, which: tuple[str, int], stage: Stage, now: datetime, by: Byline | None) -> None:
    bank, number = which
    wanted = select(Row).where(Row.bank == bank, Row.number == number).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise EditionUnknownError(f"{bank} {number}")
    if row.stage is not stage:
        row.stage = stage
        _note(session, row, stage, now, by)


def _note(session: Session, row: Row, stage: Stage, now: datetime, by: Byline | None) -> None:
    event = EditionEvent(edition_id=row.id, stage=stage, at=now)
    session.add(event)
    session.flush()
    if by is not None:
        line = EditionByline(event_id=event.id, author_id=by.author_id, person_id=by.person_id, why=by.why)
        session.add(line)
        session.flush()


def _loaded(session: Session, wanted: Select[int, str, int, str]) -> LoadedEdition:
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise EditionUnknownError
    return _made_ready(session, *row)


def _made_ready(session: Session, row_id: int, bank: str, number: int, digest: str) -> LoadedEdition:
    edition = _ready.get(digest)
    if edition is None:
        compiled = session.execute(select(Row.compiled).where(Row.id == row_id)).scalar_one()
        if len(_ready) >= MOST_KEPT:
            _ready.clear()
        edition = _ready[digest] = read_edition(compiled)
    return LoadedEdition(id=row_id, ref=EditionRef(bank=bank, number=number, digest=digest), edition=edition)
