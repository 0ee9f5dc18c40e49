from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.purchases.forms import read_lines
from assess.assessments.purchases.keeping import Line, Said
from assess.assessments.purchases.showing import (
    bought_of,
    fault_rows,
    groups_of,
    has_work,
    how_many,
    name_of,
    said_in_words,
    shown_lines,
    summed_up,
    works_of,
)
from assess.engine.reference_search import usual_for
from tests.references import real


def lines(*said: Said) -> list[Line]:
    return [Line(number, one, 1) for number, one in enumerate(said, 1)]


def test_each_line_says_its_risk_in_words_and_because_of_which_fact_of_which_list_and_year() -> None:
    (line,) = shown_lines(lines(Said("prawns and shrimp", "IN")), real())
    assert (line.name, line.band, line.band_name, line.risk) == ("Prawns and shrimp", "high", "High", "90")
    assert "India" in line.decides.says
    assert line.decides.source.startswith("US Department of Labor")
    assert any(year in line.decides.source for year in ("2022", "2024"))
    assert line.typed["country"] == "India"


@pytest.mark.parametrize("good", ["rice", "cleaning", "eggs", "Shrimp", "gizmo lamps"])
@pytest.mark.parametrize("country", [None, "GB", "IN", "IT", "AQ"])
def test_every_fact_that_is_shown_names_its_list_and_a_year(good: str, country: str | None) -> None:
    (line,) = shown_lines(lines(Said(good, country)), real())
    for fact in (line.decides, *line.others):
        assert any(str(year) in fact.source for year in range(2010, 2027)), fact
        assert fact.says
        assert fact.url.startswith("https://")


def test_what_is_not_known_says_so_and_never_reads_as_safe() -> None:
    unknown, nowhere, own = shown_lines(lines(Said("rice"), Said("rice", "AQ"), Said("gizmo lamps", "AQ")), real())
    assert unknown.band == "medium"
    assert own.band == "not_known"
    assert (own.band_name, own.risk, own.own_words) == ("Not known", None, True)
    assert "lower" not in {unknown.band, nowhere.band, own.band}
    (here,) = shown_lines(lines(Said("lads who help out", "GB")), real())
    assert (here.band, here.band_name, here.risk) == ("not_known", "Not known", None)
    assert here.decides.says.startswith(
        "No list knows these words. If people do this work here, choose the kind of work."
    )


def test_own_words_say_what_they_may_mean() -> None:
    (line,) = shown_lines(lines(Said("salad bar things")), real())
    assert line.own_words
    assert ("lettuce and salad", "Lettuce and salad") in line.perhaps
    (line,) = shown_lines(lines(Said("Prawns")), real())
    assert (line.own_words, line.name, line.perhaps) == (False, "Prawns and shrimp", [])


def test_work_done_in_the_uk_is_told_apart() -> None:
    assert [line.is_service for line in shown_lines(lines(Said("cleaning"), Said("rice")), real())] == [True, False]


def test_what_cannot_be_read_stands_in_its_field_and_what_can_as_it_is_stored() -> None:
    form = MultiDict({"1.seen": "1", "1.country": "Ecuadr", "1.share": "7", "1.supplier": ""})
    shown = shown_lines(lines(Said("rice", "IN", 5.0)), real(), read_lines(form, real()))
    assert (shown[0].typed["country"], shown[0].typed["share"]) == ("Ecuadr", "5")
    assert fault_rows(shown) == [
        ("country-1", "1. Rice, country: There is no country “Ecuadr”. Did you mean “Ecuador”?")
    ]


def test_a_list_with_work_is_told_from_one_with_goods_alone() -> None:
    assert has_work(lines(Said("rice"), Said("cleaning")), real())
    assert not has_work(lines(Said("rice"), Said("gizmo lamps")), real())


def test_the_sum_counts_every_line() -> None:
    shown = shown_lines(lines(Said("rice", "IN"), Said("rice"), Said("gizmo lamps", "AQ")), real())
    assert summed_up(shown, real()) == "3 lines: 1 high, 1 medium, 1 not known."
    assert (how_many(1), how_many(15)) == ("1 line", "15 lines")
    safest_last = shown_lines(lines(Said("eggs", "DK"), Said("lads who help out", "GB")), real())
    assert summed_up(safest_last, real()) == "2 lines: 1 not known, 1 lower."


def test_a_figure_of_two_lists_names_both() -> None:
    (line,) = shown_lines(lines(Said("wax and polish", "MM")), real())
    assert line.decides.source.startswith("World Bank, Worldwide Governance Indicators, rule of law, ")
    assert "; US Department of State, Trafficking in Persons Report, 2025" in line.decides.source


def test_every_kind_of_work_can_be_chosen() -> None:
    works = works_of(real())
    assert ("cleaning", "Cleaning") in works
    assert [name for _, name in works] == sorted(name for _, name in works)
    assert {key for key, _ in works} == {key for key, offer in real().offers.items() if offer.kind == "service"}


def test_of_a_form_that_could_not_be_saved_everything_stands_as_it_was_typed() -> None:
    form = MultiDict({"1.seen": "1", "1.country": "Spain", "1.share": "7", "1.supplier": "Sea", "1.work": "cleaning"})
    stored = [Line(1, Said("lads who help out", "IN", 5.0), 3), Line(2, Said("rice", "IN"), 1)]
    one, other = shown_lines(stored, real(), read_lines(form, real()), closed=True)
    assert (one.typed["country"], one.typed["share"], one.typed["supplier"]) == ("Spain", "7", "Sea")
    assert (one.work, one.revision) == ("cleaning", 1), "so that what somebody else wrote meanwhile is noticed later"
    assert (other.typed["country"], other.work, other.revision) == ("India", "", 1)


def test_the_engine_gets_lines_as_an_answers_file_would_give_them() -> None:
    (purchase,) = bought_of(lines(Said("rice", "IN", 12.0, "")), real()).purchases
    assert (purchase.good, purchase.country, purchase.supplier) == ("rice", "IN", None)
    assert repr(purchase.share) == "12"
    (gone,) = bought_of(lines(Said("rice", "ZZ", 12.5, "Sea & Co")), real()).purchases
    assert (gone.country, gone.share, gone.supplier) == (None, 12.5, "Sea & Co"), "a country the lists no longer have"


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
def test_what_a_sector_usually_buys_stands_in_groups_work_first_and_nothing_is_left_out(bank: str) -> None:
    usual = usual_for(real(), bank)
    groups = groups_of(usual, bank, frozenset({"cleaning"}))
    assert groups[0].title == "Work done for you"
    assert sorted(key for group in groups for key, _, _ in group.offers) == sorted(offer.key for offer in usual)
    marked = [key for group in groups for key, _, on_list in group.offers if on_list]
    assert marked == ([] if bank == "car_washes" else ["cleaning"])
    (found,) = groups_of(usual, bank, frozenset(), one="what we found")
    assert found.title == "What we found"


def test_a_line_in_words_holds_everything_that_could_differ() -> None:
    assert said_in_words(Said("rice", "IN", 12.5, "Sea"), real()) == "Rice, India, 12.5 per cent, supplier Sea"
    assert said_in_words(Said("rice"), real()) == "Rice, country not known, no share, no supplier"
    assert said_in_words(Said("rice", removed=True), real()) == "Rice: taken off the list"
    assert name_of(Said("gizmo lamps"), real()) == "Gizmo lamps"
