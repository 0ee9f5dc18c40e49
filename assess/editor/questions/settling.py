"""What follows from a change of one part of a question: other parts that no longer fit, the mark of signs, and the mark of meaning."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from assess.editor.questions.fields import Data, put
from assess.editor.questions.parts import CHOSEN, COUNTED, ORDER
from assess.editor.questions.rows import entries_of
from assess.editor.questions.words import OUTCOMES, outcomes_with_signs

MUCH = 0.5
"""Words that are alike by less than this may ask something else."""
_FITS = {
    "options": CHOSEN,
    "cap": {"choices"},
    "ticks": {"choices"},
    "bands": COUNTED,
    "rule": {"number"},
    "steps": {"number"},
    "unit": COUNTED,
    "dk_action": COUNTED,
    "columns": {"table"},
    "pooled": {"choice"},
    "option_map": CHOSEN,
}
"""The types that a key fits; all others fit every type."""
_SCORED = ("can_sign", "cap", "bands", "ticks", "rule", "steps", "action", "dk_action", "same_as", "not_yet")
_SCORED_IN_OPTIONS = ("points", "sign", "third_party", "action", "not_looked", "mended", "breach", "says")
_DONT_KNOW = {"id": "dk", "label": "Don’t know"}
_POINTS: Mapping[str, tuple[int, int, int]] = {"yes": (4, 0, 4), "no": (0, 4, 4)}
"""Points of “Yes”, “No” and “Don’t know” by the answer that matters."""
_BANDS: Mapping[str, tuple[int, int]] = {"high": (0, 4), "low": (4, 0)}
"""Points of none and of more by the numbers that matter."""


def settled(old: Mapping[str, Any], new: Data) -> Data:
    """The question with all that follows from the change."""
    made = new
    if new.get("type") != old.get("type"):
        made = {key: one for key, one in made.items() if made["type"] in _FITS.get(key, {made["type"]})}
    if (new.get("type"), new.get("kind")) != (old.get("type"), old.get("kind")):
        made = begun(made)
    if new.get("kind") == "fact" and old.get("kind") != "fact":
        made = _unscored(made)
    if any(made.get(key) != old.get(key) for key in OUTCOMES):
        made = _marked(old, made)
    return made


def begun(data: Data, matters: str = "") -> Data:
    """The question with the least that its type needs, where it has nothing of it yet.

    `matters` is the answer that something has to be done about: "yes", "no", "high" or "low". Where nobody has said it there are no points,
    and the draft has a problem until somebody says them.
    """
    kind, scored = data.get("type"), data.get("kind") != "fact"
    if kind in CHOSEN and not data.get("options"):
        words = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]
        if kind == "choices":
            words = [{"id": "first", "label": "The first answer"}, {"id": "none", "label": "None of these"}]
        points = _POINTS[matters] if scored and kind == "choice" and matters in _POINTS else ()
        options = [
            {**one, **({"points": cost} if cost is not None else {})}
            for one, cost in zip_longest([*words, _DONT_KNOW], points)
        ]
        return put(data, "options", options, ORDER)
    if kind in COUNTED and scored and matters in _BANDS and not data.get("bands") and not data.get("rule"):
        first, then = _BANDS[matters]
        return put(data, "bands", [{"up_to": 0, "points": first}, {"points": then}], ORDER)
    if kind == "table" and not data.get("columns"):
        return put(data, "columns", [{"id": "what", "label": "What", "type": "text"}], ORDER)
    return data


def _unscored(data: Data) -> Data:
    """A fact has no points, signs or actions."""
    made = copy.deepcopy({key: one for key, one in data.items() if key not in _SCORED})
    for option in entries_of(made, "options"):
        for key in _SCORED_IN_OPTIONS:
            option.pop(key, None)
    return made


def _marked(old: Mapping[str, Any], new: Data) -> Data:
    """A question with an answer that raises a sign is marked; the mark goes with the last such answer. A check may still need it."""
    if any(outcomes_with_signs(new)):
        return put(new, "can_sign", True, ORDER)  # noqa: FBT003  # the value of a key
    return put(new, "can_sign", None, ORDER) if any(outcomes_with_signs(old)) else new


def revision(data: Mapping[str, Any]) -> int:
    """How often the question came to mean something else."""
    rev = data.get("rev", 1)
    return rev if isinstance(rev, int) else 1


def means_another(data: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    """Whether the draft says that the question means something else than it does in force."""
    return revision(data) > revision(base)


def with_meaning(data: Data, base: Mapping[str, Any], *, another: bool) -> Data:
    """The question marked as another one than in force, or as the same."""
    if another == means_another(data, base):
        return data
    return put(data, "rev", revision(base) + 1 if another else base.get("rev"), ORDER)


def changed_much(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the words of the question, or of an answer that stayed, are so different that they may ask something else."""
    if _unlike(str(old.get("ask", "")), str(new.get("ask", ""))):
        return True
    labels = {one.get("id"): str(one.get("label", "")) for one in entries_of(old, "options")}
    return any(
        _unlike(labels[name], str(one.get("label", "")))
        for one in entries_of(new, "options")
        if (name := one.get("id")) in labels
    )


def _unlike(old: str, new: str) -> bool:
    return old != new and SequenceMatcher(None, _bare(old), _bare(new), autojunk=False).ratio() < MUCH


def _bare(text: str) -> list[str]:
    return [word.strip(".,;:?!’“”()").lower() for word in text.split()]
