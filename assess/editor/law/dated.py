"""Rates, dates and numbers with their days: which value counts now, which are to be looked at again, and which change results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from assess.banks.call_settings import CALL_MEMBERS
from assess.banks.purchase_settings import MEMBERS
from assess.banks.season_settings import is_season
from assess.banks.settings import text_of
from assess.banks.sheets import Sheet, Shelf
from assess.editor.workbench import mark_of
from assess.engine.problems import Place
from assess.engine.settings import ScoringSettings

Data = dict[str, Any]
LAW_IN_RESULTS = frozenset({"wage", "offset_day"})
"""Rates of law that results are worked out with."""
IN_RESULTS = frozenset(one.name for one in fields(ScoringSettings)) | {"bands", "exposure_words"}
"""Settings that results are worked out with."""


LAW_OF_PAY = frozenset({"wage_18_20", "wage_under_18", "offset_week", "ssp_week", "seasonal_hours", "child_work_age"})
"""Pay, housing, hours and ages by law, as plans and papers for workers print them."""


def is_by_two(setting_id: str) -> bool:
    """Whether two people change this: what results are worked out with, our own judgement, and what workers are paid or how old they have to be."""
    return setting_id in IN_RESULTS or setting_id in LAW_OF_PAY or is_judgement(setting_id)


def is_judgement(setting_id: str) -> bool:
    """Whether this is a number of our own judgement: of the score, of whom to call first, of purchases, of seasons."""
    own = IN_RESULTS - LAW_IN_RESULTS
    return setting_id in own or setting_id in CALL_MEMBERS or setting_id in MEMBERS or is_season(setting_id)


@dataclass(frozen=True, slots=True)
class Dated:
    """One setting as it is written. `rows` are its values, the oldest first."""

    sheet: Sheet
    path: Place
    raw: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.raw.get("id", ""))

    @property
    def label(self) -> str:
        """What it is called."""
        return str(self.raw.get("label") or self.id)

    @property
    def unit(self) -> str | None:
        """What it counts."""
        unit = self.raw.get("unit")
        return None if unit is None else str(unit)

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Its values that can be read."""
        rows = self.raw.get("values")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    @property
    def in_results(self) -> bool:
        """Whether a change changes results."""
        return self.id in IN_RESULTS

    @property
    def seen(self) -> str:
        """A mark of it as it is now."""
        return mark_of(self.raw)

    def now(self, today: date) -> Mapping[str, Any] | None:
        """The value that counts on this day, None before the first."""
        begun = [row for row in self.rows if str(row.get("from", "")) <= today.isoformat()]
        return begun[-1] if begun else None

    def said(self, row: Mapping[str, Any]) -> str:
        """A value as it prints; a group with its members."""
        value = row.get("value")
        if isinstance(value, dict):
            return ", ".join(f"{name.replace('_', ' ')} {part}" for name, part in value.items())
        return text_of(value, self.unit) if isinstance(value, (int, float, str)) else ""


def all_dated(shelf: Shelf) -> Iterator[Dated]:
    """Every setting, by file and in the order of the file."""
    for sheet in shelf.inside("settings"):
        held = sheet.written.get("settings")
        for index, raw in enumerate(held if isinstance(held, list) else []):
            if isinstance(raw, dict):
                yield Dated(sheet, ("settings", index), raw)


def dated(shelf: Shelf, setting_id: str) -> Dated | None:
    """The setting with this id."""
    return next((one for one in all_dated(shelf) if one.id == setting_id), None)


def is_late(row: Mapping[str, Any] | None, today: date) -> bool:
    """Whether a value was to be looked at again before this day."""
    return row is not None and str(row.get("review_by", "")) < today.isoformat()
