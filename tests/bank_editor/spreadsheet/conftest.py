"""A coordinator at a draft, who takes workbooks away and sends them in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from assess.bank_editor.spreadsheet.workbook import build_workbook, cells_of_bank, files_of_bank
from assess.question_banks import drafts
from assess.question_banks.content_versions import add_content_version
from assess.question_banks.files import content_digest
from assess.question_banks.models import ContentVersionReason, Draft
from tests.bank_editor.spreadsheet.workbooks import edited
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in


@dataclass
class Desk:
    """A draft and whoever works at it."""

    app: Flask
    visit: Visitor
    draft: Draft
    person: Any

    @property
    def home(self) -> str:
        return f"/question-banks/drafts/{self.draft.id}/farming/spreadsheet"

    def workbook(self) -> bytes:
        """The workbook of farming as the draft has it."""
        return self.visit.client.get(f"{self.home}/workbook").data

    def few(self, *ids: str, **changes: object) -> bytes:
        """A workbook that holds the rows of these things alone, in which `key__of__id` says something else."""
        with database_of(self.app).reading() as session:
            bank_files = drafts.files_with_draft(session, session.get_one(Draft, self.draft.id))
        cells = {at: value for at, value in cells_of_bank(bank_files, "farming").items() if at.id in ids}
        origin = {one.name: content_digest(one.text.encode()) for one in files_of_bank(bank_files, "farming")}
        for name, value in changes.items():
            part, _, thing = name.partition("__of__")
            at = next(one for one in cells if one.id == thing)
            cells[at._replace(part=tuple(part.split("__")))] = value
        return build_workbook("Farming", cells, origin)

    def send(self, book: bytes, edit: Callable[[Any], None] | None = None, name: str = "farming.xlsx") -> Page:
        """Send a workbook in, changed as somebody changed it."""
        data = edited(book, edit) if edit else book
        page = self.visit(self.home)
        token = page.fields("/spreadsheet")["csrf_token"]
        response = self.visit.client.post(self.home, data={"csrf_token": token, "workbook": (io.BytesIO(data), name)})
        self.visit.page = Page(response)
        return self.visit.page

    def text(self, name: str) -> bytes:
        """A file as the draft has it now."""
        with database_of(self.app).reading() as session:
            return drafts.file_in_draft(session, session.get_one(Draft, self.draft.id), name) or b""

    def hold_in_another_draft(self, name: str) -> None:
        """Somebody changes this file in a draft of their own."""
        with database_of(self.app).writing() as session:
            other = drafts.create_draft(session, "Another", self.person.id, TODAY)
            seen = drafts.file_in_draft(session, other, name) or b""
            drafts.save_draft_file(session, other, name, seen + b"# held\n", self.person.id, TODAY, seen=seen)

    def put(self, name: str, old: str, new: str) -> None:
        """Somebody changes a text of the draft meanwhile."""
        with database_of(self.app).writing() as session:
            draft = session.get_one(Draft, self.draft.id)
            seen = drafts.file_in_draft(session, draft, name) or b""
            assert old.encode() in seen
            drafts.save_draft_file(
                session,
                draft,
                name,
                seen.replace(old.encode(), new.encode(), 1),
                self.person.id,
                TODAY,
                seen=seen,
                what="words",
            )


@pytest.fixture
def desk(app: Flask, visit: Visitor) -> Desk:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@desk.example", desk="coordinator", name="Ann Lee")
        # with one bank every page that looks through all of them takes a third of the time
        others = dict.fromkeys(("hospitality.yaml", "car_washes.yaml"))
        add_content_version(session, others, TODAY, reason=ContentVersionReason.PUBLISHED)
        draft = drafts.create_draft(session, "Clearer words", ann.id, TODAY)
    sign_in(visit, app, ann)
    return Desk(app, visit, draft, ann)
