from __future__ import annotations

import pytest

from assess.kit.config import Settings
from assess.kit.jobs.running import run_waiting
from assess.portfolio.picture import print_job
from tests.conftest import TODAY
from tests.portfolio.conftest import Council
from tests.suppliers.makers import a_supplier


def test_a_summary_is_made_without_names_and_with_them_on_a_tick(
    council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "render_page", lambda html: b"%PDF- " + html.encode())
    with council.database.writing() as session:
        a_supplier(session, council.organisation, "Late farm")
    page = council.visit(f"{council.address}/picture/summary")
    assert page.heading == "Summary for your board"
    assert "and the one supplier to call first with the reasons" in page.text
    assert "Name the one to call first" in page.text
    box = page.soup.select_one("input[name=names]")
    assert box is not None
    assert not box.has_attr("checked")
    assert str(page.form("summary.pdf")["action"]).endswith("/picture/summary.pdf"), "nobody is named without a tick"
    for typed, name in (("", False), ("?names=1", True)):
        page = council.visit(f"{council.address}/picture/summary.pdf{typed}")
        assert (page.status, page.heading) == (202, "Your file is being made")
        assert "?names" not in page.html, "the address of the waiting page gets a question mark of its own"
        assert run_waiting(council.database, settings, lambda: TODAY) >= 1
        page = council.visit(f"{council.address}/picture/summary.pdf{typed}")
        assert page.headers["Content-Type"] == "application/pdf"
        assert 'filename="summary-for-the-board-2026-11-24.pdf"' in page.headers["Content-Disposition"]
        assert ("Late farm" in page.html) is name
    # a change makes both outdated
    with council.database.writing() as session:
        a_supplier(session, council.organisation, "One more")
    assert council.visit(f"{council.address}/picture/summary-with-names.pdf").status == 202


def test_trying_again_orders_it(council: Council) -> None:
    with council.database.writing() as session:
        a_supplier(session, council.organisation, "Late farm")
    council.visit("/")
    for address in ("summary", "summary-with-names"):
        token = council.visit("/start/farming").soup.select_one("input[name=csrf_token]")
        assert token is not None
        sent = council.visit.client.post(
            f"{council.address}/picture/{address}/making", data={"csrf_token": token["value"]}
        )
        assert (sent.status_code, sent.headers["Location"]) == (303, f"{council.address}/picture/{address}/making")
