from __future__ import annotations

from datetime import date, timedelta

from assess.bank_editor.recheck_dates import (
    DUE_SOON,
    MAX_LISTED,
    DueItem,
    RecheckList,
    due_items,
    email_body,
    recheck_list,
)
from assess.question_banks.files import QUESTIONNAIRES, ContentFile, ContentFiles, read_folder
from tests.content_files import CONTACTS, SCORING, UK, sound_but

TODAY = date(2026, 11, 24)
REVIEWED = ("confidence: high", "confidence: high\n    reviewed_by: A. Lawyer\n    reviewed_on: 2026-11-01")


def days(bank_files: ContentFiles, title: str) -> list[str]:
    return [one.day for one in due_items(bank_files, TODAY) if one.title == title]


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
        one.title for one in due_items(sound_but(), TODAY) if one.file == SCORING and one.kind.startswith("Rate")
    )
    assert days(sound_but(), wage)
    real = read_folder(QUESTIONNAIRES)
    assert days(real, "Minimum wage, 21 and over") == ["2027-03-31"]
    assert len([one for one in due_items(real, date(2025, 5, 1)) if one.title == "Minimum wage, 21 and over"]) == 2


def test_everything_with_a_day_is_in_it() -> None:
    kinds = {one.kind for one in due_items(read_folder(QUESTIONNAIRES), TODAY)}
    assert kinds == {"Rate, date or number", "Contact", "Paper", "Reference table", "What buyers read", "Duty"}
    contact = next(one for one in due_items(sound_but(), TODAY) if one.file == CONTACTS)
    assert contact == DueItem("2027-04-01", "Contact", "The helpline", CONTACTS)


def test_today_is_not_overdue_and_the_last_day_of_soon_is_soon() -> None:
    def paper(day: date) -> ContentFiles:
        return ContentFiles(
            {"papers/x.yaml": ContentFile("papers/x.yaml", f"paper: x\ntitle: X\nreview_by: {day}\n".encode())}
        )

    one_day = timedelta(days=1)
    assert recheck_list(paper(TODAY - one_day), TODAY).overdue
    assert recheck_list(paper(TODAY), TODAY).soon
    assert recheck_list(paper(TODAY + DUE_SOON), TODAY).soon
    assert recheck_list(paper(TODAY + DUE_SOON + one_day), TODAY).later


def row(number: int) -> DueItem:
    return DueItem("2026-11-01", "Paper", f"Paper {number}", "papers/x.yaml")


def test_it_names_the_first_and_counts_the_rest() -> None:
    said = email_body(
        RecheckList(tuple(row(one) for one in range(MAX_LISTED + 3)), (), (row(99),)),
        [],
        [],
        "https://a.example/question-banks/due-for-checking",
    )
    assert "Overdue:\n- 1 November 2026: Paper, Paper 0" in said
    assert "- and 3 more" in said
    assert "Due within" not in said
    assert "Paper 99" not in said
    assert "https://a.example/question-banks/due-for-checking" in said


def test_what_nobody_looked_at_comes_first() -> None:
    said = email_body(RecheckList((row(1),), (), ()), ["the phone number of “Acas”"], [], "x")
    assert said.index("Acas") < said.index("Overdue")
