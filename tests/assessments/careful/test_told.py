from __future__ import annotations

import pytest

from assess.assessments.careful.told import tells_of_one


@pytest.mark.parametrize(
    "text",
    [
        "the new lad from the north in caravan 3 owes the driver",
        "one of the girls is pregnant",
        "his visa ends in May",
        "she sends money to her mum",
        "kitchen porter arrested last night",
        "my boss has my passport",
        "somebody in house B has TB",
        "the Vietnamese couple upstairs never go out",
    ],
)
def test_one_person_is_told_of(text: str) -> None:
    assert tells_of_one(text)


@pytest.mark.parametrize(
    "text",
    [
        "If a worker is ill he or she is paid",
        "One supervisor is a trained first aider",
        "The night porter has keys to the office",
        "Women have separate showers",
        "every worker has his or her own key",
        "the manager is a woman",
        "Nobody pays for a job",
        "The old shed was robbed last night",
    ],
)
def test_rules_and_posts_are_left_in_peace(text: str) -> None:
    assert not tells_of_one(text)
