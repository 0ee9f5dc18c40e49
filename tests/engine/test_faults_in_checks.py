from __future__ import annotations

import pytest

from tests.shelves import SHOP, START, assert_found, problems_after

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
