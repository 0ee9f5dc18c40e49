from __future__ import annotations

import dataclasses
import itertools
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.engine.purchases import (
    MAX_QUESTIONS,
    TRAFFICKING,
    JudgedPurchase,
    Purchase,
    influence_over,
    judge_purchase,
    may_be_uk_work,
    questions_for,
    rounded_down_risk,
    shares_of,
    steps_for,
)
from assess.engine.reference import Country, Indicator, Listing, Reference
from tests.reference_data import COUNTRIES, judged, kinds, real, small
from tests.service_names import KNOWN, UNKNOWN


def line(
    good: str, country: str | None = None, share: float | None = None, supplier: str | None = None
) -> JudgedPurchase:
    return judge_purchase(Purchase(good, country, share, supplier), real())


def test_severity_comes_before_anything_a_business_can_bring_about() -> None:
    lines = [line("wax and polish", "CN", 90, "A firm"), line("Cocoa", "CI", 1)]
    assert [step.line for step in steps_for(lines, real())] == [1, 0]


def test_among_equally_grave_lines_risk_share_and_influence_count() -> None:
    lines = [
        line("Cocoa", "CI", 5),
        line("Cocoa", "CI", 50),
        line("Cocoa", "CI", 20, "A firm"),
        line("cleaning", "GB", 50),
    ]
    found = steps_for(lines, real())
    assert [step.line for step in found] == [3, 1, 2, 0]
    assert [step.weight for step in found] == [70 * 50 * 2, 90 * 50, 90 * 20 * 2, 90 * 5]


def test_only_high_lines_bring_a_step_and_it_is_that_of_the_gravest_fact() -> None:
    lines = [
        line("Tomatoes", "IT"),
        line("laundry", "GB"),
        line("Rice"),
        line("linen", "PK"),
        line("tape of our own", "MM"),
    ]
    found = steps_for(lines, real())
    assert [(step.line, step.kind) for step in found] == [(3, "forced_labour"), (4, "rule_of_law")]
    assert all(step.todo.owner in real().owners for step in found)


def test_a_high_line_because_of_its_country_does_not_act_on_a_milder_fact() -> None:
    assert steps_for([line("fish", "CN")], real())[0].severity == 3
    assert steps_for([line("Twine and rope of our own", "CN")], real())[0].kind == "tier_3"


def test_the_order_of_lines_changes_nothing() -> None:
    lines = [
        line(good, country, share, supplier)
        for good, country, share, supplier in [
            ("Cocoa", "CI", 5, None),
            ("Cocoa", "CI", 5, "B"),
            ("Cocoa", "CI", 5, "A"),
            ("Shrimp", "IN", None, None),
            ("cleaning", "GB", None, "C"),
            ("agency_labour", None, 20, None),
            ("Tomatoes", "IT", 1, None),
        ]
    ]
    wanted = [lines[step.line].purchase for step in steps_for(lines, real())]
    chance = random.Random(3)
    for _ in range(30):
        mixed = chance.sample(lines, len(lines))
        assert [mixed[step.line].purchase for step in steps_for(mixed, real())] == wanted


def test_noise_of_adding_puts_nothing_before_anything() -> None:
    """Two lines weigh exactly alike here, and sums in one order and the other differ in the last place."""
    lines = [
        line("Garments", "CN", 9.4),
        line("Cotton", "CN", 5),
        line("Toys", "CN", 10.9),
        line("Electronics", "CN", 37.35),
        line("Bricks", "CN"),
    ]
    orders = {
        tuple(mixed[step.line].purchase.good for step in steps_for(mixed, real()))
        for mixed in itertools.permutations(lines)
    }
    assert orders == {("Bricks", "Electronics", "Toys", "Garments", "Cotton")}


def test_lines_without_a_share_divide_what_is_left() -> None:
    assert shares_of([line("Rice", None, 40), line("Tea"), line("Salt")]) == (40, 30, 30)
    assert shares_of([line("Rice", None, 100), line("Tea")]) == (100, 1)
    assert shares_of([line("Rice", None, 0)]) == (0,)
    assert shares_of([]) == ()


def test_influence_is_what_is_known() -> None:
    assert influence_over(line("Cocoa", "CI"), real()) == 1
    assert influence_over(line("Cocoa", "CI", None, "A firm"), real()) == 2
    assert influence_over(line("cleaning", None, None, "A firm"), real()) == 3
    assert influence_over(line("strawberries", "GB"), real()) == 2


def test_every_line_has_a_short_list_of_questions_and_the_gravest_come_first() -> None:
    for offer in real().offers:
        for country in ("GB", "IN", "CN", None):
            asked = questions_for(judged(offer, country), real())
            assert 3 <= len(asked) <= MAX_QUESTIONS
            assert len(set(asked)) == len(asked)
    assert questions_for(judged("Cocoa", "CI"), real())[0] == real().words.kinds["forced_labour"].ask[0]


