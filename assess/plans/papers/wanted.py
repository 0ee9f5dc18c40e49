"""The PDF of a paper as a file that somebody waits for. It is told from others by its words: a changed rate is another file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from assess.banks.papers import Paper
from assess.kit.jobs.ordering import LONG, defer, latest_with_key
from assess.plans.papers.kept import digest_of, is_kept, kept
from assess.plans.papers.page import to_html
from assess.plans.papers.shelf import address_of
from assess.plans.printing.kept import Finished
from assess.plans.printing.standing import Standing, standing_of_job

PRINT = "print_paper"
"""The name of the job."""


@dataclass(frozen=True)
class PaperPdf:
    """A paper with the rates of today, to be printed."""

    paper: Paper

    @cached_property
    def html(self) -> str:
        """Its page."""
        return to_html(self.paper)

    @property
    def title(self) -> str:
        """What a link to it says."""
        return f"{self.paper.title} (PDF)"

    @property
    def meanwhile(self) -> str:
        """What there is without it."""
        return "You can take the Word file instead."

    def name(self, _made_at: datetime) -> str:
        """The same on any day, for the day says nothing: its words are dated at their foot."""
        return f"{address_of(self.paper)}.pdf"

    def kept(self, session: Session) -> Finished | None:
        """The stored file."""
        return kept(session, self.html)

    def standing(self, session: Session, now: datetime) -> Standing:
        """Where it is on its way."""
        if is_kept(session, self.html):
            return Standing.READY
        return standing_of_job(latest_with_key(session, self.key), now)

    def order(self, session: Session, now: datetime) -> None:
        """Order it."""
        defer(session, PRINT, key=self.key, rank=LONG, now=now, paper=self.paper.id)

    @property
    def key(self) -> str:
        """What may not be printed twice at the same time for people who wait."""
        return f"{PRINT} {digest_of(self.html)}"
