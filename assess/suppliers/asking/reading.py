"""What a buyer types to put one supplier on its list and to ask it. Typed text comes back as it was typed, with one sentence for each fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assess.kit.mail.addresses import AddressUnfitError, fit_address
from assess.kit.pages import day as in_words
from assess.people.organisations.naming import NameUnfitError, NumberUnfitError, fit_company_number, fit_name
from assess.suppliers.inviting import Ask
from assess.suppliers.keeping import Details
from assess.suppliers.messages import read_message
from assess.suppliers.models import LONGEST_REFERENCE, Size

LONGEST_TYPED = 2000
LEAST_DAYS = 7
"""Days a supplier has at the least, from the day on which the letter may go."""
MOST_DAYS = 365
MOST_POUNDS = 2_000_000_000
LENGTHS = ("full", "quick")
FIELDS = ("name", "email", "phone", "company_number", "reference", "area", "size", "spend")
ASKED = ("sector", "length", "due_day", "due_month", "due_year", "message", "at_once")
_PHONE = re.compile(r"[0-9+()][0-9 ()+./-]{4,39}")
_FIGURES = re.compile(r"[0-9]{1,12}")

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it was sent. `faults`: sentence by field. `details` and `ask` are there when nothing is wrong with them."""

    typed: Typed
    details: Details | None = None
    ask: Ask | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def beside(self) -> dict[str, str | None]:
        """The sentence beside each field; None where nothing is wrong."""
        return {**dict.fromkeys((*FIELDS, *ASKED, "due")), **self.faults}


def typed_of(form: Mapping[str, str], names: tuple[str, ...] = (*FIELDS, *ASKED)) -> dict[str, str]:
    """What was typed into these fields, no longer than anybody types."""
    return {name: form.get(name, "")[:LONGEST_TYPED].strip() for name in names}


def read_details(typed: Typed, sectors: Mapping[str, str], areas: Mapping[str, str]) -> Read:
    """Who the supplier is. `sectors` and `areas` are id and title."""
    faults: dict[str, str] = {}
    try:
        name = fit_name(typed["name"], "the name of the supplier")
    except NameUnfitError as error:
        name, faults["name"] = "", str(error)
    email, phone, number = "", _phone(typed["phone"], faults), None
    if typed["email"]:
        try:
            email = fit_address(typed["email"]).lower()
        except AddressUnfitError:
            faults["email"] = "Enter an e-mail address, like name@example.org, or leave it out."
    try:
        number = fit_company_number(typed["company_number"])
    except NumberUnfitError as error:
        faults["company_number"] = str(error)
    reference = " ".join(typed["reference"].split())
    if len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        faults["reference"] = f"Enter your reference in {LONGEST_REFERENCE} characters or fewer."
    details = Details(
        name=name,
        email=email,
        phone=phone,
        company_number=number,
        reference=reference,
        sector=typed["sector"] if typed["sector"] in sectors else None,
        area=typed["area"] if typed["area"] in areas else None,
        size=Size(typed["size"]) if typed["size"] in set(Size) else None,
        spend_gbp=_spend(typed["spend"], faults),
    )
    return Read(typed, None if faults else details, None, faults)


def read_ask(typed: Typed, sectors: Mapping[str, str], send_on: date) -> Read:
    """What is asked. `send_on`: the first day on which the letter may go."""
    faults: dict[str, str] = {}
    if typed["sector"] not in sectors:
        faults["sector"] = "Choose what the supplier does."
    if typed["length"] not in LENGTHS:
        faults["length"] = "Choose how much you ask."
    due = read_due(typed, send_on, faults)
    message, fault = read_message(typed["message"])
    if fault:
        faults["message"] = fault
    if faults or due is None:
        return Read(typed, None, None, faults)
    ask = Ask(typed["sector"], typed["length"] == "quick", due, message, send_on)
    return Read(typed, None, ask, faults)


def read_due(typed: Typed, send_on: date, faults: dict[str, str]) -> date | None:
    """The date, or None and a sentence in `faults`: at least a week after the letter, and no more than a year."""
    parts = [typed[name] for name in ("due_day", "due_month", "due_year")]
    if not all(parts):
        faults["due"] = "Enter the day, the month and the year, like 24 12 2026."
        return None
    try:
        due = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except (ValueError, OverflowError):
        faults["due"] = "Enter a day that there is, like 24 12 2026."
        return None
    days = (due - send_on).days
    if days < LEAST_DAYS:
        faults["due"] = (
            f"Give them at least {LEAST_DAYS} days from {in_words(send_on)}: choose a later date. Less time makes poor answers."
        )
    elif days > MOST_DAYS:
        faults["due"] = "Choose a date within a year."
    return None if "due" in faults else due


def _phone(typed: str, faults: dict[str, str]) -> str:
    phone = " ".join(typed.split())
    if phone and not _PHONE.fullmatch(phone):
        faults["phone"] = "Enter a phone number, like 01603 123456, or leave it out."
        return ""
    return phone


def _spend(typed: str, faults: dict[str, str]) -> int | None:
    text = typed.replace("£", "").replace(",", "").replace(" ", "")
    if not text:
        return None
    if not _FIGURES.fullmatch(text) or int(text) > MOST_POUNDS:
        faults["spend"] = "Enter what you spend there in a year in whole pounds, like 25000, or leave it out."
        return None
    return int(text)
