from __future__ import annotations

from assess.editor.sheets.cells import Address
from assess.editor.sheets.layout import Line
from assess.editor.sheets.merging import Beside
from assess.editor.sheets.saying import LONGEST, rows_missing, said, shown, thing
from assess.editor.sheets.taking_in import GONE, Change

LABEL = Address("small.yaml", "question", "papers", ("options", "boss", "label"))


def test_a_change_is_said_by_its_row_and_in_words() -> None:
    one = said(Beside(Change(LABEL, "New", "Options", 3, "Label"), "Old", GONE))
    assert (one.where, one.what) == ("Options, row 3", "papers, options/boss: Label")
    assert (one.before, one.now, one.new) == ("Old", "(nothing)", "New")
    named = said(Beside(Change(LABEL, "New", "Options", 3, "Label"), "Old", GONE), {"papers": "Who keeps the papers?"})
    assert named.what == "“Who keeps the papers?”, options/boss: Label"
    assert said(Beside(Change(LABEL, GONE, "Options", 0, ""), "Old", "Old")).where == "Options"


def test_values_are_shown_as_people_read_them() -> None:
    assert [shown(one) for one in (["S1", "S2"], {"a": {"is": "b"}}, True, 2.5, None)] == [
        "[S1, S2]",
        "{a: {is: b}}",
        "true",
        "2.5",
        "null",
    ]
    assert shown("x" * (LONGEST + 1)) == "x" * LONGEST + "…"


def test_missing_rows_are_named_by_sheet() -> None:
    missing = [
        ("Questions", Line("small.yaml", "question", "papers")),
        ("Other values", Line("small.yaml", "check", "D1", ("@place",))),
    ]
    assert rows_missing(missing) == {"Questions": ["papers"]}
    assert thing(Address("small.yaml", "file", "", ("title",))) == "small.yaml"
