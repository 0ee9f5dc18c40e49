"""Two editions of a bank compared by id (what changed, in words, of which kind), and answers carried over from one to the other: which stay, need confirming or are left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeVar

from assess.engine.bank import Action, Answers, AnswerValue, Edition, Question
from assess.engine.conditions import Condition
from assess.engine.in_words import EditionNames, condition_in_words, edition_names
from assess.engine.question_types import QUESTION_TYPES
from assess.engine.schema import object_fields


class ChangeKind(StrEnum):
    """What a change may do. The first that fits, in this order, is the change's class."""

    STRUCTURE = "structure"
    """Something came, went or moved."""
    MEANING = "meaning"
    """It is not the same question any more: answers have to be confirmed."""
    CONDITION = "condition"
    """Others see it."""
    POINTS = "points"
    """The same answers may give another score, sign or action."""
    WORDING = "wording"
    """The same thing in other words."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` is the kind of thing (question, option …), `where` its id, `title` what people call it, `part` what of it changed.

    `before` and `after` are in words, None where there was or is nothing.
    """

    what: str
    where: str
    title: str
    part: str
    kind: ChangeKind
    before: str | None
    after: str | None


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=_HasId)


def differences(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Everything that differs, in the order of the new edition; what is gone comes after what is there."""
    before, after = edition_names(old), edition_names(new)
    found = [
        *_list_changes("section", old.sections, new.sections, before, after, leave=("questions",)),
        *_question_changes(old, new, before, after),
        *_list_changes("check", old.checks, new.checks, before, after),
        *_list_changes("dimension", old.dimensions, new.dimensions, before, after),
        *_list_changes("group", old.groups, new.groups, before, after),
        *_list_changes("source", tuple(old.sources.values()), tuple(new.sources.values()), before, after),
        *_list_changes("gate", old.duty_book.gates, new.duty_book.gates, before, after),
        *_list_changes("fact", old.duty_book.facts, new.duty_book.facts, before, after),
        *_list_changes("duty", old.duty_book.duties, new.duty_book.duties, before, after),
        *_mapping_changes("owner", old.owners, new.owners),
        *_term_changes(old, new, before, after),
    ]
    if old.title != new.title:
        found.insert(0, Change("bank", new.bank, new.title, "title", ChangeKind.WORDING, old.title, new.title))
    return tuple(found)


def _question_changes(old: Edition, new: Edition, before: EditionNames, after: EditionNames) -> Iterator[Change]:
    homes = {question.id: section.id for section in old.sections for question in section.questions}
    for section in new.sections:
        for question in section.questions:
            home = homes.get(question.id)
            if home is not None and home != section.id:
                yield Change("question", question.id, question.ask, "section", ChangeKind.STRUCTURE, home, section.id)
    for was, now in _pairs(old.questions(), new.questions()):
        yield from _item_changes("question", was, now, before, after, leave=("options",))
        if was is not None and now is not None:
            yield from _list_changes("option", was.options, now.options, before, after, inside=f"{now.id}.")
    yield from _moved_items("question", old.questions(), new.questions())


def _list_changes(
    what: str,
    old: Sequence[Item],
    new: Sequence[Item],
    before: EditionNames,
    after: EditionNames,
    *,
    leave: Sequence[str] = (),
    inside: str = "",
) -> Iterator[Change]:
    for was, now in _pairs(old, new):
        yield from _item_changes(what, was, now, before, after, leave=leave, inside=inside)
    yield from _moved_items(what, old, new, inside)


def _pairs(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    was = {one.id: one for one in old}
    now = {one.id for one in new}
    yield from ((was.get(one.id), one) for one in new)
    yield from ((one, None) for one in old if one.id not in now)


def _item_changes(
    what: str,
    was: Item | None,
    now: Item | None,
    before: EditionNames,
    after: EditionNames,
    *,
    leave: Sequence[str] = (),
    inside: str = "",
) -> Iterator[Change]:
    if was is None or now is None:
        for thing, said_of in ((was, (_title(was), None)), (now, (None, _title(now)))):
            if thing is not None:
                yield Change(what, f"{inside}{thing.id}", _title(thing), "whole", ChangeKind.STRUCTURE, *said_of)
        return
    where, title = f"{inside}{now.id}", _title(now)
    for one in object_fields(type(now)):
        old_value, new_value = getattr(was, one.name), getattr(now, one.name)
        if one.name not in leave and old_value != new_value:
            values = _value_in_words(old_value, before), _value_in_words(new_value, after)
            yield Change(what, where, title, one.name, ChangeKind(one.about.change), *values)


def _moved_items(what: str, old: Sequence[Item], new: Sequence[Item], inside: str = "") -> Iterator[Change]:
    """Those that stand elsewhere among the ones both have: as few as possible."""
    here = {one.id: place for place, one in enumerate(old)}
    both = [one for one in new if one.id in here]
    stay = _longest_increasing([here[one.id] for one in both])
    for one in both:
        if here[one.id] not in stay:
            places = f"number {here[one.id] + 1}", f"number {[other.id for other in new].index(one.id) + 1}"
            yield Change(what, f"{inside}{one.id}", _title(one), "place", ChangeKind.STRUCTURE, *places)


def _longest_increasing(numbers: Sequence[int]) -> frozenset[int]:
    """The most numbers that stand in rising order as they are: those did not move."""
    best: list[list[int]] = []
    for number in numbers:
        before: list[int] = max((rise for rise in best if rise[-1] < number), key=len, default=[])
        best.append([*before, number])
    longest: list[int] = max(best, key=len, default=[])
    return frozenset(longest)


def _mapping_changes(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if was != now:
            kind = ChangeKind.WORDING if was is not None and now is not None else ChangeKind.STRUCTURE
            yield Change(what, name, now or was or name, "name", kind, was, now)


def _term_changes(old: Edition, new: Edition, before: EditionNames, after: EditionNames) -> Iterator[Change]:
    was, now = old.duty_book.terms, new.duty_book.terms
    for name in [*now, *(name for name in was if name not in now)]:
        if was.get(name) != now.get(name):
            kind = ChangeKind.CONDITION if name in was and name in now else ChangeKind.STRUCTURE
            values = [
                condition_in_words(terms[name], names) if name in terms else None
                for terms, names in ((was, before), (now, after))
            ]
            yield Change("term", name, name, "meaning", kind, *values)


def _title(thing: object) -> str:
    for name in ("ask", "label", "title", "says", "name", "document", "id"):
        text = getattr(thing, name, None)
        if text:
            return str(text)
    return ""


def _value_in_words(value: object, names: EditionNames) -> str | None:  # one way of saying for each kind of value
    if value is None or value == ():
        return None
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, Condition):
        return condition_in_words(value, names)
    if isinstance(value, Action):
        return _action_in_words(value)
    if isinstance(value, tuple):
        return "; ".join(str(_value_in_words(one, names)) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_value_in_words(one, names)}" for name, one in value.items()) or None
    if hasattr(value, "__slots__"):
        return ", ".join(
            f"{name.replace('_', ' ')} {words}"
            for name in value.__slots__
            if (words := _value_in_words(getattr(value, name), names))
        )
    return f"{value}"


def _action_in_words(action: Action) -> str:
    when = "at once" if action.priority == "immediate" else f"within {action.priority} days"
    more = "; only after advice" if action.after_advice else ""
    more += "" if action.reaches is None else f"; brings {action.reaches}"
    title = f"{action.title}: " if action.title else ""
    return f"{title}{action.do} ({when}; {action.owner}; effort {action.effort}{more})"


class CarryOverReason(StrEnum):
    MEANING = "meaning"
    """The question has the same name and means something else: its `rev` is higher."""
    OPTIONS = "options"
    """One of several chosen options is no longer there."""
    OPTION = "option"
    """The one chosen option is no longer there."""
    TYPE = "type"
    """It is asked in another way: a number that was a choice."""
    REPLACED = "replaced"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class AnswerToConfirm:
    """An answer that went along and has to be confirmed. `came_from` is the id of the old question."""

    value: AnswerValue
    came_from: str
    reason: CarryOverReason


@dataclass(frozen=True, slots=True)
class CarriedAnswers:
    """What became of each answer.

    `kept` and `confirm` are by the id of the new question, `left_behind` by the id of the old one with its old answer. An answer in `confirm` is
    filled in for the person and counts as not answered until they say that it is right.
    """

    kept: Mapping[str, AnswerValue]
    confirm: Mapping[str, AnswerToConfirm]
    left_behind: Mapping[str, CarryOverReason]


def carry_over(old: Edition, new: Edition, answers: Answers) -> CarriedAnswers:
    """What each answer to the old edition is worth in the new one. An answer to a question the old one does not know is left behind."""
    (before, _), (after, heirs) = _questions_and_successors(old), _questions_and_successors(new)
    kept: dict[str, AnswerValue] = {}
    confirm: dict[str, AnswerToConfirm] = {}
    left: dict[str, CarryOverReason] = {}
    for name, given in answers.items():
        was, now = before.get(name), after.get(name) or heirs.get(name)
        value = given if was is None or now is None else QUESTION_TYPES[now.type].taken_from(was.type, given)
        one = _carry_answer(before.get(name), after.get(name), heirs.get(name), value)
        if isinstance(one, CarryOverReason):
            left[name] = one
        elif isinstance(one, AnswerToConfirm):
            confirm[heirs[name].id if one.reason is CarryOverReason.REPLACED else name] = one
        else:
            kept[name] = value
    return CarriedAnswers(kept, confirm, left)


@dataclass(frozen=True, slots=True)
class CarryOverEffects:
    """What may become of answers between two editions, whoever gave them: by the id of the old question, in the order of asking.

    A question is in both where it depends on the answer: of several chosen options all may be gone, or only some.
    """

    left_behind: Mapping[str, CarryOverReason]
    """Some answer to it stays behind."""
    confirm: Mapping[str, CarryOverReason]
    """Some answer to it goes along and has to be confirmed."""


def carry_over_effects(old: Edition, new: Edition) -> CarryOverEffects:
    """What `carry_over` makes of the answers that can fare differently."""
    left: dict[str, CarryOverReason] = {}
    confirm: dict[str, CarryOverReason] = {}
    for question in old.questions():
        for answer in QUESTION_TYPES[question.type].samples(question):
            carried = carry_over(old, new, {question.id: answer})
            left |= carried.left_behind
            confirm |= {one.came_from: one.reason for one in carried.confirm.values()}
    return CarryOverEffects(left, confirm)


def answers_for_edition(edition: Edition, answers: Mapping[str, object]) -> dict[str, object]:
    """Answers of a file that was written for an earlier edition, under the ids of this one; what nobody can tell stays as it is.

    An answer to a question that another one replaced goes there, unless that has one; an option that is called something else now gets its new id;
    one answer is the only one of several, where several may be chosen now.
    """
    questions, heirs = _questions_and_successors(edition)
    made: dict[str, object] = {}
    for name, value in answers.items():
        heir = heirs.get(name) if name not in questions else None
        question = heir if heir is not None and heir.id not in answers else questions.get(name)
        made[name if question is None else question.id] = (
            value if question is None else _with_new_option_ids(question, value)
        )
    return made


def question_ids_for_edition(edition: Edition, names: Sequence[object]) -> list[object]:
    questions, heirs = _questions_and_successors(edition)
    return [
        heirs[name].id if isinstance(name, str) and name not in questions and name in heirs else name for name in names
    ]


def _with_new_option_ids(question: Question, value: object) -> object:
    kind, known = QUESTION_TYPES[question.type], {option.id for option in question.options}
    renamed = kind.renamed(value, lambda one: one if one in known else question.option_map.get(one, one))
    return [renamed] if kind.several and isinstance(renamed, str) and renamed in known else renamed


@lru_cache(maxsize=64)
def _questions_and_successors(edition: Edition) -> tuple[Mapping[str, Question], Mapping[str, Question]]:
    """The questions by id, and those that take over from another by the id of that one. Thousands of answers go along between two editions."""
    questions = edition.questions()
    return {one.id: one for one in questions}, {one.replaces: one for one in questions if one.replaces is not None}


def _carry_answer(
    old: Question | None, same: Question | None, heir: Question | None, value: AnswerValue
) -> AnswerToConfirm | CarryOverReason | None:
    """None: it goes along as it is."""
    if old is None:
        return CarryOverReason.GONE
    if same is None:
        return CarryOverReason.GONE if heir is None else _carry_to_successor(old, heir, value)
    if old.type not in {same.type, *QUESTION_TYPES[same.type].takes}:
        return CarryOverReason.TYPE
    rest = QUESTION_TYPES[same.type].still_offered(same, value)
    if rest is None:
        return CarryOverReason.OPTION
    if same.rev > old.rev:
        return AnswerToConfirm(rest, old.id, CarryOverReason.MEANING)
    return None if rest == value else AnswerToConfirm(rest, old.id, CarryOverReason.OPTIONS)


def _carry_to_successor(old: Question, heir: Question, value: AnswerValue) -> AnswerToConfirm | CarryOverReason:
    if old.type not in {heir.type, *QUESTION_TYPES[heir.type].takes}:
        return CarryOverReason.TYPE
    renamed = QUESTION_TYPES[heir.type].renamed(value, lambda one: heir.option_map.get(one, one))
    rest = QUESTION_TYPES[heir.type].still_offered(heir, renamed)
    return CarryOverReason.OPTION if rest is None else AnswerToConfirm(rest, old.id, CarryOverReason.REPLACED)
