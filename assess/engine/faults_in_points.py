"""Points, signs and actions that do not go together, and keys that do not fit the type of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from assess.engine.bank import DONT_KNOW, Edition, NumberBand, Option, OwnAction, Question, RuleStep, Sign
from assess.engine.faults_in_names import questions_at
from assess.engine.marks import COUNTED_POINTS, possible_points, stands_alone
from assess.engine.problems import Place, Problem
from assess.engine.remedies import POOR_POINTS

MOST_POINTS = 10
RULE_STEPS: Mapping[str, tuple[str, ...]] = {
    "labour_provider_rate": ("good", "thin", "low"),
    "housing_charge": ("free", "within", "above"),
}
_CHOSEN = ("choice", "choices")
_COUNTED = ("number", "percentage")
_FITS: Mapping[str, tuple[str, ...]] = {
    "options": _CHOSEN,
    "cap": ("choices",),
    "ticks": ("choices",),
    "bands": _COUNTED,
    "rule": ("number",),
    "steps": ("number",),
    "columns": ("table",),
    "unit": ("number",),
    "dk_action": _COUNTED,
}
_NEVER_SCORED = ("table", "text", "date")


def faults_in_points(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with how single questions are built and scored."""
    signed = _signed_by_checks(edition)
    for place, question in questions_at(edition):
        misfits = [*_misfits(question, place), *_lacks(question, place)]
        yield from misfits
        yield from _none_in_words(question, place)
        if question.kind == "fact":
            yield from _scored_fact(question, place)
        elif not misfits:
            yield from _points(question, place)
            yield from _bands(question, place)
            yield from _ticks(question, place)
            yield from _dont_know(question, place)
            yield from _signs(question, place, signed)
            yield from _actions(question, place)


def _signed_by_checks(edition: Edition) -> frozenset[str]:
    """The questions whose sign a check raises."""
    return frozenset(name for check in edition.checks if check.sign for name in check.inputs.values())


def _misfits(question: Question, place: Place) -> Iterator[Problem]:
    for key, types in _FITS.items():
        if getattr(question, key) not in (None, ()) and question.type not in types:
            cause = f"“{key}” stands at “{question.id}”, which is of the type {question.type}."
            yield Problem("BANK062", (*place, key), cause)
    if question.kind != "fact" and question.type in _NEVER_SCORED:
        cause = f"“{question.id}” is of the type {question.type}, which is never scored: it must be of the kind fact."
        yield Problem("BANK062", (*place, "kind"), cause)
    if question.pooled and question.type != "choice":
        cause = f"“pooled” stands at “{question.id}”, which is of the type {question.type}."
        yield Problem("BANK062", (*place, "pooled"), cause)
    for key in ("bands", "steps"):
        if key == "bands" and question.bands and question.rule:
            yield Problem("BANK062", (*place, key), f"“{question.id}” has a rule and bands; only one can count.")
        if key == "steps" and question.steps and not question.rule:
            yield Problem("BANK062", (*place, key), f"“{question.id}” has steps without a rule.")
    for index, option in enumerate(question.options):
        if question.ticks and option.points is not None:
            cause = f"“{option.id}” has points, but “{question.id}” counts ticks."
            yield Problem("BANK062", (*place, "options", index, "points"), cause)


def _lacks(question: Question, place: Place) -> Iterator[Problem]:
    scored = question.kind != "fact"
    if question.type in _CHOSEN and len(question.options) < 2:  # noqa: PLR2004  # one option is no choice
        yield Problem("BANK061", place, f"“{question.id}” lacks “options”, two or more.")
    if question.type in _COUNTED and scored and not question.bands and not question.rule:
        yield Problem("BANK061", place, f"“{question.id}” lacks “bands” (or a rule).")
    if question.type == "table" and not question.columns:
        yield Problem("BANK061", place, f"“{question.id}” lacks “columns”.")
    for index, column in enumerate(question.columns):
        if column.type == "choice" and not column.options:
            yield Problem("BANK061", (*place, "columns", index), f"The column “{column.id}” lacks “options”.")
    if question.rule and tuple(step.id for step in question.steps) != RULE_STEPS[question.rule]:
        cause = f"“{question.rule}” has exactly these steps, in this order: {', '.join(RULE_STEPS[question.rule])}."
        yield Problem("BANK063", (*place, "rule"), cause)


