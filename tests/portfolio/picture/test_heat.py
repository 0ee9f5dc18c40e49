from __future__ import annotations

from assess.portfolio.picture.heat import OTHERS, heat_of
from assess.portfolio.picture.rows import Seen
from tests.portfolio.picture.made_rows import a_row


def copies(sector: str | None, *steps: int, band: str | None = "low") -> list[tuple[Seen, dict[str, int]]]:
    return [(a_row(sector=sector, band=band), {"Pay": step, "Homes; Papers": 2}) for step in steps]


def heat(*pairs: tuple[Seen, dict[str, int]]) -> object:
    return heat_of([row for row, _ in pairs], {row.supplier_id: bars for row, bars in pairs})


def test_averages_by_kind_and_a_joined_bar_counts_for_each_of_its_groups() -> None:
    pairs = copies("farming", 1, 2, 2)
    found = heat_of([row for row, _ in pairs], {row.supplier_id: bars for row, bars in pairs})
    assert found.groups == ["Homes", "Papers", "Pay"]
    (row,) = found.rows
    assert row.name == "Farming"
    assert [(cell.number, cell.copies, cell.step) for cell in row.cells if cell] == [
        ("2.0", 3, 2),
        ("2.0", 3, 2),
        ("1.7", 3, 2),
    ]
    assert row.cells[0] is not None
    assert row.cells[0].words == "Partly in place"
    assert found.left_out == 0


def test_kinds_with_fewer_than_three_are_put_together_or_left_out() -> None:
    pairs = [*copies("farming", 4, 4, 4), *copies("hospitality", 1, 1), *copies(None, 1)]
    found = heat_of([row for row, _ in pairs], {row.supplier_id: bars for row, bars in pairs})
    assert [row.name for row in found.rows] == ["Farming", OTHERS]
    pairs = pairs[:-1]
    found = heat_of([row for row, _ in pairs], {row.supplier_id: bars for row, bars in pairs})
    assert ([row.name for row in found.rows], found.left_out) == (["Farming"], 2)


def test_a_group_on_fewer_than_three_copies_has_no_number() -> None:
    pairs = copies("farming", 4, 4, 4)
    bars = {row.supplier_id: bars for row, bars in pairs}
    del bars[pairs[0][0].supplier_id]["Pay"]
    found = heat_of([row for row, _ in pairs], bars)
    assert found.rows[0].cells[2] is None
    assert found.rows[0].cells[0] is not None


def test_a_copy_without_a_band_is_not_counted_even_where_it_has_bars() -> None:
    assert heat(*copies("farming", 1, 1, 1, 1, band=None)) == heat()
