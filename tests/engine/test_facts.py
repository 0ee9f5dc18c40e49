from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from assess.banks.reader import load_bank
from assess.engine.bank import Answers, DutyBook, Edition, Fact, FactSource, Option, Question, Section
from assess.engine.facts import (
    FactValue,
    dating_facts,
    derive_facts,
    gate_facts,
    merge_facts,
    open_facts,
)
from assess.engine.quick import quick_edition
from assess.engine.visibility import Shown, shown

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"


@cache
def edition_of(bank: str) -> Edition:
    return load_bank(QUESTIONNAIRES, bank).edition


def book() -> DutyBook:
    return edition_of("farming").duty_book


def derived(bank: str, answers: Answers) -> dict[str, FactValue]:
    edition = edition_of(bank)
    return derive_facts(edition, answers, shown(edition, answers))


NOBODY_ELSE: dict[str, FactValue] = {
    "uses_agency_workers": False,
    "uses_seasonal_worker_visa": False,
    "engages_individual_subcontractors": False,
}
DAY_LABOUR: dict[str, FactValue] = {**NOBODY_ELSE, "engages_individual_subcontractors": True}
EMPLOYS: dict[str, FactValue] = {"employs_anyone": True, "engages_workers": True}


# ---- the table of decisions.md 8, row by row ------------------------------------------------------------------------
TABLE: list[tuple[str, Answers, dict[str, FactValue]]] = [
    (
        "farming",
        {"core_worker_types": ["employees", "family"]},
        {
            "uses_agency_workers": False,
            "uses_seasonal_worker_visa": False,
            "engages_individual_subcontractors": False,
            "employs_anyone": True,
            "engages_workers": True,
        },
    ),
    (
        "farming",
        {"core_worker_types": ["agency", "seasonal_visa", "self_emp", "zero"]},
        {
            "uses_agency_workers": True,
            "uses_seasonal_worker_visa": True,
            "engages_individual_subcontractors": True,
            "employs_anyone": True,
            "engages_workers": True,
        },
    ),
    (
        "farming",
        {"core_worker_types": ["seasonal_visa"]},
        {**NOBODY_ELSE, **EMPLOYS, "uses_seasonal_worker_visa": True},
    ),
    ("farming", {"core_worker_types": ["zero"]}, {**NOBODY_ELSE, "engages_workers": True}),
    ("farming", {"core_worker_types": ["agency"]}, {**NOBODY_ELSE, "uses_agency_workers": True}),
    ("farming", {"core_worker_types": ["family"]}, NOBODY_ELSE),
    ("car_washes", {"core_worker_types": ["self_emp"]}, DAY_LABOUR),
    (
        "car_washes",
        {"core_worker_types": ["self_emp"], "wash_self_employed": "none"},
        {**DAY_LABOUR, "engages_workers": True},
    ),
    (
        "car_washes",
        {"core_worker_types": ["self_emp"], "wash_self_employed": "some"},
        {**DAY_LABOUR, "engages_workers": True},
    ),
    ("car_washes", {"core_worker_types": ["self_emp"], "wash_self_employed": "all"}, DAY_LABOUR),
    ("car_washes", {"wash_payroll": "all"}, EMPLOYS),
    ("car_washes", {"wash_payroll": "most"}, EMPLOYS),
    ("car_washes", {"wash_payroll": "few"}, {"engages_workers": True}),
    ("car_washes", {"wash_payroll": "self"}, {}),
    ("car_washes", {"wash_pay_basis": "daily"}, {"engages_workers": True}),
    ("car_washes", {"wash_pay_basis": "hourly"}, {"engages_workers": True}),
    ("car_washes", {"wash_pay_basis": "per_car"}, {}),
    ("farming", {"core_pass_on": "no"}, {"allows_substitutes": False}),
    ("farming", {"core_pass_on": "permission"}, {"allows_substitutes": True}),
    ("farming", {"core_pass_on": "yes"}, {"allows_substitutes": True}),
    ("farming", {"core_housing": ["own", "ours"]}, {"provides_worker_accommodation": True}),
    ("farming", {"core_housing": ["site"]}, {"provides_worker_accommodation": True}),
    ("farming", {"core_housing": ["own"], "farm_housing_type": "none"}, {"provides_worker_accommodation": False}),
    ("farming", {"core_housing": ["own"], "farm_housing_type": "caravan5"}, {"provides_worker_accommodation": True}),
    ("farming", {"core_housing": ["agency"], "farm_housing_type": "none"}, {}),
    ("farming", {"core_housing": ["own"]}, {}),
    ("hospitality", {"core_housing": ["own"], "hosp_live_in": ["none"]}, {"provides_worker_accommodation": False}),
    ("hospitality", {"hosp_live_in": ["above"]}, {"provides_worker_accommodation": True}),
    ("car_washes", {"core_housing": ["own"], "wash_house": "workers"}, {"provides_worker_accommodation": False}),
    ("car_washes", {"core_housing": ["own"], "wash_house": "owner"}, {"provides_worker_accommodation": True}),
    ("car_washes", {"core_housing": ["own"], "wash_house": "super"}, {}),
    ("hospitality", {"core_under_18": "none"}, {"engages_compulsory_school_age": False}),
    ("hospitality", {"core_under_18": "young"}, {"engages_compulsory_school_age": False}),
    ("hospitality", {"core_under_18": "permit"}, {"engages_compulsory_school_age": True}),
    ("hospitality", {"core_under_18": "without_permit"}, {"engages_compulsory_school_age": True}),
    ("hospitality", {"core_under_18": "not_checked"}, {}),
    ("car_washes", {"core_under_18": "none", "wash_under_18": "no_permit"}, {"engages_compulsory_school_age": True}),
    ("car_washes", {"core_under_18": "none", "wash_under_18": "school_age"}, {"engages_compulsory_school_age": True}),
    ("car_washes", {"core_under_18": "none", "wash_under_18": "trained"}, {"engages_compulsory_school_age": False}),
    ("car_washes", {"core_under_18": "none", "wash_under_18": "not_checked"}, {}),
    ("farming", {"core_under_18": "none", "farm_children": "sometimes"}, {"engages_compulsory_school_age": True}),
    ("farming", {"core_under_18": "none", "farm_children": "no_permit"}, {"engages_compulsory_school_age": True}),
    ("farming", {"core_under_18": "none", "farm_children": "no"}, {"engages_compulsory_school_age": False}),
    ("car_washes", {"wash_tips": "none"}, {"receives_tips": False}),
    ("car_washes", {"wash_tips": "boss"}, {"receives_tips": True}),
    ("hospitality", {"hosp_tips": "none"}, {"receives_tips": False}),
    ("hospitality", {"hosp_tips": "all_no_records"}, {"receives_tips": True}),
    ("hospitality", {"hosp_rooms": 0}, {"provides_lodging_for_reward": False}),
    ("hospitality", {"hosp_rooms": 1}, {"provides_lodging_for_reward": True}),
    ("hospitality", {"hosp_rooms": "dk"}, {}),
    (
        "car_washes",
        {"wash_waste_water": "sewer"},
        {"discharges_trade_effluent_to_sewer": True, "discharges_to_surface_water_or_ground": False},
    ),
    (
        "car_washes",
        {"wash_waste_water": "drain"},
        {"discharges_trade_effluent_to_sewer": False, "discharges_to_surface_water_or_ground": True},
    ),
    ("car_washes", {"wash_waste_water": "filter"}, {}),
    ("farming", {"farm_labour_source": ["lp"]}, {"uses_labour_provider_in_regulated_sectors": True}),
    ("farming", {"farm_labour_source": ["van", "gate"]}, {"uses_labour_provider_in_regulated_sectors": True}),
    ("farming", {"farm_labour_source": ["neighbour"]}, {"uses_labour_provider_in_regulated_sectors": True}),
    ("farming", {"farm_labour_source": ["scheme", "lp"]}, {"uses_labour_provider_in_regulated_sectors": True}),
    ("farming", {"farm_labour_source": ["scheme"]}, {"uses_labour_provider_in_regulated_sectors": True}),
    ("farming", {"farm_labour_source": ["local", "gate"]}, {"uses_labour_provider_in_regulated_sectors": False}),
    (
        "farming",
        {"farm_activities": ["livestock", "shellfish", "field_veg"]},
        {"uses_workers_to_gather_shellfish": True, "sectors": ["agriculture", "horticulture", "shellfish"]},
    ),
    (
        "farming",
        {"farm_activities": ["packhouse"]},
        {"uses_workers_to_gather_shellfish": False, "sectors": ["food_processing_packaging"]},
    ),
    ("hospitality", {"hosp_type": ["pub", "bnb"]}, {"sectors": ["restaurant_bar_cafe", "hotel_lodging"]}),
    ("hospitality", {"hosp_type": ["events"]}, {"sectors": ["other"]}),
    ("hospitality", {"hosp_type": ["dk"], "core_under_18": "dk", "core_worker_types": ["dk"], "hosp_tips": "dk"}, {}),
]


