"""Publish banks as numbered editions, load, withdraw and put them back. Several servers may start at once: the database accepts a number of a bank only once.

Which edition of a bank counts, and for whom:

- `current_edition(s)`: new assessments begin with it.
- `newest_published_editions`: the newest that is not withdrawn. It is not current while its bank stands in
  `banks_waiting_for_second_person`: a newer one was withdrawn and nobody else has confirmed that yet.
- `last_reviewed_editions`: the texts that two people last put in force. While a bank waits, the withdrawn one.
- `banks_held_back`: banks whose files may still hold withdrawn text; only a draft that settles what becomes of it makes their next edition.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.core.edit_conflicts import EditConflictError
from assess.core.errors import NotFoundError
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition
from assess.engine.bank_reader import read_edition
from assess.question_banks.content_versions import (
    SeedResult,
    content_version_in_force,
    files_in_force,
    seed_from_release,
)
from assess.question_banks.files import QUESTIONNAIRES, BoundedCache, FileProblem, read_folder
from assess.question_banks.models import EditionAttribution, EditionEvent, EditionRow, EditionStage, Withdrawal
from assess.question_banks.reader import CompiledBank, LoadedEdition
from assess.question_banks.validation import CheckedBank, check_banks

MAX_TRIES = 10
"""Servers that may publish the same bank at the same moment."""


class EditionNotFoundError(NotFoundError):
    """There is no such edition."""


class WithdrawalConfirmedError(Exception):
    """A second person confirmed that it, or a later one, was withdrawn, so nobody puts it back alone."""


class PublishingError(Exception):
    """The database accepted no number for a changed bank, many times over."""


@dataclass(frozen=True, slots=True)
class PublishResult:
    published: tuple[EditionRef, ...] = ()
    refused: Mapping[str, tuple[FileProblem, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who took a step with an edition, and why; of its publishing also who wrote it."""

    person_id: uuid.UUID
    why: str
    author_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class UnsettledWithdrawal:
    """An edition that was withdrawn while its text may still be in the files in force. `event_id` names the withdrawal."""

    event_id: int
    edition_id: int
    bank: str
    number: int


def unsettled_withdrawals(session: Session) -> list[UnsettledWithdrawal]:
    """The withdrawals whose text the files in force may still hold, the latest first."""
    wanted = (
        select(Withdrawal.event_id, EditionRow.id, EditionRow.bank, EditionRow.number)
        .join(EditionRow, EditionRow.id == Withdrawal.edition_id)
        .where(Withdrawal.settled_at.is_(None))
        .order_by(Withdrawal.event_id.desc())
    )
    return [UnsettledWithdrawal(*row) for row in session.execute(wanted)]


def banks_held_back(session: Session) -> frozenset[str]:
    """The banks of which the newest edition is withdrawn while the files may still hold its text: they are published by a draft alone."""
    highest = select(EditionRow.bank, func.max(EditionRow.number)).group_by(EditionRow.bank)
    newest = {bank: number for bank, number in session.execute(highest)}  # noqa: C416  # rows are no pairs to a type checker
    return frozenset(one.bank for one in unsettled_withdrawals(session) if newest[one.bank] == one.number)


def add_changed_editions(
    session: Session,
    checked: Mapping[str, CheckedBank],
    now: datetime,
    by: Attribution | None = None,
    *,
    withdrawn_settled_for: Collection[str] = (),
) -> PublishResult:
    """A new edition of every sound bank that differs from the current one. The caller commits.

    A bank whose files may hold what was withdrawn is passed over, so that nothing brings it back by the way. `withdrawn_settled_for`: those of which
    a draft says whether it is kept or left out.
    """
    refused = {bank: one.errors for bank, one in checked.items() if one.compiled is None or one.errors}
    held = banks_held_back(session) - set(withdrawn_settled_for)
    made = [
        _add_edition(session, one.compiled, now, by)
        for bank, one in checked.items()
        if bank not in refused and bank not in held and one.compiled is not None
    ]
    if withdrawn_settled_for:
        events = [one.event_id for one in unsettled_withdrawals(session) if one.bank in withdrawn_settled_for]
        session.execute(update(Withdrawal).where(Withdrawal.event_id.in_(events)).values(settled_at=now))
    return PublishResult(tuple(ref for ref in made if ref is not None), refused)


