from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from assess.engine.bank import Deadline
from assess.engine.bank_reader import read_edition
from assess.engine.bank_validation import DEADLINE_KEYS, check_edition, check_examples
from assess.question_banks.files import ContentFile, ContentFiles, UnreadableError, files_of, read_content, read_folder
from assess.question_banks.reader import compile_bank
from assess.question_banks.settings import settings_from
from assess.question_banks.validation import CheckReport, check_files
from tests.content_files import FACTS, SHOP, START, UK, assert_found, problems_after

HERE = Path(__file__).parent
SOUND = HERE / "sound_folder"
SOUND_REFERENCE = HERE / "sound_reference"
BAD_BANKS = sorted((HERE / "bad_banks").iterdir())
TODAY = date(2026, 11, 24)


def stands_for(path: Path) -> tuple[str, bytes | UnreadableError, int]:
    """The file of the sound folder that a bad bank stands for, what it holds, and the line of its problem."""
    content: bytes | UnreadableError = path.read_bytes()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    name = lines[1].removeprefix("# Stands for ").removesuffix(".")
    line = next(number for number, text in enumerate(lines, 1) if text.endswith("# <- here"))
    if "# Never opened" in lines[2]:
        content = read_content(HERE / "no such file")
    repeated = re.search(r"# Repeated ([\d,]+) times", lines[2])
    if repeated:
        content = "\n".join([*lines, *[lines[-1]] * int(repeated[1].replace(",", ""))]).encode()
    if name.endswith(".csv"):  # a table has no remarks
        content = "\n".join(text.removesuffix("  # <- here") for text in lines[2:]).encode()
        line -= 2
    return name, content, line


def checked(name: str, content: bytes | UnreadableError) -> CheckReport:
    sheets = dict(read_folder(SOUND).files)
    if name.startswith("reference/"):
        sheets |= read_folder(SOUND_REFERENCE).files
    return check_files(ContentFiles({**sheets, name: ContentFile(name, content)}), TODAY)


def test_nothing_is_wrong_with_the_sound_folder() -> None:
    report = check_files(read_folder(SOUND), TODAY)
    assert report.problems == ()
    assert report.files == len(files_of(SOUND))


def test_nothing_is_wrong_with_the_sound_reference() -> None:
    bank_files = ContentFiles({**read_folder(SOUND).files, **read_folder(SOUND_REFERENCE).files})
    assert check_files(bank_files, TODAY).problems == ()


@pytest.mark.parametrize("path", BAD_BANKS, ids=lambda path: path.stem)
def test_each_bad_bank_has_its_problem_at_its_line_and_no_other(path: Path) -> None:
    name, content, line = stands_for(path)
    report = checked(name, content)
    assert {(one.file, one.line, one.number) for one in report.problems} == {(name, line, f"BANK{path.name[:3]}")}, (
        "\n".join(map(str, report.problems))
    )


def test_gaps_are_not_judged_without_settings() -> None:
    bank_files = read_folder(SOUND)
    edition = read_edition(compile_bank(bank_files, "shop").document)
    assert check_edition(edition, None) == []


