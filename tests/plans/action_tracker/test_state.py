from __future__ import annotations

import csv
import io
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, get_args

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from assess.assessments.retention import delete_assessment
from assess.core.db import Database
from assess.plans.action_tracker.phrases import (
    due_words,
    note_words,
    owner_words,
    reason_words,
    state_words,
    status_words,
)
from assess.plans.action_tracker.presenters import ListFilter, tracker_page_of
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.action_tracker.state import (
    DUTY_RESPONSE_LABELS,
    EMPTY_STATE,
    GRADE_LABELS,
    PROOF_KIND_LABELS,
    REASON_LABELS,
    RESPONSE_LABELS,
    STATUS_LABELS,
    UNTOUCHED,
    ActionResponse,
    ActionStatus,
    EvidenceNote,
    ItemState,
    ProofGrade,
    label_of,
    owner_roles,
    state_digest,
    state_to_json,
)
from assess.plans.exports import actions_csv
from assess.plans.models import TrackedAction, TrackedActionEvent, TrackedActionEvidence
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import scenario, text_of


def test_what_can_be_picked_is_what_the_state_knows() -> None:
    assert tuple(RESPONSE_LABELS) == get_args(ActionResponse)
    assert tuple(STATUS_LABELS) == get_args(ActionStatus)
    assert tuple(GRADE_LABELS) == get_args(ProofGrade)
    assert set(DUTY_RESPONSE_LABELS) == set(RESPONSE_LABELS) - {"will_not"}


def test_ids_fit_their_columns() -> None:
    assert max(len(name) for options in (REASON_LABELS, PROOF_KIND_LABELS) for name in options) <= 40
    assert max(len(name) for options in (RESPONSE_LABELS, STATUS_LABELS, GRADE_LABELS) for name in options) <= 20


def test_an_id_of_another_release_reads_as_something() -> None:
    assert label_of(REASON_LABELS, "cost") == "It costs too much now"
    assert label_of(REASON_LABELS, "forgotten", "forgotten") == "forgotten"


ONLY_THERE = {
    "farming": {"Farm manager"},
    "car_washes": {"Site manager"},
    "hospitality": {"Head housekeeper"},
}


@pytest.mark.parametrize("bank", BANKS)
def test_a_farm_is_not_offered_a_head_housekeeper(bank: str) -> None:
    roles = set(owner_roles(edition_of(bank)))
    assert ONLY_THERE[bank] <= roles
    elsewhere = set().union(*(jobs for other, jobs in ONLY_THERE.items() if other != bank))
    assert not roles & (elsewhere - {"Site manager"})
    assert roles <= set(edition_of(bank).owners.values())


NOTE = EvidenceNote(1, "Blue folder", "records", "2026-11-01", None, "said")
KEY_IN_STATE = "farm_pay_basis"
STATE = {
    KEY_IN_STATE: ItemState(response="accepted", owner="Jo", due="2026-12-24", revision=2, notes=(NOTE,)),
    "core_documents": ItemState(response="will_not", reason="cost", revision=1),
}


def test_whatever_changes_in_an_item_or_a_note_changes_the_digest() -> None:
    """Else a file that was printed before would still count as the newest."""
    before = STATE[KEY_IN_STATE]
    note = EvidenceNote(2, "Red folder", "policy", "2026-11-02", "2027-11-02", "shown")
    after = ItemState(
        "already_done", "cost", "Too dear", "Ann", "2027-01-15", "done", "2027-01-10", (note,), revision=4
    )
    changed = [
        before,
        *(replace(before, **{field.name: getattr(after, field.name)}) for field in fields(ItemState)),
        *(
            replace(after, notes=(replace(note, **{field.name: getattr(NOTE, field.name)}),))
            for field in fields(EvidenceNote)
        ),
    ]
    assert len({state_digest({KEY_IN_STATE: item}) for item in changed}) == len(changed)


def test_what_nobody_touched_leaves_no_trace() -> None:
    assert state_to_json({**STATE, "core_debt": UNTOUCHED}) == state_to_json(STATE)
    assert state_digest(EMPTY_STATE) == state_digest({"core_debt": UNTOUCHED}) == ""


def test_the_digest_is_of_the_content_and_not_of_the_order() -> None:
    turned = dict(reversed(list(STATE.items())))
    assert state_digest(turned) == state_digest(STATE)
    assert state_digest(STATE) != state_digest({**STATE, "core_documents": ItemState(response="accepted")})
    assert len(state_digest(STATE)) == 64


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        (ItemState(), False),
        (ItemState(response="accepted", status="under_way"), False),
        (ItemState(response="accepted", status="done"), True),
        (ItemState(response="already_done"), True),
        (ItemState(response="will_not"), True),
    ],
)
def test_what_is_closed_needs_nothing_more(state: ItemState, *, closed: bool) -> None:
    assert state.is_closed is closed


NOTE_MODELS = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", None, "said")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement", ["UPDATE tracked_action_event SET revision = 7", "DELETE FROM tracked_action_event"]
)
def test_the_history_is_never_altered(database: Database, kept: Any, now: datetime, statement: str) -> None:
    with database.writing() as session:
        change_item(session, kept.id, "core_documents", ItemContent(response="accepted"), 0, now)
    with database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(statement))


@pytest.mark.both_databases
def test_all_of_it_goes_with_the_assessment(database: Database, kept: Any, now: datetime) -> None:
    def rows() -> list[int]:
        with database.reading() as session:
            return [
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (TrackedAction, TrackedActionEvidence, TrackedActionEvent)
            ]

    with database.writing() as session:
        change_item(session, kept.id, "core_documents", ItemContent(response="accepted", notes=(NOTE_MODELS,)), 0, now)
    assert rows() == [1, 1, 1]
    with database.writing() as session:
        delete_assessment(session, kept.assessment_id)
    assert rows() == [0, 0, 0]


ITEM = replace(
    business_plan(scenario()).action_list.ordinary[0], proposed_due="2026-12-24", due_text="by 24 December 2026"
)
NOTE_PHRASES = EvidenceNote(2, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


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
    assert note_words(NOTE_PHRASES) == (
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
    first, second, third = business_plan(record).action_list.ordinary[:3]
    state = {
        first.key: ItemState(response="accepted", status="under_way", notes=(NOTE_PHRASES,), revision=1),
        second.key: ItemState(response="will_not", reason="covered", revision=1),
        third.key: ItemState(response="accepted", due="2027-02-01", revision=1),
    }
    plan = business_plan(record, state)
    page = tracker_page_of(plan.action_list, ListFilter(), (), "2026-11-24", "2026-11-24")
    cards = {card.item.key: card for group in page.groups for card in group.cards}
    paper = text_of(copy_html(record, "annex", state))
    content = actions_csv(plan.action_list, plan.head, plan.help).decode("utf-8-sig")
    rows = {row["Id"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}
    for key in state:
        assert cards[key].words in paper, key
        row = rows[key]
        said = (row["Our answer"], row["Reason"] or row["Status"])
        assert ". ".join(said) == cards[key].words
    assert rows[first.key]["Proof noted"] == note_words(NOTE_PHRASES)
    assert f"Proof noted: {note_words(NOTE_PHRASES)}." in paper
    assert {rows[key]["Status"] for key in (first.key, third.key)} <= set(STATUS_LABELS.values())
    assert rows[second.key]["Status"] == "Will not be done"
    assert rows[second.key]["Reason"] == REASON_LABELS["covered"]
    assert rows[third.key]["Our answer"] == RESPONSE_LABELS["accepted"]
    assert PROOF_KIND_LABELS["records"][1:] in paper
