"""That the pages of the register tell nobody which answer was grave: over every question that can raise a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.conftest import TODAY, Visitor
from tests.engine.real_banks import BANKS
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import Record, a_record, answers_of, scenario
from tests.plans.test_copies import TO_SHOW, base_of, sign_cases

SAFE = {"hidden", "radio", "checkbox", "submit"}
DATES = {"due", "done_on", "dated", "good_until"}


def cases(bank: str) -> Iterator[tuple[str, Record]]:
    """Each question of a bank that can raise a sign, with the first answer that does."""
    seen: set[str] = set()
    for _, question, _, answer in (case for case in sign_cases() if case[0] == bank):
        if question not in seen:
            seen.add(question)
            change = {**TO_SHOW.get(question, {}), question: answer}
            yield question, a_record(bank, base_of(bank, question), change=change)


def skeleton(part: Tag) -> tuple[Any, ...]:
    """The bones of a part of a page: tags, classes, and names and kinds of fields, without any words."""
    return tuple(
        (tag.name, *tag.get("class", ()), tag.get("name", ""), tag.get("type", ""))
        for tag in part.select("*")
        if tag.name not in {"option", "strong"}
    )


@cache
def card_of(html: str) -> tuple[str, tuple[Any, ...]]:
    """What a card is about, and its bones. Most cards are the same for many answers, and each is taken apart once."""
    card = BeautifulSoup(html, "html.parser").select_one("article")
    assert card is not None
    return str(card.select_one("a[href]")["href"]).rsplit("/", 1)[1], skeleton(card)


def papers_of(part: Tag) -> list[Tag]:
    """The ready papers beside an action, with their heading: they go by the question and never by what was answered."""
    lists = {id(link.find_parent("ul")): link.find_parent("ul") for link in part.select("a[href*='/papers/']")}
    return [found for each in lists.values() for found in (each.find_previous_sibling("p"), each)]


def choices(part: Tag) -> frozenset[str]:
    """Everything that can be picked in a form."""
    picked = {f"{tag['name']}={tag.get('value')}" for tag in part.select("input[type=radio]")}
    return frozenset(picked | {option.get_text() for option in part.select("option")})


def fields(part: Tag) -> set[str]:
    """Names of the fields into which words can be typed."""
    typed = {tag["name"] for tag in part.select("textarea[name]")}
    return typed | {tag["name"] for tag in part.select("input[name]") if tag.get("type", "text") not in SAFE}


def frame(page: Any) -> str:
    """A page without its actions (the cards, the next one, the table of steps), in words without numbers."""
    next_one, steps = "section[aria-labelledby=progress] .assess-panel", "section[aria-labelledby=steps]"
    for part in page.soup.select(f"article, h3.plan-group, {next_one}, {steps}"):
        part.decompose()
    return re.sub(r"[0-9a-f-]{36}|\d+", "#", " ".join(page.soup.select_one("main").get_text(" ").split()))


@pytest.fixture
def filed(app: Flask) -> Any:
    places = count(1)

    def file(record: Record) -> tuple[Visitor, Submitted]:
        visitor = Visitor(app.test_client())
        visitor.client.environ_base["REMOTE_ADDR"] = (
            f"127.0.1.{next(places)}"  # so many links at once from one place are refused
        )
        return visitor, submit_record(app, visitor, record, TODAY)

    return file


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", BANKS)
def test_the_action_of_a_grave_answer_looks_like_every_other_one(filed: Any, bank: str) -> None:
    cards: dict[bool, set[tuple[Any, ...]]] = {True: set(), False: set()}
    forms: dict[bool, set[tuple[Any, ...]]] = {True: set(), False: set()}
    picked: set[frozenset[str]] = set()
    found = 0
    for question, record in cases(bank):
        visit, made = filed(record)
        held = {action["question"] for action in record["actions"] if action["held"]}
        actions = {action["question"] for action in record["actions"]}
        html = visit(f"{made.address}/result/actions").html.replace(str(made.id), "")
        shown = [card_of(card) for card in re.findall(r"<article\b.*?</article>", html, re.DOTALL)]
        assert len(shown) == html.count("<article") >= len(actions)
        for key, bones in shown:
            if key in actions:
                cards[key in held].add(bones)
        if question not in actions:
            continue
        page = visit(f"{made.address}/result/actions/{question}")
        assert page.soup.title.text == "Your action plan – Assess"
        main = page.soup.select_one("main")
        for part in papers_of(main):
            part.decompose()
        assert fields(main) <= DATES, question
        forms[question in held].add(skeleton(main))
        if question in held:
            assert [form["action"] for form in main.select("form")] == [
                f"{made.address.removesuffix('/result')}/correct"
            ]
        else:
            picked.add(choices(main))
            assert fields(visit(f"{made.address}/result/actions/{question}/proof").soup.select_one("main")) <= DATES
        found += 1
    assert found > 20
    assert (len(cards[False]), len(forms[False])) == (1, 1)
    assert len(cards[True]) <= 1
    assert len(forms[True]) <= 1
    assert len(picked) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", BANKS)
def test_which_urgent_sign_it_was_cannot_be_told_from_around_the_cards(filed: Any, bank: str) -> None:
    title = f"{bank} medium"
    asked = {row["id"] for section in scenario(bank, title)["sections"] for row in section["questions"]}
    frames: dict[str, list[str]] = {}
    for _, question, sign, answer in (case for case in sign_cases() if case[0] == bank):
        if sign != "urgent" or question not in asked:
            continue
        visit, made = filed(a_record(bank, title, change={**answers_of(bank, title), question: answer}))
        frames.setdefault(frame(visit(f"{made.address}/result/actions")), []).append(question)
    assert sum(len(questions) for questions in frames.values()) > 3
    assert len(frames) == 1, list(frames.values())


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_waits_for_advice_can_be_read_and_never_changed(app: Flask, visit: Any) -> None:
    record = a_record(change={"core_documents": "third", "core_right_to_work": "some"})
    held = [action["question"] for action in record["actions"] if action["held"]]
    assert held
    made = submit_record(app, visit, record, TODAY)
    token = visit(f"{made.address}/result/actions").fields("done")["csrf_token"]
    for key in held:
        address = f"{made.address}/result/actions/{key}"
        page = visit(address)
        assert page.status == 200
        assert "Call the helpline first" in page.text
        for part in ("", "/done", "/back", "/decide", "/proof", "/proof/1"):
            sent = {
                "csrf_token": token,
                "seen": "1.0",
                "response": "accepted",
                "event": "1",
                "pick": "mine",
                "kind": "policy",
            }
            assert visit.client.post(f"{address}{part}", data=sent).status_code == 404
        assert visit(f"{address}/proof").status == 404
    app_history = visit(f"{made.address}/result/actions/{held[0]}/history")
    assert "Nothing yet." in app_history.text
