"""Drafts of content files: create, edit, submit for review, publish or discard; undo of one edit."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.core.db import NO_SYNCHRONIZE
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError, NotSavedError
from assess.engine.assessing import EditionRef
from assess.question_banks.content_versions import (
    add_content_version,
    blob_content,
    content_version_in_force,
    files_in_force,
    save_blob,
)
from assess.question_banks.editions import Attribution, add_changed_editions
from assess.question_banks.files import ContentFile, ContentFiles, FileProblem, content_digest
from assess.question_banks.models import (
    LONGEST_COMMENT,
    ContentVersion,
    ContentVersionReason,
    Draft,
    DraftEvent,
    DraftEventKind,
    DraftFile,
    DraftStage,
)
from assess.question_banks.validation import CheckedFiles, check_files_cached

EDITED_AGAIN = "This part was changed again after that. Undo the later change first."
PUBLISHER_EDITED_IT = "Somebody who did not edit it has to publish it."


class DraftError(NotSavedError):
    """What was asked cannot be done with this draft now."""


class FileTakenError(DraftError):
    def __init__(self, name: str, draft_id: uuid.UUID) -> None:
        super().__init__(f"{name} is being changed in another draft.")
        self.draft_id = draft_id


class DraftBehindError(DraftError):
    """Files this draft changes were published with another text since it began. `names` are those."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"Changed in the meantime: {', '.join(names)}.")
        self.names = names


def create_draft(session: Session, title: str, person_id: uuid.UUID, now: datetime) -> Draft:
    """Upon the content version in force. The caller commits. Raises DraftError before the first start."""
    if content_version_in_force(session) is None:
        raise DraftError("There are no banks yet.")
    draft = Draft(title=title, author_id=person_id, made_at=now, changed_at=now)
    session.add(draft)
    session.flush()
    _add_draft_event(session, draft, DraftEventKind.BEGUN, person_id, now)
    return draft


def file_in_draft(session: Session, draft: Draft, name: str) -> bytes | None:
    """A file as this draft has it now: its own text, else the one in force. None when there is no such file."""
    own = session.get(DraftFile, (draft.id, name))
    if own is not None:
        return own.content
    version = content_version_in_force(session)
    return blob_content(session, version.sheets.get(name)) if version else None


def lock_draft(session: Session, draft: Draft) -> None:
    """Let nobody else change this draft before this transaction is over: what is read from here on is what is changed."""
    session.refresh(draft, with_for_update=True)


