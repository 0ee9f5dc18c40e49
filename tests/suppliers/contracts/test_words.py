from __future__ import annotations

from datetime import UTC, datetime

from assess.banks.contracts import contract_rules
from assess.banks.folder import QUESTIONNAIRES
from assess.suppliers.contracts.keeping import FIELDS as KEPT
from assess.suppliers.contracts.words import FIELDS, Row, changes, day_at, pounds

TEXTS = contract_rules(QUESTIONNAIRES)


def test_what_changed_is_said_field_by_field_and_heading_by_heading() -> None:
    before = {"tier": None, "starts": "2026-04-01", "value_gbp": 1200, "levels": {}, "notes": {"industry": "Field"}}
    after = {"tier": "high", "starts": None, "value_gbp": None, "levels": {"location": "high"}, "notes": {}}
    assert changes(before, {**after, "asks": "full", "regime": "nhs"}, TEXTS) == [
        Row("Value", "£1,200", "nothing"),
        Row("First day", "1 April 2026", "nothing"),
        Row("Rules", "nothing", "NHS regulations"),
        Row("Supplier location: level", "Not known", "High"),
        Row("Industry type: note", "Field", "nothing"),
        Row("Tier", "nothing", "High"),
        Row("Asked of the supplier", "nothing", "The full assessment"),
    ]
    assert changes({"reference": ""}, {"reference": None}, TEXTS) == []


def test_every_field_that_is_kept_has_a_name_on_the_page() -> None:
    assert set(KEPT) - set(FIELDS) == {"decided_at"}  # the entry has its own day


def test_days_are_those_of_the_united_kingdom() -> None:
    assert day_at(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert (pounds(None), pounds(0)) == ("", "£0")
