"""The life of a draft: begun, edited by one or several, asked about, sent back or published, or given up.

Whatever is done is checked against the moment it is done: two people who work at once are told of each other, and nobody's text is lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft, DraftDeed, DraftEvent, DraftSheet, DraftStage
from assess.banks.models import ShelfReason, ShelfState
from assess.banks.sheets import Shelf, shelf_of
from assess.banks.shelves import digest_of_bytes, in_force, keep_text, set_up_next, text_at, texts_of

NOT_YOURS = "Somebody who did not edit it has to publish it."
ASKED_YOURSELF = "You asked for the review, so somebody else has to publish it."


class DraftError(Exception):
    """What was asked cannot be done now. The message says why, for the page."""


class SheetTakenError(DraftError):
    """The file is in another open draft. `draft_id` is that one."""

    def __init__(self, name: str, draft_id: uuid.UUID) -> None:
        super().__init__(f"{name} is being changed in another draft.")
        self.draft_id = draft_id


class SheetChangedError(DraftError):
    """Somebody saved this file since. `theirs` is the text now, so both can be shown."""

    def __init__(self, theirs: bytes | None) -> None:
        super().__init__("Somebody else changed this since you opened it.")
        self.theirs = theirs


class BehindError(DraftError):
    """Files this draft changes were published with another text since it began. `names` are those."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"Changed in the meantime: {', '.join(names)}.")
        self.names = names


def begin(session: Session, title: str, person_id: uuid.UUID, now: datetime) -> Draft:
    """A new draft upon the shelf in force. The caller commits.

    Raises:
        DraftError: before the first start, when there is no shelf.
    """
    state = in_force(session)
    if state is None:
        raise DraftError("There are no banks yet.")
    draft = Draft(title=title, began_with=state.number, author_id=person_id, made_at=now, changed_at=now)
    session.add(draft)
    session.flush()
    _note(session, draft, DraftDeed.BEGUN, person_id, now)
    return draft


def sheet_of(session: Session, draft: Draft, name: str) -> bytes | None:
    """A file as this draft has it now: its own text, else the one in force. None when there is no such file."""
    own = session.get(DraftSheet, (draft.id, name))
    if own is not None:
        return own.content
    state = in_force(session)
    return text_at(session, state.sheets.get(name)) if state else None


def hold(session: Session, draft: Draft) -> None:
    """Let nobody else change this draft before this transaction is over: what is read from here on is what is changed."""
    session.refresh(draft, with_for_update=True)


