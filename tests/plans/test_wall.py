from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from markupsafe import escape

from assess.engine.bank import Action
from assess.plans.actions import Item, register_of
from assess.plans.copies import business_record
from assess.plans.first_page import help_of
from assess.plans.pages import to_html
from assess.plans.printing.pdf import to_pdf
from assess.plans.register.state import ItemState
from assess.plans.unasked import LABOUR_SUPPLY
from assess.plans.wall import MOST, state_on_wall, wall_of
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.printed import opened, printed
from tests.plans.records import NAME, SCENARIOS, Record, a_record, scenario, text_of
from tests.plans.test_copies import TO_SHOW, base_of, raising, sign_cases


def may_hang(record: Record) -> dict[str, Item]:
    """Ordinary actions of themes that are not about who brings workers, by their text; the map asks who brings them."""
    themes = {action["question"]: action["dimension"] for action in record["buyer_view"]["actions"]}
    items = [item for item in register_of(business_record(record)).ordinary if item.due_date and item.key != "map"]
    return {item.name: item for item in items if themes.get(item.key, "labour_providers") not in LABOUR_SUPPLY}


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_five_ordinary_open_actions_with_dates_hang_on_a_wall(bank: str, title: str) -> None:
    record = scenario(bank, title)
    ordinary = may_hang(record)
    wall = wall_of(record)
    assert len(wall.lines) == min(MOST, len(ordinary))
    assert len(wall.lines) + wall.more == len(ordinary)
    assert [line.due for line in wall.lines] == sorted(line.due for line in wall.lines)
    assert all(ordinary[line.do].due_date == line.due for line in wall.lines)


@pytest.mark.parametrize("bank", BANKS)
def test_no_action_about_who_brings_workers_hangs_on_a_wall_whatever_is_settled(bank: str) -> None:
    """Whoever brings them reads the wall as well, so it is empty rather than full of what would warn them."""
    record = scenario(bank, f"{bank} critical")
    themes = {action["title"]: action["dimension"] for action in record["buyer_view"]["actions"]}
    assert LABOUR_SUPPLY & set(themes.values())
    state: dict[str, ItemState] = {}
    seen = 0
    while lines := wall_of(record, state).lines:
        assert not LABOUR_SUPPLY & {themes[line.do] for line in lines}
        state |= {may_hang(record)[line.do].key: ItemState(status="done", response="accepted") for line in lines}
        seen += len(lines)
    assert seen == len(may_hang(record)) > MOST


def test_an_action_on_the_wall_has_a_box_to_tick_and_no_number() -> None:
    record = scenario("farming", "farming critical")
    soup = BeautifulSoup(to_html(record, "wall"), "html.parser")
    lines = soup.select(".wall-lines > li")
    assert [line.select_one(".plan-tick") is not None for line in lines] == [True] * MOST
    assert not soup.select("ol")


def test_what_is_settled_leaves_the_wall_and_a_chosen_date_stands_on_it() -> None:
    record = scenario("farming", "farming medium")
    keys = {item.name: item.state_key for item in register_of(business_record(record)).ordinary}
    first, second = wall_of(record).lines[:2]
    state = {
        keys[first.do]: ItemState(response="accepted", status="done", revision=2),
        keys[second.do]: ItemState(response="accepted", due="2026-11-25", owner="Jo Fenland", revision=1),
    }
    wall = wall_of(record, state)
    assert first.do not in [line.do for line in wall.lines]
    assert next(line.due for line in wall.lines if line.do == second.do) == "2026-11-25"
    assert "Jo Fenland" not in to_html(record, "wall", state)


def test_what_a_wall_shows_of_the_register_gives_the_same_page_and_is_no_more_than_that() -> None:
    record = scenario("farming", "farming medium")
    items = register_of(business_record(record)).items
    ways = (
        ItemState(response="accepted", status="done", owner="Jo Fenland", done_on="2026-11-24", revision=3),
        ItemState(response="accepted", due="2027-01-15", revision=1),
        ItemState(response="will_not", reason="cost", reason_text="too dear", revision=2),
        ItemState(response="accepted", status="under_way", owner="Jo Fenland", revision=2),
    )
    state = {item.key: ways[number % len(ways)] for number, item in enumerate(items)}
    shown = state_on_wall(record, state)
    assert to_html(record, "wall", shown) == to_html(record, "wall", state) != to_html(record, "wall")
    assert set(shown) < {item.state_key for item in register_of(business_record(record)).ordinary}
    assert set(shown.values()) == {ItemState(status="done"), ItemState(due="2027-01-15")}
    assert state_on_wall(record, {}) == {}


def test_a_wall_tells_of_no_score_no_band_and_no_code() -> None:
    record = scenario("farming", "farming critical")
    said = text_of(to_html(record, "wall"))
    assert NAME in said
    assert record["reference"] not in said
    assert "score" not in said.lower()
    assert "act now" not in said.lower()
    assert str(help_of(record).helpline.number) in said


def test_a_wall_without_open_actions_holds_rights_and_the_helpline_and_never_says_that_nothing_is_open() -> None:
    record = scenario("farming", "farming low")
    record.update(actions=[], do_first=[])
    record["buyer_view"]["actions"] = []
    record["short_set"]["questions"] = []
    assert wall_of(record).lines == ()
    said = text_of(to_html(record, "wall"))
    assert "nothing" not in said.lower()
    assert "next" not in said.lower()
    assert "Your passport and your papers belong with you." in said
    assert str(help_of(record).helpline.number) in said


@pytest.mark.parametrize("bank", BANKS)
def test_the_five_longest_actions_of_a_bank_fit_on_one_page_with_a_long_name(bank: str) -> None:
    record = scenario(bank, f"{bank} critical")
    record["organisation"]["name"] = "The Fens and Marshes Growers’ and Packers’ Cooperative Society of King’s Lynn Ltd"
    asked = edition_of(bank).questions()
    plain = [one for one in asked if not one.can_sign and one.dimension not in LABOUR_SUPPLY]
    actions = [action for question in plain for action in (question.action, *(one.action for one in question.options))]
    longest = sorted({action.do for action in actions if isinstance(action, Action)}, key=len)[-MOST:]
    wall = wall_of(record)
    assert len(longest) == MOST == len(wall.lines)
    lines = tuple(replace(line, do=do) for line, do in zip(wall.lines, longest, strict=True))
    for some in (
        lines,
        tuple(replace(line, do=line.do[:130]) for line in lines),
        tuple(replace(line, do="x " * 42) for line in lines),
        tuple(replace(line, do=("worker papers check " * 8)[:154]) for line in lines),
    ):
        assert replace(wall, lines=some).points >= 16
        html = to_html(record, "wall")
        for line, other in zip(wall.lines, some, strict=True):
            html = html.replace(str(escape(line.do)), other.do)
        html = html.replace(f"font-size: {wall.points}pt", f"font-size: {replace(wall, lines=some).points}pt")
        assert len(opened(to_pdf(html)).pages) == 1


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_wall_of_each_scenario_is_one_page_in_large_type(bank: str, title: str) -> None:
    assert len(opened(printed(title, "wall")).pages) == 1
    assert wall_of(scenario(bank, title)).points >= 16


@pytest.mark.parametrize("bank", BANKS)
def test_no_answer_that_raises_a_sign_changes_the_wall(bank: str) -> None:
    for found, name, _, answer in sign_cases():
        if found == bank:
            calm = a_record(bank, base_of(bank, name), change=TO_SHOW.get(name, {}))
            assert to_html(raising(bank, name, answer), "wall") == to_html(calm, "wall")
