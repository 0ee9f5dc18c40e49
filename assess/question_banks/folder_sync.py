"""Pull the banks into a folder, and push what was changed there as a draft: for the command line."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.question_banks.content_versions import content_version_in_force, folder_contents, version_contents
from assess.question_banks.drafts import DraftError, create_draft, save_draft_file
from assess.question_banks.files import BankFilesRefusedError, content_digest, version_digest, why_unreadable
from assess.question_banks.models import BundledFile, ContentVersion, Draft

MARKER_FILE = ".assess-shelf"
"""The hidden file: one line, the digest of the content version that the folder was filled from."""
NO_CONTENT_YET = "There are no banks in the database yet. Start the site once, or run “assess banks publish”."
FOLDER_CHANGED = (
    "The files in {} are neither those this installation started from nor those that were pulled last, so pulling would write over "
    "changes. Save them elsewhere or push them first, or pull into an empty folder. “--force” writes over them."
)
NO_MARKER = (
    "It cannot be told which state of the banks {} started from. Run “assess banks pull --into” with an empty folder, make your "
    "changes there and push that."
)
PUBLISHED_SINCE_PULL = (
    "The banks were published anew since {} was pulled, so pushing would undo what others changed. Run “assess banks pull --into” "
    "with an empty folder, make your changes there and push that."
)


@dataclass(frozen=True, slots=True)
class PullResult:
    """What was written to a folder, taken off it, and left although no such file is in force."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def pull(session: Session, folder: Path, *, force: bool = False) -> PullResult:
    """Write the content version in force to a folder: only files that differ.

    Raises DraftError when the folder holds changes that would be lost, unless forced; or there is no content yet;
    BankFilesRefusedError when a file of the folder cannot be read; OSError when one cannot be written.
    """
    version = _require_version_in_force(session)
    here = _digests(folder)
    wanted: Mapping[str, str] = version.sheets
    started = not here or version_digest(here) in {
        _read_marker(folder),
        version_digest({row.name: row.digest for row in session.scalars(select(BundledFile))}),
        version.digest,
    }
    if not started and not force:
        raise DraftError(FOLDER_CHANGED.format(folder))
    extra = sorted(here.keys() - wanted.keys())
    written = [name for name, digest in sorted(wanted.items()) if here.get(name) != digest]
    texts = version_contents(session, version) if written else {}
    for name in written:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(texts[name])
    for name in extra if started else ():
        (folder / name).unlink()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER_FILE).write_text(f"{version.digest}\n", encoding="utf-8")
    return PullResult(tuple(written), tuple(extra) if started else (), () if started else tuple(extra))


def push(
    session: Session, folder: Path, title: str, person_id: uuid.UUID, now: datetime
) -> tuple[Draft | None, tuple[str, ...]]:
    """Begin a draft with the files of a folder that differ from the content version in force. Returns it with their names, None when none does.

    The caller commits. Raises DraftError when the folder did not start from the content version in force, or a file is
    in another open draft; BankFilesRefusedError when a file of the folder cannot be read.
    """
    version = _require_version_in_force(session)
    brought = folder_contents(folder)
    marker = _read_marker(folder)
    if marker is None:
        raise DraftError(NO_MARKER.format(folder))
    if marker != version.digest:
        raise DraftError(PUBLISHED_SINCE_PULL.format(folder))
    held = version_contents(session, version)
    changed = tuple(name for name in sorted({*brought, *held}) if brought.get(name) != held.get(name))
    if not changed:
        return None, ()
    draft = create_draft(session, title, person_id, now)
    for name in changed:
        what = f"{name}, from files"
        save_draft_file(session, draft, name, brought.get(name), person_id, now, seen=held.get(name), what=what)
    return draft, changed


def require_readable(folder: Path) -> None:
    """Before a database is opened. Raises BankFilesRefusedError when a file cannot be read, with its line."""
    errors = [error for name, content in folder_contents(folder).items() if (error := why_unreadable(name, content))]
    if errors:
        raise BankFilesRefusedError(tuple(errors))


def _require_version_in_force(session: Session) -> ContentVersion:
    version = content_version_in_force(session)
    if version is None:
        raise DraftError(NO_CONTENT_YET)
    return version


def _digests(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    return {name: content_digest(content) for name, content in folder_contents(folder).items()}


def _read_marker(folder: Path) -> str | None:
    try:
        return (folder / MARKER_FILE).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
