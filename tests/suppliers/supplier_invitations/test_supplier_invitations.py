"""Who may act on an invitation: the browser that opened its link, while it lives, and nobody at a desk."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.assessments.models import Assessment
from assess.core.db import Database
from assess.core.forms.form import FormResult
from assess.suppliers.external_results import ReportedResult
from assess.suppliers.models import ExternalResultScope, InvitationStatus, Scheme, Supplier, WorkerInterviews
from assess.suppliers.supplier_invitations import (
    DATE_ERROR,
    FUTURE_DATE_ERROR,
    bank_title,
    external_result_form,
    invitation_details,
)
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.plans.conftest import submit_record
from tests.plans.records import a_record, scenario
from tests.suppliers.factories import a_buyer, a_supplier, invited
from tests.suppliers.supplier_invitations.conftest import Asked


def test_another_browser_finds_nothing(visit: Visitor, another_visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    for way in ("", "/begin", "/existing", "/decline"):
        assert visit(asked.here + way).status == 200, way
        assert (
            another_visit(asked.here + way).text
            == another_visit(f"/supplier-invitations/answer/{uuid.uuid4()}{way}").text
        )


def test_no_member_of_staff_acts_for_a_business(app: Flask, visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    with database_of(app).writing() as session:
        desk = a_person(session, "jo@desk.example", desk="coordinator")
    sign_in(visit, app, desk)
    assert visit(asked.here).status == 404


def test_a_visit_ends_with_its_time(app: Flask, visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    app.config["CLOCK"] = lambda: CONFTEST_TODAY + timedelta(hours=13)
    assert visit(asked.here).heading == "Your session has ended"


def choices(visit: Visitor, asked: Asked) -> list[str]:
    return [str(one["value"]) for one in visit(f"{asked.here}/existing").soup.select("input[name=assessment]")]


def test_what_this_browser_has_answers_several_buyers_once(app: Flask, visit: Visitor, asked: Asked) -> None:
    mine = submit_record(app, visit, scenario(), CONFTEST_TODAY)
    submit_record(app, visit, a_record("car_washes", "car_washes medium"), CONFTEST_TODAY)
    visit(asked.link)
    visit.send()
    assert choices(visit, asked) == [str(mine.id)], "not that of another sector"
    assert visit.send().status == 422
    page = visit.send(assessment=str(mine.id))
    assert page.address == f"{mine.address}/share/buyer-requests"
    assert "Sees that you have finished, and on which day. It sees none of your answers." in page.text
    stands = asked.now(app)
    assert (stands.status, stands.assessment_id) == (InvitationStatus.SUBMITTED, mine.id)


def test_what_another_browser_has_is_not_offered(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: Asked
) -> None:
    mine = submit_record(app, another_visit, scenario(), CONFTEST_TODAY)
    visit(asked.link)
    visit.send()
    assert choices(visit, asked) == []
    visit(f"{asked.here}/decline")
    token = visit.page.fields()["csrf_token"][0] if visit.page else ""
    answer = visit.client.post(f"{asked.here}/existing", data={"csrf_token": token, "assessment": str(mine.id)})
    assert answer.status_code == 422


def test_a_manager_uses_those_of_the_organisation_and_says_whom_they_answer_for(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: Asked
) -> None:
    mine = submit_record(app, another_visit, scenario(), CONFTEST_TODAY)
    with database_of(app).writing() as session:
        ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
        farm = an_organisation(session, "Fen Edge", manager=ann, respondent=bob)
        session.get_one(Assessment, mine.id).organisation_id = farm.id
        farm_id = farm.id
    visit(asked.link)
    visit.send()
    sign_in(visit, app, bob)
    assert choices(visit, asked) == []
    sign_in(visit, app, ann)
    assert "We answer for Fen Edge" in visit(asked.here).text
    assert choices(visit, asked) == [str(mine.id)]
    visit.send(assessment=str(mine.id))
    with database_of(app).reading() as session:
        assert session.get_one(Supplier, asked.supplier_id).organisation_id == farm_id
    page = visit(f"/organisations/{farm_id}/buyer-requests")
    assert "The Council" in page.text
    assert "That is not right" in visit(asked.here).text
    visit.client.post(
        f"{asked.here}/organisation",
        data={"csrf_token": visit.page.fields("/organisation")["csrf_token"][0], "none": "yes"},  # type: ignore[union-attr]  # it was opened
    )
    with database_of(app).reading() as session:
        assert session.get_one(Supplier, asked.supplier_id).organisation_id is None


TODAY = date(2026, 11, 24)
GOOD = {"scheme": "msat", "result_on": "24 11 2026", "scope": "whole", "interviews": "dk"}


def read(typed: dict[str, str]) -> FormResult:
    return external_result_form(TODAY).read(MultiDict(typed))


def test_a_whole_form_is_read() -> None:
    found = ReportedResult(**read({**GOOD, "words": "anything"}).values)
    assert found == ReportedResult(Scheme.MSAT, TODAY, ExternalResultScope.WHOLE, WorkerInterviews.DONT_KNOW)


@pytest.mark.parametrize(
    ("typed", "place", "sentence"),
    [
        ({"scheme": "ours"}, "scheme", "Choose the scheme."),
        ({"result_on": "25 11 2026"}, "result_on", FUTURE_DATE_ERROR),
        ({"result_on": "soon"}, "result_on", DATE_ERROR),
        ({"result_on": ""}, "result_on", DATE_ERROR),
        ({"result_on": "31 12 1989"}, "result_on", DATE_ERROR),
        ({"scope": "some"}, "scope", "Choose what it looked at."),
        ({"interviews": "maybe"}, "interviews", "Choose yes, no or don’t know."),
    ],
)
def test_what_cannot_be_used_is_said_by_field(typed: dict[str, str], place: str, sentence: str) -> None:
    assert read({**GOOD, **typed}).errors == {place: sentence}


def test_an_empty_form_is_told_everything_at_once() -> None:
    assert list(read({}).errors) == ["scheme", "result_on", "scope", "interviews"]


def test_they_say_what_is_asked_and_how_long_it_takes(app: Flask, published: Database) -> None:  # the fixture
    with app.app_context(), published.writing() as session:
        council = a_buyer(session, "The Council")
        told = invitation_details(
            session, invited(session, a_supplier(session, council, "Farm", sector="farming")), council
        )
        assert (told["asker"].name, told["minutes"]) == ("The Council", 45)
        assert told["title"] == bank_title(session, "farming") != "farming"


def test_a_bank_that_is_gone_is_called_by_its_id(session: Session) -> None:
    assert bank_title(session, "farming") == "farming"
