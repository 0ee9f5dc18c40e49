"""The engine and a second scorer, which shares no code with it, agree on everything they say of random answers.

40 complete and 40 incomplete assessments of each bank in the ordinary run; `ASSESS_TEST_EXAMPLES=3000` has as many as it says, and ten
times as many completions.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.duties import judge_duties
from assess.engine.result_json import result_as_data
from assess.engine.scoring import score_answers
from assess.question_banks.settings import settings_from
from benchmarks import by_hand
from tests.engine import (
    random_businesses,
    real_banks,
    reference_buyer_view,
    reference_conditions,
    reference_points,
    reference_scorer,
)
from tests.engine.random_businesses import EXAMPLES, Answers, a_firm, document, numbers
from tests.engine.real_banks import TODAY, compiled, edition_of
from tests.engine.reference_conditions import FALSE, ORDERS, SHOWN, TRUE, Data, Seen, at_least_of, verdict

REF = EditionRef("any", 1, "0" * 64)
LISTS = (
    "urgent_signs",
    "serious_signs",
    "unknown_signs",
    "notes",
    "breaches",
    "missing",
    "pending",
    "reasons",
    "wide_areas",
)
WORDS = ("sector", "shown", "score_band", "band")
FIGURES = ("exposure", "mean_gap", "gap", "score", "unknown_share", "evidence_share", "confidence")


def by_engine(bank: str, answers: Answers, **more: Any) -> dict[str, Any]:
    result = score_answers(real_banks.edition_of(bank), answers, real_banks.settings(), today=real_banks.TODAY, **more)
    found: dict[str, Any] = json.loads(json.dumps(result_as_data(result, None, None, REF)))
    return found


def by_reference(bank: str, answers: Answers, **more: Any) -> dict[str, Any]:
    return reference_scorer.scored(document(bank), answers, numbers(), today=real_banks.TODAY, **more)


def disagreements(engine: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    """What differs, by name: the engine's first."""
    found = {key: (engine[key], reference[key]) for key in (*LISTS, *WORDS) if engine[key] != reference[key]}
    found |= {key: (engine[key], reference[key]) for key in FIGURES if not near(engine[key], reference[key])}
    if not all(map(near, engine["range"], reference["range"])):
        found["range"] = (engine["range"], reference["range"])
    for key, name in (("lines", "question"), ("dimensions", "id"), ("sums", "check")):
        mine, its = ({row[name]: row for row in one[key]} for one in (engine, reference))
        rows = {which: (mine.get(which), its.get(which)) for which in mine.keys() | its.keys()}
        if different := {which: pair for which, pair in rows.items() if not alike(*pair)}:
            found[key] = different
    return found


def near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-9)


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return near(one, other)
    return bool(one == other)


