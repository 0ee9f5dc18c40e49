from __future__ import annotations

from datetime import date

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.settings_check import AMOUNTS, GROUPS, MAY_BE_MISSING, SHARES
from assess.banks.sheets import read_folder
from assess.editor.law.dated import all_dated, dated, is_judgement, is_late

SHELF = read_folder(QUESTIONNAIRES)


def test_the_value_that_counts_is_the_last_that_has_begun() -> None:
    wage = dated(SHELF, "wage")
    assert wage
    assert wage.now(date(2020, 1, 1)) is None
    first, second = wage.rows
    assert wage.now(date(2026, 3, 31)) == first
    assert wage.now(date(2026, 4, 1)) == second
    assert wage.said(second).startswith("£")


def test_a_value_is_late_after_its_day_and_not_on_it() -> None:
    row = {"review_by": "2026-11-24"}
    assert not is_late(row, date(2026, 11, 24))
    assert is_late(row, date(2026, 11, 25))
    assert not is_late(None, date(2026, 11, 25))


def test_a_group_says_its_members() -> None:
    bands = dated(SHELF, "bands")
    assert bands
    assert bands.said(bands.rows[0]).startswith("medium ")


def test_whatever_results_rest_on_is_marked() -> None:
    marked = {one.id for one in all_dated(SHELF) if one.in_results}
    assert marked == {*AMOUNTS, *SHARES, *GROUPS, *MAY_BE_MISSING}


def test_our_own_judgement_is_told_from_law() -> None:
    own = {one.sheet.stem for one in all_dated(SHELF) if is_judgement(one.id)}
    law = {one.sheet.stem for one in all_dated(SHELF) if not is_judgement(one.id)}
    assert own == {"asking", "calling", "purchases", "scoring"}
    assert law == {"contacts", "law", "rates"}
