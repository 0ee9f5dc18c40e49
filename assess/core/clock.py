"""The only source of the current time. Import the module and call `clock.now()` (UTC) or `clock.today()` (date in the UK); tests set `app.config["CLOCK"]`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
UK_ZONE = ZoneInfo("Europe/London")
MAX_CLOCK_SKEW = timedelta(hours=1)
"""What is noted as happened so far ahead of now was noted before a clock was set back: no two machines differ by so much."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """This moment in UTC, by the clock of the app that is serving, else by the machine's."""
    from flask import current_app, has_app_context  # noqa: PLC0415  # children that print or read a file ask for a date and load no Flask

    clock: Clock = current_app.config.get("CLOCK", system_clock) if has_app_context() else system_clock
    return clock()


def today() -> date:
    """Today's date in the United Kingdom."""
    return uk_date(now())


def uk_date(now: datetime) -> date:
    return now.astimezone(UK_ZONE).date()
