"""Questions are taken out of a draft: what rests on them stands in the way, and worked examples lose their answers with them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from assess.banks.sheets import Shelf
from assess.editor.questions.at_hand import BankAtHand
from assess.editor.questions.fields import Data
from assess.editor.questions.placing import forget_answers
from assess.editor.questions.resting import Rests, rests_on
from assess.editor.saving import Refused, save_change
from assess.editor.workbench import Spot


def resting_on(shelf: Shelf, ids: frozenset[str]) -> tuple[tuple[Rests, ...], tuple[Rests, ...]]:
    """What has to be changed first, and what is changed along."""
    found = rests_on(shelf, ids)
    return tuple(one for one in found if one.blocks), tuple(one for one in found if not one.blocks)


def blocking(shelf: Shelf, ids: frozenset[str]) -> bool:
    """Whether something has to be changed first."""
    return bool(resting_on(shelf, ids)[0])


def without_answers(
    hand: BankAtHand, spot: Spot, ids: frozenset[str], edit: Callable[[Data], None], person_id: uuid.UUID, what: str
) -> Refused | None:
    """Take questions out of their file, and the answers to them out of the worked examples of every file: all of it or nothing."""
    along = dict.fromkeys(one.sheet for one in resting_on(hand.at_work.shelf, ids)[1])

    def both(data: Data) -> None:
        edit(data)
        forget_answers(data, ids)

    draft = hand.at_work.draft
    refused = save_change(draft, spot.sheet.name, both, person_id, what)
    for name in along:
        if refused is None and name != spot.sheet.name:
            said = f"{what}, in worked examples"
            refused = save_change(draft, name, lambda data: forget_answers(data, ids), person_id, said)
    return refused
