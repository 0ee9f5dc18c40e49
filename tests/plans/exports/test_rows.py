from __future__ import annotations

import csv
import io

import pytest

from assess.engine.short_sets import EFFORT_DAYS
from assess.kit.formulas import unguarded
from assess.plans.document import business_plan
from assess.plans.exports.rows import COLUMNS, Row, as_csv, rows_of
from assess.plans.register.state import EvidenceNote, ItemState
from tests.kit.payloads import PAYLOADS
from tests.plans.records import FACTS, NAME, SCENARIOS, Record, a_record, scenario

HELPLINE = "Call 08000 121 700, the Modern Slavery and Exploitation Helpline"


def drawn(record: Record, state: dict[str, ItemState] | None = None) -> tuple[Row, ...]:
    plan = business_plan(record, state or {})
    return rows_of(plan.register, plan.head, plan.help)


def written(record: Record, state: dict[str, ItemState] | None = None) -> list[dict[str, str]]:
    plan = business_plan(record, state or {})
    text = as_csv(plan.register, plan.head, plan.help).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def ordinary_keys(record: Record) -> list[str]:
    return [item.key for item in business_plan(record).register.ordinary]


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_there_is_one_row_for_each_ordinary_item_and_then_the_helpline(bank: str, title: str) -> None:
    record = scenario(bank, title)
    rows = drawn(record)
    assert sorted(row.id for row in rows[:-1]) == sorted(ordinary_keys(record))
    assert rows[-1].id == "helpline"
    assert [row.number for row in rows] == [*range(1, len(rows)), None]
    assert HELPLINE in rows[-1].do


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_rows_stand_by_date_and_then_as_they_are_asked_and_nothing_says_what_they_take_off(
    bank: str, title: str
) -> None:
    record = scenario(bank, title)
    asked = [question["id"] for section in record["sections"] for question in section["questions"]]
    rows = [(row.due or "9999", asked.index(row.id)) for row in drawn(record)[:-1] if row.id in asked]
    assert rows == sorted(rows)
    assert len(rows) > 1 or title == "farming low"
    plan = business_plan(record)
    assert "score" not in as_csv(plan.register, plan.head, plan.help).decode().lower()


def test_a_date_that_was_moved_moves_its_row() -> None:
    first, *_, last = drawn(scenario())[:-1]
    rows = drawn(scenario(), {first.id: ItemState(due="2028-01-01", revision=1)})
    assert (rows[-2].id, rows[-2].number) == (first.id, last.number)


def test_a_row_says_what_why_how_much_and_by_when_in_types() -> None:
    (row,) = [row for row in drawn(scenario()) if row.id == "core_time_records"]
    assert row.do.startswith("Write down everyone’s hours each day. Start a daily sign-in sheet")
    assert "You answered: Sometimes, or totals only. Only a record" in row.why
    assert (row.effort, row.due) == (EFFORT_DAYS["S"], "2026-12-24")
    assert (row.owner, row.status, row.response) == ("Site manager", "Not started", "")
    assert row.basis == "From your answers"


def test_what_will_not_be_done_is_not_said_to_have_not_begun() -> None:
    state = {"core_time_records": ItemState("will_not", "cost", revision=1)}
    (row,) = [row for row in written(scenario(), state) if row["Id"] == "core_time_records"]
    assert (row["Status"], row["Our answer"]) == ("Will not be done", "We will not do this")


def test_what_the_business_made_of_an_item_stands_in_its_row() -> None:
    note = EvidenceNote(1, "Blank sheet", "policy", "2026-12-01", "2027-12-01", "shown")
    state = ItemState("accepted", "", "", "Ann", "2027-01-15", "done", "2027-01-10", 4, (note,))
    (row,) = [row for row in drawn(scenario(), {"core_time_records": state}) if row.id == "core_time_records"]
    assert (row.owner, row.due, row.status, row.done_on) == ("Ann", "2027-01-15", "Done", "2027-01-10")
    assert row.response == "We will do this"
    assert (
        row.notes
        == "Blank sheet (a policy or written rules; dated 1 December 2026; good until 1 December 2027; we have shown it to somebody from outside)"
    )


def test_a_reason_reads_as_it_was_picked() -> None:
    state = ItemState("will_not", "cost", "Again next year", revision=1)
    (row,) = [row for row in drawn(scenario(), {"core_time_records": state}) if row.id == "core_time_records"]
    assert (row.response, row.reason) == ("We will not do this", "It costs too much now. Again next year")


def test_a_duty_has_its_law() -> None:
    record = a_record(facts={**FACTS, "turnover_gbp_incl_subsidiaries": 40_000_000})
    duty = next(duty for duty in record["duties"] if duty["heading"] == "likely" and duty["verdict"] == "applies")
    duty.update(due="2026-12-20", overdue=False)
    (row,) = [row for row in drawn(record) if row.id == duty["id"]]
    assert (row.due, row.effort) == ("2026-12-20", None)
    assert row.basis.startswith("Law, likely to apply, not yet confirmed by a lawyer: ")


def test_ids_stay_over_another_submission_and_whatever_is_done() -> None:
    before = ordinary_keys(scenario())
    after = drawn(a_record(change={"core_longest_week": 47}), {before[0]: ItemState(status="done", revision=1)})
    assert set(before) - {"core_longest_week"} <= {row.id for row in after}


def test_csv_begins_with_its_mark_ends_lines_as_windows_does_and_has_iso_dates() -> None:
    plan = business_plan(scenario())
    content = as_csv(plan.register, plan.head, plan.help)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    rows = written(scenario())
    assert list(rows[0]) == [column.title for column in COLUMNS]
    assert rows[0]["Due"] == "2026-12-24"
    assert content == as_csv(plan.register, plan.head, plan.help)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_somebody_typed_is_no_formula_in_csv_and_can_be_had_back(payload: str) -> None:
    record = scenario()
    record["organisation"]["name"] = payload
    note = EvidenceNote(1, payload, "form", None, None, "said")
    key = drawn(record)[0].id
    row, *_, last = written(record, {key: ItemState("will_not", "", payload, payload, notes=(note,), revision=1)})
    assert not any(cell[:1] in "=+-@\t\r" for cell in row.values() if cell)
    assert unguarded(row["Who"]) == payload
    assert unguarded(row["Reason"]) == payload
    assert payload in unguarded(row["Proof noted"])
    assert payload in last["Why"] or payload in unguarded(last["Why"])
    assert NAME not in last["Why"]
