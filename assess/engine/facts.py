"""The facts about an organisation: read from answers, given by the business or settled by a gate; which to ask next, and which facts decided a duty. A fact that is not known is absent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from assess.engine.bank import DONT_KNOW, Answers, DutyBook, Edition, Fact, FactSource
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    AtLeastOf,
    Condition,
    Leaf,
    Not,
    NoValue,
    Term,
    Verdict,
    judge,
)
from assess.engine.due_dates import needs_year_end
from assess.engine.question_types import answers_without_details
from assess.engine.visibility import QuestionState

_BELOW_PREFIX = "<"

DUTIES_TO_WORKERS = frozenset(
    {
        "uk_minimum_wage_pay_and_records",
        "uk_payslip",
        "uk_written_statement",
        "uk_working_time",
        "uk_right_to_work",
        "uk_right_to_work_extended",
        "uk_health_safety",
        "uk_employers_liability",
        "uk_sick_pay_day_one",
        "uk_pension_enrolment",
        "uk_equality_act",
        "uk_prevent_harassment",
    }
)
"""Minimum wage, payslip, terms, working time, right to work, safety, insurance, and what the law added beside them: nobody who has others
at work is told that one of these does not apply because no one is said to be employed (`facts.settle_facts`)."""

NEVER_TRUE = Not(Always())


def below_limit(limit: float) -> str:
    """A number known only to be smaller than `limit`, as a fact holds it: "<5000000"."""
    return f"{_BELOW_PREFIX}{limit:g}" if limit != int(limit) else f"{_BELOW_PREFIX}{int(limit)}"


def upper_limit(value: object) -> float | None:
    """The limit of a value made by `below`, None for every other value."""
    if not isinstance(value, str) or not value.startswith(_BELOW_PREFIX):
        return None
    try:
        return float(value.removeprefix(_BELOW_PREFIX))
    except ValueError:
        return None


def _decided_by_limit(leaf: Leaf, limit: float) -> bool | None:
    """What a test says of every number smaller than `limit`, None when it depends on the number."""
    wanted = leaf.value
    if isinstance(wanted, bool) or not isinstance(wanted, (int, float)) or wanted < limit:
        return None
    return {"at_least": False, "more_than": False, "is": False, "at_most": True, "less_than": True}.get(leaf.test)


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """The facts about one organisation, ready for the conditions of one book.

    `verdicts` are those of the duties judged so far, `rests_on` the facts behind each: what decided it, or what it waits for.
    `at_work` are the facts that the duties `DUTIES_TO_WORKERS` are held against, where they differ.
    """

    facts: Mapping[str, object]
    terms: Mapping[str, Condition]
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    rests_on: dict[str, frozenset[str]] = field(default_factory=dict)
    at_work: Mapping[str, object] | None = None

    def of(self, duty: str) -> KnownFacts:
        return self if self.at_work is None or duty not in DUTIES_TO_WORKERS else replace(self, facts=self.at_work)

    def lookup(self, subject: str) -> object:
        """The value of a fact, `NoValue.UNANSWERED` when it is not known or only up to a limit."""
        value = self.facts.get(subject)
        known = value is not None and value != DONT_KNOW and upper_limit(value) is None
        return value if known else NoValue.UNANSWERED

    def verdict(self, condition: Condition) -> Verdict:
        return judge(self._settled(condition), self.lookup, {}, self.verdicts)

    def _settled(self, condition: Condition) -> Condition:
        """The same condition with its terms opened and each comparison that a limit decides replaced by its outcome."""
        match condition:
            case Term(name):
                return self._settled(self.terms[name])
            case Not(part):
                return Not(self._settled(part))
            case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
                return replace(condition, parts=tuple(map(self._settled, parts)))
            case Leaf(subject):
                limit = upper_limit(self.facts.get(subject))
                outcome = None if limit is None else _decided_by_limit(condition, limit)
                return condition if outcome is None else Always() if outcome else NEVER_TRUE
            case _:
                return condition

    def reasons(self, condition: Condition) -> frozenset[str]:
        """The facts that decided a condition or, while it is unknown, those that can still decide it.

        A part counts when its own verdict made the verdict of the whole: of a false `all` the false parts, of an unknown
        one the unknown parts.
        """
        return frozenset(self._reasons(condition, self.verdict(condition)))

    def _reasons(self, condition: Condition, verdict: Verdict) -> Iterator[str]:
        match condition:
            case Leaf(subject):
                yield subject
            case Applies(duty):
                yield from self.rests_on[duty]
            case Term(name):
                yield from self._reasons(self.terms[name], verdict)
            case Not(part):
                yield from self._reasons(part, self.verdict(part))
            case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
                for part in parts:
                    if self.verdict(part) is verdict:
                        yield from self._reasons(part, verdict)
            case _:
                return

    def next_open(self, condition: Condition, unsure: frozenset[str]) -> frozenset[str]:
        """The facts to ask next about a condition that is still unknown: those of its first open part.

        One answer often settles the rest, so nobody is asked for a budget before saying that there is one. Facts in `unsure` were
        asked already and nobody could say; then the next part is asked.
        """
        match condition:
            case Leaf(subject):
                return frozenset({subject}) - unsure
            case Term(name):
                return self.next_open(self.terms[name], unsure)
            case Not(part):
                return self.next_open(part, unsure)
            case AllOf(parts) | AnyOf(parts) | AtLeastOf(_, parts):
                waiting = (part for part in parts if self.verdict(part) is Verdict.UNKNOWN)
                return next((found for part in waiting if (found := self.next_open(part, unsure))), frozenset())
            case _:
                return frozenset()


def judge_known_facts(
    book: DutyBook, facts: Mapping[str, object], at_work: Mapping[str, object] | None = None
) -> KnownFacts:
    """Judge every duty of a book, in file order, so that a duty may rest on earlier ones."""
    known = KnownFacts(facts=facts, terms=book.terms, at_work=at_work)
    for duty in book.duties:
        its = known.of(duty.id)
        known.verdicts[duty.id] = its.verdict(duty.when)
        known.rests_on[duty.id] = its.reasons(duty.when)
    return known


def in_file_order(book: DutyBook, names: Iterable[str]) -> tuple[str, ...]:
    wanted = frozenset(names)
    return tuple(fact.id for fact in book.facts if fact.id in wanted)


FactValue = bool | str | float | int | list[str]
"""Yes or no; a number; an option id or several; an ISO date. A text such as "<5000000" is a number known only to be smaller."""

Facts = Mapping[str, FactValue]
"""Fact id to its value. A fact that is absent is not known."""

YEAR_END = "fye"
"""The fact that holds the day the last financial year ended."""
TRADED = "is_traded_company"
"""The fact that shortens the time for accounts."""
LAST_STATEMENT = "last_statement_on"
SECTORS = "sectors"

UNDATED_FORCES = frozenset({"information", "good_practice"})
"""Forces of duties that never fall due: what binds nobody has no day that could pass."""
STATEMENT_DUTIES = frozenset({"uk_s54_six_months"})
"""Duties to have a statement out by a day: done once the last statement is of a day after the year it is for."""

EMPLOYER_FACTS = frozenset({"employs_anyone", "engages_workers"})
"""The facts that make a business an employer. A "no" to one counts, for the duties to people at work, only where nobody but family works:
an owner says of day labourers that they are not employed, and the law says otherwise."""


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
    (`DUTIES_TO_WORKERS`), and `contradictions` what is asked back.
    """

    derived: Mapping[str, FactValue]
    facts: Mapping[str, FactValue]
    at_work: Mapping[str, FactValue]
    contradictions: tuple[Contradiction, ...] = ()


