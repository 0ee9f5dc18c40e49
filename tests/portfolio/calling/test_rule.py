"""The sum of whom to call first: it adds up, and less data never ranks safer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.banks.call_weights import call_weights_on
from assess.banks.folder import QUESTIONNAIRES
from assess.portfolio.calling.rule import Facts, count
from assess.suppliers.models import Status, Tier

TODAY = date(2026, 11, 24)
WEIGHTS = call_weights_on(QUESTIONNAIRES, TODAY)
KNOWN = Facts(
    sector="farming",
    tier=Tier.MEDIUM,
    band="medium",
    status=Status.SHARED,
    due=date(2026, 10, 1),
    good_until=date(2027, 10, 1),
    steps=(1, 4),
    spend=50_000,
)
NOTHING = Facts()

days = st.one_of(st.none(), st.integers(-900, 900).map(lambda ahead: TODAY + timedelta(days=ahead)))
steps = st.one_of(st.none(), st.integers(0, 40).flatmap(lambda all_: st.tuples(st.integers(0, all_), st.just(all_))))
facts = st.builds(
    Facts,
    sector=st.sampled_from([None, "farming", "car_washes", "hospitality", "care_homes"]),
    tier=st.sampled_from([None, *Tier]),
    band=st.sampled_from([None, "low", "medium", "high"]),
    status=st.sampled_from(list(Status)),
    due=days,
    good_until=days,
    steps=steps,
    spend=st.one_of(st.none(), st.integers(0, 5_000_000)),
)


def points(one: Facts) -> int:
    return count(one, WEIGHTS, TODAY).points


def part(one: Facts, name: str) -> int:
    return next(reason.points for reason in count(one, WEIGHTS, TODAY).reasons if reason.part == name)


def less(one: Facts) -> list[Facts]:
    """The same supplier with one thing less known of it."""
    fewer = [
        replace(one, sector=None),
        replace(one, tier=None),
        replace(one, band=None),
        replace(one, due=None),
        replace(one, good_until=None),
        replace(one, steps=None),
        replace(one, spend=None),
        replace(one, status=Status.NOT_ASKED, band=None, due=None, good_until=None, steps=None),
    ]
    if one.status is Status.SHARED:
        # whatever it was asked besides, a share that is gone leaves it there
        fewer += [replace(one, status=status) for status in Status if status is not Status.SHARED]
    order = [Status.OTHER_RESULT, Status.SUBMITTED, Status.STARTED, Status.OPENED, Status.INVITED]
    if one.status in order:
        fewer += [replace(one, status=status) for status in order[order.index(one.status) :]]
    return fewer


def test_the_reasons_add_up_by_hand() -> None:
    counted = count(KNOWN, WEIGHTS, TODAY)
    assert [(reason.part, reason.points, reason.most) for reason in counted.reasons] == [
        ("sector", 16, 20),
        ("tier", 12, 20),
        ("band", 14, 30),
        ("unanswered", 0, 10),
        ("slipping", 3, 14),
        ("spend", 2, 6),
    ]
    assert counted.points == 16 + 12 + 14 + 0 + 3 + 2
    assert [reason.words for reason in counted.reasons] == [
        "Farming: the risk of this kind of work starts at 35. The highest of all kinds starts at 45.",
        "You graded a contract with it as medium risk.",
        "Its own answers come out as “Medium”.",
        "It has answered. Its answers count until 1 October 2027.",
        "1 of its 4 steps is late.",
        "You spend £50,000 a year with it.",
    ]
    assert all(reason.known for reason in counted.reasons)


def test_nothing_known_is_the_most_and_says_so() -> None:
    counted = count(NOTHING, WEIGHTS, TODAY)
    assert counted.points == 100
    assert all("counted as the most" in reason.words and not reason.known for reason in counted.reasons)
    assert counted.reasons[-1].words == "You have not told us what you spend: counted as the most."


@given(facts)
def test_each_part_stays_within_its_most_and_they_add_up(one: Facts) -> None:
    counted = count(one, WEIGHTS, TODAY)
    assert counted.points == sum(reason.points for reason in counted.reasons)
    for reason in counted.reasons:
        assert 0 <= reason.points <= reason.most
        if "counted as the most" in reason.words and reason.part != "unanswered":
            assert reason.points == reason.most


@given(facts)
def test_less_data_never_ranks_safer(one: Facts) -> None:
    for fewer in less(one):
        assert points(fewer) >= points(one), fewer
    assert points(NOTHING) >= points(one)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(st.lists(facts, min_size=2, max_size=8), st.data())
def test_whoever_takes_answers_back_never_moves_to_a_safer_place(everyone: list[Facts], data: st.DataObject) -> None:
    who = data.draw(st.integers(0, len(everyone) - 1))
    then = data.draw(st.sampled_from(less(everyone[who])))
    others = [points(one) for place, one in enumerate(everyone) if place != who]
    before = sum(other > points(everyone[who]) for other in others)
    assert sum(other > points(then) for other in others) <= before


@given(facts)
def test_a_band_and_a_plan_count_each_by_itself(one: Facts) -> None:
    without = replace(one, band=None)
    assert part(without, "band") == WEIGHTS.most["band"]
    assert part(without, "slipping") == part(one, "slipping")
    assert part(replace(one, steps=None), "slipping") == WEIGHTS.most["slipping"]
    assert part(replace(one, status=Status.NOT_ASKED), "band") == WEIGHTS.most["band"]


@pytest.mark.parametrize(
    ("change", "name", "expected", "said"),
    [
        ({"status": Status.DECLINED, "due": TODAY}, "unanswered", 6, "It said no. You asked for it by"),
        ({"status": Status.INVITED, "due": date(2026, 11, 9)}, "unanswered", 7, "It is 2 weeks past 9 November 2026."),
        ({"status": Status.INVITED, "due": date(2026, 11, 17)}, "unanswered", 6, "It is 1 week past"),
        ({"status": Status.OPENED, "due": date(2020, 1, 1)}, "unanswered", 8, "opened your letter and has not begun"),
        ({"status": Status.STARTED, "due": None}, "unanswered", 7, "We do not know by when you asked"),
        ({"status": Status.SHARE_OVER, "due": date(2020, 1, 1)}, "unanswered", 10, "What it shared is over."),
        ({"good_until": date(2026, 11, 23)}, "unanswered", 2, "Its answers are old: they counted until 23 November"),
        ({"good_until": None}, "unanswered", 2, "we do not know when"),
        ({"steps": (0, 0)}, "slipping", 0, "Its plan has no steps."),
        ({"steps": None}, "slipping", 14, "only of a plan that is shared."),
        ({"steps": (0, 0), "band": None}, "slipping", 0, "Its plan has no steps."),
        ({"band": None}, "band", 30, "There is no band to show: counted as the most."),
        ({"steps": (0, 1)}, "slipping", 0, "Its one step is not late."),
        ({"steps": (9, 9)}, "slipping", 14, "9 of its 9 steps are late."),
        ({"sector": "care_homes"}, "sector", 20, "We have no number for its kind of work: counted as the most."),
        ({"band": "high"}, "band", 30, "come out as “High”"),
        ({"spend": 999}, "spend", 1, "£999"),
        ({"spend": 2_000_000}, "spend", 6, "£2,000,000"),
    ],
)
def test_each_reason_says_what_it_counts(change: dict[str, object], name: str, expected: int, said: str) -> None:
    changed = Facts(**{**{field: getattr(KNOWN, field) for field in KNOWN.__slots__}, **change})  # type: ignore[arg-type]  # fields by name
    reason = next(one for one in count(changed, WEIGHTS, TODAY).reasons if one.part == name)
    assert (reason.points, said in reason.words) == (expected, True), reason


def test_a_rule_that_trusted_silence_would_be_caught() -> None:
    """The property can fail: had silence no points, whoever shared nothing would stand further down."""
    trusting = replace(WEIGHTS, band={**WEIGHTS.band, "high": 0})
    bad = replace(KNOWN, band="medium", steps=(4, 4))
    assert count(replace(bad, band=None), trusting, TODAY).points < count(bad, trusting, TODAY).points
