"""What a start does with the files of a release: those nobody changed here are taken over, and each bank that differs has its next edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.banks.checking import CheckedBank
from assess.banks.editions import MOST_TRIES, Publishing, PublishingError, check_banks, publish_checked
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.in_force import tell_after_commit
from assess.banks.sheets import read_folder, shelf_of
from assess.banks.shelves import Planted, digest_of_folder, in_force, plant, texts_of


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of the files and of the banks."""

    files: Planted
    banks: Publishing


def take_over(session: Session, now: datetime, seed: Path = QUESTIONNAIRES) -> TakenOver:
    """Take over the files of a folder, then publish what differs. The caller commits.

    A bank with problems is refused and its latest edition stays.

    Raises:
        RefusedError: when the folder or the settings cannot be read: nothing is published then.
    """
    # everything is read and checked before the first statement: on SQLite that one takes the write lock
    digest, checked = digest_of_folder(seed), check_banks(read_folder(seed), now)
    files = _planted(session, seed, now)
    banks = _published(session, digest, checked, now)
    tell_after_commit(session)
    return TakenOver(files, banks)


def _published(session: Session, digest: str, checked: Mapping[str, CheckedBank], now: datetime) -> Publishing:
    """The editions of the shelf in force. Whoever publishes while it is checked comes last: their edition is not followed by an older text.

    Raises:
        PublishingError: when others were faster many times over.
    """
    for _ in range(MOST_TRIES):
        state = in_force(session)
        as_in_force = checked
        if state is not None and state.digest != digest:
            as_in_force = check_banks(shelf_of(texts_of(session, state)), now)
        tried = session.begin_nested()
        banks = publish_checked(session, as_in_force, now)
        if in_force(session) is state:
            tried.commit()
            return banks
        tried.rollback()
    raise PublishingError


def _planted(session: Session, seed: Path, now: datetime) -> Planted:
    """Of several servers that start at once the database lets one plant; the others look again and find it done.

    Raises:
        PublishingError: when others were faster many times over.
    """
    for _ in range(MOST_TRIES):
        try:
            with session.begin_nested():
                return plant(session, seed, now)
        except IntegrityError:
            continue
    raise PublishingError
