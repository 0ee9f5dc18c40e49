"""What there is to mend just now: each link and value with what it belongs to, and a new value read as the old one is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from assess.banks.settings import text_of
from assess.banks.sheets import Sheet, Shelf
from assess.banks.web_addresses import web_address
from assess.editor.law.dated import Dated, all_dated
from assess.editor.law.fields import Wrong, address, day, number
from assess.editor.mending.allowed import PLACES, Step, Steps, What, anybody_publishes, leaves, mendable, name_of
from assess.engine.endangering_words import endangering

Data = dict[str, Any]
THROUGH_A_DRAFT = (
    "These words may put a worker in danger. Change this in a draft, so that a second person reads it first."
)
OTHER_WORDS = (
    "Only the figures may change here. For other words, change it in a draft, so that a second person reads it first."
)
OTHER_SITE = (
    "This is on another website than the old one. Change it in a draft, so that a second person looks at it first."
)
TOO_FAR = "This is more than 15 percent away from what it says now. Change it in a draft, so that a second person reads it first."
MOST_CHANGE = Decimal("0.15")
"""How far one person alone may move a number, as a share of what it says."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_MORE_DIGITS = 3
"""Digits a figure may grow by: a phone number has more."""
_LAST_DAY = 31
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_LABELS: Mapping[What, str] = {What.LINK: "link", What.VALUE: "value"}


@dataclass(frozen=True, slots=True)
class Target:
    """One value. `of` is the thing it belongs to, in words."""

    sheet: str
    steps: Steps
    what: What
    of: str
    value: Any
    unit: str | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return ":".join((self.sheet, *map(str, self.steps)))

    @property
    def label(self) -> str:
        """What it is, in words."""
        since = f" from {text_of(str(self.steps[3]), None)}" if self.what is What.VALUE else ""
        return f"{_LABELS[self.what]}{since}"

    @property
    def said(self) -> str:
        """The value as it prints."""
        return printed(self, self.value)

    @property
    def group(self) -> str:
        """Where it stands in the list of all."""
        return str(self.steps[0])


def printed(one: Target, value: Any) -> str:  # noqa: ANN401  # a number or a text
    """A value as it prints at this place."""
    return text_of(value, one.unit) if one.what is What.VALUE else str(value)


def targets(shelf: Shelf, today: date) -> list[Target]:
    """All that may be mended, in the order of the files."""
    settings = {one.id: one for one in all_dated(shelf)}
    held = (sheet for name, sheet in sorted(shelf.sheets.items()) if name.startswith(PLACES))
    return [one for sheet in held for one in _in_sheet(settings, sheet, today)]


def target(shelf: Shelf, key: str, today: date) -> Target | None:
    """The one with this key."""
    return next((one for one in targets(shelf, today) if one.key == key), None)


def _in_sheet(settings: Mapping[str, Dated], sheet: Sheet, today: date) -> Iterator[Target]:
    for steps, value in leaves(sheet.written):
        what = mendable(sheet.name, steps)
        if what is None or value is None or isinstance(value, bool):
            continue
        if what is What.LINK and anybody_publishes(str(value)):
            continue
        unit = None
        if what is What.VALUE:
            setting = settings.get(str(steps[1]))
            if setting is None or not (_is_figure(value) and _counts(setting.now(today), str(steps[3]), today)):
                continue
            unit = setting.unit
        yield Target(sheet.name, steps, what, _words(sheet, steps), value, unit)


def _counts(now: Mapping[str, Any] | None, begins: str, today: date) -> bool:
    """Whether a value counts today or will. Plans rest on earlier ones, so those stay."""
    return begins > today.isoformat() or (now is not None and now.get("from") == begins)


def _is_figure(value: object) -> bool:
    """Whether a value is a number, a day, or words around a number; other words are texts and go through a draft."""
    return isinstance(value, (int, float)) or any(letter in "0123456789" for letter in str(value))


def _words(sheet: Sheet, steps: Steps) -> str:
    held: Any = at(sheet.written, steps[:2])
    for key in ("label", "who", "document", "title"):
        if isinstance(held, Mapping) and held.get(key):
            return str(held[key])
    return str(steps[1])


