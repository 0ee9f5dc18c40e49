"""A draft as it stands now, with the location and issues of each item, loading it for a page and editing a file of it."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from flask import abort
from sqlalchemy.orm import Session

from assess.bank_editor.fields import FileData
from assess.bank_editor.labels import message_in_words
from assess.bank_editor.review.sign_texts import SignText, sign_texts
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import database
from assess.core.edit_conflicts import EditConflictError, etag, require_unchanged
from assess.engine.problems import DocumentPath
from assess.question_banks import drafts
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.drafts import files_with_draft
from assess.question_banks.editions import last_reviewed_editions, newest_published_editions
from assess.question_banks.files import BoundedCache, ContentFile, ContentFiles, FileProblem, content_digest, read_lines
from assess.question_banks.models import Draft
from assess.question_banks.schema_fields import as_list
from assess.question_banks.validation import CheckedFiles, check_files_cached
from assess.question_banks.yaml_patch import patch_yaml

ENDANGERS = "endangers"
"""What a remark on such words is called beside the numbers of problems."""
QUESTION_PATH_LENGTH = 4
"""Steps to a question from the top of its file: sections, which, questions, which."""
LONGEST_SUMMARY = 200
"""Characters with which the history names a change."""


def edit_draft_file(
    session: Session,
    draft: Draft,
    name: str,
    edit: Callable[[FileData], object],
    person_id: uuid.UUID,
    now: datetime,
    *,
    what: str,
) -> None:
    """Change the values of one file. `edit` is given them all and changes them in place. The caller commits.

    Raises YamlPatchError when no text could be found that holds this: nothing is changed then; UnreadableError when the
    text in the draft cannot be read; it has to be put right as text first; DraftError as `save_draft_file` does, and
    whatever `edit` raises.
    """
    drafts.lock_draft(session, draft)
    text = drafts.file_in_draft(session, draft, name) or b""
    data = copy.deepcopy(dict(ContentFile(name, text).raw_data))
    if text and not data:
        read_lines(text)  # says what is wrong with it
    edit(data)
    changed = patch_yaml(text.decode("utf-8-sig"), data).encode()
    if changed != text:
        drafts.save_draft_file(session, draft, name, changed, person_id, now, seen=text, what=what[:LONGEST_SUMMARY])


def item_at(data: FileData, path: DocumentPath, seen: str) -> FileData:
    """Raises EditConflictError when the thing at this place is not as it was seen, or gone."""
    here: Any = data
    try:
        for step in path:
            here = here[step]
    except (KeyError, IndexError, TypeError):
        raise EditConflictError from None
    require_unchanged(seen, here)
    return cast("FileData", here)


def overwrite(thing: FileData, made: FileData) -> None:
    """Have it hold this, in place and in this order of keys."""
    thing.clear()
    thing.update(made)


@dataclass(frozen=True, slots=True)
class Location:
    content_file: ContentFile
    path: DocumentPath
    data: Mapping[str, Any]

    @property
    def etag(self) -> str:
        """A mark of the thing as it is now: a form sends it back, so that nobody writes over what another editor changed meanwhile."""
        return etag(self.data)


@dataclass(frozen=True)
class DraftContext:
    """A draft beside a set of files: those that would stand once it is published, or those in force now (`BankContext.in_force`)."""

    draft: Draft
    files: ContentFiles
    now: datetime
    session: Session | None = None
    """Where it is compared with what is in use; without one it is compared with nothing."""

    @cached_property
    def changed_sign_texts(self) -> tuple[SignText, ...]:
        """The texts that touch a sign and differ from those in use. They are kept: comparing them takes long, and is done before the draft is locked."""
        session = self.session
        if session is None:
            return ()
        before = files_in_force(session)
        # while a withdrawn edition waits for a second person, neither that one nor the older one is in use: beside both
        bases = [newest_published_editions(session)]
        bases += [last] if (last := last_reviewed_editions(session)) != bases[0] else []
        digests = [(bank, one.ref.digest) for editions in bases for bank, one in editions.items()]
        key = content_digest(repr((self.files.digest, digests, before.digest, uk_date(self.now))).encode())

        def compare() -> tuple[SignText, ...]:
            found = (one for editions in bases for one in sign_texts(self.report, self.files, editions, before))
            return tuple({one.digest: one for one in found}.values())

        return _sign_text_cache.get(key, compare)

    @cached_property
    def report(self) -> CheckedFiles:
        return check_files_cached(self.files, self.now)

    def files_of_bank(self, bank: str) -> Iterator[ContentFile]:
        """The files that hold the questions of a bank, in the order of asking: the common ones, then its own."""
        own = self.files.at("", bank)
        if own is None:
            return
        for name in cast("Sequence[str]", own.raw_data.get("uses") or ()):
            common = self.files.at("common", str(name))
            if common is not None:
                yield common
        yield own

    def sections_of(self, bank: str) -> Iterator[Location]:
        for content_file in self.files_of_bank(bank):
            for index, section in _items_with_id(content_file.raw_data, "sections"):
                yield Location(content_file, ("sections", index), section)

    def questions_of(self, bank: str) -> Iterator[Location]:
        for section in self.sections_of(bank):
            for index, question in _items_with_id(section.data, "questions"):
                yield Location(section.content_file, (*section.path, "questions", index), question)

    def section(self, bank: str, section_id: str) -> Location | None:
        return next((one for one in self.sections_of(bank) if one.data.get("id") == section_id), None)

    def question(self, bank: str, question_id: str) -> Location | None:
        return next((one for one in self.questions_of(bank) if one.data.get("id") == question_id), None)

    def in_words(self, found: FileProblem) -> FileProblem:
        questions = (one.data for bank in self.files.banks() for one in self.questions_of(bank))
        return replace(found, message=message_in_words(found.message, questions))

    def issues_of(self, location: Location) -> tuple[Issue, ...]:
        return tuple(
            Issue(place[len(location.path) :], self.in_words(one))
            for one in (
                *self.report.errors,
                *self.report.warnings,
                *(_endangering_issues(one) for one in self.changed_sign_texts if one.words),
            )
            if one.file == location.content_file.name
            and (place := path_at_line(location.content_file, one.line))[: len(location.path)] == location.path
        )


_sign_text_cache: BoundedCache[tuple[SignText, ...]] = BoundedCache(8)


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem or a warning at its place inside a thing: ("ask",), ("options", 2), or () for the whole."""

    place: DocumentPath
    found: FileProblem


