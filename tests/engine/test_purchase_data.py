from __future__ import annotations

import json
from typing import Any

import pytest

from assess.engine.plan import ADVICE_FIRST
from assess.engine.purchase_data import Bought, as_it_travels, order_on_paper, purchases_as_data, purchases_for_record
from assess.engine.purchases import Purchase
from tests.references import real

PURCHASES = (
    Purchase("prawns", "EC", 12.5, "Secret Seafood"),
    Purchase("cleaning", None, None, "Secret Cleaners"),
    Purchase("cleaners who come at night", "GB"),
    Purchase("Cocoa", "CI", 2),
)
BOUGHT = Bought(PURCHASES, real())


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
    assert (steps["cleaning"]["do"], steps["cleaning"]["held"]) == (ADVICE_FIRST, True)
    assert (steps["Cocoa"]["held"], steps["Cocoa"]["do"]) == (False, block()["steps"][1]["do"])
    assert block(advice_first=True)["how_to_ask"] == ADVICE_FIRST
    assert not any(step["held"] for step in block()["steps"])


@pytest.mark.parametrize("good", ["security", "cleaning", "lads who help out"])
def test_a_step_towards_work_that_may_be_done_here_waits_whatever_makes_it_grave(good: str) -> None:
    """Guards of a firm in China are high because of China, and the firm is still one that works here."""
    bought = Bought((Purchase(good, "CN"), Purchase("Cocoa", "CN")), real())
    data: Any = purchases_for_record(bought, advice_first=True)
    work, cocoa = sorted(data["steps"], key=lambda step: step["line"])
    assert (work["do"], work["held"]) == (ADVICE_FIRST, True)
    assert not cocoa["held"]
    calm: Any = purchases_for_record(bought, advice_first=False)
    assert not any(step["held"] or step["do"] == ADVICE_FIRST for step in calm["steps"])


def test_names_of_suppliers_stand_in_one_place_and_do_not_travel() -> None:
    record = {"format": 1, "purchases": block()}
    assert [line["business_only"] for line in record["purchases"]["lines"]][:2] == [
        {"supplier": "Secret Seafood"},
        {"supplier": "Secret Cleaners"},
    ]
    travelling = json.dumps(as_it_travels(record))
    assert "Secret" not in travelling
    assert "business_only" not in travelling
    assert "Secret" in json.dumps(record)
    typed = ("good", "name", "perhaps", "business_only")
    for line, kept in zip(as_it_travels(record)["purchases"]["lines"], record["purchases"]["lines"], strict=True):
        assert {key: part for key, part in line.items() if key not in typed} == {
            key: part for key, part in kept.items() if key not in typed
        }


def test_words_the_business_typed_do_not_travel_and_the_line_says_which_it_is() -> None:
    secret = Purchase("Zyx and Sons, who come at night", "CN", 3)
    bought = Bought((Purchase("kakao", "GB"), *PURCHASES, secret, Purchase("agency Zyx Staff")), real())
    data: Any = json.loads(json.dumps(purchases_for_record(bought, advice_first=False)))
    assert any(step["good"] == secret.good for step in data["steps"])
    travelling: Any = as_it_travels({"format": 1, "purchases": data})["purchases"]
    assert "Zyx" not in json.dumps(travelling)
    lines = travelling["lines"]
    assert [line["good"] for line in lines[1:3]] == ["prawns and shrimp", "cleaning"]
    assert lines[-1]["good"] == "agency_labour"
    own = [line["name"] for line in lines if line["known_as"] is None]
    assert own == [line["good"] for line in lines if line["known_as"] is None]
    numbers = [
        number + 1 for number, index in enumerate(order_on_paper(data["lines"])) if lines[index]["known_as"] is None
    ]
    assert sorted(own) == sorted(f"In your own words (line {number})" for number in numbers)
    assert all(line["perhaps"] == [] for line in lines)
    assert {step["good"] for step in travelling["steps"]} == {
        lines[step["line"]]["good"] for step in travelling["steps"]
    }


def test_a_record_without_purchases_travels_as_it_is() -> None:
    record = {"format": 1}
    assert as_it_travels(record) is record


def test_sixty_lines_and_none_at_all_work() -> None:
    assert len(purchases_as_data(Bought(PURCHASES * 15, real()))) == 60
    assert purchases_as_data(Bought((), real())) == []
