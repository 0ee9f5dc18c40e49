"""The PDF of a summary as a file that somebody waits for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.jobs.ordering import LONG, defer, latest_with_key
from assess.plans.printing.kept import Finished
from assess.plans.printing.standing import Standing, standing_of_job
from assess.portfolio.picture.gathering import Picture
from assess.portfolio.picture.kept import digest_of, is_kept, kept
from assess.portfolio.picture.page import to_html

PRINT = "print_summary"
"""The name of the job."""


@dataclass(frozen=True)
class SummaryPdf:
    """The summary of a buyer as it is now, with or without the names of suppliers."""

    buyer_id: uuid.UUID
    picture: Picture
    names: bool

    @cached_property
    def html(self) -> str:
        """Its page."""
        return to_html(self.picture, names=self.names)

    @property
    def title(self) -> str:
        """What a link to it says."""
        return "Summary for your board (PDF)"

    @property
    def meanwhile(self) -> str:
        """What there is without it."""
        return "The picture has the same numbers, and your browser can print it."

    def name(self, made_at: datetime) -> str:
        """A neutral name and the day."""
        return f"summary-for-the-board-{date_at(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> Finished | None:
        """The stored file."""
        return kept(session, self.buyer_id, self.html, names=self.names)

    def standing(self, session: Session, now: datetime) -> Standing:
        """Where it is on its way."""
        if is_kept(session, self.buyer_id, self.html, names=self.names):
            return Standing.READY
        return standing_of_job(latest_with_key(session, self.key), now)

    def order(self, session: Session, now: datetime) -> None:
        """Order it."""
        defer(session, PRINT, key=self.key, rank=LONG, now=now, buyer=self.buyer_id.hex, names=self.names)

    @property
    def key(self) -> str:
        """What may not be printed twice at the same time."""
        return f"{PRINT} {self.buyer_id.hex} {digest_of(self.html)}"
