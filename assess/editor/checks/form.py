"""The words, sign and action of a check as somebody typed them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.schema import CheckShape
from assess.editor.conditions.building import put
from assess.editor.conditions.typed import Form
from assess.engine.indicators import ILO

ORDER = tuple(CheckShape().fields)
LONGEST = 600
NO_SIGN = "none"
SIGNS = (
    (NO_SIGN, "It is a note for the coordinator"),
    ("serious", "It is a serious sign"),
    ("urgent", "It is an urgent sign"),
)
PRIORITIES = (
    ("immediate", "At once"),
    ("7", "Within 7 days"),
    ("30", "Within 30 days"),
    ("90", "Within 90 days"),
    ("180", "Within 180 days"),
)
EFFORTS = (("S", "Half a day"), ("M", "About three days"), ("L", "About ten days"))


@dataclass(frozen=True, slots=True)
class TypedCheck:
    """All fields as text. An action without words is none."""

    says: str = ""
    sign: str = NO_SIGN
    ilo: tuple[str, ...] = ()
    do: str = ""
    priority: str = "30"
    owner: str = ""
    effort: str = "S"
    after_advice: bool = False


def typed_check(data: Mapping[str, Any]) -> TypedCheck:
    """A check as it stands in a file."""
    action = data.get("action")
    said: Mapping[str, Any] = action if isinstance(action, dict) else {}
    ilo = data.get("ilo")
    return TypedCheck(
        says=str(data.get("says", "")),
        sign=str(data.get("sign") or NO_SIGN),
        ilo=tuple(str(one) for one in ilo) if isinstance(ilo, list) else (),
        do=str(said.get("do", "")),
        priority=str(said.get("priority", "30")),
        owner=str(said.get("owner", "")),
        effort=str(said.get("effort", "S")),
        after_advice=said.get("after_advice") is True,
    )


def read_check(form: Form) -> TypedCheck:
    """What was typed."""
    return TypedCheck(
        says=" ".join(form.get("says", "").split()),
        sign=form.get("sign", NO_SIGN),
        ilo=tuple(str(one) for one in ILO if str(one) in form.getlist("ilo")),
        do=" ".join(form.get("do", "").split()),
        priority=form.get("priority", ""),
        owner=form.get("owner", ""),
        effort=form.get("effort", ""),
        after_advice=form.get("after_advice", "") == "yes",
    )


def faults_in(typed: TypedCheck, owners: Collection[str]) -> dict[str, str]:
    """What to do before it can be saved, by field."""
    faults: dict[str, str] = {}
    for name, text in (("says", typed.says), ("do", typed.do)):
        if len(text) > LONGEST:
            faults[name] = f"Say it in {LONGEST} letters or fewer."
    if not typed.says:
        faults["says"] = "Write what the check found, in words for the business."
    if typed.sign not in {name for name, _ in SIGNS}:
        faults["sign"] = "Choose what it means."
    elif typed.sign != NO_SIGN and not typed.ilo:
        faults["ilo"] = "A sign needs at least one of these. Tick the one it points to."
    if typed.do:
        faults |= _faults_in_action(typed, owners)
    return faults


def _faults_in_action(typed: TypedCheck, owners: Collection[str]) -> dict[str, str]:
    known = {
        "priority": (typed.priority, {name for name, _ in priorities_with(typed.priority)}),
        "owner": (typed.owner, set(owners)),
        "effort": (typed.effort, {name for name, _ in EFFORTS}),
    }
    said = {"priority": "Choose how soon.", "owner": "Choose who acts.", "effort": "Choose how much work it is."}
    return {name: said[name] for name, (value, choices) in known.items() if value not in choices}


def priorities_with(chosen: str) -> list[tuple[str, str]]:
    """How soon to act, with another number of days that a file may have."""
    other = chosen not in dict(PRIORITIES) and chosen.isdecimal() and len(chosen) <= len("3650")
    return [*PRIORITIES, *([(chosen, f"Within {chosen} days")] if other else [])]


def write_check(check: dict[str, Any], typed: TypedCheck) -> None:
    """Put what was typed into a check, in place. Whatever the form does not show stays."""
    put(check, "says", typed.says, ORDER)
    put(check, "sign", None if typed.sign == NO_SIGN else typed.sign, ORDER)
    numbers = [int(one) for one in typed.ilo]
    held = check.get("ilo")
    if not isinstance(held, list) or sorted(held, key=str) != sorted(numbers, key=str):
        put(check, "ilo", numbers or None, ORDER)  # the first one counts, so an order that somebody chose stays
    put(check, "action", _action(typed), ORDER)


def _action(typed: TypedCheck) -> dict[str, Any] | None:
    if not typed.do:
        return None
    action: dict[str, Any] = {
        "do": typed.do,
        "priority": int(typed.priority) if typed.priority.isdecimal() else typed.priority,
        "owner": typed.owner,
        "effort": typed.effort,
    }
    return {**action, "after_advice": True} if typed.after_advice else action
