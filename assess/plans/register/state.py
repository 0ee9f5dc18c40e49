"""What the register knows of one action: plain data, so that paper, spreadsheet and calendar draw it alike.

Nothing here speaks to the database; `keeping.py` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal

from assess.engine.record import canonical

Response = Literal["accepted", "already_done", "will_not"]
"""What the business says to an action; None until it has said anything."""

Status = Literal["open", "under_way", "done"]

Grade = Literal["said", "shown", "checked"]
"""How far a proof was looked at: the business says it is there, has shown it to somebody outside, or somebody outside checked it."""


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """A note that a proof exists and where it is kept; never the proof itself. Dates are ISO; `good_until` may be open."""

    id: int
    title: str
    kind: str
    dated: str | None
    good_until: str | None
    grade: Grade


@dataclass(frozen=True, slots=True)
class ItemState:
    """What is known of one action or duty. Dates are ISO. `owner` is free words; empty means the role the plan names.

    `reason` is one of the reasons that can be picked; `reason_text` stays empty where free words are not offered.
    `revision` 0 means that nobody has touched it.
    """

    response: Response | None = None
    reason: str = ""
    reason_text: str = ""
    owner: str = ""
    due: str | None = None
    status: Status = "open"
    done_on: str | None = None
    revision: int = 0
    notes: tuple[EvidenceNote, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be done: done already, done since, or refused with a reason."""
        return self.status == "done" or self.response in {"already_done", "will_not"}

    @property
    def is_done(self) -> bool:
        """Whether the business says that it does this, or has done it since."""
        return self.response != "will_not" and (self.status == "done" or self.response == "already_done")


UNTOUCHED = ItemState()

RegisterState = Mapping[str, ItemState]
"""By the key of the item: id of a question, a check or a duty. What nobody touched may be left out."""

NOTHING_YET: RegisterState = MappingProxyType({})


def state_as_data(state: RegisterState) -> dict[str, Any]:
    """The state as JSON-able data, without what nobody touched."""
    return {key: asdict(item) for key, item in sorted(state.items()) if item != UNTOUCHED}


def state_from_data(data: Mapping[str, Any]) -> dict[str, ItemState]:
    """The state `state_as_data` wrote."""
    return {
        key: ItemState(**{**item, "notes": tuple(EvidenceNote(**note) for note in item["notes"])})
        for key, item in data.items()
    }


def digest_of_state(state: RegisterState) -> str:
    """SHA-256 of the state in hexadecimal; the empty text when nobody touched anything."""
    data = state_as_data(state)
    return hashlib.sha256(canonical(data)).hexdigest() if data else ""
