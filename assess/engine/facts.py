"""What the duties need to know about an organisation: read from answers, given by the business, settled by a gate, or open.

A fact that is not known is absent. It is read from answers only by the `sources` of the duty files, and only from a shown answer
that is not "don't know". What a sector never does (`unless_said`) is "no" unless the business says otherwise. Nothing else is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

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
LAST_STATEMENT = "last_statement_on"
"""The fact that holds the day of the last statement on slavery."""
SECTORS = "sectors"
"""The fact that holds the work a business does."""

UNDATED = frozenset({"information", "good_practice"})
"""Forces of duties that never fall due: what binds nobody has no day that could pass."""
STATEMENTS = frozenset({"uk_s54_six_months"})
"""Duties to have a statement out by a day: done once the last statement is of a day after the year it is for."""

WHO_WORKS = "core_worker_types"
"""The question that says on what terms people work at a business."""
ONLY_FAMILY = frozenset({"family"})
EMPLOYING = frozenset({"employs_anyone", "engages_workers"})
"""The facts that make a business an employer. A "no" to one counts, for the duties to people at work, only where nobody but family works:
an owner says of day labourers that they are not employed, and the law says otherwise."""

_SECTOR_OF_BANK: Mapping[str, str] = {"car_washes": "car_wash"}
"""Whoever answers the questions for car washes washes cars, so that nobody is asked."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact the business gave that answers to ordinary questions do not bear out. `told` is what the answers tell."""

    fact: str
    given: FactValue
    told: FactValue
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettledFacts:
    """What is known of a business.

    `derived` is what its answers tell, `facts` everything known, `at_work` the same for the duties to people at work
    (`duties.TO_PEOPLE_AT_WORK`), and `contradictions` what is asked back.
    """

    derived: Mapping[str, FactValue]
    facts: Mapping[str, FactValue]
    at_work: Mapping[str, FactValue]
    contradictions: tuple[Contradiction, ...] = ()


def settle_facts(
    edition: Edition,
    answers: Answers,
    shown: Mapping[str, Shown],
    given: Facts,
    ordinary: Collection[str],
) -> SettledFacts:
    """All that is known, from the answers, what the business gave itself, and what its sector never does.

    What the business gave wins over an answer to one of the `ordinary` questions, and is asked back. One that contradicts an answer to
    any other question counts as not known, without a word: neither the page nor a duty may tell that answer.
    """
    told = {fact.id: _told_by_all(fact, answers, shown) for fact in edition.duty_book.facts}
    derived = derive_facts(edition, answers, shown)
    contradictions: list[Contradiction] = []
    contradicted: set[str] = set()
    for fact in edition.duty_book.facts:
        value, answer = given.get(fact.id), derived.get(fact.id)
        if value is None or answer is None or not _contradicts(value, answer):
            continue
        against = [name for name, one in told[fact.id] if one is not None and _contradicts(value, one)]
        told_by_ordinary = tuple(name for name in against if name in ordinary)
        if len(told_by_ordinary) < len(against):
            contradicted.add(fact.id)
        if told_by_ordinary and (answer is not False or len(told_by_ordinary) == len(told[fact.id])):
            contradictions.append(Contradiction(fact.id, value, answer, told_by_ordinary))
    facts = {name: value for name, value in merge_facts(derived, given).items() if name not in contradicted}
    facts = _with_sector(edition, facts, contradicted)
    return SettledFacts(derived, facts, _at_work(facts, derived, answers), tuple(contradictions))


def _contradicts(given: FactValue, told: FactValue) -> bool:
    """A set may hold more than answers tell; a yes or no may not differ."""
    if isinstance(given, list) and isinstance(told, list):
        return not set(told) <= set(given)
    return isinstance(given, bool) and isinstance(told, bool) and given is not told


