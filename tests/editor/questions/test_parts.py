from __future__ import annotations

import pytest

from assess.banks.schema import ActionShape, BandShape, OptionShape, QuestionShape, StepShape, TickShape
from assess.banks.schema_fields import Shape
from assess.editor.questions.actions import action_fields
from assess.editor.questions.parts import Lists, part_for, part_of, parts_of
from assess.engine.problems import Place
from tests.editor.benches import real, real_lists


def pages(question_id: str) -> dict[str, set[str]]:
    return {
        part.id: {*(one.name for one in part.fields), *(one.key for one in part.rows), *part.actions}
        for part in parts_of(real(question_id), real_lists())
    }


def test_only_the_fields_that_fit_the_type_are_there() -> None:
    assert pages("core_documents")["answers"] == {"options"}
    assert pages("core_worker_types")["answers"] == {"options", "cap", "ticks"}
    assert pages("core_agency_checks")["answers"] == {"options", "ticks"}
    assert pages("wash_day_hours")["answers"] == {"bands"}
    assert pages("farm_housing_charge")["answers"] == {"steps"}
    assert pages("wash_day_hours")["action"] == {"action", "dk_action", "bands", "same_as"}
    assert pages("core_documents")["action"] == {"action", "options", "same_as"}
    assert "unit" in pages("wash_day_hours")["words"]
    assert "unit" not in pages("core_documents")["words"]
    assert set(pages("core_people_peak")) == {"words", "counts", "sources"}  # a number that is a fact


def test_every_key_of_the_format_has_its_field() -> None:
    """`rule` and the condition have pages of their own, what is marked or counted follows from the rest, and remarks are waived where they are read."""
    asked = {
        name
        for question in ("core_documents", "wash_day_hours", "farm_housing_charge", "core_worker_types", "core_housing")
        for part in pages(question).values()
        for name in part
    }
    number, whole = {**real("wash_day_hours"), "type": "table"}, {**real("core_documents"), "replaces": "old"}
    asked |= {one.key for part in parts_of(number, real_lists()) for one in part.rows}
    asked |= {one.name for part in parts_of(whole, real_lists()) for one in part.fields}
    assert set(QuestionShape().fields) - asked == {"id", "can_sign", "show_if", "rule", "rev", "option_map", "waived"}
    assert {one.name for one in action_fields({}, None, real("core_documents"))} == set(ActionShape().fields)


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("core_documents", OptionShape),
        ("wash_day_hours", BandShape),
        ("farm_housing_charge", StepShape),
        ("core_worker_types", TickShape),
    ],
)
def test_every_key_of_an_answer_has_its_field(question: str, shape: type[Shape]) -> None:
    part = part_of(real(question), real_lists(), "answers")
    assert part
    assert {one.name for one in part.rows[-1].fields} | {"action", "id"} == set(shape().fields) | {"action", "id"}


def test_a_fact_has_no_points_and_ticks_take_those_of_the_answers() -> None:
    for data, there in [
        (real("core_documents"), True),
        ({**real("core_documents"), "kind": "fact"}, False),
        (real("core_agency_checks"), False),
    ]:
        part = part_of(data, real_lists(), "answers")
        assert part
        assert ("points" in {field.name for field in part.rows[0].fields}) is there


def test_the_page_of_replacing_is_there_when_a_place_can_be_taken() -> None:
    assert part_of(real("core_documents"), real_lists(), "takes_over") is None
    lists = Lists({}, {}, {}, {"old": {"ask": "Old?"}})
    part = part_of(real("core_documents"), lists, "takes_over")
    assert part
    assert ("old", "Old?") in part.fields[0].choices


def test_sources_that_are_ticked_come_first_even_unknown_ones() -> None:
    part = part_of({**real("core_documents"), "sources": ["S45", "S999"]}, real_lists(), "sources")
    assert part
    assert [name for name, _ in part.fields[0].choices[:2]] == ["S45", "S999"]


@pytest.mark.parametrize(
    ("place", "number", "page"),
    [
        (("ask",), "BANK022", "words"),
        (("options", 2, "label"), "BANK022", "answers"),
        (("options", 2), "BANK057", "action"),
        (("options", 2, "action", "owner"), "BANK037", "action"),
        (("dk_action", "owner"), "BANK037", "action"),
        (("ilo", 0), "BANK023", "counts"),
        ((), "BANK039", "sources"),
        ((), "BANK030", None),
        (("show_if",), "BANK033", None),
    ],
)
def test_each_problem_leads_to_the_page_that_repairs_it(place: Place, number: str, page: str | None) -> None:
    assert part_for(place, number) == page
