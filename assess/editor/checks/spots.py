"""Where the checks of a bank stand, and which id the next one gets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy.orm import Session

from assess.editor.questions.used import used_before
from assess.editor.workbench import Spot, Workbench

_NUMBERED = re.compile(r"D(\d+)")


def checks_of(at_work: Workbench, bank: str) -> Iterator[Spot]:
    """The checks of a bank: the common ones, then its own."""
    for sheet in at_work.sheets_of(bank):
        checks = sheet.written.get("checks")
        for index, check in enumerate(checks if isinstance(checks, list) else ()):
            if isinstance(check, dict):
                yield Spot(sheet, ("checks", index), check)


def check_at(at_work: Workbench, bank: str, check_id: str) -> Spot | None:
    """The check with this id."""
    return next((one for one in checks_of(at_work, bank) if one.data.get("id") == check_id), None)


def next_id(session: Session, at_work: Workbench) -> str:
    """An id that no check has or ever had in an edition of any bank: D and the next number."""
    here = {str(one.data.get("id")) for bank in at_work.shelf.banks() for one in checks_of(at_work, bank)}
    numbers = [int(found[1]) for name in here | used_before(session).ids if (found := _NUMBERED.fullmatch(name))]
    return f"D{max(numbers, default=0) + 1}"
