"""What the pages say: pages that could not be saved come back with all that was typed; words no list knows; broken files."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.purchase_pages import (
    band_summary,
    group_offers,
    has_services,
    line_as_text,
    line_count_text,
    line_error_rows,
    line_name,
    present_lines,
    read_purchase_form,
    service_options,
    to_engine_purchases,
)
from assess.assessments.purchases import MAX_LINES, LineContent, StoredLine, get_lines
from assess.engine.reference import usual_offers
from assess.question_banks.content_versions import add_content_version
from assess.question_banks.files import bundled_files
from assess.question_banks.models import ContentVersionReason
from tests.assessments.conftest import id_of, submit
from tests.assessments.purchases.test_views_purchases import record_of, row, words
from tests.conftest import TODAY
from tests.identity.accounts_factory import database_of
from tests.reference_data import real

on_sqlite_alone = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""For what a page says; how lines are kept is tested on both databases elsewhere."""


def test_who_submits_meanwhile_costs_nobody_what_was_typed_in_the_list(
    app: Any, visit: Any, another_visit: Any, listed: str, identify: Any
) -> None:
    another_visit.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    identify(listed)
    another_visit(f"{listed}purchases")
    submit(visit, listed)
    typed = {"1__country": "Vietnam", "2__share": "half", "3__supplier": "Leaf", "3__work": "catering"}
    page = another_visit.send("/purchases", **typed)
    assert page.status == 409
    html5lib.HTMLParser(strict=True).parse(page.html)
    assert "This page is not saved." in page.text
    assert row(page, 1).select_one("#country-1")["value"] == "Vietnam"
    assert row(page, 2).select_one("#share-2")["value"] == "half"
    assert row(page, 3).select_one("#supplier-3")["value"] == "Leaf"
    assert row(page, 3).select_one("option[selected]")["value"] == "catering"
    assert page.soup.select_one(f"#notice a[href='{listed}']") is not None
    assert "Everything else on the page is saved" not in page.text
    with database_of(app).reading() as session:
        assert [line.said.country for line in get_lines(session, id_of(listed))] == [None, None, None]
    assert "You submitted this on" in visit(listed).text, "nothing is opened before somebody says so"
    page = another_visit.send("/purchases", **{"2__share": "50"})
    assert page.status == 200
    assert "You are correcting" in visit(listed).text
    page = visit(f"{listed}purchases")
    assert row(page, 1).select_one("#country-1")["value"] == "Vietnam"
    assert words(row(page, 3).legend) == "3. Catering and event staff"
    assert page.soup.select("input[name=reopen]") == []


def test_a_line_somebody_took_off_and_submitted_without_is_not_lost_either(
    visit: Any, another_visit: Any, listed: str, identify: Any
) -> None:
    another_visit.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    identify(listed)
    another_visit(f"{listed}purchases")
    visit(f"{listed}purchases")
    visit.send("/purchases", remove="1")
    submit(visit, listed)
    page = another_visit.send("/purchases", **{"1__country": "Vietnam"})
    assert page.status == 409
    page = another_visit.send("/purchases")
    assert (page.status, page.heading) == (409, "This line was changed meanwhile")
    assert "Put in what you typed: Prawns and shrimp, Vietnam" in page.text


def test_who_submits_meanwhile_costs_nobody_what_was_to_be_added_or_put_back(
    visit: Any, another_visit: Any, listed: str, identify: Any
) -> None:
    another_visit.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    identify(listed)
    chosen = another_visit(f"{listed}purchases/choose")
    another_visit(f"{listed}purchases")
    removed = another_visit.send("/purchases", remove="2")
    submit(visit, listed)
    another_visit.page = chosen
    page = another_visit.send("/add", offer=["rice"], own="gizmo lamps")
    assert page.status == 409
    assert "This page is not saved." in page.text
    assert page.soup.select_one("#own").text == "gizmo lamps"
    assert [box["value"] for box in page.soup.select("input[name=offer][checked]")] == ["rice"]
    not_added = page
    another_visit.page = removed
    page = another_visit.send("/undo")
    assert page.status == 409
    assert "Open the answers again and put it back" in page.text
    assert "Everything else is saved" not in page.text, "nothing was: the answers were sent in meanwhile"
    page = another_visit.send("/undo")
    assert [words(legend) for legend in page.soup.select("legend")][1] == "2. Cleaning"
    another_visit.page = not_added
    page = another_visit.send("/add", offer=["rice"], own="gizmo lamps")
    assert [words(legend) for legend in page.soup.select("legend")][3:] == ["4. Rice", "5. Gizmo lamps"]


