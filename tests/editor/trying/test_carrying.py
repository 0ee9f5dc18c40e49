from __future__ import annotations

import pytest

from assess.editor.trying.carrying import IN_FORCE, LONGEST, Tried, fitting, from_text, to_text
from tests.shelves import edition_after

SAID = Tried(
    which=IN_FORCE,
    quick=True,
    answers={"staff": "hired", "hours": 46.5},
    proofs=frozenset({"papers"}),
    gates={"foreign": None, "large": False},
    facts={"turnover": 12},
    evidence_share=0.5,
)


def test_what_was_said_comes_back_as_it_was() -> None:
    assert from_text(to_text(SAID)) == SAID
    assert from_text(to_text(Tried())) == Tried()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"answers": 3, "proofs": "x", "gates": {"foreign": 7}, "share": 9.5}', "[" * LONGEST],
)
def test_what_cannot_be_read_is_nothing_said(text: str) -> None:
    assert from_text(text) == Tried()


def test_an_edition_takes_only_what_it_offers() -> None:
    said = Tried(
        answers={"staff": "robots", "hours": 46, "gone": 1},
        proofs=frozenset({"gone", "hours"}),
        facts={"x": 1},
        gates={"y": True},
    )
    found = fitting(said, edition_after())
    assert (found.answers, found.proofs, found.facts, found.gates) == ({"hours": 46}, {"hours"}, {}, {})


def test_a_fact_that_is_not_sure_stays() -> None:
    edition = edition_after()
    fact = edition.duty_book.facts[0].id
    assert fitting(Tried(facts={fact: "not_sure"}), edition).facts == {fact: "not_sure"}
