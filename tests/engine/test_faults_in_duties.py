from __future__ import annotations

from dataclasses import fields

import pytest

from assess.engine.bank import Deadline
from assess.engine.faults_in_duties import DEADLINES
from tests.shelves import FACTS, UK, assert_found, problems_after

WHEN = "when: {all: [{term: in_england}, {hires: {is: true}}]}"
TERM = "  in_england: {places: {includes: ENG}}"
DEADLINE = "deadline: {kind: each_pay_day}"
SOURCES = "sources: [{question: staff, includes_any: [hired]}]"


@pytest.mark.parametrize(
    ("edit", "number", "said"),
    [
        (
            (FACTS, TERM, TERM + "\n  near: {term: near}"),
            "BANK033",
            "The term “near” stands further down, is this very one",
        ),
        ((FACTS, TERM, "  near: {term: in_england}\n" + TERM), "BANK033", "“in_england” stands further down"),
        (
            (FACTS, TERM, TERM + "\n  near: {term: in_englund}"),
            "BANK031",
            "no term “in_englund”; did you mean “in_england”?",
        ),
        ((FACTS, TERM, TERM + "\n  both: {places: {is: [ENG, FRA]}}"), "BANK032", "“places” has no option “FRA”"),
        (
            (FACTS, TERM, TERM + "\n  no: {all: [{hires: {is: true}}, {hires: {is: false}}]}"),
            "BANK034",
            "No facts make the term “no” true",
        ),
        ((UK, "{applies: payslips}", "{applies: payslip}"), "BANK031", "no duty “payslip”; did you mean “payslips”?"),
        ((UK, "{applies: payslips}", "{applies: accounts}"), "BANK040", "The duty “accounts” stands further down"),
        (
            (UK, "{applies: payslips}", "{not: {any: [{hirse: {is: true}}]}}"),
            "BANK031",
            "no “hirse”; did you mean “hires”?",
        ),
        ((UK, "{applies: payslips}", "{asked: hires}"), "BANK035", "“hires” cannot be looked at with “asked”"),
        ((UK, "{applies: payslips}", "{hires: {is: yes}}"), "BANK035", "“hires” has to be compared with true or false"),
        ((UK, "{applies: payslips}", "{hires: {is: 1}}"), "BANK035", "compared with true or false"),
        (
            (UK, "{applies: payslips}", "{turnover: {less_than: 1}}"),
            "BANK034",
            "No facts make this condition of “accounts” true",
        ),
        (
            (UK, "{applies: payslips}", "{all: [{applies: payslips}, {not: {term: in_england}}]}"),
            "BANK034",
            "condition of “accounts”",
        ),
        ((UK, "when: {turnover: {more_than: 5000000}}", "when: {turnovr: {more_than: 5}}"), "BANK031", "no “turnovr”"),
        ((UK, DEADLINE, "deadline: {kind: each_payday}"), "BANK080", "“each_payday”; did you mean “each_pay_day”?"),
        ((UK, DEADLINE, "deadline: {kind: record_retention, n: 6}"), "BANK080", "“record_retention” needs “from”"),
        (
            (UK, DEADLINE, "deadline: {kind: fixed_annual, month_day: 02-29}"),
            "BANK080",
            "“02-29” is no day of every year",
        ),
        ((UK, DEADLINE, "deadline: {kind: fixed_annual, month_day: 2-1}"), "BANK080", "“2-1” is no day of every year"),
        (
            (FACTS, "  - {id: hires", "  - {id: x, type: choice, ask: X?, group: x}\n  - {id: hires"),
            "BANK061",
            "“x” lacks “options”",
        ),
        (
            (FACTS, "type: yes_no, ask", "type: yes_no, options: [{id: a, label: A}], ask"),
            "BANK062",
            "The fact “hires” is of the type yes_no",
        ),
        ((FACTS, ", gate_value: 1000000", ""), "BANK061", "needs both “gate” and “gate_value”"),
        ((FACTS, "gate_value: 1000000", "gate_value: false"), "BANK062", "makes “turnover” false"),
        (
            (FACTS, SOURCES, "sources: [{question: stuff, includes_any: [hired]}]"),
            "BANK082",
            "No bank has a question “stuff”",
        ),
        ((FACTS, SOURCES, "sources: [{question: staff}]"), "BANK082", "needs one of includes_any"),
        ((FACTS, SOURCES, "sources: [{question: staff, more_than: 3}]"), "BANK082", "“staff” is no number"),
        (
            (FACTS, SOURCES, "sources: [{question: staff, includes_any: [hired], unknown: [dont_know]}]"),
            "BANK082",
            "“staff” has no option “dont_know”",
        ),
    ],
)
def test_what_is_wrong_with_facts_and_duties_is_said(edit: tuple[str, str, str], number: str, said: str) -> None:
    assert_found(problems_after(edit), number, said)


