from __future__ import annotations

from werkzeug.datastructures import MultiDict

from assess.assessments.section_form import Posted, read_section
from assess.editor.trying.asking import FACTS, beside, came_up, leaf_of, may_be_on, progress_of, way_through, with_page
from assess.editor.trying.carrying import Tried
from tests.shelves import edition_after

EDITION = edition_after()


def posted(name: str, **typed: str) -> Posted:
    form = MultiDict([(f"{one.id}.seen", "0") for one in may_be_on(EDITION, Tried(), name)] + list(typed.items()))
    return read_section(form, may_be_on(EDITION, Tried(), name))


def shown(tried: Tried, name: str) -> list[str]:
    leaf = leaf_of(EDITION, tried, name)
    assert leaf is not None
    return [question.id for question in leaf.questions]


def test_questions_appear_by_what_was_said() -> None:
    before = Tried()
    assert (way_through(EDITION, before), shown(before, "people")) == (("people", FACTS), ["staff"])
    after = with_page(EDITION, before, "people", posted("people", staff="hired"))
    assert (way_through(EDITION, after), shown(after, "people")) == (("people", "work", FACTS), ["staff", "hours"])
    assert came_up(EDITION, before, after, "people") == ("hours",)
    assert progress_of(EDITION, after).left == 2


def test_an_answer_is_taken_back_and_a_proof_too() -> None:
    said = Tried(answers={"staff": "hired", "hours": 40}, proofs=frozenset({"hours"}))
    found = with_page(EDITION, said, "people", Posted(changes={"hours": None}, proof_asked=["hours"]))
    assert (found.answers, found.proofs) == ({"staff": "hired"}, frozenset())


def test_a_quick_check_asks_quick_questions_only() -> None:
    said = Tried(quick=True, answers={"staff": "hired"})
    assert shown(said, "people") == ["staff"]
    assert leaf_of(EDITION, said, "work") is None
    assert came_up(EDITION, said, said, "work") == ()


def test_there_is_a_page_before_and_after_but_not_past_the_ends() -> None:
    way = ("a", "b", FACTS)
    assert [beside(way, "b", -1), beside(way, "b", 1), beside(way, "a", -1), beside(way, FACTS, 1)] == [
        "a",
        FACTS,
        None,
        None,
    ]
    assert beside(way, "gone", 1) == "a"


def test_facts_come_after_the_gates_and_not_sure_is_an_answer() -> None:
    assert shown(Tried(), FACTS) == ["large"]
    unsure = with_page(EDITION, Tried(), FACTS, posted(FACTS, large="dk"))
    assert (unsure.gates, unsure.sure_gates) == ({"large": None}, {})
    assert shown(unsure, FACTS)[:2] == ["large", "places"]
    given = with_page(EDITION, unsure, FACTS, posted(FACTS, large="no", places="dk"))
    leaf = leaf_of(EDITION, given, FACTS)
    assert leaf is not None
    assert (given.sure_gates, leaf.answers) == ({"large": False}, {"large": "no", "places": ["dk"]})
