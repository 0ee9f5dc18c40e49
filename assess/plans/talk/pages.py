"""A talk as one side reads it: what was said about the whole or one step, and how it stands with every other step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.people.models import Organisation
from assess.plans.shares.document import SharedCopy
from assess.plans.shares.models import ShareGrant
from assess.plans.talk.keeping import Speaker, said_in
from assess.plans.talk.models import Move, Side, TalkWord
from assess.plans.talk.rules import Dates, can_take_back, dates_of
from assess.plans.talk.steps import Step, steps_of
from assess.plans.words import day


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said. `who`: “You” or the other side as one voice. `did` is empty for a comment that says all itself."""

    number: int
    who: str
    on: date
    did: str
    words: str
    takes_back: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step in the list: how many comments it has, and how it stands with its date."""

    step: Step
    count: int
    stands: str

    @property
    def spoken(self) -> bool:
        """Whether anybody has said anything about it."""
        return bool(self.count or self.stands)


@dataclass(frozen=True, slots=True)
class TalkPage:
    """All of one page. `step` is None for the whole; `dates` are those of the step. `turn`: a date waits for this side."""

    buyer: str
    business: str
    step: Step | None
    lines: tuple[Line, ...]
    steps: tuple[StepRow, ...]
    dates: Dates
    side: Side

    @property
    def turn(self) -> bool:
        """Whether a date waits for the answer of whoever reads."""
        return self.dates.waits_for(self.side)


def page_of(
    session: Session, grant: ShareGrant, shared: SharedCopy, who: Speaker, step: str | None, now: datetime
) -> TalkPage:
    """The page about this step, or about the whole where there is no such step."""
    said = said_in(session, grant.id)
    steps = steps_of(shared)
    names = {Side.BUYER: buyer_name(session, grant), Side.BUSINESS: shared.copy.organisation}
    chosen = next((one for one in steps if one.key == step), None)
    known = frozenset(one.key for one in steps)
    # what was said of a step that the copy does not show any more stands with the whole, so that it is not lost
    here = [one for one in said if (one.step if one.step in known else None) == (chosen.key if chosen else None)]
    return TalkPage(
        buyer=names[Side.BUYER],
        business=names[Side.BUSINESS],
        step=chosen,
        lines=tuple(_line(one, said, names, who, now) for one in here),
        steps=() if chosen else tuple(_row(one, said, names, who.side) for one in steps),
        dates=dates_of(said, chosen.key) if chosen else Dates(),
        side=who.side,
    )


def buyer_name(session: Session, grant: ShareGrant) -> str:
    """The organisation that took the share up, else as the business named the recipient."""
    organisation = session.get(Organisation, grant.organisation_id) if grant.organisation_id else None
    return organisation.name if organisation else grant.buyer or "The buyer"


def _line(one: TalkWord, said: Sequence[TalkWord], names: Mapping[Side, str], who: Speaker, now: datetime) -> Line:
    mine = one.side is who.side
    return Line(
        number=one.number,
        who="You" if mine else names[one.side],
        on=date_at(one.at),
        did=_did(one),
        words=one.words,
        takes_back=mine and can_take_back(said, one.number, who.side, who.person_id, now),
    )


def _did(one: TalkWord) -> str:
    when = day(one.due.isoformat()) if one.due else ""
    return {
        Move.COMMENT: "",
        Move.PROPOSED: f"Proposed a date: {when}",
        Move.AGREED: f"Agreed to {when}",
        Move.REFUSED: f"Said no to {when}",
    }[one.move]


def _row(step: Step, said: Sequence[TalkWord], names: Mapping[Side, str], side: Side) -> StepRow:
    dates = dates_of(said, step.key)
    parts = [f"agreed: by {day(dates.agreed.isoformat())}"] if dates.agreed else []
    if dates.proposed is not None and dates.by is not None:
        when = day(dates.proposed.isoformat())
        waits = f"{names[dates.by]} proposes {when}: your turn" if dates.waits_for(side) else f"you proposed {when}"
        parts.append(waits)
    count = sum(one.step == step.key and bool(one.words) for one in said)
    return StepRow(step, count, "; ".join(parts))
