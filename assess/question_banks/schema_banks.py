"""Marshmallow schemas of banks, shared sections, dimensions, owners and sources, and of facts and duties. Checks across places of a file are in `checking`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from marshmallow import ValidationError, validates_schema

from assess.engine.bank import DutyForce, DutyStatus, Effort, FactType, QuestionKind, QuestionType, RemarkRule, Sign
from assess.engine.problems import DocumentPath, Problem
from assess.engine.settings import HARM_LEVELS
from assess.question_banks.schema_fields import (
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
    plain_value,
)
from assess.question_banks.schema_settings import (
    ContractRulesShape,
    PaperShape,
    PurchasesShape,
    ReferenceShape,
    ServicesShape,
    SettingsShape,
)

FORMAT = 1
TYPES: tuple[str, ...] = get_args(QuestionType)
KINDS: tuple[str, ...] = get_args(QuestionKind)
SIGNS: tuple[str, ...] = get_args(Sign)
EFFORTS: tuple[str, ...] = get_args(Effort)
BANDS = ("low", "medium", "high", "critical")
INDICATORS = 11
"""The ILO's indicators of forced labour, numbered 1 to 11."""
LONGEST_ACTION_TITLE, LONGEST_TITLED_DO = 60, 150
LONGEST_NAME, LONGEST_EVIDENCE, LONGEST_SENTENCE = 40, 55, 90
"""Characters that fit a line of the plan or of a phone."""


class Indicator(Number):
    def __init__(self) -> None:
        super().__init__(whole=True)

    def _deserialize(self, value: object, *_: object, **__: object) -> float:
        number = super()._deserialize(value)
        if not 1 <= number <= INDICATORS:
            raise ValidationError(f"BANK023|{number} is not the number of an ILO indicator, 1 to {INDICATORS}.")
        return number


class Harm(Number):
    """How grave it is, 1 to 6."""

    def __init__(self) -> None:
        super().__init__(whole=True, least=1)

    def _deserialize(self, value: object, *_: object, **__: object) -> float:
        number = super()._deserialize(value)
        if number > HARM_LEVELS:
            raise ValidationError(f"BANK022|A whole number from 1 to {HARM_LEVELS} belongs here, not {number}.")
        return number


class ReachedAnswer(Id):
    """The answer an action brings: an option, or a number."""

    def _deserialize(self, value: object, *_: object, **__: object) -> Any:  # noqa: ANN401  # a number or a word
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        return super()._deserialize(value)


class ActionShape(Shape):
    """What to do about a poor answer."""

    do = Text(required=True)
    priority = Either(("immediate",), Number(whole=True, least=1), required=True)
    owner = Id(required=True)
    effort = OneOf(EFFORTS, required=True)
    after_advice = Flag()
    title = Text(longest=LONGEST_ACTION_TITLE)
    reaches = ReachedAnswer()

    @validates_schema
    def short_where_titled(self, data: Mapping[str, object], **_: object) -> None:
        """An action that has a title is printed in three lines."""
        if "title" in data and len(str(data.get("do", ""))) > LONGEST_TITLED_DO:
            raise ValidationError(f"BANK022|An action with a title has at most {LONGEST_TITLED_DO} characters.", "do")


def _own_action() -> Either:
    return Either((False,), Group(ActionShape))


class OptionShape(Shape):
    """One answer to choose."""

    id = Id(required=True)
    label = Text(required=True)
    points = Number()
    sign = OneOf(SIGNS)
    third_party = Flag()
    action = _own_action()
    not_looked = Flag()
    mended = Flag()
    breach = Id()
    says = Text(longest=LONGEST_SENTENCE)
    retired = Flag()


class BandShape(Shape):
    """Points of a number up to a limit."""

    up_to = Number()
    points = Number(required=True)
    sign = OneOf(SIGNS)
    action = _own_action()
    breach = Id()
    says = Text(longest=LONGEST_SENTENCE)


