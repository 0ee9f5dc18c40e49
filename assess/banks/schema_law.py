"""The shape of the facts about an organisation and of the duties that rest on them."""

from __future__ import annotations

from typing import get_args

from marshmallow import ValidationError

from assess.banks.schema_fields import (
    Address,
    AnyValue,
    ConditionField,
    Day,
    Either,
    Flag,
    Group,
    Id,
    ListOf,
    Named,
    Number,
    OneOf,
    Shape,
    Text,
    plain,
)
from assess.engine.bank import FactType, Force, Status

FACT_TYPES: tuple[str, ...] = get_args(FactType)
STATUSES: tuple[str, ...] = get_args(Status)
FORCES: tuple[str, ...] = get_args(Force)
LONGEST_LINE, LONGEST_AMOUNT, LONGEST_PENALTY, LONGEST_READ = 40, 50, 60, 46
"""Characters of a row of print: what binds, the number, what it costs to break it, where to read it."""


class GateValue(AnyValue):
    """What answering No to a gate makes of a fact."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if not isinstance(value, (bool, int, float)):
            raise ValidationError(f"BANK022|true, false or a number belongs here, not {plain(value)}.")
        return value


class FactOptionShape(Shape):
    """One value of a fact that is chosen from a list; codes of countries keep their capitals."""

    id = Id(capitals=True, required=True)
    label = Text(required=True)


class FactSourceShape(Shape):
    """Which answers settle a fact."""

    question = Id(required=True)
    includes_any = ListOf(Id())
    none_of = ListOf(Id())
    more_than = Number()
    values = Named(Id(capitals=True))
    unknown_ = ListOf(Id(), key="unknown")


class FactShape(Shape):
    """Something the duties need to know."""

    id = Id(required=True)
    type = OneOf(FACT_TYPES, required=True)
    ask = Text(required=True)
    group = Text(required=True)
    hint = Text()
    unit = Text()
    options = ListOf(FactOptionShape)
    gate = OneOf(("foreign", "size"))
    gate_value = GateValue()
    sources = ListOf(FactSourceShape)
    unless_said = Named(Flag())


class GateShape(Shape):
    """A question before the facts: answering No settles those behind it."""

    id = OneOf(("foreign", "size"), required=True)
    ask = Text(required=True)
    hint = Text()


class FactsShape(Shape):
    """All facts, the gates before them, and the shorthands over them."""

    format = AnyValue()
    gates = ListOf(GateShape)
    facts = ListOf(FactShape, least=1, required=True)
    terms = Named(ConditionField())


class DeadlineShape(Shape):
    """When a duty falls due."""

    kind = Id(required=True)
    n = Number(whole=True, least=1)
    month_rule = OneOf(("safe", "end_of_month"))
    n_if_traded = Number(whole=True, least=1)
    month_day = Text()
    after_year_end = Flag()
    date = Day()
    event = Text()
    from_ = Text(data_key="from", attribute="from")
    note = Text()


class MustDoShape(Shape):
    """One step of a duty, asked of some only."""

    text = Text(required=True)
    when = ConditionField()


class DutyShape(Shape):
    """What law or official guidance asks."""

    id = Id(required=True)
    title = Text(required=True)
    jurisdiction = ListOf(Text(), least=1, required=True)
    status = OneOf(STATUSES, required=True)
    force = OneOf(FORCES, required=True)
    when = ConditionField(required=True)
    applies_to = Text(required=True)
    must_do = ListOf(Either(str, Group(MustDoShape)))
    deadline = Group(DeadlineShape, required=True)
    source = Text(required=True)
    url = Address(required=True)
    source_as_of = Text(required=True)
    evidence = OneOf(("A", "B", "C", "D"), required=True)
    confidence = OneOf(("high", "medium", "low"), required=True)
    key_number = Text()
    approver = Text()
    publish = Text()
    consequence = Text()
    in_force_from = Text()
    more_urls = ListOf(Address())
    unverified = Text()
    reviewed_by = Text()
    reviewed_on = Day()
    line = Text(longest=LONGEST_LINE)
    amount = Text(longest=LONGEST_AMOUNT)
    penalty = Text(longest=LONGEST_PENALTY)
    read = Text(longest=LONGEST_READ)


class DutiesShape(Shape):
    """The duties of one jurisdiction or several."""

    format = AnyValue()
    duties = ListOf(DutyShape, least=1, required=True)
