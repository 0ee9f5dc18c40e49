from __future__ import annotations

import json
from datetime import date

from assess.engine.assessing import EditionRef
from assess.engine.conditions import Leaf
from assess.engine.exported import result_as_data
from assess.engine.plan import plan
from assess.engine.scoring import score
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
RESULT = score(BANK, ANSWERS, some_settings())
DUTIES = (a_judged_duty("first", due="2026-12-01"), a_judged_duty("second", verdict="to_check"))
PLAN = plan(BANK, ANSWERS, RESULT, some_settings(), DUTIES, date(2026, 11, 24))


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
    assert data["range"] == [RESULT.low, RESULT.high]
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
