"""Mails about what one person did at once or asked for: a wrong helpline must not wait for somebody to look in.

Each holds a link and nothing else, as every mail about the banks.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.editor.mending.models import ContactChange, ContactDeed, Decision, Mend
from assess.kit.config import Settings
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Person

Letter = tuple[str, str]
MENDED: Letter = (
    "Something was mended at once",
    (
        "Somebody mended a link or a value of law. It is in use now, and needs a second person who looks at it. "
        "If you are not sure that it is right, undo it:"
    ),
)
UNDONE: Letter = (
    "What you mended was undone",
    "Somebody looked at what you mended and put back what stood there before. The page says why:",
)
ASKED: Letter = (
    "A contact waits for a second person",
    (
        "Somebody asks to change a contact. Nothing is changed yet. Look at it where it comes from, "
        "then confirm or refuse it:"
    ),
)
BLANKED: Letter = (
    "A contact was blanked",
    (
        "Somebody took a contact away. Pages show the helpline and the emergency number in its place. "
        "A second person has to say within 7 days that this was right:"
    ),
)
_DECIDED: Mapping[tuple[ContactDeed, Decision], Letter] = {
    (ContactDeed.CHANGE, Decision.CONFIRMED): (
        "A contact was changed",
        "Two people changed a contact. It is in use now. If you know that it is wrong, blank it:",
    ),
    (ContactDeed.CHANGE, Decision.REFUSED): (
        "A change of a contact was refused",
        "Somebody asked to change a contact, and a second person refused it. Nothing was changed:",
    ),
    (ContactDeed.BLANK, Decision.CONFIRMED): (
        "A blanked contact was confirmed",
        "A second person says that it was right to blank this contact. It stays blanked:",
    ),
    (ContactDeed.BLANK, Decision.REFUSED): (
        "A blanked contact is back",
        "A contact that was blanked is in use again. The page says why:",
    ),
}
IN_DRAFT: Mapping[str, Letter] = {
    "asked": (
        "A draft changes a contact that every page shows",
        "Somebody asks for a review of a draft that changes it. Nothing is changed yet:",
    ),
    "confirmed": _DECIDED[ContactDeed.CHANGE, Decision.CONFIRMED],
    "refused": (
        "A draft that changes a contact was sent back",
        "It would change a contact that every page shows. Nothing was changed:",
    ),
}
"""What is told when a draft changes such a contact, by what became of it."""


def tell_of_mend(
    session: Session, row: Mend, person_id: uuid.UUID, page: str, settings: Settings, now: datetime
) -> None:
    """Tell everybody who could look at it. `page`: the path of the list. The caller commits."""
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None), Person.id != person_id)
    _queue(session, wanted, f"mend:{row.id.hex}", MENDED, page, settings, now)


def tell_of_undoing(session: Session, row: Mend, page: str, settings: Settings, now: datetime) -> None:
    """Tell the one who mended it. The caller commits."""
    wanted = select(Person).where(Person.id == row.by_id, Person.disabled_at.is_(None))
    _queue(session, wanted, f"mend-undone:{row.id.hex}", UNDONE, page, settings, now)


def tell_of_contact(session: Session, row: ContactChange, page: str, settings: Settings, now: datetime) -> None:
    """Tell every coordinator and administrator how it stands now. The caller commits.

    Whoever did it is told as well: if it was somebody else in their name, this is how they hear of it.
    """
    if row.outcome is not None:
        letter = _DECIDED[row.kind, row.outcome]
    else:
        letter = BLANKED if row.kind is ContactDeed.BLANK else ASKED
    tell_all_at_desk(session, f"contact:{row.id.hex}:{row.outcome or 'asked'}", letter, page, settings, now)


def tell_all_at_desk(
    session: Session, event: str, letter: Letter, page: str, settings: Settings, now: datetime
) -> None:
    """Tell every coordinator and administrator. `event` is told once. The caller commits."""
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None))
    _queue(session, wanted, event, letter, page, settings, now)


def _queue(
    session: Session, wanted: Select[Person], event: str, letter: Letter, page: str, settings: Settings, now: datetime
) -> None:
    if settings.mail_server is None:
        return
    subject, sentence = letter
    text = with_foot(f"{sentence}\n\n{settings.base_url}{page}")
    for person in session.scalars(wanted.order_by(Person.email)):
        queue(session, Mail(f"{event}:{person.id.hex}", person.email, subject, text, None), now)
