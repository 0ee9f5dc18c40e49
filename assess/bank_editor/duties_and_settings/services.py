"""Change, add, review and delete entries; dated settings; and the safety rules for contacts and phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import Location, item_at
from assess.bank_editor.duties_and_settings.forms import (
    CONTACTS,
    Entry,
    EntryKind,
    entries_of_kind,
    find_entry,
    reviewed_text_changed,
)
from assess.bank_editor.fields import FileData
from assess.core.forms.fields import PhoneField
from assess.engine.settings import ScoringSettings
from assess.engine.text_normalise import fold_lookalikes
from assess.question_banks.files import ContentFiles
from assess.question_banks.models import ContentBlob, ContentVersion
from assess.question_banks.schema_fields import as_list
from assess.question_banks.settings import CONTACT_FIRST_MEMBERS, PURCHASE_MEMBERS, is_season_setting, text_of

REVIEW_KEYS = ("reviewed_by", "reviewed_on")


def edited_entry(kind: EntryKind, before: Mapping[str, Any], made: FileData, more: FileData) -> FileData:
    """What was made of a thing, with more. The review of a text that is another now is taken off."""
    after = {**made, **more}
    if after.get("number") or after.get("web"):
        after.pop("blanked", None)  # a contact has a number again
    if reviewed_text_changed(kind.fields, before, after) or any(before.get(key) != after[key] for key in more):
        set_review(after, None, None)
    return after


def set_review(duty: FileData, by: str | None, on: str | None) -> None:
    """Say who reviewed it and when, or with None that nobody did."""
    for key, value in zip(REVIEW_KEYS, (by, on), strict=True):
        duty.pop(key, None) if value is None else duty.update({key: value})


def insert_entry(data: FileData, kind: EntryKind, made: FileData) -> None:
    rest = {key: value for key, value in made.items() if key != "id"}
    if kind.named:
        data[kind.key][made["id"]] = rest[kind.title] if kind.bare else rest
    else:
        data[kind.key].append(made)


def replace_text(data: FileData, here: Entry, seen: str, text: str) -> None:
    """Another text in the place of a bare one. Raises EditConflictError when it is not as it was seen, or gone."""
    item_at(data, here.path, seen)
    data[here.kind.key][here.id] = text


def delete_entry(data: FileData, here: Entry, seen: str) -> None:
    """Take a thing out of its file. Raises EditConflictError as above."""
    item_at(data, here.path, seen)
    del data[here.kind.key][here.path[-1]]


IN_RESULTS = frozenset(one.name for one in fields(ScoringSettings)) | {"bands", "exposure_words"}

LAW_OF_PAY = frozenset({"wage_18_20", "wage_under_18", "offset_week", "ssp_week", "seasonal_hours", "child_work_age"})
"""Pay, housing, hours and ages by law, as plans and documents for workers print them."""


def needs_two_people(setting_id: str) -> bool:
    """Whether two people change this: what results are worked out with, our own judgement, and what workers are paid or how old they have to be."""
    return setting_id in IN_RESULTS or setting_id in LAW_OF_PAY or is_own_judgement(setting_id)


def is_own_judgement(setting_id: str) -> bool:
    """Whether this is a number of our own judgement: of the score, of whom to call first, of purchases, of seasons."""
    return (
        setting_id in IN_RESULTS - {"wage", "offset_day"}  # rates of law that results are worked out with
        or setting_id in CONTACT_FIRST_MEMBERS
        or setting_id in PURCHASE_MEMBERS
        or is_season_setting(setting_id)
    )


@dataclass(frozen=True, slots=True)
class SettingEntry(Location):
    """One dated setting as it is written. `rows` are its values, the oldest first."""

    @property
    def id(self) -> str:
        return str(self.data.get("id", ""))

    @property
    def label(self) -> str:
        return str(self.data.get("label") or self.id)

    @property
    def unit(self) -> str | None:
        unit = self.data.get("unit")
        return None if unit is None else str(unit)

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Its values that can be read."""
        return [row for row in as_list(self.data.get("values")) if isinstance(row, dict)]

    @property
    def in_results(self) -> bool:
        return self.id in IN_RESULTS

    def now(self, today: date) -> Mapping[str, Any] | None:
        """The value that counts on this day, None before the first."""
        begun = [row for row in self.rows if str(row.get("from", "")) <= today.isoformat()]
        return begun[-1] if begun else None

    def value_in_words(self, row: Mapping[str, Any]) -> str:
        value = row.get("value")
        if isinstance(value, dict):
            return ", ".join(f"{name.replace('_', ' ')} {part}" for name, part in value.items())
        return text_of(value, self.unit) if isinstance(value, (int, float, str)) else ""


