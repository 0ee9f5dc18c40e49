from __future__ import annotations

from typing import Any

import pytest

from assess.engine.bank import Action, Check, Column, NumberBand, Option, Question, RuleStep, Section, TickStep
from assess.engine.conditions import Always, Leaf
from assess.engine.nodes import DocumentError, Node
from assess.engine.reading_questions import read_check, read_question, read_section

ACTION = {"do": "Do it.", "priority": "immediate", "owner": "owner", "effort": "S", "after_advice": True}
READ = Action("Do it.", "immediate", "owner", "S", after_advice=True)
LATER = {"do": "Later.", "priority": 90, "owner": "owner", "effort": "L"}


def question(**more: Any) -> Question:
    bare = {"id": "q", "ask": "What?", "type": "choice", "kind": "safeguard", "dimension": "pay"}
    return read_question(Node(bare | more, "questions[0]"))


def test_a_bare_question_has_plain_defaults() -> None:
    assert question() == Question("q", "What?", "choice", "safeguard", "pay")


def test_a_choice_with_everything() -> None:
    found = question(
        ilo=[7, 3],
        quick=True,
        can_sign=True,
        pooled=True,
        show_if={"p": {"is": "yes"}},
        hint="Hint.",
        unit="hours",
        why="Why.",
        evidence="Safe log",
        options=[
            {"id": "yes", "label": "Yes", "points": 0},
            {"id": "no", "label": "No", "points": 4, "sign": "urgent", "third_party": True, "action": ACTION},
            {"id": "na", "label": "None", "points": 2, "action": False},
        ],
        cap=6,
        action=LATER,
        dk_action=ACTION,
        sources=["S1"],
        rev=2,
        waived={"long_sentence": "So says the law."},
    )
    assert found.options == (
        Option("yes", "Yes", 0),
        Option("no", "No", 4, "urgent", third_party=True, action=READ),
        Option("na", "None", 2, action=False),
    )
    assert found.show_if == Leaf("p", "is", "yes")
    assert found.action == Action("Later.", 90, "owner", "L")
    assert found.dk_action == READ
    assert (found.ilo, found.cap, found.rev, found.sources) == ((7, 3), 6, 2, ("S1",))
    assert (found.quick, found.can_sign, found.pooled, found.hint, found.unit) == (True, True, True, "Hint.", "hours")
    assert (found.why, found.evidence) == ("Why.", "Safe log")
    assert found.waived == {"long_sentence": "So says the law."}


def test_numbers_ticks_rules_and_tables() -> None:
    assert question(type="number", bands=[{"up_to": 5, "points": 0}, {"points": 4, "sign": "serious"}]).bands == (
        NumberBand(5, 0),
        NumberBand(None, 4, "serious"),
    )
    assert question(type="choices", ticks=[{"at_least": 0, "points": 4}]).ticks == (TickStep(0, 4),)
    rated = question(type="number", rule="housing_charge", steps=[{"id": "above", "points": 4, "action": ACTION}])
    assert rated.rule == "housing_charge"
    assert rated.steps == (RuleStep("above", 4, action=READ),)
    options = [{"id": "house", "label": "House"}]
    columns = [{"id": "kind", "label": "Kind", "type": "choice", "options": options}]
    assert question(type="table", kind="fact", columns=columns).columns == (
        Column("kind", "Kind", "choice", (Option("house", "House"),)),
    )


def test_no_action_on_the_answer_dont_know() -> None:
    assert question(dk_action=False).dk_action is False


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ({"type": "guess"}, "questions[0].type", "“guess” must be one of: choice"),
        ({"show_iff": "always"}, "questions[0]", "unknown key “show_iff”"),
        ({"rule": "magic"}, "questions[0].rule", "“magic” must be one of: labour_provider_rate, housing_charge"),
        ({"options": [{"id": "a"}]}, "questions[0].options[0]", "“label” is missing"),
        (
            {"action": ACTION | {"priority": "soon"}},
            "questions[0].action.priority",
            "write immediate, or a number of days",
        ),
        ({"action": ACTION | {"priority": 1.5}}, "questions[0].action.priority", "this must be a whole number"),
        ({"action": False}, "questions[0].action", "this must be a group of named values"),
        ({"ilo": ["7"]}, "questions[0].ilo[0]", "this must be a whole number"),
    ],
)
def test_a_fault_says_where(more: dict[str, Any], place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        question(**more)
    assert caught.value.place == place
    assert caught.value.message.startswith(message)


def test_a_section_holds_its_questions() -> None:
    bare = {"id": "q", "ask": "What?", "type": "text", "kind": "fact", "dimension": "pay"}
    found = read_section(Node({"id": "one", "title": "One", "common": True, "questions": [bare]}, ""))
    assert found == Section("one", "One", (Question("q", "What?", "text", "fact", "pay"),), common=True)


def test_a_check_in_words_and_one_with_a_rule() -> None:
    words = {"id": "D9", "says": "Odd.", "when": "always", "unless": {"q": {"is": "a"}}}
    assert read_check(Node(words, "")) == Check("D9", "Odd.", when=Always(), unless=Leaf("q", "is", "a"))
    rule = {
        "id": "D4",
        "says": "Low.",
        "rule": "labour_provider_rate",
        "inputs": {"rate": "r"},
        "sign": "serious",
        "ilo": [8],
        "action": ACTION,
        "listed": False,
    }
    assert read_check(Node(rule, "")) == Check(
        "D4",
        "Low.",
        rule="labour_provider_rate",
        inputs={"rate": "r"},
        sign="serious",
        ilo=(8,),
        action=READ,
        listed=False,
    )
