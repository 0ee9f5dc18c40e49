from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from assess.assessments.models import Submission
from assess.core.db import Database
from assess.engine.plan import ADVICE_FIRST_TEXT
from assess.engine.purchases import RISK_FACT_KINDS, Purchase
from assess.engine.result_json import RISK_BANDS
from assess.plans.actions import action_list_of
from assess.plans.check_codes import check_code_of
from assess.plans.copies import COPIES, Copy, business_record, buyer_copy
from assess.plans.plan_page import business_plan, coordinator_plan
from assess.plans.print_html import copy_html
from assess.plans.purchases import (
    _BOX_STYLES,
    MESSAGE_OPENING,
    MESSAGE_REASSURANCE,
    OWN_WORDS_TEXT,
    PURCHASE_LIST_QUESTIONS,
    BuyerPurchases,
    PlanPurchases,
    PurchaseEntry,
    chart_alt_text,
    purchase_entries,
    purchase_sources,
    purchases_chart,
    purchases_for_buyer,
    purchases_of,
    share_column,
    source_text,
)
from tests.engine.real_banks import BANKS
from tests.plans.purchases.purchase_records import HOTEL, LONG, SECRET, UNKNOWN, buying, hotel, one_of_each_kind, sixty
from tests.plans.records import SCENARIOS, a_record, scenario, text_of
from tests.plans.test_copies import base_of, raising
from tests.plans.test_telling_nothing import own_or_waiting


def shown(*purchases: Purchase) -> BuyerPurchases:
    found = purchases_for_buyer(hotel(purchases))
    assert found is not None
    return found


@pytest.mark.parametrize("bank", BANKS)
def test_no_sign_changes_what_a_buyer_is_told_of_purchases(bank: str) -> None:
    waited = 0
    calm = purchases_for_buyer(buying(scenario(bank, f"{bank} low")))
    for question, _sign, answer in own_or_waiting(bank):
        name = question.id
        record = buying(raising(bank, name, answer))
        waited += any(step["held"] for step in record["purchases"]["steps"])
        assert buyer_copy(record).purchases == calm, (name, base_of(bank, name))
    assert waited > 5, "steps wait for some signs, so they would tell"


def test_while_an_urgent_sign_is_open_the_same_is_told() -> None:
    pages = [
        text_of(copy_html(buying(raising("hospitality", "core_documents", one)), "buyer"))
        for one in ("employer", "worker")
    ]
    assert pages[0] == pages[1]
    assert "What the business buys" in pages[0]


def test_a_buyer_sees_goods_country_word_and_fact_and_what_this_is_at_every_line() -> None:
    said = text_of(copy_html(hotel(), "buyer"))
    part = said[said.index("What the business buys") : said.index("About this copy")]
    found = shown(*HOTEL)
    assert part.count("This is about the country and goods, not this firm.") == len(found.purchases)
    for bought in found.purchases:
        assert f"{bought.name}, {bought.place}" in part
        assert bought.says in part
        assert bought.source in part
    assert "Not known is not the same as safe." in part
    assert "Lists like these see less in rich countries" in part
    assert "The business’s own answers; not a finding; not for selection or exclusion." in said


def test_neither_suppliers_nor_shares_nor_words_of_the_business_reach_a_buyer() -> None:
    typed = Purchase(f"{SECRET} Brothers who clean at night", "GB", 11.5, f"{SECRET} Brothers")
    found = shown(typed)
    assert [bought.name for bought in found.purchases] == [OWN_WORDS_TEXT]
    said = copy_html(hotel((typed, *HOTEL)), "buyer")
    assert SECRET not in said
    assert "night" not in text_of(said).partition("What the business buys")[2]
    assert not [share for share in ("12.5", "11.5", "22%", "0.75") if share in text_of(said)]


def test_no_figure_of_ours_reaches_a_buyer() -> None:
    purchases = (*HOTEL, Purchase("wax and polish", "BR"), Purchase("Cocoa", "MM"), Purchase("lads who help out", "GB"))
    record = hotel(purchases)
    figures = {
        f"{fact['risk']:.1f}".removesuffix(".0")
        for line in record["purchases"]["lines"]
        for fact in line["facts"]
        if fact["risk"] is not None and fact["kind"] == "rule_of_law"
    }
    assert len(figures) > 5
    for bought in shown(*purchases).purchases:
        assert not [figure for figure in figures if re.search(rf"\b{re.escape(figure)}\b(?! of 100)", bought.says)]
        assert "together count" not in bought.says


