from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from assess.assessments.models import Submission
from assess.assessments.services import start_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.plans.action_tracker.carry_over import done_in_earlier_plan, earlier_histories, item_texts
from assess.plans.action_tracker.services import ItemContent, change_item, get_item_history, get_tracker_state
from assess.plans.action_tracker.state import EvidenceNote
from assess.plans.models import TrackerEventKind
from assess.question_banks.models import EditionRow
from tests.engine.real_banks import BANKS, edition_of
from tests.long_runs import either
from tests.plans.action_tracker.conftest import StoredSubmission
from tests.plans.records import Record, a_record, scenario
from tests.plans.test_copies import TO_SHOW, sign_cases

pytestmark = pytest.mark.both_databases

NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", None, "said")
NO = ItemContent(response="will_not", reason="cost")
URGENT = {"core_documents": "employer"}
SAID = ItemContent(response="accepted", owner="Jo", due="2026-12-24", notes=(NOTE,))


def correct(database: Database, kept: Any, record: Record, now: datetime) -> int:
    with database.writing() as session:
        reopen_assessment(session, kept.assessment_id, now)
        return submit_assessment(session, kept.assessment_id, lambda _said: record, now).id


def say_to_all(database: Database, kept: Any, now: datetime) -> list[str]:
    keys = list(item_texts(scenario()))
    with database.writing() as session:
        for key in keys:
            change_item(session, kept.id, key, SAID, 0, now)
    return keys


def test_what_was_said_of_the_same_action_is_taken_over_with_its_notes(
    database: Database, kept: Any, now: datetime
) -> None:
    keys = say_to_all(database, kept, now)
    newer = correct(database, kept, scenario(), now)
    with database.reading() as session:
        state = get_tracker_state(session, newer)
        assert {key: ItemContent.of(item) for key, item in state.items()} == {
            key: replace(SAID, notes=(replace(NOTE, id=1),)) for key in keys
        }
        assert [event.what for event in get_item_history(session, newer, keys[0])] == [TrackerEventKind.CARRIED]


def test_an_action_that_reads_otherwise_and_a_duty_with_another_date_begin_afresh(
    database: Database, kept: Any, now: datetime
) -> None:
    keys = say_to_all(database, kept, now)
    record = scenario()
    record["actions"][0]["do"] = "Something else."
    dated = next(duty for duty in record["duties"] if duty["due"])
    dated["due"] = "2031-01-01"
    gone = record["actions"].pop()["question"]
    shown = record["buyer_view"]["actions"]
    record["buyer_view"]["actions"] = [action for action in shown if gone not in action["questions"]]
    newer = correct(database, kept, record, now)
    with database.reading() as session:
        assert set(keys) - set(get_tracker_state(session, newer)) == {
            record["actions"][0]["question"],
            dated["id"],
            gone,
        }


def test_a_note_made_later_gets_a_number_of_its_own(database: Database, kept: Any, now: datetime) -> None:
    key = say_to_all(database, kept, now)[0]
    newer = correct(database, kept, scenario(), now)
    with database.writing() as session:
        item = get_tracker_state(session, newer)[key]
        more = replace(ItemContent.of(item), notes=(*item.notes, replace(NOTE, title="Another")))
        assert [note.id for note in change_item(session, newer, key, more, 1, now).notes] == [1, 2]


def test_the_first_submission_and_an_untouched_one_have_nothing_to_take_over(
    database: Database, kept: Any, now: datetime
) -> None:
    newer = correct(database, kept, scenario(), now)
    with database.reading() as session:
        assert get_tracker_state(session, newer) == {}


def test_the_history_before_is_found_through_every_submission(database: Database, kept: Any, now: datetime) -> None:
    key, other = say_to_all(database, kept, now)[:2]
    second = correct(database, kept, {**scenario(), "made_on": "2026-12-01"}, now)
    with database.writing() as session:
        change_item(session, second, key, ItemContent(response="already_done"), 1, now)
    third = correct(database, kept, {**scenario(), "made_on": "2026-12-05"}, now)
    with database.reading() as session:
        newest = session.get_one(Submission, third)
        first = session.get_one(Submission, kept.id)
        found = earlier_histories(session, newest, key)
        assert [(before.made_on, [event.what for event in before.events]) for before in found] == [
            ("2026-12-01", [TrackerEventKind.CHANGED, TrackerEventKind.CARRIED]),
            (scenario()["made_on"], [TrackerEventKind.CHANGED]),
        ]
        assert [len(before.events) for before in earlier_histories(session, newest, other)] == [1, 1]
        assert earlier_histories(session, first, key) == []
        assert earlier_histories(session, newest, "nothing_was_said_of_this") == []


def test_only_what_was_done_before_and_not_touched_since_was_done_before(
    database: Database, kept: Any, now: datetime
) -> None:
    keys = list(item_texts(scenario()))[:5]
    done = ItemContent(response="accepted", status="done", done_on="2026-11-24")
    said = [done, done, ItemContent(response="already_done"), ItemContent(response="accepted"), NO]
    with database.writing() as session:
        for key, what in zip(keys, said, strict=True):
            change_item(session, kept.id, key, what, 0, now)
        assert done_in_earlier_plan(session, kept.id, get_tracker_state(session, kept.id)) == frozenset()
    newer = correct(database, kept, scenario(), now)
    with database.writing() as session:
        change_item(session, newer, keys[1], replace(done, done_on="2026-11-25"), 1, now)
        change_item(session, newer, keys[2], ItemContent(response="already_done", owner="Jo"), 1, now)
        change_item(session, newer, keys[3], done, 1, now)
        assert done_in_earlier_plan(session, newer, get_tracker_state(session, newer)) == {keys[0], keys[2]}


