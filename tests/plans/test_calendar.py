from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select

from assess.assessments.retention import delete_assessment
from assess.assessments.submissions import NothingSubmittedError, reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.core.links import LinkUnknownError, hash_token, new_token
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.action_tracker.state import ItemState
from assess.plans.actions import action_list_of, notification_safe_items
from assess.plans.calendar import (
    CALENDAR_NAME,
    CHECK_AGAIN_KEY,
    MAX_EARLIER_SUBMISSIONS,
    REMOVED_TITLE,
    CalendarEntry,
    PlanSnapshot,
    _one_line,
    active_feed,
    calendar_entries,
    create_feed,
    end_feed,
    entries_to_ics,
    feed_entries,
    find_feed,
    log_fetch,
)
from assess.plans.copies import business_record, mark_exportable_and_held
from assess.plans.first_page import help_contacts_of
from assess.plans.models import CalendarFeed
from assess.plans.plan_page import business_plan
from tests.core.payloads import PAYLOADS
from tests.engine.real_banks import BANKS, edition_of
from tests.long_runs import examples
from tests.plans.conftest import Submitted
from tests.plans.expected_due_dates import RULES, WORLDWIDE, end_of_month, next_annual, safe, year_ends
from tests.plans.records import FACTS, SCENARIOS, Record, a_record, scenario
from tests.plans.records import NAME as BUSINESS
from tests.plans.test_copies import forbidden_texts, raising, sign_cases

FIELDS = """BEGIN END VERSION PRODID NAME X-WR-CALNAME REFRESH-INTERVAL X-PUBLISHED-TTL UID SEQUENCE DTSTAMP LAST-MODIFIED
DTSTART SUMMARY DESCRIPTION CLASS TRANSP STATUS ACTION TRIGGER"""
KNOWN = set(FIELDS.encode().split())
"""Every field a calendar of ours has."""

MADE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MOMENT = PlanSnapshot(uuid.UUID(int=54), 1, MADE, {})
STATE = {"core_time_records": ItemState("accepted", due="2027-01-15", revision=1)}


def uid_of(key: str) -> str:
    return str(uuid.uuid5(MOMENT.assessment_id, key))


def drawn(
    record: Record, state: Mapping[str, ItemState] | None = None, now: PlanSnapshot = MOMENT
) -> tuple[CalendarEntry, ...]:
    """The entries of a record, from no more of its plan than they need: hundreds of calendars are drawn here."""
    own = business_record(record)
    return calendar_entries(action_list_of(own, state or {}), record, help_contacts_of(own), state or {}, now)


def read(content: bytes) -> list[Any]:
    """The entries as a program of other people reads them."""
    calendar = vobject.readOne(content.decode())
    calendar.validate()
    return list(calendar.contents.get("vevent", []))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_an_independent_reader_finds_every_ordinary_action_on_its_day(bank: str, title: str) -> None:
    record = scenario(bank, title)
    ordinary = [item for item in notification_safe_items(business_plan(record).action_list, record) if item.due_date]
    events = read(entries_to_ics(drawn(record)))
    found = {(event.summary.value, event.dtstart.value) for event in events}
    assert {(item.name, date.fromisoformat(str(item.due_date))) for item in ordinary} <= found
    assert len(events) == len(ordinary) + 1
    assert ("Answer the self-check again", date.fromisoformat(record["valid_until"])) in found
    assert len({event.uid.value for event in events}) == len(events)


def test_the_calendar_says_what_programs_need_and_no_method() -> None:
    content = entries_to_ics(drawn(scenario())).decode()
    lines = content.split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Assess//Action plan//EN"]
    assert f"X-WR-CALNAME:{CALENDAR_NAME}" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:P1D" in lines
    assert not any(line.startswith("METHOD") for line in lines)
    assert re.search(r"\r\nDTSTART;VALUE=DATE:20261224\r\n", content)
    assert re.search(r"\r\nDTSTAMP:20261124T093000Z\r\n", content)


