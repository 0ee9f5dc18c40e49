"""What was said once is said for ever: golden results are scored again and compared to the last digit."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assess.engine.assessing import EditionRef
from assess.engine.conditions import Leaf
from assess.engine.plan import ADVICE_FIRST_TEXT, build_plan
from assess.engine.purchases import Purchase
from assess.engine.result import ENGINE_NUMBER, Result
from assess.engine.result_json import (
    PurchaseList,
    printed_order,
    purchases_as_data,
    purchases_for_record,
    result_as_data,
    without_private_purchases,
)
from assess.engine.scoring import score_answers
from tests.builders import (
    a_bank,
    a_check,
    a_judged_duty,
    a_number,
    a_question,
    a_sign_question,
    an_action,
    an_option,
    some_settings,
)
from tests.engine import golden_cases, recompute_result
from tests.reference_data import real

REF = EditionRef("small", 3, "ab" * 32)
BANK = a_bank(
    a_number("daily", kind="fact"),
    a_number("hours", kind="fact"),
    a_question(
        "pay",
        options=(an_option("good"), an_option("bad", 4, breach="payslips")),
        action=an_action("Pay more.", title="More pay", effort="M"),
    ),
    a_sign_question("papers", dimension="papers"),
    checks=[
        a_check("D9", when=Leaf("pay", "is", "bad")),
        a_check("D2", rule="daily_rate_below_wage", inputs={"daily": "daily", "hours": "hours"}),
    ],
)
ANSWERS = {"daily": 100, "hours": 10, "pay": "bad", "papers": "urgent"}
RESULT = score_answers(BANK, ANSWERS, some_settings())
DUTIES = (a_judged_duty("first", due="2026-12-01"), a_judged_duty("second", verdict="to_check"))
PLAN = build_plan(BANK, ANSWERS, RESULT, some_settings(), DUTIES, date(2026, 11, 24))


def test_every_key_of_the_document_is_there_under_its_name() -> None:
    data = result_as_data(RESULT, PLAN, DUTIES, REF)
    assert data["edition"] == {"bank": "small", "number": 3, "digest": "ab" * 32}
    assert set(data) >= {
        "sector",
        "engine",
        "shown",
        "exposure",
        "gap",
        "score",
        "range",
        "score_band",
        "band",
        "confidence",
        "urgent_signs",
        "serious_signs",
        "unknown_signs",
        "notes",
        "reasons",
        "breaches",
        "sums",
        "wide_areas",
        "not_looked",
        "low_gap",
        "dimensions",
        "lines",
        "actions",
        "duties",
    }
    assert data["engine"] == 2
    assert data["reasons"] == ["sign"]
    assert data["breaches"] == [{"question": "pay", "duty": "payslips"}]
    assert data["sums"] == [
        {"check": "D2", "inputs": {"daily": 100, "hours": 10}, "value": 10, "limit": 12, "fails": True}
    ]
    assert data["range"] == [RESULT.range_low, RESULT.range_high]
    assert data["lines"][1] == {
        "question": "papers",
        "kind": "safeguard",
        "dimension": "papers",
        "answer": "urgent",
        "points": 4,
        "possible": 4,
        "sign": "urgent",
    }
    assert data["dimensions"][0] == {
        "id": "pay",
        "weight": 3,
        "points": 4,
        "possible": 4,
        "gap": 1,
        "questions": 1,
        "wide": False,
    }
    assert data["findings"][0] == {"id": "D9", "sign": None, "ilo": None, "numbers": {}}
    assert data["signs"] == [{"id": "papers", "sign": "urgent", "ilo": 8}]


def test_actions_and_duties_say_what_the_document_asks() -> None:
    data = result_as_data(RESULT, PLAN, DUTIES, REF)
    first, second = data["actions"]
    assert {key: first[key] for key in ("question", "do", "priority", "owner", "effort", "gain")} == {
        "question": "papers",
        "do": "Stop papers.",
        "priority": "immediate",
        "owner": "owner",
        "effort": "S",
        "gain": PLAN.actions[0].gain,
    }
    assert second == {
        "question": "pay",
        "questions": ["pay"],
        "kind": "safeguard",
        "dimension": "pay",
        "title": "More pay",
        "do": "Pay more.",
        "priority": 30,
        "days": 30,
        "due": 30,
        "owner": "owner",
        "effort": "M",
        "effort_days": 3,
        "gain": PLAN.actions[1].gain,
        "harm": 2,
        "breaches": ["payslips"],
        "sign": None,
        "find_out": False,
        "held": False,
    }
    assert data["duties"] == [
        {
            "id": "first",
            "verdict": "applies",
            "status": "in_force",
            "force": "mandatory",
            "due": "2026-12-01",
            "overdue": False,
        },
        {
            "id": "second",
            "verdict": "to_check",
            "status": "in_force",
            "force": "mandatory",
            "due": None,
            "overdue": False,
        },
    ]


def test_what_was_not_asked_for_is_left_out() -> None:
    data = result_as_data(RESULT, None, None, REF)
    assert "actions" not in data
    assert "duties" not in data


def test_the_data_is_plain_json_to_the_last_digit() -> None:
    data = result_as_data(RESULT, PLAN, DUTIES, REF)
    assert json.loads(json.dumps(data)) == data


PURCHASES = (
    Purchase("prawns", "EC", 12.5, "Secret Seafood"),
    Purchase("cleaning", None, None, "Secret Cleaners"),
    Purchase("cleaners who come at night", "GB"),
    Purchase("Cocoa", "CI", 2),
)
BOUGHT = PurchaseList(PURCHASES, real())


def block(*, advice_first: bool = False) -> dict[str, Any]:
    return json.loads(json.dumps(purchases_for_record(BOUGHT, advice_first=advice_first)))


def test_lines_stand_in_the_order_given_with_risk_band_and_facts() -> None:
    lines: list[Any] = purchases_as_data(BOUGHT)
    assert [line["good"] for line in lines] == [purchase.good for purchase in PURCHASES]
    assert [line["known_as"] for line in lines] == ["prawns and shrimp", "cleaning", None, "Cocoa"]
    assert [line["band"] for line in lines] == ["medium", "high", "not_known", "high"]
    assert [line["first"] for line in lines] == [None, 1, None, 2]
    for line in lines:
        assert line["risk"] == max(fact["risk"] for fact in line["facts"] if fact["risk"] is not None)
        assert {"source", "edition", "year", "says"} <= set(line["facts"][0])
        assert line["about"] == "This is about the country and goods, not this firm."
    assert "Secret" not in json.dumps(lines)


def test_words_of_its_own_are_met_with_what_they_may_mean() -> None:
    lines: list[Any] = purchases_as_data(BOUGHT)
    assert lines[2]["perhaps"][0] == "Cleaning"
    names = {offer.name for offer in real().offers.values()}
    assert set(lines[2]["perhaps"]) <= names, "paper prints them, so they are no ids"
    assert lines[0]["perhaps"] == []
    assert lines[2]["facts"][0]["says"].startswith("No list knows these words. If people do this work here, choose")
    assert (lines[2]["risk"], lines[2]["band"]) == (15, "not_known")


def test_the_record_holds_finished_words() -> None:
    data = block()
    assert data["lines"][0]["country_name"] == "Ecuador"
    assert data["lines"][1]["country_name"] is None
    assert [line["band_name"] for line in data["lines"]] == ["Medium", "High", "Not known", "High"]
    assert data["steps"][0]["owner_name"] == "Person who buys"
    assert {source["id"] for source in data["sources"]} >= {"goods_list", "trafficking_report", "rule_of_law"}
    assert [row["id"] for row in data["settings"]][:2] == ["purchase_tiers", "purchase_country"]
    assert data["limits"] == {"medium": 40, "high": 70}
    assert "{" not in json.dumps(data["lines"] + data["steps"]).replace('{"', "")


def test_steps_towards_people_here_wait_for_advice_and_others_do_not() -> None:
    steps = {step["good"]: step for step in block(advice_first=True)["steps"]}
    assert (steps["cleaning"]["do"], steps["cleaning"]["held"]) == (ADVICE_FIRST_TEXT, True)
    assert (steps["Cocoa"]["held"], steps["Cocoa"]["do"]) == (False, block()["steps"][1]["do"])
    assert block(advice_first=True)["how_to_ask"] == ADVICE_FIRST_TEXT
    assert not any(step["held"] for step in block()["steps"])


@pytest.mark.parametrize("good", ["security", "cleaning", "lads who help out"])
def test_a_step_towards_work_that_may_be_done_here_waits_whatever_makes_it_grave(good: str) -> None:
    """Guards of a firm in China are high because of China, and the firm is still one that works here."""
    bought = PurchaseList((Purchase(good, "CN"), Purchase("Cocoa", "CN")), real())
    data: Any = purchases_for_record(bought, advice_first=True)
    work, cocoa = sorted(data["steps"], key=lambda step: step["line"])
    assert (work["do"], work["held"]) == (ADVICE_FIRST_TEXT, True)
    assert not cocoa["held"]
    calm: Any = purchases_for_record(bought, advice_first=False)
    assert not any(step["held"] or step["do"] == ADVICE_FIRST_TEXT for step in calm["steps"])


def test_names_of_suppliers_stand_in_one_place_and_do_not_travel() -> None:
    record = {"format": 1, "purchases": block()}
    assert [line["business_only"] for line in record["purchases"]["lines"]][:2] == [
        {"supplier": "Secret Seafood"},
        {"supplier": "Secret Cleaners"},
    ]
    travelling = json.dumps(without_private_purchases(record))
    assert "Secret" not in travelling
    assert "business_only" not in travelling
    assert "Secret" in json.dumps(record)
    typed = ("good", "name", "perhaps", "business_only")
    for line, kept in zip(
        without_private_purchases(record)["purchases"]["lines"], record["purchases"]["lines"], strict=True
    ):
        assert {key: part for key, part in line.items() if key not in typed} == {
            key: part for key, part in kept.items() if key not in typed
        }


def test_words_the_business_typed_do_not_travel_and_the_line_says_which_it_is() -> None:
    secret = Purchase("Zyx and Sons, who come at night", "CN", 3)
    bought = PurchaseList((Purchase("kakao", "GB"), *PURCHASES, secret, Purchase("agency Zyx Staff")), real())
    data: Any = json.loads(json.dumps(purchases_for_record(bought, advice_first=False)))
    assert any(step["good"] == secret.good for step in data["steps"])
    travelling: Any = without_private_purchases({"format": 1, "purchases": data})["purchases"]
    assert "Zyx" not in json.dumps(travelling)
    lines = travelling["lines"]
    assert [line["good"] for line in lines[1:3]] == ["prawns and shrimp", "cleaning"]
    assert lines[-1]["good"] == "agency_labour"
    own = [line["name"] for line in lines if line["known_as"] is None]
    assert own == [line["good"] for line in lines if line["known_as"] is None]
    numbers = [
        number + 1 for number, index in enumerate(printed_order(data["lines"])) if lines[index]["known_as"] is None
    ]
    assert sorted(own) == sorted(f"In your own words (line {number})" for number in numbers)
    assert all(line["perhaps"] == [] for line in lines)
    assert {step["good"] for step in travelling["steps"]} == {
        lines[step["line"]]["good"] for step in travelling["steps"]
    }


def test_a_record_without_purchases_travels_as_it_is() -> None:
    record = {"format": 1}
    assert without_private_purchases(record) is record


def test_sixty_lines_and_none_at_all_work() -> None:
    assert len(purchases_as_data(PurchaseList(PURCHASES * 15, real()))) == 60
    assert purchases_as_data(PurchaseList((), real())) == []


def test_the_rules_of_arithmetic_are_number_two() -> None:
    assert ENGINE_NUMBER == 2


def test_a_result_is_frozen_and_equal_to_its_like() -> None:
    one, other = (score_answers(a_bank(a_question()), {"q": "poor"}, some_settings()) for _ in range(2))
    assert one == other
    with pytest.raises(FrozenInstanceError):
        one.score = 0.0


def test_what_a_result_says_is_explained_beside_it() -> None:
    said = Result.__doc__ or ""
    units = {"exposure", "score", "confidence", "gap", "urgent_signs", "missing", "pending", "third_party"}
    units |= {"not_looked", "breaches", "sums", "wide_areas", "low_gap"}
    assert units <= {field.name for field in fields(Result)}
    assert all(name in said for name in units)


@pytest.mark.parametrize("path", golden_cases.files(), ids=lambda path: path.stem)
def test_the_same_answers_give_the_same_result(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    assert golden_cases.outcome(case) == case["outcome"]


def test_no_number_of_a_result_is_added_by_what_differs_between_releases_of_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From 3.12 on `sum` rounds floats in another way, so that a frozen record would differ in its last digits."""
    built_in = sum

    def whole_numbers_alone(values: Iterable[Any], start: Any = 0) -> Any:
        total = built_in(values, start)
        assert not isinstance(total, float), "add floats with add_up of assess.engine.points"
        return total

    cases = [json.loads(path.read_text(encoding="utf-8")) for path in golden_cases.files()]
    monkeypatch.setattr(builtins, "sum", whole_numbers_alone)
    for case in cases:
        assert golden_cases.outcome(case) == case["outcome"]


@pytest.mark.parametrize("path", golden_cases.files(), ids=lambda path: path.stem)
def test_the_second_adder_agrees_with_what_was_kept(path: Path) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))["outcome"]
    assert {key: kept[key] for key in recompute_result.added_up(kept)} == recompute_result.added_up(kept)


def test_nineteen_are_kept() -> None:
    assert len(golden_cases.files()) == 19
