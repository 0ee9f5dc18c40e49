from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from assess.banks.sheets import Sheet
from assess.editor.review.comparing import Comparison, changed_banks, changed_files, line_by_line
from assess.editor.workbench import workbench
from assess.engine.differences import Class
from tests.conftest import TODAY
from tests.editor.review.shop import HARDER, WORDS, a_draft
from tests.shelves import CONTACTS, SHOP, START, UK, edition_after


def test_changes_stand_in_their_section_in_the_order_of_asking_and_the_rest_comes_last() -> None:
    compared = Comparison(edition_after(), edition_after(WORDS, HARDER, (SHOP, "title: Corner shops", "title: Shops")))
    assert [part.title for part in compared.parts] == ["The people", "The work", "Beside the questions"]
    (hours,) = compared.parts[0].things
    assert hours.title == "How many hours does the longest week have?"
    assert [one.part for one in hours.changes] == ["the points by number"]
    assert [count for _title, _meaning, count in compared.classes] == [1, 2]


def test_what_is_taken_out_stands_where_it_was_asked() -> None:
    section = (START, "      - id: hours", "  - id: more\n    title: More\n    questions:\n      - id: hours")
    compared = Comparison(edition_after(section), edition_after())
    moved = next(
        one for part in compared.parts for thing in part.things for one in thing.changes if "section" in one.part
    )
    assert (moved.before, moved.after) == ("More", "The people"), "sections are said by their titles"


def test_the_first_edition_changes_nothing() -> None:
    assert Comparison(None, edition_after()).parts == []


def test_a_question_that_is_new_is_read_out_whole() -> None:
    new = "      - id: rest\n        ask: Is there a day of rest?\n        type: choice\n        kind: safeguard\n        dimension: pay\n"
    new += "        show_if: {staff: {is: hired}}\n        options:\n          - {id: yes, label: Yes, points: 0}\n"
    new += "          - {id: no, label: No, points: 4}\n          - {id: dk, label: Don’t know, points: 4}\n"
    new += "        action: {do: Plan it., priority: 30, owner: owner, effort: S}\n        sources: [S1]\n      - id: hours"
    compared = Comparison(edition_after(), edition_after((START, "      - id: hours", new)))
    (thing,) = compared.parts[0].things
    said = dict(thing.whole)
    assert said["Answers"] == ["“Yes”: 0 points", "“No”: 4 points", "“Don’t know”: 4 points"]
    assert "Others too" in said["When it is asked"][0]
    assert "Within 30 days" in said["What to do"][0]


def test_an_answer_that_is_new_is_told_with_its_points() -> None:
    one = "- {id: hired, label: Others too, points: 2}"
    compared = Comparison(
        edition_after(), edition_after((START, one, f"{one}\n          - {{id: kin, label: Kin, points: 1}}"))
    )
    assert [told.after for told in compared.parts[0].things[0].changes] == ["“Kin”: 1 point"]


def test_a_bank_that_is_new_shows_the_questions_of_its_own() -> None:
    own = Comparison(None, edition_after()).own
    assert [part.title for part in own] == ["The work"]
    assert all(thing.whole for thing in own[0].things)


def test_a_bank_is_compared_with_its_edition_in_force(shop: Session, ann: uuid.UUID) -> None:
    at_work = workbench(shop, a_draft(shop, ann, WORDS), TODAY)
    (one,) = changed_banks(shop, at_work)
    assert (one.bank, one.old.ref.number if one.old else 0) == ("shop", 1)
    assert {change.kind for change in one.compared.changes} == {Class.WORDING}
    assert [(file.name, list(file.values)) for file in changed_files(shop, at_work)] == [(SHOP, [])]


def test_other_files_are_told_value_by_value(shop: Session, ann: uuid.UUID) -> None:
    draft = a_draft(shop, ann, (CONTACTS, "who: The helpline", "who: The line"), (CONTACTS, "order: 1", "order: 2"))
    at_work = workbench(shop, draft, TODAY)
    assert changed_banks(shop, at_work) == []
    (file,) = changed_files(shop, at_work)
    assert [(one.where, one.before, one.after) for one in file.values] == [
        ("contacts – The line – order", "1", "2"),
        ("contacts – The line – who", "The helpline", "The line"),
    ]
    assert "-    who: The helpline\n+    who: The line" in file.lines


def test_an_entry_that_takes_the_words_of_another_hides_no_change(shop: Session, ann: uuid.UUID) -> None:
    at_work = workbench(shop, a_draft(shop, ann, (CONTACTS, "id: helpline", "id: line")), TODAY)
    (file,) = changed_files(shop, at_work)
    assert {one.where.split(" – ")[1] for one in file.values} == {"helpline", "line"}


def test_a_bank_with_a_fault_is_left_out(shop: Session, ann: uuid.UUID) -> None:
    at_work = workbench(shop, a_draft(shop, ann, (UK, "format: 1", "formt: 1")), TODAY)
    assert changed_banks(shop, at_work) == []


def test_a_file_that_comes_is_all_lines_with_a_plus() -> None:
    assert line_by_line(None, Sheet("a.yaml", b"one\ntwo\n")) == "@@ -0,0 +1,2 @@\n+one\n+two"
