"""The PDF of a cover as a file that somebody waits for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.jobs.ordering import LONG, defer, latest_with_key
from assess.plans.cover.kept import digest_of, is_kept, kept
from assess.plans.cover.listing import Cover
from assess.plans.cover.page import to_html
from assess.plans.printing.kept import Finished
from assess.plans.printing.standing import Standing, standing_of_job

PRINT = "print_cover"
"""The name of the job."""


@dataclass(frozen=True)
class CoverPdf:
    """The cover of an organisation as it is now."""

    organisation_id: uuid.UUID
    cover: Cover

    @cached_property
    def html(self) -> str:
        """Its page."""
        return to_html(self.cover)

    @property
    def title(self) -> str:
        """What a link to it says."""
        return "Cover of all your plans (PDF)"

    @property
    def meanwhile(self) -> str:
        """What there is without it."""
        return "The page has the same list, and your browser can print it."

    def name(self, made_at: datetime) -> str:
        """A neutral name and the day."""
        return f"cover-of-plans-{date_at(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> Finished | None:
        """The stored file."""
        return kept(session, self.organisation_id, self.html)

    def standing(self, session: Session, now: datetime) -> Standing:
        """Where it is on its way."""
        if is_kept(session, self.organisation_id, self.html):
            return Standing.READY
        return standing_of_job(latest_with_key(session, self.key), now)

    def order(self, session: Session, now: datetime) -> None:
        """Order it."""
        defer(session, PRINT, key=self.key, rank=LONG, now=now, organisation=self.organisation_id.hex)

    @property
    def key(self) -> str:
        """What may not be printed twice at the same time."""
        return f"{PRINT} {self.organisation_id.hex} {digest_of(self.html)}"
