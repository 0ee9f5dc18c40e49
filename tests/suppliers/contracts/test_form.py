from __future__ import annotations

from datetime import date

import pytest

from assess.suppliers.contracts.form import (
    BY_TIER,
    day_from,
    read_details,
    read_headings,
    read_steps,
    read_tier,
    spoken,
    typed_from,
)
from assess.suppliers.contracts.models import Asks, Regime
from assess.suppliers.models import Tier


def usual(tier: Tier) -> Asks:
    return {Tier.LOW: Asks.NOTHING, Tier.MEDIUM: Asks.QUICK, Tier.HIGH: Asks.FULL}[tier]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("27 3 2027", date(2027, 3, 27)),
        (" 27/03/2027 ", date(2027, 3, 27)),
        ("27.3.2027", date(2027, 3, 27)),
        ("2027-03-27", date(2027, 3, 27)),
        ("29 2 2028", date(2028, 2, 29)),
        ("", None),
        ("  ", None),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, day: date | None) -> None:
    assert day_from(typed) == day
    assert day_from(spoken(day)) == day


@pytest.mark.parametrize(
    "typed", ["29 2 2027", "soon", "3 27 2027", "27 3 27", "1 1 1066", "٢٧ ٣ ٢٠٢٧ x", "27 3 20277"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day_from(typed)


@pytest.mark.parametrize(
    ("typed", "pounds"),
    [("£1,200,000", 1_200_000), ("0", 0), ("12 000.00", 12_000), ("", None), ("1000000000000", 10**12)],
)
def test_pounds_are_read_as_people_write_them(typed: str, pounds: int | None) -> None:
    read = read_details({"title": "Potatoes", "regime": "own", "value_gbp": typed})
    assert (read.faults, read.values["value_gbp"]) == ({}, pounds)


@pytest.mark.parametrize("typed", ["-5", "12.50", "1e9", "1000000000001", "９９", "ten"])
def test_other_pounds_are_refused(typed: str) -> None:
    assert list(read_details({"title": "P", "regime": "own", "value_gbp": typed}).faults) == ["value_gbp"]


def test_details_are_kept_without_what_no_file_can_hold() -> None:
    read = read_details({"title": " School\x00 \x1b potatoes\n ", "regime": "nhs", "reference": "C\r\n17"})
    assert (read.values["title"], read.values["reference"]) == ("School potatoes", "C 17")
    assert read.values["regime"] is Regime.NHS


def test_headings_that_nobody_chose_are_not_known_and_a_made_up_level_is_refused() -> None:
    read = read_headings({"level_a": "high", "note_a": " Field ", "level_b": "not_known"}, ["a", "b", "c"])
    assert (read.values, read.faults) == ({"levels": {"a": "high"}, "notes": {"a": "Field"}}, {})
    assert list(read_headings({"level_a": "huge"}, ["a"]).faults) == ["level_a"]
    assert list(read_headings({"note_a": "x" * 301}, ["a"]).faults) == ["note_a"]


def test_a_tier_brings_what_it_asks_unless_somebody_says_why_not() -> None:
    read = read_tier({"tier": "medium", "tier_reason": "R", "asks": BY_TIER, "asks_reason": "left over"}, usual)
    assert read.faults == {}
    assert read.values == {"tier": Tier.MEDIUM, "tier_reason": "R", "asks": Asks.QUICK, "asks_reason": ""}
    read = read_tier({"tier": "medium", "tier_reason": "R", "asks": "full"}, usual)
    assert list(read.faults) == ["asks_reason"]
    read = read_tier({"tier": "medium", "tier_reason": "R", "asks": "full", "asks_reason": "New site"}, usual)
    assert (read.faults, read.values["asks"]) == ({}, Asks.FULL)
    assert set(read_tier({}, usual).faults) == {"tier", "tier_reason"}
    assert list(read_tier({"tier": "low", "tier_reason": "R", "asks": "all"}, usual).faults) == ["asks"]


def test_steps_keep_their_lines_and_are_never_cut() -> None:
    read = read_steps({"design": "One\r\nTwo", "terms": "x" * 2000, "management": "x" * 2001})
    assert (read.values["design"], list(read.faults)) == ("One\nTwo", ["management"])


def test_values_come_back_as_they_were_typed() -> None:
    values = {"starts": date(2027, 3, 27), "ends": None, "regime": Regime.OWN, "value_gbp": 12, "levels": {"a": "high"}}
    assert typed_from({**values, "notes": {"a": "N"}, "tier": Tier.LOW, "asks": Asks.NOTHING}, usual) == {
        "starts": "27 3 2027",
        "ends": "",
        "regime": "own",
        "value_gbp": "12",
        "level_a": "high",
        "note_a": "N",
        "tier": "low",
        "asks": BY_TIER,
    }
    assert typed_from({"tier": Tier.LOW, "asks": Asks.FULL}, usual)["asks"] == "full"
