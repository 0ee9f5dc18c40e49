"""Judges each duty against the facts: applies, does not apply or to check, with its due date and the heading it prints under. An unknown fact never makes a duty absent."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assess.engine.bank import Duty, DutyBook
from assess.engine.conditions import Verdict
from assess.engine.due_dates import due_on
from assess.engine.facts import (
    LAST_STATEMENT,
    STATEMENT_DUTIES,
    TRADED,
    UNDATED_FORCES,
    YEAR_END,
    Facts,
    KnownFacts,
    in_file_order,
    judge_known_facts,
)
from assess.engine.result import DutyVerdict, JudgedDuty

Heading = Literal["must", "likely", "ask_adviser", "expected", "good_practice", "context", "coming", "debated"]
"""Where a duty prints.

"must": a named person reviewed it. "likely": likely to apply, not yet confirmed by a lawyer. "ask_adviser": the source was
not re-read. "expected": government expects. "context": the duty is on another. "coming": passed, not yet in force.
"debated": only proposed.
"""

_DUTY_VERDICTS: dict[Verdict, DutyVerdict] = {Verdict.TRUE: "applies", Verdict.FALSE: "does_not_apply"}


def judge_duties(book: DutyBook, facts: Facts, today: date, *, at_work: Facts | None = None) -> tuple[JudgedDuty, ...]:
    """Every duty of the book held against the facts, in file order. `at_work` as `SettledFacts` has it.

    `due` is an ISO date, only where a duty applies or is to check and asks something of the business; `overdue` means before `today`.
    """
    known = judge_known_facts(book, facts, at_work)
    return tuple(_judged(book, duty, known, today) for duty in book.duties)


def _judged(book: DutyBook, duty: Duty, known: KnownFacts, today: date) -> JudgedDuty:
    verdict = _DUTY_VERDICTS.get(known.verdicts[duty.id], "to_check")
    done = verdict == "applies" and duty.id in STATEMENT_DUTIES and _stated_since(known, today)
    dated = verdict != "does_not_apply" and duty.force not in UNDATED_FORCES and not done
    year_end = known.lookup(YEAR_END)
    ended = date.fromisoformat(year_end) if isinstance(year_end, str) else None
    due = due_on(duty.deadline, ended, today, traded=known.lookup(TRADED) is True) if dated else None
    rests_on = in_file_order(book, known.rests_on[duty.id])
    return JudgedDuty(
        duty=duty,
        verdict=verdict,
        due=None if due is None else due.isoformat(),
        overdue=due is not None and due < today,
        must_do=tuple(
            step
            for step in duty.must_do
            if step.when is None or known.of(duty.id).verdict(step.when) is not Verdict.FALSE
        ),
        turned_on=() if verdict == "to_check" else rests_on,
        waits_for=rests_on if verdict == "to_check" else (),
        done=done,
    )


def _stated_since(known: KnownFacts, today: date) -> bool:
    """Whether the last statement is of a day after the last year ended: it is the one for that year."""
    year_end, stated = known.lookup(YEAR_END), known.lookup(LAST_STATEMENT)
    return isinstance(year_end, str) and isinstance(stated, str) and year_end < stated <= today.isoformat()


def heading_of(judged: JudgedDuty) -> Heading:
    duty = judged.duty
    if duty.status == "proposed":
        return "debated"
    if duty.status == "enacted_not_in_force":
        return "coming"
    reviewed = duty.reviewed_by is not None and duty.reviewed_on is not None
    if duty.evidence == "D" and not reviewed:
        return "ask_adviser"
    if duty.force == "mandatory":
        return "must" if reviewed else "likely"
    return "context" if duty.force == "information" else duty.force
