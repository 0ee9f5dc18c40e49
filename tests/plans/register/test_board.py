from __future__ import annotations

from collections.abc import Mapping

import pytest

from assess.plans.actions import Register
from assess.plans.document import business_plan
from assess.plans.register.board import SHOWS, board_of, kinds_of, next_after
from assess.plans.register.state import EvidenceNote, ItemState
from tests.plans.records import a_record, scenario

TODAY = "2026-11-24"
DONE = ItemState(response="accepted", status="done", revision=1)


def register(state: Mapping[str, ItemState] | None = None) -> Register:
    return business_plan(scenario(), state or {}).register


KEYS = [item.key for item in register().items]


def with_held() -> Register:
    """A plan in which some actions wait for advice."""
    return business_plan(a_record(change={"core_documents": "third", "core_right_to_work": "some"})).register


def test_it_counts_what_was_answered_and_says_what_comes_next() -> None:
    board = board_of(register({KEYS[0]: DONE, KEYS[2]: ItemState(response="will_not", reason="cost")}), "all", TODAY)
    assert (board.answered, board.to_answer, board.ready) == (2, len(KEYS), False)
    assert board.next is not None
    assert board.next.key == KEYS[1]
    assert board.counts["done"] == board.counts["not_doing"] == 1
    assert board.counts["unanswered"] == len(KEYS) - 2


def test_it_is_ready_when_nothing_is_left_to_answer() -> None:
    board = board_of(register(dict.fromkeys(KEYS, DONE)), "all", TODAY)
    assert board.ready
    assert board.next is None


def test_what_waits_for_advice_is_no_card_no_kind_and_no_number() -> None:
    plan, record = with_held(), a_record(change={"core_documents": "third", "core_right_to_work": "some"})
    held = {action["question"] for action in record["actions"] if action["held"]}
    assert held
    assert plan.waiting
    assert not register().waiting
    board = board_of(plan, "all", TODAY)
    assert board.to_answer == board.counts["all"] == plan.count
    assert not held & {card.item.key for _, cards in board.groups for card in cards}
    assert [item.number for item in plan.items] == list(range(1, plan.count + 1))
    assert not any("advice" in words for words in SHOWS.values())


def test_a_card_that_was_saved_just_before_stays_where_it_stood() -> None:
    plan = register({KEYS[1]: DONE})
    board = board_of(plan, "unanswered", TODAY, saved=KEYS[1])
    cards = [card for _, cards in board.groups for card in cards]
    assert [card.item.key for card in cards] == KEYS
    assert [card.item.key for card in cards if card.leaves] == [KEYS[1]]
    assert board.counts["unanswered"] == len(KEYS) - 1


def test_each_kind_shows_its_own_and_the_groups_that_have_any() -> None:
    plan = register({KEYS[0]: DONE})
    for kind in SHOWS:
        board = board_of(plan, kind, "2026-12-30")
        shown = [card.item for _, cards in board.groups for card in cards]
        assert len(shown) == board.counts[kind]
        assert all(kind in kinds_of(item, "2026-12-30") for item in shown)
        assert all(cards for _, cards in board.groups)
    assert board_of(plan, "nonsense", TODAY).show == "all"


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
    board = board_of(register({KEYS[0]: state}), kind, "2026-11-26")
    card = next(card for _, cards in board.groups for card in cards if card.item.key == KEYS[0])
    assert SHOWS[kind] in card.words


def test_the_next_one_is_looked_for_from_here_and_then_from_the_top() -> None:
    items = register({KEYS[-1]: DONE, KEYS[3]: DONE}).items
    following = {key: next_after(items, key) for key in (KEYS[2], KEYS[-2])}
    assert [item.key for item in following.values() if item] == [KEYS[4], KEYS[0]]
    assert next_after(register(dict.fromkeys(KEYS[1:], DONE)).items, KEYS[0]) is None


def test_a_proof_that_ran_out_is_told() -> None:
    note = EvidenceNote(1, "", "policy", None, "2026-11-23", "said")
    board = board_of(register({KEYS[0]: ItemState(notes=(note,), revision=1)}), "all", TODAY)
    card = board.groups[0][1][0]
    assert card.heeds == ("A proof: good until 23 November 2026, and that is over. Renew it.",)


def test_what_was_done_before_and_is_asked_again_is_told_beside_being_done() -> None:
    board = board_of(register({KEYS[0]: DONE, KEYS[1]: DONE}), "done", TODAY, {KEYS[1]})
    cards = {card.item.key: card for _, cards in board.groups for card in cards}
    assert cards[KEYS[0]].heeds == ()
    assert cards[KEYS[1]].heeds == (
        "You said this was done before you answered again. Your new answers still call for it.",
    )
    assert (board.answered, board.counts["done"]) == (2, 2)