def test_an_agency_is_asked_about_licence_fees_and_rate_first() -> None:
    asked = " ".join(questions_for(judged("agency staff", "GB"), real())).lower()
    assert all(word in asked for word in ("licence", "pay you or others", "hourly rate", "who else", "complain"))
    assert "laundry" in questions_for(judged("laundry", "GB"), real())[0]


def test_questions_ask_how_and_for_nobodys_name_or_papers() -> None:
    asked = [*real().words.ask_anyone, *(text for kind in real().words.kinds.values() for text in kind.ask)]
    asked += [text for offer in real().offers.values() for text in offer.ask]
    assert len(asked) > 40
    for text in asked:
        assert re.match(r"(How|What|When|Which|Who|Where) ", text), text
        assert text.endswith("?")
        assert not re.search(r"\b(names?|passports?|papers|IDs?|visas?|addresses|guilty|illegal)\b", text), text


def test_a_high_kind_without_anything_to_do_is_a_fault_of_the_files() -> None:
    words = real().words
    silent = {**words.kinds, "forced_labour": dataclasses.replace(words.kinds["forced_labour"], todo=None)}
    reference = dataclasses.replace(real(), words=dataclasses.replace(words, kinds=silent))
    with pytest.raises(KeyError, match="forced_labour"):
        steps_for([judged("Cocoa", "CI", reference)], reference)


def test_steps_towards_firms_in_the_uk_wait_for_advice() -> None:
    kinds = real().words.kinds
    waiting = {name for name, kind in kinds.items() if kind.todo and kind.todo.after_advice}
    assert waiting == {"uk_cases", "uk_licence", "uk_named"}


@pytest.mark.parametrize(
    ("country", "risk"), [("GB", 15), ("IT", 40), ("AE", 40), ("IN", 42), ("BR", 65), ("CN", 90), ("MM", 92)]
)
def test_countries_on_trial(country: str, risk: int) -> None:
    line = judged("words of our own", country)
    assert round(line.risk or 0) == risk
    assert "good_unknown" in kinds(line)


@pytest.mark.parametrize(
    ("good", "country", "risk"),
    [
        ("Rubber Gloves", "MY", 90),
        ("Shrimp", "IN", 90),
        ("Tea", "KE", 70),
        ("Refined Palm Oil", "ID", 65),
        ("Tomatoes", "IT", 40),
        ("tomatoes and tinned tomatoes", "IT", 40),
    ],
)
def test_goods_on_trial(good: str, country: str, risk: int) -> None:
    assert judged(good, country).risk == risk


def test_all_rows_are_there() -> None:
    assert sum(len(found) for found in real().listings.values()) == 471
    assert len(real().countries) == 250


# --- what each kind of fact means ------------------------------------------------------------------
def test_the_gravest_fact_decides_and_all_are_given() -> None:
    line = judged("bed linen, table linen and towels", "PK")
    assert (line.risk, line.band) == (90, "high")
    risks = [fact.risk for fact in line.facts if fact.risk is not None]
    assert risks == sorted(risks, reverse=True)
    assert {"forced_labour", "child_labour", "elsewhere", "tier_2", "rule_of_law"} == set(kinds(line))


def test_every_fact_names_source_edition_and_year() -> None:
    for offer in real().offers:
        for country in ("GB", "IN", "CN", "TV", None):
            for fact in judged(offer, country).facts:
                assert fact.source
                assert fact.edition
                assert 2000 < fact.year < 2030
                assert fact.url.startswith("http")
                assert "{" not in fact.says
                assert fact.says.endswith(".")


def test_a_row_that_was_taken_off_the_list_never_counts() -> None:
    line = judged("Shrimp", "TH")
    assert "forced_labour" not in kinds(line)
    assert "elsewhere" in kinds(line)
    assert kinds(judged("Blueberries", "AR")) == ["rule_of_law", "tier_1", "good_not_listed"]
    assert kinds(judged("Salt", "WW", small()))[-1] == "good_not_listed"


def test_an_input_without_a_name_is_still_told() -> None:
    line = judged("Animal Feed", "TH")
    assert line.facts[0].kind == "downstream"
    assert "forced labour" in line.facts[0].says
    assert judged("Yarn", "DD", small()).facts[-1].says == (
        "On the list because it is made with Rope, which is listed for forced labour: Yarn from Dire."
    )


def test_a_country_without_a_tier_is_not_known_and_never_low() -> None:
    line = judged("tape", "AA", small())
    assert (line.risk, line.band) == (None, "not_known")
    assert kinds(line) == ["good_not_listed", "country_unknown", "law_alone"]
    without = [code for code, country in real().countries.items() if country.tier is None]
    assert len(without) == 62
    for code in without:
        assert judged("words of our own", code).band == "not_known"
        assert judged("Shrimp", code).band == "medium"


