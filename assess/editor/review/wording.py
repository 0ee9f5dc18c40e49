"""How a change is said: what its class means for businesses, and which part of a thing changed."""

from __future__ import annotations

from collections.abc import Mapping

from assess.engine.differences import Change, Class

CLASSES: Mapping[Class, tuple[str, str]] = {
    Class.STRUCTURE: (
        "Something came, went or moved",
        "Businesses that start from now on see another set of questions or answers. An answer to something that went stays in the old plan.",
    ),
    Class.MEANING: (
        "A question means something else",
        "An answer given before is not taken as an answer to it. A business that moves to the new edition is asked to confirm it.",
    ),
    Class.CONDITION: (
        "Something applies to others",
        "Some businesses see a question, or are told of a duty, that they were not told of before, or the other way round.",
    ),
    Class.POINTS: (
        "Points, signs or actions",
        "The same answers may give another score, another sign or other things to do.",
    ),
    Class.WORDING: ("Other words", "It is the same thing in other words. No answer and no score changes."),
}
"""A heading for each class, and what it means for businesses."""

_PARTS: Mapping[str, str] = {
    "ask": "the question",
    "hint": "the hint",
    "why": "why it is asked",
    "evidence": "what shows it",
    "unit": "the unit",
    "label": "the words of the answer",
    "title": "the title",
    "name": "the name",
    "says": "what it says",
    "meaning": "what it means",
    "show_if": "when it is asked",
    "when": "when it applies",
    "unless": "when it does not apply",
    "type": "how it is answered",
    "kind": "what kind of question it is",
    "rev": "which time it means something new",
    "replaces": "which question it takes over from",
    "option_map": "which old answers it takes over",
    "common": "whether all sectors are asked",
    "quick": "whether it is in the quick check",
    "can_sign": "whether it can raise a sign",
    "points": "the points",
    "cap": "the most points",
    "bands": "the points by number",
    "ticks": "the points by ticks",
    "steps": "the outcomes of its sum",
    "rule": "the sum behind it",
    "inputs": "what its sum reads",
    "columns": "the columns",
    "sign": "the sign",
    "ilo": "the ILO indicators",
    "action": "what to do",
    "dk_action": "what to do when nobody knows",
    "third_party": "whether it tells of control by somebody else",
    "pooled": "whether buyers see it only added up",
    "section": "the section it is in",
    "place": "its place",
    "url": "the address",
    "must_do": "what must be done",
    "deadline": "the date it is due",
    "reviewed_by": "who has reviewed it",
    "reviewed_on": "when it was reviewed",
    "not_looked": "whether it says that nobody has looked",
    "mended": "whether it says that something was put right",
    "breach": "which law it is against",
    "retired": "whether it is no longer offered",
    "harm": "how grave it is",
    "same_as": "whose action is printed for it too",
    "not_yet": "what a poor answer means, in a sentence",
    "unless_said": "what holds in a sector unless the business says otherwise",
    "line": "what binds, in a line",
    "amount": "the amount",
    "penalty": "the penalty",
    "read": "where to read it",
    "how_far_read": "how far it was read",
}
_THINGS: Mapping[str, str] = {
    "option": "answer",
    "term": "shorthand",
    "owner": "who does it",
    "group": "bar for buyers",
}
NOTHING = "nothing"
ON_PURPOSE = "nothing is to be done"


def part_in_words(change: Change) -> str:
    """What of it changed: “the hint”, “answer “Yes”: the points”, “question: new”."""
    thing = _THINGS.get(change.what, change.what)
    if change.part == "whole":
        done = "new" if change.before is None else "taken out"
        return f"{thing} “{change.title}”: {done}" if change.what != "question" else done
    said = _PARTS.get(change.part, change.part.replace("_", " "))
    return said if change.what == "question" else f"{thing} “{change.title}”: {said}"


def value_in_words(change: Change, value: str | None) -> str:
    """A value as it was or is; “nothing” where there is none."""
    if change.part in {"action", "dk_action"} and value == "no":
        return ON_PURPOSE
    return value or NOTHING
