from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assess.core.config import Settings
from assess.core.documents import services as documents_services
from assess.core.jobs.worker import run_due_jobs
from assess.portfolio.supplier_feedback import run_monthly_round
from assess.sharing.models import ShareScope
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.portfolio.conftest import Council
from tests.portfolio.dashboard.sample_portfolio import fill_world
from tests.portfolio.test_supplier_feedback import DECEMBER, NOVEMBER, five
from tests.suppliers.factories import a_buyer, a_supplier, invited, shared


def test_an_officer_reads_whom_to_call_and_why(council: Council) -> None:
    with council.database.writing() as session:
        farm = a_supplier(
            session, council.organisation, "Fen Edge", sector="farming", spend_gbp=20_000, phone="01553 123456"
        )
        shared(session, invited(session, farm), scope=ShareScope.PLAN)
        wash = a_supplier(session, council.organisation, "Shiny Cars")
    page = council.visit(f"{council.address}/contact-first")
    assert (page.status, page.heading) == (200, "Suppliers to contact first")
    text = page.text
    assert text.index("Stay and help fix it") < text.index("Shiny Cars") < text.index("Fen Edge")
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in text
    assert "As of 24 November 2026: numbers 1 to 2 of 2 suppliers." in text
    assert "You have not told us what you spend: counted as the most." in text
    assert "100 points" in text
    assert "You have noted no phone number." in text
    links = [link["href"] for link in page.soup.select("main a[href]")]
    assert {"tel:01553123456", f"{council.address}/{farm.id}", f"{council.address}/{wash.id}/follow-ups"} <= set(links)
    for table in page.soup.select(".portfolio-reasons"):
        numbers = [int(cell.text.split(" of ")[0]) for cell in table.select(".govuk-table__cell--numeric")]
        assert sum(numbers[:-1]) == numbers[-1], "it adds up by hand"


def test_twenty_five_a_page_and_a_way_back(council: Council) -> None:
    with council.database.writing() as session:
        for number in range(27):
            a_supplier(session, council.organisation, f"Farm {number}", spend_gbp=number)
    page = council.visit(f"{council.address}/contact-first")
    assert len(page.soup.select(".portfolio-call")) == 25
    second = council.visit(page.soup.select_one("a[rel=next]")["href"])
    assert [item["value"] for item in second.soup.select(".portfolio-call")] == ["26", "27"]
    assert second.soup.select_one("a[rel=next]") is None
    assert "Back to the first" in second.text
    end = council.visit(f"{council.address}/contact-first?after=0-00000000000040008000000000000000")
    assert "There are no more suppliers after this." in end.text
    assert council.visit(f"{council.address}/contact-first?after=nonsense").status == 200


def test_an_empty_list_says_what_to_do(council: Council) -> None:
    page = council.visit(f"{council.address}/contact-first")
    assert "You have no suppliers here yet." in page.text
    assert "How the points are counted" in page.text


def test_the_picture_has_every_drawing_with_its_table(council: Council) -> None:
    with council.database.writing() as session:
        fill_world(session, council.organisation)
    page = council.visit(f"{council.address}/dashboard")
    assert (page.status, page.heading) == (200, "Overview of all suppliers")
    text = page.text
    assert text.index("Stay and help fix it") < text.index("Bands by kind of work")
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in text
    assert "8 of 12 suppliers show a band." in text
    assert "There is no earlier month yet." in text
    for drawing in page.soup.select("main svg"):
        title = drawing.find("title")
        assert title is not None
        assert title.text.strip()
        assert drawing["role"] == "img"
    assert [caption.text.strip() for caption in page.soup.select("main caption")] == [
        "Suppliers by kind of work and band",
        "How far along safeguards are",
        "Bands by month",
        "How suppliers stood by month",
        "Goods by country",
        "Duties",
        "Place in the order by size",
    ]
    for section in page.soup.select(".portfolio-picture section"):
        assert not section.select("svg") or section.select("table"), "every drawing has its table"
    rows = [
        " ".join(row.get_text(" ").split())
        for row in page.soup.select(".portfolio-picture section:first-child tbody tr")
    ]
    assert rows == [
        "Car washes 1 0 2 0 3",
        "Farming 1 2 1 2 6",
        "Hospitality 0 1 0 0 1",
        "Kind of work not told 0 0 0 2 2",
        "All together 2 3 3 4 12",
    ]
    assert "Late farm, 7 weeks" in text.replace(" ,", ",")
    assert "1 copy is left out here" in text
    assert "1 duty of fewer than 3 suppliers is left out." in text
    assert "1 supplier has answers that are too old to count." in text


