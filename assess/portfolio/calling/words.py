"""The reasons in words, and what to say on the telephone. No sentence blames, and none tells what a business answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from assess.plans.words import BANDS, day, plain
from assess.suppliers.models import Status, Tier

Part = Literal["sector", "tier", "band", "unanswered", "slipping", "spend"]
PARTS: Mapping[Part, str] = {
    "sector": "Kind of work",
    "tier": "Your contracts",
    "band": "Band on what is shared",
    "unanswered": "Answering",
    "slipping": "Steps of the plan",
    "spend": "What you spend",
}
AS_THE_MOST = "counted as the most"

TIER_UNKNOWN = f"You have not graded a contract with it: {AS_THE_MOST}."
BAND_UNKNOWN = f"There is no band to show: {AS_THE_MOST}."
PLAN_UNKNOWN = f"We count steps only of a plan that is shared. Without it they are {AS_THE_MOST}."
SPEND_UNKNOWN = f"You have not told us what you spend: {AS_THE_MOST}."
NOT_ASKED = f"You have not asked it yet: {AS_THE_MOST}."

_STATUS: Mapping[Status, str] = {
    Status.WAITING: "Its letter has not gone yet",
    Status.INVITED: "It has not opened your letter",
    Status.OPENED: "It opened your letter and has not begun",
    Status.STARTED: "It has begun and not finished",
    Status.SUBMITTED: "It has finished and not shared it with you",
    Status.OTHER_RESULT: "You took the result of another scheme",
    Status.DECLINED: "It said no",
    Status.SHARE_OVER: "What it shared is over",
}


def sector_unknown(slug: str | None) -> str:
    """The kind of work is not told, or there are no numbers for it."""
    if slug is None:
        return f"You have not told us its kind of work: {AS_THE_MOST}."
    return f"We have no number for its kind of work: {AS_THE_MOST}."


def sector_name(slug: str | None) -> str:
    """“Car washes” for `car_washes`."""
    return "Not told" if slug is None else slug.replace("_", " ").capitalize()


def sector(slug: str, base: float, worst: float) -> str:
    """The kind of work and the number it starts from."""
    return f"{sector_name(slug)}: the risk of this kind of work starts at {plain(base)}. The highest of all kinds starts at {plain(worst)}."


def tier(one: Tier) -> str:
    """The highest tier of its contracts."""
    return f"You graded a contract with it as {one.value} risk."


def band(one: str) -> str:
    """The band as people read it."""
    return f"Its own answers come out as “{BANDS[one]}”."


def answered(until: date) -> str:
    """It answered, and its answers count."""
    return f"It has answered. Its answers count until {day(until.isoformat())}."


def old(until: date | None) -> str:
    """It answered, long ago or nobody knows when."""
    if until is None:
        return "It has answered, and we do not know when."
    return f"Its answers are old: they counted until {day(until.isoformat())}."


def unanswered(status: Status, due: date | None, weeks: int) -> str:
    """Where it stands, and how late it is."""
    said = _STATUS[status]
    if due is None:
        return f"{said}. We do not know by when you asked: {AS_THE_MOST}."
    date_of = day(due.isoformat())
    if weeks:
        return f"{said}. It is {weeks} {'week' if weeks == 1 else 'weeks'} past {date_of}."
    return f"{said}. You asked for it by {date_of}."


def slipping(late: int, steps: int) -> str:
    """How many steps are late."""
    if not steps:
        return "Its plan has no steps."
    if not late:
        return f"None of its {steps} steps is late." if steps > 1 else "Its one step is not late."
    return f"{late} of its {steps} steps {'is' if late == 1 else 'are'} late."


def spend(pounds: int) -> str:
    """What the buyer spends."""
    return f"You spend £{pounds:,} a year with it."


def to_say(status: Status, *, old_answers: bool, late_steps: bool) -> Sequence[str]:
    """Three calm sentences to begin a call with."""
    return [_WISH, *_SAY[_kind(status, old_answers=old_answers, late_steps=late_steps)]]


_WISH = "“We want to go on buying from you, and I am ringing to ask how we can help.”"
_SAY: Mapping[str, tuple[str, str]] = {
    "ask": (
        "“We ask all our suppliers to look at how they hire, pay and treat people.”",
        "“May I send you the questions, and what would be a good time for you?”",
    ),
    "begin": (
        "“You had a letter from us with some questions. Did it reach the right person?”",
        "“Is there anything about it I can explain, or a date that suits you better?”",
    ),
    "finish": (
        "“You have already begun to answer our questions. Thank you.”",
        "“Is anything unclear, or would more time help?”",
    ),
    "declined": (
        "“You told us that you would rather not answer now, and that is your choice.”",
        "“Is there something we could make easier, or another way you would like to tell us?”",
    ),
    "again": (
        "“You shared your answers with us, and that time is over. Thank you for doing it.”",
        "“Could you look at them again, and tell me when would suit you?”",
    ),
    "steps": (
        "“You shared your plan with us. Thank you.”",
        "“Which step is hardest just now, and would a later date or our help make it easier?”",
    ),
    "shared": (
        "“You shared your answers with us. Thank you.”",
        "“What would help you most with what you want to do next?”",
    ),
}


def _kind(status: Status, *, old_answers: bool, late_steps: bool) -> str:
    if status is Status.SHARED:
        return "again" if old_answers else "steps" if late_steps else "shared"
    return {
        Status.NOT_ASKED: "ask",
        Status.WAITING: "ask",
        Status.INVITED: "begin",
        Status.OPENED: "begin",
        Status.STARTED: "finish",
        Status.SUBMITTED: "finish",
        Status.DECLINED: "declined",
        Status.SHARE_OVER: "again",
        Status.OTHER_RESULT: "shared",
    }[status]
