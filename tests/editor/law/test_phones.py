from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.law.kinds import CONTACTS, things
from assess.editor.law.phones import digits, needed_phone_fault, phone_fault, unsafe_number_in


@pytest.mark.parametrize(
    "number", ["112", "116 123", "01632 960 001", "020 7946 0000", "07700 900 123", "0800 1111", "+44 1632 960001"]
)
def test_what_may_be_a_number(number: str) -> None:
    assert phone_fault(number) == ""


@pytest.mark.parametrize(
    "number",
    ["", "12", "0632 960 001", "01632 960", "01632 960 0011", "01632  960 001", "01632-960001", "(01632) 960001", "01632 960 001 or 112",
     "+33 1 23 45 67 89", "06123 456 789", "0909 879 0123", "070 1234 5678", "1632 960 001", "٠١٦٣٢ ٩٦٠ ٠٠١"],
)  # fmt: skip
def test_what_can_be_none(number: str) -> None:
    assert phone_fault(number)


def test_a_number_that_costs_extra_is_told_as_what_it_is() -> None:
    for number in ("0906 123 4567", "070 1234 5678", "118 118"):
        assert "cost more" in phone_fault(number)


@pytest.mark.parametrize(
    ("contact", "number", "good"),
    [
        ("emergency", "999", True), ("emergency", "112", True), ("emergency", "101", False), ("police", "101", True), ("police", "999", False),
        ("helpline", "08000 121 700", True), ("helpline", "0300 123 4567", True), ("helpline", "116 123", True), ("helpline", "0800 1111", True),
        ("helpline", "07700 900 123", False), ("helpline", "0845 123 4567", False), ("helpline", "60123", False), ("helpline", "999", False),
    ],
)  # fmt: skip
def test_what_a_contact_on_every_page_may_have(contact: str, number: str, *, good: bool) -> None:
    assert (needed_phone_fault(contact, number) == "") is good


def test_a_mobile_number_inside_a_text_is_found() -> None:
    assert unsafe_number_in("or text 07700 900 123")
    assert unsafe_number_in("+44 7700 900123")
    assert not unsafe_number_in("18000, or text 999 if your phone is registered for it; 18001 08000 121 700")


def test_the_numbers_in_the_files_pass() -> None:
    held = [str(one.data["number"]) for one in things(read_folder(QUESTIONNAIRES), CONTACTS) if one.data.get("number")]
    assert held
    assert [number for number in held if phone_fault(number)] == []


def test_the_country_may_be_written_or_not() -> None:
    assert digits("+44 (0)1632 960 001") == digits("01632 960001") == "01632960001"
