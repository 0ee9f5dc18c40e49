"""What the worker does: once a week, while something is due, it writes to each coordinator what to look at again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from assess.editor.diary.due import diary_of
from assess.editor.diary.wording import SUBJECT, letter
from assess.editor.mending.contacts import late
from assess.editor.mending.keeping import shelf_in_force, waiting
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_job, record
from assess.kit.clock import date_at
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.jobs.registry import Work
from assess.kit.mail.foot import foot
from assess.kit.mail.outbox import Mail, queue
from assess.people.models import Desk, Person


def tell_reviews(work: Work) -> None:
    """Looks each morning, writes once in a week. A week in which no worker ran on Monday gets its mail on another day."""
    tell_all(work.database, work.settings, work.now())


def tell_all(database: Database, settings: Settings, now: datetime) -> int:
    """Write the mails of this week that are not written yet. Returns how many. Without a mail server none are.

    The event of a mail names week and person, and the outbox takes each event once: however many workers come by, one mail goes out.
    """
    if settings.mail_server is None:
        return 0
    with database.reading() as look:
        diary = diary_of(shelf_in_force(look), date_at(now))
        mends = [row.what for row in waiting(look) if row.overdue(now)]
        second = late(look, now)
        # an administrator may be the second person, and is the only one where there is one coordinator
        desks = (Desk.COORDINATOR, Desk.ADMINISTRATOR) if second else (Desk.COORDINATOR,)
        people = look.execute(
            select(Person.id, Person.email).where(
                Person.desk.in_(desks), Person.confirmed_at.is_not(None), Person.disabled_at.is_(None)
            )
        ).all()
    if not (diary.overdue or diary.soon or mends or second) or not people:
        return 0
    year, week, _ = date_at(now).isocalendar()
    body = f"{letter(diary, mends, second, f'{settings.base_url}/banks/diary')}\n{foot(settings)}\n"
    with database.writing() as session:
        written = sum(
            queue(session, Mail(f"review-diary:{year}-{week:02}:{one.id}", one.email, SUBJECT, body, None), now)
            for one in people
        )
        if written:
            deed = Deed(action="banks.read", verb="reminded", who=by_job("tell_reviews"), details={"count": written})
            record(session, Keys.of(settings), deed, now)
    return written
