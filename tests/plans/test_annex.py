from __future__ import annotations

from assess.plans.annex import annex_of
from assess.plans.pages import to_html
from tests.plans.records import a_record, scenario, text_of


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
    assert "None yet." in text_of(to_html(scenario(), "business"))


def test_the_settings_of_the_score_are_told_with_their_source() -> None:
    annex = annex_of(scenario())
    told = {row.label for row in annex.settings} | {row.label for row in annex.judgements}
    assert len(told) == 10
    assert all(row.source.startswith("Our judgement") for row in annex.judgements)
    assert all(not row.source.startswith("Our judgement") for row in annex.settings)
    assert any("£" in row.value for row in annex.settings)


def test_the_annex_names_edition_arithmetic_reference_and_digest() -> None:
    record = scenario()
    said = text_of(to_html(record, "business"))
    for word in (record["reference"], record["edition"]["digest"], "edition 3", "arithmetic number 1"):
        assert word in said
