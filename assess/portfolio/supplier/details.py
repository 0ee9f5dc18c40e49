"""What a buyer types of a supplier: read, looked at field by field, and told apart from what somebody else saved meanwhile."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from assess.kit.mail.addresses import AddressUnfitError, fit_address
from assess.people.organisations.naming import NameUnfitError, NumberUnfitError, fit_company_number, fit_name
from assess.suppliers.keeping import Details
from assess.suppliers.models import LONGEST_REFERENCE, Size, Supplier

LONGEST_PHONE = 40
LONGEST_CODE = 40
MOST_POUNDS = 2_000_000_000
FIELDS = ("name", "email", "phone", "company_number", "reference", "sector", "area", "size", "spend_gbp")
_PHONE = re.compile(rf"[0-9+()/ .-]{{0,{LONGEST_PHONE}}}")
_CODE = re.compile(rf"[a-z0-9_]{{0,{LONGEST_CODE}}}")


def typed_of(supplier: Supplier) -> dict[str, str]:
    """What the form shows of it."""
    said = {name: getattr(supplier, name) for name in FIELDS}
    return {name: "" if value is None else str(value) for name, value in said.items()}


def mark_of(supplier: Supplier) -> str:
    """What tells one state of its details from another: a form carries the one it was drawn from."""
    said = "\n".join(typed_of(supplier)[name] for name in FIELDS)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def read_details(form: Mapping[str, str]) -> tuple[Details | None, dict[str, str]]:
    """The details, or what is wrong by field."""
    faults: dict[str, str] = {}
    typed = {name: " ".join(form.get(name, "").split()) for name in FIELDS}
    name = email = ""
    number: str | None = None
    try:
        name = fit_name(typed["name"], "the name of the supplier")
    except NameUnfitError as fault:
        faults["name"] = str(fault)
    try:
        email = fit_address(typed["email"]).lower() if typed["email"] else ""
    except AddressUnfitError:
        faults["email"] = "Enter an e-mail address like jo@farm.example, or leave it out."
    try:
        number = fit_company_number(typed["company_number"])
    except NumberUnfitError as fault:
        faults["company_number"] = str(fault)
    if not _PHONE.fullmatch(typed["phone"]):
        faults["phone"] = "Enter a phone number in digits, like 01603 555 0100, or leave it out."
    if len(typed["reference"]) > LONGEST_REFERENCE or not typed["reference"].isprintable():
        faults["reference"] = f"Enter a reference of {LONGEST_REFERENCE} characters or fewer."
    codes = {field: _code(typed[field]) for field in ("sector", "area")}
    for field, code in codes.items():
        if not _CODE.fullmatch(code):
            faults[field] = f"Enter the {field} in a few plain words, or leave it out."
    size = typed["size"] if typed["size"] in set(Size) else ""
    spend = _pounds(typed["spend_gbp"])
    if spend is None and typed["spend_gbp"]:
        faults["spend_gbp"] = "Enter the spend a year in whole pounds, like 25000, or leave it out."
    if faults:
        return None, faults
    return Details(
        name,
        email,
        typed["phone"],
        number,
        typed["reference"],
        codes["sector"] or None,
        codes["area"] or None,
        Size(size) if size else None,
        spend,
    ), {}


def _code(typed: str) -> str:
    return "_".join(re.split(r"[ _-]+", typed.casefold())).strip("_")


def _pounds(typed: str) -> int | None:
    plain = typed.replace("£", "").replace(",", "").replace(" ", "")
    if (
        not plain.isascii()
        or not plain.isdigit()
        or int(plain[:12]) > MOST_POUNDS
        or len(plain) > len(str(MOST_POUNDS))
    ):
        return None
    return int(plain)
