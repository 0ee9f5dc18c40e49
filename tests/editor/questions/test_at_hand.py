from __future__ import annotations

import pytest
from werkzeug.exceptions import NotFound

from assess.editor.questions.at_hand import called
from assess.editor.said_in_words import MOST
from tests.editor.benches import shop


def test_a_bank_has_its_lists_its_title_and_what_is_in_force() -> None:
    hand = shop(("shop.yaml", "title: Corner shops", "title: Shops"), ("shop.yaml", "- id: papers", "- id: passports"))
    assert hand.title == "Shops"
    assert "freedom" in hand.lists.dimensions
    assert "owner" in hand.lists.owners
    assert "S1" in hand.lists.sources
    assert list(hand.lists.gone) == ["papers"]
    assert hand.base("passports") is None
    assert (hand.base("papers") or {})["ask"] == "Who keeps the workers’ papers?"
    assert hand.question_or_404("passports").data["id"] == "passports"
    with pytest.raises(NotFound):
        hand.question_or_404("papers")


def test_the_history_names_a_question_in_few_words() -> None:
    assert called({"ask": "Who keeps it?"}) == "the question “Who keeps it?”"
    assert called({"id": "papers"}) == "the question “papers”"
    assert len(called({"ask": "word " * 40})) <= MOST + len("the question “”")
