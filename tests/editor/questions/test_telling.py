from __future__ import annotations

from assess.banks.sheets import Found
from assess.editor.questions.parts import Part, part_of
from assess.editor.questions.telling import REPAIRS, beside, elsewhere, for_fields
from assess.editor.workbench import Told
from assess.engine.problems import CATALOGUE, Problem
from tests.editor.benches import real, real_lists

ASK = Told(("ask",), Found("f", 1, "BANK028", "quotes", warning=True))
ROW = Told(("options", 1, "label"), Found("f", 2, "BANK022", "a text belongs here"))
WHOLE = Told((), Found("f", 3, "BANK039", "no source"))
POOR = Told(("options", 1), Found("f", 4, "BANK057", "no action"))
ILO = Told(("ilo", 0), Found("f", 5, "BANK023", "no indicator"))
OWNER = Told(("action", "owner"), Found("f", 6, "BANK037", "no owner"))
TWICE = Told((), Found("f", 7, "BANK030", "twice"))
ALL = (ASK, ROW, WHOLE, POOR, ILO, OWNER, TWICE)


def page(name: str) -> Part:
    part = part_of(real("core_documents"), real_lists(), name)
    assert part
    return part


def test_each_stands_beside_its_field_on_the_page_that_has_it() -> None:
    assert beside(ALL, page("words")) == {"ask": [ASK.found]}
    assert beside(ALL, page("answers")) == {"options-1": [ROW.found]}
    assert beside(ALL, page("counts")) == {"ilo": [ILO.found]}
    assert beside(ALL, page("action")) == {"action": [OWNER.found]}
    assert beside(ALL, page("sources")) == {}


def test_what_has_no_field_is_told_at_the_top_of_its_page() -> None:
    assert [one.found for one in elsewhere(ALL, page("sources"))] == [WHOLE.found]
    assert [one.found for one in elsewhere(ALL, page("action"))] == [POOR.found]
    assert elsewhere(ALL, page("words")) == []


def test_the_page_of_the_question_tells_all_with_the_way_to_the_page_that_repairs_it() -> None:
    told = elsewhere(ALL, None)
    assert [one.found for one in told] == [one.found for one in ALL]
    assert [one.part for one in told] == ["words", "answers", "sources", "action", "counts", "action", None]


def test_a_repair_is_said_for_whoever_has_fields_before_them() -> None:
    assert set(REPAIRS) <= set(CATALOGUE)
    message = Problem("BANK039", (), "“papers” names no source.").message
    (one,) = for_fields([Told((), Found("f", 3, "BANK039", message))])
    assert one.found.message == "“papers” names no source. Tick at least one source."
    straight = Told((), Found("f", 3, "BANK028", "Straight quotes."))
    assert for_fields([straight]) == (straight,)
    assert not any(".yaml" in words or "“action: false”" in words for words in REPAIRS.values())
