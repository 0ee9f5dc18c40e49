"""Edits of a known kind, as coordinators make them, at random places of a real bank; and submissions to try them on.

An edit changes the values of sections in place: those of a file, or of a compiled document, which have the same shape.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from assess.engine.bank import DONT_KNOW, LONGEST_TITLED_DO, Answers, AnswerValue, Edition, Question
from assess.engine.bank_reader import DocumentError, read_edition
from assess.engine.bank_validation import check_edition
from assess.engine.dry_run import DryRunRow, PastSubmission, ScoreAndBand, answers_once_confirmed, dry_run_submissions
from assess.engine.edition_changes import Change, ChangeKind, carry_over
from assess.engine.points import is_exclusive_option
from assess.engine.scoring import score_answers
from assess.engine.settings import ScoringSettings
from tests.engine.real_banks import some_answers

Data = dict[str, Any]
Expected = tuple[str, str, str, ChangeKind]
"""What, where, part and class of a change."""

DUTY = "uk_minimum_wage_pay_and_records"  # answers are made to break it
_YES = True
MOST_TRIES = 200
TOGETHER = {"type": "choice", "kind": "safeguard"}


class NoPlaceError(Exception):
    """This bank has no place for such an edit."""


@dataclass(frozen=True, slots=True)
class Made:
    """An edit that was made, and what has to be said of it."""

    kind: str
    expected: frozenset[Expected]


Edit = Callable[[Random, Data], frozenset[Expected] | None]


def questions_in(data: Data) -> list[tuple[Data, Data]]:
    """Each question with its section."""
    return [(section, question) for section in data["sections"] for question in section["questions"]]


def _one(rnd: Random, data: Data, fits: Callable[[Data], object]) -> Data | None:
    fitting = [question for _, question in questions_in(data) if fits(question)]
    return rnd.choice(fitting) if fitting else None


def _plain_choice(question: Data) -> bool:
    return question["type"] == "choice" and question["kind"] != "fact" and len(question["options"]) > 3


def _other_words(key: str) -> Edit:
    def edit(rnd: Random, data: Data) -> frozenset[Expected] | None:
        question = _one(rnd, data, lambda one: key in one)
        if question is None:
            return None
        question[key] = f"{question[key]} Please."
        return frozenset({("question", question["id"], key, ChangeKind.WORDING)})

    return edit


def _label(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: "options" in one)
    if question is None:
        return None
    option = rnd.choice(question["options"])
    option["label"] += " (you)"
    return frozenset({("option", f"{question['id']}.{option['id']}", "label", ChangeKind.WORDING)})


def _section_title(rnd: Random, data: Data) -> frozenset[Expected]:
    section = rnd.choice(data["sections"])
    section["title"] += " today"
    return frozenset({("section", section["id"], "title", ChangeKind.WORDING)})


def _option_added(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, _plain_choice)
    if question is None:
        return None
    question["options"].insert(
        rnd.randrange(len(question["options"])), {"id": "added", "label": "Another", "points": 1}
    )
    return frozenset({("option", f"{question['id']}.added", "whole", ChangeKind.STRUCTURE)})


def _option_removed(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, _plain_choice)
    if question is None:
        return None
    gone = rnd.choice([one for one in question["options"] if one["id"] != DONT_KNOW])
    question["options"].remove(gone)
    return frozenset({("option", f"{question['id']}.{gone['id']}", "whole", ChangeKind.STRUCTURE)})


def _option_renamed(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, _plain_choice)
    if question is None:
        return None
    option = rnd.choice([one for one in question["options"] if one["id"] != DONT_KNOW])
    was, option["id"] = option["id"], f"{option['id']}_now"
    question["option_map"] = {was: option["id"]}
    there = [("option", f"{question['id']}.{name}", "whole", ChangeKind.STRUCTURE) for name in (was, option["id"])]
    return frozenset({("question", question["id"], "option_map", ChangeKind.MEANING), *there})


def _points(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: one["kind"] != "fact" and any("points" in o for o in one.get("options", ())))
    if question is None:
        return None
    option = rnd.choice([one for one in question["options"] if "points" in one])
    option["points"] = rnd.choice([points for points in (0, 1, 2, 3, 4) if points != option["points"]])
    return frozenset({("option", f"{question['id']}.{option['id']}", "points", ChangeKind.POINTS)})


def _bands(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: "bands" in one)
    if question is None:
        return None
    band = rnd.choice(question["bands"])
    band["points"] = rnd.choice([points for points in (0, 1, 2, 3, 4) if points != band["points"]])
    return frozenset({("question", question["id"], "bands", ChangeKind.POINTS)})


def _cap(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: "cap" in one)
    if question is None:
        return None
    question["cap"] += rnd.choice((1, -1))
    return frozenset({("question", question["id"], "cap", ChangeKind.POINTS)})


def _sign(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: any("sign" in option for option in one.get("options", ())))
    if question is None:
        return None
    option = rnd.choice([one for one in question["options"] if "sign" in one])
    option["sign"] = "serious" if option["sign"] == "urgent" else "urgent"
    return frozenset({("option", f"{question['id']}.{option['id']}", "sign", ChangeKind.POINTS)})


def _condition(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: one["kind"] == "safeguard")
    earlier = _one(rnd, data, lambda one: one["type"] == "choice")
    if question is None or earlier is None:
        return None
    question["show_if"] = {earlier["id"]: {"is": rnd.choice(earlier["options"])["id"]}}
    return frozenset({("question", question["id"], "show_if", ChangeKind.CONDITION)})


def _rev(rnd: Random, data: Data) -> frozenset[Expected]:
    _, question = rnd.choice(questions_in(data))
    question["rev"] = question.get("rev", 1) + 1
    return frozenset({("question", question["id"], "rev", ChangeKind.MEANING)})


def _place(rnd: Random, data: Data) -> frozenset[Expected] | None:
    """Two places or more further on, so that nobody can say that another one moved."""
    long = [section for section in data["sections"] if len(section["questions"]) > 3]
    if not long:
        return None
    questions = rnd.choice(long)["questions"]
    here = rnd.randrange(len(questions) - 2)
    moved = questions.pop(here)
    questions.insert(here + 2, moved)
    return frozenset({("question", moved["id"], "place", ChangeKind.STRUCTURE)})


def _section(rnd: Random, data: Data) -> frozenset[Expected] | None:
    """The last one of a section becomes the first one of the next: the order of asking stays."""
    here = rnd.randrange(len(data["sections"]))
    section = data["sections"][here]
    after = data["sections"][here + 1] if here + 1 < len(data["sections"]) else None
    if after is None or after.get("common") != section.get("common") or len(section["questions"]) == 1:
        return None
    moved = section["questions"].pop()
    after["questions"].insert(0, moved)
    return frozenset({("question", moved["id"], "section", ChangeKind.STRUCTURE)})


def _retired(rnd: Random, data: Data) -> frozenset[Expected] | None:
    section, question = rnd.choice(questions_in(data))
    if len(section["questions"]) == 1:
        return None
    section["questions"].remove(question)
    return frozenset({("question", question["id"], "whole", ChangeKind.STRUCTURE)})


def _added(rnd: Random, data: Data) -> frozenset[Expected] | None:
    section = rnd.choice(data["sections"])
    like = _one(rnd, data, lambda one: one["kind"] == "safeguard" and "action" in one)
    if like is None:
        return None
    made = {"id": "added_question", "ask": "Who keeps it?", **TOGETHER, "dimension": like["dimension"]}
    made["options"] = [
        {"id": "good", "label": "We do", "points": 0},
        {"id": "poor", "label": "Nobody", "points": 3},
        {"id": "dk", "label": "Don’t know", "points": 3},
    ]
    made |= {"action": copy.deepcopy(like["action"]), "sources": list(like["sources"])}
    section["questions"].insert(rnd.randrange(len(section["questions"]) + 1), made)
    return frozenset({("question", "added_question", "whole", ChangeKind.STRUCTURE)})


def _replaced(rnd: Random, data: Data) -> frozenset[Expected]:
    _, question = rnd.choice(questions_in(data))
    was, question["id"] = question["id"], f"{question['id']}_now"
    question["replaces"] = was
    return frozenset(("question", name, "whole", ChangeKind.STRUCTURE) for name in (was, question["id"]))


def _dimension(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question, other = (_one(rnd, data, lambda one: one["kind"] == "safeguard") for _ in range(2))
    if question is None or other is None or question["dimension"] == other["dimension"]:
        return None
    question["dimension"] = other["dimension"]
    return frozenset({("question", question["id"], "dimension", ChangeKind.POINTS)})


def _action(rnd: Random, data: Data) -> frozenset[Expected] | None:
    question = _one(rnd, data, lambda one: "action" in one)
    if question is None:
        return None
    question["action"]["do"] += " Write it down."
    return frozenset({("question", question["id"], "action", ChangeKind.POINTS)})


def _of_option(key: str, value: object, kind: ChangeKind, fits: Callable[[Data], object] = bool) -> Edit:
    """A key of an answer that scores and is not “don’t know”."""

    def edit(rnd: Random, data: Data) -> frozenset[Expected] | None:
        question = _one(rnd, data, _plain_choice)
        fitting = [one for one in question["options"][:-1] if one.get(key) != value and fits(one)] if question else []
        if question is None or not fitting:
            return None
        option = rnd.choice(fitting)
        option[key] = value
        return frozenset({("option", f"{question['id']}.{option['id']}", key, kind)})

    return edit


def _of_question(key: str, value: object, kind: ChangeKind) -> Edit:
    def edit(rnd: Random, data: Data) -> frozenset[Expected] | None:
        question = _one(rnd, data, lambda one: one["kind"] == "safeguard" and one.get(key) != value)
        if question is None:
            return None
        question[key] = value
        return frozenset({("question", question["id"], key, kind)})

    return edit


def _of_action(key: str, value: object) -> Edit:
    def edit(rnd: Random, data: Data) -> frozenset[Expected] | None:
        question = _one(rnd, data, lambda one: "action" in one and len(one["action"]["do"]) <= LONGEST_TITLED_DO)
        if question is None:
            return None
        question["action"][key] = value
        return frozenset({("question", question["id"], "action", ChangeKind.POINTS)})

    return edit


def _same_as(rnd: Random, data: Data) -> frozenset[Expected] | None:
    named = _one(rnd, data, lambda one: one["kind"] == "safeguard" and "action" in one)
    question = _one(rnd, data, lambda one: one["kind"] == "safeguard" and "action" in one and one is not named)
    if named is None or question is None:
        return None
    question["same_as"] = named["id"]
    return frozenset({("question", question["id"], "same_as", ChangeKind.POINTS)})


KINDS: Mapping[str, Edit] = {
    "ask": _other_words("ask"),
    "hint": _other_words("hint"),
    "label": _label,
    "section_title": _section_title,
    "option_added": _option_added,
    "option_removed": _option_removed,
    "option_renamed": _option_renamed,
    "points": _points,
    "bands": _bands,
    "cap": _cap,
    "sign": _sign,
    "condition": _condition,
    "rev": _rev,
    "place": _place,
    "section": _section,
    "retired": _retired,
    "added": _added,
    "replaced": _replaced,
    "dimension": _dimension,
    "action": _action,
    "mended": _of_option("mended", _YES, ChangeKind.POINTS, lambda one: not one["points"]),
    "not_looked": _of_option("not_looked", _YES, ChangeKind.POINTS, lambda one: one["points"] >= 2),
    "breach": _of_option("breach", DUTY, ChangeKind.POINTS, lambda one: one["points"] >= 1),
    "option_retired": _of_option("retired", _YES, ChangeKind.STRUCTURE),
    "says": _of_option("says", "We give everybody a payslip.", ChangeKind.WORDING, lambda one: not one["points"]),
    "harm": _of_question("harm", 3, ChangeKind.POINTS),
    "not_yet": _of_question("not_yet", "We have not yet written it down.", ChangeKind.WORDING),
    "name": _of_question("name", "Who keeps it", ChangeKind.WORDING),
    "same_as": _same_as,
    "title": _of_action("title", "Write it down"),
}


def an_edit(rnd: Random, kind: str, data: Data, read: Callable[[Data], Edition | None]) -> tuple[Made, Data, Edition]:
    """An edit of this kind somewhere, with what it makes of the values. `read` gives their edition, None when it is unsound.

    Raises:
        NoPlaceError
    """
    for _ in range(MOST_TRIES):
        changed = copy.deepcopy(data)
        expected = KINDS[kind](rnd, changed)
        edition = read(changed) if expected is not None else None
        if expected is not None and edition is not None:
            return Made(kind, expected), changed, edition
    raise NoPlaceError(kind)


def sound_edition(document: Data) -> Edition | None:
    """The edition of a compiled document as it comes back from where it is stored; None when `check_edition` refuses it."""
    try:
        edition = read_edition(json.loads(json.dumps(document)))
    except DocumentError:
        return None
    return edition if all(problem.warning for problem in check_edition(edition, None)) else None


def comments_of(text: str) -> Counter[str]:
    """Each line of a file that is a comment, and how often it stands there."""
    return Counter(line.strip() for line in text.splitlines() if line.strip().startswith("#"))


def told_as(changes: Sequence[Change]) -> frozenset[Expected]:
    """What was said of an edit. Sources come and go with the questions that name them."""
    return frozenset((one.what, one.where, one.part, one.kind) for one in changes if one.what != "source")


def submissions(rnd: Random, edition: Edition, count: int) -> Iterator[PastSubmission]:
    """Past submissions: careful businesses and careless ones, whole ones and half ones, quick ones, with evidence or without."""
    for number in range(count):
        answers = some_answers(rnd, edition, unknown=rnd.choice((0, 0.02, 0.4)), missing=rnd.choice((0, 0.05, 0.3)))
        care = rnd.choice((0.5, 0.9, 0.97, 1))
        good = [question for question in edition.questions() if question.id in answers and rnd.random() < care]
        answers |= {question.id: value for question in good if (value := good_answer(question)) is not None}
        evidence = frozenset(name for name in answers if rnd.random() < 0.3)
        yield PastSubmission(str(number), answers, quick=rnd.random() < 0.2, evidence=evidence)


def good_answer(question: Question) -> AnswerValue | None:
    """The answer that costs least, None for what is not scored."""
    if question.kind == "fact" or question.rule:
        return None
    if question.bands:
        best = min(question.bands, key=lambda band: band.points)
        return 0 if best is question.bands[0] else best.up_to
    if question.ticks:
        return [option.id for option in question.options if not is_exclusive_option(option.id)]
    known = [option for option in question.options if option.id != DONT_KNOW]
    option = min(known, key=lambda one: one.points or 0.0)
    return option.id if question.type == "choice" else [option.id]


def wrongly_foretold(
    old: Edition, new: Edition, published: Edition, past: Sequence[PastSubmission], settings: ScoringSettings
) -> list[str]:
    """The submissions whose result after publishing is another than the one foretold. `published` is read from what was stored."""
    foretold = dry_run_submissions(old, new, past, settings)
    return [
        one.name
        for one, told in zip(past, foretold, strict=True)
        if not _comes_true(one, told, old, published, settings)
    ]


def _comes_true(
    past: PastSubmission, told: DryRunRow, old: Edition, published: Edition, settings: ScoringSettings
) -> bool:
    heirs = {question.replaces: question.id for question in published.questions() if question.replaces}
    evidence = frozenset(heirs.get(name, name) for name in past.evidence)
    answers: Answers = answers_once_confirmed(carry_over(old, published, past.answers))
    after = score_answers(published, answers, settings, quick=past.quick, evidence=evidence)
    return told.after == ScoreAndBand(after.score, after.band)
