from __future__ import annotations

import re

import pytest

from assess.plans.annex import annex_of
from assess.plans.copies import COPIES, Copy
from assess.plans.pages import to_html
from tests.plans.records import SCENARIOS, a_record, scenario, settled_facts, text_of


def test_every_shown_question_is_listed_once_with_its_answer() -> None:
    record = scenario()
    annex = annex_of(record)
    questions = [row for section in record["sections"] for row in section["questions"]]
    assert [row.number for row in annex.answers] == list(range(1, len(questions) + 1))
    assert [row.ask for row in annex.answers] == [row["ask"] for row in questions]
    assert all(row.answer for row in annex.answers)


def test_proof_is_listed_by_the_question_it_belongs_to() -> None:
    record = a_record(evidence=frozenset({"core_written_terms"}))
    (row,) = annex_of(record).evidence
    assert "written" in row
    said = text_of(to_html(scenario(), "business"))
    assert "Proof ticked with your answers None was ticked when you submitted." in said
    assert "Proof you noted since stands beside the actions." in said


def test_the_settings_of_the_score_are_told_with_their_source() -> None:
    annex = annex_of(scenario())
    told = {row.label for row in annex.settings} | {row.label for row in annex.judgements}
    assert len(told) == 10
    assert all(row.source.startswith("Our judgement") for row in annex.judgements)
    assert all(not row.source.startswith("Our judgement") for row in annex.settings)
    assert any("£" in row.value for row in annex.settings)


def test_the_annex_names_edition_arithmetic_code_and_digest() -> None:
    record = scenario()
    said = text_of(to_html(record, "business", code="K7QF-2M9D"))
    for word in (
        "check code K7QF-2M9D",
        f"begins {record['edition']['digest'][:12]}.",
        "edition 3",
        "arithmetic number 2",
    ):
        assert word in said
    assert record["edition"]["digest"] not in said


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
@pytest.mark.parametrize("copy", COPIES)
def test_no_name_that_only_programs_know_and_no_iso_date_is_printed(bank: str, title: str, copy: Copy) -> None:
    for record in (scenario(bank, title), a_record(bank, title, facts=settled_facts(bank))):
        said = text_of(to_html(record, copy))
        assert not re.search(r"\b\d{4}-\d\d\b|\b[a-z]+_[a-z]", said)


def test_dates_and_pounds_of_a_table_stand_in_words() -> None:
    record = scenario()
    record["sections"][0]["questions"][0]["answer_text"] = ["Checked: 2025-05-03, Price, in pounds: 17.5"]
    assert annex_of(record).answers[0].answer == "Checked: 3 May 2025, Price: £17.50"
