"""Pages: the checks of a bank, listed, changed, added and retired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, url_for

from assess.bank_editor.conditions import ConditionTarget, available_subjects, condition_page, condition_text
from assess.bank_editor.cross_checks import (
    CHECK_KEY_ORDER,
    CheckForm,
    checks_of_bank,
    find_check,
    next_check_id,
    rule_in_words,
)
from assess.bank_editor.draft_context import FileData, Location, item_at, overwrite
from assess.bank_editor.fields import with_key
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.questions.forms import PartValues, QuestionPart
from assess.bank_editor.questions.presenters import field_differences
from assess.core.edit_conflicts import still_there
from assess.core.forms.form import sent_text
from assess.engine.schema import file_fields
from assess.question_banks.shapes import BankShape

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
