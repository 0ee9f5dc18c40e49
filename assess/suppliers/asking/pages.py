"""What the forms of a buyer show beside what was typed: the choices there are, the letter as it would go, and how it stands."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.editions import published
from assess.kit.application import settings_of
from assess.kit.clock import now, today
from assess.kit.pages import counted
from assess.kit.pages import day as in_words
from assess.people.models import Organisation
from assess.suppliers.busy_seasons import busy_until, busy_words, first_day
from assess.suppliers.chasing import reminders_after, why_not
from assess.suppliers.inviting import Ask, living
from assess.suppliers.keeping import shown_as_one
from assess.suppliers.letter_words import Silence
from assess.suppliers.letters import (
    AROUND,
    FINISHED,
    FIRST,
    Composed,
    Wanted,
    by_hand,
    compose,
    silence_of_buyer,
    wanted_of,
)
from assess.suppliers.models import Status, Supplier, SupplierInvitation

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


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as it would leave: `when`, and everything in it but for its two links."""

    when: str
    letter: Composed
    sender: str
    """Our address, from which it comes."""


def letters_shown(
    session: Session, buyer: Organisation, supplier: Supplier, ask: Ask, by: uuid.UUID | None
) -> list[Shown]:
    """The first letter as it would go, and each reminder that can follow; none while nothing goes in this name."""
    settings, day = settings_of(current_app), today()
    if silence_of_buyer(session, buyer, settings, day) in {Silence.NOT_CONFIRMED, Silence.TAKEN_BACK, Silence.NO_MAIL}:
        return []
    last = select(func.max(SupplierInvitation.number)).where(SupplierInvitation.supplier_id == supplier.id)
    number = (session.scalar(last) or 0) + 1 if supplier.id else 1
    wanted = Wanted(supplier, number, ask.quick, ask.due, ask.message, by)
    first = max(ask.send_on, day)
    names = [(FIRST, first, "The letter")]
    for days in reminders_after(ask.due, first):
        on = ask.due + timedelta(days=days)
        names.append((f"{AROUND}{days:+d}", on, f"The reminder on {in_words(on)}"))
    names.append((FINISHED, first, "Once they have finished, in place of the next reminder"))
    links = (_HERE, _STOP)
    return [
        Shown(when, compose(session, buyer, wanted, name, links, settings, day, on), settings.mail_from or "")
        for name, on, when in names
    ]


def reminder_shown(session: Session, buyer: Organisation, supplier: Supplier, invitation: SupplierInvitation) -> Shown:
    """The reminder that would go if somebody sent it now."""
    settings, day = settings_of(current_app), today()
    finished = invitation.status is Status.SUBMITTED
    name = FINISHED if finished else by_hand(day)
    wanted = wanted_of(session, supplier, invitation)
    made = compose(session, buyer, wanted, name, (_HERE, _STOP), settings, day)
    return Shown("The reminder", made, settings.mail_from or "")


def first_reminder(session: Session, buyer: Organisation, roots: Collection[uuid.UUID]) -> Shown | None:
    """The reminder that would go to the first of these suppliers. Each stands for all entries that are shown as one with it."""
    settings, moment = settings_of(current_app), now()
    for root in sorted(roots):
        for supplier in shown_as_one(session, session.get_one(Supplier, root)):
            for invitation in living(session, supplier.id):
                if why_not(session, supplier, invitation, settings, moment) is None:
                    return reminder_shown(session, buyer, supplier, invitation)
    return None


def reminder_words(ask: Ask) -> str:
    """When reminders come, for the sentence beside the letter: only those that are still to come once it has gone."""
    to_come = reminders_after(ask.due, max(ask.send_on, today()))
    before, after = [-days for days in to_come if days < 0], [days for days in to_come if days > 0]
    parts = [f"{_in_days(before)} before the date"] if before else []
    return " and ".join([*parts, f"{_in_days(after)} after {'it' if before else 'the date'}"])


def _in_days(numbers: Sequence[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last} days" if most else counted(numbers[-1], "day")
