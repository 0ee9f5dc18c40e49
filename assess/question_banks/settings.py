"""Dated settings and contacts as they stand on one day, and their checks. Includes the settings of contact first, purchases and busy seasons."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any

from assess.engine.bank_reader import read_object
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.purchases import SETTINGS_KIND, TIERS, UK_KINDS
from assess.engine.reference import RiskSettings
from assess.engine.settings import HARM_LEVELS, Contact, DatedSettings, ScoringSettings
from assess.question_banks.files import (
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    FileProblem,
    file_problem,
    kept_with_files,
)
from assess.question_banks.schema_fields import as_list

SHARE_SETTINGS = ("floor", "worst_share", "unknown_limit", "stale_factor")
"""Settings that are a share, 0 to 1."""
AMOUNT_SETTINGS = ("wage", "offset_day", "oncost", "stale_months", "labour_provider_good", "labour_provider_low")
"""Settings that are a number above 0."""
GROUP_SETTINGS = ("base", "bands", "weights")
"""Settings that are a group of numbers."""
OPTIONAL_SETTINGS = ("low_gap", "harm", "exposure_words")
"""Settings that folders written before engine number 2 do not have; the engine knows what held until they say otherwise."""
HIGHEST_SHARE = 100


@dataclass(frozen=True, slots=True)
class SettingRow:
    content_file: ContentFile
    place: DocumentPath
    data: Mapping[str, Any]

    def at(self, number: str, cause: str, *more: str | int) -> FileProblem:
        return file_problem(
            self.content_file.name, self.content_file.line((*self.place, *more)), Problem(number, (), cause)
        )


@dataclass(frozen=True, slots=True)
class DatedSetting:
    """One setting with its values, the oldest first."""

    id: str
    label: str
    unit: str | None
    values: Sequence[Mapping[str, Any]]
    row: SettingRow


@dataclass(frozen=True, slots=True)
class SettingsFiles:
    settings: tuple[DatedSetting, ...]
    contacts: tuple[SettingRow, ...]


def gather_settings(files: ContentFiles) -> SettingsFiles:
    """All settings and contacts of sound files, by file name and then in order."""
    settings: list[DatedSetting] = []
    contacts: list[SettingRow] = []
    for content_file in files.inside("settings"):
        settings.extend(
            DatedSetting(row.data["id"], row.data["label"], row.data.get("unit"), row.data["values"], row)
            for row in _setting_rows(content_file, "settings")
        )
        contacts.extend(_setting_rows(content_file, "contacts"))
    return SettingsFiles(tuple(settings), tuple(contacts))


def _setting_rows(content_file: ContentFile, key: str) -> Iterator[SettingRow]:
    for index, data in enumerate(as_list(content_file.data.get(key))):
        yield SettingRow(content_file, (key, index), data)


def value_on(setting: DatedSetting, day: date) -> Mapping[str, Any]:
    """The value in force on this day: the last that has begun. A setting without one yet is a KeyError."""
    begun = [value for value in setting.values if value["from"] <= day.isoformat()]
    if not begun:
        raise KeyError(setting.id)
    return begun[-1]


def check_settings(files: ContentFiles, day: date) -> list[FileProblem]:
    content_files = files.inside("settings")
    problems = [one for content_file in content_files for one in content_file.problems]
    problems += [
        file_problem(
            content_file.name,
            1,
            Problem("BANK014", (), f"This file lies under settings, but it holds “{content_file.kind}”."),
        )
        for content_file in content_files
        if content_file.kind not in {None, "settings", "contacts"}
    ]
    if not any(not one.warning for one in problems):
        gathered = gather_settings(files)
        problems += _repeated_ids(gathered)
        for setting in gathered.settings:
            problems += _setting_problems(setting, day)
        for contact in gathered.contacts:
            problems += _contact_problems(contact, day)
        problems += [
            *_missing_settings(gathered, content_files),
            *_missing_contacts(gathered, content_files),
            *_member_problems(gathered, files),
            *_contact_first_problems(gathered, day),
        ]
    return sorted(problems)


def _repeated_ids(gathered: SettingsFiles) -> Iterator[FileProblem]:
    seen: dict[str, SettingRow] = {}
    for row in [*(setting.row for setting in gathered.settings), *gathered.contacts]:
        name = row.data["id"]
        if name in seen:
            yield row.at("BANK030", f"The id “{name}” stands at a setting or contact for the second time.", "id")
        seen[name] = row


def _setting_problems(setting: DatedSetting, day: date) -> Iterator[FileProblem]:
    for index in range(1, len(setting.values)):
        if setting.values[index]["from"] <= setting.values[index - 1]["from"]:
            cause = f"“{setting.id}” has a value from {setting.values[index]['from']} after one that is not older."
            yield setting.row.at("BANK072", cause, "values", index, "from")
    for index, row in enumerate(setting.values):
        error = _setting_error(setting.id, row["value"])
        if error:
            yield setting.row.at("BANK074", f"“{setting.id}” {error}.", "values", index, "value")
    yield from _date_problems(setting, day)


def _setting_error(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    number = isinstance(value, (int, float))
    if name in AMOUNT_SETTINGS:
        if name == "stale_months" and not isinstance(value, int):
            return "must be a whole number of months"
        return "" if number and value > 0 else "must be a number above 0"
    if name in SHARE_SETTINGS or name == "low_gap":
        return "" if number and 0 <= value <= 1 else "must be a share, from 0 to 1"
    if name in PURCHASE_MEMBERS or name in CONTACT_FIRST_MEMBERS:
        return (
            purchase_setting_error(name, value)
            if name in PURCHASE_MEMBERS
            else contact_first_setting_error(name, value)
        )
    if is_season_setting(name):
        return season_setting_error(value)
    return _group_error(name, value) if name in {*GROUP_SETTINGS, *OPTIONAL_SETTINGS} else ""


def _group_error(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    if not isinstance(value, dict):
        return "must be a group of numbers, one for each id"
    if name == "bands":
        return _bands_error(value)
    if name == "exposure_words":
        rising = sorted(value) == ["higher", "middle"] and 0 < value["middle"] < value["higher"] < HIGHEST_SHARE
        return "" if rising else "must hold middle and higher, rising, between 0 and 100"
    if name == "harm":
        fits = all(isinstance(part, int) and 1 <= part <= HARM_LEVELS for part in value.values())
        return "" if fits else f"must hold whole numbers from 1 to {HARM_LEVELS}"
    if name == "base":
        return "" if all(0 <= part <= HIGHEST_SHARE for part in value.values()) else "must hold numbers from 0 to 100"
    return "" if all(part > 0 for part in value.values()) else "must hold numbers above 0"


def _bands_error(value: Mapping[str, float]) -> str:
    if set(value) != {"medium", "high", "critical"}:
        return "must hold medium, high and critical, nothing else"
    rising = 0 < value["medium"] < value["high"] < value["critical"] < HIGHEST_SHARE
    return "" if rising else "must rise from medium over high to critical, between 0 and 100"


def _date_problems(setting: DatedSetting, day: date) -> Iterator[FileProblem]:
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


def _contact_problems(row: SettingRow, day: date) -> Iterator[FileProblem]:
    if not (row.data.get("number") or row.data.get("web") or row.data.get("blanked")):
        yield row.at("BANK074", f"“{row.data['id']}” must have a number or a web address.")
    if not re.fullmatch(r"\+?[0-9]+( [0-9]+)*", row.data.get("number") or "0"):
        yield row.at("BANK074", f"The number of “{row.data['id']}” must be digits with single spaces.", "number")
    if row.data["review_by"] < day.isoformat():
        yield row.at(
            "BANK071", f"“{row.data['id']}” was to be looked at again by {row.data['review_by']}.", "review_by"
        )


def _missing_settings(gathered: SettingsFiles, content_files: Sequence[ContentFile]) -> Iterator[FileProblem]:
    there = {setting.id for setting in gathered.settings}
    missing = [needed for needed in (*AMOUNT_SETTINGS, *SHARE_SETTINGS, *GROUP_SETTINGS) if needed not in there]
    if missing:
        name = next(
            (content_file.name for content_file in content_files if content_file.stem == "scoring"),
            "settings/scoring.yaml",
        )
        hint = did_you_mean(missing[0], there) if len(missing) == 1 else "."
        yield file_problem(name, 1, Problem("BANK073", (), f"These settings are missing: {', '.join(missing)}{hint}"))


def _missing_contacts(gathered: SettingsFiles, content_files: Sequence[ContentFile]) -> Iterator[FileProblem]:
    """Every page says whom to call, so these two must be there, with a number."""
    there = {row.data["id"]: row for row in gathered.contacts}
    name = next(
        (content_file.name for content_file in content_files if content_file.stem == "contacts"),
        "settings/contacts.yaml",
    )
    # they stand at the foot of every page
    for needed in ("helpline", "emergency"):
        if needed not in there:
            yield file_problem(
                name, 1, Problem("BANK073", (), f"The contact “{needed}” is missing; every page shows it.")
            )
        elif not there[needed].data.get("number") and (
            there[needed].data.get("web") or there[needed].data.get("blanked")
        ):
            yield there[needed].at("BANK074", f"“{needed}” must have a number: every page shows it.")


def _member_problems(gathered: SettingsFiles, files: ContentFiles) -> Iterator[FileProblem]:
    """A base for every bank and a weight for every dimension."""
    content_file = files.at("", "dimensions")
    rows = content_file.data.get("dimensions") if content_file else None
    needed = {
        "base": files.banks(),
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


def _contact_first_problems(gathered: SettingsFiles, day: date) -> Iterator[FileProblem]:
    """Whom to call first: all of its settings or none, and parts that add up."""
    own = {setting.id: setting for setting in gathered.settings if setting.id in CONTACT_FIRST_MEMBERS}
    missing = [name for name in CONTACT_FIRST_MEMBERS if name not in own]
    if not own or missing:
        if own:
            yield next(iter(own.values())).row.at("BANK073", f"These settings are missing: {', '.join(missing)}.")
        return
    try:
        values = {name: value_on(setting, day)["value"] for name, setting in own.items()}
    except KeyError:
        return  # told above
    if not any(contact_first_setting_error(name, value) for name, value in values.items()):
        for name, said in contact_first_settings_errors(values):
            yield own[name].row.at("BANK074", f"“{name}” {said}.")


HIGHEST_POINTS = 100
"""What the six parts add up to."""
_LATE_STATES = ("other_result", "submitted", "started", "opened", "never_opened", "declined", "share_over")

CONTACT_FIRST_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "call_sector": ("most",),
    "call_tier": ("low", "medium", "high"),
    "call_band": ("low", "medium", "high"),
    "call_unanswered": (*_LATE_STATES, "old", "each_week_late", "most_late"),
    "call_slipping": ("each_late", "most_for_number", "most_for_share"),
    "call_spend_from": ("some", "much", "most"),
    "call_spend": ("little", "some", "much", "most"),
}
"""The settings, each a group of whole numbers with exactly these members."""
_FORMER_BAND = "critical"
"""A fourth member of `call_band` in settings written before."""


@dataclass(frozen=True, slots=True)
class ContactFirstWeights:
    """The points of each part as they stand on one day, whole numbers; `base` as the engine takes it, 0 to 100 by sector.

    `on`: ISO date. `basis`: where each comes from, in words, for the page that explains them.
    """

    on: str
    base: Mapping[str, float]
    sector_most: int
    tier: Mapping[str, int]
    band: Mapping[str, int]
    unanswered: Mapping[str, int]
    slipping: Mapping[str, int]
    spend_from: Mapping[str, int]
    spend: Mapping[str, int]
    basis: tuple[Mapping[str, str], ...] = ()

    @property
    def unanswered_most(self) -> int:
        return self.unanswered["share_over"] + self.unanswered["most_late"]

    @property
    def slipping_most(self) -> int:
        return self.slipping["most_for_number"] + self.slipping["most_for_share"]

    @property
    def most(self) -> Mapping[str, int]:
        return {
            "sector": self.sector_most,
            "tier": self.tier["high"],
            "band": self.band["high"],
            "unanswered": self.unanswered_most,
            "slipping": self.slipping_most,
            "spend": self.spend["most"],
        }


def contact_first_setting_error(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    members = CONTACT_FIRST_MEMBERS[name]
    value = _without_former_band(name, value)
    if not isinstance(value, dict) or sorted(value) != sorted(members):
        return f"must be a group of numbers with exactly these members: {', '.join(members)}"
    if not all(float(part).is_integer() and part >= 0 for part in value.values()):
        return "must hold whole numbers, none below 0"
    if name in {"call_tier", "call_band", "call_spend_from", "call_spend"} and any(
        one > other for one, other in pairwise(value[member] for member in members)
    ):
        return f"must not fall from {members[0]} to {members[-1]}"
    return _unanswered_error(value) if name == "call_unanswered" else ""


def contact_first_settings_errors(values: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str]]:
    total = sum(contact_first_weights_from("", {}, values).most.values())
    return (
        []
        if total == HIGHEST_POINTS
        else [("call_band", f"and the other parts add up to {total}, not to {HIGHEST_POINTS}")]
    )


def contact_first_weights_from(
    on: str,
    base: Mapping[str, float],
    values: Mapping[str, Mapping[str, float]],
    basis: tuple[Mapping[str, str], ...] = (),
) -> ContactFirstWeights:
    """The numbers as the rule takes them. Every setting must be sound."""
    whole = {
        name: {key: int(part) for key, part in _without_former_band(name, value).items()}
        for name, value in values.items()
    }
    return ContactFirstWeights(
        on=on,
        base=base,
        sector_most=whole["call_sector"]["most"],
        tier=whole["call_tier"],
        band=whole["call_band"],
        unanswered=whole["call_unanswered"],
        slipping=whole["call_slipping"],
        spend_from=whole["call_spend_from"],
        spend=whole["call_spend"],
        basis=basis,
    )


def _without_former_band(name: str, value: Any) -> Any:  # noqa: ANN401  # whatever was written
    """A band that no buyer sees any more stood above high, so what it counted is what high counts."""
    if name != "call_band" or not isinstance(value, dict) or _FORMER_BAND not in value:
        return value
    return {key: value[_FORMER_BAND if key == "high" else key] for key in value if key != _FORMER_BAND}


def _unanswered_error(value: Mapping[str, float]) -> str:
    """Who did less must not count less: else a supplier would gain by answering less."""
    if any(value[one] > value[other] for one, other in pairwise(_LATE_STATES)):
        return f"must not fall along {', '.join(_LATE_STATES)}"
    if value["old"] > value["other_result"]:
        return "must not count old answers more than none"
    return "" if value["declined"] == value["share_over"] else "must count declined as share_over"


@kept_with_files
def contact_first_weights_on(files: ContentFiles, day: date) -> ContactFirstWeights:
    """Raises BankFilesRefusedError: a broken file, a missing setting, or one without a value."""
    base = settings_from(files, day).scoring.base  # it refuses what is broken
    settings = {one.id: one for one in gather_settings(files).settings if one.id in CONTACT_FIRST_MEMBERS}
    missing = [name for name in CONTACT_FIRST_MEMBERS if name not in settings]
    if missing:
        cause = f"These settings are missing: {', '.join(missing)}."
        raise BankFilesRefusedError((file_problem("settings/calling.yaml", 1, Problem("BANK073", (), cause)),))
    rows = {name: value_on(setting, day) for name, setting in settings.items()}
    basis = tuple(basis_of(settings[name], row) for name, row in rows.items())
    return contact_first_weights_from(day.isoformat(), base, {name: row["value"] for name, row in rows.items()}, basis)


HIGHEST_PURCHASE_POINTS = 100
_PURCHASE_FACTS = ("forced_labour", "child_labour", "downstream", "elsewhere", "origin_unknown", *UK_KINDS)

PURCHASE_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "purchase_tiers": TIERS,
    "purchase_country": ("tier", "law"),
    "purchase_marks": _PURCHASE_FACTS,
    "purchase_bands": ("medium", "high"),
    "purchase_severity": (*_PURCHASE_FACTS, *TIERS, "rule_of_law"),
    "purchase_influence": ("least", "supplier_known", "in_the_uk"),
}
"""The settings, each a group of numbers with exactly these members."""


def purchase_setting_error(name: str, value: Any) -> str:  # noqa: ANN401  # whatever was written
    members = PURCHASE_MEMBERS[name]
    if not isinstance(value, dict) or sorted(value) != sorted(members):
        return f"must be a group of numbers with exactly these members: {', '.join(members)}"
    if not all(0 <= part <= HIGHEST_PURCHASE_POINTS for part in value.values()):
        return "must hold numbers from 0 to 100"
    if name == "purchase_tiers" and not all(one < other for one, other in pairwise(value[tier] for tier in TIERS)):
        return "must rise from tier 1 to tier 3"
    if name == "purchase_country" and round(math.fsum(value.values()), 9) != 1:
        return "must add up to 1"
    if name == "purchase_bands" and not 0 < value["medium"] < value["high"]:
        return "must rise from medium to high"
    return ""


def purchase_settings_errors(values: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str]]:
    """What is wrong among them, each with the name of the setting: what would let something named, or unknown, be called lower."""
    marks, medium = values["purchase_marks"], values["purchase_bands"]["medium"]
    # marks that must reach the band medium: whatever a list names, and what nobody knows, is never lower
    errors = [
        ("purchase_marks", f"gives “{name}” less than the band medium begins with ({medium:g})")
        for name in ("elsewhere", "origin_unknown", *UK_KINDS)
        if marks[name] < medium
    ]
    if marks["origin_unknown"] < max(marks["elsewhere"], values["purchase_tiers"]["tier_1"]):
        errors.append(("purchase_marks", "makes not knowing the origin better than the best that could be known"))
    return errors


def purchase_points_from(
    values: Mapping[str, Mapping[str, float]], basis: tuple[Mapping[str, str], ...]
) -> RiskSettings:
    return RiskSettings(
        tiers=values["purchase_tiers"],
        tier_share=values["purchase_country"]["tier"],
        law_share=values["purchase_country"]["law"],
        facts=values["purchase_marks"],
        medium=values["purchase_bands"]["medium"],
        high=values["purchase_bands"]["high"],
        severity=values["purchase_severity"],
        influence=values["purchase_influence"],
        basis=basis,
    )


def can_make_purchase_high(kind: str, values: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether a line can be high because of a fact of this kind, so that there must be something to do about it."""
    high = values["purchase_bands"]["high"]
    if kind == "rule_of_law":
        worst, share = max(values["purchase_tiers"].values()), values["purchase_country"]
        return share["tier"] * worst + share["law"] * HIGHEST_PURCHASE_POINTS >= high
    return {**values["purchase_tiers"], **values["purchase_marks"]}.get(SETTINGS_KIND.get(kind, kind), 0) >= high