def _none_in_words(question: Question, place: Place) -> Iterator[Problem]:
    """Options that say “none” but could be ticked together with others."""
    if question.type != "choices":
        return
    for index, option in enumerate(question.options):
        words = option.label.lower()
        says_none = words.startswith(("none", "don’t know", "don't know")) or words == "no"
        if says_none and not stands_alone(option.id):
            cause = f"“{option.label}” could be ticked together with other options, because its id is “{option.id}”."
            yield Problem("BANK060", (*place, "options", index, "id"), cause)


def _scored_fact(question: Question, place: Place) -> Iterator[Problem]:
    for key in ("can_sign", "cap", "bands", "ticks", "rule", "action", "dk_action", "same_as", "not_yet"):
        if getattr(question, key) not in (None, (), False):
            yield Problem("BANK052", (*place, key), f"“{question.id}” is a fact, but has “{key}”.")
    for index, option in enumerate(question.options):
        if option.points is not None or option.sign or option.action:
            cause = f"“{question.id}” is a fact, but its option “{option.id}” has points, a sign or an action."
            yield Problem("BANK052", (*place, "options", index), cause)


def _points(question: Question, place: Place) -> Iterator[Problem]:
    most = MOST_POINTS if question.cap is None else min(question.cap, MOST_POINTS)
    if question.cap is not None and not 0 < question.cap <= MOST_POINTS:
        yield Problem("BANK051", (*place, "cap"), f"The cap of “{question.id}” is {question.cap:g}.")
        return
    rows: list[tuple[str, int, str, float | None]] = []
    rows += [("options", i, f"“{one.id}”", one.points) for i, one in enumerate(question.options)]
    rows += [("bands", i, "This band", one.points) for i, one in enumerate(question.bands)]
    rows += [("ticks", i, "This step", one.points) for i, one in enumerate(question.ticks)]
    rows += [("steps", i, f"“{one.id}”", one.points) for i, one in enumerate(question.steps)]
    limit = COUNTED_POINTS if question.ticks or question.rule else most
    for key, index, said, points in rows:
        if points is None:
            if not question.ticks:
                yield Problem("BANK050", (*place, key, index), f"{said} of “{question.id}” has no points.")
        elif not 0 <= points <= limit:
            cause = f"{said} of “{question.id}” has {points:g} points; at most {limit:g} count here."
            yield Problem("BANK051", (*place, key, index, "points"), cause)
    if possible_points(question) <= 0 and all(row[3] is not None for row in rows):
        yield Problem("BANK051", place, f"No answer to “{question.id}” costs anything, so it measures nothing.")


def _bands(question: Question, place: Place) -> Iterator[Problem]:
    if not question.bands:
        return
    if question.bands[-1].up_to is not None:
        cause = f"The last band of “{question.id}” ends at {question.bands[-1].up_to:g}; larger numbers have no points."
        yield Problem("BANK053", (*place, "bands", len(question.bands) - 1), cause)
    for index, band in enumerate(question.bands[:-1]):
        if band.up_to is None:
            cause = f"A band of “{question.id}” without “up_to” is not the last one."
            yield Problem("BANK053", (*place, "bands", index), cause)
    for index, (one, following) in enumerate(pairwise(question.bands), 1):
        if one.up_to is not None and following.up_to is not None and following.up_to <= one.up_to:
            cause = f"The band up to {following.up_to:g} follows the one up to {one.up_to:g}, so no number reaches it."
            yield Problem("BANK053", (*place, "bands", index), cause)


def _ticks(question: Question, place: Place) -> Iterator[Problem]:
    if not question.ticks:
        return
    counts = [step.at_least for step in question.ticks]
    if 0 not in counts:
        yield Problem("BANK054", (*place, "ticks"), f"“{question.id}” has no points for no ticks at all.")
    for index, count in enumerate(counts):
        if count in counts[:index]:
            cause = f"“{question.id}” has two steps for {count} ticks."
            yield Problem("BANK054", (*place, "ticks", index), cause)


def _dont_know(question: Question, place: Place) -> Iterator[Problem]:
    if question.type in _CHOSEN and all(option.id != DONT_KNOW for option in question.options):
        yield Problem("BANK059", (*place, "options"), f"“{question.id}” has no option “dk”.")


