"""A bundle as one ZIP that is sent while it is read: one plan in memory at a time, each looked at anew when its turn comes.

The look is noted before a byte of a plan goes out, as the page of the share does, but for several plans in one short transaction:
three hundred waits for the one writer would hold up whoever saves meanwhile.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import Clock, date_at
from assess.kit.db import Database
from assess.kit.spreadsheets import csv_file
from assess.kit.zipping import Sink, put
from assess.people.caller import Caller
from assess.people.models import Organisation
from assess.plans.printing.standing import Standing
from assess.plans.shares.looking import find_grant, note_look, valid_until
from assess.plans.shares.models import Looked, ShareGrant
from assess.plans.shares.wanted import SharePdf
from assess.portfolio.files.models import PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.naming import file_name
from assess.portfolio.files.plans import state_now
from assess.portfolio.files.wanted import of_data
from assess.portfolio.files.words import REASONS
from assess.suppliers.models import Supplier

NOTED_AT_ONCE = 10
"""So many looks are written in one transaction, just before their plans are sent."""

INDEX, READ_ME = "index.csv", "READ-ME.txt"
_COLUMNS = ("File", "Supplier", "Your reference", "Shared on", "Counts until")


@dataclass(frozen=True, slots=True)
class _Listed:
    number: int
    supplier: str
    reference: str
    grant_id: uuid.UUID | None
    state: PlanState


def packed(database: Database, file_id: uuid.UUID, who: Caller, clock: Clock) -> Iterator[bytes]:
    """The ZIP, part by part, for somebody who was let in. What is over or was changed meanwhile is left out, and told at the end."""
    sink = Sink()
    with database.reading() as look:
        file = look.get(PortfolioFile, file_id)
        if file is None:
            return
        buyer = look.get(Organisation, file.buyer_id)
        listed = _listed(look, file_id)
    index: list[tuple[str, ...]] = []
    missing: list[tuple[str, PlanState]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for begin in range(0, len(listed), NOTED_AT_ONCE):
            some = listed[begin : begin + NOTED_AT_ONCE]
            _note_looks(database, file.buyer_id, some, who, clock())
            for one in some:
                entry = _entry(database, file.buyer_id, one, who, clock())
                if isinstance(entry, PlanState):
                    missing.append((one.supplier, entry))
                    continue
                index.append(entry.row)
                put(archive, entry.row[0], entry.content, clock(), zipfile.ZIP_STORED)
                del entry  # the next one is read only when this one is sent
                yield sink.take()
        put(archive, INDEX, csv_file(_COLUMNS, index), clock())
        words = _words(buyer.name if buyer else "", file, len(index), missing, clock())
        put(archive, READ_ME, words, clock())
    yield sink.take()


@dataclass(frozen=True, slots=True)
class _Entry:
    row: tuple[str, ...]
    content: bytes


def _listed(look: Session, file_id: uuid.UUID) -> Sequence[_Listed]:
    wanted = (
        select(
            PortfolioFilePlan.number,
            Supplier.name,
            Supplier.reference,
            PortfolioFilePlan.grant_id,
            PortfolioFilePlan.state,
        )
        .join(Supplier, Supplier.id == PortfolioFilePlan.supplier_id)
        .where(PortfolioFilePlan.file_id == file_id)
        .order_by(PortfolioFilePlan.number)
    )
    return [_Listed(*row) for row in look.execute(wanted)]


def _note_looks(database: Database, buyer_id: uuid.UUID, some: Sequence[_Listed], who: Caller, now: datetime) -> None:
    wanted = [one.grant_id for one in some if one.grant_id is not None and one.state is PlanState.THERE]
    if not wanted:
        return
    with database.writing() as session:
        for grant_id in wanted:
            grant = find_grant(session, who, grant_id, now)
            if grant is not None and _is_there(session, buyer_id, grant_id, now):
                note_look(session, grant, who, Looked.FILE, now)


def _is_there(session: Session, buyer_id: uuid.UUID, grant_id: uuid.UUID, now: datetime) -> bool:
    shown = state_now(session, buyer_id, grant_id, now) is PlanState.WAITING
    return shown and SharePdf(grant_id).standing(session, now) is Standing.READY


def _entry(database: Database, buyer_id: uuid.UUID, one: _Listed, who: Caller, now: datetime) -> _Entry | PlanState:
    """The plan as it is now, or why it is not there."""
    if one.state is not PlanState.THERE or one.grant_id is None:
        return PlanState.OVER if one.state is PlanState.THERE else one.state
    with database.reading() as look:
        found = state_now(look, buyer_id, one.grant_id, now)
        if found is not PlanState.WAITING:
            return found
        grant: ShareGrant | None = find_grant(look, who, one.grant_id, now)
        if grant is None:
            return PlanState.OVER
        kept = SharePdf(one.grant_id).kept(look)
        if kept is None:
            return PlanState.THERE
        day = date_at(grant.frozen_at)
        name = file_name(one.number, one.supplier, day)
        return _Entry((name, one.supplier, one.reference, day.isoformat(), valid_until(grant)), kept.content)


def _words(
    buyer: str, file: PortfolioFile, count: int, missing: Sequence[tuple[str, PlanState]], now: datetime
) -> bytes:
    lines = [
        f"Plans that suppliers of {buyer} share with it, as of {date_at(now).isoformat()}.",
        *of_data(file.wanted).sentences,
        "",
        f"In this file: {count} {'plan' if count == 1 else 'plans'} (PDF), and index.csv, which says whose each is.",
        "The businesses’ own answers; not a finding; not for selection or exclusion.",
        "Each plan says until when it counts. A business can end what it shares on any day.",
        "",
        "Keep it safe: only those should read it who need it for their work. Delete it when you have used it.",
        "If something is wrong at a supplier: stay and help fix it. Leaving can make it worse for the people who work there.",
    ]
    if missing:
        lines += ["", "Not in this file:", *(f"- {name}: {REASONS[state]}." for name, state in missing)]
    return "\r\n".join([*lines, ""]).encode()
