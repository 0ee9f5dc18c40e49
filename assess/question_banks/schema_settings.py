"""Marshmallow schemas of dated settings and contacts, document templates, contract rules, and the files beside the reference tables."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import ValidationError, validates_schema

from assess.engine.purchases import RISK_FACT_KINDS
from assess.question_banks.schema_fields import (
    Address,
    AnyValue,
    Day,
    Flag,
    Group,
    Id,
    ListOf,
    Named,
    Number,
    OneOf,
    Shape,
    Text,
    as_list,
    plain_value,
)


class ValueField(AnyValue):
    """The value of a setting: a number, a text or date, or a group of numbers by id."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if isinstance(value, dict):
            return Named(Number()).deserialize(value)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValidationError(
                f"BANK022|A number, a text or a group of numbers belongs here, not {plain_value(value)}."
            )
        return Text().deserialize(value) if isinstance(value, str) else Number().deserialize(value)


class SettingValueShape(Shape):
    """One value and since when it holds."""

    from_ = Day(data_key="from", attribute="from", required=True)
    value = ValueField(required=True)
    source = Text(required=True)
    checked = Day(required=True)
    review_by = Day(required=True)


class SettingShape(Shape):
    """One setting with all its values, the oldest first."""

    id = Id(required=True)
    label = Text(required=True)
    unit = Text()
    values = ListOf(SettingValueShape, least=1, required=True)


class ContactShape(Shape):
    """One way to get help."""

    id = Id(required=True)
    order = Number(whole=True, least=1, required=True)
    area = Id()
    situation = Text(required=True)
    who = Text(required=True)
    number = Text()
    text_phone = Text()
    web = Address()
    for_whom = Text(required=True)
    source = Text(required=True)
    checked = Day(required=True)
    review_by = Day(required=True)
    blanked = Day()


class SettingsShape(Shape):
    """A file of settings, of contacts, or of both."""

    format = AnyValue()
    settings = ListOf(SettingShape)
    contacts = ListOf(ContactShape)


EFFORTS = ("S", "M", "L")


class EntryShape(Shape):
    """Where a table, or a part of it, comes from."""

    id = Id(required=True)
    file = Text()
    title = Text(required=True)
    publisher = Text(required=True)
    edition = Text(required=True)
    year = Number(whole=True, least=1900, required=True)
    read = Day(required=True)
    licence = Text(required=True)
    url = Address(required=True)
    review_by = Day(required=True)
    we_changed = Text()


class ReferenceShape(Shape):
    """The register of the tables."""

    format = AnyValue()
    reference = ListOf(EntryShape, least=1, required=True)


class ServiceShape(Shape):
    """Work that is done in the UK, or produce that no list names."""

    id = Id(required=True)
    name = Text(required=True)
    named_as = ListOf(Text(), least=1, required=True)
    usual_in = ListOf(Id())
    words = ListOf(Text())
    begins = ListOf(Text())
    ends = ListOf(Text())
    ask = ListOf(Text())


class OwnProduceShape(Shape):
    """Produce that no list names."""

    id = Id(required=True)
    name = Text(required=True)
    usual_in = ListOf(Id())
    words = ListOf(Text())


class ProduceShape(Shape):
    """What is grown, raised or caught in the UK under the same sectors."""

    named_as = ListOf(Text(), least=1, required=True)
    listed = ListOf(Text())
    others = ListOf(OwnProduceShape)


class WordsShape(Shape):
    """Other words for a purchase of the lists."""

    for_ = Text(required=True, data_key="for", attribute="for")
    words = ListOf(Text(), least=1, required=True)


class MostUsualShape(Shape):
    """What most businesses of a bank buy."""

    bank = Id(required=True)
    things = ListOf(Text(), least=1, required=True)


class IndustryShape(Shape):
    """Other words for a kind of business."""

    code = Text(required=True)
    words = ListOf(Text(), least=1, required=True)


class ServicesShape(Shape):
    """What no international list names, and other words for what they name."""

    format = AnyValue()
    services = ListOf(ServiceShape, least=1, required=True)
    produce = ListOf(ProduceShape)
    words = ListOf(WordsShape)
    most_usual = ListOf(MostUsualShape)
    never_suggested = ListOf(Text())
    industries = ListOf(IndustryShape)


