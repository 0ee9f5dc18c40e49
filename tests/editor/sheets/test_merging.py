from __future__ import annotations

from assess.editor.sheets.cells import Address, Cells, data_of
from assess.editor.sheets.merging import homeless, merged, with_changes
from assess.editor.sheets.taking_in import GONE, Change
from tests.editor.sheets.books import BASE, OWN

ASK = Address(OWN, "question", "papers", ("ask",))
LABEL = Address(OWN, "question", "papers", ("options", "boss", "label"))
HINT = Address(OWN, "question", "papers", ("hint",))


def change(at: Address, new: object) -> Change:
    return Change(at, new, "Questions", 2, "Question")


def now(**changes: object) -> Cells:
    return {**BASE, ASK: changes.get("ask", BASE[ASK]), LABEL: changes.get("label", BASE[LABEL])}


def test_what_only_the_workbook_changed_is_taken_and_nothing_else_is_lost() -> None:
    here = now(label="Said otherwise by now")
    found = merged([change(ASK, "New?"), change(HINT, "A hint")], BASE, here)
    assert [one.change.at for one in found.taken] == [ASK, HINT]
    assert not found.conflicts
    after = with_changes(here, {one.change.at: one.change.new for one in found.taken})
    assert (after[ASK], after[LABEL], after[HINT]) == ("New?", "Said otherwise by now", "A hint")


def test_what_both_changed_is_a_conflict_with_all_three() -> None:
    found = merged([change(ASK, "New?")], BASE, now(ask="Theirs?"))
    assert [(one.before, one.now, one.change.new) for one in found.conflicts] == [
        ("Who keeps papers?", "Theirs?", "New?")
    ]
    assert not found.taken


def test_what_both_changed_alike_is_settled() -> None:
    found = merged([change(ASK, "New?")], BASE, now(ask="New?"))
    assert (found.taken, found.conflicts, found.already) == ((), (), 1)


def test_a_thing_that_went_in_the_draft_meanwhile_is_a_conflict() -> None:
    without = {at: value for at, value in BASE.items() if at.id != "papers"}
    found = merged([change(ASK, "New?"), change(HINT, "A hint")], BASE, without)
    assert [one.change.at for one in found.conflicts] == [ASK, HINT]
    assert merged([change(ASK, GONE)], BASE, without).already == 1
    assert homeless(with_changes(without, {HINT: "A hint"})) == [HINT]


def test_a_single_value_makes_way_for_a_group_and_the_other_way_round() -> None:
    own = Address(OWN, "question", "papers", ("options", "boss", "action"))
    inside = own._replace(part=(*own.part, "do"))
    group = with_changes(BASE, {inside: "Ask."})
    assert data_of(group)["sections"][0]["questions"][0]["options"][1]["action"] == {"do": "Ask."}
    assert with_changes(group, {own: False}) == BASE


def test_questions_that_would_lose_their_section_are_found() -> None:
    assert homeless(BASE) == []
    without = {at: value for at, value in BASE.items() if (at.what, at.id) != ("section", "pay")}
    assert {one.id for one in homeless(without)} == {"cash"}
    option = LABEL._replace(part=("options", "new", "label"))
    assert homeless(with_changes(BASE, {option: "No place"})) == [option]
