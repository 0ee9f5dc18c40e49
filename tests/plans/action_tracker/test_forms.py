from __future__ import annotations

from dataclasses import replace

import pytest

from assess.assessments.personal_data.services import is_personal_data_warning, text_digest
from assess.plans.action_tracker.forms import (
    AnswerBounds,
    AnswerForm,
    NoteForm,
    answer_form_of,
    clean_answer,
    clean_note,
    find_privacy_warnings,
    note_form_of,
    read_answer_form,
    read_note_form,
)
from assess.plans.action_tracker.services import ItemContent
from assess.plans.action_tracker.state import EvidenceNote, ItemState
from assess.plans.actions import PlanItem
from assess.plans.plan_page import business_plan
from tests.plans.records import scenario

ITEM = next(item for item in business_plan(scenario()).action_list.items if item.ordinary)
GRAVE = replace(ITEM, ordinary=False)
ROLES = ("Farm manager", "Owner or manager")
BOUNDS = AnswerBounds("2026-11-24", "2026-12-01", ROLES)
WORDS = {"reason_text": "Ana keeps them", "owner_text": "Ana", "owner": "someone_else", "reason": "other"}


@pytest.mark.parametrize(("item", "kept"), [(ITEM, True), (GRAVE, False)])
def test_free_words_are_read_beside_ordinary_items_alone(item: PlanItem, *, kept: bool) -> None:
    for response in ("accepted", "already_done", "will_not"):
        typed = read_answer_form({**WORDS, "response": response}, item)
        change, _ = clean_answer(typed, item, BOUNDS)
        assert ("Ana" in repr(typed)) is kept
        assert ("Ana" in repr(change)) is kept


def test_beside_the_others_someone_else_is_no_choice() -> None:
    _, errors = clean_answer(read_answer_form({**WORDS, "response": "accepted"}, GRAVE), GRAVE, BOUNDS)
    assert list(errors) == ["owner"]


def test_what_does_not_belong_to_an_answer_falls_away() -> None:
    everything = AnswerForm(reason="cost", reason_text="Too dear", due="25 12 2026", status="done", done_on="1 12 2026")
    said = {
        response: clean_answer(replace(everything, response=response), ITEM, BOUNDS)[0]
        for response in ("accepted", "already_done", "will_not")
    }
    assert said == {
        "accepted": ItemContent(response="accepted", due="2026-12-25", status="done", done_on="2026-12-01"),
        "already_done": ItemContent(response="already_done", status="done", done_on="2026-12-01"),
        "will_not": ItemContent(response="will_not", reason="cost", reason_text="Too dear"),
    }


def test_done_without_a_day_is_done_today() -> None:
    assert clean_answer(AnswerForm("accepted", status="done"), ITEM, BOUNDS)[0].done_on == "2026-12-01"
    assert clean_answer(AnswerForm("already_done"), ITEM, BOUNDS)[0].done_on is None


def test_what_the_plan_proposes_is_stored_as_nothing() -> None:
    planned = replace(ITEM, proposed_due="2026-12-24", owner="Farm manager")
    change, errors = clean_answer(AnswerForm("accepted", owner="Farm manager", due="24 12 2026"), planned, BOUNDS)
    assert (change.due, change.owner, errors) == (None, "", {})


def test_a_day_that_was_stored_or_proposed_before_stays_possible() -> None:
    overdue = replace(ITEM, proposed_due="2026-03-01")
    assert clean_answer(AnswerForm("accepted", due="1 3 2026"), overdue, BOUNDS)[1] == {}
    chosen = replace(ITEM, state=ItemState(due="2026-02-01"))
    change, errors = clean_answer(AnswerForm("accepted", due="1 2 2026"), chosen, BOUNDS)
    assert (change.due, errors) == ("2026-02-01", {})


@pytest.mark.parametrize(
    ("due", "right"), [("23 11 2026", False), ("24 11 2026", True), ("24 11 2029", True), ("25 11 2029", False)]
)
def test_a_day_lies_between_the_submission_and_three_years(due: str, *, right: bool) -> None:
    item = replace(ITEM, proposed_due="2026-12-24")
    assert ("due" not in clean_answer(AnswerForm("accepted", due=due), item, BOUNDS)[1]) is right