def test_words_no_list_knows_are_not_known_to_a_buyer_and_stand_before_what_is_lower() -> None:
    found = shown(Purchase("eggs", "DK"), Purchase("lads who help out", "GB")).purchases
    assert [(bought.name, bought.word) for bought in found] == [(OWN_WORDS_TEXT, "Not known"), ("Eggs", "Lower")]
    assert found[0].says.startswith("No list knows these words.")


def test_suppliers_shares_and_order_change_nothing() -> None:
    purchases = HOTEL[:4]
    first = shown(*purchases)
    for order in permutations(purchases):
        assert shown(*(replace(one, share=None, supplier=None) for one in order)) == first
    assert shown(*purchases, replace(purchases[0], supplier=f"{SECRET} Two", share=40)) == first


def test_a_copy_without_purchases_has_the_same_code_and_one_with_them_another(
    database: Database, now: datetime
) -> None:
    record = scenario("hospitality", "hospitality low")
    empty = {**record, "purchases": {**hotel()["purchases"], "lines": []}}
    codes = []
    for told in (record, empty, buying(record), buying(record, sixty())):
        with database.reading() as session:
            codes.append(check_code_of(session, Submission(record=told, digest="", made_at=now), "buyer"))
    assert codes[0] == codes[1]
    assert len(set(codes)) == 3


def lines(*purchases: Purchase) -> tuple[PurchaseEntry, ...]:
    return purchase_entries(hotel(purchases)["purchases"]["lines"])


def test_the_riskiest_stand_first_and_what_is_not_known_stands_before_what_counts_as_lower() -> None:
    found = lines(*HOTEL)
    assert [line.number for line in found] == list(range(1, len(HOTEL) + 1))
    assert [RISK_BANDS.index(line.band) for line in found] == sorted(RISK_BANDS.index(line.band) for line in found)
    assert {line.band for line in found} == set(RISK_BANDS)
    risks = [float(line.risk) for line in found if line.band == "medium"]
    assert risks == sorted(risks, reverse=True)


def test_words_no_list_knows_have_no_number_beside_them_that_would_read_as_the_lowest() -> None:
    known, own, tree = lines(Purchase("eggs", "DK"), Purchase("lads who help out", "GB"), Purchase("Cocoa", "CI"))
    assert [(line.name, line.band, line.risk) for line in (known, own, tree)] == [
        ("Cocoa", "high", "90"),
        ("lads who help out", "not_known", ""),
        ("Eggs", "lower", "15"),
    ]
    assert own.deciding.says.startswith("No list knows these words.")
    assert "15" in [fact.counts for fact in own.facts], "what the country counts is still told"


def test_what_a_line_is_called_in_files_that_travel() -> None:
    found = lines(Purchase("Cocoa", "CI"), Purchase("Zyx and Sons", "GB"))
    assert [(line.is_own, line.export_name) for line in found] == [
        (False, "Cocoa"),
        (True, "In your own words (line 2)"),
    ]


def test_each_line_has_a_place_in_words_and_work_without_a_country_is_done_here() -> None:
    found = lines(Purchase("prawns", "EC"), Purchase("cleaning"), Purchase("rice"))
    assert {line.title for line in found} == {
        "Prawns and shrimp, Ecuador",
        "Cleaning, done in the UK",
        "Rice, country not known",
    }


def test_words_of_the_business_stay_as_they_are_and_are_told_where_the_lists_have_others() -> None:
    (own,) = lines(Purchase("iPads for the bar", "CN"))
    assert (own.name, own.said) == ("iPads for the bar", "")
    (known,) = lines(Purchase("temps", "GB"))
    assert (known.name, known.said) == ("Agency and temporary workers", "temps")
    (by_id,) = lines(Purchase("agency_labour"))
    assert by_id.said == ""


