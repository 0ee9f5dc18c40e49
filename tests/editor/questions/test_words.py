from __future__ import annotations

from assess.banks.schema import KINDS, TYPES
from assess.editor.questions.words import (
    KIND_WORDS,
    TYPE_WORDS,
    entry_words,
    kind_words,
    sign_words,
    signs_said,
    type_words,
)
from tests.editor.benches import real


def test_every_type_and_kind_has_words() -> None:
    assert tuple(name for name, _ in TYPE_WORDS) == TYPES
    assert {name for name, _ in KIND_WORDS} == set(KINDS)
    assert type_words({"type": "wheel"}) == "wheel"
    assert kind_words({"kind": "exposure"}) == "A risk the business meets"


def test_the_gravest_sign_is_said() -> None:
    assert sign_words(real("core_documents")) == "Can raise an urgent sign"
    assert sign_words(real("farm_housing_charge")) == "A check can raise its sign"
    assert sign_words({"options": [{"id": "a", "sign": "serious"}]}) == "Can raise a serious sign"
    assert sign_words(real("core_worker_types")) == ""


def test_each_sign_is_said_with_its_answers() -> None:
    data = {
        "options": [
            {"label": "A", "sign": "urgent"},
            {"label": "B", "sign": "serious"},
            {"label": "C", "sign": "urgent"},
        ],
        "bands": [{"up_to": 5, "sign": "serious"}, {"points": 4}],
    }
    assert signs_said(data) == [
        "An urgent sign is raised by “A” and “C”.",
        "A serious sign is raised by “B” and “Up to 5”.",
    ]
    assert signs_said(real("farm_housing_charge")) == ["A check raises a sign from this answer and others."]
    assert signs_said({}) == []
    assert entry_words("bands", {"points": 4}) == "More than that"
