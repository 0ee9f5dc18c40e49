"""What a locked screen may show: the themes that hang on no wall stay out of mails and alarms, in every scenario."""

from __future__ import annotations

import re
import uuid
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS
from assess.plans.action_tracker.state import EvidenceNote, ItemState
from assess.plans.actions import (
    LABOUR_SUPPLY,
    SMALL_FIRM_PEOPLE,
    ActionList,
    ActionProgress,
    PlanItem,
    Steps,
    action_list_of,
    gain_text,
    notification_safe_items,
    progress_of,
    promised_actions,
    steps_of,
)
from assess.plans.calendar import PlanSnapshot, calendar_entries
from assess.plans.copies import business_record, mark_exportable_and_held
from assess.plans.plan_page import business_plan, coordinator_plan, wall_page_of
from assess.plans.print_html import _environment, copy_html
from assess.plans.reminders import reminder_notice_on
from assess.plans.words import one_decimal
from tests.engine.real_banks import BANKS, edition_of, some_answers
from tests.plans.records import FACTS, SCENARIOS, Record, a_record, scenario, text_of
from tests.plans.test_copies import moved_sign


def drawn(record: Record) -> ActionList:
    return action_list_of(mark_exportable_and_held(record))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_action_of_the_plan_is_in_the_action_list_once(bank: str, title: str) -> None:
    record = scenario(bank, title)
    items = [item for group in drawn(record).groups for item in group.items]
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    assert {item.key for item in items} == {
        action["question"] for action in record["actions"] if not waits(action, record)
    }


def waits(action: dict[str, Any], record: Record) -> bool:
    """Whether it waits for advice: by the record, or by the safety rules of today where advice comes first."""
    advice_first = record["result"]["urgent_signs"] or record["result"]["third_party"]
    today = (action["find_out"] and action["can_sign"]) or action["question"] in ADVICE_FIRST_QUESTIONS
    return action["held"] or bool(advice_first and today)


def test_groups_go_by_when_something_falls_due() -> None:
    titles = ["By 24 December 2026", "By 24 February 2027", "By 25 November 2027"]
    groups = {group.title: group.items for group in drawn(scenario("farming", "farming critical")).groups}
    assert list(groups)[:3] == titles
    month, quarter, year = (groups[title] for title in titles)
    assert all(item.due_days <= 30 for item in month)
    assert all(30 < item.due_days <= 92 for item in quarter)
    assert all(92 < item.due_days <= 366 for item in year)


def test_an_item_says_why_by_whom_by_when_and_what_will_show_it() -> None:
    item = next(item for item in drawn(scenario("farming", "farming medium")).items if not item.parts)
    assert item.asked.endswith(("?", "."))
    assert item.answered
    assert item.question_number
    assert item.owner
    assert item.due_text.startswith(("by ", "start today, "))
    assert item.evidence


def test_by_when_reads_the_same_on_every_later_day() -> None:
    items = (
        *drawn(scenario("car_washes", "car_washes critical")).items,
        *drawn(a_record(change={"core_debt": "dk"})).items,
    )
    words = {item.due_days: item.due_text for item in items}
    assert words[0] == "start today, 24 November 2026"
    assert words[7] == "by 1 December 2026"
    assert all(item.due_text[-4:].isdigit() for item in items if item.proposed_due), "each names its day, with its year"


def test_the_first_three_are_those_of_the_plan() -> None:
    record = scenario("farming", "farming medium")
    assert [item.id for item in business_plan(record).first] == [step["id"] for step in record["do_first"][:3]]


def test_an_action_about_exposure_is_never_among_the_first() -> None:
    record = a_record("farming", "farming low", change={"core_min_wage": "some_not"})
    kinds = {action["id"]: action["kind"] for action in record["actions"]}
    assert "exposure" in kinds.values()
    first = business_plan(record).first
    assert first
    assert all(kinds[item.id] != "exposure" for item in first)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_nothing_due_sooner_stands_after_an_action_due_later(bank: str, title: str) -> None:
    """So it is for the business. The coordinator reads what is gravest first."""
    record = scenario(bank, title)
    actions = [item for item in action_list_of(business_record(record)).items if item.what == "action"]
    assert [item.due_days for item in actions] == sorted(item.due_days for item in actions)
    assert "exposure" in {action["kind"] for action in record["actions"]}


