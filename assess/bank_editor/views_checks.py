"""Pages: the checks of a bank, listed, changed, added and retired."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from assess.bank_editor import cross_checks
from assess.bank_editor.conditions import (
    ConditionTarget,
    available_subjects,
    condition_text,
    save_builder,
    set_key,
    show_builder,
)
from assess.bank_editor.draft_context import (
    DraftContext,
    Location,
    draft_context_or_404,
    edit_draft_file_in_request,
    item_at,
    reading_draft,
)
from assess.bank_editor.questions.context import with_actions
from assess.bank_editor.questions.fields import HARM_WORDS, priority_choices
from assess.core.db import database, request_session
from assess.core.edit_conflicts import NotSavedError, save_or_show_again, still_there
from assess.core.forms.form import sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.engine.bank import ILO_INDICATORS
from assess.engine.schema import file_fields
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.question_banks.shapes import BankShape

blueprint = Blueprint("bank_checks", __name__, url_prefix="/question-banks/drafts/<uuid:draft_id>/<bank>/checks")


@blueprint.get("")
@requires("banks.read", check=require_person)
def show_checks(draft_id: uuid.UUID, bank: str) -> str:
    with reading_draft(draft_id, bank) as (_, draft_context):
        return render_template(
            "bank_editor/checks.html",
            draft=draft_context.draft,
            bank=bank,
            checks=[
                _check_row(draft_context, bank, location)
                for location in cross_checks.checks_of_bank(draft_context, bank)
            ],
        )


@blueprint.route("/new", methods=["GET", "POST"])
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def add_check(who: CurrentUser, draft_id: uuid.UUID, bank: str) -> PageResponse:
    if request.method != "POST":
        with database().reading() as session:
            return _check_page(draft_context_or_404(session, draft_id, bank), bank, None, cross_checks.NEW_CHECK)
    draft_context = draft_context_or_404(request_session(), draft_id, bank)
    form = cross_checks.read_check_form(sent_form(), _owner_choices(draft_context))
    form_data = cross_checks.posted_check_values(sent_form())
    if form.errors:
        return _check_page(draft_context, bank, None, form_data, form.errors), 422
    name = cross_checks.next_check_id(request_session(), draft_context)

    def edit(data: dict[str, Any]) -> None:
        check: dict[str, Any] = {"id": name}
        cross_checks.apply_check_form(check, form.values)
        set_key(data, "checks", [*data.get("checks", []), check], tuple(file_fields(BankShape)))

    own = draft_context.files.at("", bank) or abort(404)
    return save_or_show_again(
        lambda: edit_draft_file_in_request(draft_context.draft, own.name, edit, who.id, f"a new check, {name}"),
        lambda refused: _check_page(draft_context, bank, None, form_data, refused=refused),
        url_for(".edit_check_condition", draft_id=draft_id, bank=bank, check_id=name, clause="when"),
    )


@blueprint.route("/<check_id>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="banks.read", post="banks.edit", load=require_person)
def edit_check(who: CurrentUser, draft_id: uuid.UUID, bank: str, check_id: str) -> PageResponse:
    if request.method != "POST":
        with reading_draft(draft_id, bank) as (_, draft_context):
            location = cross_checks.find_check(draft_context, bank, check_id) or abort(404)
            return _check_page(draft_context, bank, location, cross_checks.check_values(location.data))
    draft_context = draft_context_or_404(request_session(), draft_id, bank)
    location = still_there(cross_checks.find_check(draft_context, bank, check_id))
    form = cross_checks.read_check_form(sent_form(), _owner_choices(draft_context))
    form_data = cross_checks.posted_check_values(sent_form())
    if form.errors:
        return _check_page(draft_context, bank, location, form_data, form.errors), 422
    seen = sent_text("seen")
    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft_context.draft,
            location.content_file.name,
            lambda data: cross_checks.apply_check_form(item_at(data, location.path, seen), form.values),
            who.id,
            f"the check {check_id}: its words, sign or action",
        ),
        lambda refused: _check_page(draft_context, bank, location, form_data, refused=refused),
        url_for(".show_checks", draft_id=draft_id, bank=bank),
    )


@blueprint.route("/<check_id>/<any(when, unless):clause>", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires(get="banks.read", post="banks.edit", load=require_person)
def edit_check_condition(who: CurrentUser, draft_id: uuid.UUID, bank: str, check_id: str, clause: str) -> PageResponse:
    if request.method != "POST":
        with reading_draft(draft_id, bank) as (_, draft_context):
            return show_builder(draft_context, bank, _check_condition_target(draft_context, bank, check_id, clause))
    return save_builder(
        who, draft_id, bank, lambda draft_context: _check_condition_target(draft_context, bank, check_id, clause)
    )


@blueprint.route("/<check_id>/retire", methods=["GET", "POST"])
@audited("removed")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("banks.edit", load=require_person)
def remove_check(who: CurrentUser, draft_id: uuid.UUID, bank: str, check_id: str) -> PageResponse:
    if request.method != "POST":
        with reading_draft(draft_id, bank) as (_, draft_context):
            return _remove_check_page(
                draft_context, bank, cross_checks.find_check(draft_context, bank, check_id) or abort(404)
            )
    draft_context = draft_context_or_404(request_session(), draft_id, bank)
    location = cross_checks.find_check(draft_context, bank, check_id) or abort(404)

    def edit(data: dict[str, Any]) -> None:
        item_at(data, location.path, sent_text("seen"))
        del data["checks"][location.path[-1]]
        if not data["checks"]:
            del data["checks"]

    return save_or_show_again(
        lambda: edit_draft_file_in_request(
            draft_context.draft, location.content_file.name, edit, who.id, f"the check {check_id}: retired"
        ),
        lambda refused: _remove_check_page(draft_context, bank, location, refused),
        url_for(".show_checks", draft_id=draft_id, bank=bank),
    )


def _check_row(draft_context: DraftContext, bank: str, location: Location) -> dict[str, Any]:
    data, subjects = location.data, available_subjects(draft_context, bank)
    rule = data.get("rule")
    return {
        "id": str(data.get("id", "")),
        "says": str(data.get("says", "")),
        "sign": data.get("sign"),
        "rule": cross_checks.rule_in_words(str(rule), data.get("inputs"), subjects) if rule else "",
        "when": condition_text(data.get("when"), subjects, ""),
        "unless": condition_text(data.get("unless"), subjects, ""),
        "shared": location.content_file.name.startswith("common/"),
        "issues": [one.found.message for one in draft_context.issues_of(location)],
    }


def _owner_choices(draft_context: DraftContext) -> Mapping[str, str]:
    content_file = draft_context.files.at("", "owners")
    owners = content_file.raw_data.get("owners") if content_file else None
    return {str(name): str(words) for name, words in owners.items()} if isinstance(owners, dict) else {}


def _check_page(
    draft_context: DraftContext,
    bank: str,
    location: Location | None,
    form_data: cross_checks.CheckValues,
    errors: Mapping[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> str:
    theirs = refused.theirs if refused else None
    known = with_actions(one.data for one in draft_context.questions_of(bank))
    return render_template(
        "bank_editor/check.html",
        draft=draft_context.draft,
        bank=bank,
        check=_check_row(draft_context, bank, location) if location else None,
        seen=location.etag if location else "",
        typed=form_data,
        theirs=cross_checks.check_values(theirs) if theirs else None,
        errors=errors or {},
        refused=refused,
        signs=cross_checks.SIGN_CHOICES,
        priorities=priority_choices(form_data["priority"]),
        efforts=cross_checks.EFFORT_CHOICES,
        owners=_owner_choices(draft_context),
        indicators=ILO_INDICATORS,
        harms=[("", "As what it is about"), *((str(number), words) for number, words in HARM_WORDS.items())],
        named=[
            ("", "It has its own"),
            *({**({form_data["same_as"]: form_data["same_as"]} if form_data["same_as"] else {}), **known}).items(),
        ],
    )


def _remove_check_page(
    draft_context: DraftContext, bank: str, location: Location, refused: NotSavedError | None = None
) -> str:
    return render_template(
        "bank_editor/check_retire.html",
        draft=draft_context.draft,
        bank=bank,
        check=_check_row(draft_context, bank, location),
        seen=location.etag,
        refused=refused,
    )


def _check_condition_target(draft_context: DraftContext, bank: str, check_id: str, clause: str) -> ConditionTarget:
    location = cross_checks.find_check(draft_context, bank, check_id) or abort(404)
    found = clause == "when"
    if found and "rule" in location.data and "when" not in location.data:
        abort(404)  # what a rule looks at is the rule's alone
    return ConditionTarget(
        location=location,
        key=clause,
        order=cross_checks.CHECK_KEY_ORDER,
        subjects=available_subjects(draft_context, bank),
        heading="When it is found" if found else "When it is left out",
        none="It is never found yet. Build a condition." if found else "Nothing leaves it out.",
        lead="It is found when" if found else "It is left out when",
        clear="Take the condition away",
        what=f"the check {check_id}: {'when it is found' if found else 'when it is left out'}",
        back=url_for("bank_checks.edit_check", draft_id=draft_context.draft.id, bank=bank, check_id=check_id),
        more={
            "about": str(location.data.get("says", check_id)),
            "shared": location.content_file.name.startswith("common/"),
        },
    )
