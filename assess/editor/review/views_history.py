"""The history of every bank: its editions, what each changed, and withdrawing one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.banks.editions import (
    Byline,
    ConfirmedError,
    confirm_withdrawal,
    edition_of,
    may_come_back,
    put_back,
    says_the_same,
    waiting_for_second,
    withdraw,
    withdrawal_of,
)
from assess.banks.models import CONFIRM_WITHIN, LONGEST_NOTE, Stage
from assess.editor.listing import names_of_people
from assess.editor.mending.contacts import has_second_person
from assess.editor.mending.keeping import TOO_NEW
from assess.editor.review.editions import (
    Kept,
    all_editions,
    between,
    editions_of,
    editors_of_edition,
    starts_with_then,
    texts_read,
)
from assess.editor.review.telling import BACK, CONFIRMED, OLDER, STOPPED, WITHDRAWN, Letter, tell_of_edition
from assess.kit.application import settings_of
from assess.kit.clock import now
from assess.kit.db import database, roll_back_request, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.accounts.door import with_next
from assess.people.accounts.proving import PROVE
from assess.people.administration.desks import may_review
from assess.people.caller import Caller
from assess.people.permissions import allows, general_relations

blueprint = Blueprint("bank_history", __name__, url_prefix="/banks/history")

Answer = Response | tuple[str, int]
NOT_BY_YOU = "You withdrew it yourself, or somebody confirmed it already."
BY_TWO = "Two people withdrew this edition, so it cannot be put back. Begin a new draft: two people publish that."
WROTE_IT = "You worked on this edition and somebody else withdrew it. Whoever withdrew it, or somebody who did not work on it, may put it back."
SETTLED = "A later draft said what becomes of its text, so it cannot be put back. Change the bank with a draft instead."
LATER_GONE = "Two people withdrew a later edition, and none followed. Begin a new draft: two people publish that."
OTHER_THEN = "Another edition would take its place now than the one you saw. Look at it once more."
NO_REASON = "Say why. It stands in the history of the bank for good."
NOT_SURE = "Tick that you want this."
TOO_LONG = f"Shorten this to {LONGEST_NOTE} characters or fewer."


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_history() -> str:
    """Every edition of every bank."""
    with database().reading() as look:
        found = all_editions(look)
        titles = {bank: edition_of(look, kept[0].id).edition.title for bank, kept in found.items()}
    banks = sorted(found.items(), key=lambda one: titles[one[0]])
    return render_template("editor/history.html", banks=banks, titles=titles)


@blueprint.get("/<bank>/<int:number>")
@requires("banks.read", load=permitted_person)
def show_edition(who: Caller, bank: str, number: int) -> str:
    """One edition: how it came to be, what it changed, and what became of it."""
    return _page(who, bank, number, {})


@blueprint.post("/<bank>/<int:number>/withdraw")
@audited("ended")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def withdraw_edition(who: Caller, bank: str, number: int) -> Answer:
    """Let no new assessment begin with it."""
    return _settle(who, bank, number, Stage.WITHDRAWN)


@blueprint.post("/<bank>/<int:number>/put-back")
@audited("put back")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def put_edition_back(who: Caller, bank: str, number: int) -> Answer:
    """Let new assessments begin with it again."""
    return _settle(who, bank, number, Stage.PUBLISHED)


@blueprint.post("/<bank>/<int:number>/confirm")
@audited("confirmed")
@limited(SAVING, by_visit)
@requires("banks.publish", load=permitted_person)
def confirm_withdrawn(who: Caller, bank: str, number: int) -> Answer:
    """Say as the second person that withdrawing it was right."""
    _, this = _kept_or_404(session(), bank, number)
    row = withdrawal_of(session(), this.id)
    then = starts_with_then(editions_of(session(), bank), number)
    if then is not None and then.waits and request.form.get("then") != str(then.number):
        return _page(who, bank, number, {"confirm": OTHER_THEN}), 409
    if row is not None and row.by_id != who.id and not may_review(session(), who.id, {row.by_id}, now()):
        return _page(who, bank, number, {"confirm": TOO_NEW}), 409
    if this.stage is not Stage.WITHDRAWN or not confirm_withdrawal(session(), this.id, who.id, now()):
        return _page(who, bank, number, {"confirm": NOT_BY_YOU}), 409
    _tell(this, OLDER if then is not None and then.waits else CONFIRMED)
    return redirect(url_for(".show_edition", bank=bank, number=number), 303)


def _settle(who: Caller, bank: str, number: int, stage: Stage) -> Answer:
    _, this = _kept_or_404(session(), bank, number)
    why = request.form.get("why", "").strip()
    faults = {} if why else {"why": NO_REASON}
    if len(why) > LONGEST_NOTE:
        faults["why"] = TOO_LONG
    if request.form.get("sure") != "yes":
        faults["sure"] = NOT_SURE
    barred = _why_not_back(session(), who, this) if stage is Stage.PUBLISHED else ""
    if barred and not faults:
        faults["why"] = barred
    if faults:
        return _page(who, bank, number, faults), 422
    with_it = [this]
    if stage is Stage.WITHDRAWN:
        ticked = request.form.getlist("also")
        with_it += [one for one in _made_with(session(), this) if one.bank in ticked and one.stage is Stage.PUBLISHED]
    done, letter = (withdraw, WITHDRAWN) if stage is Stage.WITHDRAWN else (put_back, BACK)
    try:
        for one in with_it:
            done(session(), one.bank, one.number, now(), Byline(who.id, why))
            stopped = waiting_for_second(session()).get(one.bank) == one.number
            _tell(one, STOPPED if stopped else letter)
    except ConfirmedError:  # somebody confirmed it at the same moment
        roll_back_request()
        return _page(who, bank, number, {"why": BY_TWO}), 409
    return redirect(url_for(".show_edition", bank=bank, number=number), 303)


def _tell(one: Kept, letter: Letter) -> None:
    title = f"{edition_of(session(), one.id).edition.title}, edition {one.number}"
    page = url_for(".show_edition", bank=one.bank, number=one.number)
    tell_of_edition(session(), one.id, title, letter, page, settings_of(current_app), now())


def _made_with(look: Session, this: Kept) -> list[Kept]:
    """The editions of other banks that the same publication made."""
    return [
        one
        for bank, kept in all_editions(look).items()
        for one in kept
        if bank != this.bank and one.published_at == this.published_at and one.published.by and this.published.by
    ]


def _why_not_back(look: Session, who: Caller, this: Kept) -> str:
    """Why this person may not put a withdrawn edition back: what two people decided, or others did, nobody undoes alone."""
    row = withdrawal_of(look, this.id) if this.stage is Stage.WITHDRAWN else None
    if row is None:
        return ""
    if row.confirmed_at is not None:
        return BY_TWO
    if row.settled_at is not None:
        return SETTLED
    if not may_come_back(look, row):
        return LATER_GONE
    return "" if row.by_id == who.id else _why_not_by(look, who, this, row.by_id)


def _why_not_by(look: Session, who: Caller, this: Kept, withdrawn_by: uuid.UUID | None) -> str:
    """Why somebody who did not withdraw it may not put it back: they worked on it, or one of those concerned is new here."""
    editors = editors_of_edition(look, this)
    if who.id in editors:
        return WROTE_IT
    return "" if may_review(look, who.id, {*editors, withdrawn_by}, now()) else TOO_NEW


def _kept_or_404(look: Session, bank: str, number: int) -> tuple[list[Kept], Kept]:
    kept = editions_of(look, bank)
    return kept, next((one for one in kept if one.number == number), None) or abort(404)


def _page(who: Caller, bank: str, number: int, faults: Mapping[str, str]) -> str:
    with database().reading() as look:
        kept, this = _kept_or_404(look, bank, number)
        before, compared = between(look, kept, number)
        then = starts_with_then(kept, number)
        row = withdrawal_of(look, this.id) if this.stage is Stage.WITHDRAWN else None
        others = _made_with(look, this) if this.stage is Stage.PUBLISHED else []
        may = general_relations(who)
        return render_template(
            "editor/edition.html",
            this=this,
            title=compared.new.title,
            before=before,
            read=texts_read(look, this),
            compared=compared,
            then=then.number if then else None,
            at_once=then is None or says_the_same(look, (this.id, this.digest), (then.id, then.digest)),
            waits=then is not None and then.waits and then.number < number,
            newer=next((one.number for one in kept if one.in_use), None),
            withdrawal=row,
            week=CONFIRM_WITHIN,
            overdue=row is not None and row.overdue(now()),
            second=row is not None and row.by_id != who.id,
            barred="" if row is None or may_review(look, who.id, {row.by_id} - {who.id}, now()) else TOO_NEW,
            not_back=_why_not_back(look, who, this),
            confirmed_by=names_of_people(look, {row.confirmed_by})[row.confirmed_by] if row else "",
            alone=not has_second_person(look, who.id),
            also=[(one.bank, edition_of(look, one.id).edition.title) for one in others if one.stage is Stage.PUBLISHED],
            may_publish=allows("banks.publish", may),
            may_edit=allows("banks.edit", may),
            proven=who.proven_lately(now()),
            prove=with_next(PROVE, request.path),
            faults=dict(faults),
            typed={name: request.form.get(name, "") for name in ("why", "sure")},
        )