def save_draft_file(
    session: Session,
    draft: Draft,
    name: str,
    content: bytes | None,
    person_id: uuid.UUID,
    now: datetime,
    *,
    seen: bytes | None,
    what: str = "",
) -> None:
    """Write one file of a draft; None takes it off. `seen` is the text the person looked at.

    `what` says in the words of the history what was done. A draft that is in review is a draft again: what was asked
    about is not there any more. The caller commits. Raises EditConflictError when it has another text by now;
    FileTakenError when the file is in another open draft; DraftError when the draft is no longer open.
    """
    lock_draft(session, draft)
    _require_stage(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    before = file_in_draft(session, draft, name)
    if before != seen:
        raise EditConflictError(before)
    own = session.get(DraftFile, (draft.id, name)) or _start_file(session, draft, name)
    own.content = content
    _log_edit(session, own, draft, before, person_id, now, what)


def _log_edit(
    session: Session, own: DraftFile, draft: Draft, before: bytes | None, person_id: uuid.UUID, now: datetime, what: str
) -> None:
    for text in (before, own.content):
        if text is not None:
            save_blob(session, text)
    # what a second person was asked about is not there any more
    draft.stage, draft.changed_at = DraftStage.DRAFT, now
    session.flush()
    digests = {"digest": _content_digest(own.content), "before": _content_digest(before)}
    details = {"sheet": own.name, **digests, "what": what}
    _add_draft_event(session, draft, DraftEventKind.EDITED, person_id, now, details=details)


def _start_file(session: Session, draft: Draft, name: str) -> DraftFile:
    holder = session.scalar(select(DraftFile.draft_id).where(DraftFile.name == name))
    if holder is not None:
        raise FileTakenError(name, holder)
    version = content_version_in_force(session)
    own = DraftFile(draft_id=draft.id, name=name, base=version.sheets.get(name) if version else None, content=None)
    try:
        with session.begin_nested():
            session.add(own)
            session.flush()
    except IntegrityError:  # another editor was faster
        holder = session.scalar(select(DraftFile.draft_id).where(DraftFile.name == name))
        raise FileTakenError(name, holder or draft.id) from None
    return own


def apply_to_open_draft(
    session: Session,
    name: str,
    before: bytes,
    after: bytes,
    change: Callable[[bytes], bytes | None],
    person_id: uuid.UUID,
    now: datetime,
    *,
    what: str,
) -> uuid.UUID | None:
    """Carry a correction of the file in force into the open draft that holds the file, if one does. Returns that draft.

    `change` makes the same correction in the draft's own text, or returns None where that has another value there. The
    draft goes on from the corrected file, and stays in the stage it is in. The caller commits. Raises FileTakenError
    when it cannot be made there.
    """
    holder = session.scalar(select(DraftFile.draft_id).where(DraftFile.name == name))
    draft = None if holder is None else session.get_one(Draft, holder)
    if draft is None:
        return None
    # as `save_draft_file` does: else an edit made at this moment would write the old value over it
    lock_draft(session, draft)
    own = session.get(DraftFile, (draft.id, name), populate_existing=True)
    if own is None:
        return None
    changed = None if own.content is None else change(own.content)
    if changed is None:
        raise FileTakenError(name, own.draft_id)
    if own.base == _content_digest(before):
        own.base = _content_digest(after)
    details = {"sheet": name, "digest": _content_digest(changed), "before": _content_digest(own.content), "what": what}
    own.content = changed
    save_blob(session, changed)
    _add_draft_event(session, draft, DraftEventKind.MENDED, person_id, now, details=details)
    return draft.id


def changed_draft_files(session: Session, draft: Draft) -> dict[str, bytes | None]:
    """The files that differ from the text they began with, as the draft has them; None for one it takes off."""
    rows = session.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id).order_by(DraftFile.name))
    return {row.name: row.content for row in rows if _content_digest(row.content) != row.base}


def files_with_draft(session: Session, draft: Draft) -> ContentFiles:
    """All files as they would stand once this draft is published now: those of the content version in force, with its own in their places."""
    changed = changed_draft_files(session, draft)
    own = {name: ContentFile(name, content) for name, content in changed.items() if content is not None}
    in_force = files_in_force(session).files
    return ContentFiles({name: one for name, one in in_force.items() if name not in changed} | own)


def log_dry_run(session: Session, draft: Draft, bank: str, person_id: uuid.UUID, now: datetime) -> None:
    """Say in its history who had past submissions counted. The caller commits."""
    lock_draft(session, draft)
    _add_draft_event(session, draft, DraftEventKind.REHEARSED, person_id, now, details={"what": bank})


