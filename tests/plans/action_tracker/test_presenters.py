"""That the pages of the action tracker tell nobody which answer was grave: over every question that can raise a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import count, groupby
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from assess.plans.action_tracker.phrases import note_words, state_words
from assess.plans.action_tracker.presenters import (
    CARD_FILTERS,
    FieldDifference,
    card_filters_of,
    is_expired,
    is_overdue,
    next_unanswered,
    state_differences,
    state_words_on,
    tracker_page_of,
)
from assess.plans.action_tracker.services import ItemContent
from assess.plans.action_tracker.state import EvidenceNote, ItemState
from assess.plans.actions import ActionList
from assess.plans.plan_page import business_plan
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.conftest import Visitor
from tests.engine.real_banks import BANKS
from tests.long_runs import either
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import Record, a_record, answers_of, scenario
from tests.plans.test_copies import TO_SHOW, base_of, sign_cases

TODAY = "2026-11-24"
DONE = ItemState(response="accepted", status="done", revision=1)


def action_list(state: Mapping[str, ItemState] | None = None) -> ActionList:
    return business_plan(scenario(), state or {}).action_list


KEYS = [item.key for item in action_list().items]


def with_held() -> ActionList:
    """A plan in which some actions wait for advice."""
    return business_plan(a_record(change={"core_documents": "third", "core_right_to_work": "some"})).action_list


def test_it_counts_what_was_answered_and_says_what_comes_next() -> None:
    board = tracker_page_of(
        action_list({KEYS[0]: DONE, KEYS[2]: ItemState(response="will_not", reason="cost")}), "all", TODAY
    )
    assert (board.answered, board.to_answer, board.ready) == (2, len(KEYS), False)
    assert board.next is not None
    assert board.next.key == KEYS[1]
    assert board.counts["done"] == board.counts["not_doing"] == 1
    assert board.counts["unanswered"] == len(KEYS) - 2


def test_it_is_ready_when_nothing_is_left_to_answer() -> None:
    board = tracker_page_of(action_list(dict.fromkeys(KEYS, DONE)), "all", TODAY)
    assert board.ready
    assert board.next is None


def test_what_waits_for_advice_is_no_card_no_kind_and_no_number() -> None:
    plan, record = with_held(), a_record(change={"core_documents": "third", "core_right_to_work": "some"})
    held = {action["question"] for action in record["actions"] if action["held"]}
    assert held
    assert plan.waiting
    assert not action_list().waiting
    board = tracker_page_of(plan, "all", TODAY)
    assert board.to_answer == board.counts["all"] == plan.count
    assert not held & {card.item.key for _, cards in board.groups for card in cards}
    assert [item.number for item in plan.items] == list(range(1, plan.count + 1))
    assert not any("advice" in words for words in CARD_FILTERS.values())


def test_a_card_that_was_saved_just_before_stays_where_it_stood() -> None:
    plan = action_list({KEYS[1]: DONE})
    board = tracker_page_of(plan, "unanswered", TODAY, saved=KEYS[1])
    cards = [card for _, cards in board.groups for card in cards]
    assert [card.item.key for card in cards] == KEYS
    assert [card.item.key for card in cards if card.leaves] == [KEYS[1]]
    assert board.counts["unanswered"] == len(KEYS) - 1


def test_each_kind_shows_its_own_and_the_groups_that_have_any() -> None:
    plan = action_list({KEYS[0]: DONE})
    for kind in CARD_FILTERS:
        board = tracker_page_of(plan, kind, "2026-12-30")
        shown = [card.item for _, cards in board.groups for card in cards]
        assert len(shown) == board.counts[kind]
        assert all(kind in card_filters_of(item, "2026-12-30") for item in shown)
        assert all(cards for _, cards in board.groups)
    assert tracker_page_of(plan, "nonsense", TODAY).show == "all"


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("unanswered", ItemState()),
        ("open", ItemState(response="accepted", revision=1)),
        ("overdue", ItemState(response="accepted", due="2026-11-25", revision=1)),
        ("done", DONE),
        ("not_doing", ItemState(response="will_not", reason="cost", revision=1)),
    ],
)
def test_a_kind_is_called_what_its_cards_say(kind: str, state: ItemState) -> None:
    board = tracker_page_of(action_list({KEYS[0]: state}), kind, "2026-11-26")
    card = next(card for _, cards in board.groups for card in cards if card.item.key == KEYS[0])
    assert CARD_FILTERS[kind] in card.words


def test_the_next_one_is_looked_for_from_here_and_then_from_the_top() -> None:
    items = action_list({KEYS[-1]: DONE, KEYS[3]: DONE}).items
    following = {key: next_unanswered(items, key) for key in (KEYS[2], KEYS[-2])}
    assert [item.key for item in following.values() if item] == [KEYS[4], KEYS[0]]
    assert next_unanswered(action_list(dict.fromkeys(KEYS[1:], DONE)).items, KEYS[0]) is None


def test_a_proof_that_ran_out_is_told() -> None:
    note = EvidenceNote(1, "", "policy", None, "2026-11-23", "said")
    board = tracker_page_of(action_list({KEYS[0]: ItemState(notes=(note,), revision=1)}), "all", TODAY)
    card = board.groups[0][1][0]
    assert card.heeds == ("A proof: good until 23 November 2026, and that is over. Renew it.",)


def test_what_was_done_before_and_is_asked_again_is_told_beside_being_done() -> None:
    board = tracker_page_of(action_list({KEYS[0]: DONE, KEYS[1]: DONE}), "done", TODAY, {KEYS[1]})
    cards = {card.item.key: card for _, cards in board.groups for card in cards}
    assert cards[KEYS[0]].heeds == ()
    assert cards[KEYS[1]].heeds == (
        "You said this was done before you answered again. Your new answers still call for it.",
    )
    assert (board.answered, board.counts["done"]) == (2, 2)


SAFE = {"hidden", "radio", "checkbox", "submit"}
DATES = {"due", "done_on", "dated", "good_until"}
PROOFS = 3
"""On so many actions of a bank the page of a proof is opened too: it goes by the same mark as the action's own page, which is always."""


