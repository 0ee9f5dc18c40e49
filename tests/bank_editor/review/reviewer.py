"""The second person reads the texts of a draft that touch a sign, one by one."""

from __future__ import annotations

from tests.conftest import Page, Visitor


def marks_of(page: Page, begin: str = "read-") -> list[str]:
    """The marks of the texts that are to be read (`why-`: of those that need a reason), in their order."""
    return [
        name.removeprefix(begin) for one in page.soup.select("[name]") if (name := str(one["name"])).startswith(begin)
    ]


def reads_all(
    visit: Visitor, home: str, why: str = "It is about the papers of the firm alone.", *, but: int = 0
) -> Page:
    """Open the review of a draft, tick every text `but` so many, and give this reason wherever one is needed."""
    page = visit(f"{home}/review")
    ticked = marks_of(page)[but:]
    ticks = {f"read-{mark}": "yes" for mark in ticked}
    reasons = {f"why-{mark}": why for mark in marks_of(page, "why-") if mark in ticked}
    return visit.send("/review/read", **ticks, **reasons)
