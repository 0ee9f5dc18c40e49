from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.duties_and_settings.forms import (
    CONTACTS,
    DUTIES,
    ENTRY_KINDS,
    OWNERS,
    SOURCES,
    EntryKind,
    add_value,
    amount_field,
    duty_condition_in_words,
    entries_of_kind,
    entry_field,
    files_of_kind,
    find_entry,
    issues_of_entry,
    names_in_draft,
    new_value_fields,
    read_source,
    read_value,
    reviewed_text_changed,
    set_source_check,
    step_conditions,
)
from assess.bank_editor.fields import Control, field_at, form_values, posted_values, read_group
from assess.bank_editor.labels import IdField
from assess.core.edit_conflicts import EditConflictError
from assess.core.forms.fields import LinesField, MoneyField, WebAddressField
from assess.engine.bank import Duty
from assess.engine.schema import file_fields
from assess.engine.settings import Contact
from assess.question_banks.files import QUESTIONNAIRES, read_folder
from assess.question_banks.models import Draft
from tests.content_files import SOUND, UK, Edit, sound_but

STEPS = entry_field("must_do", "What to do", control=Control.STEPS, binds=True)
KIND = entry_field(
    "kind", "When", choices={"none": "no date", "continuous": "always"}, inside="deadline", required=True
)
LINKS = entry_field("more_urls", "Links", control=Control.LINES, reader=LinesField(WebAddressField()))
NOTE = entry_field("note", "Note", control=Control.TEXT)
ALL = (STEPS, KIND, LINKS, NOTE)


