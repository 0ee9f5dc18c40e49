from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assess.banks.schema import shape_of
from assess.banks.yaml_lines import read_lines

SETTINGS = Path(__file__).parents[1] / "engine" / "sound_folder" / "settings"


def file(name: str) -> dict[str, Any]:
    return read_lines((SETTINGS / name).read_bytes()).data


@pytest.mark.parametrize("value", [12.34, 3, "October 2024", "2024-10-01", {"shop": 3}])
def test_a_setting_is_a_number_a_text_or_a_group_of_numbers(value: object) -> None:
    data = file("scoring.yaml")
    data["settings"][0]["values"][0]["value"] = value
    assert shape_of(data).data == data


@pytest.mark.parametrize(
    ("value", "place"), [(True, ()), ([1], ()), ("", ()), ({"shop": "3"}, ("shop",)), ({"A shop": 3}, ("A shop",))]
)
def test_a_setting_is_nothing_else(value: object, place: tuple[str, ...]) -> None:
    data = file("scoring.yaml")
    data["settings"][0]["values"][0]["value"] = value
    assert [one.place for one in shape_of(data).problems] == [("settings", 0, "values", 0, "value", *place)]


@pytest.mark.parametrize("key", ["from", "value", "source", "checked", "review_by"])
def test_a_value_says_since_when_from_where_and_until_when_to_look_again(key: str) -> None:
    data = file("scoring.yaml")
    del data["settings"][0]["values"][0][key]
    assert [(one.number, one.cause) for one in shape_of(data).problems] == [
        ("BANK021", f"The key “{key}” is missing here.")
    ]


def test_a_file_may_hold_settings_and_contacts() -> None:
    data = {**file("scoring.yaml"), **file("contacts.yaml")}
    assert shape_of(data).data == data


def test_a_number_to_call_keeps_its_zero_only_as_text() -> None:
    assert (
        shape_of(
            read_lines((SETTINGS / "contacts.yaml").read_bytes().replace(b'"01234 567 890"', b"01234567890")).data
        ).data["contacts"][0]["number"]
        == "01234567890"
    )  # type: ignore[index]  # plain data
