from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from assess.engine.bank import DutyBook, Fact
from assess.engine.conditions import Applies, Condition, Leaf, condition_subjects
from assess.engine.duties import heading_of, judge_duties
from assess.engine.facts import FactValue, below_limit, facts_to_ask, settle_facts
from assess.engine.ordinary import ordinary_questions
from assess.engine.result import DutyVerdict, JudgedDuty
from assess.engine.visibility import question_states
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from tests.engine.real_banks import edition_of

HERE = Path(__file__).parent
TODAY = date(2026, 11, 24)
PROFILES = sorted((HERE / "profiles").glob("*.yaml"))
FactMap = dict[str, FactValue]


@cache
def book() -> DutyBook:
    return load_bank(bundled_files(), "farming").edition.duty_book


def judged(facts: FactMap, today: date = TODAY) -> dict[str, JudgedDuty]:
    return {one.duty.id: one for one in judge_duties(book(), facts, today)}


def verdicts(facts: FactMap) -> dict[str, DutyVerdict]:
    return {name: one.verdict for name, one in judged(facts).items()}


def profile(path: Path) -> dict[str, Any]:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def verdicts_of(said: dict[str, Any]) -> dict[str, DutyVerdict]:
    """The verdicts on a profile: facts a business gave, and perhaps what it answered about who works there."""
    edition = edition_of(said.get("bank", "farming"))
    answers = said.get("answers", {})
    known = settle_facts(
        edition, answers, question_states(edition, answers), said["facts"], ordinary_questions(edition)
    )
    judged = judge_duties(edition.duty_book, known.facts, TODAY, at_work=known.at_work)
    return {one.duty.id: one.verdict for one in judged}


# ---- the profiles of docs/rules.md 6.7 -------------------------------------------------------------------------------
@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_each_profile_brings_its_duties_and_leaves_the_others_out(path: Path) -> None:
    said = profile(path)
    found = verdicts_of(said)
    for verdict in ("applies", "does_not_apply", "to_check"):
        names = said.get(verdict, [])
        assert {name: found[name] for name in names} == dict.fromkeys(names, verdict)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_each_profile_uses_facts_and_values_of_the_form(path: Path) -> None:
    facts = {fact.id: fact for fact in book().facts}
    for name, value in profile(path)["facts"].items():
        options = {option.id for option in facts[name].options}
        if options:
            assert set(value if isinstance(value, list) else [value]) <= options


def test_tips_consultation_and_the_european_ban_are_only_coming() -> None:
    pub = judged(profile(HERE / "profiles" / "pub_with_rooms.yaml")["facts"])
    packer = judged(profile(HERE / "profiles" / "food_packer.yaml")["facts"])
    assert heading_of(pub["uk_tips_consultation"]) == "coming"
    assert heading_of(packer["eu_forced_labour_regulation"]) == "coming"


# ---- boundaries -----------------------------------------------------------------------------------------------------
COMPANY: FactMap = {"operates_in": ["ENG"], "supplies_goods_or_services": True, "legal_form": "company"}


@pytest.mark.parametrize(
    ("turnover", "verdict"),
    [
        (36_000_000, "applies"),
        (35_999_999, "does_not_apply"),
        (35_999_999.99, "does_not_apply"),
        (10_000_000 + 26_000_000, "applies"),  # a parent of 10 million with a foreign subsidiary of 26 million
        (0, "does_not_apply"),
        (below_limit(36_000_000), "does_not_apply"),
        (below_limit(36_000_001), "to_check"),
    ],
)
def test_section_54_begins_at_exactly_36_million(turnover: FactValue, verdict: DutyVerdict) -> None:
    assert verdicts({**COMPANY, "turnover_gbp_incl_subsidiaries": turnover})["uk_s54_statement"] == verdict


def test_a_parent_above_the_threshold_does_not_count_downwards() -> None:
    subsidiary: FactMap = {
        **COMPANY,
        "turnover_gbp_incl_subsidiaries": 4_000_000,
        "is_group_member": True,
        "parent_statement_covers_us": True,
    }
    found = verdicts(subsidiary)
    assert found["uk_s54_statement"] == "does_not_apply"
    assert found["uk_s54_group_statement"] == "does_not_apply"
    assert found["uk_voluntary_statement"] == "to_check"
    assert verdicts({**subsidiary, "publishes_statement": True})["uk_voluntary_statement"] == "applies"


