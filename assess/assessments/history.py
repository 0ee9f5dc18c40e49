"""What happened with an assessment, as its business may read it: which day, what, by whom in general. Read from the audit log.

It names no person, to nobody: whoever is in charge of others could hold against one of them what is read here. For the same
reason it gives days and no times. What it says depends on what was done, never on an answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.audit.models import AuditEvent, WhoKind
from assess.kit.audit.recording import alias_of
from assess.kit.clock import date_at

ENTRIES_OF_A_PAGE = 50

WORDS: Mapping[str, str] = {
    "assessment.start: begun": "The self-check was begun",
    "assessment.answer: saved": "Answers were saved",
    "assessment.answer: added": "Something you buy was added",
    "assessment.answer: undone": "A change to what you buy was undone",
    "assessment.answer: reopened": "The answers were opened to be corrected",
    "assessment.answer: kept": "A correction was given up",
    "assessment.answer: widened": "The quick check became the full assessment",
    "assessment.submit: submitted": "The answers were submitted",
    "assessment.links: made": "A link to come back was made",
    "assessment.links: ended": "A link to come back was ended",
    "assessment.claim: claimed": "It was taken into an account",
    "share.manage: made": "It was shared",
    "share.manage: shared": "It was shared",
    "share.manage: ended": "A share was ended",
    "reminder.manage: asked": "Reminders by e-mail were asked for",
    "reminder.manage: stopped": "Reminders by e-mail were stopped",
    "reminder.manage: reminded": "A reminder was sent",
    "reminder.manage: made": "An address for calendars was made",
    "reminder.manage: ended": "The address for calendars was ended",
    "visit.leave: left": "The visit on a device was ended",
}
"""By action and verb. The page is not the place of a full account, so what is not listed is told by its action alone."""

OPENED: Mapping[str, str] = {
    "link": "A link to come back was opened",
    "buyer_link": "A link for a buyer was opened",
}
"""`link.open`, by what was opened."""

OF_ACTIONS: Mapping[str, str] = {
    "assessment": "The self-check was changed",
    "comment": "Something was said about a question between colleagues",
    "delegation": "Work shared out to a colleague was changed",
    "link": "A link was opened",
    "plan": "The action plan was changed",
    "reminder": "Reminders by e-mail were changed",
    "share": "What is shared was changed",
    "shared": "What was shared was looked at",
    "sign_off": "The sign-off was changed",
    "words": "Words were taken out for good",
}
OTHERWISE = "Something was changed"

YOU = "you"
SOMEBODY = "you or someone with your link"
A_BUYER = "someone with the link for a buyer"
COLLEAGUE = "a colleague"
THE_SITE = "this service, by itself"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: the same thing by the same kind of person on one day, and how often."""

    day: date
    what: str
    who: str
    times: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some entries, the newest first, and whether there are older ones."""

    entries: Sequence[Entry]
    more: bool


def history_of(session: Session, assessment_id: uuid.UUID, reader: uuid.UUID | None, page: int) -> HistoryPage:
    """What happened with this assessment. `reader`: the id of whoever is signed in. `page` counts from 1."""
    alias = alias_of(session.connection(), assessment_id)
    columns = (AuditEvent.at, AuditEvent.action, AuditEvent.who_kind, AuditEvent.who, AuditEvent.about_kind)
    rows = (
        session.execute(
            select(*columns).where(AuditEvent.assessment_alias == alias).order_by(AuditEvent.number.desc())
        ).all()
        if alias
        else []
    )
    told = [
        (date_at(row.at), words_of(row.action, row.about_kind), _who(row.who_kind, row.who, row.about_kind, reader))
        for row in rows
    ]
    entries: list[Entry] = []
    for day, of_day in groupby(told, key=lambda line: line[0]):
        counted: dict[tuple[str, str], int] = {}
        for _day, what, who in of_day:
            counted[what, who] = counted.get((what, who), 0) + 1
        entries += [Entry(day, what, who, times) for (what, who), times in counted.items()]
    start = (page - 1) * ENTRIES_OF_A_PAGE
    end = start + ENTRIES_OF_A_PAGE
    return HistoryPage(entries[start:end], len(entries) > end)


def words_of(action: str, about_kind: str | None) -> str:
    """What happened, in a sentence without its full stop."""
    does, _colon, _verb = action.partition(": ")
    if does == "link.open" and about_kind is not None and about_kind in OPENED:
        return OPENED[about_kind]
    return WORDS.get(action) or OF_ACTIONS.get(does.split(".", maxsplit=1)[0], OTHERWISE)


def _who(kind: WhoKind, who: str | None, about_kind: str | None, reader: uuid.UUID | None) -> str:
    if kind is WhoKind.PERSON:
        return YOU if reader is not None and who == str(reader) else COLLEAGUE
    if kind is WhoKind.VISIT:
        return A_BUYER if about_kind == "buyer_link" else SOMEBODY
    return THE_SITE
