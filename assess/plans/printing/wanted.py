"""A file that somebody asked for: how it is called, whether it is kept, how it stands with it, and how it is ordered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.plans.copies import Copy
from assess.plans.printing.kept import Finished, kept
from assess.plans.printing.standing import Standing, order, standing_of

TITLES: Mapping[Copy, str] = {
    "business": "Your whole plan (PDF)",
    "large": "Your whole plan in large print (PDF)",
    "wall": "One page for the wall (PDF)",
    "buyer": "The copy for a buyer (PDF)",
    "coordinator": "The copy for the desk (PDF)",
}
NAMES: Mapping[Copy, str] = {
    "business": "action-plan",
    "large": "action-plan-large-print",
    "wall": "page-for-the-wall",
    "buyer": "buyer-copy",
    "coordinator": "desk-copy",
}
"""What a file is called, before the day it was printed. Neutral on purpose: it shows on shared computers."""


class Wanted(Protocol):
    """A file as the page of whoever waits for it sees it."""

    @property
    def title(self) -> str:
        """What a link to it says."""

    @property
    def meanwhile(self) -> str:
        """What there is without it, in a sentence, for when it cannot be made."""

    def name(self, made_at: datetime) -> str:
        """The name of the file that was made at this moment, with its ending."""

    def kept(self, session: Session) -> Finished | None:
        """The stored file as it would be made now; never an outdated one."""

    def standing(self, session: Session, now: datetime) -> Standing:
        """Where it is on its way."""

    def order(self, session: Session, now: datetime) -> None:
        """Order it; nothing when it is on its way."""


@dataclass(frozen=True, slots=True)
class CopyFile:
    """One copy of a submission, with the register as it is now."""

    submission_id: int
    copy: Copy

    @property
    def title(self) -> str:
        """What a link to it says."""
        return TITLES[self.copy]

    @property
    def meanwhile(self) -> str:
        """What there is without it."""
        return "What was answered and saved is safe, and you can read it on the pages."

    def name(self, made_at: datetime) -> str:
        """A neutral name and the day."""
        return f"{NAMES[self.copy]}-{date_at(made_at).isoformat()}.pdf"

    def kept(self, session: Session) -> Finished | None:
        """The stored file."""
        return kept(session, self.submission_id, self.copy)

    def standing(self, session: Session, now: datetime) -> Standing:
        """Where it is on its way."""
        return standing_of(session, self.submission_id, self.copy, now)

    def order(self, session: Session, now: datetime) -> None:
        """Order it."""
        order(session, self.submission_id, self.copy, now)
