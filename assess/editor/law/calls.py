"""What a way to get help must keep to, whoever writes it: no opening hours, one line in one place, and what a licence line is not for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.sheets import Shelf
from assess.editor.law.kinds import CONTACTS, thing, things
from assess.editor.law.phones import digits, needed_phone_fault, phone_fault, unsafe_number_in
from assess.engine.lookalikes import as_seen

_HOURS = re.compile(
    r"24\s?/\s?7|24 hours|around the clock|open(ing)? hours|\b\d{1,2}([:.]\d{2})?\s?(am|pm)\b|\b\d{1,2}:\d{2}\b"
    r"|\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bmon\b.{1,9}\bfri\b|\b365 days\b|day and night",
    re.IGNORECASE,
)
_LICENCES = re.compile(r"\blicen[cs](e|es|ing)\b", re.IGNORECASE)
_NO_REPORTS = re.compile(r"\bnot\b.*\breports?\b", re.IGNORECASE)
_SAID = ("situation", "who", "text_phone", "for_whom")


def faults_of(contact: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What is wrong with a contact beside the others, by its field (docs: decisions 8)."""
    found: dict[str, str] = {}
    for key in _SAID:
        if _HOURS.search(str(contact.get(key) or "")):
            found[key] = "Leave opening hours out: they change, and somebody may rely on them."
    number, web = contact.get("number"), contact.get("web")
    if not number and not web and not contact.get("blanked"):
        found["number"] = "Enter a phone number or a website."
    elif number:
        found |= _number_faults(str(number), others)
    words = f"{contact.get('who', '')} {contact.get('situation', '')}"
    if _LICENCES.search(words) and not _NO_REPORTS.search(str(contact.get("situation") or "")):
        found.setdefault(
            "situation", "Say that this line does not take reports of abuse. A licence line helps nobody in need."
        )
    return found


def faults_of_needed(contact: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, str]:
    """What is wrong with a line that every page shows. What stands in `before` already is not judged again."""
    before = before or {}
    number = str(contact.get("number") or "")
    found = {} if number else {"number": "Every page shows this line, so it needs a phone number."}
    if number and number != before.get("number"):
        fault = needed_phone_fault(str(contact.get("id") or ""), number)
        found |= {"number": fault} if fault else {}
    for key in (*_SAID, "web"):
        said = str(contact.get(key) or "")
        if said != str(before.get(key) or "") and unsafe_number_in(said):
            found[key] = "Leave mobile numbers, foreign numbers and numbers that cost extra out of this line."
    return found | ({"area": "Everybody needs this line. Leave the area empty."} if contact.get("area") else {})


@dataclass(frozen=True, slots=True)
class NeededChange:
    """A contact that every page shows, or one that may pass for it, before and after. Only what people read or dial, and its place in the list, is a change; a new day of looking is none."""

    id: str
    called: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept: bool = True
    """Whether every page shows it. Else it stands above such a contact, or is called like one."""

    @property
    def faults(self) -> list[str]:
        """Why it cannot be used so."""
        if not self.after:
            return [f"“{self.called}” is missing. Pages cannot do without it."]
        judged = faults_of_needed(self.after, self.before)
        if not self.kept:
            judged = {
                key: fault
                for key, fault in judged.items()
                if key != "area" and (key != "number" or self.after.get("number"))
            }
        found = list(judged.values())
        moved = self.after.get("number") != self.before.get("number")
        if moved and self.after.get("source") == self.before.get("source"):
            found.append("say where you saw the new number, under “How we know”.")
        return [f"“{self.called}”: {one}" for one in found]


READ_BY_PEOPLE = ("number", "text_phone", "web", "who", "situation", "for_whom", "area")
"""The fields of a contact that people read or dial."""
SEEN_BY_PEOPLE = (*READ_BY_PEOPLE, "order")
"""The same, and how far up it stands: who is at the top is called first."""
_ALWAYS_OF_HELP = frozenset({"helpline", "hotline", "slavery", "trafficking", "emergency", "999", "112", "101"})
_NAMES_NOTHING = frozenset({"and", "the", "run", "for", "who", "with", "number"})


def needed_changes(before: Shelf, after: Shelf) -> list[NeededChange]:
    """The contacts that every page shows and that are others in the second shelf."""
    found = []
    for name in sorted(CONTACTS.kept):
        was, now = thing(before, CONTACTS, name), thing(after, CONTACTS, name)
        old, new = (dict(one.data) if one else {} for one in (was, now))
        if any(old.get(key) != new.get(key) for key in SEEN_BY_PEOPLE):
            found.append(NeededChange(name, str((old or new).get("who", name)), old, new))
    return found + _changes_like_needed(before, after)


def _changes_like_needed(before: Shelf, after: Shelf) -> list[NeededChange]:
    """Other contacts, new or changed, that whoever reads the list takes for one that every page shows: they stand above it, or are called like it."""
    kept = [one.data for one in things(before, CONTACTS) if one.id in CONTACTS.kept]
    lowest = max(map(_order_of, kept), default=0)
    names = _ALWAYS_OF_HELP.union(*(_names_in(f"{one.get('who', '')} {one.get('number', '')}") for one in kept))
    situations = {as_seen(str(one.get("situation", ""))) for one in kept}
    was = {one.id: one.data for one in things(before, CONTACTS)}
    found = []
    for one in things(after, CONTACTS):
        old = was.get(one.id, {})
        if one.id in CONTACTS.kept or all(old.get(key) == one.data.get(key) for key in SEEN_BY_PEOPLE):
            continue
        alike = (
            _names_in(str(one.data.get("who", ""))) & names or as_seen(str(one.data.get("situation", ""))) in situations
        )
        if alike or _order_of(one.data) <= lowest:
            found.append(NeededChange(one.id, str(one.data.get("who", one.id)), dict(old), dict(one.data), kept=False))
    return found


def _names_in(said: str) -> frozenset[str]:
    """The words of a name, as they look."""
    return frozenset(re.findall(r"\w{3,}", as_seen(said))) - _NAMES_NOTHING


def _order_of(contact: Mapping[str, Any]) -> float:
    order = contact.get("order")
    return float(order) if isinstance(order, (int, float)) else 0


def _number_faults(number: str, others: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    fault = phone_fault(number)
    if fault:
        return {"number": fault}
    held = next((one for one in others if digits(str(one.get("number") or "")) == digits(number)), None)
    return {"number": f"This is the number of “{held.get('who')}” already."} if held else {}
