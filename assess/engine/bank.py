"""The dataclasses of a compiled edition, and with them the one definition of what bank files hold (see `schema.py`); the ILO indicators. Only bank_reader builds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Annotated, Literal, TypeVar
from weakref import WeakKeyDictionary

from assess.engine.conditions import Condition
from assess.engine.schema import (
    OR_TEXT,
    CapitalId,
    Count,
    Day,
    EitherType,
    Id,
    IdType,
    NonEmpty,
    NumberType,
    PlainType,
    TextType,
    Url,
    Where,
    WordType,
)
from assess.engine.settings import HARM_LEVELS

AnswerValue = str | float | int | list[str] | list[dict[str, object]] | Mapping[str, str]
"""One answer: an option id, a number, a list of option ids, the rows of a table, or an option id with words about it."""

Answers = Mapping[str, AnswerValue]
"""Question id to answer. A question that is absent is unanswered; "dk" is an answer."""

QuestionType = Literal["choice", "choices", "scale", "yes_no_detail", "number", "percentage", "date", "text", "table"]
QuestionKind = Literal["fact", "exposure", "safeguard"]
Sign = Literal["urgent", "serious"]
Priority = Annotated[
    int | Literal["immediate"],
    EitherType(("immediate",), NumberType(least=1, whole=True), "write immediate, or a number of days"),
]
"""Days within which to act, or at once."""
Effort = Literal["S", "M", "L"]
"""S is half a day, M is three days, L is ten days of one person's work."""

DONT_KNOW = "dk"
NO_ACTION: Literal[False] = False
NumberRule = Literal["labour_provider_rate", "housing_charge"]
"""Rules that compare one number with a dated setting."""

ILO_INDICATORS: Mapping[int, str] = {
    1: "Abuse of vulnerability",
    2: "Deception",
    3: "Restriction of movement",
    4: "Isolation",
    5: "Physical and sexual violence",
    6: "Intimidation and threats",
    7: "Retention of identity documents",
    8: "Withholding of wages",
    9: "Debt bondage",
    10: "Abusive working and living conditions",
    11: "Excessive overtime",
}


class RemarkRule(StrEnum):
    """What a remark is about. The word stands in files where a remark is waived."""

    LONG_SENTENCE = "long_sentence"
    READING_AGE = "reading_age"
    HARD_WORDS = "hard_words"
    TWO_QUESTIONS = "two_questions"
    DOUBLE_NEGATIVE = "double_negative"
    LOADED_WORDS = "loaded_words"
    POINTS_OUT_OF_REACH = "points_out_of_reach"
    BETTER_BY_HIDING = "better_by_hiding"
    DISMISSES_WITHOUT_ADVICE = "dismisses_without_advice"
    ASKS_WHO_MAY_CONTROL = "asks_who_may_control"
    DUTY_WITHOUT_SOURCE = "duty_without_source"


LONGEST_ACTION_TITLE, LONGEST_TITLED_DO = 60, 150
LONGEST_NAME, LONGEST_EVIDENCE, LONGEST_SENTENCE = 40, 55, 90
"""Characters that fit a line of the plan or of a phone."""
LONGEST_LINE, LONGEST_AMOUNT, LONGEST_PENALTY, LONGEST_READ = 40, 50, 60, 46
"""Characters of a row of print: what binds, the number, what it costs to break it, where to read it."""

When = Annotated[Condition, PlainType.CONDITION]
Name = Annotated[str, TextType(LONGEST_NAME)]
Sentence = Annotated[str, TextType(LONGEST_SENTENCE)]
Indicator = Annotated[int, NumberType(1, len(ILO_INDICATORS), whole=True, numbers="an ILO indicator")]
Harm = Annotated[int, NumberType(1, HARM_LEVELS, whole=True)]


@dataclass(frozen=True, slots=True)
class Action:
    """What to do about a poor answer.

    `after_advice`: never before the helpline was called while a grave sign is open. `title` says it in a few words that make sense alone.
    `reaches` is the option id or number that `do` brings; None is the best answer.
    """

    do: str
    priority: Priority
    owner: Id
    effort: Effort
    after_advice: bool = False
    title: Annotated[str, TextType(LONGEST_ACTION_TITLE)] | None = None
    reaches: Annotated[str | float, IdType(or_number=True)] | None = None


