"""From a compiled document to sections, questions and checks."""

from __future__ import annotations

from typing import Literal, get_args

from assess.engine.bank import (
    NO_ACTION,
    Action,
    Check,
    Column,
    Effort,
    Kind,
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    QuestionType,
    RuleStep,
    Section,
    Sign,
    TickStep,
)
from assess.engine.conditions import Condition
from assess.engine.nodes import DocumentError, Node, as_number, as_whole
from assess.engine.reading_conditions import read_condition

_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
_KINDS: tuple[Kind, ...] = get_args(Kind)
_SIGNS: tuple[Sign, ...] = get_args(Sign)
_EFFORTS: tuple[Effort, ...] = get_args(Effort)
_COLUMN_TYPES: tuple[Literal["text", "number", "percentage", "date", "choice"], ...] = (
    "text",
    "number",
    "percentage",
    "date",
    "choice",
)
RULES = ("labour_provider_rate", "housing_charge")
"""Rules that compare one number with a dated setting."""


def read_section(node: Node) -> Section:
    """One page of questions."""
    section = Section(
        id=node.text("id"),
        title=node.text("title"),
        questions=tuple(read_question(question) for question in node.nodes("questions")),
        common=node.flag("common"),
    )
    node.done()
    return section


def read_question(node: Node) -> Question:
    """One question with its points and actions."""
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
        rule=node.one_of_or_none("rule", RULES),
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
    """One answer to choose."""
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
    """One finding over several answers."""
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
    """The condition under a key that may be absent."""
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
