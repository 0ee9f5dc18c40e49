"""All that is known of a business together: from answers, from what it gave, from its sector; and what contradicts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from assess.engine.bank import Answers, Deadline, Duty, DutyBook, Edition, Fact, FactSource, Option, Question, Section
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    AtLeastOf,
    Comparison,
    Condition,
    Leaf,
    Not,
    Operand,
    Term,
    Verdict,
)
from assess.engine.facts import (
    FactValue,
    SettledFacts,
    below_limit,
    derive_facts,
    facts_needed_for_dates,
    facts_to_ask,
    gate_facts,
    in_file_order,
    judge_known_facts,
    merge_facts,
    settle_facts,
    upper_limit,
)
from assess.engine.ordinary import ordinary_questions
from assess.engine.visibility import QuestionState, question_states, quick_edition
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from tests.engine.real_banks import edition_of as real_banks_edition_of

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"


@cache
def edition_of(bank: str) -> Edition:
    return load_bank(bundled_files(), bank).edition


def book() -> DutyBook:
    return edition_of("farming").duty_book


def derived(bank: str, answers: Answers) -> dict[str, FactValue]:
    edition = edition_of(bank)
    return derive_facts(edition, answers, question_states(edition, answers))


NOBODY_ELSE: dict[str, FactValue] = {
    "uses_agency_workers": False,
    "uses_seasonal_worker_visa": False,
    "engages_individual_subcontractors": False,
}
DAY_LABOUR: dict[str, FactValue] = {**NOBODY_ELSE, "engages_individual_subcontractors": True}
EMPLOYS: dict[str, FactValue] = {"employs_anyone": True, "engages_workers": True}

# ---- the table of docs/rules.md 6.1, row by row ------------------------------------------------------------------------
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
    assert derive_facts(quick, answers, question_states(quick, answers)) == {"engages_compulsory_school_age": False}


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
        ({"q": ["a"]}, QuestionState.SHOWN, {"f": True}),
        ({"q": ["b"], "r": ["a"]}, QuestionState.SHOWN, {"f": True}),
        ({"q": ["b"], "r": ["none"]}, QuestionState.SHOWN, {"f": False}),
        ({"q": ["b"], "r": ["b"]}, QuestionState.SHOWN, {}),
        ({"q": ["b"], "r": ["dk"]}, QuestionState.SHOWN, {}),
        ({"q": ["b"]}, QuestionState.SHOWN, {}),
        ({"q": ["b"]}, QuestionState.PENDING, {}),
        ({"q": ["b"], "r": ["none"]}, QuestionState.PENDING, {}),
        ({"q": ["b"]}, QuestionState.HIDDEN, {"f": False}),
        ({"q": ["b"], "r": ["a"]}, QuestionState.HIDDEN, {"f": False}),
        ({}, QuestionState.HIDDEN, {}),
    ],
)
def test_one_yes_is_enough_and_no_needs_every_source_that_is_asked(
    answers: Answers, r_is: QuestionState, told: dict[str, FactValue]
) -> None:
    edition = tiny_edition(ANY_A, NOT_NONE)
    assert derive_facts(edition, answers, {"q": QuestionState.SHOWN, "r": r_is}) == told


def test_a_set_is_put_together_from_its_sources_and_open_while_one_leaves_doubt() -> None:
    edition = tiny_edition(
        FactSource("q", values={"a": "x", "b": "y"}), FactSource("r", values={"a": "x"}, unknown=("b",)), kind="choices"
    )
    both = {"q": QuestionState.SHOWN, "r": QuestionState.SHOWN}
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
    asked = facts_to_ask(book(), facts)
    assert asked
    assert not {groups[name] for name in asked} & {"size", "foreign"}
    assert "incorporated_in" not in asked
    assert "is_small_or_medium_company" not in asked


def test_a_large_business_without_ties_abroad_is_asked_where_it_was_set_up_and_no_foreign_amount() -> None:
    known: dict[str, FactValue] = {"operates_in": ["ENG"], "employees_company_or_group": 900}
    facts = merge_facts(gate_facts(book(), foreign=False, large=True), known)
    assert "incorporated_in" in facts_to_ask(book(), facts)
    groups = {fact.id: fact.group for fact in book().facts}
    after = facts_to_ask(book(), {**facts, "incorporated_in": "UK"})
    assert "foreign" not in {groups[name] for name in after}
    assert "employees_worldwide" not in after


def test_the_gates_stand_in_the_file_before_the_facts() -> None:
    assert [gate.id for gate in book().gates] == ["foreign", "size"]
    assert {fact.gate for fact in book().facts if fact.gate_value is not None} == {"foreign", "size"}
    assert all((fact.gate is None) == (fact.gate_value is None) for fact in book().facts)


# ---- what is still to ask -------------------------------------------------------------------------------------------
def test_open_facts_come_in_file_order_and_are_never_known_already() -> None:
    order = [fact.id for fact in book().facts]
    asked = facts_to_ask(book(), {"operates_in": ["ENG"]})
    assert list(asked) == sorted(asked, key=order.index)
    assert "operates_in" not in asked


def test_a_false_part_asks_nothing_more() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"]}
    housing = {"accommodation_kinds", "max_people_per_dwelling", "households_share_facilities"}
    assert "provides_worker_accommodation" in facts_to_ask(book(), here)
    assert housing & set(facts_to_ask(book(), {**here, "provides_worker_accommodation": True}))
    assert not housing & set(facts_to_ask(book(), {**here, "provides_worker_accommodation": False}))
    abroad = facts_to_ask(book(), {"operates_in": ["FR"], "is_public_authority": False})
    assert not {"buys_crop_and_harvests", "supplies_goods_or_services", "receives_tips"} & set(abroad)


@pytest.mark.thorough
def test_one_thing_is_asked_before_what_rests_on_it() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"], "supplies_goods_or_services": False}
    assert "accommodation_kinds" not in facts_to_ask(book(), here)
    assert "accommodation_kinds" in facts_to_ask(book(), {**here, "provides_worker_accommodation": True})


@pytest.mark.thorough
def test_nothing_is_asked_for_what_is_only_good_to_know() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"], "is_public_authority": True}
    good_to_know = {"supplies_nhs_england", "supplies_great_british_energy", "public_budget_gbp"}
    assert not good_to_know & set(facts_to_ask(book(), here))


def test_what_nobody_can_tell_is_passed_over_for_the_next_part() -> None:
    here: dict[str, FactValue] = {"operates_in": ["ENG"], "provides_worker_accommodation": True}
    unsure = frozenset({"households_share_facilities"})
    assert "households_share_facilities" in facts_to_ask(book(), here)
    assert "households_share_facilities" not in facts_to_ask(book(), here, unsure)
    assert "max_people_per_dwelling" in facts_to_ask(book(), here, unsure)
    everything = frozenset(fact.id for fact in book().facts)
    assert facts_to_ask(book(), here, everything) == ()


def test_a_fact_that_only_a_date_or_a_step_reads_is_not_open() -> None:
    assert not {"fye", "has_website", "turnover_gbp", "hours_vary"} & set(facts_to_ask(book(), {}))


def test_the_year_end_is_wanted_once_a_duty_applies_that_counts_from_it() -> None:
    assert facts_needed_for_dates(book(), {}) == ()
    small: dict[str, FactValue] = {"operates_in": ["ENG"], "publishes_statement": True, "legal_form": "sole_trader"}
    assert facts_needed_for_dates(book(), small) == ()
    bound: dict[str, FactValue] = {
        "operates_in": ["ENG"],
        "legal_form": "llp",
        "supplies_goods_or_services": True,
        "turnover_gbp_incl_subsidiaries": 36_000_000,
    }
    assert facts_needed_for_dates(book(), bound) == ("fye", "last_statement_on")
    assert facts_needed_for_dates(book(), {**bound, "fye": "2026-03-31", "last_statement_on": "2026-05-01"}) == ()
    large: dict[str, FactValue] = {"legal_form": "company", "is_small_or_medium_company": False}
    assert facts_needed_for_dates(book(), {**large, "fye": "2026-03-31"}) == ("is_traded_company",)


def duty(name: str, when: Condition) -> Duty:
    return Duty(
        id=name,
        title=name,
        jurisdiction=("UK",),
        status="in_force",
        force="mandatory",
        when=when,
        applies_to="All",
        must_do=(),
        deadline=Deadline(kind="none"),
        source="An Act",
        url="https://www.example.org",
        source_as_of="2026",
        evidence="A",
        confidence="high",
    )


def yes(fact: str) -> Leaf:
    return Leaf(fact, "is", value=True)


BOOK = DutyBook(
    facts=tuple(Fact(id=name, type="yes_no", ask=name, group="g") for name in ("a", "b", "c", "n", "m")),
    terms={"either": AnyOf((yes("a"), yes("b")))},
    duties=(
        duty("all", AllOf((yes("a"), yes("b")))),
        duty("either", Term("either")),
        duty("neither", Not(Term("either"))),
        duty("after", AllOf((Applies("all"), yes("c")))),
        duty("two", AtLeastOf(2, (yes("a"), yes("b"), yes("c")))),
        duty("everybody", Always()),
        duty("many", Leaf("n", "at_least", 10)),
    ),
)


@pytest.mark.parametrize(
    ("facts", "name", "verdict", "rests_on"),
    [
        ({"a": False}, "all", Verdict.FALSE, {"a"}),
        ({"a": True}, "all", Verdict.UNKNOWN, {"b"}),
        ({"a": True, "b": True}, "all", Verdict.TRUE, {"a", "b"}),
        ({"a": True}, "either", Verdict.TRUE, {"a"}),
        ({"a": False}, "either", Verdict.UNKNOWN, {"b"}),
        ({"a": False, "b": False}, "neither", Verdict.TRUE, {"a", "b"}),
        ({"a": False, "b": False, "c": True}, "after", Verdict.FALSE, {"a", "b"}),
        ({"a": True}, "after", Verdict.UNKNOWN, {"b", "c"}),
        ({"c": False}, "after", Verdict.FALSE, {"c"}),
        ({"a": True}, "two", Verdict.UNKNOWN, {"b", "c"}),
        ({"a": True, "c": True}, "two", Verdict.TRUE, {"a", "c"}),
        ({"a": False, "c": False}, "two", Verdict.FALSE, {"a", "c"}),
        ({}, "everybody", Verdict.TRUE, set()),
        ({"n": "dk"}, "many", Verdict.UNKNOWN, {"n"}),
        ({"n": None}, "many", Verdict.UNKNOWN, {"n"}),
        ({"n": "<10"}, "many", Verdict.FALSE, {"n"}),
        ({"n": "<11"}, "many", Verdict.UNKNOWN, {"n"}),
    ],
)
def test_a_verdict_comes_with_the_facts_it_rests_on(
    facts: dict[str, object], name: str, verdict: Verdict, rests_on: set[str]
) -> None:
    known = judge_known_facts(BOOK, facts)
    assert (known.verdicts[name], known.rests_on[name]) == (verdict, rests_on)


@pytest.mark.parametrize(
    ("test", "value", "verdict"),
    [
        ("at_least", 250, Verdict.FALSE),
        ("at_least", 249, Verdict.UNKNOWN),
        ("more_than", 250, Verdict.FALSE),
        ("more_than", 100, Verdict.UNKNOWN),
        ("less_than", 250, Verdict.TRUE),
        ("less_than", 249, Verdict.UNKNOWN),
        ("at_most", 250, Verdict.TRUE),
        ("at_most", 100, Verdict.UNKNOWN),
        ("is", 250, Verdict.FALSE),
        ("is", 100, Verdict.UNKNOWN),
        ("is", True, Verdict.UNKNOWN),
        ("includes", "250", Verdict.UNKNOWN),
    ],
)
def test_a_number_known_only_to_be_smaller_settles_what_it_can(
    test: Comparison, value: Operand, verdict: Verdict
) -> None:
    assert judge_known_facts(BOOK, {"n": below_limit(250)}).verdict(Leaf("n", test, value)) is verdict


def test_a_limit_is_written_so_that_people_can_read_it_and_comes_back() -> None:
    assert below_limit(36_000_000) == "<36000000"
    assert upper_limit("<36000000") == 36_000_000
    assert upper_limit(below_limit(0.5)) == 0.5
    for other in ("company", "<", "<b>", 12, True, None, ["<12"]):
        assert upper_limit(other) is None


def test_facts_come_in_the_order_of_the_file_and_only_those_it_knows() -> None:
    assert in_file_order(BOOK, {"m", "b", "a", "unheard"}) == ("a", "b", "m")


def book_settled_facts() -> DutyBook:
    return real_banks_edition_of("farming").duty_book


# ---- all that is known together -------------------------------------------------------------------------------------
def settled(bank: str, answers: Answers, given: dict[str, FactValue] | None = None) -> SettledFacts:
    edition = real_banks_edition_of(bank)
    return settle_facts(edition, answers, question_states(edition, answers), given or {}, ordinary_questions(edition))


NO_EMPLOYER: dict[str, FactValue] = {"employs_anyone": False, "engages_workers": False}


def test_a_car_wash_is_a_car_wash_whatever_else_it_says() -> None:
    assert settled("car_washes", {}).facts["sectors"] == ["car_wash"]
    assert settled("car_washes", {}, {"sectors": ["hotel_lodging"]}).facts["sectors"] == ["car_wash", "hotel_lodging"]
    assert "sectors" not in settled("farming", {}).facts


def test_what_a_sector_never_does_is_no_unless_the_business_says_otherwise() -> None:
    never = {
        fact.id: bank
        for fact in book_settled_facts().facts
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
    facts = {fact.id: fact for fact in book_settled_facts().facts}
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
    assert "hosp_tips" in ordinary_questions(real_banks_edition_of("hospitality"))
    assert [(one.fact, one.given, one.told, one.questions) for one in found.contradictions] == [
        ("receives_tips", False, True, ("hosp_tips",))
    ]
    assert found.facts["receives_tips"] is False


def test_a_fact_against_any_other_answer_counts_as_not_known_without_a_word() -> None:
    assert "wash_under_18" not in ordinary_questions(real_banks_edition_of("car_washes"))
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
    ordinary = ordinary_questions(real_banks_edition_of("hospitality"))
    assert all(set(one.questions) <= ordinary for one in both.contradictions)
    assert [one.fact for one in both.contradictions] == ["provides_worker_accommodation"]


def test_more_sectors_than_answers_tell_are_no_contradiction() -> None:
    answers: Answers = {"hosp_type": ["pub"]}
    assert settled("hospitality", answers, {"sectors": ["restaurant_bar_cafe", "agriculture"]}).contradictions == ()
    assert settled("hospitality", answers, {"sectors": ["agriculture"]}).contradictions != ()
