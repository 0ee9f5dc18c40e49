"""What is wrong with the dated settings and contacts: their order, their form, what is missing, what is out of date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assess.banks import season_settings
from assess.banks.call_settings import CALL_MEMBERS, call_fault_in, call_faults_between
from assess.banks.purchase_settings import MEMBERS, fault_in
from assess.banks.sheets import Found, Sheet, Shelf, found
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.settings import HARMS

SHARES = ("floor", "worst_share", "unknown_limit", "stale_factor")
"""Settings that are a share, 0 to 1."""
AMOUNTS = ("wage", "offset_day", "oncost", "stale_months", "labour_provider_good", "labour_provider_low")
"""Settings that are a number above 0."""
_DIALLED = re.compile(r"\+?[0-9]+( [0-9]+)*")
GROUPS = ("base", "bands", "weights")
"""Settings that are a group of numbers."""
MAY_BE_MISSING = ("low_gap", "harm", "exposure_words")
"""Settings that folders written before engine number 2 do not have; the engine knows what held until they say otherwise."""
BANDS = ("medium", "high", "critical")
HIGHEST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One setting or contact as it is written, and where."""

    sheet: Sheet
    place: Place
    data: Mapping[str, Any]

    def at(self, number: str, cause: str, *more: str | int) -> Found:
        """A problem at this row, or at a part of it."""
        return found(self.sheet.name, self.sheet.line((*self.place, *more)), Problem(number, (), cause))


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting with its values, the oldest first."""

    id: str
    label: str
    unit: str | None
    values: Sequence[Mapping[str, Any]]
    row: Row


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything under `settings/`."""

    settings: tuple[Setting, ...]
    contacts: tuple[Row, ...]


def gather(shelf: Shelf) -> Gathered:
    """All settings and contacts of sound files, by file name and then in order."""
    settings: list[Setting] = []
    contacts: list[Row] = []
    for sheet in shelf.inside("settings"):
        settings.extend(
            Setting(row.data["id"], row.data["label"], row.data.get("unit"), row.data["values"], row)
            for row in _rows(sheet, "settings")
        )
        contacts.extend(_rows(sheet, "contacts"))
    return Gathered(tuple(settings), tuple(contacts))


def _rows(sheet: Sheet, key: str) -> Iterator[Row]:
    rows = sheet.data.get(key)
    for index, data in enumerate(rows if isinstance(rows, list) else []):
        yield Row(sheet, (key, index), data)


def value_on(setting: Setting, day: date) -> Mapping[str, Any]:
    """The value in force on this day: the last that has begun. A setting without one yet is a KeyError."""
    begun = [value for value in setting.values if value["from"] <= day.isoformat()]
    if not begun:
        raise KeyError(setting.id)
    return begun[-1]


ALWAYS_SHOWN = ("helpline", "emergency")
"""The contacts at the foot of every page."""


def check_settings(shelf: Shelf, day: date) -> list[Found]:
    """Every problem of the files under `settings/`, as things stand on this day, sorted by file and line."""
    sheets = shelf.inside("settings")
    problems = [one for sheet in sheets for one in sheet.problems]
    problems += [_misplaced(sheet) for sheet in sheets if sheet.kind not in {None, "settings", "contacts"}]
    if not any(not one.warning for one in problems):
        gathered = gather(shelf)
        problems += _repeated(gathered)
        for setting in gathered.settings:
            problems += [*_order(setting), *_form(setting), *_timely(setting, day)]
        for contact in gathered.contacts:
            problems += _contact(contact, day)
        problems += [
            *_missing(gathered, sheets),
            *_missing_contacts(gathered, sheets),
            *_members(gathered, shelf),
            *_calling(gathered, day),
        ]
    return sorted(problems)


def _misplaced(sheet: Sheet) -> Found:
    return found(sheet.name, 1, Problem("BANK014", (), f"This file lies under settings, but it holds “{sheet.kind}”."))


def _repeated(gathered: Gathered) -> Iterator[Found]:
    seen: dict[str, Row] = {}
    for row in [*(setting.row for setting in gathered.settings), *gathered.contacts]:
        name = row.data["id"]
        if name in seen:
            yield row.at("BANK030", f"The id “{name}” stands at a setting or contact for the second time.", "id")
        seen[name] = row


def _order(setting: Setting) -> Iterator[Found]:
    for index in range(1, len(setting.values)):
        if setting.values[index]["from"] <= setting.values[index - 1]["from"]:
            cause = f"“{setting.id}” has a value from {setting.values[index]['from']} after one that is not older."
            yield setting.row.at("BANK072", cause, "values", index, "from")


def _form(setting: Setting) -> Iterator[Found]:
    for index, row in enumerate(setting.values):
        fault = _fault(setting.id, row["value"])
        if fault:
            yield setting.row.at("BANK074", f"“{setting.id}” {fault}.", "values", index, "value")


