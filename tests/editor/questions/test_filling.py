from __future__ import annotations

import copy
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assess.banks.rewriting import rewritten
from assess.editor.questions.filling import Filled, after_step, filled_of, poor_ones, typed_in, written
from assess.editor.questions.parts import Lists, part_of, parts_of
from assess.editor.questions.settling import settled
from tests.editor.benches import SHEETS, questions_in, real, real_lists, real_questions
from tests.engine.real_banks import shelf
from tests.random_banks import RandomBank

TYPED = "These words stand nowhere: who wrote “them”?"


def form_of(filled: Filled) -> MultiDict[str, str]:
    """What a browser sends of this page."""
    sent: MultiDict[str, str] = MultiDict()
    for name, values in filled.single.items():
        sent.setlist(name, values)
    for key, rows in filled.rows.items():
        for place, group in enumerate(rows):
            for name, values in group.items():
                sent.setlist(f"{key}-{place}-{name}", values)
    return sent


def saved(data: dict[str, Any], part_id: str, change: dict[str, str], lists: Lists | None = None) -> dict[str, Any]:
    """The question after its page came back with these fields changed: what the view does."""
    lists = lists or real_lists()
    part = part_of(data, lists, part_id)
    assert part
    sent = form_of(filled_of(part, data, lists))
    for name, value in change.items():
        assert name in sent
        sent[name] = value
    made, errors = written(part, typed_in(part, sent), data, lists)
    assert errors == {}
    return settled(data, made)


def test_a_form_that_nobody_touched_changes_nothing_for_every_page_of_every_question() -> None:
    pages = 0
    for _, data in real_questions():
        for part in parts_of(data, real_lists()):
            sent = form_of(filled_of(part, data, real_lists()))
            made, errors = written(part, typed_in(part, sent), data, real_lists())
            assert (made, list(made), errors) == (data, list(data), {}), (data["id"], part.id)
            assert settled(data, made) == data
            pages += 1
    assert pages > 700


def test_a_form_that_nobody_touched_changes_nothing_in_two_hundred_random_banks() -> None:
    pages = 0
    for seed in range(200):
        for data in questions_in(RandomBank(seed).bank()):
            for part in parts_of(data, real_lists()):
                sent = form_of(filled_of(part, data, real_lists()))
                made, errors = written(part, typed_in(part, sent), data, real_lists())
                assert (made, errors) == (data, {}), (seed, data["id"], part.id)
                pages += 1
    assert pages > 3000


@pytest.mark.parametrize("name", SHEETS)
def test_other_words_of_every_question_change_its_one_line_and_no_other(name: str) -> None:
    sheet = shelf().sheets[name]
    data = copy.deepcopy(dict(sheet.written))
    places = {question["id"]: sheet.line(place) - 1 for place, question in _placed(data)}
    for question in questions_in(data):
        made = saved(question, "words", {"ask": f"{TYPED} {question['id']}"})
        question.clear()
        question.update(made)
    before, after = sheet.text.splitlines(), rewritten(sheet.text, data).splitlines()
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
    sheet = shelf().sheets["car_washes.yaml"]
    data = copy.deepcopy(dict(sheet.written))
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
    before, after = sheet.text.splitlines(), rewritten(sheet.text, data).splitlines()
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
    lists = Lists(plain.dimensions, plain.owners, plain.sources, {"old": old})
    data = real("core_documents")
    taken = saved(data, "takes_over", {"replaces": "old"}, lists)
    assert taken == {**data, "replaces": "old"}
    mapped = saved(taken, "takes_over", {"option_map.a": "worker"}, lists)
    assert mapped == {**taken, "option_map": {"a": "worker"}}
    assert saved(mapped, "takes_over", {}, lists) == mapped
    assert saved(mapped, "takes_over", {"replaces": ""}, lists) == data


def test_a_button_of_a_row_shows_the_page_again_and_any_other_word_saves() -> None:
    filled = Filled({"cap": ["6"]}, {"options": [{"was": ["a"]}, {"was": ["b"]}]})
    moved = after_step(filled, "up:options:1")
    assert moved is not None
    assert moved.single == filled.single
    assert [one["was"] for one in moved.rows["options"]] == [["b"], ["a"]]
    for word in ("save", "", "up:columns:0", "up:options:x"):
        assert after_step(filled, word) is None


def test_rows_come_back_in_the_order_of_their_numbers_and_strange_fields_are_left() -> None:
    part = part_of(real("core_documents"), real_lists(), "answers")
    assert part
    sent = MultiDict(
        [
            ("options-10-label", "ten"),
            ("options-2-label", "two"),
            ("options-x-label", "no"),
            ("csrf_token", "t"),
            ("cap", "3"),
        ]
    )
    filled = typed_in(part, sent)
    assert [one["label"] for one in filled.rows["options"]] == [["two"], ["ten"]]
    assert filled.single == {}


def test_answers_that_bring_an_action_are_the_poor_ones() -> None:
    assert poor_ones(real("core_documents"), "options") == {"asked", "employer", "third", "dk"}
    assert poor_ones(real("core_agency_checks"), "options") == {"dk"}
    assert "-" in poor_ones(real("wash_day_hours"), "bands")
