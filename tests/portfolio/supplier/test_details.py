from __future__ import annotations

import pytest

from assess.portfolio.supplier.details import mark_of, read_details, typed_of
from assess.suppliers.keeping import Details
from assess.suppliers.models import Size, Supplier

TYPED = {
    "name": " Fen  Edge Growers ",
    "email": "Jo@Farm.example",
    "phone": "01603 555 010",
    "company_number": "1234567",
    "reference": "V-1",
    "sector": "Car washes",
    "area": "great_yarmouth",
    "size": "small",
    "spend_gbp": "£25,000",
}


def test_what_is_typed_becomes_details() -> None:
    assert read_details(TYPED) == (
        Details(
            "Fen Edge Growers",
            "jo@farm.example",
            "01603 555 010",
            "01234567",
            "V-1",
            "car_washes",
            "great_yarmouth",
            Size.SMALL,
            25000,
        ),
        {},
    )
    assert read_details({"name": "Fen Edge"}) == (Details("Fen Edge"), {})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "see www.spam.example"),
        ("email", "jo"),
        ("email", "jo@farm.example, al@farm.example"),
        ("phone", "call me"),
        ("phone", "1" * 41),
        ("company_number", "12"),
        ("reference", "x" * 61),
        ("sector", "<b>"),
        ("area", "x" * 41),
        ("spend_gbp", "-5"),
        ("spend_gbp", "2000000001"),
        ("spend_gbp", "9" * 400),
        ("spend_gbp", "1.50"),
        ("spend_gbp", "²"),
    ],
)
def test_a_field_that_does_not_fit_is_named(field: str, typed: str) -> None:
    details, faults = read_details(TYPED | {field: typed})
    assert details is None
    assert list(faults) == [field]


def test_two_states_of_a_supplier_have_two_marks() -> None:
    one = Supplier(name="Fen Edge", email="", phone="", reference="", spend_gbp=0)
    before = mark_of(one)
    assert typed_of(one)["spend_gbp"] == "0"
    one.spend_gbp = None
    assert mark_of(one) != before
