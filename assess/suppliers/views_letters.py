"""The page on which anybody checks whether a letter came from us: yes or no, and with a yes the day and in whose name it went.

A yes without the name would confirm a forged letter that carries the number of a real one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.application import settings_of
from assess.kit.clock import date_at, now
from assess.kit.db import database
from assess.kit.limits import Limit, by_address, count
from assess.kit.mail.addresses import LONGEST, AddressUnfitError, fit_address
from assess.kit.mail.models import Outgoing
from assess.kit.route_permissions import audited, requires
from assess.people.models import Organisation
from assess.suppliers.asker import is_over
from assess.suppliers.letter_words import opened
from assess.suppliers.letters import CHECK_PAGE, LETTER_KEPT, mark_of, typed_number
from assess.suppliers.models import SupplierLetter

blueprint = Blueprint("letters", __name__)
CHECKING = Limit("letter-check", 10, 3600)
"""For each address that calls: nobody tries numbers until one is right."""


class Said(enum.StrEnum):
    """What the page answers."""

    NO = "no"
    YES = "yes"
    TAKEN_BACK = "taken_back"
    """We sent it, and can no longer confirm who asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, the day on which the letter went, and in whose name. `waits_at`: nobody had confirmed the name, only this domain."""

    said: Said
    on: date | None = None
    buyer: str = ""
    waits_at: str = ""


@blueprint.get(CHECK_PAGE)
@requires("public.read")
def show_check() -> str:
    """The form."""
    return _page()


@blueprint.post(CHECK_PAGE)
@audited("changed")
@requires("public.read")
def check_letter() -> str | tuple[str, int]:
    """Yes or no. A right number with a wrong address reads as a number that nobody knows."""
    typed = {name: request.form.get(name, "")[: LONGEST + 1].strip(" <>") for name in ("number", "email")}
    faults = {}
    if not typed["number"]:
        faults["number"] = "Enter the letter number."
    try:
        fit_address(typed["email"])
    except AddressUnfitError:
        faults["email"] = "Enter the whole email address that the letter came to, like name@example.org."
    if faults:
        return _page(typed, faults), 422
    count(CHECKING, by_address())
    with database().reading() as look:
        answer = check(look, typed["number"], typed["email"], settings_of(current_app).honoured_keys)
    return _page(typed, answer=answer)


def check(session: Session, number: str, email: str, secrets: Iterable[str]) -> Answer:
    """Whether we sent a letter of this number to this mailbox. `secrets`: every key that is honoured."""
    marks = [mark_of(email, secret) for secret in secrets]
    wanted = (
        select(SupplierLetter.buyer_id, SupplierLetter.buyer, SupplierLetter.asked_from, Outgoing.sent_at)
        .join(Outgoing, Outgoing.event == SupplierLetter.event)
        .where(
            SupplierLetter.number == typed_number(number),
            SupplierLetter.mark.in_(marks),
            SupplierLetter.made_at > now() - LETTER_KEPT,
            Outgoing.sent_at.is_not(None),
        )
    )
    found = session.execute(wanted).first()
    if found is None or found.sent_at is None:
        return Answer(Said.NO)
    buyer = session.get(Organisation, found.buyer_id)
    if buyer is None or is_over(session, buyer, found.buyer):
        return Answer(Said.TAKEN_BACK, date_at(found.sent_at))
    return Answer(Said.YES, date_at(found.sent_at), opened(found.buyer), found.asked_from)


def _page(
    typed: dict[str, str] | None = None, faults: dict[str, str] | None = None, answer: Answer | None = None
) -> str:
    return render_template("suppliers/letters.html", typed=typed or {}, faults=faults or {}, answer=answer)
