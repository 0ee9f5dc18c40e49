from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assess.engine.schema import file_fields
from assess.question_banks.files import read_folder, read_lines
from assess.question_banks.schema_fields import Checking, check_shape
from assess.question_banks.shapes import TEMPLATE_GROUPS, BlockShape, Regime, Scheme
from tests.reference_data import SOUND_REFERENCE


def checked(cls: type, raw: dict[str, Any]) -> tuple[dict[str, Any], set[tuple[str | int, ...]]]:
    """What was read, and the places of what is wrong."""
    here = Checking()
    return here.check_object(cls, raw), {one.place for one in here.problems}


def test_a_rule_has_its_day_and_its_source_and_no_key_of_its_own() -> None:
    whole = {"id": "nhs", "name": "N", "short": "N", "says": "S", "from": "2026-05-17"}
    assert checked(Regime, whole) == (whole, set())
    for wrong, place in (
        ({"from": "May 2026"}, ("from",)),
        ({"binds": "everybody"}, ("binds",)),
        ({"source": {"document": "D"}}, ("source",)),
    ):
        assert {one[:1] for one in checked(Regime, {**whole, **wrong})[1]} == {place}


def test_a_scheme_says_what_it_shows_what_it_does_not_and_whether_workers_are_asked() -> None:
    here = Checking()
    here.check_object(Scheme, {"id": "msat", "name": "MSAT"})
    assert [one.number for one in here.problems] == ["BANK021"] * 4
    said = " ".join(one.cause for one in here.problems)
    assert all(f"“{key}”" in said for key in ("shows", "does_not_show", "interviews", "months"))


TABLE = {"caption": "Hours", "columns": ["Day", "Hours"]}


def paper(*blocks: object, **changed: object) -> dict[str, Any]:
    whole = {
        "format": 1,
        "paper": "rota",
        "title": "A rota",
        "says": "Who works when.",
        "group": "plans",
        "for": ["staff"],
        "blocks": list(blocks) or [{"text": "Words."}],
        "sources": ["S1"],
        "reviewed": "2026-11-24",
        "review_by": "2027-11-24",
    }
    return {key: value for key, value in {**whole, **changed}.items() if value is not None}


def faults(data: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(one.number, *one.place) for one in check_shape(data).problems]


def test_every_kind_of_block_can_be_written() -> None:
    blocks = [
        {"heading": "H"},
        {"text": "T"},
        {"list": ["a"]},
        {"numbered": ["a"]},
        {"checklist": ["a"]},
        {"table": {**TABLE, "rows": [["Monday"]], "empty": 2}},
        {"line": "Name"},
        {"space": {"label": "More", "lines": 2}},
        {"box": ["a"]},
        {"new_page": True},
    ]
    assert [next(iter(block)) for block in blocks] == list(file_fields(BlockShape))
    data = paper(*blocks, size="large")
    assert check_shape(data).problems == ()
    assert check_shape(data).data == data


def test_a_block_is_one_thing() -> None:
    assert faults(paper({"text": "T", "line": "L"})) == [("BANK022", "blocks", 0)]
    assert faults(paper({})) == [("BANK022", "blocks", 0)]
    assert faults(paper({"picture": "x"})) == [("BANK020", "blocks", 0, "picture")]


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (TABLE, ("empty",)),
        ({**TABLE, "empty": 0}, ("empty",)),
        ({**TABLE, "rows": [["Monday", "8", "much"]]}, ("rows", 0)),
        ({**TABLE, "columns": ["Day"], "empty": 1}, ("columns",)),
    ],
)
def test_a_table_has_columns_and_rows_that_fit(table: object, place: tuple[object, ...]) -> None:
    assert faults(paper({"table": table})) == [("BANK022", "blocks", 0, "table", *place)]


@pytest.mark.parametrize("key", ["title", "says", "group", "for", "blocks", "sources", "reviewed", "review_by"])
def test_what_a_template_needs_is_missed(key: str) -> None:
    assert faults(paper(**{key: None})) == [("BANK021",)]


