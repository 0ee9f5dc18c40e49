"""The shelf in force written to a folder for a pull request, and a folder that was changed taken into a draft.

A hidden file in the folder says which shelf it holds, so that nobody writes over what others changed on either side.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.models import ReleaseSheet, ShelfState
from assess.banks.sheets import RefusedError, unreadable
from assess.banks.shelves import contents_of, digest_of_bytes, digest_of_sheets, in_force, texts_of

MARK = ".assess-shelf"
"""The hidden file: one line, the digest of the shelf that the folder was filled from."""
NO_SHELF = "There are no banks in the database yet. Start the site once, or run “assess banks publish”."
NOT_THE_START = (
    "The files in {} are neither those this installation started from nor those that were pulled last, so pulling would write over "
    "changes. Save them elsewhere or push them first, or pull into an empty folder. “--force” writes over them."
)
NO_MARK = (
    "It cannot be told which state of the banks {} started from. Run “assess banks pull --into” with an empty folder, make your "
    "changes there and push that."
)
MOVED_ON = (
    "The banks were published anew since {} was pulled, so pushing would undo what others changed. Run “assess banks pull --into” "
    "with an empty folder, make your changes there and push that."
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was written to a folder, taken off it, and left although no such file is in force."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def pull(session: Session, folder: Path, *, force: bool = False) -> Pulled:
    """Write the shelf in force to a folder: only files that differ.

    Raises:
        DraftError: when the folder holds changes that would be lost, unless forced; or there is no shelf.
        RefusedError: when a file of the folder cannot be read.
        OSError: when one cannot be written.
    """
    state = _in_force(session)
    here = _digests(folder)
    wanted: Mapping[str, str] = state.sheets
    started = not here or digest_of_sheets(here) in {_mark(folder), _release(session), state.digest}
    if not started and not force:
        raise keeping.DraftError(NOT_THE_START.format(folder))
    extra = sorted(here.keys() - wanted.keys())
    written = [name for name, digest in sorted(wanted.items()) if here.get(name) != digest]
    texts = texts_of(session, state) if written else {}
    for name in written:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(texts[name])
    for name in extra if started else ():
        (folder / name).unlink()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(f"{state.digest}\n", encoding="utf-8")
    return Pulled(tuple(written), tuple(extra) if started else (), () if started else tuple(extra))


def push(
    session: Session, folder: Path, title: str, person_id: uuid.UUID, now: datetime
) -> tuple[Draft | None, tuple[str, ...]]:
    """Begin a draft with the files of a folder that differ from the shelf in force. Returns it with their names, None when none does.

    The caller commits.

    Raises:
        DraftError: when the folder did not start from the shelf in force, or a file is in another open draft.
        RefusedError: when a file of the folder cannot be read.
    """
    state = _in_force(session)
    brought = contents_of(folder)
    mark = _mark(folder)
    if mark is None:
        raise keeping.DraftError(NO_MARK.format(folder))
    if mark != state.digest:
        raise keeping.DraftError(MOVED_ON.format(folder))
    held = texts_of(session, state)
    changed = tuple(name for name in sorted({*brought, *held}) if brought.get(name) != held.get(name))
    if not changed:
        return None, ()
    draft = keeping.begin(session, title, person_id, now)
    for name in changed:
        what = f"{name}, from files"
        keeping.save(session, draft, name, brought.get(name), person_id, now, seen=held.get(name), what=what)
    return draft, changed


def see_readable(folder: Path) -> None:
    """Read every file of a folder before a database is opened: a text that cannot be read never gets into a draft.

    Raises:
        RefusedError: when a file cannot be read, with its line.
    """
    faults = [fault for name, content in contents_of(folder).items() if (fault := unreadable(name, content))]
    if faults:
        raise RefusedError(tuple(faults))


def _in_force(session: Session) -> ShelfState:
    state = in_force(session)
    if state is None:
        raise keeping.DraftError(NO_SHELF)
    return state


def _digests(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    return {name: digest_of_bytes(content) for name, content in contents_of(folder).items()}


def _mark(folder: Path) -> str | None:
    try:
        return (folder / MARK).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


def _release(session: Session) -> str:
    return digest_of_sheets({row.name: row.digest for row in session.scalars(select(ReleaseSheet))})
