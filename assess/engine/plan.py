"""From a result to a plan: every action in order, what to do first, the short set, and what is already good.

Order is that of decisions.md 3, "Do first". Nothing here may reward having fewer workers of any kind: exposure questions bring
actions without a gain and never stand among the first steps or in the short set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assess.engine.bank import Answers, Edition, Sign
from assess.engine.duties import heading_of
from assess.engine.orders import Task
from assess.engine.quick import quick_edition
from assess.engine.remedies import Remedy, days_of, lifted, remedy_of
from assess.engine.result import JudgedDuty, Plan, PlannedAction, Result, Step
from assess.engine.settings import ScoringSettings
from assess.engine.short_sets import EFFORT_DAYS, short_set
from assess.engine.what_if import WhatIf

ADVICE_FIRST = "Call the helpline first; ask and move nobody yet"
"""What an action reads that could harm workers, while an urgent sign or one of third-party control is open (decisions.md 7.4)."""

SOON_DAYS = 30
"""A duty due within so many days stands among the first steps."""

STATEMENT = "uk_s54_statement"
"""Only who must publish a statement is expected to do what guidance adds to it."""


def plan(
    edition: Edition,
    answers: Answers,
    result: Result,
    settings: ScoringSettings,
    duties: Sequence[JudgedDuty],
    today: date,
) -> Plan:
    """The plan for a result of this edition, scored from the same answers under the same settings.

    `edition` may be the full one, also for a quick check. `duties` are in file order.
    """
    asked = quick_edition(edition) if result.quick else edition
    what_if = WhatIf.of(asked, result)
    actions = [*_for_answers(asked, answers, result, settings, what_if), *_for_findings(asked, result)]
    ordered = sorted(actions, key=_order)
    return Plan(
        actions=tuple(ordered),
        do_first=tuple(_do_first(ordered, _pressing(duties, today))),
        short_set=short_set(what_if, [_task(action) for action in actions if action.kind == "safeguard"]),
        strengths=tuple(
            line.question
            for line in result.lines
            if line.kind == "safeguard" and not line.points and line.question not in what_if.unknown
        ),
    )


def _for_answers(
    edition: Edition, answers: Answers, result: Result, settings: ScoringSettings, what_if: WhatIf
) -> Iterator[PlannedAction]:
    """The actions of poor answers, in the order of the bank."""
    lines = {line.question: line for line in result.lines}
    for question in edition.questions():
        line = lines.get(question.id)
        remedy = remedy_of(question, line, answers.get(question.id), settings) if line else None
        if line and remedy:
            bare = _planned(question.id, remedy, line.sign, result)
            gain = result.score - what_if.score([question.id]) if line.kind == "safeguard" else None
            yield replace(bare, kind=line.kind, dimension=line.dimension, gain=gain)


def _for_findings(edition: Edition, result: Result) -> Iterator[PlannedAction]:
    """The actions of checks that fired, in the order of the bank; they stand after those of answers."""
    checks = {check.id: check for check in edition.checks}
    for finding in result.findings:
        action = checks[finding.id].action
        if action:
            yield _planned(finding.id, Remedy(action, find_out=False), finding.sign, result)


def _planned(name: str, remedy: Remedy, sign: Sign | None, result: Result) -> PlannedAction:
    """The action as it is printed: its priority lifted by the sign, its text held back while advice comes first."""
    action = remedy.action
    priority = lifted(action.priority, sign)
    held = action.after_advice and (bool(result.urgent_signs) or result.third_party)
    return PlannedAction(
        question=name,
        kind="check",
        dimension=None,
        do=ADVICE_FIRST if held else action.do,
        priority=priority,
        days=days_of(priority),
        owner=action.owner,
        effort=action.effort,
        gain=None,
        sign=sign,
        find_out=remedy.find_out,
        held=held,
    )


def _task(action: PlannedAction) -> Task:
    return Task(action.question, EFFORT_DAYS[action.effort])


def _order(action: PlannedAction) -> tuple[bool, int, float]:
    """Urgent signs, then priority, then gain per effort; sorting keeps the order of the bank among equals."""
    return (action.sign != "urgent", action.days, -(action.gain or 0.0) / EFFORT_DAYS[action.effort])


_FIRM = frozenset({"must", "likely", "expected"})
"""Headings of duties that may press: one whose source nobody re-read is asked about, never pressed (decisions.md 7.8)."""


def _pressing(duties: Sequence[JudgedDuty], today: date) -> list[JudgedDuty]:
    """Duties that cannot wait, by date, then in file order."""
    states_yearly = any(judged.duty.id == STATEMENT and judged.verdict == "applies" for judged in duties)
    binding = {"mandatory", "expected"} if states_yearly else {"mandatory"}
    last = (today + timedelta(days=SOON_DAYS)).isoformat()
    pressing = [
        judged
        for judged in duties
        if judged.verdict == "applies"
        and judged.duty.status == "in_force"
        and judged.duty.force in binding
        and heading_of(judged) in _FIRM
        and (judged.overdue or (judged.due is not None and judged.due <= last))
    ]
    return sorted(pressing, key=lambda judged: judged.due or "")


def _do_first(actions: Iterable[PlannedAction], duties: Sequence[JudgedDuty]) -> Iterator[Step]:
    """All steps in order: urgent signs, duties that cannot wait, the rest. `actions` are in order already."""
    steps = [action for action in actions if action.kind != "exposure"]
    yield from (Step("action", action.question) for action in steps if action.sign == "urgent")
    yield from (Step("duty", judged.duty.id) for judged in duties)
    yield from (Step("action", action.question) for action in steps if action.sign != "urgent")
