"""Reads a compiled document (JSON) into the dataclasses of `bank.py`, and names the place of what it cannot read. What concerns several places at once is left to `bank_validation.py`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypedDict, TypeVar, get_args

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
    return node.done(
        Edition(
            bank=node.text("bank"),
            title=node.text("title"),
            sections=tuple(read_section(section) for section in node.nodes("sections")),
            checks=tuple(read_check(check) for check in node.nodes("checks")),
            dimensions=tuple(
                one.done(Dimension(id=one.text("id"), name=one.text("name"), meaning=one.text("meaning")))
                for one in node.nodes("dimensions")
            ),
            groups=tuple(
                one.done(BuyerGroup(id=one.text("id"), name=one.text("name"), dimensions=one.texts("dimensions")))
                for one in node.nodes("groups")
            ),
            owners=node.names("owners"),
            duty_book=read_duty_book(Node(node.need("duty_book"), "duty_book")),
            sources={name: _source(name, Node(raw, f"sources.{name}")) for name, raw in node.pairs("sources").items()},
        )
    )


def _source(name: str, node: Node) -> Source:
    return node.done(
        Source(id=name, document=node.text("document"), url=node.text("url"), how_far_read=node.text("how_far_read"))
    )


Choice = TypeVar("Choice", bound=str)
Made = TypeVar("Made")


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
        return default if value is None else as_flag(value, self.at(key))

    def flags(self, key: str) -> dict[str, bool]:
        """A mapping from id to true or false, empty when absent."""
        return {name: as_flag(value, f"{self.at(key)}.{name}") for name, value in self.pairs(key).items()}

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

    def done(self, made: Made) -> Made:
        """Hand on what was made of this mapping. Keys that nobody reads are refused: they would be silently without effect."""
        if self._raw:
            raise DocumentError(self.place, f"unknown key “{next(iter(self._raw))}”")
        return made


def as_text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise DocumentError(place, "this must be a text")
    return value


def as_flag(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise DocumentError(place, "this must be true or false")
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
        case "asked":
            return Asked(as_text(value, inside))
        case "term":
            return Term(as_text(value, inside))
        case "applies":
            return Applies(as_text(value, inside))
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
    parts = node.done(_parts(node.need("of"), node.at("of")))
    if not 1 <= n <= len(parts):
        raise DocumentError(node.at("n"), f"this must be from 1 to {len(parts)}")
    return AtLeastOf(n, parts)


def _leaf(subject: str, value: object, place: str) -> Leaf:
    found, operand, inside = _single_pair(value, place)
    for test in COMPARISONS:
        if found == test:
            return Leaf(subject, test, _operand(test, operand, inside))
    raise DocumentError(place, f"unknown test “{found}”; use one of: {', '.join(COMPARISONS)}")


def _operand(test: Comparison, value: object, place: str) -> Operand:
    match test:
        case "is":
            return value if isinstance(value, (str, int, float)) else _words(value, place)
        case "is_one_of" | "includes_any":
            return _words(value, place)
        case "includes":
            return as_text(value, place)
        case "before" | "after":
            day = as_text(value, place)
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
                raise DocumentError(place, "write the date as 2026-11-24")
            return day
        case _:
            return as_number(value, place)


def _words(value: object, place: str) -> tuple[str, ...]:
    words = as_list(value, place)
    if not words:
        raise DocumentError(place, "list at least one option")
    return tuple(as_text(word, f"{place}[{index}]") for index, word in enumerate(words))


_GATES: tuple[Literal["foreign", "size"], ...] = ("foreign", "size")


def read_duty_book(node: Node) -> DutyBook:
    return node.done(
        DutyBook(
            facts=tuple(_fact(fact) for fact in node.nodes("facts")),
            terms={
                name: read_condition(raw, f"{node.at('terms')}.{name}") for name, raw in node.pairs("terms").items()
            },
            duties=tuple(_duty(duty) for duty in node.nodes("duties")),
            gates=tuple(
                one.done(Gate(id=one.one_of("id", _GATES), ask=one.text("ask"), hint=one.text_or_none("hint")))
                for one in node.nodes("gates")
            ),
        )
    )


def _fact(node: Node) -> Fact:
    return node.done(
        Fact(
            id=node.text("id"),
            type=node.one_of("type", get_args(FactType)),
            ask=node.text("ask"),
            group=node.text("group"),
            hint=node.text_or_none("hint"),
            unit=node.text_or_none("unit"),
            options=tuple(read_option(option) for option in node.nodes("options")),
            gate=node.one_of_or_none("gate", _GATES),
            gate_value=_gate_value(node),
            sources=tuple(_fact_source(source) for source in node.nodes("sources")),
            unless_said=node.flags("unless_said"),
        )
    )


def _gate_value(node: Node) -> bool | float | None:
    value = node.take("gate_value")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise DocumentError(node.at("gate_value"), "this must be true, false or a number")


def _fact_source(node: Node) -> FactSource:
    return node.done(
        FactSource(
            question=node.text("question"),
            includes_any=node.texts("includes_any"),
            none_of=node.texts("none_of"),
            more_than=node.number_or_none("more_than"),
            values=node.names("values"),
            unknown=node.texts("unknown"),
        )
    )


def _must_do(raw: object, place: str) -> MustDo:
    if isinstance(raw, str):
        return MustDo(raw)
    node = Node(raw, place)
    return node.done(MustDo(text=node.text("text"), when=condition_or_none(node, "when")))


def _deadline(raw: object, place: str) -> Deadline:
    node = Node(raw, place)
    return node.done(
        Deadline(
            kind=node.text("kind"),
            n=node.whole_or_none("n"),
            month_rule=node.one_of_or_none("month_rule", ("safe", "end_of_month")),
            n_if_traded=node.whole_or_none("n_if_traded"),
            month_day=node.text_or_none("month_day"),
            after_year_end=node.flag("after_year_end"),
            date=node.text_or_none("date"),
            event=node.text_or_none("event"),
            from_=node.text_or_none("from"),
            note=node.text_or_none("note"),
        )
    )


def _duty(node: Node) -> Duty:
    return node.done(
        Duty(
            id=node.text("id"),
            title=node.text("title"),
            jurisdiction=node.texts("jurisdiction"),
            status=node.one_of("status", get_args(DutyStatus)),
            force=node.one_of("force", get_args(DutyForce)),
            when=read_condition(node.need("when"), node.at("when")),
            applies_to=node.text("applies_to"),
            must_do=tuple(_must_do(step, place) for step, place in node.items("must_do")),
            deadline=_deadline(node.need("deadline"), node.at("deadline")),
            source=node.text("source"),
            url=node.text("url"),
            source_as_of=node.text("source_as_of"),
            evidence=node.one_of("evidence", ("A", "B", "C", "D")),
            confidence=node.one_of("confidence", ("high", "medium", "low")),
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
    )


_SIGNS: tuple[Sign, ...] = get_args(Sign)
NUMBER_RULES = ("labour_provider_rate", "housing_charge")
"""Rules that compare one number with a dated setting."""


def read_section(node: Node) -> Section:
    return node.done(
        Section(
            id=node.text("id"),
            title=node.text("title"),
            questions=tuple(read_question(question) for question in node.nodes("questions")),
            common=node.flag("common"),
        )
    )


def read_question(node: Node) -> Question:
    return node.done(
        Question(
            id=node.text("id"),
            ask=node.text("ask"),
            type=node.one_of("type", get_args(QuestionType)),
            kind=node.one_of("kind", get_args(QuestionKind)),
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
    )


def read_option(node: Node) -> Option:
    return node.done(
        Option(
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
    )


def read_check(node: Node) -> Check:
    return node.done(
        Check(
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
    )


def condition_or_none(node: Node, key: str) -> Condition | None:
    return read_condition(node.take(key), node.at(key)) if node.has(key) else None


def _wholes(node: Node, key: str) -> tuple[int, ...]:
    return tuple(as_whole(part, place) for part, place in node.items(key))


def _action(raw: object, place: str) -> Action:
    node = Node(raw, place)
    return node.done(
        Action(
            do=node.text("do"),
            priority=_priority(node.need("priority"), node.at("priority")),
            owner=node.text("owner"),
            effort=node.one_of("effort", get_args(Effort)),
            after_advice=node.flag("after_advice"),
            title=node.text_or_none("title"),
            reaches=_reaches(node),
        )
    )


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


class _Outcome(TypedDict):
    points: float
    sign: Sign | None
    action: OwnAction
    breach: str | None
    says: str | None


def _outcome(node: Node) -> _Outcome:
    """What a number brings that falls on a band, or on a step of a rule."""
    return {
        "points": node.number("points"),
        "sign": node.one_of_or_none("sign", _SIGNS),
        "action": _own_action(node, "action"),
        "breach": node.text_or_none("breach"),
        "says": node.text_or_none("says"),
    }


def _band(node: Node) -> NumberBand:
    return node.done(NumberBand(up_to=node.number_or_none("up_to"), **_outcome(node)))


def _tick(node: Node) -> TickStep:
    return node.done(
        TickStep(at_least=node.whole("at_least"), points=node.number("points"), says=node.text_or_none("says"))
    )


def _step(node: Node) -> RuleStep:
    return node.done(RuleStep(id=node.text("id"), **_outcome(node)))


def _column(node: Node) -> Column:
    return node.done(
        Column(
            id=node.text("id"),
            label=node.text("label"),
            type=node.one_of("type", ("text", "number", "percentage", "date", "choice")),
            options=tuple(read_option(option) for option in node.nodes("options")),
        )
    )
