"""The checks of a bank in the editor: found in the draft, said in words, and the pages on which they are listed, changed, added and retired."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, url_for
from sqlalchemy.orm import Session

from assess.bank_editor.conditions import (
    ConditionTarget,
    SubjectsById,
    available_subjects,
    condition_page,
    condition_reads,
    condition_text,
)
from assess.bank_editor.draft_context import DraftContext, Location, item_at, overwrite
from assess.bank_editor.fields import (
    Control,
    Field,
    FileData,
    FormGroup,
    attribute_field,
    form_values,
    read_group,
    with_key,
)
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.questions.context import ids_ever_published
from assess.bank_editor.questions.fields import ACTION_KEY_ORDER, harm_choices, priority_choices
from assess.bank_editor.questions.forms import FormLists, PartValues, QuestionPart
from assess.bank_editor.questions.presenters import field_differences
from assess.core.edit_conflicts import still_there
from assess.core.forms.form import sent_text
from assess.engine.bank import ILO_INDICATORS, LONGEST_ACTION_TITLE, LONGEST_NAME, LONGEST_TITLED_DO, Check
from assess.engine.schema import file_fields
from assess.question_banks.schema_fields import as_list
from assess.question_banks.shapes import BankShape

CHECK_KEY_ORDER = tuple(file_fields(Check))
LONGEST_CHECK_TEXT = 600
NO_SIGN = "none"
SIGN_CHOICES = (
    (NO_SIGN, "It is a note, on the copy for a coordinator alone"),
    ("serious", "It is a serious sign"),
    ("urgent", "It is an urgent sign"),
)
EFFORT_CHOICES = (("S", "Half a day"), ("M", "About three days"), ("L", "About ten days"))
NEW_STEP: FileData = {"priority": 30, "effort": "S"}
"""What stands in the fields of a step to begin with."""
_CHECK_FIELDS = (
    Field(
        "says",
        Control.TEXT,
        "What it found",
        "For the business to read. Say what to look at, and blame nobody.",
        missing="Write what the check found, in words for the business.",
        longest=LONGEST_CHECK_TEXT,
    ),
    Field(
        "name",
        Control.LINE,
        "Name",
        f"What it is about in a few words: {LONGEST_NAME} characters or fewer.",
        longest=LONGEST_NAME,
    ),
    Field("harm", Control.SELECT, "How grave it is", choices=harm_choices("As what it is about")),
    Field("sign", Control.RADIOS, "What it means", choices=SIGN_CHOICES, missing="Choose what it means."),
    Field(
        "ilo",
        Control.MANY,
        "Which indicators of forced labour it points to",
        "Only needed for a sign. The numbers are those of the International Labour Organization.",
        tuple((str(number), f"{number}. {words}") for number, words in ILO_INDICATORS.items()),
    ),
)


def check_fields(data: Mapping[str, Any], named: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of a check itself. `named`: the questions whose action can be printed for it too."""
    held = str(data.get("same_as") or "")
    offered = {"": "It has its own"} | ({held: held} if held else {}) | dict(named)
    return (*_CHECK_FIELDS, attribute_field(Check, "same_as", Control.SELECT, tuple(offered.items()), ids=True))


