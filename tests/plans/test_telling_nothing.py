"""Two files side by side: whatever sign was raised or swapped between them, they are the same to the byte.

Every question that can raise a sign is asked in one scenario or more; it is tried in all of them, its answers that raise one in turn.
Whole files are made with each of these answers. Where several banks ask a question in the same words, the first of them does for all,
unless an action waits for advice: that one is looked for in the calendars of every bank.

A gain, an order by gains, or a row that comes and goes would tell somebody who holds two sheets how grave an answer is.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import groupby, product
from typing import Any

import pytest

from assess.engine.bank import Question
from assess.plans.calendar import CalendarEntry, PlanSnapshot, calendar_entries, entries_to_ics, with_removed_entries
from assess.plans.copies import mark_exportable_and_held
from assess.plans.exports import EXPORT_FORMATS, LEFT_OUT_NOTE, NUMBERING_NOTE, ActionRow, action_rows
from assess.plans.plan_page import PlanPage, business_plan
from assess.plans.print_html import ACTIONS_FILE, attached_files
from tests.engine.real_banks import BANKS, edition_of
from tests.long_runs import either
from tests.plans.records import SCENARIOS, Record, a_record, settled_facts
from tests.plans.test_copies import TO_SHOW, base_of, forbidden_texts, sign_answers

MOMENT = PlanSnapshot(uuid.UUID(int=54), 1, datetime(2026, 11, 24, 9, 30, tzinfo=UTC), {})
FILES = (*EXPORT_FORMATS, "ics", "attached")
BUT_CALENDAR = tuple(kind for kind in FILES if kind != "ics")
"""All files with the text of actions; the calendar has days and titles alone, and is compared byte by byte."""


def answers_that_raise(bank: str) -> Iterator[tuple[Question, str, Any]]:
    """Every question that can raise a sign with every answer that does."""
    for question in edition_of(bank).questions():
        if question.can_sign:
            yield from ((question, sign, answer) for sign, answer in sign_answers(question))


def in_turn(bank: str, turn: int) -> Iterator[tuple[Question, str, Any]]:
    """Every question that can raise a sign, each with one answer that does: another one at another turn."""
    for _, same in groupby(answers_that_raise(bank), key=lambda case: case[0].id):
        cases = list(same)
        yield cases[turn % len(cases)]


def own_or_waiting(bank: str) -> list[tuple[Question, str, Any]]:
    """Those of `answers_that_raise` whose question no bank before this one asks in the same words, or has an action wait for advice."""
    before = [question for other in BANKS[: BANKS.index(bank)] for question in edition_of(other).questions()]
    return [case for case in answers_that_raise(bank) if case[0] not in before or waits(case[0])]


def waits(question: Question) -> bool:
    actions = (question.action, question.dk_action, *(option.action for option in question.options))
    return any(action.after_advice for action in actions if action)


def files_of(record: Record, plan: PlanPage) -> dict[str, bytes]:
    listed = {file.name: file.content for file in attached_files(record, "business")}
    return {
        **{ending: export_format.make(plan) for ending, export_format in EXPORT_FORMATS.items()},
        "ics": entries_to_ics(calendar_entries(plan.action_list, record, plan.help, {}, MOMENT)),
        "attached": listed[ACTIONS_FILE],
    }


def answered(bank: str, question: str, change: dict[str, Any]) -> Record:
    change = {**TO_SHOW.get(question, {}), **change}
    return a_record(bank, base_of(bank, question), change=change, facts=settled_facts(bank))


def text_in(content: bytes) -> str:
    """Everything a file says, whatever it is packed in."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode().replace("\r\n ", "")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return unescape("".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")))


def drawn(record: Record) -> tuple[tuple[ActionRow, ...], tuple[CalendarEntry, ...], bytes]:
    """What all files are made of, and the list inside the PDF."""
    plan = business_plan(record)
    (listed,) = [file.content for file in attached_files(record, "business") if file.name == ACTIONS_FILE]
    entries = calendar_entries(plan.action_list, record, plan.help, {}, MOMENT)
    return action_rows(plan.action_list, plan.head, plan.help), entries, listed


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_in_every_scenario_every_sign_leaves_the_rows_their_order_and_the_days_as_they_are(
    bank: str, title: str
) -> None:
    facts = settled_facts(bank)
    bare = a_record(bank, title, facts=facts)
    calm = {(): drawn(bare)}
    asked = {row["id"] for section in bare["sections"] for row in section["questions"]}
    compared = set()
    turn = [scenario for _, scenario in SCENARIOS if scenario.startswith(bank)].index(title)
    for question, sign, answer in in_turn(bank, turn):
        shown_by = TO_SHOW.get(question.id, {})
        if question.id not in asked and not shown_by:
            continue
        if tuple(shown_by) not in calm:
            calm[tuple(shown_by)] = drawn(a_record(bank, title, change=shown_by, facts=facts))
        without = calm[tuple(shown_by)]
        record = a_record(bank, title, change={**shown_by, question.id: answer}, facts=facts)
        raised = record["result"][f"{sign}_signs"]
        assert question.id in raised or "D3" in raised, (question.id, answer)
        assert drawn(record) == without, (question.id, answer)
        compared.add(question.id)
    assert len(compared) > 20


