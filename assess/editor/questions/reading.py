"""A question as its page reads it out: its number, its section, its answers with their points, and who else is asked it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.editor.questions.actions import EFFORTS, WITHIN
from assess.editor.questions.at_hand import BankAtHand
from assess.editor.questions.fields import Group
from assess.editor.questions.overview import banks_with, condition_words, is_common, names_in
from assess.editor.questions.parts import Part, parts_of
from assess.editor.questions.rows import WAS, Rows, entries_of, names_of
from assess.editor.questions.settling import means_another
from assess.editor.questions.words import FLAG_WORDS, HARM_WORDS, entry_words, kind_words, type_words
from assess.editor.workbench import Spot

_LISTS = ("options", "bands", "steps", "ticks")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to answer: its words, its points and its sign."""

    words: str
    points: str
    sign: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All a page says about a question. `shared` are the other banks that have it, `change` what the draft does to it."""

    id: str
    ask: str
    number: int
    section: str
    said: Sequence[tuple[str, str]]
    outcomes: Sequence[Outcome]
    parts: Sequence[Part]
    shared: Sequence[str]
    change: str
    another: bool


def reading_of(hand: BankAtHand, spot: Spot) -> Reading:
    """What the pages of a question say."""
    data, name = spot.data, str(spot.data.get("id"))
    questions = [one.data for one in hand.at_work.questions_of(hand.bank)]
    base = hand.base(name)
    section = next(
        one for one in hand.at_work.sections_of(hand.bank) if one.path == spot.path[:2] and one.sheet == spot.sheet
    )
    return Reading(
        id=name,
        ask=str(data.get("ask") or name),
        number=1 + next(number for number, one in enumerate(questions) if one is data),
        section=str(section.data.get("title")),
        said=_said(hand, data, condition_words(data.get("show_if"), names_in(questions))),
        outcomes=_outcomes(data, hand.lists.duties),
        parts=parts_of(data, hand.lists),
        shared=banks_with(hand.at_work.shelf, spot) if is_common(spot) else [],
        change="new" if base is None else "changed" if base != data else "",
        another=base is not None and means_another(data, base),
    )


def _said(hand: BankAtHand, data: Mapping[str, Any], condition: str) -> list[tuple[str, str]]:
    """Every other part that says something, with what it is called."""
    action, theme = data.get("action"), str(data.get("dimension"))
    sources = data.get("sources")
    listed = sources if isinstance(sources, list) else []
    told = (
        ("Asked if", condition or "Always"),
        ("Name", data.get("name")),
        ("Hint", data.get("hint")),
        ("What the number counts", data.get("unit")),
        ("Why it matters", data.get("why")),
        ("What could show it", data.get("evidence")),
        ("What a poor answer means", data.get("not_yet")),
        ("How it is answered", type_words(data)),
        ("What it is about", kind_words(data)),
        ("Theme", hand.lists.dimensions.get(theme, theme)),
        ("How grave it is", HARM_WORDS.get(data.get("harm") or 0)),
        ("Quick check", "Yes" if data.get("quick") else "No"),
        ("Title of what to do", action.get("title") if isinstance(action, dict) else None),
        ("What to do", action.get("do") if isinstance(action, dict) else None),
        ("How soon, and who", _within(hand, action) if isinstance(action, dict) else None),
        ("Printed with the action of", hand.lists.named.get(str(data.get("same_as")), data.get("same_as"))),
        ("Sources", "; ".join(hand.lists.sources.get(str(one), str(one)) for one in listed)),
    )
    return [(label, str(words)) for label, words in told if words]


def _within(hand: BankAtHand, action: Mapping[str, Any]) -> str:
    days, owner, effort = (str(action.get(key, "")) for key in ("priority", "owner", "effort"))
    said = (
        dict(WITHIN).get(days, f"Within {days} days"),
        hand.lists.owners.get(owner, owner),
        dict(EFFORTS).get(effort, effort),
        "Only after calling the helpline" if action.get("after_advice") else "",
    )
    return ". ".join(one for one in said if one)


def _outcome_words(key: str, one: Mapping[str, Any], duties: Mapping[str, str]) -> str:
    said = f"{one.get('at_least')} ticks or more" if key == "ticks" else entry_words(key, one)
    breach = str(one.get("breach") or "")
    more = [
        *([f"against the law: {duties.get(breach, breach)}"] if breach else []),
        *[words for name, words in FLAG_WORDS.items() if one.get(name) is True],
    ]
    return f"{said} ({'; '.join(more)})" if more else said


def _outcomes(data: Mapping[str, Any], duties: Mapping[str, str]) -> list[Outcome]:
    return [
        Outcome(
            _outcome_words(key, one, duties),
            "" if one.get("points") is None else f"{one['points']}",
            str(one.get("sign") or ""),
        )
        for key in _LISTS
        for one in entries_of(data, key)
    ]


def labels_of(rows: Rows, groups: Sequence[Group], data: Mapping[str, Any]) -> list[str]:
    """What each row of a form is called: by its number, or where rows are fixed by the words of the answer, its points and its sign."""
    if not rows.fixed:
        known = [next(iter(group.get(WAS, ())), "") if rows.named_by == "id" else "" for group in groups]
        return [
            f"{rows.one.capitalize()} {place}{f' (id {name})' if name else ''}" for place, name in enumerate(known, 1)
        ]
    entries = entries_of(data, rows.key)
    held = dict(zip(names_of(rows.named_by, entries), entries, strict=True))
    return [_entry_said(rows.key, held.get(next(iter(group.get(WAS, ())), ""), {})) for group in groups]


def _entry_said(key: str, entry: Mapping[str, Any]) -> str:
    points, sign = entry.get("points"), entry.get("sign")
    more = [*([f"{points} points"] if points is not None else []), *([f"{sign} sign"] if sign else [])]
    return f"{entry_words(key, entry)} ({', '.join(more)})" if more else entry_words(key, entry)
