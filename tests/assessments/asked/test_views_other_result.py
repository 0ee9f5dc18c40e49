from __future__ import annotations

import uuid

from flask import Flask

from assess.suppliers.models import SupplierInvitation
from assess.suppliers.other_results.keeping import accept, refuse, told_with
from assess.suppliers.other_results.models import Refusal
from tests.assessments.asked.invited_browsers import asked_by, status_of
from tests.conftest import TODAY, Visitor
from tests.people.persons import database_of
from tests.suppliers.makers import later


def page_of(invitation_id: uuid.UUID) -> str:
    return f"/asked/by/{invitation_id}/other-result"


def test_a_supplier_tells_the_buyer_that_asked_and_takes_it_back(app: Flask, visit: Visitor) -> None:
    invitation_id = asked_by(app, "The Council", visit)
    page = visit(page_of(invitation_id))
    assert "Send no report, and nothing about any worker." in page.text
    assert page.soup.select("textarea, input[type=file]") == []
    page = visit.send(scheme="grasp", result_on="1 6 2025", scope="one_site", interviews="yes")
    assert "The Council can see it now. They decide whether it is enough." in page.text
    assert "It is more than 12 months old." in page.text
    assert "has not said yet whether it is enough" in page.text
    page = visit.send("/withdraw")
    assert ("It is gone." in page.text, "GRASP" in page.soup.select_one("h2").get_text()) == (True, False)


def test_wrong_input_is_said_beside_its_field_and_the_rest_stays(app: Flask, visit: Visitor) -> None:
    visit(page_of(asked_by(app, "The Council", visit)))
    page = visit.send(scheme="msat", result_on="25 11 2026", scope="whole")
    assert page.status == 422
    assert "Enter a date that is not in the future." in page.text
    assert "Choose yes, no or don’t know." in page.text
    assert page.fields()["scheme"] == ["msat"]
    for link in page.soup.select(".govuk-error-summary a"):
        assert page.soup.select_one(str(link["href"]))


def test_the_supplier_reads_what_the_buyer_decided(app: Flask, visit: Visitor) -> None:
    invitation_id = asked_by(app, "The Council", visit)
    visit(page_of(invitation_id))
    visit.send(scheme="msat", result_on="1 6 2026", scope="whole", interviews="dk")
    with database_of(app).writing() as session:
        (result,) = told_with(session, invitation_id)
        accept(session, result, later(30).date(), TODAY, by=None, name="Ann Lee")
    page = visit(page_of(invitation_id))
    assert "Accepted until 24 December 2026." in page.text
    assert "Ann Lee" not in page.text
    page = visit.send("/other-result", scheme="msat", result_on="2 6 2026", scope="whole", interviews="dk")
    assert (page.status, "The buyer has accepted this one already." in page.text) == (422, True)
    assert status_of(app, invitation_id) == "other_result"
    with database_of(app).writing() as session:
        (result,) = told_with(session, invitation_id)
        refuse(session, result, Refusal.SAME_FORM, TODAY, by=None, name="Ann Lee")
    assert (
        "Not accepted: we ask every supplier for the same form. Please fill in the form."
        in visit(page_of(invitation_id)).text
    )


def test_nobody_else_comes_in_and_nothing_is_told_to_another_buyer(
    app: Flask, visit: Visitor, another_visit: Visitor
) -> None:
    mine, other = asked_by(app, "The Council", visit), asked_by(app, "The Shop", another_visit)
    visit(page_of(mine))
    visit.send(scheme="msat", result_on="1 6 2026", scope="whole", interviews="dk")
    assert visit(page_of(other)).status == 404
    assert another_visit(page_of(mine)).status == 404
    text = another_visit(page_of(other)).text
    assert ("The Council" in text, "Tell of another one" in text) == (False, False)
    with database_of(app).writing() as session:
        (result,) = told_with(session, mine)
        result_id = result.id
    token = another_visit(page_of(other)).fields()["csrf_token"][0]
    answer = another_visit.client.post(f"{page_of(other)}/{result_id}/withdraw", data={"csrf_token": token})
    assert answer.status_code == 404
    with database_of(app).writing() as session:
        session.get_one(SupplierInvitation, mine).ended_at = TODAY
    assert visit(page_of(mine)).status == 404
