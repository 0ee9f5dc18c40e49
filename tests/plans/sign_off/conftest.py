"""A business that asked somebody senior, and the browser of whoever opened the link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.plans.conftest import Submitted


@pytest.fixture
def ask(visit: Any, submitted: Submitted) -> Callable[..., str]:
    """`ask()` makes a link and returns its address inside the site."""

    def make(**typed: Any) -> str:
        visit(f"{submitted.address}/sign-off")
        page = visit.send("/sign-off", **typed)
        assert page.status == 200, page.text
        return str(page.soup.select_one("#link")["value"]).removeprefix("http://localhost:5000")

    return make


@pytest.fixture
def reader(another_visit: Any, ask: Callable[..., str]) -> Callable[..., Any]:
    """`reader()` opens a new link in another browser and returns the page of the plan."""

    def open_one(**typed: Any) -> Any:
        another_visit(ask(**typed))
        page = another_visit.send()
        assert page.status == 200, page.text
        return page

    return open_one
