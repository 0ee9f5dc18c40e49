from __future__ import annotations

import copy
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assess.bank_editor.questions.fields import action_fields
from assess.bank_editor.questions.forms import (
    FormLists,
    PartValues,
    after_row_button,
    apply_part_values,
    find_question_part,
    part_for_problem,
    part_values,
    poor_entry_names,
    posted_part_values,
    question_parts,
)
from assess.bank_editor.questions.services import normalise_question
from assess.engine.bank import Action, NumberBand, Option, Question, RuleStep, TickStep
from assess.engine.problems import DocumentPath
from assess.engine.schema import file_fields
from assess.question_banks.yaml_patch import patch_yaml
from tests.bank_editor.draft_contexts import SHEETS, questions_in, real, real_lists, real_questions
from tests.engine.real_banks import bank_files
from tests.random_bank_files import RandomBank

TYPED = "These words stand nowhere: who wrote “them”?"


def form_of(filled: PartValues) -> MultiDict[str, str]:
    """What a browser sends of this page."""
    sent: MultiDict[str, str] = MultiDict()
    for name, values in filled.single.items():
        sent.setlist(name, values)
    for key, rows in filled.rows.items():
        for place, group in enumerate(rows):
            for name, values in group.items():
                sent.setlist(f"{key}-{place}-{name}", values)
    return sent


def saved(data: dict[str, Any], part_id: str, change: dict[str, str], lists: FormLists | None = None) -> dict[str, Any]:
    """The question after its page came back with these fields changed: what the view does."""
    lists = lists or real_lists()
    part = find_question_part(data, lists, part_id)
    assert part
    sent = form_of(part_values(part, data, lists))
    for name, value in change.items():
        assert name in sent
        sent[name] = value
    made, errors = apply_part_values(part, posted_part_values(part, sent), data, lists)
    assert errors == {}
    return normalise_question(data, made)


def test_a_form_that_nobody_touched_changes_nothing_for_every_page_of_every_question() -> None:
    pages = 0
    for _, data in real_questions():
        for part in question_parts(data, real_lists()):
            sent = form_of(part_values(part, data, real_lists()))
            made, errors = apply_part_values(part, posted_part_values(part, sent), data, real_lists())
            assert (made, list(made), errors) == (data, list(data), {}), (data["id"], part.id)
            assert normalise_question(data, made) == data
            pages += 1
    assert pages > 700


def test_a_form_that_nobody_touched_changes_nothing_in_two_hundred_random_banks() -> None:
    pages = 0
    for seed in range(200):
        for data in questions_in(RandomBank(seed).bank()):
            for part in question_parts(data, real_lists()):
                sent = form_of(part_values(part, data, real_lists()))
                made, errors = apply_part_values(part, posted_part_values(part, sent), data, real_lists())
                assert (made, errors) == (data, {}), (seed, data["id"], part.id)
                pages += 1
    assert pages > 3000


@pytest.mark.parametrize("name", SHEETS)
def test_other_words_of_every_question_change_its_one_line_and_no_other(name: str) -> None:
    content_file = bank_files().files[name]
    data = copy.deepcopy(dict(content_file.raw_data))
    places = {question["id"]: content_file.line(place) - 1 for place, question in _placed(data)}
    for question in questions_in(data):
        made = saved(question, "words", {"ask": f"{TYPED} {question['id']}"})
        question.clear()
        question.update(made)
    before, after = content_file.text.splitlines(), patch_yaml(content_file.text, data).splitlines()
    assert len(before) == len(after)
    differ = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert differ == sorted(places.values())
    for question_id, number in places.items():
        assert after[number].strip().startswith("ask:")
        assert question_id in after[number]


def _placed(data: dict[str, Any]) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    return [
        (("sections", number, "questions", index, "ask"), question)
        for number, section in enumerate(data["sections"])
        for index, question in enumerate(section["questions"])
    ]


def test_one_text_in_the_browser_is_one_line_of_the_file() -> None:
    content_file = bank_files().files["car_washes.yaml"]
    data = copy.deepcopy(dict(content_file.raw_data))
    edits = [
        ("wash_pay_basis", "words", "why"),
        ("wash_pay_basis", "answers", "options-1-label"),
        ("wash_pay_basis", "action", "action-do"),
        ("wash_day_hours", "action", "dk_action-do"),
    ]
    for question_id, part, field in edits:
        question = next(one for one in questions_in(data) if one["id"] == question_id)
        made = saved(question, part, {field: TYPED})
        question.clear()
        question.update(made)
    before, after = content_file.text.splitlines(), patch_yaml(content_file.text, data).splitlines()
    assert len(before) == len(after)
    lines = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(lines) == len(edits)
    assert all("These words stand nowhere" in line for line in lines)


def test_the_action_of_a_question_goes_when_its_fields_are_empty() -> None:
    data = real("core_worker_types")
    empty = {f"action-{name}": "" for name in ("title", "do", "priority", "owner", "effort")}
    assert saved(data, "action", empty) == {key: one for key, one in data.items() if key != "action"}