def test_the_entries_are_those_of_the_plan() -> None:
    plan = business_plan(scenario(), STATE)
    assert drawn(scenario(), STATE) == calendar_entries(plan.action_list, scenario(), plan.help, STATE, MOMENT)


def test_the_same_entries_give_the_same_bytes() -> None:
    assert entries_to_ics(drawn(scenario())) == entries_to_ics(drawn(scenario()))


def test_it_rings_in_the_morning_14_days_and_one_day_before_and_for_duties_30_as_well() -> None:
    record = a_record(facts={**FACTS, **WORLDWIDE})
    duties = {duty["title"] for duty in record["duties"]}
    for event in read(entries_to_ics(drawn(record))):
        before = sorted(alarm.trigger.value for alarm in event.contents["valarm"])
        days = (
            [30, 14, 1]
            if event.summary.value in duties or event.summary.value == "Answer the self-check again"
            else [14, 1]
        )
        assert before == [timedelta(days=-day, hours=9) for day in days]
        assert {alarm.action.value for alarm in event.contents["valarm"]} == {"DISPLAY"}


def test_what_is_done_or_refused_is_cancelled_and_silent_and_its_number_grows() -> None:
    keys = [item.key for item in notification_safe_items(business_plan(scenario()).action_list, scenario())][:3]
    state = {
        keys[0]: ItemState(status="done", done_on="2026-12-01", revision=1),
        keys[1]: ItemState("will_not", "cost", revision=2),
        keys[2]: ItemState("accepted", due="2027-01-15", revision=1),
    }
    before = {entry.uid: entry for entry in drawn(scenario())}
    changed = [entry for entry in drawn(scenario(), state) if entry != before[entry.uid]]
    assert sorted((entry.over, entry.sequence) for entry in changed) == [
        (False, 10_001),
        (True, 10_001),
        (True, 10_002),
    ]
    events = {event.uid.value: event for event in read(entries_to_ics(tuple(changed)))}
    for entry in changed:
        event = events[entry.uid]
        assert event.status.value == ("CANCELLED" if entry.over else "CONFIRMED")
        assert ("valarm" in event.contents) is not entry.over
    assert date(2027, 1, 15) in {entry.on for entry in changed}


def test_when_an_item_was_changed_is_said_from_the_register() -> None:
    later = MADE + timedelta(days=3)
    now = replace(MOMENT, changed={"core_time_records": later})
    stamps = {entry.title: entry.stamp for entry in drawn(scenario(), now=now)}
    assert sorted(set(stamps.values())) == [MADE, later]


def test_nobody_is_named_in_it() -> None:
    record = scenario()
    record["organisation"].update(name=BUSINESS, postcode="PE38 0AA", company_number="01234567")
    keys = [item.key for item in business_plan(record).action_list.ordinary]
    state = {
        key: ItemState("will_not", "other", "Because of Zbigniew", "Zbigniew Owner", revision=1) for key in keys[:5]
    } | {key: ItemState("accepted", owner="Zbigniew Owner", revision=1) for key in keys[5:]}
    text = entries_to_ics(drawn(record, state)).decode().replace("\r\n ", "")
    for private in (
        BUSINESS,
        "Fen Edge",
        "PE38",
        "01234567",
        "Zbigniew",
        str(MOMENT.assessment_id),
        record["reference"],
    ):
        assert private not in text
    assert not any(key in text for key in keys if key != "map")
    assert "You answered" not in text


