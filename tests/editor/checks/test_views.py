from __future__ import annotations

from tests.conftest import Visitor
from tests.editor.conditions.test_views_question import chosen
from tests.editor.drafting import Drafting, drafting
from tests.shelves import SHOP

__all__ = ["drafting"]
NEW = {"says": "Answers disagree: only family works here, and papers are kept.", "sign": "none"}


def test_a_check_is_added_and_gets_its_condition(visit: Visitor, drafting: Drafting) -> None:
    assert "It is found when (“Who keeps" not in visit(f"{drafting.home}/shop/checks").text
    visit(f"{drafting.home}/shop/checks/new")
    refused = visit.send(says="", sign="serious", do="Look again.", owner="nobody")
    assert refused.status == 422
    assert {one["href"] for one in refused.soup.select(".govuk-error-summary a")} == {"#says", "#ilo", "#owner"}
    built = visit.send(**NEW, do="")
    assert built.heading == "When it is found"
    assert "has neither “when” nor “rule”" in visit(f"{drafting.home}/shop/checks").text
    visit(built.address)
    assert (
        "It is found when “Who works here?” is “Only family”."
        in visit.send(**chosen("p0-l0", "staff", "one_of", "family")).text
    )
    text = drafting.text(SHOP)
    assert "id: D14, says:" in text  # every other number was given to some check once
    assert "when: {staff: {is: family}}" in text
    assert "D1, says: Papers are kept and pay is low." in text


def test_words_sign_and_action_change_and_the_condition_stays(visit: Visitor, drafting: Drafting) -> None:
    mine = visit(f"{drafting.home}/shop/checks/D1")
    assert "It is found when “Who keeps the workers’ papers?” is “We do” and" in mine.text
    visit.send(sign="serious", ilo=["7", "8"], do="Give them back.", owner="owner", priority="immediate")
    check = "when: {all: [{papers: {is: we}}, {hours: {at_least: 60}}]}"
    assert check in drafting.text(SHOP)
    assert "sign: serious" in drafting.text(SHOP)
    visit.page = mine
    second = visit.send(says="Mine")
    assert second.status == 409
    assert "It is a serious sign" in second.text
    assert "Mine" in second.soup.select_one("#says").text  # type: ignore[union-attr]  # it is there
    visit.send()
    assert "says: Mine" in drafting.text(SHOP)
    assert "sign: serious" not in drafting.text(SHOP)


def test_a_check_is_retired_after_it_was_asked_again(visit: Visitor, drafting: Drafting) -> None:
    asked = visit(f"{drafting.home}/shop/checks/D1/retire")
    assert asked.heading == "Retire check D1"
    assert visit.send().heading == "Checks over several answers"
    assert "D1" not in drafting.text(SHOP)
    assert visit(f"{drafting.home}/shop/checks/D1").status == 404


def test_what_silences_a_check_is_a_condition_of_its_own(visit: Visitor, drafting: Drafting) -> None:
    assert "Nothing leaves it out." in visit(f"{drafting.home}/shop/checks/D1/unless").text
    visit.send(**chosen("p0-l0", "staff", "not one_of", "hired"))
    assert "unless: {not: {staff: {is: hired}}}" in drafting.text(SHOP)
