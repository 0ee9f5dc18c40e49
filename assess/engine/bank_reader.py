"""Reads a compiled document (JSON) into the dataclasses of bank.py, and names the place of what it cannot read. What concerns several places at once is left to checker.py."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar, get_args

from assess.engine.bank import (
    NO_ACTION,
    Action,
    BuyerGroup,
    Check,
    Column,
    Deadline,
    Dimension,
    Duty,
    DutyBook,
    DutyForce,
    DutyStatus,
    Edition,
    Effort,
    Fact,
    FactSource,
    FactType,
    Gate,
    MustDo,
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    QuestionKind,
    QuestionType,
    RuleStep,
    Section,
    Sign,
    Source,
    TickStep,
)
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    Comparison,
    Condition,
    Leaf,
    Not,
    Operand,
    Term,
)

DOCUMENT_FORMAT = 1
"""Of compiled documents; others are refused."""


def document_digest(document: Mapping[str, object]) -> str:
    """SHA-256 of the document's one canonical form: sorted keys, no spaces, UTF-8."""
    plain = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def read_edition(document: Mapping[str, object]) -> Edition:
    """Raises `DocumentError`, with its place, for a key that is missing, unknown or holds another kind of value."""
    node = Node(document, "")
    if node.whole("format") != DOCUMENT_FORMAT:
        raise DocumentError("format", f"this engine reads format {DOCUMENT_FORMAT} only")
    edition = Edition(
        bank=node.text("bank"),
        title=node.text("title"),
        sections=tuple(read_section(section) for section in node.nodes("sections")),
        checks=tuple(read_check(check) for check in node.nodes("checks")),
        dimensions=tuple(_dimension(dimension) for dimension in node.nodes("dimensions")),
        groups=tuple(_group(group) for group in node.nodes("groups")),
        owners=node.names("owners"),
        duty_book=read_duty_book(Node(node.need("duty_book"), "duty_book")),
        sources={name: _source(name, Node(raw, f"sources.{name}")) for name, raw in node.pairs("sources").items()},
    )
    node.done()
    return edition


def _dimension(node: Node) -> Dimension:
    dimension = Dimension(id=node.text("id"), name=node.text("name"), meaning=node.text("meaning"))
    node.done()
    return dimension


def _group(node: Node) -> BuyerGroup:
    group = BuyerGroup(id=node.text("id"), name=node.text("name"), dimensions=node.texts("dimensions"))
    node.done()
    return group


def _source(name: str, node: Node) -> Source:
    source = Source(
        id=name, document=node.text("document"), url=node.text("url"), how_far_read=node.text("how_far_read")
    )
    node.done()
    return source


Choice = TypeVar("Choice", bound=str)


