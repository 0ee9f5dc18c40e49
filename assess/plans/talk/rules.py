"""What follows from what was said: which date is agreed, which one waits for an answer, and what can still be taken back.

No database and no clock: the words of one share come in order.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assess.plans.talk.models import Move, Side, TalkWord

TAKE_BACK = timedelta(minutes=15)
"""For so long the writer can take a word back. After that it stays: the other side may have acted on it."""


@dataclass(frozen=True, slots=True)
class Dates:
    """How it stands with the date of one step. `proposed` waits for an answer to what `by` proposed; `agreed` holds until then."""

    agreed: date | None = None
    proposed: date | None = None
    by: Side | None = None

    def waits_for(self, side: Side) -> bool:
        """Whether it is this side's turn."""
        return self.proposed is not None and self.by is not side


def dates_of(said: Iterable[TalkWord], step: str) -> Dates:
    """The dates of one step. A new proposal takes the place of an older one; a no leaves what was agreed before."""
    found = Dates()
    for one in said:
        if one.step != step or one.move is Move.COMMENT:
            continue
        if one.move is Move.PROPOSED:
            found = Dates(found.agreed, one.due, one.side)
        elif one.move is Move.AGREED:
            found = Dates(one.due)
        else:
            found = Dates(found.agreed)
    return found


def agreed_in(said: Sequence[TalkWord]) -> dict[str, date]:
    """The agreed date of each step that has one."""
    steps = dict.fromkeys(one.step for one in said if one.step is not None)
    return {step: agreed for step in steps if (agreed := dates_of(said, step).agreed) is not None}


def can_take_back(
    said: Sequence[TalkWord], number: int, side: Side, person_id: uuid.UUID | None, now: datetime
) -> bool:
    """Whether this is one's own word, is young enough and, if it is a proposal, still waits. A yes or a no stays."""
    one = next((one for one in said if one.number == number), None)
    if one is None or one.side is not side or one.person_id != person_id or now - one.at > TAKE_BACK:
        return False
    if one.move is Move.COMMENT:
        return True
    later = [other for other in said if other.step == one.step and other.number > number]
    return one.move is Move.PROPOSED and all(other.move is Move.COMMENT for other in later)
