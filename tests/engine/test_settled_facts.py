"""All that is known of a business together: from answers, from what it gave, from its sector; and what contradicts."""

from __future__ import annotations

import pytest

from assess.engine.bank import Answers, DutyBook
from assess.engine.facts import FactValue, SettledFacts, settle_facts
from assess.engine.ordinary import ordinary_questions
from assess.engine.visibility import shown
from tests.engine.real_banks import edition_of


def book() -> DutyBook:
    return edition_of("farming").duty_book


# ---- all that is known together -------------------------------------------------------------------------------------
def settled(bank: str, answers: Answers, given: dict[str, FactValue] | None = None) -> SettledFacts:
    edition = edition_of(bank)
    return settle_facts(edition, answers, shown(edition, answers), given or {}, ordinary_questions(edition))


NO_EMPLOYER: dict[str, FactValue] = {"employs_anyone": False, "engages_workers": False}


def test_a_car_wash_is_a_car_wash_whatever_else_it_says() -> None:
    assert settled("car_washes", {}).facts["sectors"] == ["car_wash"]
    assert settled("car_washes", {}, {"sectors": ["hotel_lodging"]}).facts["sectors"] == ["car_wash", "hotel_lodging"]
    assert "sectors" not in settled("farming", {}).facts


def test_what_a_sector_never_does_is_no_unless_the_business_says_otherwise() -> None:
    never = {
        fact.id: bank
        for fact in book().facts
        for bank in ("farming", "car_washes", "hospitality")
        if bank in fact.unless_said
    }
    assert never
    for name, bank in never.items():
        assert settled(bank, {}).facts[name] is False
        assert settled(bank, {}, {name: True}).facts[name] is True
    assert settled("car_washes", {}).facts["uses_workers_to_gather_shellfish"] is False
    assert "uses_workers_to_gather_shellfish" not in settled("farming", {}).facts


@pytest.mark.parametrize(
    ("bank", "may"),
    [
        ("farming", "provides_lodging_for_reward"),
        ("farming", "holds_premises_licence"),
        ("farming", "receives_tips"),
        ("farming", "discharges_trade_effluent_to_sewer"),
        ("farming", "buys_crop_and_harvests"),
        ("hospitality", "holds_premises_licence"),
        ("hospitality", "discharges_trade_effluent_to_sewer"),
        ("car_washes", "receives_tips"),
    ],
)
def test_nothing_is_taken_to_be_so_of_what_a_sector_may_do(bank: str, may: str) -> None:
    assert may not in settled(bank, {}).facts


def test_nothing_is_taken_to_be_so_of_what_a_buyer_may_see() -> None:
    published = ("operates_in", "legal_form", "turnover_gbp", "is_bank_or_insurer", "is_traded_company")
    facts = {fact.id: fact for fact in book().facts}
    assert not any(facts[name].unless_said for name in published)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"core_worker_types": ["dk"]},
        {"core_worker_types": ["self_emp"]},
        {"core_worker_types": ["agency"]},
        {"core_worker_types": ["family", "self_emp"]},
    ],
)
def test_no_to_employing_is_not_known_for_people_at_work_while_anybody_but_family_may_work(answers: Answers) -> None:
    assert not {"employs_anyone", "engages_workers"} & settled("car_washes", answers, NO_EMPLOYER).at_work.keys()


def test_no_to_employing_counts_where_only_family_works() -> None:
    found = settled("car_washes", {"core_worker_types": ["family"]}, NO_EMPLOYER)
    assert found.at_work == found.facts
    assert found.facts["employs_anyone"] is False


def test_answers_beat_a_no_to_employing_for_people_at_work() -> None:
    found = settled("hospitality", {"core_worker_types": ["employees"]}, NO_EMPLOYER)
    assert (found.at_work["employs_anyone"], found.at_work["engages_workers"]) == (True, True)


def test_yes_to_employing_counts_whatever_was_answered() -> None:
    found = settled("farming", {"core_worker_types": ["agency"]}, {"employs_anyone": True})
    assert found.at_work["employs_anyone"] is True


# ---- what contradicts -----------------------------------------------------------------------------------------------
def test_a_fact_against_an_ordinary_answer_is_asked_back_and_stands_until_then() -> None:
    found = settled("hospitality", {"hosp_tips": "all"}, {"receives_tips": False})
    assert "hosp_tips" in ordinary_questions(edition_of("hospitality"))
    assert [(one.fact, one.given, one.told, one.questions) for one in found.contradictions] == [
        ("receives_tips", False, True, ("hosp_tips",))
    ]
    assert found.facts["receives_tips"] is False


def test_a_fact_against_any_other_answer_counts_as_not_known_without_a_word() -> None:
    assert "wash_under_18" not in ordinary_questions(edition_of("car_washes"))
    for told, given in (("no_permit", False), ("no", True)):
        answers: Answers = {"core_under_18": "none", "wash_under_18": told}
        found = settled("car_washes", answers, {"engages_compulsory_school_age": given})
        assert "engages_compulsory_school_age" not in found.facts
        assert found.contradictions == ()


def test_no_words_tell_an_answer_that_is_not_ordinary() -> None:
    """Only the ordinary one of two answers is asked back, and only if it alone contradicts."""
    both = settled(
        "hospitality",
        {"core_housing": ["ours"], "hosp_live_in": ["above"]},
        {"provides_worker_accommodation": False},
    )
    ordinary = ordinary_questions(edition_of("hospitality"))
    assert all(set(one.questions) <= ordinary for one in both.contradictions)
    assert [one.fact for one in both.contradictions] == ["provides_worker_accommodation"]


def test_more_sectors_than_answers_tell_are_no_contradiction() -> None:
    answers: Answers = {"hosp_type": ["pub"]}
    assert settled("hospitality", answers, {"sectors": ["restaurant_bar_cafe", "agriculture"]}).contradictions == ()
    assert settled("hospitality", answers, {"sectors": ["agriculture"]}).contradictions != ()
