"""The words, sign and action of a check as somebody typed them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assess.banks.schema import LONGEST_ACTION_TITLE, LONGEST_NAME, LONGEST_TITLED_DO, ActionShape, CheckShape
from assess.editor.conditions.building import put
from assess.editor.conditions.typed import Form
from assess.editor.questions.words import HARM_WORDS
from assess.engine.indicators import ILO

ORDER = tuple(CheckShape().fields)
OF_ACTION = tuple(ActionShape().fields)
LONGEST = 600
NO_SIGN = "none"
SIGNS = (
    (NO_SIGN, "It is a note, on the copy for a coordinator alone"),
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
    title: str = ""
    name: str = ""
    harm: str = ""
    same_as: str = ""


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
        title=str(said.get("title", "")),
        name=str(data.get("name", "")),
        harm=str(data.get("harm", "")),
        same_as=str(data.get("same_as", "")),
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
        title=" ".join(form.get("title", "").split()),
        name=" ".join(form.get("name", "").split()),
        harm=form.get("harm", ""),
        same_as=form.get("same_as", ""),
    )


def faults_in(typed: TypedCheck, owners: Collection[str]) -> dict[str, str]:
    """What to do before it can be saved, by field."""
    faults: dict[str, str] = {}
    most = {
        "says": LONGEST,
        "do": LONGEST_TITLED_DO if typed.title else LONGEST,
        "title": LONGEST_ACTION_TITLE,
        "name": LONGEST_NAME,
    }
    for name, longest in most.items():
        if len(getattr(typed, name)) > longest:
            faults[name] = f"Say it in {longest} characters or fewer."
    if typed.harm and typed.harm not in {str(number) for number in HARM_WORDS}:
        faults["harm"] = "Choose how grave it is."
    if typed.title and not typed.do:
        faults["do"] = "Write the step, or empty its title."
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
    put(check, "action", _action(typed, check.get("action")), ORDER)
    put(check, "name", typed.name or None, ORDER)
    put(check, "harm", int(typed.harm) if typed.harm else None, ORDER)
    put(check, "same_as", typed.same_as or None, ORDER)


def _action(typed: TypedCheck, held: object) -> dict[str, Any] | None:
    """Whatever the form does not show stays."""
    if not typed.do:
        return None
    action: dict[str, Any] = dict(held) if isinstance(held, dict) else {}
    said = {
        "do": typed.do,
        "priority": int(typed.priority) if typed.priority.isdecimal() else typed.priority,
        "owner": typed.owner,
        "effort": typed.effort,
        "title": typed.title or None,
    }
    for key, value in said.items():
        put(action, key, value, OF_ACTION)
    if typed.after_advice != (action.get("after_advice") is True):
        put(action, "after_advice", typed.after_advice or None, OF_ACTION)
    return action
