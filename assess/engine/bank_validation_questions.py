"""Checks of single questions for check_edition(): points, signs, options and actions that do not fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from assess.engine.bank import (
    DONT_KNOW,
    Action,
    Check,
    Duty,
    Edition,
    NumberBand,
    Option,
    OwnAction,
    Question,
    RuleStep,
    Sign,
)
from assess.engine.bank_validation_conditions import actions_with_place, questions_with_place
from assess.engine.conditions import condition_subjects
from assess.engine.ordinary import ordinary_questions
from assess.engine.plan import POOR_POINTS
from assess.engine.points import MAX_COUNTED_POINTS, add_up, is_exclusive_option, possible_points
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.question_types import QUESTION_TYPES, TYPES_BY_KEY


def problems_in_actions(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with what actions say beside their words, and with the groups they form."""
    questions = {question.id: question for question in edition.questions()}
    for place, question in questions_with_place(edition):
        yield from _same_as_problems(question, place, questions)
        for where, action in actions_with_place(question):
            yield from _too_early_problems(question, where, action, (*place, *where))
            yield from _reached_answer_problems(question, action, (*place, *where, "reaches"))
    for index, check in enumerate(edition.checks):
        yield from _same_as_problems(check, ("checks", index), questions)
        if check.action and check.action.reaches is not None:
            place = ("checks", index, "action", "reaches")
            yield Problem("BANK049", place, f"“{check.id}” is a check, which has no answers.")


def is_find_out_action(question: Question, place: DocumentPath) -> bool:
    if place[0] == "options":
        option = question.options[int(place[1])]
        return option.id == DONT_KNOW or option.not_looked
    return place[0] == "dk_action"


def changing_actions(question: Question) -> list[Action]:
    """The actions of a question that change something; steps to find out are no such."""
    return [action for where, action in actions_with_place(question) if not is_find_out_action(question, where)]


def _same_as_problems(
    one: Question | Check, place: DocumentPath, questions: Mapping[str, Question]
) -> Iterator[Problem]:
    if one.same_as is None:
        return
    where = (*place, "same_as")
    named = questions.get(one.same_as)
    cause = _why_not_same(one, named, questions)
    if cause or named is None:
        yield Problem("BANK042", where, cause)
        return
    own = changing_actions(one) if isinstance(one, Question) else [one.action] if one.action else []
    if len({action.after_advice for action in (*own, *changing_actions(named))}) > 1:
        cause = f"Some actions of “{one.id}” and “{named.id}” wait for advice, and others do not."
        yield Problem("BANK043", where, cause)


def _why_not_same(one: Question | Check, named: Question | None, questions: Mapping[str, Question]) -> str:
    if named is None:
        return f"There is no question “{one.same_as}”{did_you_mean(str(one.same_as), questions)}"
    if named.id == one.id:
        return f"“{one.id}” names itself."
    if named.same_as is not None:
        return f"“{named.id}” itself names “{named.same_as}”."
    if not changing_actions(named):
        return f"“{named.id}” has no action."
    if isinstance(one, Question) and not changing_actions(one):
        return f"“{one.id}” has no action of its own that could be the same."
    exposed = [each.id for each in (one, named) if isinstance(each, Question) and each.kind == "exposure"]
    return f"“{exposed[0]}” is a risk: its action is part of the one-page map." if exposed else ""


def _too_early_problems(
    question: Question, where: DocumentPath, action: Action, place: DocumentPath
) -> Iterator[Problem]:
    """Actions with a title are of the newer form. Those without keep the rules they were written by."""
    if action.title is None:
        return
    if question.kind == "exposure" and action.priority == "immediate":
        cause = f"“{question.id}” is a risk the business meets, and nothing about it is done in a day."
        yield Problem("BANK047", (*place, "priority"), cause)
    if question.can_sign and is_find_out_action(question, where) and not action.after_advice:
        cause = f"“{question.id}” can raise a sign, and this step looks for it."
        yield Problem("BANK066", place, cause)


def _reached_answer_problems(question: Question, action: Action, place: DocumentPath) -> Iterator[Problem]:
    reached = action.reaches
    if reached is None:
        return
    if question.options:
        options = {option.id: option for option in question.options}
        cause = (
            _why_not_reached(options, reached)
            if isinstance(reached, str)
            else f"{reached:g} is a number here; the id of an answer stands in quotes."
        )
    else:
        cause = "" if isinstance(reached, (int, float)) else f"“{question.id}” is answered with a number."
    if cause:
        yield Problem("BANK049", place, cause)