@pytest.mark.parametrize("bank", BANKS)
def test_nothing_of_a_sign_question_is_in_it_whatever_was_answered(bank: str) -> None:
    questions = {question.id: question for question in edition_of(bank).questions()}
    cases = [case for case in sign_cases() if case[0] == bank]
    assert len(cases) > 30
    for _, name, _, answer in cases:
        record = raising(bank, name, answer)
        entries = drawn(record)
        said = "\n".join(f"{entry.title}\n{entry.detail}" for entry in entries)
        assert [text for text in forbidden_texts(questions[name], record) if text in said] == [], name
        travelling = {action["question"] for action in record["buyer_view"]["actions"]}
        others = {
            one["question"] for one in mark_exportable_and_held(record)["actions"] if not one["exportable"]
        } - travelling
        assert others
        uids = {entry.uid for entry in entries}
        assert uids.isdisjoint(uid_of(key) for key in others)


def test_what_only_a_state_knows_brings_nothing_in() -> None:
    plan = business_plan(scenario())
    (key, *_) = [item.key for item in plan.action_list.items if not item.ordinary]
    state = {key: ItemState("accepted", due="2027-01-15", revision=3)}
    assert drawn(scenario(), state) == drawn(scenario())


def test_the_oracle_gives_the_dates_of_the_worked_examples() -> None:
    rows = {
        date(2025, 12, 31): ("2026-06-30", "2026-06-30", "2026-04-30", "2026-09-30"),
        date(2026, 2, 28): ("2026-08-28", "2026-08-31", "2026-06-28", "2026-11-30"),
        date(2026, 3, 31): ("2026-09-30", "2026-09-30", "2026-07-31", "2026-12-31"),
        date(2026, 4, 5): ("2026-10-05", "2026-10-05", "2026-08-05", "2027-01-05"),
        date(2026, 6, 30): ("2026-12-30", "2026-12-31", "2026-10-30", "2027-03-31"),
        date(2026, 8, 31): ("2027-02-28", "2027-02-28", "2026-12-31", "2027-05-31"),
        date(2026, 9, 30): ("2027-03-30", "2027-03-31", "2027-01-30", "2027-06-30"),
    }
    for end, wanted in rows.items():
        made = (safe(end, 6), end_of_month(end, 6), safe(end, 4), end_of_month(end, 9))
        assert tuple(day.isoformat() for day in made) == wanted
    assert next_annual(5, 31)(date(2026, 3, 31)) == date(2026, 5, 31)
    assert next_annual(5, 31)(date(2026, 6, 30)) == date(2027, 5, 31)


def test_200_year_ends_bring_the_duties_on_their_golden_days() -> None:
    ends = year_ends()
    assert len(ends) == 200
    assert {date(2024, 2, 28), date(2024, 2, 29), date(2026, 2, 28), date(2028, 2, 29)} <= set(ends)
    for end in ends:
        record = a_record(facts={**FACTS, **WORLDWIDE, "fye": end.isoformat()})
        titles = {duty["title"]: duty["id"] for duty in record["duties"]}
        entries = tuple(entry for entry in drawn(record) if entry.title in titles)
        found = {titles[event.summary.value]: event.dtstart.value for event in read(entries_to_ics(entries))}
        assert {name: found.get(name) for name in RULES} == {name: rule(end) for name, rule in RULES.items()}, end


def test_a_duty_that_is_not_told_as_fact_is_no_entry() -> None:
    record = a_record(facts={**FACTS, **WORLDWIDE})
    unsure = [duty for duty in record["duties"] if duty["due"] and duty["heading"] in {"ask_adviser", "good_practice"}]
    unsure += [duty for duty in record["duties"] if duty["due"] and duty["verdict"] == "to_check"]
    assert unsure
    assert {entry.title for entry in drawn(record)}.isdisjoint(duty["title"] for duty in unsure)