def all_dated_settings(files: ContentFiles) -> Iterator[SettingEntry]:
    for content_file in files.inside("settings"):
        for index, raw in enumerate(as_list(content_file.raw_data.get("settings"))):
            if isinstance(raw, dict):
                yield SettingEntry(content_file, ("settings", index), raw)


def find_dated_setting(files: ContentFiles, setting_id: str) -> SettingEntry | None:
    return next((one for one in all_dated_settings(files) if one.id == setting_id), None)


def is_recheck_overdue(row: Mapping[str, Any] | None, today: date) -> bool:
    return row is not None and str(row.get("review_by", "")) < today.isoformat()


def is_id_used_before(session: Session, kind: EntryKind, names: frozenset[str], thing_id: str) -> bool:
    """Whether any text these files ever had in force holds a thing of this id."""
    digests = {
        state.sheets[name] for state in session.scalars(select(ContentVersion)) for name in names & state.sheets.keys()
    }
    texts = session.scalars(select(ContentBlob.content).where(ContentBlob.digest.in_(digests)))
    return any(text_has_id(kind, text.decode("utf-8-sig", "replace"), thing_id) for text in texts)


def text_has_id(kind: EntryKind, text: str, thing_id: str) -> bool:
    """Whether a text holds a thing of this id, as far as can be seen without reading it whole."""
    quoted = rf"[\"']?{re.escape(thing_id)}[\"']?"
    pattern = rf"^\s+{quoted}\s*:" if kind.named else rf"\bid:\s*{quoted}\s*(?:[,}}#]|$)"
    return re.search(pattern, text, re.MULTILINE) is not None


_OPENING_HOURS = re.compile(
    r"24\s?/\s?7|24 hours|around the clock|open(ing)? hours|\b\d{1,2}([:.]\d{2})?\s?(am|pm)\b|\b\d{1,2}:\d{2}\b"
    r"|\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bmon\b.{1,9}\bfri\b|\b365 days\b|day and night",
    re.IGNORECASE,
)
_LICENCES = re.compile(r"\blicen[cs](e|es|ing)\b", re.IGNORECASE)
_NO_REPORTS = re.compile(r"\bnot\b.*\breports?\b", re.IGNORECASE)
_TEXT_FIELDS = ("situation", "who", "text_phone", "for_whom")


