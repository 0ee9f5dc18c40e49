from __future__ import annotations

from assess.editor.questions.resting import Rests, mentions, rests_on
from assess.engine.bank import Edition
from assess.engine.conditions import looks_at
from tests.editor.benches import bench, shelf_of_real
from tests.engine.real_banks import BANKS, edition_of


def test_everything_that_names_a_question_of_the_small_bank_is_found() -> None:
    found = rests_on(bench().shelf, frozenset({"staff"}))
    assert {(one.what, one.blocks) for one in found} >= {
        ("the condition of the question “Who keeps the workers’ papers?”", True),
        ("the worked example “family”", False),
    }
    checks = rests_on(bench().shelf, frozenset({"papers"}))
    assert Rests("the check D1: “Papers are kept and pay is low.”", "shop.yaml", blocks=True) in checks
    assert rests_on(bench().shelf, frozenset({"nobody"})) == ()


def test_a_condition_may_name_a_question_at_any_depth() -> None:
    raw = {"all": [{"not": {"a": {"is": "x"}}}, {"any": [{"asked": "b"}, {"c": {"includes": "a_b"}}]}]}
    assert [name for name in ("a", "b", "c", "x", "a_b", "is") if mentions(raw, frozenset({name}))] == [
        "a",
        "b",
        "c",
        "is",
    ]
    assert not mentions(None, frozenset({"a"}))


def _by_the_engine(edition: Edition) -> set[str]:
    """The questions that conditions and checks name, as the engine reads them."""
    named = {name for one in edition.questions() if one.show_if for name in looks_at(one.show_if)}
    for check in edition.checks:
        named |= {name for part in (check.when, check.unless) if part for name in looks_at(part)}
        named |= set(check.inputs.values())
    return named


def test_no_question_that_the_engine_looks_at_may_go_unnoticed() -> None:
    shelf = shelf_of_real()
    for bank in BANKS:
        for name in _by_the_engine(edition_of(bank)):
            assert any(one.blocks for one in rests_on(shelf, frozenset({name}))), name


def test_papers_and_facts_are_named() -> None:
    found = [one.what for one in rests_on(shelf_of_real(), frozenset({"core_worker_types"}))]
    assert any(words.startswith("the fact “") for words in found)
    papers = [one.what for one in rests_on(shelf_of_real(), frozenset({"core_near_minimum"}))]
    assert any(words.startswith("the paper “Is every hour paid") for words in papers)
