"""For whoever runs the installation: letters that are on hold, and letters that correct those of a name that was taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.audit.requests import note_about, note_detail
from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller
from assess.people.models import Desk, Organisation
from assess.suppliers.brakes import COUNTED_FOR, PAGE, lift
from assess.suppliers.correcting import Draft, NothingToCorrectError, SamePersonError, draft_of, drafts, send, text_of
from assess.suppliers.letter_words import CORRECTION_SUBJECT
from assess.suppliers.models import LONGEST_REASON, Because, LetterPause, NotKnown, SupplierLetter

blueprint = Blueprint("desk_letters", __name__, url_prefix=PAGE)
WORDS = {
    Because.NOT_KNOWN: "Too many people pressed “I do not know them”.",
    Because.REFUSED: "Mail servers refused five or more of its first 50 letters.",
}
NO_REASON = "Enter why the letters may go on."
SAME_PERSON = "You took this name back. Somebody else has to look at the letter and send it."


@dataclass(frozen=True, slots=True)
class Held:
    """The letters of one buyer that are on hold, with what the desk decides by."""

    pause: LetterPause
    buyer: str
    why: str
    letters: int
    presses: int
    refused: int


@blueprint.get("")
@requires("names.letters", load=permitted_person)
def show_letters(who: Caller) -> str:
    """What is on hold, and what is to be corrected."""
    return _page(who)


@blueprint.post("/<uuid:pause_id>/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("desk.administer", load=permitted_person)
def end_pause(who: Caller, pause_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Let the letters of a buyer go on, with a reason."""
    reason = " ".join(request.form.get("reason", "")[: LONGEST_REASON * 2].split())[:LONGEST_REASON]
    if not reason:
        return _page(who, pause_id), 422
    pause = session().get(LetterPause, pause_id, with_for_update=True) or abort(404)
    note_about("organisation", pause.buyer_id)
    lift(session(), pause, who.id, reason, now())
    return redirect(url_for("desk_letters.show_letters", done="lifted"), 303)


@blueprint.get("/corrections/<uuid:correction_id>")
@requires("names.letters", load=permitted_person)
def show_correction(who: Caller, correction_id: uuid.UUID) -> str:
    """The letter, to how many it goes, and the button."""
    with database().reading() as look:
        draft = draft_of(look, correction_id) or abort(404)
    return _correction_page(draft, SAME_PERSON if draft.correction.taken_back_by == who.id else None)


@blueprint.post("/corrections/<uuid:correction_id>")
@audited("sent")
@limited(SAVING, by_visit)
@requires("names.letters", load=permitted_person)
def send_correction(who: Caller, correction_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Send it. Whoever took the name back cannot."""
    try:
        number = send(session(), correction_id, who.id, now())
    except NothingToCorrectError:
        abort(404)
    except SamePersonError:
        draft = draft_of(session(), correction_id) or abort(404)
        return _correction_page(draft, SAME_PERSON), 422
    note_detail("count", number)
    return redirect(url_for("desk_letters.show_letters", done="sent"), 303)


def _page(who: Caller, faulty: uuid.UUID | None = None) -> str:
    with database().reading() as look:
        held, waiting = _held(look), drafts(look)
    return render_template(
        "suppliers/desk_letters.html",
        held=held,
        drafts=waiting,
        administers=who.desk is Desk.ADMINISTRATOR,
        faulty=faulty,
        no_reason=NO_REASON,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )


def _correction_page(draft: Draft, error: str | None) -> str:
    settings = settings_of(current_app)
    return render_template(
        "suppliers/desk_correction.html",
        draft=draft,
        subject=CORRECTION_SUBJECT,
        text=text_of(draft.names, settings),
        error=error,
    )


def _held(look: Session) -> list[Held]:
    wanted = select(LetterPause, Organisation).join(Organisation, Organisation.id == LetterPause.buyer_id)
    rows = look.execute(wanted.where(LetterPause.lifted_at.is_(None)).order_by(LetterPause.at)).all()
    since = now() - COUNTED_FOR

    def number(table: type[SupplierLetter | NotKnown], *which: object) -> int:
        return look.scalar(select(func.count()).select_from(table).where(*which)) or 0  # type: ignore[arg-type]  # conditions

    return [
        Held(
            pause,
            buyer.name,
            WORDS[pause.because],
            number(SupplierLetter, SupplierLetter.buyer_id == buyer.id, SupplierLetter.made_at > since),
            number(NotKnown, NotKnown.buyer_id == buyer.id, NotKnown.at > since),
            number(SupplierLetter, SupplierLetter.buyer_id == buyer.id, SupplierLetter.refused_at > since),
        )
        for pause, buyer in rows
    ]
