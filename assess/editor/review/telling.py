"""Mails about drafts: that one waits for a second person, was published or sent back. They hold its title and a link, nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft, DraftEvent
from assess.banks.models import EditionByline, EditionEvent
from assess.editor.review.gate import who_could
from assess.kit.config import Settings
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Person

Letter = tuple[str, str]
WAITS: Letter = "A draft waits for a second person", "Somebody asks you to look at this draft:"
PUBLISHED: Letter = "A draft was published", "This draft, which you worked on, was published:"
SENT_BACK: Letter = "A draft was sent back", "This draft, which you worked on, was sent back. The page says why:"


WITHDRAWN: Letter = (
    "An edition was withdrawn",
    "No new assessment begins with this edition any more. The page says why. A second person has to confirm it within 7 days:",
)
STOPPED: Letter = (
    WITHDRAWN[0],
    "No new assessment begins with this edition any more, nor with an older one until a second person confirms it. The page says why:",
)
CONFIRMED: Letter = (
    "Withdrawing an edition was confirmed",
    "A second person says that it was right to withdraw this edition:",
)
OLDER: Letter = (
    "An older edition is in use",
    "A second person says that it was right to withdraw this edition. New assessments begin with the edition before it from now on:",
)
BACK: Letter = "An edition was put back", "This edition was withdrawn, and new assessments begin with it again:"


def tell_of_edition(
    session: Session, edition_id: int, title: str, letter: Letter, page: str, settings: Settings, now: datetime
) -> None:
    """Tell every coordinator and administrator, and whoever wrote and published this edition. The caller commits."""
    if settings.mail_server is None:
        return
    of_it = select(EditionEvent.id).where(EditionEvent.edition_id == edition_id)
    lines = session.scalars(
        select(EditionByline).where(EditionByline.event_id.in_(of_it)).order_by(EditionByline.event_id)
    )
    first = next(iter(lines), None)
    made_it = [one for one in (first.author_id, first.person_id) if one] if first else []
    wanted = select(Person).where(Person.desk.is_not(None) | Person.id.in_(made_it), Person.disabled_at.is_(None))
    last = session.scalar(select(func.max(EditionEvent.id)).where(EditionEvent.edition_id == edition_id))
    subject, sentence = letter
    text = with_foot(f"{sentence}\n\n{title}\n\n{settings.base_url}{page}")
    for person in session.scalars(wanted.order_by(Person.email)):
        queue(session, Mail(f"edition:{last}:{subject}:{person.id.hex}", person.email, subject, text, None), now)


@dataclass(frozen=True, slots=True)
class News:
    """Something happened to a draft. `page`: the path of its page."""

    session: Session
    draft: Draft
    editors: frozenset[uuid.UUID]
    page: str
    settings: Settings
    now: datetime

    def tell_others(self) -> None:
        """Tell everybody who could publish it that it waits."""
        self._tell(who_could(self.session, self.editors), WAITS)

    def tell_editors(self, letter: Letter) -> None:
        """Tell everybody who worked on it what became of it."""
        wanted = select(Person).where(Person.id.in_(self.editors), Person.desk.is_not(None))
        self._tell(self.session.scalars(wanted.where(Person.disabled_at.is_(None))).all(), letter)

    def _tell(self, people: Iterable[Person], letter: Letter) -> None:
        if self.settings.mail_server is None:
            return
        draft, (subject, sentence) = self.draft, letter
        steps = select(func.max(DraftEvent.number)).where(DraftEvent.draft_id == draft.id)
        event = f"draft:{draft.id.hex}:{self.session.scalar(steps)}"
        text = with_foot(f"{sentence}\n\n{draft.title}\n\n{self.settings.base_url}{self.page}")
        for person in people:
            queue(self.session, Mail(f"{event}:{person.id.hex}", person.email, subject, text, None), self.now)
