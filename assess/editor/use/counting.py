"""How questions were answered, counted over many businesses, and what of it may be told.

- Only whole tens of first submissions count, of months that are over: two looks never differ by the answers of a few.
- Of fewer than ten that were asked nothing is told. Fewer than three is told as that, and all but fewer than three as "nearly all", so that
  neither a number nor its rest points to somebody. The others are rounded.
- Of a question that can raise a sign, or is asked only because of one, nothing is counted at all: neither who did not know, nor who came
  back to change it. Its own edition decides: that a newer one says otherwise opens nothing.
- Which answers were chosen is never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assess.engine.bank import Question
from assess.engine.marks import is_unknown

LEAST = 10
"""Businesses that were asked, before anything is told; and the step in which more are counted."""
SMALL = 3
"""Fewer than these are not told apart."""
ROUNDED = 5
"""Shares are rounded to so many percent."""
TOO_FEW = "too few to say"
NOT_COUNTED = "not counted"


@dataclass(frozen=True, slots=True)
class Typed:
    """When one business first and last typed an answer, and how often."""

    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One first submission: what stood there for each scored question that was shown, and when it was typed."""

    answers: Mapping[str, object]
    typed: Mapping[str, Typed]


@dataclass(slots=True)
class Counted:
    """Of one question, how many were asked it, did not know, left it open, and changed it at the end."""

    asked: int = 0
    not_known: int = 0
    left_open: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """The same in words. `told`: whether there is anything to tell."""

    told: bool
    not_known: str
    left_open: str
    changed: str


def counted(submissions: Iterable[Answered]) -> dict[str, Counted]:
    """Count each scored question. Changed at the end is what was changed after everything else had an answer.

    That nobody was on the check page before is certain of none of them: its visits are not kept. After the last first answer, though, the
    check page is all that is left.
    """
    found: dict[str, Counted] = {}
    for one in submissions:
        through = max((typed.first for typed in one.typed.values()), default=None)
        for name, answer in one.answers.items():
            here = found.setdefault(name, Counted())
            here.asked += 1
            here.left_open += answer is None
            here.not_known += is_unknown(answer)
            typed = one.typed.get(name)
            here.changed += typed is not None and through is not None and typed.times > 1 and typed.last > through
    return found


def use_of(question: Question, count: Counted | None) -> Use:
    """What may be told of a question."""
    if question.can_sign or question.kind == "fact":
        return Use(told=False, not_known=NOT_COUNTED, left_open=NOT_COUNTED, changed=NOT_COUNTED)
    here = count or Counted()
    shares = [share(part, here.asked) for part in (here.not_known, here.left_open, here.changed)]
    return Use(here.asked >= LEAST, *shares)


def share(part: int, whole: int) -> str:
    """A part of those who were asked, in words that point to nobody."""
    if whole < LEAST:
        return TOO_FEW
    if part < SMALL:
        return f"fewer than {SMALL}"
    if whole - part < SMALL:
        return "nearly all"
    return f"about {round(100 * part / whole / ROUNDED) * ROUNDED}%"


def whole_tens(count: int) -> int:
    """How many of so many are counted."""
    return count - count % LEAST
