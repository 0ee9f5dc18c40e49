"""The sign-off page: who stands for the plan, who was given what, and what this copy is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SHARES = 3
"""Lines for a pen about who was given a copy."""

_OWN = (
    "The business’s own copy, with every answer, and the actions as they stood when it was printed.",
    "It is for the people who run the business: give a buyer the buyer copy, and hang up the wall version.",
    "Inside the PDF: assessment.json for a program, and actions.csv with the ordinary actions.",
)
_SAYS: Mapping[str, tuple[str, ...]] = {
    "business": _OWN,
    "large": ("Large print.", *_OWN),
    "coordinator": (
        "This is the copy for a coordinator. It is not for the business and not for buyers.",
        "One file is inside this PDF: assessment.json, the whole record, signs included.",
    ),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """That somebody senior signed it off: when (ISO), and who, where that may stand here."""

    on: str
    name: str | None = None
    job: str | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """What the page prints beside its empty lines. `says` are finished sentences about this copy.

    `signed` takes the place of the empty lines for name and signature, once there is a sign-off.
    """

    check_code: str | None
    says: tuple[str, ...]
    shares: range
    signed: Signed | None = None


def sign_off_of(
    code: str | None, copy: Literal["business", "large", "coordinator"], signed: Signed | None = None
) -> SignOff:
    """The page of one copy."""
    return SignOff(check_code=code, says=_SAYS[copy], shares=range(SHARES), signed=signed)