class TickShape(Shape):
    """Points for so many ticks."""

    at_least = Number(whole=True, least=0, required=True)
    points = Number(required=True)
    says = Text(longest=LONGEST_SENTENCE)


class StepShape(Shape):
    """One outcome of a rule."""

    id = Id(required=True)
    points = Number(required=True)
    sign = OneOf(SIGNS)
    action = _own_action()
    breach = Id()
    says = Text(longest=LONGEST_SENTENCE)


class CellOptionShape(Shape):
    """One choice inside a table: nothing is scored there."""

    id = Id(required=True)
    label = Text(required=True)


class ColumnShape(Shape):
    """One column of a table."""

    id = Id(required=True)
    label = Text(required=True)
    type = OneOf(("text", "number", "percentage", "date", "choice"), required=True)
    options = ListOf(CellOptionShape)


class QuestionShape(Shape):
    """One question."""

    id = Id(required=True)
    ask = Text(required=True)
    type = OneOf(TYPES, required=True)
    kind = OneOf(KINDS, required=True)
    dimension = Id(required=True)
    ilo = ListOf(Indicator())
    quick = Flag()
    can_sign = Flag()
    pooled = Flag()
    show_if = ConditionField()
    hint = Text()
    unit = Text()
    why = Text()
    evidence = Text()
    options = ListOf(OptionShape)
    cap = Number(least=0)
    bands = ListOf(BandShape)
    ticks = ListOf(TickShape)
    rule = OneOf(("labour_provider_rate", "housing_charge"))
    steps = ListOf(StepShape)
    columns = ListOf(ColumnShape)
    action = Group(ActionShape)
    dk_action = _own_action()
    sources = ListOf(Id(capitals=True))
    rev = Number(whole=True, least=1)
    replaces = Id()
    option_map = Named(Id())
    waived = Named(Text(), words=tuple(RemarkRule))
    name = Text(longest=LONGEST_NAME)
    harm = Harm()
    same_as = Id()
    not_yet = Text(longest=LONGEST_SENTENCE)

    @validates_schema
    def short_where_named(self, data: Mapping[str, object], **_: object) -> None:
        """What would show a good answer of a question that has a name is printed in one line."""
        if "name" in data and len(str(data.get("evidence", ""))) > LONGEST_EVIDENCE:
            raise ValidationError(f"BANK022|Beside a name, this has at most {LONGEST_EVIDENCE} characters.", "evidence")


class SectionShape(Shape):
    """One page of questions."""

    id = Id(required=True)
    title = Text(required=True)
    questions = ListOf(QuestionShape, least=1, required=True)


class CheckShape(Shape):
    """A finding over several answers."""

    id = Id(capitals=True, required=True)
    says = Text(required=True)
    when = ConditionField()
    unless = ConditionField()
    rule = Id()
    inputs = Named(Id())
    sign = OneOf(SIGNS)
    ilo = ListOf(Indicator())
    action = Group(ActionShape)
    listed = Flag()
    name = Text(longest=LONGEST_NAME)
    harm = Harm()
    same_as = Id()


class ExpectShape(Shape):
    """The figures a worked example must give."""

    shown = Number(whole=True, least=0)
    exposure = Number()
    gap = Number()
    score = Number()
    score_band = OneOf(BANDS)
    band = OneOf((*BANDS, "not_rated"))
    confidence = Number()
    urgent_signs = ListOf(Id(capitals=True))
    serious_signs = ListOf(Id(capitals=True))
    unknown_signs = ListOf(Id(capitals=True))
    notes = ListOf(Id(capitals=True))


class ExampleShape(Shape):
    """Answers and what they must give."""

    title = Text(required=True)
    from_ = Text(data_key="from", attribute="from")
    answers = Named(AnyValue())
    change = Named(AnyValue())
    evidence_share = Number(least=0)
    quick = Flag()
    expect = Group(ExpectShape, required=True)


