"""The shapes of the files beside the reference tables: where tables come from, services, and the words around purchases."""

from __future__ import annotations

from assess.banks.schema_fields import Address, AnyValue, Day, Flag, Group, Id, ListOf, Number, OneOf, Shape, Text
from assess.engine.purchases import KINDS

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

    id = OneOf(KINDS, required=True)
    says = Text(required=True)
    ask = ListOf(Text(), least=1)
    do = Group(ToDoShape)


class PurchasesShape(Shape):
    """The words around what a business buys."""

    format = AnyValue()
    purchases = Group(FixedShape, required=True)
    kinds = ListOf(KindShape, least=1, required=True)
