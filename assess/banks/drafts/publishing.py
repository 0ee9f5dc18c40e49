"""A draft is published: its files are in force and each bank they change has its next edition, all at once or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.editions import Byline, publish_checked
from assess.banks.in_force import tell_after_commit
from assess.banks.looking import Looked, look_at
from assess.banks.sheets import Found
from assess.banks.shelves import in_force
from assess.engine.assessing import EditionRef


class UnsoundError(keeping.DraftError):
    """Something is wrong with the files, so they cannot be asked about or published. `problems` says what."""

    def __init__(self, problems: tuple[Found, ...]) -> None:
        super().__init__(f"{len(problems)} things have to be put right first.")
        self.problems = problems


def ask_for_review(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    note: str = "",
    proved: bool = False,
) -> None:
    """Ask somebody else to look at it. `words` are for them, `note` says in the history of the editions why. The caller commits.

    `proved`: they have just proved who they are, which a change of a contact that every page shows asks for.

    Raises:
        UnsoundError: when something is wrong with the files.
        DraftError: as `keeping.ask` does.
    """
    keeping.hold(session, draft)
    _sound(session, draft, now)
    keeping.ask(session, draft, person_id, words, now, note=note, proved=proved)


def publish_draft(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    chosen: Collection[str] = (),
    read: Sequence[Mapping[str, object]] = (),
) -> tuple[EditionRef, ...]:
    """Put the files of a draft in force and make the editions they change. Returns those. The caller commits.

    `chosen` are the banks with a withdrawn edition of which the draft says what becomes of its text; `read` the texts this person read
    one by one, for the history. The editions have the note that was written for them when the review was asked for. All processes hear
    of it once it is committed.

    Raises:
        UnsoundError: when something is wrong with the files, as they stand beside what others published.
        DraftError, IntegrityError: as `keeping.publish` does.
    """
    keeping.hold(session, draft)
    upon = in_force(session)  # read before the check, which takes a second: somebody else may publish meanwhile
    looked = _sound(session, draft, now)
    asked = keeping.asked_last(session, draft)
    keeping.publish(session, draft, person_id, words, now, upon=upon, read=read)
    note = str(asked.details.get("note", "")) if asked else ""
    tell_after_commit(session)
    return publish_checked(
        session, looked.checked, now, Byline(person_id, note, draft.author_id), chosen=chosen
    ).published


def _sound(session: Session, draft: Draft, now: datetime) -> Looked:
    looked = look_at(keeping.shelf_with(session, draft), now)
    if looked.problems:
        raise UnsoundError(looked.problems)
    return looked
