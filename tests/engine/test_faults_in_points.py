from __future__ import annotations

import pytest

from assess.engine.checks import RULES
from assess.engine.faults_in_checks import INPUTS
from assess.engine.faults_in_points import RULE_STEPS
from assess.engine.marks import _RULES
from tests.shelves import SHOP, START, assert_found, problems_after

ACTION = "{do: Do it., priority: 30, owner: owner, effort: S}"
OLD_HOURS = """        bands:
          - {up_to: 48, points: 0}
          - {points: 3}
        action: {do: Plan shorter weeks., priority: 90, owner: owner, effort: M}
"""


def hours(text: str) -> tuple[str, str, str]:
    """The number question with other points."""
    return START, OLD_HOURS, text


def after(question: str) -> tuple[str, str, str]:
    """One more question at the end of the common file."""
    head = "      - id: more\n        ask: What more?\n        dimension: pay\n        sources: [S1]\n"
    return START, OLD_HOURS + "        sources: [S1]\n", OLD_HOURS + "        sources: [S1]\n" + head + question


SEVERAL = """        type: choices
        kind: exposure
        options:
          - {id: a, label: A, points: 1}
          - {id: b, label: B, points: 1}
          - {id: none, label: None, points: 0}
          - {id: dk, label: Don’t know, points: 1}
"""
TICKED = """        type: choices
        kind: safeguard
        options:
          - {id: a, label: A}
          - {id: b, label: B}
          - {id: dk, label: Don’t know}
        ticks: [{at_least: 2, points: 0}, {at_least: 0, points: 3}]
        action: {do: Do it., priority: 30, owner: owner, effort: S}
"""
RATE = """        rule: labour_provider_rate
        steps:
          - {id: good, points: 0}
          - {id: thin, points: 2}
          - {id: low, points: 4}
        action: {do: Do it., priority: 30, owner: owner, effort: S}
"""


@pytest.mark.parametrize(
    "edit",
    [
        after(SEVERAL + f"        cap: 2\n        action: {ACTION}\n"),
        after(TICKED),
        after(TICKED.replace("know}", f"know, action: {ACTION}}}")),
        hours(RATE),
        hours(
            f"        bands: [{{up_to: 48, points: 0}}, {{points: 3, action: {ACTION}}}]\n        dk_action: {ACTION}\n"
        ),
        hours(f"        bands: [{{up_to: 48, points: 0}}, {{points: 1}}]\n        action: {ACTION}\n"),
        hours("        bands: [{up_to: 48, points: 0}, {points: 3, action: false}]\n        dk_action: false\n"),
    ],
)
def test_sound_questions_are_left_alone(edit: tuple[str, str, str]) -> None:
    assert problems_after(edit) == []


