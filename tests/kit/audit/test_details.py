from __future__ import annotations

from typing import Any

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reader import bank_names, compile_bank
from assess.kit.audit.details import COUNTS, WORDS, DetailUnfitError, fit


def test_counts_and_words_of_the_lists_may_be_said() -> None:
    said = {"scope": "plan", "answers": 3, "role": "signer"}
    assert fit(said) == said
    assert list(fit(said)) == ["answers", "role", "scope"]
    assert fit({}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answers", -1),
        ("answers", True),
        ("answers", 1.5),
        ("answers", "three"),
        ("answers", 10**10),
        ("role", "canary"),
        ("role", 1),
        ("note", "canary"),
        ("question", "core_documents"),
        ("section", 3),
        ("email", "canary@example.org"),
    ],
)
def test_nothing_else_may_and_the_fault_does_not_repeat_it(name: str, value: Any) -> None:
    with pytest.raises(DetailUnfitError) as fault:
        fit({name: value})
    assert "canary" not in str(fault.value)


def test_no_word_or_name_is_the_id_of_a_question_or_a_section() -> None:
    ids: set[str] = set()
    for bank in bank_names(QUESTIONNAIRES):
        for section in compile_bank(QUESTIONNAIRES, bank).document["sections"]:
            ids |= {section["id"], *(question["id"] for question in section["questions"])}
    words = {word for words in WORDS.values() for word in words} | COUNTS | WORDS.keys()
    assert len(ids) > 150
    assert words & ids == set()
