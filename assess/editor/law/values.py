"""A new value of a setting from a day on, and what is said of the values there are. No value that counted is ever changed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.editor.changing import MovedOnError
from assess.editor.law.fields import Field, Kind, Read, read
from assess.editor.workbench import mark_of

Data = dict[str, Any]
PROOF = (
    Field("Where you read it", Kind.TEXT, ("source",), "Who says so, and how sure that is.", required=True),
    Field("Looked at on", Kind.DAY, ("checked",), "For example 24/11/2026.", required=True),
    Field("Look again by", Kind.DAY, ("review_by",), "After this day the list says that somebody has to look again.", required=True),
)  # fmt: skip
SAME_DAY = "There is a value from this day already. Choose another day."
TURNED = "This day is before you looked at it. Choose a later one."


def fields_for(row: Mapping[str, Any], unit: str | None) -> tuple[Field, ...]:
    """The fields of a new value that is like this one: a number, words, or each number of a group."""
    value = row.get("value")
    begins = Field(
        "From which day", Kind.DAY, ("from",), "The first day it counts, for example 01/04/2027.", required=True
    )
    if isinstance(value, dict):
        parts = tuple(
            Field(str(name).replace("_", " "), Kind.NUMBER, ("value", str(name)), required=True) for name in value
        )
    else:
        number = isinstance(value, (int, float))
        hint = f"In {unit}." if unit else "As it should read in a sentence. Write a whole day as 2027-04-01."
        parts = (
            Field(
                "New value",
                Kind.NUMBER if number else Kind.LINE,
                ("value",),
                hint if unit or not number else "",
                required=True,
            ),
        )
    return (begins, *parts, *PROOF)


def read_value(rows: Read, before: Data) -> tuple[Data, dict[str, str]]:
    """The new value with its days, and what is wrong beside those that are there. `before` is the setting."""
    made: Data = {}
    for path, value in rows.values.items():
        here = made
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = value
    errors = dict(rows.errors)
    if any(row.get("from") == made.get("from") for row in before.get("values", ()) if isinstance(row, dict)):
        errors.setdefault("from", SAME_DAY)
    return made, errors | turned(made)


def turned(row: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the days of a look at the source."""
    checked, again = row.get("checked"), row.get("review_by")
    return {"review_by": TURNED} if checked and again and str(again) < str(checked) else {}


def add_value(data: Data, setting_id: str, seen: str, row: Data) -> None:
    """Put a value where its day belongs.

    Raises:
        MovedOnError: when the setting is not as it was seen.
    """
    setting = _seen(data, setting_id, seen)
    setting["values"] = sorted([*setting["values"], row], key=lambda one: str(one.get("from", "")))


def look_again(data: Data, setting_id: str, seen: str, begins: str, said: Mapping[str, object]) -> None:
    """Say anew where the value that begins on this day was read, and when.

    Raises:
        MovedOnError: as above, or when there is no such value.
    """
    setting = _seen(data, setting_id, seen)
    row = next((one for one in setting["values"] if one.get("from") == begins), None)
    if row is None:
        raise MovedOnError(None)
    row |= said


def read_proof(form: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    """Source and days as they were typed, and what is wrong."""
    said = read(PROOF, form)
    row = {path[-1]: value for path, value in said.values.items()}
    return row, {**said.errors, **turned(row)}


def _seen(data: Data, setting_id: str, seen: str) -> Data:
    found: Data | None = next((one for one in data.get("settings", ()) if one.get("id") == setting_id), None)
    if found is None or mark_of(found) != seen:
        raise MovedOnError(found)
    return found
