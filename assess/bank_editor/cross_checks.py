"""Checks over several answers: their form, the next free id, built-in rules in words, and the questions and checks that depend on a question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validates_schema
from sqlalchemy.orm import Session

from assess.bank_editor.conditions import SubjectsById, condition_reads, set_key
from assess.bank_editor.draft_context import DraftContext, Location
from assess.bank_editor.questions.context import ids_ever_published
from assess.bank_editor.questions.fields import ACTION_KEY_ORDER, HARM_WORDS, priority_choices
from assess.core.forms.fields import ChoiceField, ChoicesField, FormField, SentForm, TextField, TickField, tidy
from assess.core.forms.form import Form, FormResult, form_of
from assess.engine.bank import ILO_INDICATORS, LONGEST_ACTION_TITLE, LONGEST_NAME, LONGEST_TITLED_DO, Check
from assess.engine.schema import file_fields
from assess.question_banks.schema_fields import as_list

CHECK_KEY_ORDER = tuple(file_fields(Check))
LONGEST_CHECK_TEXT = 600
NO_SIGN = "none"
SIGN_CHOICES = (
    (NO_SIGN, "It is a note, on the copy for a coordinator alone"),
    ("serious", "It is a serious sign"),
    ("urgent", "It is an urgent sign"),
)
EFFORT_CHOICES = (("S", "Half a day"), ("M", "About three days"), ("L", "About ten days"))


class CheckForm(Form):
    says = TextField(LONGEST_CHECK_TEXT, required="Write what the check found, in words for the business.")
    sign = ChoiceField(dict(SIGN_CHOICES), required="Choose what it means.")
    ilo = ChoicesField(ILO_INDICATORS)
    do = TextField(LONGEST_CHECK_TEXT)
    after_advice = TickField()
    title = TextField(LONGEST_ACTION_TITLE)
    name = TextField(LONGEST_NAME)
    harm = ChoiceField(HARM_WORDS, invalid="Choose how grave it is.")
    same_as = TextField()

    @validates_schema(skip_on_field_errors=False)
    def fits(self, found: dict[str, Any], **_: object) -> None:
        errors = {}
        if found.get("sign", NO_SIGN) != NO_SIGN and found.get("ilo") == []:
            errors["ilo"] = "A sign needs at least one of these. Tick the one it points to."
        if found.get("title") and found.get("do") == "":
            errors["do"] = "Write the step, or empty its title."
        if found.get("title") and len(found.get("do", "")) > LONGEST_TITLED_DO:
            errors["do"] = f"Say it in {LONGEST_TITLED_DO} characters or fewer, because the step has a title."
        if errors:
            raise ValidationError(errors)


CheckValues = Mapping[str, Any]
NEW_CHECK: CheckValues = {
    **dict.fromkeys(CheckForm().fields, ""), "sign": NO_SIGN, "priority": "30", "owner": "", "effort": "S",
    "ilo": (), "after_advice": False,
}  # fmt: skip
"""What stands in the fields of a check to begin with."""


def check_values(data: Mapping[str, Any]) -> CheckValues:
    """What stands in the fields. An action without words is none."""
    action = data.get("action")
    step: Mapping[str, Any] = action if isinstance(action, dict) else {}
    written = {name: str(data[name]) for name in ("says", "name", "harm", "same_as") if name in data}
    written |= {name: str(step[name]) for name in ("title", "do", "priority", "owner", "effort") if name in step}
    return {
        **NEW_CHECK,
        **written,
        "sign": str(data.get("sign") or NO_SIGN),
        "ilo": tuple(map(str, as_list(data.get("ilo")))),
        "after_advice": step.get("after_advice") is True,
    }


def posted_check_values(sent: SentForm) -> CheckValues:
    return {
        **NEW_CHECK,
        **sent.to_dict(),
        "ilo": tuple(sent.getlist("ilo")),
        "after_advice": "after_advice" in sent,
    }


def read_check_form(sent: SentForm, owners: Collection[str]) -> FormResult:
    """How soon, who and how much count only where there is a step."""
    priorities = [int(one) if one.isdecimal() else one for one, _ in priority_choices(sent.get("priority", ""))]
    step: dict[str, FormField[Any]] = {
        "priority": ChoiceField(priorities, required="Choose how soon."),
        "owner": ChoiceField(owners, required="Choose who acts."),
        "effort": ChoiceField(dict(EFFORT_CHOICES), required="Choose how much work it is."),
    }
    return form_of(step if tidy(sent.get("do", "")) else {}, CheckForm).read(sent)


def apply_check_form(check: dict[str, Any], values: CheckValues) -> None:
    """Put what was read into a check, in place. Whatever the form does not show stays."""
    set_key(check, "says", values["says"], CHECK_KEY_ORDER)
    set_key(check, "sign", None if values["sign"] == NO_SIGN else values["sign"], CHECK_KEY_ORDER)
    held = check.get("ilo")
    if not isinstance(held, list) or sorted(held, key=str) != sorted(values["ilo"], key=str):
        set_key(check, "ilo", values["ilo"] or None, CHECK_KEY_ORDER)  # the first one counts, so a chosen order stays
    set_key(check, "action", _action_data(values, check.get("action")), CHECK_KEY_ORDER)
    for key in ("name", "harm", "same_as"):
        set_key(check, key, values[key] or None, CHECK_KEY_ORDER)


def _action_data(values: CheckValues, held: object) -> dict[str, Any] | None:
    """Whatever the form does not show stays."""
    if not values["do"]:
        return None
    action: dict[str, Any] = dict(held) if isinstance(held, dict) else {}
    for key in ("do", "priority", "owner", "effort", "title"):
        set_key(action, key, values[key] or None, ACTION_KEY_ORDER)
    if values["after_advice"] != (action.get("after_advice") is True):
        set_key(action, "after_advice", values["after_advice"] or None, ACTION_KEY_ORDER)
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
    text = _RULE_TEXTS.get(rule)
    if text is None or not isinstance(inputs, dict):
        return f"It rests on the rule “{rule}”."
    named = {key: _question_words(name, subjects) for key, name in inputs.items()}
    try:
        return text.format_map(named)
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