@on_sqlite_alone
def test_the_last_line_can_be_put_back_after_somebody_submitted(visit: Any, hotel: str, identify: Any) -> None:
    identify(hotel)
    visit(f"{hotel}purchases")
    visit.send("/add", offer=["rice"])
    removed = visit.send("/purchases", remove="1")
    submit(visit, hotel)
    visit.page = removed
    page = visit.send("/undo")
    assert page.status == 409
    assert words(visit.send("/undo").soup.legend) == "1. Rice"


def test_a_line_comes_back_without_its_share_where_there_is_no_room_and_the_page_says_so(
    visit: Any, listed: str
) -> None:
    visit(f"{listed}purchases")
    visit.send("/purchases", **{"1__share": "60", "2__share": "40"})
    removed = visit.send("/purchases", remove="1")
    visit.send("/purchases", **{"2__share": "90"})
    visit.page = removed
    page = visit.send("/undo")
    assert page.status == 422
    assert "Together the shares would be 150 per cent, and they can be 100 at most." in page.text
    assert row(page, 1).select_one("#share-1")["value"] == "60"
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#share-1"
    page = visit.send("/purchases", **{"1__share": "10"})
    assert "So far the shares add up to 100" in page.text


@on_sqlite_alone
def test_a_full_list_takes_nothing_back_and_says_so(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    visit.send("/add", own="\n".join(f"thing {number}" for number in range(MAX_LINES)))
    removed = visit.send("/purchases", remove="1")
    visit(f"{hotel}purchases/choose")
    visit.send("/add", own="rice")
    visit.page = removed
    page = visit.send("/undo")
    assert page.status == 422
    assert "Thing 0 stays off: the list can have 100 lines. Take one off, then add this again." in page.text
    assert len(page.soup.select("fieldset")) == MAX_LINES
    assert page.soup.select_one(page.soup.select_one(".govuk-error-summary a")["href"]) is not None


@on_sqlite_alone
def test_words_no_list_knows_ask_for_the_kind_of_work_and_take_it(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    visit.send("/add", own="lads who help out\nrice")
    page = visit.send("/purchases", **{"1__country": "UK", "2__country": "India"})
    first = words(row(page, 1))
    assert row(page, 1).select_one(".assess-buys__band").text == "Not known"
    assert "No list knows these words. If people do this work here, choose the kind of work." in first
    assert "15 of 100" not in first
    assert row(page, 2).select_one("select") is None
    page = visit.send("/purchases", **{"1__work": "agency_labour"})
    assert words(row(page, 1).legend) == "1. Agency and temporary workers"
    assert row(page, 1).select_one(".assess-buys__band").text == "High risk"


@on_sqlite_alone
@pytest.mark.parametrize("said", ["Beef", "beef"])
def test_a_large_letter_changes_no_risk(visit: Any, hotel: str, said: str) -> None:
    visit(f"{hotel}purchases")
    visit.send("/add", own=said)
    page = visit.send("/purchases", **{"1__country": "Paraguay"})
    assert "High risk 90 of 100" in words(row(page, 1))


@on_sqlite_alone
def test_a_country_in_another_script_stays_in_its_field_with_a_sentence(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    page = visit.send("/purchases", **{"1__country": "中国"})
    assert page.status == 422
    assert row(page, 1).select_one("#country-1")["value"] == "中国"
    assert "There is no country “中国”" in page.text


@on_sqlite_alone
def test_files_of_a_newer_release_that_this_process_cannot_read_stop_no_page(
    app: Any, visit: Any, listed: str, identify: Any
) -> None:
    assert visit(f"{listed}purchases").status == 200
    changes: dict[str, bytes | None] = {}
    for name, column in (("reference/goods_risk.csv", "good,"), ("reference/sector_goods.csv", "category,")):
        text = bundled_files().files[name].text
        assert column in text.splitlines()[0]
        changes[name] = text.replace(column, f"other{column}", 1).encode()
    with database_of(app).writing() as session:
        add_content_version(session, changes, TODAY, reason=ContentVersionReason.RELEASE)
    page = visit(f"{listed}purchases/choose")
    assert page.status == 200
    assert "Linen" in page.text, "things stand in their groups still"
    visit(f"{listed}purchases")
    assert "High risk 90 of 100" in visit.send("/purchases", **{"1__country": "India"}).text
    identify(listed)
    submit(visit, listed)
    assert record_of(app, listed)["purchases"]["lines"][0]["risk"] == 90


@on_sqlite_alone
def test_what_was_added_and_taken_off_is_added_again_and_what_is_there_is_said_to_be(visit: Any, hotel: str) -> None:
    chosen = visit(f"{hotel}purchases")
    visit.send("/add", offer=["rice"])
    visit.send("/purchases", remove="1")
    visit.page = chosen
    page = visit.send("/add", offer=["rice"])
    assert words(page.soup.legend) == "1. Rice"
    visit.page = chosen
    page = visit.send("/add", offer=["rice"])
    assert len(page.soup.select("legend")) == 1
    assert "This is on your list already." in page.text


def lines(*said: LineContent) -> list[StoredLine]:
    return [StoredLine(number, one, 1) for number, one in enumerate(said, 1)]


def test_each_line_says_its_risk_in_words_and_because_of_which_fact_of_which_list_and_year() -> None:
    (line,) = present_lines(lines(LineContent("prawns and shrimp", "IN")), real())
    assert (line.name, line.band, line.band_name, line.risk) == ("Prawns and shrimp", "high", "High", "90")
    assert "India" in line.decides.says
    assert line.decides.source.startswith("US Department of Labor")
    assert any(year in line.decides.source for year in ("2022", "2024"))
    assert line.typed["country"] == "India"


@pytest.mark.parametrize("good", ["rice", "cleaning", "eggs", "Shrimp", "gizmo lamps"])
@pytest.mark.parametrize("country", [None, "GB", "IN", "IT", "AQ"])
def test_every_fact_that_is_shown_names_its_list_and_a_year(good: str, country: str | None) -> None:
    (line,) = present_lines(lines(LineContent(good, country)), real())
    for fact in (line.decides, *line.others):
        assert any(str(year) in fact.source for year in range(2010, 2027)), fact
        assert fact.says
        assert fact.url.startswith("https://")


def test_what_is_not_known_says_so_and_never_reads_as_safe() -> None:
    unknown, nowhere, own = present_lines(
        lines(LineContent("rice"), LineContent("rice", "AQ"), LineContent("gizmo lamps", "AQ")), real()
    )
    assert unknown.band == "medium"
    assert own.band == "not_known"
    assert (own.band_name, own.risk, own.own_words) == ("Not known", None, True)
    assert "lower" not in {unknown.band, nowhere.band, own.band}
    (here,) = present_lines(lines(LineContent("lads who help out", "GB")), real())
    assert (here.band, here.band_name, here.risk) == ("not_known", "Not known", None)
    assert here.decides.says.startswith(
        "No list knows these words. If people do this work here, choose the kind of work."
    )


def test_own_words_say_what_they_may_mean() -> None:
    (line,) = present_lines(lines(LineContent("salad bar things")), real())
    assert line.own_words
    assert ("lettuce and salad", "Lettuce and salad") in line.perhaps
    (line,) = present_lines(lines(LineContent("Prawns")), real())
    assert (line.own_words, line.name, line.perhaps) == (False, "Prawns and shrimp", [])


def test_work_done_in_the_uk_is_told_apart() -> None:
    assert [line.is_service for line in present_lines(lines(LineContent("cleaning"), LineContent("rice")), real())] == [
        True,
        False,
    ]


def test_what_cannot_be_read_stands_in_its_field_and_what_can_as_it_is_stored() -> None:
    form = MultiDict({"1.seen": "1", "1.country": "Ecuadr", "1.share": "7", "1.supplier": ""})
    shown = present_lines(lines(LineContent("rice", "IN", 5.0)), real(), read_purchase_form(form, real()))
    assert (shown[0].typed["country"], shown[0].typed["share"]) == ("Ecuadr", "5")
    assert line_error_rows(shown) == [
        ("country-1", "1. Rice, country: There is no country “Ecuadr”. Did you mean “Ecuador”?")
    ]


def test_a_list_with_work_is_told_from_one_with_goods_alone() -> None:
    assert has_services(lines(LineContent("rice"), LineContent("cleaning")), real())
    assert not has_services(lines(LineContent("rice"), LineContent("gizmo lamps")), real())


def test_the_sum_counts_every_line() -> None:
    shown = present_lines(
        lines(LineContent("rice", "IN"), LineContent("rice"), LineContent("gizmo lamps", "AQ")), real()
    )
    assert band_summary(shown, real()) == "3 lines: 1 high, 1 medium, 1 not known."
    assert (line_count_text(1), line_count_text(15)) == ("1 line", "15 lines")
    safest_last = present_lines(lines(LineContent("eggs", "DK"), LineContent("lads who help out", "GB")), real())
    assert band_summary(safest_last, real()) == "2 lines: 1 not known, 1 lower."


def test_a_figure_of_two_lists_names_both() -> None:
    (line,) = present_lines(lines(LineContent("wax and polish", "MM")), real())
    assert line.decides.source.startswith("World Bank, Worldwide Governance Indicators, rule of law, ")
    assert "; US Department of State, Trafficking in Persons Report, 2025" in line.decides.source


def test_every_kind_of_work_can_be_chosen() -> None:
    works = service_options(real())
    assert ("cleaning", "Cleaning") in works
    assert [name for _, name in works] == sorted(name for _, name in works)
    assert {key for key, _ in works} == {key for key, offer in real().offers.items() if offer.kind == "service"}


def test_of_a_form_that_could_not_be_saved_everything_stands_as_it_was_typed() -> None:
    form = MultiDict({"1.seen": "1", "1.country": "Spain", "1.share": "7", "1.supplier": "Sea", "1.work": "cleaning"})
    stored = [
        StoredLine(1, LineContent("lads who help out", "IN", 5.0), 3),
        StoredLine(2, LineContent("rice", "IN"), 1),
    ]
    one, other = present_lines(stored, real(), read_purchase_form(form, real()), closed=True)
    assert (one.typed["country"], one.typed["share"], one.typed["supplier"]) == ("Spain", "7", "Sea")
    assert (one.work, one.revision) == ("cleaning", 1), "so that what somebody else wrote meanwhile is noticed later"
    assert (other.typed["country"], other.work, other.revision) == ("India", "", 1)


def test_the_engine_gets_lines_as_an_answers_file_would_give_them() -> None:
    (purchase,) = to_engine_purchases(lines(LineContent("rice", "IN", 12.0, "")), real()).purchases
    assert (purchase.good, purchase.country, purchase.supplier) == ("rice", "IN", None)
    assert repr(purchase.share) == "12"
    (gone,) = to_engine_purchases(lines(LineContent("rice", "ZZ", 12.5, "Sea & Co")), real()).purchases
    assert (gone.country, gone.share, gone.supplier) == (None, 12.5, "Sea & Co"), "a country the lists no longer have"


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
def test_what_a_sector_usually_buys_stands_in_groups_work_first_and_nothing_is_left_out(bank: str) -> None:
    usual = usual_offers(real(), bank)
    groups = group_offers(usual, bank, frozenset({"cleaning"}))
    assert groups[0].title == "Work done for you"
    assert sorted(key for group in groups for key, _, _ in group.offers) == sorted(offer.key for offer in usual)
    marked = [key for group in groups for key, _, on_list in group.offers if on_list]
    assert marked == ([] if bank == "car_washes" else ["cleaning"])
    (found,) = group_offers(usual, bank, frozenset(), one="what we found")
    assert found.title == "What we found"


def test_a_line_in_words_holds_everything_that_could_differ() -> None:
    assert line_as_text(LineContent("rice", "IN", 12.5, "Sea"), real()) == "Rice, India, 12.5 per cent, supplier Sea"
    assert line_as_text(LineContent("rice"), real()) == "Rice, country not known, no share, no supplier"
    assert line_as_text(LineContent("rice", removed=True), real()) == "Rice: taken off the list"
    assert line_name(LineContent("gizmo lamps"), real()) == "Gizmo lamps"