@pytest.mark.parametrize("legal_form", ["sole_trader", "unincorporated_association", "trust", "public_body"])
def test_section_54_is_for_companies_and_partnerships(legal_form: str) -> None:
    facts: FactMap = {**COMPANY, "legal_form": legal_form, "turnover_gbp_incl_subsidiaries": 90_000_000}
    assert verdicts(facts)["uk_s54_statement"] == "does_not_apply"


def test_an_unknown_turnover_leaves_the_statement_to_check_and_says_what_is_missing() -> None:
    statement = judged(COMPANY)["uk_s54_statement"]
    assert statement.verdict == "to_check"
    assert statement.waits_for == ("turnover_gbp_incl_subsidiaries",)
    assert statement.turned_on == ()


def test_a_verdict_says_which_facts_it_turned_on() -> None:
    found = judged({**COMPANY, "turnover_gbp_incl_subsidiaries": 90_000_000, "is_group_member": True})
    assert found["uk_s54_group_statement"].turned_on == (
        "operates_in",
        "legal_form",
        "supplies_goods_or_services",
        "is_group_member",
        "turnover_gbp_incl_subsidiaries",
    )
    small = judged({**COMPANY, "turnover_gbp_incl_subsidiaries": 1})["uk_s54_statement"]
    assert small.turned_on == ("turnover_gbp_incl_subsidiaries",)
    assert judged({})["uk_modern_slavery_offences"].turned_on == ()


# ---- dates ----------------------------------------------------------------------------------------------------------
LARGE: FactMap = {**COMPANY, "turnover_gbp_incl_subsidiaries": 90_000_000}


@pytest.mark.parametrize(
    ("year_end", "due", "overdue"),
    [
        ("2026-03-31", "2026-09-30", True),  # 55 days past the expected date on 24 November 2026
        ("2026-06-30", "2026-12-30", False),  # 36 days left
        ("2026-05-24", "2026-11-24", False),  # due today
        ("2026-05-23", "2026-11-23", True),
    ],
)
def test_a_statement_is_expected_six_months_after_the_year_end(year_end: str, due: str, *, overdue: bool) -> None:
    found = judged({**LARGE, "fye": year_end})["uk_s54_six_months"]
    assert (found.due, found.overdue) == (due, overdue)


def test_new_south_wales_is_in_australia() -> None:
    found = verdicts({"operates_in": ["AU_NSW"], "revenue_aud_consolidated": 1e8})
    assert found["au_modern_slavery_statement"] == "applies"


def test_the_days_of_the_status_text_are_counted_right() -> None:
    assert (TODAY - date(2026, 9, 30)).days == 55
    assert (date(2026, 12, 30) - TODAY).days == 36


@pytest.mark.parametrize(
    ("duty", "facts", "due"),
    [
        ("au_modern_slavery_statement", {"operates_in": ["AU"], "revenue_aud_consolidated": 1e8}, "2026-12-31"),
        ("ca_s211_report", {"is_listed_canada": True}, "2027-05-31"),
        ("de_lksg", {"operates_in": ["DE"], "employees_de": 1000}, "2026-10-30"),
        ("fr_duty_of_vigilance", {"incorporated_in": "FR", "employees_worldwide": 10000}, "2026-12-30"),
        ("no_transparency_act", {"operates_in": ["NO"], "revenue_nok": 7.1e7, "fte_avg": 51}, "2027-06-30"),
        (
            "ch_child_labour_due_diligence",
            {"operates_in": ["CH"], "balance_chf": 2e7, "revenue_chf": 4e7},
            "2026-12-30",
        ),
        ("uk_s172_statement", {"legal_form": "company", "is_small_or_medium_company": False}, "2027-03-31"),
        (
            "uk_s172_statement",
            {"legal_form": "company", "is_small_or_medium_company": False, "is_traded_company": True},
            "2026-12-31",
        ),
        (
            "uk_ca2006_nonfinancial_statement",
            {
                "legal_form": "company",
                "is_small_or_medium_company": False,
                "is_traded_company": True,
                "employees_company_or_group": 501,
            },
            "2026-12-31",
        ),
        (
            "uk_agricultural_wages",
            {"operates_in": ["WLS"], "employs_anyone": True, "sectors": ["agriculture"]},
            "2027-04-01",
        ),
    ],
)
def test_each_law_counts_its_own_days_from_a_year_ended_30_june_2026(duty: str, facts: FactMap, due: str) -> None:
    found = judged({**facts, "fye": "2026-06-30"})[duty]
    assert (found.verdict, found.due) == ("applies", due)