def log_withdrawn_choice(
    session: Session, draft: Draft, event_id: int, person_id: uuid.UUID, now: datetime, *, keep: bool, what: str
) -> None:
    """Say whether a draft keeps what was withdrawn (`event_id` names the withdrawal) or leaves it out. The caller commits.

    The person who chooses has edited the draft, so another one publishes it; a draft in review is a draft again. Raises
    DraftError when the draft is no longer open.
    """
    lock_draft(session, draft)
    _require_stage(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    draft.stage, draft.changed_at = DraftStage.DRAFT, now
    session.flush()
    details = {"withdrawal": event_id, "keep": keep, "what": what}
    _add_draft_event(session, draft, DraftEventKind.EDITED, person_id, now, details=details)


def kept_withdrawals(session: Session, draft: Draft) -> frozenset[int]:
    """The withdrawals of which an editor said last that this draft keeps the text."""
    last = {
        event.details["withdrawal"]: event.details["keep"]
        for event in draft_history(session, draft)
        if "withdrawal" in event.details
    }
    return frozenset(event_id for event_id, keep in last.items() if keep)


def _move_to_review(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    note: str = "",
    proved: bool = False,
) -> None:
    """Ask a second person to review it. `note` says what the change is for, for the history of the editions; `proved`: they have just proved who they are. The caller commits, and has seen to it that nothing is wrong with the files.

    Raises DraftError when it changes nothing, or is not a draft any more; DraftBehindError when what it changes was
    published otherwise in the meantime.
    """
    _require_stage(draft, DraftStage.DRAFT)
    if not changed_draft_files(session, draft) and not kept_withdrawals(session, draft):
        raise DraftError("Nothing is changed yet.")
    _require_not_behind(session, draft)
    _change_stage(
        session,
        draft,
        DraftStage.IN_REVIEW,
        DraftEventKind.ASKED,
        person_id,
        words,
        now,
        details={"note": note, **({"proved": True} if proved else {})},
    )


def log_reviewed_texts(
    session: Session, draft: Draft, person_id: uuid.UUID, reviews: Sequence[Mapping[str, object]], now: datetime
) -> None:
    """Each by digest, a reason where needed. The caller commits. Raises DraftError: nobody asked, or they edited it."""
    lock_draft(session, draft)
    _require_stage(draft, DraftStage.IN_REVIEW)
    if person_id in draft_editors(session, draft):
        raise DraftError(PUBLISHER_EDITED_IT)
    _add_draft_event(
        session, draft, DraftEventKind.READ, person_id, now, details={"read": [dict(one) for one in reviews]}
    )


def reviewed_texts(session: Session, draft: Draft, person_id: uuid.UUID) -> dict[str, Mapping[str, object]]:
    """The texts this person has read, by digest, as they said it last."""
    mine = [
        one for one in draft_history(session, draft) if one.deed is DraftEventKind.READ and one.person_id == person_id
    ]
    return {
        str(said["digest"]): said for event in mine for said in cast("list[dict[str, object]]", event.details["read"])
    }


def send_draft_back(session: Session, draft: Draft, person_id: uuid.UUID, words: str, now: datetime) -> None:
    """Let the authors change it again, and say why. The caller commits. Raises DraftError when nobody asked."""
    _require_stage(draft, DraftStage.IN_REVIEW)
    _change_stage(session, draft, DraftStage.DRAFT, DraftEventKind.SENT_BACK, person_id, words, now)


def discard_draft(session: Session, draft: Draft, person_id: uuid.UUID, words: str, now: datetime) -> None:
    """Its history keeps digests alone of what it was. The caller commits. Raises DraftError when no longer open."""
    _require_stage(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    _change_stage(session, draft, DraftStage.GIVEN_UP, DraftEventKind.GIVEN_UP, person_id, words, now)
    session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id))


def _add_version_from_draft(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    upon: ContentVersion | None = None,
    read: Sequence[Mapping[str, object]] = (),
) -> ContentVersion:
    """Make its files those in force. The caller makes the editions of the changed banks in the same transaction, and commits.

    `upon` is the content version beside which they were checked, `read` what this person read before, as
    `log_reviewed_texts` keeps it. Raises EditConflictError when another content version came after that one: beside its files
    nobody has checked these; DraftError when nobody asked for a review, or the person edited it or asked for the
    review; DraftBehindError when what it changes was published otherwise in the meantime.
    """
    _require_stage(draft, DraftStage.IN_REVIEW)
    if person_id in draft_editors(session, draft):
        raise DraftError(PUBLISHER_EDITED_IT)
    if person_id == review_requested_by(session, draft):
        raise DraftError("You asked for the review, so somebody else has to publish it.")
    _require_not_behind(session, draft)
    version = add_content_version(
        session,
        changed_draft_files(session, draft),
        now,
        reason=ContentVersionReason.PUBLISHED,
        person_id=person_id,
        upon=upon,
    )
    _change_stage(
        session,
        draft,
        DraftStage.PUBLISHED,
        DraftEventKind.PUBLISHED,
        person_id,
        words,
        now,
        became=version.number,
        details={"read": [dict(one) for one in read]} if read else None,
    )
    session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id))
    return version