def test_a_country_without_rule_of_law_goes_by_its_tier() -> None:
    line = judged("tape", "CC", small())
    assert line.risk == 40
    assert "riskier one is used" in line.facts[0].says


def test_origin_that_is_not_known_is_flagged() -> None:
    line = judged("Rice")
    assert (line.risk, line.band, line.origin_known) == (60, "medium", False)
    assert kinds(line) == ["origin_unknown", "somewhere"]
    assert judged("Rice", "IN").origin_known
    assert kinds(judged("wax and polish")) == ["origin_unknown", "good_not_listed"]


@pytest.mark.parametrize(
    "said", ["agency_labour", "Agency staff", "cleaning", "CLEANERS", "building", "car valeting", "care", "waste"]
)
@pytest.mark.parametrize("country", ["GB", None])
def test_uk_work_where_people_were_exploited_is_high(said: str, country: str | None) -> None:
    line = judged(said, country)
    assert (line.band, line.origin_known) == ("high", True)
    assert not {"tier_1", "rule_of_law"} & set(kinds(line))


@pytest.mark.parametrize("said", [*(said for words in KNOWN.values() for said in words), *UNKNOWN])
def test_no_everyday_word_for_work_reads_as_safe_because_the_uk_is_given(said: str) -> None:
    """88 of 92 such phrases once did."""
    here, unsaid = judged(said, "GB"), judged(said)
    assert here.band != "lower"
    if here.offer is None:
        assert (here.risk, here.band) == (15, "not_known")
        assert here.facts[0].says.startswith(
            "No list knows these words. If people do this work here, choose the kind of work."
        )
    else:
        assert (here.risk, here.band) == (unsaid.risk, unsaid.band)
        assert here.band in {"high", "medium"}


def test_words_no_list_knows_are_never_lower_wherever_they_come_from() -> None:
    for code, country in real().countries.items():
        line = judged("words of our own", code)
        assert line.band != "lower", country.name
        risks = [fact.risk for fact in line.facts if fact.risk is not None]
        assert line.risk == max(risks, default=None), "the number stays that of the country"
        if line.band == "not_known":
            assert line.facts[0].kind == "good_unknown"
    assert judged("words of our own", "CN").band == "high", "not knowing never lowers what is known"
    assert judged("tape", "BB", small()).band == "lower", "goods we know and no list names go by their country"


def test_no_uk_service_or_produce_is_ever_lower() -> None:
    named = [offer for offer in real().offers.values() if offer.named_as]
    assert len(named) > 50
    for offer in named:
        assert judged(offer.key, "GB").band in {"high", "medium"}, offer.key
        assert judged(offer.key).band in {"high", "medium"}, offer.key
    assert judged("laundry", "GB").risk == 50


def test_british_fruit_goes_by_what_is_known_of_farms_here() -> None:
    assert judged("strawberries", "GB").risk == 70
    assert "tier_1" not in kinds(judged("strawberries", "GB"))
    assert judged("strawberries", "NL").facts[0].kind == "elsewhere"
    assert judged("eggs", "NL").band == "lower"


def test_a_service_of_a_firm_abroad_is_judged_by_both() -> None:
    assert kinds(judged("agency labour", "CN")) == ["tier_3", "rule_of_law", "uk_cases", "uk_licence"]


def test_no_sentence_accuses() -> None:
    accusing = ("guilty", "illegal", "exploits", "criminal", "abuser", "slave", "this firm uses")
    for kind in real().words.kinds.values():
        texts = [kind.says, *kind.ask, *([kind.todo.do] if kind.todo else [])]
        assert not [word for word in accusing for text in texts if word in text.lower()]


def test_a_figure_of_two_lists_names_both_and_its_sentence_holds_no_figure() -> None:
    law = next(fact for fact in judged("tape", "MM").facts if fact.kind == "rule_of_law")
    assert law.source.startswith("World Bank")
    assert law.beside is not None
    tier = next(fact for fact in judged("tape", "MM").facts if fact.kind == "tier_3")
    beside = law.beside
    assert (beside.source, beside.edition, beside.year, beside.url) == (tier.source, tier.edition, tier.year, tier.url)
    assert real().sources[TRAFFICKING].title in beside.source
    assert "the report on trafficking" in law.says
    assert f"{law.risk:.1f}" not in law.says
    assert all(fact.beside is None for fact in judged("Cocoa", "CI").facts if fact.kind != "rule_of_law")


def test_no_risk_ends_in_noise_of_adding() -> None:
    for code in real().countries:
        for fact in judged("tape", code).facts:
            assert fact.risk is None or len(repr(fact.risk)) <= 6, (code, fact.risk)