def settle_facts(
    edition: Edition, answers: Answers, shown: Mapping[str, QuestionState], given: Facts, ordinary: Collection[str]
) -> SettledFacts:
    """All that is known, from the answers, what the business gave itself, and what its sector never does.

    What the business gave wins over an answer to one of the `ordinary` questions, and is asked back. One that contradicts an answer to
    any other question counts as not known, without a word: neither the page nor a duty may tell that answer.
    """
    answers = answers_without_details(edition, answers)
    told = {fact.id: _values_by_question(fact, answers, shown) for fact in edition.duty_book.facts}
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
    return SettledFacts(derived, facts, _facts_for_worker_duties(facts, derived, answers), tuple(contradictions))


def _contradicts(given: FactValue, told: FactValue) -> bool:
    """A set may hold more than answers tell; a yes or no may not differ."""
    if isinstance(given, list) and isinstance(told, list):
        return not set(told) <= set(given)
    return isinstance(given, bool) and isinstance(told, bool) and given is not told


def _with_sector(
    edition: Edition, facts: Mapping[str, FactValue], contradicted: Collection[str]
) -> dict[str, FactValue]:
    """The facts with those added that the sector settles: what it is, and what it never does."""
    known = {**_sector_defaults(edition.duty_book, edition.bank, {*facts, *contradicted}), **facts}
    # a business that answers the questions for car washes washes cars, so that nobody is asked
    sector = {"car_washes": "car_wash"}.get(edition.bank)
    if sector and any(fact.id == SECTORS for fact in edition.duty_book.facts):
        said = known.get(SECTORS)
        known[SECTORS] = list(dict.fromkeys([sector, *(said if isinstance(said, list) else [])]))
    return known


def _sector_defaults(book: DutyBook, bank: str, known: Collection[str]) -> dict[str, FactValue]:
    return {fact.id: fact.unless_said[bank] for fact in book.facts if bank in fact.unless_said and fact.id not in known}