def test_what_vanished_by_a_slip_comes_back_with_what_was_said_of_it(
    database: Database, kept: Any, now: datetime
) -> None:
    key = say_to_all(database, kept, now)[0]
    without = scenario()
    without["actions"] = [action for action in without["actions"] if action["question"] != key]
    second = correct(database, kept, without, now)
    third = correct(database, kept, scenario(), now)
    with database.reading() as session:
        assert key not in get_tracker_state(session, second)
        assert ItemContent.of(get_tracker_state(session, third)[key]) == replace(SAID, notes=(replace(NOTE, id=1),))
        found = earlier_histories(session, session.get_one(Submission, third), key)
        assert [[event.what for event in before.events] for before in found] == [[TrackerEventKind.CHANGED]]


def first_of_each_sign(bank: str) -> list[tuple[str, Any]]:
    """Each question of a bank that can raise a sign, with the first answer that does."""
    answers: dict[str, Any] = {}
    for _, question, _, answer in (case for case in sign_cases() if case[0] == bank):
        answers.setdefault(question, answer)
    return list(answers.items())


def poor_and_calm(bank: str) -> dict[str, Any]:
    """Answers that raise no sign and bring an action that may have to wait for advice."""
    answers: dict[str, Any] = {}
    for question in edition_of(bank).questions():
        for option in question.options:
            action = option.action or (None if question.can_sign else question.action)
            if action and action.after_advice and not option.sign and option.id != "dk":
                answers[question.id] = [option.id] if question.type == "choices" else option.id
    return answers


def submit_once_more(database: Database, record: Record, now: datetime) -> StoredSubmission:
    """A business of its own, on the edition that is there, that submits this record."""
    with database.writing() as session:
        begun = start_assessment(session, session.scalars(select(EditionRow.id)).one(), quick=False, now=now)
        made = submit_assessment(session, begun.id, lambda _said: record, now)
        return StoredSubmission(begun.id, made.id, made.digest)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
def test_a_sign_that_is_raised_and_corrected_again_loses_nothing_that_was_decided(
    database: Database, now: datetime, bank: str
) -> None:
    """Over every question that can raise a sign. While an action waits for advice, nothing of it is with that plan."""
    ever_held: set[str] = set()
    waiting: set[str] = set()
    for question, answer in first_of_each_sign(bank):
        change_of_base = {**poor_and_calm(bank), **TO_SHOW.get(question, {})}
        calm = a_record(bank, f"{bank} medium", change=change_of_base)
        raised = a_record(bank, f"{bank} medium", change={**change_of_base, question: answer})
        texts, then = item_texts(calm), item_texts(raised)
        at_risk = [key for key, text in texts.items() if then.get(key) != text]
        held = {action["question"] for action in raised["actions"] if action["held"]}
        waiting |= {action["question"] for action in calm["actions"]} & poor_and_calm(bank).keys()
        ever_held |= held & set(at_risk)
        first = submit_once_more(database, calm, now)
        with database.writing() as session:
            for key in at_risk:
                change_item(session, first.id, key, replace(SAID, status="under_way"), 0, now)
            said = {key: ItemContent.of(item) for key, item in get_tracker_state(session, first.id).items()}
        second = correct(database, first, raised, now)
        third = correct(database, first, calm, now)
        with database.reading() as session:
            assert get_tracker_state(session, second) == {}, question
            assert {key: ItemContent.of(item) for key, item in get_tracker_state(session, third).items()} == said, (
                question
            )
            for key in at_risk:
                (before,) = earlier_histories(session, session.get_one(Submission, third), key)
                assert [event.what for event in before.events] == [TrackerEventKind.CHANGED], question
    assert waiting <= ever_held
    assert len(waiting) > 1  # so that it was tried on several


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bank", BANKS)
def test_the_map_begins_afresh_for_a_part_that_a_buyer_sees_and_for_no_other(
    database: Database, now: datetime, bank: str
) -> None:
    """Else a step that was done and is not any more would tell a buyer that an answer it never sees is another."""
    title, base = f"{bank} medium", {"core_isolated": "no", "core_travel": ["own"]}
    calm = a_record(bank, title, change=base)
    cases = [(calm, a_record(bank, title, change={**base, "core_isolated": "yes"}), False)]
    for name, answer in (("core_travel", ["agency"]), ("core_buyer_pressure", "often")):
        more = a_record(bank, title, change={**base, "core_buyer_pressure": "never", name: answer})
        cases.append((a_record(bank, title, change={**base, "core_buyer_pressure": "never"}), more, True))
    travels = {**base, "core_travel": ["agency"]}  # the part waits for advice, and comes back when the sign is gone
    cases.append((a_record(bank, title, change={**travels, **URGENT}), a_record(bank, title, change=travels), True))
    for before, after, stays in cases:
        assert parts_of_map(after) > parts_of_map(before) > set()
        first = submit_once_more(database, before, now)
        with database.writing() as session:
            change_item(
                session, first.id, "map", ItemContent(response="accepted", status="done", done_on="2026-12-01"), 0, now
            )
        second = correct(database, first, after, now)
        with database.reading() as session:
            state = get_tracker_state(session, second)
            assert ("map" in state and state["map"].is_done) is stays
            assert ("map" in done_in_earlier_plan(session, second, state)) is stays


def parts_of_map(record: Record) -> set[str]:
    return {name for action in record["actions"] if action["question"] == "map" for name in action["questions"]}
