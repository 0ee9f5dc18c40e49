"""Both answers side by side, and nothing decided by itself."""

from __future__ import annotations

from typing import Any


def two_answers(visit: Any, another_visit: Any, colleague: Any) -> tuple[str, str]:
    home, _, here = colleague(note="wages office")
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777", core_housing=["own"])
    another_visit(here)
    another_visit.send(core_people_peak="8888", core_housing=["ours"])
    return home, here


def test_both_texts_are_shown_and_one_is_chosen(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, here = two_answers(visit, another_visit, colleague)
    assert "2 answers of a colleague differ" in visit(f"{home}delegation").text
    page = visit(f"{home}delegation/answers")
    for words in ("7,777", "8,888", "(wages office)", "of 24 November 2026"):
        assert words in page.text
    name = next(str(box["name"]) for box in page.soup.select("input[type=radio]") if "people_peak" in str(box["name"]))
    page = visit.send(**{name: "theirs"})
    assert page.address == f"{home}delegation"
    assert "1 answer of a colleague differs" in page.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "8888"
    assert "You took 1 answer of your colleague" in visit(f"{home}delegation/{here.rsplit('/', 1)[1]}").text
    page = visit(f"{home}delegation/answers")
    name = str(page.soup.select_one("input[type=radio]")["name"])
    visit.send(**{name: "ours"})
    assert "There is nothing to decide" in visit(f"{home}delegation/answers").text


def test_choosing_nothing_gets_a_sentence(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _ = two_answers(visit, another_visit, colleague)
    visit(f"{home}delegation/answers")
    page = visit.send()
    assert page.status == 422
    target = page.soup.select_one(".govuk-error-summary a")["href"].removeprefix("#")
    assert page.soup.find(id=target)["type"] == "radio"


def test_an_answer_that_changed_meanwhile_is_shown_again(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _ = two_answers(visit, another_visit, colleague)
    page = visit(f"{home}delegation/answers")
    name = next(str(box["name"]) for box in page.soup.select("input[type=radio]") if "people_peak" in str(box["name"]))
    fields = page.fields() | {name: ["theirs"]}
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7778")
    late = visit.client.post(f"{home}delegation/answers", data=fields)
    assert late.status_code == 409
    assert "7,778" in late.text
    assert visit(f"{home}sections/people").soup.select_one("#core_people_peak")["value"] == "7778"


def test_once_submitted_nothing_is_taken(visit: Any, another_visit: Any, colleague: Any, identify: Any) -> None:
    home, _ = two_answers(visit, another_visit, colleague)
    page = visit(f"{home}delegation/answers")
    name = str(page.soup.select_one("input[type=radio]")["name"])
    fields = page.fields() | {name: ["theirs"]}
    identify(home)
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    assert visit.client.post(f"{home}delegation/answers", data=fields).status_code == 409
    assert "Correct an answer" in visit(f"{home}delegation/answers").text