def cases(bank: str) -> Iterator[tuple[str, Record]]:
    """Each question of a bank that can raise a sign, with the first answer that does."""
    seen: set[str] = set()
    for _, question, _, answer in (case for case in sign_cases() if case[0] == bank):
        if question not in seen:
            seen.add(question)
            change = {**TO_SHOW.get(question, {}), question: answer}
            yield question, a_record(bank, base_of(bank, question), change=change)


def skeleton(part: Tag) -> tuple[Any, ...]:
    """The bones of a part of a page: tags, classes, and names and kinds of fields, without any words.

    How many paragraphs say what is to be done, and of how many parts, goes by the action: paragraphs in a row count once, parts not at all.
    """
    bones = [
        (tag.name, *tag.get("class", ()), tag.get("name", ""), tag.get("type", ""))
        for tag in part.select("*")
        if tag.name not in {"option", "strong"} and tag.find_parent("ul", class_="plan-compact") is None
    ]
    bones = [bone for bone in bones if bone[:1] != ("ul",) or "plan-compact" not in bone]
    return tuple(bone for bone, _ in groupby(bones))


@cache
def bones_of(html: str) -> tuple[Any, ...]:
    """The bones of a card. Most cards are the same for many answers, and each is taken apart once."""
    card = BeautifulSoup(html, "html.parser").select_one("article")
    assert card is not None
    return skeleton(card)


