"""The history of editions: who wrote, published and withdrew each, and what it changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.bank_editor.navigation import names_of_people
from assess.bank_editor.review.comparing import EditionComparison
from assess.question_banks.editions import banks_waiting_for_second_person, load_edition
from assess.question_banks.models import (
    DraftEvent,
    DraftEventKind,
    EditionAttribution,
    EditionEvent,
    EditionRow,
    EditionStage,
)


@dataclass(frozen=True, slots=True)
class EditionStep:
    """One step in the life of an edition. `by` and `author` are names, empty where no person did it."""

    stage: EditionStage
    at: datetime
    by: str
    author: str
    why: str


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """An edition in its list. `in_use`: new assessments begin with it. `waits`: they would, once a second person confirmed that the one after it is withdrawn."""

    id: int
    bank: str
    number: int
    stage: EditionStage
    published_at: datetime
    in_use: bool
    waits: bool
    digest: str
    steps: Sequence[EditionStep]

    @property
    def published(self) -> EditionStep:
        return self.steps[0]


def bank_history(session: Session, bank: str) -> list[EditionEntry]:
    return history_by_bank(session).get(bank, [])


def history_by_bank(session: Session) -> dict[str, list[EditionEntry]]:
    columns = (
        EditionRow.id,
        EditionRow.bank,
        EditionRow.number,
        EditionRow.stage,
        EditionRow.published_at,
        EditionRow.digest,
    )
    rows = session.execute(select(*columns).order_by(EditionRow.bank, EditionRow.number.desc())).all()
    steps = _steps_by_edition(session)
    newest: dict[str, int] = {}
    for row in rows:
        if row.stage is EditionStage.PUBLISHED:
            newest.setdefault(row.bank, row.number)
    waiting = banks_waiting_for_second_person(session)
    found: dict[str, list[EditionEntry]] = {}
    for row in rows:
        first, waits = newest.get(row.bank) == row.number, row.number <= waiting.get(row.bank, 0)
        which = row.id, row.bank, row.number, row.stage, row.published_at
        one = EditionEntry(*which, first and not waits, first and waits, row.digest, steps.get(row.id, ()))
        found.setdefault(row.bank, []).append(one)
    return found


def _steps_by_edition(session: Session) -> Mapping[int, Sequence[EditionStep]]:
    joined = select(EditionEvent, EditionAttribution).outerjoin(
        EditionAttribution, EditionAttribution.event_id == EditionEvent.id
    )
    rows = session.execute(joined.order_by(EditionEvent.id)).all()
    ids: set[uuid.UUID | None] = {one for _event, line in rows if line for one in (line.person_id, line.author_id)}
    names = names_of_people(session, ids)
    found: dict[int, list[EditionStep]] = {}
    for event, line in rows:
        by, author, why = (names[line.person_id], names[line.author_id], line.why) if line else ("", "", "")
        found.setdefault(event.edition_id, []).append(EditionStep(event.stage, event.at, by, author, why))
    return found


def texts_reviewed_before_publishing(session: Session, kept: EditionEntry) -> Sequence[Mapping[str, object]]:
    """What touched a sign in the draft that made this edition, as the one who published it read it, text by text."""
    wanted = select(DraftEvent.details).where(
        DraftEvent.deed == DraftEventKind.PUBLISHED, DraftEvent.at == kept.published_at
    )
    return [
        cast("Mapping[str, object]", said) for details in session.scalars(wanted) for said in details.get("read", ())
    ]


def editors_of_edition(session: Session, kept: EditionEntry) -> frozenset[uuid.UUID]:
    lines = select(EditionAttribution.author_id).join(EditionEvent, EditionEvent.id == EditionAttribution.event_id)
    wrote = session.scalars(lines.where(EditionEvent.edition_id == kept.id, EditionEvent.at == kept.published_at))
    made = select(DraftEvent.draft_id).where(
        DraftEvent.deed == DraftEventKind.PUBLISHED, DraftEvent.at == kept.published_at
    )
    edited = session.scalars(
        select(DraftEvent.person_id).where(
            DraftEvent.draft_id.in_(made), DraftEvent.deed.in_([DraftEventKind.BEGUN, DraftEventKind.EDITED])
        )
    )
    return frozenset(one for one in (*wrote, *edited) if one is not None)


def changes_of_edition(
    session: Session, kept: Sequence[EditionEntry], number: int
) -> tuple[int | None, EditionComparison]:
    """With the number of the one before it; None for the first. `kept`: all editions of its bank, the newest first."""
    this = next(one for one in kept if one.number == number)
    before = next((one for one in kept if one.number < number), None)
    old = load_edition(session, before.id).edition if before else None
    return before.number if before else None, EditionComparison(old, load_edition(session, this.id).edition)


def edition_after_withdrawal(kept: Sequence[EditionEntry], number: int) -> EditionEntry | None:
    """With which edition businesses would start if this one were withdrawn, and a second person said so; None: with none."""
    return next((one for one in kept if one.stage is EditionStage.PUBLISHED and one.number != number), None)
