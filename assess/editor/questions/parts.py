"""The short pages of a question: its words, its answers with their points, what to do, where it counts, its sources.

Only the fields that fit the type of the question are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assess.banks.schema import (
    LONGEST_EVIDENCE,
    LONGEST_NAME,
    BandShape,
    ColumnShape,
    OptionShape,
    QuestionShape,
    StepShape,
    TickShape,
)
from assess.editor.questions.answer_fields import (
    MENDED,
    NOT_LOOKED,
    NOT_YET,
    RETIRED,
    SAYS,
    breach_of,
    same_as_of,
)
from assess.editor.questions.fields import Control, Field
from assess.editor.questions.rows import Rows, entries_of
from assess.editor.questions.words import HARM_WORDS, KIND_WORDS, TYPE_WORDS
from assess.engine.indicators import ILO
from assess.engine.problems import Place

ORDER = tuple(QuestionShape().fields)
CHOSEN = frozenset({"choice", "choices"})
COUNTED = frozenset({"number", "percentage"})
SIGN_CHOICES = (("", "No sign"), ("serious", "Serious"), ("urgent", "Urgent"))
HARM_CHOICES = (("", "As its theme"), *((str(number), words) for number, words in HARM_WORDS.items()))
OPTION_MAP = "option_map"
COLUMN_CHOICES = (
    ("text", "Words"),
    ("number", "A number"),
    ("percentage", "A percentage"),
    ("date", "A date"),
    ("choice", "One of some choices"),
)


@dataclass(frozen=True, slots=True)
class Lists:
    """What a form offers to choose from: words by id."""

    dimensions: Mapping[str, str]
    owners: Mapping[str, str]
    sources: Mapping[str, str]
    gone: Mapping[str, Mapping[str, Any]]
    """Questions in force, with all they hold, that are not in the draft any more: their place can be taken."""
    duties: Mapping[str, str] = field(default_factory=dict)
    """What an answer can be against: duties in force that bind."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Questions whose action can be printed for others too."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page. `actions` are keys that hold an action; of these, `dk_action` may say that there is none."""

    id: str
    title: str
    fields: tuple[Field, ...] = ()
    rows: tuple[Rows, ...] = ()
    actions: tuple[str, ...] = ()


def parts_of(data: Mapping[str, Any], lists: Lists) -> tuple[Part, ...]:
    """The pages that fit this question, in the order of the work."""
    made = [_words(data), _answers(data, lists), _action(data, lists), _counts(data, lists), _sources(data, lists)]
    if lists.gone or data.get("replaces"):
        made.append(_takes_over(data, lists))
    return tuple(part for part in made if part.fields or part.rows or part.actions)


def part_of(data: Mapping[str, Any], lists: Lists, name: str) -> Part | None:
    """The page of this name, None when it does not fit the question."""
    return next((part for part in parts_of(data, lists) if part.id == name), None)


def _words(data: Mapping[str, Any]) -> Part:
    unit = Field("unit", Control.LINE, "What the number counts", "Such as “hours” or “£ a day”.")
    return Part(
        "words",
        "The words",
        (
            Field("ask", Control.TEXT, "The question", missing="Enter the question."),
            Field(
                "name",
                Control.LINE,
                "Name",
                f"The question in a few words, such as “Who keeps passports”: {LONGEST_NAME} characters or fewer.",
                longest=LONGEST_NAME,
            ),
            Field("hint", Control.TEXT, "Hint", "One more sentence below the question, if it needs one."),
            *((unit,) if data.get("type") in COUNTED or data.get("unit") else ()),
            Field("why", Control.TEXT, "Why it matters", "Shown when somebody opens “Why we ask”."),
            Field(
                "evidence",
                Control.TEXT,
                "What could show it",
                f"What would show that a good answer is true. Never the papers or the names of workers. Beside a name it has {LONGEST_EVIDENCE} characters or fewer.",
            ),
            *((NOT_YET,) if data.get("kind") == "safeguard" or data.get("not_yet") else ()),
        ),
    )


_POINTS = Field("points", Control.NUMBER, "Points")
_SIGN = Field("sign", Control.SELECT, "Sign", choices=SIGN_CHOICES)
_WHAT_POINTS_ARE = "0 points are good, 4 are the worst. A sign marks an answer that matters on its own."


def _answers(data: Mapping[str, Any], lists: Lists) -> Part:
    scored, kind = data.get("kind") != "fact", data.get("type")
    rows: list[Rows] = []
    fields: tuple[Field, ...] = ()
    if kind in CHOSEN:
        rows.append(_options(data, lists, scored=scored))
        if scored and kind == "choices":
            if not data.get("ticks"):
                most = Field(
                    "cap", Control.NUMBER, "The most points together", "Points of all ticked answers add up to this."
                )
                fields = (most,)
            rows.append(_ticks())
    elif kind in COUNTED and scored:
        rows.append(_steps(lists) if data.get("rule") else _bands(lists))
    elif kind == "table":
        rows.append(_columns())
    return Part("answers", "Answers and points" if scored else "Answers", fields, tuple(rows))


def _options(data: Mapping[str, Any], lists: Lists, *, scored: bool) -> Rows:
    third = Field("third_party", Control.TICK, "It shows that somebody else controls workers")
    points = () if data.get("ticks") else (_POINTS,)
    judged = (NOT_LOOKED, MENDED, breach_of(lists.duties), SAYS)
    more = (*points, _SIGN, third, *judged, RETIRED) if scored else (RETIRED,)
    label = Field("label", Control.TEXT, "Words", missing="Enter the words of this answer, or take it out.")
    name = Field(
        "id",
        Control.LINE,
        "Short name (id)",
        "Leave it empty and we make one from the words. It never changes after that.",
    )
    return Rows(
        "options",
        "Answers to choose from",
        "answer",
        "id",
        (label, name, *more),
        tuple(OptionShape().fields),
        hint=f"{_WHAT_POINTS_ARE if scored else 'A fact has no points.'} Each answer has a short name (id), which businesses never see. “Don’t know” is called dk, “none of these” is called none, and an answer that means “this does not apply” begins with na_.",
    )


def _ticks() -> Rows:
    at_least = Field("at_least", Control.WHOLE, "Ticks, at least", missing="Enter a number of ticks, or take this out.")
    points = Field("points", Control.NUMBER, "Points", missing="Enter the points, such as 2.")
    return Rows(
        "ticks",
        "Points for so many ticks",
        "step",
        "at_least",
        (at_least, points, SAYS),
        tuple(TickShape().fields),
        hint="Only where ticks are counted. The answers have no points of their own then. One step begins at 0.",
    )


def _bands(lists: Lists) -> Rows:
    up_to = Field("up_to", Control.NUMBER, "Up to", "This number too. Leave it empty in the last band only.")
    points = Field("points", Control.NUMBER, "Points", missing="Enter the points, such as 2.")
    return Rows(
        "bands",
        "Points of the number",
        "band",
        "up_to",
        (up_to, points, _SIGN, breach_of(lists.duties), SAYS),
        tuple(BandShape().fields),
        hint=f"From the smallest number to the largest. {_WHAT_POINTS_ARE}",
    )


def _steps(lists: Lists) -> Rows:
    points = Field("points", Control.NUMBER, "Points", missing="Enter the points, such as 2.")
    return Rows(
        "steps",
        "Points of each outcome",
        "outcome",
        "id",
        (points, _SIGN, breach_of(lists.duties), SAYS),
        tuple(StepShape().fields),
        fixed=True,
        hint="The number is held against a rate of the settings. The outcomes are fixed, their points are not.",
    )


def _columns() -> Rows:
    name = Field(
        "id",
        Control.LINE,
        "Short name (id)",
        "Leave it empty and we make one from the words. It never changes after that.",
    )
    return Rows(
        "columns",
        "Columns of the table",
        "column",
        "id",
        (
            Field("label", Control.TEXT, "Words", missing="Enter the words of this column, or take it out."),
            name,
            Field("type", Control.SELECT, "Holds", choices=COLUMN_CHOICES, missing="Choose what it holds."),
            Field(
                "options",
                Control.CHOICES,
                "Its choices",
                "One on each line, if it holds one of some choices. Keep the word before the colon where there is one.",
            ),
        ),
        tuple(ColumnShape().fields),
    )


def _own_actions(key: str, named_by: str, one: str, order: tuple[str, ...]) -> Rows:
    return Rows(key, f"Actions of single {one}s", one, named_by, (), order, own_action=True, fixed=True)


_OWN_ACTIONS = {
    "options": _own_actions("options", "id", "answer", tuple(OptionShape().fields)),
    "bands": _own_actions("bands", "up_to", "band", tuple(BandShape().fields)),
    "steps": _own_actions("steps", "id", "outcome", tuple(StepShape().fields)),
}


def _action(data: Mapping[str, Any], lists: Lists) -> Part:
    if data.get("kind") == "fact":
        return Part("action", "What to do")
    kind = data.get("type")
    fits = ["options"] if kind in CHOSEN else ["steps" if data.get("rule") else "bands"] if kind in COUNTED else []
    actions = ("action", "dk_action") if kind in COUNTED else ("action",)
    rows = tuple(_OWN_ACTIONS[key] for key in fits)
    return Part("action", "What to do", same_as_of(data, lists.named) if fits else (), rows, actions if fits else ())


def _counts(data: Mapping[str, Any], lists: Lists) -> Part:
    indicators = tuple((str(number), name) for number, name in ILO.items())
    pooled = Field(
        "pooled",
        Control.TICK,
        "Buyers see the answers only put together",
        "Over five suppliers or more, and no action.",
    )
    return Part(
        "counts",
        "Where it counts",
        (
            Field("type", Control.RADIOS, "How it is answered", "", TYPE_WORDS, missing="Choose how it is answered."),
            Field("kind", Control.RADIOS, "What it is about", "", KIND_WORDS, missing="Choose what it is about."),
            Field(
                "dimension",
                Control.SELECT,
                "Theme",
                choices=tuple(lists.dimensions.items()),
                missing="Choose a theme.",
            ),
            Field(
                "ilo",
                Control.FIRST,
                "Indicators of forced labour",
                "Those of the International Labour Organization. A sign needs one, and the main one counts.",
                indicators,
            ),
            Field("quick", Control.TICK, "It is part of the quick check"),
            Field("harm", Control.SELECT, "How grave it is", "What is graver is done first.", HARM_CHOICES),
            *((pooled,) if data.get("type") == "choice" or data.get("pooled") else ()),
        ),
    )


def _sources(data: Mapping[str, Any], lists: Lists) -> Part:
    value = data.get("sources")
    held = [str(one) for one in value] if isinstance(value, list) else []
    known = dict(lists.sources)
    ordered = {**{one: known.get(one, one) for one in held}, **known}
    return Part(
        "sources",
        "Sources",
        (
            Field(
                "sources",
                Control.MANY,
                "What the question rests on",
                "At least one. Those ticked now come first. One that is missing is added under “Contacts, sources and lists”.",
                tuple(ordered.items()),
            ),
        ),
    )


def _takes_over(data: Mapping[str, Any], lists: Lists) -> Part:
    held = str(data.get("replaces") or "")
    words = {name: str(gone.get("ask", name)) for name, gone in lists.gone.items()}
    choices = words | ({held: words.get(held, held)} if held else {})
    return Part(
        "takes_over",
        "Which question it replaces",
        (
            Field(
                "replaces",
                Control.SELECT,
                "It takes the place of",
                "Answers to the old question come along. The business is asked to confirm them.",
                (("", "No other question"), *choices.items()),
            ),
            *_heirs(data, lists.gone.get(held, {})),
        ),
    )


def _heirs(data: Mapping[str, Any], old: Mapping[str, Any]) -> list[Field]:
    """For each answer of the old question, which answer here it becomes."""
    here = [(str(one["id"]), str(one.get("label", one["id"]))) for one in entries_of(data, "options") if "id" in one]
    same = "The answer with the same id, if there is one"
    return [
        Field(
            f"{OPTION_MAP}.{one.get('id')}",
            Control.SELECT,
            f"“{one.get('label')}” becomes",
            choices=(("", same), *here),
        )
        for one in entries_of(old, "options")
    ]


_KEYS: Mapping[str, str] = {
    **dict.fromkeys(("ask", "hint", "unit", "why", "evidence", "rev", "name", "not_yet"), "words"),
    **dict.fromkeys(("options", "cap", "bands", "ticks", "rule", "steps", "columns"), "answers"),
    **dict.fromkeys(("action", "dk_action", "same_as"), "action"),
    **dict.fromkeys(("type", "kind", "dimension", "ilo", "quick", "pooled", "can_sign", "harm"), "counts"),
    "sources": "sources",
    **dict.fromkeys(("replaces", "option_map"), "takes_over"),
}
_NUMBERS: Mapping[str, str] = {
    **dict.fromkeys(("BANK057", "BANK058"), "action"),
    "BANK039": "sources",
    **dict.fromkeys(("BANK055", "BANK056", "BANK051", "BANK061"), "answers"),
    "BANK065": "counts",
}
"""Problems whose repair is on a page that their place does not tell."""


def part_for(place: Place, number: str) -> str | None:
    """The page on which a problem at this place of a question is put right, None when that is none of these."""
    if number in _NUMBERS:
        return _NUMBERS[number]
    if "action" in place:
        return "action"
    return _KEYS.get(str(place[0])) if place else None
