"""Publishing banks, and reading published editions.

A changed bank becomes a new edition only when nothing is wrong with it; otherwise the one before stays. Several servers may start
at once: the database accepts each number of a bank only once, and who comes second looks again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.banks.checking import CheckedBank, check_bank
from assess.banks.models import Edition as Row
from assess.banks.models import EditionByline, EditionEvent, Stage, Withdrawal
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


class ConfirmedError(Exception):
    """A second person confirmed that it, or a later one, was withdrawn, so nobody puts it back alone."""


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


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An edition that was withdrawn while its text may still be in the files in use. `event_id` names the withdrawal."""

    event_id: int
    edition_id: int
    bank: str
    number: int


def unsettled(session: Session) -> list[Unsettled]:
    """The withdrawals whose text the files in use may still hold, the latest first."""
    wanted = (
        select(Withdrawal.event_id, Row.id, Row.bank, Row.number)
        .join(Row, Row.id == Withdrawal.edition_id)
        .where(Withdrawal.settled_at.is_(None))
        .order_by(Withdrawal.event_id.desc())
    )
    return [Unsettled(*row) for row in session.execute(wanted)]


def held_back(session: Session) -> frozenset[str]:
    """The banks of which the newest edition is withdrawn while the files may still hold its text: they are published by a draft alone."""
    highest = select(Row.bank, func.max(Row.number)).group_by(Row.bank)
    newest = {bank: number for bank, number in session.execute(highest)}  # noqa: C416  # rows are no pairs to a type checker
    return frozenset(one.bank for one in unsettled(session) if newest[one.bank] == one.number)


def settle(session: Session, banks: Collection[str], now: datetime) -> None:
    """Say that what was withdrawn of these banks was kept or left out by two people. The caller commits."""
    events = [one.event_id for one in unsettled(session) if one.bank in banks]
    session.execute(update(Withdrawal).where(Withdrawal.event_id.in_(events)).values(settled_at=now))


def publish_checked(
    session: Session,
    checked: Mapping[str, CheckedBank],
    now: datetime,
    by: Byline | None = None,
    *,
    chosen: Collection[str] = (),
) -> Publishing:
    """A new edition of every sound bank that differs from the one in use. The caller commits.

    A bank whose files may hold what was withdrawn is passed over, so that nothing brings it back by the way. `chosen`: those of which
    a draft says whether it is kept or left out.
    """
    refused = {bank: one.errors for bank, one in checked.items() if one.compiled is None or one.errors}
    held = held_back(session) - set(chosen)
    made = [
        _publish(session, one.compiled, now, by)
        for bank, one in checked.items()
        if bank not in refused and bank not in held and one.compiled is not None
    ]
    if chosen:
        settle(session, chosen, now)
    return Publishing(tuple(ref for ref in made if ref is not None), refused)


def _publish(session: Session, compiled: Compiled, now: datetime, by: Byline | None) -> EditionRef | None:
    """The new edition, or None when the one in use says the same."""
    of_bank = select(Row.digest).where(Row.bank == compiled.bank)
    for _ in range(MOST_TRIES):
        usable = (Row.stage == Stage.PUBLISHED, Row.number > waiting_for_second(session).get(compiled.bank, 0))
        in_use = session.scalar(of_bank.where(*usable).order_by(Row.number.desc()).limit(1))
        if in_use == compiled.digest:
            return None
        number = (session.scalar(select(func.max(Row.number)).where(Row.bank == compiled.bank)) or 0) + 1
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
    """The edition of a bank that new assessments begin with: the newest published one, where none waits for a second person.

    Raises:
        EditionUnknownError: when there is none.
    """
    wanted = select(Row.id, Row.bank, Row.number, Row.digest).where(Row.bank == bank, Row.stage == Stage.PUBLISHED)
    above = Row.number > waiting_for_second(session).get(bank, 0)
    return _loaded(session, wanted.where(above).order_by(Row.number.desc()).limit(1))


