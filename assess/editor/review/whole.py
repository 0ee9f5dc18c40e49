"""A question that is new, read out whole: whoever publishes it has to see its answers, points and actions, and not its words alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assess.editor.questions.actions import EFFORTS, WITHIN
from assess.editor.questions.words import FLAG_WORDS, HARM_WORDS, KIND_WORDS, TYPE_WORDS
from assess.editor.review.wording import ON_PURPOSE
from assess.engine.bank import Edition, NumberBand, Option, OwnAction, Question, RuleStep, TickStep
from assess.engine.conditions_in_words import condition_in_words, names_of
from assess.engine.problems import Place

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
        ("What to do", [action_in_words(question.action, edition)]),
        ("What to do when nobody knows", [action_in_words(question.dk_action, edition)]),
        ("Printed with the action of", [named_in(question.same_as, edition) if question.same_as else None]),
        ("Quick check", ["It is in it" if question.quick else None]),
        ("Sources", [edition.sources[one].document for one in question.sources if one in edition.sources]),
    )
    kept = ((label, [line for line in lines if line]) for label, lines in told)
    return [(label, lines) for label, lines in kept if lines]


def answer_in_words(one: Option, edition: Edition) -> str:
    """An answer to choose with what it is worth: “Others too”: 2 points, serious sign."""
    return _worth(f"“{one.label}”", one, edition)


Answer = tuple[str, str, str, str, tuple[str, ...], Place]
"""A part of an answer: its key, what it is called, what it says in words, a mark of it, the texts somebody wrote there, and its place in the question."""


def answers_of(question: Question, edition: Edition) -> Iterator[Answer]:
    """Every answer with what it is worth, and every action, each apart from the others."""
    outcomes: list[tuple[str, Place, str, str, Option | NumberBand | RuleStep]] = [
        (f"option {one.id}", ("options", index), f"“{one.label}”", one.label, one)
        for index, one in enumerate(question.options)
    ]
    outcomes += [
        (f"band {one.up_to}", ("bands", index), _band(one), "", one) for index, one in enumerate(question.bands)
    ]
    outcomes += [(f"step {one.id}", ("steps", index), _step(one), "", one) for index, one in enumerate(question.steps)]
    for key, place, called, label, one in outcomes:
        bare, texts = replace(one, action=None), tuple(text for text in (label, one.says) if text)
        yield key, f"Answer {called}", _worth(called, bare, edition), repr(bare), texts, place
    for ticks in question.ticks:
        said, says = _ticks(ticks), (ticks.says,) if ticks.says else ()
        yield f"ticks {ticks.at_least}", "Points by ticks", said, repr(ticks), says, ("ticks",)
    actions: list[tuple[str, Place, str, OwnAction]] = [
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
        yield _worth(_band(band), band, edition)
    yield from map(_ticks, question.ticks)
    for step in question.steps:
        yield _worth(_step(step), step, edition)


def _band(band: NumberBand) -> str:
    return "More than that" if band.up_to is None else f"Up to {band.up_to:g}"


def _step(step: RuleStep) -> str:
    return step.id.replace("_", " ").capitalize()


def _ticks(ticks: TickStep) -> str:
    says = f", “{ticks.says}”" if ticks.says else ""
    return f"{ticks.at_least} ticks or more: {_points(ticks.points)}{says}"


def _worth(words: str, one: Option | NumberBand | RuleStep, edition: Edition) -> str:
    more = [
        "" if one.points is None else _points(one.points),
        f"{one.sign} sign" if one.sign else "",
        *(_marks(one) if isinstance(one, Option) else ()),
        _against(one.breach, edition),
        f"“{one.says}”" if one.says else "",
        action_in_words(one.action, edition) or "",
    ]
    said = ", ".join(part for part in more if part)
    return f"{words}: {said}" if said else words


def _marks(option: Option) -> list[str]:
    return [words for name, words in FLAG_WORDS.items() if getattr(option, name)]


def _against(breach: str | None, edition: Edition) -> str:
    titles = {duty.id: duty.title for duty in edition.duty_book.duties}
    return f"against the law: {titles.get(breach, breach)}" if breach else ""


def named_in(name: str, edition: Edition) -> str:
    """What a question is called; its id when there is none."""
    return next((one.name or one.ask for one in edition.questions() if one.id == name), name)


def _points(points: float) -> str:
    return f"{points:g} point{'' if points == 1 else 's'}"


def action_in_words(action: OwnAction, edition: Edition) -> str | None:
    """An action with when it is due, who does it and how much work it is; None where there is none."""
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
