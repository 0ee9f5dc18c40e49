from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.core.application import settings_of
from assess.core.mail.services import MailMayBeSent
from assess.core.models import OutgoingMail
from assess.identity.models import MemberInvitation, Membership, Person, Role
from assess.identity.organisations.services import BUYER_OR_STAFF, get_roles, is_invitation_wanted
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name, database_of, sign_in
from tests.identity.organisations.conftest import Farm
from tests.mail_servers import MailServer


def words(page: Page, email: str) -> tuple[int, str, str]:
    return page.status, page.address, page.text.replace(email, "…")


def test_known_and_unknown_addresses_are_answered_alike(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    with database_of(app).writing() as session:
        a_person(session, "known@farm.example")
        a_person(session, "closed@farm.example").disabled_at = TODAY
        a_person(session, "desk@farm.example", desk="coordinator")
    seen = []
    for email in ("known@farm.example", "nobody@farm.example", "closed@farm.example", "desk@farm.example"):
        as_ann(farm.path("/invitations/new"))
        seen.append(words(as_ann.send(email=email, roles=["buyer"]), email))
    assert len(set(seen)) == 1, "not even a desk is given away: whoever accepts is told"
    with database_of(app).reading() as look:
        bodies = look.scalars(select(OutgoingMail.body)).all()
    assert len({len(body) for body in bodies}) == 1
    assert len(bodies) == 4


@pytest.mark.parametrize("typed", [{"email": "no address"}, {"email": "a@b.example", "roles": None}])
def test_what_cannot_be_sent_is_said(as_ann: Visitor, farm: Farm, typed: dict[str, object]) -> None:
    as_ann(farm.path("/invitations/new"))
    page = as_ann.send(**typed)
    assert page.status == 422
    assert page.soup.select(".govuk-error-summary")


def test_a_member_is_not_invited_again(as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/invitations/new"))
    assert "in the organisation already" in as_ann.send(email="BOB@fenedge.example").text


def test_sending_again_kills_the_older_link(
    as_ann: Visitor, another_visit: Visitor, farm: Farm, tokens: Callable[[], list[str]]
) -> None:
    as_ann(farm.path("/invitations/new"))
    as_ann.send(email="kim@farm.example", roles=["signer"])
    (first,) = tokens()
    assert another_visit(f"/join/{first}").status == 200
    as_ann(farm.here)
    as_ann.send("/resend")
    _, second = tokens()
    assert another_visit(f"/join/{first}").status == 404
    assert another_visit(f"/join/{second}").status == 200
    as_ann(farm.here)
    as_ann.send("/withdraw")
    assert another_visit(f"/join/{second}").status == 404
    assert "kim@" not in as_ann(farm.here).text


def test_a_mail_that_still_waits_when_it_is_taken_back_is_not_sent(
    as_ann: Visitor, farm: Farm, tokens: Callable[[], list[str]]
) -> None:
    as_ann(farm.path("/invitations/new"))
    as_ann.send(email="kim@farm.example")
    as_ann(farm.here)
    as_ann.send("/withdraw")
    assert tokens() == []


def test_a_new_organisation_invites_twenty_in_a_day_and_an_older_one_that_is_confirmed_fifty(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    as_ann(farm.path("/invitations/new"))
    token = as_ann.page.fields()["csrf_token"][0] if as_ann.page else ""

    def ask(number: int) -> int:
        sent = {"csrf_token": token, "email": f"p{number}@farm.example", "roles": "signer"}
        return as_ann.client.post(farm.path("/invitations/new"), data=sent).status_code

    assert [ask(number) for number in range(21)] == [303] * 20 + [429]
    with database_of(app).writing() as session:
        older = session.merge(farm.farm)
        older.made_at = TODAY - timedelta(days=30)
        confirm_name(older, "fenedge.example")
    assert ask(21) == 303, "older ones have a count of their own"


def test_one_mailbox_is_not_filled_and_whoever_invites_is_not_told(
    app: Flask, as_ann: Visitor, farm: Farm, tokens: Callable[[], list[str]]
) -> None:
    for _ in range(7):
        as_ann(farm.path("/invitations/new"))
        assert as_ann.send(email="kim@farm.example").heading == "The invitation is on its way"
        tokens()
    assert len(tokens()) == 5
    with database_of(app).reading() as session:
        assert len(session.scalars(select(MemberInvitation)).all()) == 1


def test_one_person_invites_twenty_in_a_day_for_all_their_unconfirmed_organisations(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    with database_of(app).writing() as session:
        ann = session.merge(farm.ann)
        second = an_organisation(session, "Second", manager=ann).id
    as_ann(farm.path("/invitations/new"))
    token = as_ann.page.fields()["csrf_token"][0] if as_ann.page else ""

    def ask(path: str, number: int) -> int:
        sent = {"csrf_token": token, "email": f"p{number}@farm.example", "roles": "signer"}
        return as_ann.client.post(path, data=sent).status_code

    assert {ask(farm.path("/invitations/new"), number) for number in range(19)} == {303}
    here = f"/organisations/{second}/invitations/new"
    assert [ask(here, 20), ask(here, 21)] == [303, 429]


def test_one_press_ends_all_invitations_to_a_mailbox(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm, tokens: Callable[[], list[str]]
) -> None:
    as_ann(farm.path("/invitations/new"))
    as_ann.send(email="kim@farm.example", roles=["signer"])
    with database_of(app).reading() as session:
        waiting = session.scalars(select(OutgoingMail)).one()
    link = waiting.stop.partition("localhost:5000")[2] or waiting.stop[waiting.stop.index("/join/stop/") :]
    assert another_visit(link[:-1] + ("0" if link[-1] != "0" else "1")).status == 404
    assert another_visit(link).status == 200
    assert another_visit.client.post(link, data={}).status_code == 400
    assert another_visit.client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    settings = settings_of(app)
    assert not is_invitation_wanted(MailMayBeSent(database_of(app), settings, waiting, TODAY))
    before = len(tokens())
    as_ann(farm.path("/invitations/new"))
    assert as_ann.send(email="KIM@farm.example", roles=["signer"]).heading == "The invitation is on its way"
    assert len(tokens()) == before, "whoever invites is not told"


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
        assert get_roles(look, farm.farm.id, kim.id) == {Role.SIGNER, Role.BUYER}
    assert another_visit(link).status == 404


def test_whoever_has_no_account_makes_one_and_comes_back_to_the_invitation(
    app: Flask, another_visit: Visitor, link: str, tokens: Callable[[], list[str]], postbox: MailServer
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
    with database_of(app).reading() as session:
        (kim,) = session.scalars(select(Person).where(Person.email == KIM))
        assert session.scalar(select(func.count()).select_from(Membership).where(Membership.person_id == kim.id)) == 2


def test_another_account_is_refused_and_the_link_stays_good(
    app: Flask, another_visit: Visitor, farm: Farm, link: str
) -> None:
    with database_of(app).writing() as session:
        eve, kim = a_person(session, "eve@farm.example"), a_person(session, KIM)
    sign_in(another_visit, app, eve)
    page = another_visit(link)
    assert "another email address" in page.text
    assert not page.soup.select(f"form[method=post][action='{link}'], form:not([action])")
    another_visit("/organisations/new")
    token = another_visit.page.fields()["csrf_token"][0] if another_visit.page else ""
    assert another_visit.client.post(link, data={"csrf_token": token}).status_code == 422
    with database_of(app).reading() as look:
        assert get_roles(look, farm.farm.id, eve.id) == frozenset()
    sign_in(another_visit, app, kim)
    another_visit(link)
    assert another_visit.send().status == 200


def test_staff_do_not_join_as_a_buyer(app: Flask, another_visit: Visitor, farm: Farm, link: str) -> None:
    with database_of(app).writing() as session:
        kim = a_person(session, KIM, desk="administrator")
    sign_in(another_visit, app, kim)
    another_visit(link)
    page = another_visit.send()
    assert (page.status, BUYER_OR_STAFF in page.text) == (422, True)
    with database_of(app).reading() as look:
        assert get_roles(look, farm.farm.id, kim.id) == frozenset()


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
