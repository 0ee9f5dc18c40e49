"""A new question in full, and a change in words: the part changed and what its class means for businesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assess.bank_editor.questions.fields import (
    EFFORT_CHOICES,
    FLAG_WORDS,
    HARM_WORDS,
    KIND_WORDS,
    PRIORITY_CHOICES,
    QUESTION_FIELDS,
    TYPE_WORDS,
)
from assess.engine.bank import (
    Check,
    Dimension,
    Duty,
    Edition,
    Fact,
    NumberBand,
    Option,
    OwnAction,
    Question,
    RuleStep,
    Section,
    Source,
    TickStep,
)
from assess.engine.edition_changes import Change, ChangeKind
from assess.engine.in_words import condition_in_words, edition_names
from assess.engine.problems import DocumentPath
from assess.engine.schema import object_fields

LabelledTexts = Sequence[tuple[str, Sequence[str]]]
"""What a part is called, and a line for each thing it says."""


def texts_read_out(question: Question) -> Sequence[tuple[str, str, str]]:
    """What the marks of its attributes have read out: the key, the heading, and what it says."""
    return [
        (one.key, one.about.read_out, "Yes" if value is True else str(value))
        for one in QUESTION_FIELDS
        if one.about.read_out and (value := getattr(question, one.name)) is not None and value is not False
    ]


def full_question_text(question: Question, edition: Edition) -> LabelledTexts:
    themes = {one.id: one.name for one in edition.dimensions}
    asked = condition_in_words(question.show_if, edition_names(edition))
    parts: tuple[tuple[str, Sequence[str | None]], ...] = (
        ("When it is asked", [asked[0].upper() + asked[1:]]),
        *((heading, [text]) for _, heading, text in texts_read_out(question)),
        ("How it is answered", [dict(TYPE_WORDS)[question.type]]),
        ("What it is about", [dict(KIND_WORDS)[question.kind]]),
        ("Theme", [themes.get(question.dimension)]),
        ("How grave it is", [HARM_WORDS.get(question.harm or 0)]),
        ("Answers", list(_answers(question, edition))),
        ("What the number counts", [question.unit]),
        ("Typed as", ["A whole number" if question.whole else None]),
        ("Asked back", [_likely_text(question)]),
        ("The most points together", [None if question.cap is None else f"{question.cap:g}"]),
        ("Columns", [one.label for one in question.columns]),
        ("What to do", [action_in_words(question.action, edition)]),
        ("What to do when nobody knows", [action_in_words(question.dk_action, edition)]),
        ("Printed with the action of", [question_name(question.same_as, edition) if question.same_as else None]),
        ("Quick check", ["It is in it" if question.quick else None]),
        ("Sources", [edition.sources[one].document for one in question.sources if one in edition.sources]),
    )
    kept = ((label, [line for line in lines if line]) for label, lines in parts)
    return [(label, lines) for label, lines in kept if lines]


def _likely_text(question: Question) -> str | None:
    low, high = question.likely_from, question.likely_to
    limits = [f"below {low:g}" if low else "", f"above {high:g}" if high is not None else ""]
    return " or ".join(filter(None, limits)).capitalize() or None


def answer_in_words(one: Option, edition: Edition) -> str:
    """An answer to choose with what it is worth: “Others too”: 2 points, serious sign."""
    return _with_points(f"“{one.label}”", one, edition)


AnswerText = tuple[str, str, str, str, tuple[str, ...], DocumentPath]
"""A part of an answer: its key, what it is called, what it says in words, a mark of it, the texts an author wrote there, and its place in the question."""


def answers_of(question: Question, edition: Edition) -> Iterator[AnswerText]:
    outcomes: list[tuple[str, DocumentPath, str, str, Option | NumberBand | RuleStep]] = [
        (f"option {one.id}", ("options", index), f"“{one.label}”", one.label, one)
        for index, one in enumerate(question.options)
    ]
    outcomes += [
        (f"band {one.up_to}", ("bands", index), _band(one), "", one) for index, one in enumerate(question.bands)
    ]
    outcomes += [(f"step {one.id}", ("steps", index), _step(one), "", one) for index, one in enumerate(question.steps)]
    for key, place, called, label, one in outcomes:
        bare, texts = replace(one, action=None), tuple(text for text in (label, one.says) if text)
        yield key, f"Answer {called}", _with_points(called, bare, edition), repr(bare), texts, place
    for ticks in question.ticks:
        said, says = _ticks(ticks), (ticks.says,) if ticks.says else ()
        yield f"ticks {ticks.at_least}", "Points by ticks", said, repr(ticks), says, ("ticks",)
    actions: list[tuple[str, DocumentPath, str, OwnAction]] = [
        ("action", ("action",), "What to do", question.action),
        ("dk_action", ("dk_action",), "What to do when nobody knows", question.dk_action),
        *(
            (f"{key} action", (*place, "action"), f"What to do: {called}", one.action)
            for key, place, called, _, one in outcomes
        ),
    ]
    for key, place, called, action in actions:
        said_of = action_in_words(action, edition)
        if said_of is not None:
            written = (action.title, action.do) if action else ()
            yield key, called, said_of, repr(action), tuple(text for text in written if text), place


def _answers(question: Question, edition: Edition) -> Iterator[str]:
    for option in question.options:
        yield answer_in_words(option, edition)
    for band in question.bands:
        yield _with_points(_band(band), band, edition)
    yield from map(_ticks, question.ticks)
    for step in question.steps:
        yield _with_points(_step(step), step, edition)


def _band(band: NumberBand) -> str:
    return "More than that" if band.up_to is None else f"Up to {band.up_to:g}"


def _step(step: RuleStep) -> str:
    return step.id.replace("_", " ").capitalize()


def _ticks(ticks: TickStep) -> str:
    says = f", “{ticks.says}”" if ticks.says else ""
    return f"{ticks.at_least} ticks or more: {_points(ticks.points)}{says}"


def _with_points(words: str, one: Option | NumberBand | RuleStep, edition: Edition) -> str:
    titles = {duty.id: duty.title for duty in edition.duty_book.duties}
    more = [
        "" if one.points is None else _points(one.points),
        f"{one.sign} sign" if one.sign else "",
        *([words for name, words in FLAG_WORDS.items() if getattr(one, name)] if isinstance(one, Option) else ()),
        f"against the law: {titles.get(one.breach, one.breach)}" if one.breach else "",
        f"“{one.says}”" if one.says else "",
        action_in_words(one.action, edition) or "",
    ]
    said = ", ".join(part for part in more if part)
    return f"{words}: {said}" if said else words


def question_name(name: str, edition: Edition) -> str:
    return next((one.name or one.ask for one in edition.questions() if one.id == name), name)


def _points(points: float) -> str:
    return f"{points:g} point{'' if points == 1 else 's'}"


def action_in_words(action: OwnAction, edition: Edition) -> str | None:
    if action is None or action is False:
        return None if action is None else NO_ACTION_WORDS
    within = dict(PRIORITY_CHOICES).get(str(action.priority), f"Within {action.priority} days")
    who = edition.owners.get(action.owner, action.owner)
    more = ". Only after calling the helpline" if action.after_advice else ""
    more += "" if action.reaches is None else f". It brings {action.reaches}"
    title = f"{action.title}: " if action.title else ""
    return f"{title}{action.do} ({within}. {who}. {dict(EFFORT_CHOICES)[action.effort]}{more}.)"


CLASS_TEXTS: Mapping[ChangeKind, tuple[str, str]] = {
    ChangeKind.STRUCTURE: (
        "Something came, went or moved",
        "Businesses that start from now on see another set of questions or answers. An answer to something that went stays in the old plan.",
    ),
    ChangeKind.MEANING: (
        "A question means something else",
        "An answer given before is not taken as an answer to it. A business that moves to the new edition is asked to confirm it.",
    ),
    ChangeKind.CONDITION: (
        "Something applies to others",
        "Some businesses see a question, or are told of a duty, that they were not told of before, or the other way round.",
    ),
    ChangeKind.POINTS: (
        "Points, signs or actions",
        "The same answers may give another score, another sign or other things to do.",
    ),
    ChangeKind.WORDING: ("Other words", "It is the same thing in other words. No answer and no score changes."),
}
"""A heading for each class, and what it means for businesses."""

_PART_LABELS: Mapping[str, str] = {
    "section": "the section it is in",
    "place": "its place",
    **{
        one.name: one.about.said
        for cls in (Question, Option, RuleStep, Section, Check, Dimension, Fact, Duty, Source)
        for one in object_fields(cls)
        if one.about.said
    },
}
_THING_LABELS: Mapping[str, str] = {
    "option": "answer",
    "term": "shorthand",
    "owner": "who does it",
    "group": "bar for buyers",
}
NOTHING_WORD = "nothing"
NO_ACTION_WORDS = "nothing is to be done"


def part_in_words(change: Change) -> str:
    """What of it changed: “the hint”, “answer “Yes”: the points”, “question: new”."""
    thing = _THING_LABELS.get(change.what, change.what)
    if change.part == "whole":
        done = "new" if change.before is None else "taken out"
        return f"{thing} “{change.title}”: {done}" if change.what != "question" else done
    said = _PART_LABELS.get(change.part, change.part.replace("_", " "))
    return said if change.what == "question" else f"{thing} “{change.title}”: {said}"


def value_in_words(change: Change, value: str | None) -> str:
    if change.part in {"action", "dk_action"} and value == "no":
        return NO_ACTION_WORDS
    return value or NOTHING_WORD
