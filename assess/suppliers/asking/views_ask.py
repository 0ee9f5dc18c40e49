"""Asking a supplier that is on the list: how it stands, asking again, reminding, another date, a link to send by hand, asking no more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from flask import current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assess.kit.application import settings_of
from assess.kit.clock import now, today
from assess.kit.db import commit_request, database, session
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import organisation_or_404, permitted_member
from assess.people.caller import caller_id
from assess.people.models import NameState, Organisation
from assess.people.organisations.names import standing_of
from assess.suppliers.asker import is_taken_back
from assess.suppliers.asking import views_new
from assess.suppliers.asking.pages import (
    Shown,
    choices,
    letters_shown,
    proposed,
    reminder_shown,
    reminder_words,
    send_on,
)
from assess.suppliers.asking.reading import ASKED, Read, read_ask, read_due, typed_of
from assess.suppliers.asking.views_new import Answer
from assess.suppliers.brakes import is_paused
from assess.suppliers.chasing import remind_now, why_not
from assess.suppliers.door import supplier_or_404
from assess.suppliers.inviting import invite, latest_of, move_due, take_back
from assess.suppliers.letter_words import SAYS, Silence, messages
from assess.suppliers.letters import new_link, silence, was_refused
from assess.suppliers.models import Supplier, SupplierInvitation, What
from assess.suppliers.rationing import MOST_LINKS_A_DAY, ration_of, take_link
from assess.suppliers.trail import write
from assess.suppliers.words import DECLINES_TOLD, STATUSES

blueprint = views_new.blueprint
NO_MORE_LINKS = f"You made {MOST_LINKS_A_DAY} links today. While your name is not confirmed, that is all for a day."
HERE = "/<uuid:supplier_id>/ask"
DONE = {
    "added": "It is on your list. You can ask it now, or later.",
    "asked": "It is asked.",
    "reminded": "The reminder is on its way.",
    "moved": "The date is moved. They see the new one when they open the link.",
    "taken_back": "You ask no more. The links in your letters do not work from now on.",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """How it stands with the latest time it was asked."""

    invitation: SupplierInvitation
    stands: str
    declined: str | None
    silent: str | None
    refused: bool
    no_reminder: str | None
    reminder: Shown | None
    """The reminder as it would go now."""


@blueprint.get(HERE)
@requires("suppliers.manage", check=permitted_member)
def show_ask(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> str:
    """How it stands, and the forms."""
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
    return _page(organisation_id, supplier_id, Read(typed_of(proposed(supplier.sector), ASKED)))


@blueprint.post(f"{HERE}/look")
@audited("changed")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def look_at_ask(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Answer:
    """A look at the letter, or back to the form. Nothing is kept."""
    read = _read()
    if "back" in request.form:
        return _page(organisation_id, supplier_id, Read(read.typed))
    if read.faults or read.ask is None:
        return _page(organisation_id, supplier_id, read), 422
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        buyer = organisation_or_404(look, organisation_id)
        because = silence(look, supplier, buyer, settings_of(current_app), today())
        letters = letters_shown(look, buyer, supplier, read.ask, caller_id())
        titles = choices(look).sectors
    return render_template(
        "suppliers/ask_look.html",
        organisation=buyer,
        name=supplier.name,
        email=supplier.email,
        ask=read.ask,
        title=titles[read.ask.sector],
        letters=letters,
        silent=SAYS[because] if because else None,
        typed=read.typed,
        waits=read.ask.send_on > today(),
        reminders=reminder_words(read.ask),
        to=url_for("asking.invite_again", organisation_id=organisation_id, supplier_id=supplier_id),
        again=url_for("asking.look_at_ask", organisation_id=organisation_id, supplier_id=supplier_id),
    )


@blueprint.post(HERE)
@audited("invited")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def invite_again(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Answer:
    """Ask it. What it was asked before ends."""
    read = _read()
    if read.faults or read.ask is None:
        return _page(organisation_id, supplier_id, read), 422
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    if supplier.archived_at is not None:
        return _page(organisation_id, supplier_id, Read(read.typed)), 422
    invite(session(), supplier, read.ask, settings_of(current_app), now(), by=caller_id())
    return _to_ask(organisation_id, supplier_id, "asked")


@blueprint.post(f"{HERE}/due")
@audited("moved")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def move_due_date(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Answer:
    """Another date."""
    typed = typed_of(request.form, ("due_day", "due_month", "due_year"))
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        found = latest_of(look, [supplier.id]).get(supplier.id)
    faults: dict[str, str] = {}
    due = None if found is None else read_due(typed, max(today(), found.send_on), faults)
    if due is None:
        blank = typed_of(proposed(supplier.sector), ASKED)
        return _page(organisation_id, supplier_id, Read(blank), moved={**typed, **faults}), 422
    invitation = _invitation(session(), organisation_id, supplier_id)
    if invitation is not None:
        move_due(session(), invitation, due, now(), by=caller_id())
    return _to_ask(organisation_id, supplier_id, "moved")


@blueprint.post(f"{HERE}/remind")
@audited("sent")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def send_reminder(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """Remind at once."""
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    sent = remind_now(session(), supplier.id, settings_of(current_app), now(), by=caller_id())
    return _to_ask(organisation_id, supplier_id, "reminded" if sent else None)


@blueprint.post(f"{HERE}/link")
@audited("made")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def make_link(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Answer:
    """A link to send by hand, shown once."""
    invitation = _invitation(session(), organisation_id, supplier_id)
    if invitation is None:
        return _to_ask(organisation_id, supplier_id, None)
    supplier = supplier_or_404(session(), organisation_id, supplier_id)
    buyer = organisation_or_404(session(), organisation_id)
    standing = standing_of(session(), buyer, today())
    why = None
    if is_taken_back(session(), buyer):
        why = SAYS[Silence.TAKEN_BACK]
    elif is_paused(session(), buyer.id, standing.government_domain):
        why = SAYS[Silence.PAUSED]
    if why is None and standing.state is not NameState.CONFIRMED and not take_link(session(), buyer.id, today()):
        why = NO_MORE_LINKS
    if why is not None:
        return _page(organisation_id, supplier_id, Read(typed_of(proposed(supplier.sector), ASKED)), no_link=why), 422
    link = new_link(session(), invitation, settings_of(current_app).base_url, now())
    write(session(), supplier.id, What.LINK_MADE, now(), by=caller_id())
    commit_request()
    return render_template(
        "suppliers/ask_link.html",
        organisation=buyer,
        supplier=supplier,
        address=link,
        due=invitation.due,
        **messages(buyer.name, link),
    )


@blueprint.get(f"{HERE}/end")
@requires("suppliers.manage", check=permitted_member)
def show_end(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Answer:
    """What ends, before it does."""
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        if not latest_of(look, [supplier.id]):
            return _to_ask(organisation_id, supplier_id, None)
        buyer = organisation_or_404(look, organisation_id)
    return render_template("suppliers/ask_end.html", organisation=buyer, supplier=supplier)


@blueprint.post(f"{HERE}/end")
@audited("ended")
@limited(SAVING, by_visit)
@requires("suppliers.manage", check=permitted_member)
def end_asking(organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> Response:
    """Ask no more."""
    invitation = _invitation(session(), organisation_id, supplier_id)
    if invitation is not None:
        take_back(session(), invitation, now(), by=caller_id())
    return _to_ask(organisation_id, supplier_id, "taken_back")


def _invitation(look: Session, organisation_id: uuid.UUID, supplier_id: uuid.UUID) -> SupplierInvitation | None:
    supplier = supplier_or_404(look, organisation_id, supplier_id)
    return latest_of(look, [supplier.id]).get(supplier.id)


def _read() -> Read:
    typed = typed_of(request.form, ASKED)
    with database().reading() as look:
        can = choices(look)
    return read_ask(typed, can.sectors, send_on(typed))


def _to_ask(organisation_id: uuid.UUID, supplier_id: uuid.UUID, done: str | None) -> Response:
    here = url_for("asking.show_ask", organisation_id=organisation_id, supplier_id=supplier_id, done=done)
    return redirect(here, 303)


def _asked(look: Session, supplier: Supplier, buyer: Organisation) -> _Asked | None:
    invitation = latest_of(look, [supplier.id]).get(supplier.id)
    if invitation is None:
        return None
    settings = settings_of(current_app)
    no_reminder = why_not(look, supplier, invitation, settings, now())
    because = silence(look, supplier, buyer, settings, today())
    return _Asked(
        invitation,
        STATUSES[invitation.status],
        DECLINES_TOLD[invitation.decline] if invitation.decline else None,
        SAYS[because] if because else None,
        was_refused(look, invitation),
        no_reminder,
        None if no_reminder else reminder_shown(look, buyer, supplier, invitation),
    )


def _page(
    organisation_id: uuid.UUID,
    supplier_id: uuid.UUID,
    read: Read,
    moved: dict[str, str] | None = None,
    no_link: str | None = None,
) -> str:
    with database().reading() as look:
        supplier = supplier_or_404(look, organisation_id, supplier_id)
        buyer = organisation_or_404(look, organisation_id)
        asked = _asked(look, supplier, buyer)
        can = choices(look)
        because = silence(look, supplier, buyer, settings_of(current_app), today())
        ration = ration_of(standing_of(look, buyer, today()), today())
    return render_template(
        "suppliers/ask_one.html",
        organisation=buyer,
        supplier=supplier,
        asked=asked,
        typed=read.typed,
        faults=read.beside,
        wrong=list(read.faults.items()),
        no_link=no_link,
        moved=moved or _date_of(asked.invitation.due if asked else None),
        sectors=can.sectors,
        busy=list(can.busy.values()),
        silent=SAYS[because] if because else None,
        done=DONE.get(request.args.get("done", "")) if request.method == "GET" else None,
        ration=ration.words,
        today=today(),
    )


def _date_of(due: date | None) -> dict[str, str]:
    if due is None:
        return {}
    return {"due_day": str(due.day), "due_month": str(due.month), "due_year": str(due.year)}
