from __future__ import annotations

from datetime import date

import pytest

from assess.engine.bank import Check, Value
from assess.engine.checks import RULES, findings
from assess.engine.conditions import All, Leaf, Not
from assess.engine.result import Finding
from assess.engine.visibility import settle
from tests.builders import a_bank, a_charge, a_number, a_question, a_rate, a_table, several, some_settings

TODAY = date(2026, 11, 24)
NUMBERS = [a_number(name, kind="fact") for name in ("price", "team", "minutes", "daily", "hours")]
D1 = Check(
    "D1",
    "",
    rule="price_below_labour_cost",
    inputs={"price": "price", "team": "team", "minutes": "minutes"},
    unless=Leaf("types", "is", ("family",)),
    sign="serious",
    ilo=(8, 1),
)
D2 = Check(
    "D2", "", rule="daily_rate_below_wage", inputs={"daily": "daily", "hours": "hours"}, sign="serious", ilo=(8,)
)
D3 = Check(
    "D3",
    "",
    rule="charge_above_offset",
    inputs={"charge": "charge"},
    when=Leaf("near", "is", "yes"),
    sign="serious",
    ilo=(8,),
)
D5 = Check("D5", "", rule="crowding", inputs={"table": "table", "people": "people", "bedrooms": "bedrooms"})
D6 = Check("D6", "", rule="old_licence_check", inputs={"table": "table", "date": "looked"})
D11 = Check(
    "D11", "", when=All((Leaf("sources", "includes", "lp"), Not(Leaf("types", "includes_any", ("agency", "visa")))))
)


def fired(check: Check, answers: dict[str, Value], today: date | None = TODAY) -> Finding | None:
    near = a_question("near", type="text", kind="fact", options=())
    types = [several(name, kind="fact") for name in ("types", "sources")]
    bank = a_bank(*NUMBERS, *types, near, a_charge(), a_table(), checks=[check])
    found = list(findings(bank, settle(bank, answers).found, some_settings(), today))
    assert len(found) <= 1
    return found[0] if found else None


def test_a_price_below_the_cost_of_labour_is_found_with_its_sum() -> None:
    answers: dict[str, Value] = {"price": 5, "team": 3, "minutes": 15, "types": ["employees"]}
    numbers = {"price": 5, "team": 3, "minutes": 15, "cost": 13.5}
    assert fired(D1, answers) == Finding("D1", "serious", 8, numbers)
    assert fired(D1, answers | {"price": 13.5}) is None
    assert fired(D1, answers | {"price": 13.49}) is not None


def test_the_price_test_is_silent_where_only_the_family_works() -> None:
    answers: dict[str, Value] = {"price": 5, "team": 3, "minutes": 15}
    assert fired(D1, answers | {"types": ["family"]}) is None
    assert fired(D1, answers | {"types": ["family", "employees"]}) is not None
    assert fired(D1, answers | {"types": ["dk"]}) is not None
    assert fired(D1, answers) is not None


def test_a_daily_rate_is_divided_by_the_hours_of_a_day() -> None:
    assert fired(D2, {"daily": 60, "hours": 10}) == Finding("D2", "serious", 8, {"daily": 60, "hours": 10, "hourly": 6})
    assert fired(D2, {"daily": 120, "hours": 10}) is None
    assert fired(D2, {"daily": 0, "hours": 0}) is None


def test_a_rate_of_exactly_the_wage_is_no_finding() -> None:
    bank = a_bank(*NUMBERS, checks=[D2])
    settings = some_settings(wage=12.71)
    answers: dict[str, Value] = {"daily": 127.1, "hours": 10}
    assert 127.1 / 10 < 12.71
    assert list(findings(bank, settle(bank, answers).found, settings, None)) == []


def test_a_housing_charge_counts_only_where_pay_is_near_the_minimum() -> None:
    answers: dict[str, Value] = {"charge": 11, "near": "yes"}
    assert fired(D3, answers) == Finding("D3", "serious", 8, {"charge": 11, "offset": 10})
    assert fired(D3, answers | {"near": "no"}) is None
    assert fired(D3, answers | {"charge": 10}) is None


