"""The menus of the editor, and the lists of banks in use and of drafts."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.identity.current_user import current_user
from assess.identity.models import Person
from assess.identity.permissions import general_relations, relations_allow
from assess.question_banks.editions import current_editions
from assess.question_banks.models import Draft, DraftStage, EditionRow
from assess.question_banks.settings import text_of


@dataclass(frozen=True, slots=True)
class NavItem:
    words: str
    endpoint: str


BANKS_NAV = (
    NavItem("Question banks", "bank_editor.show_question_banks"),
    NavItem("Contacts", "urgent_fixes.show_contacts"),
    NavItem("Urgent fixes", "urgent_fixes.show_urgent_fixes"),
    NavItem("History", "question_banks_history.show_history"),
    NavItem("Due for checking", "bank_editor.show_due_for_checking"),
    NavItem("Spreadsheets", "bank_spreadsheets.show_spreadsheets"),
    NavItem("What’s new in this release", "bank_editor.begin_draft_from_release"),
)

DRAFT_NAV = (
    NavItem("This draft", "bank_editor.show_draft"),
    NavItem("Problems", "draft_preview.show_problems"),
    NavItem("Duties", "duties_and_settings.show_duties"),
    NavItem("Rates, dates and numbers", "duties_and_settings.show_settings"),
    NavItem("Contacts, sources and lists", "duties_and_settings.show_entry_kinds"),
    NavItem("What changes", "draft_review.show_changes"),
    NavItem("Test on past submissions", "draft_review.request_dry_runs"),
    NavItem("Add a sector", "bank_editor.add_sector"),
    NavItem("Review and publish", "draft_review.show_review"),
    NavItem("Files as text", "draft_preview.show_files"),
)
"""Pages about one draft: their addresses need `draft_id` alone."""

BANK_NAV = (
    NavItem("Try it as a business", "draft_preview.show_preview"),
    NavItem("Checks over several answers", "bank_checks.show_checks"),
    NavItem("Worked examples", "draft_preview.show_examples"),
    NavItem("Spreadsheet", "bank_spreadsheets.show_spreadsheet"),
    NavItem("How questions are answered", "bank_editor.show_bank_use"),
)
"""Pages about one bank of a draft: their addresses need `draft_id` and `bank`."""

QUESTION_NAV = (
    NavItem("When it is asked", "bank_questions.edit_condition"),
    NavItem("How it is answered", "bank_editor.show_question_use"),
)
"""Pages about one question of a draft: their addresses need `draft_id`, `bank` and `question_id`."""


def date_in_words(said: object) -> str:
    """A day of a file as people read it; what is none stays as it is."""
    return text_of(str(said), None) if said else ""


def register_navigation(app: Flask) -> None:
    """Let templates ask for the menus, who may edit, and a day in words. Menus of one thing take its ids, in the order of its address."""
    app.add_template_global(date_in_words, "day_in_words")
    app.add_template_global(lambda: relations_allow("banks.edit", general_relations(current_user())), "may_edit_banks")
    ids = ("draft_id", "bank", "question_id")
    for name, items in (
        ("banks_nav", BANKS_NAV), ("draft_nav", DRAFT_NAV), ("bank_nav", BANK_NAV), ("question_nav", QUESTION_NAV),
    ):  # fmt: skip
        app.add_template_global(lambda *of, items=items: _nav_links(items, **dict(zip(ids, of, strict=False))), name)


def _nav_links(items: Iterable[NavItem], **address: object) -> list[dict[str, object]]:
    return [
        {
            "text": item.words,
            "href": url_for(item.endpoint, **address),  # type: ignore[arg-type]  # parts of an address
            "current": request.endpoint == item.endpoint,
        }
        for item in items
    ]


FORMER_PERSON = "Somebody who has left"
_OPEN = (DraftStage.DRAFT, DraftStage.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class BankInUse:
    bank: str
    title: str
    number: int
    questions: int
    published_at: datetime


def banks_in_use(session: Session) -> list[BankInUse]:
    loaded = current_editions(session)
    ids = [one.id for one in loaded.values()]
    moments = {
        row.id: row.published_at
        for row in session.execute(select(EditionRow.id, EditionRow.published_at).where(EditionRow.id.in_(ids)))
    }
    return [
        BankInUse(bank, one.edition.title, one.ref.number, len(tuple(one.edition.questions())), moments[one.id])
        for bank, one in loaded.items()
        if one.id is not None
    ]


def open_drafts(session: Session) -> Sequence[Draft]:
    return session.scalars(select(Draft).where(Draft.stage.in_(_OPEN)).order_by(Draft.changed_at.desc())).all()


def closed_drafts(session: Session) -> Sequence[Draft]:
    wanted = select(Draft).where(Draft.stage.not_in(_OPEN)).order_by(Draft.changed_at.desc()).limit(20)
    return session.scalars(wanted).all()


def names_of_people(session: Session, ids: Collection[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """What each of these people is called: their name, or their address when they gave none."""
    rows = session.execute(
        select(Person.id, Person.name, Person.email).where(Person.id.in_([one for one in ids if one]))
    )
    named: dict[uuid.UUID | None, str] = {row.id: row.name or row.email for row in rows}
    return {one: named.get(one, FORMER_PERSON) for one in ids}
