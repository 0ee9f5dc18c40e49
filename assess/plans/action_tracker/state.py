"""What the tracker knows of one action as plain data, the options that can be picked, and the roles that can own it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Literal

from assess.engine.bank import Action, Edition
from assess.engine.record import canonical_json

ActionResponse = Literal["accepted", "already_done", "will_not"]
"""What the business says to an action; None until it has said anything."""

ActionStatus = Literal["open", "under_way", "done"]

ProofGrade = Literal["said", "shown", "checked"]
"""How far a proof was looked at: the business says it is there, has shown it to a person outside, or a person outside checked it."""


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """A note that a proof exists and where it is kept; never the proof itself. Dates are ISO; `good_until` may be open."""

    id: int
    title: str
    kind: str
    dated: str | None
    good_until: str | None
    grade: ProofGrade


NEW_NOTE_ID = 0


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What an item shall be. Dates are ISO. `owner` is free words; empty means the role the plan names.

    `reason` is one of the reasons that can be picked; `reason_text` stays empty where free words are not offered. A new note has
    the id `NEW_NOTE_ID`.
    """

    response: ActionResponse | None = None
    reason: str = ""
    reason_text: str = ""
    owner: str = ""
    due: str | None = None
    status: ActionStatus = "open"
    done_on: str | None = None
    notes: tuple[EvidenceNote, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.status == "done" or self.response == "already_done"

    @classmethod
    def of(cls, state: ItemState) -> ItemContent:
        return cls(**{field.name: getattr(state, field.name) for field in fields(cls)})

    def is_equivalent_to(self, other: ItemContent) -> bool:
        """Whether both say the same, whatever numbers their notes have."""
        return self._comparable() == other._comparable()

    def _comparable(self) -> tuple[ItemContent, Sequence[EvidenceNote]]:
        return replace(self, notes=()), sorted((replace(note, id=NEW_NOTE_ID) for note in self.notes), key=repr)


@dataclass(frozen=True, slots=True)
class ItemState(ItemContent):
    """What is known of one action or duty. `revision` 0 means that nobody has touched it."""

    revision: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is to be done: done already, done since, or refused with a reason."""
        return self.is_done or self.is_refused

    @property
    def is_refused(self) -> bool:
        """Whether it will not be done; what is done wins over a refusal of before."""
        return self.response == "will_not" and not self.is_done


UNTOUCHED = ItemState()

TrackerState = Mapping[str, ItemState]
"""By the key of the item: id of a question, a check or a duty. What nobody touched may be left out."""

EMPTY_STATE: TrackerState = MappingProxyType({})


def state_to_json(state: TrackerState) -> dict[str, Any]:
    """The state as JSON-able data, without what nobody touched."""
    return {key: asdict(item) for key, item in sorted(state.items()) if item != UNTOUCHED}


def state_digest(state: TrackerState) -> str:
    """SHA-256 of the state in hexadecimal; the empty text when nobody touched anything."""
    data = state_to_json(state)
    return hashlib.sha256(canonical_json(data)).hexdigest() if data else ""


RESPONSE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "We will do this",
        "already_done": "We do this already",
        "will_not": "We will not do this",
    }
)
DUTY_RESPONSE_LABELS: Mapping[str, str] = MappingProxyType(
    {"accepted": "We will do this", "already_done": "We have done this"}
)
"""The law is not declined: what does not apply follows from the facts, and is changed there."""

REASON_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "not_ours": "It is not in our power",
        "does_not_fit": "It does not fit how we work",
        "cost": "It costs too much now",
        "covered": "It is covered in another way",
        "other": "Another reason",
    }
)
STATUS_LABELS: Mapping[str, str] = MappingProxyType({"open": "Not started", "under_way": "Under way", "done": "Done"})
GRADE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "said": "We say that it is there",
        "shown": "We have shown it to somebody from outside",
        "checked": "Somebody from outside has checked it",
    }
)
PROOF_KIND_LABELS: Mapping[str, str] = MappingProxyType(
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


def label_of(options: Mapping[str, str], value: str, fallback: str = "") -> str:
    """The words of an id; the fallback for one that no release knows any more."""
    return options.get(value, fallback)


def owner_roles(edition: Edition) -> tuple[str, ...]:
    """The jobs in words, in the order of the alphabet. They go by the bank alone, never by what was answered."""
    return tuple(sorted({edition.owners[action.owner] for action in _bank_actions(edition)}))


def _bank_actions(edition: Edition) -> Iterator[Action]:
    for question in edition.questions():
        steps = (*(option.action for option in question.options), *(band.action for band in question.bands))
        rules = (step.action for step in question.steps)
        for own in (question.action, question.dk_action, *steps, *rules):
            if own:
                yield own
    yield from (check.action for check in edition.checks if check.action)