def test_a_plan_of_a_leap_day_has_a_last_day_too() -> None:
    assert replace(BOUNDS, made_on="2028-02-29").last_due == "2031-02-28"


def test_a_form_drawn_from_a_state_says_that_state() -> None:
    for state in (
        ItemState(response="accepted", owner="Farm manager", due="2027-01-01", status="under_way"),
        ItemState(response="accepted", owner="Our agronomist", status="done", done_on="2026-11-30"),
        ItemState(response="will_not", reason="other", reason_text="We sold the house"),
        ItemState(response="already_done", status="done"),
    ):
        item = replace(ITEM, state=state)
        assert clean_answer(answer_form_of(item, ROLES), item, BOUNDS) == (ItemContent.of(state), {})


TODAY = "2026-11-24"
NOTE = EvidenceNote(3, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


def test_a_form_drawn_from_a_note_says_that_note() -> None:
    assert clean_note(note_form_of(NOTE), 3, TODAY) == (NOTE, {})


def test_a_title_is_read_beside_ordinary_items_alone() -> None:
    form = {"title": "Ana’s passport", "kind": "records", "grade": "said"}
    assert read_note_form(form, ordinary=True).title == "Ana’s passport"
    assert "Ana" not in repr(read_note_form(form, ordinary=False))


def test_all_that_is_wrong_is_said_at_once() -> None:
    typed = NoteForm(title="passport 533401372", dated="25 11 2026", good_until="1 1 2026")
    _, errors = clean_note(typed, 0, TODAY)
    assert set(errors) == {"title", "kind", "dated", "good_until", "grade"}


def test_whoever_is_sure_is_not_asked_again() -> None:
    typed = NoteForm(
        title="passport 533401372", kind="check", grade="said", ticks=frozenset({text_digest("passport 533401372")})
    )
    assert clean_note(typed, 0, TODAY) == (EvidenceNote(0, "passport 533401372", "check", None, None, "said"), {})


PRIVATE = {
    "a National Insurance number": ["QQ 12 34 56 C", "his NI is AB123456D", "ab 12 34 56 d"],
    "an email address": ["write to maria.p@example.org", "Jo+farm@mail.example"],
    "a phone number": ["call 07700 900123", "+44 7700 900 123", "(01603) 496 0123", "0040 721 234 567"],
    "the number of a passport, visa or card": [
        "passport 533401372",
        "Passport no. AB1234567",
        "533401372",
        "visa ZX88123",
        "BRP ZU1234567",
        "EA 0123456",
    ],
    "an age or a date of birth": ["born 3 May 1991", "DOB 03/05/91", "Ana, 3.5.1991", "date of birth: 3/5/2001"],
    "a person’s name": ["Mr Popescu keeps it", "ask Mrs. Ionescu", "Ms Silva"],
}
PLAIN = [
    "Blue folder in the office",
    "Packhouse manager",
    "Time sheets for week 46 of 2026",
    "Signed on 24/11/2026",
    "Good until 1.11.2027",
    "We paid £12,345.50 back in March 2026",
    "Form SA100 and P45",
    "Passports are never kept here",
    "12 workers in 3 houses",
    "ISO 45001 audit 2026",
    "GLAA licence is on the wall",
    "The milling shed, postcode PE38 0AA",
    "Invoices 2025-2026",
    "Payroll for 18 people, 46 hours a week",
    "We sold the house in 2024",
    "Policy version 2.1",
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in PRIVATE.items() for text in texts])
def test_what_looks_private_is_asked_about(name: str, text: str) -> None:
    (asked,) = find_privacy_warnings({"title": text}, ())
    assert name in asked.kinds
    assert is_personal_data_warning(asked.sentence)
    assert find_privacy_warnings({"title": text}, {text_digest(text)}) == ()
    assert find_privacy_warnings({"title": text}, (), {text}) == ()


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_are_left_in_peace(text: str) -> None:
    assert find_privacy_warnings({"title": text}, ()) == ()
