"""When the suppliers of a sector have no hour to spare: no letter goes then, unless the buyer says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from assess.banks.in_force import in_use
from assess.banks.reader import state_of
from assess.banks.season_settings import PREFIX
from assess.banks.settings_check import Setting, gather, value_on
from assess.banks.sheets import read_folder
from assess.kit.pages import day as in_words

_MONTHS = 12
_kept: dict[Path, tuple[object, dict[str, Setting]]] = {}


def busy_until(sector: str, day: date, folder: Path | None = None) -> date | None:
    """The last day of the busy season of this sector, if this day is in it; else None.

    Raises:
        RefusedError: when the folder cannot be read.
    """
    setting = _seasons(folder or in_use()).get(sector)
    if setting is None:
        return None
    try:
        value = value_on(setting, day)["value"]
    except KeyError:  # it begins later
        return None
    return season_end(int(value["first_month"]), int(value["last_month"]), day)


def season_end(first: int, last: int, day: date) -> date | None:
    """The last day of a season of these months, both included, if this day is in it. A season may go over the new year."""
    wraps = first > last
    if not (first <= day.month <= last if not wraps else day.month >= first or day.month <= last):
        return None
    year = day.year + (1 if wraps and day.month >= first else 0)
    after = date(year + 1, 1, 1) if last == _MONTHS else date(year, last + 1, 1)
    return after - timedelta(days=1)


def first_day(sector: str, today: date, *, at_once: bool) -> date:
    """The first day on which a letter may go."""
    until = None if at_once else busy_until(sector, today)
    return today if until is None else until + timedelta(days=1)


def busy_words(title: str, until: date) -> str:
    """What a buyer is told of it: “Farms are busy …” in the words of the sector."""
    goes = in_words(until + timedelta(days=1))
    return f"{title}: busy until {in_words(until)}. The letter goes on {goes}, unless you tick “Send it now”."


def _seasons(folder: Path) -> dict[str, Setting]:
    state = state_of(folder)
    kept = _kept.get(folder)
    if kept is None or kept[0] != state:
        found = {
            one.id.removeprefix(PREFIX): one
            for one in gather(read_folder(folder)).settings
            if one.id.startswith(PREFIX)
        }
        kept = _kept[folder] = (state, found)
    return kept[1]
