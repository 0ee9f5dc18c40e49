"""Doing one thing with many suppliers: what would happen, the yes, how far it is, and the undo."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.audit.requests import note_detail
from assess.kit.clock import now, today
from assess.kit.db import database, session
from assess.kit.errors import Wording, error_page
from assess.kit.jobs.ordering import defer
from assess.kit.limits import SAVING, Limit, by_visit, count, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import Caller
from assess.people.organisations.names import standing_of
from assess.portfolio.board import acting
from assess.portfolio.board.acting import Chosen, Numbers
from assess.portfolio.board.background import ACTING
from assess.portfolio.board.filters import read_query
from assess.portfolio.board.models import BulkAct, Kind
from assess.suppliers.asking.pages import first_reminder
from assess.suppliers.letter_words import SAYS
from assess.suppliers.letters import silence_of_buyer
from assess.suppliers.rationing import MOST_TO_A_MAILBOX, ration_of

blueprint = Blueprint("acts", __name__, url_prefix="/organisations/<uuid:organisation_id>/suppliers/act")

ACTS = Limit("bulk-act", 60, 3600)
"""For each buyer: each keeps a row for every supplier of it for three months."""
BUNDLE = "bundle"
MOST_TICKED = 500
LONGEST_DAYS = 366
SECONDS = 3
TITLES: Mapping[str, str] = {
    Kind.REMIND: "Remind them now",
    Kind.MOVE_DUE: "Move the due date",
    Kind.TAKE_OFF: "Take them off the list",
    Kind.PUT_BACK: "Put them back on the list",
    BUNDLE: "Put their plans into a bundle",
}
NOT_CHOSEN = Wording(
    "Choose what to do",
    (
        "This address does not say what to do with which suppliers.",
        "Go back to your suppliers, tick some, and choose there.",
    ),
)
NOTHING = "Tick at least one supplier, or choose all that match."


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to do with whom. `query`: the filter it came from."""

    kind: str
    chosen: Chosen
    query: str

    @property
    def with_all(self) -> bool:
        """Whether all that match are meant."""
        return self.chosen.all_of is not None


@blueprint.get("")
@requires("suppliers.read", check=permitted_member)
def show_confirm(organisation_id: uuid.UUID) -> str | tuple[str, int]:
    """What would happen, in numbers."""
    return _confirm_page(organisation_id, _asked(request.args), {})


@blueprint.post("")
@audited("begun")
@limited(SAVING, by_visit)
@requires("suppliers.manage", load=permitted_member)
def begin_act(who: Caller, organisation_id: uuid.UUID) -> Response | tuple[str, int]:
    """Do it: a few at once, many in the background."""
    count(ACTS, str(organisation_id))
    asked = _asked(request.form)
    faults: dict[str, str] = {}
    if asked.kind == BUNDLE:
        abort(error_page(422, NOT_CHOSEN))
    due = None
    if asked.kind == Kind.MOVE_DUE:
        due, fault = typed_due(request.form, today())
        faults |= {"day": fault} if fault else {}
    found = _numbers(session(), organisation_id, asked)
    if asked.with_all and request.form.get("number") != str(found.all):
        faults["confirm"] = f"The list has changed meanwhile: now {found.all:,} match. Look again before you confirm."
    if faults or not found.all:
        return _confirm_page(organisation_id, asked, faults or {"confirm": NOTHING}, typed=request.form)
    act = acting.begin(session(), organisation_id, Kind(asked.kind), due, asked.chosen, now(), by=who.id)
    note_detail("count", found.all)
    _go_on(session(), act)
    return redirect(url_for("acts.show_act", organisation_id=organisation_id, act_id=act.id), 303)


@blueprint.get("/<uuid:act_id>")
@requires("suppliers.read", check=permitted_member)
def show_act(organisation_id: uuid.UUID, act_id: uuid.UUID) -> str:
    """How far it is, and what became of it."""
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        act = _act_or_404(look, organisation_id, act_id)
        return render_template(
            "portfolio/board_act.html",
            organisation=organisation,
            act=act,
            title=TITLES[act.kind],
            progress=acting.progress(look, act),
            can_undo=acting.can_undo(act),
            seconds=SECONDS,
        )