def draft_editors(session: Session, draft: Draft) -> frozenset[uuid.UUID]:
    wanted = select(DraftEvent.person_id).where(
        DraftEvent.draft_id == draft.id, DraftEvent.deed.in_([DraftEventKind.BEGUN, DraftEventKind.EDITED])
    )
    return frozenset(one for one in session.scalars(wanted) if one is not None)


def draft_history(session: Session, draft: Draft) -> list[DraftEvent]:
    return list(session.scalars(select(DraftEvent).where(DraftEvent.draft_id == draft.id).order_by(DraftEvent.number)))


def last_review_request(session: Session, draft: Draft) -> DraftEvent | None:
    asked = [event for event in draft_history(session, draft) if event.deed is DraftEventKind.ASKED]
    return asked[-1] if asked else None


def review_requested_by(session: Session, draft: Draft) -> uuid.UUID | None:
    """Who asked for the review that is under way, None when none is or they have left."""
    asked = last_review_request(session, draft) if draft.stage is DraftStage.IN_REVIEW else None
    return asked.person_id if asked else None


def files_behind(session: Session, draft: Draft) -> tuple[str, ...]:
    """The files of this draft that were published with another text since it took them up."""
    version = content_version_in_force(session)
    here: Mapping[str, str] = version.sheets if version else {}
    rows = session.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id).order_by(DraftFile.name))
    return tuple(row.name for row in rows if here.get(row.name) != row.base)


