from __future__ import annotations

from assess.editor.trying.editions import NotYet, ToTry, of_draft, of_today
from tests.editor.trying.conftest import At, Desk
from tests.people.persons import database_of
from tests.shelves import SCORING, SHOP


def test_a_draft_can_be_tried_though_its_examples_do_not_hold(sound: At) -> None:
    at_work = sound((SHOP, "score: 2.5", "score: 7"))
    assert at_work.looked.problems
    assert isinstance(of_draft(at_work, "shop"), ToTry)


def test_examples_that_give_what_cannot_be_given_keep_nobody_from_trying(sound: At) -> None:
    at_work = sound((SHOP, "answers: {staff: family}", "answers: {staff: robots}"))
    assert at_work.looked.checked["shop"].compiled is None
    assert isinstance(of_draft(at_work, "shop"), ToTry)


def test_what_cannot_be_scored_cannot_be_tried_and_says_why(sound: At) -> None:
    found = of_draft(sound((SHOP, "show_if: {staff: {is: hired}}", "show_if: {nobody: {is: hired}}")), "shop")
    assert isinstance(found, NotYet)
    assert [one.number for one in found.problems] == ["BANK031"]
    assert isinstance(of_draft(sound((SHOP, "kind: safeguard", "kind: [")), "shop"), NotYet)


def test_without_settings_nothing_is_scored(sound: At) -> None:
    found = of_draft(sound((SCORING, "id: floor", "id: flor")), "shop")
    assert isinstance(found, NotYet)
    assert found.problems


def test_the_edition_in_use_is_the_newest_and_a_new_bank_has_none(desk: Desk, sound: At) -> None:
    with desk.app.app_context(), database_of(desk.app).reading() as look:
        found = of_today(look, sound(), "shop")
        assert found is not None
        assert (found.name, found.edition.bank) == ("Edition 1", "shop")
        assert of_today(look, sound(), "stall") is None
