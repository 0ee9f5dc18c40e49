from __future__ import annotations

import pytest

from tests.shelves import SHOP, START, Edit, assert_found, problems_after

ASK_HOURS = "ask: How many hours does the longest week have?"
ASK_STAFF = "ask: Who works here?"
ASK_PAPERS = "ask: Who keeps the workers’ papers?"
STAFF_ACTION = "action: {do: Write down who works here., priority: 30, owner: owner, effort: S}"
TODAY = STAFF_ACTION.replace("30", "immediate")
HOURS_ACTION = "action: {do: Plan shorter weeks., priority: 90, owner: owner, effort: M}"
FIND_OUT = 'do: "Find out: who keeps them?", priority'
GIVE_BACK = 'do: "Give them back, or call {helpline} first.", priority'
D1 = "{id: D1, says: Papers are kept and pay is low.,"


def same(ask: str, name: str) -> Edit:
    return (SHOP if ask is ASK_PAPERS else START), ask, f"{ask}\n        same_as: {name}"


def title(file: str, action: str, more: str = "title: A title, ") -> Edit:
    return file, action, action.replace("do:", f"{more}do:")


@pytest.mark.parametrize(
    "edits",
    [
        (same(ASK_HOURS, "staff"),),
        (same(ASK_PAPERS, "staff"),),
        (same(ASK_HOURS, "staff"), (SHOP, D1, f"{D1} same_as: staff,")),
        ((SHOP, D1, f"{D1} same_as: papers,"),),
        (title(SHOP, FIND_OUT, "title: Papers, after_advice: true, "),),
        (title(SHOP, GIVE_BACK),),
        (title(START, STAFF_ACTION, "reaches: family, "), title(START, HOURS_ACTION, "reaches: 48, ")),
        (same(ASK_PAPERS, "staff"), title(SHOP, FIND_OUT, "title: Papers, after_advice: true, ")),
    ],
)
def test_what_goes_together(edits: tuple[Edit, ...]) -> None:
    assert problems_after(*edits) == []


@pytest.mark.parametrize(
    ("edits", "number", "said"),
    [
        ((same(ASK_HOURS, "staf"),), "BANK042", "no question “staf”; did you mean “staff”?"),
        ((same(ASK_HOURS, "hours"),), "BANK042", "“hours” names itself"),
        ((same(ASK_PAPERS, "hours"), same(ASK_HOURS, "staff")), "BANK042", "“hours” itself names “staff”"),
        (((SHOP, D1, f"{D1} same_as: paper,"),), "BANK042", "no question “paper”"),
        (
            (same(ASK_HOURS, "staff"), (START, STAFF_ACTION + "\n", "\n"), (START, "Others too, points: 2", "Others too, points: 1"), (START, "know, points: 3}", "know, points: 3, action: {do: Find out., priority: 7, owner: owner, effort: S}}")),
            "BANK042",
            "“staff” has no action",
        ),
        ((same(ASK_HOURS, "staff"), (START, HOURS_ACTION, "dk_action: false"), (START, "- {points: 3}", "- {points: 1}")), "BANK042", "“hours” has no action of its own"),
        ((same(ASK_HOURS, "staff"), (START, "kind: safeguard", "kind: exposure")), "BANK042", "“staff” is a risk"),
        ((same(ASK_HOURS, "staff"), title(START, STAFF_ACTION, "after_advice: true, ")), "BANK043", "others do not"),
        (
            ((SHOP, D1, f"{D1} same_as: staff, action: {{do: Do it., priority: 30, owner: owner, effort: S, after_advice: true}},"),),
            "BANK043",
            "Some actions of “D1” and “staff” wait for advice",
        ),
        (
            ((START, "kind: safeguard", "kind: exposure"), (START, STAFF_ACTION, TODAY.replace("do:", "title: Who, do:"))),
            "BANK047",
            "nothing about it is done in a day",
        ),
        ((title(SHOP, FIND_OUT),), "BANK066", "“papers” can raise a sign"),
        ((title(START, STAFF_ACTION, "reaches: famly, "),), "BANK049", "no answer “famly”; did you mean “family”?"),
        ((title(START, STAFF_ACTION, "reaches: 7, "),), "BANK049", "7 is a number here"),
        ((title(START, STAFF_ACTION, "reaches: dk, "),), "BANK049", "“dk” says that nobody knows"),
        ((title(SHOP, GIVE_BACK, "reaches: we, "),), "BANK049", "“we” raises a sign"),
        ((title(START, HOURS_ACTION, "reaches: few, "),), "BANK049", "“hours” is answered with a number"),
        (
            ((SHOP, D1, f"{D1} action: {{do: Do it., reaches: we, priority: 30, owner: owner, effort: S}},"),),
            "BANK049",
            "“D1” is a check",
        ),
    ],
)  # fmt: skip
def test_what_does_not(edits: tuple[Edit, ...], number: str, said: str) -> None:
    assert_found(problems_after(*edits), number, said)


def test_a_risk_without_a_title_keeps_the_rules_it_was_written_by() -> None:
    risk = (START, "kind: safeguard", "kind: exposure")
    assert problems_after(risk, (START, STAFF_ACTION, TODAY)) == []
