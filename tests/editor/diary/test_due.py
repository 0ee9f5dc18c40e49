from __future__ import annotations

from datetime import date, timedelta

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import Sheet, Shelf, read_folder
from assess.editor.diary.due import SOON, Entry, diary_of, entries
from tests.shelves import CONTACTS, SCORING, UK, sound_but

TODAY = date(2026, 11, 24)
REVIEWED = ("confidence: high", "confidence: high\n    reviewed_by: A. Lawyer\n    reviewed_on: 2026-11-01")


def days(shelf: Shelf, title: str) -> list[str]:
    return [one.day for one in entries(shelf, TODAY) if one.title == title]


def test_a_duty_comes_up_a_year_after_its_review() -> None:
    assert days(sound_but(), "Payslips") == []
    assert days(sound_but((UK, *REVIEWED)), "Payslips") == ["2027-11-01"]


def test_law_that_is_coming_or_expected_comes_up_each_quarter() -> None:
    for old, new in (("status: in_force", "status: proposed"), ("force: mandatory", "force: expected")):
        assert days(sound_but((UK, old, new)), "Payslips") == ["2027-01-01"]
    only_year = sound_but(
        (UK, "status: in_force", "status: proposed"), (UK, "source_as_of: 2026-10-01", "source_as_of: 2025 (a note)")
    )
    assert days(only_year, "Payslips") == ["2025-04-03"]


def test_an_old_value_is_not_looked_at_again_but_one_that_comes_is() -> None:
    wage = next(
        one.title for one in entries(sound_but(), TODAY) if one.sheet == SCORING and one.kind.startswith("Rate")
    )
    assert days(sound_but(), wage)
    real = read_folder(QUESTIONNAIRES)
    assert days(real, "Minimum wage, 21 and over") == ["2027-03-31"]
    assert len([one for one in entries(real, date(2025, 5, 1)) if one.title == "Minimum wage, 21 and over"]) == 2


def test_everything_with_a_day_is_in_it() -> None:
    kinds = {one.kind for one in entries(read_folder(QUESTIONNAIRES), TODAY)}
    assert kinds == {"Rate, date or number", "Whom to call", "Paper", "Reference table", "What buyers read", "Duty"}
    contact = next(one for one in entries(sound_but(), TODAY) if one.sheet == CONTACTS)
    assert contact == Entry("2027-04-01", "Whom to call", "The helpline", CONTACTS)


def test_today_is_not_overdue_and_the_last_day_of_soon_is_soon() -> None:
    def paper(day: date) -> Shelf:
        return Shelf({"papers/x.yaml": Sheet("papers/x.yaml", f"paper: x\ntitle: X\nreview_by: {day}\n".encode())})

    one_day = timedelta(days=1)
    assert diary_of(paper(TODAY - one_day), TODAY).overdue
    assert diary_of(paper(TODAY), TODAY).soon
    assert diary_of(paper(TODAY + SOON), TODAY).soon
    assert diary_of(paper(TODAY + SOON + one_day), TODAY).later
