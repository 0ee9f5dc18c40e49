from __future__ import annotations

import re

import pytest

from assess.portfolio.calling import words
from assess.suppliers.models import Status

BLAME = re.compile(r"\b(why did|fail|must|breach|wrong|guilty|suspect|illegal|trafficking|slavery)\b", re.IGNORECASE)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("late", [True, False])
def test_there_are_three_calm_sentences_for_every_call(status: Status, old: bool, late: bool) -> None:  # noqa: FBT001  # what is tried
    said = words.to_say(status, old_answers=old, late_steps=late)
    assert len(said) == 3
    assert said[0].startswith("“We want to go on buying from you")
    for sentence in said:
        assert not BLAME.search(sentence), sentence


def test_the_kind_of_work_reads_as_words() -> None:
    assert (words.sector_name("car_washes"), words.sector_name(None)) == ("Car washes", "Not told")
    assert (
        words.sector("farming", 35, 45)
        == "Farming: the risk of this kind of work starts at 35. The highest of all kinds starts at 45."
    )
