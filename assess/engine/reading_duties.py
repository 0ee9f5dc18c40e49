"""From a compiled document to the duty book: facts, shorthands, duties."""

from __future__ import annotations

from typing import Literal, get_args

from assess.engine.bank import (
    Deadline,
    Duty,
    DutyBook,
    Fact,
    FactSource,
    FactType,
    Force,
    Gate,
    MustDo,
    Status,
)
from assess.engine.nodes import DocumentError, Node
from assess.engine.reading_conditions import read_condition
from assess.engine.reading_questions import condition_or_none, read_option

_FACT_TYPES: tuple[FactType, ...] = get_args(FactType)
_STATUSES: tuple[Status, ...] = get_args(Status)
_FORCES: tuple[Force, ...] = get_args(Force)
_GATES: tuple[Literal["foreign", "size"], ...] = ("foreign", "size")
_EVIDENCE: tuple[Literal["A", "B", "C", "D"], ...] = ("A", "B", "C", "D")
_CONFIDENCE: tuple[Literal["high", "medium", "low"], ...] = ("high", "medium", "low")
_MONTH_RULES: tuple[Literal["safe", "end_of_month"], ...] = ("safe", "end_of_month")


def read_duty_book(node: Node) -> DutyBook:
    """Gates, facts, terms and duties in file order."""
    book = DutyBook(
        facts=tuple(_fact(fact) for fact in node.nodes("facts")),
        terms={name: read_condition(raw, f"{node.at('terms')}.{name}") for name, raw in node.pairs("terms").items()},
        duties=tuple(_duty(duty) for duty in node.nodes("duties")),
        gates=tuple(_gate(gate) for gate in node.nodes("gates")),
    )
    node.done()
    return book


def _gate(node: Node) -> Gate:
    gate = Gate(id=node.one_of("id", _GATES), ask=node.text("ask"), hint=node.text_or_none("hint"))
    node.done()
    return gate


def _fact(node: Node) -> Fact:
    fact = Fact(
        id=node.text("id"),
        type=node.one_of("type", _FACT_TYPES),
        ask=node.text("ask"),
        group=node.text("group"),
        hint=node.text_or_none("hint"),
        unit=node.text_or_none("unit"),
        options=tuple(read_option(option) for option in node.nodes("options")),
        gate=node.one_of_or_none("gate", _GATES),
        gate_value=_gate_value(node),
        sources=tuple(_fact_source(source) for source in node.nodes("sources")),
        unless_said=_unless_said(Node(node.take("unless_said") or {}, node.at("unless_said"))),
    )
    node.done()
    return fact


def _unless_said(node: Node) -> dict[str, bool]:
    return {bank: node.flag(bank) for bank in node.names_left()}


def _gate_value(node: Node) -> bool | float | None:
    value = node.take("gate_value")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise DocumentError(node.at("gate_value"), "this must be true, false or a number")


def _fact_source(node: Node) -> FactSource:
    source = FactSource(
        question=node.text("question"),
        includes_any=node.texts("includes_any"),
        none_of=node.texts("none_of"),
        more_than=node.number_or_none("more_than"),
        values=node.names("values"),
        unknown=node.texts("unknown"),
    )
    node.done()
    return source


def _must_do(raw: object, place: str) -> MustDo:
    if isinstance(raw, str):
        return MustDo(raw)
    node = Node(raw, place)
    step = MustDo(text=node.text("text"), when=condition_or_none(node, "when"))
    node.done()
    return step


def _deadline(raw: object, place: str) -> Deadline:
    node = Node(raw, place)
    deadline = Deadline(
        kind=node.text("kind"),
        n=node.whole_or_none("n"),
        month_rule=node.one_of_or_none("month_rule", _MONTH_RULES),
        n_if_traded=node.whole_or_none("n_if_traded"),
        month_day=node.text_or_none("month_day"),
        after_year_end=node.flag("after_year_end"),
        date=node.text_or_none("date"),
        event=node.text_or_none("event"),
        from_=node.text_or_none("from"),
        note=node.text_or_none("note"),
    )
    node.done()
    return deadline


def _duty(node: Node) -> Duty:
    duty = Duty(
        id=node.text("id"),
        title=node.text("title"),
        jurisdiction=node.texts("jurisdiction"),
        status=node.one_of("status", _STATUSES),
        force=node.one_of("force", _FORCES),
        when=read_condition(node.need("when"), node.at("when")),
        applies_to=node.text("applies_to"),
        must_do=tuple(_must_do(step, place) for step, place in node.items("must_do")),
        deadline=_deadline(node.need("deadline"), node.at("deadline")),
        source=node.text("source"),
        url=node.text("url"),
        source_as_of=node.text("source_as_of"),
        evidence=node.one_of("evidence", _EVIDENCE),
        confidence=node.one_of("confidence", _CONFIDENCE),
        key_number=node.text_or_none("key_number"),
        approver=node.text_or_none("approver"),
        publish=node.text_or_none("publish"),
        consequence=node.text_or_none("consequence"),
        in_force_from=node.text_or_none("in_force_from"),
        more_urls=node.texts("more_urls"),
        unverified=node.text_or_none("unverified"),
        reviewed_by=node.text_or_none("reviewed_by"),
        reviewed_on=node.text_or_none("reviewed_on"),
        line=node.text_or_none("line"),
        amount=node.text_or_none("amount"),
        penalty=node.text_or_none("penalty"),
        read=node.text_or_none("read"),
    )
    node.done()
    return duty
