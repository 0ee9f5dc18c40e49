from __future__ import annotations

from typing import Any

from tests.conftest import Page, Visitor
from tests.editor.drafting import Drafting, drafting
from tests.shelves import SHOP, START

__all__ = ["drafting"]
PAPERS = "papers"
"""It is asked only when others than the family work here."""


def chosen(line: str, subject: str, test: str, *values: str) -> dict[str, Any]:
    return {f"{line}-subject": subject, f"{line}-shown": subject, f"{line}-test": test, f"{line}-value": list(values)}


def page(visit: Visitor, drafting: Drafting, question: str) -> Page:
    return visit(f"{drafting.home}/shop/questions/{question}/condition")


def test_a_condition_is_changed_line_by_line_and_only_its_line_of_the_file_with_it(
    visit: Visitor, drafting: Drafting
) -> None:
    before = drafting.text(SHOP)
    assert "It is asked when “Who works here?” is “Others too”." in page(visit, drafting, PAPERS).text
    grown = visit.send(do="add-0")
    assert grown.status == 200
    assert [legend.text for legend in grown.soup.select("legend.govuk-fieldset__legend--s")] == ["Line 1", "Line 2"]
    shown = visit.send(do="show", **{"p0-l1-subject": "hours"})
    assert [one["value"] for one in shown.soup.select("#p0-l1-test option")][:2] == ["is", "at_least"]
    missing = visit.send(do="save", **{"p0-l1-test": "at_least", "p0-l1-value": "several"})
    assert missing.status == 422
    assert missing.soup.select_one("#p0-l1-value")["value"] == "several"  # type: ignore[index]  # it is there
    assert drafting.text(SHOP) == before
    saved = visit.send(do="save", **{"p0-l1-value": "5"})
    assert saved.status == 200
    assert "and “How many hours does the longest week have?” is 5 or more." in saved.text
    assert [line for line in before.splitlines() if line not in drafting.text(SHOP).splitlines()] == [
        "        show_if: {staff: {is: hired}}"
    ]
    assert [line for line in drafting.text(SHOP).splitlines() if line not in before.splitlines()] == [
        "        show_if: {all: [{staff: {is: hired}}, {hours: {at_least: 5}}]}"
    ]


def test_saving_what_was_there_leaves_the_file_alone_and_taking_it_away_asks_everybody(
    visit: Visitor, drafting: Drafting
) -> None:
    before = drafting.text(SHOP)
    page(visit, drafting, PAPERS)
    visit.send(do="save")
    assert drafting.text(SHOP) == before
    cleared = visit.send(do="clear").text
    assert "Everybody is asked this question." in cleared
    assert "Saved in this draft." in cleared
    assert "show_if" not in drafting.text(SHOP)
    visit.send(do="save", **chosen("p0-l0", "hours", "asked"))
    after = drafting.text(SHOP).splitlines()
    place = after.index("        show_if: {asked: hours}")
    assert after[place - 1] == "        can_sign: true"


def test_how_many_is_asked_only_where_it_counts_and_never_guessed(visit: Visitor, drafting: Drafting) -> None:
    page(visit, drafting, PAPERS)
    visit.send(do="add-0")
    visit.send(do="show", **{"p0-l1-subject": "hours"})
    asked = visit.send(**chosen("p0-l1", "hours", "asked"), **{"p0-joined": "at_least"})
    assert asked.status == 422
    assert "Write how many have to be true, from 1 to 2." in asked.text
    visit.send(**{"p0-n": "2"})
    assert "at_least_of: {n: 2, of: [{staff: {is: hired}}, {asked: hours}]}" in drafting.text(SHOP)


def test_who_comes_second_sees_both_and_loses_nothing(visit: Visitor, drafting: Drafting) -> None:
    mine = page(visit, drafting, PAPERS)
    visit.send(**chosen("p0-l0", "staff", "one_of", "family"))
    visit.page = mine
    second = visit.send(**chosen("p0-l0", "staff", "one_of", "dk"))
    assert second.status == 409
    assert "As it is now: It is asked when “Who works here?” is “Only family”." in second.text
    assert [one["value"] for one in second.soup.select("input[name=p0-l0-value][checked]")] == ["dk"]
    assert visit.send().status == 200
    assert "show_if: {staff: {is: dk}}" in drafting.text(SHOP)


def test_only_earlier_questions_are_offered_and_what_depends_is_told(visit: Visitor, drafting: Drafting) -> None:
    hours = page(visit, drafting, "hours")
    assert [one["value"] for one in hours.soup.select("#p0-l0-subject option")] == ["", "staff"]
    assert "Check D1: Papers are kept and pay is low." in hours.text
    drafting.write(START, "title: The people", "title: Your people")
    papers = page(visit, drafting, PAPERS)
    assert [one["label"] for one in papers.soup.select("#p0-l0-subject optgroup")] == ["Your people"]
    first = page(visit, drafting, "staff")
    assert "No question comes before this one" in first.text
    assert "Who keeps the workers’ papers?" in first.text.partition("What depends on this question")[2]


def test_a_condition_too_deep_for_the_menus_is_said_and_can_be_replaced(visit: Visitor, drafting: Drafting) -> None:
    deep = "{any: [{asked: staff}, {all: [{asked: hours}, {any: [{asked: staff}, {asked: hours}]}]}]}"
    drafting.write(SHOP, "{staff: {is: hired}}", deep)
    told = page(visit, drafting, PAPERS)
    assert "This condition is too deep for the menus, so it stays as it is." in told.text
    assert not told.soup.select("#p0-l0-subject")
    anew = visit(f"{drafting.home}/shop/questions/{PAPERS}/condition?anew=1")
    assert anew.soup.select("#p0-l0-subject")
    visit.send(**chosen("p0-l0", "staff", "asked"))
    assert "show_if: {asked: staff}" in drafting.text(SHOP)
