from __future__ import annotations

import pytest

from assess.editor.sheets.cells import Address
from assess.editor.sheets.layout import PLANS, laid_out, part_of_text, text_of_part
from tests.editor.sheets.books import BASE, OWN


@pytest.mark.parametrize(
    "part", [("show_if",), ("must_do", "#2", "text"), ("a/b", "c"), ('"x"', " y ", "é\n"), ("options", "7", "action")]
)
def test_the_way_to_a_value_can_be_written_and_read(part: tuple[str, ...]) -> None:
    assert part_of_text(text_of_part(part)) == part


@pytest.mark.parametrize("text", ["", "a//b", '"a', '""'])
def test_a_way_that_is_none_is_told(text: str) -> None:
    assert not part_of_text(text)


def test_each_value_stands_on_one_sheet_and_each_row_says_what_it_is_about() -> None:
    sheets = laid_out(BASE)
    placed = [line.address(column) if column.part else Address(line.file, line.what, line.id, line.part) for sheet in sheets for line, row in sheet.rows.items() for column in sheet.plan.columns if column.part in row]  # fmt: skip
    assert len(placed) == len(set(placed))
    left = set(BASE) - set(placed)
    assert {at.part[-1] for at in left} == {"id"}
    for sheet in sheets:
        for line in sheet.rows:
            assert sheet.plan.reads(sheet.plan.names(line)) == (line.what, line.id, line.part)


def test_things_stand_where_people_look_for_them() -> None:
    where = {sheet.plan.title: [(line.id, line.part) for line in sheet.rows] for sheet in laid_out(BASE)}
    assert ("papers", ("options", "boss")) in where["Options"]
    assert ("total", ("bands", "#2")) in where["Options"]
    assert where["Conditions"] == [("papers", ("show_if",)), ("D1", ("when",))]
    assert where["Actions"] == [("papers", ("action",))]
    assert where["Texts"] == [("", ("title",)), ("D1", ("says",))]
    assert [plan.title for plan in PLANS][:3] == ["Sections", "Questions", "Options"]
    assert OWN in {line.file for sheet in laid_out(BASE) for line in sheet.rows}
