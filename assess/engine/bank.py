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
    LONG_TEXT,
    OR_TEXT,
    Attribute,
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

WORDING = Attribute(change="wording")

# Keys that several groups have.
# fmt: off
SignKey = Annotated[Sign | None, Attribute("the sign", label="Sign", column="Sign", width=10)]
Points = Annotated[float, Attribute(
    "the points", label="Points", missing="Enter the points, such as 2.", column="Points", width=8)]
Breach = Annotated[Id | None, Attribute(
    "which law it is against", label="Which law it is against", column="Breach", width=18,
    hint="A duty that is in force and binds. Never on an answer with an urgent sign. Its action has 30 days or fewer.")]
Says = Annotated[Sentence | None, Attribute(
    "what it says", "wording", label="What a good answer means, in a sentence", column="Says", width=LONG_TEXT,
    hint=f"It begins with “We”, and has {LONGEST_SENTENCE} characters or fewer. Only for 0 points, where no answer can raise a sign.")]
# fmt: on


@dataclass(frozen=True, slots=True)
class Action:
    """What to do about a poor answer.

    `after_advice`: never before the helpline was called while a grave sign is open. `title` says it in a few words that make sense alone.
    `reaches` is the option id or number that `do` brings; None is the best answer.
    """

    # fmt: off
    do: Annotated[str, Attribute(
        label="What to do", hint="Write {helpline} where the number of the helpline is to stand.", column="What to do", width=70)]
    priority: Annotated[Priority, Attribute(label="How soon", missing="Choose how soon.", column="Priority")]
    owner: Annotated[Id, Attribute(label="Who does it", missing="Choose who does it.", column="Owner", width=18)]
    effort: Annotated[Effort, Attribute(
        label="How much work it is", missing="Choose how much work it is.", column="Effort", width=8)]
    after_advice: Annotated[bool, Attribute(
        label="Only after calling the helpline", column="After advice",
        hint="Tick this when the action asks, moves, re-checks or dismisses workers, or drops an agency.")] = False
    title: Annotated[Annotated[str, TextType(LONGEST_ACTION_TITLE)] | None, Attribute(
        label="Title", column="Title", width=LONG_TEXT,
        hint=f"What to do in a few words that make sense alone: {LONGEST_ACTION_TITLE} characters or fewer. With a title, what to do has {LONGEST_TITLED_DO} or fewer.")] = None
    reaches: Annotated[Annotated[str | float, IdType(or_number=True)] | None, Attribute(
        label="Which answer it brings", hint="The gain is worked out for it.", column="Reaches")] = None
    # fmt: on


OwnAction = Annotated[Action | Literal[False] | None, Attribute(column="Own action")]
"""An option's own action; False brings none; None falls back to the question's action."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `points` is None where ticks are counted or nothing is scored.

    `not_looked`: it says that nobody has looked; on a question that can raise a sign, that sign is then unknown. `mended`: something was found and put
    right. `breach` names the duty this answer is against. `says` is a good answer as a sentence in "we". `retired`: no longer offered, still scored.
    """

    # fmt: off
    id: Id
    label: Annotated[str, Attribute(
        "the words of the answer", "wording", label="Words", missing="Enter the words of this answer, or take it out.",
        column="Label", width=60)]
    points: Annotated[float | None, Attribute("the points", label="Points", column="Points", width=8)] = None
    sign: SignKey = None
    third_party: Annotated[bool, Attribute(
        "whether it tells of control by somebody else", label="It shows that somebody else controls workers",
        column="Third party")] = False
    action: OwnAction = None
    not_looked: Annotated[bool, Attribute(
        "whether it says that nobody has looked", label="It says that nobody has looked", column="Not looked",
        hint="Where a sign can be raised, that sign then counts as not known. Its action is a step to find out.")] = False
    mended: Annotated[bool, Attribute(
        "whether it says that something was put right", label="It says that something was found and put right",
        hint="It has 0 points and no sign.", column="Mended")] = False
    breach: Breach = None
    says: Says = None
    retired: Annotated[bool, Attribute(
        "whether it is no longer offered", "structure", label="It is no longer offered", column="Retired",
        hint="Answers that were given before, and those in files, still count.")] = False
    # fmt: on


