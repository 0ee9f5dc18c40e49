"""The way of a list through a real browser: chosen, looked at, confirmed; on a phone. A journey goes it without scripts."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from assess.core.config import Settings
from assess.suppliers.supplier_import.services import process_next_rows
from tests.conftest import TODAY
from tests.mobile_browser import has_no_fault, phone
from tests.suppliers.supplier_import.conftest import Office
from tests.suppliers.supplier_import.supplier_lists import a_list, as_xlsx

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def settings(mails_to_nobody: Settings) -> Settings:
    return mails_to_nobody


@pytest.mark.long
def test_a_list_is_chosen_looked_at_and_confirmed_on_a_phone(
    app: Flask,
    open_office: Callable[[Flask], Office],
    browser: Browser,
    live: str,
    settings: Settings,
) -> None:
    office = open_office(app)
    data = as_xlsx(a_list(62)[0])
    with phone(browser, live, office.visit) as page:
        page.goto(office.address)
        has_no_fault(page)
        page.get_by_role("button", name="Read the file").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose the file with your suppliers")
        has_no_fault(page)
        page.get_by_label("The file").set_input_files(
            {"name": "Our suppliers.xlsx", "mimeType": "application/octet-stream", "buffer": data}
        )
        page.get_by_role("button", name="Read the file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We read 62 rows")
        has_no_fault(page)
        page.get_by_role("button", name="Ask 32 suppliers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We are working on your list")
        has_no_fault(page)
        import_id = page.url.rsplit("/", 1)[1]
        going = True
        while going:
            with office.database.writing() as session:
                going = process_next_rows(session, uuid.UUID(import_id), settings, TODAY) is not None
        expect(page.get_by_role("heading", level=1)).to_have_text("Your list is done", timeout=20_000)
        expect(page.get_by_text("32 suppliers: asked")).to_be_visible()
        has_no_fault(page)