@pytest.mark.parametrize(("more", "obliged"), [({}, False), (WORLDWIDE, True)])
def test_what_is_expected_around_a_statement_is_told_only_where_one_must_be_made(
    more: Mapping[str, Any],
    obliged: bool,  # noqa: FBT001  # a case
) -> None:
    """A small firm may register a statement of its own will; nobody presses it to. Only who must make one is told."""
    record = a_record(facts={**FACTS, **more})
    verdicts = {duty["id"]: duty["verdict"] for duty in record["duties"]}
    assert (verdicts["uk_s54_statement"] == "applies") is obliged
    expected = {
        duty["title"]: date.fromisoformat(duty["due"])
        for duty in record["duties"]
        if duty["heading"] == "expected" and duty["verdict"] == "applies" and duty["due"]
    }
    assert bool(expected) is obliged
    found = {entry.title: entry.on for entry in drawn(record)}
    assert {title: found[title] for title in expected if title in found} == (expected if obliged else {})


@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "a\r\nATTACH:http://127.0.0.1:1/", "b\rEND:VCALENDAR", "c\u2028X-Y:1", 'd\\n;,"é' * 40]
)
def test_hostile_text_stays_in_its_line_and_reads_back(payload: str) -> None:
    line = _one_line(payload)
    entry = CalendarEntry("u", date(2026, 12, 1), line, f"{line}\n{line}", (1,), 1, MADE, over=False)
    content = entries_to_ics((entry,))
    lines = content.split(b"\r\n")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    names = {line.partition(b":")[0].partition(b";")[0] for line in lines if line and not line.startswith(b" ")}
    assert names == KNOWN
    (event,) = read(content)
    assert event.summary.value == entry.title
    assert event.description.value == entry.detail


def test_hostile_text_in_a_record_adds_no_line() -> None:
    record = scenario()
    for number, action in enumerate(record["buyer_view"]["actions"]):
        action["title"] = action["do"] = (
            f"{PAYLOADS[number % 40]}\r\nATTACH:http://127.0.0.1:1/{number}\nBEGIN:VEVENT\x0b\x85END:VCALENDAR"
        )
    events = read(entries_to_ics(drawn(record)))
    assert len(events) == len(drawn(scenario()))
    assert all(set(event.contents) <= {name.decode().lower() for name in KNOWN} | {"valarm"} for event in events)


@given(some.text(max_size=300))
@example("kept in D:\\New\\N")
@settings(max_examples=examples(100), deadline=None)
def test_any_text_is_folded_to_lines_of_75_octets_and_reads_back(text: str) -> None:
    record = scenario()
    view = record["buyer_view"]
    view["actions"] = [action for action in view["actions"] if action["question"] == "core_time_records"]
    view["actions"][0]["title"] = view["actions"][0]["do"] = text
    (entry,) = [entry for entry in drawn(record) if entry.uid == uid_of("core_time_records")]
    for detail in (entry.detail, entry.title):
        content = entries_to_ics((replace(entry, detail=detail),))
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        (event,) = read(content)
        assert event.summary.value == entry.title


STATES = ("open", "under_way", "done")
EDITS = some.lists(
    some.tuples(
        some.sampled_from(["edit", "edit", "edit", "submit"]),
        some.integers(0, 40),
        some.sampled_from([None, "2027-01-15", "2027-03-01", "2026-12-24"]),
        some.sampled_from([None, "accepted", "already_done", "will_not"]),
        some.sampled_from(STATES),
    ),
    max_size=12,
)


def lived(edits: list[Any]) -> Iterator[tuple[CalendarEntry, ...]]:
    """The calendars of an assessment through these edits and submissions; a new submission keeps or drops the states."""
    records = [scenario(), a_record(change={"core_longest_week": 47}), a_record(change={"core_time_records": "daily"})]
    keys = [[item.key for item in action_list_of(business_record(record)).items] for record in records]
    number, state = 1, dict[str, ItemState]()
    yield drawn(records[0])
    for count, (kind, place, due, response, status) in enumerate(edits, 1):
        record = records[number % 3 - 1]
        if kind == "submit":
            number += 1
            record = records[number % 3 - 1]
            state = {key: replace(item, revision=1) for key, item in state.items()} if place % 2 else {}
        else:
            of_record = keys[number % 3 - 1]
            key = of_record[place % len(of_record)]
            revision = state.get(key, ItemState()).revision + 1
            state[key] = ItemState(response, due=due, status=status, revision=revision)
        now = PlanSnapshot(MOMENT.assessment_id, number, MADE, dict.fromkeys(state, MADE + timedelta(hours=count)))
        yield drawn(record, dict(state), now)


