from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assess.kit.application import settings_of
from assess.kit.mail.events import MailMayLeave
from assess.kit.mail.models import Outgoing
from assess.people.organisations.inviting import is_invitation_wanted
from assess.people.organisations.models import Invitation
from tests.conftest import TODAY, Page, Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import a_person, an_organisation, confirm_name, database_of


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
        bodies = look.scalars(select(Outgoing.body)).all()
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
    as_ann.send("/again")
    _, second = tokens()
    assert another_visit(f"/join/{first}").status == 404
    assert another_visit(f"/join/{second}").status == 200
    as_ann(farm.here)
    as_ann.send("/end")
    assert another_visit(f"/join/{second}").status == 404
    assert "kim@" not in as_ann(farm.here).text


def test_a_mail_that_still_waits_when_it_is_taken_back_is_not_sent(
    as_ann: Visitor, farm: Farm, tokens: Callable[[], list[str]]
) -> None:
    as_ann(farm.path("/invitations/new"))
    as_ann.send(email="kim@farm.example")
    as_ann(farm.here)
    as_ann.send("/end")
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
    with database_of(app).reading() as look:
        assert len(look.scalars(select(Invitation)).all()) == 1


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
    with database_of(app).reading() as look:
        waiting = look.scalars(select(Outgoing)).one()
    link = waiting.stop.partition("localhost:5000")[2] or waiting.stop[waiting.stop.index("/join/stop/") :]
    assert another_visit(link[:-1] + ("0" if link[-1] != "0" else "1")).status == 404
    assert another_visit(link).status == 200
    assert another_visit.client.post(link, data={}).status_code == 400
    assert another_visit.client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    settings = settings_of(app)
    assert not is_invitation_wanted(MailMayLeave(database_of(app), settings, waiting, TODAY))
    before = len(tokens())
    as_ann(farm.path("/invitations/new"))
    assert as_ann.send(email="KIM@farm.example", roles=["signer"]).heading == "The invitation is on its way"
    assert len(tokens()) == before, "whoever invites is not told"
