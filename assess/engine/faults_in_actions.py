"""Actions that cannot be printed as one, come too early, or reach an answer that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assess.engine.bank import DONT_KNOW, Action, Check, Edition, Option, Question
from assess.engine.faults_in_names import actions_of, questions_at
from assess.engine.problems import Place, Problem, did_you_mean

_UNQUOTED = "{:g} is a number here; the id of an answer stands in quotes."


def faults_in_actions(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with what actions say beside their words, and with the groups they form."""
    questions = {question.id: question for question in edition.questions()}
    for place, question in questions_at(edition):
        yield from _same(question, place, questions)
        for where, action in actions_of(question):
            yield from _early(question, where, action, (*place, *where))
            yield from _reaches(question, action, (*place, *where, "reaches"))
    for index, check in enumerate(edition.checks):
        yield from _same(check, ("checks", index), questions)
        if check.action and check.action.reaches is not None:
            place = ("checks", index, "action", "reaches")
            yield Problem("BANK049", place, f"“{check.id}” is a check, which has no answers.")


def finds_out(question: Question, place: Place) -> bool:
    """Whether an action at this place of a question finds out what nobody knows yet."""
    if place[0] == "options":
        option = question.options[int(place[1])]
        return option.id == DONT_KNOW or option.not_looked
    return place[0] == "dk_action"


def deeds_of(question: Question) -> list[Action]:
    """The actions of a question that change something; steps to find out are no such."""
    return [action for where, action in actions_of(question) if not finds_out(question, where)]


def _same(one: Question | Check, place: Place, questions: Mapping[str, Question]) -> Iterator[Problem]:
    if one.same_as is None:
        return
    where = (*place, "same_as")
    named = questions.get(one.same_as)
    cause = _why_not_same(one, named, questions)
    if cause or named is None:
        yield Problem("BANK042", where, cause)
        return
    own = deeds_of(one) if isinstance(one, Question) else [one.action] if one.action else []
    if len({action.after_advice for action in (*own, *deeds_of(named))}) > 1:
        cause = f"Some actions of “{one.id}” and “{named.id}” wait for advice, and others do not."
        yield Problem("BANK043", where, cause)


def _why_not_same(one: Question | Check, named: Question | None, questions: Mapping[str, Question]) -> str:
    if named is None:
        return f"There is no question “{one.same_as}”{did_you_mean(str(one.same_as), questions)}"
    if named.id == one.id:
        return f"“{one.id}” names itself."
    if named.same_as is not None:
        return f"“{named.id}” itself names “{named.same_as}”."
    if not deeds_of(named):
        return f"“{named.id}” has no action."
    if isinstance(one, Question) and not deeds_of(one):
        return f"“{one.id}” has no action of its own that could be the same."
    exposed = [each.id for each in (one, named) if isinstance(each, Question) and each.kind == "exposure"]
    return f"“{exposed[0]}” is a risk: its action is part of the one-page map." if exposed else ""


def _early(question: Question, where: Place, action: Action, place: Place) -> Iterator[Problem]:
    """Actions with a title are of the newer form. Those without keep the rules they were written by."""
    if action.title is None:
        return
    if question.kind == "exposure" and action.priority == "immediate":
        cause = f"“{question.id}” is a risk the business meets, and nothing about it is done in a day."
        yield Problem("BANK047", (*place, "priority"), cause)
    if question.can_sign and finds_out(question, where) and not action.after_advice:
        cause = f"“{question.id}” can raise a sign, and this step looks for it."
        yield Problem("BANK066", place, cause)


def _reaches(question: Question, action: Action, place: Place) -> Iterator[Problem]:
    reached = action.reaches
    if reached is None:
        return
    if question.options:
        options = {option.id: option for option in question.options}
        cause = _why_not_reached(options, reached) if isinstance(reached, str) else _UNQUOTED.format(reached)
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
