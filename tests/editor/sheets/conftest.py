"""A coordinator at a draft, who takes workbooks away and sends them in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.models import ShelfReason
from assess.banks.shelves import digest_of_bytes, set_up_next
from assess.editor.sheets.files import cells_of_bank, files_of_bank
from assess.editor.sheets.workbook import workbook_of
from tests.conftest import TODAY, Page, Visitor
from tests.editor.sheets.books import edited
from tests.people.persons import a_person, database_of, sign_in


@dataclass
class Desk:
    """A draft and whoever works at it."""

    app: Flask
    visit: Visitor
    draft: Draft
    person: Any

    @property
    def home(self) -> str:
        return f"/banks/drafts/{self.draft.id}/farming/spreadsheet"

    def workbook(self) -> bytes:
        """The workbook of farming as the draft has it."""
        return self.visit.client.get(f"{self.home}/workbook").data

    def few(self, *ids: str, **changes: object) -> bytes:
        """A workbook that holds the rows of these things alone, in which `key__of__id` says something else."""
        with database_of(self.app).reading() as look:
            shelf = keeping.shelf_with(look, look.get_one(Draft, self.draft.id))
        cells = {at: value for at, value in cells_of_bank(shelf, "farming").items() if at.id in ids}
        origin = {one.name: digest_of_bytes(one.text.encode()) for one in files_of_bank(shelf, "farming")}
        for name, value in changes.items():
            part, _, thing = name.partition("__of__")
            at = next(one for one in cells if one.id == thing)
            cells[at._replace(part=tuple(part.split("__")))] = value
        return workbook_of("Farming", cells, origin)

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
        with database_of(self.app).reading() as look:
            return keeping.sheet_of(look, look.get_one(Draft, self.draft.id), name) or b""

    def hold_in_another_draft(self, name: str) -> None:
        """Somebody changes this file in a draft of their own."""
        with database_of(self.app).writing() as session:
            other = keeping.begin(session, "Another", self.person.id, TODAY)
            seen = keeping.sheet_of(session, other, name) or b""
            keeping.save(session, other, name, seen + b"# held\n", self.person.id, TODAY, seen=seen)

    def put(self, name: str, old: str, new: str) -> None:
        """Somebody changes a text of the draft meanwhile."""
        with database_of(self.app).writing() as session:
            draft = session.get_one(Draft, self.draft.id)
            seen = keeping.sheet_of(session, draft, name) or b""
            assert old.encode() in seen
            keeping.save(
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
        set_up_next(session, others, TODAY, reason=ShelfReason.PUBLISHED)
        draft = keeping.begin(session, "Clearer words", ann.id, TODAY)
    sign_in(visit, app, ann)
    return Desk(app, visit, draft, ann)
