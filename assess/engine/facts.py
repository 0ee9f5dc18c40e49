"""What the duties need to know about an organisation: read from answers, given by the business, settled by a gate, or open.

A fact that is not known is absent; nothing here guesses one. Read from answers only by the `sources` of the duty files
(decisions.md 8 "Facts from answers"), and only from a shown answer that is not "don't know".
"""

from __future__ import annotations

from collections.abc import Mapping

from assess.engine.bank import DONT_KNOW, Answers, DutyBook, Edition, Fact, FactSource, Value
from assess.engine.conditions import Verdict
from assess.engine.dates import needs_year_end
from assess.engine.reasons import below, in_file_order, know
from assess.engine.visibility import Shown

FactValue = bool | str | float | int | list[str]
"""Yes or no; a number; an option id or several; an ISO date. A text such as "<5000000" is a number known only to be smaller."""

Facts = Mapping[str, FactValue]
"""Fact id to its value. A fact that is absent is not known."""

YEAR_END = "fye"
"""The fact that holds the day the last financial year ended."""
TRADED = "is_traded_company"
"""The fact that shortens the time for accounts."""


def derive_facts(edition: Edition, answers: Answers, shown: Mapping[str, Shown]) -> dict[str, FactValue]:
    """The facts that answers tell. `shown` is the state of every question that is asked (`visibility.shown`)."""
    derived: dict[str, FactValue] = {}
    for fact in edition.duty_book.facts:
        value = _derived(fact, answers, shown)
        if value is not None:
            derived[fact.id] = value
    return derived


def _derived(fact: Fact, answers: Answers, shown: Mapping[str, Shown]) -> FactValue | None:
    """One source that says yes is enough; no needs all of them. A question that is hidden or not asked is no source."""
    asked = [source for source in fact.sources if shown.get(source.question, Shown.HIDDEN) is not Shown.HIDDEN]
    told = [_told(source, answers, shown) for source in asked]
    if fact.type == "choices":
        sets = [one for one in told if isinstance(one, list)]
        whole = bool(sets) and len(sets) == len(told)
        return list(dict.fromkeys(value for one in sets for value in one)) if whole else None
    if True in told:
        return True
    return False if told and None not in told else None


def _told(source: FactSource, answers: Answers, shown: Mapping[str, Shown]) -> bool | list[str] | None:
    """What one answer says of a fact, None when it leaves doubt."""
    answer = answers.get(source.question)
    if answer is None or shown[source.question] is not Shown.SHOWN:
        return None
    if source.more_than is not None:
        return answer > source.more_than if isinstance(answer, (int, float)) else None
    chosen = _chosen(answer)
    if DONT_KNOW in chosen:
        return None
    return _told_by(source, chosen)


def _told_by(source: FactSource, chosen: set[str]) -> bool | list[str] | None:
    if not source.values and chosen & set(source.includes_any):
        return True
    if chosen & set(source.unknown):
        return None
    if source.values:
        return [source.values[one] for one in source.values if one in chosen]
    return bool(source.none_of) and not chosen & set(source.none_of)


def _chosen(answer: Value) -> set[str]:
    return {one for one in answer if isinstance(one, str)} if isinstance(answer, list) else {str(answer)}


def merge_facts(derived: Facts, given: Facts) -> dict[str, FactValue]:
    """Both together. What the business gave itself wins."""
    return {**derived, **given}


def gate_facts(book: DutyBook, foreign: bool | None, large: bool | None) -> dict[str, FactValue]:  # noqa: FBT001  # the gates' answers
    """The facts that No to a gate settles. Yes, or no answer (None), settles nothing."""
    closed = {gate for gate, answer in (("foreign", foreign), ("size", large)) if answer is False}
    settled: dict[str, FactValue] = {}
    for fact in book.facts:
        if fact.gate in closed and fact.gate_value is not None:
            only_a_limit = fact.gate == "size" and not isinstance(fact.gate_value, bool)
            settled[fact.id] = below(fact.gate_value) if only_a_limit else fact.gate_value
    return settled


def open_facts(book: DutyBook, facts: Facts, unsure: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The facts to ask next, in file order: for each duty still to check, those of the first part of its condition that is open.

    Only facts that can still change a verdict are asked; an earlier duty that this one rests on is asked about by itself.
    `unsure` are facts that were asked and that nobody could tell.
    """
    known = know(book, facts)
    waiting = (duty for duty in book.duties if known.verdicts[duty.id] is Verdict.UNKNOWN)
    return in_file_order(book, (fact for duty in waiting for fact in known.next_open(duty.when, unsure)))


def dating_facts(book: DutyBook, facts: Facts) -> tuple[str, ...]:
    """The facts, not known yet, that the date of a duty rests on which applies, in file order. No verdict waits for them."""
    known = know(book, facts)
    wanted: set[str] = set()
    for duty in book.duties:
        if known.verdicts[duty.id] is Verdict.TRUE and duty.force != "information" and needs_year_end(duty.deadline):
            wanted |= {YEAR_END} if duty.deadline.n_if_traded is None else {YEAR_END, TRADED}
    return in_file_order(book, wanted - facts.keys())
