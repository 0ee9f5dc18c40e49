"""Who asks, as a supplier reads it: the buyer's name, and what shows that it is true.

That another organisation invited the buyer here would show the supplier something of that other one, so it counts for nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

from assess.people.models import Organisation
from assess.people.organisations.naming import NOT_CONFIRMED, ConfirmedBy, confirmed_words

SHOWN_TO_ALL = frozenset({ConfirmedBy.DOMAIN, ConfirmedBy.COMPANY_CHECK})
"""What shows everybody that a name is true."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A buyer's name. Of `note` (“name not confirmed”) and `shown` (what shows that it is true) exactly one is there."""

    name: str
    note: str | None
    shown: str | None


def asker_of(buyer: Organisation) -> Asker:
    """The buyer as its supplier sees it."""
    if not is_confirmed(buyer):
        return Asker(buyer.name, NOT_CONFIRMED, None)
    return Asker(buyer.name, None, confirmed_words(buyer))


def is_confirmed(buyer: Organisation) -> bool:
    """Whether something shows everybody that the name of this buyer is true."""
    return buyer.confirmed_by in SHOWN_TO_ALL
