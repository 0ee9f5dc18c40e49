"""A business keeps the assessment it began without an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.kit.config import Settings
from assess.people.models import Membership, Organisation, Role, Site
from tests.assessments.owning.conftest import Firm, id_of, keep_with, row_of
from tests.conftest import Visitor
from tests.people.persons import database_of, sign_in


def test_whoever_is_not_signed_in_is_led_there_and_back(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}claim", follow=False)
    assert page.status == 303
    assert page.headers["Location"] == f"/sign-in?next={home}claim"


def test_a_first_organisation_is_begun_with_the_name_that_is_known(
    app: Flask, visit: Any, another_visit: Any, begin: Any, identify: Any, person: Any
) -> None:
    home = begin()
    identify(home)
    visit(f"{home}link")
    link = visit.send().soup.select_one("#link")["value"].partition("/r/")[2]
    ann = person("ann@farm.example")
    sign_in(visit, app, ann)
    page = visit(f"{home}claim")
    assert page.soup.select_one("#name")["value"] == "Fen Edge Hand Wash"
    assert page.soup.select_one("#end_links").has_attr("checked")
    assert "1 link to come back with still works" in page.text
    page = visit.send(name="", site_name="")
    assert (page.status, "Enter the name of your organisation." in page.text) == (422, True)
    assert {one["href"] for one in visit.page.soup.select(".govuk-error-summary a")} == {"#name", "#site_name"}
    page = visit.send(name="Fen Edge Hand Wash", site_name="Acle Road")
    assert page.address == home
    assert "It is kept with Fen Edge Hand Wash, Acle Road." in page.text
    assert page.soup.title.text == "Your self-check: Acle Road – Assess"
    assert page.heading.endswith("Acle Road")
    with database_of(app).reading() as look:
        firm = look.scalars(select(Organisation)).one()
        roles = set(look.scalars(select(Membership.role).where(Membership.person_id == ann.id)))
        assert roles == {Role.MANAGER, Role.RESPONDENT}
        assert look.scalars(select(Site.name)).all() == ["Acle Road"]
    assert row_of(app, home).organisation_id == firm.id
    # the old link opens nothing, and the visit is over: without the account this browser is nobody
    assert another_visit(f"/r/{link}").status == 404
    visit.client.delete_cookie("assess_signed_in")
    assert visit(home).status == 404


def test_old_links_stay_for_whoever_wants_them(app: Flask, visit: Any, begin: Any, firm: Firm) -> None:
    home = begin()
    sign_in(visit, app, firm.manager)
    page = visit(f"{home}claim")
    assert page.soup.select_one(f"input[name=to][value='{firm.organisation.id}']")
    visit(f"{home}claim?to={firm.organisation.id}")
    page = visit.send(site=firm.south.id, end_links=None)
    assert "It is kept with Fen Edge Group, South yard." in page.text
    assert row_of(app, home).site_id == firm.south.id
    visit.client.delete_cookie("assess_signed_in")
    assert visit(home).status == 200


def test_nothing_is_chosen_for_anybody(app: Flask, visit: Any, begin: Any, firm: Firm) -> None:
    home = begin()
    sign_in(visit, app, firm.manager)
    assert "Choose whose self-check this is." in visit(f"{home}claim?asked=yes").text
    visit(f"{home}claim?to={firm.organisation.id}")
    page = visit.send()
    assert page.status == 422
    assert "Choose which place" in page.text
    assert row_of(app, home).organisation_id is None


def test_what_is_kept_already_nobody_else_takes(app: Flask, visit: Any, begin: Any, firm: Firm, person: Any) -> None:
    home = begin()
    sign_in(visit, app, person("bob@other.example"))
    visit(f"{home}claim")
    drawn = visit.page.fields("claim")
    keep_with(app, home, firm)
    sent = visit.client.post(f"{home}claim", data=drawn | {"name": ["Bob’s"], "site_name": ["Mine"]})
    assert sent.status_code == 404, "his link fills it in for the firm now, and keeps nothing"
    assert visit(f"{home}claim").status == 404
    assert row_of(app, home).organisation_id == firm.organisation.id
    with database_of(app).reading() as look:  # and nothing was begun for him
        assert look.scalars(select(Organisation.name)).all() == ["Fen Edge Group"]


def test_whoever_does_not_hold_it_cannot_take_it(app: Flask, begin: Any, firm: Firm, another_visit: Any) -> None:
    home = begin()
    sign_in(another_visit, app, firm.manager)
    assert another_visit(f"{home}claim").status == 404
    keep_with(app, home, firm)
    assert another_visit(f"{home}claim").status == 404, "a member opens it, and takes nothing"
    assert another_visit(home).status == 200


def test_a_role_is_needed_there(app: Flask, visit: Any, begin: Any, firm: Firm, person: Any) -> None:
    home = begin()
    bob = person("bob@other.example")
    with database_of(app).writing() as session:
        for role in (Role.SIGNER, Role.BUYER):
            session.add(
                Membership(organisation_id=firm.organisation.id, person_id=bob.id, role=role, made_at=bob.made_at)
            )
    sign_in(visit, app, bob)
    visit(f"{home}claim")
    drawn = visit.page.fields("claim")
    to = {"to": [str(firm.organisation.id)], "site": [str(firm.north.id)]}
    assert visit.client.post(f"{home}claim", data=drawn | to).status_code == 422
    assert row_of(app, home).organisation_id is None


def test_a_place_of_another_firm_is_not_taken(app: Flask, visit: Any, begin: Any, firm: Firm, person: Any) -> None:
    home = begin()
    sign_in(visit, app, person("bob@other.example"))
    visit(f"{home}claim")
    page = visit.send(name="Bob’s", site=firm.north.id, site_name="")
    assert page.status == 422
    assert id_of(home) == row_of(app, home).id
    assert row_of(app, home).organisation_id is None


@pytest.mark.parametrize("server", [None, "smtp://localhost:25"])
def test_it_is_offered_only_where_there_are_accounts(
    app: Flask, settings: Settings, visit: Visitor, begin: Any, server: str | None
) -> None:
    sender = "assess@network.example" if server else None
    app.extensions["assess.settings"] = replace(settings, mail_server=server, mail_from=sender)
    page = visit(begin())
    for words in ("Keep this with an account", "Nobody needs an account", "Fill it in with a coordinator"):
        assert (words in page.text) is bool(server), words
    assert "Start another place or kind of work from this one" in page.text
