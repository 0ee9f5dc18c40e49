"""Emails about drafts and editions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assess.bank_editor.review.publish_checks import publishers_query
from assess.bank_editor.urgent_fixes.services import EmailText, email_people
from assess.core.config import Settings
from assess.identity.models import Person
from assess.question_banks.models import Draft, DraftEvent, EditionAttribution, EditionEvent

DRAFT_WAITS: EmailText = "A draft waits for a second person", "Somebody asks you to look at this draft:"
DRAFT_PUBLISHED: EmailText = "A draft was published", "This draft, which you worked on, was published:"
DRAFT_SENT_BACK: EmailText = (
    "A draft was sent back",
    "This draft, which you worked on, was sent back. The page says why:",
)

EDITION_WITHDRAWN: EmailText = (
    "An edition was withdrawn",
    "No new assessment begins with this edition any more. The page says why. A second person has to confirm it within 7 days:",
)
EDITIONS_STOPPED: EmailText = (
    EDITION_WITHDRAWN[0],
    "No new assessment begins with this edition any more, nor with an older one until a second person confirms it. The page says why:",
)
WITHDRAWAL_CONFIRMED: EmailText = (
    "Withdrawing an edition was confirmed",
    "A second person says that it was right to withdraw this edition:",
)
OLDER_EDITION_IN_USE: EmailText = (
    "An older edition is in use",
    "A second person says that it was right to withdraw this edition. New assessments begin with the edition before it from now on:",
)
EDITION_PUT_BACK: EmailText = (
    "An edition was put back",
    "This edition was withdrawn, and new assessments begin with it again:",
)


def email_edition_change(
    session: Session, edition_id: int, title: str, message: EmailText, page: str, settings: Settings, now: datetime
) -> None:
    """Tell every coordinator and administrator, and the people who wrote and published this edition. The caller commits."""
    of_it = select(EditionEvent.id).where(EditionEvent.edition_id == edition_id)
    lines = session.scalars(
        select(EditionAttribution).where(EditionAttribution.event_id.in_(of_it)).order_by(EditionAttribution.event_id)
    )
    first = next(iter(lines), None)
    made_it = [one for one in (first.author_id, first.person_id) if one] if first else []
    wanted = select(Person).where(Person.desk.is_not(None) | Person.id.in_(made_it), Person.disabled_at.is_(None))
    # part of the email's event, so that one step is told once, and the same step taken again is told again
    last = session.scalar(select(func.max(EditionEvent.id)).where(EditionEvent.edition_id == edition_id))
    email_people(session, wanted, f"edition:{last}:{message[0]}", message, page, settings, now, title)


@dataclass(frozen=True, slots=True)
class DraftEmails:
    session: Session
    draft: Draft
    editors: frozenset[uuid.UUID]
    page: str
    settings: Settings
    now: datetime

    def email_others(self) -> None:
        self._email(publishers_query(self.editors), DRAFT_WAITS)

    def email_editors(self, message: EmailText) -> None:
        wanted = select(Person).where(Person.id.in_(self.editors), Person.desk.is_not(None))
        self._email(wanted.where(Person.disabled_at.is_(None)), message)

    def _email(self, wanted: Select[Person], message: EmailText) -> None:
        steps = select(func.max(DraftEvent.number)).where(DraftEvent.draft_id == self.draft.id)
        event = f"draft:{self.draft.id.hex}:{self.session.scalar(steps)}"
        email_people(self.session, wanted, event, message, self.page, self.settings, self.now, self.draft.title)
