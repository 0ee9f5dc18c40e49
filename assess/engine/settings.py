"""Dated settings that a result rests on: rates, weights, limits and contacts as they stood on one day. They come from files and are stored in each submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assess.engine.schema import Count, Day, Id, Url

HARM_LEVELS = 6
"""How grave: 1 life and freedom, 2 pay and debt, 3 papers and homes, 4 agencies and go-betweens, 5 voice, 6 paper and training."""

DEFAULT_HARM: Mapping[str, int] = {
    "freedom_movement": 1,
    "children_young": 1,
    "working_conditions": 1,
    "wages_deductions": 2,
    "recruitment_fees": 2,
    "hours_rest": 2,
    "identity_documents": 3,
    "accommodation_transport": 3,
    "labour_providers": 4,
    "subcontracting": 4,
    "premises_use": 4,
    "grievance_voice": 5,
    "remediation": 5,
    "governance_policy": 6,
    "training_awareness": 6,
    "supply_chain": 6,
    "business_transparency": 6,
}
"""What held before it was a setting of its own (`harm` in settings/scoring.yaml)."""


class ScoreLimits(Protocol):
    """Those of the settings that turn gaps into a score and a score into a band; a frozen record keeps them."""

    @property
    def floor(self) -> float:
        """The share of exposure that always counts."""

    @property
    def medium(self) -> float:
        """The lowest score of the band medium."""

    @property
    def high(self) -> float:
        """The lowest score of the band high."""

    @property
    def critical(self) -> float:
        """The lowest score of the band critical."""

    @property
    def worst_share(self) -> float:
        """The part of the gap that rests on the three largest."""

    @property
    def unknown_limit(self) -> float:
        """The share of "don't know" above which nothing is rated."""


@dataclass(frozen=True, slots=True)
class ScoringSettings:
    """Everything `score_answers` needs beside the edition and the answers.

    `wage` is the main minimum wage in pounds an hour; `offset_day` the accommodation offset in pounds a day;
    `oncost` what an hour of work costs as a multiple of the wage; `base` the exposure a sector starts from, 0 to 100;
    `floor` the share of exposure that no self-declared safeguard removes; `medium`, `high` and `critical` the lowest score of
    each band; `weights` the weight of each dimension; `worst_share` the part of the gap that rests on the three largest;
    `unknown_limit` the share of "don't know" above which nothing is rated; `labour_provider_good` and `labour_provider_low` multiples of the wage.
    `low_gap` the gap from which nothing is low; `harm` how grave what a dimension is about is, 1 (life and freedom) to 6 (paper and training);
    `exposure_middle` and `exposure_higher` the exposure from which a buyer reads so.
    """

    wage: float
    offset_day: float
    oncost: float
    base: Mapping[str, float]
    floor: float
    medium: float
    high: float
    critical: float
    weights: Mapping[str, float]
    worst_share: float
    unknown_limit: float
    stale_factor: float
    stale_months: int
    labour_provider_good: float
    labour_provider_low: float
    low_gap: float = 0.25
    harm: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_HARM))
    exposure_middle: float = 50
    exposure_higher: float = 70

    def harm_of(self, dimension: str) -> int:
        """How grave what this dimension is about is, 1 to 6; one that no setting names is the least grave."""
        return self.harm.get(dimension, HARM_LEVELS)


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to get help. The most urgent come first.

    `order` follows obligations 4; `area` is None for everywhere; `number` may be None where only a place on the web is known.
    `blanked`: the day on which it was taken away; what stands here is the helpline.
    """

    id: Id
    order: Count
    area: Id | None
    situation: str
    who: str
    number: str | None
    text_phone: str | None
    web: Url | None
    for_whom: str
    source: str
    checked: Day
    review_by: Day
    blanked: Day | None = None

    @property
    def said(self) -> str:
        """What a text says where it names this contact: “Call Acas on …”."""
        if self.blanked:
            return f"{self.number} (the helpline; this line is not available)"
        return self.number or self.web or self.who


@dataclass(frozen=True, slots=True)
class DatedSettings:
    """All settings in force on one day.

    `texts` are the placeholders that texts of banks and duties may use, for example `wage` for the rate of the day;
    `basis` says of every value used where it comes from: id, value, from, source, checked, review_by.
    """

    on: str
    scoring: ScoringSettings
    contacts: tuple[Contact, ...]
    texts: Mapping[str, str]
    basis: tuple[Mapping[str, str], ...]

    def texts_in(self, area: str, children_team: str | None = None) -> dict[str, str]:
        """The placeholders as an area fills them: its own children's team first, then the operator's, then the general words."""
        texts = dict(self.texts)
        local = next(
            (c for c in self.contacts if c.area == area and c.id == f"{area}_children_team" and c.number), None
        )
        if local:
            texts["children_team"] = f"{local.who}, {local.number}"
        elif children_team:
            texts["children_team"] = children_team
        return texts
