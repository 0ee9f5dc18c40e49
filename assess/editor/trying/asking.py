"""The way through a try-out: which page comes next, and what a posted page adds to what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assess.assessments.facts_form import STORED_GATES, as_question, facts_now, from_answer, gate_question, to_answer
from assess.assessments.progress import Progress, is_shown
from assess.assessments.section_form import Posted
from assess.editor.trying.carrying import Tried
from assess.engine.bank import DONT_KNOW, Edition, Fact, Question, Section, Value
from assess.engine.quick import quick_edition
from assess.engine.visibility import settle

FACTS = "about-the-organisation"
"""The page after the last section: what the duties need to know besides. No section is called so: ids have no dashes."""
FACTS_TITLE = "About the organisation"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a try-out: its questions as they are asked now, and what was said to them."""

    id: str
    title: str
    questions: tuple[Question, ...]
    answers: Mapping[str, Value]


def asked_of(edition: Edition, tried: Tried) -> Edition:
    """The edition with the questions that are asked: for a quick check only the quick ones."""
    return quick_edition(edition) if tried.quick else edition


def progress_of(edition: Edition, tried: Tried) -> Progress:
    """How far the answers go."""
    asked = asked_of(edition, tried)
    return Progress(asked, settle(asked, tried.answers))


def way_through(edition: Edition, tried: Tried) -> tuple[str, ...]:
    """The pages in order: the sections that show something now, then the facts."""
    return (*progress_of(edition, tried).way, FACTS)


def leaf_of(edition: Edition, tried: Tried, name: str) -> Leaf | None:
    """The page of this name with the questions that are shown now; None when there is none."""
    if name == FACTS:
        return _facts_leaf(edition, tried)
    progress = progress_of(edition, tried)
    section = next((one for one in progress.edition.sections if one.id == name), None)
    if section is None:
        return None
    found = progress.settled.found
    shown = tuple(question for question in section.questions if is_shown(found, question.id))
    return Leaf(name, section.title, shown, tried.answers)


def may_be_on(edition: Edition, tried: Tried, name: str) -> tuple[Question, ...]:
    """Every question that the posted page may have held."""
    if name == FACTS:
        book = edition.duty_book
        return (*map(gate_question, book.gates), *(as_question(fact) for fact in book.facts))
    section = section_of(asked_of(edition, tried), name)
    return section.questions if section else ()


def section_of(edition: Edition, name: str) -> Section | None:
    """The section with this id."""
    return next((one for one in edition.sections if one.id == name), None)


def with_page(edition: Edition, tried: Tried, name: str, posted: Posted) -> Tried:
    """What was said, with what this page says."""
    if name == FACTS:
        return _with_facts(edition, tried, posted)
    answers = {**tried.answers, **{key: value for key, value in posted.changes.items() if value is not None}}
    for key, value in posted.changes.items():
        if value is None:
            answers.pop(key, None)
    return replace(tried, answers=answers, proofs=(tried.proofs - set(posted.proof_asked)) | posted.proof_noted)


def came_up(edition: Edition, before: Tried, after: Tried, name: str) -> tuple[str, ...]:
    """The questions of the page that are asked since it was posted and have no answer yet."""
    old, new = leaf_of(edition, before, name), leaf_of(edition, after, name)
    if old is None or new is None:
        return ()
    known = {question.id for question in old.questions}
    return tuple(one.id for one in new.questions if one.id not in known and one.id not in new.answers)


def beside(way: tuple[str, ...], name: str, step: int) -> str | None:
    """The page before (-1) or after (1) this one; None past either end."""
    at = way.index(name) + step if name in way else 0
    return way[at] if 0 <= at < len(way) else None


def _facts_leaf(edition: Edition, tried: Tried) -> Leaf:
    book = edition.duty_book
    now = facts_now(asked_of(edition, tried), tried.answers, tried.sure_gates, tried.facts)
    shown = {*(fact.id for fact in now.to_ask), *tried.facts}
    uk_only = tried.gates.get("foreign") is False
    facts = [fact for fact in book.facts if fact.id in shown] if len(tried.gates) == len(book.gates) else []
    said: dict[str, Value] = {name: _gate_said(value) for name, value in tried.gates.items()}
    for fact in facts:
        answer = to_answer(fact, tried.facts.get(fact.id))
        if answer is not None:
            said[fact.id] = answer
    asked = (*map(gate_question, book.gates), *(as_question(fact, uk_only=uk_only) for fact in facts))
    return Leaf(FACTS, FACTS_TITLE, asked, said)


def _gate_said(value: bool | None) -> str:  # noqa: FBT001  # the answer to a gate
    return DONT_KNOW if value is None else "yes" if value else "no"


def _with_facts(edition: Edition, tried: Tried, posted: Posted) -> Tried:
    book = edition.duty_book
    gates, facts = dict(tried.gates), dict(tried.facts)
    by_id: dict[str, Fact] = {fact.id: fact for fact in book.facts}
    for name, value in posted.changes.items():
        if name in STORED_GATES.values():
            gates.pop(name, None)
            if value is not None:
                gates[name] = None if value == DONT_KNOW else value == "yes"
        else:
            stored = from_answer(by_id[name], value)
            facts.pop(name, None)
            if stored is not None:
                facts[name] = stored
    return replace(tried, gates=gates, facts=facts)