class DocumentError(Exception):
    """A compiled document that the engine cannot read. `place` is a path such as "sections[0].questions[2].options"."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place or 'document'}: {message}")
        self.place = place
        self.message = message


class Node:
    """A mapping of a document. Every key must be taken; `done` refuses what is left. A null is an absent key."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, Mapping) or not all(isinstance(key, str) for key in raw):
            raise DocumentError(place, "this must be a group of named values")
        self._raw: dict[str, object] = {key: value for key, value in raw.items() if value is not None}
        self.place = place

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def names_left(self) -> tuple[str, ...]:
        return tuple(self._raw)

    def has(self, key: str) -> bool:
        return key in self._raw

    def take(self, key: str) -> object:
        """The raw value, None when the key is absent."""
        return self._raw.pop(key, None)

    def need(self, key: str) -> object:
        value = self.take(key)
        if value is None:
            raise DocumentError(self.place, f"“{key}” is missing")
        return value

    def text(self, key: str) -> str:
        return as_text(self.need(key), self.at(key))

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def one_of(self, key: str, choices: tuple[Choice, ...]) -> Choice:
        found = self.text(key)
        for choice in choices:
            if found == choice:
                return choice
        raise DocumentError(self.at(key), f"“{found}” must be one of: {', '.join(choices)}")

    def one_of_or_none(self, key: str, choices: tuple[Choice, ...]) -> Choice | None:
        return self.one_of(key, choices) if self.has(key) else None

    def number(self, key: str) -> float:
        return as_number(self.need(key), self.at(key))

    def number_or_none(self, key: str) -> float | None:
        return self.number(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        return as_whole(self.need(key), self.at(key))

    def whole_or_none(self, key: str) -> int | None:
        return self.whole(key) if self.has(key) else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise DocumentError(self.at(key), "this must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(as_text(part, place) for part, place in self.items(key))

    def items(self, key: str) -> Iterable[tuple[object, str]]:
        """The parts of a list with their places, nothing when absent."""
        value = self.take(key)
        if value is None:
            return []
        return [(part, f"{self.at(key)}[{index}]") for index, part in enumerate(as_list(value, self.at(key)))]

    def nodes(self, key: str) -> list[Node]:
        return [Node(part, place) for part, place in self.items(key)]

    def pairs(self, key: str) -> dict[str, object]:
        """A mapping whose keys are ids, empty when absent."""
        value = self.take(key)
        return {} if value is None else Node(value, self.at(key)).rest()

    def names(self, key: str) -> dict[str, str]:
        """A mapping from id to text, empty when absent."""
        return {name: as_text(value, f"{self.at(key)}.{name}") for name, value in self.pairs(key).items()}

    def rest(self) -> dict[str, object]:
        taken, self._raw = self._raw, {}
        return taken

    def done(self) -> None:
        """Refuse keys that nobody reads: they would be silently without effect."""
        if self._raw:
            raise DocumentError(self.place, f"unknown key “{next(iter(self._raw))}”")


def as_text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise DocumentError(place, "this must be a text")
    return value


def as_number(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DocumentError(place, "this must be a number")
    return value


def as_whole(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise DocumentError(place, "this must be a whole number")
    return value


def as_list(value: object, place: str) -> list[object]:
    if not isinstance(value, (list, tuple)):
        raise DocumentError(place, "this must be a list")
    return list(value)


COMPARISONS: tuple[Comparison, ...] = (
    "is",
    "is_one_of",
    "includes",
    "includes_any",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "before",
    "after",
)
CONDITION_KEYWORDS = ("all", "any", "not", "at_least_of", "asked", "term", "applies")
"""Words that are no ids: `{all: [...]}` is a branch, `{anything_else: {...}}` a leaf."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_condition(raw: object, place: str = "") -> Condition:
    """The tree of one condition. Raises `DocumentError` when the shape is none of those in questionnaires/README.md."""
    if raw == "always":
        return Always()
    key, value, inside = _single_pair(raw, place)
    match key:
        case "all" | "any":
            parts = _parts(value, inside)
            return AllOf(parts) if key == "all" else AnyOf(parts)
        case "not":
            return Not(read_condition(value, inside))
        case "at_least_of":
            return _at_least_of(value, inside)
        case "asked" | "term" | "applies":
            return _named(key, as_text(value, inside))
        case _:
            return _leaf(key, value, inside)


def _single_pair(raw: object, place: str) -> tuple[str, object, str]:
    node = Node(raw, place)
    pairs = list(node.rest().items())
    if len(pairs) != 1:
        raise DocumentError(place, "a condition says one thing; join several with all: or any:")
    key, value = pairs[0]
    return key, value, node.at(key)


def _parts(value: object, place: str) -> tuple[Condition, ...]:
    parts = as_list(value, place)
    if not parts:
        raise DocumentError(place, "list at least one condition")
    return tuple(read_condition(part, f"{place}[{index}]") for index, part in enumerate(parts))


def _at_least_of(value: object, place: str) -> AtLeastOf:
    node = Node(value, place)
    n = node.whole("n")
    parts = _parts(node.need("of"), node.at("of"))
    node.done()
    if not 1 <= n <= len(parts):
        raise DocumentError(node.at("n"), f"this must be from 1 to {len(parts)}")
    return AtLeastOf(n, parts)


def _named(key: str, name: str) -> Condition:
    if key == "asked":
        return Asked(name)
    return Term(name) if key == "term" else Applies(name)


def _leaf(subject: str, value: object, place: str) -> Leaf:
    found, operand, inside = _single_pair(value, place)
    for test in COMPARISONS:
        if found == test:
            return Leaf(subject, test, _operand(test, operand, inside))
    raise DocumentError(place, f"unknown test “{found}”; use one of: {', '.join(COMPARISONS)}")


def _operand(test: Comparison, value: object, place: str) -> Operand:
    match test:
        case "is":
            if isinstance(value, (str, int, float)):
                return value
            return _words(value, place)
        case "is_one_of" | "includes_any":
            return _words(value, place)
        case "includes":
            return as_text(value, place)
        case "before" | "after":
            day = as_text(value, place)
            if not _ISO_DATE.fullmatch(day):
                raise DocumentError(place, "write the date as 2026-11-24")
            return day
        case _:
            return as_number(value, place)


def _words(value: object, place: str) -> tuple[str, ...]:
    words = as_list(value, place)
    if not words:
        raise DocumentError(place, "list at least one option")
    return tuple(as_text(word, f"{place}[{index}]") for index, word in enumerate(words))


_FACT_TYPES: tuple[FactType, ...] = get_args(FactType)
_STATUSES: tuple[DutyStatus, ...] = get_args(DutyStatus)
_FORCES: tuple[DutyForce, ...] = get_args(DutyForce)
_GATES: tuple[Literal["foreign", "size"], ...] = ("foreign", "size")
_EVIDENCE: tuple[Literal["A", "B", "C", "D"], ...] = ("A", "B", "C", "D")
_CONFIDENCE: tuple[Literal["high", "medium", "low"], ...] = ("high", "medium", "low")
_MONTH_RULES: tuple[Literal["safe", "end_of_month"], ...] = ("safe", "end_of_month")


def read_duty_book(node: Node) -> DutyBook:
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


_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
_SIGNS: tuple[Sign, ...] = get_args(Sign)
_EFFORTS: tuple[Effort, ...] = get_args(Effort)
_COLUMN_TYPES: tuple[Literal["text", "number", "percentage", "date", "choice"], ...] = (
    "text",
    "number",
    "percentage",
    "date",
    "choice",
)
NUMBER_RULES = ("labour_provider_rate", "housing_charge")
"""Rules that compare one number with a dated setting."""


def read_section(node: Node) -> Section:
    section = Section(
        id=node.text("id"),
        title=node.text("title"),
        questions=tuple(read_question(question) for question in node.nodes("questions")),
        common=node.flag("common"),
    )
    node.done()
    return section


def read_question(node: Node) -> Question:
    question = Question(
        id=node.text("id"),
        ask=node.text("ask"),
        type=node.one_of("type", _TYPES),
        kind=node.one_of("kind", _KINDS),
        dimension=node.text("dimension"),
        ilo=_wholes(node, "ilo"),
        quick=node.flag("quick"),
        can_sign=node.flag("can_sign"),
        pooled=node.flag("pooled"),
        show_if=condition_or_none(node, "show_if"),
        hint=node.text_or_none("hint"),
        unit=node.text_or_none("unit"),
        why=node.text_or_none("why"),
        evidence=node.text_or_none("evidence"),
        options=tuple(read_option(option) for option in node.nodes("options")),
        cap=node.number_or_none("cap"),
        bands=tuple(_band(band) for band in node.nodes("bands")),
        ticks=tuple(_tick(tick) for tick in node.nodes("ticks")),
        rule=node.one_of_or_none("rule", NUMBER_RULES),
        steps=tuple(_step(step) for step in node.nodes("steps")),
        columns=tuple(_column(column) for column in node.nodes("columns")),
        action=_action_or_none(node, "action"),
        dk_action=_own_action(node, "dk_action"),
        sources=node.texts("sources"),
        rev=node.whole_or_none("rev") or 1,
        replaces=node.text_or_none("replaces"),
        option_map=node.names("option_map"),
        waived=node.names("waived"),
        name=node.text_or_none("name"),
        harm=node.whole_or_none("harm"),
        same_as=node.text_or_none("same_as"),
        not_yet=node.text_or_none("not_yet"),
    )
    node.done()
    return question


def read_option(node: Node) -> Option:
    option = Option(
        id=node.text("id"),
        label=node.text("label"),
        points=node.number_or_none("points"),
        sign=node.one_of_or_none("sign", _SIGNS),
        third_party=node.flag("third_party"),
        action=_own_action(node, "action"),
        not_looked=node.flag("not_looked"),
        mended=node.flag("mended"),
        breach=node.text_or_none("breach"),
        says=node.text_or_none("says"),
        retired=node.flag("retired"),
    )
    node.done()
    return option


def read_check(node: Node) -> Check:
    check = Check(
        id=node.text("id"),
        says=node.text("says"),
        when=condition_or_none(node, "when"),
        unless=condition_or_none(node, "unless"),
        rule=node.text_or_none("rule"),
        inputs=node.names("inputs"),
        sign=node.one_of_or_none("sign", _SIGNS),
        ilo=_wholes(node, "ilo"),
        action=_action_or_none(node, "action"),
        listed=node.flag("listed", default=True),
        name=node.text_or_none("name"),
        harm=node.whole_or_none("harm"),
        same_as=node.text_or_none("same_as"),
    )
    node.done()
    return check


def condition_or_none(node: Node, key: str) -> Condition | None:
    return read_condition(node.take(key), node.at(key)) if node.has(key) else None


def _wholes(node: Node, key: str) -> tuple[int, ...]:
    return tuple(as_whole(part, place) for part, place in node.items(key))


def _action(raw: object, place: str) -> Action:
    node = Node(raw, place)
    action = Action(
        do=node.text("do"),
        priority=_priority(node.need("priority"), node.at("priority")),
        owner=node.text("owner"),
        effort=node.one_of("effort", _EFFORTS),
        after_advice=node.flag("after_advice"),
        title=node.text_or_none("title"),
        reaches=_reaches(node),
    )
    node.done()
    return action


def _reaches(node: Node) -> str | float | None:
    raw = node.take("reaches")
    return raw if raw is None or isinstance(raw, str) else as_number(raw, node.at("reaches"))


def _priority(raw: object, place: str) -> Priority:
    if isinstance(raw, str):
        if raw != "immediate":
            raise DocumentError(place, "write immediate, or a number of days")
        return "immediate"
    return as_whole(raw, place)


def _action_or_none(node: Node, key: str) -> Action | None:
    return _action(node.take(key), node.at(key)) if node.has(key) else None


def _own_action(node: Node, key: str) -> OwnAction:
    raw = node.take(key)
    if raw is None:
        return None
    return NO_ACTION if raw is False else _action(raw, node.at(key))


def _band(node: Node) -> NumberBand:
    band = NumberBand(
        up_to=node.number_or_none("up_to"),
        points=node.number("points"),
        sign=node.one_of_or_none("sign", _SIGNS),
        action=_own_action(node, "action"),
        breach=node.text_or_none("breach"),
        says=node.text_or_none("says"),
    )
    node.done()
    return band


def _tick(node: Node) -> TickStep:
    tick = TickStep(at_least=node.whole("at_least"), points=node.number("points"), says=node.text_or_none("says"))
    node.done()
    return tick


def _step(node: Node) -> RuleStep:
    step = RuleStep(
        id=node.text("id"),
        points=node.number("points"),
        sign=node.one_of_or_none("sign", _SIGNS),
        action=_own_action(node, "action"),
        breach=node.text_or_none("breach"),
        says=node.text_or_none("says"),
    )
    node.done()
    return step


def _column(node: Node) -> Column:
    column = Column(
        id=node.text("id"),
        label=node.text("label"),
        type=node.one_of("type", _COLUMN_TYPES),
        options=tuple(read_option(option) for option in node.nodes("options")),
    )
    node.done()
    return column
