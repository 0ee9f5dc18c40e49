from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Visitor

# what these pages say does not hang on the database
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_a_code_is_shown_once(visit: Any, begin: Any) -> None:
    home = begin()
    assert "Fill it in with a coordinator" in visit(home).text
    visit(f"{home}together")
    page = visit.send("/together")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#mode"
    page = visit.send("/together", mode="visit")
    code = page.soup.select_one("#code").text
    assert "Show it to the coordinator on the visit. It works once, until 1 December 2026." in page.text
    page = visit(f"{home}together")
    assert code not in page.html
    assert "A code waits for a coordinator until 1 December 2026." in page.text


def test_the_owner_ends_it_and_the_next_request_is_refused(visit: Any, helped: str, desk: Visitor) -> None:
    assert desk(f"{helped}sections/people").status == 200
    drawn = desk.page
    assert drawn is not None
    visit(f"{helped}together")
    assert "A coordinator can open this until 8 December 2026, by phone." in visit.page.text
    visit.send("/end")
    assert desk(helped).status == 404
    assert desk(f"{helped}sections/people").status == 404
    sent = desk.client.post(f"{helped}sections/people", data=drawn.fields() | {"core_people_peak": ["9"]})
    assert sent.status_code == 404
    assert visit(f"{helped}sections/people").soup.select_one("#core_people_peak")["value"] == ""


def test_a_code_that_waits_is_ended(visit: Any, begin: Any, ask: Any, desk: Visitor) -> None:
    home = begin()
    code = ask(home)
    visit(f"{home}together")
    visit.send("/end")
    desk("/desk/together")
    assert desk.send(code=code).status == 422
