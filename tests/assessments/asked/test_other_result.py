from __future__ import annotations

from datetime import date

import pytest

from assess.assessments.asked.other_result import AHEAD, DAY, read_result
from assess.suppliers.other_results.keeping import Said
from assess.suppliers.other_results.models import Interviews, Scheme, Scope

TODAY = date(2026, 11, 24)
GOOD = {"scheme": "msat", "result_on": "24 11 2026", "scope": "whole", "interviews": "dk"}


def test_a_whole_form_is_read() -> None:
    read = read_result({**GOOD, "words": "anything"}, TODAY)
    assert (read.said, read.faults) == (Said(Scheme.MSAT, TODAY, Scope.WHOLE, Interviews.DONT_KNOW), {})


@pytest.mark.parametrize(
    ("typed", "place", "sentence"),
    [
        ({"scheme": "ours"}, "scheme", "Choose the scheme."),
        ({"result_on": "25 11 2026"}, "result_on", AHEAD),
        ({"result_on": "soon"}, "result_on", DAY),
        ({"result_on": ""}, "result_on", DAY),
        ({"scope": "some"}, "scope", "Choose what it looked at."),
        ({"interviews": "maybe"}, "interviews", "Choose yes, no or don’t know."),
    ],
)
def test_what_cannot_be_used_is_said_by_field(typed: dict[str, str], place: str, sentence: str) -> None:
    read = read_result({**GOOD, **typed}, TODAY)
    assert (read.said, dict(read.faults)) == (None, {place: sentence})


def test_an_empty_form_is_told_everything_at_once() -> None:
    assert list(read_result({}, TODAY).faults) == ["scheme", "result_on", "scope", "interviews"]