def test_group_and_size_are_of_a_few_words_and_dates_are_dates() -> None:
    assert faults(paper(group="posters")) == [("BANK023", "group")]
    assert faults(paper(size="huge")) == [("BANK023", "size")]
    assert faults(paper(reviewed="soon")) == [("BANK026", "reviewed")]
    assert all(faults(paper(group=group)) == [] for group in TEMPLATE_GROUPS)


@pytest.mark.parametrize("kind", ["reference", "services", "purchases"])
def test_a_file_is_known_by_what_it_holds(kind: str) -> None:
    content_file = read_folder(SOUND_REFERENCE).at("reference", kind)
    assert content_file is not None
    assert (content_file.kind, content_file.problems) == (kind, ())
    assert content_file.data


@pytest.mark.parametrize(
    ("data", "number", "place"),
    [
        ({"reference": []}, "BANK022", ("reference",)),
        ({"services": [{"id": "a", "name": "A"}]}, "BANK021", ("services", 0)),
        ({"services": [{"id": "A b", "name": "A", "named_as": ["x"]}]}, "BANK024", ("services", 0, "id")),
        ({"services": [{"id": "a", "name": "A", "named_as": ["x"], "wrods": []}]}, "BANK020", ("services", 0, "wrods")),
        (
            {"services": [{"id": "a", "name": "A", "named_as": ["x"]}], "words": [{"words": ["a"]}]},
            "BANK021",
            ("words", 0),
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    data: dict[str, object], number: str, place: tuple[str | int, ...]
) -> None:
    problems = check_shape({"format": 1, **data}).problems
    assert [(one.number, one.place) for one in problems] == [(number, place)]


def test_every_sentence_beside_purchases_must_be_there() -> None:
    problems = check_shape(
        {"format": 1, "purchases": {"about": "This."}, "kinds": [{"id": "tier_1", "says": "So."}]}
    ).problems
    assert len(problems) == 12
    assert {one.number for one in problems} == {"BANK021"}


SETTINGS = Path(__file__).parents[1] / "engine" / "sound_folder" / "settings"


def file(name: str) -> dict[str, Any]:
    return read_lines((SETTINGS / name).read_bytes()).data


@pytest.mark.parametrize("value", [12.34, 3, "October 2024", "2024-10-01", {"shop": 3}])
def test_a_setting_is_a_number_a_text_or_a_group_of_numbers(value: object) -> None:
    data = file("scoring.yaml")
    data["settings"][0]["values"][0]["value"] = value
    assert check_shape(data).data == data


@pytest.mark.parametrize(
    ("value", "place"), [(True, ()), ([1], ()), ("", ()), ({"shop": "3"}, ("shop",)), ({"A shop": 3}, ("A shop",))]
)
def test_a_setting_is_nothing_else(value: object, place: tuple[str, ...]) -> None:
    data = file("scoring.yaml")
    data["settings"][0]["values"][0]["value"] = value
    assert [one.place for one in check_shape(data).problems] == [("settings", 0, "values", 0, "value", *place)]


@pytest.mark.parametrize("key", ["from", "value", "source", "checked", "review_by"])
def test_a_value_says_since_when_from_where_and_until_when_to_look_again(key: str) -> None:
    data = file("scoring.yaml")
    del data["settings"][0]["values"][0][key]
    assert [(one.number, one.cause) for one in check_shape(data).problems] == [
        ("BANK021", f"The key “{key}” is missing here.")
    ]


def test_a_file_may_hold_settings_and_contacts() -> None:
    data = {**file("scoring.yaml"), **file("contacts.yaml")}
    assert check_shape(data).data == data


def test_a_number_to_call_keeps_its_zero_only_as_text() -> None:
    assert (
        check_shape(
            read_lines((SETTINGS / "contacts.yaml").read_bytes().replace(b'"01234 567 890"', b"01234567890")).data
        ).data["contacts"][0]["number"]
        == "01234567890"
    )  # type: ignore[index]  # plain data