@pytest.mark.parametrize("bank", either(BANKS[:1], BANKS))
def test_raising_or_swapping_any_sign_changes_no_byte_of_any_file_that_travels(bank: str) -> None:
    """Nor does a calendar over several submissions tell of a sign that came or went, nor is a word of a sign question in a file."""
    seen, held = set(), set()
    for _, cases in groupby(own_or_waiting(bank), key=lambda case: case[0].id):
        calm: Calm | None = None
        for question, sign, answer in cases:
            calm = calm or Calm.of(bank, question.id)
            record = answered(bank, question.id, {question.id: answer})
            assert record["result"][f"{sign}_signs"], question.id
            plan = business_plan(record)
            found = files_of(record, plan)
            assert tuple(found) == FILES
            assert [kind for kind in FILES if found[kind] != calm.files[kind]] == [], (question.id, answer)
            tells_in_no_calendar(calm, record, plan)
            has_nothing_of(question, record, plan, found)
            seen.add(sign)
            held |= {action["question"] for action in record["actions"] if action["held"]}
    assert seen == {"urgent", "serious"}
    assert held, "nothing waited for advice: the calendars would prove little"


@dataclass(frozen=True)
class Calm:
    """What the same answers come to without a sign of this question."""

    record: Record
    plan: PlanPage
    files: dict[str, bytes]

    @classmethod
    def of(cls, bank: str, question: str) -> Calm:
        record = answered(bank, question, {})
        plan = business_plan(record)
        return cls(record, plan, files_of(record, plan))


def tells_in_no_calendar(calm: Calm, record: Record, plan: PlanPage) -> None:
    """An action that waits for advice in one submission and not in the next leaves no entry that comes, goes or is struck out."""
    second = PlanSnapshot(MOMENT.assessment_id, 2, datetime(2026, 12, 1, 9, 30, tzinfo=UTC), {})
    both = (calm.plan, calm.record), (plan, record)
    before, after = (
        [calendar_entries(of.action_list, one, of.help, {}, when) for of, one in both] for when in (MOMENT, second)
    )
    (feed,) = {with_removed_entries(now, [then], second) for then, now in product(before, after)}
    assert b"STATUS:CANCELLED" not in entries_to_ics(feed)


def has_nothing_of(question: Question, record: Record, plan: PlanPage, files: dict[str, bytes]) -> None:
    """No text of a sign question is in a file, no key of an item that is not for everybody, and its place leaves no gap."""
    travelling = {action["question"] for action in record["buyer_view"]["actions"]}
    others = {
        action["question"] for action in mark_exportable_and_held(record)["actions"] if not action["exportable"]
    } - travelling
    assert others
    forbidden = forbidden_texts(question, record)
    for kind in BUT_CALENDAR:
        said = text_in(files[kind])
        assert [text for text in forbidden if text in said] == [], (question.id, kind)
    assert not any(f'"{key}"'.encode() in files["csv"] for key in others), question.id
    rows = action_rows(plan.action_list, plan.head, plan.help)
    assert [row.number for row in rows[:-1]] == list(range(1, len(rows)))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_file_says_in_the_same_words_that_something_is_not_in_it(bank: str, title: str) -> None:
    record = a_record(bank, title, facts=settled_facts(bank))
    for kind, content in files_of(record, business_plan(record)).items():
        said = text_in(content)
        assert said.count(LEFT_OUT_NOTE) == 1, kind
        assert (NUMBERING_NOTE in said) is (kind != "ics"), "a calendar counts nothing"
        assert "off your score" not in said


@pytest.mark.parametrize("bank", BANKS)
def test_an_ordinary_answer_is_what_changes_them(bank: str) -> None:
    """So the comparison above can fail."""
    before, after = (
        a_record(bank, f"{bank} medium", change=change, facts=settled_facts(bank))
        for change in ({}, {"core_time_records": "no"})
    )
    files, others = files_of(before, business_plan(before)), files_of(after, business_plan(after))
    assert [kind for kind in BUT_CALENDAR if files[kind] == others[kind]] == []
