"""The corner shop alone in force: the real files take a second to be looked through after each edit, these take none."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assess.question_banks.content_versions import add_content_version, content_version_in_force
from assess.question_banks.models import ContentVersionReason
from tests.conftest import TODAY
from tests.content_files import Edit, sound_but


def put_shop_in_force(session: Session, *edits: Edit) -> None:
    """Take every file off, and put those of the shop, with these edits, in their place."""
    state = content_version_in_force(session)
    gone: dict[str, bytes | None] = dict.fromkeys(state.sheets if state else ())
    files = {name: content_file.text.encode() for name, content_file in sound_but(*edits).files.items()}
    add_content_version(session, gone | files, TODAY, reason=ContentVersionReason.RELEASE)