@given(EDITS)
@settings(max_examples=examples(40), deadline=None)
def test_an_entry_keeps_its_name_and_its_number_grows_whenever_it_says_something_else(edits: list[Any]) -> None:
    seen: dict[str, CalendarEntry] = {}
    for entries in lived(edits):
        assert len({entry.uid for entry in entries}) == len(entries)
        for entry in entries:
            before = seen.get(entry.uid, entry)
            assert entry.sequence >= before.sequence
            told = (entry.on, entry.title, entry.detail, entry.over)
            if told != (before.on, before.title, before.detail, before.over):
                assert entry.sequence > before.sequence
            seen[entry.uid] = entry
    assert uid_of(CHECK_AGAIN_KEY) in seen


@pytest.fixture
def store(app: Flask) -> Database:
    found: Database = app.extensions["assess.database"]
    return found


def time_records(submitted: Submitted) -> str:
    """The name of the entry that most tests have come and go."""
    return str(uuid.uuid5(submitted.id, "core_time_records"))


def fed(store: Database, submitted: Submitted) -> dict[str, CalendarEntry]:
    """What the working address of a business tells now, by the names of the entries."""
    with store.reading() as session:
        feed = active_feed(session, submitted.id)
        assert feed is not None
        return {entry.uid: entry for entry in feed_entries(session, feed)}


def correct(store: Database, submitted: Submitted, when: datetime, **answers: Any) -> None:
    """Submit the answers of the scenario with these changed."""
    with store.writing() as session:
        reopen_assessment(session, submitted.id, when)
        submit_assessment(session, submitted.id, lambda _said: a_record(change=answers), when)