def load_draft_context(session: Session, draft: Draft, now: datetime) -> DraftContext:
    return DraftContext(draft, files_with_draft(session, draft), now, session)


def _endangering_issues(one: SignText) -> FileProblem:
    """Words that block until the second person wrote why they may stand."""
    quoted = ", ".join(f"“{words}”" for words in one.words)
    message = f"{quoted}: this may put a worker in danger. Whoever publishes it has to write why it may stand."
    return FileProblem(one.file, one.line, ENDANGERS, message, warning=True)


def path_at_line(content_file: ContentFile, line: int) -> DocumentPath:
    """The thing of a file that begins on this line or is the last to begin before it; of several on one line, the outermost."""
    best: tuple[int, int] = (0, 0)
    found: DocumentPath = ()
    for place, begins in content_file.lines.items():
        rank = (begins, -len(place))
        if begins <= line and rank > best:
            best, found = rank, place
    return found


def _items_with_id(data: Mapping[str, object], key: str) -> Iterator[tuple[int, FileData]]:
    """The entries of a list that are groups with an id, each with its place. Of all others the check tells; no page leads to them."""
    for index, one in enumerate(as_list(data.get(key))):
        if isinstance(one, dict) and isinstance(one.get("id"), (str, int)) and one["id"] != "":
            yield index, one


def draft_context_or_404(session: Session, draft_id: uuid.UUID, bank: str | None = None) -> DraftContext:
    draft = draft_or_404(session, draft_id)
    if not draft.stage.open:
        abort(404)
    found = load_draft_context(session, draft, clock.now())
    return found if bank is None or bank in found.files.banks() else abort(404)


@contextmanager
def reading_draft(draft_id: uuid.UUID, bank: str | None = None) -> Iterator[tuple[Session, DraftContext]]:
    with database().reading() as session:
        yield session, draft_context_or_404(session, draft_id, bank)


def draft_or_404(session: Session, draft_id: uuid.UUID) -> Draft:
    return session.get(Draft, draft_id) or abort(404)