@pytest.mark.parametrize(("bank", "answers", "facts"), TABLE, ids=lambda value: str(value)[:60])
def test_each_row_of_the_table_tells_its_facts_and_no_others(
    bank: str, answers: Answers, facts: dict[str, FactValue]
) -> None:
    assert derived(bank, answers) == facts


def test_no_answers_tell_no_facts() -> None:
    for bank in ("farming", "car_washes", "hospitality"):
        assert derived(bank, {}) == {}


def test_every_source_names_a_question_and_options_that_exist() -> None:
    questions = {
        question.id: question
        for bank in ("farming", "car_washes", "hospitality")
        for question in edition_of(bank).questions()
    }
    for fact in book().facts:
        for source in fact.sources:
            options = {option.id for option in questions[source.question].options}
            named = {*source.includes_any, *source.none_of, *source.values, *source.unknown}
            assert named <= options, source
            if source.values:
                assert set(source.values) | set(source.unknown) | {"dk"} == options
                assert set(source.values.values()) <= {option.id for option in fact.options}


def test_a_quick_check_reads_only_what_it_asks() -> None:
    quick = quick_edition(edition_of("farming"))
    answers: Answers = {"core_under_18": "none", "farm_children": "sometimes"}
    assert derive_facts(quick, answers, shown(quick, answers)) == {"engages_compulsory_school_age": False}