def read(typed: dict[str, str], held: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    return read_group(ALL, posted_values(ALL, MultiDict(typed)), held or {}, ())


def test_what_is_read_is_put_where_it_belongs_and_the_rest_stays() -> None:
    thing = {
        "id": "a",
        "must_do": ["One", {"text": "Two", "when": "always"}, "Three"],
        "deadline": {"kind": "none", "n": 3},
        "note": "old",
    }
    made, errors = read({"must_do-0": "One", "must_do-1": "Two  of\nthem", "must_do-2": "", "must_do-3": "Four", "deadline-kind": "continuous",
                      "more_urls": "https://a.example\r\n\r\nhttps://b.example/x", "note": ""}, thing)  # fmt: skip
    assert not errors
    assert made == {
        "id": "a",
        "must_do": ["One", {"text": "Two of them", "when": "always"}, "Four"],
        "deadline": {"kind": "continuous", "n": 3},
        "more_urls": ["https://a.example", "https://b.example/x"],
    }


def test_a_form_shows_what_is_written_and_taking_it_back_changes_nothing() -> None:
    thing = {
        "must_do": ["One", {"text": "Two", "when": "always"}],
        "deadline": {"kind": "none"},
        "more_urls": ["https://a.example"],
    }
    form = {name: values[0] for name, values in form_values(ALL, thing).items() if name != "must_do"}
    form |= {f"must_do-{index}": text for index, text in enumerate(form_values(ALL, thing)["must_do"])}
    assert read(form, thing) == (thing, {})


def test_what_is_missing_or_no_choice_is_said_at_its_field() -> None:
    assert read({})[1] == {"deadline-kind": "Enter this: When."}
    assert set(read({"deadline-kind": "sometimes", "more_urls": "http://a.example", "note": "x" * 4001})[1]) == {
        "deadline-kind",
        "more_urls",
        "note",
    }


def test_an_amount_of_money_is_read_with_its_sign_and_another_number_without() -> None:
    def read(unit: str | None, typed: str) -> Any:
        return amount_field(unit).read(typed)

    assert read("£ an hour", "£12.50") == (12.5, "")
    assert read(None, "45,000") == (45000, "")
    assert isinstance(read(None, "45,000")[0], int)
    assert all(read("days", typed)[1] for typed in ("twelve", "-1", "1e5", "£12.50", "9" * 13))
    assert isinstance(amount_field("£ an hour"), MoneyField)


def test_ids() -> None:
    small, capital = (
        entry_field("id", "Id", control=Control.SHORT, reader=IdField(capitals=one), required=True)
        for one in (False, True)
    )
    assert read_group([small], {"id": ["new_duty"]}, {}, ()) == ({"id": "new_duty"}, {})
    assert read_group([capital], {"id": ["S140"]}, {}, ()) == ({"id": "S140"}, {})
    assert read_group([small], {"id": ["S140"]}, {}, ())[1]
    assert read_group([capital], {"id": ["1 2"]}, {}, ())[1]


def test_a_review_is_void_only_when_what_it_looked_at_changed() -> None:
    before = {"must_do": ["One"], "note": "old"}
    assert not reviewed_text_changed(ALL, before, {"must_do": ["One"], "note": "new"})
    assert reviewed_text_changed(ALL, before, {"must_do": ["Two"], "note": "old"})


def test_a_place_belongs_to_the_field_above_it() -> None:
    assert field_at(ALL, ("must_do", 3, "text")) is STEPS
    assert field_at(ALL, ("deadline", "kind")) is KIND
    assert field_at(ALL, ("when",)) is None


BANK_FILES = read_folder(Path(SOUND))


def test_each_kind_is_found_where_it_stands() -> None:
    real = read_folder(QUESTIONNAIRES)
    assert {content_file.name for content_file in files_of_kind(real, DUTIES)} == {
        "duties/uk.yaml",
        "duties/international.yaml",
    }
    assert [content_file.name for content_file in files_of_kind(real, CONTACTS)] == ["settings/contacts.yaml"]
    assert all(next(entries_of_kind(real, kind), None) for kind in ENTRY_KINDS.values())


def test_a_list_and_a_group_are_both_read() -> None:
    duty, source, owner = (
        find_entry(BANK_FILES, DUTIES, "accounts"),
        find_entry(BANK_FILES, SOURCES, "S1"),
        next(entries_of_kind(BANK_FILES, OWNERS)),
    )
    assert duty
    assert source
    assert (duty.path, duty.title) == (("duties", 1), "Accounts")
    assert (source.path, source.title) == (("sources", "S1"), "A handbook")
    assert owner.title == owner.raw
    assert find_entry(BANK_FILES, DUTIES, "nothing") is None


def test_the_mark_is_another_when_the_thing_is() -> None:
    one, other = list(entries_of_kind(BANK_FILES, DUTIES))
    assert one.etag != other.etag


@pytest.mark.parametrize(
    ("kind", "shape", "left"),
    [(DUTIES, Duty, {"id", "when", "reviewed_by", "reviewed_on"}), (CONTACTS, Contact, {"id", "blanked"})],
)
def test_the_form_asks_for_all_that_the_file_may_hold(kind: EntryKind, shape: type, left: set[str]) -> None:
    assert {one.path[0] for one in kind.fields} | left == set(file_fields(shape))


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def bench(*edits: Edit) -> DraftContext:
    return DraftContext(Draft(), sound_but(*edits), NOW)


def test_a_problem_stands_at_its_field_or_at_the_whole() -> None:
    broken = bench(
        (UK, "url: https://example.org/act", "url: nowhere"),
        (UK, "when: {all: [{applies: payslips}", "when: {all: [{applies: nothing}"),
    )
    here, other = find_entry(broken.files, DUTIES, "payslips"), find_entry(broken.files, DUTIES, "accounts")
    assert here
    assert other
    beside, _ = issues_of_entry(broken, here)
    assert set(beside) == {"url"}
    assert issues_of_entry(broken, other)[0] == {}
    source = find_entry(bench().files, SOURCES, "S1")
    assert source
    assert issues_of_entry(bench(), source) == ({}, [])


def test_a_condition_is_said_in_words() -> None:
    draft_context = bench()
    names = names_in_draft(draft_context)
    said = duty_condition_in_words(names, "accounts")
    assert said
    assert said.startswith("“Payslips” applies and")
    assert step_conditions(names, "payslips")[0] == ""
    assert "more than 5000000" in step_conditions(names, "payslips")[1]
    assert duty_condition_in_words(None, "accounts") is None
    assert step_conditions(names, "nothing") == ()


PROOF = {"source": "An order", "checked": "2026-11-24", "review_by": "2027-11-24"}
OLD = {"from": "2026-04-01", "value": 12.34, **PROOF}


def setting(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"id": "wage", "label": "Wage", "unit": "£ an hour", "values": list(rows or (OLD,))}


def read_new(row: dict[str, Any], unit: str | None, typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    fields = new_value_fields(row, unit)
    return read_value(fields, posted_values(fields, MultiDict(typed)), setting())


def test_a_new_value_stands_at_its_day_and_the_old_one_stays() -> None:
    held = setting()
    row, errors = read_new(OLD, "£ an hour", {"from": "01/04/2027", "value": "13.10", **PROOF})
    assert not errors
    add_value(held, row)
    add_value(held, {**row, "from": "2026-10-01"})
    values = held["values"]
    assert [(one["from"], one["value"]) for one in values] == [
        ("2026-04-01", 12.34),
        ("2026-10-01", 13.1),
        ("2027-04-01", 13.1),
    ]
    assert values[0] == OLD
    assert list(row) == list(OLD)


def test_a_day_is_given_once_and_a_look_comes_before_the_next() -> None:
    form = {"from": "2026-04-01", "value": "13", **PROOF, "review_by": "2026-01-01"}
    assert set(read_new(OLD, None, form)[1]) == {"from", "review_by"}


def test_a_value_is_typed_as_the_one_before_it_is() -> None:
    assert new_value_fields({"value": "October"}, None)[1].control is Control.LINE
    assert new_value_fields({"value": 3}, None)[1].control is Control.NUMBER
    held = {"value": {"medium": 1, "high": 2}}
    assert [one.path for one in new_value_fields(held, None)[1:3]] == [("value", "medium"), ("value", "high")]
    row, errors = read_new(held, None, {"from": "2027-01-01", "value-medium": "3", "value-high": "4", **PROOF})
    assert not errors
    assert row["value"] == {"medium": 3, "high": 4}


def test_another_look_at_the_source_leaves_the_value() -> None:
    held = setting()
    said, errors = read_source({name: [text] for name, text in {**PROOF, "source": "GOV.UK"}.items()})
    assert not errors
    set_source_check(held, "2026-04-01", said)
    assert held["values"] == [{**OLD, "source": "GOV.UK"}]
    with pytest.raises(EditConflictError):
        set_source_check(held, "2020-01-01", said)