def test_a_share_is_told_as_it_was_said_and_never_as_nothing() -> None:
    shares = (None, 0, 0.001, 0.75, 12.5, 100 / 3)
    told = [line.share for line in lines(*(Purchase("rice", "IN", share) for share in shares))]
    assert told == ["", "0%", "under 0.01%", "0.75%", "12.5%", "33.33%"]


def test_facts_of_one_source_that_count_alike_are_told_in_one_go_and_none_is_lost() -> None:
    for line in lines(*sixty()):
        assert len(line.told) <= len(line.facts)
        told = " ".join(fact.says for fact in line.told)
        assert all(fact.says in told for fact in line.facts)
        assert {fact.source for fact in line.told} == {fact.source for fact in line.facts}
        assert line.told[0].counts == line.deciding.counts == line.risk


def test_a_source_names_its_edition_and_year_once() -> None:
    fact = {"source": "GLAA, Report", "edition": "2018", "year": 2018}
    assert source_text(fact) == "GLAA, Report, edition 2018"
    assert source_text({**fact, "edition": "third"}) == "GLAA, Report, edition third, year 2018"


def test_a_source_of_two_lists_names_both() -> None:
    fact = {"source": "Bank, Law", "edition": "2023", "year": 2023}
    beside = {"source": "State, Report", "edition": "third", "year": 2024}
    assert source_text({**fact, "beside": beside}) == "Bank, Law, edition 2023; State, Report, edition third, year 2024"
    assert source_text({**fact, "beside": None}) == "Bank, Law, edition 2023"


def test_a_record_that_travelled_names_no_supplier() -> None:
    rows = [{key: part for key, part in row.items() if key != "business_only"} for row in hotel()["purchases"]["lines"]]
    assert {line.supplier for line in purchase_entries(rows)} == {""}
    assert any(SECRET in line.supplier for line in lines(*HOTEL))


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("purchases", [HOTEL[:1], HOTEL, LONG, UNKNOWN, sixty(), sixty() * 2])
def test_each_purchase_is_one_box_with_its_number_inside_the_drawing_and_none_lies_on_another(
    purchases: tuple[Purchase, ...],
) -> None:
    drawn = ET.fromstring(purchases_chart(purchase_entries(hotel(purchases)["purchases"]["lines"])))  # noqa: S314  # our own drawing
    width, height = (float(size) for size in drawn.attrib["viewBox"].split()[2:])
    boxes = [
        tuple(float(box.attrib[side]) for side in ("x", "y", "width", "height")) for box in drawn.iter(f"{SVG}rect")
    ]
    numbers = [text.text for text in drawn.iter(f"{SVG}text") if (text.text or "").isdigit()]
    assert sorted(map(int, filter(None, numbers))) == list(range(1, len(purchases) + 1))
    assert len(boxes) == len(purchases)
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    assert not [
        (a, b)
        for place, a in enumerate(boxes)
        for b in boxes[place + 1 :]
        if abs(a[0] - b[0]) < a[2] and abs(a[1] - b[1]) < a[3]
    ]


@pytest.mark.parametrize(("share", "column"), [(0, 0), (4.9, 0), (5, 1), (19.9, 1), (20, 2), (100, 2), (None, 3)])
def test_a_share_has_its_column_and_one_that_was_not_said_stands_apart(share: float | None, column: int) -> None:
    assert share_column(share) == column


def test_no_word_of_a_band_runs_into_a_box_in_whatever_font() -> None:
    """Screens have wider letters than our paper: a bold one takes up to 0.7 of its height."""
    lines = purchase_entries(hotel((*HOTEL, *UNKNOWN))["purchases"]["lines"])
    drawn = ET.fromstring(purchases_chart(lines))  # noqa: S314  # our own drawing
    first = min(float(box.attrib["x"]) for box in drawn.iter(f"{SVG}rect"))
    words = [text for text in drawn.iter(f"{SVG}text") if text.attrib.get("font-weight") == "700"]
    assert {line.word for line in lines} <= {text.text for text in words}
    assert "Not known" in {text.text for text in words}
    wide = [
        0.7 * float(text.attrib["font-size"]) * len(text.text or "")
        for text in words
        if not (text.text or "").isdigit()
    ]
    assert max(wide) < first


