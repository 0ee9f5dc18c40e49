"""What types, kinds and signs are called on the pages of the editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assess.editor.questions.rows import entries_of

TYPE_WORDS = (
    ("choice", "One answer from a list"),
    ("choices", "One or more answers from a list"),
    ("number", "A number"),
    ("percentage", "A percentage"),
    ("date", "A date"),
    ("text", "Words of their own"),
    ("table", "A table to fill in"),
)
KIND_WORDS = (
    ("exposure", "A risk the business meets"),
    ("safeguard", "What the business does against it"),
    ("fact", "A fact: it scores nothing"),
)
HARM_WORDS = {
    1: "1: life and freedom",
    2: "2: pay and debt",
    3: "3: papers and homes",
    4: "4: agencies and go-betweens",
    5: "5: voice",
    6: "6: paper and training",
}
FLAG_WORDS = {
    "not_looked": "nobody has looked",
    "mended": "found and put right",
    "retired": "no longer offered",
}
"""What an answer says of itself."""
OUTCOMES = ("options", "bands", "steps")
"""The lists of a question whose entries may raise a sign."""


def type_words(data: Mapping[str, Any]) -> str:
    """How the question is answered; what is written when nobody knows it."""
    return dict(TYPE_WORDS).get(str(data.get("type")), str(data.get("type", "")))


def kind_words(data: Mapping[str, Any]) -> str:
    """What the question is about."""
    return dict(KIND_WORDS).get(str(data.get("kind")), str(data.get("kind", "")))


def outcomes_with_signs(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The answers that raise a sign, in words, each with the sign."""
    for key in OUTCOMES:
        for entry in entries_of(data, key):
            if entry.get("sign"):
                yield entry_words(key, entry), str(entry["sign"])


def entry_words(key: str, entry: Mapping[str, Any]) -> str:
    """What an answer, a band or an outcome is called."""
    if key == "bands":
        return "More than that" if entry.get("up_to") is None else f"Up to {entry['up_to']}"
    return str(entry.get("label") or entry.get("id") or "")


def sign_words(data: Mapping[str, Any]) -> str:
    """Which sign the question can raise: the gravest, or one of a check."""
    signs = {sign for _, sign in outcomes_with_signs(data)}
    if "urgent" in signs:
        return "Can raise an urgent sign"
    if signs:
        return f"Can raise a {signs.pop()} sign"
    return "A check can raise its sign" if data.get("can_sign") else ""


def signs_said(data: Mapping[str, Any]) -> list[str]:
    """Which answers raise which sign, a sentence for each sign; nothing when no answer can."""
    found: dict[str, list[str]] = {}
    for words, sign in outcomes_with_signs(data):
        found.setdefault(sign, []).append(f"“{words}”")
    said = [
        f"{'An urgent' if sign == 'urgent' else 'A serious'} sign is raised by {_joined(found[sign])}."
        for sign in ("urgent", "serious")
        if sign in found
    ]
    return said or (["A check raises a sign from this answer and others."] if data.get("can_sign") else [])


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