OwnAction = Action | Literal[False] | None
"""An option's own action; False brings none; None falls back to the question's action."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `points` is None where ticks are counted or nothing is scored.

    `not_looked`: it says that nobody has looked; on a question that can raise a sign, that sign is then unknown. `mended`: something was found and put
    right. `breach` names the duty this answer is against. `says` is a good answer as a sentence in "we". `retired`: no longer offered, still scored.
    """

    id: Id
    label: str
    points: float | None = None
    sign: Sign | None = None
    third_party: bool = False
    action: OwnAction = None
    not_looked: bool = False
    mended: bool = False
    breach: Id | None = None
    says: Sentence | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class NumberBand:
    """Points of a number up to a limit. `up_to` belongs to it; None is no upper end."""

    up_to: float | None
    points: float
    sign: Sign | None = None
    action: OwnAction = None
    breach: Id | None = None
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class TickStep:
    """Points for so many ticks. At least so many boxes are ticked, the stand-alone ones not counted."""

    at_least: Annotated[int, NumberType(least=0, whole=True)]
    points: float
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class RuleStep:
    """One outcome of a rule. It compares a number with a dated setting."""

    id: Id
    points: float
    sign: Sign | None = None
    action: OwnAction = None
    breach: Id | None = None
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class CellOption:
    """One choice inside a table: nothing is scored there."""

    id: Id
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    id: Id
    label: str
    type: Literal["text", "number", "percentage", "date", "choice"]
    options: tuple[Annotated[Option, CellOption], ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question. It has its own points and action.

    The outcomes of its `rule` are `steps`.
    `action` serves every poor option, but on a question that can raise a sign only the options that raise it.
    `dk_action` is the action of "don't know" where no option carries it (numbers, percentages).
    `pooled`: buyers see the answers only put together over several suppliers.
    `rev` grows when the question means something else under the same id. `replaces` names a question of the edition before whose answers
    it takes over, `option_map` the old option ids that are called something else now.
    `waived` are remarks of the author checks that do not count here, with the reason.
    `name` is the question in a few words. `harm`, 1 (life and freedom) to 6 (paper and training), is that of its dimension unless it says otherwise.
    `same_as` names the question whose action is printed once for both. `not_yet` is any poor answer as a sentence in "we".
    `whole`: what is typed has no decimals. A number outside `likely_from` to `likely_to` is asked back: “Is 40 hours right?”
    """

    id: Id
    ask: str
    type: QuestionType
    kind: QuestionKind
    dimension: Id
    ilo: tuple[Indicator, ...] = ()
    quick: bool = False
    can_sign: bool = False
    pooled: bool = False
    show_if: When | None = None
    hint: str | None = None
    unit: str | None = None
    whole: bool = False
    likely_from: Annotated[float, NumberType(least=0)] | None = None
    likely_to: Annotated[float, NumberType(least=0)] | None = None
    why: str | None = None
    evidence: str | None = None
    options: tuple[Option, ...] = ()
    cap: Annotated[float, NumberType(least=0)] | None = None
    bands: tuple[NumberBand, ...] = ()
    ticks: tuple[TickStep, ...] = ()
    rule: NumberRule | None = None
    steps: tuple[RuleStep, ...] = ()
    columns: tuple[Column, ...] = ()
    action: Action | None = None
    dk_action: OwnAction = None
    sources: tuple[CapitalId, ...] = ()
    rev: Count = 1
    replaces: Id | None = None
    option_map: Mapping[str, Id] = field(default_factory=dict)
    waived: Mapping[Annotated[str, WordType(tuple(RemarkRule))], str] = field(default_factory=dict)
    name: Name | None = None
    harm: Harm | None = None
    same_as: Id | None = None
    not_yet: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One page of questions. `common` sections come before the sector's own."""

    id: Id
    title: str
    questions: NonEmpty[Question]
    common: Annotated[bool, Where.COMPILED] = False


@dataclass(frozen=True, slots=True)
class Check:
    """A finding over several answers.

    Either `when` says it in a condition, or `rule` names a sum the engine knows and `inputs` the questions it reads.
    `unless` that is true silences it. A check has a `sign` or is a note.
    """

    id: CapitalId
    says: str
    when: When | None = None
    unless: When | None = None
    rule: Id | None = None
    inputs: Mapping[str, Id] = field(default_factory=dict)
    sign: Sign | None = None
    ilo: tuple[Indicator, ...] = ()
    action: Action | None = None
    listed: bool = True
    """False for D4, which is the sign of its own question and is not listed beside it."""
    name: Name | None = None
    harm: Harm | None = None
    same_as: Id | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One theme."""

    id: Id
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class BuyerGroup:
    """One bar of the buyer copy. It puts several dimensions together, so that no bar tells of one answer."""

    id: Id
    name: str
    dimensions: NonEmpty[Id]


FactType = Literal["yes_no", "number", "money", "choice", "choices", "date"]


@dataclass(frozen=True, slots=True)
class FactSource:
    """Which answers settle a fact. Exactly one of the four tests is used.

    `includes_any`: true when one of these options is chosen; `none_of`: true when none of these is;
    `more_than`: true when the number is larger; `values`: option id to the fact's own value (for sets).
    Options in `unknown` leave the fact open.
    """

    question: Id
    includes_any: tuple[Id, ...] = ()
    none_of: tuple[Id, ...] = ()
    more_than: float | None = None
    values: Mapping[str, CapitalId] = field(default_factory=dict)
    unknown: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class FactOption:
    """One value of a fact that is chosen from a list; codes of countries keep their capitals."""

    id: CapitalId
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the duties need to know.

    `gate` is "foreign" or "size" when answering No to that gate settles the fact (`gate_value`). A number behind the
    gate "size" is then known only to be smaller than `gate_value`; every other fact has exactly that value.
    `sources` are the answers it may be read from; the form asks it only when they do not tell.
    """

    id: Id
    type: FactType
    ask: str
    group: str
    hint: str | None = None
    unit: str | None = None
    options: tuple[Annotated[Option, FactOption], ...] = ()
    gate: Literal["foreign", "size"] | None = None
    gate_value: Annotated[bool | float, PlainType.BOOLEAN_OR_NUMBER] | None = None
    sources: tuple[FactSource, ...] = ()
    unless_said: Mapping[str, bool] = field(default_factory=dict)
    """What holds in a sector, by bank, unless the business says otherwise."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A question before the facts: answering No settles those behind it. To what, each says itself (`Fact.gate_value`).

    `hint` belongs to the question: it says who must answer Yes for the settled values to be true.
    """

    id: Literal["foreign", "size"]
    ask: str
    hint: str | None = None


DutyStatus = Literal["in_force", "enacted_not_in_force", "proposed"]
DutyForce = Literal["mandatory", "expected", "good_practice", "information"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a duty falls due. `kind` is one of obligations 0.4; `month_rule` is "safe" or "end_of_month"."""

    kind: Id
    n: Count | None = None
    month_rule: Literal["safe", "end_of_month"] | None = None
    n_if_traded: Count | None = None
    month_day: str | None = None
    after_year_end: bool = False
    date: Day | None = None
    event: str | None = None
    from_: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MustDo:
    """One step of a duty, asked of some only. It is shown when `when` is true or unknown."""

    text: str
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What law or official guidance asks. It says where that is written and how sure we are.

    `line`, `amount`, `penalty` and `read` are one row of print: what binds, the number, what it costs to break it, where to read it.
    """

    id: Id
    title: str
    jurisdiction: NonEmpty[str]
    status: DutyStatus
    force: DutyForce
    when: When
    applies_to: str
    must_do: tuple[Annotated[MustDo, OR_TEXT], ...] = ()
    deadline: Deadline
    source: str
    url: Url
    source_as_of: str
    evidence: Literal["A", "B", "C", "D"]
    confidence: Literal["high", "medium", "low"]
    key_number: str | None = None
    approver: str | None = None
    publish: str | None = None
    consequence: str | None = None
    in_force_from: str | None = None
    more_urls: tuple[Url, ...] = ()
    unverified: str | None = None
    reviewed_by: str | None = None
    reviewed_on: Day | None = None
    line: Annotated[str, TextType(LONGEST_LINE)] | None = None
    amount: Annotated[str, TextType(LONGEST_AMOUNT)] | None = None
    penalty: Annotated[str, TextType(LONGEST_PENALTY)] | None = None
    read: Annotated[str, TextType(LONGEST_READ)] | None = None


@dataclass(frozen=True, slots=True)
class DutyBook:
    """The facts, the shorthands over them and the duties, in file order; the gates come before the facts."""

    facts: tuple[Fact, ...] = ()
    terms: Mapping[str, When] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A document."""

    id: Annotated[str, Where.KEY]
    document: str
    url: Url
    how_far_read: str


@dataclass(frozen=True, eq=False)
class Edition:
    """One frozen text of a bank: all that is asked of one sector, and all that is made of it.

    Compared and hashed by identity, so that what is prepared from it can be kept beside it.
    """

    bank: str
    title: str
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    dimensions: tuple[Dimension, ...]
    groups: tuple[BuyerGroup, ...]
    owners: Mapping[str, str]
    duty_book: DutyBook
    sources: Mapping[str, Source]

    def questions(self) -> tuple[Question, ...]:
        """All questions in the order they are asked."""
        return tuple(question for section in self.sections for question in section.questions)


Made = TypeVar("Made")


def kept_by_edition(make: Callable[[Edition], Made]) -> Callable[[Edition], Made]:
    """What the function makes of an edition is made once, and kept as long as the edition lives."""
    # weakly: nothing but this would know of an edition that every other cache has dropped
    kept: WeakKeyDictionary[Edition, Made] = WeakKeyDictionary()

    @wraps(make)
    def find_or_make(edition: Edition) -> Made:
        found = kept.get(edition)
        if found is None:
            found = kept[edition] = make(edition)
        return found

    return find_or_make
