"""Contacts: one person requests a change and a second accepts it; one person alone may blank a contact at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.bank_editor.duties_and_settings.forms import CONTACTS, Entry, entries_of_kind, find_entry
from assess.bank_editor.duties_and_settings.services import (
    contact_errors,
    essential_contact_errors,
    has_unsafe_number,
    phone_digits,
    unsafe_phone_error,
)
from assess.bank_editor.models import ContactChange, ContactChangeKind, ContactDecision, UrgentFix
from assess.bank_editor.urgent_fixes import services as urgent_fixes_services
from assess.bank_editor.urgent_fixes.services import (
    NOT_OF_TWO,
    TOO_NEW,
    CheckedEdit,
    FileEdit,
    UrgentFixError,
    ValuePath,
    check_edit,
    publish_edit,
)
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.db import database
from assess.identity.administration import may_be_second_person, may_review
from assess.identity.models import Person
from assess.question_banks.content_versions import blob_content, content_version_in_force, files_in_force
from assess.question_banks.editions import load_edition, unconfirmed_withdrawals
from assess.question_banks.files import ContentFile, ContentFiles, bundled_files
from assess.question_banks.models import ContentVersion, ContentVersionReason, Withdrawal
from assess.question_banks.settings import is_blanked

CONTACT_FIELDS = ("number", "text_phone", "web", "who", "situation", "for_whom")
"""What two people may change of a contact that every page shows, and what blanking it puts back."""
DIALLED = ("number", "text_phone", "web")
"""What two people may change of every other one; its words change in a draft."""
EMERGENCY, HELPLINE = "emergency", "helpline"
Values = Mapping[str, Any]

OWN_REQUEST = "You asked for this yourself. Somebody else has to decide."
CONTACT_CHANGED = "This contact was changed meanwhile. Refuse this change, and ask for it anew if it is still needed."
NO_SAFE_NUMBER = "There is no other safe number to stand in its place, so one person cannot blank it. Ask for a change instead: two people decide that."
BLANK_ALREADY = "This contact is blanked already."
BLANKED = "This contact is blanked. To bring it back, give it a number in a draft."
UNSAFE = "Leave mobile numbers, foreign numbers and numbers that cost extra out of this line."
TWO_PEOPLE = "Every page shows this contact. To bring the number back, ask for a change: two people decide that."


def _edit_of(here: Entry, before: Values, after: Values) -> FileEdit:
    """Some fields of one contact."""

    def by_place(values: Values) -> Mapping[ValuePath, Any]:
        return {("contacts", here.id, key): value for key, value in values.items()}

    return FileEdit(here.content_file.name, by_place(before), by_place(after))


def sides_in_words(names: Iterable[str], before: Values, after: Values) -> list[tuple[str, str, str]]:
    """Fields of a contact that differ: what they are called, and both values."""
    labels = {one.name: one.label for one in CONTACTS.fields}
    wanted = [name for name in names if name in labels and before.get(name) != after.get(name)]
    return [(labels[name], str(before.get(name) or "nothing"), str(after.get(name) or "nothing")) for name in wanted]


def contacts_by_urgency(files: ContentFiles) -> list[Entry]:
    return sorted(entries_of_kind(files, CONTACTS), key=lambda one: (one.data.get("order") or 0, one.id))


def is_essential_contact(contact_id: str) -> bool:
    """Whether every page shows it."""
    return contact_id in CONTACTS.kept


def contact_change_errors(files: ContentFiles, here: Entry, after: Values) -> dict[str, str]:
    whole = {key: value for key, value in {**here.data, **after}.items() if value is not None}
    others = [one.data for one in entries_of_kind(files, CONTACTS) if one.id != here.id]
    if is_essential_contact(here.id):
        return contact_errors(whole, others) | essential_contact_errors(whole, here.data)
    found = contact_errors(whole, others)
    number = str(after.get("number") or "")
    if number and number != here.data.get("number") and (error := unsafe_phone_error(number)):
        found.setdefault("number", error)
    hidden = {key: UNSAFE for key in ("text_phone", "web") if has_unsafe_number(str(after.get(key) or ""))}
    return {**hidden, **found}


def request_change(
    session: Session, here: Entry, after: Values, seen_at: str, reason: str, person_id: uuid.UUID, now: datetime
) -> ContactChange:
    """Ask for other values of a contact. Nothing is changed by this. The caller commits.

    Raises:
        UrgentFixError: when another change of it waits, it is blanked, the values are those of now, or this person may not be one of the two.
    """
    if is_blanked(here.data):
        raise UrgentFixError(BLANKED)
    _require_may_decide(session, here.id, None, person_id, now)
    if any(row.contact == here.id and row.kind is ContactChangeKind.CHANGE for row in undecided_changes(session)):
        raise UrgentFixError("Somebody asked for a change of this contact already. Confirm or refuse that one first.")
    differ = [key for key in after if here.data.get(key) != after[key]]
    if not differ:
        raise UrgentFixError("This is what it says already.")
    row = ContactChange(
        kind=ContactChangeKind.CHANGE,
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


def preview_change(files: ContentFiles, row: ContactChange, now: datetime) -> CheckedEdit:
    """Costly: asked once, before a page writes. Raises UrgentFixError: the contact changed, or files would not fit."""
    here = find_entry(files, CONTACTS, row.contact)
    if here is None:
        raise UrgentFixError(CONTACT_CHANGED)
    today = uk_date(now)
    looked_at = {
        "source": row.seen_at,
        "checked": today.isoformat(),
        "review_by": (today + timedelta(days=30)).isoformat(),
    }
    after = {**row.after, **looked_at}
    if "number" not in row.after:
        del after["source"]
    return _checked_edit(files, _edit_of(here, row.before, after), now)


def accept_change(session: Session, row: ContactChange, person_id: uuid.UUID, now: datetime) -> None:
    """Put a change in force, or say that it was right to blank it. The caller commits.

    Raises:
        UrgentFixError: when it is one's own, this person may not be one of the two, it is decided already, or it does not fit any more.
    """
    _require_may_decide(session, row.contact, row, person_id, now)
    _decide(session, row, person_id, ContactDecision.CONFIRMED, now)
    if row.kind is ContactChangeKind.CHANGE:
        upon = content_version_in_force(session)
        found = preview_change(files_in_force(session), row, now)
        what = f"the contact “{row.called}”, confirmed by a second person"
        publish_edit(session, found, upon, ContentVersionReason.CONFIRMED, person_id, now, what)


def reject_change(session: Session, row: ContactChange, why: str, person_id: uuid.UUID, now: datetime) -> None:
    """Leave everything as it is; or put back what was blanked. The caller commits.

    Raises:
        UrgentFixError: as for `accept_change`; and for a blanked contact that every page shows: two people bring that back.
    """
    if row.kind is ContactChangeKind.BLANK and is_essential_contact(row.contact):
        raise UrgentFixError(TWO_PEOPLE)
    if row.kind is ContactChangeKind.BLANK:
        _require_may_decide(session, row.contact, row, person_id, now)
    _decide(session, row, person_id, ContactDecision.REFUSED, now, why)
    if row.kind is ContactChangeKind.BLANK:
        upon = content_version_in_force(session)
        files = files_in_force(session)
        here = find_entry(files, CONTACTS, row.contact)
        if here is None:
            raise UrgentFixError(CONTACT_CHANGED)
        found = _checked_edit(files, _edit_of(here, row.after, row.before), now)
        what = f"the contact “{row.called}”, put back"
        publish_edit(session, found, upon, ContentVersionReason.UNDONE, person_id, now, what)


def preview_blank(session: Session, here: Entry, now: datetime) -> Values:
    """What stands in place of a contact once it is blanked, by field.

    One that every page shows goes back to what the release brings, unless two people replaced that number; the helpline
    then shows 999 alone. Of any other one the number goes: pages show the helpline and the emergency number there.
    Raises UrgentFixError when it is blanked already, or nothing could stand in its place.
    """
    if not is_essential_contact(here.id):
        if is_blanked(here.data):
            raise UrgentFixError(BLANK_ALREADY)
        return {**dict.fromkeys(DIALLED), "blanked": uk_date(now).isoformat()}
    brought = _release_values(session, here)
    if brought is not None:
        return brought
    emergency = find_entry(files_in_force(session), CONTACTS, EMERGENCY)
    if here.id != HELPLINE or emergency is None:
        raise UrgentFixError(NO_SAFE_NUMBER)
    if _same_number(here.data, emergency.data):
        raise UrgentFixError(BLANK_ALREADY)
    if _same_number(here.data, _release_contact(HELPLINE)):
        raise UrgentFixError(NO_SAFE_NUMBER)
    return {key: emergency.data.get(key) for key in (*CONTACT_FIELDS, "source")}


def blank_now(session: Session, here: Entry, reason: str, person_id: uuid.UUID, now: datetime) -> ContactChange:
    """Take a contact away at once. The caller commits.

    Raises UrgentFixError as for `preview_blank`, when the files would no longer fit together, or when every page shows
    it and this person may not be one of two.
    """
    if is_essential_contact(here.id):
        _require_may_decide(session, here.id, None, person_id, now)
    after = preview_blank(session, here, now)
    before = {key: here.data.get(key) for key in after}
    upon = content_version_in_force(session)
    found = _checked_edit(files_in_force(session), _edit_of(here, before, after), now)
    what = f"the contact “{here.title}”, blanked"
    publish_edit(session, found, upon, ContentVersionReason.BLANKED, person_id, now, what, past_drafts=True)
    row = ContactChange(
        kind=ContactChangeKind.BLANK,
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


def undecided_changes(session: Session) -> Sequence[ContactChange]:
    return session.scalars(
        select(ContactChange).where(ContactChange.outcome.is_(None)).order_by(ContactChange.at)
    ).all()


def decided_changes(session: Session) -> Sequence[ContactChange]:
    wanted = select(ContactChange).where(ContactChange.outcome.is_not(None))
    return session.scalars(wanted.order_by(ContactChange.decided_at.desc()).limit(30)).all()


def change_in_words(row: ContactChange) -> str:
    return f"the contact “{row.called}”, {'blanked' if row.kind is ContactChangeKind.BLANK else 'to be changed'}"


def withdrawal_in_words(session: Session, row: Withdrawal) -> str:
    loaded = load_edition(session, row.edition_id)
    return f"edition {loaded.ref.number} of “{loaded.edition.title}”, withdrawn"


def overdue_in_words(session: Session, now: datetime) -> list[str]:
    asked = [change_in_words(row) for row in undecided_changes(session) if row.overdue(now)]
    return asked + [
        withdrawal_in_words(session, row) for row, _, _ in unconfirmed_withdrawals(session) if row.overdue(now)
    ]


def has_second_person(session: Session, person_id: uuid.UUID) -> bool:
    """Whether another person here could be the second person: another coordinator, or an administrator."""
    others = select(func.count()).where(
        Person.desk.is_not(None), Person.disabled_at.is_(None), Person.confirmed_at.is_not(None), Person.id != person_id
    )
    return bool(session.scalar(others))


def _checked_edit(files: ContentFiles, edit: FileEdit, now: datetime) -> CheckedEdit:
    found = check_edit(files, edit, now)
    if found is None:
        raise UrgentFixError(CONTACT_CHANGED)
    return found


def _decide(
    session: Session, row: ContactChange, person_id: uuid.UUID, outcome: ContactDecision, now: datetime, why: str = ""
) -> None:
    if row.by_id == person_id:
        raise UrgentFixError(OWN_REQUEST)
    # on condition that it is undecided: of two who decide at once, the second moves no row and is told
    moved = session.execute(
        update(ContactChange)
        .where(ContactChange.id == row.id, ContactChange.outcome.is_(None))
        .values(decided_by=person_id, decided_at=now, outcome=outcome, answer=why)
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise UrgentFixError("Somebody decided this already.")


def why_not_of_two(
    session: Session, contact_id: str, row: ContactChange | None, person_id: uuid.UUID, now: datetime
) -> str:
    """Why this person may not be one of the two. `row` None: the other one is not known yet."""
    if row is not None and row.by_id == person_id:
        return OWN_REQUEST
    other = row.by_id if row else None
    if is_essential_contact(contact_id):
        return "" if may_be_second_person(session, person_id, other, now) else NOT_OF_TWO
    return "" if may_review(session, person_id, {other}, now) else TOO_NEW


def _require_may_decide(
    session: Session, contact_id: str, row: ContactChange | None, person_id: uuid.UUID, now: datetime
) -> None:
    barred = why_not_of_two(session, contact_id, row, person_id, now)
    if barred:
        raise UrgentFixError(barred)


def _release_values(session: Session, here: Entry) -> Values | None:
    """What the release brings for this contact, where that is another number that nobody blanked and no two people replaced."""
    release = _release_contact(here.id)
    number = phone_digits(str(release.get("number") or ""))
    if not number or _same_number(here.data, release) or essential_contact_errors({**release, "id": here.id}):
        return None
    # 999 and 101 are fixed: nothing else may ever stand in their place, so they always come back
    if here.id == HELPLINE and number in {*_blanked_numbers(session, here.id), *_replaced_numbers(session, here.id)}:
        return None
    return {key: release.get(key) for key in (*CONTACT_FIELDS, "source")}


def _release_contact(contact_id: str) -> Values:
    held = find_entry(bundled_files(), CONTACTS, contact_id)
    return held.data if held else {}


def _same_number(one: Values, other: Values) -> bool:
    return phone_digits(str(one.get("number") or "")) == phone_digits(str(other.get("number") or ""))


def _blanked_numbers(session: Session, contact_id: str) -> Iterator[str]:
    for row in session.scalars(
        select(ContactChange).where(ContactChange.contact == contact_id, ContactChange.kind == ContactChangeKind.BLANK)
    ):
        yield phone_digits(str(row.before.get("number") or ""))


def _replaced_numbers(session: Session, contact_id: str) -> Iterator[str]:
    """The numbers in whose place two people put another one, at once or with a draft."""
    read: dict[tuple[str, str], str | None] = {}
    before = ""
    for state in session.scalars(select(ContentVersion).order_by(ContentVersion.number)):
        number = ""
        for name, digest in state.sheets.items():
            if name.startswith("settings/"):
                if (name, digest) not in read:
                    content_file = ContentFile(name, blob_content(session, digest) or b"")
                    held = find_entry(ContentFiles({name: content_file}), CONTACTS, contact_id)
                    read[name, digest] = phone_digits(str(held.data.get("number") or "")) if held else None
                number = read[name, digest] or number
        by_two_people = state.reason in {ContentVersionReason.PUBLISHED, ContentVersionReason.CONFIRMED}
        if before and number != before and by_two_people:
            yield before
        before = number


def second_person_items() -> list[dict[str, object]]:
    with database().reading() as session:
        now = clock.now()
        fixes = [
            _item_to_decide(row, row.what, now, url_for("urgent_fixes.show_urgent_fixes"))
            for row in urgent_fixes_services.unreviewed_fixes(session)
        ]
        asked = [
            _item_to_decide(
                row, change_in_words(row), now, url_for("urgent_fixes.show_contact_request", change_id=row.id)
            )
            for row in undecided_changes(session)
        ]
        gone = [
            _item_to_decide(
                row,
                withdrawal_in_words(session, row),
                now,
                url_for("question_banks_history.show_edition", bank=bank, number=number),
            )
            for row, bank, number in unconfirmed_withdrawals(session)
        ]
        return fixes + asked + gone


def _item_to_decide(
    row: UrgentFix | ContactChange | Withdrawal, what: str, now: datetime, page: str
) -> dict[str, object]:
    return {"what": what, "at": row.at, "overdue": row.overdue(now), "page": page}
