from __future__ import annotations

from itertools import product

import pytest

from assess.engine import conditions
from assess.engine.bank_validation_conditions import edition_actions_with_place, questions_with_place
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    Comparison,
    Condition,
    Leaf,
    Not,
    NoValue,
    Operand,
    Term,
    Verdict,
    condition_subjects,
    judge,
)
from tests.content_files import FACTS, SHOP, START, UK, assert_found, edition_after, problems_after

CHECK = "when: {all: [{papers: {is: we}}, {hours: {at_least: 60}}]}}"
TABLE = (
    START,
    "      - id: hours",
    """      - id: rooms
        ask: Which rooms are there?
        type: table
        kind: fact
        dimension: pay
        columns: [{id: people, label: People, type: number}, {id: beds, label: Beds, type: text}]
        sources: [S1]
      - id: hours""",
)


@pytest.mark.parametrize(
    ("check", "number", "said"),
    [
        ("sign: serious}", "BANK064", "“D1” has neither “when” nor “rule”"),
        ("inputs: {charge: hours}, when: {staff: {is: hired}}}", "BANK064", "has inputs, but no rule that reads them"),
        ("rule: charge_above_ofset, inputs: {charge: hours}}", "BANK064", "did you mean “charge_above_offset”?"),
        ("rule: charge_above_offset}", "BANK064", "“charge_above_offset” reads exactly these inputs: charge"),
        ("rule: charge_above_offset, inputs: {charge: hurs}}", "BANK031", "no question “hurs”; did you mean “hours”?"),
        ("rule: charge_above_offset, inputs: {charge: staff}}", "BANK064", "“staff” is of the type choice"),
        (
            "rule: crowding, inputs: {table: rooms, people: people, bedrooms: beds}}",
            "BANK064",
            "“rooms” has no column “beds” of the type number",
        ),
        ("rule: crowding, inputs: {table: room, people: people, bedrooms: people}}", "BANK031", "no question “room”"),
        ("sign: serious, when: {staff: {is: hired}}}", "BANK065", "The check “D1” has a sign, but no “ilo”"),
    ],
)
def test_a_check_must_be_able_to_be_computed(check: str, number: str, said: str) -> None:
    problems = problems_after((SHOP, CHECK, check), TABLE)
    assert_found([one for one in problems if one.number == number], number, said)


@pytest.mark.parametrize(
    "check",
    [
        "rule: charge_above_offset, inputs: {charge: hours}, sign: serious, ilo: [8]}",
        "rule: crowding, inputs: {table: rooms, people: people, bedrooms: people}}",
    ],
)
def test_a_check_with_a_rule_and_its_inputs_is_sound(check: str) -> None:
    assert problems_after((SHOP, CHECK, check), TABLE) == []


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