@pytest.mark.parametrize("marked", [mark_exportable_and_held, business_record])
def test_a_duty_stands_before_what_is_due_on_its_day_and_after_what_is_to_be_begun_at_once(marked: Any) -> None:
    record = a_record("car_washes", "car_washes critical", facts=FACTS)
    soon, late = [row for row in record["duties"] if row["heading"] == "likely" and row["verdict"] == "applies"][:2]
    for row in record["duties"]:
        row["due"] = None
    record["do_first"] = [step for step in record["do_first"] if step["what"] == "action"]
    soon.update(due="2026-12-24", overdue=False)
    late.update(due="2026-10-01", overdue=True)
    items = action_list_of(marked(record)).items
    order = [item.key for item in items]
    group = [item.key for item in items if item.due_days <= 30]
    assert {soon["id"], late["id"]} <= set(group)
    at_once = [item.key for item in items if item.due_days == 0]
    assert at_once
    assert order.index(late["id"]) < order.index(soon["id"])
    if marked is business_record:
        assert order[: len(at_once) + 1] == [*at_once, late["id"]]
        days = [item.due_days for item in items[: order.index(soon["id"])]]
        assert max(days) < 30 == items[order.index(soon["id"]) + 1].due_days


def test_the_short_way_is_told_only_while_nothing_is_done_or_dropped() -> None:
    record = scenario("farming", "farming medium")
    record["result"]["unknown_signs"] = []
    key = record["actions"][1]["question"]
    named, none = deepcopy(record), deepcopy(record)
    named["short_set"].update(questions=[key], to_band="low", score_after=24.06, reason=None)
    none["short_set"].update(questions=[], to_band=None, score_after=None, reason="no_short_set")
    for state, told in (
        (ItemState(response="accepted", status="under_way", revision=1), True),
        (ItemState(response="accepted", status="done", revision=2), False),
        (ItemState(response="will_not", reason="cost", revision=1), False),
        (ItemState(response="already_done", revision=1), False),
    ):
        assert (action_list_of(mark_exportable_and_held(named), {key: state}).smallest_set is not None) is told
        assert action_list_of(mark_exportable_and_held(none), {key: state}).no_smallest_set is told
        assert ("The short way:" in text_of(copy_html(named, "business", {key: state}))) is told


def test_a_dated_duty_stands_among_the_actions_with_its_law() -> None:
    record = a_record("farming", "farming medium", facts={**FACTS, "turnover_gbp_incl_subsidiaries": 40_000_000})
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False)
    late = next(
        row
        for row in record["duties"]
        if row is not duty and row["heading"] == "likely" and row["verdict"] == "applies"
    )
    late.update(due="2026-10-01", overdue=True)
    items = {item.id: item for group in drawn(record).groups for item in group.items}
    assert items[duty["id"]].due_text == "by 20 December 2026"
    assert items[late["id"]].due_text == "by 1 October 2026; now, if not done yet"
    assert "not yet confirmed by a lawyer" in items[duty["id"]].basis
    assert items[duty["id"]].gain == ""


def test_a_duty_beyond_the_year_is_no_task_of_this_plan() -> None:
    record = a_record("farming", "farming medium", facts=FACTS)
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2028-03-01", overdue=False)
    assert duty["id"] not in {item.id for group in drawn(record).groups for item in group.items}


@pytest.mark.parametrize(
    ("heading", "said"),
    [("must", "Law: "), ("expected", "The government expects it: "), ("likely", "not yet confirmed")],
)
def test_the_force_of_a_duty_is_said(heading: str, said: str) -> None:
    record = a_record("farming", "farming medium", facts=FACTS)
    duty = next(duty for duty in record["duties"] if duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False, heading=heading)
    record["do_first"].insert(0, {"what": "duty", "id": duty["id"]})
    (item,) = (item for item in drawn(record).items if item.id == duty["id"])
    assert said in item.basis


