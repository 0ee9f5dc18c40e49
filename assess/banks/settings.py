"""The dated settings and contacts of a folder, as they stand on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from assess.banks.call_settings import CALL_MEMBERS
from assess.banks.purchase_settings import MEMBERS
from assess.banks.reader import state_of
from assess.banks.season_settings import is_season
from assess.banks.settings_check import Setting, check_settings, gather, value_on
from assess.banks.sheets import RefusedError, Shelf, read_folder
from assess.engine.settings import Contact, DatedSettings, ScoringSettings

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_POUNDS_WITHOUT_PENCE = 100
"""From here on, whole pounds are written without pence: £12.00, but £45,000."""


@dataclass(frozen=True, slots=True)
class _Kept:
    state: object
    settings: DatedSettings


_kept: dict[tuple[Path, date], _Kept] = {}


def settings_on(folder: Path, day: date) -> DatedSettings:
    """All settings in force on this day, from the files under `settings/`. Kept until a file changes.

    Raises:
        RefusedError: when a file is broken, a setting is missing, or one has no value yet on this day.
    """
    state = state_of(folder)
    kept = _kept.get((folder, day))
    if kept is None or kept.state != state:
        if len(_kept) > _MOST_DAYS:
            _kept.clear()
        kept = _kept[folder, day] = _Kept(state, settings_from(read_folder(folder), day))
    return kept.settings


_MOST_DAYS = 100
"""How many days are kept at once: a server asks about today, old plans about their own day."""


def settings_from(shelf: Shelf, day: date) -> DatedSettings:
    """The same from a shelf.

    Raises:
        RefusedError: as for `settings_on`.
    """
    problems = [one for one in check_settings(shelf, day) if not one.warning]
    if problems:
        raise RefusedError(tuple(problems))
    gathered = gather(shelf)
    values = {setting.id: value_on(setting, day) for setting in gathered.settings}
    contacts = with_stand_ins([_contact(row.data) for row in gathered.contacts])
    texts = {one.id: one.said for one in contacts if one.area is None}
    for setting in gathered.settings:
        value = values[setting.id]["value"]
        if not isinstance(value, dict):
            texts[setting.id] = text_of(value, setting.unit)
    return DatedSettings(
        on=day.isoformat(),
        scoring=_scoring({name: row["value"] for name, row in values.items()}),
        contacts=contacts,
        texts=texts,
        basis=tuple(
            basis_of(setting, values[setting.id])
            for setting in gathered.settings
            if setting.id not in {*MEMBERS, *CALL_MEMBERS} and not is_season(setting.id)
        ),
    )


def text_of(value: str | float, unit: str | None) -> str:
    """A value as texts print it: “£12.34”, “£45,000”, “25%”, “1 October 2026”, “32”."""
    if isinstance(value, str):
        return _date_text(value) or value
    if unit and unit.startswith("£"):
        whole = float(value).is_integer() and value >= _POUNDS_WITHOUT_PENCE
        return f"£{value:,.0f}" if whole else f"£{value:,.2f}"
    plain = f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{plain}%" if unit == "%" else plain


def _date_text(value: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _scoring(values: Mapping[str, Any]) -> ScoringSettings:
    bands = values["bands"]
    plain = {one.name: values[one.name] for one in fields(ScoringSettings) if one.name in values}
    words = values.get("exposure_words", {})
    return ScoringSettings(
        **plain,
        **{name: bands[name] for name in ("medium", "high", "critical")},
        **{f"exposure_{name}": words[name] for name in ("middle", "higher") if name in words},
    )


def _contact(row: Mapping[str, Any]) -> Contact:
    values: dict[str, Any] = {one.name: row.get(one.name) for one in fields(Contact)}
    return Contact(**values | {"blanked": is_blanked(row)})


def is_blanked(row: Mapping[str, Any]) -> bool:
    """Whether a contact was taken away and nothing new stands in its place yet."""
    return bool(row.get("blanked")) and not row.get("number") and not row.get("web")


def with_stand_ins(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """All contacts by how urgent they are. The helpline and the emergency number stand in for one that was blanked."""
    ordered = sorted(contacts, key=lambda contact: contact.order)
    by_id = {one.id: one for one in ordered}
    return tuple(_stand_in(one, by_id["helpline"], by_id["emergency"]) if one.blanked else one for one in ordered)


def _stand_in(one: Contact, helpline: Contact, emergency: Contact) -> Contact:
    same = helpline.number == emergency.number  # the helpline was blanked, and there is no other one
    return replace(
        one,
        who=helpline.who if same else f"In danger, call {emergency.number}. Else {helpline.who}",
        number=helpline.number,
        text_phone=helpline.text_phone,
        web=helpline.web,
        for_whom=helpline.for_whom,
        source=helpline.source,
    )


def basis_of(setting: Setting, row: Mapping[str, Any]) -> dict[str, str]:
    """Where a value comes from, in words, for the pages that print it."""
    value = row["value"]
    if isinstance(value, dict):
        said = ", ".join(f"{name} {text_of(number, None)}" for name, number in value.items())
    else:
        said = text_of(value, setting.unit)
    rest = {key: str(row[key]) for key in ("from", "source", "checked", "review_by")}
    return {"id": setting.id, "label": setting.label, "value": said, **rest}