# ---- the rules on a bank made for it --------------------------------------------------------------------------------
def tiny_edition(*sources: FactSource, kind: str = "yes_no") -> Edition:
    options = tuple(Option(id=name, label=name) for name in ("a", "b", "none", "dk"))
    questions = tuple(
        Question(id=name, ask=name, type="choices", kind="fact", dimension="d", options=options) for name in ("q", "r")
    )
    fact = Fact(id="f", type="choices" if kind == "choices" else "yes_no", ask="f", group="g", sources=sources)
    return Edition(
        bank="b",
        title="B",
        sections=(Section("s", "S", questions),),
        checks=(),
        dimensions=(),
        groups=(),
        owners={},
        duty_book=DutyBook(facts=(fact,), terms={}, duties=()),
        sources={},
    )


ANY_A = FactSource("q", includes_any=("a",))
NOT_NONE = FactSource("r", none_of=("none",), unknown=("b",))


@pytest.mark.parametrize(
    ("answers", "r_is", "told"),
    [
        ({"q": ["a"]}, Shown.SHOWN, {"f": True}),
        ({"q": ["b"], "r": ["a"]}, Shown.SHOWN, {"f": True}),
        ({"q": ["b"], "r": ["none"]}, Shown.SHOWN, {"f": False}),
        ({"q": ["b"], "r": ["b"]}, Shown.SHOWN, {}),
        ({"q": ["b"], "r": ["dk"]}, Shown.SHOWN, {}),
        ({"q": ["b"]}, Shown.SHOWN, {}),
        ({"q": ["b"]}, Shown.PENDING, {}),
        ({"q": ["b"], "r": ["none"]}, Shown.PENDING, {}),
        ({"q": ["b"]}, Shown.HIDDEN, {"f": False}),
        ({"q": ["b"], "r": ["a"]}, Shown.HIDDEN, {"f": False}),
        ({}, Shown.HIDDEN, {}),
    ],
)
def test_one_yes_is_enough_and_no_needs_every_source_that_is_asked(
    answers: Answers, r_is: Shown, told: dict[str, FactValue]
) -> None:
    edition = tiny_edition(ANY_A, NOT_NONE)
    assert derive_facts(edition, answers, {"q": Shown.SHOWN, "r": r_is}) == told


def test_a_set_is_put_together_from_its_sources_and_open_while_one_leaves_doubt() -> None:
    edition = tiny_edition(
        FactSource("q", values={"a": "x", "b": "y"}), FactSource("r", values={"a": "x"}, unknown=("b",)), kind="choices"
    )
    both = {"q": Shown.SHOWN, "r": Shown.SHOWN}
    assert derive_facts(edition, {"q": ["b", "a"], "r": ["a"]}, both) == {"f": ["x", "y"]}
    assert derive_facts(edition, {"q": ["a"], "r": ["b"]}, both) == {}
    assert derive_facts(edition, {"q": ["a"]}, both) == {}


def test_what_the_business_gave_itself_wins() -> None:
    assert merge_facts({"a": True, "b": 1}, {"b": 2, "c": "x"}) == {"a": True, "b": 2, "c": "x"}


# ---- gates ----------------------------------------------------------------------------------------------------------
def test_no_to_a_gate_settles_its_facts_and_yes_or_silence_settles_none() -> None:
    assert gate_facts(book(), foreign=True, large=True) == {}
    assert gate_facts(book(), foreign=None, large=None) == {}
    foreign = gate_facts(book(), foreign=False, large=None)
    assert set(foreign.values()) == {False}
    assert foreign["imports_into_us"] is False
    assert foreign["revenue_cad"] == 0
    size = gate_facts(book(), foreign=None, large=False)
    assert size["turnover_gbp_incl_subsidiaries"] == "<36000000"
    assert size["employees_company_or_group"] == "<250"
    assert size["is_small_or_medium_company"] is True
    assert not set(foreign) & set(size)


