from __future__ import annotations

from typing import Any

import pytest

from assess.engine.banding import Banded, Grounds, final_band, is_grave, score_band
from assess.engine.result import RaisedSign
from tests.builders import some_settings


def sign(kind: Any, ilo: int | None = 8) -> RaisedSign:
    return RaisedSign("x", kind, ilo)


def band(own: Any, *signs: RaisedSign, share: float = 0.0, **grounds: bool) -> Banded:
    """What becomes of a score's own band; what is not said is not so."""
    values = {"unknown_signs": False, "quick": False} | grounds
    return final_band(own, Grounds(signs, unknown_share=share, **values), some_settings())


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0, "low"),
        (24.999, "low"),
        (25, "medium"),
        (44.999, "medium"),
        (45, "high"),
        (64.999, "high"),
        (65, "critical"),
        (100, "critical"),
    ],
)
def test_the_limits_of_the_bands(score: float, expected: str) -> None:
    assert score_band(score, some_settings()) == expected


def test_nothing_to_say_against_it_is_low_without_a_reason() -> None:
    assert band("low") == ("low", ())


def test_the_points_alone_give_their_band() -> None:
    assert band("medium") == ("medium", ("points",))
    assert band("critical") == ("critical", ("points",))


def test_any_urgent_sign_is_critical_even_when_too_little_is_known() -> None:
    assert band("low", sign("urgent"), share=1.0) == ("critical", ("sign",))


def test_three_serious_signs_over_two_indicators_are_critical_even_when_too_little_is_known() -> None:
    three = [sign("serious", 8), sign("serious", 8), sign("serious", 9)]
    assert band("low", *three, share=1.0) == ("critical", ("sign",))
    assert is_grave(three)


def test_three_serious_signs_on_one_indicator_are_high() -> None:
    assert band("low", *[sign("serious", 8)] * 3) == ("high", ("sign",))
    assert band("low", sign("serious", 8), sign("serious", None), sign("serious", 8)).band == "high"


def test_two_serious_signs_are_at_least_high() -> None:
    assert band("low", sign("serious", 8), sign("serious", 9)) == ("high", ("sign",))
    assert band("medium", sign("serious")) == ("high", ("sign",))
    assert band("high", sign("serious")) == ("high", ("sign", "points"))
    assert band("critical", sign("serious")) == ("critical", ("points",))


@pytest.mark.parametrize(
    ("ground", "reason"), [("unknown_signs", "unknown_sign"), ("breaches", "breach"), ("thin", "gap")]
)
def test_an_unknown_sign_a_breach_and_thin_safeguards_cannot_be_low(ground: str, reason: str) -> None:
    assert band("low", **{ground: True}) == ("medium", (reason,))
    assert band("medium", **{ground: True}) == ("medium", (reason, "points"))
    assert band("high", **{ground: True}) == ("high", ("points",))
    assert band("low", sign("serious"), **{ground: True}) == ("high", ("sign",))


def test_every_rule_that_alone_would_give_the_band_is_named_in_order() -> None:
    assert band("medium", unknown_signs=True, breaches=True, thin=True).reasons == (
        "unknown_sign",
        "breach",
        "gap",
        "points",
    )


def test_more_than_two_fifths_unknown_is_not_rated() -> None:
    assert band("critical", sign("serious"), share=0.41, breaches=True) == ("not_rated", ("dont_know",))
    assert band("critical", share=0.4) == ("critical", ("points",))
    assert band("low", share=0.41, quick=True) == ("not_rated", ("dont_know",))


def test_a_quick_check_cannot_say_low() -> None:
    assert band("low", quick=True) == ("not_rated", ("quick",))
    assert band("low", quick=True, unknown_signs=True) == ("medium", ("unknown_sign",))
    assert band("low", quick=True, thin=True) == ("medium", ("gap",))
    assert band("medium", quick=True) == ("medium", ("points",))
