from __future__ import annotations

import pytest

from assess.engine.faults_in_answers import BREACH_DAYS
from assess.engine.ordinary import ordinary_questions
from tests.shelves import SHOP, START, UK, Edit, assert_found, edition_after, problems_after

HIRED = "{id: hired, label: Others too, points: 2}"
FAMILY = "{id: family, label: Only family, points: 0}"
STAFF_DK = "- {id: dk, label: Don’t know, points: 3}\n        action: {do: Write"
DO = "action: {do: Write down who works here., priority: 30"
THEY = "{id: they, label: They do, points: 0}"
WE = "{id: we, label: We do, points: 4, sign: urgent}"
LONG = "- {points: 3}"


def hired(more: str) -> Edit:
    return START, HIRED, f"{{id: hired, label: Others too, points: 2, {more}}}"


def family(more: str, points: int = 0) -> Edit:
    return START, FAMILY, f"{{id: family, label: Only family, points: {points}, {more}}}"


def they(more: str, points: int = 0) -> Edit:
    return SHOP, THEY, f"{{id: they, label: They do, points: {points}, {more}}}"


def counted(more: str) -> Edit:
    """A question more whose ticks are counted."""
    question = f"""      - id: counted
        ask: Which of these do you do?
        type: choices
        kind: safeguard
        dimension: pay
        options: [{{id: a, label: A, {more}}}, {{id: b, label: B}}, {{id: none, label: None}}, {{id: dk, label: Don’t know}}]
        ticks: [{{at_least: 2, points: 0}}, {{at_least: 0, points: 4}}]
        action: {{do: Do more., priority: 30, owner: owner, effort: S}}
        sources: [S1]
"""
    return START, "      - id: hours\n", f"{question}      - id: hours\n"


ACTION = "action: {do: Do it., priority: 30, owner: owner, effort: S}"


@pytest.mark.parametrize(
    "edits",
    [
        (hired("breach: payslips"),),
        (hired("not_looked: true"),),
        (family("mended: true, says: Only our family works here."),),
        (hired("retired: true"), (START, FAMILY, f"{FAMILY}\n          - {{id: few, label: A few, points: 1}}")),
        ((START, LONG, f"- {{points: 3, breach: payslips, {ACTION}}}"), (START, "hours\n        ask", "hours\n        dk_action: false\n        ask"), (START, "        action: {do: Plan shorter weeks., priority: 90, owner: owner, effort: M}\n", "")),
        ((START, "{up_to: 48, points: 0}", "{up_to: 48, points: 0, says: Nobody works more than 48 hours.}"),),
        ((START, "ask: Who works here?", "ask: Who works here?\n        not_yet: We have not yet counted who works here."),),
        ((SHOP, WE, WE.replace("sign: urgent", "sign: serious, breach: payslips")),),
        (they(f"not_looked: true, {ACTION}", 2),),
    ],
)  # fmt: skip
def test_what_answers_may_say_of_themselves(edits: tuple[Edit, ...]) -> None:
    assert problems_after(*edits) == []


@pytest.mark.parametrize(
    ("edits", "number", "said"),
    [
        ((hired("breach: payslip"),), "BANK044", "no duty “payslip”; did you mean “payslips”?"),
        ((hired("breach: payslips"), (UK, "status: in_force", "status: proposed")), "BANK044", "is not in force"),
        ((hired("breach: payslips"), (UK, "force: mandatory", "force: expected")), "BANK044", "is not mandatory"),
        ((hired("breach: payslips"), (UK, "evidence: B", "evidence: D")), "BANK044", "has the evidence D"),
        (((SHOP, WE, WE.replace("urgent", "urgent, breach: payslips")),), "BANK045", "has an urgent sign"),
        (((START, STAFF_DK, STAFF_DK.replace("points: 3}", "points: 3, breach: payslips}")),), "BANK045", "nobody knows"),
        ((family("breach: payslips"),), "BANK045", "0 points"),
        ((hired("breach: payslips"), (START, DO, DO.replace("30", "31"))), "BANK046", "may wait 31 days"),
        ((hired(f"breach: payslips, {ACTION.replace('30', '90')}"),), "BANK046", "may wait 90 days"),
        ((hired("not_looked: true, mended: true"),), "BANK048", "and that it was put right"),
        ((family("not_looked: true"),), "BANK048", "counts as a good one"),
        ((they("not_looked: true", 1),), "BANK048", "1 points bring no step to find out"),
        (((SHOP, WE, WE.replace("sign: urgent", "sign: serious, not_looked: true")),), "BANK048", "has a sign"),
        (((START, STAFF_DK, STAFF_DK.replace("points: 3}", "points: 3, not_looked: true}")),), "BANK048", "without it"),
        ((counted("not_looked: true"),), "BANK048", "but ticks are counted here"),
        ((family("mended: true", 1),), "BANK048", "but it has points"),
        (((SHOP, WE, WE.replace("points: 4", "points: 0, mended: true")),), "BANK048", "but it has a sign"),
        ((hired("says: We hire."),), "BANK067", "answers with 0 points alone"),
        ((they("says: They keep them."),), "BANK067", "“papers” is no ordinary safeguard"),
        (((SHOP, "ilo: [7]", "ilo: [7]\n        not_yet: We have not yet looked."),), "BANK067", "“papers” is no"),
        (((START, STAFF_DK, STAFF_DK.replace("points: 3}", "points: 3, retired: true}")),), "BANK068", "“Don’t know” is no longer"),
        ((hired("retired: true"), family("retired: true")), "BANK068", "“staff” offers too few"),
    ],
)  # fmt: skip
def test_what_they_may_not(edits: tuple[Edit, ...], number: str, said: str) -> None:
    assert_found(problems_after(*edits), number, said)


def test_a_breach_brings_an_action_however_few_its_points() -> None:
    one = (START, HIRED, "{id: hired, label: Others too, points: 1, breach: payslips}")
    assert problems_after(one) == []
    no_action = (START, HIRED, "{id: hired, label: Others too, points: 1, breach: payslips, action: false}")
    assert problems_after(no_action) == []
    papers = (SHOP, THEY, "{id: they, label: They do, points: 1, breach: payslips}")
    assert_found(problems_after(papers), "BANK057", "poor answer without a sign")
    assert BREACH_DAYS == 30


def test_what_a_fact_may_not_say() -> None:
    fact = (SHOP, "      - id: papers", "      - id: kind\n        ask: Which?\n        type: choice\n        kind: fact\n        dimension: pay\n        options: [{id: a, label: A, mended: true}, {id: b, label: B}]\n        sources: [S1]\n      - id: papers")  # fmt: skip
    assert_found(problems_after(fact), "BANK052", "its option “a” has “mended”")
    none_left = (fact[0], fact[1], fact[2].replace("mended: true", "retired: true"))
    assert_found(problems_after(none_left), "BANK068", "“kind” offers too few")


def test_what_is_asked_because_of_an_answer_about_a_sign_is_not_ordinary() -> None:
    assert ordinary_questions(edition_after()) == {"staff", "hours"}
    waits = (START, "effort: M}", "effort: M, after_advice: true}")
    assert ordinary_questions(edition_after(waits)) == {"staff"}
    first = (START, DO, DO.replace("do:", "after_advice: true, do:"))
    assert ordinary_questions(edition_after(first)) == set()
    pooled = (START, "quick: true", "pooled: true")
    assert ordinary_questions(edition_after(pooled)) == set()