def _add_edition(session: Session, compiled: CompiledBank, now: datetime, by: Attribution | None) -> EditionRef | None:
    """The new edition, or None when the current one says the same."""
    of_bank = select(EditionRow.digest).where(EditionRow.bank == compiled.bank)
    for _ in range(MAX_TRIES):
        usable = (
            EditionRow.stage == EditionStage.PUBLISHED,
            EditionRow.number > banks_waiting_for_second_person(session).get(compiled.bank, 0),
        )
        in_use = session.scalar(of_bank.where(*usable).order_by(EditionRow.number.desc()).limit(1))
        if in_use == compiled.digest:
            return None
        number = (session.scalar(select(func.max(EditionRow.number)).where(EditionRow.bank == compiled.bank)) or 0) + 1
        row = EditionRow(
            bank=compiled.bank,
            number=number,
            stage=EditionStage.PUBLISHED,
            source=dict(compiled.texts),
            compiled=compiled.document,
            digest=compiled.digest,
            published_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
                _add_edition_event(session, row, EditionStage.PUBLISHED, now, by)
        except IntegrityError:
            continue  # another server was faster: look again at what it made
        return EditionRef(bank=compiled.bank, number=number, digest=compiled.digest)
    raise PublishingError(compiled.bank)


_edition_cache: BoundedCache[Edition] = BoundedCache(50)
_EDITIONS = select(EditionRow.id, EditionRow.bank, EditionRow.number, EditionRow.digest)
"""Editions as `_load_first` takes them: without their texts."""


def load_edition(session: Session, edition_id: int) -> LoadedEdition:
    """Whatever its stage. Reading is costly, so kept by digest. Raises EditionNotFoundError when there is none."""
    return _load_first(session, _EDITIONS.where(EditionRow.id == edition_id))


def current_edition(session: Session, bank: str) -> LoadedEdition:
    """The newest published, where none waits for a second person. Raises EditionNotFoundError when there is none."""
    wanted = _EDITIONS.where(EditionRow.bank == bank, EditionRow.stage == EditionStage.PUBLISHED)
    above = EditionRow.number > banks_waiting_for_second_person(session).get(bank, 0)
    return _load_first(session, wanted.where(above).order_by(EditionRow.number.desc()).limit(1))


def current_editions(session: Session) -> dict[str, LoadedEdition]:
    """The edition of each bank that new assessments begin with, by the bank's id, in the order of their titles."""
    waiting = banks_waiting_for_second_person(session)
    return {
        bank: one for bank, one in newest_published_editions(session).items() if one.ref.number > waiting.get(bank, 0)
    }


def newest_published_editions(session: Session) -> dict[str, LoadedEdition]:
    """The newest published edition of each bank, whether new assessments begin with it or a second person has to say so first."""
    rows = _EDITIONS.where(EditionRow.stage == EditionStage.PUBLISHED).order_by(EditionRow.number)
    found = {bank: (row_id, bank, number, digest) for row_id, bank, number, digest in session.execute(rows)}
    loaded = [_cached_edition(session, *row) for row in found.values()]
    return {one.ref.bank: one for one in sorted(loaded, key=lambda one: one.edition.title)}


def last_reviewed_editions(session: Session) -> dict[str, LoadedEdition]:
    """The edition of each bank whose texts two people last put in force: a withdrawn one while it waits for a second person, else the newest."""
    found = newest_published_editions(session)
    for bank, number in banks_waiting_for_second_person(session).items():
        if bank not in found or found[bank].ref.number < number:
            wanted = _EDITIONS.where(EditionRow.bank == bank, EditionRow.number == number)
            found[bank] = _load_first(session, wanted)
    return found


def banks_waiting_for_second_person(session: Session) -> dict[str, int]:
    """The banks of which no edition up to this number is begun with before a second person confirms that it was withdrawn.

    An older edition takes over at once only where nothing but links differs: otherwise one person would put texts in force that two had
    replaced. What an operator withdraws at the machine waits for nobody.
    """
    wanted = (
        _EDITIONS.join(Withdrawal, Withdrawal.edition_id == EditionRow.id)
        .where(Withdrawal.confirmed_at.is_(None), EditionRow.stage == EditionStage.WITHDRAWN)
        .where(Withdrawal.event_id.in_(_last_events()), Withdrawal.event_id.in_(select(EditionAttribution.event_id)))
        .order_by(EditionRow.number)
    )
    found: dict[str, int] = {}
    for edition_id, bank, number, digest in session.execute(wanted).all():
        older = select(EditionRow.id, EditionRow.digest).where(
            EditionRow.bank == bank, EditionRow.number < number, EditionRow.stage == EditionStage.PUBLISHED
        )
        instead = session.execute(older.order_by(EditionRow.number.desc()).limit(1)).one_or_none()
        if instead is not None and not differ_only_in_links(
            session, (edition_id, digest), (instead.id, instead.digest)
        ):
            found[bank] = number
    return found


_same_text_cache: BoundedCache[bool] = BoundedCache(50)


def differ_only_in_links(session: Session, one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether two editions differ in nothing but links. Each is named by its id and its digest."""
    key = one[1], other[1]

    def text_of(edition_id: int) -> object:
        return _without_links(session.scalar(select(EditionRow.compiled).where(EditionRow.id == edition_id)))

    return _same_text_cache.get(key, lambda: text_of(one[0]) == text_of(other[0]))


def _without_links(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _without_links(part) for key, part in value.items() if key not in {"url", "more_urls"}}
    return [_without_links(part) for part in value] if isinstance(value, list) else value


def withdraw_published(session: Session, bank: str, number: int, now: datetime, by: Attribution | None = None) -> None:
    """Let no new assessment start with this edition; those under way keep it. The caller commits.

    An older edition takes its place once a second person confirmed it (`banks_waiting_for_second_person`). An edition
    withdrawn already stays as it is. While the files may hold its text, only a draft that says what becomes of it makes
    another edition of its bank. Raises EditionNotFoundError when there is none.
    """
    _set_stage(session, (bank, number), EditionStage.WITHDRAWN, now, by)


def put_back_withdrawn(session: Session, bank: str, number: int, now: datetime, by: Attribution | None = None) -> None:
    """Let new assessments start with an edition that was withdrawn: its text never changed. The caller commits.

    What two people withdrew comes back with a draft alone, which two people publish. Raises EditionNotFoundError when
    there is none; WithdrawalConfirmedError when a second person confirmed that it was withdrawn, or a later edition
    that none follows.
    """
    _set_stage(session, (bank, number), EditionStage.PUBLISHED, now, by)


def unconfirmed_withdrawals(session: Session) -> list[tuple[Withdrawal, str, int]]:
    """The withdrawals that no second person has confirmed, of editions that are still withdrawn, with bank and number; the oldest first."""
    wanted = (
        select(Withdrawal, EditionRow.bank, EditionRow.number)
        .join(EditionRow, EditionRow.id == Withdrawal.edition_id)
        .where(Withdrawal.confirmed_at.is_(None), EditionRow.stage == EditionStage.WITHDRAWN)
        .where(Withdrawal.event_id.in_(_last_events()))
    )
    return [(row, bank, number) for row, bank, number in session.execute(wanted.order_by(Withdrawal.at))]


def withdrawal_of(session: Session, edition_id: int) -> Withdrawal | None:
    wanted = select(Withdrawal).where(Withdrawal.edition_id == edition_id).order_by(Withdrawal.event_id.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def confirm_withdrawal(session: Session, edition_id: int, person_id: uuid.UUID, now: datetime) -> bool:
    """Say as the second person that it was right. Returns whether it could be said: not by the first, and once. The caller commits."""
    # locked: it may be put back at the same moment
    stage = select(EditionRow.stage).where(EditionRow.id == edition_id).with_for_update()
    row = withdrawal_of(session, edition_id) if session.scalar(stage) is EditionStage.WITHDRAWN else None
    if row is None or row.by_id == person_id:
        return False
    of_it = update(Withdrawal).where(Withdrawal.event_id == row.event_id, Withdrawal.confirmed_at.is_(None))
    done = session.execute(of_it.values(confirmed_by=person_id, confirmed_at=now))
    return getattr(done, "rowcount", 0) == 1


def _last_events() -> Select[int]:
    return select(func.max(Withdrawal.event_id)).group_by(Withdrawal.edition_id)


def _set_stage(
    session: Session, which: tuple[str, int], stage: EditionStage, now: datetime, by: Attribution | None
) -> None:
    bank, number = which
    wanted = select(EditionRow).where(EditionRow.bank == bank, EditionRow.number == number).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise EditionNotFoundError(f"{bank} {number}")
    if row.stage is stage:
        return
    last = withdrawal_of(session, row.id)
    if stage is EditionStage.PUBLISHED and last is not None and not may_come_back(session, last):
        raise WithdrawalConfirmedError(f"{bank} {number}")
    row.stage = stage
    event_id = _add_edition_event(session, row, stage, now, by)
    if stage is EditionStage.WITHDRAWN:
        session.add(Withdrawal(event_id=event_id, edition_id=row.id, by_id=by.person_id if by else None, at=now))
    else:
        of_it = update(Withdrawal).where(Withdrawal.edition_id == row.id, Withdrawal.settled_at.is_(None))
        session.execute(of_it.values(settled_at=now))
    session.flush()


def may_come_back(session: Session, row: Withdrawal) -> bool:
    """Whether an edition that one person withdrew may be put back by one.

    Not once two people withdrew it, nor where they withdrew a later one since and none follows: it would take the place of what two
    people last put in force.
    """
    if row.confirmed_at is not None:
        return False
    this = session.get_one(EditionRow, row.edition_id)
    later = select(EditionRow.id).where(EditionRow.bank == this.bank, EditionRow.number > this.number)
    if session.scalar(later.where(EditionRow.stage == EditionStage.PUBLISHED).limit(1)) is not None:
        return True
    since = select(Withdrawal.edition_id).where(Withdrawal.confirmed_at >= row.at)
    return session.scalar(later.where(EditionRow.id.in_(since)).limit(1)) is None


def _add_edition_event(
    session: Session, row: EditionRow, stage: EditionStage, now: datetime, by: Attribution | None
) -> int:
    """The number of the step."""
    event = EditionEvent(edition_id=row.id, stage=stage, at=now)
    session.add(event)
    session.flush()
    if by is not None:
        session.add(EditionAttribution(event_id=event.id, author_id=by.author_id, person_id=by.person_id, why=by.why))
        session.flush()
    return event.id


def _load_first(session: Session, wanted: Select[int, str, int, str]) -> LoadedEdition:
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise EditionNotFoundError
    return _cached_edition(session, *row)


def _cached_edition(session: Session, row_id: int, bank: str, number: int, digest: str) -> LoadedEdition:
    compiled = select(EditionRow.compiled).where(EditionRow.id == row_id)
    edition = _edition_cache.get(digest, lambda: read_edition(session.execute(compiled).scalar_one()))
    return LoadedEdition(id=row_id, ref=EditionRef(bank=bank, number=number, digest=digest), edition=edition)


@dataclass(frozen=True, slots=True)
class StartupResult:
    files: SeedResult
    banks: PublishResult


def seed_and_publish(session: Session, now: datetime, seed: Path = QUESTIONNAIRES) -> StartupResult:
    """Take over the files of a folder, then publish what differs. The caller commits.

    A bank with problems is refused and its latest edition stays. Raises BankFilesRefusedError when the folder or the
    settings cannot be read: nothing is published then.
    """
    # everything is read and checked before the first statement: on SQLite that one takes the write lock
    brought = read_folder(seed)
    checked = check_banks(brought, now)
    files = _seed_once(session, seed, now)
    return StartupResult(files, _add_editions_in_force(session, brought.digest, checked, now))


def _add_editions_in_force(
    session: Session, digest: str, checked: Mapping[str, CheckedBank], now: datetime
) -> PublishResult:
    """The editions of the content version in force. A person who publishes while it is checked comes last: their edition is not followed by an older text.

    Raises PublishingError when others were faster many times over.
    """
    for _ in range(MAX_TRIES):
        version = content_version_in_force(session)
        as_in_force = checked
        if version is not None and version.digest != digest:
            as_in_force = check_banks(files_in_force(session), now)
        tried = session.begin_nested()
        banks = add_changed_editions(session, as_in_force, now)
        if content_version_in_force(session) is version:
            tried.commit()
            return banks
        tried.rollback()
    raise PublishingError


def _seed_once(session: Session, seed: Path, now: datetime) -> SeedResult:
    """The database lets one of several servers seed; others find it done. Raises PublishingError after many tries."""
    for _ in range(MAX_TRIES):
        try:
            with session.begin_nested():
                return seed_from_release(session, seed, now)
        except (IntegrityError, EditConflictError):
            continue
    raise PublishingError