def _why_not_reached(options: Mapping[str, Option], reached: str) -> str:
    option = options.get(reached)
    if option is None:
        return f"There is no answer “{reached}”{did_you_mean(reached, options)}"
    if option.id == DONT_KNOW or option.not_looked:
        return f"“{option.id}” says that nobody knows."
    return f"“{option.id}” raises a sign." if option.sign else ""


BREACH_DAYS = 30
"""Within so many days at the latest a breach is put right."""
BINDING_EVIDENCE = frozenset({"A", "B", "C"})
"""How far the source of a duty was read that a breach may name: D is background nobody has read again."""
_MIN_OPTIONS = 2

AnswerPart = Option | NumberBand | RuleStep


def problems_in_answers(edition: Edition) -> Iterator[Problem]:
    duties = {duty.id: duty for duty in edition.duty_book.duties}
    ordinary = ordinary_questions(edition)
    for place, question in questions_with_place(edition):
        if question.kind == "fact":
            yield from _fact_problems(question, place)
            continue
        for where, part in answer_parts_with_place(question, place):
            yield from _breach_problems(question, part, where, duties)
            if isinstance(part, Option):
                yield from _not_looked_problems(question, part, where)
        yield from _sentence_problems(question, place, ordinary=question.id in ordinary)
        yield from _retired_problems(question, place)


def answer_parts_with_place(question: Question, place: DocumentPath) -> Iterator[tuple[DocumentPath, AnswerPart]]:
    for key in ("options", "bands", "steps"):
        for index, part in enumerate(getattr(question, key)):
            yield (*place, key, index), part


def _fact_problems(question: Question, place: DocumentPath) -> Iterator[Problem]:
    for index, option in enumerate(question.options):
        for key in ("breach", "not_looked", "mended", "says"):
            if getattr(option, key):
                cause = f"“{question.id}” is a fact, but its option “{option.id}” has “{key}”."
                yield Problem("BANK052", (*place, "options", index, key), cause)
    yield from _retired_problems(question, place)


def _breach_problems(
    question: Question, part: AnswerPart, place: DocumentPath, duties: Mapping[str, Duty]
) -> Iterator[Problem]:
    if part.breach is None:
        return
    where = (*place, "breach")
    duty = duties.get(part.breach)
    if duty is None:
        yield Problem("BANK044", where, f"There is no duty “{part.breach}”{did_you_mean(part.breach, duties)}")
    else:
        for reason in _does_not_bind(duty):
            yield Problem("BANK044", where, f"The duty “{duty.id}” {reason}.")
    if part.sign == "urgent":
        yield Problem("BANK045", where, "This answer has an urgent sign, which comes before any law.")
    elif isinstance(part, Option) and part.id == DONT_KNOW:
        yield Problem("BANK045", where, "This answer says that nobody knows.")
    elif part.points == 0:
        yield Problem("BANK045", where, "This answer has 0 points, so it counts as a good one.")
    action = part.action if part.action is not None else question.action
    if action and action.priority != "immediate" and action.priority > BREACH_DAYS:
        own = (*place, "action", "priority") if part.action else where
        cause = f"This answer is against the law, and its action may wait {action.priority} days."
        yield Problem("BANK046", own, cause)


def _does_not_bind(duty: Duty) -> Iterator[str]:
    if duty.status != "in_force":
        yield "is not in force"
    if duty.force != "mandatory":
        yield "is not mandatory"
    if duty.evidence not in BINDING_EVIDENCE:
        yield f"has the evidence {duty.evidence}"


def _not_looked_problems(question: Question, option: Option, place: DocumentPath) -> Iterator[Problem]:
    points = option.points or 0
    if option.not_looked:
        cause = _why_no_not_looked(question, option, points)
        if cause:
            yield Problem("BANK048", (*place, "not_looked"), f"“{option.id}” says that nobody has looked, {cause}.")
    elif option.mended and (points or option.sign or option.breach):
        what = "points" if points else "a sign" if option.sign else "a breach"
        cause = f"“{option.id}” says that it was put right, but it has {what}."
        yield Problem("BANK048", (*place, "mended"), cause)