def _fault(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    number = isinstance(value, (int, float))
    if name in AMOUNTS:
        if name == "stale_months" and not isinstance(value, int):
            return "must be a whole number of months"
        return "" if number and value > 0 else "must be a number above 0"
    if name in SHARES or name == "low_gap":
        return "" if number and 0 <= value <= 1 else "must be a share, from 0 to 1"
    if name in MEMBERS or name in CALL_MEMBERS:
        return fault_in(name, value) if name in MEMBERS else call_fault_in(name, value)
    if season_settings.is_season(name):
        return season_settings.fault_in(value)
    return _group_fault(name, value) if name in {*GROUPS, *MAY_BE_MISSING} else ""


def _group_fault(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    if not isinstance(value, dict):
        return "must be a group of numbers, one for each id"
    if name == "bands":
        return _bands_fault(value)
    if name == "exposure_words":
        rising = sorted(value) == ["higher", "middle"] and 0 < value["middle"] < value["higher"] < HIGHEST
        return "" if rising else "must hold middle and higher, rising, between 0 and 100"
    if name == "harm":
        fits = all(isinstance(part, int) and 1 <= part <= HARMS for part in value.values())
        return "" if fits else f"must hold whole numbers from 1 to {HARMS}"
    if name == "base":
        return "" if all(0 <= part <= HIGHEST for part in value.values()) else "must hold numbers from 0 to 100"
    return "" if all(part > 0 for part in value.values()) else "must hold numbers above 0"


def _bands_fault(value: Mapping[str, float]) -> str:
    if sorted(value) != sorted(BANDS):
        return "must hold medium, high and critical, nothing else"
    rising = 0 < value["medium"] < value["high"] < value["critical"] < HIGHEST
    return "" if rising else "must rise from medium over high to critical, between 0 and 100"


def _timely(setting: Setting, day: date) -> Iterator[Found]:
    try:
        row = value_on(setting, day)
    except KeyError:
        first = min(value["from"] for value in setting.values)
        yield setting.row.at(
            "BANK075", f"“{setting.id}” has no value on {day.isoformat()}; the first begins on {first}."
        )
        return
    if row["review_by"] < day.isoformat():
        index = list(setting.values).index(row)
        cause = f"“{setting.id}” was to be looked at again by {row['review_by']}."
        yield setting.row.at("BANK071", cause, "values", index, "review_by")


def _contact(row: Row, day: date) -> Iterator[Found]:
    if not (row.data.get("number") or row.data.get("web") or row.data.get("blanked")):
        yield row.at("BANK074", f"“{row.data['id']}” must have a number or a web address.")
    if not _DIALLED.fullmatch(row.data.get("number") or "0"):
        yield row.at("BANK074", f"The number of “{row.data['id']}” must be digits with single spaces.", "number")
    if row.data["review_by"] < day.isoformat():
        yield row.at(
            "BANK071", f"“{row.data['id']}” was to be looked at again by {row.data['review_by']}.", "review_by"
        )


def _missing(gathered: Gathered, sheets: Sequence[Sheet]) -> Iterator[Found]:
    there = {setting.id for setting in gathered.settings}
    missing = [needed for needed in (*AMOUNTS, *SHARES, *GROUPS) if needed not in there]
    if missing:
        name = next((sheet.name for sheet in sheets if sheet.stem == "scoring"), "settings/scoring.yaml")
        hint = did_you_mean(missing[0], there) if len(missing) == 1 else "."
        yield found(name, 1, Problem("BANK073", (), f"These settings are missing: {', '.join(missing)}{hint}"))


def _missing_contacts(gathered: Gathered, sheets: Sequence[Sheet]) -> Iterator[Found]:
    """Every page says whom to call, so these two must be there, with a number."""
    there = {row.data["id"]: row for row in gathered.contacts}
    name = next((sheet.name for sheet in sheets if sheet.stem == "contacts"), "settings/contacts.yaml")
    for needed in ALWAYS_SHOWN:
        if needed not in there:
            yield found(name, 1, Problem("BANK073", (), f"The contact “{needed}” is missing; every page shows it."))
        elif not there[needed].data.get("number") and (
            there[needed].data.get("web") or there[needed].data.get("blanked")
        ):
            yield there[needed].at("BANK074", f"“{needed}” must have a number: every page shows it.")


def _members(gathered: Gathered, shelf: Shelf) -> Iterator[Found]:
    """A base for every bank and a weight for every dimension."""
    sheet = shelf.at("", "dimensions")
    rows = sheet.data.get("dimensions") if sheet else None
    needed = {
        "base": shelf.banks(),
        "weights": [row["id"] for row in rows] if isinstance(rows, list) else [],
        "harm": [row["id"] for row in rows] if isinstance(rows, list) else [],
    }
    for setting in gathered.settings:
        for index, row in enumerate(setting.values):
            if not isinstance(row["value"], dict):
                continue
            for name in needed.get(setting.id, ()):
                if name not in row["value"]:
                    cause = f"“{setting.id}” has no number for “{name}”{did_you_mean(name, row['value'])}"
                    yield setting.row.at("BANK074", cause, "values", index, "value")


def _calling(gathered: Gathered, day: date) -> Iterator[Found]:
    """Whom to call first: all of its settings or none, and parts that add up."""
    own = {setting.id: setting for setting in gathered.settings if setting.id in CALL_MEMBERS}
    missing = [name for name in CALL_MEMBERS if name not in own]
    if not own or missing:
        if own:
            row = next(iter(own.values())).row
            yield row.at("BANK073", f"These settings are missing: {', '.join(missing)}.")
        return
    try:
        values = {name: value_on(setting, day)["value"] for name, setting in own.items()}
    except KeyError:
        return  # told above
    if not any(call_fault_in(name, value) for name, value in values.items()):
        for name, said in call_faults_between(values):
            yield own[name].row.at("BANK074", f"“{name}” {said}.")
