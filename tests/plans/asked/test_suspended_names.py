"""While the name of a buyer is suspended it opens nothing, nothing more is shared with it, and each business reads so and may end it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Submission
from assess.kit.route_permissions import permission_of
from assess.people.models import NameState, Organisation, Person
from assess.people.organisations.names import lift_suspension, rename, suspend
from assess.plans.shares.granting import NameSuspendedError, change, give_to_buyer
from assess.plans.shares.looking import find_grant
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.scopes import Scope
from assess.suppliers.letters import new_link
from assess.suppliers.models import SupplierInvitation
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.plans.asked.conftest import Farm
from tests.plans.asked.test_views_sharing import share
from tests.plans.shares.callers import caller_of

WORDS = "We can no longer confirm who this is."


def set_suspended(app: Flask, farm: Farm, *, on: bool) -> None:
    with database_of(app).writing() as session:
        council = session.get_one(Organisation, farm.buyer_id)
        if on:
            suspend(session, council, "Somebody rang us.", None, TODAY)
        else:
            ada = a_person(session, "ada@desk.example", desk="administrator")
            lift_suspension(session, council, "A mistake", ada, TODAY + timedelta(days=1))


def buyer_of(app: Flask, farm: Farm) -> Person:
    with database_of(app).reading() as look:
        return look.scalars(select(Person).where(Person.email == farm.person)).one()


def grant_of(app: Flask) -> ShareGrant:
    with database_of(app).reading() as look:
        return look.scalars(select(ShareGrant)).one()


def pages_of_a_buyer(app: Flask, farm: Farm) -> list[str]:
    """Every page of a buyer that needs nothing but its organisation."""
    here = {"organisation_id": farm.buyer_id}
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if (permission_of(app, rule.endpoint, "GET") or "").startswith("suppliers.") and rule.arguments == set(here)
    ]
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [adapter.build(rule.endpoint, here) for rule in rules if "GET" in (rule.methods or ())]


def test_a_buyer_that_took_another_name_is_read_of_by_the_one_in_its_letters(
    app: Flask, visit: Visitor, farm: Farm
) -> None:
    share(visit, farm)
    with database_of(app).writing() as session:
        council = session.get_one(Organisation, farm.buyer_id)
        new_link(session, session.get_one(SupplierInvitation, farm.invitation_id), "", TODAY)
        before = council.name
        rename(session, council, "Police Fines", TODAY)
    page = visit(farm.asked)
    assert f"{WORDS} You can end what you shared." in page.text
    assert before in page.text
    assert "Police" not in page.text


def test_its_pages_copies_and_files_are_not_there_until_it_is_lifted(
    app: Flask, visit: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    share(visit, farm)
    grant = grant_of(app)
    sign_in(another_visit, app, buyer_of(app, farm))
    shared = [f"/shared/{grant.id}", f"/shared/{grant.id}/copy.pdf"]
    assert another_visit(shared[0]).status == 200
    pages = pages_of_a_buyer(app, farm)
    assert len(pages) > 10
    set_suspended(app, farm, on=True)
    for page in (*pages, *shared, f"/organisations/{farm.buyer_id}/suppliers/{farm.supplier_id}"):
        assert another_visit(page, follow=False).status == 404, page
    assert "Fen Edge" not in another_visit("/shared").text
    set_suspended(app, farm, on=False)
    sign_in(another_visit, app, buyer_of(app, farm))
    assert another_visit(shared[0]).status == 200, "nothing was deleted"
    assert another_visit(f"/organisations/{farm.buyer_id}/suppliers").status == 200


def test_no_share_is_found_for_it_wherever_one_is_looked_for(app: Flask, visit: Visitor, farm: Farm) -> None:
    share(visit, farm)
    grant = grant_of(app)
    who = caller_of(buyer_of(app, farm), farm.buyer_id)
    with database_of(app).reading() as look:
        assert find_grant(look, who, grant.id, TODAY) is not None
    who = replace(caller_of(buyer_of(app, farm), farm.buyer_id), suspended=frozenset({farm.buyer_id}))
    with database_of(app).reading() as look:
        assert find_grant(look, who, grant.id, TODAY) is None


def test_the_business_reads_it_and_ends_the_share(app: Flask, visit: Visitor, farm: Farm) -> None:
    share(visit, farm)
    grant = grant_of(app)
    places = [f"{farm.address}/share", farm.asked, f"{farm.address}/share/with/{grant.id}"]
    for place in places:
        assert WORDS not in visit(place).text
    set_suspended(app, farm, on=True)
    for place in places:
        page = visit(place)
        assert WORDS in page.text, place
        assert "Somebody rang us." not in page.text
    assert "Change it" not in [one.get_text(strip=True) for one in page.soup.select("button")]
    page = visit.send("/end")
    assert "You ended the share with The Council." in page.text
    assert grant_of(app).ended_at is not None


def test_nothing_new_is_shared_with_it(app: Flask, visit: Visitor, farm: Farm) -> None:
    visit(f"{farm.asked}/{farm.invitation_id}/look?scope=plan&days=180")
    set_suspended(app, farm, on=True)
    assert visit.send().address == farm.asked, "the page was open already"
    for place in ("", "/look?scope=plan&days=180"):
        page = visit(f"{farm.asked}/{farm.invitation_id}{place}")
        assert (page.address, WORDS in page.text) == (farm.asked, True)
        assert "Share it" not in page.text
    assert "asked for this" not in visit(f"{farm.address}/share").text
    with database_of(app).reading() as look:
        assert look.scalars(select(ShareGrant)).all() == []


def test_a_share_with_it_is_neither_made_nor_widened_whatever_asks(app: Flask, visit: Visitor, farm: Farm) -> None:
    share(visit, farm, "buyer_copy")
    set_suspended(app, farm, on=True)
    with database_of(app).writing() as session:
        grant = session.scalars(select(ShareGrant)).one()
        with pytest.raises(NameSuspendedError):
            change(session, grant, Scope.PLAN, 180, TODAY)
        invitation = session.get_one(SupplierInvitation, farm.invitation_id)
        submission = session.get_one(Submission, grant.submission_id)
        with pytest.raises(NameSuspendedError):
            give_to_buyer(session, submission, invitation, Scope.PLAN, 180, TODAY)


@pytest.mark.parametrize("state", sorted(set(NameState) - {NameState.SUSPENDED, NameState.REFUSED}))
def test_every_other_state_leaves_sharing_as_it_was(
    app: Flask, visit: Visitor, another_visit: Visitor, farm: Farm, state: NameState
) -> None:
    with database_of(app).writing() as session:
        session.get_one(Organisation, farm.buyer_id).name_state = state
    share(visit, farm)
    sign_in(another_visit, app, buyer_of(app, farm))
    assert another_visit(f"/shared/{grant_of(app).id}").status == 200
    assert WORDS not in visit(farm.asked).text
    assert ("name not confirmed" in visit(farm.asked).text) is (state is not NameState.CONFIRMED)