def test_an_empty_picture_says_what_to_do(council: Council) -> None:
    assert "You have no suppliers here yet." in council.visit(f"{council.address}/dashboard").text
    page = council.visit(f"{council.address}/dashboard/summary")
    assert "there is nothing to sum up" in page.text
    assert council.visit(f"{council.address}/dashboard/summary.pdf").address == f"{council.address}/dashboard/summary"


def test_a_summary_is_made_without_names_and_with_them_on_a_tick(
    council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_services, "render_pdf", lambda html, _attached: b"%PDF- " + html.encode())
    with council.database.writing() as session:
        a_supplier(session, council.organisation, "Late farm")
    page = council.visit(f"{council.address}/dashboard/summary")
    assert page.heading == "Summary for your board"
    assert "and the one supplier to contact first with the reasons" in page.text
    assert "Name the one to contact first" in page.text
    box = page.soup.select_one("input[name=names]")
    assert box is not None
    assert not box.has_attr("checked")
    assert str(page.form("summary.pdf").action).endswith("/dashboard/summary.pdf"), "nobody is named without a tick"
    for typed, name in (("", False), ("?names=1", True)):
        page = council.visit(f"{council.address}/dashboard/summary.pdf{typed}")
        assert (page.status, page.heading) == (202, "Your file is being made")
        assert "?names" not in page.html, "the address of the waiting page gets a question mark of its own"
        assert run_due_jobs(council.database, settings, lambda: TODAY) >= 1
        page = council.visit(f"{council.address}/dashboard/summary.pdf{typed}")
        assert page.headers["Content-Type"] == "application/pdf"
        assert 'filename="summary-for-the-board-2026-11-24.pdf"' in page.headers["Content-Disposition"]
        assert ("Late farm" in page.html) is name
    # a change makes both outdated
    with council.database.writing() as session:
        a_supplier(session, council.organisation, "One more")
    assert council.visit(f"{council.address}/dashboard/summary-with-names.pdf").status == 202


def test_trying_again_orders_it(council: Council) -> None:
    with council.database.writing() as session:
        a_supplier(session, council.organisation, "Late farm")
    council.visit("/")
    for address in ("summary", "summary-with-names"):
        token = council.visit("/start?bank=farming").soup.select_one("input[name=csrf_token]")
        assert token is not None
        sent = council.visit.client.post(
            f"{council.address}/dashboard/{address}/progress", data={"csrf_token": token["value"]}
        )
        assert (sent.status_code, sent.headers["Location"]) == (
            303,
            f"{council.address}/dashboard/{address}/progress",
        )


def test_a_buyer_reads_what_its_suppliers_say_together_and_of_none_alone(app: Flask, visit: Any) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@council.example")
        council = a_buyer(session, "The Council", buyer=person)
        run_monthly_round(session, council.id, NOVEMBER)
        address = f"/organisations/{council.id}/suppliers/feedback"
    sign_in(visit, app, person)
    page = visit(address)
    assert page.heading == "What your suppliers say about you"
    assert "This is about you: what you pay, when you change orders." in page.text
    assert "Not enough answers yet" in page.text
    assert page.soup.select_one(".assess-buyer-menu [aria-current=page]").text == "Supplier feedback"
    with database_of(app).writing() as session:
        five(session, council)
        run_monthly_round(session, council.id, DECEMBER)
    page = visit(address)
    assert "As of 1 December 2026" in page.text
    assert "Often At least 6 in 10" in page.text
    assert "Never Too few to tell, or none" in page.text
    assert "For 4 in 10 we do not say which answer it was." in page.text
    assert "Farm" not in page.text


def test_nobody_else_reads_it(app: Flask, visit: Any) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@shop.example")
        a_buyer(session, "The Shop", buyer=person)
        other = a_buyer(session, "The Council")
    sign_in(visit, app, person)
    assert visit(f"/organisations/{other.id}/suppliers/feedback").status == 404
