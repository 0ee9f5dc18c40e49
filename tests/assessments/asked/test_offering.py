"""Which assessments may answer an invitation: of the same sector, and only of whoever may share them."""

from __future__ import annotations

from flask import Flask

from assess.assessments.models import Assessment
from assess.suppliers.models import Status, Supplier
from tests.assessments.asked.conftest import Asked
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, an_organisation, database_of, sign_in
from tests.plans.conftest import submit_record
from tests.plans.records import a_record, scenario


def choices(visit: Visitor, asked: Asked) -> list[str]:
    return [str(one["value"]) for one in visit(f"{asked.here}/take").soup.select("input[name=assessment]")]


def test_what_this_browser_has_answers_several_buyers_once(app: Flask, visit: Visitor, asked: Asked) -> None:
    mine = submit_record(app, visit, scenario(), TODAY)
    submit_record(app, visit, a_record("car_washes", "car_washes medium"), TODAY)
    visit(asked.link)
    visit.send()
    assert choices(visit, asked) == [str(mine.id)], "not that of another sector"
    assert visit.send().status == 422
    page = visit.send(assessment=str(mine.id))
    assert page.address == f"{mine.address}/share/asked"
    assert "Sees that you have finished, and on which day. It sees none of your answers." in page.text
    stands = asked.now(app)
    assert (stands.status, stands.assessment_id) == (Status.SUBMITTED, mine.id)


def test_what_another_browser_has_is_not_offered(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: Asked
) -> None:
    mine = submit_record(app, another_visit, scenario(), TODAY)
    visit(asked.link)
    visit.send()
    assert choices(visit, asked) == []
    visit(f"{asked.here}/no")
    token = visit.page.fields()["csrf_token"][0] if visit.page else ""
    answer = visit.client.post(f"{asked.here}/take", data={"csrf_token": token, "assessment": str(mine.id)})
    assert answer.status_code == 422


def test_a_manager_uses_those_of_the_organisation_and_says_whom_they_answer_for(
    app: Flask, visit: Visitor, another_visit: Visitor, asked: Asked
) -> None:
    mine = submit_record(app, another_visit, scenario(), TODAY)
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
    page = visit(f"/organisations/{farm_id}/asked")
    assert "The Council" in page.text
    assert "That is not right" in visit(asked.here).text
    visit.client.post(
        f"{asked.here}/for",
        data={"csrf_token": visit.page.fields("/for")["csrf_token"][0], "none": "yes"},  # type: ignore[union-attr]  # it was opened
    )
    with database_of(app).reading() as session:
        assert session.get_one(Supplier, asked.supplier_id).organisation_id is None
