"""What a release brings that was changed here: the files, how the texts differ, and a draft that takes the text of the release."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.models import ReleaseSheet, ShelfState
from assess.banks.sheets import content_of
from assess.banks.shelves import in_force, text_at

TITLE = "Take over texts of the release"
MOST_LINES = 120
"""Lines of one difference that are shown."""
GONE = "{} is not beside the programme any more. Load this page again."


@dataclass(frozen=True, slots=True)
class Brought:
    """A file with another text in the release. `lines` begin with + (the release) or - (in use here); `more` were left out."""

    name: str
    lines: tuple[str, ...]
    more: int


def names_brought(session: Session) -> list[str]:
    """The files of the release with a text that was never in use here, while another one is.

    A text that once was in use is the one that ours was made from: the release says nothing new there.
    """
    state = in_force(session)
    if state is None:
        return []
    release = {row.name: row.digest for row in session.scalars(select(ReleaseSheet))}
    differ = {name: digest for name, digest in release.items() if state.sheets.get(name) != digest}
    if not differ:
        return []
    for sheets in session.scalars(select(ShelfState.sheets)):
        differ = {name: digest for name, digest in differ.items() if sheets.get(name) != digest}
    return sorted(differ)


def brought(session: Session, folder: Path = QUESTIONNAIRES) -> list[Brought]:
    """These files with how they differ."""
    state = in_force(session)
    ours = state.sheets if state else {}
    return [
        _beside(name, text_at(session, ours.get(name)) or b"", _text(folder, name) or b"")
        for name in names_brought(session)
    ]


def begin_with_release(
    session: Session, names: Sequence[str], person_id: uuid.UUID, now: datetime, folder: Path = QUESTIONNAIRES
) -> Draft:
    """A draft in which these files say what the release says. The caller commits.

    Raises:
        DraftError: when a file is in another open draft, or gone from beside the code.
    """
    draft = keeping.begin(session, TITLE, person_id, now)
    for name in names:
        text = _text(folder, name)
        if text is None:
            raise keeping.DraftError(GONE.format(name))
        seen = keeping.sheet_of(session, draft, name)
        keeping.save(session, draft, name, text, person_id, now, seen=seen, what=f"{name} as the release brings it")
    return draft


def _text(folder: Path, name: str) -> bytes | None:
    content = content_of(folder / name)
    return content if isinstance(content, bytes) else None


def _beside(name: str, ours: bytes, theirs: bytes) -> Brought:
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (ours, theirs))
    compared = unified_diff(before, after, n=0, lineterm="")
    lines = [line for line in compared if not line.startswith(("---", "+++", "@@"))]
    return Brought(name, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES))