def step_fields(step: Mapping[str, Any], owners: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of what to do about it."""
    soon, who = priority_choices(step.get("priority")), tuple(owners.items())
    return (
        Field(
            "title",
            Control.LINE,
            "Title of the step",
            f"A few words that make sense alone: {LONGEST_ACTION_TITLE} characters or fewer. With a title, the step has {LONGEST_TITLED_DO} or fewer.",
            longest=LONGEST_ACTION_TITLE,
        ),
        Field(
            "do", Control.TEXT, "The step", "Leave it empty if the check brings no step.", longest=LONGEST_CHECK_TEXT
        ),
        Field("priority", Control.SELECT, "How soon", choices=soon, missing="Choose how soon."),
        Field("owner", Control.SELECT, "Who acts", choices=who, missing="Choose who acts."),
        Field("effort", Control.SELECT, "How much work", choices=EFFORT_CHOICES, missing="Choose how much work it is."),
        Field(
            "after_advice",
            Control.TICK,
            "Only after advice: while a grave sign is open, say “call the helpline first”",
        ),
    )


@dataclass(frozen=True, slots=True)
class CheckForm:
    """The form of a check as it stands in a file. Whatever it does not show stays."""

    data: Mapping[str, Any]
    lists: FormLists

    @property
    def step(self) -> Mapping[str, Any]:
        step = self.data.get("action")
        return step if isinstance(step, dict) else {}

    @property
    def fields(self) -> tuple[Field, ...]:
        return check_fields(self.data, self.lists.named)

    @property
    def step_fields(self) -> tuple[Field, ...]:
        return step_fields(self.step, self.lists.owners)

    @property
    def values(self) -> FormGroup:
        """What stands in the fields."""
        signed = {**self.data, "sign": self.data.get("sign") or NO_SIGN}
        return form_values(self.fields, signed) | form_values(self.step_fields, self.step or NEW_STEP)

    def read(self, form_data: Mapping[str, Sequence[str]]) -> tuple[FileData, dict[str, str]]:
        """The check, and what cannot be taken. How soon, who and how much count only where there is a step."""
        check, errors = read_group(self.fields, form_data, self.data, CHECK_KEY_ORDER)
        if check.get("sign") == NO_SIGN:
            check = with_key(check, "sign", None, CHECK_KEY_ORDER)
        elif "sign" not in errors and not check.get("ilo"):
            errors["ilo"] = "A sign needs at least one of these. Tick the one it points to."
        step, step_errors = read_group(self.step_fields, form_data, self.step, ACTION_KEY_ORDER)
        if not any(map(str.strip, form_data.get("do", ()))):
            missing = {"do": "Write the step, or empty its title."} if "title" in step else {}
            step_errors = {"title": step_errors["title"]} if "title" in step_errors else missing
            step = {}
        elif "title" in step and len(str(step.get("do", ""))) > LONGEST_TITLED_DO:
            step_errors["do"] = f"Say it in {LONGEST_TITLED_DO} characters or fewer, because the step has a title."
        return with_key(check, "action", step or None, CHECK_KEY_ORDER), errors | step_errors


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


blueprint = Blueprint("bank_checks", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>/<bank>/checks")


@form_page(blueprint, "", get="banks.read")
def show_checks(page: PageRequest) -> FormPage:
    checks = [_check_row(page, location) for location in checks_of_bank(page.draft_context, page.bank)]
    return FormPage(template="bank_editor/checks.html", shows={"checks": checks})


@form_page(blueprint, "/new", "added")
def add_check(page: PageRequest) -> FormPage:
    own = page.draft_context.files.at("", page.bank) or abort(404)

    def save(check: FileData) -> str:
        name = next_check_id(page.session, page.draft_context)

        def edit(data: FileData) -> None:
            checks = [*data.get("checks", []), {"id": name, **check}]
            overwrite(data, with_key(data, "checks", checks, tuple(file_fields(BankShape))))

        page.edit_file(own.name, edit, f"a new check, {name}")
        return name

    def then(name: str) -> str:
        return url_for(".edit_check_condition", draft_id=page.draft_id, bank=page.bank, check_id=name, clause="when")

    return _check_page(page, None, save, then)


@form_page(blueprint, "/<check_id>", "saved", get="banks.read")
def edit_check(page: PageRequest, check_id: str) -> FormPage:
    location = still_there(find_check(page.draft_context, page.bank, check_id))
    return _check_page(
        page,
        location,
        lambda check: page.replace_at(location, check, f"the check {check_id}: its words, sign or action"),
        _checks(page),
    )


@form_page(blueprint, "/<check_id>/<any(when, unless):clause>", "saved", get="banks.read")
def edit_check_condition(page: PageRequest, check_id: str, clause: str) -> FormPage:
    location = still_there(find_check(page.draft_context, page.bank, check_id))
    found = clause == "when"
    if found and "rule" in location.data and "when" not in location.data:
        abort(404)  # what a rule looks at is the rule's alone
    target = ConditionTarget(
        location=location,
        key=clause,
        order=CHECK_KEY_ORDER,
        subjects=available_subjects(page.draft_context, page.bank),
        heading="When it is found" if found else "When it is left out",
        none="It is never found yet. Build a condition." if found else "Nothing leaves it out.",
        lead="It is found when" if found else "It is left out when",
        clear="Take the condition away",
        what=f"the check {check_id}: {'when it is found' if found else 'when it is left out'}",
        back=url_for(".edit_check", draft_id=page.draft_id, bank=page.bank, check_id=check_id),
        more={
            "about": str(location.data.get("says", check_id)),
            "shared": location.content_file.name.startswith("common/"),
        },
    )
    return condition_page(page, target)


@form_page(blueprint, "/<check_id>/retire", "removed")
def remove_check(page: PageRequest, check_id: str) -> FormPage:
    location = still_there(find_check(page.draft_context, page.bank, check_id))

    def edit(data: FileData) -> None:
        item_at(data, location.path, sent_text("seen"))
        del data["checks"][location.path[-1]]
        if not data["checks"]:
            del data["checks"]

    return FormPage(
        template="bank_editor/check_retire.html",
        shows=lambda _: {"check": _check_row(page, location), "seen": location.etag},
        save=lambda: page.edit_file(location.content_file.name, edit, f"the check {check_id}: retired"),
        then=_checks(page),
    )


def _checks(page: PageRequest) -> str:
    return url_for(".show_checks", draft_id=page.draft_id, bank=page.bank)


def _check_row(page: PageRequest, location: Location) -> dict[str, Any]:
    data, subjects = location.data, available_subjects(page.draft_context, page.bank)
    rule = data.get("rule")
    return {
        "id": str(data.get("id", "")),
        "says": str(data.get("says", "")),
        "sign": data.get("sign"),
        "rule": rule_in_words(str(rule), data.get("inputs"), subjects) if rule else "",
        "when": condition_text(data.get("when"), subjects, ""),
        "unless": condition_text(data.get("unless"), subjects, ""),
        "shared": location.content_file.name.startswith("common/"),
        "issues": [one.found.message for one in page.draft_context.issues_of(location)],
    }


def _check_page(
    page: PageRequest,
    location: Location | None,
    save: Callable[[FileData], object],
    then: str | Callable[[str], str],
) -> FormPage:
    form = CheckForm(location.data if location else {}, page.bank_context.lists)
    values = form.values if page.form_data is None else page.form_data.to_dict(flat=False)
    check, errors = ({}, {}) if page.form_data is None else form.read(values)
    return FormPage(
        template="bank_editor/check.html",
        shows=lambda _: {
            "check": _check_row(page, location) if location else None,
            "seen": location.etag if location else "",
            "form": form,
            "typed": values,
            "refused_rows": field_differences(
                QuestionPart("check", "", (*form.fields, *form.step_fields)),
                PartValues(form.values),
                PartValues(values),
            )
            if page.theirs
            else [],
        },
        errors=errors,
        save=lambda: save(check),
        then=then,
    )