@pytest.mark.parametrize("legal_form", ["company", "sole_trader", "llp"])
def test_after_two_times_no_nothing_is_asked_on_size_or_on_other_countries(legal_form: str) -> None:
    facts = merge_facts(
        gate_facts(book(), foreign=False, large=False), {"operates_in": ["ENG"], "legal_form": legal_form}
    )
    groups = {fact.id: fact.group for fact in book().facts}
    asked = open_facts(book(), facts)
    assert asked
    assert not {groups[name] for name in asked} & {"size", "foreign"}
    assert "incorporated_in" not in asked
    assert "is_small_or_medium_company" not in asked


def test_a_large_business_without_ties_abroad_is_asked_where_it_was_set_up_and_no_foreign_amount() -> None:
    known: dict[str, FactValue] = {"operates_in": ["ENG"], "employees_company_or_group": 900}
    facts = merge_facts(gate_facts(book(), foreign=False, large=True), known)
    assert "incorporated_in" in open_facts(book(), facts)
    groups = {fact.id: fact.group for fact in book().facts}
    after = open_facts(book(), {**facts, "incorporated_in": "UK"})
    assert "foreign" not in {groups[name] for name in after}
    assert "employees_worldwide" not in after


def test_the_gates_stand_in_the_file_before_the_facts() -> None:
    assert [gate.id for gate in book().gates] == ["foreign", "size"]
    assert {fact.gate for fact in book().facts if fact.gate_value is not None} == {"foreign", "size"}
    assert all((fact.gate is None) == (fact.gate_value is None) for fact in book().facts)


# ---- what is still to ask -------------------------------------------------------------------------------------------
def test_open_facts_come_in_file_order_and_are_never_known_already() -> None:
    order = [fact.id for fact in book().facts]
    asked = open_facts(book(), {"operates_in": ["ENG"]})
    assert list(asked) == sorted(asked, key=order.index)
    assert "operates_in" not in asked


def test_a_false_part_asks_nothing_more() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"]}
    housing = {"accommodation_kinds", "max_people_per_dwelling", "households_share_facilities"}
    assert "provides_worker_accommodation" in open_facts(book(), here)
    assert housing & set(open_facts(book(), {**here, "provides_worker_accommodation": True}))
    assert not housing & set(open_facts(book(), {**here, "provides_worker_accommodation": False}))
    abroad = open_facts(book(), {"operates_in": ["FR"], "is_public_authority": False})
    assert not {"buys_crop_and_harvests", "supplies_goods_or_services", "receives_tips"} & set(abroad)


@pytest.mark.thorough
def test_one_thing_is_asked_before_what_rests_on_it() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"], "supplies_goods_or_services": False}
    assert "accommodation_kinds" not in open_facts(book(), here)
    assert "accommodation_kinds" in open_facts(book(), {**here, "provides_worker_accommodation": True})


@pytest.mark.thorough
def test_nothing_is_asked_for_what_is_only_good_to_know() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"], "is_public_authority": True}
    good_to_know = {"supplies_nhs_england", "supplies_great_british_energy", "public_budget_gbp"}
    assert not good_to_know & set(open_facts(book(), here))


def test_what_nobody_can_tell_is_passed_over_for_the_next_part() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"], "provides_worker_accommodation": True}
    unsure = frozenset({"households_share_facilities"})
    assert "households_share_facilities" in open_facts(book(), here)
    assert "households_share_facilities" not in open_facts(book(), here, unsure)
    assert "max_people_per_dwelling" in open_facts(book(), here, unsure)
    everything = frozenset(fact.id for fact in book().facts)
    assert open_facts(book(), here, everything) == ()


def test_a_fact_that_only_a_date_or_a_step_reads_is_not_open() -> None:
    assert not {"fye", "has_website", "turnover_gbp", "hours_vary"} & set(open_facts(book(), {}))


def test_the_year_end_is_wanted_once_a_duty_applies_that_counts_from_it() -> None:
    assert dating_facts(book(), {}) == ()
    small: dict[str, FactValue] = {"operates_in": ["ENG"], "publishes_statement": True, "legal_form": "sole_trader"}
    assert dating_facts(book(), small) == ()
    bound: dict[str, FactValue] = {
        "operates_in": ["ENG"],
        "legal_form": "llp",
        "supplies_goods_or_services": True,
        "turnover_gbp_incl_subsidiaries": 36_000_000,
    }
    assert dating_facts(book(), bound) == ("fye", "last_statement_on")
    assert dating_facts(book(), {**bound, "fye": "2026-03-31", "last_statement_on": "2026-05-01"}) == ()
    large: dict[str, FactValue] = {"legal_form": "company", "is_small_or_medium_company": False}
    assert dating_facts(book(), {**large, "fye": "2026-03-31"}) == ("is_traded_company",)
