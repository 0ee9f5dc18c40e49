"""The only place that asks what time it is.

Instants are kept in UTC. What people call "today" is the date in the United Kingdom, where the duties apply.
A test, or a rehearsal of another day, puts its own clock into the app: `app.config["CLOCK"] = lambda: moment`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

Clock = Callable[[], datetime]
HOME = ZoneInfo("Europe/London")
FAR_AHEAD = timedelta(hours=1)
"""What is noted as happened so far ahead of now was noted before a clock was set back: no two machines differ by so much."""


def system_clock() -> datetime:
    """The moment by the machine's clock, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """This moment in UTC, by the clock of the app that is serving, else by the machine's."""
    clock: Clock = current_app.config.get("CLOCK", system_clock) if has_app_context() else system_clock
    return clock()


def today() -> date:
    """Today's date in the United Kingdom."""
    return date_at(now())


def date_at(moment: datetime) -> date:
    """The date in the United Kingdom at this moment."""
    return moment.astimezone(HOME).date()
