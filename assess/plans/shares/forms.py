"""What a business fills in to share: whom with, how much, for how long. Typed text comes back as it was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.kit.mail.addresses import AddressUnfitError
from assess.plans.shares.granting import DAYS, USUAL_DAYS, Recipient, fit_buyer
from assess.plans.shares.scopes import Scope


@dataclass(frozen=True, slots=True)
class Choice:
    """How much is shown, and for how many days from now."""

    scope: Scope
    days: int


@dataclass(frozen=True, slots=True)
class ShareForm:
    """The form as it was sent. `errors` are (name of the field, sentence). `ticks`: marks of texts that are to be kept as they are."""

    email: str = ""
    buyer: str = ""
    scope: str = Scope.BUYER_COPY.value
    days: str = str(USUAL_DAYS)
    to: Recipient | None = None
    choice: Choice | None = None
    errors: tuple[tuple[str, str], ...] = field(default=())
    asked: tuple[Asked, ...] = ()
    ticks: frozenset[str] = frozenset()

    def error(self, name: str) -> str | None:
        """The sentence beside this field."""
        return next((sentence for field_name, sentence in self.errors if field_name == name), None)


def read_share(form: Mapping[str, str]) -> ShareForm:
    """The form for a new share."""
    email, buyer = form.get("email", ""), form.get("buyer", "")
    read = read_choice(form)
    errors = list(read.errors)
    to = None
    try:
        to = Recipient.typed(email, buyer)
    except AddressUnfitError:
        errors.insert(0, ("email", "Enter the buyer’s e-mail address, like name@example.org."))
    ticks = ticks_in(form)
    asked = ask_about(fit_buyer(buyer), "buyer", "Name of the buyer’s organisation", ticks=ticks, names_expected=True)
    if asked is not None:
        errors.append(("buyer", asked.sentence))
    return ShareForm(
        email[:254],
        buyer[:120],
        read.scope,
        read.days,
        to,
        read.choice,
        tuple(errors),
        (asked,) if asked else (),
        ticks,
    )


def read_choice(form: Mapping[str, str], offered: Sequence[int] = DAYS) -> ShareForm:
    """The part about how much and for how long: one of the numbers of days that are offered."""
    scope, days = form.get("scope", ""), form.get("days", "")
    errors = []
    if scope not in set(Scope):
        errors.append(("scope", "Choose what the buyer sees."))
    if days not in {str(number) for number in offered}:
        errors.append(("days", "Choose for how long."))
    choice = None if errors else Choice(Scope(scope), int(days))
    return ShareForm(scope=scope, days=days, choice=choice, errors=tuple(errors))
