"""What an organisation reads about its name, and how it asks to have it confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.core.models import OutgoingMail
from assess.identity.models import NameState, Organisation, Role, Site
from assess.identity.organisations.name_confirmation import (
    get_name_status,
    make_posted_code,
    refuse_organisation_name,
    set_company_number,
    suspend_organisation_name,
)
from assess.identity.organisations.services import BUYER_OR_STAFF, get_roles
from assess.identity.organisations.views import LAST_MANAGER
from assess.question_banks.editions import current_edition
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name, database_of, sign_in
from tests.identity.organisations.conftest import NOBODY, Farm


def of(app: Flask, farm: Farm) -> Organisation:
    with database_of(app).reading() as session:
        return session.get_one(Organisation, farm.farm.id)


def test_whoever_begins_one_manages_it_and_may_answer(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        kim = a_person(session, "kim@farm.example")
    assert visit("/organisations/new", follow=False).headers["Location"] == "/sign-in?next=/organisations/new"
    sign_in(visit, app, kim)
    visit("/organisations/new")
    page = visit.send(name=" ", company_number="12")
    assert page.status == 422
    assert "Error:" in page.html.split("</title>")[0]
    page = visit.send(name="Kim’s  Wash", company_number="sc 123456")
    assert (page.status, page.heading) == (200, "Kim’s Wash")
    assert "Name not confirmed" in page.text
    assert "SC123456" in page.text
    with database_of(app).reading() as look:
        made = look.query(Organisation).one()
        assert get_roles(look, made.id, kim.id) == {Role.MANAGER, Role.RESPONDENT}
    assert "Kim’s Wash" in visit("/organisations").text


MANAGES = ("/details", "/name", "/sites/new", "/invitations/new", "/delete")
PLACES = ("", "/leave", *MANAGES)


@pytest.mark.parametrize("who", ["nobody", "ann", "bob", "sue", "bea", "hal"])
def test_each_role_opens_what_is_its_own_and_the_rest_is_not_there(
    app: Flask, visit: Visitor, farm: Farm, who: str
) -> None:
    if who != "nobody":
        sign_in(visit, app, getattr(farm, who))
    for place in PLACES:
        opened = visit(farm.path(place), follow=False)
        other = visit(f"/organisations/{NOBODY}{place}", follow=False)
        if who == "nobody":
            assert (opened.status, other.status) == (302, 302) or (opened.status, other.status) == (303, 303)
            continue
        may = who != "hal" and (who == "ann" or place not in MANAGES)
        assert opened.status == (200 if may else 404), place
        assert other.status == 404
        if not may:
            assert opened.text == other.text, "forbidden and unknown look alike"


@pytest.mark.parametrize("who", ["bob", "sue", "bea", "hal"])
def test_only_a_manager_changes_anything(app: Flask, visit: Visitor, farm: Farm, who: str) -> None:
    sign_in(visit, app, getattr(farm, who))
    visit("/organisations/new")
    token = visit.page.fields()["csrf_token"][0] if visit.page else ""
    for place in (
        *(place for place in MANAGES if place != "/name"),
        "/name/ask",
        "/name/code",
        f"/people/{farm.bob.id}",
        f"/people/{farm.bob.id}/remove",
    ):
        sent = {"csrf_token": token, "name": "Taken", "roles": "manager", "email": "x@y.example", "ours": "yes"}
        assert visit.client.post(farm.path(place), data=sent).status_code == 404, place
    with database_of(app).reading() as session:
        assert session.get_one(Organisation, farm.farm.id).name == "Fen Edge"
        assert get_roles(session, farm.farm.id, farm.bob.id) == {Role.RESPONDENT}


def test_letters_of_two_alphabets_are_refused_in_the_name_of_an_organisation(as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/details"))
    page = as_ann.send("/details", name="N\u043erfolk Growers")
    assert page.status == 422
    assert "one alphabet" in page.text


def is_there(app: Flask, farm: Farm) -> bool:
    with database_of(app).reading() as session:
        return session.get(Organisation, farm.farm.id) is not None


def test_a_manager_deletes_it_with_its_name_and_it_is_gone_for_all(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    sign_in(another_visit, app, farm.bob)
    as_ann(farm.path("/delete"))
    assert as_ann.send(name="Sea View").status == 422
    assert is_there(app, farm)
    assert as_ann.send(name="fen edge").heading == "Your organisations"
    assert not is_there(app, farm)
    assert another_visit(farm.here).status == 404


def test_it_asks_who_it_is_when_that_was_long_ago(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    page = as_ann(farm.path("/delete"))
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=16)
    token = page.fields()["csrf_token"][0]
    sent = as_ann.client.post(farm.path("/delete"), data={"csrf_token": token, "name": "Fen Edge"})
    assert Page(sent).heading == "Prove that it is you"
    assert is_there(app, farm)


def of_names(app: Flask, organisation: Organisation) -> Organisation:
    with database_of(app).reading() as session:
        return session.get_one(Organisation, organisation.id)


def act(app: Flask, farm: Farm, what: Callable[[Session, Organisation], object]) -> object:
    with database_of(app).writing() as session:
        return what(session, session.get_one(Organisation, farm.farm.id))


def test_a_manager_asks_once_and_reads_that_it_waits(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    page = as_ann(farm.path("/name"))
    assert "Not confirmed" in page.text
    assert "fenedge.example" in page.text
    page = as_ann.send("/ask", ours="yes")
    assert (page.status, "You have asked us" in page.text, "Waiting" in page.text) == (200, True, True)
    found = of_names(app, farm.farm)
    assert (found.name_state, found.domain) == (NameState.WAITING, "fenedge.example")
    assert not page.soup.select("form[action$='/ask']")
    assert "Name not confirmed" in as_ann(farm.here).text, "only a confirmed name stands without it"


def test_no_more_than_three_asks_a_day_reach_staff(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    statuses = []
    for _ in range(4):
        as_ann(farm.path("/name"))
        statuses.append(as_ann.send("/ask", follow=False).status)
        act(app, farm, lambda session, one: refuse_organisation_name(session, one, "No", session.merge(farm.hal), TODAY) if one.name_state is NameState.WAITING else None)  # fmt: skip
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
    assert (of_names(app, farm.farm).domain, of_names(app, farm.farm).name_state) == (None, NameState.UNCONFIRMED)
    assert visit.send("/ask").status == 200, "one may ask without a domain"


def test_the_code_of_the_letter_is_entered(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/name"))
    as_ann.send("/ask")
    act(app, farm, lambda session, one: set_company_number(session, one, "01234567", TODAY))
    as_ann(farm.path("/name"))
    as_ann.send("/ask")
    code = act(app, farm, lambda session, one: make_posted_code(session, one, TODAY))
    as_ann(farm.path("/name"))
    page = as_ann.send("/code", code="ABCD-EFGH")
    assert (page.status, "not the code" in page.text) == (422, True)
    page = as_ann.send("/code", code=code)
    assert "The code is right" in page.text


def test_after_a_refusal_the_reason_is_read_and_one_may_ask_again(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path("/name"))
    as_ann.send("/ask")
    act(
        app,
        farm,
        lambda session, one: refuse_organisation_name(
            session, one, "Nobody answers there.", session.merge(farm.hal), TODAY
        ),
    )
    page = as_ann(farm.path("/name"))
    assert "Nobody answers there." in page.text
    assert as_ann.send("/ask").status == 200


def test_whoever_is_suspended_reads_it_and_buys_nothing(app: Flask, visit: Visitor, farm: Farm) -> None:
    sign_in(visit, app, farm.bea)
    suppliers = farm.path("/suppliers")
    assert visit(suppliers).status == 200
    act(app, farm, lambda session, one: suspend_organisation_name(session, one, "Somebody rang us.", None, TODAY))
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
    assert of_names(app, farm.farm).name_state is NameState.SUSPENDED


def test_nobody_is_invited_in_a_suspended_name_and_mail_that_waits_stays(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    as_ann(farm.path("/invitations/new"))
    assert as_ann.send(email="kim@elsewhere.example", roles=["respondent"]).status == 200

    def invited() -> list[tuple[str, bool]]:
        with database_of(app).reading() as session:
            mails = session.scalars(select(OutgoingMail).where(OutgoingMail.event.startswith("invitation "))).all()
            return [(one.to_address, one.ended_at is not None) for one in mails]

    assert invited() == [("kim@elsewhere.example", False)]
    act(app, farm, lambda session, one: suspend_organisation_name(session, one, "Somebody rang us.", None, TODAY))
    assert invited() == [("", True)]
    as_ann(farm.path("/invitations/new"))
    page = as_ann.send(email="lee@elsewhere.example", roles=["respondent"])
    assert page.address == farm.path("/name")
    as_ann(farm.here)
    assert as_ann.send("/resend").address == farm.path("/name")
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
    for path in ("", "/decide", "/confirm", "/lift-suspension", "/lift-limit", "/code"):
        assert visit.client.get(f"/staff/names/{made.id}{path}").status_code in {404, 405}
    with database_of(app).reading() as look:
        found = get_name_status(look, look.get_one(Organisation, made.id), TODAY.date())
    assert (found.state, found.government_domain, found.domains) == (NameState.WAITING, None, ())
    page = visit(f"{here}/suppliers")
    assert page.status == 200
    assert "name nobody has confirmed" in visit(f"{here}/suppliers/new").text or "not confirmed" in page.text.lower()


def test_roles_change_and_count_at_the_next_request(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    sign_in(another_visit, app, farm.bob)
    assert another_visit(farm.path("/details")).status == 404
    as_ann(farm.path(f"/people/{farm.bob.id}"))
    assert as_ann.send(f"/people/{farm.bob.id}", roles=None).status == 422
    assert as_ann.send(f"/people/{farm.bob.id}", roles=["manager", "signer", "king"]).status == 422
    assert another_visit(farm.path("/details")).status == 404
    assert as_ann.send(f"/people/{farm.bob.id}", roles=["manager", "signer"]).status == 200
    assert another_visit(farm.path("/details")).status == 200
    with database_of(app).reading() as session:
        assert get_roles(session, farm.farm.id, farm.bob.id) == {Role.MANAGER, Role.SIGNER}


def test_whoever_is_removed_opens_nothing_at_the_next_request(
    app: Flask, as_ann: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    sign_in(another_visit, app, farm.bob)
    assert another_visit(farm.here).status == 200
    as_ann(farm.path(f"/people/{farm.bob.id}"))
    page = as_ann.send("/remove")
    assert page.status == 200
    assert "bob@" not in page.text
    assert "The person was removed." in page.text
    assert another_visit(farm.here).status == 404
    assert "Fen Edge" not in another_visit("/organisations").text


def test_the_last_manager_cannot_go(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    as_ann(farm.path(f"/people/{farm.ann.id}"))
    assert LAST_MANAGER in as_ann.send(f"/people/{farm.ann.id}", roles=["signer"]).text
    as_ann(farm.path("/leave"))
    page = as_ann.send()
    assert (page.status, LAST_MANAGER in page.text) == (422, True)
    token = page.fields()["csrf_token"][0]
    sent = as_ann.client.post(farm.path(f"/people/{farm.ann.id}/remove"), data={"csrf_token": token})
    assert sent.status_code == 422
    with database_of(app).reading() as session:
        assert get_roles(session, farm.farm.id, farm.ann.id) == {Role.MANAGER}


def test_anybody_else_leaves_as_they_like(app: Flask, visit: Visitor, farm: Farm) -> None:
    sign_in(visit, app, farm.sue)
    visit(farm.path("/leave"))
    assert visit.send().heading == "Your organisations"
    assert visit(farm.here).status == 404


def test_staff_are_not_made_buyers(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    with database_of(app).writing() as session:
        session.merge(farm.bob).desk = "coordinator"  # type: ignore[assignment]  # as a command line would write it
    as_ann(farm.path(f"/people/{farm.bob.id}"))
    page = as_ann.send(f"/people/{farm.bob.id}", roles=["buyer"])
    assert (page.status, BUYER_OR_STAFF in page.text) == (422, True)
    with database_of(app).reading() as look:
        assert get_roles(look, farm.farm.id, farm.bob.id) == {Role.RESPONDENT}


def test_sites_are_added_renamed_and_removed_while_nothing_belongs_to_them(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    as_ann(farm.path("/sites/new"))
    assert as_ann.send(name="").status == 422
    assert "North field" in as_ann.send(name="North field").text
    as_ann(farm.path("/sites/new"))
    assert "another name" in as_ann.send(name="north FIELD").text
    with database_of(app).reading() as look:
        site = look.query(Site).one()
        edition = current_edition(look, "farming")
        assert edition is not None
    as_ann(farm.path(f"/sites/{site.id}"))
    assert "South field" in as_ann.send(f"/sites/{site.id}", name="South field").text
    with database_of(app).writing() as session:
        session.add(
            Assessment(
                edition_id=edition.id,
                quick=False,
                started_at=TODAY,
                changed_at=TODAY,
                organisation_id=farm.farm.id,
                site_id=site.id,
            )
        )
    page = as_ann(farm.path(f"/sites/{site.id}"))
    assert "cannot be removed" in page.text
    token = page.fields()["csrf_token"][0]
    refused = as_ann.client.post(farm.path(f"/sites/{site.id}/remove"), data={"csrf_token": token})
    assert refused.status_code == 422
    with database_of(app).writing() as session:
        session.query(Assessment).delete()
    as_ann(farm.path(f"/sites/{site.id}"))
    assert "South field" not in as_ann.send("/remove").text


def test_a_site_of_another_organisation_is_not_there(app: Flask, as_ann: Visitor, farm: Farm) -> None:
    with database_of(app).writing() as session:
        theirs = Site(organisation_id=farm.hotel.id, name="Pier", made_at=TODAY)
        session.add(theirs)
    page = as_ann(farm.path(f"/sites/{theirs.id}"))
    assert page.status == 404
    as_ann(farm.path("/sites/new"))
    token = as_ann.page.fields()["csrf_token"][0] if as_ann.page else ""
    for end in ("", "/remove"):
        sent = as_ann.client.post(farm.path(f"/sites/{theirs.id}{end}"), data={"csrf_token": token, "name": "Mine"})
        assert sent.status_code == 404