def test_bands_are_told_apart_without_colour() -> None:
    without_colour = {band: re.sub(r"#\w+", "", session.edge) for band, session in _BOX_STYLES.items()}
    assert len(set(without_colour.values())) == len(_BOX_STYLES)
    drawn = purchases_chart(purchase_entries(hotel()["purchases"]["lines"]))
    assert all(f">{word}</text>" in drawn for word in ("High", "Medium", "Not known", "Lower"))
    assert "style" not in drawn


def test_words_no_list_knows_stand_in_the_row_of_what_is_not_known() -> None:
    lines = purchase_entries(hotel((Purchase("eggs", "DK"), Purchase("lads who help out", "GB")))["purchases"]["lines"])
    assert chart_alt_text(lines).endswith("Not known: share not said: 1. Lower: share not said: 2.")


def test_the_alternative_says_what_the_drawing_shows() -> None:
    shares = (1, 2, None, 30)
    lines = purchase_entries(hotel(tuple(Purchase("Cocoa", "CI", share) for share in shares))["purchases"]["lines"])
    assert chart_alt_text(lines).endswith("High: under 5%: 1 to 2; 20% and more: 4; share not said: 3.")
    assert f"<title>{chart_alt_text(lines)}</title>" in purchases_chart(lines)


def test_every_fact_has_its_source_with_edition_licence_and_the_day_it_was_read() -> None:
    for purchases in (HOTEL, sixty()):
        block = hotel(purchases)["purchases"]
        rows = purchase_sources(block)
        for fact in (fact for line in block["lines"] for fact in line["facts"]):
            for cited in (fact, fact["beside"]):
                assert cited is None or any(
                    row.name.startswith(cited["source"]) and row.url == cited["url"] for row in rows
                ), cited
        assert all(row.licence and row.read and row.url.startswith("https://") for row in rows)
        assert len(set(rows)) == len(rows)


def test_lists_that_count_for_nothing_here_are_not_named() -> None:
    rows = purchase_sources(hotel((Purchase("cleaning"),))["purchases"])
    assert not [row for row in rows if "Department" in row.name or "Locale" in row.name]


def told(record: Any) -> PlanPurchases:
    found = purchases_of(record)
    assert found is not None
    return found


def test_every_kind_of_fact_names_source_edition_and_year_on_paper() -> None:
    record = hotel(one_of_each_kind())
    lines = told(record).lines
    assert {fact.kind for line in lines for fact in line.facts} == set(RISK_FACT_KINDS)
    said = {copy: text_of(copy_html(record, copy)) for copy in ("annex", "coordinator")}
    for line, row in ((line, record["purchases"]["lines"][line.index]) for line in lines):
        for fact, given in zip(line.facts, row["facts"], strict=True):
            for part in (given["source"], given["edition"], str(given["year"])):
                assert part in fact.source
            for text in said.values():
                assert fact.says in text
                assert fact.source in text


def test_the_paper_says_what_this_is_at_every_line_and_what_not_known_means() -> None:
    said = text_of(copy_html(hotel(), "annex"))
    start = said.index("You listed 15 purchases: 7 high, 5 medium, 2 not known, 1 lower.")
    part = said[start : said.index("Where the numbers come from")]
    assert part.count("This is about the country and goods, not this firm.") == len(HOTEL) + 1
    assert "it is no part of your score" in part
    assert "Not known is not the same as safe." in part
    assert "Lists like these see less in rich countries" in part


def test_steps_stand_in_the_order_of_the_record_with_day_person_and_effort() -> None:
    record = hotel()
    steps = told(record).steps
    assert [step.line.index for step in steps] == [step["line"] for step in record["purchases"]["steps"]]
    assert {step.line.band for step in steps} == {"high"}
    assert (steps[0].when, steps[0].owner, steps[0].effort) == ("by 24 December 2026", "Person who buys", "half a day")


