from __future__ import annotations

import pytest

from tests.shelves import FACTS, SHOP, START, UK, assert_found, problems_after


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