def published(session: Session) -> dict[str, LoadedEdition]:
    """The edition of each bank that new assessments begin with, by the bank's id, in the order of their titles."""
    waiting = waiting_for_second(session)
    return {bank: one for bank, one in newest(session).items() if one.ref.number > waiting.get(bank, 0)}


def newest(session: Session) -> dict[str, LoadedEdition]:
    """The newest published edition of each bank, whether new assessments begin with it or a second person has to say so first."""
    rows = select(Row.id, Row.bank, Row.number, Row.digest).where(Row.stage == Stage.PUBLISHED).order_by(Row.number)
    found = {bank: (row_id, bank, number, digest) for row_id, bank, number, digest in session.execute(rows)}
    loaded = [_made_ready(session, *row) for row in found.values()]
    return {one.ref.bank: one for one in sorted(loaded, key=lambda one: one.edition.title)}


def read_last(session: Session) -> dict[str, LoadedEdition]:
    """The edition of each bank whose texts two people last put in use: a withdrawn one while it waits for a second person, else the newest."""
    found = newest(session)
    for bank, number in waiting_for_second(session).items():
        if bank not in found or found[bank].ref.number < number:
            columns = select(Row.id, Row.bank, Row.number, Row.digest)
            found[bank] = _loaded(session, columns.where(Row.bank == bank, Row.number == number))
    return found


def waiting_for_second(session: Session) -> dict[str, int]:
    """The banks of which no edition up to this number is begun with before a second person confirms that it was withdrawn.

    An older edition takes over at once only where nothing but links differs: otherwise one person would put texts in use that two had
    replaced. What an operator withdraws at the machine waits for nobody.
    """
    by_person = select(EditionByline.event_id)
    wanted = (
        select(Row.id, Row.bank, Row.number, Row.digest)
        .join(Withdrawal, Withdrawal.edition_id == Row.id)
        .where(Withdrawal.confirmed_at.is_(None), Row.stage == Stage.WITHDRAWN)
        .where(Withdrawal.event_id.in_(_last_events()), Withdrawal.event_id.in_(by_person))
        .order_by(Row.number)
    )
    found: dict[str, int] = {}
    for edition_id, bank, number, digest in session.execute(wanted).all():
        older = select(Row.id, Row.digest).where(Row.bank == bank, Row.number < number, Row.stage == Stage.PUBLISHED)
        instead = session.execute(older.order_by(Row.number.desc()).limit(1)).one_or_none()
        if instead is not None and not says_the_same(session, (edition_id, digest), (instead.id, instead.digest)):
            found[bank] = number
    return found


_same: dict[tuple[str, str], bool] = {}