def rebase_draft_file(
    session: Session, draft: Draft, name: str, person_id: uuid.UUID, now: datetime, *, in_force_seen: str, mine: bool
) -> None:
    """Have a file of this draft rest on the text that is in force by now: with the draft's own text upon it (`mine`), or with that text.

    `in_force_seen` is the digest the person was shown. The caller commits. Raises DraftError when yet another text is
    in force, the file is not in this draft, or it is no longer open.
    """
    lock_draft(session, draft)
    _require_stage(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    own, version = session.get(DraftFile, (draft.id, name)), content_version_in_force(session)
    here = version.sheets.get(name) if version else None
    if own is None or (here or "") != in_force_seen:
        raise EditConflictError(here, LOOK_AGAIN)
    before = own.content
    own.base = here
    if not mine:
        own.content = blob_content(session, here)
    what = f"{name}: this draft’s text upon the one in force" if mine else f"{name}: the text in force taken over"
    _log_edit(session, own, draft, before, person_id, now, what)


def _require_stage(draft: Draft, *stages: DraftStage) -> None:
    if draft.stage not in stages:
        raise DraftError(
            {
                DraftStage.DRAFT: "Nobody has been asked to look at it yet.",
                DraftStage.IN_REVIEW: "Somebody was asked to look at it already.",
                DraftStage.PUBLISHED: "It is published.",
                DraftStage.GIVEN_UP: "It was discarded.",
            }[draft.stage]
        )


def _require_not_behind(session: Session, draft: Draft) -> None:
    names = files_behind(session, draft)
    if names:
        raise DraftBehindError(names)


def _change_stage(
    session: Session,
    draft: Draft,
    stage: DraftStage,
    event_kind: DraftEventKind,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    became: int | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Only from the stage it was seen in: of two at once, the second finds it moved."""
    moved = session.execute(
        update(Draft).where(Draft.id == draft.id, Draft.stage == draft.stage).values(changed_at=now),
        execution_options=NO_SYNCHRONIZE,
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise EditConflictError(words=LOOK_AGAIN)
    draft.stage, draft.changed_at, draft.became = stage, now, became
    draft.publisher_id = person_id if became else None
    session.flush()
    _add_draft_event(session, draft, event_kind, person_id, now, words=words, details=details)


def _add_draft_event(
    session: Session,
    draft: Draft,
    event_kind: DraftEventKind,
    person_id: uuid.UUID,
    now: datetime,
    *,
    words: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    last = session.scalar(select(func.max(DraftEvent.number)).where(DraftEvent.draft_id == draft.id))
    session.add(
        DraftEvent(
            draft_id=draft.id,
            number=(last or 0) + 1,
            deed=event_kind,
            person_id=person_id,
            words=words,
            details=dict(details or {}),
            at=now,
        )
    )
    session.flush()


def _content_digest(content: bytes | None) -> str | None:
    return None if content is None else content_digest(content)


class DraftUnsoundError(DraftError):
    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        super().__init__(f"{len(problems)} things have to be put right first.")
        self.problems = problems


def ask_for_review(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    note: str = "",
    proved: bool = False,
) -> None:
    """Ask a second person to review it. `words` are for them, `note` says in the history of the editions why. The caller commits.

    `proved`: they have just proved who they are, which a change of a contact that every page shows asks for. Raises
    DraftUnsoundError when something is wrong with the files; DraftError as `_move_to_review` does.
    """
    lock_draft(session, draft)
    _require_sound(session, draft, now)
    _move_to_review(session, draft, person_id, words, now, note=note, proved=proved)


def publish_draft(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    withdrawn_settled_for: Collection[str] = (),
    read: Sequence[Mapping[str, object]] = (),
) -> tuple[EditionRef, ...]:
    """Put the files of a draft in force and make the editions they change. Returns those. The caller commits.

    `withdrawn_settled_for` are the banks with a withdrawn edition of which the draft says what becomes of its text; `read` the texts
    this person read one by one, for the history. The editions have the note that was written for them when the review
    was asked for. Raises DraftUnsoundError when something is wrong with
    the files, as they stand beside what others published; DraftError, EditConflictError as `_add_version_from_draft` does.
    """
    lock_draft(session, draft)
    # read before the check, which takes a second: another person may publish meanwhile
    upon = content_version_in_force(session)
    checked = _require_sound(session, draft, now)
    asked = last_review_request(session, draft)
    _add_version_from_draft(session, draft, person_id, words, now, upon=upon, read=read)
    note = str(asked.details.get("note", "")) if asked else ""
    return add_changed_editions(
        session,
        checked.banks,
        now,
        Attribution(person_id, note, draft.author_id),
        withdrawn_settled_for=withdrawn_settled_for,
    ).published


def _require_sound(session: Session, draft: Draft, now: datetime) -> CheckedFiles:
    checked = check_files_cached(files_with_draft(session, draft), now)
    if checked.errors:
        raise DraftUnsoundError(checked.errors)
    return checked


def undo_draft_edit(session: Session, draft: Draft, number: int, person_id: uuid.UUID, now: datetime) -> None:
    """The caller commits. Raises EditConflictError if edited again since, DraftError if no edit or no longer open."""
    lock_draft(session, draft)
    event = session.get(DraftEvent, (draft.id, number))
    if event is None or event.deed is not DraftEventKind.EDITED or "sheet" not in event.details:
        raise DraftError("This is no edit.")
    name, here = event.details["sheet"], file_in_draft(session, draft, event.details["sheet"])
    if _content_digest(here) != event.details["digest"]:
        raise EditConflictError(here, EDITED_AGAIN)
    save_draft_file(
        session,
        draft,
        name,
        blob_content(session, event.details["before"]),
        person_id,
        now,
        seen=here,
        what=f"Undone: {event.details['what']}"[:LONGEST_COMMENT],
    )


def undoable_edits(session: Session, draft: Draft) -> frozenset[int]:
    """The numbers of the edits that can be undone now: those after which their file was not edited again."""
    here: dict[str, str | None] = {}
    found = set()
    for event in draft_history(session, draft) if draft.stage.open else ():
        if event.deed is DraftEventKind.EDITED and "sheet" in event.details:
            name = event.details["sheet"]
            if name not in here:
                here[name] = _content_digest(file_in_draft(session, draft, name))
            if event.details["digest"] == here[name] and event.details["before"] != here[name]:
                found.add(event.number)
    return frozenset(found)
