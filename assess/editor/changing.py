"""One thing of a file changed in a draft: only the lines that differ are written, and nobody writes over somebody else."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.rewriting import rewritten
from assess.banks.sheets import Sheet
from assess.banks.yaml_lines import read_lines
from assess.editor.workbench import mark_of
from assess.engine.problems import Place

Data = dict[str, Any]
LONGEST_WHAT = 200
"""Characters with which the history names a change."""


class MovedOnError(keeping.DraftError):
    """The thing is not as the person saw it. `theirs` is how it is now, None when it is gone."""

    def __init__(self, theirs: Data | None) -> None:
        super().__init__("Somebody else changed this since you opened it.")
        self.theirs = theirs


def change_sheet(
    session: Session,
    draft: Draft,
    name: str,
    edit: Callable[[Data], object],
    person_id: uuid.UUID,
    now: datetime,
    *,
    what: str,
) -> None:
    """Change the values of one file. `edit` is given them all and changes them in place. The caller commits.

    Raises:
        RewriteError: when no text could be found that holds this: nothing is changed then.
        UnreadableError: when the text in the draft cannot be read; it has to be mended as text first.
        DraftError: as `keeping.save` does, and whatever `edit` raises.
    """
    keeping.hold(session, draft)
    text = keeping.sheet_of(session, draft, name) or b""
    data = copy.deepcopy(dict(Sheet(name, text).written))
    if text and not data:
        read_lines(text)  # says what is wrong with it
    edit(data)
    changed = rewritten(text.decode("utf-8-sig"), data).encode()
    if changed != text:
        keeping.save(session, draft, name, changed, person_id, now, seen=text, what=what[:LONGEST_WHAT])


def thing_at(data: Data, path: Place, seen: str) -> Data:
    """The thing at this place of a file's values, if it is still as it was seen.

    Raises:
        MovedOnError: when it is another by now, or gone.
    """
    here: Any = data
    try:
        for step in path:
            here = here[step]
    except (KeyError, IndexError, TypeError):
        raise MovedOnError(None) from None
    if mark_of(here) != seen:
        raise MovedOnError(here if isinstance(here, dict) else None)
    return cast("Data", here)