def test_a_count_names_every_edition_it_was_counted_in() -> None:
    mixed = next(fact for fact in judged("Shrimp", "EC").facts if fact.kind == "elsewhere")
    assert (mixed.edition, mixed.year) == ("2022 and 2024", 2024)
    assert "for 4 other countries" in mixed.says
    single = next(fact for fact in judged("Cocoa", "EC").facts if fact.kind == "elsewhere")
    assert (single.edition, single.year) == ("2022", 2022)


def test_named_work_and_words_no_list_knows_may_be_work_here() -> None:
    for said, country in (
        ("security", "CN"),
        ("cleaning", None),
        ("lads who help out", "CN"),
        ("lads who help out", None),
    ):
        assert may_be_uk_work(kinds(judged(said, country))), said
    assert may_be_uk_work(kinds(judged("strawberries", "GB")))
    assert not may_be_uk_work(kinds(judged("Cocoa", "CI")))
    assert not may_be_uk_work(())


# --- what always holds -----------------------------------------------------------------------------
SOME_GOODS = st.sampled_from(sorted(real().offers))
SOME_COUNTRIES = st.sampled_from(sorted(real().countries))


@given(SOME_GOODS, st.one_of(st.none(), SOME_COUNTRIES))
def test_a_risk_lies_between_nothing_and_a_hundred(good: str, country: str | None) -> None:
    risk = judged(good, country).risk
    assert risk is None or 0 <= risk <= 100


def with_more(reference: Reference, good: str, country: str, *, what: str) -> Reference:
    """The reference with one fact more."""
    match what:
        case "rank":
            changed: Country = dataclasses.replace(reference.countries[country], law_rank=0.0)
            return dataclasses.replace(reference, countries={**reference.countries, country: changed})
        case "indicator":
            more = Indicator("sweeping", "more", "uk_cases", "s", "e", 2025, "https://example.org")
            return dataclasses.replace(
                reference, indicators={**reference.indicators, "sweeping": (*reference.indicators["sweeping"], more)}
            )
        case _:
            listing = Listing(
                good,
                country,
                "2024",
                child=what == "child",
                forced=what == "forced",
                basis="child labour" if what == "input" else None,
            )
            listed = (*reference.listings.get(good, ()), listing)
            return dataclasses.replace(reference, listings={**reference.listings, good: listed})


@given(
    st.sampled_from(["Rope", "Yarn", "Apples", "Twine", "Salt"]),
    st.sampled_from(["AA", "BB", "CC", "DD", "WW"]),
    st.sampled_from(["child", "forced", "input", "rank", "indicator"]),
    st.sampled_from(["string", "apples and pears", "Rope", "Salt", "sweeping", "our own words"]),
    st.sampled_from(["AA", "BB", "CC", "DD", "WW", "GB", None]),
)
def test_one_fact_more_never_lowers_a_risk(good: str, country: str, what: str, bought: str, origin: str | None) -> None:
    before = judge_purchase(Purchase(bought, origin), SMALL)
    after = judge_purchase(Purchase(bought, origin), with_more(SMALL, good, country, what=what))
    assert before.risk is None or (after.risk is not None and after.risk >= before.risk)


SMALL = small((COUNTRIES, "20.0\n", "\n"))


# --- in words ------------------------------------------------------------------------------------
def test_the_reason_of_a_medium_country_never_reads_as_praise_and_has_no_number_of_its_own() -> None:
    thailand = judged("rice", "TH")
    assert (thailand.band, thailand.facts[0].kind) == ("medium", "rule_of_law")
    assert thailand.facts[0].says == (
        "Thailand: law and courts there work worse than in about 42 of 100 countries. "
        "This counts together with the tier in the report on trafficking."
    )


def test_no_country_is_said_to_be_worse_than_none_or_than_all() -> None:
    for code in real().countries:
        for fact in judged("words of our own", code).facts:
            if fact.kind in {"rule_of_law", "law_alone"}:
                assert 1 <= int(fact.says.split("about ")[1].split(" of")[0]) <= 99, fact.says


@pytest.mark.parametrize(
    ("good", "country", "sentence"),
    [
        ("Coffee", None, "On the list for 17 countries: Coffee."),
        ("Rice", "TH", "Not on the list for Thailand, but for 12 other countries: Rice."),
        ("Tomato Products", "IT", "Not on the list for Italy, but for 1 other country: Tomato Products."),
    ],
)
def test_how_many_countries_is_said_as_people_say_it(good: str, country: str | None, sentence: str) -> None:
    assert sentence in [fact.says for fact in judged(good, country).facts]


@pytest.mark.parametrize(
    ("risk", "words"), [(56.3, "56"), (69.96, "69"), (39.68, "39"), (70.0, "70"), (40.99999999999, "41"), (0.0, "0")]
)
def test_a_risk_is_read_as_a_whole_number_that_never_reaches_the_next_band(risk: float, words: str) -> None:
    assert rounded_down_risk(risk) == words
