from __future__ import annotations

from typing import Any

import pytest

from assess.editor.questions.settling import begun, changed_much, means_another, revision, settled, with_meaning
from tests.editor.benches import real

OLD: dict[str, Any] = {
    "id": "papers",
    "ask": "Who keeps the papers of the workers?",
    "type": "choice",
    "kind": "safeguard",
    "options": [{"id": "they", "label": "They do", "points": 0}, {"id": "we", "label": "We do", "points": 4}],
    "action": {"do": "Give them back."},
}


def test_another_type_drops_what_does_not_fit_and_begins_what_is_needed() -> None:
    made = settled(OLD, {**OLD, "type": "number", "unit": "papers"})
    assert "options" not in made
    assert "bands" not in made, "nobody has said which number matters"
    assert made["unit"] == "papers"
    assert settled(OLD, {**OLD, "type": "choices"})["options"] == OLD["options"]
    assert [one["id"] for one in settled(OLD, {**OLD, "type": "table", "kind": "fact"})["columns"]] == ["what"]


def test_a_fact_keeps_its_answers_and_nothing_that_scores() -> None:
    made = settled(real("core_documents"), {**real("core_documents"), "kind": "fact"})
    assert not {"action", "can_sign"} & set(made)
    assert all(set(option) == {"id", "label"} for option in made["options"])
    assert "points" in real("core_documents")["options"][0]  # the old one is left alone


def test_a_number_that_scores_from_now_on_begins_without_points() -> None:
    fact = real("core_people_peak")
    assert "bands" not in settled(fact, {**fact, "kind": "exposure"})


def test_the_mark_of_signs_follows_the_answers() -> None:
    signed = {**OLD, "options": [OLD["options"][0], {**OLD["options"][1], "sign": "urgent"}]}
    marked = settled(OLD, signed)
    assert marked["can_sign"] is True
    assert "can_sign" not in settled(marked, {**marked, "options": OLD["options"]})


def test_a_mark_that_a_check_needs_stays() -> None:
    data = real("farm_housing_charge")
    steps = [{**one, "points": 2} for one in data["steps"]]
    assert data["can_sign"] is settled(data, {**data, "steps": steps})["can_sign"] is True


@pytest.mark.parametrize(
    ("kind", "matters", "points"),
    [
        ("choice", "no", [0, 4, 4]),
        ("choice", "yes", [4, 0, 4]),
        ("choice", "", [None] * 3),
        ("choices", "", [None] * 3),
        ("percentage", "high", [0, 4]),
        ("number", "low", [4, 0]),
    ],
)
def test_a_new_question_has_points_only_for_the_answer_somebody_said_matters(
    kind: str, matters: str, points: list[int | None]
) -> None:
    made = begun({"id": "new", "type": kind, "kind": "safeguard"}, matters)
    key = "bands" if kind in {"number", "percentage"} else "options"
    assert [one.get("points") for one in made[key]] == points
    if key == "options":
        assert made[key][-1]["id"] == "dk"


def test_a_new_fact_begins_without_points() -> None:
    assert begun({"type": "number", "kind": "fact"}) == {"type": "number", "kind": "fact"}
    assert all("points" not in one for one in begun({"type": "choice", "kind": "fact"})["options"])


def test_the_meaning_is_marked_once_against_what_is_in_force() -> None:
    base = {"rev": 3, "id": "papers"}
    marked = with_meaning(dict(base), base, another=True)
    assert marked["rev"] == 4
    assert means_another(marked, base)
    assert with_meaning(marked, base, another=True) == marked
    assert with_meaning(marked, base, another=False) == base
    assert with_meaning({"id": "papers", "rev": 2}, {"id": "papers"}, another=False) == {"id": "papers"}
    assert revision({}) == revision({"rev": "two"}) == 1


def test_a_question_in_quite_other_words_may_mean_something_else() -> None:
    assert not changed_much(OLD, {**OLD, "ask": "Who keeps the ID papers of the workers?"})
    assert changed_much(OLD, {**OLD, "ask": "Do you pay overtime?"})
    assert not changed_much(OLD, OLD)


def test_an_answer_in_quite_other_words_may_too_but_a_new_one_does_not() -> None:
    they = OLD["options"][0]
    assert changed_much(OLD, {**OLD, "options": [{**they, "label": "Nobody knows"}]})
    assert not changed_much(OLD, {**OLD, "options": [they, {"id": "new", "label": "Somebody else"}]})
