from __future__ import annotations

import pytest

from assess.engine.author_checks import SparedQuestions, spared_questions
from assess.engine.bank import NumberBand
from assess.engine.conditions import AllOf, AnyOf, Leaf
from tests.builders import a_bank, a_number, a_question, an_option, several
from tests.engine import real_banks

FIRST = a_question("first", options=(an_option("good", 0), an_option("poor", 2), an_option("dk", 3)))
AFTER_GOOD = Leaf("first", "is", "good")
REST = tuple(a_question(f"rest_{number}") for number in range(3))


def spared(*questions: object) -> list[SparedQuestions]:
    """What is spared in a bank that asks three things more."""
    return list(spared_questions(a_bank(*questions, *REST)))  # type: ignore[arg-type]


def test_what_is_asked_after_the_better_answer_only() -> None:
    second = a_question("second", show_if=AFTER_GOOD)
    assert spared(FIRST, second) == [SparedQuestions("first", "poor", "good", ("second",))]


def test_what_hangs_on_it_is_spared_too() -> None:
    second = a_question("second", show_if=AFTER_GOOD)
    third = a_question("third", show_if=Leaf("second", "is", "bad"))
    assert spared(FIRST, second, third)[0].questions == ("second", "third")


def test_another_way_to_be_asked_leaves_nothing_to_gain() -> None:
    other = a_question("other")
    both = AnyOf((AFTER_GOOD, Leaf("other", "is", "bad")))
    assert spared(FIRST, other, a_question("second", show_if=both)) == []
    either = AllOf((AFTER_GOOD, Leaf("other", "is", "bad")))
    assert spared(FIRST, other, a_question("second", show_if=either))[0].questions == ("second",)


def test_facts_cost_nothing_so_nothing_is_gained_by_them() -> None:
    size = a_question("size", kind="fact", options=(an_option("big", None), an_option("small", None)))
    assert spared(size, a_question("second", show_if=Leaf("size", "is", "big"))) == []
    fact = a_question("second", kind="fact", options=(an_option("x", None),), show_if=AFTER_GOOD)
    assert spared(FIRST, fact) == []


def test_a_number_spares_too() -> None:
    crowd = a_number("crowd", bands=(NumberBand(2, 0), NumberBand(None, 1)))
    second = a_question("second", show_if=Leaf("crowd", "at_most", 2))
    (found,) = spared(crowd, second)
    assert (found.worse, found.questions) == ("2.5", ("second",))


@pytest.mark.parametrize("bands", [(), (NumberBand(2, 0),)])
def test_bands_that_do_not_hold_are_left_to_the_checker(bands: tuple[NumberBand, ...]) -> None:
    crowd = a_number("crowd", bands=bands)
    assert spared(crowd, a_question("second", show_if=Leaf("crowd", "at_most", 2))) == []


def test_boxes_to_tick_do_not_stand_for_each_other() -> None:
    ways = several("ways", options=(an_option("bank", 0), an_option("cash", 1)), cap=1)
    assert spared(ways, a_question("second", show_if=Leaf("ways", "includes", "bank"))) == []


def test_an_exposure_that_hides_a_safeguard_is_weighed_with_it() -> None:
    where = a_question("where", kind="exposure", options=(an_option("near", 0), an_option("far", 1)))
    safeguards = [a_question("second", show_if=Leaf("where", "is", "near"), dimension="home"), a_question("pay")]
    others = [a_question(f"other_{number}", kind="exposure") for number in range(4)]
    assert spared(where, *others, *safeguards)[0].worse == "far"


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_nobody_gains_by_hiding_in_the_real_banks(bank: str) -> None:
    assert list(spared_questions(real_banks.edition_of(bank))) == []
