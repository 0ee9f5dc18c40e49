"""The page on which anybody checks whether a letter came from us. It says yes or no and the day, and nothing else."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at, now
from assess.kit.db import database
from assess.kit.limits import Limit, by_address, count
from assess.kit.mail.models import Outgoing
from assess.kit.route_permissions import audited, requires
from assess.people.models import Organisation
from assess.suppliers.asker import is_over
from assess.suppliers.letters import CHECK_PAGE, LETTER_KEPT, typed_number
from assess.suppliers.models import SupplierLetter

blueprint = Blueprint("letters", __name__)
CHECKING = Limit("letter-check", 10, 3600)
"""For each address that calls: nobody tries numbers until one is right."""
LONGEST_TYPED = 254


class Said(enum.StrEnum):
    """What the page answers."""

    NO = "no"
    YES = "yes"
    TAKEN_BACK = "taken_back"
    """We sent it, and can no longer confirm who asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, and the day on which the letter went."""

    said: Said
    on: date | None = None


@blueprint.get(CHECK_PAGE)
@requires("public.read")
def show_check() -> str:
    """The form."""
    return _page()


@blueprint.post(CHECK_PAGE)
@audited("changed")
@requires("public.read")
def check_letter() -> str | tuple[str, int]:
    """Yes or no. A right number with a wrong domain reads as a number that nobody knows."""
    typed = {name: request.form.get(name, "")[:LONGEST_TYPED].strip() for name in ("number", "domain")}
    faults = {}
    if not typed["number"]:
        faults["number"] = "Enter the letter number."
    if not typed["domain"]:
        faults["domain"] = "Enter what stands after the @ of the address that the letter came to."
    if faults:
        return _page(typed, faults), 422
    count(CHECKING, by_address())
    with database().reading() as look:
        answer = check(look, typed["number"], typed["domain"])
    return _page(typed, answer=answer)


def check(session: Session, number: str, domain: str) -> Answer:
    """Whether we sent a letter of this number to an address at this domain."""
    host = domain.rpartition("@")[2].strip(" <>.").lower()
    wanted = (
        select(SupplierLetter.buyer_id, SupplierLetter.buyer, Outgoing.sent_at)
        .join(Outgoing, Outgoing.event == SupplierLetter.event)
        .where(
            SupplierLetter.number == typed_number(number),
            SupplierLetter.domain == host,
            SupplierLetter.made_at > now() - LETTER_KEPT,
            Outgoing.sent_at.is_not(None),
        )
    )
    found = session.execute(wanted).first()
    if found is None or found.sent_at is None:
        return Answer(Said.NO)
    buyer = session.get(Organisation, found.buyer_id)
    said = Said.TAKEN_BACK if buyer is None or is_over(session, buyer, found.buyer) else Said.YES
    return Answer(said, date_at(found.sent_at))


def _page(
    typed: dict[str, str] | None = None, faults: dict[str, str] | None = None, answer: Answer | None = None
) -> str:
    return render_template("suppliers/letters.html", typed=typed or {}, faults=faults or {}, answer=answer)
