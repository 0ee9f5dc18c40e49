"""A mail at once to everybody else with a desk when a value was mended: a wrong helpline must not wait for somebody to look in.

It holds a link and nothing else, as every mail about the banks.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.editor.mending.models import Mend
from assess.kit.config import Settings
from assess.kit.mail.foot import with_foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Person

SUBJECT = "Something was mended at once"
SENTENCE = (
    "Somebody mended a phone number, a link or a value of law. It is in use now, and needs a second person who looks at it. "
    "If you are not sure that it is right, undo it:"
)


def tell_of_mend(
    session: Session, row: Mend, person_id: uuid.UUID, page: str, settings: Settings, now: datetime
) -> None:
    """Tell everybody who could look at it. `page`: the path of the list. The caller commits."""
    if settings.mail_server is None:
        return
    wanted = select(Person).where(Person.desk.is_not(None), Person.disabled_at.is_(None), Person.id != person_id)
    text = with_foot(f"{SENTENCE}\n\n{settings.base_url}{page}")
    for person in session.scalars(wanted.order_by(Person.email)):
        queue(session, Mail(f"mend:{row.id.hex}:{person.id.hex}", person.email, SUBJECT, text, None), now)