@dataclass(frozen=True, slots=True)
class NumberBand:
    """Points of a number up to a limit. `up_to` belongs to it; None is no upper end."""

    # fmt: off
    up_to: Annotated[float | None, Attribute(
        label="Up to", hint="This number too. Leave it empty in the last band only.", column="Up to", width=8)]
    # fmt: on
    points: Points
    sign: SignKey = None
    action: OwnAction = None
    breach: Breach = None
    says: Says = None


@dataclass(frozen=True, slots=True)
class TickStep:
    """Points for so many ticks. At least so many boxes are ticked, the stand-alone ones not counted."""

    # fmt: off
    at_least: Annotated[int, NumberType(least=0, whole=True), Attribute(
        label="Ticks, at least", missing="Enter a number of ticks, or take this out.", column="At least", width=8)]
    # fmt: on
    points: Points
    says: Says = None


@dataclass(frozen=True, slots=True)
class RuleStep:
    """One outcome of a rule. It compares a number with a dated setting."""

    id: Id
    points: Points
    sign: SignKey = None
    action: OwnAction = None
    breach: Breach = None
    says: Says = None


@dataclass(frozen=True, slots=True)
class CellOption:
    """One choice inside a table: nothing is scored there."""

    id: Id
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    # fmt: off
    id: Id
    label: Annotated[str, Attribute(
        change="wording", label="Words", missing="Enter the words of this column, or take it out.", column="Label", width=60)]
    type: Annotated[Literal["text", "number", "percentage", "date", "choice"], Attribute(
        label="Holds", missing="Choose what it holds.", column="Type")]
    options: Annotated[tuple[Annotated[Option, CellOption], ...], Attribute(
        label="Its choices",
        hint="One on each line, if it holds one of some choices. Keep the word before the colon where there is one.")] = ()
    whole: Annotated[bool, Attribute(
        change="wording", label="Its numbers are whole, such as those of people", column="Whole")] = False
    # fmt: on


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

    # fmt: off
    id: Id
    ask: Annotated[str, Attribute(
        "the question", "wording", page="words", label="The question", missing="Enter the question.", column="Question", width=60)]
    type: Annotated[QuestionType, Attribute(
        "how it is answered", "meaning", page="counts", label="How it is answered", missing="Choose how it is answered.", column="Type")]
    kind: Annotated[QuestionKind, Attribute(
        "what kind of question it is", page="counts", label="What it is about", missing="Choose what it is about.", column="Kind")]
    dimension: Annotated[Id, Attribute(page="counts", label="Theme", missing="Choose a theme.", column="Dimension", width=18)]
    ilo: Annotated[tuple[Indicator, ...], Attribute(
        "the ILO indicators", page="counts", label="Indicators of forced labour", column="ILO", width=10,
        hint="Those of the International Labour Organization. A sign needs one, and the main one counts.")] = ()
    quick: Annotated[bool, Attribute(
        "whether it is in the quick check", page="counts", label="It is part of the quick check", column="Quick check")] = False
    can_sign: Annotated[bool, Attribute("whether it can raise a sign", page="counts", column="Can sign")] = False
    pooled: Annotated[bool, Attribute(
        "whether buyers see it only added up", types=("choice", "scale"), page="counts", column="Pooled",
        label="Buyers see the answers only put together", hint="Over five suppliers or more, and no action.")] = False
    show_if: Annotated[When | None, Attribute("when it is asked", "condition")] = None
    hint: Annotated[str | None, Attribute(
        "the hint", "wording", page="words", read_out="The hint", column="Hint", width=40,
        label="Hint", hint="One more sentence below the question, if it needs one.")] = None
    unit: Annotated[str | None, Attribute(
        "the unit", "wording", ("number",), page="words", column="Unit",
        label="What the number counts", hint="Such as “hours” or “£ a day”.")] = None
    whole: Annotated[bool, Attribute(
        "whether it is a whole number", "wording", ("number",), page="words", column="Whole",
        label="It is a whole number, such as one of people")] = False
    likely_from: Annotated[Annotated[float, NumberType(least=0)] | None, Attribute(
        "below which number it is asked back", "wording", ("number",), page="words", column="Likely from", width=8,
        label="Ask back below", hint="“Is 0 people right?” Whoever says yes goes on.")] = None
    likely_to: Annotated[Annotated[float, NumberType(least=0)] | None, Attribute(
        "above which number it is asked back", "wording", ("number",), page="words", column="Likely to", width=8,
        label="Ask back above", hint="“Is 40 hours right?” The widest that is believable.")] = None
    why: Annotated[str | None, Attribute(
        "why it is asked", "wording", page="words", read_out="Why it matters", column="Why we ask", width=50,
        label="Why it matters", hint="Shown when somebody opens “Why we ask”.")] = None
    evidence: Annotated[str | None, Attribute(
        "what shows it", "wording", page="words", read_out="What could show it", column="Evidence", width=40, label="What could show it",
        hint=f"What would show that a good answer is true. Never the papers or the names of workers. Beside a name it has {LONGEST_EVIDENCE} characters or fewer.")] = None
    options: Annotated[tuple[Option, ...], Attribute(types=("choice", "choices", "scale", "yes_no_detail"), page="answers")] = ()
    cap: Annotated[Annotated[float, NumberType(least=0)] | None, Attribute(
        "the most points", types=("choices",), page="answers", column="Cap", width=7,
        label="The most points together", hint="Points of all ticked answers add up to this.")] = None
    bands: Annotated[tuple[NumberBand, ...], Attribute("the points by number", types=("number", "percentage"), page="answers")] = ()
    ticks: Annotated[tuple[TickStep, ...], Attribute("the points by ticks", types=("choices",), page="answers")] = ()
    rule: Annotated[NumberRule | None, Attribute("the sum behind it", types=("number",), page="answers", column="Rule")] = None
    steps: Annotated[tuple[RuleStep, ...], Attribute("the outcomes of its sum", types=("number",), page="answers")] = ()
    columns: Annotated[tuple[Column, ...], Attribute("the columns", types=("table",), page="answers")] = ()
    action: Annotated[Action | None, Attribute("what to do", page="action")] = None
    dk_action: Annotated[OwnAction, Attribute(
        "what to do when nobody knows", types=("number", "percentage"), page="action", column="Action for “don’t know”")] = None
    sources: Annotated[tuple[CapitalId, ...], Attribute(
        page="sources", label="What the question rests on", column="Sources", width=20,
        hint="At least one. Those ticked now come first. One that is missing is added under “Contacts, sources and lists”.")] = ()
    rev: Annotated[Count, Attribute("which time it means something new", "meaning", page="words", column="Revision", width=9)] = 1
    replaces: Annotated[Id | None, Attribute(
        "which question it takes over from", "meaning", page="takes_over", label="It takes the place of", column="Replaces",
        hint="Answers to the old question come along. The business is asked to confirm them.")] = None
    option_map: Annotated[Mapping[str, Id], Attribute(
        "which old answers it takes over", "meaning", page="takes_over", column="Option map", width=24)] = field(default_factory=dict)
    waived: Annotated[Mapping[Annotated[str, WordType(tuple(RemarkRule))], str], WORDING] = field(default_factory=dict)
    name: Annotated[Name | None, Attribute(
        "the name", "wording", page="words", read_out="Name", column="Name", width=30, label="Name",
        hint=f"The question in a few words, such as “Who keeps passports”: {LONGEST_NAME} characters or fewer.")] = None
    harm: Annotated[Harm | None, Attribute(
        "how grave it is", page="counts", label="How grave it is", hint="What is graver is done first.", column="Harm", width=7)] = None
    same_as: Annotated[Id | None, Attribute(
        "whose action is printed for it too", page="action", label="Whose action is printed for this one too", column="Same action as", width=18,
        hint="When two questions ask for the same step. The action of the other one is printed once, with both reasons. Either all of them wait for the helpline, or none.")] = None
    not_yet: Annotated[Sentence | None, Attribute(
        "what a poor answer means, in a sentence", "wording", page="words", read_out="What a poor answer means", column="Not yet", width=40,
        label="What a poor answer means, in a sentence",
        hint=f"It begins with “We have not yet”, and has {LONGEST_SENTENCE} characters or fewer. Only where no answer can raise a sign.")] = None
    # fmt: on