def test_only_what_applies_or_is_to_check_has_a_date_and_mere_information_never_has() -> None:
    for facts in ({"fye": "2026-03-31"}, {**LARGE, "fye": "2026-03-31"}, {**COMPANY, "fye": "2026-03-31"}):
        for one in judge_duties(book(), facts, TODAY):
            if one.verdict == "does_not_apply" or one.duty.force == "information":
                assert (one.due, one.overdue) == (None, False)
    assert judged({"fye": "2026-03-31"})["uk_s54_six_months"].due == "2026-09-30"
    assert judged(LARGE)["uk_s54_six_months"].due is None


# ---- steps ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "with_site", "without"),
    [({"has_website": True}, True, False), ({"has_website": False}, False, True), ({}, True, True)],
)
def test_a_step_is_left_out_only_when_it_is_known_not_to_fit(facts: FactMap, *, with_site: bool, without: bool) -> None:
    steps = [step.text for step in judged({**LARGE, **facts})["uk_s54_publish"].must_do]
    assert any(step.startswith("If you have a website") for step in steps) is with_site
    assert any(step.startswith("If you have no website") for step in steps) is without


def test_a_step_may_rest_on_another_duty() -> None:
    supplier: FactMap = {"supplies_central_government": True}
    assert len(judged({**LARGE, **supplier})["uk_ppn_009"].must_do) == 2
    assert len(judged({**LARGE, **supplier, "legal_form": "sole_trader"})["uk_ppn_009"].must_do) == 1


# ---- headings -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({}, "likely"),
        ({"evidence": "C"}, "likely"),
        ({"evidence": "D"}, "ask_adviser"),
        ({"reviewed_by": "A. Lawyer", "reviewed_on": "2026-12-01"}, "must"),
        ({"reviewed_by": "A. Lawyer"}, "likely"),
        ({"reviewed_on": "2026-12-01"}, "likely"),
        ({"evidence": "D", "reviewed_by": "A. Lawyer", "reviewed_on": "2026-12-01"}, "must"),
        ({"force": "expected"}, "expected"),
        ({"force": "expected", "evidence": "D"}, "ask_adviser"),
        ({"force": "good_practice"}, "good_practice"),
        ({"force": "information"}, "context"),
        ({"status": "enacted_not_in_force"}, "coming"),
        ({"status": "enacted_not_in_force", "force": "information"}, "coming"),
        ({"status": "proposed", "reviewed_by": "A. Lawyer", "reviewed_on": "2026-12-01"}, "debated"),
    ],
)
def test_a_duty_prints_under_the_heading_its_file_earns(changes: dict[str, Any], heading: str) -> None:
    one = judged(LARGE)["uk_s54_statement"]
    assert heading_of(replace(one, duty=replace(one.duty, **changes))) == heading


def test_no_duty_of_the_files_prints_under_you_must_before_a_named_person_reviewed_it() -> None:
    headings = {one.duty.id: heading_of(one) for one in judge_duties(book(), {}, TODAY)}
    reviewed = {duty.id for duty in book().duties if duty.reviewed_by and duty.reviewed_on}
    assert {name for name, heading in headings.items() if heading == "must"} <= reviewed


# ---- the files ------------------------------------------------------------------------------------------------------
def opened(condition: Condition) -> set[str]:
    """The facts a condition reads, in its terms too."""
    terms = {name for name in book().terms if f"name='{name}'" in repr(condition)}
    return set(condition_subjects(condition)).union(*(opened(book().terms[name]) for name in terms))


def test_all_73_duties_are_there_and_each_rests_on_facts_of_the_form() -> None:
    assert len(book().duties) == len({duty.id for duty in book().duties}) == 73
    facts = {fact.id for fact in book().facts}
    for duty in book().duties:
        assert opened(duty.when) <= facts, duty.id
        for step in duty.must_do:
            if step.when is not None and not isinstance(step.when, Applies):
                assert opened(step.when) <= facts, duty.id


def test_texts_of_the_duties_are_written_for_british_readers() -> None:
    for duty in book().duties:
        texts = [duty.title, duty.applies_to, *(step.text for step in duty.must_do), duty.key_number or ""]
        texts += [duty.approver or "", duty.publish or "", duty.consequence or ""]
        for text in texts:
            assert not {"'", '"'} & set(text), duty.id
            assert "GBP" not in text, duty.id