SEASON_PREFIX = "busy_season_"

SEASON_MEMBERS = ("first_month", "last_month")


def is_season_setting(name: str) -> bool:
    return name.startswith(SEASON_PREFIX)


def season_setting_error(value: Any) -> str:  # noqa: ANN401  # whatever was written
    if not isinstance(value, dict) or sorted(value) != sorted(SEASON_MEMBERS):
        return f"must be a group of numbers with exactly these members: {', '.join(SEASON_MEMBERS)}"
    return "" if all(part in range(1, 13) for part in value.values()) else "must hold months from 1 to 12"


MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_POUNDS_WITHOUT_PENCE = 100
"""From here on, whole pounds are written without pence: £12.00, but £45,000."""


@kept_with_files
def settings_from(files: ContentFiles, day: date) -> DatedSettings:
    """Raises BankFilesRefusedError: a broken file, a missing setting, or one without a value."""
    problems = [one for one in check_settings(files, day) if not one.warning]
    if problems:
        raise BankFilesRefusedError(tuple(problems))
    gathered = gather_settings(files)
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
            if setting.id not in {*PURCHASE_MEMBERS, *CONTACT_FIRST_MEMBERS} and not is_season_setting(setting.id)
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
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


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
    contact = read_object(Contact, row)
    return contact if is_blanked(row) else replace(contact, blanked=None)


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


def basis_of(setting: DatedSetting, row: Mapping[str, Any]) -> dict[str, str]:
    value = row["value"]
    if isinstance(value, dict):
        said = ", ".join(f"{name} {text_of(number, None)}" for name, number in value.items())
    else:
        said = text_of(value, setting.unit)
    rest = {key: str(row[key]) for key in ("from", "source", "checked", "review_by")}
    return {"id": setting.id, "label": setting.label, "value": said, **rest, **_next_value(setting, row)}


def _next_value(setting: DatedSetting, row: Mapping[str, Any]) -> dict[str, str]:
    """What follows this value of a setting, and from when; nothing where that is not settled."""
    following = next((one for one in setting.values if one["from"] > row["from"]), None)
    if following is None or isinstance(following["value"], dict):
        return {}
    return {"next_value": text_of(following["value"], setting.unit), "next_from": str(following["from"])}
