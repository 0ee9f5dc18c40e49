"""A change that a page asks for: made, or refused in words that say what to do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, url_for

from assess.banks.drafts.keeping import DraftError, SheetTakenError
from assess.banks.drafts.models import Draft
from assess.banks.rewriting import RewriteError
from assess.banks.yaml_lines import UnreadableError
from assess.editor.changing import Data, MovedOnError, change_sheet
from assess.editor.door import draft_or_404
from assess.kit.clock import now
from assess.kit.db import roll_back_request, session

UNREADABLE = "The text of this file cannot be read just now. Put it right on the page with its text first."
NO_TEXT = "This could not be written into the file. Nothing was changed. Change it on the page with its text."
GONE = "Somebody else took this away meanwhile. What you typed is still here."
MOVED = "Somebody else changed this since you opened it. What they wrote stands beside what you typed. Save again to keep yours."


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was changed. `theirs` is the thing as it is now, `link` leads to the other draft."""

    why: str
    theirs: Mapping[str, Any] | None = None
    link: str | None = None


def open_draft_or_404(draft_id: uuid.UUID) -> Draft:
    """The draft of a page that changes it."""
    draft = draft_or_404(session(), draft_id)
    return draft if draft.stage.open else abort(404)


def changed(draft: Draft, name: str, edit: Callable[[Data], object], who: uuid.UUID, what: str) -> Refused | None:
    """Change one file of the draft. Returns why not, with everything of this request forgotten."""
    try:
        change_sheet(session(), draft, name, lambda data: _done(edit(data)), who, now(), what=what[:200])
    except MovedOnError as moved:
        refused = Refused(GONE if moved.theirs is None else MOVED, moved.theirs)
    except SheetTakenError as taken:
        refused = Refused(
            "Somebody changes this file in another draft. Wait until that is published, or work there.",
            link=url_for("draft.show_draft", draft_id=taken.draft_id),
        )
    except UnreadableError:
        refused = Refused(UNREADABLE)
    except RewriteError:
        refused = Refused(NO_TEXT)
    except DraftError as error:
        refused = Refused(str(error))
    else:
        return None
    roll_back_request()
    return refused


def _done(_outcome: object) -> None:
    """What an edit returns is nothing to the file."""
