from __future__ import annotations

from typing import Any


def test_the_name_can_be_changed_and_stands_in_the_header_but_never_on_pages_for_all(
    visit: Any, join: Any, another_visit: Any
) -> None:
    join(visit, name="")
    visit("/account/name")
    visit.send("", name="Canary <b> Jo")
    page = visit("/account")
    assert page.soup.select_one("header a[href='/account']").get_text(strip=True) == "Your account: Canary <b> Jo"
    for path in ("/", "/questions", "/help", "/help/you", "/privacy", "/before-you-start"):
        assert "Canary" not in visit(path).html, path
    for path in ("/help", "/help/you", "/help/call", "/privacy"):
        assert visit(path).soup.select("header a[href='/account'], header a[href='/sign-in']") == [], path
    assert another_visit("/").soup.select_one("header a[href='/account']") is not None
    assert another_visit("/sign-in").soup.select_one("header a[href='/sign-in']") is not None
