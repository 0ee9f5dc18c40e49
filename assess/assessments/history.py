"""What happened with an assessment, read from the audit log: day, event and kind of person. Never names a person or gives a time of day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.audit.services import get_assessment_alias
from assess.core.clock import uk_date
from assess.core.models import ActorKind, AuditEvent
from assess.core.pagination import Page, paginate
from assess.identity.models import StaffRole

ENTRIES_PER_PAGE = 50

EVENT_TEXTS: Mapping[str, str] = {
    "assessment.start: begun": "The self-check was begun",
    "assessment.answer: saved": "Answers were saved",
    "assessment.answer: added": "Something you buy was added",
    "assessment.answer: undone": "A change to what you buy was undone",
    "assessment.answer: reopened": "The answers were opened to be corrected",
    "assessment.answer: moved": "The self-check was moved to newer questions",
    "assessment.answer: put back": "It went back to the earlier questions",
    "assessment.answer: kept": "A correction was given up",
    "assessment.answer: widened": "The quick check became the full assessment",
    "assessment.submit: saved": "Name and place were saved",
    "assessment.submit: submitted": "The answers were submitted",
    "assessment.links: made": "A link to come back was made",
    "assessment.links: ended": "A link to come back was ended",
    "assessment.links: left": "The visits on other devices were ended",
    "assessment.again: begun": "The self-check was begun",
    "assessment.claim: claimed": "It was kept with an account",
    "assessment.together: asked": "A coordinator was asked to help",
    "assessment.together: ended": "Help by a coordinator was ended",
    "comment.write: added": "A comment was written",
    "comment.write: deleted": "A comment was taken away",
    "comment.write: settled": "A talk about a question was closed",
    "delegation.answer: finished": "A part that was given to a colleague was said to be done",
    "delegation.answer: left": "The visit on the device of a colleague with a part was ended",
    "delegation.answer: saved": "Answers to a part that was given to a colleague were saved",
    "delegation.manage: decided": "It was decided about answers of a colleague",
    "delegation.manage: ended": "A link to a part was ended",
    "delegation.manage: given": "A colleague was given a part",
    "delegation.manage: sent back": "A part was sent back to a colleague",
    "desk.help: entered": "Help by a coordinator was begun",
    "desk.help: stopped": "Help by a coordinator was ended",
    "link.open: accepted": "What was shared was taken up",
    "organisation.manage: moved": "It was moved to another place or organisation",
    "share.manage: changed": "What a buyer sees was changed",
    "share.manage: ended": "Sharing with a buyer was ended",
    "share.manage: given": "It was shared with a buyer",
    "share.manage: made": "A link for a buyer was made",
    "share.manage: sent": "A new link was made for a buyer",
    "share.manage: shared": "It was shared with a buyer",
    "sign_off.ask: ended": "A link to sign off was ended",
    "sign_off.ask: made": "Somebody was asked to sign off",
    "sign_off.ask: taken back": "The sign-off was taken back",
    "sign_off.give: left": "The visit on the device of whoever was asked to sign off was ended",
    "sign_off.give: sent back": "Changes were asked for before it is signed off",
    "sign_off.give: signed": "It was signed off",
    "words.redact: taken out": "Words were taken out for good",
    "reminder.manage: asked": "Reminders by email were asked for",
    "reminder.manage: stopped": "Reminders by email were stopped",
    "reminder.manage: reminded": "A reminder was sent",
    "reminder.manage: made": "An address for calendars was made",
    "reminder.manage: ended": "The address for calendars was ended",
    "visit.leave: left": "The visit on a device was ended",
}
"""By action and verb. The page is not the place of a full account, so what is not listed is told by its action alone."""

LINK_OPENED_TEXTS: Mapping[str, str] = {
    "link": "A link to come back was opened",
    "buyer_link": "A link for a buyer was opened",
    "delegation": "A link to a part was opened",
    "request": "A link to sign off was opened",
}
"""`link.open`, by what was opened."""

ACTION_TEXTS: Mapping[str, str] = {
    "assessment": "The self-check was changed",
    "comment": "Something was said about a question between colleagues",
    "delegation": "A part that was given to a colleague was changed",
    "desk": "Help by a coordinator was changed",
    "link": "A link was opened",
    "plan": "The action plan was changed",
    "reminder": "Reminders by email were changed",
    "share": "What is shared was changed",
    "shared": "What was shared was looked at",
    "sign_off": "The sign-off was changed",
    "words": "Words were taken out for good",
}
OTHER_TEXT = "Something was changed"

YOU = "you"
LINK_HOLDER = "you or someone with your link"
BUYER_LINK_HOLDER = "someone with the link for a buyer"
RECIPIENT = "the buyer it was shared with"
DELEGATE = "someone with a link to a part"
REVIEWER = "someone with a link to sign off"
COORDINATOR = "a coordinator"
COLLEAGUE = "a colleague"
SYSTEM = "this service, by itself"

ACTOR_BY_LINK: Mapping[tuple[str, str | None], str] = {
    ("link.open", "buyer_link"): BUYER_LINK_HOLDER,
    ("link.open", "grant"): RECIPIENT,
    ("link.open", "delegation"): DELEGATE,
    ("delegation.answer", "delegation"): DELEGATE,
    ("link.open", "request"): REVIEWER,
    ("sign_off.give", "request"): REVIEWER,
}
"""Who did it, by the action and by what it is about, where that was done through a link of its own."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history: the same thing by the same kind of person on one day, and how often."""

    day: date
    what: str
    who: str
    times: int


