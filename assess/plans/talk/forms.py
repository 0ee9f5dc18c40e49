"""What somebody fills in: words, and for a step a date. Typed text comes back as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.fields import Day
from assess.assessments.free_words import UnfitWordsError, fit_words
from assess.assessments.typed import LONGEST_RAW
from assess.engine.dates import add_months
from assess.plans.register.answer_form import clean
from assess.plans.talk.models import LONGEST_WORDS

YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class TalkForm:
    """The form as it was sent. `errors` are (name of the field, sentence). `words` is fit to keep, `due` the date if one was given."""

    typed: str = ""
    typed_date: str = ""
    words: str = ""
    due: date | None = None
    errors: tuple[tuple[str, str], ...] = ()
    asked: tuple[Asked, ...] = ()
    ticks: frozenset[str] = field(default=frozenset())

    def error(self, name: str) -> str | None:
        """The sentence beside this field."""
        return next((sentence for field_name, sentence in self.errors if field_name == name), None)


def read_talk(form: Mapping[str, str], today: date, *, may_date: bool) -> TalkForm:
    """What was sent. Either words or a date is enough; `may_date`: it is about a step."""
    typed = form.get("words", "")[: LONGEST_WORDS * 4]
    typed_date = form.get("date", "")[:LONGEST_RAW] if may_date else ""
    errors: list[tuple[str, str]] = []
    due = _day(typed_date, today, errors) if typed_date.strip() else None
    words, asked, ticks = "", None, ticks_in(form)
    if typed.strip() or not typed_date.strip():
        try:
            words = fit_words(typed, LONGEST_WORDS)
        except UnfitWordsError as unfit:
            errors.insert(0, ("words", unfit.sentence))
        asked = ask_about(words, "words", "Your comment", ticks=ticks)
        if asked is not None:
            errors.insert(0, ("words", asked.sentence))
    return TalkForm(typed, typed_date, words, due, tuple(errors), (asked,) if asked else (), ticks)


def read_date(text: str) -> date | None:
    """The ISO date a form was drawn with; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day(text: str, today: date, errors: list[tuple[str, str]]) -> date | None:
    faults: dict[str, str] = {}
    iso = clean(Day(typed=True, may_be_unknown=False), "date", text, faults)
    if iso is None:
        errors.append(("date", faults.get("date", "Enter a date, like 27 3 2027.")))
        return None
    found = date.fromisoformat(iso)
    if found < today:
        errors.append(("date", "This day has passed. Enter today or a later day."))
    elif found > add_months(today, 12 * YEARS_AHEAD):
        errors.append(("date", f"Enter a day within {YEARS_AHEAD} years."))
    return found
