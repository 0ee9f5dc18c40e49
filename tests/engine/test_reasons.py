from __future__ import annotations

import pytest

from assess.engine.bank import Deadline, Duty, DutyBook, Fact
from assess.engine.conditions import (
    All,
    Always,
    Any,
    Applies,
    AtLeastOf,
    Condition,
    Leaf,
    Not,
    Operand,
    Term,
    Test,
    Verdict,
)
from assess.engine.reasons import below, in_file_order, know, limit_of


def duty(name: str, when: Condition) -> Duty:
    return Duty(
        id=name,
        title=name,
        jurisdiction=("UK",),
        status="in_force",
        force="mandatory",
        when=when,
        applies_to="All",
        must_do=(),
        deadline=Deadline(kind="none"),
        source="An Act",
        url="https://www.example.org",
        source_as_of="2026",
        evidence="A",
        confidence="high",
    )


def yes(fact: str) -> Leaf:
    return Leaf(fact, "is", value=True)


BOOK = DutyBook(
    facts=tuple(Fact(id=name, type="yes_no", ask=name, group="g") for name in ("a", "b", "c", "n", "m")),
    terms={"either": Any((yes("a"), yes("b")))},
    duties=(
        duty("all", All((yes("a"), yes("b")))),
        duty("either", Term("either")),
        duty("neither", Not(Term("either"))),
        duty("after", All((Applies("all"), yes("c")))),
        duty("two", AtLeastOf(2, (yes("a"), yes("b"), yes("c")))),
        duty("everybody", Always()),
        duty("many", Leaf("n", "at_least", 10)),
    ),
)


@pytest.mark.parametrize(
    ("facts", "name", "verdict", "rests_on"),
    [
        ({"a": False}, "all", Verdict.FALSE, {"a"}),
        ({"a": True}, "all", Verdict.UNKNOWN, {"b"}),
        ({"a": True, "b": True}, "all", Verdict.TRUE, {"a", "b"}),
        ({"a": True}, "either", Verdict.TRUE, {"a"}),
        ({"a": False}, "either", Verdict.UNKNOWN, {"b"}),
        ({"a": False, "b": False}, "neither", Verdict.TRUE, {"a", "b"}),
        ({"a": False, "b": False, "c": True}, "after", Verdict.FALSE, {"a", "b"}),
        ({"a": True}, "after", Verdict.UNKNOWN, {"b", "c"}),
        ({"c": False}, "after", Verdict.FALSE, {"c"}),
        ({"a": True}, "two", Verdict.UNKNOWN, {"b", "c"}),
        ({"a": True, "c": True}, "two", Verdict.TRUE, {"a", "c"}),
        ({"a": False, "c": False}, "two", Verdict.FALSE, {"a", "c"}),
        ({}, "everybody", Verdict.TRUE, set()),
        ({"n": "dk"}, "many", Verdict.UNKNOWN, {"n"}),
        ({"n": None}, "many", Verdict.UNKNOWN, {"n"}),
        ({"n": "<10"}, "many", Verdict.FALSE, {"n"}),
        ({"n": "<11"}, "many", Verdict.UNKNOWN, {"n"}),
    ],
)
def test_a_verdict_comes_with_the_facts_it_rests_on(
    facts: dict[str, object], name: str, verdict: Verdict, rests_on: set[str]
) -> None:
    known = know(BOOK, facts)
    assert (known.verdicts[name], known.rests_on[name]) == (verdict, rests_on)


@pytest.mark.parametrize(
    ("test", "value", "verdict"),
    [
        ("at_least", 250, Verdict.FALSE),
        ("at_least", 249, Verdict.UNKNOWN),
        ("more_than", 250, Verdict.FALSE),
        ("more_than", 100, Verdict.UNKNOWN),
        ("less_than", 250, Verdict.TRUE),
        ("less_than", 249, Verdict.UNKNOWN),
        ("at_most", 250, Verdict.TRUE),
        ("at_most", 100, Verdict.UNKNOWN),
        ("is", 250, Verdict.FALSE),
        ("is", 100, Verdict.UNKNOWN),
        ("is", True, Verdict.UNKNOWN),
        ("includes", "250", Verdict.UNKNOWN),
    ],
)
def test_a_number_known_only_to_be_smaller_settles_what_it_can(test: Test, value: Operand, verdict: Verdict) -> None:
    assert know(BOOK, {"n": below(250)}).verdict(Leaf("n", test, value)) is verdict


def test_a_limit_is_written_so_that_people_can_read_it_and_comes_back() -> None:
    assert below(36_000_000) == "<36000000"
    assert limit_of("<36000000") == 36_000_000
    assert limit_of(below(0.5)) == 0.5
    for other in ("company", "<", "<b>", 12, True, None, ["<12"]):
        assert limit_of(other) is None


def test_facts_come_in_the_order_of_the_file_and_only_those_it_knows() -> None:
    assert in_file_order(BOOK, {"m", "b", "a", "unheard"}) == ("a", "b", "m")
