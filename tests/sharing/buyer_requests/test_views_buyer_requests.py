"""Who asked an organisation: for those who answer for it, and for nobody who buys for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.links import make_resume_link
from assess.assessments.models import Assessment, Submission
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from assess.core.route_permissions import route_permission
from assess.identity.models import NameState, Organisation, Person
from assess.identity.organisations.name_confirmation import (
    lift_suspension,
    rename_organisation,
    suspend_organisation_name,
)
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import (
    NameSuspendedError,
    change_share_grant,
    end_share_grant,
    entry_of_grant,
    find_invitation,
    get_buyer_requests,
    get_organisation_buyer_requests,
    share_with_buyer,
)
from assess.sharing.viewing import find_permitted_share
from assess.suppliers.activity_log import get_activity_log
from assess.suppliers.emails import create_invitation_link
from assess.suppliers.models import DeclineReason, InvitationStatus, Supplier, SupplierEventType, SupplierInvitation
from assess.suppliers.services import decline_invitation
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.records import Record, a_record, scenario
from tests.sharing.buyer_requests.conftest import Farm, make_farm
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, answered, invited, shared


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("respondent", 200), ("signer", 200), ("buyer", 404)])
def test_whoever_answers_for_it_sees_who_asked(
    app: Flask, another_visit: Visitor, farm: Farm, role: str, status: int
) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@farm.example")
        organisation = an_organisation(session, "Fen Edge", **{role: person})
        session.get_one(Assessment, farm.id).organisation_id = organisation.id
        here = f"/organisations/{organisation.id}/buyer-requests"
    sign_in(another_visit, app, person)
    page = another_visit(here)
    assert page.status == status
    assert ("The Council" in page.text) is (status == 200)
    assert ("Share it" in page.text) is (role == "manager")


def test_where_nobody_asked_it_says_how_to_come_here(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        person = a_person(session, "jo@farm.example")
        here = f"/organisations/{an_organisation(session, 'Fen Edge', manager=person).id}/buyer-requests"
    sign_in(visit, app, person)
    assert "Nobody yet." in visit(here).text


def share(visit: Visitor, farm: Farm, scope: str = "plan", days: str = "180") -> Any:
    visit(f"{farm.asked}/{farm.invitation_id}")
    form = visit.page.soup.select_one("form[action$=preview]") if visit.page else None
    assert form is not None
    session = visit(f"{farm.asked}/{farm.invitation_id}/preview?scope={scope}&days={days}")
    assert session.heading == "What The Council will see"
    return visit.send()


def test_the_result_says_who_asked_and_leads_to_sharing(visit: Visitor, farm: Farm) -> None:
    for place in ("result", "share"):
        page = visit(f"{farm.address}/{place}")
        assert "The Council asked for this. Share it" in page.text
    page = visit(f"{farm.asked}")
    assert "Sees that you have finished, and on which day. It sees none of your answers." in page.text


def test_what_is_looked_at_is_what_the_buyer_sees(
    app: Flask, visit: Visitor, another_visit: Visitor, farm: Farm
) -> None:
    look = visit(f"{farm.asked}/{farm.invitation_id}/preview?scope=plan&days=180")
    shown = look.soup.select_one("div.plan")
    page = visit.send()
    assert page.address == farm.asked
    assert "You shared it with The Council." in page.text
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
        assert (grant.scope, grant.until, grant.organisation_id) == (
            ShareScope.PLAN,
            TODAY + timedelta(days=180),
            farm.buyer_id,
        )
        assert session.get_one(SupplierInvitation, farm.invitation_id).status is InvitationStatus.SHARED
        ann = session.scalars(select(Person).where(Person.email == farm.person)).one()
    sign_in(another_visit, app, ann)
    theirs = another_visit(f"/shared/{grant.id}")
    assert theirs.status == 200
    seen = theirs.soup.select_one("div.plan")
    assert shown is not None
    assert seen is not None
    headings = [h.get_text(strip=True) for h in shown.select("h2, h3")]
    assert [h.get_text(strip=True) for h in seen.select("h2, h3")] == headings
    assert " ".join(shown.get_text(" ").split()) in " ".join(seen.get_text(" ").split())


def test_a_share_shows_in_the_list_by_the_name_of_the_buyer_and_can_be_changed_for_a_year(
    app: Flask, visit: Visitor, farm: Farm
) -> None:
    share(visit, farm)
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
    page = visit(f"{farm.address}/share")
    assert "The Council Ordinary" in page.text or "The Council" in page.text
    assert "()" not in page.text
    page = visit(f"{farm.address}/share/with/{grant.id}")
    assert "Make a new link" not in page.text
    assert [one["value"] for one in page.soup.select("input[name=days]")] == ["30", "90", "180", "365"]
    visit.send(scope="buyer_copy", days="365")
    with database_of(app).reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
        assert (grant.scope, grant.until) == (ShareScope.BUYER_COPY, TODAY + timedelta(days=365))
        assert grant.supplier_id == farm.supplier_id


def test_after_a_share_is_over_the_page_says_what_the_buyer_still_sees(app: Flask, visit: Visitor, farm: Farm) -> None:
    share(visit, farm)
    with database_of(app).writing() as session:
        end_share_grant(session, session.scalars(select(ShareGrant)).one(), TODAY)
        told = [event.what for event in get_activity_log(session, [farm.supplier_id])]
    assert told[-3:] == [SupplierEventType.SUBMITTED, SupplierEventType.SHARED, SupplierEventType.SHARE_OVER]
    page = visit(farm.asked)
    assert (
        "It sees that you finished, that something was shared, and that this is over, each with its day." in page.text
    )
    assert "nothing else" not in page.text


def test_pressing_twice_shares_once(app: Flask, visit: Visitor, farm: Farm) -> None:
    look = f"{farm.asked}/{farm.invitation_id}/preview?scope=plan&days=30"
    visit(look)
    kept = visit.page
    visit.send()
    visit.page = kept
    page = visit.send()
    assert page.heading == "What you shared"
    with database_of(app).reading() as session:
        assert len(session.scalars(select(ShareGrant)).all()) == 1


def test_new_answers_go_to_nobody_by_themselves_and_one_by_one(
    app: Flask, visit: Visitor, farm: Farm, asked_too: Callable[[str], uuid.UUID]
) -> None:
    other = asked_too("The Shop")
    share(visit, farm)
    with database_of(app).writing() as session:
        reopen_assessment(session, farm.id, TODAY)
        submit_assessment(session, farm.id, lambda _said: scenario(), TODAY)
    page = visit(farm.asked)
    assert "Sees that there are newer answers, and none of them." in page.text
    page = visit(f"{farm.asked}/{farm.invitation_id}")
    checked = page.soup.select_one("input[name=scope][checked]")
    assert checked is not None
    assert checked["value"] == "plan", "as it was before"
    share(visit, farm)
    with database_of(app).reading() as session:
        grants = session.scalars(select(ShareGrant)).all()
        assert {grant.supplier_id for grant in grants} == {farm.supplier_id}, "nobody else has it"
        assert len(grants) == 2
    assert "The Shop" in visit(farm.asked).text
    assert visit(f"{farm.asked}/{other}").status == 200


@pytest.mark.parametrize("typed", [{}, {"scope": "all", "days": "30"}, {"scope": "plan", "days": "7"}])
def test_a_wrong_choice_shares_nothing(app: Flask, visit: Visitor, farm: Farm, typed: dict[str, str]) -> None:
    visit(f"{farm.asked}/{farm.invitation_id}/preview?scope=plan&days=30")
    page = visit.send(**({"scope": "", "days": ""} | typed))
    assert page.status == 422
    with database_of(app).reading() as session:
        assert session.scalars(select(ShareGrant)).all() == []


def test_an_invitation_that_is_answered_elsewhere_or_taken_back_is_not_here(
    app: Flask, visit: Visitor, farm: Farm
) -> None:
    with database_of(app).writing() as session:
        elsewhere, _ = make_farm(session, buyer="The Shop")
    assert visit(f"{farm.asked}/{elsewhere.invitation_id}").status == 404
    with database_of(app).writing() as session:
        session.get_one(SupplierInvitation, farm.invitation_id).ended_at = TODAY
    assert visit(f"{farm.asked}/{farm.invitation_id}").status == 404
    assert "asked for this" not in visit(f"{farm.address}/result").text


def test_with_a_sign_the_pages_of_sharing_read_as_without(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        first, link = make_farm(session)
        council = session.get_one(Organisation, first.buyer_id)
        supplier = a_supplier(session, council, "Fen Edge Growers", sector="farming", reference="2")
        invitation = invited(session, supplier)
        record = a_record(change={"core_documents": "employer"})
        submission = answered(session, invitation, record=record)
        second = replace(first, id=submission.assessment_id, invitation_id=invitation.id)
        other = f"/r/{make_resume_link(session, submission.assessment_id, submission.made_at).token}"
    pages = []
    for farm, way in ((first, link), (second, other)):
        visit(way)
        visit.send(follow=False)
        page = share(visit, farm, "evidence")
        one = visit(page.soup.select_one('a[href*="/share/with/"]')["href"])
        pages.append((page.text, one.text))
    assert pages[0] == pages[1]
    assert "what proof there is, until" in pages[0][0]
    assert "Answers about signs of exploitation are never shown to a buyer" in pages[0][0]


def test_what_a_buyer_sees_follows_the_share(published: Database) -> None:  # the fixture
    with published.writing() as session:
        supplier = a_supplier(session, a_buyer(session, "The Council"), "Farm", sector="farming")
        invitation = invited(session, supplier)
        submission = answered(session, invitation)
        of = submission.assessment_id

        def sees(days: int = 0) -> tuple[str, ShareScope | None, bool]:
            (row,) = get_buyer_requests(session, of, TODAY + timedelta(days=days))
            return row.sees, row.scope, row.grant_id is not None

        assert sees() == ("nothing", None, False)
        grant = share_with_buyer(session, submission, invitation, ShareScope.PLAN, 30, TODAY)
        assert sees() == ("latest", ShareScope.PLAN, True)
        assert sees(31) == ("nothing", ShareScope.PLAN, False)
        reopen_assessment(session, of, TODAY)
        submit_assessment(session, of, lambda _said: scenario(), TODAY)
        assert sees() == ("older", ShareScope.PLAN, False)
        end_share_grant(session, grant, TODAY)
        assert sees() == ("nothing", ShareScope.PLAN, False)


def test_how_much_a_buyer_sees_is_told_alike_whatever_signs_there_are(published: Database) -> None:  # the fixture
    with published.writing() as session:
        council = a_buyer(session, "The Council")

        def words(record: Record, scope: ShareScope) -> str:
            grant = shared(session, invited(session, a_supplier(session, council, "Farm")), record=record, scope=scope)
            (row,) = get_buyer_requests(session, grant.assessment_id, TODAY)
            entry = entry_of_grant(grant, (), grant.submission_id, TODAY)
            assert (row.scope, row.words) == (scope, entry.scope), "what was chosen can be chosen again"
            return row.words

        urgent = a_record(change={"core_documents": "employer"})
        assert words(scenario(), ShareScope.PLAN) == "The short copy and your plan"
        for scope in ShareScope:
            assert words(urgent, scope) == words(scenario(), scope)


def test_only_what_is_answered_with_it_is_found(published: Database) -> None:  # the fixture
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        one, two = (invited(session, a_supplier(session, council, name)) for name in ("One", "Two"))
        submission, other = answered(session, one), answered(session, two)
        assert find_invitation(session, submission.assessment_id, one.id) is one
        assert find_invitation(session, other.assessment_id, one.id) is None


def test_an_organisation_sees_what_it_took_as_its_own(published: Database) -> None:  # the fixture
    with published.writing() as session:
        farm = an_organisation(session, "Fen Edge")
        made = invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm"))
        assert get_organisation_buyer_requests(session, farm.id, TODAY) == []
        session.get_one(Supplier, made.supplier_id).organisation_id = farm.id
        session.flush()
        (row,) = get_organisation_buyer_requests(session, farm.id, TODAY)
        assert (row.asker.name, row.sees, row.assessment_id) == ("The Council", "nothing", None)
        made.ended_at = TODAY
        session.flush()
        assert get_organisation_buyer_requests(session, farm.id, TODAY) == []


def test_each_that_waits_has_a_line_of_its_own_until_it_was_told_no(
    app: Flask, visit: Visitor, farm: Farm, asked_too: Callable[[str], uuid.UUID]
) -> None:
    other = asked_too("The Shop")
    text = visit(f"{farm.address}/result").text
    assert "The Council asked for this." in text
    assert "The Shop asked for this." in text
    with database_of(app).writing() as session:
        decline_invitation(session, session.get_one(SupplierInvitation, other), DeclineReason.RATHER_NOT, TODAY)
    assert "The Shop" not in visit(f"{farm.address}/result").text


WORDS = "We can no longer confirm who this is."


def set_suspended(app: Flask, farm: Farm, *, on: bool) -> None:
    with database_of(app).writing() as session:
        council = session.get_one(Organisation, farm.buyer_id)
        if on:
            suspend_organisation_name(session, council, "Somebody rang us.", None, TODAY)
        else:
            ada = a_person(session, "ada@desk.example", desk="administrator")
            lift_suspension(session, council, "A mistake", ada, TODAY + timedelta(days=1))


def buyer_of(app: Flask, farm: Farm) -> Person:
    with database_of(app).reading() as session:
        return session.scalars(select(Person).where(Person.email == farm.person)).one()


def grant_of(app: Flask) -> ShareGrant:
    with database_of(app).reading() as session:
        return session.scalars(select(ShareGrant)).one()


def pages_of_a_buyer(app: Flask, farm: Farm) -> list[str]:
    """Every page of a buyer that needs nothing but its organisation."""
    here = {"organisation_id": farm.buyer_id}
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if (route_permission(app, rule.endpoint, "GET") or "").startswith("suppliers.") and rule.arguments == set(here)
    ]
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [adapter.build(rule.endpoint, here) for rule in rules if "GET" in (rule.methods or ())]


def test_a_buyer_that_took_another_name_is_read_of_by_the_one_in_its_emails(
    app: Flask, visit: Visitor, farm: Farm
) -> None:
    share(visit, farm)
    with database_of(app).writing() as session:
        council = session.get_one(Organisation, farm.buyer_id)
        create_invitation_link(session, session.get_one(SupplierInvitation, farm.invitation_id), "", TODAY)
        before = council.name
        rename_organisation(session, council, "Police Fines", TODAY)
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
    with database_of(app).reading() as session:
        assert find_permitted_share(session, who, grant.id, TODAY) is not None
    who = replace(caller_of(buyer_of(app, farm), farm.buyer_id), suspended=frozenset({farm.buyer_id}))
    with database_of(app).reading() as session:
        assert find_permitted_share(session, who, grant.id, TODAY) is None


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
    visit(f"{farm.asked}/{farm.invitation_id}/preview?scope=plan&days=180")
    set_suspended(app, farm, on=True)
    assert visit.send().address == farm.asked, "the page was open already"
    for place in ("", "/preview?scope=plan&days=180"):
        page = visit(f"{farm.asked}/{farm.invitation_id}{place}")
        assert (page.address, WORDS in page.text) == (farm.asked, True)
        assert "Share it" not in page.text
    assert "asked for this" not in visit(f"{farm.address}/share").text
    with database_of(app).reading() as session:
        assert session.scalars(select(ShareGrant)).all() == []


def test_a_share_with_it_is_neither_made_nor_widened_whatever_asks(app: Flask, visit: Visitor, farm: Farm) -> None:
    share(visit, farm, "buyer_copy")
    set_suspended(app, farm, on=True)
    with database_of(app).writing() as session:
        grant = session.scalars(select(ShareGrant)).one()
        with pytest.raises(NameSuspendedError):
            change_share_grant(session, grant, ShareScope.PLAN, 180, TODAY)
        invitation = session.get_one(SupplierInvitation, farm.invitation_id)
        submission = session.get_one(Submission, grant.submission_id)
        with pytest.raises(NameSuspendedError):
            share_with_buyer(session, submission, invitation, ShareScope.PLAN, 180, TODAY)


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
