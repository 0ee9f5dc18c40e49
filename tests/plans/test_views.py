from __future__ import annotations

from typing import Any

import html5lib
import pytest

PAGES = ["", "/points", "/actions", "/duties"]


@pytest.mark.parametrize("part", PAGES)
def test_the_result_is_proper_html_with_one_heading_and_a_neutral_title(visit: Any, submitted: Any, part: str) -> None:
    page = visit(f"{submitted.address}/result{part}")
    assert page.status == 200
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert len(page.soup.select("h1")) == 1
    assert page.soup.title.text in {
        "Your result – Assess",
        "Why this score – Assess",
        "What to do – Assess",
        "Your duties – Assess",
    }
    assert page.headers["Cache-Control"] == "private, no-store"
