from __future__ import annotations

import pytest

from assess.banks.sheets import unreadable
from assess.editor.trying.texts import Line, around, as_kept, how_they_differ


@pytest.mark.parametrize(
    ("typed", "kept"), [("a\r\nb", b"a\nb\n"), ("a\rb\n", b"a\nb\n"), ("", b""), ("’\n", "’\n".encode())]
)
def test_lines_end_as_in_all_files(typed: str, kept: bytes) -> None:
    assert as_kept(typed) == kept


def test_only_what_cannot_be_read_at_all_is_refused() -> None:
    fault = unreadable("shop.yaml", b"format: 1\nbank: [\n")
    assert fault is not None
    assert (fault.number, fault.line) == ("BANK004", 3)
    assert unreadable("shop.yaml", b"format: 7\n") is None
    assert unreadable("reference/x.csv", b"a,b\n[\n") is None
    assert unreadable("reference/x.csv", b"\xff") is not None


def test_a_line_is_shown_with_its_neighbours() -> None:
    text = "a\nb\nc\nd\ne\n"
    assert around(text, 1) == (Line(1, "a", "→"), Line(2, "b"), Line(3, "c"))
    assert [one.number for one in around(text, 5)] == [3, 4, 5]
    assert around("", 1) == ()
    assert around("a\nb\n", 7) == (Line(1, "a"), Line(2, "b", "→"))


def test_two_texts_are_shown_where_they_differ() -> None:
    theirs = "\n".join("abcdefghijkl")
    mine = theirs.replace("b", "B").replace("k", "")
    marks = [(one.mark, one.number, one.words) for one in how_they_differ(theirs, mine)]
    assert marks[1:3] == [("−", 2, "b"), ("+", 2, "B")]
    assert ("…", None, "") in marks
    assert how_they_differ(theirs, theirs) == ()
