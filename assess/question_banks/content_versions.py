"""Versions of the content files in the database: the one in force, adding the next, seeding from a release, and a folder on disk that holds the one in force."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app, has_app_context
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError
from assess.engine.problems import Problem
from assess.question_banks.files import (
    QUESTIONNAIRES,
    BankFilesRefusedError,
    ContentFiles,
    UnreadableError,
    content_digest,
    content_files,
    file_problem,
    files_of,
    read_content,
)
from assess.question_banks.models import BundledFile, ContentBlob, ContentVersion, ContentVersionReason
from assess.question_banks.reader import FolderCache

RECHECK_SECONDS = 60.0
"""Seconds after which the database is asked again whether another content version is in force."""
_EXTENSION = "assess.content_store"
_seed_digests: FolderCache[str] = FolderCache(10)
_process_stores: list[ContentStore] = []


class ContentStore:
    """The content version in force of one installation, as a folder."""

    def __init__(self, database: Database, data_folder: Path, seed: Path = QUESTIONNAIRES) -> None:
        self._database = database
        self._version_folders = data_folder / "content_versions"
        self._seed = seed
        self._folder: Path | None = None
        self._checked_at = 0.0
        self._checked_mtime = 0.0

    def folder(self) -> Path:
        """The folder in force. While the database cannot be reached, the last one stays."""
        if self._folder is None or (
            time.monotonic() > self._checked_at + RECHECK_SECONDS or self._marker_mtime() != self._checked_mtime
        ):
            with contextlib.suppress(SQLAlchemyError):
                self._refresh()
        return self._folder or self._seed

    def _marker_mtime(self) -> float:
        try:
            return (self._version_folders / "in-force").stat().st_mtime_ns
        except OSError:
            return 0.0

    def _refresh(self) -> None:
        self._checked_at, self._checked_mtime = time.monotonic(), self._marker_mtime()
        with self._database.reading() as session:
            version = content_version_in_force(session)
            if version is None or version.digest == _seed_digests.get(
                self._seed, None, lambda: folder_digest(self._seed)
            ):
                self._folder = self._seed
            else:
                self._folder = version_folder(session, version, self._version_folders)

    def notify_processes(self) -> None:
        """Another content version is in force: every process of this machine looks again at its next page."""
        self._version_folders.mkdir(parents=True, exist_ok=True)
        (self._version_folders / "in-force").write_text(str(time.monotonic_ns()), encoding="utf-8")
        self._checked_at = -RECHECK_SECONDS


def register_content_store(app: Flask, data_folder: Path) -> ContentStore:
    made = app.extensions[_EXTENSION] = ContentStore(app.extensions["assess.database"], data_folder)
    return made


def use_store_in_process(store: ContentStore) -> None:
    """Have background work, which has no app, read the content version in force."""
    _process_stores[:] = [store]


def content_folder_in_force() -> Path:
    """Outside the site and its background work, as in `assess score`, it is the one beside the code."""
    store = _current_store()
    return store.folder() if store else QUESTIONNAIRES


def notify_after_commit(session: Session) -> None:
    store = _current_store()
    if store is not None:
        notify: Callable[[Session], None] = lambda _session: store.notify_processes()  # noqa: E731  # an event wants a function of one session
        event.listen(session, "after_commit", notify, once=True)


def _current_store() -> ContentStore | None:
    if has_app_context():
        return cast("ContentStore | None", current_app.extensions.get(_EXTENSION))
    return _process_stores[0] if _process_stores else None


@dataclass(frozen=True, slots=True)
class SeedResult:
    taken: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def content_version_in_force(session: Session) -> ContentVersion | None:
    """The content version in force, None before the first start."""
    return session.scalars(select(ContentVersion).order_by(ContentVersion.number.desc()).limit(1)).one_or_none()


def version_contents(session: Session, version: ContentVersion) -> dict[str, bytes]:
    rows = session.execute(
        select(ContentBlob.digest, ContentBlob.content).where(ContentBlob.digest.in_(set(version.sheets.values())))
    )
    contents = {row.digest: row.content for row in rows}
    return {name: contents[digest] for name, digest in sorted(version.sheets.items())}


def files_in_force(session: Session) -> ContentFiles:
    """The files in force; none before the first start."""
    version = content_version_in_force(session)
    return content_files(version_contents(session, version) if version else {})


def add_content_version(
    session: Session,
    changes: Mapping[str, bytes | None],
    now: datetime,
    *,
    reason: ContentVersionReason,
    person_id: uuid.UUID | None = None,
    upon: ContentVersion | None = None,
) -> ContentVersion:
    """The next content version: that in force with these files changed, added, or (None) taken off. The caller commits.

    `upon` is the content version beside which the files were checked; without one it is that in force now. Two that do
    this at the same moment, or upon the same content version: the database takes one number once, and the second gets
    an EditConflictError.
    """
    before = upon or content_version_in_force(session)
    digests = dict(before.sheets) if before else {}
    for name, content in changes.items():
        if content is None:
            digests.pop(name, None)
            continue
        digests[name] = save_blob(session, content)
    version = ContentVersion(
        number=before.number + 1 if before else 1,
        digest=version_digest(digests),
        sheets=digests,
        reason=reason,
        person_id=person_id,
        at=now,
    )
    session.add(version)
    try:
        session.flush()
    except IntegrityError:
        raise EditConflictError(words=LOOK_AGAIN) from None
    return version


def save_blob(session: Session, content: bytes) -> str:
    """Keep the bytes of a file, once. Returns their digest."""
    digest = content_digest(content)
    if session.get(ContentBlob, digest) is None:
        session.add(ContentBlob(digest=digest, content=content))
    return digest


def blob_content(session: Session, digest: str | None) -> bytes | None:
    return None if digest is None else session.get_one(ContentBlob, digest).content


def seed_from_release(session: Session, folder: Path, now: datetime) -> SeedResult:
    """Take over what nobody changed here. The caller commits. Raises BankFilesRefusedError; then nothing is taken over."""
    brought = folder_contents(folder)
    before = {row.name: row.digest for row in session.scalars(select(BundledFile))}
    version = content_version_in_force(session)
    here: Mapping[str, str] = version.sheets if version else {}
    changes: dict[str, bytes | None] = {}
    kept = []
    for name in sorted({*brought, *before}):
        new = content_digest(brought[name]) if name in brought else None
        if new == before.get(name) and version is not None:
            continue
        if here.get(name) == before.get(name):
            changes[name] = brought.get(name)
        elif here.get(name) != new:
            kept.append(name)
    if changes:
        add_content_version(session, changes, now, reason=ContentVersionReason.RELEASE)
    _save_bundled_files(session, brought, before)
    return SeedResult(tuple(changes), tuple(kept))


def _save_bundled_files(session: Session, brought: Mapping[str, bytes], before: Mapping[str, str]) -> None:
    for name in before.keys() - brought.keys():
        session.delete(session.get_one(BundledFile, name))
    for name, content in brought.items():
        session.merge(BundledFile(name=name, digest=content_digest(content)))
    session.flush()


def folder_contents(folder: Path) -> dict[str, bytes]:
    """By name. Raises BankFilesRefusedError when the folder, or a file of it, cannot be read."""
    try:
        contents = {name: read_content(path) for name, path in files_of(folder).items()}
    except OSError as fault:
        problem = Problem("BANK001", (), f"The folder cannot be read ({fault.strerror}).")
        raise BankFilesRefusedError((file_problem(str(folder), 1, problem),)) from None
    broken = {name: content for name, content in contents.items() if isinstance(content, UnreadableError)}
    if broken:
        raise BankFilesRefusedError(
            tuple(file_problem(name, error.line, error.problem) for name, error in sorted(broken.items()))
        )
    return {name: content for name, content in contents.items() if isinstance(content, bytes)}


def folder_digest(folder: Path) -> str:
    """That of a content version with these files. Raises BankFilesRefusedError when the folder or a file cannot be read."""
    return version_digest({name: content_digest(content) for name, content in folder_contents(folder).items()})


def version_digest(digests: Mapping[str, str]) -> str:
    return content_digest(json.dumps(digests, sort_keys=True, separators=(",", ":")).encode())


def version_folder(session: Session, version: ContentVersion, version_folders: Path) -> Path:
    """A folder with the files of this content version, made if it is not there. Its name is the digest, so what is in it never changes.

    It is filled under another name and then put in its place: nobody ever reads a folder that is half there.
    """
    place = version_folders / version.digest
    if place.is_dir():
        return place
    version_folders.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=version_folders))
    for name, content in version_contents(session, version).items():
        path = unfinished / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    try:
        unfinished.rename(place)
    except OSError:  # another process was faster
        shutil.rmtree(unfinished)
    return place
