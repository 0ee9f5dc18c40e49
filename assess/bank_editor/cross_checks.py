"""Checks over several answers: their form, the next free id, built-in rules in words, and the questions and checks that depend on a question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.bank_editor.conditions import SubjectsById, condition_reads, set_key
from assess.bank_editor.draft_context import DraftContext, Location
from assess.bank_editor.questions.context import ids_ever_published
from assess.bank_editor.questions.fields import HARM_WORDS
from assess.engine.bank import ILO_INDICATORS
from assess.question_banks.schema_banks import (
    LONGEST_ACTION_TITLE,
    LONGEST_NAME,
    LONGEST_TITLED_DO,
    ActionShape,
    CheckShape,
)
from assess.question_banks.schema_fields import as_list

CHECK_KEY_ORDER = tuple(CheckShape().fields)
ACTION_KEY_ORDER = tuple(ActionShape().fields)
LONGEST_CHECK_TEXT = 600
NO_SIGN = "none"
SIGN_CHOICES = (
    (NO_SIGN, "It is a note, on the copy for a coordinator alone"),
    ("serious", "It is a serious sign"),
    ("urgent", "It is an urgent sign"),
)
PRIORITY_CHOICES = (
    ("immediate", "At once"),
    ("7", "Within 7 days"),
    ("30", "Within 30 days"),
    ("90", "Within 90 days"),
    ("180", "Within 180 days"),
)
EFFORT_CHOICES = (("S", "Half a day"), ("M", "About three days"), ("L", "About ten days"))


@dataclass(frozen=True, slots=True)
class CheckForm:
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


def check_form_from(data: Mapping[str, Any]) -> CheckForm:
    action = data.get("action")
    said: Mapping[str, Any] = action if isinstance(action, dict) else {}
    ilo = data.get("ilo")
    return CheckForm(
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


def read_check_form(form: MultiDict[str, str]) -> CheckForm:
    return CheckForm(
        says=" ".join(form.get("says", "").split()),
        sign=form.get("sign", NO_SIGN),
        ilo=tuple(str(one) for one in ILO_INDICATORS if str(one) in form.getlist("ilo")),
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


def check_form_errors(form_data: CheckForm, owners: Collection[str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, longest in {
        "says": LONGEST_CHECK_TEXT,
        "do": LONGEST_TITLED_DO if form_data.title else LONGEST_CHECK_TEXT,
        "title": LONGEST_ACTION_TITLE,
        "name": LONGEST_NAME,
    }.items():
        if len(getattr(form_data, name)) > longest:
            errors[name] = f"Say it in {longest} characters or fewer."
    if form_data.harm and form_data.harm not in {str(number) for number in HARM_WORDS}:
        errors["harm"] = "Choose how grave it is."
    if form_data.title and not form_data.do:
        errors["do"] = "Write the step, or empty its title."
    if not form_data.says:
        errors["says"] = "Write what the check found, in words for the business."
    if form_data.sign not in {name for name, _ in SIGN_CHOICES}:
        errors["sign"] = "Choose what it means."
    elif form_data.sign != NO_SIGN and not form_data.ilo:
        errors["ilo"] = "A sign needs at least one of these. Tick the one it points to."
    if form_data.do:
        known = {
            "priority": (form_data.priority, {name for name, _ in priority_choices(form_data.priority)}),
            "owner": (form_data.owner, set(owners)),
            "effort": (form_data.effort, {name for name, _ in EFFORT_CHOICES}),
        }
        said = {"priority": "Choose how soon.", "owner": "Choose who acts.", "effort": "Choose how much work it is."}
        errors |= {name: said[name] for name, (value, choices) in known.items() if value not in choices}
    return errors


def priority_choices(chosen: str) -> list[tuple[str, str]]:
    """How soon to act, with another number of days that a file may have."""
    other = chosen not in dict(PRIORITY_CHOICES) and chosen.isdecimal() and len(chosen) <= len("3650")
    return [*PRIORITY_CHOICES, *([(chosen, f"Within {chosen} days")] if other else [])]


def apply_check_form(check: dict[str, Any], form_data: CheckForm) -> None:
    """Put what was typed into a check, in place. Whatever the form does not show stays."""
    set_key(check, "says", form_data.says, CHECK_KEY_ORDER)
    set_key(check, "sign", None if form_data.sign == NO_SIGN else form_data.sign, CHECK_KEY_ORDER)
    numbers = [int(one) for one in form_data.ilo]
    held = check.get("ilo")
    if not isinstance(held, list) or sorted(held, key=str) != sorted(numbers, key=str):
        set_key(check, "ilo", numbers or None, CHECK_KEY_ORDER)  # the first one counts, so a chosen order stays
    set_key(check, "action", _action_data(form_data, check.get("action")), CHECK_KEY_ORDER)
    set_key(check, "name", form_data.name or None, CHECK_KEY_ORDER)
    set_key(check, "harm", int(form_data.harm) if form_data.harm else None, CHECK_KEY_ORDER)
    set_key(check, "same_as", form_data.same_as or None, CHECK_KEY_ORDER)


def _action_data(form_data: CheckForm, held: object) -> dict[str, Any] | None:
    """Whatever the form does not show stays."""
    if not form_data.do:
        return None
    action: dict[str, Any] = dict(held) if isinstance(held, dict) else {}
    for key, value in {
        "do": form_data.do,
        "priority": int(form_data.priority) if form_data.priority.isdecimal() else form_data.priority,
        "owner": form_data.owner,
        "effort": form_data.effort,
        "title": form_data.title or None,
    }.items():
        set_key(action, key, value, ACTION_KEY_ORDER)
    if form_data.after_advice != (action.get("after_advice") is True):
        set_key(action, "after_advice", form_data.after_advice or None, ACTION_KEY_ORDER)
    return action


_RULE_TEXTS: Mapping[str, str] = {
    "price_below_labour_cost": "It compares {price} with what the work costs: {team}, {minutes}, and the wage in the settings.",
    "daily_rate_below_wage": "It divides {daily} by {hours} and compares the outcome with the wage in the settings.",
    "charge_above_offset": "It compares {charge} with the most that may be taken for housing, as the settings have it.",
    "labour_provider_rate": "It compares {rate} with what a worker costs, as the settings have it. It is the sign of that question, and is not listed beside it.",
    "crowding": "It looks at each row of {table}: how many people share a bedroom.",
    "old_licence_check": "It looks at each row of {table}: whether the date of the last look at the register is missing or old.",
}


def rule_in_words(rule: str, inputs: object, subjects: SubjectsById) -> str:
    said = _RULE_TEXTS.get(rule)
    if said is None or not isinstance(inputs, dict):
        return f"It rests on the rule “{rule}”."
    named = {key: _question_words(name, subjects) for key, name in inputs.items()}
    try:
        return said.format_map(named)
    except KeyError:
        return f"It rests on the rule “{rule}”, and something that the rule reads is missing."


def _question_words(name: object, subjects: SubjectsById) -> str:
    known = subjects.get(str(name))
    return f"“{known.words if known else name}”"


def checks_of_bank(draft_context: DraftContext, bank: str) -> Iterator[Location]:
    """The checks of a bank: the common ones, then its own."""
    for content_file in draft_context.files_of_bank(bank):
        for index, check in enumerate(as_list(content_file.raw_data.get("checks"))):
            if isinstance(check, dict):
                yield Location(content_file, ("checks", index), check)


def find_check(draft_context: DraftContext, bank: str, check_id: str) -> Location | None:
    return next((one for one in checks_of_bank(draft_context, bank) if one.data.get("id") == check_id), None)


def next_check_id(session: Session, draft_context: DraftContext) -> str:
    """An id that no check has or ever had in an edition of any bank: D and the next number."""
    here = {
        str(one.data.get("id")) for bank in draft_context.files.banks() for one in checks_of_bank(draft_context, bank)
    }
    numbers = [
        int(found[1]) for name in here | ids_ever_published(session).ids if (found := re.fullmatch(r"D(\d+)", name))
    ]
    return f"D{max(numbers, default=0) + 1}"


@dataclass(frozen=True, slots=True)
class Dependant:
    """A question, or a check (`is_check`), of a bank that asks it."""

    bank: str
    id: str
    words: str
    is_check: bool = False


def dependants_of(draft_context: DraftContext, question_id: str) -> list[Dependant]:
    """What rests on a question, each once, in the order of asking."""
    found: dict[str, Dependant] = {}
    for bank in draft_context.files.banks():
        for question in draft_context.questions_of(bank):
            name = str(question.data.get("id", ""))
            if condition_reads(question.data.get("show_if"), question_id):
                found.setdefault(name, Dependant(bank, name, str(question.data.get("ask", name))))
        for check in checks_of_bank(draft_context, bank):
            name = str(check.data.get("id", ""))
            inputs = check.data.get("inputs")
            reads = isinstance(inputs, dict) and question_id in inputs.values()
            if reads or any(condition_reads(check.data.get(key), question_id) for key in ("when", "unless")):
                found.setdefault(name, Dependant(bank, name, str(check.data.get("says", name)), is_check=True))
    return list(found.values())