class BankShape(Shape):
    """One sector."""

    format = AnyValue()
    bank = Id(required=True)
    title = Text(required=True)
    uses = ListOf(Id())
    sections = ListOf(SectionShape, least=1, required=True)
    checks = ListOf(CheckShape)
    worked_examples = ListOf(ExampleShape)


class CommonShape(Shape):
    """Sections several sectors share."""

    format = AnyValue()
    common = Id(required=True)
    sections = ListOf(SectionShape, least=1, required=True)
    checks = ListOf(CheckShape)


class DimensionShape(Shape):
    """One theme."""

    id = Id(required=True)
    name = Text(required=True)
    meaning = Text(required=True)


class BuyerGroupShape(Shape):
    """One bar of the buyer copy."""

    id = Id(required=True)
    name = Text(required=True)
    dimensions = ListOf(Id(), least=1, required=True)


class DimensionsShape(Shape):
    """All themes and the bars made of them."""

    format = AnyValue()
    dimensions = ListOf(DimensionShape, least=1, required=True)
    buyer_groups = ListOf(BuyerGroupShape, least=1, required=True)


class OwnersShape(Shape):
    """Who acts."""

    format = AnyValue()
    owners = Named(Text(), required=True)


class SourceShape(Shape):
    """A document."""

    document = Text(required=True)
    url = Address(required=True)
    how_far_read = Text(required=True)


class SourcesShape(Shape):
    """All documents."""

    format = AnyValue()
    sources = Named(Group(SourceShape), capitals=True, required=True)


STATUSES: tuple[str, ...] = get_args(DutyStatus)
FORCES: tuple[str, ...] = get_args(DutyForce)
LONGEST_LINE, LONGEST_AMOUNT, LONGEST_PENALTY, LONGEST_READ = 40, 50, 60, 46
"""Characters of a row of print: what binds, the number, what it costs to break it, where to read it."""


class GateValue(AnyValue):
    """What answering No to a gate makes of a fact."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if not isinstance(value, (bool, int, float)):
            raise ValidationError(f"BANK022|true, false or a number belongs here, not {plain_value(value)}.")
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
    type = OneOf(get_args(FactType), required=True)
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


SHAPES: Mapping[str, type[Shape]] = {
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


@dataclass(frozen=True, slots=True)
class FileShape:
    """A file of known shape: what it holds, its values with ids as text, and what is wrong with it."""

    kind: str | None
    data: dict[str, object]
    problems: tuple[Problem, ...]


def check_shape(data: Mapping[str, object]) -> FileShape:
    """Hold the values of one file against the shape of its kind. With problems, `data` is empty."""
    if "format" not in data:
        return FileShape(None, {}, (Problem("BANK011", (), "The file does not say its format."),))
    if data["format"] != FORMAT or isinstance(data["format"], bool):
        return FileShape(None, {}, (Problem("BANK011", ("format",), f"The format is {plain_value(data['format'])}."),))
    kind = next((key for key in SHAPES if key in data), None)
    if kind is None:
        return FileShape(None, {}, (Problem("BANK012", (), "None of the keys says what the file holds."),))
    try:
        loaded = SHAPES[kind]().load(data)
    except ValidationError as fault:
        return FileShape(kind, {}, tuple(_problems(fault.messages, ())))
    return FileShape(kind, dict(loaded), ())


def _problems(found: object, place: DocumentPath) -> Iterator[Problem]:
    """One problem for each message of marshmallow's tree of messages."""
    if isinstance(found, dict):
        for key, part in found.items():
            yield from _problems(part, place if key == "_schema" else (*place, key))
    elif isinstance(found, list):
        for part in found:
            yield from _problems(part, place)
    else:
        number, _, cause = str(found).partition("|")
        if number == "BANK021":
            yield Problem(number, place[:-1], f"The key “{place[-1]}” is missing here.")
        else:
            yield Problem(number, place, cause)
