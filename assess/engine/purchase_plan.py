"""What to ask the supplier of each purchase, and what to do first about the risky ones.

The order is that of the UN Guiding Principles: how grave the harm is comes first, and only among equally grave lines what the business
can bring about: risk × share of its spending × its influence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assess.engine.purchases import Judged
from assess.engine.reference import HOME, Reference, ToDo

MOST_QUESTIONS = 5
WHOLE = 100.0
SMALLEST_SHARE = 1.0
"""What a line without a share counts for when the others already make up all spending."""

_DIGITS = 6
"""What is behind these decimals of a weight is noise of adding, and may put nothing before anything."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do about one line. `line` is its place among the purchases, from 0; steps stand in the order to do them."""

    line: int
    kind: str
    todo: ToDo
    severity: float
    weight: float


def questions_for(judged: Judged, reference: Reference) -> tuple[str, ...]:
    """A short list to ask this supplier: what belongs to this service, what the facts call for, the gravest first, then what anyone can be asked."""
    asked = dict.fromkeys(judged.offer.ask if judged.offer else ())
    for fact in sorted(judged.facts, key=lambda fact: -severity_of(fact.mark, reference)):
        asked |= dict.fromkeys(reference.words.kinds[fact.kind].ask)
    asked |= dict.fromkeys(reference.words.ask_anyone)
    return tuple(asked)[:MOST_QUESTIONS]


def steps_for(lines: Sequence[Judged], reference: Reference) -> tuple[Step, ...]:
    """One step for each high line, in the order to do them. The order of the lines changes nothing."""
    shares = shares_of(lines)
    steps = [
        _step(number, judged, share, reference)
        for number, (judged, share) in enumerate(zip(lines, shares, strict=True))
        if judged.band == "high"
    ]
    return tuple(sorted(steps, key=lambda step: (-step.severity, -step.weight, _name(lines[step.line]))))


def _step(number: int, judged: Judged, share: float, reference: Reference) -> Step:
    risk = judged.risk or 0.0
    acting = [fact for fact in judged.facts if fact.risk is not None and fact.risk >= reference.marks.high]
    gravest = max(acting, key=lambda fact: (severity_of(fact.mark, reference), fact.risk or 0.0))
    todo = reference.words.kinds[gravest.kind].todo
    if todo is None:
        raise KeyError(gravest.kind)  # the check of the files sees that every kind that can be high has one
    return Step(
        line=number,
        kind=gravest.kind,
        todo=todo,
        severity=severity_of(gravest.mark, reference),
        weight=round(risk * share * influence_over(judged, reference), _DIGITS),
    )


def severity_of(mark: str, reference: Reference) -> float:
    """How grave the harm is that a fact of this kind speaks of; 0 for one that says a list is silent."""
    return reference.marks.severity.get(mark, 0.0)


def influence_over(judged: Judged, reference: Reference) -> float:
    """How much sway the business has: more where it can name the supplier, and where the work is done in the UK."""
    sway = reference.marks.influence
    in_the_uk = judged.purchase.country == HOME or (judged.offer is not None and judged.offer.kind == "service")
    named = judged.purchase.supplier is not None
    return sway["least"] + named * sway["supplier_known"] + in_the_uk * sway["in_the_uk"]


def shares_of(lines: Sequence[Judged]) -> tuple[float, ...]:
    """The share of spending each line counts with: what was said; lines without one divide what is left alike."""
    said = [judged.purchase.share for judged in lines]
    without = sum(share is None for share in said)
    left = WHOLE - math.fsum(share for share in said if share is not None)
    part = max(SMALLEST_SHARE, left / without) if without else 0.0
    return tuple(part if share is None else share for share in said)


def _name(judged: Judged) -> tuple[str, str, str]:
    """Settles ties by what a line says, never by where it stands."""
    purchase = judged.purchase
    return purchase.good, purchase.country or "", purchase.supplier or ""
