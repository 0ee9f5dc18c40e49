"""Ids that were ever used: none of them may be given to something else."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.models import SheetText, ShelfState
from assess.editor.law.kinds import ThingKind


def used_before(session: Session, kind: ThingKind, names: frozenset[str], thing_id: str) -> bool:
    """Whether any text these files ever had in force holds a thing of this id."""
    digests = {
        state.sheets[name] for state in session.scalars(select(ShelfState)) for name in names & state.sheets.keys()
    }
    texts = session.scalars(select(SheetText.content).where(SheetText.digest.in_(digests)))
    return any(holds(kind, text.decode("utf-8-sig", "replace"), thing_id) for text in texts)


def holds(kind: ThingKind, text: str, thing_id: str) -> bool:
    """Whether a text holds a thing of this id, as far as can be seen without reading it whole."""
    quoted = rf"[\"']?{re.escape(thing_id)}[\"']?"
    pattern = rf"^\s+{quoted}\s*:" if kind.named else rf"\bid:\s*{quoted}\s*(?:[,}}#]|$)"
    return re.search(pattern, text, re.MULTILINE) is not None
