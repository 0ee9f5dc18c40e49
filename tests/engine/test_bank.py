from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from assess.engine.bank import Section
from tests.builders import a_bank, a_question


def test_questions_come_in_the_order_of_sections_and_within_them() -> None:
    bank = a_bank(
        sections=(Section("b", "B", (a_question("y"), a_question("x"))), Section("a", "A", (a_question("z"),)))
    )
    assert [question.id for question in bank.questions()] == ["y", "x", "z"]


def test_an_edition_is_one_of_a_kind_so_that_things_can_be_kept_beside_it() -> None:
    bank = a_bank()
    assert bank != replace(bank)
    assert len({bank, replace(bank)}) == 2


def test_a_frozen_edition_stays_as_it_is() -> None:
    with pytest.raises(FrozenInstanceError):
        a_bank().title = "Other"
