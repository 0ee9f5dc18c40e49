from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.section_form import read_section
from assess.editor.trying.editions import of_draft
from assess.editor.trying.example_pages import Standing, forms_for
from assess.editor.trying.holding import Held
from assess.engine.bank import Column
from tests.builders import a_table
from tests.editor.trying.conftest import At, Desk
from tests.shelves import SHOP


def standing(at: At, *edits: tuple[str, str, str]) -> Standing:
    at_work = at(*edits)
    return Standing(at_work, "shop", of_draft(at_work, "shop"), None)


def test_the_examples_stand_in_the_file_of_the_bank(sound: At) -> None:
    found = standing(sound, (SHOP, "score: 2.5", "score: 7"))
    assert (found.sheet, found.problems) == (SHOP, ())
    assert [one.title for one in found.examples] == ["family", "kept"]
    assert [one.title for one in found.broken] == ["family"]
    assert found.expected(found.broken[0]) == {"shown": 1, "exposure": 10, "gap": 0, "score": 2.5, "band": "low"}
    assert found.at(9) is None


def test_without_a_draft_that_can_be_scored_there_is_nothing_to_hold(sound: At) -> None:
    found = standing(sound, (SHOP, "show_if: {staff: {is: hired}}", "show_if: {nobody: {is: hired}}"))
    assert [one.number for one in found.problems] == ["BANK031"]
    lacking = Held(1, "family", "", {})
    assert (found.trial, found.examples, found.expected(lacking)) == (None, (), {})
    assert forms_for(found, lacking).parts == ()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_table_that_is_lacking_gets_its_rows(desk: Desk, sound: At) -> None:
    table = replace(a_table("rooms"), columns=(Column("people", "People", "number"),))
    form = MultiDict([("rooms.seen", "0"), ("rooms.0.people", "many"), ("add", "rooms")])
    lacking = Held(1, "family", "", {}, new=(table,))
    with desk.app.test_request_context(method="POST", data=form):
        made = forms_for(standing(sound), lacking, read_section(form, (table,)))
    assert made.tables
    assert "rooms.1.people" in made.parts[0]
    assert made.faults
