"""An action as fields: that of a question, that of “don’t know”, and the own one of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assess.banks.schema import LONGEST_ACTION_TITLE, LONGEST_TITLED_DO, ActionShape
from assess.editor.questions.fields import Control, Data, Field, Group, fields_read, fields_said

ORDER = tuple(ActionShape().fields)
USUAL, NONE, OWN = "usual", "none", "own"
EFFORTS = (("S", "Small: half a day"), ("M", "Medium: three days"), ("L", "Large: ten days"))
WITHIN = (("immediate", "At once"), *((str(days), f"Within {days} days") for days in (7, 30, 90, 180)))
_WORDS = Field("do", Control.TEXT, "What to do", "Write {helpline} where the number of the helpline is to stand.")
_TITLE = Field(
    "title",
    Control.LINE,
    "Title",
    f"What to do in a few words that make sense alone: {LONGEST_ACTION_TITLE} characters or fewer. With a title, what to do has {LONGEST_TITLED_DO} or fewer.",
    longest=LONGEST_ACTION_TITLE,
)
TOO_LONG = f"Shorten this to {LONGEST_TITLED_DO} characters or fewer, because the action has a title."
TYPED_FOR_NOTHING = "You typed an action. Choose “An action of its own”, or empty its words."


def action_fields(
    owners: Mapping[str, str], held: object, question: Mapping[str, Any] | None = None
) -> tuple[Field, ...]:
    """The fields of one action. A number of days that stands in the file can be kept, even if it is none of the usual ones.

    `question` is the one it belongs to; None for an action that brings no answer.
    """
    own = held if isinstance(held, dict) else {}
    within = list(WITHIN)
    days = own.get("priority")
    if days is not None and str(days) not in dict(within):
        within.append((str(days), f"Within {days} days"))
    return (
        _TITLE,
        replace(_WORDS, missing="Enter what to do."),
        Field("priority", Control.SELECT, "How soon", choices=tuple(within), missing="Choose how soon."),
        Field("owner", Control.SELECT, "Who does it", choices=tuple(owners.items()), missing="Choose who does it."),
        Field("effort", Control.SELECT, "How much work it is", choices=EFFORTS, missing="Choose how much work it is."),
        Field(
            "after_advice",
            Control.TICK,
            "Only after calling the helpline",
            "Tick this when the action asks, moves, re-checks or dismisses workers, or drops an agency.",
        ),
        *_reaches(question or {}, own),
    )


def _reaches(question: Mapping[str, Any], own: Mapping[str, Any]) -> list[Field]:
    """Which answer the action brings: one of the answers to choose from, or a number."""
    label, best = "Which answer it brings", "The gain is worked out for it."
    options = question.get("options")
    if isinstance(options, list) and options:
        known = [
            (str(one.get("id")), str(one.get("label") or one.get("id"))) for one in options if isinstance(one, dict)
        ]
        choices = (("", "The best answer"), *known)
        return [Field("reaches", Control.SELECT, label, best, choices, ids=True)]
    if question.get("type") in {"number", "percentage"} or "reaches" in own:
        return [Field("reaches", Control.NUMBER, label, f"A number. Leave it empty for the best one. {best}")]
    return []


def action_said(owners: Mapping[str, str], value: object, question: Mapping[str, Any] | None = None) -> Group:
    """What the fields show: `which` says whether there is an own action, none at all, or the usual one."""
    which = NONE if value is False else OWN if isinstance(value, dict) else USUAL
    held = value if isinstance(value, dict) else {}
    return {"which": [which], **fields_said(action_fields(owners, value, question), held)}


def action_read(
    owners: Mapping[str, str],
    typed: Mapping[str, Sequence[str]],
    held: object,
    question: Mapping[str, Any] | None = None,
) -> tuple[object, dict[str, str]]:
    """The action that was typed: its keys, False for none, or None for the usual one; and what cannot be taken."""
    which = next(iter(typed.get("which", ())), USUAL)
    before: Data = held if isinstance(held, dict) else {}
    if which != OWN:
        fresh = fields_read((_WORDS,), typed, before, ORDER)[0].get("do") not in {None, before.get("do")}
        return (False if which == NONE else None), ({"which": TYPED_FOR_NOTHING} if fresh else {})
    data, errors = fields_read(action_fields(owners, held, question), typed, before, ORDER)
    if data != before and "title" in data and len(str(data.get("do", ""))) > LONGEST_TITLED_DO:
        errors.setdefault("do", TOO_LONG)
    return (held if data == before and isinstance(held, dict) else data), errors


def inside(group: Mapping[str, Any], key: str) -> Group:
    """The fields of one action among those of a thing: “action-do” is “do” of “action”."""
    return {name.removeprefix(f"{key}-"): value for name, value in group.items() if name.startswith(f"{key}-")}


def outside(group: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The other way round."""
    return {f"{key}-{name}": value for name, value in group.items()}
