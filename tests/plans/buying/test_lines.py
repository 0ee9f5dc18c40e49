from __future__ import annotations

from assess.engine.purchase_data import BANDS
from assess.engine.purchases import Purchase
from assess.plans.buying.lines import BoughtLine, lines_of, source_of
from tests.plans.buying.bought import HOTEL, SECRET, hotel, sixty


def lines(*purchases: Purchase) -> tuple[BoughtLine, ...]:
    return lines_of(hotel(purchases)["purchases"]["lines"])


def test_the_riskiest_stand_first_and_what_is_not_known_stands_before_what_counts_as_lower() -> None:
    found = lines(*HOTEL)
    assert [line.number for line in found] == list(range(1, len(HOTEL) + 1))
    assert [BANDS.index(line.band) for line in found] == sorted(BANDS.index(line.band) for line in found)
    assert {line.band for line in found} == set(BANDS)
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
    assert [(line.is_own, line.travels_as) for line in found] == [
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
    assert source_of(fact) == "GLAA, Report, edition 2018"
    assert source_of({**fact, "edition": "third"}) == "GLAA, Report, edition third, year 2018"


def test_a_source_of_two_lists_names_both() -> None:
    fact = {"source": "Bank, Law", "edition": "2023", "year": 2023}
    beside = {"source": "State, Report", "edition": "third", "year": 2024}
    assert source_of({**fact, "beside": beside}) == "Bank, Law, edition 2023; State, Report, edition third, year 2024"
    assert source_of({**fact, "beside": None}) == "Bank, Law, edition 2023"


def test_a_record_that_travelled_names_no_supplier() -> None:
    rows = [{key: part for key, part in row.items() if key != "business_only"} for row in hotel()["purchases"]["lines"]]
    assert {line.supplier for line in lines_of(rows)} == {""}
    assert any(SECRET in line.supplier for line in lines(*HOTEL))
