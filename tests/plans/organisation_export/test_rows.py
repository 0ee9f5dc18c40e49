from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest

from assess.kit.db import Base
from assess.people.models import Role
from assess.plans.organisation_export.rows import LEFT_OUT, OF_ASSESSMENT, OF_SUBMISSION, THROUGH, plain
from tests.kit import filled

assert filled  # every table there is


def test_values_become_what_json_has() -> None:
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert [
        plain(value) for value in (Role.BUYER, moment, date(2026, 11, 24), uuid.UUID(int=1), 1.5, None, {"a": 1})
    ] == [
        "buyer",
        "2026-11-24T09:30:00+00:00",
        "2026-11-24",
        "00000000-0000-0000-0000-000000000001",
        1.5,
        None,
        {"a": 1},
    ]


@pytest.mark.parametrize(("wanted", "by"), [(OF_ASSESSMENT, "assessment_id"), (OF_SUBMISSION, "submission_id")])
def test_what_is_taken_along_hangs_on_its_owner_and_opens_nothing(
    wanted: dict[str, tuple[str, list[str]]], by: str
) -> None:
    for name, (table_name, columns) in wanted.items():
        assert not [column for column in columns if "hash" in column or "token" in column or column == "person_id"], (
            name
        )
        table = Base.metadata.tables.get(table_name)
        if table is not None:
            assert by in table.columns
            assert set(columns) <= set(table.columns.keys()), name


def test_every_table_of_an_assessment_is_taken_along_or_left_out_for_a_reason() -> None:
    taken = {table for table, _ in [*OF_ASSESSMENT.values(), *OF_SUBMISSION.values()]}
    own = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"assessment_id", "submission_id"} & set(table.columns.keys())
    }
    assert own - taken - {"share_view"} == set(LEFT_OUT) & own
    assert taken & set(LEFT_OUT) == set()
    parts = {"delegation", "share_grant", "buyer_link", "sign_off_request", "comment"}
    hanging = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.name not in own and parts & {key.column.table.name for key in table.foreign_keys}
    }
    assert hanging - set(LEFT_OUT) == {table for table, _, _ in THROUGH.values()}
    assert {"answer", "answer_event", "tracked_action", "tracked_action_event", "purchase_line"} <= taken & own


def test_what_hangs_on_something_of_it_opens_nothing_and_names_nobody() -> None:
    for table_name, parent_name, columns in THROUGH.values():
        table = Base.metadata.tables[table_name]
        assert "assessment_id" in Base.metadata.tables[parent_name].columns
        assert set(columns) <= set(table.columns.keys()) - {"viewer", "person_id", "token_hash"}
