from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from assess.suppliers.models import Supplier, SupplierEvent, What
from tests.conftest import Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.suppliers.makers import a_buyer, a_supplier

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@dataclass
class Desk:
    here: str
    ids: dict[str, uuid.UUID]


@pytest.fixture
def desk(app: Flask, visit: Visitor) -> Desk:
    """A signed-in buyer with five entries, two of them alike; and a supplier of another buyer."""
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        names = ("Fen Edge", "Fen Edge Ltd", "Yard <b>", "Barn", "Mill")
        ids = {name: a_supplier(session, council, name).id for name in names}
        ids["theirs"] = a_supplier(session, a_buyer(session, "The Shop"), "Fen Edge").id
    sign_in(visit, app, ann)
    return Desk(f"/organisations/{council.id}/suppliers", ids)


def merged(app: Flask, one: uuid.UUID) -> uuid.UUID | None:
    with database_of(app).reading() as look:
        return look.get_one(Supplier, one).merged_into


def test_two_that_look_alike_are_looked_at_put_together_and_taken_apart(app: Flask, visit: Visitor, desk: Desk) -> None:
    fen, ltd = desk.ids["Fen Edge"], desk.ids["Fen Edge Ltd"]
    page = visit(f"{desk.here}/duplicates")
    assert "1 pair on your list looks alike" in page.text
    assert "nearly the same name" in page.text
    page = visit(str(page.soup.select("main li a")[-1]["href"]))
    assert page.heading == "Are these two the same business?"
    page = visit.send("/duplicates/pair", stands=ltd)
    assert "Put together. Your board shows one row" in page.text
    assert merged(app, fen) == ltd
    assert "No two entries on your list look alike" in visit(f"{desk.here}/duplicates").text
    page = visit(f"{desk.here}/{fen}/parts")
    assert page.heading == "What belongs to Fen Edge Ltd"
    page = visit.send("/parts")
    assert "Taken apart." in page.text
    assert merged(app, fen) is None
    with database_of(app).reading() as look:
        people = look.scalars(select(SupplierEvent.by_person).where(SupplierEvent.what == What.SPLIT)).all()
        assert len(people) == 2
        assert None not in people


def test_two_that_are_not_the_same_are_not_asked_about_again(visit: Visitor, desk: Desk) -> None:
    visit(f"{desk.here}/duplicates/pair?one={desk.ids['Fen Edge']}&other={desk.ids['Fen Edge Ltd']}")
    page = visit.send("/duplicates/apart")
    assert "We will not ask about these two again" in page.text
    assert "No two entries on your list look alike" in page.text


def test_another_entry_is_found_by_its_name(visit: Visitor, desk: Desk) -> None:
    page = visit(f"{desk.here}/{desk.ids['Fen Edge']}/parts?q=yard")
    assert [link.get_text() for link in page.soup.select("main li a[href*=pair]")] == ["Yard <b>"]
    assert "<b>" not in page.html.replace("&lt;b&gt;", "")
    for nothing in ("%", "_", "theirs", "Fen Edge xx\x00"):
        assert (
            "No other entry of your list"
            in visit(f"{desk.here}/{desk.ids['Barn']}/parts", query_string={"q": nothing}).text
        )


def test_what_cannot_be_is_said_with_what_to_do(app: Flask, visit: Visitor, desk: Desk) -> None:
    fen, ltd, barn, mill = (desk.ids[name] for name in ("Fen Edge", "Fen Edge Ltd", "Barn", "Mill"))
    pair = f"{desk.here}/duplicates/pair"
    visit(f"{pair}?one={fen}&other={ltd}")
    page = visit.send("/duplicates/pair", stands="nobody")
    assert (page.status, "Choose which entry stands for both." in page.text) == (422, True)
    assert page.soup.title is not None
    assert page.soup.title.get_text().startswith("Error:")
    visit.send("/duplicates/pair", stands=ltd)
    visit(f"{pair}?one={barn}&other={mill}")
    visit.send("/duplicates/pair", stands=mill)
    page = visit(f"{pair}?one={ltd}&other={mill}")
    assert "Each of these already stands for other entries" in page.text
    page = visit(f"{pair}?one={fen}&other={mill}")
    assert "is put together with another entry already" in page.text
    for other in (desk.ids["theirs"], uuid.uuid4(), "x", fen):
        assert "was not found on your list" in visit(f"{pair}?one={fen}&other={other}").text
    visit(f"{pair}?one={desk.ids['Yard <b>']}&other={mill}")
    assert visit.send("/duplicates/pair", other=desk.ids["theirs"]).status == 200
    assert merged(app, desk.ids["Yard <b>"]) is None
    assert merged(app, desk.ids["theirs"]) is None


def test_a_part_is_taken_apart_only_where_it_belongs(app: Flask, visit: Visitor, desk: Desk) -> None:
    fen, ltd = desk.ids["Fen Edge"], desk.ids["Fen Edge Ltd"]
    visit(f"{desk.here}/duplicates/pair?one={fen}&other={ltd}")
    visit.send("/duplicates/pair", stands=ltd)
    visit(f"{desk.here}/{ltd}/parts")
    for wrong in ("", "x", desk.ids["theirs"], desk.ids["Barn"]):
        visit(f"{desk.here}/{ltd}/parts")
        visit.send("/parts", part=wrong)
    assert merged(app, fen) == ltd
