"""Contacts: two people change whom people in danger call, and one may blank any of them at once.

A change is kept beside the files until a second person confirms it: until then the old number stands everywhere. Blanking counts at
once, because it can only lead callers to the number that the release brings, or to 999. A number that two people replaced stays gone.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.banks.editions import edition_of, withdrawals
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.looking import Looked
from assess.banks.models import ShelfReason, ShelfState, Withdrawal
from assess.banks.rewriting import RewriteError, rewritten
from assess.banks.settings import is_blanked
from assess.banks.sheets import Sheet, Shelf, read_folder
from assess.banks.shelves import in_force, text_at
from assess.banks.yaml_lines import UnreadableError
from assess.editor.law.calls import faults_of, faults_of_needed
from assess.editor.law.kinds import CONTACTS, Thing, entries, thing, things
from assess.editor.law.phones import digits, unsafe_number_in, unsafe_phone_fault
from assess.editor.mending.keeping import NOT_OF_TWO, TOO_NEW, MendError, looked_with, put_in_force, shelf_in_force
from assess.editor.mending.models import ContactChange, ContactDeed, Decision
from assess.kit.clock import date_at
from assess.people.administration.desks import may_be_second, may_review
from assess.people.models import Person

FIELDS = ("number", "text_phone", "web", "who", "situation", "for_whom")
"""What two people may change of a contact that every page shows, and what blanking it puts back."""
DIALLED = ("number", "text_phone", "web")
"""What two people may change of every other one; its words change in a draft."""
LOOK_AGAIN = timedelta(days=30)
MOST_SHOWN = 30
"""Decided changes that stand in the list."""
EMERGENCY, HELPLINE = "emergency", "helpline"
_BY_TWO = (ShelfReason.PUBLISHED, ShelfReason.CONFIRMED)
"""Why there are files in which two people changed a contact."""
Values = Mapping[str, Any]

WAITS_ALREADY = "Somebody asked for a change of this contact already. Confirm or refuse that one first."
YOURS = "You asked for this yourself. Somebody else has to decide."
DECIDED = "Somebody decided this already."
MOVED_ON = "This contact was changed meanwhile. Refuse this change, and ask for it anew if it is still needed."
NO_OTHER = "There is no other safe number to stand in its place, so one person cannot blank it. Ask for a change instead: two people decide that."
BLANK_ALREADY = "This contact is blanked already."
BLANKED = "This contact is blanked. To bring it back, give it a number in a draft."
UNSAFE = "Leave mobile numbers, foreign numbers and numbers that cost extra out of this line."
TWO_PEOPLE = "Every page shows this contact. To bring the number back, ask for a change: two people decide that."


@dataclass(frozen=True, slots=True)
class ContactCorrection:
    """Some fields of one contact: what stands there, and what is to stand there, None for nothing."""

    sheet: str
    contact: str
    before: Values
    after: Values

    def made_in(self, content: bytes) -> bytes | None:
        """The text of a file with it; as it is when it says so already; None when it says something else there."""
        data = copy.deepcopy(dict(Sheet(self.sheet, content).written))
        raw = next((one for name, _, one in entries(data, CONTACTS) if name == self.contact), None)
        if not isinstance(raw, dict):
            return None
        if all(raw.get(key) == value for key, value in self.after.items()):
            return content
        if any(raw.get(key) != value for key, value in self.before.items()):
            return None
        for key, value in self.after.items():
            if value is None:
                raw.pop(key, None)
            else:
                raw[key] = value
        try:
            return rewritten(content.decode("utf-8-sig"), data).encode()
        except (RewriteError, UnreadableError):
            return None


def contacts_in(shelf: Shelf) -> list[Thing]:
    """All contacts, the most urgent first."""
    return sorted(things(shelf, CONTACTS), key=lambda one: (one.data.get("order") or 0, one.id))


def is_needed(contact_id: str) -> bool:
    """Whether every page shows it."""
    return contact_id in CONTACTS.kept


def fields_of(contact_id: str) -> tuple[str, ...]:
    """What may be asked for of a contact."""
    return FIELDS if is_needed(contact_id) else DIALLED


def faults_of_change(shelf: Shelf, here: Thing, after: Values) -> dict[str, str]:
    """What is wrong with the new values of a contact, by field."""
    whole = {key: value for key, value in {**here.data, **after}.items() if value is not None}
    others = [one.data for one in things(shelf, CONTACTS) if one.id != here.id]
    if is_needed(here.id):
        return faults_of(whole, others) | faults_of_needed(whole, here.data)
    found = faults_of(whole, others)
    number = str(after.get("number") or "")
    if number and number != here.data.get("number") and (fault := unsafe_phone_fault(number)):
        found.setdefault("number", fault)
    hidden = {key: UNSAFE for key in ("text_phone", "web") if unsafe_number_in(str(after.get(key) or ""))}
    return {**hidden, **found}


def ask(
    session: Session, here: Thing, after: Values, seen_at: str, reason: str, person_id: uuid.UUID, now: datetime
) -> ContactChange:
    """Ask for other values of a contact. Nothing is changed by this. The caller commits.

    Raises:
        MendError: when another change of it waits, it is blanked, the values are those of now, or this person may not be one of the two.
    """
    if is_blanked(here.data):
        raise MendError(BLANKED)
    _see_may_decide(session, here.id, None, person_id, now)
    if any(row.contact == here.id and row.kind is ContactDeed.CHANGE for row in undecided(session)):
        raise MendError(WAITS_ALREADY)
    differ = [key for key in after if here.data.get(key) != after[key]]
    if not differ:
        raise MendError("This is what it says already.")
    row = ContactChange(
        kind=ContactDeed.CHANGE,
        contact=here.id,
        called=here.title,
        before={key: here.data.get(key) for key in differ},
        after={key: after[key] for key in differ},
        seen_at=seen_at,
        reason=reason,
        by_id=person_id,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def would_be_changed(shelf: Shelf, row: ContactChange, now: datetime) -> tuple[ContactCorrection, bytes, Looked]:
    """What confirming a change would put in force. Costly: a page asks for it once before it writes.

    Raises:
        MendError: when the contact says something else by now, or the files would not fit together.
    """
    here = thing(shelf, CONTACTS, row.contact)
    if here is None:
        raise MendError(MOVED_ON)
    today = date_at(now)
    looked_at = {
        "source": row.seen_at,
        "checked": today.isoformat(),
        "review_by": (today + LOOK_AGAIN).isoformat(),
    }
    after = {**row.after, **looked_at}
    if "number" not in row.after:
        del after["source"]
    return _made(shelf, ContactCorrection(here.sheet.name, here.id, row.before, after), now)


def confirm(session: Session, row: ContactChange, person_id: uuid.UUID, now: datetime) -> None:
    """Put a change in force, or say that it was right to blank it. The caller commits.

    Raises:
        MendError: when it is one's own, this person may not be one of the two, somebody decided already, or it does not fit any more.
    """
    _see_may_decide(session, row.contact, row, person_id, now)
    _decide(session, row, person_id, Decision.CONFIRMED, now)
    if row.kind is ContactDeed.CHANGE:
        upon = in_force(session)
        correction, changed, looked = would_be_changed(shelf_in_force(session), row, now)
        what = f"the contact “{row.called}”, confirmed by a second person"
        put_in_force(session, correction, changed, looked, upon, ShelfReason.CONFIRMED, person_id, now, what)


def refuse(session: Session, row: ContactChange, why: str, person_id: uuid.UUID, now: datetime) -> None:
    """Leave everything as it is; or put back what was blanked. The caller commits.

    Raises:
        MendError: as for `confirm`; and for a blanked contact that every page shows: two people bring that back.
    """
    if row.kind is ContactDeed.BLANK and is_needed(row.contact):
        raise MendError(TWO_PEOPLE)
    if row.kind is ContactDeed.BLANK:
        _see_may_decide(session, row.contact, row, person_id, now)
    _decide(session, row, person_id, Decision.REFUSED, now, why)
    if row.kind is ContactDeed.BLANK:
        upon = in_force(session)
        shelf = shelf_in_force(session)
        here = thing(shelf, CONTACTS, row.contact)
        if here is None:
            raise MendError(MOVED_ON)
        correction = ContactCorrection(here.sheet.name, here.id, row.after, row.before)
        _, changed, looked = _made(shelf, correction, now)
        what = f"the contact “{row.called}”, put back"
        put_in_force(session, correction, changed, looked, upon, ShelfReason.UNDONE, person_id, now, what)


def would_be_blank(session: Session, here: Thing, now: datetime) -> Values:
    """What stands in place of a contact once it is blanked, by field.

    One that every page shows goes back to what the release brings, unless two people replaced that number; the helpline then shows 999
    alone. Of any other one the number goes: pages show the helpline and the emergency number there.

    Raises:
        MendError: when it is blanked already, or nothing could stand in its place.
    """
    if not is_needed(here.id):
        if is_blanked(here.data):
            raise MendError(BLANK_ALREADY)
        return {**dict.fromkeys(DIALLED), "blanked": date_at(now).isoformat()}
    brought = _of_release(session, here)
    if brought is not None:
        return brought
    emergency = thing(shelf_in_force(session), CONTACTS, EMERGENCY)
    if here.id != HELPLINE or emergency is None:
        raise MendError(NO_OTHER)
    if _same_number(here.data, emergency.data):
        raise MendError(BLANK_ALREADY)
    if _same_number(here.data, _released(HELPLINE)):
        raise MendError(NO_OTHER)
    return {key: emergency.data.get(key) for key in (*FIELDS, "source")}


def blank(session: Session, here: Thing, reason: str, person_id: uuid.UUID, now: datetime) -> ContactChange:
    """Take a contact away at once. The caller commits.

    Raises:
        MendError: as for `would_be_blank`, when the files would no longer fit together, or when every page shows it and this person may
            not be one of two.
    """
    if is_needed(here.id):
        _see_may_decide(session, here.id, None, person_id, now)
    after = would_be_blank(session, here, now)
    before = {key: here.data.get(key) for key in after}
    upon = in_force(session)
    correction, changed, looked = _made(
        shelf_in_force(session), ContactCorrection(here.sheet.name, here.id, before, after), now
    )
    what = f"the contact “{here.title}”, blanked"
    put_in_force(
        session, correction, changed, looked, upon, ShelfReason.BLANKED, person_id, now, what, past_drafts=True
    )
    row = ContactChange(
        kind=ContactDeed.BLANK,
        contact=here.id,
        called=here.title,
        before=before,
        after=after,
        reason=reason,
        by_id=person_id,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def undecided(session: Session) -> Sequence[ContactChange]:
    """What waits for a second person, the oldest first."""
    return session.scalars(
        select(ContactChange).where(ContactChange.outcome.is_(None)).order_by(ContactChange.at)
    ).all()


def decided(session: Session) -> Sequence[ContactChange]:
    """What was decided, the latest first."""
    wanted = select(ContactChange).where(ContactChange.outcome.is_not(None))
    return session.scalars(wanted.order_by(ContactChange.decided_at.desc()).limit(MOST_SHOWN)).all()


def words_of(row: ContactChange) -> str:
    """What waits, in words."""
    return f"the contact “{row.called}”, {'blanked' if row.kind is ContactDeed.BLANK else 'to be changed'}"


def withdrawn_words(session: Session, row: Withdrawal) -> str:
    """The same of an edition that was withdrawn."""
    loaded = edition_of(session, row.edition_id)
    return f"edition {loaded.ref.number} of “{loaded.edition.title}”, withdrawn"


def late(session: Session, now: datetime) -> list[str]:
    """What no second person decided in time, in words."""
    asked = [words_of(row) for row in undecided(session) if row.overdue(now)]
    return asked + [withdrawn_words(session, row) for row, _, _ in withdrawals(session) if row.overdue(now)]


def has_second_person(session: Session, person_id: uuid.UUID) -> bool:
    """Whether anybody else here could be the second person: another coordinator, or an administrator."""
    others = select(func.count()).where(
        Person.desk.is_not(None), Person.disabled_at.is_(None), Person.confirmed_at.is_not(None), Person.id != person_id
    )
    return bool(session.scalar(others))


def _made(shelf: Shelf, correction: ContactCorrection, now: datetime) -> tuple[ContactCorrection, bytes, Looked]:
    here = shelf.sheets[correction.sheet].content
    content = here if isinstance(here, bytes) else b""
    changed = correction.made_in(content)
    if changed is None or changed == content:
        raise MendError(MOVED_ON)
    return correction, changed, looked_with(shelf, correction.sheet, changed, now)


def _decide(
    session: Session, row: ContactChange, person_id: uuid.UUID, outcome: Decision, now: datetime, why: str = ""
) -> None:
    """Of two who decide at once, the second is told."""
    if row.by_id == person_id:
        raise MendError(YOURS)
    moved = session.execute(
        update(ContactChange)
        .where(ContactChange.id == row.id, ContactChange.outcome.is_(None))
        .values(decided_by=person_id, decided_at=now, outcome=outcome, answer=why)
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise MendError(DECIDED)


def why_not_of_two(
    session: Session, contact_id: str, row: ContactChange | None, person_id: uuid.UUID, now: datetime
) -> str:
    """Why this person may not be one of the two. `row` None: the other one is not known yet."""
    if row is not None and row.by_id == person_id:
        return YOURS
    other = row.by_id if row else None
    if is_needed(contact_id):
        return "" if may_be_second(session, person_id, other, now) else NOT_OF_TWO
    return "" if may_review(session, person_id, {other}, now) else TOO_NEW


def _see_may_decide(
    session: Session, contact_id: str, row: ContactChange | None, person_id: uuid.UUID, now: datetime
) -> None:
    barred = why_not_of_two(session, contact_id, row, person_id, now)
    if barred:
        raise MendError(barred)


def _of_release(session: Session, here: Thing) -> Values | None:
    """What the release brings for this contact, where that is another number that nobody blanked and no two people replaced.

    999 and 101 are fixed: nothing else may ever stand in their place, so they always come back.
    """
    release = _released(here.id)
    number = digits(str(release.get("number") or ""))
    if not number or _same_number(here.data, release) or faults_of_needed({**release, "id": here.id}):
        return None
    if here.id == HELPLINE and number in {*_blanked(session, here.id), *_replaced(session, here.id)}:
        return None
    return {key: release.get(key) for key in (*FIELDS, "source")}


def _released(contact_id: str) -> Values:
    held = thing(read_folder(QUESTIONNAIRES), CONTACTS, contact_id)
    return held.data if held else {}


def _same_number(one: Values, other: Values) -> bool:
    return digits(str(one.get("number") or "")) == digits(str(other.get("number") or ""))


def _blanked(session: Session, contact_id: str) -> Iterator[str]:
    wanted = select(ContactChange).where(ContactChange.contact == contact_id, ContactChange.kind == ContactDeed.BLANK)
    for row in session.scalars(wanted):
        yield digits(str(row.before.get("number") or ""))


def _replaced(session: Session, contact_id: str) -> Iterator[str]:
    """The numbers in whose place two people put another one, at once or with a draft."""
    read: dict[tuple[str, str], str | None] = {}
    before = ""
    for state in session.scalars(select(ShelfState).order_by(ShelfState.number)):
        number = ""
        for name, digest in state.sheets.items():
            if name.startswith("settings/"):
                if (name, digest) not in read:
                    sheet = Sheet(name, text_at(session, digest) or b"")
                    held = thing(Shelf({name: sheet}), CONTACTS, contact_id)
                    read[name, digest] = digits(str(held.data.get("number") or "")) if held else None
                number = read[name, digest] or number
        if before and number != before and state.reason in _BY_TWO:
            yield before
        before = number
