from __future__ import annotations

from assess.editor.questions.adding import IN_ALL, NEW, Wanted, copied, fields_of, made_of, sheet_for, taken_ids
from tests.editor.benches import bench, real, real_lists


def test_a_new_question_has_its_words_and_the_least_its_type_needs() -> None:
    made = made_of(Wanted("pay_day", {"ask": "When?", "type": "choice", "kind": "safeguard", "dimension": "freedom"}))
    assert list(made) == ["id", "ask", "type", "kind", "dimension", "options"]
    assert made["options"][-1] == {"id": "dk", "label": "Don’t know", "points": 4}


def test_a_copy_has_all_but_what_is_its_own() -> None:
    source = {**real("core_documents"), "rev": 2, "replaces": "old", "option_map": {"a": "b"}}
    made = copied(source, Wanted("papers_two", {"ask": "And yours?"}))
    assert made == {**real("core_documents"), "id": "papers_two", "ask": "And yours?"}
    made["options"][0]["label"] = "Changed"
    assert source["options"][0]["label"] != "Changed"


def test_a_copy_asks_for_words_alone() -> None:
    assert [field.name for field in fields_of(real_lists(), copy=True)] == ["ask"]
    assert len(fields_of(real_lists(), copy=False)) == 4


def test_a_section_has_its_file_and_a_new_one_gets_one() -> None:
    at_work = bench()
    found = [sheet_for(at_work, "shop", name) for name in ("work", NEW, IN_ALL, "none")]
    assert [one.name if one else None for one in found] == ["shop.yaml", "shop.yaml", "common/start.yaml", None]
    assert {"papers", "work", "D1"} <= taken_ids(at_work.shelf)