@pytest.mark.parametrize(
    ("edit", "number", "said"),
    [
        (after("        type: choice\n        kind: fact\n"), "BANK061", "“more” lacks “options”, two or more"),
        (after("        type: table\n        kind: fact\n"), "BANK061", "“more” lacks “columns”"),
        (
            after("        type: table\n        kind: fact\n        columns: [{id: a, label: A, type: choice}]\n"),
            "BANK061",
            "The column “a” lacks “options”",
        ),
        (after("        type: text\n        kind: exposure\n"), "BANK062", "never scored: it must be of the kind fact"),
        (after("        type: date\n        kind: fact\n        unit: days\n"), "BANK062", "“unit” stands at “more”"),
        (hours(OLD_HOURS + "        pooled: true\n"), "BANK062", "“pooled” stands at “hours”"),
        (hours(RATE + "        bands: [{points: 4}]\n"), "BANK062", "a rule and bands; only one can count"),
        (
            hours(OLD_HOURS + "        steps: [{id: low, points: 4}]\n"),
            "BANK062",
            "“hours” has steps without a rule",
        ),
        (after(TICKED.replace("label: A}", "label: A, points: 1}")), "BANK062", "but “more” counts ticks"),
        (after(TICKED.replace("{at_least: 0", "{at_least: 1")), "BANK054", "no points for no ticks at all"),
        (after(TICKED.replace("{at_least: 2", "{at_least: 0")), "BANK054", "two steps for 0 ticks"),
        (hours(RATE.replace("thin", "medium")), "BANK063", "exactly these steps, in this order: good, thin, low"),
        (after(TICKED.replace("points: 3", "points: 5")), "BANK051", "at most 4 count here"),
        (after(SEVERAL + f"        cap: 12\n        action: {ACTION}\n"), "BANK051", "The cap of “more” is 12"),
        (after(SEVERAL.replace("points: 1", "points: 0")), "BANK051", "No answer to “more” costs anything"),
        (hours(OLD_HOURS.replace("{points: 3}", "{points: -3}")), "BANK051", "This band of “hours” has -3 points"),
        (hours(OLD_HOURS.replace("{points: 3}", "{up_to: 60, points: 3}")), "BANK053", "larger numbers have no points"),
        (
            hours(OLD_HOURS.replace("{up_to: 48, points: 0}", "{points: 0}")),
            "BANK053",
            "without “up_to” is not the last one",
        ),
        (after("        type: number\n        kind: fact\n        can_sign: true\n"), "BANK052", "but has “can_sign”"),
        (
            hours(f"        bands: [{{points: 3, action: {ACTION}}}]\n"),
            "BANK057",
            "“Don’t know” to “hours” brings no action; add “dk_action”",
        ),
        (hours(f"        bands: [{{points: 3}}]\n        dk_action: {ACTION}\n"), "BANK057", "Number 1 of “bands”"),
        (
            after(SEVERAL.replace("points: 1", "points: 3", 1)),
            "BANK057",
            "“a” of “more” is a poor answer, but neither it nor the question has an action",
        ),
        (after(SEVERAL + "        cap: 2\n"), "BANK057", "Several answers to “more” together are poor"),
        (
            hours(
                f"        bands: [{{points: 3, action: {ACTION}}}]\n        dk_action: false\n        action: {ACTION}\n"
            ),
            "BANK058",
            "No answer brings the action of “hours”",
        ),
        (
            after(
                SEVERAL.replace("{id: none, label: None", "{id: neither, label: No")
                + f"        cap: 2\n        action: {ACTION}\n"
            ),
            "BANK060",
            "“No” could be ticked together",
        ),
    ],
)
def test_what_does_not_go_together_is_said(edit: tuple[str, str, str], number: str, said: str) -> None:
    problems = problems_after(edit)
    assert {one.number for one in problems} == {number}, "\n".join(map(str, problems))
    assert said in "\n".join(one.message for one in problems)


def test_a_sign_may_come_from_a_check() -> None:
    charge = """        type: number
        kind: safeguard
        ilo: [8]
        can_sign: true
        rule: housing_charge
        steps: [{id: free, points: 0}, {id: within, points: 1}, {id: above, points: 4}]
        action: {do: Cut it., priority: 30, owner: owner, effort: S}
        dk_action: {do: Find out., priority: 7, owner: owner, effort: S}
"""
    check = "checks:\n  - {id: D3, says: Too much., rule: charge_above_offset, inputs: {charge: more}, sign: serious, ilo: [8]}"
    assert problems_after(after(charge), (SHOP, "checks:", check)) == []
    assert_found(problems_after(after(charge)), "BANK056", "no answer and no check raises its sign")
    no_find_out = charge.replace("        dk_action: {do: Find out., priority: 7, owner: owner, effort: S}\n", "")
    assert_found(problems_after(after(no_find_out), (SHOP, "checks:", check)), "BANK057", "add “dk_action”")


def test_a_sum_may_take_an_unpaid_break_off_the_day_and_nothing_else() -> None:
    def checked(inputs: str) -> tuple[str, str, str]:
        return (
            SHOP,
            "checks:",
            f"checks:\n  - {{id: D2, says: Low., rule: daily_rate_below_wage, inputs: {{{inputs}}}}}",
        )

    for inputs in ("daily: hours, hours: hours", "daily: hours, hours: hours, break: hours"):
        assert problems_after(checked(inputs)) == []
    for inputs in ("daily: hours, break: hours", "daily: hours, hours: hours, lunch: hours"):
        assert_found(problems_after(checked(inputs)), "BANK064", "reads exactly these inputs: daily, hours")


def test_poor_answers_beside_a_sign_carry_their_own_action() -> None:
    problems = problems_after((SHOP, "{id: they, label: They do, points: 0}", "{id: they, label: They do, points: 2}"))
    assert_found(problems, "BANK057", "the question’s action is only for those with a sign")


def test_the_rules_are_those_the_engine_knows() -> None:
    assert set(RULE_STEPS) == set(_RULES)
    assert set(INPUTS) == set(RULES)