def _facts_for_worker_duties(
    facts: Mapping[str, FactValue], derived: Facts, answers: Answers
) -> Mapping[str, FactValue]:
    if only_family_works(answers):
        return facts
    sure = {name: value for name, value in facts.items() if name not in EMPLOYER_FACTS or value is True}
    return {**sure, **{name: True for name in EMPLOYER_FACTS if derived.get(name) is True}}


def only_family_works(answers: Mapping[str, object]) -> bool:
    """Whether the business says that nobody but the owner's family works there. No answer and "don't know" do not say so."""
    said = answers.get("core_worker_types")
    return isinstance(said, list) and set(map(str, said)) == {"family"}


def derive_facts(edition: Edition, answers: Answers, shown: Mapping[str, QuestionState]) -> dict[str, FactValue]:
    """The facts that answers tell. `shown` is the state of every question that is asked (`question_states`)."""
    derived: dict[str, FactValue] = {}
    for fact in edition.duty_book.facts:
        value = _combined_value(fact, (one for _, one in _values_by_question(fact, answers, shown)))
        if value is not None:
            derived[fact.id] = value
    return derived


def _values_by_question(
    fact: Fact, answers: Answers, shown: Mapping[str, QuestionState]
) -> list[tuple[str, bool | list[str] | None]]:
    """What each question that is asked tells of a fact, None where it leaves doubt. One that is hidden or not asked tells nothing."""
    asked = [
        source
        for source in fact.sources
        if shown.get(source.question, QuestionState.HIDDEN) is not QuestionState.HIDDEN
    ]
    return [(source.question, _value_from_source(source, answers, shown)) for source in asked]


def _combined_value(fact: Fact, each: Iterable[bool | list[str] | None]) -> FactValue | None:
    """One source that says yes is enough; no needs all of them."""
    told = list(each)
    if fact.type == "choices":
        sets = [one for one in told if isinstance(one, list)]
        whole = bool(sets) and len(sets) == len(told)
        return list(dict.fromkeys(value for one in sets for value in one)) if whole else None
    if True in told:
        return True
    return False if told and None not in told else None


def _value_from_source(
    source: FactSource, answers: Answers, shown: Mapping[str, QuestionState]
) -> bool | list[str] | None:
    """What one answer says of a fact, None when it leaves doubt."""
    answer = answers.get(source.question)
    if answer is None or shown[source.question] is not QuestionState.SHOWN:
        return None
    if source.more_than is not None:
        return answer > source.more_than if isinstance(answer, (int, float)) else None
    chosen = {one for one in answer if isinstance(one, str)} if isinstance(answer, list) else {str(answer)}
    return None if DONT_KNOW in chosen else _value_from_choices(source, chosen)


def _value_from_choices(source: FactSource, chosen: set[str]) -> bool | list[str] | None:
    if not source.values and chosen & set(source.includes_any):
        return True
    if chosen & set(source.unknown):
        return None
    if source.values:
        return [source.values[one] for one in source.values if one in chosen]
    return bool(source.none_of) and not chosen & set(source.none_of)


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
            settled[fact.id] = below_limit(fact.gate_value) if only_a_limit else fact.gate_value
    return settled


def facts_to_ask(
    book: DutyBook, facts: Facts, unsure: frozenset[str] = frozenset(), *, at_work: Facts | None = None
) -> tuple[str, ...]:
    """The facts to ask next, in file order: for each duty still to check, those of the first part of its condition that is open.

    Only facts that can still change a verdict are asked; an earlier duty that this one rests on is asked about by itself. What is mere
    information asks nothing of the business, so nothing is asked for it.
    `unsure` are facts that were asked and that nobody could tell; `at_work` as `SettledFacts` has it.
    """
    known = judge_known_facts(book, facts, at_work)
    waiting = (
        duty for duty in book.duties if duty.force != "information" and known.verdicts[duty.id] is Verdict.UNKNOWN
    )
    return in_file_order(book, (fact for duty in waiting for fact in known.of(duty.id).next_open(duty.when, unsure)))


def facts_needed_for_dates(book: DutyBook, facts: Facts, *, at_work: Facts | None = None) -> tuple[str, ...]:
    """The facts, not known yet, that the date of a duty rests on which applies, in file order. No verdict waits for them."""
    known = judge_known_facts(book, facts, at_work)
    wanted: set[str] = set()
    for duty in book.duties:
        dated = duty.force not in UNDATED_FORCES and needs_year_end(duty.deadline)
        if known.verdicts[duty.id] is Verdict.TRUE and dated:
            wanted |= {YEAR_END} if duty.deadline.n_if_traded is None else {YEAR_END, TRADED}
            wanted |= {LAST_STATEMENT} & {fact.id for fact in book.facts} if duty.id in STATEMENT_DUTIES else set()
    return in_file_order(book, wanted - facts.keys())
