"""The shape of what is shown beside the contracts of a buyer: rules, headings, tiers, and other schemes."""

from __future__ import annotations

from assess.banks.schema_fields import Address, AnyValue, Day, Group, ListOf, Number, OneOf, Shape, Text

REGIMES = ("nhs", "ppn_009_binding", "ppn_009_adopted", "own")
CHARACTERISTICS = ("industry", "workforce", "location", "context", "commodity", "business_model")
"""The six headings of PPN 009, in its order."""
TIERS = ("low", "medium", "high")
ASKS = ("nothing", "quick", "full")
"""From the least to the most that is asked of a supplier."""
SCHEMES = ("msat", "smeta", "grasp", "red_tractor")


class RestsOnShape(Shape):
    """What a text rests on."""

    document = Text(required=True)
    url = Address(required=True)
    how_far_read = Text(required=True)


class ProposalShape(Shape):
    """How many headings propose a tier."""

    high_with_high = Number(whole=True, least=1, required=True)
    high_with_one_high_and_medium = Number(whole=True, least=1, required=True)
    medium_with_medium = Number(whole=True, least=1, required=True)
    source = Group(RestsOnShape, required=True)


class RegimeShape(Shape):
    """One rule a buyer may follow."""

    id = OneOf(REGIMES, required=True)
    name = Text(required=True)
    short = Text(required=True)
    says = Text(required=True)
    from_ = Day(data_key="from", attribute="from")
    not_confirmed = Text()
    source = Group(RestsOnShape)


class CharacteristicShape(Shape):
    """One of the six headings."""

    id = OneOf(CHARACTERISTICS, required=True)
    name = Text(required=True)
    look_at = Text(required=True)


class TierShape(Shape):
    """One tier and what it asks by itself."""

    id = OneOf(TIERS, required=True)
    name = Text(required=True)
    asks = OneOf(ASKS, required=True)


class AskedShape(Shape):
    """One thing a tier may ask."""

    id = OneOf(ASKS, required=True)
    name = Text(required=True)


class SchemeShape(Shape):
    """What the result of one other scheme does and does not show."""

    id = OneOf(SCHEMES, required=True)
    name = Text(required=True)
    shows = Text(required=True)
    does_not_show = Text(required=True)
    interviews = Text(required=True)
    months = Number(whole=True, least=1, required=True)
    source = Group(RestsOnShape)


class RulesShape(Shape):
    """All of it."""

    reviewed = Day(required=True)
    review_by = Day(required=True)
    own_proposal = Text(required=True)
    not_known = Text(required=True)
    proposal = Group(ProposalShape, required=True)
    regimes = ListOf(RegimeShape, least=len(REGIMES), required=True)
    characteristics = ListOf(CharacteristicShape, least=len(CHARACTERISTICS), required=True)
    tiers = ListOf(TierShape, least=len(TIERS), required=True)
    asks = ListOf(AskedShape, least=len(ASKS), required=True)
    schemes = ListOf(SchemeShape, least=len(SCHEMES), required=True)


class ContractRulesShape(Shape):
    """The file."""

    format = AnyValue()
    contract_rules = Group(RulesShape, required=True)