# ---- unknown is never absent ----------------------------------------------------------------------------------------
@cache
def marks() -> dict[str, list[float]]:
    """For every number, the figures a duty compares it with, and their neighbours."""
    found: dict[str, list[float]] = {}

    def walk(condition: object) -> None:
        if isinstance(condition, Leaf) and isinstance(condition.value, (int, float)):
            found.setdefault(condition.subject, [0]).extend([condition.value - 1, condition.value, condition.value + 1])
        for part in [*getattr(condition, "parts", ()), getattr(condition, "part", None)]:
            if part is not None:
                walk(part)

    for duty in book().duties:
        walk(duty.when)
    return found


def some_value(fact: Fact, chance: Random) -> FactValue:
    names = [option.id for option in fact.options]
    if fact.type == "choice":
        return chance.choice([*names, *(name for name in ("company", "FR") if name in names)])
    if fact.type == "choices":
        return chance.sample(names, chance.randint(0, min(len(names), 8)))
    if fact.type == "date":
        return f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return chance.random() < 0.5 if fact.type == "yes_no" else chance.choice(marks().get(fact.id, [0]))


def an_organisation(chance: Random) -> FactMap:
    return {fact.id: some_value(fact, chance) for fact in book().facts}


def partly(facts: FactMap, chance: Random, share: float) -> FactMap:
    """Some facts left out, some numbers known only to be smaller."""
    known: FactMap = {}
    for name, value in facts.items():
        if chance.random() < share:
            limited = not isinstance(value, bool) and isinstance(value, (int, float)) and chance.random() < 0.3
            known[name] = below_limit(float(value) + chance.choice([1, 1000, 1e9])) if limited else value
    return known


@pytest.mark.thorough
def test_every_duty_applies_to_some_organisations_and_not_to_others() -> None:
    chance = Random(54)
    seen: dict[str, set[DutyVerdict]] = {duty.id: set() for duty in book().duties}
    for _ in range(1000):
        for name, verdict in verdicts(an_organisation(chance)).items():
            seen[name].add(verdict)
    always = seen.pop("uk_modern_slavery_offences")
    assert always == {"applies"}
    assert {name: found for name, found in seen.items() if found != {"applies", "does_not_apply"}} == {}


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(chance=st.randoms(use_true_random=False), share=st.floats(0, 1))
def test_what_could_still_apply_is_never_absent_and_what_could_still_fall_away_never_certain(
    chance: Random, share: float
) -> None:
    whole = an_organisation(chance)
    part = partly(whole, chance, share)
    now, then = verdicts(part), verdicts(whole)
    assert "to_check" not in then.values()
    for name, verdict in now.items():
        assert verdict in {"to_check", then[name]}, name


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(chance=st.randoms(use_true_random=False), share=st.floats(0, 1))
def test_the_facts_a_verdict_turned_on_are_enough_for_it(chance: Random, share: float) -> None:
    known = partly(an_organisation(chance), chance, share)
    for one in judge_duties(book(), known, TODAY):
        assert set(one.turned_on) <= known.keys()
        alone = {name: known[name] for name in one.turned_on}
        if one.verdict != "to_check" and chance.random() < 0.1:
            assert verdicts(alone)[one.duty.id] == one.verdict, one.duty.id


@pytest.mark.thorough
@settings(max_examples=25, deadline=None)
@given(chance=st.randoms(use_true_random=False), share=st.floats(0, 1))
def test_what_is_asked_next_is_waited_for_and_asking_on_settles_every_duty(chance: Random, share: float) -> None:
    known = partly(an_organisation(chance), chance, share)
    asked = facts_to_ask(book(), known)
    judged = judge_duties(book(), known, TODAY)
    asking = {duty.id for duty in book().duties if duty.force != "information"}
    assert bool(asked) is any(one.verdict == "to_check" for one in judged if one.duty.id in asking)
    assert set(asked) <= {name for one in judged if one.duty.id in asking for name in one.waits_for}
    facts = {fact.id: fact for fact in book().facts}
    while asked:  # ends: each round makes known what it asks
        known = {**known, **{name: some_value(facts[name], chance) for name in asked}}
        asked = facts_to_ask(book(), known)
    assert "to_check" not in {verdict for name, verdict in verdicts(known).items() if name in asking}
