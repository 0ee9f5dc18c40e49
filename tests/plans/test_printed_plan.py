"""The printed plan has at most eight pages, six for a quick check, whatever was answered; what is to be done first stands on page one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import outloud
import pytest
from bs4 import BeautifulSoup

from assess.cli.report import _read_record
from assess.core.pdf import load_weasyprint
from assess.plans.action_tracker.state import ItemState
from assess.plans.plan_page import business_plan, coordinator_plan
from assess.plans.print_html import copy_html
from assess.plans.printed_plan import LONGEST_TYPED, printed_plan_of
from benchmarks.plan_jobs import CODE, at_the_limit
from tests.engine.real_banks import BANKS
from tests.plans.printed_pdfs import opened, render_copy
from tests.plans.records import SCENARIOS, Record, a_record, scenario, settled_facts, text_of
from tests.plans.test_every_copy import has_headers_and_words_for_drawings, has_headings_and_bookmarks

FIRMS = sorted((Path(__file__).parents[2] / "benchmarks" / "firms").glob("*.json"))
MOST_PAGES, MOST_PAGES_QUICK = 8, 6


def laid_out(record: Record) -> int:
    return len(load_weasyprint().HTML(string=copy_html(record, "business", {}, CODE)).render().pages)


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
@pytest.mark.parametrize("told", [False, True], ids=["no facts", "facts"])
def test_each_scenario_fits(bank: str, title: str, *, told: bool) -> None:
    assert laid_out(a_record(bank, title, facts=settled_facts(bank) if told else {})) <= MOST_PAGES


@pytest.mark.parametrize("firm", FIRMS, ids=[firm.stem for firm in FIRMS])
def test_each_of_the_six_firms_fits(firm: Path) -> None:
    record = _read_record(firm, date(2026, 11, 29))
    assert laid_out(dict(record)) <= MOST_PAGES
    starts_with_what_to_do(dict(record))


@pytest.mark.parametrize("bank", BANKS)
def test_a_quick_check_has_six_pages(bank: str) -> None:
    record = a_record(bank, f"{bank} medium", quick=True)
    assert laid_out(record) <= MOST_PAGES_QUICK


@pytest.mark.parametrize("quick", [False, True], ids=["whole", "quick"])
def test_a_record_with_everything_at_its_limit_fits(tmp_path: Path, *, quick: bool) -> None:
    content = render_copy(at_the_limit(quick=quick), "business", {}, CODE)
    file = opened(content)
    assert len(file.pages) <= (MOST_PAGES_QUICK if quick else MOST_PAGES)
    path = tmp_path / "plan.pdf"
    path.write_bytes(content)
    heard = outloud.check(str(path))
    assert (heard.error, heard.errors) == (None, 0)
    has_headings_and_bookmarks(file)
    has_headers_and_words_for_drawings(file)
    assert render_copy(at_the_limit(quick=quick), "business", {}, CODE) == content


def starts_with_what_to_do(record: Record) -> None:
    first = text_of(copy_html(record, "business").split('class="plan-page"')[0])
    plan = business_plan(record)
    if plan.urgent:
        assert "get advice before you do anything else" in first
        assert "to do first" not in first
    else:
        assert not plan.first or " ".join(plan.first[0].name.split()) in first


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_first_thing_to_do_stands_on_page_one(bank: str, title: str) -> None:
    starts_with_what_to_do(scenario(bank, title))


@pytest.mark.parametrize("quick", [False, True], ids=["whole", "quick"])
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_each_open_step_has_a_line_once_in_the_plan_or_else_in_the_annex(bank: str, title: str, *, quick: bool) -> None:
    record = a_record(bank, title, quick=quick)
    plan = business_plan(record)
    steps = printed_plan_of(record, plan).steps
    assert len(steps.first) <= 10
    rows = [*steps.first, *steps.after, *steps.left]
    assert [row.number for row in rows] == list(range(1, plan.action_list.count + 1))
    said, annex = text_of(copy_html(record, "business")), text_of(copy_html(record, "annex"))
    for row in (*steps.first, *steps.after):
        assert f"{row.number} {' '.join(filter(None, (row.title, ' '.join(row.do.split()))))}" in said
    assert ("the annex has" in said) == ("More steps of your plan" in annex) == bool(steps.left)
    for row in steps.left:
        assert f"{row.number}. {' '.join(row.do.split())}" in annex


def test_the_first_things_carry_the_numbers_of_the_list_as_text() -> None:
    """A printer counts lists by itself and takes no notice of their numbers."""
    record = a_record("car_washes", "car_washes critical", quick=True)
    listed = {item.title: item.number for item in business_plan(record).action_list.items}
    things = BeautifulSoup(copy_html(record, "business"), "html.parser").select(".plan-first > li > strong")
    said = [thing.get_text() for thing in things]
    assert said == [f"{listed[one.partition('. ')[2]]}. {one.partition('. ')[2]}" for one in said]
    assert [one.partition(".")[0] for one in said] != ["1", "2", "3"]


def test_no_step_is_left_out_while_a_page_has_room_for_it() -> None:
    farm = scenario("farming", "farming medium")
    steps = printed_plan_of(farm, business_plan(farm)).steps
    assert (len(steps.first), len(steps.after), steps.left) == (10, 8, ())
    wash = a_record("car_washes", "car_washes critical", quick=True)
    steps = printed_plan_of(wash, business_plan(wash)).steps
    assert (len(steps.first), len(steps.after), steps.left) == (6, 2, ())


def test_what_follows_has_the_columns_of_the_first_steps_and_its_date_above() -> None:
    html = copy_html(scenario("farming", "farming medium"), "business")
    first, after = BeautifulSoup(html, "html.parser").select("table.plan-steps")
    assert [th.text for th in first.select("th")] == [th.text for th in after.select("th")]
    assert "After that, from 23 January 2027" in text_of(html)
    assert "23 January 2027" in after.select_one("tbody tr").text


def test_large_print_and_a_coordinator_have_every_step() -> None:
    record = scenario("car_washes", "car_washes critical")
    assert printed_plan_of(record, business_plan(record)).steps.left
    for plan in (business_plan(record, copy="large"), coordinator_plan(record)):
        steps = printed_plan_of(record, plan).steps
        assert not steps.left
        assert len(steps.first) + len(steps.after) == plan.action_list.count


def test_what_an_answer_costs_is_told_as_lost() -> None:
    said = text_of(copy_html(scenario("farming", "farming medium"), "business"))
    assert "Private talks with workers: 4 points, all lost" in said
    assert "Records of hours: 4 points, 2 lost" in said


def test_the_months_count_the_steps_and_say_so_in_words() -> None:
    record = scenario("farming", "farming medium")
    months = printed_plan_of(record, business_plan(record)).months
    dated = [item for item in business_plan(record).action_list.items if item.what == "action" and not item.later]
    assert len(months.months) == 12
    assert f"{months.months[0].first_day:%B %Y}" == "November 2026"
    assert sum(month.steps for month in months.months) == len(dated)
    assert "December" in months.alt_text


@pytest.mark.parametrize("bank", BANKS)
def test_the_answers_that_cost_most_are_everyday_ones(bank: str) -> None:
    calm = a_record(bank, f"{bank} medium")
    grave = a_record(bank, f"{bank} medium", change={"core_documents": "employer", "core_threats": "yes"})
    found = [printed_plan_of(record, business_plan(record)).costly for record in (calm, grave)]
    assert found[0] == found[1]
    assert 0 < len(found[0]) <= 5


def test_a_name_somebody_typed_is_cut_on_the_pages_of_steps() -> None:

    record = scenario("farming", "farming medium")
    key = business_plan(record).action_list.items[1].key
    plan = business_plan(record, {key: ItemState(response="accepted", owner="W" * 80, revision=1)})
    (who,) = {step.who for step in printed_plan_of(record, plan).steps.first if step.number == 2}
    assert who == "W" * (LONGEST_TYPED - 1) + "…"


def test_the_list_of_law_that_is_broken_says_that_it_is_not_all() -> None:
    records = [scenario(bank, title) for bank, title in SCENARIOS]
    broken = [record for record in records if record["result"]["breaches"]]
    assert broken
    said = "By your answers, you do not do all of this yet. There may be more that we did not ask."
    assert all(printed_plan_of(record, business_plan(record)).law.groups[0][0] == said for record in broken)
