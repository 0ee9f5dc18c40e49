from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.personal_data.services import FreeTextForm, text_digest
from assess.plans.action_tracker.forms import (
    AnswerBounds,
    answer_typed,
    content_of_answer,
    note_of,
    note_typed,
    read_answer,
    read_note,
)
from assess.plans.action_tracker.services import ItemContent
from assess.plans.action_tracker.state import EvidenceNote, ItemState
from assess.plans.actions import PlanItem
from assess.plans.plan_page import business_plan
from tests.plans.records import scenario

ITEM = next(item for item in business_plan(scenario()).action_list.items if item.ordinary)
GRAVE = replace(ITEM, ordinary=False)
ROLES = ("Farm manager", "Owner or manager")
BOUNDS = AnswerBounds(date(2026, 11, 24), date(2026, 12, 1), ROLES)
WORDS = {"reason_text": "Ana keeps them", "owner_text": "Ana", "owner": "someone_else", "reason": "other"}


def answer(item: PlanItem = ITEM, **typed: str) -> FreeTextForm:
    return read_answer(MultiDict(typed), item, BOUNDS)


def content(item: PlanItem = ITEM, **typed: str) -> ItemContent:
    form = answer(item, **typed)
    assert form.errors == {}
    return content_of_answer(form, item, BOUNDS.today)


@pytest.mark.parametrize(("item", "kept"), [(ITEM, True), (GRAVE, False)])
def test_free_words_are_read_beside_ordinary_items_alone(item: PlanItem, *, kept: bool) -> None:
    for response in ("accepted", "already_done", "will_not"):
        form = answer(item, **WORDS, response=response)
        assert ("Ana" in repr(form.typed)) is kept
        assert ("Ana" in repr(form.values)) is kept


def test_beside_the_others_someone_else_is_no_choice() -> None:
    assert list(answer(GRAVE, **WORDS, response="accepted").errors) == ["owner"]


def test_without_an_answer_nothing_else_is_asked() -> None:
    for response in ("", "odd"):
        form = answer(response=response, owner="nobody", due="some day", reason="odd")
        assert form.errors == {"response": "Choose what you say to this."}
    assert answer(replace(ITEM, what="duty"), response="will_not", reason="cost").errors == {
        "response": "Choose what you say to this."
    }


def test_what_does_not_belong_to_an_answer_falls_away() -> None:
    everything = {
        "reason": "cost",
        "reason_text": "Too dear",
        "due": "25 12 2026",
        "status": "done",
        "done_on": "1 12 2026",
    }
    said = {response: content(**everything, response=response) for response in ("accepted", "already_done", "will_not")}
    assert said == {
        "accepted": ItemContent(response="accepted", due="2026-12-25", status="done", done_on="2026-12-01"),
        "already_done": ItemContent(response="already_done", status="done", done_on="2026-12-01"),
        "will_not": ItemContent(response="will_not", reason="cost", reason_text="Too dear"),
    }


def test_done_without_a_day_is_done_today() -> None:
    assert content(response="accepted", status="done").done_on == "2026-12-01"
    assert content(response="already_done").done_on is None


def test_what_the_plan_proposes_is_stored_as_nothing() -> None:
    planned = replace(ITEM, proposed_due="2026-12-24", owner="Farm manager")
    change = content(planned, response="accepted", owner="Farm manager", due="24 12 2026")
    assert (change.due, change.owner) == (None, "")


def test_a_day_that_was_stored_or_proposed_before_stays_possible() -> None:
    overdue = replace(ITEM, proposed_due="2026-03-01")
    assert answer(overdue, response="accepted", due="1 3 2026").errors == {}
    chosen = replace(ITEM, state=ItemState(due="2026-02-01"))
    assert content(chosen, response="accepted", due="1 2 2026").due == "2026-02-01"


