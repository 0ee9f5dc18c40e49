"""What somebody said in a try-out so far. It travels in the form of each page and is kept nowhere.

Whoever sends another text than the page held spoils nothing but their own try-out: each answer is cleaned again, as if it were typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import ValidationError

from assess.assessments.facts_form import NOT_SURE, STORED_GATES
from assess.assessments.fields import field_for, field_for_fact
from assess.engine.bank import Edition, Value
from assess.engine.facts import FactValue

DRAFT, IN_FORCE = "draft", "in_force"
"""Which of the two editions is answered."""
LONGEST = 100_000
"""Letters of a try-out that are read; all questions of a bank answered take a tenth of that."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The answers, the proofs noted and the facts given so far, as an assessment would keep them.

    `which` is DRAFT or IN_FORCE. A gate that is None was answered “Not sure”. `evidence_share` (0 to 1) comes from a worked example and counts until a proof is noted.
    """

    which: str = DRAFT
    quick: bool = False
    answers: Mapping[str, Value] = field(default_factory=dict)
    proofs: frozenset[str] = frozenset()
    gates: Mapping[str, bool | None] = field(default_factory=dict)
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    evidence_share: float | None = None

    @property
    def sure_gates(self) -> dict[str, bool]:
        """The gates that were answered Yes or No."""
        return {name: value for name, value in self.gates.items() if value is not None}


def to_text(tried: Tried) -> str:
    """The try-out as one field of a form."""
    said: dict[str, object] = {
        "which": tried.which,
        "quick": tried.quick,
        "answers": dict(tried.answers),
        "proofs": sorted(tried.proofs),
        "gates": dict(tried.gates),
        "facts": dict(tried.facts),
    }
    if tried.evidence_share is not None:
        said["share"] = float(tried.evidence_share)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Tried:
    """What a form brought back. What cannot be read counts as nothing said."""
    try:
        said = json.loads(text[:LONGEST])
    except (ValueError, RecursionError):
        return Tried()
    if not isinstance(said, dict):
        return Tried()
    share = said.get("share")
    return Tried(
        which=IN_FORCE if said.get("which") == IN_FORCE else DRAFT,
        quick=said.get("quick") is True,
        answers=_group(said, "answers"),
        proofs=frozenset(one for one in _list(said, "proofs") if isinstance(one, str)),
        gates={
            name: value for name, value in _group(said, "gates").items() if value is None or isinstance(value, bool)
        },
        facts=_group(said, "facts"),
        evidence_share=share if isinstance(share, float) and 0 <= share <= 1 else None,
    )


def fitting(tried: Tried, edition: Edition) -> Tried:
    """Only what this edition can take: a try-out may come from a text that said other things."""
    book = edition.duty_book
    questions = {question.id: field_for(question) for question in edition.questions()}
    facts = {fact.id: field_for_fact(fact) for fact in book.facts}
    unsure = {name: NOT_SURE for name, value in tried.facts.items() if name in facts and value == NOT_SURE}
    gates = {STORED_GATES[gate.id] for gate in book.gates}
    return replace(
        tried,
        answers=_cleaned(questions, tried.answers),
        proofs=tried.proofs & questions.keys(),
        gates={name: value for name, value in tried.gates.items() if name in gates},
        facts={**_cleaned(facts, tried.facts), **unsure},
    )


def _cleaned(fields: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in said.items():
        if name in fields:
            try:
                kept[name] = fields[name].deserialize(value)
            except ValidationError:
                continue
    return kept


def _group(said: Mapping[str, object], key: str) -> dict[str, Any]:
    value = said.get(key)
    return value if isinstance(value, dict) else {}


def _list(said: Mapping[str, object], key: str) -> list[object]:
    value = said.get(key)
    return value if isinstance(value, list) else []
