"""What single answers say of themselves beside their points: against the law, not looked, mended, in words, no longer offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assess.engine.bank import DONT_KNOW, Duty, Edition, NumberBand, Option, Question, RuleStep
from assess.engine.faults_in_names import questions_at
from assess.engine.marks import stands_alone
from assess.engine.ordinary import ordinary_questions
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.remedies import POOR_POINTS

BREACH_DAYS = 30
"""Within so many days at the latest a breach is put right."""
READ_FROM = frozenset({"A", "B", "C"})
"""How far the source of a duty was read that a breach may name: D is background nobody has read again."""
_FEWEST = 2
"""Answers that must be left to choose from: a choice of one is none."""

Part = Option | NumberBand | RuleStep


def faults_in_answers(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with what single answers say of themselves."""
    duties = {duty.id: duty for duty in edition.duty_book.duties}
    ordinary = ordinary_questions(edition)
    for place, question in questions_at(edition):
        if question.kind == "fact":
            yield from _of_a_fact(question, place)
            continue
        for where, part in parts_at(question, place):
            yield from _breach(question, part, where, duties)
            if isinstance(part, Option):
                yield from _looked(question, part, where)
        yield from _sentences(question, place, ordinary=question.id in ordinary)
        yield from _retired(question, place)


def parts_at(question: Question, place: Place) -> Iterator[tuple[Place, Part]]:
    """Every option, band and step of a question with its place."""
    for key in ("options", "bands", "steps"):
        for index, part in enumerate(getattr(question, key)):
            yield (*place, key, index), part


def _of_a_fact(question: Question, place: Place) -> Iterator[Problem]:
    for index, option in enumerate(question.options):
        for key in ("breach", "not_looked", "mended", "says"):
            if getattr(option, key):
                cause = f"“{question.id}” is a fact, but its option “{option.id}” has “{key}”."
                yield Problem("BANK052", (*place, "options", index, key), cause)
    yield from _retired(question, place)


def _breach(question: Question, part: Part, place: Place, duties: Mapping[str, Duty]) -> Iterator[Problem]:
    if part.breach is None:
        return
    where = (*place, "breach")
    duty = duties.get(part.breach)
    if duty is None:
        yield Problem("BANK044", where, f"There is no duty “{part.breach}”{did_you_mean(part.breach, duties)}")
    else:
        for said in _does_not_bind(duty):
            yield Problem("BANK044", where, f"The duty “{duty.id}” {said}.")
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
    if duty.evidence not in READ_FROM:
        yield f"has the evidence {duty.evidence}"


def _looked(question: Question, option: Option, place: Place) -> Iterator[Problem]:
    points = option.points or 0
    if option.not_looked:
        cause = _why_no_not_looked(question, option, points)
        if cause:
            yield Problem("BANK048", (*place, "not_looked"), f"“{option.id}” says that nobody has looked, {cause}.")
    elif option.mended and (points or option.sign or option.breach):
        said = "points" if points else "a sign" if option.sign else "a breach"
        cause = f"“{option.id}” says that it was put right, but it has {said}."
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


def _sentences(question: Question, place: Place, *, ordinary: bool) -> Iterator[Problem]:
    rows: list[tuple[Place, float | None]] = []
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


def _retired(question: Question, place: Place) -> Iterator[Problem]:
    for index, option in enumerate(question.options):
        if option.retired and option.id == DONT_KNOW:
            cause = f"“Don’t know” is no longer offered to “{question.id}”."
            yield Problem("BANK068", (*place, "options", index, "retired"), cause)
    offered = [option for option in question.options if not option.retired]
    if len(offered) == len(question.options):
        return
    told = question.kind == "fact" or any(option.id != DONT_KNOW for option in offered)
    boxes = not question.ticks or any(not stands_alone(option.id) for option in offered)
    if len(offered) < _FEWEST or not told or not boxes:
        yield Problem("BANK068", (*place, "options"), f"“{question.id}” offers too few of its answers.")
