"""The words of the mails. They are read on locked screens and by people looking over a shoulder, so they are plain and calm.

No score, no band, no name of the business, and no way into the assessment. They are plain text, so nothing is escaped; what
they quote is our own action texts, one line each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.kit.pages import counted
from assess.plans.first_page import help_of
from assess.plans.reminders.quiet import QUIET_DAYS
from assess.plans.reminders.reminding import Line, Notice
from assess.plans.words import day

CONFIRM_SUBJECT = "Please confirm: reminders of dates"
SUBJECT = "Your action plan: dates coming up"
MOST_LINES = 10
"""More than that nobody reads in a mail; the plan has them all."""


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a mail."""

    subject: str
    body: str


def confirming(confirm: str, stop: str, days: int) -> Text:
    """The first mail to an address: does it want reminders? `confirm` and `stop` are full addresses of pages.

    It may reach a stranger, so it does not say what the plan is about; the helpline stands in mails that were confirmed.
    """
    return Text(
        CONFIRM_SUBJECT,
        _joined(
            "Hello,",
            "Somebody asked us to send reminders of the dates in an action plan to this address.",
            f"If it was you, open this page and press the button. It works for {counted(days, 'day')}:",
            confirm,
            f"If it was not you, you can leave it. No reminders come, and we delete this address after {counted(days, 'day')}. "
            "If somebody asks us again, a mail like this one may come once more.",
            f"If you want no such mail for {counted(QUIET_DAYS, 'day')}, whoever asks, open this page and press the button. "
            "It also deletes this address now:",
            stop,
        ),
    )


def reminding(record: Mapping[str, Any], notice: Notice, stop: str, today: str) -> Text:
    """A reminder of what comes near. `today` is an ISO date, `stop` the full address of the page that ends it."""
    coming, overdue, more = _shortened(notice)
    return Text(
        SUBJECT,
        _joined(
            "Hello,",
            *_list("These dates in your action plan are coming up:", coming),
            *_list("These dates have passed. What is done, please mark as done in your plan:", overdue),
            f"We left out {counted(more, 'date')} like these. Your plan has them." if more else "",
            _age(notice.ages_on, today),
            "Some steps stand only in your plan. To see it, open it with the link you kept. We never send that link by mail.",
            _help(record),
            "You get this because this address was confirmed for reminders. To stop them, open this page and press the button. "
            "It also deletes this address:",
            stop,
        ),
    )


def _shortened(notice: Notice) -> tuple[Sequence[Line], Sequence[Line], int]:
    coming = notice.coming[:MOST_LINES]
    overdue = notice.overdue[: MOST_LINES - len(coming)]
    return coming, overdue, len(notice.coming) + len(notice.overdue) - len(coming) - len(overdue)


def _list(title: str, lines: Sequence[Line]) -> Iterator[str]:
    if lines:
        yield title
        yield "\n".join(f"- {day(line.due)}: {' '.join(line.do.split())}" for line in lines)


def _age(ages_on: str | None, today: str) -> str:
    if ages_on is None:
        return ""
    if ages_on < today:
        return f"Your answers have been more than a year old since {day(ages_on)}. Please answer again."
    return f"Your answers will be a year old on {day(ages_on)}. Please answer again by then."


def _help(record: Mapping[str, Any]) -> str:
    """Whom to call, the same in every reminder."""
    calls = help_of(record)
    reach = calls.helpline.number or calls.helpline.web
    return f"If somebody is in danger, call {calls.emergency.number}. For advice: {calls.helpline.who}, {reach}."


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"