@pytest.mark.parametrize(
    ("due", "right"), [("23 11 2026", False), ("24 11 2026", True), ("24 11 2029", True), ("25 11 2029", False)]
)
def test_a_day_lies_between_the_submission_and_three_years(due: str, *, right: bool) -> None:
    item = replace(ITEM, proposed_due="2026-12-24")
    assert ("due" not in answer(item, response="accepted", due=due).errors) is right


def test_a_plan_of_a_leap_day_has_a_last_day_too() -> None:
    assert replace(BOUNDS, made_on=date(2028, 2, 29)).last_due == date(2031, 2, 28)


def test_a_form_drawn_from_a_state_says_that_state() -> None:
    for state in (
        ItemState(response="accepted", owner="Farm manager", due="2027-01-01", status="under_way"),
        ItemState(response="accepted", owner="Our agronomist", status="done", done_on="2026-11-30"),
        ItemState(response="will_not", reason="other", reason_text="We sold the house"),
        ItemState(response="already_done", status="done"),
    ):
        item = replace(ITEM, state=state)
        assert content(item, **answer_typed(item, ROLES)) == ItemContent.of(state)


TODAY = date(2026, 11, 24)
NOTE = EvidenceNote(3, "Blue folder", "records", "2026-11-01", "2027-11-01", "shown")


def note(item: PlanItem = ITEM, **typed: str) -> FreeTextForm:
    return read_note(MultiDict(typed), item, TODAY)


def test_a_form_drawn_from_a_note_says_that_note() -> None:
    form = note(**note_typed(NOTE))
    assert (note_of(form, 3), form.errors) == (NOTE, {})


def test_a_title_is_read_beside_ordinary_items_alone() -> None:
    form = {"title": "Ana’s passport", "kind": "records", "grade": "said"}
    assert note(**form).typed["title"] == "Ana’s passport"
    assert "Ana" not in repr(note(GRAVE, **form))
    assert note_of(note(GRAVE, **form), 0).title == ""


def test_all_that_is_wrong_is_said_at_once() -> None:
    form = note(title="passport 533401372", dated="25 11 2026", good_until="soon")
    assert list(form.errors) == ["title", "kind", "dated", "good_until", "grade"]


def test_a_proof_is_good_until_a_day_after_its_own() -> None:
    form = note(dated="24 11 2026", good_until="23 11 2026")
    assert form.errors["good_until"] == "This is before the day on the proof. Check both days."
    assert "good_until" not in note(dated="24 11 2026", good_until="24 11 2026").errors


def test_whoever_is_sure_is_not_asked_again() -> None:
    passport = "passport 533401372"
    form = note(title=passport, kind="check", grade="said", keep_words=text_digest(passport))
    assert form.errors == {}
    assert note_of(form, 0) == EvidenceNote(0, passport, "check", None, None, "said")


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
    form = note(title=text)
    (asked,) = form.warnings
    assert name in asked.kinds
    assert form.errors["title"] == asked.sentence
    assert asked.sentence.startswith("This may hold a worker’s details")
    assert note(title=text, keep_words=text_digest(text)).warnings == ()
    kept = replace(ITEM, state=ItemState(notes=(replace(NOTE, title=text),)))
    assert note(kept, title=text).warnings == ()


@pytest.mark.parametrize("text", PLAIN)
def test_plain_words_are_left_in_peace(text: str) -> None:
    assert note(title=text).warnings == ()


@pytest.mark.parametrize("box", ["owner_text", "reason_text"])
def test_the_words_of_an_answer_are_asked_about(box: str) -> None:
    words = {"owner": "someone_else", "owner_text": "Our agronomist", "response": "will_not", "reason": "other"}
    form = answer(**{**words, box: "passport 533401372"})
    assert [one.field for one in form.warnings] == list(form.errors) == [box]
    kept = replace(ITEM, state=ItemState(reason_text="passport 533401372"))
    assert answer(kept, **{**words, box: "passport 533401372"}).errors == {}
