"""Reads purchase lines from the form: one sentence for each part that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marshmallow import ValidationError

from assess.assessments.fields import LONGEST_FORM_VALUE, FormData, NumberField, TextField, error_messages, integer_in
from assess.assessments.purchase_lines import LONGEST_GOOD, LONGEST_SUPPLIER, has_visible_text, read_country
from assess.assessments.purchases import MOST_LINES, LineChange, LineContent, LineFields
from assess.engine.reference import Reference

TOO_MANY = f"The list can have {MOST_LINES} lines. Join some that are alike, or take some off."
TYPED_FIELDS = ("country", "share", "supplier")
"""The parts of a line that people type, in the order of the page."""
SHARE_DECIMALS = 2
"""More decimals of a share nobody knows, and they would not come back from the page as they went in."""

_ABOUT = re.compile(r"^(?:about|around|approx(?:imately)?\.?|roughly|circa|ca?\.|~|≈)\s*", re.IGNORECASE)
"""What people write before a number that is rough, as every share is."""
_REVISION_FIELD = re.compile(r"([1-9][0-9]{0,5})\.seen")


@dataclass(slots=True)
class FormLine:
    number: int
    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PurchaseForm:
    lines: Mapping[int, FormLine]
    changes: Mapping[int, LineChange]

    @property
    def faulty(self) -> Sequence[FormLine]:
        return [line for line in self.lines.values() if line.errors]


def read_purchase_form(form: FormData, reference: Reference) -> PurchaseForm:
    lines: dict[int, FormLine] = {}
    changes: dict[int, LineChange] = {}
    # a request has an end of its own, so all it names can be read: nothing is cut off under “saved”
    for number in sorted(int(match[1]) for name in form if (match := _REVISION_FIELD.fullmatch(name))):
        if form.get(f"{number}.pick") == "theirs":
            continue
        parts = (*TYPED_FIELDS, "work")
        line = FormLine(number, {part: form.get(f"{number}.{part}", "")[:LONGEST_FORM_VALUE].strip() for part in parts})
        seen = integer_in(form, f"{number}.newest" if form.get(f"{number}.pick") == "mine" else f"{number}.seen")
        lines[number] = line
        changes[number] = LineChange(seen, _read_line_fields(form, line, reference))
    return PurchaseForm(lines, changes)


def read_goods(form: FormData, reference: Reference) -> tuple[list[str], str | None]:
    """What is to go on the list: what was ticked, then what was written, one thing a line; and what is wrong with that.

    Nothing is read past the most lines that a list can have: a form of 250 KB would keep a process busy for seconds.
    """
    ticked = [key for key in dict.fromkeys(form.getlist("offer")) if key in reference.offers]
    written: list[str] = []
    for line in filter(str.strip, form.get("own", "").splitlines()):
        try:
            text = TextField(LONGEST_GOOD).deserialize(line)
        except ValidationError as refusal:
            return ticked, f"{' '.join(error_messages(refusal))} Write one thing a line."
        if has_visible_text(text):
            # where by their large letters alone the words would be a narrower key, the key they mean
            meant = reference.typed(text)
            written.append(meant.key if meant is not None and reference.offers.get(text) not in {None, meant} else text)
        if len(ticked) + len(written) > MOST_LINES:
            return ticked, TOO_MANY
    return [*ticked, *written], None


def share_text(share: float | None) -> str:
    """A share as a person would type it: "12.5"."""
    return "" if share is None else f"{share:.{SHARE_DECIMALS}f}".rstrip("0").rstrip(".")


def line_texts(content: LineContent, reference: Reference) -> dict[str, str]:
    country = reference.countries.get(content.country or "")
    return {
        "country": country.name if country else "",
        "share": share_text(content.share),
        "supplier": content.supplier,
    }


def hidden_line_fields(number: int, content: LineContent, reference: Reference) -> list[tuple[str, str]]:
    return [
        (f"{number}.good", content.good),
        *((f"{number}.{part}", text) for part, text in line_texts(content, reference).items()),
        (f"{number}.removed", "yes" if content.removed else ""),
    ]


def _read_line_fields(form: FormData, line: FormLine, reference: Reference) -> LineFields:
    """What the form says of this line. A part that cannot be read is left out, so that it stays as it is stored."""
    parts: LineFields = {}
    try:
        parts["country"] = read_country(
            line.typed["country"], {one.code: one.name for one in reference.countries.values()}
        )
    except ValidationError as refusal:
        line.errors["country"] = " ".join(error_messages(refusal))
    try:
        parts["share"] = _read_share(line.typed["share"])
    except ValidationError as refusal:
        line.errors["share"] = " ".join(error_messages(refusal))
    try:
        parts["supplier"] = TextField(LONGEST_SUPPLIER).deserialize(line.typed["supplier"])
    except ValidationError as refusal:
        line.errors["supplier"] = " ".join(error_messages(refusal))
    number, _, key = form.get("choose", "").partition(":")
    chosen = key if number == str(line.number) else line.typed["work"]
    if chosen in reference.offers:
        parts["good"] = chosen
    if form.get("remove") == str(line.number):
        parts["removed"] = True
    if f"{line.number}.good" in form:
        parts |= _read_hidden_fields(form, line.number)
    return parts


def _read_hidden_fields(form: FormData, number: int) -> LineFields:
    """What only the page with both texts carries along."""
    rest: LineFields = {"removed": form.get(f"{number}.removed") == "yes"}
    try:
        good = TextField(LONGEST_GOOD).deserialize(form.get(f"{number}.good", ""))
    except ValidationError:  # nobody types here: it is ours, or made up
        return rest
    if good:
        rest["good"] = good
    return rest


def _read_share(typed: str) -> float | None:
    if not typed:
        return None
    share = NumberField(typed=True, percentage=True, may_be_unknown=False).deserialize(_ABOUT.sub("", typed))
    return round(float(share), SHARE_DECIMALS)
