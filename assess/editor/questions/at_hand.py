"""What a page about one bank or one question needs at hand: the draft, what is in force, and the lists that forms offer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from flask import abort
from sqlalchemy.orm import Session

from assess.banks.sheets import Shelf, shelf_of
from assess.banks.shelves import in_force, texts_of
from assess.editor.door import at_work_or_404
from assess.editor.law.kinds import DUTIES, things
from assess.editor.questions.overview import gone_from
from assess.editor.questions.parts import Lists
from assess.editor.questions.rows import entries_of
from assess.editor.questions.words import OUTCOMES
from assess.editor.said_in_words import shortened
from assess.editor.workbench import Spot, Workbench
from assess.engine.bank import DONT_KNOW
from assess.engine.faults_in_answers import READ_FROM


@dataclass(frozen=True)
class BankAtHand:
    """A bank of a draft, beside what is in force."""

    at_work: Workbench
    before: Workbench
    bank: str

    @cached_property
    def lists(self) -> Lists:
        """What forms offer to choose from."""
        questions = [one.data for one in self.at_work.questions_of(self.bank)]
        return lists_of(self.at_work.shelf, gone_from(self.at_work, self.before, self.bank), questions)

    @cached_property
    def title(self) -> str:
        """What the bank calls itself."""
        sheet = self.at_work.shelf.at("", self.bank)
        return str((sheet.written if sheet else {}).get("title") or self.bank)

    def question_or_404(self, question_id: str) -> Spot:
        """The question with this id.

        Raises:
            HTTPException: 404 when there is none.
        """
        return self.at_work.question(self.bank, question_id) or abort(404)

    def base(self, question_id: str) -> Mapping[str, Any] | None:
        """The question as it is in force, None when it is new."""
        spot = self.before.question(self.bank, question_id)
        return None if spot is None else spot.data


def bank_at_hand(look: Session, draft_id: uuid.UUID, bank: str) -> BankAtHand:
    """This bank of an open draft.

    Raises:
        HTTPException: 404 when there is none.
    """
    at_work = at_work_or_404(look, draft_id, bank)
    state = in_force(look)
    shelf = shelf_of(texts_of(look, state)) if state else Shelf()
    return BankAtHand(at_work, Workbench(at_work.draft, shelf, at_work.now), bank)


def lists_of(shelf: Shelf, gone: Mapping[str, Mapping[str, Any]], questions: Sequence[Mapping[str, Any]] = ()) -> Lists:
    """The themes, owners, sources and duties of a shelf by id, in the order of their files, and which of these questions have an action."""
    dimensions = _written(shelf, "dimensions")
    owners = cast("Mapping[str, object]", _written(shelf, "owners").get("owners") or {})
    sources = cast("Mapping[str, object]", _written(shelf, "sources").get("sources") or {})
    return Lists(
        {str(one.get("id")): str(one.get("name")) for one in entries_of(dimensions, "dimensions")},
        {name: str(words) for name, words in owners.items()},
        {name: str(one.get("document", name)) for name, one in sources.items() if isinstance(one, dict)},
        gone,
        {one.id: one.title for one in things(shelf, DUTIES) if can_be_broken(one.data)},
        with_actions(questions),
    )


def can_be_broken(duty: Mapping[str, Any]) -> bool:
    """Whether an answer can be against this duty: it is in force, binds, and its source was read."""
    binds = duty.get("status") == "in_force" and duty.get("force") == "mandatory"
    return binds and duty.get("evidence") in READ_FROM


def with_actions(questions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The questions whose action can be printed for others too: their words by id."""
    return {
        str(one.get("id")): str(one.get("name") or shortened(str(one.get("ask"))))
        for one in questions
        if _has_action(one)
    }


def _has_action(question: Mapping[str, Any]) -> bool:
    """Whether its action can be printed for other questions too."""
    own = [one.get("action") for key in OUTCOMES for one in entries_of(question, key) if one.get("id") != DONT_KNOW]
    named = question.get("same_as") or question.get("kind") == "exposure"
    return not named and any(isinstance(one, dict) for one in (question.get("action"), *own))


def _written(shelf: Shelf, stem: str) -> Mapping[str, object]:
    sheet = shelf.at("", stem)
    return sheet.written if sheet else {}


def called(data: Mapping[str, Any]) -> str:
    """A question as the history names it."""
    return f"the question “{shortened(str(data.get('ask') or data.get('id')))}”"