def contact_errors(contact: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in _TEXT_FIELDS:
        if _OPENING_HOURS.search(str(contact.get(key) or "")):
            found[key] = "Leave opening hours out: they change, and somebody may rely on them."
    number, web = contact.get("number"), contact.get("web")
    if not number and not web and not contact.get("blanked"):
        found["number"] = "Enter a phone number or a website."
    elif number:
        digits = phone_digits(str(number))
        if held := next((one for one in others if phone_digits(str(one.get("number") or "")) == digits), None):
            found["number"] = f"This is the number of “{held.get('who')}” already."
    words = f"{contact.get('who', '')} {contact.get('situation', '')}"
    if _LICENCES.search(words) and not _NO_REPORTS.search(str(contact.get("situation") or "")):
        found.setdefault(
            "situation", "Say that this line does not take reports of abuse. A licence line helps nobody in need."
        )
    return found


def essential_contact_errors(contact: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, str]:
    """What is wrong with a line that every page shows. What stands in `before` already is not judged again."""
    before = before or {}
    number = str(contact.get("number") or "")
    found = {} if number else {"number": "Every page shows this line, so it needs a phone number."}
    if number and number != before.get("number"):
        error = essential_phone_error(str(contact.get("id") or ""), number)
        found |= {"number": error} if error else {}
    for key in (*_TEXT_FIELDS, "web"):
        said = str(contact.get(key) or "")
        if said != str(before.get(key) or "") and has_unsafe_number(said):
            found[key] = "Leave mobile numbers, foreign numbers and numbers that cost extra out of this line."
    return found | ({"area": "Everybody needs this line. Leave the area empty."} if contact.get("area") else {})


@dataclass(frozen=True, slots=True)
class EssentialContactChange:
    """A contact that every page shows, or one that may pass for it, before and after. Only what people read or dial, and its place in the list, is a change; a new day of looking is none."""

    id: str
    called: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept: bool = True
    """Whether every page shows it. Else it stands above such a contact, or is called like one."""

    @property
    def errors(self) -> list[str]:
        if not self.after:
            return [f"“{self.called}” is missing. Pages cannot do without it."]
        judged = essential_contact_errors(self.after, self.before)
        if not self.kept:
            judged = {
                key: error
                for key, error in judged.items()
                if key != "area" and (key != "number" or self.after.get("number"))
            }
        found = list(judged.values())
        moved = self.after.get("number") != self.before.get("number")
        if moved and self.after.get("source") == self.before.get("source"):
            found.append("say where you saw the new number, under “How we know”.")
        return [f"“{self.called}”: {one}" for one in found]


READ_FIELDS = ("number", "text_phone", "web", "who", "situation", "for_whom", "area")
SEEN_FIELDS = (*READ_FIELDS, "order")
"""How far up it stands counts too: who is at the top is called first."""
_FILLER_WORDS = frozenset({"and", "the", "run", "for", "who", "with", "number"})
_HELP_WORDS = frozenset({"helpline", "hotline", "slavery", "trafficking", "emergency", "999", "112", "101"})


def essential_contact_changes(before: ContentFiles, after: ContentFiles) -> list[EssentialContactChange]:
    found = []
    for name in sorted(CONTACTS.kept):
        was, now = find_entry(before, CONTACTS, name), find_entry(after, CONTACTS, name)
        old, new = (dict(one.data) if one else {} for one in (was, now))
        if any(old.get(key) != new.get(key) for key in SEEN_FIELDS):
            found.append(EssentialContactChange(name, str((old or new).get("who", name)), old, new))
    return found + _lookalike_changes(before, after)


def _lookalike_changes(before: ContentFiles, after: ContentFiles) -> list[EssentialContactChange]:
    """Other contacts, new or changed, that a reader takes for one that every page shows: they stand above it, or are called like it."""
    kept = [one.data for one in entries_of_kind(before, CONTACTS) if one.id in CONTACTS.kept]
    lowest = max(map(_order_of, kept), default=0)
    names = _HELP_WORDS.union(*(_names_in(f"{one.get('who', '')} {one.get('number', '')}") for one in kept))
    situations = {fold_lookalikes(str(one.get("situation", ""))) for one in kept}
    was = {one.id: one.data for one in entries_of_kind(before, CONTACTS)}
    found = []
    for one in entries_of_kind(after, CONTACTS):
        old = was.get(one.id, {})
        if one.id in CONTACTS.kept or all(old.get(key) == one.data.get(key) for key in SEEN_FIELDS):
            continue
        alike = (
            _names_in(str(one.data.get("who", ""))) & names
            or fold_lookalikes(str(one.data.get("situation", ""))) in situations
        )
        if alike or _order_of(one.data) <= lowest:
            found.append(
                EssentialContactChange(one.id, str(one.data.get("who", one.id)), dict(old), dict(one.data), kept=False)
            )
    return found


def _names_in(said: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{3,}", fold_lookalikes(said))) - _FILLER_WORDS


def _order_of(contact: Mapping[str, Any]) -> float:
    order = contact.get("order")
    return float(order) if isinstance(order, (int, float)) else 0


def phone_digits(number: str) -> str:
    """The digits alone, the country written as 0."""
    bare = re.sub(r"[^0-9+]", "", number)
    return f"0{bare[3:].removeprefix('0')}" if bare.startswith("+44") else bare


def essential_phone_error(contact_id: str, number: str) -> str:
    allowed = {"emergency": ("999", "112"), "police": ("101",)}.get(contact_id)
    if allowed is not None:
        return "" if phone_digits(number) in allowed else f"This line is {' or '.join(allowed)} and nothing else."
    return PhoneField(printed=True).read(number)[1] or unsafe_phone_error(number)


def unsafe_phone_error(number: str) -> str:
    # lines at a place, national lines and free ones. Not 07 (sold over the counter) and not 084 and 087 (the caller pays)
    if re.fullmatch(r"0[123]\d+|08001111|080[08]\d+|116\d{3}", phone_digits(number)):
        return ""
    return "This line needs a landline, a number that begins with 03, or a free one. No mobile number and no number that costs extra."


def has_unsafe_number(text: str) -> bool:
    # a mobile, dear or foreign number inside a text
    return bool(re.search(r"(?<![0-9])(?:\+|00|0 ?7|0 ?9|118)[ 0-9]{6,}", text))
