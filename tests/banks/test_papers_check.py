from __future__ import annotations

from datetime import date

import pytest

from assess.banks.papers_check import check_papers, texts_of
from assess.banks.sheets import Shelf, shelf_of
from tests.shelves import TODAY, sound_but

ROTA = """\
format: 1
paper: rota
title: A rota
says: Who works when.
group: plans
for: [staff]
blocks:
  - {text: "Call {helpline}."}
  - {table: {caption: Hours, columns: [Day, Hours], empty: 2}}
sources: [S1]
reviewed: 2026-11-24
review_by: 2027-11-24
"""
TEXTS = {"helpline": "01234 567 890", "wage": "£12.34"}


def shelf(*edits: tuple[str, str], name: str = "papers/rota.yaml") -> Shelf:
    text = ROTA
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return Shelf({**sound_but().sheets, **shelf_of({name: text.encode()}).sheets})


def said(*edits: tuple[str, str], day: date = TODAY, name: str = "papers/rota.yaml") -> list[str]:
    return [str(one) for one in check_papers(shelf(*edits, name=name), day, {"staff", "hours"}, TEXTS)]


def test_nothing_is_wrong_with_a_sound_paper() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (("[staff]", "[stuff]"), "papers/rota.yaml:6: BANK084 No bank has a question “stuff”; did you mean “staff”?"),
        (("[S1]", "[S9]"), "papers/rota.yaml:10: BANK038 There is no source “S9”"),
        (("{helpline}", "{helplin}"), "papers/rota.yaml:8: BANK070 Nothing fills the gap {helplin}"),
        (("A rota", "A worker's rota"), "papers/rota.yaml:3: BANK028 warning: A straight quote (')"),
        (("Hours, columns", "Call 01234 567 890, columns"), "papers/rota.yaml:9: BANK076 warning: “01234 567 890”"),
        (
            ("paper: rota", "paper: plan"),
            "papers/rota.yaml:2: BANK014 The file is called rota, but it says “paper: plan”.",
        ),
        (("group: plans", "group: walls"), "papers/rota.yaml:5: BANK023 “walls” is not one of: "),
    ],
)
def test_each_fault_is_told_with_its_line(edit: tuple[str, str], found: str) -> None:
    problems = said(edit)
    assert len(problems) == 1, problems
    assert problems[0].startswith(found)


def test_a_review_that_is_due_is_a_warning() -> None:
    assert said(day=date(2027, 11, 24)) == []
    (problem,) = said(day=date(2027, 11, 25))
    assert problem.startswith("papers/rota.yaml:12: BANK071 warning: “rota” was to be looked at again by 2027-11-24.")


def test_only_papers_lie_among_papers() -> None:
    other = shelf_of({"papers/owners.yaml": b"format: 1\nowners: {owner: Owner}\n"})
    (problem,) = check_papers(Shelf({**sound_but().sheets, **other.sheets}), TODAY, None, None)
    assert str(problem).startswith("papers/owners.yaml:1: BANK014 This file lies under papers, but it holds “owners”.")


def test_what_is_not_known_is_not_judged() -> None:
    edited = shelf(("[staff]", "[stuff]"), ("{helpline}", "{helplin}"))
    assert check_papers(edited, TODAY, None, None) == []


def test_every_text_has_its_place() -> None:
    sheet = shelf().sheets["papers/rota.yaml"]
    assert dict(texts_of(sheet.data)) == {
        ("title",): "A rota",
        ("says",): "Who works when.",
        ("blocks", 0, "text"): "Call {helpline}.",
        ("blocks", 1, "table", "caption"): "Hours",
        ("blocks", 1, "table", "columns", 0): "Day",
        ("blocks", 1, "table", "columns", 1): "Hours",
    }
