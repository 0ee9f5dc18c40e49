"""Saves an edit of one file of a draft without overwriting that of another editor."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import FileData
from assess.core import clock
from assess.core.db import request_session
from assess.core.edit_conflicts import EditConflictError, NotSavedError, require_unchanged
from assess.engine.problems import DocumentPath
from assess.question_banks import drafts
from assess.question_banks.files import ContentFile, UnreadableError, read_lines
from assess.question_banks.models import Draft
from assess.question_banks.yaml_patch import YamlPatchError, patch_yaml

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


UNREADABLE = "The text of this file cannot be read. Put it right on its text page first."
UNWRITABLE = (
    "This cannot be written into the file without touching other lines. Change it on the text page of the bank."
)


def edit_draft_file_in_request(
    draft: Draft, file_name: str, edit: Callable[[FileData], object], person_id: uuid.UUID, what: str
) -> None:
    """As `edit_draft_file`, in this request. Raises NotSavedError for all that stands in the way."""
    try:
        edit_draft_file(request_session(), draft, file_name, edit, person_id, clock.now(), what=what)
    except YamlPatchError:
        raise NotSavedError(UNWRITABLE) from None
    except UnreadableError:
        raise NotSavedError(UNREADABLE) from None
