"""Every setting, contact, template, table and duty with the day by which it is to be rechecked, and the weekly email to coordinators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from assess.bank_editor.duties_and_settings.forms import DUTIES, entries_of_kind
from assess.bank_editor.duties_and_settings.services import all_dated_settings
from assess.bank_editor.urgent_fixes.contacts import overdue_in_words
from assess.bank_editor.urgent_fixes.services import unreviewed_fixes
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, job_actor
from assess.core.clock import uk_date
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import JobContext
from assess.core.mail.services import Mail, enqueue_mail, mail_footer
from assess.identity.models import Person, StaffRole
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.files import ContentFile, ContentFiles
from assess.question_banks.settings import text_of

DUE_SOON = timedelta(days=30)
_KIND_LABELS: Mapping[str, str] = {
    "settings": "Rate, date or number",
    "contacts": "Contact",
    "papers": "Paper",
    "reference": "Reference table",
    "buyers": "What buyers read",
}


@dataclass(frozen=True, slots=True, order=True)
class DueItem:
    """One thing to look at again by a day (ISO)."""

    day: str
    kind: str
    title: str
    file: str


@dataclass(frozen=True, slots=True)
class RecheckList:
    overdue: tuple[DueItem, ...]
    soon: tuple[DueItem, ...]
    later: tuple[DueItem, ...]


def recheck_list(files: ContentFiles, today: date) -> RecheckList:
    rows = sorted(set(due_items(files, today)))
    now, then = today.isoformat(), (today + DUE_SOON).isoformat()
    return RecheckList(
        tuple(row for row in rows if row.day < now),
        tuple(row for row in rows if now <= row.day <= then),
        tuple(row for row in rows if row.day > then),
    )


def due_items(files: ContentFiles, today: date) -> Iterator[DueItem]:
    for setting in all_dated_settings(files):
        now = setting.now(today)
        for row in setting.rows:
            if row is now or str(row.get("from", "")) > today.isoformat():
                yield DueItem(
                    str(row.get("review_by", "")), _KIND_LABELS["settings"], setting.label, setting.content_file.name
                )
    for name, content_file in sorted(files.files.items()):
        kind = _KIND_LABELS.get(name.partition("/")[0])
        if kind:
            kept = {key: value for key, value in content_file.raw_data.items() if key != "settings"}
            yield from _dated_items(
                content_file, kept, kind, str(content_file.raw_data.get("title") or content_file.stem.replace("_", " "))
            )
    for duty in entries_of_kind(files, DUTIES):
        day = _duty_due_date(duty.data)
        if day:
            yield DueItem(day.isoformat(), "Duty", duty.title, duty.content_file.name)


def _dated_items(content_file: ContentFile, held: object, kind: str, title: str) -> Iterator[DueItem]:
    if isinstance(held, Mapping):
        title = next(
            (str(held[key]) for key in ("who", "title", "label", "document", "name") if isinstance(held.get(key), str)),
            title,
        )
        if isinstance(held.get("review_by"), str):
            said = _KIND_LABELS["contacts"] if "situation" in held else kind
            yield DueItem(held["review_by"], said, title, content_file.name)
        for one in held.values():
            yield from _dated_items(content_file, one, kind, title)
    elif isinstance(held, list):
        for one in held:
            yield from _dated_items(content_file, one, kind, title)


def _duty_due_date(duty: Mapping[str, Any]) -> date | None:
    """A year after its review; else a quarter after its source was seen, while it is expected, coming or proposed."""
    reviewed = _leading_date(str(duty.get("reviewed_on") or ""))
    if reviewed:
        return reviewed + timedelta(days=365)
    if duty.get("status") == "in_force" and duty.get("force") != "expected":
        return None
    seen = _leading_date(str(duty.get("source_as_of") or ""))
    # law that is expected, coming or only proposed moves: its source is looked at each quarter
    return seen + timedelta(days=92) if seen else None


def _leading_date(said: str) -> date | None:
    """The day a text begins with; the first of the month or the year when it names no more."""
    parts = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", said.strip())
    if not parts:
        return None
    try:
        return date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return None


def email_recheck_dates(context: JobContext) -> None:
    """Looks each morning, writes once in a week. A week in which no worker ran on Monday gets its mail on another day."""
    send_recheck_emails(context.database, context.settings, context.now())


def send_recheck_emails(database: Database, settings: Settings, now: datetime) -> int:
    """Write the mails of this week that are not written yet. Returns how many. Without a mail server none are.

    The event of a mail names week and person, and the outbox takes each event once: however many workers come by, one mail goes out.
    """
    if settings.mail_server is None:
        return 0
    with database.reading() as session:
        due = recheck_list(files_in_force(session), uk_date(now))
        fixes = [row.what for row in unreviewed_fixes(session) if row.overdue(now)]
        second = overdue_in_words(session, now)
        # an administrator may be the second person, and is the only one where there is one coordinator
        desks = (StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR) if second else (StaffRole.COORDINATOR,)
        people = session.execute(
            select(Person.id, Person.email).where(
                Person.desk.in_(desks), Person.confirmed_at.is_not(None), Person.disabled_at.is_(None)
            )
        ).all()
    if not (due.overdue or due.soon or fixes or second) or not people:
        return 0
    year, week, _ = uk_date(now).isocalendar()
    body = f"{email_body(due, fixes, second, f'{settings.base_url}/question-banks/due-for-checking')}\n{mail_footer(settings)}\n"
    with database.writing() as session:
        written = sum(
            enqueue_mail(
                session,
                Mail(
                    f"review-diary:{year}-{week:02}:{one.id}",
                    one.email,
                    "Question banks: what to look at again",
                    body,
                    None,
                ),
                now,
            )
            for one in people
        )
        if written:
            event = NewAuditEvent(
                action="banks.read", verb="reminded", who=job_actor("tell_reviews"), details={"count": written}
            )
            append_event(session, AuditKeys.of(settings), event, now)
    return written


MAX_LISTED = 20


def email_body(due: RecheckList, fixes: Sequence[str], second: Sequence[str], address: str) -> str:
    """The body. `fixes` are those nobody looked at in time, in words; `second` what no second person confirmed; `address` leads to the page of what is due."""
    parts = ["Some things in the question banks are to be looked at again."]
    if fixes:
        parts.append(_bulleted("Fixed at once, and nobody has looked at it in time:", list(fixes)))
    if second:
        parts.append(
            _bulleted("Waits for a second person for more than a week. Contacts and History show it:", list(second))
        )
    for words, rows in (("Overdue:", due.overdue), ("Due within 30 days:", due.soon)):
        if rows:
            parts.append(_bulleted(words, [f"{text_of(one.day, None)}: {one.kind}, {one.title}" for one in rows]))
    parts += [f"All of it is here: {address}", "This email comes once a week at most, and only while something is due."]
    return "\n\n".join(parts) + "\n"


def _bulleted(words: str, lines: list[str]) -> str:
    more = [f"- and {len(lines) - MAX_LISTED} more"] if len(lines) > MAX_LISTED else []
    return "\n".join([words, *(f"- {line}" for line in lines[:MAX_LISTED]), *more])
