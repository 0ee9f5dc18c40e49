"""Small banks at random: every type of question, conditions of every kind over earlier questions."""

from __future__ import annotations

from random import Random

from assess.engine.bank import Edition, NumberBand, Option, Question
from assess.engine.conditions import AllOf, AnyOf, Asked, AtLeastOf, Condition, Leaf, Not
from tests.builders import (
    WEIGHTS,
    a_bank,
    a_charge,
    a_check,
    a_number,
    a_question,
    a_sign_question,
    an_action,
    several,
    ticks,
)

NUMBERS = (0, 5, 10, 15, 25)


def a_random_bank(rnd: Random) -> Edition:
    """Three to twelve questions, two in three with a condition."""
    questions: list[Question] = []
    dimensions = rnd.sample(list(WEIGHTS), rnd.randint(1, len(WEIGHTS)))
    for index in range(rnd.randint(3, 12)):
        show_if = a_condition(rnd, questions, depth=3) if questions and rnd.random() < 0.67 else None
        kind = rnd.choice(("safeguard", "safeguard", "exposure", "fact"))
        made = rnd.choice((a_question, a_sign_question, a_number, several, ticks, of_odd_points))
        questions.append(
            made(f"q{index}", kind=kind, dimension=rnd.choice(dimensions), show_if=show_if, quick=rnd.random() < 0.5)
        )
    return a_bank(*questions)


def an_unrouted_bank(rnd: Random) -> Edition:
    """Six to twelve safeguards and exposures without conditions, each with an action, some with the same; a housing charge and its check.

    Few dimensions, so that some hold three questions and weigh a second time.
    """
    makers = (a_question, of_law_and_looking, a_sign_question, several, ticks)
    dimensions = rnd.sample(list(WEIGHTS), rnd.randint(1, 4))
    questions: list[Question] = []
    for index in range(rnd.randint(6, 12)):
        kind = rnd.choice(("safeguard", "safeguard", "safeguard", "exposure"))
        named = [one.id for one in questions if one.kind == kind == "safeguard" and one.same_as is None]
        questions.append(
            rnd.choice(makers)(
                f"q{index}",
                kind=kind,
                dimension=rnd.choice(dimensions),
                ilo=(rnd.randint(1, 3),),
                action=an_action(f"Do q{index}.", effort=rnd.choice("SML"), priority=rnd.choice((7, 30, 90))),
                same_as=rnd.choice(named) if named and rnd.random() < 0.2 else None,
            )
        )
    near = a_question("near", type="text", kind="fact", options=())
    inputs = {"charge": "charge"}
    d3 = a_check(
        "D3", rule="charge_above_offset", inputs=inputs, when=Leaf("near", "is", "yes"), sign="serious", ilo=(8,)
    )
    return a_bank(*questions, near, a_charge(), checks=[d3])


def of_odd_points(name: str, **changes: object) -> Question:
    """Points that are no whole numbers, so that sums are rounded."""
    if len(name) % 2:
        bands = (NumberBand(10, 0.1), NumberBand(None, 0.7))
        return a_number(name, **{"bands": bands} | changes)
    costs = {"good": 0.1, "poor": 2.3, "bad": 3.7, "dk": 3.3}
    options = tuple(Option(option, option, points) for option, points in costs.items())
    return a_question(name, **{"options": options} | changes)


def of_law_and_looking(name: str, **changes: object) -> Question:
    """A choice that can be against a duty, or say that nobody looked."""
    options = (
        Option("good", "Good", 0),
        Option("guess", "We think so", 1, not_looked=True),
        Option("against", "Against the law", 1, breach="slips"),
        Option("bad", "Bad", 4),
        Option("dk", "Don’t know", 4),
    )
    return a_question(name, **{"options": options} | changes)


def a_condition(rnd: Random, earlier: list[Question], depth: int) -> Condition:
    """A condition over earlier questions, at most so deep."""
    if depth == 0 or rnd.random() < 0.4:
        question = rnd.choice(earlier)
        return Asked(question.id) if rnd.random() < 0.15 else a_leaf(rnd, question)
    if rnd.random() < 0.3:
        return Not(a_condition(rnd, earlier, depth - 1))
    parts = tuple(a_condition(rnd, earlier, depth - 1) for _ in range(rnd.randint(1, 3)))
    match rnd.randrange(3):
        case 0:
            return AllOf(parts)
        case 1:
            return AnyOf(parts)
        case _:
            return AtLeastOf(rnd.randint(1, len(parts)), parts)


def a_leaf(rnd: Random, question: Question) -> Leaf:
    """A test that the question's answers can pass or fail."""
    if not question.options:
        test = rnd.choice(("at_least", "at_most", "more_than", "less_than", "is"))
        return Leaf(question.id, test, rnd.choice(NUMBERS))
    names = [option.id for option in question.options]
    some = tuple(rnd.sample(names, rnd.randint(1, 2)))
    if question.type == "choices":
        test = rnd.choice(("includes", "includes_any", "is"))
        return Leaf(question.id, test, some[0] if test == "includes" else some)
    test = rnd.choice(("is", "is_one_of"))
    return Leaf(question.id, test, some if test == "is_one_of" else some[0])
