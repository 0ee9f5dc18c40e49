from __future__ import annotations

import pytest

from tests.conftest import Visitor


@pytest.mark.usefixtures("at_desk")
def test_a_coordinator_finds_the_banks_and_begins_a_draft(visit: Visitor) -> None:
    assert "/banks" in {str(link.get("href")) for link in visit("/account").soup.select("main a")}
    page = visit("/banks")
    assert page.soup.select_one('table a[href="/questions/farming"]'), "a bank can be read"
    assert "Clearer words , being written." in page.text
    page = visit.send(title="  ")
    assert page.status == 422
    assert "Give it a title" in page.text
    page = visit.send(title="x" * 200)
    assert page.status == 422
    assert page.soup.select_one("#title")["value"] == "x" * 200  # type: ignore[index]  # it is there
    page = visit.send(title="A clearer question about pay")
    assert page.heading == "A clearer question about pay"
    assert "Nothing is changed yet." in page.text