def at(data: Any, steps: Sequence[Step]) -> Any:  # noqa: ANN401  # whatever stands there
    """What stands at a place.

    Raises:
        KeyError: when nothing does.
    """
    here = data
    for step in steps:
        here = here[_key(here, step)]
    return here


def set_at(data: Data, steps: Sequence[Step], value: object) -> None:
    """Put a value at a place that holds one.

    Raises:
        KeyError: when nothing stands there.
    """
    holder = at(data, steps[:-1])
    holder[_key(holder, steps[-1])] = value


def _key(here: object, step: Step) -> Any:  # noqa: ANN401  # a key of a group or a place in a list
    if isinstance(here, Mapping) and step in here:
        return step
    if isinstance(here, Sequence) and not isinstance(here, str):
        for index, one in enumerate(here):
            if name_of(one, index) == step:
                return index
    raise KeyError(step)


def read_new(one: Target, typed: str) -> Any:  # noqa: ANN401  # the value, or `Wrong`
    """What was typed as a value of the same kind as the one that stands there; `Wrong` with what to do when it is none."""
    typed = " ".join(typed.split())
    if not typed:
        return Wrong(f"Enter the right {_LABELS[one.what]}.")
    value = _link(one, typed) if one.what is What.LINK else _value(one, typed)
    if one.what is not What.LINK and endangering(typed):
        return Wrong(THROUGH_A_DRAFT)
    if not isinstance(value, Wrong) and value == one.value:
        return Wrong("This is what it says already.")
    return value


def _link(one: Target, typed: str) -> str | Wrong:
    """Another page of the same website."""
    said = address(typed)
    if isinstance(said, Wrong):
        return said
    old, new = web_address(str(one.value)), web_address(said)
    return said if old and new and old.website == new.website else Wrong(OTHER_SITE)


def _value(one: Target, typed: str) -> Any:  # noqa: ANN401  # a number or a text, or `Wrong`
    old = str(one.value)
    if _DAY.fullmatch(old):
        return day(typed)
    if isinstance(one.value, (int, float)):
        new: Any = number(typed)
    else:
        new = typed if _is_alike(old, typed) else Wrong(OTHER_WORDS)
    return new if isinstance(new, Wrong) or _is_near(old, str(new)) else Wrong(TOO_FAR)


def _is_near(old: str, new: str) -> bool:
    """Whether no figure moves further than one person may move it. The day of a month may be any, its year may not."""
    pairs = zip(_figures(old), _figures(new), strict=True)
    day_of_month = any(month in old.casefold() for month in _MONTHS)
    return all(
        abs(after - before) <= MOST_CHANGE * before or (day_of_month and max(before, after) <= _LAST_DAY)
        for before, after in pairs
    )


def _figures(text: str) -> list[Decimal]:
    return [Decimal(one.replace(",", "")) for one in _FIGURE.findall(text)]


def _is_alike(old: str, new: str) -> bool:
    """Whether a value differs from the old one in its figures alone, or in the name of a month: it is printed inside questions, so no other words come in and none go."""
    were, are = _FIGURE.findall(old), _FIGURE.findall(new)
    if len(were) != len(are) or any(_is_long(figure, before) for before, figure in zip(were, are, strict=True)):
        return False
    signs = set(re.sub(r"[\w\s]", "", _FIGURE.sub("", new))) - set(old)
    plain = new.isprintable() and "_" not in new and all(letter in "0123456789" for letter in new if letter.isnumeric())
    return plain and not signs and _words_in(old) == _words_in(new)


def _words_in(text: str) -> Counter[str]:
    """The words of a value, each month as the same word."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return Counter("month" if one in _MONTHS else one for one in words)


def _is_long(figure: str, before: str) -> bool:
    """Whether a figure is longer than a value like the old one can be, or begins as a phone number does."""
    digits, once = (re.sub(r"[^0-9]", "", one) for one in (figure, before))
    begins = figure.startswith("0") and not figure.startswith("0.") and len(digits) > 1
    return len(digits) > len(once) + _MORE_DIGITS or begins
