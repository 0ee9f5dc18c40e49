from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.people.models import Membership, Person, Role
from assess.people.organisations.members import roles_of
from assess.people.organisations.separation import APART
from tests.conftest import TODAY, Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import a_person, database_of, sign_in
from tests.postboxes import Postbox

KIM = "kim@farm.example"


@pytest.fixture
def link(as_ann: Visitor, farm: Farm, tokens: Callable[[], list[str]]) -> str:
    """An invitation of Kim to sign off and to buy."""
    as_ann(farm.path("/invitations/new"))
    as_ann.send(email=KIM, roles=["signer", "buyer"])
    return f"/join/{tokens()[0]}"


def test_looking_uses_nothing_up_and_the_invited_person_joins_once(
    app: Flask, another_visit: Visitor, farm: Farm, link: str
) -> None:
    for _ in range(10):
        page = another_visit(link)
        assert page.status == 200
        assert "Fen Edge" in page.text
        assert "ame not confirmed" in page.text
        assert KIM not in page.html, "the link may have come to somebody else"
    with database_of(app).writing() as session:
        kim = a_person(session, KIM)
    sign_in(another_visit, app, kim)
    another_visit(link)
    page = another_visit.send()
    assert (page.status, page.heading) == (200, "Fen Edge")
    with database_of(app).reading() as look:
        assert roles_of(look, farm.farm.id, kim.id) == {Role.SIGNER, Role.BUYER}
    assert another_visit(link).status == 404


def test_whoever_has_no_account_makes_one_and_comes_back_to_the_invitation(
    app: Flask, another_visit: Visitor, link: str, tokens: Callable[[], list[str]], postbox: Postbox
) -> None:
    page = another_visit(link)
    (sign_up,) = [str(a["href"]) for a in page.soup.select("main a[href^='/sign-up']")]
    another_visit(sign_up)
    another_visit.send("/sign-up", email=KIM.upper())
    tokens()  # the worker sends what waits
    (confirm,) = re.findall(r"http://localhost:5000(/confirm/\S+)", postbox.bodies()[-1])
    another_visit(confirm)
    page = another_visit.send("", password="seven quiet herons")
    assert page.address == link
    another_visit.send()
    assert another_visit.page is not None
    # to buy, somebody needs a second step, and is asked for it at once
    assert another_visit.page.address == "/account/second-steps"
    with database_of(app).reading() as look:
        (kim,) = look.scalars(select(Person).where(Person.email == KIM))
        assert look.scalar(select(func.count()).select_from(Membership).where(Membership.person_id == kim.id)) == 2


def test_another_account_is_refused_and_the_link_stays_good(
    app: Flask, another_visit: Visitor, farm: Farm, link: str
) -> None:
    with database_of(app).writing() as session:
        eve, kim = a_person(session, "eve@farm.example"), a_person(session, KIM)
    sign_in(another_visit, app, eve)
    page = another_visit(link)
    assert "another e-mail address" in page.text
    assert not page.soup.select(f"form[method=post][action='{link}'], form:not([action])")
    another_visit("/organisations/new")
    token = another_visit.page.fields()["csrf_token"][0] if another_visit.page else ""
    assert another_visit.client.post(link, data={"csrf_token": token}).status_code == 422
    with database_of(app).reading() as look:
        assert roles_of(look, farm.farm.id, eve.id) == frozenset()
    sign_in(another_visit, app, kim)
    another_visit(link)
    assert another_visit.send().status == 200


def test_a_desk_does_not_join_as_a_buyer(app: Flask, another_visit: Visitor, farm: Farm, link: str) -> None:
    with database_of(app).writing() as session:
        kim = a_person(session, KIM, desk="administrator")
    sign_in(another_visit, app, kim)
    another_visit(link)
    page = another_visit.send()
    assert (page.status, APART in page.text) == (422, True)
    with database_of(app).reading() as look:
        assert roles_of(look, farm.farm.id, kim.id) == frozenset()


def test_after_seven_days_it_is_over(app: Flask, another_visit: Visitor, link: str) -> None:
    app.config["CLOCK"] = lambda: TODAY + timedelta(days=7)
    assert another_visit(link).status == 404


def test_of_twenty_at_once_one_succeeds(app: Flask, link: str) -> None:
    with database_of(app).writing() as session:
        kim = a_person(session, KIM)
    clients = [app.test_client() for _ in range(20)]
    ready = []
    for client in clients:
        sign_in(client, app, kim)
        ready.append(Visitor(client)(link).fields()["csrf_token"][0])
    seen: list[int] = []

    def one(number: int) -> None:
        answer = clients[number].post(link, data={"csrf_token": ready[number]})
        seen.append(answer.status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count(303) == 1
    assert set(seen) <= {303, 404, 429, 503}
    with database_of(app).reading() as look:
        held = select(func.count()).select_from(Membership).where(Membership.person_id == kim.id)
        assert look.scalar(held) == 2