def _with_sector(
    edition: Edition, facts: Mapping[str, FactValue], contradicted: Collection[str]
) -> dict[str, FactValue]:
    """The facts with those added that the sector settles: what it is, and what it never does."""
    known = {**_of_sector(edition.duty_book, edition.bank, {*facts, *contradicted}), **facts}
    sector = _SECTOR_OF_BANK.get(edition.bank)
    if sector and any(fact.id == SECTORS for fact in edition.duty_book.facts):
        said = known.get(SECTORS)
        known[SECTORS] = list(dict.fromkeys([sector, *(said if isinstance(said, list) else [])]))
    return known


def _of_sector(book: DutyBook, bank: str, known: Collection[str]) -> dict[str, FactValue]:
    return {fact.id: fact.unless_said[bank] for fact in book.facts if bank in fact.unless_said and fact.id not in known}


def _at_work(facts: Mapping[str, FactValue], derived: Facts, answers: Answers) -> Mapping[str, FactValue]:
    if only_family_works(answers):
        return facts
    sure = {name: value for name, value in facts.items() if name not in EMPLOYING or value is True}
    return {**sure, **{name: True for name in EMPLOYING if derived.get(name) is True}}


def only_family_works(answers: Mapping[str, object]) -> bool:
    """Whether the business says that nobody but the owner's family works there. No answer and "don't know" do not say so."""
    said = answers.get(WHO_WORKS)
    return isinstance(said, list) and frozenset(map(str, said)) == ONLY_FAMILY


def derive_facts(edition: Edition, answers: Answers, shown: Mapping[str, Shown]) -> dict[str, FactValue]:
    """The facts that answers tell. `shown` is the state of every question that is asked (`visibility.shown`)."""
    derived: dict[str, FactValue] = {}
    for fact in edition.duty_book.facts:
        value = _together(fact, (one for _, one in _told_by_all(fact, answers, shown)))
        if value is not None:
            derived[fact.id] = value
    return derived


def _told_by_all(fact: Fact, answers: Answers, shown: Mapping[str, Shown]) -> list[tuple[str, bool | list[str] | None]]:
    """What each question that is asked tells of a fact, None where it leaves doubt. One that is hidden or not asked tells nothing."""
    asked = [source for source in fact.sources if shown.get(source.question, Shown.HIDDEN) is not Shown.HIDDEN]
    return [(source.question, _told(source, answers, shown)) for source in asked]


def _together(fact: Fact, each: Iterable[bool | list[str] | None]) -> FactValue | None:
    """One source that says yes is enough; no needs all of them."""
    told = list(each)
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


def open_facts(
    book: DutyBook, facts: Facts, unsure: frozenset[str] = frozenset(), *, at_work: Facts | None = None
) -> tuple[str, ...]:
    """The facts to ask next, in file order: for each duty still to check, those of the first part of its condition that is open.

    Only facts that can still change a verdict are asked; an earlier duty that this one rests on is asked about by itself. What is mere
    information asks nothing of the business, so nothing is asked for it.
    `unsure` are facts that were asked and that nobody could tell; `at_work` as `SettledFacts` has it.
    """
    known = know(book, facts, at_work)
    waiting = (
        duty for duty in book.duties if duty.force != "information" and known.verdicts[duty.id] is Verdict.UNKNOWN
    )
    return in_file_order(book, (fact for duty in waiting for fact in known.of(duty.id).next_open(duty.when, unsure)))


def dating_facts(book: DutyBook, facts: Facts, *, at_work: Facts | None = None) -> tuple[str, ...]:
    """The facts, not known yet, that the date of a duty rests on which applies, in file order. No verdict waits for them."""
    known = know(book, facts, at_work)
    wanted: set[str] = set()
    for duty in book.duties:
        dated = duty.force not in UNDATED and needs_year_end(duty.deadline)
        if known.verdicts[duty.id] is Verdict.TRUE and dated:
            wanted |= {YEAR_END} if duty.deadline.n_if_traded is None else {YEAR_END, TRADED}
            wanted |= {LAST_STATEMENT} & {fact.id for fact in book.facts} if duty.id in STATEMENTS else set()
    return in_file_order(book, wanted - facts.keys())
