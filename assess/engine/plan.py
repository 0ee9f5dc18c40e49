"""Builds the plan from a result: which answers are poor and what each brings, every action once, in order and with its day, what to do first, the smallest set and what is already good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from assess.engine.bank import (
    DONT_KNOW,
    NO_ACTION,
    Action,
    Answers,
    AnswerValue,
    Edition,
    Effort,
    NumberBand,
    Option,
    OwnAction,
    Priority,
    Question,
    RuleStep,
    Sign,
)
from assess.engine.cross_checks import HARM_BY_RULE, SUM_ORDER
from assess.engine.due_dates import FULL_CAPACITY, ORDINARY_CAPACITY, Capacity, DueDays, assign_due_days
from assess.engine.duties import heading_of
from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS, can_raise_sign, ordinary_questions
from assess.engine.points import best_points, is_dont_know, number_outcome
from assess.engine.question_types import answer_scorer
from assess.engine.result import (
    MAP_ACTION,
    PAPERS_ACTION,
    ActionPart,
    DoFirstStep,
    JudgedDuty,
    Plan,
    PlannedAction,
    Result,
)
from assess.engine.settings import HARM_LEVELS, ScoringSettings
from assess.engine.step_gains import EFFORT_DAYS, PlanTask, smallest_set
from assess.engine.visibility import quick_edition
from assess.engine.what_if import WhatIf

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


ADVICE_FIRST_TEXT = "Call the helpline first; ask and move nobody yet"
"""What an action reads that could harm workers, while an urgent sign or one of third-party control is open (docs/rules.md 1.4)."""


STATEMENT_DUTY = "uk_s54_statement"
"""Only who must publish a statement is expected to do what guidance adds to it."""

MAP_TITLE = "Write your one-page map"
MAP_DO = "Write on one page who works for you, through whom they come and where they live. Take these parts."
PAPERS_TITLE = "Look in papers you already have"
PAPERS_DO = (
    "Look only in papers you have. Ask nobody. If they do not tell you, or you find what you cannot explain, call {helpline} "
    "and tell nobody."
)
PAPERS_PART = "Look for what your papers say of this"
_MANAGER = "owner_or_manager"
_PARTS_IN_HALF_A_DAY = 4
_PAPERS_DAYS = 7
_MAP_DAYS = 30


@dataclass(frozen=True, slots=True)
class _FoundAction:
    """One poor answer or fired check with the action it brings, before those that ask for the same are put together."""

    name: str
    group: str
    merged_as: str | None
    """MAP or PAPERS for what is put together by what it is, and not by whom it names."""
    kind: str
    dimension: str | None
    action: Action
    find_out: bool
    sign: Sign | None
    harm: int
    breaches: tuple[str, ...]
    sum_rank: int | None
    """The place of its sum among those that fail; None where no sum fails."""
    advice: bool


def build_plan(
    edition: Edition,
    answers: Answers,
    result: Result,
    settings: ScoringSettings,
    duties: Sequence[JudgedDuty],
    today: date,
    ordinary: Sequence[PlannedAction] = (),
) -> Plan:
    """The plan for a result of this edition, scored from the same answers under the same settings.

    `edition` may be the full one, also for a quick check. `duties` are in file order. `ordinary` are the actions planned from ordinary answers alone,
    whose dates stand.
    """
    asked = quick_edition(edition) if result.quick else edition
    what_if, actions = _actions(asked, answers, result, settings)
    ordered = sorted(_with_due_days(actions, FULL_CAPACITY, _ordinary_due_days(actions, ordinary)), key=_order)
    # what is only found out may come out either way, so it does not change the score by itself
    tasks = [
        PlanTask(
            action.tracking_id, action.effort_days, tuple(name for name in action.questions if name in what_if.lines)
        )
        for action in actions
        if action.kind == "safeguard" and action.merged_as is None
    ]
    unknown = {*what_if.unknown, *result.not_looked}
    allowed = ordinary_questions(edition)
    return Plan(
        points_after=what_if.points_after,
        actions=tuple(ordered),
        do_first=tuple(_do_first(ordered, _pressing(duties, today))),
        smallest_set=smallest_set(what_if, tasks),
        strengths=tuple(
            line.question
            for line in result.lines
            if line.kind == "safeguard"
            and not line.points
            and line.question not in unknown
            and line.question in allowed
        ),
    )


def ordinary_plan(
    edition: Edition, answers: Answers, result: Result, settings: ScoringSettings
) -> tuple[PlannedAction, ...]:
    """The actions of an edition in which only ordinary questions exist, in the order of their days. Its result was scored from ordinary answers alone.

    Gains are those of a buyer's view, in which no gap weighs twice.
    """
    level = replace(result, dimensions=tuple(one._replace(wide=False) for one in result.dimensions))
    _, actions = _actions(edition, answers, level, settings)
    return tuple(sorted(_with_due_days(actions, ORDINARY_CAPACITY, None), key=by_due_day))


def by_due_day(action: PlannedAction) -> tuple[float, int, float, float]:
    """The order in which a business, and those it shows its plan to, read it: by days, then harm, then gain for effort (docs/rules.md 4.3)."""
    return (
        float("inf") if action.due_days is None else action.due_days,
        action.harm,
        _sum_place(action),
        -_gain_per_day(action),
    )


def _ordinary_due_days(actions: Iterable[PlannedAction], ordinary: Sequence[PlannedAction]) -> DueDays:
    """By question, the day of each action that a buyer is shown. Those that share no ordinary question are left out, and placed anew.

    An action of the whole plan may stand for several that a buyer is shown: it is due on the earliest of their days, and
    has none ("later") where none of them has one.
    """
    found: dict[str, int | None] = {}
    for action in actions:
        alike = [one for one in ordinary if not set(one.questions).isdisjoint(action.questions)]
        if alike:
            found[action.tracking_id] = min((one.due_days for one in alike if one.due_days is not None), default=None)
    return found


def _with_due_days(
    actions: Sequence[PlannedAction], capacity: Capacity, ordinary_due_days: DueDays | None
) -> list[PlannedAction]:
    first = sorted((replace(action, due_days=action.priority_days) for action in actions), key=by_due_day)
    due = assign_due_days(first, capacity, ordinary_due_days)
    return [replace(action, due_days=due[action.tracking_id]) for action in actions]


def _actions(
    edition: Edition, answers: Answers, result: Result, settings: ScoringSettings
) -> tuple[WhatIf, list[PlannedAction]]:
    """Every action once, in the order of the bank; those of checks come after those of answers."""
    questions = {question.id: question for question in edition.questions()}
    found = [*_for_answers(edition, answers, result, settings), *_for_fired_checks(edition, result)]
    actions = {one.name: one.action for one in found}
    after_action = {
        line.question: min(line.points, points_after(questions[line.question], actions.get(line.question), settings))
        for line in result.lines
        if line.kind == "safeguard"
    }
    what_if = WhatIf.of(edition, result, after_action)
    groups: dict[str, list[_FoundAction]] = {}
    advice_first = bool(result.urgent_signs) or result.third_party
    for one in found:
        # of the map only the parts that wait are held back: the others can be worked on, and those it is shown to may see that
        if not (advice_first and one.advice and one.merged_as == MAP_ACTION):
            groups.setdefault(_tracking_id(one, edition), []).append(one)
    return what_if, [_merged(name, members, questions, result, what_if) for name, members in groups.items()]


def _tracking_id(one: _FoundAction, edition: Edition) -> str:
    """The id of its group. Where a question or check is called like one of the two actions of many parts, that action steps aside."""
    if one.merged_as is None:
        return one.group
    taken = {question.id for question in edition.questions()} | {check.id for check in edition.checks}
    return f"{one.merged_as}-" if one.merged_as in taken else one.merged_as


def _for_answers(
    edition: Edition, answers: Answers, result: Result, settings: ScoringSettings
) -> Iterator[_FoundAction]:
    """The actions of poor answers, in the order of the bank."""
    lines = {line.question: line for line in result.lines}
    poor = poor_questions(edition, result)
    short = _falling_short(edition, result)
    for question in edition.questions():
        if question.id not in poor:
            continue
        line = lines[question.id]
        unlooked = question.id in result.not_looked
        remedy = answer_action(question, answers.get(question.id), settings, not_looked=unlooked)
        if remedy is None:
            continue
        about_sign = remedy.find_out and can_raise_sign(question)
        yield _FoundAction(
            name=question.id,
            group=question.same_as or question.id,
            merged_as=MAP_ACTION if line.kind == "exposure" else PAPERS_ACTION if about_sign else None,
            kind=line.kind,
            dimension=line.dimension,
            action=remedy.action,
            find_out=remedy.find_out,
            sign=line.sign,
            harm=question.harm or settings.harm_of(question.dimension),
            breaches=tuple(breach.duty for breach in result.breaches if breach.question == question.id),
            sum_rank=short.get(question.id),
            advice=remedy.action.after_advice or question.id in ADVICE_FIRST_QUESTIONS or about_sign,
        )


def _falling_short(edition: Edition, result: Result) -> dict[str, int]:
    """Questions whose own sum falls short, though its check is not listed beside them, with its place among sums."""
    failing = {one.check for one in result.sums if one.fails}
    return {
        name: SUM_ORDER[check.rule or ""]
        for check in edition.checks
        if check.id in failing and not check.listed
        for name in check.inputs.values()
    }


def _for_fired_checks(edition: Edition, result: Result) -> Iterator[_FoundAction]:
    """The actions of checks that fired, in the order of the bank."""
    checks = {check.id: check for check in edition.checks}
    failing = {one.check for one in result.sums if one.fails}
    for finding in result.fired_checks:
        check = checks[finding.id]
        if check.action is None:
            continue
        yield _FoundAction(
            name=finding.id,
            group=check.same_as or finding.id,
            merged_as=None,
            kind="check",
            dimension=None,
            action=check.action,
            find_out=False,
            sign=finding.sign,
            harm=check.harm or HARM_BY_RULE.get(check.rule or "", HARM_LEVELS),
            breaches=(),
            sum_rank=SUM_ORDER.get(check.rule or "") if finding.id in failing else None,
            advice=check.action.after_advice,
        )


def _merged(
    name: str, members: Sequence[_FoundAction], questions: Mapping[str, Question], result: Result, what_if: WhatIf
) -> PlannedAction:
    merged_as, named = members[0].merged_as, questions.get(name)
    own = _action_text(name, members, named)
    held = any(one.advice for one in members) and (bool(result.urgent_signs) or result.third_party)
    safeguards = [one.name for one in members if one.kind == "safeguard"]
    signs = {one.sign for one in members}
    return PlannedAction(
        tracking_id=name,
        questions=tuple(one.name for one in members),
        kind="exposure" if merged_as == MAP_ACTION else "safeguard" if safeguards else "check",
        dimension=None if merged_as else (named.dimension if named else members[0].dimension),
        title=None if held else own.title,
        do=ADVICE_FIRST_TEXT if held else own.do,
        priority=own.priority,
        priority_days=priority_days(own.priority),
        due_days=None,
        owner=own.owner,
        effort=own.effort,
        effort_days=own.effort_days,
        gain=what_if.score(()) - what_if.score(safeguards) if safeguards and not merged_as else None,
        sign="urgent" if "urgent" in signs else "serious" if "serious" in signs else None,
        harm=own.harm,
        breaches=tuple(dict.fromkeys(duty for one in members for duty in one.breaches)),
        sum_rank=min((one.sum_rank for one in members if one.sum_rank is not None), default=None),
        find_out=all(one.find_out for one in members),
        held=held,
        parts=tuple(ActionPart(one.name, None, ADVICE_FIRST_TEXT) if held else _part(one) for one in members),
        merged_as=merged_as,
    )


def _part(one: _FoundAction) -> ActionPart:
    """Editions published before they named papers may tell the person who finds out to ask people; of those only the question is printed."""
    untitled = one.merged_as == PAPERS_ACTION and one.action.title is None
    return ActionPart(one.name, one.action.title, PAPERS_PART if untitled else one.action.do)


class _ActionText(NamedTuple):
    title: str | None
    do: str
    owner: str
    effort: Effort
    effort_days: float
    priority: Priority
    harm: int


def _action_text(name: str, members: Sequence[_FoundAction], named: Question | None) -> _ActionText:
    """Of what asks for the same step: text, owner and effort of the one it is named after, the earliest day, the gravest harm (docs/rules.md 4.4)."""
    if members[0].merged_as == MAP_ACTION:
        return _ActionText(MAP_TITLE, MAP_DO, _MANAGER, "M", EFFORT_DAYS["M"], _MAP_DAYS, HARM_LEVELS)
    if members[0].merged_as == PAPERS_ACTION:
        days = EFFORT_DAYS["S"] * -(-len(members) // _PARTS_IN_HALF_A_DAY)
        return _ActionText(
            PAPERS_TITLE, PAPERS_DO, _MANAGER, "S" if days <= EFFORT_DAYS["S"] else "M", days, _PAPERS_DAYS, 1
        )
    leading = next((one for one in members if one.name == name), members[0])
    action = named.action if named and named.action and leading.name != name else leading.action
    priorities = [raised_priority(one.action.priority, one.sign, breach=bool(one.breaches)) for one in members]
    return _ActionText(
        title=action.title,
        do=action.do,
        owner=action.owner,
        effort=action.effort,
        effort_days=EFFORT_DAYS[action.effort],
        priority=min(priorities, key=priority_days),
        harm=min(one.harm for one in members),
    )


def _gain_per_day(action: PlannedAction) -> float:
    return (action.gain or 0.0) / action.effort_days


def _order(action: PlannedAction) -> tuple[float, ...]:
    """Urgent signs; breaches, serious signs and failing sums by harm, failing sums first; then by priority, harm, gain for effort."""
    if action.sign == "urgent":
        return 0, action.harm, 0, action.priority_days, -_gain_per_day(action)
    if action.breaches or action.sign or action.sum_rank is not None:
        return 1, action.harm, _sum_place(action), action.priority_days, -_gain_per_day(action)
    return 2, action.priority_days, action.harm, -_gain_per_day(action)


def _sum_place(action: PlannedAction) -> float:
    """Failing sums come first within a harm, pay before price."""
    return float("inf") if action.sum_rank is None else action.sum_rank


def _pressing(duties: Sequence[JudgedDuty], today: date) -> list[JudgedDuty]:
    """Duties that cannot wait, by date, then in file order."""
    states_yearly = any(judged.duty.id == STATEMENT_DUTY and judged.verdict == "applies" for judged in duties)
    binding = {"mandatory", "expected"} if states_yearly else {"mandatory"}
    # a duty due within so many days stands among the first steps
    last = (today + timedelta(days=30)).isoformat()
    pressing = [
        judged
        for judged in duties
        if judged.verdict == "applies"
        and judged.duty.status == "in_force"
        and judged.duty.force in binding
        # one whose source nobody re-read is asked about, never pressed (docs/rules.md 1.8)
        and heading_of(judged) in {"must", "likely", "expected"}
        and (judged.overdue or (judged.due is not None and judged.due <= last))
    ]
    return sorted(pressing, key=lambda judged: judged.due or "")


def _do_first(actions: Iterable[PlannedAction], duties: Sequence[JudgedDuty]) -> Iterator[DoFirstStep]:
    """All steps in order: urgent signs; breaches, serious signs and failing sums; duties that cannot wait; the rest. `actions` are in order already."""
    steps = [action for action in actions if action.kind != "exposure"]
    tiers = {tier: list(some) for tier, some in groupby(steps, key=lambda action: _order(action)[0])}
    yield from (DoFirstStep("action", action.tracking_id) for tier in (0, 1) for action in tiers.get(tier, ()))
    yield from (DoFirstStep("duty", judged.duty.id) for judged in duties)
    yield from (DoFirstStep("action", action.tracking_id) for action in tiers.get(2, ()))