@blueprint.post("/<uuid:act_id>/undo")
@audited("undone")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def undo_act(organisation_id: uuid.UUID, act_id: uuid.UUID) -> Response:
    """Undo it, as far as nobody changed it again since."""
    act = _act_or_404(session(), organisation_id, act_id, locked=True)
    if acting.can_undo(act):
        acting.ask_undo(act, now())
        _go_on(session(), act)
    return redirect(url_for("acts.show_act", organisation_id=organisation_id, act_id=act.id), 303)


def typed_due(form: MultiDict[str, str], day: date) -> tuple[date | None, str | None]:
    """The date that was typed in three boxes, and what is wrong with it: from tomorrow on, within a year."""
    try:
        year, month, number = (int(form.get(name, "")) for name in ("year", "month", "day"))
        due = date(year, month, number)
    except (ValueError, OverflowError):
        return None, f"Enter the new date as day, month and year, like {_example(day)}."
    if due <= day:
        return None, "Enter a date after today."
    if due > day + timedelta(days=LONGEST_DAYS):
        return None, "Enter a date within a year from today."
    return due, None


def _example(day: date) -> str:
    soon = day + timedelta(days=30)
    return f"{soon.day} {soon.month} {soon.year}"


def _go_on(opened: Session, act: BulkAct) -> None:
    if acting.progress(opened, act).total > acting.AT_ONCE:
        defer(opened, ACTING, key=f"{ACTING} {act.id.hex}", now=now(), act_id=str(act.id))
        return
    while acting.carry_on(opened, act, settings_of(current_app), now()):
        pass


def _asked(said: MultiDict[str, str]) -> Asked:
    kind = said.get("kind", "")
    if kind not in TITLES:
        abort(error_page(422, NOT_CHOSEN))
    query = read_query(said.get("filter", "")).query
    if said.get("which") == "all" and kind != Kind.PUT_BACK:
        return Asked(kind, Chosen(all_of=read_query(query)), query)
    ids = []
    for typed in said.getlist("supplier")[:MOST_TICKED]:
        try:
            ids.append(uuid.UUID(typed))
        except ValueError:
            abort(error_page(422, NOT_CHOSEN))
    return Asked(kind, Chosen(tuple(dict.fromkeys(ids))), query)


def _numbers(look: Session, organisation_id: uuid.UUID, asked: Asked) -> Numbers:
    if asked.kind == Kind.PUT_BACK:
        return Numbers(acting.off_list(look, organisation_id, asked.chosen.ids), 0, 0)
    return acting.numbers(look, organisation_id, asked.chosen, now())


def _confirm_page(
    organisation_id: uuid.UUID,
    asked: Asked,
    faults: Mapping[str, str],
    typed: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    settings = settings_of(current_app)
    with database().reading() as look:
        organisation = organisation_or_404(look, organisation_id)
        found = _numbers(look, organisation_id, asked)
        reminds = asked.kind == Kind.REMIND
        because = silence_of_buyer(look, organisation, settings, today())
        ration = ration_of(standing_of(look, organisation, today()), today())
        reached = acting.reachable(look, organisation_id, asked.chosen, settings, now()) if reminds else frozenset()
        letter = first_reminder(look, organisation, reached)
    page = render_template(
        "portfolio/board_confirm.html",
        organisation=organisation,
        asked=asked,
        title=TITLES[asked.kind],
        numbers=found,
        reached=len(reached),
        letter=letter,
        most_a_day=ration.a_day,
        most_to_a_mailbox=MOST_TO_A_MAILBOX,
        silence=SAYS[because] if because else None,
        faults=faults or ({} if found.all else {"confirm": NOTHING}),
        typed=typed or {},
        example=_example(today()),
        at_once=acting.AT_ONCE,
    )
    return page, 422 if faults else 200


def _act_or_404(look: Session, organisation_id: uuid.UUID, act_id: uuid.UUID, *, locked: bool = False) -> BulkAct:
    wanted = select(BulkAct).where(BulkAct.id == act_id, BulkAct.buyer_id == organisation_id)
    return look.scalars(wanted.with_for_update() if locked else wanted).first() or abort(404)
