"""Which questions are ordinary, so that buyers may see what rests on them, and the bars of a buyer’s view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from assess.engine.bank import (
    Action,
    BuyerGroup,
    Edition,
    NumberBand,
    Option,
    OwnAction,
    Question,
    RuleStep,
    kept_by_edition,
)
from assess.engine.conditions import condition_subjects

ADVICE_FIRST_QUESTIONS = frozenset({
    "core_agency_checks", "core_job_fee", "core_right_to_work", "core_shared_details", "core_travel", "core_who_speaks",
    "farm_arrival_cost", "farm_housing_type", "farm_labour_source", "farm_licence_check", "farm_lp_layers", "farm_lp_rate",
    "farm_poultry_crew", "farm_supervisor_power", "farm_transport_charge",
    "hosp_agency_layers", "hosp_contract_price", "hosp_kitchen_porters", "hosp_unknown_people",
    "wash_house_crowding", "wash_rtw_count",
})  # fmt: skip
"""Questions whose actions always wait for advice (docs/rules.md 5.1); editions published before they said so do not say it."""

ALWAYS_POOLED = frozenset({"core_buyer_pressure"})
"""Always to be pooled; editions published before the bank could say so do not say it."""

MIN_BAR_QUESTIONS = 3
"""A bar stands on at least so many questions that are always asked, or is joined to the next."""


@dataclass(frozen=True, slots=True)
class BuyerBar:
    """One bar of a buyer's view: the groups joined in it, and the dimensions it covers."""

    groups: tuple[str, ...]
    name: str
    dimensions: frozenset[str]


def can_raise_sign(question: Question) -> bool:
    """Whether some answer raises a sign, or not knowing it leaves one open."""
    return question.can_sign or any(part.sign for part in answer_parts(question))


def answer_parts(question: Question) -> tuple[Option | NumberBand | RuleStep, ...]:
    return (*question.options, *question.bands, *question.steps)


def waits_for_advice(question: Question) -> bool:
    """Whether some action of this question waits for advice while a grave sign is open, whatever was answered."""
    return question.id in ADVICE_FIRST_QUESTIONS or any(action.after_advice for action in question_actions(question))


def question_actions(question: Question) -> Iterator[Action]:
    own: tuple[OwnAction, ...] = (
        question.action,
        question.dk_action,
        *(part.action for part in answer_parts(question)),
    )
    yield from (action for action in own if isinstance(action, Action))


def is_pooled(question: Question) -> bool:
    """Whether buyers see its answers only put together over several suppliers."""
    return question.pooled or question.id in ALWAYS_POOLED


_ORDINARY_EDITIONS: WeakKeyDictionary[Edition, Edition] = WeakKeyDictionary()


@kept_by_edition
def ordinary_questions(edition: Edition) -> frozenset[str]:
    """The ids of the ordinary questions of an edition, facts among them."""
    questions = edition.questions()
    asked = {question.id for question in questions}
    found: set[str] = set()
    for question in questions:  # conditions look only backwards
        rests_on = set(condition_subjects(question.show_if)) & asked if question.show_if else set()
        if rests_on <= found and not (can_raise_sign(question) or waits_for_advice(question) or is_pooled(question)):
            found.add(question.id)
    return frozenset(found)


def ordinary_edition(edition: Edition, *, of: Edition | None = None) -> Edition:
    """The edition in which only ordinary questions exist, and no check. `of` is the full edition where this one is its quick part."""
    kept = _ORDINARY_EDITIONS.get(edition)
    if kept is None:
        ordinary = ordinary_questions(of or edition)
        sections = [
            replace(
                section,
                questions=tuple(
                    question
                    if question.same_as is None or question.same_as in ordinary
                    else replace(question, same_as=None)
                    for question in section.questions
                    if question.id in ordinary
                ),
            )
            for section in edition.sections
        ]
        kept = _ORDINARY_EDITIONS[edition] = replace(
            edition, sections=tuple(one for one in sections if one.questions), checks=()
        )
    return kept


def buyer_bars(edition: Edition) -> tuple[BuyerBar, ...]:
    """The bars of an edition: its groups, joined until each stands on enough ordinary safeguards that are always asked."""
    ordinary = ordinary_questions(edition)
    always = [
        question.dimension
        for question in edition.questions()
        if question.id in ordinary and question.kind == "safeguard" and question.show_if is None
    ]
    bars: list[list[BuyerGroup]] = []
    waiting: list[BuyerGroup] = []
    for group in edition.groups:
        waiting.append(group)
        if sum(dimension in one.dimensions for one in waiting for dimension in always) >= MIN_BAR_QUESTIONS:
            bars.append(waiting)
            waiting = []
    if waiting and bars:
        bars[-1] += waiting
    return tuple(
        BuyerBar(
            tuple(group.id for group in groups),
            "; ".join(group.name for group in groups),
            frozenset(dimension for group in groups for dimension in group.dimensions),
        )
        for groups in bars
    )