@pytest.mark.thorough
@pytest.mark.parametrize("missing", [0.0, 0.2], ids=["complete", "incomplete"])
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_both_say_the_same(bank: str, missing: float) -> None:
    rnd = Random()  # another walk each time; a failure prints all that is needed to repeat it
    bands = set()
    for _ in range(EXAMPLES):
        answers = a_firm(rnd, bank, missing=missing * rnd.random() * 4)
        more = {
            "quick": rnd.random() < 0.2,
            "evidence": frozenset(rnd.sample(list(answers), len(answers) // 3)),
        }
        engine = by_engine(bank, answers, **more)
        found = disagreements(engine, by_reference(bank, answers, **more))
        assert found == {}, (found, more["quick"], answers)
        bands.add(engine["band"])
    assert len(bands) >= 3


@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_both_say_the_same_of_the_worked_examples(bank: str) -> None:
    for example in real_banks.examples_of(bank):
        more = {"quick": example.quick, "evidence_share": example.evidence_share}
        answers = dict(example.answers)
        found = disagreements(by_engine(bank, answers, **more), by_reference(bank, answers, **more))
        assert found == {}, (example.title, found)


@pytest.mark.thorough
def test_the_page_of_worked_examples_says_what_the_second_scorer_finds() -> None:
    """After a change of the banks: `PYTHONPATH=. python benchmarks/by_hand.py --write`."""
    written = by_hand.PAGE.read_text("utf-8")
    assert by_hand.page(written) == written


def test_a_wash_by_nobody_is_no_sum() -> None:
    answers = {"wash_price": 10, "wash_team": 0, "wash_minutes": 15}
    assert "D1" not in {row["check"] for row in by_engine("car_washes", answers)["sums"]}


def test_a_day_that_is_all_break_leaves_the_pay_of_an_hour_unknown() -> None:
    answers = {"wash_pay_basis": "daily_checked", "wash_daily_rate": 60, "wash_day_hours": 8, "wash_break_minutes": 480}
    assert "D2" in by_engine("car_washes", answers)["unknown_signs"]


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_both_show_a_buyer_the_same(bank: str) -> None:
    rnd = Random()
    settings = settings_from(real_banks.bank_files(), real_banks.TODAY)
    bands = set()
    for _ in range(EXAMPLES):
        answers = a_firm(rnd, bank, missing=rnd.choice((0.0, 0.0, 0.2)))
        quick = rnd.random() < 0.1
        view = assess(
            real_banks.edition_of(bank), EngineInput(answers, {}, quick=quick), settings, real_banks.TODAY
        ).buyer
        reference = reference_buyer_view.buyer_view(document(bank), answers, numbers(), quick=quick)
        bars = [{"groups": list(bar.groups), "step": bar.step} for bar in view.bars]
        assert (view.exposure, view.band, bars) == tuple(reference[key] for key in ("exposure", "band", "bars")), (
            answers
        )
        bands.add(view.band)
    assert len(bands) >= 3


def next_answer(rnd: Random, bank: str, answers: Answers) -> Answers | None:
    """One more question that is shown and open gets a real answer, if there is one."""
    questions = random_businesses.engine_questions(bank)
    states = reference_conditions.states_of(random_businesses.questions(bank), answers)
    left = [
        name
        for name, state in states.items()
        if state == reference_conditions.SHOWN and reference_conditions.is_open(answers.get(name))
    ]
    if not left:
        return None
    name = rnd.choice(left)
    while reference_conditions.is_open(answer := real_banks.an_answer(rnd, questions[name])):
        pass
    return answers | {name: answer}


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_the_range_holds_every_completion(bank: str) -> None:
    rnd = Random()
    for _ in range(EXAMPLES):
        start = a_firm(rnd, bank, unknown=rnd.choice((0.0, 0.1, 0.3)), missing=rnd.choice((0.05, 0.3, 0.9)))
        low, high = by_engine(bank, start)["range"]
        for _ in range(10 if EXAMPLES > 40 else 2):
            answers: Answers | None = start
            while answers is not None:
                last, answers = answers, next_answer(rnd, bank, answers)
            final = by_engine(bank, last)
            assert low - 1e-9 <= final["score"] <= high + 1e-9, (start, last)
            assert near(final["range"][0], final["range"][1]), last


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_each_answer_narrows_the_range(bank: str) -> None:
    rnd = Random()
    for _ in range(max(3, EXAMPLES // 20)):
        answers: Answers | None = a_firm(rnd, bank, unknown=0.2, missing=rnd.choice((0.05, 0.4, 0.8)))
        low, high = 0.0, 100.0
        while answers is not None:
            found = by_engine(bank, answers)
            assert low - 1e-9 <= found["range"][0] <= found["score"] + 1e-9, answers
            assert found["score"] - 1e-9 <= found["range"][1] <= high + 1e-9, answers
            (low, high), answers = found["range"], next_answer(rnd, bank, answers)


# --- a second scorer that cannot be wrong proves nothing ------------------------------------------------------------------------
def with_areas_counted(areas: Any) -> float:
    weights = sum(row["weight"] for row in areas.values())
    return sum(row["weight"] * row["gap"] for row in areas.values()) / weights if weights else 0.0


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("mean_gap_of", with_areas_counted),
        ("may_be_widest", lambda *_: True),
        ("unknown_points", lambda *_: 0.0),
    ],
)
def test_a_wrong_rule_is_found_out(monkeypatch: pytest.MonkeyPatch, rule: str, wrong: Any) -> None:
    monkeypatch.setattr(reference_points, rule, wrong)
    rnd = Random(7)
    for bank in real_banks.BANKS:
        firms = [a_firm(rnd, bank, unknown=0.2) for _ in range(5)]
        assert any(disagreements(by_engine(bank, one), by_reference(bank, one)) for one in firms)


PROFILES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "60"))
SAID = {TRUE: "applies", FALSE: "does_not_apply"}
WHOLES = {"AU_NSW": "AU", "US_CA": "US"}
NUMBERS = (0, 1, 9, 35, 36_000_000, 60, 249, 250, 501, 5_000_000, 35_999_999, 500_000_000, 1_000_000_000)


