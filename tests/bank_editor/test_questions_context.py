from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from assess.bank_editor.labels import LONGEST_QUESTION_SHOWN
from assess.bank_editor.questions.context import (
    UNREADABLE_CONDITION,
    QuestionReference,
    UsedIds,
    banks_with,
    condition_mentions,
    condition_words,
    ids_ever_published,
    ids_in,
    merge_used_ids,
    question_label,
    question_names,
    references_to,
    removed_questions,
    section_rows,
)
from assess.core.edit_conflicts import EditConflictError
from assess.engine.bank import Edition
from assess.engine.conditions import condition_subjects
from assess.question_banks.models import EditionRow, EditionStage
from tests.bank_editor.draft_contexts import bench, real_bank_files, shop
from tests.conftest import TODAY
from tests.engine.real_banks import BANKS, edition_of


def test_a_bank_has_its_lists_its_title_and_what_is_in_force() -> None:
    hand = shop(("shop.yaml", "title: Corner shops", "title: Shops"), ("shop.yaml", "- id: papers", "- id: passports"))
    assert hand.title == "Shops"
    assert "freedom" in hand.lists.dimensions
    assert "owner" in hand.lists.owners
    assert "S1" in hand.lists.sources
    assert list(hand.lists.gone) == ["papers"]
    assert hand.base("passports") is None
    assert (hand.base("papers") or {})["ask"] == "Who keeps the workers’ papers?"
    assert hand.question("passports").data["id"] == "passports"
    with pytest.raises(EditConflictError):
        hand.question("papers")


def test_the_history_names_a_question_in_few_words() -> None:
    assert question_label({"ask": "Who keeps it?"}) == "the question “Who keeps it?”"
    assert question_label({"id": "papers"}) == "the question “papers”"
    assert len(question_label({"ask": "word " * 40})) <= LONGEST_QUESTION_SHOWN + len("the question “”")


def test_a_bank_is_listed_as_it_is_asked_with_what_changed_and_what_is_wrong() -> None:
    draft_context = bench(
        ("shop.yaml", "ask: Who keeps the workers’ papers?", "ask: Who holds their papers?"),
        ("shop.yaml", "sources: [S1]", "sources: [S99]"),
    )
    sections = section_rows(draft_context, bench(), "shop")
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
    rows = [row for section in section_rows(renamed, bench(), "shop") for row in section.questions]
    assert rows[-1].change == "new"
    assert list(removed_questions(renamed, bench(), "shop")) == ["papers"]


def test_who_else_is_asked_is_said() -> None:
    draft_context = bench()
    first, *_, last = draft_context.sections_of("shop")
    assert banks_with(draft_context.files, first) == banks_with(draft_context.files, last) == ["Corner shops"]


def test_a_condition_is_said_in_words_even_with_faults_around_it() -> None:
    names = question_names(
        [
            {"id": "staff", "ask": "Who works here?", "options": [{"id": "hired", "label": "Hired people"}]},
            {"id": "bare"},
        ]
    )
    assert condition_words({"staff": {"is": "hired"}}, names) == "“Who works here?” is “Hired people”"
    assert condition_words(None, names) == ""
    assert condition_words({"staff": {"smells": "odd"}}, names) == UNREADABLE_CONDITION
    assert condition_words(["staff"], names) == UNREADABLE_CONDITION


def test_everything_that_names_a_question_of_the_small_bank_is_found() -> None:
    found = references_to(bench().files, frozenset({"staff"}))
    assert {(one.what, one.blocks) for one in found} >= {
        ("the condition of the question “Who keeps the workers’ papers?”", True),
        ("the worked example “family”", False),
    }
    checks = references_to(bench().files, frozenset({"papers"}))
    assert QuestionReference("the check D1: “Papers are kept and pay is low.”", "shop.yaml", blocks=True) in checks
    assert references_to(bench().files, frozenset({"nobody"})) == ()


def test_a_condition_may_name_a_question_at_any_depth() -> None:
    raw = {"all": [{"not": {"a": {"is": "x"}}}, {"any": [{"asked": "b"}, {"c": {"includes": "a_b"}}]}]}
    assert [name for name in ("a", "b", "c", "x", "a_b", "is") if condition_mentions(raw, frozenset({name}))] == [
        "a",
        "b",
        "c",
        "is",
    ]
    assert not condition_mentions(None, frozenset({"a"}))


def _by_the_engine(edition: Edition) -> set[str]:
    """The questions that conditions and checks name, as the engine reads them."""
    named = {name for one in edition.questions() if one.show_if for name in condition_subjects(one.show_if)}
    for check in edition.checks:
        named |= {name for part in (check.when, check.unless) if part for name in condition_subjects(part)}
        named |= set(check.inputs.values())
    return named


def test_no_question_that_the_engine_looks_at_may_go_unnoticed() -> None:
    bank_files = real_bank_files()
    for bank in BANKS:
        for name in _by_the_engine(edition_of(bank)):
            assert any(one.blocks for one in references_to(bank_files, frozenset({name}))), name


def test_papers_and_facts_are_named() -> None:
    found = [one.what for one in references_to(real_bank_files(), frozenset({"core_worker_types"}))]
    assert any(words.startswith("the fact “") for words in found)
    papers = [one.what for one in references_to(real_bank_files(), frozenset({"core_near_minimum"}))]
    assert any(words.startswith("the paper “Is every hour paid") for words in papers)


DOCUMENT = {
    "sections": [
        {"id": "work", "questions": [{"id": "papers", "options": [{"id": "they"}], "columns": [{"id": "kind"}]}]}
    ],
    "checks": [{"id": "D1"}],
}


def test_all_ids_of_a_file_are_known() -> None:
    used = ids_in(DOCUMENT)
    assert used.ids == {"work", "papers", "D1"}
    assert used.of("papers") == {"they", "kind"}
    assert used.of("nobody") == frozenset()
    assert "papers" in ids_in(bench().files.files["shop.yaml"].raw_data).ids


def test_ids_of_several_editions_are_put_together() -> None:
    other = UsedIds(frozenset({"gone"}), {"papers": frozenset({"we"})})
    both = merge_used_ids([ids_in(DOCUMENT), other])
    assert {"gone", "work"} <= both.ids
    assert both.of("papers") == {"they", "kind", "we"}


def test_an_id_of_any_published_edition_counts(session: Session) -> None:
    assert ids_ever_published(session) == UsedIds()
    for number, name in enumerate(("old", "new"), 1):
        document = {"sections": [{"id": "work", "questions": [{"id": name}]}]}
        session.add(
            EditionRow(
                bank="shop",
                number=number,
                stage=EditionStage.WITHDRAWN if name == "old" else EditionStage.PUBLISHED,
                source={},
                compiled=document,
                digest=f"used {name}",
                published_at=TODAY,
            )
        )
    session.flush()
    assert ids_ever_published(session).ids == {"work", "old", "new"}
