"""What a buyer types: one sentence for each fault, and nothing lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assess.suppliers.asking.reading import read_ask, read_details, typed_of
from assess.suppliers.models import Size

SECTORS = {"farming": "Farms", "car_washes": "Car washes"}
AREAS = {"norfolk": "Norfolk"}
TODAY = date(2026, 11, 24)
FARM = {"name": " Fen  Edge ", "email": "A@B.example", "phone": "01603 123456", "company_number": "1234567"}
ASK = {"sector": "farming", "length": "quick", "due_day": "24", "due_month": "12", "due_year": "2026", "message": "Hi"}


def who(**typed: str) -> Any:
    return read_details(typed_of({**FARM, **typed}), SECTORS, AREAS)


def what(**typed: str) -> Any:
    return read_ask(typed_of({**ASK, **typed}), SECTORS, TODAY)


def test_what_is_well_typed_is_taken() -> None:
    found = who(size="small", area="norfolk", spend="£12,500", reference=" S-1 ", sector="farming").details
    assert (found.name, found.email, found.company_number) == ("Fen Edge", "a@b.example", "01234567")
    assert (found.size, found.area, found.spend_gbp, found.reference) == (Size.SMALL, "norfolk", 12500, "S-1")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "see www.evil.example"),
        ("email", "nobody"),
        ("phone", "call me"),
        ("company_number", "12"),
        ("reference", "x" * 61),
        ("spend", "a lot"),
        ("spend", "9" * 12),
        ("spend", "²"),
    ],
)
def test_each_fault_has_a_sentence_and_what_was_typed_stays(field: str, typed: str) -> None:
    read = who(**{field: typed})
    assert list(read.faults) == [field]
    assert read.details is None
    assert read.typed[field] == typed
    assert read.beside[field] == read.faults[field]


def test_all_but_the_name_may_be_left_out() -> None:
    read = read_details(typed_of({"name": "Farm"}), SECTORS, AREAS)
    assert read.details is not None
    assert (read.details.email, read.details.size, read.details.spend_gbp) == ("", None, None)


def test_an_ask_is_taken() -> None:
    found = what().ask
    assert (found.sector, found.quick, found.due, found.message) == ("farming", True, date(2026, 12, 24), "Hi")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"sector": "mining"}, "sector"),
        ({"length": ""}, "length"),
        ({"due_day": ""}, "due"),
        ({"due_day": "31", "due_month": "2"}, "due"),
        ({"due_day": "x"}, "due"),
        ({"due_day": "30", "due_month": "11"}, "due"),
        ({"due_year": "2028"}, "due"),
        ({"due_year": "9" * 20}, "due"),
        ({"message": "x" * 1001}, "message"),
        ({"message": "Look at http://evil.example"}, "message"),
    ],
)
def test_what_cannot_be_asked_is_said(typed: dict[str, str], field: str) -> None:
    read = what(**typed)
    assert list(read.faults) == [field]
    assert read.ask is None


def test_a_week_from_the_letter_is_the_least() -> None:
    assert what(due_day="1", due_month="12").ask is not None
    assert "at least 7 days from 24 November 2026" in what(due_day="30", due_month="11").faults["due"]
