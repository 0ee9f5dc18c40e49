"""Versions of the content files in the database: the one in force, adding the next, and seeding from a release."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from flask import current_app, g, has_request_context, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from assess.core.db import SAFE_METHODS, database
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError
from assess.question_banks.files import (
    BankFilesRefusedError,
    BoundedCache,
    ContentFiles,
    UnreadableError,
    bundled_files,
    content_digest,
    content_files,
    read_folder,
    version_digest,
)
from assess.question_banks.models import BundledFile, ContentBlob, ContentVersion, ContentVersionReason

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")
_EXTENSION = "assess.content"
_NEWEST = select(ContentVersion.digest, ContentVersion.number).order_by(ContentVersion.number.desc()).limit(1)
_files_by_digest: BoundedCache[ContentFiles] = BoundedCache(4)
_last_made: dict[object, Any] = {}
AWAY_SECONDS = 10.0
"""For so long a database that could not be reached is not asked again: the pages with the helpline do not wait for it."""


def content_in_force() -> ContentFiles:
    """In a request: the files in force, looked up by the first that asks, so that they stay the same to its end.

    While the database cannot be reached, those that this process knew last.
    """
    if "content" not in g:
        known, asks_from = current_app.extensions.get(_EXTENSION) or (bundled_files(), 0.0)
        if time.monotonic() >= asks_from:
            try:
                known = _newest_files()
            except SQLAlchemyError:
                asks_from = time.monotonic() + AWAY_SECONDS
            current_app.extensions[_EXTENSION] = known, asks_from
        g.content = known
    return cast("ContentFiles", g.content)


def _newest_files() -> ContentFiles:
    """On the transaction of this request, where it looks only and has one open: none is begun by this, and no write lock taken."""
    looks = g.get("session") if has_request_context() and request.method in SAFE_METHODS else None
    with nullcontext(looks) if looks and looks.in_transaction() else database().reading() as session:
        return files_in_force(session)


def made_or_last(
    make: Callable[Concatenate[ContentFiles, Arguments], Value],
    files: ContentFiles,
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Value:
    """What is made of the files in force. Where a newer release brought some that this process cannot use, what it made last.

    Raises BankFilesRefusedError when it never could.
    """
    try:
        _last_made[make] = make(files, *arguments, **named)
    except BankFilesRefusedError:
        if make not in _last_made:
            raise
    return cast("Value", _last_made[make])


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
    """The files in force; before the first start those of the release. Read once for all that look at the same content version."""
    found = session.execute(_NEWEST).one_or_none()
    if found is None:
        return bundled_files()
    return _files_by_digest.get(
        found.digest,
        lambda: content_files(version_contents(session, session.get_one(ContentVersion, found.number))),
    )


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
    files = read_folder(folder).files
    broken = [problem for one in files.values() if isinstance(one.content, UnreadableError) for problem in one.problems]
    if broken:
        raise BankFilesRefusedError(tuple(sorted(broken)))
    return {name: one.content for name, one in files.items() if isinstance(one.content, bytes)}
