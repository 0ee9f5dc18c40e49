from __future__ import annotations

import pytest

from assess.engine.faults_in_names import actions_at, questions_at
from tests.shelves import FACTS, SHOP, START, UK, edition_after, problems_after

TABLE = """      - id: rooms
        ask: Which rooms are there?
        type: table
        kind: fact
        dimension: pay
        columns:
          - {id: kind, label: Kind, type: choice, options: [{id: flat, label: Flat}, {id: %s, label: House}]}
          - {id: %s, label: Beds, type: number}
        sources: [S1]
"""


def with_table(cell: str, column: str) -> tuple[str, str, str]:
    return SHOP, "      - id: papers", TABLE % (cell, column) + "      - id: papers"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ((SHOP, "  - id: work\n", "  - id: people\n"), "“people” stands at a section for the second time"),
        ((SHOP, "      - id: papers", "      - id: hours"), "“hours” stands at a question or check"),
        ((SHOP, "{id: D1, says", "{id: staff, says"), "“staff” stands at a question or check"),
        (with_table("flat", "beds"), "“flat” stands at an option of this column"),
        (with_table("house", "kind"), "“kind” stands at a column of this table"),
        (("dimensions.yaml", "{id: freedom, name: F", "{id: pay, name: F"), "“pay” stands at a dimension"),
        (
            (
                "dimensions.yaml",
                "dimensions: [pay, freedom]}",
                "dimensions: [pay]}\n  - {id: work, name: W, dimensions: [freedom]}",
            ),
            "“work” stands at a buyer group",
        ),
        ((FACTS, "  - {id: turnover,", "  - {id: hires,"), "“hires” stands at a fact"),
        ((FACTS, "{id: WLS,", "{id: ENG,"), "“ENG” stands at an option of this fact"),
        (
            (FACTS, "it a large business?}", "it a large business?}\n  - {id: size, ask: Is it large?}"),
            "“size” stands at a gate",
        ),
        ((UK, "  - id: accounts", "  - id: payslips"), "“payslips” stands at a duty"),
    ],
)
def test_an_id_stands_only_once_among_its_kind(edit: tuple[str, str, str], said: str) -> None:
    assert [said in one.message for one in problems_after(edit) if one.number == "BANK030"] == [True]


@pytest.mark.parametrize(
    "edit", [(START, "      - id: staff", "      - id: all"), (FACTS, "{id: turnover", "{id: asked")]
)
def test_a_word_of_conditions_cannot_be_an_id(edit: tuple[str, str, str]) -> None:
    found = [one for one in problems_after(edit) if one.number == "BANK024"]
    assert [("is a word of conditions" in one.message, one.file) for one in found] == [(True, edit[0])]


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            "dimensions: [pay, freedom, pai]}",
            "“work” names the dimension “pai”, which does not exist; did you mean “pay”?",
        ),
        ("dimensions: [pay, freedom]}\n  - {id: other, name: O, dimensions: [pay]}", "“pay” stands in “work” already"),
    ],
)
def test_each_dimension_stands_in_exactly_one_group(groups: str, said: str) -> None:
    problems = problems_after(("dimensions.yaml", "dimensions: [pay, freedom]}", groups))
    assert [(one.number, said in one.message) for one in problems] == [("BANK041", True)]


def test_every_action_is_found_with_its_place() -> None:
    edition = edition_after(
        (
            START,
            "        action: {do: Plan",
            "        dk_action: {do: Ask., priority: 7, owner: owner, effort: S}\n        action: {do: Plan",
        ),
        (START, "{points: 3}", "{points: 3, action: {do: Rest., priority: 7, owner: owner, effort: S}}"),
        (SHOP, "{id: D1, says", "{id: D1, action: {do: Look., priority: 7, owner: owner, effort: S}, says"),
    )
    assert [("/".join(map(str, place)), action.do) for place, action in actions_at(edition)] == [
        ("sections/0/questions/0/action", "Write down who works here."),
        ("sections/0/questions/1/action", "Plan shorter weeks."),
        ("sections/0/questions/1/dk_action", "Ask."),
        ("sections/0/questions/1/bands/1/action", "Rest."),
        ("sections/1/questions/0/action", "Give them back, or call {helpline} first."),
        ("sections/1/questions/0/options/2/action", "Find out: who keeps them?"),
        ("checks/0/action", "Look."),
    ]


def test_questions_come_in_the_order_of_asking() -> None:
    assert [question.id for _, question in questions_at(edition_after())] == ["staff", "hours", "papers"]
