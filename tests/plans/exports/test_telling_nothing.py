"""Two files side by side: whatever sign was raised or swapped between them, they are the same to the byte.

Every question that can raise a sign is asked in one scenario or more; each of its answers that raises one is tried in all of them.

A gain, an order by gains, or a row that comes and goes would tell somebody who holds two sheets how grave an answer is.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from assess.engine.bank import Question
from assess.plans.attached import ACTIONS, attached_files
from assess.plans.calendar.events import Entry, Moment, as_ics, entries_of, with_gone
from assess.plans.document import business_plan
from assess.plans.exports.rows import COUNTING, LEFT_OUT, Row, as_csv, rows_of
from assess.plans.exports.spreadsheet import as_xlsx
from assess.plans.exports.word import as_docx
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import SCENARIOS, Record, a_record, settled_facts
from tests.plans.test_copies import TO_SHOW, base_of, sign_answers

MOMENT = Moment(uuid.UUID(int=54), 1, datetime(2026, 11, 24, 9, 30, tzinfo=UTC), {})
FILES = ("xlsx", "csv", "docx", "ics", "attached")


def answers_that_raise(bank: str) -> Iterator[tuple[Question, str, Any]]:
    """Every question that can raise a sign with every answer that does."""
    for question in edition_of(bank).questions():
        if question.can_sign:
            yield from ((question, sign, answer) for sign, answer in sign_answers(question))


def files_of(record: Record) -> dict[str, bytes]:
    plan = business_plan(record)
    listed = {file.name: file.content for file in attached_files(record, "business")}
    return {
        "xlsx": as_xlsx(plan.register, plan.head, plan.help),
        "csv": as_csv(plan.register, plan.head, plan.help),
        "docx": as_docx(plan.register, plan.head, plan.help),
        "ics": as_ics(entries_of(plan.register, record, plan.help, {}, MOMENT)),
        "attached": listed[ACTIONS],
    }


def answered(bank: str, question: str, change: dict[str, Any]) -> Record:
    change = {**TO_SHOW.get(question, {}), **change}
    return a_record(bank, base_of(bank, question), change=change, facts=settled_facts(bank))


def text_in(content: bytes) -> str:
    """Everything a file says, whatever it is packed in."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode().replace("\r\n ", "")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


@cache
def calm_files(bank: str, question: str) -> dict[str, bytes]:
    """Those of the same answers without this sign."""
    return files_of(answered(bank, question, {}))


def drawn(record: Record) -> tuple[tuple[Row, ...], tuple[Entry, ...], bytes]:
    """What all files are made of, and the list inside the PDF."""
    plan = business_plan(record)
    (listed,) = [file.content for file in attached_files(record, "business") if file.name == ACTIONS]
    entries = entries_of(plan.register, record, plan.help, {}, MOMENT)
    return rows_of(plan.register, plan.head, plan.help), entries, listed


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_in_every_scenario_every_sign_leaves_the_rows_their_order_and_the_days_as_they_are(
    bank: str, title: str
) -> None:
    facts = settled_facts(bank)
    calm = {(): a_record(bank, title, facts=facts)}
    asked = {row["id"] for section in calm[()]["sections"] for row in section["questions"]}
    compared = set()
    for question, sign, answer in answers_that_raise(bank):
        shown_by = TO_SHOW.get(question.id, {})
        if question.id not in asked and not shown_by:
            continue
        without = calm.setdefault(tuple(shown_by), a_record(bank, title, change=shown_by, facts=facts))
        record = a_record(bank, title, change={**shown_by, question.id: answer}, facts=facts)
        raised = record["result"][f"{sign}_signs"]
        assert question.id in raised or "D3" in raised, (question.id, answer)
        assert drawn(record) == drawn(without), (question.id, answer)
        compared.add(question.id)
    assert len(compared) > 20


@pytest.mark.parametrize("bank", BANKS)
def test_raising_or_swapping_any_sign_changes_no_byte_of_any_file_that_travels(bank: str) -> None:
    cases = list(answers_that_raise(bank))
    assert len(cases) > 30
    seen = set()
    for question, sign, answer in cases:
        record = answered(bank, question.id, {question.id: answer})
        assert record["result"][f"{sign}_signs"], question.id
        found, calm = files_of(record), calm_files(bank, question.id)
        assert tuple(found) == FILES
        assert [kind for kind in FILES if found[kind] != calm[kind]] == [], (question.id, answer)
        seen.add(sign)
    assert seen == {"urgent", "serious"}


@pytest.mark.parametrize("bank", BANKS)
def test_a_calendar_over_several_submissions_tells_of_no_sign_that_came_or_went(bank: str) -> None:
    """An action that waits for advice in one of them and not in the next leaves no entry that comes, goes or is struck out."""
    second = Moment(MOMENT.assessment_id, 2, datetime(2026, 12, 1, 9, 30, tzinfo=UTC), {})
    held = set()
    for question, _sign, answer in answers_that_raise(bank):
        calm, raised = (answered(bank, question.id, change) for change in ({}, {question.id: answer}))
        feeds = {
            as_ics(with_gone(_entries(after, second), [_entries(before, MOMENT)], second))
            for before in (calm, raised)
            for after in (calm, raised)
        }
        assert len(feeds) == 1, (question.id, answer)
        assert b"STATUS:CANCELLED" not in next(iter(feeds)), (question.id, answer)
        held |= {action["question"] for action in raised["actions"] if action["held"]}
    assert held, "nothing waited for advice: this would prove little"


def _entries(record: Record, moment: Moment) -> tuple[Entry, ...]:
    plan = business_plan(record)
    return entries_of(plan.register, record, plan.help, {}, moment)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_file_says_in_the_same_words_that_something_is_not_in_it(bank: str, title: str) -> None:
    for kind, content in files_of(a_record(bank, title, facts=settled_facts(bank))).items():
        said = text_in(content)
        assert said.count(LEFT_OUT) == 1, kind
        assert (COUNTING in said) is (kind != "ics"), "a calendar counts nothing"
        assert "off your score" not in said


@pytest.mark.parametrize("bank", BANKS)
def test_an_ordinary_answer_is_what_changes_them(bank: str) -> None:
    """So the comparison above can fail."""
    title = f"{bank} medium"
    before = files_of(a_record(bank, title, facts=settled_facts(bank)))
    after = files_of(a_record(bank, title, change={"core_time_records": "no"}, facts=settled_facts(bank)))
    assert [kind for kind in ("xlsx", "csv", "docx", "attached") if before[kind] == after[kind]] == []