@pytest.mark.parametrize(
    ("gain", "said"), [(None, ""), (0, ""), (0.04, "less than 0.1 off your score"), (1.25, "1.3 off your score")]
)
def test_a_gain_is_said_only_where_something_is_promised(gain: float | None, said: str) -> None:
    assert gain_text(gain) == said


def test_the_short_way_is_told_in_numbers_of_the_action_list() -> None:
    record = scenario("farming", "farming medium")
    wanted = [record["actions"][5]["question"], record["actions"][2]["question"]]
    record["short_set"].update(questions=wanted, to_band="low", score_after=24.06, reason=None)
    action_list = drawn(record)
    assert action_list.smallest_set is not None
    by_number = {item.number: item.id for group in action_list.groups for item in group.items}
    questions = {action["id"]: action["question"] for action in record["actions"]}
    assert {questions[by_number[number]] for number in action_list.smallest_set.numbers} == set(wanted)
    assert (action_list.smallest_set.from_word, action_list.smallest_set.to_word) == ("Medium", "Low")
    assert action_list.smallest_set.score_after == "24.1"


def test_where_no_few_actions_are_enough_that_is_said() -> None:
    record = scenario("farming", "farming medium")
    record["short_set"].update(questions=[], to_band=None, score_after=None, reason="no_short_set")
    assert drawn(record).no_smallest_set
    assert drawn(record).smallest_set is None


def test_an_action_that_waits_for_advice_is_no_item() -> None:
    record = a_record(change={"core_right_to_work": "some", "core_controller": "yes"})
    held = {row["question"] for row in record["actions"] if row["held"]}
    assert held
    action_list = drawn(record)
    assert action_list.waiting
    assert not held & {item.key for item in action_list.items}
    assert not drawn(scenario()).waiting


def test_a_duty_whose_source_was_not_re_read_presses_nobody() -> None:
    facts = {"operates_in": ["ENG"], "legal_form": "company", "is_small_or_medium_company": False, "fye": "2026-02-28"}
    record = a_record(facts=facts)
    duty = next(row for row in record["duties"] if row["id"] == "uk_s172_statement")
    assert (duty["verdict"], duty["heading"]) == ("applies", "ask_adviser")
    assert duty["due"] is not None
    assert all(step["id"] != duty["id"] for step in record["do_first"])
    assert all(item.id != duty["id"] for group in drawn(record).groups for item in group.items)


NOTE = EvidenceNote(1, "Payslips of October", "records", "2026-10-31", "2027-10-31", "shown")


def an_item(**state: Any) -> PlanItem:
    return replace(business_plan(scenario()).action_list.ordinary[0], state=ItemState(revision=1, **state))


def test_every_item_counts_once_and_the_sentence_adds_up() -> None:
    item = an_item()
    states = (
        {"status": "done"},
        {"response": "already_done"},
        {"response": "accepted", "status": "under_way"},
        {"response": "accepted"},
        {"response": "will_not", "status": "under_way"},
        {"owner": "Jo"},
    )
    items = [replace(item, state=ItemState(revision=1, **state)) for state in states]  # type: ignore[arg-type]  # values of several kinds
    assert progress_of(items) == ActionProgress(6, 2, 1, 1, 1, 1)
    assert (
        progress_of(items).line == "Of 6: 2 done, 1 under way, 1 not started, 1 will not be done, 1 not answered yet."
    )
    assert progress_of(items).begun


def test_nothing_was_said_yet() -> None:
    progress = business_plan(scenario()).progress
    assert not progress.begun
    assert progress.not_answered == progress.count
    assert progress_of([]).line == ""


