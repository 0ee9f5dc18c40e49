"""A coordinator helps: what opens, what stays shut, and what is noted."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Assessment, Submission
from assess.assessments.together.models import AnsweredTogether
from assess.people.models import Desk, Membership, Person, Role
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, an_organisation, database_of, sign_in

SHUT = ("delete", "link", "share", "claim", "move", "again", "together")


def test_only_a_coordinator_with_both_steps_has_this_desk(app: Flask, visit: Any, coordinator: Person) -> None:
    assert visit("/desk/together", follow=False).headers["Location"].startswith("/sign-in")
    with database_of(app).writing() as session:
        others = [a_person(session, f"{name}@x.example", desk=name or None) for name in ("", "administrator")]
    for who in others:
        sign_in(visit, app, who)
        assert visit("/desk/together").status == 404
    sign_in(visit, app, coordinator, second_step=False)
    assert visit("/desk/together", follow=False).status == 303, "first the second step"
    sign_in(visit, app, coordinator)
    assert visit("/desk/together").status == 200
    assert visit("/account").soup.select("a[href='/desk/together']")


def test_the_coordinator_answers_and_it_is_noted(
    app: Flask, visit: Any, identify: Any, helped: str, desk: Visitor
) -> None:
    identify(helped)
    visit(f"{helped}sections/hours")
    visit.send(core_time_records="daily")
    desk(f"{helped}sections/people")
    assert desk.send(core_people_peak="9").status == 200
    assert visit(f"{helped}sections/people").soup.select_one("#core_people_peak")["value"] == "9"
    with database_of(app).reading() as look:
        noted = look.scalars(select(AnsweredTogether.question)).all()
    assert noted == ["core_people_peak"], "and what the owner typed is not"
    desk(f"{helped}check")
    page = desk.send(reread="yes")
    assert page.address == f"{helped}result"
    with database_of(app).reading() as look:
        record = look.scalars(select(Submission)).one().record
    assert record["together"] == [{"mode": "phone", "on": "2026-11-24"}]
    assert "Filled in together with a coordinator, by phone, on 24 November 2026." in visit(f"{helped}result").text


def test_a_record_made_alone_says_nothing_of_it(
    app: Flask, visit: Any, identify: Any, helped: str, desk: Visitor
) -> None:
    identify(helped)
    assert desk(helped).status == 200
    visit(f"{helped}check")
    visit.send(reread="yes")
    with database_of(app).reading() as look:
        assert "together" not in look.scalars(select(Submission)).one().record
    assert "Filled in together" not in visit(f"{helped}result").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", SHUT)
def test_what_only_the_business_does_stays_shut(
    app: Flask, visit: Any, identify: Any, helped: str, desk: Visitor, page: str
) -> None:
    identify(helped)
    visit(f"{helped}check")
    visit.send(reread="yes")
    assert f"{helped}{page}" not in desk(helped).html.replace(f"{helped}together_desk", "")
    token = {"csrf_token": desk.page.fields("correct")["csrf_token"]}  # type: ignore[union-attr]  # a page was opened
    assert desk(f"{helped}{page}").status == 404
    assert desk.client.post(f"{helped}{page}", data=token | {"sure": "yes", "mode": "phone"}).status_code == 404
    with database_of(app).reading() as look:
        assert look.get(Assessment, uuid.UUID(helped.split("/")[2])) is not None


def test_stopping_shuts_it_and_is_ones_own(app: Flask, helped: str, desk: Visitor) -> None:
    page = desk("/desk/together")
    stop = str(page.form("/stop")["action"])
    with database_of(app).writing() as session:
        dan = a_person(session, "dan@network.example", desk=Desk.COORDINATOR)
    other = Visitor(app.test_client())
    sign_in(other, app, dan)
    token = other("/desk/together").fields()["csrf_token"]
    assert other(helped).status == 404
    assert other.client.post(stop, data={"csrf_token": token}).status_code == 404
    assert desk(helped).status == 200
    desk("/desk/together")
    assert "You are helping nobody just now." in desk.send("/stop").text
    assert desk(helped).status == 404


def test_a_wrong_code_and_too_many_of_them(begin: Any, ask: Any, desk: Visitor) -> None:
    home = begin()
    code = ask(home)
    for _ in range(10):
        desk("/desk/together")
        page = desk.send(code="K7QF-2M9D-4RTB")
        assert page.status == 422
        assert "This code opens nothing." in page.text
    desk("/desk/together")
    assert desk.send(code=code).status == 429


def test_whoever_joins_the_business_stops_helping(app: Flask, helped: str, desk: Visitor, coordinator: Person) -> None:
    with database_of(app).writing() as session:
        firm = an_organisation(session, "Fen Edge")
        found = session.get(Assessment, uuid.UUID(helped.split("/")[2]))
        assert found is not None
        found.organisation_id = firm.id
    assert desk(f"{helped}sections/people").status == 200
    assert "Fen Edge" not in desk(helped).text
    with database_of(app).writing() as session:
        session.add(Membership(organisation_id=firm.id, person_id=coordinator.id, role=Role.SIGNER, made_at=TODAY))
    page = desk(f"{helped}sections/people")
    assert page.status == 404, "a signer reads, and does not answer"


def test_without_the_code_a_coordinator_sees_nothing(begin: Any, desk: Visitor) -> None:
    home = begin()
    assert desk(home).status == desk(f"{home}result").status == 404
