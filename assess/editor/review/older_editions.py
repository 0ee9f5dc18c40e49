"""Whether older editions would still have all they need: an assessment under way keeps one whose texts and points rest on the settings in force.

An edition that a draft makes is checked with the draft. The older ones are not part of it: a contact or a rate that the newest texts do not
name any more may be the one that a page of theirs prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.banks.checking import known_settings
from assess.banks.editions import edition_of, newest
from assess.banks.models import Edition as Row
from assess.banks.sheets import Shelf, shelf_of
from assess.banks.shelves import in_force, texts_of
from assess.engine.scoring import score
from assess.engine.settings import DatedSettings
from assess.kit.clock import date_at


def what_older_editions_miss(session: Session, shelf: Shelf, now: datetime) -> list[str]:
    """What editions that assessments rest on would miss once this shelf is in force, each in a sentence. Costs nothing while settings stay.

    Settings that cannot be used are told elsewhere.
    """
    state = in_force(session)
    day = date_at(now)
    before = known_settings(shelf_of(texts_of(session, state)), day) if state else None
    after = known_settings(shelf, day)
    if (
        before is None
        or after is None
        or (before.texts.keys() <= after.texts.keys() and before.scoring == after.scoring)
    ):
        return []
    gone = sorted(before.texts.keys() - after.texts.keys())
    used = set(session.scalars(select(Assessment.edition_id).distinct()))
    # new assessments begin with the newest again when the one that a draft makes is withdrawn
    latest = {one.id for one in newest(session).values() if one.id is not None}
    return [words for edition_id in sorted(used | latest) for words in _missed(session, edition_id, gone, after)]


def _missed(session: Session, edition_id: int, gone: list[str], after: DatedSettings) -> Iterator[str]:
    row = session.execute(select(Row.bank, Row.number, Row.compiled).where(Row.id == edition_id)).one()
    written = json.dumps(row.compiled)
    named = [name for name in gone if f"{{{name}}}" in written]
    whose = f"edition {row.number} of “{row.bank}”, which businesses can still answer"
    if named:
        yield f"Keep {', '.join(named)}: the texts of {whose}, name that."
    try:
        score(edition_of(session, edition_id).edition, {}, after.scoring)
    except LookupError as fault:
        yield f"Keep the value of “{fault.args[0] if fault.args else ''}”: {whose}, is scored with that."