def test_lines_whose_suppliers_are_asked_the_same_stand_together_and_lower_ones_are_not_asked() -> None:
    found = told(hotel())
    asked = [line.number for group in found.questions for line in group.lines]
    assert sorted(asked) == [line.number for line in found.lines if line.band != "lower"]
    assert len({group.ask for group in found.questions}) == len(found.questions) < len(asked)
    first = found.questions[0]
    assert first.numbers == "Numbers 1, 2, 3 and 4"
    assert [text.partition("\n")[0] for text in first.texts] == [
        f"{MESSAGE_OPENING} {bought}. {MESSAGE_REASSURANCE}"
        for bought in (
            "bed linen, table linen and towels from Pakistan",
            "uniforms and workwear from China",
            "cocoa from Côte d’Ivoire",
            "coffee from Brazil",
        )
    ]
    assert all(text.count("\n") == len(first.ask) for text in first.texts)


def test_a_text_for_a_supplier_names_what_is_bought_and_never_says_this_firm() -> None:
    texts = {
        line.name: text
        for group in told(hotel()).questions
        for line, text in zip(group.lines, group.texts, strict=True)
    }
    assert "you: rice. " in texts["Rice"]
    assert "you: cleaning. " in texts["Cleaning"]
    assert "you: laundry and linen hire (United Kingdom). " in texts["Laundry and linen hire"]
    assert "you: mats from the island from Kiribati. " in texts["mats from the island"]
    assert not [text for text in texts.values() if "this firm" in text or SECRET in text]


def test_while_advice_comes_first_no_firm_that_works_here_is_asked_anything() -> None:
    record = buying(a_record("hospitality", "hospitality medium", change={"core_controller": "yes"}))
    found = told(record)
    assert record["purchases"]["how_to_ask"] == ADVICE_FIRST_TEXT
    assert {line.name for line in found.waiting} >= {"Cleaning", "Agency and temporary workers", "Security guards"}
    asked = {line.name for group in found.questions for line in group.lines}
    assert asked.isdisjoint(line.name for line in found.waiting)
    assert "Cocoa" in asked
    held = {step.line.name: (step.do, step.when) for step in found.steps if step.line in found.waiting}
    assert set(held.values()) == {(ADVICE_FIRST_TEXT, "")}
    assert "Ask these firms nothing before you have advice" in text_of(copy_html(record, "annex"))
    calm = told(hotel())
    assert (calm.waiting, calm.how_to_ask == ADVICE_FIRST_TEXT) == ((), False)


def test_while_advice_comes_first_words_no_list_knows_are_treated_as_work_here() -> None:
    change = {"core_controller": "yes"}
    purchases = (Purchase("lads who help out"), Purchase("lads who help out", "CN"), Purchase("security", "CN"), *HOTEL)
    record = buying(a_record("hospitality", "hospitality medium", change=change), purchases)
    found = told(record)
    own = [line for line in found.lines if line.name == "lads who help out"]
    assert len(own) == 2
    assert set(own) <= set(found.waiting)
    page = text_of(copy_html(record, "annex"))
    asked = {line for group in found.questions for line in group.lines}
    assert asked.isdisjoint(found.waiting)
    assert "lads who help out, China" in page.partition("Ask these firms nothing before you have advice")[2]
    for step in found.steps:
        if step.line in found.waiting:
            assert (step.do, step.when) == (ADVICE_FIRST_TEXT, "")
    calm = told(hotel(purchases))
    assert calm.waiting == ()


def test_the_paper_says_when_our_numbers_were_last_looked_at_and_not_since_when_they_hold() -> None:
    record = hotel()
    assert "our judgement, last looked at on 24 November 2026." in text_of(copy_html(record, "annex"))
    assert (
        "1 April 2025" not in text_of(copy_html(record, "annex")).partition("You listed")[2].partition("strengths")[0]
    )


def test_the_paper_names_what_words_may_mean_by_name_and_never_by_id() -> None:
    record = hotel((Purchase("labour providers from Peterborough way"), Purchase("cleaners who come at night")))
    said = text_of(copy_html(record, "annex"))
    assert "You may mean Agency and temporary workers" in said
    assert "agency_labour" not in copy_html(record, "annex")