def test_another_question_is_replaced_and_its_answers_become_others() -> None:
    old = {
        "id": "old",
        "ask": "Old?",
        "type": "choice",
        "options": [{"id": "a", "label": "A"}, {"id": "dk", "label": "?"}],
    }
    plain = real_lists()
    lists = FormLists(plain.dimensions, plain.owners, plain.sources, {"old": old})
    data = real("core_documents")
    taken = saved(data, "takes_over", {"replaces": "old"}, lists)
    assert taken == {**data, "replaces": "old"}
    mapped = saved(taken, "takes_over", {"option_map-a": "worker"}, lists)
    assert mapped == {**taken, "option_map": {"a": "worker"}}
    assert saved(mapped, "takes_over", {}, lists) == mapped
    assert saved(mapped, "takes_over", {"replaces": ""}, lists) == data


def test_a_button_of_a_row_shows_the_page_again_and_any_other_word_saves() -> None:
    filled = PartValues({"cap": ["6"]}, {"options": [{"was": ["a"]}, {"was": ["b"]}]})
    moved = after_row_button(filled, "up:options:1")
    assert moved is not None
    assert moved.single == filled.single
    assert [one["was"] for one in moved.rows["options"]] == [["b"], ["a"]]
    for word in ("save", "", "up:columns:0", "up:options:x"):
        assert after_row_button(filled, word) is None


def test_rows_come_back_in_the_order_of_their_numbers_and_strange_fields_are_left() -> None:
    part = find_question_part(real("core_documents"), real_lists(), "answers")
    assert part
    sent = MultiDict(
        [
            ("options-10-label", "ten"),
            ("options-2-label", "two"),
            ("options-x-label", "no"),
            (f"options-{'9' * 5000}-label", "no"),
            ("csrf_token", "t"),
            ("cap", "3"),
        ]
    )
    filled = posted_part_values(part, sent)
    assert [one["label"] for one in filled.rows["options"]] == [["two"], ["ten"]]
    assert filled.single == {}


def test_answers_that_bring_an_action_are_the_poor_ones() -> None:
    assert poor_entry_names(real("core_documents"), "options") == {"asked", "employer", "third", "dk"}
    assert poor_entry_names(real("core_agency_checks"), "options") == {"dk"}
    assert "-" in poor_entry_names(real("wash_day_hours"), "bands")


def pages(question_id: str) -> dict[str, set[str]]:
    return {
        part.id: {*(one.name for one in part.fields), *(one.key for one in part.rows), *part.actions}
        for part in question_parts(real(question_id), real_lists())
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
    share = {**real("wash_day_hours"), "type": "percentage"}
    del share["unit"]
    assert "unit" not in {one.name for part in question_parts(share, real_lists()) for one in part.fields}
    # what does not fit the type and stands there all the same can be taken out
    there = {one.name for one in question_parts({**share, "whole": True}, real_lists())[0].fields}
    assert there & {"unit", "whole"} == {"whole"}
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
    asked |= {one.key for part in question_parts(number, real_lists()) for one in part.rows}
    asked |= {one.name for part in question_parts(whole, real_lists()) for one in part.fields}
    assert set(file_fields(Question)) - asked == {"id", "can_sign", "show_if", "rule", "rev", "option_map", "waived"}
    assert {one.name for one in action_fields({}, None, real("core_documents"))} == set(file_fields(Action))


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("core_documents", Option),
        ("wash_day_hours", NumberBand),
        ("farm_housing_charge", RuleStep),
        ("core_worker_types", TickStep),
    ],
)
def test_every_key_of_an_answer_has_its_field(question: str, shape: type) -> None:
    part = find_question_part(real(question), real_lists(), "answers")
    assert part
    assert {one.name for one in part.rows[-1].fields} | {"action", "id"} == set(file_fields(shape)) | {"action", "id"}


def test_a_fact_has_no_points_and_ticks_take_those_of_the_answers() -> None:
    for data, there in [
        (real("core_documents"), True),
        ({**real("core_documents"), "kind": "fact"}, False),
        (real("core_agency_checks"), False),
    ]:
        part = find_question_part(data, real_lists(), "answers")
        assert part
        assert ("points" in {field.name for field in part.rows[0].fields}) is there


def test_the_page_of_replacing_is_there_when_a_place_can_be_taken() -> None:
    assert find_question_part(real("core_documents"), real_lists(), "takes_over") is None
    lists = FormLists({}, {}, {}, {"old": {"ask": "Old?"}})
    part = find_question_part(real("core_documents"), lists, "takes_over")
    assert part
    assert ("old", "Old?") in part.fields[0].choices


def test_sources_that_are_ticked_come_first_even_unknown_ones() -> None:
    part = find_question_part({**real("core_documents"), "sources": ["S45", "S999"]}, real_lists(), "sources")
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
def test_each_problem_leads_to_the_page_that_repairs_it(place: DocumentPath, number: str, page: str | None) -> None:
    assert part_for_problem(place, number) == page
