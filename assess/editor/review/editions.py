"""All editions of a bank with their history: who wrote, published, withdrew and put back each, and why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts.models import DraftDeed, DraftEvent
from assess.banks.editions import edition_of, waiting_for_second
from assess.banks.models import Edition, EditionByline, EditionEvent, Stage
from assess.editor.listing import names_of_people
from assess.editor.review.comparing import Comparison


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of an edition. `by` and `author` are names, empty where no person did it."""

    stage: Stage
    at: datetime
    by: str
    author: str
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An edition in its list. `in_use`: new assessments begin with it. `waits`: they would, once a second person confirmed that the one after it is withdrawn."""

    id: int
    bank: str
    number: int
    stage: Stage
    published_at: datetime
    in_use: bool
    waits: bool
    digest: str
    steps: Sequence[Step]

    @property
    def published(self) -> Step:
        """How it came to be."""
        return self.steps[0]


def editions_of(session: Session, bank: str) -> list[Kept]:
    """All editions of a bank, the newest first."""
    return all_editions(session).get(bank, [])


def all_editions(session: Session) -> dict[str, list[Kept]]:
    """The editions of every bank, by the bank's id, the newest first."""
    columns = (Edition.id, Edition.bank, Edition.number, Edition.stage, Edition.published_at, Edition.digest)
    rows = session.execute(select(*columns).order_by(Edition.bank, Edition.number.desc())).all()
    steps = _steps(session)
    newest: dict[str, int] = {}
    for row in rows:
        if row.stage is Stage.PUBLISHED:
            newest.setdefault(row.bank, row.number)
    waiting = waiting_for_second(session)
    found: dict[str, list[Kept]] = {}
    for row in rows:
        first, waits = newest.get(row.bank) == row.number, row.number <= waiting.get(row.bank, 0)
        which = row.id, row.bank, row.number, row.stage, row.published_at
        one = Kept(*which, first and not waits, first and waits, row.digest, steps.get(row.id, ()))
        found.setdefault(row.bank, []).append(one)
    return found


def _steps(session: Session) -> Mapping[int, Sequence[Step]]:
    joined = select(EditionEvent, EditionByline).outerjoin(EditionByline, EditionByline.event_id == EditionEvent.id)
    rows = session.execute(joined.order_by(EditionEvent.id)).all()
    ids: set[uuid.UUID | None] = {one for _event, line in rows if line for one in (line.person_id, line.author_id)}
    names = names_of_people(session, ids)
    found: dict[int, list[Step]] = {}
    for event, line in rows:
        by, author, why = (names[line.person_id], names[line.author_id], line.why) if line else ("", "", "")
        found.setdefault(event.edition_id, []).append(Step(event.stage, event.at, by, author, why))
    return found


def texts_read(session: Session, kept: Kept) -> Sequence[Mapping[str, object]]:
    """What touched a sign in the draft that made this edition, as the one who published it read it, text by text."""
    wanted = select(DraftEvent.details).where(
        DraftEvent.deed == DraftDeed.PUBLISHED, DraftEvent.at == kept.published_at
    )
    return [
        cast("Mapping[str, object]", said) for details in session.scalars(wanted) for said in details.get("read", ())
    ]


def editors_of_edition(session: Session, kept: Kept) -> frozenset[uuid.UUID]:
    """Everybody who wrote it or edited the draft that made it."""
    lines = select(EditionByline.author_id).join(EditionEvent, EditionEvent.id == EditionByline.event_id)
    wrote = session.scalars(lines.where(EditionEvent.edition_id == kept.id, EditionEvent.at == kept.published_at))
    made = select(DraftEvent.draft_id).where(DraftEvent.deed == DraftDeed.PUBLISHED, DraftEvent.at == kept.published_at)
    edited = session.scalars(
        select(DraftEvent.person_id).where(
            DraftEvent.draft_id.in_(made), DraftEvent.deed.in_([DraftDeed.BEGUN, DraftDeed.EDITED])
        )
    )
    return frozenset(one for one in (*wrote, *edited) if one is not None)


def between(session: Session, kept: Sequence[Kept], number: int) -> tuple[int | None, Comparison]:
    """What the edition with this number changed beside the one before it, and the number of that one; None for the first.

    `kept`: all editions of its bank, the newest first.
    """
    this = next(one for one in kept if one.number == number)
    before = next((one for one in kept if one.number < number), None)
    old = edition_of(session, before.id).edition if before else None
    return before.number if before else None, Comparison(old, edition_of(session, this.id).edition)


def starts_with_then(kept: Sequence[Kept], number: int) -> Kept | None:
    """With which edition businesses would start if this one were withdrawn, and a second person said so; None: with none."""
    return next((one for one in kept if one.stage is Stage.PUBLISHED and one.number != number), None)
