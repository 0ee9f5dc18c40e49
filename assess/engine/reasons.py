"""What the facts make of each condition of a duty book, and which facts that rests on.

`conditions.judge` gives the verdict; this module walks the same tree to say why: the facts that decided a verdict, or those
that an open one still waits for. It also knows numbers of which only an upper limit is known ("<5000000"), which answers to
the gates of the facts form leave behind: a comparison they settle is settled, every other one stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from assess.engine.bank import DONT_KNOW, DutyBook
from assess.engine.conditions import (
    All,
    Always,
    Any,
    Applies,
    AtLeastOf,
    Blank,
    Condition,
    Leaf,
    Not,
    Term,
    Verdict,
    judge,
)

_BELOW = "<"

TO_PEOPLE_AT_WORK = frozenset(
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

NEVER = Not(Always())
"""A condition that is false."""


def below(limit: float) -> str:
    """A number known only to be smaller than `limit`, as a fact holds it: "<5000000"."""
    return f"{_BELOW}{limit:g}" if limit != int(limit) else f"{_BELOW}{int(limit)}"


def limit_of(value: object) -> float | None:
    """The limit of a value made by `below`, None for every other value."""
    if not isinstance(value, str) or not value.startswith(_BELOW):
        return None
    try:
        return float(value.removeprefix(_BELOW))
    except ValueError:
        return None


def _settled_by(leaf: Leaf, limit: float) -> bool | None:
    """What a test says of every number smaller than `limit`, None when it depends on the number."""
    wanted = leaf.value
    if isinstance(wanted, bool) or not isinstance(wanted, (int, float)) or wanted < limit:
        return None
    return {"at_least": False, "more_than": False, "is": False, "at_most": True, "less_than": True}.get(leaf.test)


@dataclass(frozen=True, slots=True)
class Known:
    """The facts about one organisation, ready for the conditions of one book.

    `verdicts` are those of the duties judged so far, `rests_on` the facts behind each: what decided it, or what it waits for.
    `at_work` are the facts that the duties `TO_PEOPLE_AT_WORK` are held against, where they differ.
    """

    facts: Mapping[str, object]
    terms: Mapping[str, Condition]
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    rests_on: dict[str, frozenset[str]] = field(default_factory=dict)
    at_work: Mapping[str, object] | None = None

    def of(self, duty: str) -> Known:
        """What this duty is held against."""
        return self if self.at_work is None or duty not in TO_PEOPLE_AT_WORK else replace(self, facts=self.at_work)

    def lookup(self, subject: str) -> object:
        """The value of a fact, `Blank.UNANSWERED` when it is not known or only up to a limit."""
        value = self.facts.get(subject)
        known = value is not None and value != DONT_KNOW and limit_of(value) is None
        return value if known else Blank.UNANSWERED

    def verdict(self, condition: Condition) -> Verdict:
        """What is known of a condition."""
        return judge(self._settled(condition), self.lookup, {}, self.verdicts)

    def _settled(self, condition: Condition) -> Condition:
        """The same condition with its terms opened and each comparison that a limit decides replaced by its outcome."""
        match condition:
            case Term(name):
                return self._settled(self.terms[name])
            case Not(part):
                return Not(self._settled(part))
            case All(parts) | Any(parts) | AtLeastOf(_, parts):
                return replace(condition, parts=tuple(map(self._settled, parts)))
            case Leaf(subject):
                limit = limit_of(self.facts.get(subject))
                outcome = None if limit is None else _settled_by(condition, limit)
                return condition if outcome is None else Always() if outcome else NEVER
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
            case All(parts) | Any(parts) | AtLeastOf(_, parts):
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
            case All(parts) | Any(parts) | AtLeastOf(_, parts):
                waiting = (part for part in parts if self.verdict(part) is Verdict.UNKNOWN)
                return next((found for part in waiting if (found := self.next_open(part, unsure))), frozenset())
            case _:
                return frozenset()


def know(book: DutyBook, facts: Mapping[str, object], at_work: Mapping[str, object] | None = None) -> Known:
    """Judge every duty of a book, in file order, so that a duty may rest on earlier ones."""
    known = Known(facts=facts, terms=book.terms, at_work=at_work)
    for duty in book.duties:
        its = known.of(duty.id)
        known.verdicts[duty.id] = its.verdict(duty.when)
        known.rests_on[duty.id] = its.reasons(duty.when)
    return known


def in_file_order(book: DutyBook, names: Iterable[str]) -> tuple[str, ...]:
    """These facts in the order of the book."""
    wanted = frozenset(names)
    return tuple(fact.id for fact in book.facts if fact.id in wanted)
