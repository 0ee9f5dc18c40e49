"""A business that has begun, a link given to a colleague, and her browser."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assess.assessments.delegation import NewDelegation, create_delegation, get_delegation
from assess.assessments.models import Delegation


@dataclass(frozen=True)
class Linked:
    """A link as the one who made it got it: its token, and where it stands in the database."""

    delegation: Delegation
    token: str


@pytest.fixture
def linked(session: Session, begun: uuid.UUID, now: datetime) -> Linked:
    """A section given away, in an assessment in which nothing was said yet."""
    link = create_delegation(session, begun, NewDelegation("people", None, "wages office", 14), now)
    return Linked(get_delegation(session, begun, link.id), link.token)


@pytest.fixture
def give(visit: Any) -> Callable[..., str]:
    """`give(home, "section/people")` makes a link and returns its address inside the site."""

    def give_one(home: str, what: str, **typed: Any) -> str:
        visit(f"{home}delegation/{what}")
        page = visit.send(**typed)
        assert page.status == 200, page.text
        return str(page.soup.select_one("#link")["value"]).removeprefix("http://localhost:5000")

    return give_one


@pytest.fixture
def colleague(another_visit: Any, begin: Any, give: Any) -> Any:
    """`colleague()` begins an assessment, gives its first section away and opens it; returns home, the link and her page."""

    def open_one(what: str = "section/people", **typed: Any) -> tuple[str, str, str]:
        home = begin()
        path = give(home, what, **typed)
        another_visit(path)
        page = another_visit.send()
        assert page.status == 200, page.text
        return home, path, page.address

    return open_one