def test_an_example_is_judged_figure_by_figure() -> None:
    text = (SOUND / "shop.yaml").read_text(encoding="utf-8").replace("exposure: 10, gap: 0,", "exposure: 11, gap: 0.5,")
    bank_files = ContentFiles({**read_folder(SOUND).files, "shop.yaml": ContentFile("shop.yaml", text.encode())})
    compiled = compile_bank(bank_files, "shop")
    problems = check_examples(read_edition(compiled.document), compiled.examples, settings_from(bank_files, TODAY))
    assert [(one.number, one.place[-1], one.cause) for one in problems] == [
        ("BANK090", "exposure", "In “family”, exposure is 10, not 11."),
        ("BANK090", "gap", "In “family”, gap is 0, not 0.5."),
    ]


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
    assert {key for keys in DEADLINE_KEYS.values() for key in keys} <= known


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


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ((SHOP, "ask: Who keeps", "ask: Who for {wages} keeps"), "Nothing fills the gap {wages}; did you mean “wage”?"),
        ((SHOP, "can_sign: true", "can_sign: true\n        hint: See {nothing_like_it}"), "gap {nothing_like_it}."),
        ((SHOP, "says: Papers are kept and pay is low.", 'says: "Papers at {wagee}"'), "gap {wagee}"),
        ((UK, "- Give everybody a payslip.", "- Give everybody {wagee}."), "gap {wagee}"),
        ((UK, "text: Do so each week.", 'text: "Do so for {wagee}."'), "gap {wagee}"),
        ((UK, "applies_to: Large firms.", "applies_to: Large firms.\n    consequence: A fine of {fine}"), "gap {fine}"),
        ((SHOP, "ask: Who keeps", "ask: Who for {Wage} keeps"), "no gap like {wage}"),
        ((SHOP, "ask: Who keeps the", "ask: Who for {wage keeps the"), "no gap like {wage}"),
        ((SHOP, "label: They do,", 'label: "They do, for {wage}",'), "not filled in this kind of text"),
        ((SHOP, "title: The work", "title: The work for {wage}"), "not filled in this kind of text"),
        ((SHOP, "can_sign: true", 'can_sign: true\n        evidence: "{wage}"'), "not filled in this kind of text"),
        ((FACTS, "ask: Do you hire people?", 'ask: "Do you hire for {wage}?"'), "not filled in this kind of text"),
        ((FACTS, "group: people,", "group: people, hint: 'For {wagee}',"), "gap {wagee}"),
        ((FACTS, "label: England", 'label: "England at {wage}"'), "not filled in this kind of text"),
        ((FACTS, "ask: Is it a large business?", 'ask: "Is it above {wagee}?"'), "gap {wagee}"),
        ((FACTS, "ask: Is it a large business?", "ask: Is it large?, hint: 'Above {wagee}'"), "gap {wagee}"),
        (("dimensions.yaml", "name: Pay,", 'name: "Pay of {wage}",'), "not filled in this kind of text"),
        ((UK, "title: Accounts", 'title: "Accounts of {wage}"'), "not filled in this kind of text"),
    ],
)
def test_every_gap_has_to_be_filled(edit: tuple[str, str, str], said: str) -> None:
    assert_found(problems_after(edit), "BANK070", said)


def test_a_gap_that_a_setting_fills_is_sound() -> None:
    edits = [
        (SHOP, "ask: Who keeps", "ask: Who for {wage} keeps"),
        (SHOP, "can_sign: true", "can_sign: true\n        why: Call {helpline}."),
    ]
    assert problems_after(*edits) == []


def test_a_table_s_column_is_read_as_it_stands() -> None:
    table = "        columns: [{id: beds, label: 'Beds for {wage}', type: number}]\n        sources: [S1]\n"
    more = (
        "      - id: rooms\n        ask: Which?\n        type: table\n        kind: fact\n        dimension: pay\n"
        + table
    )
    assert_found(problems_after((SHOP, "      - id: papers", more + "      - id: papers")), "BANK070", "not filled")


@pytest.mark.parametrize("text", ["It's so", 'Call it "so"'])
def test_straight_quotes_are_a_warning(text: str) -> None:
    problems = problems_after((START, "ask: Who works here?", f"ask: Who works here? {text}"))
    assert_found(problems, "BANK028", "A straight quote")
    assert problems[0].warning


def test_a_rate_in_a_text_is_a_warning() -> None:
    problems = problems_after((START, "ask: Who works here?", "ask: Who works here for £12.34?"))
    assert_found(problems, "BANK076", "“£12.34” stands in this text; it is the value of {wage}")
    assert problems[0].warning
    assert problems_after((START, "ask: Who works here?", "ask: Who works here for 1.3 hours?")) == []
