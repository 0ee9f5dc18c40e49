"""The words for what is kept of a supplier: one place for all pages, letters and files."""

from __future__ import annotations

from collections.abc import Mapping

from assess.suppliers.models import Decline, Size, Status, Tier

STATUSES: Mapping[Status, str] = {
    Status.NOT_ASKED: "Not asked",
    Status.WAITING: "Waits for the season",
    Status.INVITED: "Invited",
    Status.OPENED: "Opened",
    Status.STARTED: "Begun",
    Status.SUBMITTED: "Finished",
    Status.SHARED: "Shared",
    Status.OTHER_RESULT: "Other result accepted",
    Status.DECLINED: "Said no",
    Status.SHARE_OVER: "Share over",
}
"""How it stands."""

STATUS_HINTS: Mapping[Status, str] = {
    Status.NOT_ASKED: "You have not asked this supplier yet.",
    Status.WAITING: "The letter goes when the busy season of its sector is over.",
    Status.INVITED: "The supplier was asked and has not opened the request yet.",
    Status.OPENED: "The supplier opened the request and has not begun yet.",
    Status.STARTED: "The supplier has begun to answer.",
    Status.SUBMITTED: "The supplier has finished its answers. It has not shared them with you yet.",
    Status.SHARED: "The supplier shares its result with you.",
    Status.OTHER_RESULT: "You accepted the result of another scheme.",
    Status.DECLINED: "The supplier said no. It may still think again.",
    Status.SHARE_OVER: "What the supplier shared is over. Ask whether it shares again.",
}
"""The same in a sentence."""

SIZES: Mapping[Size, str] = {
    Size.MICRO: "Fewer than 10 people",
    Size.SMALL: "10 to 49 people",
    Size.MEDIUM: "50 to 249 people",
    Size.LARGE: "250 people or more",
}
"""How large it is."""

TIERS: Mapping[Tier, str] = {Tier.LOW: "Low tier", Tier.MEDIUM: "Medium tier", Tier.HIGH: "High tier"}
"""How much risk the buyer sees in its contracts."""

DECLINES: Mapping[Decline, str] = {
    Decline.NOT_A_SUPPLIER: "We do not supply them",
    Decline.ALREADY_ANSWERED: "We have answered them already",
    Decline.NO_TIME_NOW: "We have no time just now",
    Decline.OTHER_SCHEME: "We are in another scheme",
    Decline.RATHER_NOT: "We would rather not",
}
"""Why it says no, as the supplier picks it. It writes nothing."""

DECLINES_TOLD: Mapping[Decline, str] = {
    Decline.NOT_A_SUPPLIER: "It says it does not supply you",
    Decline.ALREADY_ANSWERED: "It says it has answered you already",
    Decline.NO_TIME_NOW: "It says it has no time just now",
    Decline.OTHER_SCHEME: "It says it is in another scheme",
    Decline.RATHER_NOT: "It would rather not, or gives no reason",
}
"""The same as the buyer reads it."""


def name_of_code(code: str) -> str:
    """A sector or an area as people read it: “Car washes” for "car_washes"."""
    return code.replace("_", " ").strip().capitalize()
