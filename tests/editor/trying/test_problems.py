from __future__ import annotations

from assess.editor.trying.problems import banks_of_sheets, by_question, grouped, remarks_of, where_of
from assess.editor.workbench import Workbench
from tests.editor.trying.conftest import At
from tests.shelves import SHOP, START, Edit

ROBOTS: Edit = (SHOP, "answers: {staff: family}", "answers: {staff: robots}")
NO_POINTS: Edit = (START, "label: Only family, points: 0", "label: Only family")


def words(at_work: Workbench) -> list[tuple[str, list[str]]]:
    return [(file.name, [where.words for where in file.things]) for file in grouped(at_work, at_work.looked.problems)]


def test_problems_stand_with_the_thing_they_are_about(sound: At) -> None:
    assert words(sound(NO_POINTS)) == [(START, ["Question: Who works here?"])]
    assert words(sound(ROBOTS)) == [(SHOP, ["Worked example: family"])]
    assert words(sound((START, "title: The people", "titel: The people"))) == [(START, ["Section: people"])]
    assert words(sound(("owners.yaml", "owners:", "ovners:"))) == [("owners.yaml", ["The file"])]


def test_a_shared_question_is_put_right_in_a_bank_that_asks_it(sound: At) -> None:
    at_work = sound(NO_POINTS)
    where = next(iter(grouped(at_work, at_work.looked.problems)[0].things))
    assert (where.bank, where.question) == ("shop", "staff")
    (told,) = grouped(at_work, at_work.looked.problems)[0].things.values()
    assert told[0].message.endswith("Give each answer its points, 0 if it is good."), "as whoever has fields is told"
    assert banks_of_sheets(at_work) == {START: "shop", SHOP: "shop"}
    assert where_of(None, 3, None).words == "The file"


def test_the_remarks_on_one_question_are_told_with_their_waivers(sound: At) -> None:
    asked = "ask: Who keeps the workers’ papers?"
    loaded: Edit = (SHOP, asked, "ask: Surely you do not keep papers?")
    waived: Edit = (SHOP, "type: choice", "type: choice\n        waived: {loaded_words: It is a quote}")
    [found] = remarks_of(sound(loaded), "shop", "papers")
    assert (found.remark.found, found.waived) == ("surely", None)
    assert [one.waived for one in remarks_of(sound(loaded, waived), "shop", "papers")] == ["It is a quote"]
    assert by_question([found, found]) == {"papers": [found, found]}
    assert remarks_of(sound(loaded), "shop", "staff") == remarks_of(sound(loaded), "gone", "papers") == ()
