from __future__ import annotations

from assess.editor.diary.due import Diary, Entry
from assess.editor.diary.wording import MOST, letter


def row(number: int) -> Entry:
    return Entry("2026-11-01", "Paper", f"Paper {number}", "papers/x.yaml")


def test_it_names_the_first_and_counts_the_rest() -> None:
    said = letter(
        Diary(tuple(row(one) for one in range(MOST + 3)), (), (row(99),)), [], [], "https://a.example/banks/diary"
    )
    assert "Overdue:\n- 1 November 2026: Paper, Paper 0" in said
    assert "- and 3 more" in said
    assert "Due within" not in said
    assert "Paper 99" not in said
    assert "https://a.example/banks/diary" in said


def test_what_nobody_looked_at_comes_first() -> None:
    said = letter(Diary((row(1),), (), ()), ["the phone number of “Acas”"], [], "x")
    assert said.index("Acas") < said.index("Overdue")