def test_an_action_that_waits_for_advice_prints_nothing_of_its_state() -> None:
    record = a_record("farming", "farming medium", change={"core_right_to_work": "some", "core_controller": "yes"})
    held = next(action["question"] for action in record["actions"] if action["held"])
    state = {held: ItemState(response="accepted", owner="Jo Fenland", due="2027-01-15", notes=(NOTE,), revision=1)}
    assert held not in {item.key for item in business_plan(record, state).action_list.items}
    said = text_of(copy_html(record, "business", state))
    assert "Jo Fenland" not in said
    assert "Payslips of October" not in said


def test_a_printed_plan_holds_the_state_and_a_box_for_a_pen() -> None:
    record = scenario()
    first, second = business_plan(record).action_list.ordinary[:2]
    (number_of_second,) = [item.number for item in business_plan(record).action_list.items if item.key == second.key]
    state = {
        first.key: ItemState(response="accepted", owner="Jo <Fenland>", due="2027-01-15", notes=(NOTE,), revision=1),
        second.key: ItemState(response="already_done", done_on="2026-05-03", revision=1),
    }
    for copy in ("business", "large", "coordinator"):
        html = copy_html(record, copy, state)
        said = text_of(html)
        assert "We will do this. Not started Jo <Fenland>" in said
        assert "15 January 2027" in said
        assert f"Of {business_plan(record).action_list.count}: 1 done, 1 not started" in said
        assert f"Done: number {number_of_second}." in said
        assert "Proof noted: Payslips of October" not in said, "it stands in the annex"
        assert 'class="plan-tick"' in html
    assert "Done: number" not in text_of(copy_html(record, "business"))


def test_what_is_settled_is_not_among_the_things_to_do_first() -> None:
    record = scenario()
    before = business_plan(record).first
    after = business_plan(record, {before[0].key: ItemState(response="already_done", revision=1)}).first
    assert [item.key for item in after[:2]] == [item.key for item in before[1:]]
    assert len(after) == 3
    assert before[0].key not in [item.key for item in after]


def test_a_buyer_copy_knows_nothing_of_the_action_list() -> None:
    record = scenario()
    state = {
        item.key: ItemState(response="will_not", owner="Jo", revision=1)
        for item in business_plan(record).action_list.items
    }
    assert copy_html(record, "buyer", state) == copy_html(record, "buyer")


DONE = ItemState(status="done", done_on="2026-12-01")
ALREADY = ItemState(response="already_done")
REFUSED = ItemState(response="will_not", reason="not_for_us")


def adds_up(steps: Steps) -> None:
    """Go down the table with a pencil."""
    score = Decimal(steps.now)
    days = Decimal(0)
    for row in steps.rows:
        score -= Decimal(row.takes_off)
        days += Decimal(row.days)
        assert score == Decimal(row.after)
    assert score == Decimal(steps.after) == Decimal(steps.now) - Decimal(steps.total)
    assert days == Decimal(steps.days)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_table_adds_up_and_starts_at_the_score_of_the_first_page(bank: str, title: str) -> None:
    record = scenario(bank, title)
    steps = business_plan(record).steps
    if steps.rows:
        adds_up(steps)
        assert steps.now == one_decimal(record["result"]["score"])
    promised = promised_actions(business_record(record))
    few = record["people"] is not None and record["people"] < SMALL_FIRM_PEOPLE
    later = {item.key for item in business_plan(record).action_list.items if few and item.later}
    assert len(steps.rows) == len([action for action in promised if action["question"] not in later])


@pytest.mark.parametrize("bank", BANKS)
def test_any_answers_and_any_tracker_add_up(bank: str) -> None:
    rnd = Random(11)
    for _ in range(12):
        record = mark_exportable_and_held(a_record(bank, f"{bank} low", change=some_answers(rnd, edition_of(bank))))
        state = {
            action["question"]: rnd.choice((DONE, ALREADY, REFUSED))
            for action in record["actions"]
            if rnd.random() < 0.4
        }
        steps = steps_of(record, state)
        adds_up(steps)
        assert [row.number for row in steps.rows] == sorted(row.number for row in steps.rows)
        if steps.done:
            assert 0 <= Decimal(steps.done_off) <= Decimal(steps.total)
            assert steps.done == tuple(row.number for row in steps.rows if row.done)
        assert not set(steps.refused) & {row.number for row in steps.rows}


