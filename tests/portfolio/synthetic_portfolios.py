"""Portfolios with a truth that is known: who is worst is planted, what a buyer sees of it is noisy and full of holes.

The generator knows nothing of the rule: none of its numbers is a weight of `questionnaires/settings/calling.yaml`. The planted truth is
a risk between 0 and 1 times how far a buyer's word reaches; everything else is drawn from it with noise, or from nothing at all.
The size of a firm is drawn from nothing, so it says nothing of risk.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assess.portfolio.contact_first import ContactInputs, score_supplier
from assess.question_banks.settings import ContactFirstWeights
from assess.suppliers.models import InvitationStatus, RiskTier, SupplierSize

TODAY = date(2026, 11, 24)
SUPPLIERS = 300
TEN = 10
BANDS = ("low", "medium", "high")


@dataclass(frozen=True)
class SyntheticSupplier:
    """One supplier: the truth, and what can be seen of it."""

    worth: float
    facts: ContactInputs
    size: SupplierSize | None


def portfolio(seed: int, *, suppliers: int = SUPPLIERS, small_tell_less: bool = False) -> list[SyntheticSupplier]:
    """A portfolio. `small_tell_less`: firms under 50 people lack documents far more often, at the same risk."""
    chance = random.Random(seed)
    return [_one(chance, small_tell_less=small_tell_less) for _ in range(suppliers)]


def _one(chance: random.Random, *, small_tell_less: bool) -> SyntheticSupplier:
    risk = chance.betavariate(2, 4)
    spend = int(math.exp(chance.gauss(10.3, 1.5)))
    size = chance.choice([*SupplierSize, None])
    holes = 2.4 if small_tell_less and size in {SupplierSize.MICRO, SupplierSize.SMALL} else 1.0
    status = _status(chance, risk, holes)
    band = steps = valid_until = None
    if status is InvitationStatus.SHARED:
        valid_until = TODAY + timedelta(days=chance.randint(-30, 330))
        if chance.random() > 0.03 + 0.1 * risk:
            band = _band(chance, risk)
        if chance.random() < 0.7:
            number = chance.randint(3, 14)
            steps = (sum(chance.random() < 0.6 * risk for _ in range(number)), number)
    asked = status not in {InvitationStatus.NOT_ASKED, InvitationStatus.WAITING}
    facts = ContactInputs(
        sector=None if chance.random() < 0.1 * holes else _sector(chance, risk),
        tier=None if chance.random() < 0.3 else _tier(chance, risk),
        band=band,
        status=status,
        due=TODAY + timedelta(days=int(chance.gauss(-25 if chance.random() < risk else 10, 20))) if asked else None,
        valid_until=valid_until,
        steps=steps,
        spend=None if chance.random() < 0.2 * holes else spend,
    )
    return SyntheticSupplier(risk * (spend / 30_000) ** 0.12, facts, size)


def _status(chance: random.Random, risk: float, holes: float) -> InvitationStatus:
    """The riskier, the less is answered. One in eight was never asked, whatever its risk."""
    if chance.random() < 0.12:
        return InvitationStatus.NOT_ASKED
    if chance.random() < (0.8 - 0.6 * risk) / holes:
        return InvitationStatus.SHARED
    if chance.random() < 0.4 * risk:
        return chance.choice([InvitationStatus.DECLINED, InvitationStatus.SHARE_OVER])
    towards = [
        InvitationStatus.INVITED,
        InvitationStatus.OPENED,
        InvitationStatus.STARTED,
        InvitationStatus.SUBMITTED,
        InvitationStatus.WAITING,
    ]
    return chance.choices(towards, weights=[1 + 4 * risk, 2, 2, 2 - risk, 1])[0]


def _band(chance: random.Random, risk: float) -> str:
    """What the business says of itself: a little kinder than the truth."""
    said = risk - 0.04 + chance.gauss(0, 0.13)
    return BANDS[sum(said >= limit for limit in (0.22, 0.42))]


def _sector(chance: random.Random, risk: float) -> str:
    return chance.choices(["car_washes", "farming", "hospitality"], weights=[0.3 + 2 * risk, 1, 1.3 - risk])[0]


def _tier(chance: random.Random, risk: float) -> RiskTier:
    guess = risk + chance.gauss(0, 0.2)
    return list(RiskTier)[sum(guess >= limit for limit in (0.25, 0.5))]


Order = Callable[[SyntheticSupplier], float]


def by_rule(weights: ContactFirstWeights) -> Order:
    """The order of the page."""
    return lambda one: score_supplier(one.facts, weights, TODAY).points


def by_band_alone(one: SyntheticSupplier) -> float:
    """The band, and no band as the worst."""
    return BANDS.index(one.facts.band) if one.facts.band else len(BANDS)


def by_known_band_alone(one: SyntheticSupplier) -> float:
    """The band, and no band as the best: what a list that is sorted by band does."""
    return BANDS.index(one.facts.band) if one.facts.band else -1


def by_nothing(_one: SyntheticSupplier) -> float:
    """All alike: the order is that of chance."""
    return 0.0


def precision(everyone: Sequence[SyntheticSupplier], order: Order, seed: int) -> float:
    """Which part of the first ten are among the ten truly worst. Whoever stands alike is drawn by lot."""
    lots = random.Random(seed * 7919 + 1)
    worst = set(sorted(range(len(everyone)), key=lambda place: -everyone[place].worth)[:TEN])
    first = sorted(range(len(everyone)), key=lambda place: (-order(everyone[place]), lots.random()))[:TEN]
    return len(worst & set(first)) / TEN
