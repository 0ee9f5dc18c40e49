from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.sectors.form import FIELDS, choices_of, read_sector, sector_from
from tests.editor.sectors.typed_sector import CONSTRUCTION

CHOICES = choices_of(read_folder(QUESTIONNAIRES))
TYPED = read_sector({**dict.fromkeys(FIELDS, ""), **CONSTRUCTION})


def test_what_is_typed_makes_a_sector_with_an_id_from_its_title() -> None:
    made, faults = sector_from(TYPED, CHOICES, {"farming"})
    assert faults == {}
    assert made is not None
    assert (made.id, made.base, made.codes, made.busy, made.frame) == (
        "construction",
        40,
        ("41", "42", "43"),
        None,
        None,
    )
    assert made.first is not None


def test_pages_taken_over_need_no_first_question() -> None:
    typed = {
        **TYPED,
        **dict.fromkeys(("section", "ask", "why", "do", "owner", "source", "dimension"), ""),
        "frame": "farming",
    }
    made, faults = sector_from(typed, CHOICES, set())
    assert faults == {}
    assert made is not None
    assert (made.frame, made.first) == ("farming", None)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": ""}, {"title"}),
        ({"title": "x" * 61}, {"title"}),
        ({"id": "Con-struction"}, {"id"}),
        ({"id": "owners"}, {"id"}),
        ({"id": "any"}, {"id"}),
        ({"id": "retired"}, {"id"}),
        ({"title": "…"}, {"id"}),
        ({"base": "101"}, {"base"}),
        ({"base": "much"}, {"base"}),
        ({"base": "nan"}, {"base"}),
        ({"codes": "41-43"}, {"codes"}),
        ({"first_month": "3"}, {"last_month"}),
        ({"first_month": "0", "last_month": "13"}, {"first_month", "last_month"}),
        ({"dimension": "strange", "poor": "", "kind": "fact"}, {"dimension", "poor", "kind"}),
        ({"ask": "", "frame": "strange"}, {"ask"}),
    ],
)
def test_each_fault_is_told_beside_its_field(change: dict[str, str], where: set[str]) -> None:
    made, faults = sector_from({**TYPED, **change}, CHOICES, {"retired"})
    assert made is None
    assert set(faults) == where


def test_months_may_run_over_the_new_year() -> None:
    made, _ = sector_from({**TYPED, "first_month": "11", "last_month": "2"}, CHOICES, set())
    assert made is not None
    assert made.busy == (11, 2)
