from __future__ import annotations

import copy
from typing import Any

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.rewriting import same
from assess.banks.sheets import read_folder
from assess.editor.changing import MovedOnError
from assess.editor.law.changes import add, change, review, take_away
from assess.editor.law.fields import Read, read, shown
from assess.editor.law.kinds import DUTIES, KINDS, OWNERS, SOURCES, ThingKind, sheets_for, things
from assess.editor.workbench import mark_of

DUTY: dict[str, Any] = {
    "id": "pay",
    "title": "Pay",
    "jurisdiction": ["UK"],
    "status": "in_force",
    "force": "mandatory",
    "when": "always",
    "applies_to": "All",
    "must_do": ["Pay them.", {"text": "In full.", "when": {"hires": {"is": True}}}],
    "deadline": {"kind": "each_pay_day"},
    "source": "An Act",
    "url": "https://example.org/act",
    "source_as_of": "2026",
    "evidence": "A",
    "confidence": "high",
}


def sheet() -> dict[str, Any]:
    return {"format": 1, "duties": [{**DUTY, "id": "first"}, copy.deepcopy(DUTY)]}


def typed(**changed: str) -> Read:
    form = {one.name: shown(one, DUTY) for one in DUTIES.fields if one.name != "must_do"}
    form |= {"must_do-0": "Pay them.", "must_do-1": "In full.", "must_do-2": ""}
    said = read(DUTIES.fields, form | changed)
    assert not said.errors
    return said


def test_only_the_field_that_changed_is_another() -> None:
    data = sheet()
    change(data, DUTIES, "pay", mark_of(DUTY), typed(title="Pay in full").values)
    assert data == {"format": 1, "duties": [{**DUTY, "id": "first"}, {**DUTY, "title": "Pay in full"}]}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_form_that_is_sent_as_it_came_changes_nothing(kind: ThingKind) -> None:
    shelf = read_folder(QUESTIONNAIRES)
    for sheet in sheets_for(shelf, kind):
        data = copy.deepcopy(dict(sheet.written))
        for one in things(shelf, kind):
            if one.sheet is sheet:
                form = {}
                for row in kind.fields:
                    value = shown(row, one.data)
                    steps = (
                        {f"{row.name}-{index}": text for index, text in enumerate(value)}
                        if isinstance(value, list)
                        else {}
                    )
                    form |= steps or {row.name: value}
                said = read(kind.fields, form, one.data)
                assert not said.errors, (one.id, said.errors)
                assert not change(data, kind, one.id, one.seen, said.values)
        assert same(data, sheet.written)


def test_it_is_found_by_its_id_even_when_it_moved() -> None:
    data = sheet()
    del data["duties"][0]
    change(data, DUTIES, "pay", mark_of(DUTY), typed(title="Pay in full").values)
    assert data["duties"][0]["title"] == "Pay in full"


@pytest.mark.parametrize(
    ("changed", "more", "void"),
    [
        ({"title": "Other words"}, {}, True),
        ({"must_do-1": "Half of it."}, {}, True),
        ({"deadline-kind": "none"}, {}, True),
        ({}, {"when": {"hires": {"is": True}}}, True),
        ({"url": "https://example.org/other", "evidence": "B"}, {}, False),
        ({}, {"when": "always"}, False),
    ],
)
def test_words_that_nobody_reviewed_do_not_stand_under_a_name(
    changed: dict[str, str], more: dict[str, Any], *, void: bool
) -> None:
    data = sheet()
    review(data, DUTIES, "pay", mark_of(DUTY), "A. Lawyer", "2026-11-01")
    here = data["duties"][1]
    assert (here["reviewed_by"], here["reviewed_on"]) == ("A. Lawyer", "2026-11-01")
    assert change(data, DUTIES, "pay", mark_of(here), typed(**changed).values, more) is void
    assert ("reviewed_by" in here, "reviewed_on" in here) == (not void, not void)


def test_a_review_can_be_taken_off() -> None:
    data = sheet()
    review(data, DUTIES, "pay", mark_of(DUTY), "A. Lawyer", "2026-11-01")
    review(data, DUTIES, "pay", mark_of(data["duties"][1]), None, None)
    assert data == sheet()


def test_who_comes_second_is_told() -> None:
    data = sheet()
    data["duties"][1]["title"] = "Theirs"
    with pytest.raises(MovedOnError) as told:
        change(data, DUTIES, "pay", mark_of(DUTY), typed().values)
    assert told.value.theirs
    assert told.value.theirs["title"] == "Theirs"
    del data["duties"][1]
    with pytest.raises(MovedOnError) as gone:
        take_away(data, DUTIES, "pay", mark_of(DUTY))
    assert gone.value.theirs is None


def test_things_come_and_go() -> None:
    data = sheet()
    add(data, DUTIES, "new", typed().values, {"when": "always"})
    assert data["duties"][2] == {**DUTY, "id": "new", "must_do": ["Pay them.", "In full."]}
    take_away(data, DUTIES, "first", mark_of(data["duties"][0]))
    assert [one["id"] for one in data["duties"]] == ["pay", "new"]
    named: dict[str, Any] = {
        "sources": {"S1": {"document": "One", "how_far_read": "whole"}},
        "owners": {"owner": "Owner"},
    }
    add(named, SOURCES, "S2", {("document",): "Two", ("url",): None, ("how_far_read",): "whole"}, {})
    add(named, OWNERS, "cook", {("name",): "Cook"}, {})
    change(named, OWNERS, "owner", mark_of("Owner"), {("name",): "The owner"})
    take_away(named, SOURCES, "S1", mark_of(named["sources"]["S1"]))
    assert named == {
        "sources": {"S2": {"document": "Two", "how_far_read": "whole"}},
        "owners": {"owner": "The owner", "cook": "Cook"},
    }