def _signs(question: Question, place: Place, signed_by_checks: frozenset[str]) -> Iterator[Problem]:
    raising = [(key, index) for key, index, _, sign, *_ in outcomes_of(question) if sign]
    if raising and not question.can_sign:
        key, index = raising[0]
        cause = f"An answer to “{question.id}” raises a sign, but the question is not marked."
        yield Problem("BANK055", (*place, key, index, "sign"), cause)
    if question.can_sign and not raising and question.id not in signed_by_checks:
        cause = f"“{question.id}” is marked “can_sign”, but no answer and no check raises its sign."
        yield Problem("BANK056", (*place, "can_sign"), cause)
    if question.can_sign and not question.ilo:
        yield Problem("BANK065", place, f"“{question.id}” can raise a sign, but has no “ilo”.")


class Outcome(NamedTuple):
    """One way to answer: key and position, points, sign, own action, and whether it is against the law."""

    key: str
    number: int
    points: float
    sign: Sign | None
    own: OwnAction
    breach: bool

    @property
    def poor(self) -> bool:
        """Whether it must bring an action."""
        return self.points >= POOR_POINTS or self.sign is not None or self.breach


_NUMBERED: tuple[tuple[str, Callable[[Question], Sequence[NumberBand | RuleStep]]], ...] = (
    ("bands", lambda question: question.bands),
    ("steps", lambda question: question.steps),
)


def outcomes_of(question: Question) -> list[Outcome]:
    """Every way to answer that has a place in the file."""
    most = possible_points(question)
    rows = [
        Outcome("options", i, _cost(question, one, most), one.sign, one.action, bool(one.breach))
        for i, one in enumerate(question.options)
    ]
    for key, parts in _NUMBERED:
        rows += [
            Outcome(key, i, one.points, one.sign, one.action, bool(one.breach)) for i, one in enumerate(parts(question))
        ]
    rows += [Outcome("ticks", i, one.points, None, None, breach=False) for i, one in enumerate(question.ticks)]
    return rows


def _cost(question: Question, option: Option, most: float) -> float:
    """What an option costs. “Don’t know” is never the cheaper answer, whatever is written there."""
    if option.id == DONT_KNOW:
        return most
    # where ticks are counted, “don’t know” is the only option that costs
    return 0.0 if question.ticks else option.points or 0.0


def _actions(question: Question, place: Place) -> Iterator[Problem]:
    """Every poor answer brings an action, and every action is brought by a poor answer."""
    used = False
    for one in outcomes_of(question):
        key, index, points, sign, own, _ = one
        if not one.poor:
            if own:
                cause = f"The action here is never brought: the answer is not poor ({points:g} points, no sign)."
                yield Problem("BANK058", (*place, key, index, "action"), cause)
            continue
        if own is not None:
            continue
        served = not question.can_sign or sign is not None or question.rule == "housing_charge"
        if served and question.action:
            used = True
            continue
        yield Problem(
            "BANK057", (*place, key, index), _why_no_action(question, _words(question, key, index), served=served)
        )
    adds_up = question.type == "choices" and not question.ticks and _sum(question) >= POOR_POINTS
    counts = question.type in _COUNTED and question.dk_action is None
    if counts and (question.can_sign or not question.action):
        yield Problem("BANK057", place, f"“Don’t know” to “{question.id}” brings no action; add “dk_action”.")
    if adds_up and not question.action:
        yield Problem("BANK057", place, f"Several answers to “{question.id}” together are poor, but it has no action.")
    if question.action and not used and not adds_up and not (counts and not question.can_sign):
        yield Problem("BANK058", (*place, "action"), f"No answer brings the action of “{question.id}”.")


def _sum(question: Question) -> float:
    added = sum(option.points or 0.0 for option in question.options if not stands_alone(option.id))
    return min(added, possible_points(question))


def _words(question: Question, key: str, index: int) -> str:
    named: tuple[Option, ...] = question.options if key == "options" else ()
    return f"“{named[index].id}”" if named else f"Number {index + 1} of “{key}”"


def _why_no_action(question: Question, said: str, *, served: bool) -> str:
    if served:
        return f"{said} of “{question.id}” is a poor answer, but neither it nor the question has an action."
    return f"{said} of “{question.id}” is a poor answer without a sign; the question’s action is only for those with a sign."