def _why_no_not_looked(question: Question, option: Option, points: float) -> str:
    if option.id == DONT_KNOW:
        return "and so does “don’t know” without it"
    if option.mended:
        return "and that it was put right"
    if option.sign:
        return "but it has a sign"
    if question.ticks:
        return "but ticks are counted here"
    if question.can_sign and points < POOR_POINTS:
        return f"but {points:g} points bring no step to find out"
    return "" if points else "but it has no points, so it counts as a good one"


def _sentence_problems(question: Question, place: DocumentPath, *, ordinary: bool) -> Iterator[Problem]:
    rows: list[tuple[DocumentPath, float | None]] = []
    for key in ("options", "bands", "ticks", "steps"):
        parts = enumerate(getattr(question, key))
        rows += [((*place, key, index, "says"), one.points) for index, one in parts if one.says]
    fits = ordinary and question.kind == "safeguard"
    for where, points in rows:
        if not fits:
            yield Problem("BANK067", where, f"“{question.id}” is no ordinary safeguard.")
        elif points != 0:
            yield Problem("BANK067", where, "What a business does well is said of answers with 0 points alone.")
    if question.not_yet and not fits:
        yield Problem("BANK067", (*place, "not_yet"), f"“{question.id}” is no ordinary safeguard.")


def _retired_problems(question: Question, place: DocumentPath) -> Iterator[Problem]:
    for index, option in enumerate(question.options):
        if option.retired and option.id == DONT_KNOW:
            cause = f"“Don’t know” is no longer offered to “{question.id}”."
            yield Problem("BANK068", (*place, "options", index, "retired"), cause)
    offered = [option for option in question.options if not option.retired]
    if len(offered) == len(question.options):
        return
    told = question.kind == "fact" or any(option.id != DONT_KNOW for option in offered)
    boxes = not question.ticks or any(not is_exclusive_option(option.id) for option in offered)
    if len(offered) < _MIN_OPTIONS or not told or not boxes:
        yield Problem("BANK068", (*place, "options"), f"“{question.id}” offers too few of its answers.")


MAX_POINTS = 10
RULE_STEPS: Mapping[str, tuple[str, ...]] = {
    "labour_provider_rate": ("good", "thin", "low"),
    "housing_charge": ("free", "within", "above"),
}


def problems_in_points(edition: Edition) -> Iterator[Problem]:
    signs = [check for check in edition.checks if check.sign]
    signed = frozenset(name for check in signs for name in check.inputs.values())
    read = signed.union(*(condition_subjects(one) for check in signs for one in (check.when, check.unless) if one))
    for place, question in questions_with_place(edition):
        misfits = [*_wrong_keys(question, place), *_missing_keys(question, place)]
        yield from misfits
        yield from _unmarked_none_options(question, place)
        yield from _words_beside_a_sign(question, place, read)
        if question.kind == "fact":
            yield from _scored_fact(question, place)
        elif not misfits:
            yield from _points(question, place)
            yield from _bands(question, place)
            yield from _ticks(question, place)
            if QUESTION_TYPES[question.type].has_options and all(option.id != DONT_KNOW for option in question.options):
                yield Problem("BANK059", (*place, "options"), f"“{question.id}” has no option “dk”.")
            yield from _signs(question, place, signed)
            yield from _actions(question, place)


def _wrong_keys(question: Question, place: DocumentPath) -> Iterator[Problem]:
    for key, types in TYPES_BY_KEY.items():
        value = getattr(question, key)
        if value is not False and value not in (None, ()) and question.type not in types:
            cause = f"“{key}” stands at “{question.id}”, which is of the type {question.type}."
            yield Problem("BANK062", (*place, key), cause)
    if question.kind != "fact" and not QUESTION_TYPES[question.type].scored:
        cause = f"“{question.id}” is of the type {question.type}, which is never scored: it must be of the kind fact."
        yield Problem("BANK062", (*place, "kind"), cause)
    for key in ("bands", "steps"):
        if key == "bands" and question.bands and question.rule:
            yield Problem("BANK062", (*place, key), f"“{question.id}” has a rule and bands; only one can count.")
        if key == "steps" and question.steps and not question.rule:
            yield Problem("BANK062", (*place, key), f"“{question.id}” has steps without a rule.")
    if question.likely_to is not None and question.likely_to < (question.likely_from or 0):
        yield Problem("BANK062", (*place, "likely_to"), f"“{question.id}” would ask every number back.")
    for index, option in enumerate(question.options):
        if question.ticks and option.points is not None:
            cause = f"“{option.id}” has points, but “{question.id}” counts ticks."
            yield Problem("BANK062", (*place, "options", index, "points"), cause)


