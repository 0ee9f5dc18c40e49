from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.law.kinds import CONTACTS, things
from assess.editor.law.phones import digits, phone_fault


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


def test_the_numbers_in_the_files_pass() -> None:
    held = [str(one.data["number"]) for one in things(read_folder(QUESTIONNAIRES), CONTACTS) if one.data.get("number")]
    assert held
    assert [number for number in held if phone_fault(number)] == []


def test_the_country_may_be_written_or_not() -> None:
    assert digits("+44 (0)1632 960 001") == digits("01632 960001") == "01632960001"
