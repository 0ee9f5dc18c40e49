"""What an organisation reads about its name, and how it asks to have it confirmed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.mail.models import Outgoing
from assess.people.models import NameState, Organisation
from assess.people.organisations.names import give_number, make_code, refuse, standing_of, suspend
from tests.conftest import TODAY, Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import a_person, an_organisation, confirm_name, database_of, sign_in


def of(app: Flask, organisation: Organisation) -> Organisation:
    with database_of(app).reading() as look:
        return look.get_one(Organisation, organisation.id)


def act(app: Flask, farm: Farm, what: Callable[[Session, Organisation], object]) -> object:
    with database_of(app).writing() as session:
        return what(session, session.get_one(Organisation, farm.farm.id))


def test_a_manager_asks_once_and_reads_that_it_waits(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    page = as_ann(farm.path("/name"))
    assert "Not confirmed" in page.text
    assert "fenedge.example" in page.text
    page = as_ann.send("/ask", ours="yes")
    assert (page.status, "You have asked us" in page.text, "Waiting" in page.text) == (200, True, True)
    found = of(app, farm.farm)
    assert (found.name_state, found.domain) == (NameState.WAITING, "fenedge.example")
    assert not page.soup.select("form[action$='/ask']")
    assert "Name not confirmed" in as_ann(farm.here).text, "only a confirmed name stands without it"


def test_no_more_than_three_asks_a_day_reach_the_desks(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    statuses = []
    for _ in range(4):
        as_ann(farm.path("/name"))
        statuses.append(as_ann.send("/ask", follow=False).status)
        act(app, farm, lambda session, one: refuse(session, one, "No", session.merge(farm.hal), TODAY) if one.name_state is NameState.WAITING else None)  # fmt: skip
    assert statuses == [303, 303, 303, 429]


def test_an_address_that_anybody_can_have_is_no_domain(app: Flask, visit: Visitor, farm: Farm) -> None:
    with database_of(app).writing() as session:
        session.merge(farm.ann).email = "ann@gmail.com"
    sign_in(visit, app, farm.ann)
    page = visit(farm.path("/name"))
    assert not page.soup.select("input[name='ours']")
    token = page.fields("/ask")["csrf_token"][0]
    sent = visit.client.post(farm.path("/name/ask"), data={"csrf_token": token, "ours": "yes"})
    assert sent.status_code == 422
    assert (of(app, farm.farm).domain, of(app, farm.farm).name_state) == (None, NameState.UNCONFIRMED)
    assert visit.send("/ask").status == 200, "one may ask without a domain"


def test_the_code_of_the_letter_is_entered(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/name"))
    as_ann.send("/ask")
    act(app, farm, lambda session, one: give_number(session, one, "01234567", TODAY))
    as_ann(farm.path("/name"))
    as_ann.send("/ask")
    code = act(app, farm, lambda session, one: make_code(session, one, TODAY))
    as_ann(farm.path("/name"))
    page = as_ann.send("/code", code="ABCD-EFGH")
    assert (page.status, "not the code" in page.text) == (422, True)
    page = as_ann.send("/code", code=code)
    assert "The code is right" in page.text


def test_after_a_refusal_the_reason_is_read_and_one_may_ask_again(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/name"))
    as_ann.send("/ask")
    act(app, farm, lambda session, one: refuse(session, one, "Nobody answers there.", session.merge(farm.hal), TODAY))
    page = as_ann(farm.path("/name"))
    assert "Nobody answers there." in page.text
    assert as_ann.send("/ask").status == 200


def test_whoever_is_suspended_reads_it_and_buys_nothing(app: Flask, visit: Visitor, farm: Farm) -> None:
    sign_in(visit, app, farm.bea)
    suppliers = farm.path("/suppliers")
    assert visit(suppliers).status == 200
    act(app, farm, lambda session, one: suspend(session, one, "Somebody rang us.", None, TODAY))
    assert visit(suppliers).status == 404
    page = visit(farm.here)
    assert "is suspended" in page.text
    assert "Somebody rang us." not in page.text
    sign_in(visit, app, farm.ann)
    page = visit(farm.path("/name"))
    assert "Suspended" in page.text
    assert not page.soup.select("form[action*='/name/']")
    token = visit(farm.path("/details")).fields()["csrf_token"][0]
    assert visit.client.post(farm.path("/name/ask"), data={"csrf_token": token}).status_code == 303
    assert of(app, farm.farm).name_state is NameState.SUSPENDED


def test_nobody_is_invited_in_a_suspended_name_and_mail_that_waits_stays(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    as_ann(farm.path("/invitations/new"))
    assert as_ann.send(email="kim@elsewhere.example", roles=["respondent"]).status == 200

    def invited() -> list[tuple[str, bool]]:
        with database_of(app).reading() as look:
            mails = look.scalars(select(Outgoing).where(Outgoing.event.startswith("invitation "))).all()
            return [(one.to_address, one.ended_at is not None) for one in mails]

    assert invited() == [("kim@elsewhere.example", False)]
    act(app, farm, lambda session, one: suspend(session, one, "Somebody rang us.", None, TODAY))
    assert invited() == [("", True)]
    as_ann(farm.path("/invitations/new"))
    page = as_ann.send(email="lee@elsewhere.example", roles=["respondent"])
    assert page.address == farm.path("/name")
    as_ann(farm.here)
    assert as_ann.send("/again").address == farm.path("/name")
    assert invited() == [("", True)]


def test_a_confirmed_name_says_by_whom_and_until_when(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    act(app, farm, lambda _session, one: confirm_name(one, "fenedge.example"))
    page = as_ann(farm.path("/name"))
    assert "Confirmed by Eastshire Anti-Slavery Network" in page.text
    assert "1 January 2099" in page.text
    assert "ame not confirmed" not in as_ann(farm.here).text
    as_ann(farm.path("/details"))
    assert "Name not confirmed" in as_ann.send("/details", name="Marks & Spencer").text


@pytest.mark.parametrize("name", ["Fen Edge", "Big Shop Limited", "Eastshire Council"])
def test_nobody_learns_from_the_words_which_names_are_here(app: Flask, visit: Visitor, name: str) -> None:
    with database_of(app).writing() as session:
        confirm_name(an_organisation(session, "Big Shop"), "bigshop.example")
        kim = a_person(session, "kim@elsewhere.example")
        mine = an_organisation(session, name, manager=kim)
        plain = an_organisation(session, "Plain Growers", manager=kim)
    sign_in(visit, app, kim)
    read = []
    for one in (mine, plain):
        visit(f"/organisations/{one.id}/name")
        page = visit.send("/ask")
        assert page.status == 200
        read.append(page.text.replace(name, "X").replace("Plain Growers", "X"))
    assert read[0] == read[1]


def test_a_forged_council_becomes_nothing(app: Flask, visit: Visitor) -> None:
    """Somebody at a cheap domain begins a council, says that the domain is theirs, and buys."""
    with database_of(app).writing() as session:
        boss = a_person(session, "boss@cheap-domain-4711.example")
    sign_in(visit, app, boss)
    visit("/organisations/new")
    page = visit.send(name="Norfolk County Council", company_number="")
    here = page.address
    with database_of(app).reading() as look:
        made = look.query(Organisation).one()
    here = f"/organisations/{made.id}"
    visit(f"{here}/people/{boss.id}")
    visit.send(roles=["manager", "buyer"])
    visit(f"{here}/name")
    visit.send("/ask", ours="yes")
    visit(f"{here}/name")
    for path in ("/domain", "/name/confirm", "/check"):
        assert visit.client.post(f"{here}{path}", data={}).status_code in {400, 404, 405}
    for path in ("", "/decide", "/confirm", "/lift", "/limit", "/code"):
        assert visit.client.get(f"/desk/names/{made.id}{path}").status_code in {404, 405}
    with database_of(app).reading() as look:
        found = standing_of(look, look.get_one(Organisation, made.id), TODAY.date())
    assert (found.state, found.government_domain, found.domains) == (NameState.WAITING, None, ())
    page = visit(f"{here}/suppliers")
    assert page.status == 200
    assert "name nobody has confirmed" in visit(f"{here}/suppliers/new").text or "not confirmed" in page.text.lower()
