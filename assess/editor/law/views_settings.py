"""Rates, dates and numbers: a list with what counts now, and a page for each with its values, a new one, and a new look at a source."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.banks.drafts.keeping import shelf_with
from assess.editor.door import at_work_or_404, open_draft_or_404
from assess.editor.law.dated import Dated, all_dated, dated, is_judgement, is_late
from assess.editor.law.fields import read
from assess.editor.law.showing import day_in_words, form_of
from assess.editor.law.values import PROOF, add_value, fields_for, look_again, read_proof, read_value
from assess.editor.saving import Refused, save_change
from assess.editor.workbench import Spot
from assess.kit.clock import today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("dated", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/settings")


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_settings(draft_id: uuid.UUID) -> str:
    """Every setting with the value that counts now."""
    day = today()
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        rows = [
            (one, one.now(day), is_late(one.now(day), day)) for one in sorted(all_dated(at_work.shelf), key=_law_first)
        ]
        return render_template("editor/dated_all.html", day_in_words=day_in_words, draft=at_work.draft, rows=rows)


@blueprint.get("/<setting_name>")
@requires("banks.read", check=permitted_person)
def show_setting(draft_id: uuid.UUID, setting_name: str) -> str:
    """One setting with all its values."""
    return _page(draft_id, setting_name)


@blueprint.post("/<setting_name>")
@audited("added")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def add_setting_value(who: Caller, draft_id: uuid.UUID, setting_name: str) -> Response | tuple[str, int]:
    """Give it another value from a day on."""
    draft = open_draft_or_404(draft_id)
    here = dated(shelf_with(session(), draft), setting_name) or abort(404)
    fields = fields_for(here.rows[-1] if here.rows else {}, here.unit)
    row, errors = read_value(read(fields, request.form), dict(here.raw))
    if errors:
        return _page(draft_id, setting_name, errors=errors), 422
    seen = request.form.get("seen", "")
    refused = save_change(
        draft,
        here.sheet.name,
        lambda data: add_value(data, setting_name, seen, row),
        who.id,
        f"“{here.label}”: a value from {row['from']}",
    )
    if refused:
        return _page(draft_id, setting_name, refused=refused), 409
    return redirect(url_for("dated.show_setting", draft_id=draft_id, setting_name=setting_name, saved=1), 303)


@blueprint.get("/<setting_name>/<begins>")
@requires("banks.edit", check=permitted_person)
def show_look_again(draft_id: uuid.UUID, setting_name: str, begins: str) -> str:
    """Ask where one of its values was read, and when."""
    return _look_page(draft_id, setting_name, begins)


@blueprint.post("/<setting_name>/<begins>")
@audited("changed")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def change_look_again(who: Caller, draft_id: uuid.UUID, setting_name: str, begins: str) -> Response | tuple[str, int]:
    """Write down that somebody looked at the source again."""
    draft = open_draft_or_404(draft_id)
    here = dated(shelf_with(session(), draft), setting_name) or abort(404)
    said, errors = read_proof(request.form)
    if errors:
        return _look_page(draft_id, setting_name, begins, errors=errors), 422
    seen = request.form.get("seen", "")
    refused = save_change(
        draft,
        here.sheet.name,
        lambda data: look_again(data, setting_name, seen, begins, said),
        who.id,
        f"“{here.label}”: the source of the value from {begins}",
    )
    if refused:
        return _look_page(draft_id, setting_name, begins, refused=refused), 409
    return redirect(url_for("dated.show_setting", draft_id=draft_id, setting_name=setting_name, saved=1), 303)


def _law_first(one: Dated) -> tuple[bool, bool]:
    """Rates and dates of law change most often; numbers of our own judgement come after them."""
    return is_judgement(one.id), one.unit is None


def _page(
    draft_id: uuid.UUID, setting_name: str, *, errors: dict[str, str] | None = None, refused: Refused | None = None
) -> str:
    day = today()
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        here = dated(at_work.shelf, setting_name) or abort(404)
        last = here.rows[-1] if here.rows else {}
        typed = request.form if request.method == "POST" else None
        begun = {"checked": day.strftime("%d/%m/%Y")}
        now = here.now(day)
        return render_template(
            "editor/dated_one.html",
            day_in_words=day_in_words,
            draft=at_work.draft,
            setting=here,
            now=now,
            late=is_late(now, day),
            told=[told.found.message for told in at_work.told_of(Spot(here.sheet, here.path, here.raw))],
            rows=form_of(fields_for(last, here.unit), begun, typed=typed, errors=errors),
            errors=errors or {},
            refused=refused,
            saved="saved" in request.args,
        )


def _look_page(
    draft_id: uuid.UUID,
    setting_name: str,
    begins: str,
    *,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id)
        here = dated(at_work.shelf, setting_name) or abort(404)
        row = next((one for one in here.rows if one.get("from") == begins), None) or abort(404)
        return render_template(
            "editor/dated_look.html",
            day_in_words=day_in_words,
            draft=at_work.draft,
            setting=here,
            row=row,
            rows=form_of(PROOF, row, typed=request.form if request.method == "POST" else None, errors=errors),
            errors=errors or {},
            refused=refused,
        )
