"""Small makers with good defaults: a test says only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assess.engine.bank import (
    Action,
    Check,
    Deadline,
    Dimension,
    Duty,
    DutyBook,
    Edition,
    MustDo,
    NumberBand,
    Option,
    Question,
    RuleStep,
    Section,
    TickStep,
)
from assess.engine.conditions import Always
from assess.engine.result import JudgedDuty
from assess.engine.settings import ScoringSettings

WEIGHTS = {"pay": 3, "papers": 3, "home": 2, "hours": 2, "voice": 1, "policy": 1}
HARM = {"pay": 2, "papers": 3, "home": 3, "hours": 2, "voice": 5, "policy": 6}


def some_settings(**changes: Any) -> ScoringSettings:
    """Round numbers: a wage of 12, an offset of 10 a day, a base of 40."""
    values: dict[str, Any] = {
        "wage": 12.0,
        "offset_day": 10.0,
        "oncost": 1.5,
        "base": {"small": 40},
        "floor": 0.25,
        "medium": 25,
        "high": 45,
        "critical": 65,
        "weights": WEIGHTS,
        "harm": HARM,
        "worst_share": 0.25,
        "unknown_limit": 0.4,
        "stale_factor": 0.8,
        "stale_months": 12,
        "labour_provider_good": 1.3,
        "labour_provider_low": 1.2,
    }
    return ScoringSettings(**(values | changes))


def an_action(do: str = "Put it right.", **changes: Any) -> Action:
    """Thirty days, half a day's work of the owner."""
    values: dict[str, Any] = {"priority": 30, "owner": "owner", "effort": "S"}
    return Action(do=do, **(values | changes))


def an_option(name: str, points: float | None = 0, **changes: Any) -> Option:
    """An option whose label is its id."""
    return Option(**({"id": name, "label": name.capitalize(), "points": points} | changes))


def a_question(name: str = "q", **changes: Any) -> Question:
    """A choice about pay: good 0, fair 1, poor 3, bad 4, don't know 4."""
    values: dict[str, Any] = {"type": "choice", "kind": "safeguard", "dimension": "pay", "ilo": (8,)}
    if changes.get("type", "choice") == "choice" and "options" not in changes:
        costs = {"good": 0, "fair": 1, "poor": 3, "bad": 4, "dk": 4}
        values["options"] = tuple(an_option(option, points) for option, points in costs.items())
    return Question(**({"id": name, "ask": f"What about {name}?"} | values | changes))


def a_sign_question(name: str = "s", **changes: Any) -> Question:
    """A choice that can raise a sign: good 0, fair 1, poor 3 with an action of its own, serious, urgent, don't know."""
    values: dict[str, Any] = {
        "can_sign": True,
        "action": an_action(f"Stop {name}."),
        "options": (
            an_option("good"),
            an_option("fair", 1),
            an_option("poor", 3, action=an_action(f"Better {name}.", priority=90)),
            an_option("serious", 4, sign="serious"),
            an_option("urgent", 4, sign="urgent"),
            an_option("dk", 4, action=an_action(f"Find out: {name}.", priority=7)),
        ),
    }
    return a_question(name, **(values | changes))


def a_number(name: str = "n", **changes: Any) -> Question:
    """Up to 10: 0, up to 20: 2, above: 4."""
    values: dict[str, Any] = {
        "type": "number",
        "bands": (NumberBand(10, 0), NumberBand(20, 2), NumberBand(None, 4)),
    }
    return a_question(name, **(values | changes))


def several(name: str = "m", **changes: Any) -> Question:
    """Several choices: none 0, a 1, b 2, c 3, don't know 3, capped at 4."""
    costs = {"none": 0, "a": 1, "b": 2, "c": 3, "dk": 3}
    values: dict[str, Any] = {
        "type": "choices",
        "options": tuple(an_option(option, points) for option, points in costs.items()),
        "cap": 4,
    }
    return a_question(name, **(values | changes))


def ticks(name: str = "t", **changes: Any) -> Question:
    """Boxes a, b, c to tick: three 0, one 2, none 4."""
    values: dict[str, Any] = {
        "type": "choices",
        "options": tuple(an_option(option, None) for option in ("a", "b", "c", "none", "dk")),
        "ticks": (TickStep(3, 0), TickStep(1, 2), TickStep(0, 4)),
    }
    return a_question(name, **(values | changes))


def a_rate(name: str = "rate", **changes: Any) -> Question:
    """What a labour provider is paid an hour: good 0, thin 2, low 4 and serious."""
    values: dict[str, Any] = {
        "type": "number",
        "rule": "labour_provider_rate",
        "can_sign": True,
        "action": an_action("Ask for a breakdown."),
        "steps": (
            RuleStep("good", 0),
            RuleStep("thin", 2, action=an_action("Ask what is in the rate.")),
            RuleStep("low", 4, sign="serious"),
        ),
        "dk_action": an_action("Find out: the rate.", priority=7),
    }
    return a_question(name, **(values | changes))


def a_charge(name: str = "charge", **changes: Any) -> Question:
    """What housing costs a day: free 0, within the offset 1, above 4."""
    values: dict[str, Any] = {
        "type": "number",
        "rule": "housing_charge",
        "can_sign": True,
        "dimension": "home",
        "action": an_action("Cut the charge."),
        "steps": (RuleStep("free", 0), RuleStep("within", 1), RuleStep("above", 4)),
        "dk_action": an_action("Find out: the charge.", priority=7),
    }
    return a_question(name, **(values | changes))


def a_table(name: str = "table") -> Question:
    """A list of rows that scores nothing."""
    return a_question(name, type="table", kind="fact", options=())


def a_check(name: str = "D1", **changes: Any) -> Check:
    """A check that says its own name."""
    return Check(id=name, says=f"{name} fired.", **changes)


def a_bank(*questions: Question, checks: Sequence[Check] = (), **changes: Any) -> Edition:
    """An edition with one section, called "small", in which these questions are asked in this order."""
    values: dict[str, Any] = {
        "bank": "small",
        "title": "A small bank",
        "sections": (Section("one", "One", questions),),
        "checks": tuple(checks),
        "dimensions": tuple(Dimension(name, name.capitalize(), "What it means.") for name in WEIGHTS),
        "groups": (),
        "owners": {"owner": "Owner"},
        "duty_book": DutyBook((), {}, ()),
        "sources": {},
    }
    return Edition(**(values | changes))


def a_duty(name: str = "duty", **changes: Any) -> Duty:
    """A mandatory duty in force that applies to everybody."""
    values: dict[str, Any] = {
        "jurisdiction": ("UK",),
        "status": "in_force",
        "force": "mandatory",
        "when": Always(),
        "applies_to": "Everybody.",
        "must_do": (MustDo("Do it."),),
        "deadline": Deadline("none"),
        "source": "An Act",
        "url": "https://example.org/act",
        "source_as_of": "2026-10-01",
        "evidence": "A",
        "confidence": "high",
    }
    return Duty(**({"id": name, "title": name} | values | changes))


def a_judged_duty(name: str = "duty", *, due: str | None = None, overdue: bool = False, **changes: Any) -> JudgedDuty:
    """A duty that applies, with its date; what else changes belongs to the duty, `verdict` to the judgement."""
    verdict = changes.pop("verdict", "applies")
    return JudgedDuty(a_duty(name, **changes), verdict, due, overdue, (), (), ())