class FixedShape(Shape):
    """Sentences that stand beside every list of purchases."""

    about = Text(required=True)
    blind_spot = Text(required=True)
    not_known = Text(required=True)
    how_to_ask = Text(required=True)
    tier_unsure = Text(required=True)
    relation_ingredient = Text(required=True)
    relation_material = Text(required=True)
    relation_part = Text(required=True)
    band_high = Text(required=True)
    band_medium = Text(required=True)
    band_lower = Text(required=True)
    band_not_known = Text(required=True)
    ask_anyone = ListOf(Text(), least=1, required=True)


class ToDoShape(Shape):
    """What to do about a high line."""

    do = Text(required=True)
    owner = Id(required=True)
    effort = OneOf(EFFORTS, required=True)
    days = Number(whole=True, least=1, required=True)
    after_advice = Flag()


class KindShape(Shape):
    """The words around one kind of fact."""

    id = OneOf(RISK_FACT_KINDS, required=True)
    says = Text(required=True)
    ask = ListOf(Text(), least=1)
    do = Group(ToDoShape)


class PurchasesShape(Shape):
    """The words around what a business buys."""

    format = AnyValue()
    purchases = Group(FixedShape, required=True)
    kinds = ListOf(KindShape, least=1, required=True)


TEMPLATE_GROUPS = ("terms", "checks", "workers", "plans")
"""The kinds of template, in the order in which pages list them."""
TEMPLATE_SIZES = ("page", "large", "poster")
"""Type of 12 points, of 18, and of a poster that is read from across a room."""
TEMPLATE_BLOCKS = ("heading", "text", "list", "numbered", "checklist", "table", "line", "space", "box", "new_page")


class TableShape(Shape):
    """A table to fill in: rows that are written already, then empty ones."""

    caption = Text(required=True)
    columns = ListOf(Text(), least=2, required=True)
    rows = ListOf(ListOf(Text(), least=1))
    empty = Number(whole=True, least=0)

    @validates_schema
    def full_rows(self, data: Mapping[str, object], **_: object) -> None:
        """A row must not be longer than the table is wide, and a table has rows."""
        rows = as_list(data.get("rows"))
        wide = len(as_list(data.get("columns")))
        for index, row in enumerate(rows):
            if len(as_list(row)) > wide:
                raise ValidationError({"rows": {index: [f"BANK022|A row of at most {wide} cells belongs here."]}})
        if not rows and not data.get("empty"):
            raise ValidationError({"empty": ["BANK022|A table needs rows, or a number of empty ones."]})


class SpaceShape(Shape):
    """Room to write, under a few words."""

    label = Text(required=True)
    lines = Number(whole=True, least=1, required=True)


class BlockShape(Shape):
    """One part of a template: exactly one of these keys."""

    heading = Text()
    text = Text()
    list_ = ListOf(Text(), least=1, key="list")
    numbered = ListOf(Text(), least=1)
    checklist = ListOf(Text(), least=1)
    table = Group(TableShape)
    line = Text()
    space = Group(SpaceShape)
    box = ListOf(Text(), least=1)
    new_page = Flag()

    @validates_schema(pass_original=True, skip_on_field_errors=True)
    def one_key(self, _data: object, original: object, **_: object) -> None:
        """Two keys in one block would have no order."""
        if isinstance(original, Mapping) and len(original) != 1:
            raise ValidationError(f"BANK022|One key belongs in each block, not {len(original)}.")


class PaperShape(Shape):
    """One document template."""

    format = AnyValue()
    paper = Id(required=True)
    title = Text(required=True)
    says = Text(required=True)
    group = OneOf(TEMPLATE_GROUPS, required=True)
    size = OneOf(TEMPLATE_SIZES)
    for_ = ListOf(Id(), least=1, required=True, key="for")
    blocks = ListOf(BlockShape, least=1, required=True)
    sources = ListOf(Id(capitals=True), least=1, required=True)
    reviewed = Day(required=True)
    review_by = Day(required=True)


REGIMES = ("nhs", "ppn_009_binding", "ppn_009_adopted", "own")
CHARACTERISTICS = ("industry", "workforce", "location", "context", "commodity", "business_model")
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
