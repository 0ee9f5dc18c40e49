"""What an author may want to look at again before an edition is published: nothing here refuses, and all of it can be waived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assess.engine.bank import DONT_KNOW, Edition, Question
from assess.engine.conditions import FALSE, PENDING, TRUE, compiled, looks_at
from assess.engine.faults_in_names import questions_at
from assess.engine.marks import possible_points, stands_alone
from assess.engine.problems import Place
from assess.engine.wording_remarks import Remark, Rule, remarks_on


@dataclass(frozen=True, slots=True)
class Placed:
    """A remark with the question it is about and its place in the document."""

    question: str
    place: Place
    remark: Remark


def author_remarks(edition: Edition) -> tuple[Placed, ...]:
    """Every remark on the questions of an edition, in the order of asking."""
    earlier: dict[str, Question] = {}
    found: list[Placed] = []
    for place, question in questions_at(edition):
        found += [Placed(question.id, (*place, *where), remark) for where, remark in _on(question, earlier)]
        earlier[question.id] = question
    return tuple(found)


def _on(question: Question, earlier: Mapping[str, Question]) -> Iterator[tuple[Place, Remark]]:
    yield from ((("ask",), remark) for remark in remarks_on(question.ask, asks=True))
    for key, text in (("hint", question.hint), ("why", question.why)):
        yield from (((key,), remark) for remark in remarks_on(text or ""))
    for index, option in enumerate(question.options):
        yield from ((("options", index, "label"), remark) for remark in remarks_on(option.label))
    yield from _out_of_reach(question)
    yield from _better_by_hiding(question, earlier)


def _out_of_reach(question: Question) -> Iterator[tuple[Place, Remark]]:
    """Points that no answer can cost."""
    costs = [option.points or 0.0 for option in question.options]
    together = sum(option.points or 0.0 for option in question.options if not stands_alone(option.id))
    most = max([*costs, together if question.type == "choices" else 0.0, 0.0])
    if question.cap is not None and question.options and not question.ticks and question.cap > most:
        yield ("cap",), Remark(Rule.POINTS_OUT_OF_REACH, f"the cap is {question.cap:g}, the answers reach {most:g}")
    boxes = sum(not stands_alone(option.id) for option in question.options)
    for index, step in enumerate(question.ticks):
        if step.at_least > boxes:
            said = f"{step.at_least} ticks, and there are {boxes} boxes"
            yield ("ticks", index), Remark(Rule.POINTS_OUT_OF_REACH, said)
    if question.type == "percentage":
        for index, (band, before) in enumerate(zip(question.bands[1:], question.bands, strict=False), 1):
            if before.up_to is not None and before.up_to >= 100:  # noqa: PLR2004  # a whole
                yield (
                    ("bands", index),
                    Remark(Rule.POINTS_OUT_OF_REACH, f"more than {before.up_to:g}% ({band.points:g} points)"),
                )


def _better_by_hiding(question: Question, earlier: Mapping[str, Question]) -> Iterator[tuple[Place, Remark]]:
    """A worse answer to an earlier question spares this one, so whoever gives it may come out better."""
    if question.show_if is None or not possible_points(question):
        return
    judged = compiled(question.show_if)
    for name in dict.fromkeys(looks_at(question.show_if)):
        before = earlier.get(name)
        if before is None or before.type != "choice" or before.kind == "fact":
            continue
        verdicts = {
            option.id: judged(lambda subject, chosen=option.id, asked=name: chosen if subject == asked else PENDING)  # type: ignore[misc]  # a default holds the name
            for option in before.options
            if option.id != DONT_KNOW
        }
        costs = {option.id: option.points or 0.0 for option in before.options}
        spared = [(costs[one], one) for one, verdict in verdicts.items() if verdict is FALSE]
        asked = [(costs[one], one) for one, verdict in verdicts.items() if verdict is TRUE]
        if spared and asked and max(spared)[0] > min(asked)[0]:
            said = f"“{name}”: {max(spared)[1]} costs more than {min(asked)[1]} and is asked less"
            yield ("show_if",), Remark(Rule.BETTER_BY_HIDING, said)