@pytest.mark.parametrize("check", [D1, D2, D3, D11])
def test_an_input_that_is_missing_or_unknown_computes_nothing(check: Check) -> None:
    full: dict[str, Value] = {
        "price": 1,
        "team": 3,
        "minutes": 15,
        "daily": 10,
        "hours": 10,
        "charge": 50,
        "near": "yes",
        "sources": ["lp"],
        "types": ["employees"],
    }
    assert fired(check, full) is not None
    inputs = set(check.inputs.values()) | ({"near"} if check is D3 else {"sources", "types"} if check is D11 else set())
    for name in inputs:
        assert fired(check, {key: value for key, value in full.items() if key != name}) is None
        unknown: Value = ["dk"] if name in {"sources", "types"} else "dk"
        assert fired(check, full | {name: unknown}) is None


def test_an_input_that_is_hidden_or_not_asked_computes_nothing() -> None:
    bank = a_bank(NUMBERS[3], checks=[D2])
    assert list(findings(bank, settle(bank, {"daily": 1, "hours": 10}).found, some_settings(), None)) == []


def test_a_check_in_words_fires_as_a_note_without_numbers() -> None:
    assert fired(D11, {"sources": ["lp"], "types": ["employees"]}) == Finding("D11", None, None, {})
    assert fired(D11, {"sources": ["lp"], "types": ["agency"]}) is None


def test_more_than_two_people_to_a_bedroom_are_noted() -> None:
    rows: list[dict[str, object]] = [{"people": 4, "bedrooms": 2}, {"people": 9, "bedrooms": 3}]
    assert fired(D5, {"table": rows}) == Finding("D5", None, None, {"people_per_bedroom": 3})
    assert fired(D5, {"table": rows[:1]}) is None
    assert fired(D5, {"table": [{"people": 9, "bedrooms": 0}, {"people": 9}, {"bedrooms": 2}, {"people": "x"}]}) is None
    assert fired(D5, {"table": []}) is None
    assert fired(D5, {}) is None


@pytest.mark.parametrize(
    ("looked", "old"),
    [
        ("2026-08-24", False),
        ("2026-08-23", True),
        ("2026-07-31", True),
        ("2026-11-24", False),
        ("2027-01-01", False),
        ("", True),
        (None, True),
        ("dk", True),
    ],
)
def test_a_look_at_the_register_is_old_after_three_months_or_without_a_date(looked: str | None, *, old: bool) -> None:
    finding = fired(D6, {"table": [{"name": "x", "looked": looked}]})
    assert (finding is not None) is old


def test_the_age_of_a_look_counts_calendar_months_to_their_last_day() -> None:
    rows: dict[str, Value] = {"table": [{"looked": "2026-11-30"}]}
    assert fired(D6, rows, date(2027, 2, 28)) is None
    assert fired(D6, rows, date(2027, 3, 1)) is not None


def test_without_a_today_only_a_missing_date_is_old() -> None:
    rows: dict[str, Value] = {"table": [{"looked": "2001-01-01"}, {"looked": ""}, {}]}
    assert fired(D6, rows, None) == Finding("D6", None, None, {"rows": 2})
    assert fired(D6, {"table": []}) is None
    assert fired(D6, {"table": "no rows"}) is None


def test_a_check_that_is_not_listed_is_left_to_its_question() -> None:
    d4 = Check("D4", "", rule="labour_provider_rate", inputs={"rate": "rate"}, sign="serious", ilo=(8,), listed=False)
    bank = a_bank(a_rate(), checks=[d4])
    assert list(findings(bank, settle(bank, {"rate": 1}).found, some_settings(), TODAY)) == []


def test_every_rule_has_its_name() -> None:
    assert set(RULES) == {
        "price_below_labour_cost",
        "daily_rate_below_wage",
        "charge_above_offset",
        "labour_provider_rate",
        "crowding",
        "old_licence_check",
    }


def test_words_where_a_number_belongs_compute_nothing() -> None:
    assert fired(D2, {"daily": "words", "hours": 10}) is None
