from __future__ import annotations

import gc
import weakref

from assess.engine.conditions import All, Asked, Blank, Leaf, Not
from assess.engine.visibility import Shown, routes_of, settle, shown
from tests.builders import a_bank, a_check, a_question

FIRST = a_question("first")
SECOND = a_question("second", show_if=Leaf("first", "is", "poor"))
THIRD = a_question("third", show_if=Not(Leaf("second", "is", "good")))


def test_a_question_is_shown_pending_or_hidden_as_its_condition_is_true_unknown_or_neither() -> None:
    bank = a_bank(FIRST, SECOND, THIRD)
    assert shown(bank, {}) == {"first": Shown.SHOWN, "second": Shown.PENDING, "third": Shown.PENDING}
    assert shown(bank, {"first": "good"}) == {"first": Shown.SHOWN, "second": Shown.HIDDEN, "third": Shown.HIDDEN}
    assert shown(bank, {"first": "poor", "second": "bad"}) == dict.fromkeys(("first", "second", "third"), Shown.SHOWN)


def test_dont_know_is_an_answer_and_leads_on() -> None:
    bank = a_bank(FIRST, SECOND)
    assert shown(bank, {"first": "dk"})["second"] is Shown.HIDDEN


def test_the_answer_of_a_hidden_question_is_left_aside() -> None:
    settled = settle(a_bank(FIRST, SECOND), {"first": "good", "second": "bad"})
    assert settled.found["second"] is Blank.HIDDEN
    assert (settled.missing, settled.pending, settled.shown) == ((), (), 1)


def test_missing_are_the_shown_without_an_answer_and_none_is_no_answer() -> None:
    settled = settle(a_bank(FIRST, SECOND, a_question("last")), {"first": None})
    assert settled.missing == ("first", "last")
    assert settled.pending == ("second",)
    assert settled.shown == 2


def test_what_an_edition_does_not_ask_reads_as_hidden() -> None:
    needs = a_question("needs", show_if=All((Leaf("elsewhere", "is", "yes"), Asked("elsewhere"))))
    says = a_check(when=Leaf("nowhere", "is", "yes"), unless=Leaf("no_place", "is", "yes"))
    bank = a_bank(needs, checks=[says])
    assert shown(bank, {"elsewhere": "yes"}) == {"needs": Shown.HIDDEN}
    assert set(routes_of(bank).absent) == {"elsewhere", "nowhere", "no_place"}


def test_routes_are_made_once_and_go_with_their_edition() -> None:
    bank = a_bank(FIRST)
    assert routes_of(bank) is routes_of(bank)
    gone = weakref.ref(bank)
    del bank
    gc.collect()
    assert gone() is None
