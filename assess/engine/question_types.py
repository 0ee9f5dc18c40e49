"""Each type of question and of fact: which tests fit it, how it is scored, said in words and carried over. How people are asked stands in `question_banks/question_types.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import combinations
from types import MappingProxyType
from typing import Any, ClassVar, cast

from assess.engine.bank import DONT_KNOW, Answers, AnswerValue, Column, Edition, Question, kept_by_edition
from assess.engine.conditions import NoValue, Operand
from assess.engine.points import (
    AnswerScorer,
    ScoredAnswer,
    choices_scorer,
    is_exclusive_option,
    number_scorer,
    score_by_answer,
)
from assess.engine.problems import did_you_mean
from assess.engine.schema import object_fields
from assess.engine.settings import ScoringSettings

NOT_ANSWERED = "Not answered"
MAX_COMBINED_OPTIONS = 6
"""Up to so many options, every combination of them is tried; beyond, one at a time, pairs and all."""

Blanks = Mapping[object, ScoredAnswer | None]
"""What comes of an answer that is not there, by the reason."""
SettledScorer = Callable[[AnswerValue | NoValue], ScoredAnswer | None]
Renaming = Callable[[str], str]


class AnswerType:
    """One way to answer. What a type does not say for itself holds for a text that is kept as it is and never scored."""

    scored: ClassVar[bool] = False
    """Whether it may cost points. A question of another type is a fact."""
    has_options: ClassVar[bool] = False
    several: ClassVar[bool] = False
    """Whether several options may be chosen."""
    is_number: ClassVar[bool] = False
    largest: ClassVar[float] = float("inf")
    """The largest number it takes."""
    shareable: ClassVar[bool] = False
    """Whether a buyer may be shown an answer: it is picked or counted, and never free text."""
    comparisons: ClassVar[tuple[str, ...]] = ()
    """The tests of a condition that fit it. Whether it was asked can be read of every type."""
    operands: ClassVar[tuple[type, ...]] = (str,)
    operand_words: ClassVar[str] = "a text"
    """What it is compared with, unless it has options."""
    takes: ClassVar[tuple[str, ...]] = ()
    """Other types whose answers are carried over to it."""

    def lacking(self, question: Question) -> str:
        """What it needs and the question does not have: the end of a sentence. Empty: nothing."""
        return ""

    def scorer(self, question: Question, settings: ScoringSettings, blanks: Blanks) -> SettledScorer:
        raise NotImplementedError

    def without_detail(self, value: AnswerValue) -> AnswerValue:
        """What conditions, checks and scoring see of an answer."""
        return value

    def representatives(self, options: Sequence[str], operands: Sequence[Operand]) -> Sequence[object]:
        """Values that stand for all: no test with one of these operands tells another value apart."""
        return ["-"]

    def in_words(self, question: Question, value: AnswerValue) -> str | list[str]:
        """The answer as a person would read it: one text, or a list for several choices and for rows."""
        return "Don’t know" if value == DONT_KNOW else str(value)

    def takes_free_text(self, question: Question) -> bool:
        return False

    def free_text_paths(self, question: Question, answer: object, words: object) -> Iterator[str]:
        """Where free text stands in an answer (“/answer…”) and in the same in words (“/answer_text…”)."""
        return iter(())

    def renamed(self, value: Any, rename: Renaming) -> Any:  # noqa: ANN401  # an answer, perhaps of a file
        """The answer with the ids of its options as they are called now."""
        return value

    def taken_from(self, other: str, value: AnswerValue) -> AnswerValue:
        """An answer to a question of another type that it takes, as its own."""
        return value

    def still_offered(self, question: Question, value: AnswerValue) -> AnswerValue | None:
        """What is left of an answer when only what can still be answered counts. None: nothing is."""
        return value

    def samples(self, question: Question) -> list[AnswerValue]:
        """Whatever becomes of any answer in another edition becomes of one of these."""
        return [""]

    def read_example(self, name: str, value: Any, options: Sequence[str]) -> tuple[Any, str]:  # noqa: ANN401  # an answer as written
        """The answer of a worked example with option ids as text, and what is wrong with it ("" if nothing)."""
        return value, "" if isinstance(value, str) else f"“{name}” takes a text."


class Text(AnswerType):
    def takes_free_text(self, question: Question) -> bool:
        return True

    def free_text_paths(self, question: Question, answer: object, words: object) -> Iterator[str]:
        if isinstance(answer, str) and answer and answer != DONT_KNOW:
            yield from ("/answer", "/answer_text")


class Choice(AnswerType):
    scored = has_options = shareable = True
    comparisons: ClassVar[tuple[str, ...]] = ("is", "is_one_of")

    def lacking(self, question: Question) -> str:
        return "“options”, two or more" if len(question.options) < 2 else ""  # noqa: PLR2004  # one option is no choice

    def scorer(self, question: Question, settings: ScoringSettings, blanks: Blanks) -> SettledScorer:
        # one look-up per answer, and one shared line per option: most questions are of this kind
        return cast("SettledScorer", {**score_by_answer(question), **blanks}.__getitem__)

    def representatives(self, options: Sequence[str], operands: Sequence[Operand]) -> Sequence[object]:
        return list(options)

    def in_words(self, question: Question, value: AnswerValue) -> str | list[str]:
        labels = {DONT_KNOW: "Don’t know", **{option.id: option.label for option in question.options}}
        return (
            [labels.get(str(one), str(one)) for one in value]
            if isinstance(value, list)
            else labels.get(str(value), str(value))
        )

    def renamed(self, value: Any, rename: Renaming) -> Any:  # noqa: ANN401  # an answer, perhaps of a file
        if isinstance(value, list):
            return [rename(one) if isinstance(one, str) else one for one in value]
        return rename(value) if isinstance(value, str) else value

    def still_offered(self, question: Question, value: AnswerValue) -> AnswerValue | None:
        return value if any(option.id == value for option in question.options) else None

    def samples(self, question: Question) -> list[AnswerValue]:
        return [option.id for option in question.options]

    def read_example(self, name: str, value: Any, options: Sequence[str]) -> tuple[Any, str]:  # noqa: ANN401  # an answer as written
        if self.several != isinstance(value, list) or value == [] or isinstance(value, dict):
            return value, f"“{name}” takes {'a list of option ids' if self.several else 'one option id'}."
        words = [
            str(one) if isinstance(one, int) and not isinstance(one, bool) else one
            for one in (value if self.several else [value])
        ]
        stranger = next((word for word in words if word not in options), None)
        alone = next((word for word in words if len(words) > 1 and is_exclusive_option(str(word))), None)
        cause = "" if alone is None else f"“{alone}” stands alone: no other answer to “{name}” goes with it."
        if stranger is not None:
            cause = f"“{name}” has no option “{stranger}”{did_you_mean(str(stranger), options)}"
        return words if self.several else words[0], cause


class Choices(Choice):
    several = True
    comparisons = ("is", "includes", "includes_any")
    takes = ("choice", "scale")

    def scorer(self, question: Question, settings: ScoringSettings, blanks: Blanks) -> SettledScorer:
        return _settled(choices_scorer(question), blanks)

    def representatives(self, options: Sequence[str], operands: Sequence[Operand]) -> Sequence[object]:
        return list(_sets(options, operands))

    def taken_from(self, other: str, value: AnswerValue) -> AnswerValue:
        return [value] if other in self.takes and isinstance(value, str) else value

    def still_offered(self, question: Question, value: AnswerValue) -> AnswerValue | None:
        if not isinstance(value, list):
            return value
        known = {option.id for option in question.options}
        rest = list(dict.fromkeys(one for one in value if isinstance(one, str) and one in known))
        if len(rest) > 1 and any(is_exclusive_option(one) for one in rest):
            rest = [one for one in rest if not is_exclusive_option(one)]  # two old options became one that stands alone
        return rest or None

    def samples(self, question: Question) -> list[AnswerValue]:
        names = [option.id for option in question.options]
        # alone, an option is there or gone; together with others it may be all that an answer loses
        together = [name for name in names if not is_exclusive_option(name)]
        return [*([name] for name in names), *([together] if together else [])]


SCALE = ("never", "rarely", "sometimes", "often", "always")


class Scale(Choice):
    """How often: the same five steps in the same order, and “don’t know”."""

    def lacking(self, question: Question) -> str:
        steps = tuple(option.id for option in question.options if not is_exclusive_option(option.id))
        return "" if steps == SCALE else f"“options” with the ids {', '.join(SCALE)}, in this order"


class YesNoDetail(Choice):
    """Yes or no, and a few words about a yes. An answer is the id of its option, or `{"choice": id, "detail": text}`."""

    shareable = False
    takes = ("choice",)

    def lacking(self, question: Question) -> str:
        first = tuple(option.id for option in question.options)[:2]
        return "" if first == ("yes", "no") else "“options” that begin with yes and no"

    def without_detail(self, value: AnswerValue) -> AnswerValue:
        return str(value["choice"]) if isinstance(value, Mapping) else value

    def in_words(self, question: Question, value: AnswerValue) -> str | list[str]:
        label = super().in_words(question, self.without_detail(value))
        return [str(label), str(value["detail"])] if isinstance(value, Mapping) else label

    def takes_free_text(self, question: Question) -> bool:
        return True

    def free_text_paths(self, question: Question, answer: object, words: object) -> Iterator[str]:
        if isinstance(answer, Mapping):
            yield from ("/answer/detail", "/answer_text/1")

    def renamed(self, value: Any, rename: Renaming) -> Any:  # noqa: ANN401  # an answer, perhaps of a file
        return (
            {**value, "choice": rename(str(value.get("choice")))}
            if isinstance(value, Mapping)
            else super().renamed(value, rename)
        )

    def still_offered(self, question: Question, value: AnswerValue) -> AnswerValue | None:
        return None if super().still_offered(question, self.without_detail(value)) is None else value


class Number(AnswerType):
    scored = is_number = shareable = True
    comparisons = ("is", "at_least", "at_most", "more_than", "less_than")
    operands = (int, float)
    operand_words = "a number"

    def lacking(self, question: Question) -> str:
        scored = question.kind != "fact"
        return "“bands” (or a rule)" if scored and not question.bands and not question.rule else ""

    def scorer(self, question: Question, settings: ScoringSettings, blanks: Blanks) -> SettledScorer:
        return _settled(number_scorer(question, settings), blanks)

    def representatives(self, options: Sequence[str], operands: Sequence[Operand]) -> Sequence[object]:
        limits = [one for one in operands if isinstance(one, (int, float)) and not isinstance(one, bool)]
        # just below, at and just above each limit: more than that no test can tell apart
        near = {0.0, *(limit + step for limit in limits for step in (-0.5, 0, 0.5))}
        return [DONT_KNOW, *sorted(value for value in near if 0 <= value <= self.largest)]

    def in_words(self, question: Question, value: AnswerValue) -> str | list[str]:
        if isinstance(value, (int, float)):
            return number_text(value, self.unit(question))
        return super().in_words(question, value)

    def unit(self, question: Question) -> str | None:
        return question.unit

    def samples(self, question: Question) -> list[AnswerValue]:
        return [0]

    def read_example(self, name: str, value: Any, options: Sequence[str]) -> tuple[Any, str]:  # noqa: ANN401  # an answer as written
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        return value, "" if number or value == DONT_KNOW else f"“{name}” takes a number from 0, or dk."


class Percentage(Number):
    largest = 100

    def unit(self, question: Question) -> str | None:
        return "%"


class Date(AnswerType):
    comparisons = ("is", "before", "after")
    operand_words = "a date"

    def representatives(self, options: Sequence[str], operands: Sequence[Operand]) -> Sequence[object]:
        days: set[str] = set()
        for operand in operands:
            try:
                day = date.fromisoformat(str(operand))
                days |= {(day + timedelta(days=step)).isoformat() for step in (-1, 0, 1)}
            except (ValueError, OverflowError):
                continue
        return [DONT_KNOW, *(sorted(days) or ["2000-01-01"])]

    def in_words(self, question: Question, value: AnswerValue) -> str | list[str]:
        return super().in_words(question, value) if value == DONT_KNOW else format_day(str(value))


class Table(AnswerType):
    def lacking(self, question: Question) -> str:
        return "" if question.columns else "“columns”"

    def in_words(self, question: Question, value: AnswerValue) -> str | list[str]:
        return [_row_text(question.columns, row) for row in _rows(value)] or ["None listed"]

    def takes_free_text(self, question: Question) -> bool:
        return any(column.type == "text" for column in question.columns)

    def free_text_paths(self, question: Question, answer: object, words: object) -> Iterator[str]:
        rows = answer if isinstance(answer, list) else []
        in_words = isinstance(words, list) and len(words) == len(rows)
        for number, row in enumerate(rows):
            free = [column.id for column in question.columns if column.type == "text" and row.get(column.id)]
            yield from (f"/answer/{number}/{column}" for column in free)
            if free and in_words:
                yield f"/answer_text/{number}"

    def still_offered(self, question: Question, value: AnswerValue) -> AnswerValue | None:
        return [_offered_row(question.columns, row) for row in _rows(value)] if isinstance(value, list) else value

    def samples(self, question: Question) -> list[AnswerValue]:
        """Every column is filled in, and every option of it is chosen in some row."""
        cells = {one.id: [option.id for option in one.options] or ["no id of an option"] for one in question.columns}
        height = max(map(len, cells.values()), default=0)
        rows: list[dict[str, object]] = [
            {name: several[row % len(several)] for name, several in cells.items()} for row in range(height)
        ]
        return [rows]

    def read_example(self, name: str, value: Any, options: Sequence[str]) -> tuple[Any, str]:  # noqa: ANN401  # an answer as written
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        return value, "" if rows else f"“{name}” takes a list of rows, [] if there are none."


class YesNo(AnswerType):
    """A fact alone is of this type: true or false."""

    comparisons = ("is",)
    operands = (bool,)
    operand_words = "true or false"

    def representatives(self, options: Sequence[str], operands: Sequence[Operand]) -> Sequence[object]:
        return [True, False]


QUESTION_TYPES: Mapping[str, AnswerType] = MappingProxyType(
    {
        "choice": Choice(),
        "choices": Choices(),
        "scale": Scale(),
        "yes_no_detail": YesNoDetail(),
        "number": Number(),
        "percentage": Percentage(),
        "date": Date(),
        "text": Text(),
        "table": Table(),
    }
)
ANSWER_TYPES: Mapping[str, AnswerType] = MappingProxyType({**QUESTION_TYPES, "money": Number(), "yes_no": YesNo()})
"""With the types that facts alone have."""

CHOICE_TYPES = frozenset(name for name, one in QUESTION_TYPES.items() if one.has_options)
NUMBER_TYPES = frozenset(name for name, one in QUESTION_TYPES.items() if one.is_number)
TYPES_BY_KEY: Mapping[str, tuple[str, ...]] = {
    one.key: one.about.types for one in object_fields(Question) if one.about.types
}
"""The types of question that a key fits; every other key fits all types."""


def answer_scorer(question: Question, settings: ScoringSettings) -> AnswerScorer:
    """Raises KeyError or TypeError for an answer that the question does not offer. Facts have no scorer."""
    return cast("AnswerScorer", QUESTION_TYPES[question.type].scorer(question, settings, MappingProxyType({})))


def answer_text(question: Question, value: AnswerValue | None) -> str | list[str]:
    """The answer as a person would read it: one text, or a list for several choices and for rows."""
    return NOT_ANSWERED if value is None else QUESTION_TYPES[question.type].in_words(question, value)


def number_text(value: float, unit: str | None) -> str:
    """A number with its unit: "£13.80 an hour" for the unit "£ an hour", "46 hours" for "hours"."""
    if unit and unit.startswith("£"):
        rest = unit[1:].strip()
        return f"£{_to_pence(value):,.2f} {rest}".strip()
    plain = f"{_to_pence(value):,.2f}".rstrip("0").rstrip(".")
    if unit == "%":
        return f"{plain}%"
    return f"{plain} {unit}" if unit else plain


_PENNY, _ANY_LENGTH = Decimal("0.01"), Context(prec=400)


def _to_pence(value: float) -> Decimal:
    """Two decimals, rounded as people do: a float of 8.555 is a little less than it says."""
    return Decimal(repr(value)).quantize(_PENNY, ROUND_HALF_UP, _ANY_LENGTH)


def answers_without_details(edition: Edition, answers: Answers) -> Answers:
    """The answers as conditions, checks and scoring see them."""
    types = _types_with_details(edition)
    if not types:
        return answers
    return {**answers, **{name: one.without_detail(answers[name]) for name, one in types.items() if name in answers}}


@kept_by_edition
def _types_with_details(edition: Edition) -> Mapping[str, AnswerType]:
    types = {question.id: QUESTION_TYPES[question.type] for question in edition.questions()}
    return {name: one for name, one in types.items() if type(one).without_detail is not AnswerType.without_detail}


MAX_KEPT_SCORES = 256
"""How many different answers to one question are scored once only."""


def _settled(scorer: AnswerScorer, blanks: Blanks) -> SettledScorer:
    kept: dict[object, ScoredAnswer] = {}

    def score(answer: AnswerValue | NoValue) -> ScoredAnswer | None:
        if isinstance(answer, NoValue):
            return blanks[answer]
        # with its class: 1 and 1.0 are written differently
        key = tuple(answer) if isinstance(answer, list) else (answer.__class__, answer)
        found = kept.get(key)
        if found is None:
            if len(kept) >= MAX_KEPT_SCORES:
                kept.clear()
            # a list of its own: whoever gave the answer may go on to change theirs
            found = kept[key] = scorer(answer.copy() if isinstance(answer, list) else answer)
        return found

    return score


def _sets(options: Sequence[str], operands: Iterable[Operand]) -> Iterator[object]:
    """Choices that the tests can tell apart: those named in every combination, with and without one that is not named."""
    named = {word for operand in operands for word in (operand if isinstance(operand, tuple) else (operand,))}
    alone = [option for option in options if is_exclusive_option(option)]
    together = [option for option in options if option in named and not is_exclusive_option(option)]
    others = [option for option in options if option not in named and not is_exclusive_option(option)][:1]
    sizes = range(len(together) + 1) if len(together) <= MAX_COMBINED_OPTIONS else (0, 1, 2, len(together))
    for size in sizes:
        for chosen in combinations(together, size):
            for more in ([], others) if others else ([],):
                if chosen or more:
                    yield [*chosen, *more]
    for option in alone:
        yield [option]
    for operand in operands:
        if isinstance(operand, tuple) and set(operand) <= set(options) and not any(map(is_exclusive_option, operand)):
            yield list(operand)


def _rows(value: object) -> list[dict[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _row_text(columns: Sequence[Column], row: Mapping[str, object]) -> str:
    return "; ".join(_cell_text(column, row[column.id]) for column in columns if row.get(column.id) not in {None, ""})


_IN_POUNDS = ", in pounds"
"""Ends the name of a column with money, which has no unit of its own."""


def _cell_text(column: Column, value: object) -> str:
    label = column.label
    if isinstance(value, (int, float)):
        unit = "£" if label.endswith(_IN_POUNDS) else None
        return f"{label.removesuffix(_IN_POUNDS)}: {number_text(value, unit)}"
    labels = {option.id: option.label for option in column.options}
    said = format_day(str(value)) if column.type == "date" else labels.get(str(value), str(value))
    return f"{label}: {said}"


def format_day(iso: str) -> str:
    """“24 November 2026” for "2026-11-24"; what is no date stays as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B %Y}"


def _offered_row(columns: Sequence[Column], row: Mapping[str, object]) -> dict[str, object]:
    return {
        column.id: row[column.id]
        for column in columns
        if column.id in row
        and (not column.options or row[column.id] in {None, "", *(option.id for option in column.options)})
    }
