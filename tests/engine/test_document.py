from __future__ import annotations

import hashlib
from typing import Any

import pytest

from assess.engine.bank import BuyerGroup, Dimension, Source
from assess.engine.conditions import Always
from assess.engine.document import DocumentError, digest_of, read_condition, read_edition
from tests.engine.real_banks import BANKS, edition_of

QUESTION = {"id": "q", "ask": "What?", "type": "choice", "kind": "safeguard", "dimension": "pay"}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "bank": "small",
        "title": "Small",
        "sections": [{"id": "one", "title": "One", "questions": [QUESTION]}],
        "checks": [{"id": "D9", "says": "Odd.", "when": "always"}],
        "dimensions": [{"id": "pay", "name": "Pay", "meaning": "Money."}],
        "groups": [{"id": "g", "name": "G", "dimensions": ["pay"]}],
        "owners": {"owner": "Owner"},
        "sources": {"S1": {"document": "D", "url": "https://example.org", "how_far_read": "all"}},
        "duty_book": {"facts": [], "terms": {}, "duties": []},
    } | changes


def test_every_part_of_a_document_is_read() -> None:
    edition = read_edition(document())
    assert (edition.bank, edition.title) == ("small", "Small")
    assert [question.id for question in edition.questions()] == ["q"]
    assert edition.checks[0].when == Always()
    assert edition.dimensions == (Dimension("pay", "Pay", "Money."),)
    assert edition.groups == (BuyerGroup("g", "G", ("pay",)),)
    assert edition.owners == {"owner": "Owner"}
    assert edition.sources == {"S1": Source("S1", "D", "https://example.org", "all")}
    assert edition.duty_book.duties == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "format: this engine reads format 1 only"),
        ({"format": None}, "document: “format” is missing"),
        ({"extra": 1}, "document: unknown key “extra”"),
        ({"duty_book": None}, "document: “duty_book” is missing"),
        ({"sources": {"S1": {"document": "D"}}}, "sources.S1: “url” is missing"),
        ({"groups": [{"id": "g", "name": "G", "bars": 1}]}, "groups[0]: unknown key “bars”"),
    ],
)
def test_a_fault_says_where(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_edition(document(**changes))
    assert str(caught.value) == said


def test_the_digest_does_not_depend_on_the_order_of_keys_but_on_every_letter() -> None:
    assert digest_of({"a": 1, "b": "é"}) == digest_of({"b": "é", "a": 1})
    assert digest_of({"a": 1, "b": "é"}) == hashlib.sha256('{"a":1,"b":"é"}'.encode()).hexdigest()
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_conditions_may_be_read_alone() -> None:
    assert read_condition("always") == Always()


@pytest.mark.parametrize("bank", BANKS)
def test_the_real_banks_can_be_read(bank: str) -> None:
    edition = edition_of(bank)
    assert edition.bank == bank
    assert len(edition.questions()) > 70
    assert len(edition.dimensions) == 17
    assert len(edition.duty_book.duties) >= 64
