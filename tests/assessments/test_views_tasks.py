"""The list of tasks: what is done, what is left."""

from __future__ import annotations

from typing import Any


def status(page: Any, title: str) -> str:
    item = next(item for item in page.soup.select(".govuk-task-list__item") if title in item.text)
    return " ".join(item.select_one(".govuk-task-list__status").text.split())


def test_everything_is_not_started_at_first(visit: Any, begin: Any) -> None:
    page = visit(begin())
    assert page.heading == "Car washes"
    assert page.soup.title.text.startswith("Your self-check")
    assert "full assessment" in page.text
    assert "questions left, about" in page.text
    assert {status(page, "Name and place"), status(page, "See which laws bind you")} == {"Not started"}
    assert status(page, "The people who work for you") == "Not started"


def test_the_words_follow_the_answers(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}sections/speaking_up")
    visit.send(core_speak_up=["none"])
    page = visit(home)
    assert status(page, "Speaking up") == "In progress"
    assert "2 questions left" in page.text
    visit(f"{home}sections/speaking_up")
    visit.send(core_private_talks="dk", core_known_concern="no")
    assert status(visit(home), "Speaking up") == "Done"
    visit(f"{home}business")
    visit.send(name="Fen Edge")
    assert status(visit(home), "Name and place") == "In progress"
    visit(f"{home}business")
    page = visit.send(area="other")
    assert status(page, "Name and place") == "Done"
    assert page.heading == "Fen Edge"


def test_a_section_that_depends_on_others_has_no_link_yet(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(home)
    assert status(page, "Agencies") in {"Depends on other answers", "Not started"}
    for item in page.soup.select(".govuk-task-list__item"):
        waits = "Depends on other answers" in item.text
        assert waits != bool(item.select("a"))


def test_the_quick_check_can_go_on_with_the_same_answers(visit: Any, begin: Any) -> None:
    home = begin(length="quick")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="9")
    page = visit(home)
    assert "quick check" in page.text
    page = visit.send("/full")
    assert "full assessment" in page.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "9"
    assert visit.page.soup.select("[name=core_isolated]")


def test_a_correction_says_what_becomes_of_the_earlier_one(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    visit(home)
    page = visit.send("/correct")
    assert "You are correcting your answers" in page.text
    assert page.soup.select("a[href*='/sections/']")


def test_what_is_bought_is_a_task_that_may_be_left_out(visit: Any, begin: Any) -> None:
    home = begin(length="quick")
    page = visit(home)
    assert status(page, "What you buy") == "Not started"
    left = page.text.split("quick check. ")[1].split(" left")[0]
    visit(f"{home}purchases")
    visit.send("/add", own="soap\nlaundry")
    page = visit(home)
    assert status(page, "What you buy") == "2 lines"
    assert left in page.text, "it is no question, and counts as none"