def says_the_same(session: Session, one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether two editions differ in nothing but links. Each is named by its id and its digest."""
    key = one[1], other[1]
    if key not in _same:
        documents = [session.scalar(select(Row.compiled).where(Row.id == which)) for which, _ in (one, other)]
        if len(_same) >= MOST_KEPT:
            _same.clear()
        _same[key] = _without_links(documents[0]) == _without_links(documents[1])
    return _same[key]


def _without_links(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_links(part) for key, part in value.items() if key not in {"url", "more_urls"}}
    return [_without_links(part) for part in value] if isinstance(value, list) else value


def withdraw(session: Session, bank: str, number: int, now: datetime, by: Byline | None = None) -> None:
    """Let no new assessment start with this edition; those under way keep it. The caller commits.

    An older edition takes its place once a second person confirmed it (`waiting_for_second`). An edition withdrawn already stays as it is. While the files may hold its text, only a draft that says what becomes of it makes another
    edition of its bank.

    Raises:
        EditionUnknownError: when there is none.
    """
    _set_stage(session, (bank, number), Stage.WITHDRAWN, now, by)


def put_back(session: Session, bank: str, number: int, now: datetime, by: Byline | None = None) -> None:
    """Let new assessments start with an edition that was withdrawn: its text never changed. The caller commits.

    What two people withdrew comes back with a draft alone, which two people publish.

    Raises:
        EditionUnknownError: when there is none.
        ConfirmedError: when a second person confirmed that it was withdrawn, or a later edition that none follows.
    """
    _set_stage(session, (bank, number), Stage.PUBLISHED, now, by)


def withdrawals(session: Session) -> list[tuple[Withdrawal, str, int]]:
    """The withdrawals that no second person has confirmed, of editions that are still withdrawn, with bank and number; the oldest first."""
    wanted = (
        select(Withdrawal, Row.bank, Row.number)
        .join(Row, Row.id == Withdrawal.edition_id)
        .where(Withdrawal.confirmed_at.is_(None), Row.stage == Stage.WITHDRAWN)
        .where(Withdrawal.event_id.in_(_last_events()))
    )
    return [(row, bank, number) for row, bank, number in session.execute(wanted.order_by(Withdrawal.at))]


def withdrawal_of(session: Session, edition_id: int) -> Withdrawal | None:
    """How an edition came to be withdrawn last."""
    wanted = select(Withdrawal).where(Withdrawal.edition_id == edition_id).order_by(Withdrawal.event_id.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def confirm_withdrawal(session: Session, edition_id: int, person_id: uuid.UUID, now: datetime) -> bool:
    """Say as the second person that it was right. Returns whether it could be said: not by the first, and once. The caller commits."""
    stage = select(Row.stage).where(Row.id == edition_id).with_for_update()  # it may be put back at the same moment
    row = withdrawal_of(session, edition_id) if session.scalar(stage) is Stage.WITHDRAWN else None
    if row is None or row.by_id == person_id:
        return False
    of_it = update(Withdrawal).where(Withdrawal.event_id == row.event_id, Withdrawal.confirmed_at.is_(None))
    done = session.execute(of_it.values(confirmed_by=person_id, confirmed_at=now))
    return getattr(done, "rowcount", 0) == 1


def _last_events() -> Select[int]:
    return select(func.max(Withdrawal.event_id)).group_by(Withdrawal.edition_id)


def _set_stage(session: Session, which: tuple[str, int], stage: Stage, now: datetime, by: Byline | None) -> None:
    bank, number = which
    wanted = select(Row).where(Row.bank == bank, Row.number == number).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise EditionUnknownError(f"{bank} {number}")
    if row.stage is stage:
        return
    last = withdrawal_of(session, row.id)
    if stage is Stage.PUBLISHED and last is not None and not may_come_back(session, last):
        raise ConfirmedError(f"{bank} {number}")
    row.stage = stage
    event_id = _note(session, row, stage, now, by)
    if stage is Stage.WITHDRAWN:
        person = by.person_id if by else None
        session.add(Withdrawal(event_id=event_id, edition_id=row.id, by_id=person, at=now))
    else:
        of_it = update(Withdrawal).where(Withdrawal.edition_id == row.id, Withdrawal.settled_at.is_(None))
        session.execute(of_it.values(settled_at=now))
    session.flush()


def may_come_back(session: Session, row: Withdrawal) -> bool:
    """Whether an edition that one person withdrew may be put back by one.

    Not once two people withdrew it, nor where they withdrew a later one since and none follows: it would take the place of what two
    people last put in use.
    """
    if row.confirmed_at is not None:
        return False
    this = session.get_one(Row, row.edition_id)
    later = select(Row.id).where(Row.bank == this.bank, Row.number > this.number)
    if session.scalar(later.where(Row.stage == Stage.PUBLISHED).limit(1)) is not None:
        return True
    since = select(Withdrawal.edition_id).where(Withdrawal.confirmed_at >= row.at)
    return session.scalar(later.where(Row.id.in_(since)).limit(1)) is None


def _note(session: Session, row: Row, stage: Stage, now: datetime, by: Byline | None) -> int:
    """The number of the step."""
    event = EditionEvent(edition_id=row.id, stage=stage, at=now)
    session.add(event)
    session.flush()
    if by is not None:
        line = EditionByline(event_id=event.id, author_id=by.author_id, person_id=by.person_id, why=by.why)
        session.add(line)
        session.flush()
    return event.id


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