def get_history(session: Session, assessment_id: uuid.UUID, reader: uuid.UUID | None, page: int) -> Page[HistoryEntry]:
    """What happened with this assessment. `reader`: the id of the person who is signed in. `page` counts from 1."""
    alias = get_assessment_alias(session.connection(), assessment_id)
    columns = (
        AuditEvent.at,
        AuditEvent.action,
        AuditEvent.who_kind,
        AuditEvent.who,
        AuditEvent.about_kind,
        AuditEvent.details,
    )
    rows = (
        session.execute(
            select(*columns).where(AuditEvent.assessment_alias == alias).order_by(AuditEvent.number.desc())
        ).all()
        if alias
        else []
    )
    told = [(uk_date(row.at), event_text(row.action, row.about_kind), _actor_text(row, reader)) for row in rows]
    entries: list[HistoryEntry] = []
    for day, of_day in groupby(told, key=lambda line: line[0]):
        counted: dict[tuple[str, str], int] = {}
        for _day, what, who in of_day:
            counted[what, who] = counted.get((what, who), 0) + 1
        entries += [HistoryEntry(day, what, who, times) for (what, who), times in counted.items()]
    return paginate(entries, page, ENTRIES_PER_PAGE)


def event_text(action: str, about_kind: str | None) -> str:
    does, _colon, verb = action.partition(": ")
    if verb == "opened" and does == "link.open" and about_kind is not None and about_kind in LINK_OPENED_TEXTS:
        return LINK_OPENED_TEXTS[about_kind]
    return EVENT_TEXTS.get(action) or ACTION_TEXTS.get(does.split(".", maxsplit=1)[0], OTHER_TEXT)


def _actor_text(event: Any, reader: uuid.UUID | None) -> str:  # noqa: ANN401  # a row of the columns asked for above
    """By whom in general. Anyone who came by a link for one thing is told from those who hold the whole, and named by neither."""
    if event.who_kind not in {ActorKind.PERSON, ActorKind.VISIT}:
        return SYSTEM
    if event.who_kind is ActorKind.PERSON and reader is not None and event.who == str(reader):
        return YOU
    if event.details.get("desk") == StaffRole.COORDINATOR:
        return COORDINATOR
    does, _colon, _verb = event.action.partition(": ")
    came_by = ACTOR_BY_LINK.get((does, event.about_kind))
    if came_by is not None:
        return came_by
    return COLLEAGUE if event.who_kind is ActorKind.PERSON else LINK_HOLDER
