"""A supplier with a phone tells of a result of another scheme."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.conftest import Visitor
from tests.mobile_browser import has_no_fault, phone
from tests.suppliers.supplier_invitations.invited_clients import asked_by

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.long)], ids=["with scripts", "without"]
)
def test_a_result_is_told_on_a_phone(app: Flask, browser: Browser, live: str, visit: Visitor, *, scripts: bool) -> None:
    invitation_id = asked_by(app, "The Council", visit)
    with phone(browser, live, visit, scripts=scripts) as page:
        page.goto(f"/supplier-invitations/answer/{invitation_id}/external-result")
        has_no_fault(page, scripts=scripts)
        page.get_by_role("button", name="Tell the buyer").click()
        expect(page.get_by_role("link", name="Choose the scheme.")).to_be_visible()
        has_no_fault(page, scripts=scripts)
        page.get_by_label("GLOBALG.A.P. GRASP").check()
        page.get_by_label("Which date is on the result?").fill("1 6 2026")
        page.get_by_label("One site").check()
        page.get_by_role("group", name="Were workers interviewed?").get_by_label("Yes").check()
        page.get_by_role("button", name="Tell the buyer").click()
        expect(page.get_by_text("The Council can see it now.")).to_be_visible()
        has_no_fault(page, scripts=scripts)