def _words_beside_a_sign(question: Question, place: DocumentPath, read_by_signs: frozenset[str]) -> Iterator[Problem]:
    """A box for words stands beside no answer that can raise a sign, be it by a check."""
    kind = QUESTION_TYPES[question.type]
    signs = question.can_sign or question.id in read_by_signs
    if signs and kind.has_options and kind.takes_free_text(question):
        cause = f"“{question.id}” can raise a sign, and beside a sign nobody is asked to write anything."
        yield Problem("BANK062", (*place, "type"), cause)


def _missing_keys(question: Question, place: DocumentPath) -> Iterator[Problem]:
    if lacking := QUESTION_TYPES[question.type].lacking(question):
        yield Problem("BANK061", place, f"“{question.id}” lacks {lacking}.")
    for index, column in enumerate(question.columns):
        if column.type == "choice" and not column.options:
            yield Problem("BANK061", (*place, "columns", index), f"The column “{column.id}” lacks “options”.")
    if question.rule and tuple(step.id for step in question.steps) != RULE_STEPS[question.rule]:
        cause = f"“{question.rule}” has exactly these steps, in this order: {', '.join(RULE_STEPS[question.rule])}."
        yield Problem("BANK063", (*place, "rule"), cause)


def _unmarked_none_options(question: Question, place: DocumentPath) -> Iterator[Problem]:
    """Options that say “none” but could be ticked together with others."""
    if not QUESTION_TYPES[question.type].several:
        return
    for index, option in enumerate(question.options):
        words = option.label.lower()
        says_none = words.startswith(("none", "don’t know", "don't know")) or words == "no"
        if says_none and not is_exclusive_option(option.id):
            cause = f"“{option.label}” could be ticked together with other options, because its id is “{option.id}”."
            yield Problem("BANK060", (*place, "options", index, "id"), cause)


def _scored_fact(question: Question, place: DocumentPath) -> Iterator[Problem]:
    for key in ("can_sign", "cap", "bands", "ticks", "rule", "action", "dk_action", "same_as", "not_yet"):
        if getattr(question, key) not in (None, (), False):
            yield Problem("BANK052", (*place, key), f"“{question.id}” is a fact, but has “{key}”.")
    for index, option in enumerate(question.options):
        if option.points is not None or option.sign or option.action:
            cause = f"“{question.id}” is a fact, but its option “{option.id}” has points, a sign or an action."
            yield Problem("BANK052", (*place, "options", index), cause)


def _points(question: Question, place: DocumentPath) -> Iterator[Problem]:
    most = MAX_POINTS if question.cap is None else min(question.cap, MAX_POINTS)
    if question.cap is not None and not 0 < question.cap <= MAX_POINTS:
        yield Problem("BANK051", (*place, "cap"), f"The cap of “{question.id}” is {question.cap:g}.")
        return
    rows: list[tuple[str, int, str, float | None]] = []
    rows += [("options", i, f"“{one.id}”", one.points) for i, one in enumerate(question.options)]
    rows += [("bands", i, "This band", one.points) for i, one in enumerate(question.bands)]
    rows += [("ticks", i, "This step", one.points) for i, one in enumerate(question.ticks)]
    rows += [("steps", i, f"“{one.id}”", one.points) for i, one in enumerate(question.steps)]
    limit = MAX_COUNTED_POINTS if question.ticks or question.rule else most
    for key, index, said, points in rows:
        if points is None:
            if not question.ticks:
                yield Problem("BANK050", (*place, key, index), f"{said} of “{question.id}” has no points.")
        elif not 0 <= points <= limit:
            cause = f"{said} of “{question.id}” has {points:g} points; at most {limit:g} count here."
            yield Problem("BANK051", (*place, key, index, "points"), cause)
    if possible_points(question) <= 0 and all(row[3] is not None for row in rows):
        yield Problem("BANK051", place, f"No answer to “{question.id}” costs anything, so it measures nothing.")


