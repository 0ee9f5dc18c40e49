from __future__ import annotations

import pytest

from tests.shelves import FACTS, SHOP, START, assert_found, problems_after

SHOW = "show_if: {staff: {is: hired}}"
MORE = """      - id: kinds
        ask: Which kinds of workers are there?
        type: choices
        kind: fact
        dimension: pay
        options:
          - {id: own, label: Our own}
          - {id: lent, label: Lent}
          - {id: none, label: None}
        sources: [S1]
      - id: since
        ask: Since when?
        type: date
        kind: fact
        dimension: pay
        sources: [S1]
      - id: remark
        ask: What else?
        type: text
        kind: fact
        dimension: pay
        sources: [S1]
"""


def show_if(condition: str) -> list[tuple[str, str, str]]:
    """Several facts more, and papers asked under this condition."""
    return [(SHOP, SHOW, f"show_if: {condition}"), (SHOP, "      - id: papers", MORE + "      - id: papers")]


@pytest.mark.parametrize(
    "condition",
    [
        "{staff: {is_one_of: [family, hired]}}",
        "{kinds: {is: [own, lent]}}",
        "{kinds: {includes: lent}}",
        "{kinds: {includes_any: [own, lent]}}",
        "{hours: {more_than: 40}}",
        "{hours: {is: 60}}",
        "{since: {before: 2020-01-01}}",
        "{asked: remark}",
        "{not: {staff: {is: family}}}",
        "{at_least_of: {n: 2, of: [{staff: {is: hired}}, {hours: {less_than: 10}}, {kinds: {includes: own}}]}}",
        "always",
    ],
)
def test_sound_conditions_are_left_alone(condition: str) -> None:
    assert problems_after(*show_if(condition)) == []


@pytest.mark.parametrize(
    ("condition", "number", "said"),
    [
        ("{stuff: {is: hired}}", "BANK031", "There is no “stuff”; did you mean “staff”?"),
        ("{asked: stuff}", "BANK031", "There is no “stuff”"),
        ("{term: in_england}", "BANK031", "terms are for duties only"),
        ("{applies: payslips}", "BANK031", "it is for duties only"),
        ("{papers: {is: we}}", "BANK033", "“papers” is asked later, or is this very question"),
        ("{asked: papers}", "BANK033", "“papers” is asked later"),
        ("{kinds: {includes: lend}}", "BANK032", "“kinds” has no option “lend”; did you mean “lent”?"),
        ("{staff: {is_one_of: [family, nobody]}}", "BANK032", "“staff” has no option “nobody”"),
        ("{kinds: {is_one_of: [own]}}", "BANK035", "“is_one_of” cannot read “kinds”, a choices question; use is or"),
        ("{staff: {includes: hired}}", "BANK035", "use is or is_one_of"),
        ("{staff: {is: [family, hired]}}", "BANK035", "“staff” has one answer; use is_one_of"),
        ("{remark: {is: something}}", "BANK035", "only “asked” can"),
        ("{hours: {is: many}}", "BANK035", "“hours” has to be compared with a number"),
        ("{hours: {is: true}}", "BANK035", "“hours” has to be compared with a number"),
        ("{since: {is: 2020}}", "BANK035", "“since” has to be compared with a date"),
        ("{not: {stuff: {is: x}}}", "BANK031", "“stuff”"),
        ("{at_least_of: {n: 1, of: [{any: [{stuff: {is: x}}]}]}}", "BANK031", "“stuff”"),
        ("{all: [{staff: {is: family}}, {asked: hours}]}", "BANK034", "No answers make “papers” appear"),
        ("{kinds: {is: [none, own]}}", "BANK034", "No answers make “papers” appear"),
        ("{hours: {less_than: 0}}", "BANK034", "No answers make “papers” appear"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_in_its_place(condition: str, number: str, said: str) -> None:
    assert_found(problems_after(*show_if(condition)), number, said)


def test_a_check_may_read_any_question_but_must_be_able_to_fire() -> None:
    assert_found(problems_after((SHOP, "{hours: {at_least: 60}}", "{hurs: {at_least: 60}}")), "BANK031", "“hurs”")
    never = problems_after((SHOP, "{hours: {at_least: 60}}", "{staff: {is: family}}"))
    assert_found(never, "BANK034", "No answers make “when” of “D1” true")


def test_what_silences_a_check_is_looked_at_as_well() -> None:
    edit = (SHOP, "{id: D1, says", "{id: D1, unless: {staff: {is: nobody}}, says")
    assert_found(problems_after(edit), "BANK032", "“staff” has no option “nobody”")


def test_a_question_of_the_quick_check_waits_for_none_outside_it() -> None:
    edit = (SHOP, "can_sign: true", "can_sign: true\n        quick: true")
    assert problems_after(edit) == []
    waits = problems_after(edit, (START, "        quick: true\n", ""))
    assert_found(waits, "BANK034", "In the quick check “papers” never appears: “staff” is not part of it")
    asked = problems_after(edit, (START, "        quick: true\n", ""), (SHOP, SHOW, "show_if: {asked: staff}"))
    assert_found(asked, "BANK034", "“staff” is not part of it")


def test_only_the_question_that_starts_it_is_reported() -> None:
    problems = problems_after((START, "show_if: {staff: {is: hired}}", "show_if: {staff: {is: nobody}}"))
    assert_found(problems, "BANK032", "“staff” has no option “nobody”")


def test_option_ids_that_look_like_numbers_are_text() -> None:
    edits = [
        (START, "{id: hired, label", "{id: 2, label"),
        (START, SHOW, "show_if: {staff: {is: 2}}"),
        (SHOP, SHOW, "show_if: {staff: {is_one_of: [2]}}"),
        (SHOP, "{staff: hired, hours", "{staff: 2, hours"),
        (FACTS, "includes_any: [hired]", "includes_any: [2]"),
    ]
    assert problems_after(*edits, examples=True) == []
