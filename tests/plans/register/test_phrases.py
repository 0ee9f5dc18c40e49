from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from assess.plans.document import business_plan
from assess.plans.exports.rows import as_csv
from assess.plans.pages import to_html
from assess.plans.register.board import board_of
from assess.plans.register.options import KINDS, REASONS, RESPONSES, STATUSES
from assess.plans.register.phrases import due_words, note_words, owner_words, reason_words, state_words, status_words
from assess.plans.register.state import EvidenceNote, ItemState
from tests.plans.records import scenario, text_of

ITEM = replace(business_plan(scenario()).register.ordinary[0], due_on="2026-12-24", due="by 24 December 2026")
NOTE = EvidenceNote(2, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ItemState(), "Not answered yet"),
        (ItemState(owner="Jo"), "Not answered yet"),
        (ItemState(status="under_way"), "Not answered yet. Under way"),
        (ItemState(response="accepted"), "We will do this. Not started"),
        (ItemState(response="accepted", status="under_way"), "We will do this. Under way"),
        (ItemState(response="accepted", status="done"), "Done"),
        (ItemState(response="accepted", status="done", done_on="2026-11-30"), "Done on 30 November 2026"),
        (ItemState(response="already_done", status="done"), "We do this already"),
        (ItemState(response="already_done", done_on="2026-05-03"), "We do this already. Done on 3 May 2026"),
        (ItemState(response="will_not"), "We will not do this"),
        (ItemState(response="will_not", reason="cost"), "We will not do this. It costs too much now"),
        (
            ItemState(response="will_not", reason="cost", reason_text="Again next year"),
            "We will not do this. It costs too much now. Again next year",
        ),
    ],
)
def test_where_an_item_stands_is_said_in_words(state: ItemState, words: str) -> None:
    assert state_words(replace(ITEM, state=state)) == words


def test_a_duty_is_said_to_be_done_and_not_to_be_habit() -> None:
    duty = replace(ITEM, what="duty", state=ItemState(response="already_done"))
    assert state_words(duty) == "We have done this"


def test_what_the_business_chose_goes_before_what_the_plan_proposes() -> None:
    assert (due_words(ITEM), owner_words(ITEM)) == ("by 24 December 2026", ITEM.owner)
    chosen = replace(ITEM, state=ItemState(due="2027-01-02", owner="Packhouse manager"))
    assert (due_words(chosen), owner_words(chosen)) == ("by 2 January 2027", "Packhouse manager")


def test_a_proof_tells_its_dates_and_who_looked_at_it() -> None:
    assert note_words(NOTE) == (
        "Blue folder (records, such as payslips or time sheets; dated 1 November 2026; good until 1 November 2027; "
        "we have shown it to somebody from outside)"
    )
    bare = EvidenceNote(3, "", "letter", None, None, "said")
    assert note_words(bare) == "A letter, notice or poster (we say that it is there)"


def test_a_word_of_an_older_release_stays_out() -> None:
    assert reason_words("gone_by_now", "Again next year") == "Again next year"
    assert note_words(EvidenceNote(3, "", "gone_by_now", None, None, "said")) == "A proof (we say that it is there)"
    assert status_words("gone_by_now") == ""


def test_screen_paper_and_file_say_the_same_and_no_bare_id() -> None:
    record = scenario()
    first, second, third = business_plan(record).register.ordinary[:3]
    state = {
        first.key: ItemState(response="accepted", status="under_way", notes=(NOTE,), revision=1),
        second.key: ItemState(response="will_not", reason="covered", revision=1),
        third.key: ItemState(response="accepted", due="2027-02-01", revision=1),
    }
    plan = business_plan(record, state)
    cards = {card.item.key: card for _, cards in board_of(plan.register, "all", "2026-11-24").groups for card in cards}
    paper = text_of(to_html(record, "business", state))
    content = as_csv(plan.register, plan.head, plan.help).decode("utf-8-sig")
    rows = {row["Id"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}
    for key in state:
        assert cards[key].words in paper, key
        row = rows[key]
        said = (row["Our answer"], row["Reason"] or row["Status"])
        assert ". ".join(said) == cards[key].words
    assert rows[first.key]["Proof noted"] == cards[first.key].proof[0] == note_words(NOTE)
    assert f"Proof noted: {note_words(NOTE)}." in paper
    assert {rows[key]["Status"] for key in (first.key, third.key)} <= set(STATUSES.values())
    assert rows[second.key]["Status"] == "Will not be done"
    assert rows[second.key]["Reason"] == REASONS["covered"]
    assert rows[third.key]["Our answer"] == RESPONSES["accepted"]
    assert KINDS["records"][1:] in paper
