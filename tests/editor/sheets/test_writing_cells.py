from __future__ import annotations

import pytest

from assess.banks.rewriting import same
from assess.editor.sheets.writing_cells import CellError, Kind, cell_of, value_of


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        (Kind.TEXT, "=1+1", "=1+1"),
        (Kind.TEXT, "'one", "'one"),
        (Kind.TEXT, "007", "007"),
        (Kind.TEXT, 12, 12),
        (Kind.TEXT, "", 'exact: ""'),
        (Kind.TEXT, " ", 'exact: " "'),
        (Kind.TEXT, "exact: 1", 'exact: "exact: 1"'),
        (Kind.TEXT, "a\rb", 'exact: "a\\rb"'),
        (Kind.TEXT, "_x0041_", 'exact: "\\u005fx0041_"'),
        (Kind.NUMBER, 2.5, 2.5),
        (Kind.NUMBER, "2", 'exact: "2"'),
        (Kind.NUMBER, 10**20, "exact: 100000000000000000000"),
        (Kind.FLAG, True, True),
        (Kind.LIST, ["S1", "S22"], "S1, S22"),
        (Kind.LIST, [7, 3], "7, 3"),
        (Kind.LIST, ["7"], '"7"'),
        (Kind.LIST, [], "exact: []"),
        (Kind.LIST, ["a, b"], '"a, b"'),
        (Kind.SHORT, "immediate", "immediate"),
        (Kind.SHORT, 30, 30),
        (Kind.SHORT, False, False),
        (Kind.SHORT, "30", 'exact: "30"'),
        (Kind.GROUP, {"q": {"includes": "van"}}, "{q: {includes: van}}"),
        (Kind.GROUP, "always", "always"),
        (Kind.GROUP, "12", '"12"'),
        (Kind.GROUP, None, "null"),
    ],
)
def test_a_value_is_written_as_people_read_it_and_comes_back(kind: Kind, value: object, cell: object) -> None:
    assert cell_of(kind, value) == cell
    assert same(value_of(kind, cell), value)  # type: ignore[arg-type]  # a cell


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.NUMBER, " 1,200 ", 1200),
        (Kind.NUMBER, "2.50", 2.5),
        (Kind.FLAG, "Yes", True),
        (Kind.FLAG, "no", False),
        (Kind.LIST, "[S1, S2]", ["S1", "S2"]),
        (Kind.LIST, 8, [8]),
        (Kind.SHORT, "30", 30),
        (Kind.GROUP, "{q:\n  {is: 1}}", {"q": {"is": 1}}),
    ],
)
def test_what_a_person_types_is_understood(kind: Kind, cell: object, value: object) -> None:
    assert same(value_of(kind, cell), value)  # type: ignore[arg-type]  # a cell


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.NUMBER, "four"),
        (Kind.NUMBER, True),
        (Kind.FLAG, "perhaps"),
        (Kind.GROUP, "{q: {is: a}"),
        (Kind.TEXT, "exact: {"),
        (Kind.TEXT, 'exact: "\\ud800"'),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(kind: Kind, cell: object) -> None:
    with pytest.raises(CellError, match=r"\. [A-Z]"):
        value_of(kind, cell)  # type: ignore[arg-type]  # a cell
