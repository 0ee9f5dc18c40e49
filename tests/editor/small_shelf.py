"""The corner shop alone in force: the real files take a second to be looked through after each edit, these take none."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assess.banks.models import ShelfReason
from assess.banks.shelves import in_force, set_up_next
from tests.conftest import TODAY
from tests.shelves import Edit, sound_but


def put_shop_in_force(session: Session, *edits: Edit) -> None:
    """Take every file off, and put those of the shop, with these edits, in their place."""
    state = in_force(session)
    gone: dict[str, bytes | None] = dict.fromkeys(state.sheets if state else ())
    files = {name: sheet.text.encode() for name, sheet in sound_but(*edits).sheets.items()}
    set_up_next(session, gone | files, TODAY, reason=ShelfReason.RELEASE)