def test_the_numbers_are_those_of_the_action_list_and_dates_come_before_points() -> None:
    plan = business_plan(scenario("farming", "farming critical"))
    items = {item.number: item for item in plan.action_list.items}
    for row in plan.steps.rows:
        assert items[row.number].name == row.do
    days = [items[row.number].due_days for row in plan.steps.rows]
    assert days == sorted(days)


def test_what_waits_for_advice_and_what_is_about_exposure_promises_nothing() -> None:
    record = mark_exportable_and_held(a_record("farming", "farming critical", change={"farm_housing_type": "other"}))
    silent = {row["question"] for row in record["actions"] if row["held"] or row["gain"] is None}
    assert {row["kind"] for row in record["actions"]} > {"safeguard"}
    assert any(row["held"] for row in record["actions"])
    assert not silent & {action["question"] for action in promised_actions(record)}
    assert len(steps_of(record).rows) == len(record["actions"]) - len(silent)


def test_what_is_done_keeps_its_place_and_what_is_refused_is_left_out() -> None:
    record = scenario("farming", "farming medium")
    before = business_plan(record)
    last, first = before.steps.rows[-1], before.steps.rows[0]
    keys = {item.number: item.key for item in before.action_list.items}
    state = {keys[last.number]: DONE, keys[first.number]: REFUSED}
    steps = business_plan(record, state).steps
    assert (steps.rows[-1].number, steps.rows[-1].done) == (last.number, True)
    assert steps.refused == (first.number,)
    said = text_of(copy_html(record, "business", state))
    assert f"Done: number {last.number}. Will not be done: number {first.number}." in said


def test_done_wins_over_a_refusal_of_before() -> None:
    record = mark_exportable_and_held(scenario("farming", "farming medium"))
    key = promised_actions(record)[0]["question"]
    steps = steps_of(record, {key: ItemState(response="will_not", status="done")})
    assert len(steps.done) == 1
    assert steps.refused == ()


def test_when_all_is_refused_nothing_is_taken_off() -> None:
    record = mark_exportable_and_held(scenario("hospitality", "hospitality low"))
    state = {action["question"]: REFUSED for action in promised_actions(record)}
    steps = steps_of(record, state)
    assert (steps.rows, steps.total, steps.now == steps.after) == ((), "0.0", True)
    assert len(steps.refused) == len(state) > 0


def steps_on_screen(record: Record) -> str:
    part = _environment().from_string('{% from "plans/parts/steps.html" import steps %}{{ steps(plan) }}')
    return part.render(plan=business_plan(record))


def test_the_page_adds_up_from_its_text_alone() -> None:
    html = steps_on_screen(scenario("farming", "farming medium"))
    section = BeautifulSoup(html, "html.parser").select_one("section[aria-labelledby=steps]")
    assert section is not None
    said = " ".join(section.get_text(" ").split())
    found = re.search(r"score now ([\d.]+) − ([\d.]+) = ([\d.]+)", said)
    assert found
    now, total, after = map(Decimal, found.groups())
    assert now - total == after
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in section.select("tbody tr")]
    assert sum(Decimal(row[2].replace("under 1", "0")) for row in rows) == total
    assert Decimal(rows[-1][3]) == after
    assert "half a day for a small step, 3 for a medium one, 10 for a large one" in said
    assert not re.search(r"\b(low|medium|high|critical|act now)\b", said.replace("a medium one", ""), re.IGNORECASE)


def test_finding_out_is_said_to_count_as_good_news() -> None:
    record = scenario("farming", "farming medium")
    said = "A step that only finds something out counts as if you find that all is well."
    assert not business_plan(record).steps.finding_out
    assert said not in text_of(steps_on_screen(record))
    next(action for action in record["actions"] if action["gain"] is not None)["find_out"] = True
    assert business_plan(record).steps.finding_out
    assert said in text_of(steps_on_screen(record))