@pytest.mark.both_databases
def test_only_the_hash_of_an_address_is_stored(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        token = create_feed(session, submitted.id, now)
    with store.reading() as session:
        feed = find_feed(session, token)
        assert (feed.token_hash, feed.opened, feed.last_opened_at) == (hash_token(token), 0, None)
        found = active_feed(session, submitted.id)
        assert found is not None
        assert found.id == feed.id


@pytest.mark.both_databases
def test_a_new_address_ends_the_one_before(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        first = create_feed(session, submitted.id, now)
    with store.writing() as session:
        second = create_feed(session, submitted.id, now)
    with store.reading() as session:
        with pytest.raises(LinkUnknownError):
            find_feed(session, first)
        assert find_feed(session, second)


@pytest.mark.both_databases
def test_an_ended_address_an_unknown_one_and_nonsense_look_alike(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    with store.writing() as session:
        ended = create_feed(session, submitted.id, now)
        end_feed(session, submitted.id, now)
    with store.reading() as session:
        assert active_feed(session, submitted.id) is None
        for token in (ended, new_token(), "", "x" * 43 + "/"):
            with pytest.raises(LinkUnknownError):
                find_feed(session, token)


@pytest.mark.both_databases
def test_fetching_is_counted_until_it_ends(store: Database, submitted: Submitted, now: datetime) -> None:
    later = now + timedelta(hours=1)
    with store.writing() as session:
        feed = find_feed(session, create_feed(session, submitted.id, now))
        log_fetch(session, feed.id, now)
        log_fetch(session, feed.id, later)
        end_feed(session, submitted.id, later)
        log_fetch(session, feed.id, later + timedelta(hours=1))
    with store.reading() as session:
        kept = session.scalars(select(CalendarFeed)).one()
        assert (kept.opened, kept.last_opened_at, kept.ended_at) == (2, later, later)


@pytest.mark.both_databases
def test_what_the_business_decides_and_submits_moves_the_entries(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    later = now + timedelta(days=2)
    with store.writing() as session:
        create_feed(session, submitted.id, now)
    before = fed(store, submitted)
    with store.writing() as session:
        said = ItemContent(response="accepted", due="2027-01-15")
        change_item(session, submitted.submission_id, "core_time_records", said, 0, later)
    after = fed(store, submitted)
    assert before.keys() == after.keys()
    (moved,) = [entry for uid, entry in after.items() if entry != before[uid]]
    assert (moved.on.isoformat(), moved.stamp) == ("2027-01-15", later)
    assert moved.sequence > before[moved.uid].sequence
    correct(store, submitted, later, core_time_records="daily")
    last = fed(store, submitted)
    assert last.keys() == before.keys()
    assert [uid for uid, entry in last.items() if entry.over] == [moved.uid]
    assert all(entry.sequence > after[uid].sequence for uid, entry in last.items())


@pytest.mark.both_databases
def test_what_a_correction_took_away_is_cancelled_without_its_words_and_comes_back_as_it_was(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    with store.writing() as session:
        create_feed(session, submitted.id, now)
    first = fed(store, submitted)
    correct(store, submitted, now + timedelta(days=1), core_time_records="daily")
    correct(store, submitted, now + timedelta(days=2), core_time_records="daily", core_longest_week=47)
    third = fed(store, submitted)
    (left,) = [
        entry
        for entry in third.values()
        if entry.over and entry.title == REMOVED_TITLE and entry.uid == time_records(submitted)
    ]
    was = first[left.uid]
    assert (left.on, left.detail, left.alarms) == (was.on, "", ())
    assert (left.sequence, left.stamp) == (30_000, now + timedelta(days=2))
    text = entries_to_ics(tuple(third.values())).decode().replace("\r\n ", "")
    assert was.title not in text.replace("\\,", ",")
    assert text.count("STATUS:CANCELLED") == sum(entry.over for entry in third.values())
    correct(store, submitted, now + timedelta(days=3))
    back = fed(store, submitted)[left.uid]
    assert (back.over, back.title, back.on) == (False, was.title, was.on)
    assert back.sequence > left.sequence


@pytest.mark.both_databases
def test_an_address_tells_nothing_of_plans_it_never_led_to(
    store: Database, submitted: Submitted, now: datetime
) -> None:
    later = now + timedelta(days=2)
    correct(store, submitted, now + timedelta(days=1), core_time_records="daily")
    with store.writing() as session:
        create_feed(session, submitted.id, later)
    assert not any(entry.over for entry in fed(store, submitted).values())
    correct(store, submitted, later + timedelta(days=1))
    correct(store, submitted, later + timedelta(days=2), core_time_records="daily")
    assert [uid for uid, entry in fed(store, submitted).items() if entry.over] == [time_records(submitted)]


@pytest.mark.both_databases
def test_it_looks_back_so_far_and_no_further(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        create_feed(session, submitted.id, now)
    for hours in range(1, MAX_EARLIER_SUBMISSIONS + 1):
        correct(store, submitted, now + timedelta(hours=hours), core_time_records="daily")
    assert fed(store, submitted)[time_records(submitted)].over
    correct(store, submitted, now + timedelta(days=2), core_time_records="daily")
    assert time_records(submitted) not in fed(store, submitted)


@pytest.mark.both_databases
def test_with_the_assessment_its_address_goes(store: Database, submitted: Submitted, now: datetime) -> None:
    with store.writing() as session:
        token = create_feed(session, submitted.id, now)
    with store.writing() as session:
        delete_assessment(session, submitted.id)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(CalendarFeed)) == 0
        with pytest.raises(LinkUnknownError):
            find_feed(session, token)
        with pytest.raises(NothingSubmittedError):
            feed_entries(session, CalendarFeed(assessment_id=submitted.id, made_at=now))