def papers_of(part: Tag) -> list[Tag]:
    """The ready papers beside an action, with their heading: they go by the question and never by what was answered."""
    lists = {
        id(link.find_parent("ul")): link.find_parent("ul") for link in part.select("a[href*='/document-templates/']")
    }
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
        return visitor, submit_record(app, visitor, record, CONFTEST_TODAY)

    return file


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
def test_the_action_of_a_grave_answer_looks_like_every_other_one(filed: Any, bank: str) -> None:
    cards: set[tuple[Any, ...]] = set()
    rows: set[str] = set()
    forms: set[tuple[Any, ...]] = set()
    picked: set[frozenset[str]] = set()
    proofs = found = 0
    for question, record in cases(bank):
        visit, made = filed(record)
        plan = business_plan(record).action_list
        numbers = {item.key: item.number for item in plan.items}
        html = visit(f"{made.address}/result/actions").html.replace(str(made.id), "")
        row = re.findall(r"<article\b[^>]*when-advised.*?</article>", html, re.DOTALL)
        assert len(row) == plan.waiting
        rows |= set(row)
        shown = re.findall(r"<article\b.*?</article>", html, re.DOTALL)
        assert len(shown) == plan.count + plan.waiting
        # what stands for several questions, or has figures to print, has more lines, whatever was answered
        longer = {item.key for item in plan.items if item.parts or item.sums}
        actions = ({action["question"] for action in record["actions"]} & set(numbers)) - longer
        titles = [re.search(r"item-(\d+)", card) for card in shown]
        for title, card in zip(titles, shown, strict=True):
            if title and {key for key, number in numbers.items() if number == int(title[1])} <= actions:
                cards.add(bones_of(card))
        if question not in actions:
            continue
        page = visit(made.item(question))
        assert page.soup.title.text == "Your action plan – Assess"
        main = page.soup.select_one("main")
        for part in papers_of(main):
            part.decompose()
        assert fields(main) <= DATES, question
        forms.add(skeleton(main))
        picked.add(choices(main))
        if proofs < PROOFS:
            proofs += 1
            proof = visit(f"{made.item(question)}/proof").soup.select_one("main")
            assert fields(proof) <= DATES, question
        found += 1
    assert found > 15
    assert (len(cards), len(forms), len(picked)) == (1, 1, 1)
    assert len(rows) == 1, "all that waits for advice reads alike, to the byte"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
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
def test_what_waits_for_advice_has_no_page_and_no_number_however_it_is_called(app: Flask, visit: Any) -> None:
    record = a_record(change={"core_documents": "third", "core_right_to_work": "some"})
    held = [action["question"] for action in record["actions"] if action["held"]]
    assert held
    made = submit_record(app, visit, record, CONFTEST_TODAY)
    count = business_plan(record).action_list.count
    token = visit(f"{made.address}/result/actions").fields("done")["csrf_token"]
    for name in (*held, "0", str(count + 1)):
        address = f"{made.address}/result/actions/{name}"
        assert visit(address).status == 404
        for part in ("", "/done", "/restore", "/conflict", "/proof", "/proof/1"):
            sent = {"csrf_token": token, "seen": "1.0", "response": "accepted", "event": "1", "pick": "mine"}
            assert visit.client.post(f"{address}{part}", data=sent).status_code == 404
        assert visit(f"{address}/proof").status == 404
        assert visit(f"{address}/history").status == 404


TODAY_TELLING = "2026-12-01"
ITEM = replace(
    business_plan(scenario()).action_list.items[0], proposed_due="2026-12-24", due_text="by 24 December 2026"
)
NOTE = EvidenceNote(2, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


def test_what_is_late_says_so_beside_where_it_stands() -> None:
    state = ItemState(response="accepted", due="2026-11-30")
    assert (
        state_words_on(replace(ITEM, state=state), TODAY_TELLING) == "We will do this. Not started. The date has passed"
    )
    assert state_words_on(ITEM, TODAY_TELLING) == state_words(ITEM)
    done = replace(state, status="done")
    assert state_words_on(replace(ITEM, state=done), TODAY_TELLING) == "Done"


def test_the_day_itself_is_in_time() -> None:
    assert not is_overdue(ITEM, "2026-12-24")
    assert is_overdue(ITEM, "2026-12-25")
    assert not is_expired(NOTE, "2027-11-01")
    assert is_expired(NOTE, "2027-11-02")


def test_only_what_differs_is_told_and_both_sides_of_it() -> None:
    before = ItemContent(response="accepted", due="2026-12-24", notes=(NOTE,))
    after = ItemContent(response="will_not", reason="other", reason_text="We sold it", due="2026-12-24")
    assert state_differences(before, after, ITEM) == [
        FieldDifference("Your answer", "We will do this", "We will not do this"),
        FieldDifference("Reason", "None", "Another reason. We sold it"),
        FieldDifference("How far", "Not started", "Will not be done"),
        FieldDifference("Proof 2", note_words(NOTE), "Nothing"),
    ]
    assert state_differences(before, before, ITEM) == []
