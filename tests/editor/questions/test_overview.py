from __future__ import annotations

from assess.editor.questions.overview import UNREADABLE, banks_with, condition_words, gone_from, listed, names_in
from tests.editor.benches import bench


def test_a_bank_is_listed_as_it_is_asked_with_what_changed_and_what_is_wrong() -> None:
    at_work = bench(
        ("shop.yaml", "ask: Who keeps the workers’ papers?", "ask: Who holds their papers?"),
        ("shop.yaml", "sources: [S1]", "sources: [S99]"),
    )
    sections = listed(at_work, bench(), "shop")
    assert [one.common for one in sections][-1] is False
    assert sections[0].common is True
    rows = [row for section in sections for row in section.questions]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    papers = rows[-1]
    assert (papers.change, papers.problems) == ("changed", 1)
    assert papers.condition == "“Who works here?” is “Others too”"
    assert all(row.change == "" and row.problems == 0 for row in rows[:-1])


def test_what_came_is_new_and_what_went_is_gone() -> None:
    renamed = bench(("shop.yaml", "- id: papers", "- id: passports"))
    rows = [row for section in listed(renamed, bench(), "shop") for row in section.questions]
    assert rows[-1].change == "new"
    assert list(gone_from(renamed, bench(), "shop")) == ["papers"]


def test_who_else_is_asked_is_said() -> None:
    at_work = bench()
    first, *_, last = at_work.sections_of("shop")
    assert banks_with(at_work.shelf, first) == banks_with(at_work.shelf, last) == ["Corner shops"]


def test_a_condition_is_said_in_words_even_with_faults_around_it() -> None:
    names = names_in(
        [
            {"id": "staff", "ask": "Who works here?", "options": [{"id": "hired", "label": "Hired people"}]},
            {"id": "bare"},
        ]
    )
    assert condition_words({"staff": {"is": "hired"}}, names) == "“Who works here?” is “Hired people”"
    assert condition_words(None, names) == ""
    assert condition_words({"staff": {"smells": "odd"}}, names) == UNREADABLE
    assert condition_words(["staff"], names) == UNREADABLE
