"""What the forms of a buyer show beside what was typed: the choices there are, the letter as it would go, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from assess.banks.editions import published
from assess.kit.application import settings_of
from assess.kit.clock import today
from assess.kit.mail.foot import foot
from assess.kit.pages import counted
from assess.people.models import Organisation
from assess.suppliers import letter_words
from assess.suppliers.busy_seasons import busy_until, busy_words, first_day
from assess.suppliers.chasing import reminders_after
from assess.suppliers.inviting import Ask
from assess.suppliers.letters import FULL_MINUTES, QUICK_MINUTES

USUAL_DAYS = 28
"""What the form proposes: four weeks from the day of the letter."""
_OTHER = {"other": "Somewhere else"}
_HERE = "(the link stands here)"
_STOP = "(another link stands here)"


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen. `busy`: a sentence for each sector that is busy just now."""

    sectors: Mapping[str, str]
    areas: Mapping[str, str]
    busy: Mapping[str, str]


def choices(session: Session) -> Choices:
    """What can be chosen today."""
    sectors = {bank: loaded.edition.title for bank, loaded in published(session).items()}
    busy = {}
    for sector, title in sectors.items():
        until = busy_until(sector, today())
        if until is not None:
            busy[sector] = busy_words(title, until)
    return Choices(sectors, areas(), busy)


def areas() -> dict[str, str]:
    """The areas of this installation: id and name."""
    return {area: _OTHER.get(area, area.replace("_", " ").title()) for area in settings_of(current_app).areas}


def send_on(typed: Mapping[str, str]) -> date:
    """The first day on which the letter may go, for what was chosen."""
    return first_day(typed.get("sector", ""), today(), at_once=bool(typed.get("at_once")))


def proposed(sector: str | None) -> dict[str, str]:
    """What the form holds when it is opened."""
    due = first_day(sector or "", today(), at_once=False) + timedelta(days=USUAL_DAYS)
    return {
        "sector": sector or "",
        "length": "full",
        "due_day": str(due.day),
        "due_month": str(due.month),
        "due_year": str(due.year),
    }


def letter_text(buyer: Organisation, ask: Ask) -> str:
    """The letter as it would go, with words where its links will stand."""
    return letter_words.first(
        letter_words.Letter(
            buyer=buyer.name,
            due=ask.due,
            minutes=minutes(quick=ask.quick),
            message=ask.message,
            link=_HERE,
            stop=_STOP,
            foot=foot(settings_of(current_app)),
        )
    )


def reminder_words(ask: Ask) -> str:
    """When reminders come, for the sentence beside the letter: only those that are still to come once it has gone."""
    to_come = reminders_after(ask.due, max(ask.send_on, today()))
    before, after = [-days for days in to_come if days < 0], [days for days in to_come if days > 0]
    parts = [f"{_in_days(before)} before the date"] if before else []
    return " and ".join([*parts, f"{_in_days(after)} after {'it' if before else 'the date'}"])


def _in_days(numbers: Sequence[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last} days" if most else counted(numbers[-1], "day")


def minutes(*, quick: bool) -> int:
    """About how long it takes to answer."""
    return QUICK_MINUTES if quick else FULL_MINUTES
