from __future__ import annotations

import pytest

from assess.engine.bank_validation_conditions import INPUTS
from assess.engine.bank_validation_questions import BREACH_DAYS, RULE_STEPS
from assess.engine.cross_checks import CHECK_RULES
from assess.engine.ordinary import ordinary_questions
from assess.engine.points import _RULES
from tests.content_files import SHOP, START, UK, Edit, assert_found, edition_after, problems_after

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


ACTION_FAULTS_IN_POINTS = "{do: Do it., priority: 30, owner: owner, effort: S}"
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
        after(SEVERAL + f"        cap: 2\n        action: {ACTION_FAULTS_IN_POINTS}\n"),
        after(TICKED),
        after(TICKED.replace("know}", f"know, action: {ACTION_FAULTS_IN_POINTS}}}")),
        hours(RATE),
        hours(
            f"        bands: [{{up_to: 48, points: 0}}, {{points: 3, action: {ACTION_FAULTS_IN_POINTS}}}]\n        dk_action: {ACTION_FAULTS_IN_POINTS}\n"
        ),
        hours(f"        bands: [{{up_to: 48, points: 0}}, {{points: 1}}]\n        action: {ACTION_FAULTS_IN_POINTS}\n"),
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
        (hours(OLD_HOURS + "        likely_from: 3\n        likely_to: 2\n"), "BANK062", "every number back"),
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
        (
            after(SEVERAL + f"        cap: 12\n        action: {ACTION_FAULTS_IN_POINTS}\n"),
            "BANK051",
            "The cap of “more” is 12",
        ),
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
            hours(f"        bands: [{{points: 3, action: {ACTION_FAULTS_IN_POINTS}}}]\n"),
            "BANK057",
            "“Don’t know” to “hours” brings no action; add “dk_action”",
        ),
        (
            hours(f"        bands: [{{points: 3}}]\n        dk_action: {ACTION_FAULTS_IN_POINTS}\n"),
            "BANK057",
            "Number 1 of “bands”",
        ),
        (
            after(SEVERAL.replace("points: 1", "points: 3", 1)),
            "BANK057",
            "“a” of “more” is a poor answer, but neither it nor the question has an action",
        ),
        (after(SEVERAL + "        cap: 2\n"), "BANK057", "Several answers to “more” together are poor"),
        (
            hours(
                f"        bands: [{{points: 3, action: {ACTION_FAULTS_IN_POINTS}}}]\n        dk_action: false\n        action: {ACTION_FAULTS_IN_POINTS}\n"
            ),
            "BANK058",
            "No answer brings the action of “hours”",
        ),
        (
            after(
                SEVERAL.replace("{id: none, label: None", "{id: neither, label: No")
                + f"        cap: 2\n        action: {ACTION_FAULTS_IN_POINTS}\n"
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
    assert set(INPUTS) == set(CHECK_RULES)