TABLE_FAULTS_IN_NAMES = """      - id: rooms
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
    return SHOP, "      - id: papers", TABLE_FAULTS_IN_NAMES % (cell, column) + "      - id: papers"


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
    assert [("/".join(map(str, place)), action.do) for place, action in edition_actions_with_place(edition)] == [
        ("sections/0/questions/0/action", "Write down who works here."),
        ("sections/0/questions/1/action", "Plan shorter weeks."),
        ("sections/0/questions/1/dk_action", "Ask."),
        ("sections/0/questions/1/bands/1/action", "Rest."),
        ("sections/1/questions/0/action", "Give them back, or call {helpline} first."),
        ("sections/1/questions/0/options/2/action", "Find out: who keeps them?"),
        ("checks/0/action", "Look."),
    ]


def test_questions_come_in_the_order_of_asking() -> None:
    assert [question.id for _, question in questions_with_place(edition_after())] == ["staff", "hours", "papers"]


TRUE, FALSE, UNKNOWN, NOT_ASKED = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN, Verdict.NOT_ASKED
ANSWERED = {"yes": "yes", "no": "no", "open": NoValue.UNANSWERED, "may": NoValue.PENDING, "never": NoValue.HIDDEN}
BY_VERDICT = {TRUE: Leaf("yes", "is", "yes"), FALSE: Leaf("no", "is", "yes"), UNKNOWN: Leaf("open", "is", "yes")} | {
    NOT_ASKED: Leaf("never", "is", "yes")
}


def verdict(condition: Condition) -> Verdict:
    return judge(condition, ANSWERED.__getitem__)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("yes", TRUE), ("no", FALSE), ("open", UNKNOWN), ("may", UNKNOWN), ("never", NOT_ASKED)],
)
def test_a_leaf_has_the_four_verdicts(subject: str, expected: Verdict) -> None:
    assert verdict(Leaf(subject, "is", "yes")) is expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("yes", TRUE), ("no", TRUE), ("open", TRUE), ("may", UNKNOWN), ("never", FALSE)],
)
def test_asked_is_about_being_shown_not_about_the_answer(subject: str, expected: Verdict) -> None:
    assert verdict(Asked(subject)) is expected


def first_of(order: tuple[Verdict, ...], found: tuple[Verdict, ...]) -> Verdict:
    return next(one for one in order if one in found)


@pytest.mark.parametrize("found", list(product(Verdict, repeat=3)))
def test_all_takes_false_then_not_asked_then_unknown_then_true(found: tuple[Verdict, ...]) -> None:
    expected = first_of((FALSE, NOT_ASKED, UNKNOWN, TRUE), found)
    assert verdict(AllOf(tuple(BY_VERDICT[one] for one in found))) is expected


@pytest.mark.parametrize("found", list(product(Verdict, repeat=3)))
def test_any_takes_true_then_unknown_then_false_then_not_asked(found: tuple[Verdict, ...]) -> None:
    expected = first_of((TRUE, UNKNOWN, FALSE, NOT_ASKED), found)
    assert verdict(AnyOf(tuple(BY_VERDICT[one] for one in found))) is expected


@pytest.mark.parametrize(
    ("found", "expected"), [(TRUE, FALSE), (FALSE, TRUE), (UNKNOWN, UNKNOWN), (NOT_ASKED, NOT_ASKED)]
)
def test_not_swaps_true_and_false_and_leaves_the_rest_alone(found: Verdict, expected: Verdict) -> None:
    assert verdict(Not(BY_VERDICT[found])) is expected


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("found", list(product(Verdict, repeat=3)))
def test_at_least_of_is_true_once_enough_are_and_false_once_they_no_longer_can_be(
    n: int, found: tuple[Verdict, ...]
) -> None:
    if found.count(TRUE) >= n:
        expected = TRUE
    elif set(found) == {NOT_ASKED}:
        expected = NOT_ASKED
    else:
        expected = UNKNOWN if found.count(TRUE) + found.count(UNKNOWN) >= n else FALSE
    assert verdict(AtLeastOf(n, tuple(BY_VERDICT[one] for one in found))) is expected


def test_somebody_never_asked_about_housing_does_not_count_as_saying_no() -> None:
    assert verdict(Not(Leaf("never", "is", "employer"))) is NOT_ASKED


def test_always_is_true() -> None:
    assert verdict(Always()) is TRUE


def test_a_term_stands_for_its_condition_and_may_use_others() -> None:
    terms: dict[str, Condition] = {"in_uk": Leaf("yes", "is", "yes"), "abroad": Not(Term("in_uk"))}
    assert judge(Term("abroad"), ANSWERED.__getitem__, terms) is FALSE


def test_applies_takes_the_verdict_of_the_earlier_duty() -> None:
    condition = AnyOf((Applies("first"), Applies("second")))
    assert judge(condition, ANSWERED.__getitem__, {}, {"first": FALSE, "second": UNKNOWN}) is UNKNOWN


def test_a_name_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        judge(Term("nothing"), ANSWERED.__getitem__)
    with pytest.raises(KeyError):
        judge(Applies("nothing"), ANSWERED.__getitem__)


def test_looks_at_names_every_subject_in_order() -> None:
    condition = AllOf(
        (
            Leaf("a", "is", "x"),
            Not(AnyOf((Asked("b"), Leaf("a", "is", "y")))),
            AtLeastOf(1, (Leaf("c", "is", "x"), Always(), Term("t"), Applies("d"))),
        )
    )
    assert list(condition_subjects(condition)) == ["a", "b", "a", "c"]


ROWS: list[tuple[Comparison, Operand, object, bool]] = [
    ("is", "yes", "yes", True),
    ("is", "yes", "no", False),
    ("is", ("none",), ["none"], True),
    ("is", ("a", "b"), ["b", "a"], True),
    ("is", ("a", "b"), ["a"], False),
    ("is", ("a",), ["a", "b"], False),
    ("is", ("a", "b"), "a", False),
    ("is", ("a",), "a", True),
    ("is", "a", ["a"], True),
    ("is", True, True, True),
    ("is", True, 1, False),
    ("is", 1, 1.0, True),
    ("is", 1, True, False),
    ("is", "a", [{"kind": "house"}], False),
    ("is_one_of", ("a", "b"), "b", True),
    ("is_one_of", ("a", "b"), "c", False),
    ("is_one_of", ("a", "b"), ["a"], True),
    ("is_one_of", ("a", "b"), ["a", "b"], False),
    ("includes", "a", ["a", "b"], True),
    ("includes", "a", ["b"], False),
    ("includes", "a", "a", True),
    ("includes_any", ("skilled", "dk"), ["dk"], True),
    ("includes_any", ("skilled", "dk"), "dk", True),
    ("includes_any", ("skilled", "dk"), ["seasonal"], False),
    ("includes_any", ("a",), [{"kind": "house"}], False),
    ("at_least", 3, 3, True),
    ("at_least", 3, 2.5, False),
    ("at_most", 3, 3, True),
    ("at_most", 3, 4, False),
    ("more_than", 0, 0, False),
    ("more_than", 0, 0.5, True),
    ("less_than", 3, 3, False),
    ("less_than", 3, 2, True),
    ("before", "2026-11-24", "2026-11-23", True),
    ("before", "2026-11-24", "2026-11-24", False),
    ("after", "2026-11-24", "2027-01-01", True),
    ("after", "2026-11-24", "2026-11-24", False),
]


@pytest.mark.parametrize(("test", "operand", "value", "passes"), ROWS)
def test_every_test_against_answers_of_each_shape(
    test: Comparison, operand: Operand, value: object, *, passes: bool
) -> None:
    assert conditions.value_test(test, operand)(value) is passes


@pytest.mark.parametrize("test", ["at_least", "at_most", "more_than", "less_than"])
def test_a_comparison_with_dont_know_is_false(test: Comparison) -> None:
    assert not conditions.value_test(test, 0)("dk")
    assert not conditions.value_test(test, 0)(["dk"])
    assert not conditions.value_test(test, -1)(True)  # noqa: FBT003
    assert not conditions.value_test(test, "a word")(3)


@pytest.mark.parametrize("test", ["before", "after"])
def test_a_date_that_nobody_knows_is_neither_before_nor_after(test: Comparison) -> None:
    assert not conditions.value_test(test, "2026-11-24")("dk")
    assert not conditions.value_test(test, "2026-11-24")(2026)
    assert not conditions.value_test(test, 5)("2026-11-24")
