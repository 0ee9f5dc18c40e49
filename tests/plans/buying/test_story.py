from __future__ import annotations

from typing import Any

import pytest

from assess.engine.plan import ADVICE_FIRST
from assess.engine.purchases import KINDS, Purchase
from assess.plans.actions import register_of
from assess.plans.buying.story import BEGUN_BY_A_LIST, NOT_YOU, OPENING, Buying, buying_of
from assess.plans.copies import COPIES, Copy, business_record
from assess.plans.document import business_plan, coordinator_plan
from assess.plans.pages import to_html
from tests.plans.buying.bought import HOTEL, SECRET, buying, hotel, one_of_each_kind, sixty
from tests.plans.records import SCENARIOS, a_record, scenario, text_of


def told(record: Any) -> Buying:
    found = buying_of(record)
    assert found is not None
    return found


def test_every_kind_of_fact_names_source_edition_and_year_on_paper() -> None:
    record = hotel(one_of_each_kind())
    lines = told(record).lines
    assert {fact.kind for line in lines for fact in line.facts} == set(KINDS)
    said = {copy: text_of(to_html(record, copy)) for copy in ("business", "large", "coordinator")}
    for line, row in ((line, record["purchases"]["lines"][line.index]) for line in lines):
        for fact, given in zip(line.facts, row["facts"], strict=True):
            for part in (given["source"], given["edition"], str(given["year"])):
                assert part in fact.source
            for text in said.values():
                assert fact.says in text
                assert fact.source in text


def test_the_paper_says_what_this_is_at_every_line_and_what_not_known_means() -> None:
    said = text_of(to_html(hotel(), "business"))
    start = said.index("You listed 15 purchases: 7 high, 5 medium, 2 not known, 1 lower.")
    part = said[start : said.index("What you already do well")]
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
        f"{OPENING} {bought}. {NOT_YOU}"
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
    assert record["purchases"]["how_to_ask"] == ADVICE_FIRST
    assert {line.name for line in found.waiting} >= {"Cleaning", "Agency and temporary workers", "Security guards"}
    asked = {line.name for group in found.questions for line in group.lines}
    assert asked.isdisjoint(line.name for line in found.waiting)
    assert "Cocoa" in asked
    held = {step.line.name: (step.do, step.when) for step in found.steps if step.line in found.waiting}
    assert set(held.values()) == {(ADVICE_FIRST, "")}
    assert "Ask these firms nothing before you have advice" in text_of(to_html(record, "business"))
    calm = told(hotel())
    assert (calm.waiting, calm.how_to_ask == ADVICE_FIRST) == ((), False)


def test_while_advice_comes_first_words_no_list_knows_are_treated_as_work_here() -> None:
    change = {"core_controller": "yes"}
    purchases = (Purchase("lads who help out"), Purchase("lads who help out", "CN"), Purchase("security", "CN"), *HOTEL)
    record = buying(a_record("hospitality", "hospitality medium", change=change), purchases)
    found = told(record)
    own = [line for line in found.lines if line.name == "lads who help out"]
    assert len(own) == 2
    assert set(own) <= set(found.waiting)
    page = text_of(to_html(record, "business"))
    asked = {line for group in found.questions for line in group.lines}
    assert asked.isdisjoint(found.waiting)
    assert "lads who help out, China" in page.partition("Ask these firms nothing before you have advice")[2]
    for step in found.steps:
        if step.line in found.waiting:
            assert (step.do, step.when) == (ADVICE_FIRST, "")
    calm = told(hotel(purchases))
    assert calm.waiting == ()


def test_the_paper_says_when_our_numbers_were_last_looked_at_and_not_since_when_they_hold() -> None:
    record = hotel()
    assert "our judgement, last looked at on 24 November 2026." in text_of(to_html(record, "business"))
    assert (
        "1 April 2025" not in text_of(to_html(record, "business")).partition("You listed")[2].partition("strengths")[0]
    )


def test_the_paper_names_what_words_may_mean_by_name_and_never_by_id() -> None:
    record = hotel((Purchase("labour providers from Peterborough way"), Purchase("cleaners who come at night")))
    said = text_of(to_html(record, "business"))
    assert "You may mean Agency and temporary workers" in said
    assert "agency_labour" not in to_html(record, "business")


