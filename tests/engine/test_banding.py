from __future__ import annotations

from typing import Any

import pytest

from assess.engine.banding import Banded, final_band, score_band
from assess.engine.result import RaisedSign
from tests.builders import some_settings


def sign(kind: Any, ilo: int | None = 8) -> RaisedSign:
    return RaisedSign("x", kind, ilo)


def band(own: Any, *signs: RaisedSign, unknown_signs: bool = False, share: float = 0.0, quick: bool = False) -> Banded:
    return final_band(
        own, signs, unknown_signs=unknown_signs, unknown_share=share, settings=some_settings(), quick=quick
    )


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


def test_any_urgent_sign_is_critical_even_when_too_little_is_known() -> None:
    assert band("low", sign("urgent"), share=1.0) == ("critical", ("urgent_sign",))


def test_three_serious_signs_over_two_indicators_are_critical_even_when_too_little_is_known() -> None:
    three = [sign("serious", 8), sign("serious", 8), sign("serious", 9)]
    assert band("low", *three, share=1.0) == ("critical", ("three_serious_signs",))
    assert band("low", *three, sign("urgent")).reasons == ("urgent_sign", "three_serious_signs")


def test_three_serious_signs_on_one_indicator_are_high() -> None:
    assert band("low", *[sign("serious", 8)] * 3) == ("high", ("serious_sign",))
    assert band("low", sign("serious", 8), sign("serious", None), sign("serious", 8)).band == "high"


def test_two_serious_signs_are_at_least_high() -> None:
    assert band("low", sign("serious", 8), sign("serious", 9)) == ("high", ("serious_sign",))
    assert band("medium", sign("serious")) == ("high", ("serious_sign",))
    assert band("high", sign("serious")) == ("high", ())
    assert band("critical", sign("serious")) == ("critical", ())


def test_an_unknown_sign_cannot_be_low() -> None:
    assert band("low", unknown_signs=True) == ("medium", ("unknown_sign",))
    assert band("medium", unknown_signs=True) == ("medium", ())


def test_more_than_two_fifths_unknown_is_not_rated() -> None:
    assert band("critical", sign("serious"), share=0.41) == ("not_rated", ("too_many_unknown",))
    assert band("critical", share=0.4) == ("critical", ())


def test_a_quick_check_cannot_say_low() -> None:
    assert band("low", quick=True) == ("not_rated", ("quick_check_cannot_say_low",))
    assert band("low", quick=True, unknown_signs=True) == ("medium", ("unknown_sign",))
    assert band("medium", quick=True) == ("medium", ())