def test_a_record_of_long_ago_prints_without_the_table() -> None:
    record: dict[str, Any] = scenario()
    del record["charges"]
    assert business_plan(record).steps == Steps()
    assert "What each step brings" not in copy_html(record, "business")


@pytest.mark.parametrize("bank", BANKS)
def test_the_steps_do_not_tell_which_answer_raised_the_sign(bank: str) -> None:
    record = a_record(bank, f"{bank} medium", change={"core_documents": "employer"})
    other = moved_sign(record, "core_threats")
    assert business_plan(record).steps == business_plan(other).steps


def test_both_copies_have_the_same_steps_where_no_sign_moves_a_number() -> None:
    record = scenario("farming", "farming medium")
    assert business_plan(record).steps == coordinator_plan(record).steps
    assert steps_of(business_record(record)) == business_plan(record).steps


MOMENT = PlanSnapshot(uuid.UUID(int=54), 1, datetime(2026, 11, 24, 9, 30, tzinfo=UTC), {})


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_who_brings_workers_is_in_no_mail_and_no_calendar_and_all_other_ordinary_things_are(
    bank: str, title: str
) -> None:
    record = scenario(bank, title)
    plan = business_plan(record)
    ordinary = plan.action_list.ordinary
    quiet = {item.key for item in ordinary if is_quiet(record, item.key)}
    told: dict[str, Any] = {}
    mailed: set[str] = set()
    for day in range(0, 370, 5):
        notice = reminder_notice_on(plan.action_list, record, told, date(2026, 11, 25) + timedelta(days=day))
        mailed |= {line.do for line in (*notice.coming, *notice.overdue)} if notice else set()
    entries = calendar_entries(plan.action_list, record, plan.help, {}, MOMENT)
    shown = {entry.title for entry in entries}
    said = "\n".join(f"{entry.title}\n{entry.detail}" for entry in entries)
    for item in ordinary:
        words = [" ".join(text.split()) for text in (item.name, item.do)]
        if item.key in quiet:
            assert item.name not in mailed | shown
            assert not any(text in said for text in words)
        elif item.due_date:
            assert words[0] in shown
            assert item.name in mailed
        else:
            assert item.later, "what has no day waits, and is in no calendar"
            assert words[0] not in shown
    assert {item.key for item in notification_safe_items(plan.action_list, record)} == {
        item.key for item in ordinary
    } - quiet


def is_quiet(record: Record, key: str) -> bool:
    """Of a theme about who brings workers by what is shown of it to others, or the map, which asks through whom they come."""
    themes = {action["question"]: action["dimension"] for action in record["buyer_view"]["actions"]}
    return key == "map" or themes.get(key) in LABOUR_SUPPLY


@pytest.mark.parametrize("bank", BANKS)
def test_the_map_shows_itself_nowhere_whatever_its_parts_are(bank: str) -> None:
    """Its own words ask through whom people come, and most firms read there “Who brings you workers”."""
    for level in ("low", "medium", "critical"):
        record = scenario(bank, f"{bank} {level}")
        plan = business_plan(record)
        (found,) = [item for item in plan.action_list.ordinary if item.key == "map"]
        assert "through whom they come" in found.do
        entries = calendar_entries(plan.action_list, record, plan.help, {}, MOMENT)
        hung = [line.do for line in wall_page_of(record).lines]
        assert found.name not in {*hung, *(entry.title for entry in entries)}
        assert not any("through whom" in entry.detail for entry in entries)
        assert found.name in {action["title"] for action in record["buyer_view"]["actions"]}, (
            "who opens a copy reads it"
        )


def test_there_are_such_actions_to_leave_out() -> None:
    """So the test above can fail."""
    record = scenario("farming", "farming medium")
    action_list = business_plan(record).action_list
    assert 0 < len(notification_safe_items(action_list, record)) < len(action_list.ordinary)
