"""One thing of a file changed, added, reviewed or taken away: what is done to the values, whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.editor.changing import MovedOnError
from assess.editor.law.fields import binding_changed, put
from assess.editor.law.kinds import ThingKind, entries
from assess.editor.workbench import mark_of

Data = dict[str, Any]
Values = Mapping[tuple[str, ...], object]
REVIEW = ("reviewed_by", "reviewed_on")


def change(data: Data, kind: ThingKind, thing_id: str, seen: str, values: Values, more: Data | None = None) -> bool:
    """Give a thing these values, and `more` no field asks for. A review of a text that is another now is taken off. Returns whether it was.

    Raises:
        MovedOnError: when it is not as it was seen.
    """
    raw = _seen(data, kind, thing_id, seen)
    if kind.bare:
        data[kind.key][thing_id] = values.get((kind.title,), raw)
        return False
    before = dict(raw)
    before["must_do"] = list(raw.get("must_do") or [])
    before["deadline"] = dict(raw.get("deadline") or {})
    put(raw, kind.fields, values)
    raw |= more or {}
    if raw.get("number") or raw.get("web"):
        raw.pop("blanked", None)  # a contact has a number again
    is_another = binding_changed(kind.fields, before, raw) or any(before.get(key) != raw[key] for key in more or {})
    void = "reviewed_by" in raw and is_another
    if void:
        _take_review_off(raw)
    return void


def review(data: Data, kind: ThingKind, thing_id: str, seen: str, by: str | None, on: str | None) -> None:
    """Say who reviewed it and when, or with None that nobody did.

    Raises:
        MovedOnError: as above.
    """
    raw = _seen(data, kind, thing_id, seen)
    if by is None:
        _take_review_off(raw)
    else:
        raw["reviewed_by"], raw["reviewed_on"] = by, on


def add(data: Data, kind: ThingKind, thing_id: str, values: Values, more: Data) -> None:
    """Put a new thing at the end. `more` are values no field asks for."""
    if kind.bare:
        data[kind.key][thing_id] = values[kind.title,]
        return
    made: Data = {} if kind.named else {"id": thing_id}
    put(made, kind.fields, values)
    made |= more
    if kind.named:
        data[kind.key][thing_id] = made
    else:
        data[kind.key].append(made)


def take_away(data: Data, kind: ThingKind, thing_id: str, seen: str) -> None:
    """Take a thing out of its file.

    Raises:
        MovedOnError: as above.
    """
    _seen(data, kind, thing_id, seen)
    path = next(path for name, path, _ in entries(data, kind) if name == thing_id)
    del data[kind.key][path[-1]]


def _seen(data: Data, kind: ThingKind, thing_id: str, seen: str) -> Any:  # noqa: ANN401  # a group, or a text
    """The thing by its id, wherever it stands by now: another one added above it is no reason to refuse."""
    for name, _, raw in entries(data, kind):
        if name == thing_id:
            if mark_of(raw) != seen:
                raise MovedOnError(dict(kind.with_words(raw)))
            return raw
    raise MovedOnError(None)


def _take_review_off(raw: Data) -> None:
    for key in REVIEW:
        raw.pop(key, None)
