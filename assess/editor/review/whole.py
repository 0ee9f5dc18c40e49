"""A question that is new, read out whole: whoever publishes it has to see its answers, points and actions, and not its words alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assess.editor.questions.actions import EFFORTS, WITHIN
from assess.editor.questions.words import FLAG_WORDS, HARM_WORDS, KIND_WORDS, TYPE_WORDS
from assess.editor.review.wording import ON_PURPOSE
from assess.engine.bank import Edition, NumberBand, Option, OwnAction, Question, RuleStep
from assess.engine.conditions_in_words import condition_in_words, names_of

Said = Sequence[tuple[str, Sequence[str]]]
"""What a part is called, and a line for each thing it says."""


def whole_of(question: Question, edition: Edition) -> Said:
    """Every part of a question that says something, in words."""
    themes = {one.id: one.name for one in edition.dimensions}
    asked = condition_in_words(question.show_if, names_of(edition))
    told: tuple[tuple[str, Sequence[str | None]], ...] = (
        ("When it is asked", [asked[0].upper() + asked[1:]]),
        ("Name", [question.name]),
        ("The hint", [question.hint]),
        ("Why it matters", [question.why]),
        ("What could show it", [question.evidence]),
        ("What a poor answer means", [question.not_yet]),
        ("How it is answered", [dict(TYPE_WORDS)[question.type]]),
        ("What it is about", [dict(KIND_WORDS)[question.kind]]),
        ("Theme", [themes.get(question.dimension)]),
        ("How grave it is", [HARM_WORDS.get(question.harm or 0)]),
        ("Answers", list(_answers(question, edition))),
        ("What the number counts", [question.unit]),
        ("The most points together", [None if question.cap is None else f"{question.cap:g}"]),
        ("Columns", [one.label for one in question.columns]),
        ("What to do", [_action(question.action, edition)]),
        ("What to do when nobody knows", [_action(question.dk_action, edition)]),
        ("Printed with the action of", [_named(question.same_as, edition)]),
        ("Quick check", ["It is in it" if question.quick else None]),
        ("Sources", [edition.sources[one].document for one in question.sources if one in edition.sources]),
    )
    kept = ((label, [line for line in lines if line]) for label, lines in told)
    return [(label, lines) for label, lines in kept if lines]


def answer_in_words(one: Option, edition: Edition) -> str:
    """An answer to choose with what it is worth: “Others too”: 2 points, serious sign."""
    return _worth(f"“{one.label}”", one, edition)


def _answers(question: Question, edition: Edition) -> Iterator[str]:
    for option in question.options:
        yield answer_in_words(option, edition)
    for band in question.bands:
        yield _worth("More than that" if band.up_to is None else f"Up to {band.up_to:g}", band, edition)
    for ticks in question.ticks:
        says = f", “{ticks.says}”" if ticks.says else ""
        yield f"{ticks.at_least} ticks or more: {_points(ticks.points)}{says}"
    for step in question.steps:
        yield _worth(step.id.replace("_", " ").capitalize(), step, edition)


def _worth(words: str, one: Option | NumberBand | RuleStep, edition: Edition) -> str:
    more = [
        "" if one.points is None else _points(one.points),
        f"{one.sign} sign" if one.sign else "",
        *(_marks(one) if isinstance(one, Option) else ()),
        _against(one.breach, edition),
        f"“{one.says}”" if one.says else "",
        _action(one.action, edition) or "",
    ]
    said = ", ".join(part for part in more if part)
    return f"{words}: {said}" if said else words


def _marks(option: Option) -> list[str]:
    return [words for name, words in FLAG_WORDS.items() if getattr(option, name)]


def _against(breach: str | None, edition: Edition) -> str:
    titles = {duty.id: duty.title for duty in edition.duty_book.duties}
    return f"against the law: {titles.get(breach, breach)}" if breach else ""


def _named(name: str | None, edition: Edition) -> str | None:
    return next((one.name or one.ask for one in edition.questions() if one.id == name), name)


def _points(points: float) -> str:
    return f"{points:g} point{'' if points == 1 else 's'}"


def _action(action: OwnAction, edition: Edition) -> str | None:
    if action is None:
        return None
    if action is False:
        return ON_PURPOSE
    within = dict(WITHIN).get(str(action.priority), f"Within {action.priority} days")
    who = edition.owners.get(action.owner, action.owner)
    more = ". Only after calling the helpline" if action.after_advice else ""
    more += "" if action.reaches is None else f". It brings {action.reaches}"
    title = f"{action.title}: " if action.title else ""
    return f"{title}{action.do} ({within}. {who}. {dict(EFFORTS)[action.effort]}{more}.)"
