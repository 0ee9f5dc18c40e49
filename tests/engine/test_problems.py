"""Every number of the catalogue has a bad bank, and the words around it hold together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assess.engine.problems import CATALOGUE, CatalogueError, Problem, ProblemKind, _catalogue, did_you_mean

BAD_BANKS = Path(__file__).parent / "bad_banks"


def test_every_number_has_exactly_one_bad_bank() -> None:
    assert sorted(f"BANK{path.name[:3]}" for path in BAD_BANKS.iterdir()) == sorted(CATALOGUE)


def test_every_bad_bank_says_what_is_bad_about_it() -> None:
    for path in BAD_BANKS.iterdir():
        kind = CATALOGUE[f"BANK{path.name[:3]}"]
        first = path.read_text(encoding="utf-8", errors="replace").splitlines()[0]
        assert first.removesuffix("  # <- here") == f"# {kind.number}: {kind.title}."


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.number)
def test_every_problem_has_a_title_and_a_repair_in_one_or_two_sentences(kind: ProblemKind) -> None:
    assert re.fullmatch(r"BANK\d{3}", kind.number)
    assert kind.title[0].isupper() or kind.title.startswith("“")
    assert not kind.title.endswith(".")
    assert kind.repair.endswith(".")
    assert "!" not in kind.title.replace("a tag with !", "").replace("A tag with !", "")


def test_two_problems_cannot_share_a_number() -> None:
    with pytest.raises(CatalogueError):
        _catalogue([ProblemKind("BANK001", "One", "Mend."), ProblemKind("BANK001", "Two", "Mend.")])


def test_a_problem_says_its_cause_and_its_repair() -> None:
    problem = Problem("BANK006", ("title",), "The key “title” stands here for the second time.")
    assert problem.message == "The key “title” stands here for the second time. Keep one of the two."
    assert not problem.warning
    assert Problem("BANK071", (), "Old.").warning


def test_the_closest_known_word_is_named_if_it_is_close() -> None:
    assert did_you_mean("show_iff", ["show_if", "ask"]) == "; did you mean “show_if”?"
    assert did_you_mean("entirely_different", ["show_if", "ask"]) == "."
