from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import TODAY, Visitor

# what these pages say does not hang on the database
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

SAID = "A coordinator can open this until 8 December 2026."
PAGES = ("", "check", "sections/people", "business", "business/gates", "purchases", "link", "delete", "again")


def test_every_page_of_the_tasks_says_so_until_it_is_over(
    app: Flask, visit: Any, begin: Any, ask: Any, desk: Visitor
) -> None:
    home = begin()
    pages = [page for page in PAGES if visit(f"{home}{page}").status == 200]
    assert len(pages) >= 8
    assert not [page for page in pages if "A coordinator" in visit(f"{home}{page}").text and page not in {"", "check"}]
    assert not [page for page in pages if SAID in visit(f"{home}{page}").text]
    desk("/desk/together")
    desk.send(code=ask(home))
    for page in pages:
        shown = visit(f"{home}{page}")
        assert SAID in shown.text, page
        assert shown.soup.select_one("[role=note] a")["href"] == f"{home}together"
    # the frame of a section is kept ready for everybody: it keeps no word of this
    other = begin()
    assert SAID not in visit(f"{other}sections/people").text
    assert "You are helping with this by phone until 8 December 2026." in desk(f"{home}sections/people").text
    app.config["CLOCK"] = lambda: TODAY + timedelta(days=14)
    other = begin()
    assert SAID not in visit(f"{other}sections/people").text


def test_once_it_is_ended_no_page_says_so(visit: Any, helped: str) -> None:
    assert SAID in visit(helped).text
    visit(f"{helped}together")
    visit.send("/end")
    for page in PAGES:
        assert SAID not in visit(f"{helped}{page}").text
