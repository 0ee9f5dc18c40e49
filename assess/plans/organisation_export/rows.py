"""Rows as plain data, by lists of what may go out: a column that is not named here stays inside.

Tables of other rooms are named, not imported, so that what a room adds later is taken along as soon as it is there.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.db import Base, Document

Columns = Sequence[str]

OF_ASSESSMENT: Mapping[str, tuple[str, Columns]] = {
    "answers": ("answer", ("part", "question", "value", "revision", "changed_at")),
    "history_of_answers": ("answer_event", ("part", "question", "revision", "before", "after", "at")),
    "purchases": (
        "purchase_line",
        ("number", "good", "country", "share", "supplier", "removed", "revision", "changed_at"),
    ),
    "history_of_purchases": ("purchase_event", ("number", "revision", "said", "at")),
    "comments": ("comment", ("question", "words", "for_delegate", "by_member", "at", "settled_at")),
    "delegations": (
        "delegation",
        ("section", "question", "note", "made_at", "until", "opened_at", "done_at", "sent_back_at", "ended_at"),
    ),
    "sign_off": ("sign_off", ("name", "job", "on_paper", "signed_at", "taken_back_at")),
    "asked_to_sign_off": ("sign_off_request", ("note", "made_at", "until", "opened_at", "ended_at")),
    "history_of_sign_off": ("sign_off_event", ("number", "what", "words", "at")),
    "shares": ("share_grant", ("email", "buyer", "scope", "made_at", "until", "ended_at", "accepted_at")),
    "buyer_links": ("buyer_link", ("note", "made_at", "until", "ended_at", "opened", "last_opened_at")),
    "moves_to_newer_questions": ("edition_upgrade", ("version", "moved_at", "undone_at")),
    "words_taken_out": ("redaction", ("began_at", "finished_at", "places")),
    "help_by_a_coordinator": ("assisted_session", ("mode", "made_at", "began_at", "until", "ended_at")),
}
"""What belongs to an assessment: name in the file, table, columns. No hash of a link, and nobody's id."""

LEFT_OUT: Mapping[str, str] = {
    "assisted_answer": "which answers were typed with a coordinator is said in the record, by its days",
    "audit_subject": "the audit log is no answer of anybody",
    "calendar_feed": "it opens the calendar",
    "check_code": "it is printed on what is taken along",
    "job": "an order to the machine",
    "personal_data_finding": "what the machine found in free texts that are taken along",
    "outbox": "letters on their way, with links in them that open something",
    "portfolio_file_plan": "what a buyer ordered to take away",
    "submission_pdf": "taken along as a file, where it was printed",
    "reminder": "an address somebody gave for mail to themselves, maybe without the knowledge of the others",
    "resume_link": "it opens the assessment",
    "share_pdf": "made anew from what is taken along",
    "submission": "taken along as a file of its own",
    "supplier_feedback_source": "that a buyer counted an answer, and not which",
    "submission_seal": "its salts would let whoever finds the file guess at words that were taken out of it",
    "pending_answer": "which answers wait to be looked at: nothing anybody answered",
    "board_row": "how it stands on the board of a buyer, worked out from the share",
    "supplier_invitation": "what a buyer keeps of whom it asked",
    "share_thread": "how far the business has read what a buyer wrote",
    "guest_session": "it opens the assessment",
}
"""Tables of an assessment or submission that stay inside, and why."""

THROUGH: Mapping[str, tuple[str, str, Columns]] = {
    "answers_of_colleagues": ("delegated_answer", "delegation", ("question", "value", "proof", "state", "changed_at")),
    "history_of_delegations": ("delegation_event", "delegation", ("what", "count", "words", "at")),
    "looks_at_shares": ("share_view", "share_grant", ("what", "at")),
    "talks_about_shares": ("share_message", "share_grant", ("number", "step", "side", "move", "words", "due", "at")),
    "looks_at_buyer_links": ("share_view", "buyer_link", ("what", "at")),
}
"""What hangs on something of the assessment: name in the file, table, the table it hangs on, columns. Nothing tells who looked."""

OF_SUBMISSION: Mapping[str, tuple[str, Columns]] = {
    "items": (
        "tracked_action",
        ("key", "response", "reason", "reason_text", "owner", "due", "status", "done_on", "revision", "changed_at"),
    ),
    "notes": ("tracked_action_evidence", ("key", "number", "title", "kind", "dated", "good_until", "grade")),
    "history": ("tracked_action_event", ("key", "revision", "what", "before", "after", "at")),
}
"""The same of a submission: its register."""


def rows_about(
    session: Session, wanted: Mapping[str, tuple[str, Columns]], by: str, whose: uuid.UUID | int
) -> dict[str, list[Document]]:
    """Of each table the rows whose column `by` is this, in the order of their key. Tables that are not there are left out."""
    found: dict[str, list[Document]] = {}
    for name, (table_name, columns) in wanted.items():
        table = Base.metadata.tables.get(table_name)
        if table is None:
            continue
        kept = [table.columns[column] for column in columns if column in table.columns]
        query = select(*kept).where(table.columns[by] == whose).order_by(*table.primary_key.columns)
        found[name] = [{key: plain(value) for key, value in row.items()} for row in session.execute(query).mappings()]
    return found


def rows_through(
    session: Session, wanted: Mapping[str, tuple[str, str, Columns]], whose: uuid.UUID
) -> dict[str, list[Document]]:
    """Of each table the rows that hang on something of this assessment, in the order of their key."""
    found: dict[str, list[Document]] = {}
    for name, (table_name, parent_name, columns) in wanted.items():
        table, parent = Base.metadata.tables[table_name], Base.metadata.tables[parent_name]
        query = (
            select(*(table.columns[column] for column in columns))
            .join(parent)
            .where(parent.columns["assessment_id"] == whose)
            .order_by(*table.primary_key.columns)
        )
        found[name] = [{key: plain(value) for key, value in row.items()} for row in session.execute(query).mappings()]
    return found


def plain(value: Any) -> Any:  # noqa: ANN401  # JSON is anything
    """A value as JSON has it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