@dataclass(frozen=True, slots=True)
class Section:
    """One page of questions. `common` sections come before the sector's own."""

    id: Id
    title: Annotated[str, Attribute("the title", "wording")]
    questions: NonEmpty[Question]
    common: Annotated[bool, Where.COMPILED, Attribute("whether all sectors are asked", "structure")] = False


@dataclass(frozen=True, slots=True)
class Check:
    """A finding over several answers.

    Either `when` says it in a condition, or `rule` names a sum the engine knows and `inputs` the questions it reads.
    `unless` that is true silences it. A check has a `sign` or is a note.
    """

    id: CapitalId
    says: Annotated[str, WORDING]
    when: Annotated[When | None, Attribute("when it applies", "condition")] = None
    unless: Annotated[When | None, Attribute("when it does not apply", "condition")] = None
    rule: Id | None = None
    inputs: Annotated[Mapping[str, Id], Attribute("what its sum reads")] = field(default_factory=dict)
    sign: Sign | None = None
    ilo: tuple[Indicator, ...] = ()
    action: Action | None = None
    listed: bool = True
    """False for D4, which is the sign of its own question and is not listed beside it."""
    name: Annotated[Name | None, WORDING] = None
    harm: Harm | None = None
    same_as: Annotated[Id | None, Attribute(label="Whose action is printed for this one too")] = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One theme."""

    id: Id
    name: Annotated[str, WORDING]
    meaning: Annotated[str, Attribute("what it means", "wording")]


@dataclass(frozen=True, slots=True)
class BuyerGroup:
    """One bar of the buyer copy. It puts several dimensions together, so that no bar tells of one answer."""

    id: Id
    name: Annotated[str, WORDING]
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
    type: Annotated[FactType, Attribute(change="meaning")]
    ask: Annotated[str, WORDING]
    group: str
    hint: Annotated[str | None, WORDING] = None
    unit: Annotated[str | None, WORDING] = None
    options: tuple[Annotated[Option, FactOption], ...] = ()
    gate: Literal["foreign", "size"] | None = None
    gate_value: Annotated[bool | float, PlainType.BOOLEAN_OR_NUMBER] | None = None
    sources: tuple[FactSource, ...] = ()
    unless_said: Annotated[
        Mapping[str, bool], Attribute("what holds in a sector unless the business says otherwise")
    ] = field(default_factory=dict)
    """What holds in a sector, by bank, unless the business says otherwise."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A question before the facts: answering No settles those behind it. To what, each says itself (`Fact.gate_value`).

    `hint` belongs to the question: it says who must answer Yes for the settled values to be true.
    """

    id: Literal["foreign", "size"]
    ask: Annotated[str, WORDING]
    hint: Annotated[str | None, WORDING] = None


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
    title: Annotated[str, Attribute("the title", "wording")]
    jurisdiction: NonEmpty[str]
    status: DutyStatus
    force: DutyForce
    when: Annotated[When, Attribute(change="condition")]
    applies_to: str
    must_do: Annotated[tuple[Annotated[MustDo, OR_TEXT], ...], Attribute("what must be done")] = ()
    deadline: Annotated[Deadline, Attribute("the date it is due")]
    source: str
    url: Annotated[Url, Attribute("the address", "wording")]
    source_as_of: str
    evidence: Annotated[Literal["A", "B", "C", "D"], WORDING]
    confidence: Literal["high", "medium", "low"]
    key_number: str | None = None
    approver: str | None = None
    publish: str | None = None
    consequence: str | None = None
    in_force_from: str | None = None
    more_urls: tuple[Url, ...] = ()
    unverified: str | None = None
    reviewed_by: Annotated[str | None, Attribute("who has reviewed it")] = None
    reviewed_on: Annotated[Day | None, Attribute("when it was reviewed")] = None
    # fmt: off
    line: Annotated[
        Annotated[str, TextType(LONGEST_LINE)] | None, Attribute("what binds, in a line", "wording")] = None
    amount: Annotated[Annotated[str, TextType(LONGEST_AMOUNT)] | None, Attribute("the amount", "wording")] = None
    penalty: Annotated[Annotated[str, TextType(LONGEST_PENALTY)] | None, Attribute("the penalty", "wording")] = None
    read: Annotated[Annotated[str, TextType(LONGEST_READ)] | None, Attribute("where to read it", "wording")] = None
    # fmt: on


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
    document: Annotated[str, WORDING]
    url: Annotated[Url, WORDING]
    how_far_read: Annotated[str, Attribute("how far it was read", "wording")]


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
