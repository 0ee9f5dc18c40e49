from __future__ import annotations

from assess.engine.purchases import Purchase
from assess.plans.buying.sources import sources_of
from tests.plans.buying.bought import HOTEL, hotel, sixty


def test_every_fact_has_its_source_with_edition_licence_and_the_day_it_was_read() -> None:
    for purchases in (HOTEL, sixty()):
        block = hotel(purchases)["purchases"]
        rows = sources_of(block)
        for fact in (fact for line in block["lines"] for fact in line["facts"]):
            for cited in (fact, fact["beside"]):
                assert cited is None or any(
                    row.name.startswith(cited["source"]) and row.url == cited["url"] for row in rows
                ), cited
        assert all(row.licence and row.read and row.url.startswith("https://") for row in rows)
        assert len(set(rows)) == len(rows)


def test_lists_that_count_for_nothing_here_are_not_named() -> None:
    rows = sources_of(hotel((Purchase("cleaning"),))["purchases"])
    assert not [row for row in rows if "Department" in row.name or "Locale" in row.name]
