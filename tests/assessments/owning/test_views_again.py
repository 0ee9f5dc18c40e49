"""A second site or sector from the first, as a person does it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Assessment
from tests.assessments.owning.conftest import Firm, keep_with, row_of
from tests.people.persons import database_of, sign_in

PEOPLE = {"core_people_peak": "12", "core_housing": ["own"], "core_short_notice": "never"}


def first_one(visit: Any, begin: Any, identify: Any, bank: str = "car_washes") -> str:
    home = str(begin(bank))
    identify(home)
    visit(f"{home}sections/people")
    visit.send(**PEOPLE)
    visit(f"{home}sections/hiring")
    visit.send(core_documents="third", core_job_fee="yes")
    visit(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    visit(f"{home}business/facts")
    return home


def again(visit: Any, home: str, **typed: Any) -> str:
    visit(f"{home}again")
    page = visit.send(**typed)
    assert page.status == 200, page.text
    return str(page.address.removesuffix("link"))


def test_it_starts_from_the_first_and_waits_for_every_answer(visit: Any, begin: Any, identify: Any) -> None:
    home = first_one(visit, begin, identify)
    before = visit(home).text
    second = again(visit, home, bank="farming", place="other")
    assert visit.page.heading == "Keep a link to come back with"
    page = visit(second)
    assert "Farm" in page.text
    assert visit(f"{second}sections/people").soup.select_one("#core_people_peak")["value"] == "12"
    told = visit.page.soup.select(".assess-again")
    assert len(told) == 3
    assert {one["id"] for one in told} == {f"{name}--again" for name in PEOPLE}
    assert told[0]["id"] in str(visit.page.soup.select_one("#core_people_peak--group fieldset")["aria-describedby"])
    # what can raise a sign is asked anew
    assert not visit(f"{second}sections/hiring").soup.select("input[checked], .assess-again")
    # nothing of the first has changed, and both are open in this browser
    assert visit(home).text == before


def test_saving_a_page_confirms_what_it_shows_and_only_then_can_it_be_sent_in(
    visit: Any, begin: Any, identify: Any
) -> None:
    home = first_one(visit, begin, identify)
    second = again(visit, home, bank="car_washes", place="same")
    row = visit(second).soup.find("a", string="Your workers") or visit.page.soup.select_one(
        "a[href$='sections/people']"
    )
    assert row is not None
    status = row.find_parent("li").select_one(".govuk-task-list__status").text.strip()
    assert status == "Not started"
    page = visit(f"{second}check")
    waits = page.soup.select_one("#confirm").find_next("ul")
    assert len(waits.select("li")) == 5, "two gates and three answers"
    assert "/business/gates" in str(waits)
    page = visit.send(reread="yes")
    assert page.status == 422
    assert "Confirm each of the answers" in page.soup.select_one(".govuk-error-summary").text
    visit(f"{second}sections/people")
    visit.send(core_people_peak="15")
    visit(f"{second}business/gates")
    visit.send()
    page = visit(f"{second}check")
    assert not page.soup.select("#confirm")
    page = visit.send(reread="yes")
    assert page.status == 200
    assert page.address == f"{second}result"


def test_hidden_ones_hold_nobody_up(visit: Any, begin: Any, identify: Any) -> None:
    home = first_one(visit, begin, identify, "farming")
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["agency"])
    visit.send(core_agency_pct="20")
    second = again(visit, home, bank="hospitality", place="same")
    visit(f"{second}sections/people")
    assert not visit.page.soup.select("#core_agency_pct--group"), "it rests on what waits itself"
    visit.send(core_worker_types=["agency"])
    assert visit.page.soup.select("#core_agency_pct--again"), "and comes on the same page"
    drawn = visit.page.fields()
    sent = {name: value for name, value in drawn.items() if not name.startswith("core_agency_pct")}
    visit.client.post(f"{second}sections/people", data=sent | {"core_worker_types": ["family"]})
    visit(f"{second}business/gates")
    visit.send()
    assert not visit(f"{second}check").soup.select("#confirm")


def test_something_is_missing(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}again")
    page = visit.send()
    assert page.status == 422
    assert [one["href"] for one in page.soup.select(".govuk-error-summary a")] == ["#bank", "#place"]


def test_the_second_of_a_firm_belongs_to_the_firm(
    app: Flask, visit: Any, another_visit: Any, begin: Any, identify: Any, firm: Firm
) -> None:
    home = first_one(visit, begin, identify)
    keep_with(app, home, firm, firm.north)
    sign_in(another_visit, app, firm.manager)
    second = again(another_visit, home, bank="car_washes", site=firm.south.id)
    made = row_of(app, second)
    assert (made.organisation_id, made.site_id) == (firm.organisation.id, firm.south.id)
    assert another_visit(f"{second}business").soup.select_one("#name")["value"] == "Fen Edge Hand Wash"
    assert not another_visit.page.soup.select("input[name=area][checked]"), "another place, another area"
    # whoever only has the link of the first sees nothing of it
    assert visit(second).status == 404
    # and takes no copy of the answers of a firm along
    assert visit(f"{home}again").status == 404
    with database_of(app).reading() as look:
        assert len(look.scalars(select(Assessment.id)).all()) == 2
