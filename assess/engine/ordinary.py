"""Which questions are ordinary, so that buyers may see what rests on them; which action a poor answer brings; and worse answers that pay off because they hide later questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from assess.engine.bank import (
    DONT_KNOW,
    NO_ACTION,
    Action,
    AnswerValue,
    BuyerGroup,
    Edition,
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    RuleStep,
    Sign,
    kept_by_edition,
)
from assess.engine.conditions import (
    FALSE,
    HIDDEN,
    NOT_ASKED,
    PENDING,
    CompiledCondition,
    Condition,
    compile_condition,
    condition_subjects,
)
from assess.engine.points import (
    add_up,
    answer_scorer,
    best_points,
    exposure_of,
    is_dont_know,
    number_outcome,
    possible_points,
    score_of,
)
from assess.engine.result import Result
from assess.engine.satisfiability import leaves
from assess.engine.settings import ScoringSettings

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


COMPARISON_BASE, COMPARISON_FLOOR = 50.0, 0.25
"""A base and a floor to compare with: which of two answers comes out better hardly hangs on them, nor on the weights, here all alike."""
_NEAR_LIMIT = 0.5

PointPool = str
_EXPOSURE_POOL: PointPool = ""


@dataclass(frozen=True, slots=True)
class SparedQuestions:
    """`worse` costs more than `better`, and comes out better when `questions`, which it spares, would be answered badly."""

    question: str
    worse: str
    better: str
    questions: tuple[str, ...]


def spared_questions(edition: Edition) -> Iterator[SparedQuestions]:
    """The worst such pair of each question, in the order of asking."""
    walk = _EditionWalk(edition)
    for question in edition.questions():
        if question.kind == "fact" or question.id not in walk.read:
            continue
        pairs = sorted(walk.pairs(question), key=lambda pair: pair[0], reverse=True)
        if pairs:
            yield pairs[0][1]


class _EditionWalk:
    """All questions with their conditions, made ready once."""

    def __init__(self, edition: Edition) -> None:
        self._questions = edition.questions()
        self._judges: dict[str, CompiledCondition] = {
            one.id: compile_condition(one.show_if) for one in self._questions if one.show_if
        }
        conditions = [one.show_if for one in self._questions if one.show_if]
        self.read = frozenset(name for condition in conditions for name in condition_subjects(condition))
        self._conditions: Sequence[Condition] = conditions

    def pairs(self, question: Question) -> Iterator[tuple[float, SparedQuestions]]:
        """Each pair where the worse answer comes out better, with what it gains."""
        answers = list(self._answers(question))
        shown = [self._shown(question.id, value) for _, value, _ in answers]
        for (worse, _, more), after_worse in zip(answers, shown, strict=True):
            for (better, _, less), after_better in zip(answers, shown, strict=True):
                spared = after_better.keys() - after_worse.keys()
                if more <= less or not spared:
                    continue
                bad = {name: possible_points(after_better[name]) for name in spared}
                gain = _comparison_score(after_better, {**bad, question.id: less}) - _comparison_score(
                    after_worse, {question.id: more}
                )
                if gain > 0:
                    named = tuple(one.id for one in self._questions if one.id in spared and bad[one.id])
                    yield gain, SparedQuestions(question.id, worse, better, named)

    def _answers(self, question: Question) -> Iterator[tuple[str, AnswerValue, float]]:
        """An answer of every kind that costs something or nothing: what it is called, its value, its points."""
        for option in question.options:
            if question.type == "choice" and option.id != DONT_KNOW and option.points is not None:
                yield option.id, option.id, option.points
        for number in self._numbers(question):
            band = next(one for one in question.bands if one.up_to is None or number <= one.up_to)
            yield f"{number:g}", number, band.points

    def _numbers(self, question: Question) -> Sequence[float]:
        if not question.bands or question.bands[-1].up_to is not None:
            return ()
        ends = [band.up_to for band in question.bands if band.up_to is not None]
        ends += [
            leaf.value
            for condition in self._conditions
            for leaf in leaves(condition)
            if leaf.subject == question.id and isinstance(leaf.value, (int, float))
        ]
        return sorted({near for end in ends for near in (end - _NEAR_LIMIT, end, end + _NEAR_LIMIT) if near >= 0})

    def _shown(self, name: str, value: AnswerValue) -> Mapping[str, Question]:
        """What is asked, or may be, once this answer is given and nothing else is known."""
        known: dict[str, object] = {}
        shown: dict[str, Question] = {}
        for one in self._questions:
            judge = self._judges.get(one.id)
            hidden = judge is not None and judge(lambda subject: known.get(subject, PENDING)) in (FALSE, NOT_ASKED)
            known[one.id] = HIDDEN if hidden else value if one.id == name else PENDING
            if not hidden and one.kind != "fact":
                shown[one.id] = one
        return shown


def _comparison_score(shown: Mapping[str, Question], costs: Mapping[str, float]) -> float:
    """The score when these questions cost this and all others nothing."""
    pools: dict[PointPool, list[float]] = {}
    for name, question in shown.items():
        pool = pools.setdefault(_EXPOSURE_POOL if question.kind == "exposure" else question.dimension, [0.0, 0.0])
        pool[0] += costs.get(name, 0.0)
        pool[1] += possible_points(question)
    points, possible = pools.pop(_EXPOSURE_POOL, (0.0, 0.0))
    gaps = [cost / most for cost, most in pools.values() if most]
    gap = add_up(gaps) / len(gaps) if gaps else 0.0
    return score_of(exposure_of(COMPARISON_BASE, points, possible), gap, COMPARISON_FLOOR)


POOR_POINTS = 2
"""An answer is poor from so many points on, with a sign, or when it is against a duty in force (docs/rules.md 3.9)."""


class AnswerAction(NamedTuple):
    """An action, and whether it only finds out what nobody knows yet."""

    action: Action
    find_out: bool


def poor_questions(edition: Edition, result: Result) -> frozenset[str]:
    """The questions whose answer is poor. "Not looked" is, where the question can raise a sign."""
    poor = {line.question for line in result.lines if line.points >= POOR_POINTS or line.sign is not None}
    poor.update(breach.question for breach in result.breaches)
    poor.update(one.id for one in edition.questions() if one.id in result.not_looked and can_raise_sign(one))
    return frozenset(poor)


def answer_action(
    question: Question, answer: AnswerValue | None, settings: ScoringSettings, *, not_looked: bool = False
) -> AnswerAction | None:
    """The action of a poor answer; None when its author wants none. `not_looked`: the answer says that nobody has looked."""
    unknown = answer is None or is_dont_know(answer)
    own = _own_action(question, _answered_parts(question, answer, unknown=unknown, settings=settings), unknown=unknown)
    if own is None or own is NO_ACTION:
        return None
    return AnswerAction(own, find_out=(unknown or not_looked) and own is not question.action)


def points_after(question: Question, action: Action | None, settings: ScoringSettings) -> float:
    """What the answer costs once its action is done: that of the answer it reaches, else of the best one."""
    if action is None or action.reaches is None:
        return best_points(question)
    return answer_scorer(question, settings)(action.reaches).points


def raised_priority(priority: Priority, sign: Sign | None, *, breach: bool = False) -> Priority:
    """The priority after a sign or a breach has raised it: urgent means at once, serious and unlawful within thirty days."""
    if sign == "urgent" or priority == "immediate":
        return "immediate"
    # a serious sign or a breach is dealt with in so many days or sooner (docs/rules.md 4.1)
    return min(priority, 30) if sign == "serious" or breach else priority


def priority_days(priority: Priority) -> int:
    """Days within which to act, none for at once."""
    return 0 if priority == "immediate" else priority


_AnswerPart = Option | NumberBand | RuleStep


def _answered_parts(
    question: Question, answer: AnswerValue | None, *, unknown: bool, settings: ScoringSettings
) -> Sequence[_AnswerPart]:
    """What of the question the answer rests on, the gravest first: options that are poor by themselves before all others."""
    if unknown:
        return [option for option in question.options if option.id == DONT_KNOW]
    if isinstance(answer, (int, float)):
        return [number_outcome(question, answer, settings)]
    names = answer if isinstance(answer, list) else [answer]
    options = [option for option in question.options if option.id in names]
    poor = [
        option
        for option in options
        if (option.points or 0) >= POOR_POINTS or option.sign or option.breach or option.not_looked
    ]
    # the gravest first: by its sign, then what is against the law, then the points
    return sorted(
        poor or options,
        key=lambda one: (("urgent", "serious", None).index(one.sign), not one.breach, -(one.points or 0)),
    )


def _own_action(question: Question, parts: Sequence[_AnswerPart], *, unknown: bool) -> OwnAction:
    """The first action found; an author's `false` holds only for the part it stands on."""
    if not parts:
        return question.dk_action if question.dk_action is not None else _question_action(question, None)
    found: list[OwnAction] = [
        part.action if part.action is not None else _question_action(question, part) for part in parts
    ]
    if unknown and found[0] is None:
        return question.dk_action
    return next((own for own in found if own), None)


def _question_action(question: Question, part: _AnswerPart | None) -> Action | None:
    """The question's own action, where it may serve this answer."""
    if not question.can_sign or (part is not None and part.sign is not None):
        return question.action
    # a housing charge above the offset is grave only together with low pay (check D3), and its action is written for both
    return question.action if question.rule == "housing_charge" and part is not None else None
