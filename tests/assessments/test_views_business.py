"""Who the business is, and each fact once."""

from __future__ import annotations

from typing import Any

import pytest


def test_name_and_place_are_kept_beside_a_fault(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business")
    page = visit.send(name="  Fen Edge\tGrowers ", area="norfolk", postcode="NR1", company_number="1234567")
    assert page.status == 422
    assert page.soup.title.text.startswith("Error: Name and place")
    assert page.soup.select_one("#postcode")["value"] == "NR1"
    page = visit(f"{home}business")
    assert page.soup.select_one("#name")["value"] == "Fen Edge Growers"
    assert page.soup.select_one("#company_number")["value"] == "01234567"
    assert page.soup.select_one("input[name=area][checked]")["value"] == "norfolk"
    assert page.soup.select_one("#postcode")["value"] == ""


def test_an_area_nobody_offered_is_refused(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business")
    page = visit.send(name="Fen Edge", area="mars")
    assert page.status == 422
    assert "Choose one of the answers in the list." in page.text


def test_somebody_elses_name_is_not_written_over_unseen(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    other = type(visit)(app.test_client())
    other.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    for who in (visit, other):
        who(f"{home}business")
    visit.send(name="One")
    page = other.send(name="Two")
    assert page.status == 422
    assert "changed this to “One” meanwhile" in page.text
    assert page.soup.select_one("#name")["value"] == "Two"
    other.send()
    assert visit(f"{home}business").soup.select_one("#name")["value"] == "Two"


def test_the_gates_come_first_and_no_leaves_less_to_ask(visit: Any, begin: Any) -> None:
    home = begin()
    address = next(a["href"] for a in visit(home).soup.select("a") if "which laws bind" in a.text)
    assert address.endswith("/business/gates")
    visit(address)
    page = visit.send(foreign="no", large="no")
    assert page.address.endswith("/business/facts")
    assert 1 <= len(page.soup.select(".assess-asked")) <= 4
    places = [box["value"] for box in page.soup.select("input[name=operates_in]")]
    assert places == ["ENG", "WLS", "SCT", "NIR", "none", "dk"]


def test_every_fact_is_asked_once_and_not_sure_is_always_there(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business/gates")
    page = visit.send(foreign="no", large="no")
    asked: list[str] = []
    while page.address.endswith("/business/facts"):
        names = [group["id"].removesuffix("--group") for group in page.soup.select(".assess-asked")]
        assert not set(names) & set(asked)
        asked += names
        unsure = {}
        for name in names:
            if page.soup.select(f"input[name='{name}.dk']"):
                unsure[f"{name}__dk"] = "dk"
            else:
                assert page.soup.select(f"input[name={name}][value=dk]"), name
                unsure[name] = "dk"
        page = visit.send(**unsure)
        assert page.status == 200
    assert page.address == home
    assert len(asked) > 10


def test_facts_left_open_are_passed_over_and_come_back_another_time(visit: Any, begin: Any) -> None:
    home = begin()
    first = visit(f"{home}business/facts")
    names = [
        box["name"] for box in first.soup.select(".assess-asked input[type=radio], .assess-asked input[type=checkbox]")
    ]
    page = first
    for _ in range(40):
        page = visit.send()
        if page.address == home:
            break
        assert not set(names[:1]) & {box["name"] for box in page.soup.select(".assess-asked input[name]")}
    assert page.address == home, "nobody is kept here"
    assert visit(f"{home}business/facts").soup.select_one(f'[name="{names[0]}"]') is not None


def test_a_fact_that_is_not_a_number_keeps_what_was_typed(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}business/facts/turnover_gbp")
    assert page.soup.select_one("label[for=turnover_gbp]").text == "Pounds"
    page = visit.send(turnover_gbp="a lot")
    assert page.status == 422
    assert page.soup.select_one("#turnover_gbp")["value"] == "a lot"
    page = visit.send(turnover_gbp="£2,400,000")
    assert page.heading == "Check your answers"
    assert "£2,400,000" in page.text


def test_two_people_on_one_fact_choose(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    other = type(visit)(app.test_client())
    other.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    for who in (visit, other):
        who(f"{home}business/facts/has_website")
    visit.send(has_website="yes")
    page = other.send(has_website="no")
    assert page.status == 409
    assert "Keep what is saved now: Yes" in page.text
    page = other.send(has_website__pick="mine")
    assert page.heading == "Check your answers"


@pytest.mark.parametrize("name", ["nothing", "has_website%00", "x" * 200, "../gates"])
def test_a_fact_that_does_not_exist_is_not_found(visit: Any, begin: Any, name: str) -> None:
    home = begin()
    assert visit(f"{home}business/facts/{name}").status in {200, 404}
    assert visit(f"{home}business/facts/nothing").status == 404


@pytest.mark.parametrize(
    "hostile",
    [
        {"foreign": "zzz"},
        {"foreign": ["yes", "no"], "large": "x" * 5000},
        {"foreign__seen": "-1", "foreign": "no"},
        {"unknown": "1"},
    ],
)
def test_hostile_gates_get_a_sentence(visit: Any, begin: Any, hostile: dict[str, Any]) -> None:
    home = begin()
    visit(f"{home}business/gates")
    assert visit.send(**hostile).status in {200, 422}


def test_nothing_can_be_changed_once_submitted(visit: Any, begin: Any, identify: Any) -> None:
    home = begin()
    identify(home)
    for address in ("business", "business/gates", "business/facts", "business/facts/has_website", "sections/people"):
        visit(f"{home}{address}")
    fields = visit.page.fields()
    visit(f"{home}check")
    visit.send("/submit", reread="yes", follow=False)
    for address in ("business", "business/gates", "business/facts", "business/facts/has_website", "sections/people"):
        assert visit(f"{home}{address}").address == home
        response = visit.client.post(
            f"{home}{address}", data={**fields, "name": "Other", "has_website": "no", "has_website.seen": "0"}
        )
        assert response.status_code in {303, 422}
    assert visit(home).heading == "Fen Edge Hand Wash"
