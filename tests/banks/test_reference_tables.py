from __future__ import annotations

import pytest

from assess.banks.reference_tables import TABLES, read_tables
from assess.banks.sheets import Shelf, read_folder
from tests.references import (
    COUNTRIES,
    GOODS,
    INDICATORS,
    INDUSTRIES,
    SOUND_REFERENCE,
    USUAL,
    Edit,
    problems_after,
    said,
)


def test_the_tables_are_read_by_name() -> None:
    tables = read_tables(read_folder(SOUND_REFERENCE))
    assert tuple(tables.by_name) == TABLES
    assert [row["country"] for row in tables.rows("country_risk.csv")][:2] == ["Tierless", "Best"]
    assert tables.values("goods_risk.csv", "input_good") == {"Rope"}


def test_a_table_that_is_missing_has_no_rows() -> None:
    assert read_tables(Shelf()).rows("goods_risk.csv") == ()


@pytest.mark.parametrize(
    ("edit", "line", "number", "cause"),
    [
        ((GOODS, "WW,Watched,Apples", "XX,Watched,Apples"), 4, "BANK089", "There is no country “XX”"),
        ((GOODS, "no,no,no,DD,Rope", "no,no,no,XX,Rope"), 3, "BANK089", "There is no country “XX”"),
        ((GOODS, "no,no,no,DD,Rope", "no,no,no,DD,Rop"), 3, "BANK089", "no good “Rop”; did you mean “Rope”?"),
        ((GOODS, "Apples,Agriculture,yes", "Apples,Agriculture,no"), 4, "BANK087", "The row finds nothing"),
        ((GOODS, "Apples,Agriculture,yes", "Apples,Farming,yes"), 4, "BANK087", "“good_sector” must be one of"),
        ((GOODS, "removed 2024", "removed"), 6, "BANK087", "“status” must be listed, or removed and a year"),
        ((USUAL, "Rope,material", "Rpoe,material"), 3, "BANK089", "There is no good “Rpoe”"),
        ((USUAL, "shop,food", "shup,food"), 2, "BANK089", "There is no bank “shup”; did you mean “shop”?"),
        ((USUAL, ",no listed good", ",same"), 5, "BANK087", "must be empty where the relation is “no listed good”"),
        ((USUAL, "Rope,material", "Rope,no listed good"), 3, "BANK087", "must be empty where"),
        ((COUNTRIES, "Best,1,2024", "Best,1,"), 3, "BANK087", "A tier needs its year"),
        ((COUNTRIES, "Best,1,", "Best,4,"), 3, "BANK087", "“tip_tier” must be one of 1, 2, 2WL, 3, SC or nothing"),
        ((COUNTRIES, "90.0", "190"), 3, "BANK087", "must be a number from 0 to 100"),
        ((INDICATORS, "found,cases", "found,case"), 4, "BANK087", "one of cases, licence, named, not “case”; did you mean “cases”?"),
        ((INDICATORS, "https://example.org/act", "example.org"), 2, "BANK087", "must be a whole web address"),
        ((INDUSTRIES, "01240", "1240"), 2, "BANK087", "a spreadsheet may have dropped a 0 in front"),
        ((INDUSTRIES, "trade,shop", "trade,shoop"), 3, "BANK089", "There is no bank “shoop”"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named_with_its_row(edit: Edit, line: int, number: str, cause: str) -> None:
    problems = problems_after(edit)
    assert said(problems) == [f"{edit[0].rsplit('/', 1)[1]}:{line}: {number}"], "\n".join(map(str, problems))
    assert cause in problems[0].message