@pytest.mark.parametrize("copy", ["coordinator", "buyer", "wall"])
def test_no_copy_but_that_of_the_business_says_what_it_typed(copy: Copy) -> None:
    secret = "Quux Brothers who come at night"
    purchases = (Purchase(secret, "GB", 4), Purchase(f"{secret} twice", "CN"), Purchase("agency Quux"), *HOTEL)
    record = hotel(purchases)
    assert "Quux" not in copy_html(record, copy)
    assert secret in copy_html(record, "annex")
    plan, whole = coordinator_plan(record), business_plan(record)
    assert plan.purchases is not None
    assert whole.purchases is not None
    for line, theirs in zip(plan.purchases.lines, whole.purchases.lines, strict=True):
        assert (line.number, line.name, line.said) == (theirs.number, theirs.export_name, "")
    page = text_of(copy_html(record, "annex"))
    assert "your own words stand in your plan and on your pages alone" in page


@pytest.mark.parametrize("copy", ["wall", "buyer", "coordinator"])
def test_no_copy_but_that_of_the_business_names_a_supplier(copy: Copy) -> None:
    record = hotel()
    assert SECRET not in copy_html(record, copy)
    assert SECRET in copy_html(record, "annex")
    plan = coordinator_plan(record)
    assert plan.purchases is not None
    assert {line.supplier for line in plan.purchases.lines} == {""}


def test_what_is_bought_changes_no_action_no_score_and_nothing_else_of_the_plan() -> None:
    record = scenario("hospitality", "hospitality medium")
    bought, bare = business_plan(buying(record, sixty())), business_plan(record)
    for part in ("rating", "score_breakdown", "action_list", "first", "progress", "steps", "duties", "annex", "help"):
        assert getattr(bought, part) == getattr(bare, part)
    assert action_list_of(business_record(buying(record))) == bare.action_list


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_plan_without_purchases_has_nothing_of_them(bank: str, title: str, copy: Copy) -> None:
    record = scenario(bank, title)
    bare = copy_html(record, copy)
    assert "plan-bought" not in bare
    assert "plan-buys" not in bare
    empty = {**record, "purchases": {**hotel()["purchases"], "lines": [], "steps": []}}
    assert copy_html(empty, copy) == bare
    assert purchases_of(empty) is None


def test_the_plan_says_how_many_lines_are_high_and_where_to_begin() -> None:
    said = text_of(copy_html(hotel(), "business"))
    sentence = (
        "You listed 15 purchases: 7 high, 5 medium, 2 not known, 1 lower. It is no part of your score. "
        "Begin with number 6 (Agency and temporary workers, done in the UK). The annex has them all."
    )
    assert said.index("After that") < said.index("What you buy: " + sentence) < said.index("The law for you")
    assert "Each purchase and all that is known" not in said, "that is for the annex"


@pytest.mark.parametrize("answer", ["employer", "third"])
def test_while_advice_is_needed_nothing_is_counted_and_nothing_begun(answer: str) -> None:
    record = buying(a_record("hospitality", "hospitality medium", change={"core_documents": answer}))
    plan = business_plan(record)
    assert plan.urgent
    said = text_of(copy_html(record, "annex"))
    assert said.count("You listed 15 purchases") == 1, "only where purchases themselves are told"
    assert "Begin with number" not in said


def test_while_a_third_party_may_control_nothing_is_begun_with() -> None:
    record = buying(a_record("hospitality", "hospitality medium", change={"core_controller": "yes"}))
    plan = business_plan(record)
    assert plan.urgent
    assert plan.purchases is not None
    assert (plan.purchases.first, bool(plan.purchases.steps)) == (None, True)
    said = text_of(copy_html(record, "annex"))
    assert "Begin with number" not in said
    assert f"{ADVICE_FIRST_TEXT}. Questions can wait until then." in said


def test_who_listed_what_is_bought_is_not_told_to_begin_a_list() -> None:
    record = a_record("hospitality", "hospitality medium", change={"core_suppliers": "no"})
    begun = PURCHASE_LIST_QUESTIONS & {item.key for item in business_plan(record).action_list.items}
    assert begun == {"core_suppliers"}, "what exposure brings is one action, and a part of it is not begun by a list"
    words = "You have begun this"
    assert words not in text_of(copy_html(record, "business"))
    # so soon that it has a line on paper
    next(one for one in record["actions"] if one["question"] == "core_suppliers").update(days=0, due=record["made_on"])
    assert text_of(copy_html(buying(record), "business")).count(words) == len(begun)
