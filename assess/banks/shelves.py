"""The files of the banks in the database: the shelf in force, the next one, and a folder in which programs that read files find it.

The folder beside the code is where an installation starts. A file nobody changed here follows every release; one that was
changed stays, and is told (docs/decisions/keeping-banks.md).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.models import ReleaseSheet, SheetText, ShelfReason, ShelfState
from assess.banks.sheets import RefusedError, content_of, files_of, found
from assess.banks.yaml_lines import UnreadableError
from assess.engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Planted:
    """What a start did with the files of the release: those that were taken over, and those that stay as they were changed here."""

    taken: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def in_force(session: Session) -> ShelfState | None:
    """The shelf in force, None before the first start."""
    return session.scalars(select(ShelfState).order_by(ShelfState.number.desc()).limit(1)).one_or_none()


def texts_of(session: Session, state: ShelfState) -> dict[str, bytes]:
    """The bytes of every file of a shelf, by name."""
    rows = session.execute(
        select(SheetText.digest, SheetText.content).where(SheetText.digest.in_(set(state.sheets.values())))
    )
    contents = {row.digest: row.content for row in rows}
    return {name: contents[digest] for name, digest in sorted(state.sheets.items())}


def set_up_next(
    session: Session,
    changes: Mapping[str, bytes | None],
    now: datetime,
    *,
    reason: ShelfReason,
    person_id: uuid.UUID | None = None,
    upon: ShelfState | None = None,
) -> ShelfState:
    """The next shelf: that in force with these files changed, added, or (None) taken off. The caller commits.

    `upon` is the shelf beside which the files were checked; without one it is that in force now.

    Two that do this at the same moment, or upon the same shelf: the database takes one number once, and the second fails with an
    IntegrityError.
    """
    before = upon or in_force(session)
    sheets = dict(before.sheets) if before else {}
    for name, content in changes.items():
        if content is None:
            sheets.pop(name, None)
            continue
        sheets[name] = keep_text(session, content)
    state = ShelfState(
        number=before.number + 1 if before else 1,
        digest=digest_of_sheets(sheets),
        sheets=sheets,
        reason=reason,
        person_id=person_id,
        at=now,
    )
    session.add(state)
    session.flush()
    return state


def keep_text(session: Session, content: bytes) -> str:
    """Keep the bytes of a file, once. Returns their digest."""
    digest = digest_of_bytes(content)
    if session.get(SheetText, digest) is None:
        session.add(SheetText(digest=digest, content=content))
    return digest


def text_at(session: Session, digest: str | None) -> bytes | None:
    """The bytes with this digest."""
    return None if digest is None else session.get_one(SheetText, digest).content


def plant(session: Session, folder: Path, now: datetime) -> Planted:
    """Take over from the folder of the release what nobody changed here. The caller commits.

    Raises:
        RefusedError: when the folder, or a file of it, cannot be read: then nothing is taken over.
    """
    brought = contents_of(folder)
    before = {row.name: row.digest for row in session.scalars(select(ReleaseSheet))}
    state = in_force(session)
    here: Mapping[str, str] = state.sheets if state else {}
    changes: dict[str, bytes | None] = {}
    kept = []
    for name in sorted({*brought, *before}):
        new = digest_of_bytes(brought[name]) if name in brought else None
        if new == before.get(name) and state is not None:
            continue
        if here.get(name) == before.get(name):
            changes[name] = brought.get(name)
        elif here.get(name) != new:
            kept.append(name)
    if changes:
        set_up_next(session, changes, now, reason=ShelfReason.RELEASE)
    _note(session, brought, before)
    return Planted(tuple(changes), tuple(kept))


def _note(session: Session, brought: Mapping[str, bytes], before: Mapping[str, str]) -> None:
    for name in before.keys() - brought.keys():
        session.delete(session.get_one(ReleaseSheet, name))
    for name, content in brought.items():
        session.merge(ReleaseSheet(name=name, digest=digest_of_bytes(content)))
    session.flush()


def contents_of(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a folder, by name.

    Raises:
        RefusedError: when the folder, or a file of it, cannot be read.
    """
    try:
        contents = {name: content_of(path) for name, path in files_of(folder).items()}
    except OSError as fault:
        problem = Problem("BANK001", (), f"The folder cannot be read ({fault.strerror}).")
        raise RefusedError((found(str(folder), 1, problem),)) from None
    broken = {name: content for name, content in contents.items() if isinstance(content, UnreadableError)}
    if broken:
        raise RefusedError(tuple(found(name, fault.line, fault.problem) for name, fault in sorted(broken.items())))
    return {name: content for name, content in contents.items() if isinstance(content, bytes)}


def digest_of_folder(folder: Path) -> str:
    """The digest a shelf would have that holds exactly the files of this folder.

    Raises:
        RefusedError: when the folder, or a file of it, cannot be read.
    """
    return digest_of_sheets({name: digest_of_bytes(content) for name, content in contents_of(folder).items()})


def digest_of_bytes(content: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def digest_of_sheets(sheets: Mapping[str, str]) -> str:
    """The digest of a shelf with these files, each given by its own digest."""
    return digest_of_bytes(json.dumps(sheets, sort_keys=True, separators=(",", ":")).encode())


def folder_of(session: Session, state: ShelfState, shelves: Path) -> Path:
    """A folder with the files of this shelf, made if it is not there. Its name is the digest, so what is in it never changes.

    It is filled under another name and then put in its place: nobody ever reads a folder that is half there.
    """
    place = shelves / state.digest
    if place.is_dir():
        return place
    shelves.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=shelves))
    for name, content in texts_of(session, state).items():
        path = unfinished / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    try:
        unfinished.rename(place)
    except OSError:  # another process was faster
        shutil.rmtree(unfinished)
    return place
