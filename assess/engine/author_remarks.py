"""What an author may want to look at again before an edition is published: nothing here refuses, and all of it can be waived.

What refuses stands in `checker.py`: there are questions that no answers reach, and values that should have been looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assess.engine.bank import Action, Duty, Edition, OwnAction, Question
from assess.engine.faults_in_actions import finds_out
from assess.engine.faults_in_names import actions_of, questions_at
from assess.engine.marks import stands_alone
from assess.engine.problems import Place
from assess.engine.spared_questions import spared_questions
from assess.engine.wording_remarks import Remark, Rule, remarks_on


@dataclass(frozen=True, slots=True)
class Placed:
    """A remark with the question (or the duty) it is about and its place in the document."""

    question: str
    place: Place
    remark: Remark


def author_remarks(edition: Edition) -> tuple[Placed, ...]:
    """Every remark on the questions of an edition, in the order of asking, then those on its duties."""
    hiding = _better_by_hiding(edition)
    found: list[Placed] = []
    for place, question in questions_at(edition):
        found += [Placed(question.id, (*place, *where), remark) for where, remark in _on(question)]
        if question.id in hiding:
            found.append(Placed(question.id, (*place, "show_if"), hiding[question.id]))
    for index, duty in enumerate(edition.duty_book.duties):
        place = ("duty_book", "duties", index)
        found += [Placed(duty.id, (*place, *where), remark) for where, remark in _on_duty(duty)]
    return tuple(found)


def _on(question: Question) -> Iterator[tuple[Place, Remark]]:
    yield from ((("ask",), remark) for remark in remarks_on(question.ask, asks=True))
    for key, text in (("hint", question.hint), ("why", question.why)):
        yield from (((key,), remark) for remark in remarks_on(text or ""))
    for index, option in enumerate(question.options):
        yield from ((("options", index, "label"), remark) for remark in remarks_on(option.label))
    yield from _out_of_reach(question)
    yield from _dismisses(question)
    yield from _asks_who_may_control(question)


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


def _better_by_hiding(edition: Edition) -> dict[str, Remark]:
    """A worse answer to an earlier question spares this one, and whoever gives it may come out better."""
    found: dict[str, Remark] = {}
    for one in spared_questions(edition):
        said = f"“{one.question}”: {one.worse} costs more than {one.better}, and may come out better"
        for name in one.questions:
            found.setdefault(name, Remark(Rule.BETTER_BY_HIDING, said))
    return found


_PEOPLE = r"(?:them|him|her|workers?|people|anyone|anybody|everyone|everybody|each worker|the (?:workers?|crew|team|gang|person))"
_MOVES_SOMEBODY = re.compile(
    rf"\b(?:dismiss|sack|evict|expel|let {_PEOPLE} go|send {_PEOPLE} (?:home|away|back)|throw {_PEOPLE} out|(?:move|question|interview|"
    rf"replace|lay off|re-?check) {_PEOPLE}|(?:end|stop|cancel) (?:the|their|its|any) (?:job|contract|contracts|work|stay|tenancy)|"
    r"(?:drop|stop using|end the contract with) (?:the|that|any|your) (?:agency|labour provider|supplier))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_FORBIDS = re.compile(r"\b(?:not|never|nobody|no one|no worker|no workers|without)\b|n[’']t\b", re.IGNORECASE)


def _dismisses(question: Question) -> Iterator[tuple[Place, Remark]]:
    """An action that moves, questions or dismisses people, on a question whose answers may mean that somebody is in danger."""
    if not question.can_sign:
        return
    actions: list[tuple[Place, OwnAction]] = [(("action",), question.action), (("dk_action",), question.dk_action)]
    for key in ("options", "bands", "steps"):
        actions += [((key, index, "action"), one.action) for index, one in enumerate(getattr(question, key))]
    for place, action in actions:
        said = _moving(action) if isinstance(action, Action) and not action.after_advice else None
        if said:
            yield place, Remark(Rule.DISMISSES_WITHOUT_ADVICE, said)


def _moving(action: Action) -> str | None:
    for sentence in _SENTENCE.split(action.do):
        found = _MOVES_SOMEBODY.search(sentence)
        if found and not _FORBIDS.search(sentence):
            return found.group().lower()
    return None


_WHO_MAY_CONTROL = (
    r"(?:managers?|supervisors?|agents?|agency|agencies|operators?|labour providers?|gangmasters?|recruiters?|head|heads|team leaders?|foremen|foreman|"
    r"crew|gang|workers?|staff|people|person|landlords?|drivers?|owner|owners|landowner|contractors?|suppliers?|somebody|someone|anybody|anyone|everybody|"
    r"everyone|them|him|her)"
)
_ASKS_SOMEBODY = re.compile(
    rf"\b(?:ask|question|interview|phone|ring|call|contact|talk to|speak (?:to|with)|check with|hear from) (?:only |just )?(?:your |the |their |each |any |all |every |one |some )*"
    rf"(?:[a-z-]+ )?{_WHO_MAY_CONTROL}\b|\bsearch (?!your (?:own )?(?:papers|records|email|emails|messages|inbox|files)\b)\w+",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:not|never|nobody|no one|without|before you|how to|than)\b|n[’']t\b", re.IGNORECASE)


def _asks_who_may_control(question: Question) -> Iterator[tuple[Place, Remark]]:
    """A step to find out that warns whoever may control workers, or puts the question to the workers beside them."""
    if not question.can_sign:
        return
    for place, action in actions_of(question):
        said = _asking(action.do) if finds_out(question, place) else None
        if said:
            yield place, Remark(Rule.ASKS_WHO_MAY_CONTROL, said)


def _asking(text: str) -> str | None:
    """Who is asked, searched, moved or dismissed there; “no” before it forbids it."""
    for sentence in _SENTENCE.split(text):
        for pattern in (_ASKS_SOMEBODY, _MOVES_SOMEBODY):
            found = pattern.search(sentence)
            if found and not _NOT_YET.search(sentence[: found.start()]) and " no " not in found.group().lower():
                return found.group().lower()
    return None


_NO_SOURCE = re.compile(
    r"\W*(?:none|tbc|tbd|to do|todo|unknown|not known|n/?a|see above|various|\?*)\W*", re.IGNORECASE
)
_FRONT_PAGE = re.compile(r"https?://[^/?#]+/?")


def _on_duty(duty: Duty) -> Iterator[tuple[Place, Remark]]:
    """A duty whose source nobody can go and read."""
    if _NO_SOURCE.fullmatch(duty.source):
        yield ("source",), Remark(Rule.DUTY_WITHOUT_SOURCE, f"“{duty.source}”")
    if _FRONT_PAGE.fullmatch(duty.url):
        yield ("url",), Remark(Rule.DUTY_WITHOUT_SOURCE, f"{duty.url} is only a front page")
