from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assess.banks.drafts.models import Draft
from assess.banks.sheets import Shelf
from assess.editor.workbench import Workbench, mark_of, place_at
from tests.shelves import SHOP, sound_but

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def bench(shelf: Shelf) -> Workbench:
    return Workbench(Draft(title="x"), shelf, NOW)


def test_the_questions_of_a_bank_are_the_common_ones_then_its_own() -> None:
    at_work = bench(sound_but())
    files = [spot.sheet.name for spot in at_work.questions_of("shop")]
    assert files == sorted(files, key=lambda name: name == SHOP)
    assert {"common/start.yaml", SHOP} == set(files)
    spot = at_work.question("shop", "papers")
    assert spot
    assert spot.sheet.name == SHOP
    assert spot.sheet.written["sections"][spot.path[1]]["questions"][spot.path[3]] == spot.data  # type: ignore[index]  # plain data
    assert at_work.question("shop", "nothing") is None
    assert list(at_work.questions_of("nothing")) == []


def test_a_problem_is_told_beside_its_place() -> None:
    at_work = bench(
        sound_but((SHOP, "- {id: they, label: They do, points: 0}", "- {id: they, label: They do, points: 9x}"))
    )
    spot = at_work.question("shop", "papers")
    assert spot
    assert [told.place for told in at_work.told_of(spot)] == [("options", 0)]
    other = at_work.question("shop", "hours")
    assert other is None or at_work.told_of(other) == ()


def test_of_several_things_on_one_line_the_outermost_is_meant() -> None:
    at_work = bench(sound_but())
    spot = at_work.question("shop", "papers")
    assert spot
    line = spot.sheet.line((*spot.path, "options", 0))
    assert place_at(spot.sheet, line) == (*spot.path, "options", 0)
    assert place_at(spot.sheet, 0) == ()


@pytest.mark.parametrize(("one", "other"), [({"a": 1}, {"a": True}), ({"a": "1"}, {"a": 1}), ({"a": []}, {"a": None})])
def test_a_mark_is_another_one_as_soon_as_anything_is(one: object, other: object) -> None:
    assert mark_of(one) != mark_of(other)


@pytest.mark.parametrize("written", ["[papers]", "", "{}", "''"])
def test_what_has_no_id_that_a_page_could_be_called_by_is_passed_over_and_keeps_its_place(written: str) -> None:
    at_work = bench(sound_but(("common/start.yaml", "- id: staff", f"- id: {written}")))
    spot = at_work.question("shop", "hours")
    assert spot
    assert spot.path[3] == 1
    assert [one.data["id"] for one in at_work.questions_of("shop")] == ["hours", "papers"]
    assert at_work.looked.problems
