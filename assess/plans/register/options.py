"""What can be picked in the register, and how it reads. The ids are stored; the words may change."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RESPONSES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "We will do this",
        "already_done": "We do this already",
        "will_not": "We will not do this",
    }
)
DUTY_RESPONSES: Mapping[str, str] = MappingProxyType(
    {"accepted": "We will do this", "already_done": "We have done this"}
)
"""The law is not declined: what does not apply follows from the facts, and is changed there."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "not_ours": "It is not in our power",
        "does_not_fit": "It does not fit how we work",
        "cost": "It costs too much now",
        "covered": "It is covered in another way",
        "other": "Another reason",
    }
)
STATUSES: Mapping[str, str] = MappingProxyType({"open": "Not started", "under_way": "Under way", "done": "Done"})
GRADES: Mapping[str, str] = MappingProxyType(
    {
        "said": "We say that it is there",
        "shown": "We have shown it to somebody from outside",
        "checked": "Somebody from outside has checked it",
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "records": "Records, such as payslips or time sheets",
        "policy": "A policy or written rules",
        "contract": "A contract or written terms",
        "training": "A record of training",
        "check": "A check, visit or audit",
        "letter": "A letter, notice or poster",
        "other": "Something else",
    }
)

SOMEONE_ELSE = "someone_else"
"""What the list of owners sends when a name is typed beside it."""


def known(options: Mapping[str, str], value: str, fallback: str = "") -> str:
    """The words of an id; the fallback for one that no release knows any more."""
    return options.get(value, fallback)
