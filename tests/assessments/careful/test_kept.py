from __future__ import annotations

from assess.assessments.careful.kept import free_texts
from assess.engine.bank import Column
from tests.builders import a_question

SAID = a_question("said", type="text", kind="fact", options=())
SITES = a_question(
    "sites", type="table", kind="fact", options=(), columns=(Column(id="place", label="Place", type="text"),)
)


def test_the_free_texts_of_an_answer() -> None:
    assert list(free_texts(SAID, "words")) == ["words"]
    assert list(free_texts(SAID, "dk")) == list(free_texts(SAID, None)) == []
    assert list(free_texts(SITES, [{"place": "Hall"}, {"people": 3}])) == ["Hall"]