def a_profile(rnd: Random, facts: list[Data], unknown: float) -> dict[str, Any]:
    return {fact["id"]: a_value(rnd, fact) for fact in facts if rnd.random() >= unknown}


def a_value(rnd: Random, fact: Data) -> Any:
    options = [option["id"] for option in fact.get("options", ())]
    match fact["type"]:
        case "yes_no":
            return rnd.random() < 0.5
        case "choice":
            return rnd.choice(options)
        case "choices":
            return rnd.sample(options, rnd.randint(1, min(4, len(options))))
        case "date":
            return rnd.choice(("2026-03-31", "2025-12-31", "2026-10-15"))
        case _:
            return rnd.choice(NUMBERS)


def holds(condition: Any, seen: Seen, book: Data, judged: Mapping[str, str]) -> str:
    """The verdict of a condition over facts, with the shorthands of the book and the duties judged before."""
    name, inner = next(iter(condition.items())) if isinstance(condition, Mapping) else (None, None)
    if name == "term":
        return holds(book["terms"][inner], seen, book, judged)
    if name == "applies":
        return judged[inner]
    if name == "not":
        found = holds(inner, seen, book, judged)
        return {TRUE: FALSE, FALSE: TRUE}.get(found, found)
    if name in ORDERS:
        parts = [holds(part, seen, book, judged) for part in inner]
        return next(one for one in ORDERS[name] if one in parts)
    if name == "at_least_of":
        return at_least_of(inner["n"], [holds(part, seen, book, judged) for part in inner["of"]])
    return verdict(condition, seen)


def second_judge(book: Data, facts: Mapping[str, Any]) -> dict[str, str]:
    known = dict(facts)
    if "operates_in" in known:
        places = known["operates_in"]
        known["operates_in"] = [*places, *(WHOLES[one] for one in places if one in WHOLES)]
    seen = Seen(known, {fact["id"]: SHOWN for fact in book["facts"]})
    judged: dict[str, str] = {}
    for duty in book["duties"]:
        judged[duty["id"]] = holds(duty["when"], seen, book, judged)
    return {name: SAID.get(found, "to_check") for name, found in judged.items()}


@pytest.mark.no_cover
@pytest.mark.parametrize("unknown", [0.0, 0.2, 0.5])
def test_every_duty_of_random_profiles_is_judged_alike(unknown: float) -> None:
    rnd = Random(f"duties {unknown}")
    book = compiled("farming").document["duty_book"]
    assert isinstance(book, dict)
    told = set()
    for _ in range(PROFILES):
        facts = a_profile(rnd, book["facts"], unknown)
        ours = {one.duty.id: one.verdict for one in judge_duties(edition_of("farming").duty_book, facts, TODAY)}
        assert ours == second_judge(book, facts), facts
        told |= set(ours.values())
    assert len(ours) == len(book["duties"]) > 70
    assert told >= {"applies", "does_not_apply"}