def _bands(question: Question, place: DocumentPath) -> Iterator[Problem]:
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


def _ticks(question: Question, place: DocumentPath) -> Iterator[Problem]:
    if not question.ticks:
        return
    counts = [step.at_least for step in question.ticks]
    if 0 not in counts:
        yield Problem("BANK054", (*place, "ticks"), f"“{question.id}” has no points for no ticks at all.")
    for index, count in enumerate(counts):
        if count in counts[:index]:
            yield Problem("BANK054", (*place, "ticks", index), f"“{question.id}” has two steps for {count} ticks.")


def _signs(question: Question, place: DocumentPath, signed_by_checks: frozenset[str]) -> Iterator[Problem]:
    raising = [(key, index) for key, index, _, sign, *_ in answer_outcomes(question) if sign]
    if raising and not question.can_sign:
        key, index = raising[0]
        cause = f"An answer to “{question.id}” raises a sign, but the question is not marked."
        yield Problem("BANK055", (*place, key, index, "sign"), cause)
    if question.can_sign and not raising and question.id not in signed_by_checks:
        cause = f"“{question.id}” is marked “can_sign”, but no answer and no check raises its sign."
        yield Problem("BANK056", (*place, "can_sign"), cause)
    if question.can_sign and not question.ilo:
        yield Problem("BANK065", place, f"“{question.id}” can raise a sign, but has no “ilo”.")


class AnswerOutcome(NamedTuple):
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


_NUMBER_PARTS: tuple[tuple[str, Callable[[Question], Sequence[NumberBand | RuleStep]]], ...] = (
    ("bands", lambda question: question.bands),
    ("steps", lambda question: question.steps),
)


def answer_outcomes(question: Question) -> list[AnswerOutcome]:
    """Every way to answer that has a place in the file."""
    most = possible_points(question)
    rows = [
        AnswerOutcome("options", i, _option_points(question, one, most), one.sign, one.action, bool(one.breach))
        for i, one in enumerate(question.options)
    ]
    for key, parts in _NUMBER_PARTS:
        rows += [
            AnswerOutcome(key, i, one.points, one.sign, one.action, bool(one.breach))
            for i, one in enumerate(parts(question))
        ]
    rows += [AnswerOutcome("ticks", i, one.points, None, None, breach=False) for i, one in enumerate(question.ticks)]
    return rows


def _option_points(question: Question, option: Option, most: float) -> float:
    """What an option costs. “Don’t know” is never the cheaper answer, whatever is written there."""
    if option.id == DONT_KNOW:
        return most
    # where ticks are counted, “don’t know” is the only option that costs
    return 0.0 if question.ticks else option.points or 0.0


def _actions(question: Question, place: DocumentPath) -> Iterator[Problem]:
    """Every poor answer brings an action, and every action is brought by a poor answer."""
    used = False
    for one in answer_outcomes(question):
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
        yield Problem("BANK057", (*place, key, index), _why_no_action(question, key, index, served=served))
    kind = QUESTION_TYPES[question.type]
    adds_up = kind.several and not question.ticks and _added_points(question) >= POOR_POINTS
    counts = kind.is_number and question.dk_action is None
    if counts and (question.can_sign or not question.action):
        yield Problem("BANK057", place, f"“Don’t know” to “{question.id}” brings no action; add “dk_action”.")
    if adds_up and not question.action:
        yield Problem("BANK057", place, f"Several answers to “{question.id}” together are poor, but it has no action.")
    if question.action and not used and not adds_up and not (counts and not question.can_sign):
        yield Problem("BANK058", (*place, "action"), f"No answer brings the action of “{question.id}”.")


def _added_points(question: Question) -> float:
    added = add_up(option.points or 0.0 for option in question.options if not is_exclusive_option(option.id))
    return min(added, possible_points(question))


def _why_no_action(question: Question, key: str, index: int, *, served: bool) -> str:
    said = f"“{question.options[index].id}”" if key == "options" else f"Number {index + 1} of “{key}”"
    if served:
        return f"{said} of “{question.id}” is a poor answer, but neither it nor the question has an action."
    return f"{said} of “{question.id}” is a poor answer without a sign; the question’s action is only for those with a sign."
