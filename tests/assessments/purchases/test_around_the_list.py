"""What makes listing quick: few things first, one line for two things, the high ones at the top, and the way back."""

from __future__ import annotations

from typing import Any


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def test_what_was_ticked_among_the_rest_is_in_sight_when_something_cannot_be_read(visit: Any, hotel: str) -> None:
    assert not visit(f"{hotel}purchases").soup.details.has_attr("open")
    page = visit.send("/add", offer=["cloves"], own="y" * 121)
    assert page.soup.details.has_attr("open")
    assert [box["value"] for box in page.soup.select("details input[checked]")] == ["cloves"]


def test_after_saving_the_high_lines_stand_at_the_top(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    page = visit.send("/purchases", **{"1__country": "India"})
    links = page.soup.select(".govuk-notification-banner a")
    assert [(link["href"], link.text) for link in links] == [
        ("#line-1", "1. Prawns and shrimp"),
        ("#line-2", "2. Cleaning"),
    ]


def test_a_country_and_two_things_in_one_line_are_taken_apart(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    page = visit.send("/add", own="Prawns from Ecuador\nrice from India\nrice from Pakistan\nlaundry and cleaning")
    names = [words(legend) for legend in page.soup.select("legend")]
    assert names == ["1. Prawns and shrimp", "2. Rice", "3. Rice", "4. Laundry and linen hire", "5. Cleaning"]
    countries = [field["value"] for field in page.soup.select("input[list=countries]")]
    assert countries == ["Ecuador", "India", "Pakistan", "", ""]


def test_who_came_from_the_check_page_goes_back_there(visit: Any, listed: str) -> None:
    (change,) = [link["href"] for link in visit(f"{listed}check").soup.select("a[href*=purchases]")]
    assert "back=check" in change
    page = visit(change)
    assert page.soup.select_one(".govuk-back-link")["href"] == f"{listed}check"
    page = visit.send("/purchases", **{"1__country": "Ecuadr"})
    page = visit.send("/purchases", remove="3", **{"1__country": "India"})
    page = visit.send("/undo")
    assert page.soup.select_one(".govuk-back-link")["href"] == f"{listed}check"
    page = visit.send("/purchases", next="add")
    assert "back=check" in page.soup.select_one(".govuk-back-link")["href"]
    visit.send("/add", own="rice")
    page = visit.send("/purchases", next="tasks")
    assert page.address == f"{listed}check"
    assert "Your list has work that firms do for you." in page.text
