"""Begin a new sector in a draft: one form, and its bank can be published."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.drafts import keeping
from assess.banks.models import Edition
from assess.editor.door import at_work_or_404
from assess.editor.saving import Refused, all_or_nothing
from assess.editor.sectors.form import FIELDS, KINDS, MONTHS, POOR, choices_of, read_sector, sector_from
from assess.editor.sectors.making import INDUSTRIES, SCORING, SEASONS, files_of
from assess.editor.workbench import Workbench
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint("sectors", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/sectors")
EMPTY = {**dict.fromkeys(FIELDS, ""), "kind": "safeguard", "poor": "no"}
BEFORE_A_BANK = ("/banks/drafts/<uuid:draft_id>/", "/start/", "/questions/")
WHAT = {SCORING: "where its risk starts", SEASONS: "when it is busy", INDUSTRIES: "the codes that lead to it"}
"""What each file is changed for, in the history: each can be undone alone."""


@blueprint.get("/new")
@requires("banks.edit", check=permitted_person)
def show_new_sector(draft_id: uuid.UUID) -> str:
    """The empty form."""
    with database().reading() as look:
        return _page(at_work_or_404(look, draft_id), EMPTY)


@blueprint.post("/new")
@audited("added")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def add_sector(who: Caller, draft_id: uuid.UUID) -> Response | tuple[str, int]:
    """Make its bank and whatever it needs beside it, all at once or not at all."""
    at_work = at_work_or_404(session(), draft_id)
    typed = read_sector(request.form)
    wanted, faults = sector_from(typed, choices_of(at_work.shelf), _used(session(), at_work))
    if wanted is None:
        return _page(at_work, typed, faults), 422
    with all_or_nothing() as outcome:
        for name, content in files_of(at_work.shelf, wanted, today()).items():
            held = at_work.shelf.sheets.get(name)
            seen = held.content if held and isinstance(held.content, bytes) else None
            what = f"a new sector, “{wanted.title}”: {WHAT.get(name, 'its bank')}"
            keeping.save(session(), at_work.draft, name, content, who.id, now(), seen=seen, what=what)
    if outcome.refused:
        return _page(at_work, typed, refused=outcome.refused), 409
    return redirect(url_for("bank.show_bank", draft_id=draft_id, bank=wanted.id), 303)


def _used(look: Session, at_work: Workbench) -> set[str]:
    """Ids that banks have or had, and words that stand in addresses where the id of a bank would."""
    spoken = {
        rule.rule.removeprefix(before).partition("/")[0]
        for rule in current_app.url_map.iter_rules()
        for before in BEFORE_A_BANK
        if rule.rule.startswith(before)
    }
    return {*at_work.shelf.banks(), *look.scalars(select(Edition.bank).distinct()), *spoken}


def _page(
    at_work: Workbench,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    return render_template(
        "editor/sector_new.html",
        draft=at_work.draft,
        choices=choices_of(at_work.shelf),
        bases=_bases(at_work),
        kinds=KINDS,
        poor=POOR,
        months=[(str(number), words) for number, words in enumerate(MONTHS, 1)],
        typed=typed,
        faults=faults or {},
        refused=refused,
    )


def _bases(at_work: Workbench) -> list[tuple[str, float]]:
    """Where the other sectors start, by title."""
    titles = dict(choices_of(at_work.shelf).banks)
    sheet = at_work.shelf.at("settings", "scoring")
    settings = sheet.data.get("settings") if sheet else None
    rows = [one["values"][-1]["value"] for one in settings if one["id"] == "base"] if isinstance(settings, list) else []
    return [
        (titles.get(str(bank), str(bank)), number)
        for row in rows
        if isinstance(row, dict)
        for bank, number in row.items()
    ]
