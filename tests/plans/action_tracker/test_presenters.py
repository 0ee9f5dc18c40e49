"""That the pages of the action tracker tell nobody which answer was grave: over every question that can raise a sign."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count, groupby
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from assess.plans.action_tracker.phrases import note_words, state_words
from assess.plans.action_tracker.presenters import (
    MAX_PRINTED,
    ActionCard,
    FieldDifference,
    ListFilter,
    PrintedList,
    TrackerPage,
    is_expired,
    is_overdue,
    month_of,
    next_unanswered,
    printed_list_of,
    state_differences,
    state_words_on,
    tracker_page_of,
)
from assess.plans.action_tracker.services import ItemContent
from assess.plans.action_tracker.state import EvidenceNote, ItemState, owner_roles
from assess.plans.actions import ActionList, PlanItemGroup
from assess.plans.charts import month_strip
from assess.plans.plan_page import business_plan
from assess.plans.words import format_day
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.conftest import Visitor
from tests.engine.real_banks import BANKS, edition_of
from tests.long_runs import either
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import SCENARIOS, Record, a_record, answers_of, scenario
from tests.plans.test_copies import TO_SHOW, base_of, sign_cases
from tests.plans.test_wall_page import may_hang

TODAY = "2026-11-24"
DONE = ItemState(response="accepted", status="done", revision=1)
ALL = ListFilter()
ROLES = owner_roles(edition_of("farming"))


def action_list(state: Mapping[str, ItemState] | None = None) -> ActionList:
    return business_plan(scenario(), state or {}).action_list


KEYS = [item.key for item in action_list().items]

ITEM = replace(
    business_plan(scenario()).action_list.items[0], proposed_due="2026-12-24", due_text="by 24 December 2026"
)


def with_held() -> ActionList:
    """A plan in which some actions wait for advice."""
    return business_plan(a_record(change={"core_documents": "third", "core_right_to_work": "some"})).action_list


def page_of(
    plan: ActionList,
    narrowed: ListFilter = ALL,
    today: str = TODAY,
    done_before: Collection[str] = (),
    undo: Mapping[str, int] | None = None,
) -> TrackerPage:
    return tracker_page_of(plan, narrowed, ROLES, TODAY, today, done_before, undo or {})


def cards_of(page: TrackerPage) -> list[ActionCard]:
    return [card for group in page.groups for card in group.cards]


def titles_of(page: TrackerPage) -> list[tuple[str, int, bool]]:
    return [(group.title, len(group.cards), group.folded) for group in page.groups]


def test_it_counts_what_was_answered_done_and_refused() -> None:
    page = page_of(action_list({KEYS[0]: DONE, KEYS[2]: ItemState(response="will_not", reason="cost")}))
    assert (page.answered, page.to_answer, page.ready) == (2, len(KEYS), False)
    assert (page.done, page.not_doing, page.rest) == (1, 1, len(KEYS) - 2)


def test_it_is_ready_when_nothing_is_left_to_answer() -> None:
    assert page_of(action_list(dict.fromkeys(KEYS, DONE))).ready
    assert not page_of(action_list({})).ready


def test_what_waits_for_advice_is_no_card_no_group_no_filter_and_no_number() -> None:
    plan, record = with_held(), a_record(change={"core_documents": "third", "core_right_to_work": "some"})
    held = {action["question"] for action in record["actions"] if action["held"]}
    assert held
    assert plan.waiting
    assert not action_list().waiting
    page = page_of(plan)
    assert page.to_answer == page.shown == plan.count
    assert not held & {card.item.key for card in cards_of(page)}
    assert [item.number for item in plan.items] == list(range(1, plan.count + 1))
    words = [group.title for group in page.groups] + [words for _, words in (*page.owners, *page.months)]
    assert not any("advice" in one for one in words)
    assert {words for _, words in page.owners} == {card.item.owner for card in cards_of(page)}
    assert {value for value, _ in page.months} == {month_of(card.item) for card in cards_of(page)}
    assert sum(month.steps for month in page.strip) == len([item for item in plan.items if item.what == "action"])


def test_it_opens_on_what_is_due_this_week_and_in_thirty_days_and_folds_the_rest_by_month() -> None:
    """The numbers of the plan follow each other down the page."""
    page = page_of(action_list())
    assert [card.item.number for card in cards_of(page)] == list(range(1, len(KEYS) + 1))
    titles = titles_of(page)
    week = [item for item in action_list().items if (item.due_date or "") <= "2026-12-01"]
    assert titles[0] == ("By 1 December 2026", len(week), False)
    assert titles[1][0] == "By 24 December 2026"
    assert [folded for _, _, folded in titles] == [False, False, *[True] * (len(titles) - 2)]
    assert titles[2][0] == "January 2027"
    later = {card.item.due_date[:7] for group in page.groups[2:] for card in group.cards if card.item.due_date}
    assert min(later) == "2027-01"


def test_what_is_late_stands_first_and_what_is_settled_last() -> None:
    state = {
        KEYS[1]: DONE,
        KEYS[2]: ItemState(response="will_not", reason="cost", revision=1),
        KEYS[-1]: ItemState(response="accepted", due="2026-11-25", revision=1),
    }
    page = page_of(action_list(state), today="2026-11-26")
    titles = titles_of(page)
    assert titles[0] == ("The day has passed", 1, False)
    assert titles[-2:] == [("Done", 1, True), ("We will not do this", 1, True)]
    assert page.groups[0].cards[0].item.key == KEYS[-1]
    assert page.groups[0].cards[0].when == "by 25 November 2026"
    assert page.late == 1


def test_what_is_to_be_begun_today_is_late_after_a_week() -> None:
    items = [replace(ITEM, proposed_due=TODAY, starts_today=True, due_text="start today, 24 November 2026")]
    plan = replace(action_list(), groups=(PlanItemGroup("", tuple(items)),))
    assert titles_of(page_of(plan)) == [("By 1 December 2026", 1, False)]
    assert cards_of(page_of(plan))[0].when == "start today, 24 November"
    assert titles_of(page_of(plan, today="2026-12-01")) == [("By 8 December 2026", 1, False)]
    assert titles_of(page_of(plan, today="2026-12-02")) == [("The day has passed", 1, False)]


def test_what_is_for_later_has_no_month_until_a_day_is_chosen_for_it() -> None:
    for state, title in (
        (ItemState(), "Later"),
        (ItemState(response="accepted", due="2027-05-04", revision=1), "May 2027"),
    ):
        items = (replace(ITEM, later=True, state=state),)
        page = page_of(replace(action_list(), groups=(PlanItemGroup("", items),)))
        assert titles_of(page) == [(title, 1, True)]
        assert [words for _, words in page.months] == [title]
        assert sum(month.steps for month in page.strip) == (title != "Later")


def test_a_strip_shows_the_open_steps_of_twelve_calendar_months_and_its_words_say_the_same() -> None:
    law = replace(ITEM, what="duty", proposed_due="2027-04-01", key="law")
    dates = ["2026-11-30", *["2026-12-24"] * 13, "2027-10-31", "2027-11-01"]
    steps = [replace(ITEM, proposed_due=day, state=ItemState()) for day in dates]
    done = replace(ITEM, proposed_due="2027-02-01", state=DONE)
    page = page_of(replace(action_list(), groups=(PlanItemGroup("", (*steps, done, law)),)))
    assert [f"{month.first_day:%Y-%m}" for month in page.strip][::11] == ["2026-11", "2027-10"]
    assert [month.steps for month in page.strip] == [1, 13, *[0] * 9, 1]
    assert [month.law_dates for month in page.strip] == [0, 0, 0, 0, 0, 1, *[0] * 6]
    words = "Steps by month: November 1, December 13, October 1; dates of law: 1 April 2027"
    assert page.strip_words == words
    assert page_of(action_list({})).strip_words.startswith("Steps by month: December ")
    svg = BeautifulSoup(month_strip(words, date(2026, 12, 1), page.strip, 6), "html.parser")
    assert svg.title is not None
    assert svg.title.text == words
    assert len(svg.select("circle")) == 1 + 10 + 1
    assert [text.text for text in svg.select("text")][:4] == ["Nov", "Dec", "+3", "Jan"]
    assert len(svg.select("path[fill]")) == 1
    (today,) = svg.select("path[stroke-dasharray]")
    assert today.parent is not None
    assert today.parent.select_one("text").text == "Dec"  # type: ignore[union-attr]
    assert svg.select("g")[6]["transform"] == "translate(0 170)"
    assert page_of(replace(action_list(), groups=())).strip_words == "Twelve months without a step or a date of law"


def test_the_list_is_narrowed_to_one_role_and_one_month_and_nothing_of_it_is_folded() -> None:
    page = page_of(action_list())
    for number, role in page.owners:
        narrowed = page_of(action_list(), ListFilter(owner=number))
        assert {card.item.owner for card in cards_of(narrowed)} == {role}
        assert sum(month.steps for month in narrowed.strip) < sum(month.steps for month in page.strip)
    for month, _ in page.months:
        narrowed = page_of(action_list(), ListFilter(month=month))
        assert {month_of(card.item) for card in cards_of(narrowed)} == {month}
        assert not any(group.folded for group in narrowed.groups)
    assert page_of(action_list(), ListFilter(month="2031-01")).groups == ()
    assert page_of(action_list(), ListFilter(owner=10**9)).shown == len(KEYS)


def test_who_was_picked_or_typed_in_place_of_the_plan_has_it_and_can_be_filtered_by() -> None:
    other = next(role for role in ROLES if role != action_list().items[0].owner)
    picked = page_of(action_list({KEYS[0]: ItemState(response="accepted", owner=other, revision=1)}))
    number = next(number for number, words in picked.owners if words == other)
    state = {KEYS[0]: ItemState(response="accepted", owner=other, revision=1)}
    assert KEYS[0] in {card.item.key for card in cards_of(page_of(action_list(state), ListFilter(owner=number)))}
    typed = action_list({KEYS[0]: ItemState(response="accepted", owner="Compliance manager", revision=1)})
    number = next(number for number, words in page_of(typed).owners if words == "Compliance manager")
    assert [card.item.key for card in cards_of(page_of(typed, ListFilter(owner=number)))] == [KEYS[0]]
    planned = next(number for number, words in page_of(typed).owners if words == typed.items[0].owner)
    assert KEYS[0] not in {card.item.key for card in cards_of(page_of(typed, ListFilter(owner=planned)))}


def test_a_card_says_where_it_stands_once_anything_was_said() -> None:
    cards = cards_of(page_of(action_list({KEYS[1]: ItemState(response="accepted", revision=1)})))
    assert [card.words for card in cards[:3]] == ["", "We will do this. Not started", ""]


def test_what_was_marked_as_done_has_its_way_back() -> None:
    cards = cards_of(page_of(action_list({KEYS[0]: DONE}), undo={KEYS[0]: 7}))
    assert {card.item.key: card.undo for card in cards if card.undo} == {KEYS[0]: 7}


def test_a_proof_that_ran_out_is_told() -> None:
    note = EvidenceNote(1, "", "policy", None, "2026-11-23", "said")
    card = cards_of(page_of(action_list({KEYS[0]: ItemState(notes=(note,), revision=1)})))[0]
    assert card.heeds == ("A proof: good until 23 November 2026, and that is over. Renew it.",)


def test_what_was_done_before_and_is_asked_again_is_told_beside_being_done() -> None:
    page = page_of(action_list({KEYS[0]: DONE, KEYS[1]: DONE}), done_before={KEYS[1]})
    cards = {card.item.key: card for card in cards_of(page)}
    assert cards[KEYS[0]].heeds == ()
    assert cards[KEYS[1]].heeds == (
        "You said this was done before you answered again. Your new answers still call for it.",
    )
    assert (page.answered, page.done) == (2, 2)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_printed_list_holds_what_may_hang_on_a_wall_and_no_name_that_was_typed(bank: str, title: str) -> None:
    record = scenario(bank, title)
    plan = business_plan(record).action_list
    printed = printed_list_of(plan, record, ROLES)
    ordinary = may_hang(record)
    assert len(printed.lines) == min(MAX_PRINTED, len(ordinary))
    assert len(printed.lines) + printed.more == len(ordinary)
    assert all(line.due == format_day(ordinary[line.name].due_date or "") for line in printed.lines)
    states = {
        item.state_key: ItemState(response="accepted", owner="Jo Fenland", revision=1) for item in ordinary.values()
    }
    named = printed_list_of(business_plan(record, states).action_list, record, ROLES)
    # nor the role of the plan, which does not do it any more
    assert named == replace(printed, lines=tuple(replace(line, who="") for line in printed.lines))
    done = dict.fromkeys(states, DONE)
    assert printed_list_of(business_plan(record, done).action_list, record, ROLES) == PrintedList((), 0)


def test_the_next_one_is_looked_for_from_here_and_then_from_the_top() -> None:
    items = action_list({KEYS[-1]: DONE, KEYS[3]: DONE}).items
    following = {key: next_unanswered(items, key) for key in (KEYS[2], KEYS[-2])}
    assert [item.key for item in following.values() if item] == [KEYS[4], KEYS[0]]
    assert next_unanswered(action_list(dict.fromkeys(KEYS[1:], DONE)).items, KEYS[0]) is None


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
    """A page without its actions (the cards, their headings, the months they fall in, the table of steps), in words without numbers.

    What comes out of a printer stays: it is to be the same to the letter.
    """
    printed = page.soup.select_one(".plan-print-list").get_text(" ")
    steps = page.soup.select_one("section[aria-labelledby=steps]")
    for part in page.soup.select(
        "article, h2.plan-group, .plan-month-links, .plan-months, .plan-filter, .plan-print-list, #months ~ details summary"
    ):
        part.decompose()
    if steps:
        steps.decompose()
    return printed + re.sub(r"[0-9a-f-]{36}|\d+", "#", " ".join(page.soup.select_one("main").get_text(" ").split()))


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
        assert page.soup.title.text == "What to do – Assess"
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


@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
def test_what_comes_out_of_a_printer_is_the_same_whatever_sign_was_raised(bank: str) -> None:
    def printed(record: Record) -> PrintedList:
        return printed_list_of(business_plan(record).action_list, record, ROLES)

    found = 0
    for question, record in cases(bank):
        without = a_record(bank, base_of(bank, question), change=TO_SHOW.get(question, {}))
        assert printed(record) == printed(without), question
        found += 1
    assert found > 15


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
