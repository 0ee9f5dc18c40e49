"""Rehearsals as they are kept: which submissions one counts, whether it still says how things stand, and ordering one.

Submissions are counted in steps of five, the newest few not yet. Whoever rehearses again and again learns nothing of one business.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assess.assessments.models import Submission
from assess.banks.checking import known_settings
from assess.banks.drafts.keeping import note_rehearsal
from assess.banks.drafts.models import Draft
from assess.banks.editions import edition_of
from assess.banks.sheets import Shelf
from assess.banks.shelves import digest_of_bytes
from assess.editor.review.comparing import BankChange
from assess.editor.review.figures import STEP
from assess.editor.review.guarded import guarded_ids
from assess.editor.review.models import Rehearsal
from assess.engine.bank import Check, Column, Edition, NumberBand, Option, Question, RuleStep, TickStep
from assess.kit.clock import date_at
from assess.kit.jobs.ordering import JobStatus, defer, latest_with_key

WORKING = "rehearse_draft"
MOST_A_DAY = 12
"""Rehearsals of one bank in a day, whoever orders them: each asks past submissions a question, and many questions together tell more."""
FORGOTTEN_AFTER = timedelta(days=30)
"""A rehearsal that a newer one took the place of is kept no longer than the page it was ordered from may be open."""


_WORDS = frozenset(
    {
        "ask",
        "name",
        "hint",
        "unit",
        "why",
        "evidence",
        "sources",
        "waived",
        "not_yet",
        "label",
        "says",
        "action",
        "dk_action",
    }
)
"""Fields that hold words and nothing that is scored."""


class TooOftenError(Exception):
    """The bank was rehearsed so often in a day that no more is counted before tomorrow."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The submissions that count: how many, up to which id, and how many newer ones there are."""

    total: int
    until: int
    newer: int

    @property
    def any(self) -> bool:
        """Whether anybody ever submitted this bank."""
        return bool(self.total or self.newer)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rehearsal rests on: digests of the edition in force, of the draft's, and of the settings."""

    bank: str
    before: str
    after: str
    settings: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One bank of a draft and its last rehearsal, None when there is none.

    `danger`: it changes how answers are scored that can mean danger, so it is not rehearsed at all.

    `holds`: it is finished and tried what the draft says now. `fresh`: it also counts all submissions that count by now.
    """

    change: BankChange
    counted: Counted
    last: Rehearsal | None
    holds: bool
    danger: bool = False

    @property
    def fresh(self) -> bool:
        """Whether it says how things stand now."""
        return self.holds and self.last is not None and self.last.until == self.counted.until

    @property
    def wanted(self) -> bool:
        """Whether it has to be rehearsed before anybody may be asked to look at it."""
        return self.change.old is not None and not self.danger and self.counted.any and not self.fresh


def changes_danger(old: Edition, new: Edition) -> bool:
    """Whether anything scored differs between two editions that has to do with a sign.

    To rehearse such a change would ask who gave which answer: the figures would tell it of one business to somebody who made up all
    the others. Words may differ.
    """
    ids = guarded_ids(old) | guarded_ids(new)
    return _danger_in(old, ids) != _danger_in(new, ids)


def _danger_in(edition: Edition, ids: frozenset[str]) -> Mapping[str, object]:
    questions = {one.id: _scored(one) for one in edition.questions() if one.id in ids or one.replaces in ids}
    return questions | {f"check {one.id}": _scored(one) for one in edition.checks if one.sign}


def _scored(one: object) -> object:
    """All of it but its words."""
    if isinstance(one, (Question, Option, NumberBand, TickStep, RuleStep, Column, Check)):
        return {part.name: _scored(getattr(one, part.name)) for part in fields(one) if part.name not in _WORDS}
    return [_scored(part) for part in one] if isinstance(one, tuple) else repr(one)


def counts_alike(session: Session, bank: str, new: Edition) -> frozenset[int]:
    """The editions that were submitted and that score what can mean danger as this one does: only their submissions are rehearsed."""
    answered = session.scalars(select(Submission.edition_id).where(Submission.sector == bank).distinct())
    return frozenset(one for one in answered if not changes_danger(edition_of(session, one).edition, new))


def counted_now(session: Session, bank: str, new: Edition) -> Counted:
    """The submissions of a bank that count now, of whatever editions that score danger alike."""
    of_bank = Submission.sector == bank, Submission.edition_id.in_(counts_alike(session, bank, new))
    every = session.scalar(select(func.count()).select_from(Submission).where(*of_bank)) or 0
    total = every // STEP * STEP
    if total == 0:
        return Counted(0, 0, every)
    until = session.scalar(select(Submission.id).where(*of_bank).order_by(Submission.id).offset(total - 1).limit(1))
    return Counted(total, until or 0, every - total)


def basis_of(change: BankChange, shelf: Shelf, now: datetime) -> Basis:
    """What a rehearsal of this change rests on today. The settings are those of the draft: they are in force with it."""
    settings = known_settings(shelf, date_at(now))
    mark = digest_of_bytes(repr(settings.scoring if settings else None).encode())
    return Basis(change.bank, change.old.ref.digest if change.old else "", change.after, mark)


def standings(
    session: Session, draft: Draft, changes: Sequence[BankChange], shelf: Shelf, now: datetime
) -> list[Standing]:
    """How each changed bank stands, in the order given."""
    return [_standing(session, draft, change, basis_of(change, shelf, now)) for change in changes]


def _standing(session: Session, draft: Draft, change: BankChange, basis: Basis) -> Standing:
    counted = counted_now(session, change.bank, change.new)
    last = last_of(session, draft.id, change.bank)
    holds = last is not None and last.ended_at is not None and _rests_on(last, basis)
    danger = change.old is not None and changes_danger(change.old.edition, change.new)
    return Standing(change, counted, last, holds and not danger, danger)


def last_of(session: Session, draft_id: uuid.UUID, bank: str) -> Rehearsal | None:
    """The newest rehearsal of a bank of a draft."""
    wanted = select(Rehearsal).where(Rehearsal.draft_id == draft_id, Rehearsal.bank == bank)
    return session.scalars(wanted.order_by(Rehearsal.made_at.desc(), Rehearsal.id).limit(1)).first()


def _rests_on(one: Rehearsal, basis: Basis) -> bool:
    return (one.bank, one.before, one.after, one.settings) == (
        basis.bank, basis.before, basis.after, basis.settings,
    )  # fmt: skip


def order(
    session: Session, draft: Draft, standing: Standing, basis: Basis, person_id: uuid.UUID, now: datetime
) -> Rehearsal:
    """Have a bank of a draft rehearsed, unless the same is under way or there already. The caller commits.

    Raises:
        TooOftenError
    """
    last = standing.last
    if last is not None and _rests_on(last, basis) and last.until == standing.counted.until:
        if last.ended_at is None:
            _defer(session, last, now)  # it may have been set aside
        return last
    lately = Rehearsal.bank == basis.bank, Rehearsal.made_at > now - timedelta(days=1)
    if (session.scalar(select(func.count()).select_from(Rehearsal).where(*lately)) or 0) >= MOST_A_DAY:
        raise TooOftenError
    note_rehearsal(session, draft, standing.change.title, person_id, now)
    made = Rehearsal(
        draft_id=draft.id,
        bank=basis.bank,
        before=basis.before,
        after=basis.after,
        settings=basis.settings,
        until=standing.counted.until,
        total=standing.counted.total,
        counts={},
        made_at=now,
    )
    session.add(made)
    session.flush()
    old = Rehearsal.draft_id == draft.id, Rehearsal.bank == basis.bank, Rehearsal.made_at < now - FORGOTTEN_AFTER
    session.execute(delete(Rehearsal).where(*old))
    _defer(session, made, now)
    return made


def _defer(session: Session, one: Rehearsal, now: datetime) -> None:
    defer(session, WORKING, key=key_of(one), now=now, rehearsal_id=one.id.hex)


def key_of(one: Rehearsal) -> str:
    """The key of its job."""
    return f"{WORKING}:{one.id.hex}"


def job_of(session: Session, one: Rehearsal) -> JobStatus | None:
    """How its job stands."""
    return latest_with_key(session, key_of(one))
