from __future__ import annotations

from assess.plans.shares.scopes import Scope
from tests.portfolio.conftest import Council
from tests.suppliers.makers import a_supplier, invited, shared


def test_an_officer_reads_whom_to_call_and_why(council: Council) -> None:
    with council.database.writing() as session:
        farm = a_supplier(
            session, council.organisation, "Fen Edge", sector="farming", spend_gbp=20_000, phone="01553 123456"
        )
        shared(session, invited(session, farm), scope=Scope.PLAN)
        wash = a_supplier(session, council.organisation, "Shiny Cars")
    page = council.visit(f"{council.address}/call-first")
    assert (page.status, page.heading) == (200, "Whom to call first")
    text = page.text
    assert text.index("Stay and help fix it") < text.index("Shiny Cars") < text.index("Fen Edge")
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in text
    assert "As of 24 November 2026: numbers 1 to 2 of 2 suppliers." in text
    assert "You have not told us what you spend: counted as the most." in text
    assert "100 points" in text
    assert "You have noted no phone number." in text
    links = [link["href"] for link in page.soup.select("main a[href]")]
    assert {"tel:01553123456", f"{council.address}/{farm.id}", f"{council.address}/{wash.id}/calls"} <= set(links)
    for table in page.soup.select(".portfolio-reasons"):
        numbers = [int(cell.text.split(" of ")[0]) for cell in table.select(".govuk-table__cell--numeric")]
        assert sum(numbers[:-1]) == numbers[-1], "it adds up by hand"


def test_twenty_five_a_page_and_a_way_back(council: Council) -> None:
    with council.database.writing() as session:
        for number in range(27):
            a_supplier(session, council.organisation, f"Farm {number}", spend_gbp=number)
    page = council.visit(f"{council.address}/call-first")
    assert len(page.soup.select(".portfolio-call")) == 25
    second = council.visit(page.soup.select_one("a[rel=next]")["href"])
    assert [item["value"] for item in second.soup.select(".portfolio-call")] == ["26", "27"]
    assert second.soup.select_one("a[rel=next]") is None
    assert "Back to the first" in second.text
    end = council.visit(f"{council.address}/call-first?after=0-00000000000040008000000000000000")
    assert "There are no more suppliers after this." in end.text
    assert council.visit(f"{council.address}/call-first?after=nonsense").status == 200


def test_an_empty_list_says_what_to_do(council: Council) -> None:
    page = council.visit(f"{council.address}/call-first")
    assert "You have no suppliers here yet." in page.text
    assert "How the points are counted" in page.text
