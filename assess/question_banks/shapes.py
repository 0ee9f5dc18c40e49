"""What each kind of file under `questionnaires/` holds, as dataclasses: what a compiled bank keeps of it is in `engine/bank.py`, the rest is here.

Checks of files (`schema_fields.py`) and the JSON Schema go by them. What rests on several keys of one group stands beside the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, dataclass_transform

from assess.engine.bank import BuyerGroup, Check, Dimension, Duty, Fact, Gate, Section, Source, When
from assess.engine.purchases import RISK_FACT_KINDS
from assess.engine.reference import ReferenceSource, ToDo
from assess.engine.schema import AtLeast, CapitalId, Count, Day, Id, NonEmpty, NumberType, PlainType, Url, WordType
from assess.engine.settings import Contact

FORMAT = 1
BANDS = ("low", "medium", "high", "critical")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Shape:
    """A group of keys that stands in files alone."""

    def __init_subclass__(cls) -> None:
        """Whatever is made from it is a dataclass."""
        dataclass(frozen=True, kw_only=True)(cls)


class WholeFile(Shape):
    format: object = FORMAT


class ExpectShape(Shape):
    """The figures a worked example must give."""

    shown: Annotated[int, NumberType(whole=True, least=0)] | None = None
    exposure: float | None = None
    gap: float | None = None
    score: float | None = None
    score_band: Annotated[str, WordType(BANDS)] | None = None
    band: Annotated[str, WordType((*BANDS, "not_rated"))] | None = None
    confidence: float | None = None
    urgent_signs: tuple[CapitalId, ...] = ()
    serious_signs: tuple[CapitalId, ...] = ()
    unknown_signs: tuple[CapitalId, ...] = ()
    notes: tuple[CapitalId, ...] = ()


class ExampleShape(Shape):
    """Answers and what they must give."""

    title: str
    from_: str | None = None
    answers: Mapping[str, object] | None = None
    change: Mapping[str, object] | None = None
    evidence_share: Annotated[float, NumberType(least=0)] | None = None
    quick: bool = False
    expect: ExpectShape


class BankShape(WholeFile):
    """One sector."""

    bank: Id
    title: str
    uses: tuple[Id, ...] = ()
    sections: NonEmpty[Section]
    checks: tuple[Check, ...] = ()
    worked_examples: tuple[ExampleShape, ...] = ()


class CommonShape(WholeFile):
    """Sections several sectors share."""

    common: Id
    sections: NonEmpty[Section]
    checks: tuple[Check, ...] = ()


class DimensionsShape(WholeFile):
    """All themes and the bars made of them."""

    dimensions: NonEmpty[Dimension]
    buyer_groups: NonEmpty[BuyerGroup]


class OwnersShape(WholeFile):
    """Who acts."""

    owners: Mapping[str, str]


class SourcesShape(WholeFile):
    """All documents."""

    sources: Mapping[CapitalId, Source]


class FactsShape(WholeFile):
    """All facts, the gates before them, and the shorthands over them."""

    gates: tuple[Gate, ...] = ()
    facts: NonEmpty[Fact]
    terms: Mapping[str, When] | None = None


class DutiesShape(WholeFile):
    """The duties of one jurisdiction or several."""

    duties: NonEmpty[Duty]


class SettingValueShape(Shape):
    """One value and since when it holds."""

    from_: Day
    value: Annotated[object, PlainType.SETTING_VALUE]
    source: str
    checked: Day
    review_by: Day


class SettingShape(Shape):
    """One setting with all its values, the oldest first."""

    id: Id
    label: str
    unit: str | None = None
    values: NonEmpty[SettingValueShape]


class SettingsShape(WholeFile):
    """A file of settings, of contacts, or of both."""

    settings: tuple[SettingShape, ...] = ()
    contacts: tuple[Contact, ...] = ()


class ReferenceShape(WholeFile):
    """The register of the tables."""

    reference: NonEmpty[ReferenceSource]


class ServiceShape(Shape):
    """Work that is done in the UK, or produce that no list names."""

    id: Id
    name: str
    named_as: NonEmpty[str]
    usual_in: tuple[Id, ...] = ()
    words: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


class OwnProduceShape(Shape):
    """Produce that no list names."""

    id: Id
    name: str
    usual_in: tuple[Id, ...] = ()
    words: tuple[str, ...] = ()


class ProduceShape(Shape):
    """What is grown, raised or caught in the UK under the same sectors."""

    named_as: NonEmpty[str]
    listed: tuple[str, ...] = ()
    others: tuple[OwnProduceShape, ...] = ()


class WordsShape(Shape):
    """Other words for a purchase of the lists."""

    for_: str
    words: NonEmpty[str]


class MostUsualShape(Shape):
    """What most businesses of a bank buy."""

    bank: Id
    things: NonEmpty[str]


class IndustryShape(Shape):
    """Other words for a kind of business."""

    code: str
    words: NonEmpty[str]


class ServicesShape(WholeFile):
    """What no international list names, and other words for what they name."""

    services: NonEmpty[ServiceShape]
    produce: tuple[ProduceShape, ...] = ()
    words: tuple[WordsShape, ...] = ()
    most_usual: tuple[MostUsualShape, ...] = ()
    never_suggested: tuple[str, ...] = ()
    industries: tuple[IndustryShape, ...] = ()


class FixedShape(Shape):
    """Sentences that stand beside every list of purchases."""

    about: str
    blind_spot: str
    not_known: str
    how_to_ask: str
    tier_unsure: str
    relation_ingredient: str
    relation_material: str
    relation_part: str
    band_high: str
    band_medium: str
    band_lower: str
    band_not_known: str
    ask_anyone: NonEmpty[str]


class KindShape(Shape):
    """The words around one kind of fact."""

    id: Annotated[str, WordType(RISK_FACT_KINDS)]
    says: str
    ask: NonEmpty[str] | None = None
    do: ToDo | None = None


class PurchasesShape(WholeFile):
    """The words around what a business buys."""

    purchases: FixedShape
    kinds: NonEmpty[KindShape]


TEMPLATE_GROUPS = ("terms", "checks", "workers", "plans")
"""The kinds of template, in the order in which pages list them."""
TEMPLATE_SIZES = ("page", "large", "poster")
"""Type of 12 points, of 18, and of a poster that is read from across a room."""


class TableShape(Shape):
    """A table to fill in: rows that are written already, then empty ones."""

    caption: str
    columns: Annotated[tuple[str, ...], AtLeast(2)]
    rows: tuple[NonEmpty[str], ...] = ()
    empty: Annotated[int, NumberType(whole=True, least=0)] | None = None


class SpaceShape(Shape):
    """Room to write, under a few words."""

    label: str
    lines: Count


class BlockShape(Shape):
    """One part of a template: exactly one of these keys."""

    heading: str | None = None
    text: str | None = None
    list_: NonEmpty[str] | None = None
    numbered: NonEmpty[str] | None = None
    checklist: NonEmpty[str] | None = None
    table: TableShape | None = None
    line: str | None = None
    space: SpaceShape | None = None
    box: NonEmpty[str] | None = None
    new_page: bool = False


class PaperShape(WholeFile):
    """One document template."""

    paper: Id
    title: str
    says: str
    group: Annotated[str, WordType(TEMPLATE_GROUPS)]
    size: Annotated[str, WordType(TEMPLATE_SIZES)] | None = None
    for_: NonEmpty[Id]
    blocks: NonEmpty[BlockShape]
    sources: NonEmpty[CapitalId]
    reviewed: Day
    review_by: Day


REGIMES = ("nhs", "ppn_009_binding", "ppn_009_adopted", "own")
CHARACTERISTICS = ("industry", "workforce", "location", "context", "commodity", "business_model")
TIERS = ("low", "medium", "high")
ASKS = ("nothing", "quick", "full")
"""From the least to the most that is asked of a supplier."""
SCHEMES = ("msat", "smeta", "grasp", "red_tractor")


class RestsOn(Shape):
    """What a text rests on."""

    document: str
    url: Url
    how_far_read: str


class Proposal(Shape):
    """How many headings propose a tier. There are six."""

    high_with_high: Count
    high_with_one_high_and_medium: Count
    medium_with_medium: Count
    source: RestsOn


class Regime(Shape):
    """One rule a buyer may follow. `not_confirmed`: what must not be taken for a fact."""

    id: Annotated[str, WordType(REGIMES)]
    name: str
    short: str
    says: str
    from_: Day | None = None
    not_confirmed: str | None = None
    source: RestsOn | None = None


class Characteristic(Shape):
    """One of the six headings. They are those of PPN 009; `look_at` is ours."""

    id: Annotated[str, WordType(CHARACTERISTICS)]
    name: str
    look_at: str


class Tier(Shape):
    """One tier and what it asks by itself. The buyer may decide otherwise."""

    id: Annotated[str, WordType(TIERS)]
    name: str
    asks: Annotated[str, WordType(ASKS)]


class AskedShape(Shape):
    """One thing a tier may ask."""

    id: Annotated[str, WordType(ASKS)]
    name: str


class Scheme(Shape):
    """What the result of one other scheme does and does not show. `months`: after how many it is called old."""

    id: Annotated[str, WordType(SCHEMES)]
    name: str
    shows: str
    does_not_show: str
    interviews: str
    months: Count
    source: RestsOn | None = None


class RulesShape(Shape):
    """All of it."""

    reviewed: Day
    review_by: Day
    own_proposal: str
    not_known: str
    proposal: Proposal
    regimes: Annotated[tuple[Regime, ...], AtLeast(len(REGIMES))]
    characteristics: Annotated[tuple[Characteristic, ...], AtLeast(len(CHARACTERISTICS))]
    tiers: Annotated[tuple[Tier, ...], AtLeast(len(TIERS))]
    asks: Annotated[tuple[AskedShape, ...], AtLeast(len(ASKS))]
    schemes: Annotated[tuple[Scheme, ...], AtLeast(len(SCHEMES))]


class ContractRulesShape(WholeFile):
    """The file."""

    contract_rules: RulesShape


SHAPES: Mapping[str, type[WholeFile]] = {
    "paper": PaperShape,  # first: a paper has a key “sources”, too
    "bank": BankShape,
    "common": CommonShape,
    "dimensions": DimensionsShape,
    "owners": OwnersShape,
    "sources": SourcesShape,
    "settings": SettingsShape,
    "contacts": SettingsShape,
    "facts": FactsShape,
    "duties": DutiesShape,
    "reference": ReferenceShape,
    "services": ServicesShape,
    "purchases": PurchasesShape,
    "contract_rules": ContractRulesShape,
}
"""The key that tells what a file holds, and its shape."""