@pytest.mark.parametrize("copy", ["coordinator", "buyer", "wall"])
def test_no_copy_but_that_of_the_business_says_what_it_typed(copy: Copy) -> None:
    secret = "Quux Brothers who come at night"
    purchases = (Purchase(secret, "GB", 4), Purchase(f"{secret} twice", "CN"), Purchase("agency Quux"), *HOTEL)
    record = hotel(purchases)
    assert "Quux" not in to_html(record, copy)
    for own in ("business", "large"):
        assert secret in to_html(record, own)
    plan, whole = coordinator_plan(record), business_plan(record)
    assert plan.buying is not None
    assert whole.buying is not None
    for line, theirs in zip(plan.buying.lines, whole.buying.lines, strict=True):
        assert (line.number, line.name, line.said) == (theirs.number, theirs.travels_as, "")
    page = text_of(to_html(record, "business"))
    assert "your own words stand in your plan and on your pages alone" in page


@pytest.mark.parametrize("copy", ["wall", "buyer", "coordinator"])
def test_no_copy_but_that_of_the_business_names_a_supplier(copy: Copy) -> None:
    record = hotel()
    assert SECRET not in to_html(record, copy)
    assert SECRET in to_html(record, "business")
    assert SECRET in to_html(record, "large")
    plan = coordinator_plan(record)
    assert plan.buying is not None
    assert {line.supplier for line in plan.buying.lines} == {""}


def test_what_is_bought_changes_no_action_no_score_and_nothing_else_of_the_plan() -> None:
    record = scenario("hospitality", "hospitality medium")
    bought, bare = business_plan(buying(record, sixty())), business_plan(record)
    for part in ("rating", "statement", "register", "first", "progress", "steps", "duties", "annex", "help"):
        assert getattr(bought, part) == getattr(bare, part)
    assert register_of(business_record(buying(record))) == bare.register


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_a_plan_without_purchases_has_nothing_of_them(bank: str, title: str, copy: Copy) -> None:
    record = scenario(bank, title)
    bare = to_html(record, copy)
    assert "plan-bought" not in bare
    assert "plan-buys" not in bare
    empty = {**record, "purchases": {**hotel()["purchases"], "lines": [], "steps": []}}
    assert to_html(empty, copy) == bare
    assert buying_of(empty) is None


def test_the_pages_people_work_with_say_how_many_lines_are_high_and_where_to_begin() -> None:
    said = text_of(to_html(hotel(), "business"))
    sentence = (
        "You listed 15 purchases: 7 high, 5 medium, 2 not known, 1 lower. It is no part of your score. "
        "Begin with number 6 (Agency and temporary workers, done in the UK): what to do about the high ones ."
    )
    places = [
        said.index("What you buy: " + sentence),
        said.index("What you buy: its steps are not among these. " + sentence),
    ]
    assert said.index("Three things to do first") < places[0] < said.index("What to do 29 things") < places[1]
    assert said.index("What to do about the high ones In this order") < said.index(
        "Each purchase and all that is known"
    )
    calm = text_of(to_html(hotel(HOTEL[10:12]), "business"))
    assert "You listed 2 purchases: 2 medium. It is no part of your score. See what you buy" in calm


@pytest.mark.parametrize("answer", ["employer", "third"])
def test_while_advice_is_needed_nothing_is_counted_and_nothing_begun(answer: str) -> None:
    record = buying(a_record("hospitality", "hospitality medium", change={"core_documents": answer}))
    plan = business_plan(record)
    assert plan.urgent
    said = text_of(to_html(record, "business"))
    assert said.count("You listed 15 purchases") == 1, "only where purchases themselves are told"
    assert "Begin with number" not in said


def test_while_a_third_party_may_control_nothing_is_begun_with() -> None:
    record = buying(a_record("hospitality", "hospitality medium", change={"core_controller": "yes"}))
    plan = business_plan(record)
    assert plan.urgent
    assert plan.buying is not None
    assert (plan.buying.first, bool(plan.buying.steps)) == (None, True)
    said = text_of(to_html(record, "business"))
    assert "Begin with number" not in said
    assert f"{ADVICE_FIRST}. Questions can wait until then." in said


def test_who_listed_what_is_bought_is_not_told_to_begin_a_list() -> None:
    record = a_record("hospitality", "hospitality medium", change={"core_suppliers": "no"})
    begun = BEGUN_BY_A_LIST & {item.key for item in business_plan(record).register.items}
    assert begun == {"core_suppliers"}, "what exposure brings is one action, and a part of it is not begun by a list"
    words = "You have begun this"
    assert words not in text_of(to_html(record, "business"))
    assert text_of(to_html(buying(record), "business")).count(words) == len(begun)