def save(
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

    `what` says in the words of the history what was done. A draft that is in review is a draft again: what was asked about is
    not there any more. The caller commits.

    Raises:
        SheetChangedError: when it has another text by now.
        SheetTakenError: when the file is in another open draft.
        DraftError: when the draft is no longer open.
    """
    hold(session, draft)
    _must_be(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    before = sheet_of(session, draft, name)
    if before != seen:
        raise SheetChangedError(before)
    own = session.get(DraftSheet, (draft.id, name)) or _taken_up(session, draft, name)
    own.content = content
    for text in (before, content):
        if text is not None:
            keep_text(session, text)
    draft.stage, draft.changed_at = DraftStage.DRAFT, now
    session.flush()
    details = {"sheet": name, "digest": _digest(content), "before": _digest(before), "what": what}
    _note(session, draft, DraftDeed.EDITED, person_id, now, details=details)


def _taken_up(session: Session, draft: Draft, name: str) -> DraftSheet:
    holder = session.scalar(select(DraftSheet.draft_id).where(DraftSheet.name == name))
    if holder is not None:
        raise SheetTakenError(name, holder)
    state = in_force(session)
    own = DraftSheet(draft_id=draft.id, name=name, base=state.sheets.get(name) if state else None, content=None)
    try:
        with session.begin_nested():
            session.add(own)
            session.flush()
    except IntegrityError:  # somebody else was faster
        holder = session.scalar(select(DraftSheet.draft_id).where(DraftSheet.name == name))
        raise SheetTakenError(name, holder or draft.id) from None
    return own


def carry(
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

    `change` makes the same correction in the draft's own text, or returns None where that has another value there. The draft goes
    on from the corrected file, and stays in the stage it is in. The caller commits.

    Raises:
        SheetTakenError: when it cannot be made there.
    """
    holder = session.scalar(select(DraftSheet.draft_id).where(DraftSheet.name == name))
    draft = None if holder is None else session.get_one(Draft, holder)
    if draft is None:
        return None
    hold(session, draft)  # as `save` does: else an edit made at this moment would write the old value over it
    own = session.get(DraftSheet, (draft.id, name), populate_existing=True)
    if own is None:
        return None
    changed = None if own.content is None else change(own.content)
    if changed is None:
        raise SheetTakenError(name, own.draft_id)
    if own.base == _digest(before):
        own.base = _digest(after)
    details = {"sheet": name, "digest": _digest(changed), "before": _digest(own.content), "what": what}
    own.content = changed
    keep_text(session, changed)
    _note(session, draft, DraftDeed.MENDED, person_id, now, details=details)
    return draft.id


def sheets_of(session: Session, draft: Draft) -> dict[str, bytes | None]:
    """The files it changes, as it has them; None for one it takes off."""
    return _changes(session, draft)


def shelf_with(session: Session, draft: Draft) -> Shelf:
    """All files as they would stand once this draft is published now: those of the shelf in force, with its own in their places."""
    state = in_force(session)
    texts = dict(texts_of(session, state)) if state else {}
    for name, content in _changes(session, draft).items():
        if content is None:
            texts.pop(name, None)
        else:
            texts[name] = content
    return shelf_of(texts)


def note_rehearsal(session: Session, draft: Draft, bank: str, person_id: uuid.UUID, now: datetime) -> None:
    """Say in its history who had past submissions counted. The caller commits."""
    hold(session, draft)
    _note(session, draft, DraftDeed.REHEARSED, person_id, now, details={"what": bank})


def note_choice(
    session: Session, draft: Draft, event_id: int, person_id: uuid.UUID, now: datetime, *, keep: bool, what: str
) -> None:
    """Say whether a draft keeps what was withdrawn (`event_id` names the withdrawal) or leaves it out. The caller commits.

    Whoever chooses has edited the draft, so somebody else publishes it; a draft in review is a draft again.

    Raises:
        DraftError: when the draft is no longer open.
    """
    hold(session, draft)
    _must_be(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    draft.stage, draft.changed_at = DraftStage.DRAFT, now
    session.flush()
    details = {"withdrawal": event_id, "keep": keep, "what": what}
    _note(session, draft, DraftDeed.EDITED, person_id, now, details=details)


def kept_withdrawals(session: Session, draft: Draft) -> frozenset[int]:
    """The withdrawals of which somebody said last that this draft keeps the text."""
    last = {
        event.details["withdrawal"]: event.details["keep"]
        for event in history_of(session, draft)
        if "withdrawal" in event.details
    }
    return frozenset(event_id for event_id, keep in last.items() if keep)


def ask(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    note: str = "",
    proved: bool = False,
) -> None:
    """Ask somebody else to look at it. `note` says what the change is for, for the history of the editions; `proved`: they have just proved who they are. The caller commits, and has seen to it that nothing is wrong with the files.

    Raises:
        DraftError: when it changes nothing, or is not a draft any more.
        BehindError: when what it changes was published otherwise in the meantime.
    """
    _must_be(draft, DraftStage.DRAFT)
    if not _changes(session, draft) and not kept_withdrawals(session, draft):
        raise DraftError("Nothing is changed yet.")
    _must_be_fresh(session, draft)
    _move(
        session,
        draft,
        DraftStage.IN_REVIEW,
        DraftDeed.ASKED,
        person_id,
        words,
        now,
        details={"note": note, **({"proved": True} if proved else {})},
    )


def note_read(
    session: Session, draft: Draft, person_id: uuid.UUID, read: Sequence[Mapping[str, object]], now: datetime
) -> None:
    """Keep which texts the second person has read, each by its digest, with the reason where one is needed. The caller commits.

    Raises:
        DraftError: when nobody asked, or the person edited it.
    """
    hold(session, draft)
    _must_be(draft, DraftStage.IN_REVIEW)
    if person_id in editors_of(session, draft):
        raise DraftError(NOT_YOURS)
    _note(session, draft, DraftDeed.READ, person_id, now, details={"read": [dict(one) for one in read]})


def read_by(session: Session, draft: Draft, person_id: uuid.UUID) -> dict[str, Mapping[str, object]]:
    """The texts this person has read, by digest, as they said it last."""
    mine = [one for one in history_of(session, draft) if one.deed is DraftDeed.READ and one.person_id == person_id]
    return {
        str(said["digest"]): said for event in mine for said in cast("list[dict[str, object]]", event.details["read"])
    }


def send_back(session: Session, draft: Draft, person_id: uuid.UUID, words: str, now: datetime) -> None:
    """Let the authors change it again, and say why. The caller commits.

    Raises:
        DraftError: when nobody asked.
    """
    _must_be(draft, DraftStage.IN_REVIEW)
    _move(session, draft, DraftStage.DRAFT, DraftDeed.SENT_BACK, person_id, words, now)


def give_up(session: Session, draft: Draft, person_id: uuid.UUID, words: str, now: datetime) -> None:
    """Let its files go. What it was stays in its history by digests alone. The caller commits.

    Raises:
        DraftError: when it is no longer open.
    """
    _must_be(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    _move(session, draft, DraftStage.GIVEN_UP, DraftDeed.GIVEN_UP, person_id, words, now)
    session.execute(delete(DraftSheet).where(DraftSheet.draft_id == draft.id))


def publish(
    session: Session,
    draft: Draft,
    person_id: uuid.UUID,
    words: str,
    now: datetime,
    *,
    upon: ShelfState | None = None,
    read: Sequence[Mapping[str, object]] = (),
) -> ShelfState:
    """Make its files those in force. The caller makes the editions of the changed banks in the same transaction, and commits.

    `upon` is the shelf beside which they were checked, `read` what this person read before, as `note_read` keeps it.

    Raises:
        IntegrityError: when another shelf came after that one: beside its files nobody has checked these.
        DraftError: when nobody asked for a review, or the person edited it or asked for the review.
        BehindError: when what it changes was published otherwise in the meantime.
    """
    _must_be(draft, DraftStage.IN_REVIEW)
    if person_id in editors_of(session, draft):
        raise DraftError(NOT_YOURS)
    if person_id == asked_by(session, draft):
        raise DraftError(ASKED_YOURSELF)
    _must_be_fresh(session, draft)
    state = set_up_next(
        session, _changes(session, draft), now, reason=ShelfReason.PUBLISHED, person_id=person_id, upon=upon
    )
    details = {"read": [dict(one) for one in read]} if read else None
    _move(
        session,
        draft,
        DraftStage.PUBLISHED,
        DraftDeed.PUBLISHED,
        person_id,
        words,
        now,
        became=state.number,
        details=details,
    )
    session.execute(delete(DraftSheet).where(DraftSheet.draft_id == draft.id))
    return state


def editors_of(session: Session, draft: Draft) -> frozenset[uuid.UUID]:
    """Everybody who began or edited it."""
    wanted = select(DraftEvent.person_id).where(
        DraftEvent.draft_id == draft.id, DraftEvent.deed.in_([DraftDeed.BEGUN, DraftDeed.EDITED])
    )
    return frozenset(one for one in session.scalars(wanted) if one is not None)


def history_of(session: Session, draft: Draft) -> list[DraftEvent]:
    """What happened to it, oldest first."""
    return list(session.scalars(select(DraftEvent).where(DraftEvent.draft_id == draft.id).order_by(DraftEvent.number)))


def asked_last(session: Session, draft: Draft) -> DraftEvent | None:
    """The last time that somebody was asked to look at it."""
    asked = [event for event in history_of(session, draft) if event.deed is DraftDeed.ASKED]
    return asked[-1] if asked else None


def asked_by(session: Session, draft: Draft) -> uuid.UUID | None:
    """Who asked for the review that is under way, None when none is or they have left."""
    asked = asked_last(session, draft) if draft.stage is DraftStage.IN_REVIEW else None
    return asked.person_id if asked else None


def behind(session: Session, draft: Draft) -> tuple[str, ...]:
    """The files of this draft that were published with another text since it took them up."""
    state = in_force(session)
    here: Mapping[str, str] = state.sheets if state else {}
    rows = session.scalars(select(DraftSheet).where(DraftSheet.draft_id == draft.id).order_by(DraftSheet.name))
    return tuple(row.name for row in rows if here.get(row.name) != row.base)


def catch_up(
    session: Session, draft: Draft, name: str, person_id: uuid.UUID, now: datetime, *, in_force_seen: str, mine: bool
) -> None:
    """Have a file of this draft rest on the text that is in force by now: with the draft's own text upon it (`mine`), or with that text.

    `in_force_seen` is the digest the person was shown. The caller commits.

    Raises:
        DraftError: when yet another text is in force, the file is not in this draft, or it is no longer open.
    """
    hold(session, draft)
    _must_be(draft, DraftStage.DRAFT, DraftStage.IN_REVIEW)
    own, state = session.get(DraftSheet, (draft.id, name)), in_force(session)
    here = state.sheets.get(name) if state else None
    if own is None or (here or "") != in_force_seen:
        raise DraftError("This was changed again since. Look at both texts once more.")
    before = own.content
    own.base = here
    if not mine:
        own.content = text_at(session, here)
    for text in (before, own.content):
        if text is not None:
            keep_text(session, text)
    draft.stage, draft.changed_at = DraftStage.DRAFT, now
    session.flush()
    what = f"{name}: this draft’s text upon the one in force" if mine else f"{name}: the text in force taken over"
    details = {"sheet": name, "digest": _digest(own.content), "before": _digest(before), "what": what}
    _note(session, draft, DraftDeed.EDITED, person_id, now, details=details)


def _changes(session: Session, draft: Draft) -> dict[str, bytes | None]:
    """Its files that differ from the text they began with."""
    rows = session.scalars(select(DraftSheet).where(DraftSheet.draft_id == draft.id).order_by(DraftSheet.name))
    return {row.name: row.content for row in rows if _digest(row.content) != row.base}


def _must_be(draft: Draft, *stages: DraftStage) -> None:
    if draft.stage not in stages:
        raise DraftError(
            {
                DraftStage.DRAFT: "Nobody has been asked to look at it yet.",
                DraftStage.IN_REVIEW: "Somebody was asked to look at it already.",
                DraftStage.PUBLISHED: "It is published.",
                DraftStage.GIVEN_UP: "It was given up.",
            }[draft.stage]
        )


def _must_be_fresh(session: Session, draft: Draft) -> None:
    names = behind(session, draft)
    if names:
        raise BehindError(names)


def _move(
    session: Session,
    draft: Draft,
    stage: DraftStage,
    deed: DraftDeed,
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
        execution_options={"synchronize_session": False},
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise DraftError("Somebody else was faster. Look at it again.")
    draft.stage, draft.changed_at, draft.became = stage, now, became
    draft.publisher_id = person_id if became else None
    session.flush()
    _note(session, draft, deed, person_id, now, words=words, details=details)


def _note(
    session: Session,
    draft: Draft,
    deed: DraftDeed,
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
            deed=deed,
            person_id=person_id,
            words=words,
            details=dict(details or {}),
            at=now,
        )
    )
    session.flush()


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest_of_bytes(content)
