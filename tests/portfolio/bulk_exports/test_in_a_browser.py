"""Ordering, cancelling, coming back and taking the file away, in a real browser at phone width, with and without scripts."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Visitor
from tests.mobile_browser import has_no_fault, phone
from tests.portfolio.bulk_exports.conftest import Council

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_buyer_has_every_plan_on_her_disk(
    bea: Visitor, office: Council, press: list[str], browser: Browser, live: str, tmp_path: Path, *, scripts: bool
) -> None:
    here = f"/organisations/{office.id}/suppliers/exports"
    with phone(browser, live, bea, scripts=scripts) as page:
        page.goto(here)
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Order the plans").click()
        page.get_by_role("heading", name="Your file is being made").wait_for()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Cancel this order").click()
        page.get_by_role("heading", name="This order was stopped").wait_for()
        has_no_fault(page, scripts=scripts)
        page.get_by_role("link", name="Files to download").first.click()
        page.get_by_role("button", name="Order the plans").click()
        page.get_by_role("heading", name="Your file is being made").wait_for()
        address = page.url
        page.goto("/help")  # she goes away, and it goes on
        office.work()
        page.goto(here)
        expect(page.get_by_text("Ready, 1 kB.")).to_be_visible()
        has_no_fault(page, scripts=scripts)
        page.goto(address)
        page.get_by_role("heading", name="Your file is ready").wait_for()
        has_no_fault(page, scripts=scripts)
        with page.expect_download() as taken:
            page.get_by_role("button", name="Download the file").click()
        taken.value.save_as(tmp_path / "plans.zip")
        page.goto(here)
        page.get_by_role("button", name="Order a spreadsheet (XLSX)").click()
        page.get_by_role("heading", name="Your file is being made").wait_for()
        office.work()
        # the page finds out by itself, with scripts and without
        page.get_by_role("heading", name="Your file is ready").wait_for(timeout=15_000)
    with zipfile.ZipFile(tmp_path / "plans.zip") as archive:
        assert archive.testzip() is None
        assert sum(name.endswith(".pdf") for name in archive.namelist()) == len(press) == 3
