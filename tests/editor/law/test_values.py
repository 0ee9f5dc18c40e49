from __future__ import annotations

from typing import Any

import pytest

from assess.editor.changing import MovedOnError
from assess.editor.law.fields import Kind, read
from assess.editor.law.values import add_value, fields_for, look_again, read_proof, read_value
from assess.editor.workbench import mark_of

PROOF = {"source": "An order", "checked": "2026-11-24", "review_by": "2027-11-24"}
OLD = {"from": "2026-04-01", "value": 12.34, **PROOF}


def setting(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"id": "wage", "label": "Wage", "unit": "£ an hour", "values": list(rows or (OLD,))}


def test_a_new_value_stands_at_its_day_and_the_old_one_stays() -> None:
    data = {"settings": [setting()]}
    row, errors = read_value(
        read(fields_for(OLD, "£ an hour"), {"from": "01/04/2027", "value": "13.10", **PROOF}), setting()
    )
    assert not errors
    add_value(data, "wage", mark_of(setting()), row)
    add_value(data, "wage", mark_of(data["settings"][0]), {**row, "from": "2026-10-01"})
    values = data["settings"][0]["values"]
    assert [(one["from"], one["value"]) for one in values] == [
        ("2026-04-01", 12.34),
        ("2026-10-01", 13.1),
        ("2027-04-01", 13.1),
    ]
    assert values[0] == OLD


def test_a_day_is_given_once_and_a_look_comes_before_the_next() -> None:
    form = {"from": "2026-04-01", "value": "13", **PROOF, "review_by": "2026-01-01"}
    assert set(read_value(read(fields_for(OLD, None), form), setting())[1]) == {"from", "review_by"}


def test_a_value_is_typed_as_the_one_before_it_is() -> None:
    assert fields_for({"value": "October"}, None)[1].kind is Kind.LINE
    assert fields_for({"value": 3}, None)[1].kind is Kind.NUMBER
    group = fields_for({"value": {"medium": 1, "high": 2}}, None)
    assert [one.path for one in group[1:3]] == [("value", "medium"), ("value", "high")]
    row, errors = read_value(
        read(group, {"from": "2027-01-01", "value-medium": "3", "value-high": "4", **PROOF}), setting()
    )
    assert not errors
    assert row["value"] == {"medium": 3, "high": 4}


def test_another_look_at_the_source_leaves_the_value() -> None:
    data = {"settings": [setting()]}
    said, errors = read_proof({**PROOF, "source": "GOV.UK"})
    assert not errors
    look_again(data, "wage", mark_of(setting()), "2026-04-01", said)
    assert data["settings"][0]["values"] == [{**OLD, "source": "GOV.UK"}]
    with pytest.raises(MovedOnError):
        look_again(data, "wage", mark_of(data["settings"][0]), "2020-01-01", said)


def test_who_comes_second_is_told() -> None:
    with pytest.raises(MovedOnError):
        add_value({"settings": [setting()]}, "wage", "another mark", OLD)
    with pytest.raises(MovedOnError):
        add_value({"settings": []}, "wage", mark_of(setting()), OLD)