def test_a_value_of_a_fact_must_be_one_of_its_own() -> None:
    right = (
        FACTS,
        "group: identity\n",
        "group: identity\n    sources: [{question: staff, values: {family: ENG, hired: WLS}}]\n",
    )
    assert problems_after(right) == []
    wrong = (
        FACTS,
        "group: identity\n",
        "group: identity\n    sources: [{question: staff, values: {family: ENG, hired: SCO}}]\n",
    )
    assert_found(problems_after(wrong), "BANK082", "“places” has no value “SCO”")


def test_a_fact_may_be_read_from_a_number() -> None:
    assert problems_after((FACTS, SOURCES, "sources: [{question: hours, more_than: 3}]")) == []


def test_a_day_of_every_year_is_a_deadline() -> None:
    assert (
        problems_after((UK, DEADLINE, "deadline: {kind: fixed_annual, month_day: 03-31, after_year_end: true}")) == []
    )


def test_a_date_is_no_matter_for_a_gate() -> None:
    edits = [
        (FACTS, "type: money", "type: date"),
        (UK, "{turnover: {at_least: 1000000}}", "{hires: {is: true}}"),
        (
            UK,
            "when: {turnover: {more_than: 5000000}}",
            "when: {any: [{hires: {is: true}}, {turnover: {before: 2020-01-01}}]}",
        ),
    ]
    assert_found(problems_after(*edits), "BANK062", "makes “turnover” 1000000")


def test_terms_and_duties_are_opened_in_every_branch() -> None:
    when = (
        "when: {at_least_of: {n: 2, of: [{term: in_england}, {any: [{applies: payslips}, {hires: {is: false}}]}, "
        "{not: {term: in_england}}]}}"
    )
    assert problems_after((UK, "when: {all: [{applies: payslips}, {turnover: {at_least: 1000000}}]}", when)) == []


def test_every_key_a_deadline_may_need_is_one_it_can_have() -> None:
    known = {field.name.removesuffix("_") for field in fields(Deadline)}
    assert {key for keys in DEADLINES.values() for key in keys} <= known


def test_a_question_that_only_another_bank_has_is_no_fault_of_a_fact() -> None:
    text = "format: 1\nbank: stall\ntitle: Stalls\nuses: [start]\nsections:\n  - {id: s, title: S, questions: [{id: stalls, ask: How many?, type: number, kind: fact, dimension: pay, sources: [S1]}]}\n"
    facts = (FACTS, SOURCES, "sources: [{question: stalls, more_than: 3}]")
    base = ("settings/scoring.yaml", "value: {shop: 10}", "value: {shop: 10, stall: 20}")
    assert problems_after(facts, base, more={"stall.yaml": text}) == []


def test_what_a_sector_never_does_is_a_yes_or_no_of_a_bank_that_is_there() -> None:
    def said(fact: str, sectors: str) -> tuple[str, str, str]:
        return FACTS, fact, fact[:-1] + f", unless_said: {sectors}}}"

    hires = "{id: hires, type: yes_no, ask: Do you hire people?, group: people, " + SOURCES + "}"
    turnover = "{id: turnover, type: money, ask: What is your turnover?, group: size, gate: size, gate_value: 1000000}"
    assert problems_after(said(hires, "{shop: false}")) == []
    assert_found(problems_after(said(hires, "{shops: false}")), "BANK077", "no bank “shops”; did you mean “shop”?")
    assert_found(problems_after(said(turnover, "{shop: false}")), "BANK077", "“turnover” is of the type money")
