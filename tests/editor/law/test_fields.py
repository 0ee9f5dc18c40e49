from __future__ import annotations

import pytest

from assess.editor.law.fields import (
    Field,
    Kind,
    Wrong,
    address,
    binding_changed,
    day,
    field_at,
    number,
    put,
    read,
    shown,
)

STEPS = Field("What to do", Kind.STEPS, ("must_do",), binds=True)
KIND = Field(
    "When", Kind.CHOICE, ("deadline", "kind"), choices=[("none", "never"), ("continuous", "always")], required=True
)
LINKS = Field("Links", Kind.ADDRESSES, ("more_urls",))
NOTE = Field("Note", Kind.TEXT, ("note",))
ALL = (STEPS, KIND, LINKS, NOTE)


def test_what_is_read_is_put_where_it_belongs_and_the_rest_stays() -> None:
    thing = {
        "id": "a",
        "must_do": ["One", {"text": "Two", "when": "always"}, "Three"],
        "deadline": {"kind": "none", "n": 3},
        "note": "old",
    }
    said = read(ALL, {"must_do-0": "One", "must_do-1": "Two  of\nthem", "must_do-2": "", "must_do-3": "Four", "deadline-kind": "continuous",
                      "more_urls": "https://a.example\r\n\r\nhttps://b.example/x", "note": ""})  # fmt: skip
    assert not said.errors
    put(thing, ALL, said.values)
    assert thing == {
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
    form = {one.name: shown(one, thing) for one in ALL if one is not STEPS}
    form |= {f"must_do-{index}": text for index, text in enumerate(shown(STEPS, thing))}
    before = dict(thing)
    put(thing, ALL, read(ALL, form).values)
    assert thing == before


def test_what_is_missing_or_no_choice_is_said_at_its_field() -> None:
    assert set(read(ALL, {}).errors) == {"deadline-kind"}
    assert set(
        read(ALL, {"deadline-kind": "sometimes", "more_urls": "http://a.example", "note": "x" * 4001}).errors
    ) == {
        "deadline-kind",
        "more_urls",
        "note",
    }


@pytest.mark.parametrize("typed", ["2026-11-24", "24/11/2026", "24.11.2026", " 24/11/2026 "])
def test_a_day_is_kept_in_one_way(typed: str) -> None:
    assert day(typed) == "2026-11-24"


@pytest.mark.parametrize("typed", ["31/02/2026", "tomorrow", "11/2026"])
def test_no_day(typed: str) -> None:
    assert isinstance(day(typed), Wrong)


def test_numbers() -> None:
    assert (number("£12.50"), number("45,000"), number("8")) == (12.5, 45000, 8)
    assert isinstance(number("45,000"), int)
    assert all(isinstance(number(typed), Wrong) for typed in ("", "twelve", "-1", "1e5", "٣"))


def test_addresses() -> None:
    assert address("https://www.gov.uk/x?y=1#z") == "https://www.gov.uk/x?y=1#z"
    bad = ("http://www.gov.uk", "www.gov.uk", "https://", "https://gov", "javascript:alert(1)", "https://a.example/a b")
    assert all(isinstance(address(typed), Wrong) for typed in bad)


def test_ids() -> None:
    small, capital = (Field("Id", kind, ("id",), required=True) for kind in (Kind.ID, Kind.CAPITAL_ID))
    assert read([small], {"id": "new_duty"}).values == {("id",): "new_duty"}
    assert read([capital], {"id": "S140"}).values == {("id",): "S140"}
    assert read([small], {"id": "S140"}).errors
    assert read([capital], {"id": "1 2"}).errors


def test_a_review_is_void_only_when_what_it_looked_at_changed() -> None:
    before = {"must_do": ["One"], "note": "old"}
    assert not binding_changed(ALL, before, {"must_do": ["One"], "note": "new"})
    assert binding_changed(ALL, before, {"must_do": ["Two"], "note": "old"})


def test_a_place_belongs_to_the_field_above_it() -> None:
    assert field_at(ALL, ("must_do", 3, "text")) is STEPS
    assert field_at(ALL, ("deadline", "kind")) is KIND
    assert field_at(ALL, ("when",)) is None
