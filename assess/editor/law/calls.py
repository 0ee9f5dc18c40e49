"""What a way to get help must keep to, whoever writes it: no opening hours, one line in one place, and what a licence line is not for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assess.editor.law.phones import digits, phone_fault

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
    if not number and not web:
        found["number"] = "Enter a phone number or a website."
    elif number:
        found |= _number_faults(str(number), others)
    words = f"{contact.get('who', '')} {contact.get('situation', '')}"
    if _LICENCES.search(words) and not _NO_REPORTS.search(str(contact.get("situation") or "")):
        found.setdefault(
            "situation", "Say that this line does not take reports of abuse. A licence line helps nobody in need."
        )
    return found


def faults_of_needed(contact: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a line that every page shows."""
    found = {} if contact.get("number") else {"number": "Every page shows this line, so it needs a phone number."}
    return found | ({"area": "Everybody needs this line. Leave the area empty."} if contact.get("area") else {})


def _number_faults(number: str, others: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    fault = phone_fault(number)
    if fault:
        return {"number": fault}
    held = next((one for one in others if digits(str(one.get("number") or "")) == digits(number)), None)
    return {"number": f"This is the number of “{held.get('who')}” already."} if held else {}
