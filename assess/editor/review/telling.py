"""Mails about drafts: that one waits for a second person, was published or sent back. They hold its title and a link, nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft, DraftEvent
from assess.editor.review.gate import who_could
from assess.kit.config import Settings
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Person

Letter = tuple[str, str]
WAITS: Letter = "A draft waits for a second person", "Somebody asks you to look at this draft:"
PUBLISHED: Letter = "A draft was published", "This draft, which you worked on, was published:"
SENT_BACK: Letter = "A draft was sent back", "This draft, which you worked on, was sent back. The page says why:"


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
