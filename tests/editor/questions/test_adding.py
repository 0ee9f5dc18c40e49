from __future__ import annotations

import pytest

from assess.editor.questions.adding import (
    IN_ALL,
    LATER,
    NEW,
    NO_MATTERS,
    NOT_FITTING,
    Wanted,
    copied,
    fault_of_matters,
    fields_of,
    made_of,
    sheet_for,
    taken_ids,
)
from tests.editor.benches import bench, real, real_lists

NO_SIGN = "core_written_terms"


def test_a_new_question_has_its_words_and_the_least_its_type_needs() -> None:
    asked = {"ask": "When?", "type": "choice", "kind": "safeguard", "dimension": "freedom", "matters": "yes"}
    made = made_of(Wanted("pay_day", asked))
    assert list(made) == ["id", "ask", "type", "kind", "dimension", "options"]
    assert made["options"][-1] == {"id": "dk", "label": "Don’t know", "points": 4}
    assert [one["points"] for one in made["options"]] == [4, 0, 4]


@pytest.mark.parametrize(
    ("kind", "about", "matters", "fault"),
    [
        ("choice", "safeguard", "no", None),
        ("choice", "safeguard", "high", NOT_FITTING),
        ("number", "exposure", "low", None),
        ("number", "exposure", "yes", NOT_FITTING),
        ("percentage", "exposure", None, NO_MATTERS),
        ("choice", "exposure", None, NO_MATTERS),
        ("choices", "exposure", None, None),
        ("choices", "exposure", LATER, None),
        ("choice", "fact", None, None),
    ],
)
def test_whoever_adds_a_question_says_which_answer_matters(
    kind: str, about: str, matters: str | None, fault: str | None
) -> None:
    assert fault_of_matters({"type": kind, "kind": about, "matters": matters}) == fault


def test_a_copy_has_all_but_what_is_its_own() -> None:
    source = {**real(NO_SIGN), "rev": 2, "replaces": "old", "option_map": {"a": "b"}}
    made = copied(source, Wanted("papers_two", {"ask": "And yours?"}))
    assert made == {**real(NO_SIGN), "id": "papers_two", "ask": "And yours?"}
    made["options"][0]["label"] = "Changed"
    assert source["options"][0]["label"] != "Changed"


def test_a_copy_of_what_can_raise_a_sign_has_no_points_yet() -> None:
    made = copied(real("core_documents"), Wanted("papers_two", {"ask": "And yours?"}))
    assert made["can_sign"] is True
    assert all("points" not in one for one in made["options"])
    assert [one.get("sign") for one in made["options"]] == [
        one.get("sign") for one in real("core_documents")["options"]
    ]


def test_a_copy_asks_for_words_alone() -> None:
    assert [field.name for field in fields_of(real_lists(), copy=True)] == ["ask"]
    assert len(fields_of(real_lists(), copy=False)) == 5


def test_a_section_has_its_file_and_a_new_one_gets_one() -> None:
    at_work = bench()
    found = [sheet_for(at_work, "shop", name) for name in ("work", NEW, IN_ALL, "none")]
    assert [one.name if one else None for one in found] == ["shop.yaml", "shop.yaml", "common/start.yaml", None]
    assert {"papers", "work", "D1"} <= taken_ids(at_work.shelf)
