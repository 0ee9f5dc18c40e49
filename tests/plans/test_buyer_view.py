"""What a record says a buyer may see: what was frozen, without languages and visas, and of engine 1 worked out from ordinary lines."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS, ALWAYS_POOLED, buyer_bars, ordinary_questions
from assess.plans.buyer_view import LANGUAGES_AND_VISAS, EditionMissingError, buyer_view_of
from assess.plans.copies import buyer_copy
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import SCENARIOS, Record, a_record, scenario

OLD = json.loads((Path(__file__).parent / "record_of_engine_1.json").read_text(encoding="utf-8"))
"""A farm as engine 1 kept it, with a serious sign. What no buyer's copy looks at was taken out, to keep the file short."""


def old() -> Record:
    return deepcopy(OLD)


def flags(question: dict[str, Any]) -> bool:
    return any(question[name] for name in ("can_sign", "rests_on_sign", "waits_for_advice"))


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_record_is_shown_as_its_view_says(bank: str, title: str) -> None:
    record = scenario(bank, title)
    view, kept = buyer_view_of(record, None), record["buyer_view"]
    assert (view.exposure, view.band) == (kept["exposure"], kept["band"])
    assert [(bar.name, bar.step) for bar in view.bars] == [(bar["name"], bar["step"]) for bar in kept["bars"]]
    assert view.band in {"low", "medium", "high"}
    assert view.exposure in {"lower", "middle", "higher"}
    assert len(view.bars) == len(buyer_bars(edition_of(bank)))
    assert set(view.questions) <= ordinary_questions(edition_of(bank))
    dues = [step.due or "9999-12-31" for step in view.actions]
    assert dues == sorted(dues)


@pytest.mark.parametrize("bank", BANKS)
def test_a_quick_check_shows_that_it_was_done_and_its_steps(bank: str) -> None:
    copy = buyer_copy(a_record(bank, f"{bank} medium", quick=True))
    assert (copy.quick, copy.exposure, copy.band, copy.bars) == (True, None, None, ())
    assert copy.actions


@pytest.mark.parametrize("bank", BANKS)
def test_steps_are_tracked_under_what_the_business_tracks_them_under(bank: str) -> None:
    record = scenario(bank, f"{bank} critical")
    keys = [step.key for step in buyer_view_of(record, None).actions]
    assert keys
    assert len(keys) == len(set(keys))
    assert set(keys) <= {action["question"] for action in record["actions"]}


def test_the_map_shows_its_ordinary_parts_and_none_about_languages_and_visas() -> None:
    record = a_record("farming", "farming medium", change={"core_visa_tied": ["seasonal"]})
    (kept,) = [action for action in record["buyer_view"]["actions"] if action["question"] == "map"]
    hidden = [part["title"] for part in kept["parts"] if part["question"] in LANGUAGES_AND_VISAS]
    (step,) = [step for step in buyer_view_of(record, None).actions if step.key == "map"]
    assert hidden
    assert step.parts == tuple(part["title"] for part in kept["parts"] if part["title"] not in hidden)
    kept["parts"] = [part for part in kept["parts"] if part["title"] in hidden]
    assert "map" not in {step.key for step in buyer_view_of(record, None).actions}, "nothing else is in it"


def test_of_engine_1_the_edition_is_needed_and_the_view_has_the_same_parts() -> None:
    with pytest.raises(EditionMissingError):
        buyer_view_of(old(), None)
    view = buyer_view_of(old(), edition_of("farming"))
    assert view.band == "medium", "and not high, as its serious sign made it"
    assert OLD["result"]["band"] == "high"
    assert view.exposure == "higher"
    assert [bar.name for bar in view.bars] == [bar.name for bar in buyer_bars(edition_of("farming"))]
    asked = {row["id"]: row for section in OLD["sections"] for row in section["questions"]}
    assert len(view.questions) > 20
    for name in view.questions:
        assert not flags(asked[name])
        assert name in ordinary_questions(edition_of("farming"))
        assert name not in ADVICE_FIRST_QUESTIONS | ALWAYS_POOLED


def test_steps_of_engine_1_keep_their_own_dates() -> None:
    days = {action["do"]: action["days"] for action in OLD["actions"]}
    steps = buyer_view_of(old(), edition_of("farming")).actions
    assert steps
    assert {(step.due or "") > OLD["made_on"] for step in steps if days[step.do]} == {True}
    assert [step.due for step in steps] == sorted(step.due or "" for step in steps)


def test_nothing_in_a_record_of_engine_1_that_is_not_ordinary_moves_its_view() -> None:
    edition = edition_of("farming")
    wanted, may = buyer_copy(old(), edition), set(buyer_view_of(old(), edition).questions)
    other = old()
    for line in other["result"]["lines"]:
        if line["question"] not in may:
            line |= {"points": line["possible"], "sign": "urgent", "answer": "dk"}
    result = other["result"]
    result |= {
        "band": "critical",
        "score": 99.0,
        "confidence": 3.0,
        "urgent_signs": ["core_documents"],
        "exposure": 1.0,
    }
    result["dimensions"] = [{**row, "points": row["possible"], "gap": 1.0} for row in result["dimensions"]]
    other["groups"] = [{**row, "points": row["possible"], "gap": 1.0} for row in other["groups"]]
    other["actions"] = [row for row in other["actions"] if row["question"] in may]
    assert len(other["actions"]) < len(OLD["actions"])
    assert buyer_copy(other, edition) == wanted


def test_what_is_ordinary_moves_it() -> None:
    edition = edition_of("farming")
    wanted, may = buyer_copy(old(), edition), set(buyer_view_of(old(), edition).questions)
    worst = old()
    for line in worst["result"]["lines"]:
        if line["question"] in may:
            line["points"] = line["possible"]
    found = buyer_copy(worst, edition)
    assert found.band == "high"
    assert {bar.step for bar in found.bars} == {1}
    assert found != wanted


def test_first_language_gives_no_points_any_more() -> None:
    edition = edition_of("farming")
    other = old()
    lines = [line for line in other["result"]["lines"] if line["question"] == "core_first_language"]
    assert lines
    for line in lines:
        line["points"] = 0 if line["points"] else line["possible"]
    assert buyer_copy(other, edition) == buyer_copy(old(), edition)
