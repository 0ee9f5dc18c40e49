"""The pages of an invitation: begin, take what one has, say no, think again, no more mail."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask import Flask

from assess.suppliers.activity_log import BUYER_EVENTS
from assess.suppliers.emails import is_unsubscribed
from assess.suppliers.external_results import accept_external_result, refuse_external_result, results_of_invitation
from assess.suppliers.models import (
    DeclineReason,
    InvitationStatus,
    RefusalReason,
    Supplier,
    SupplierEventType,
    SupplierInvitation,
)
from assess.suppliers.services import withdraw_invitation
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import database_of
from tests.suppliers.factories import later
from tests.suppliers.supplier_invitations.conftest import Asked
from tests.suppliers.supplier_invitations.invited_clients import asked_by, status_of


def opened(visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    assert visit.send().address == asked.here


def test_somebody_begins_after_the_ten_lines(app: Flask, visit: Visitor, asked: Asked) -> None:
    opened(visit, asked)
    page = visit(f"{asked.here}/begin")
    assert len(page.soup.select("ol.assess-ten li")) == 10
    assert asked.now(app).status is InvitationStatus.OPENED
    page = visit.send()
    assert page.heading == "Keep a link to come back with"
    stands = asked.now(app)
    assert stands.status is InvitationStatus.STARTED
    assert stands.assessment_id is not None
    page = visit(asked.here)
    assert "Go on with it" in page.text
    assert visit(f"/assessments/{stands.assessment_id}/").status == 200


def test_somebody_says_no_and_thinks_again(app: Flask, visit: Visitor, asked: Asked) -> None:
    opened(visit, asked)
    page = visit(f"{asked.here}/decline")
    assert visit.send().status == 422
    page = visit.send(why="no_time_now")
    assert "You said no on 24 November 2026" in page.text
    assert "We remind you before" not in page.text, "none comes any more"
    assert page.soup.select(f"main a[href='{asked.here}/naming']"), "the way to where it says whether it may be named"
    assert asked.now(app).decline is DeclineReason.NO_TIME_NOW
    page = visit.send("/undo-decline")
    assert "You said no" not in page.text
    assert asked.now(app).status is InvitationStatus.OPENED


TOLD = {
    SupplierEventType.OPENED: "you opened this",
    SupplierEventType.STARTED: "began",
    SupplierEventType.SUBMITTED: "finished",
    SupplierEventType.SHARED: "on which days you shared something",
    SupplierEventType.SHARE_OVER: "that it is over",
    SupplierEventType.ANSWERS_REMOVED: "your answers were deleted",
    SupplierEventType.DECLINED: "you said no, with the reason you choose",
    SupplierEventType.DECLINE_UNDONE: "thought again",
    SupplierEventType.MAIL_STOPPED: "you want no more emails",
    SupplierEventType.EXTERNAL_RESULT_REPORTED: "a result from another scheme",
    SupplierEventType.COMMENTED: "what you write or agree about a plan you share",
    SupplierEventType.ANSWERED: "what you write or agree about a plan you share",
    SupplierEventType.DATE_AGREED: "what you write or agree about a plan you share",
}
"""For each entry of the trail that is not the buyer's own doing, the words that tell the supplier of it beforehand."""


def test_a_supplier_is_told_beforehand_of_all_that_its_buyer_learns() -> None:
    assert set(TOLD) == set(SupplierEventType) - BUYER_EVENTS


def test_looking_opens_nothing_and_the_button_does(app: Flask, visit: Visitor, asked: Asked) -> None:
    page = visit(asked.link)
    assert page.heading == "The Council asks how work is done in your business"
    for words in ("confirmed by Eastshire Anti-Slavery Network", "24 December 2026", "About 45 minutes", "say no"):
        assert words in page.text
    for words in TOLD.values():
        assert words in page.text
    assert "Nothing more" not in page.text
    assert asked.now(app).status is InvitationStatus.INVITED
    assert visit(asked.here).status == 404
    visit(asked.link)
    assert visit.send().address == asked.here
    assert asked.now(app).status is InvitationStatus.OPENED


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Fen Edge Growers", "They buy from “Fen Edge Growers”."),
        ("Urgent: ring 0909 879 0123 today", "They buy from your business."),
        ("You owe £900. Pay by bank transfer", "They buy from your business."),
        ("fenedge-refunds.example", "They buy from your business."),
    ],
)
def test_a_buyer_sends_no_message_of_its_own_as_the_name_of_a_supplier(
    app: Flask, visit: Visitor, asked: Asked, name: str, says: str
) -> None:
    """Whoever opens the page may not know the buyer, whose own words are held to rules everywhere else."""
    with database_of(app).writing() as session:
        session.get_one(Supplier, asked.supplier_id).name = name
    page = visit(asked.link)
    assert says in page.text
    assert (name in page.text) is (name in says)


def test_taken_back_looks_like_unknown(app: Flask, visit: Visitor, another_visit: Visitor, asked: Asked) -> None:
    visit(asked.link)
    visit.send()
    with database_of(app).writing() as session:
        withdraw_invitation(session, session.get_one(SupplierInvitation, asked.id), TODAY, by=None)
    unknown = another_visit("/supplier-invitations/" + "A" * 43)
    assert unknown.status == 404
    assert another_visit(asked.link).text == unknown.text
    assert visit(asked.here).status == 404


def test_a_stop_link_opens_no_invitation_and_the_other_way_round(visit: Visitor, asked: Asked) -> None:
    assert visit(asked.stop.replace("/unsubscribe", "")).status == 404
    assert visit(asked.link.replace("/supplier-invitations/", "/supplier-invitations/unsubscribe/")).status == 404


def stopped(app: Flask, asked: Asked) -> bool:
    with database_of(app).reading() as session:
        farm = session.get_one(Supplier, asked.supplier_id)
        return is_unsubscribed(session, farm.buyer_id, farm.email, (app.config["SECRET_KEY"],))


def test_mail_stops_by_the_button_and_not_by_looking(app: Flask, visit: Visitor, asked: Asked) -> None:
    assert visit(asked.stop).heading == "No more emails?"
    assert not stopped(app, asked)
    assert visit.send().heading == "No more emails come"
    assert stopped(app, asked)
    assert visit(asked.link).status == 200, "what was asked stays open"


def test_a_mail_program_stops_it_by_itself(app: Flask, visit: Visitor, asked: Asked) -> None:
    assert visit.client.post(asked.stop).status_code == 400
    answer = visit.client.post(asked.stop, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert stopped(app, asked)


def test_no_log_line_holds_a_token(visit: Visitor, asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    visit(asked.link)
    answer: Any = visit.send().response
    visit(asked.stop)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert "/supplier-invitations/<token>" in {line.get("route") for line in lines}
    for token in (asked.link.rsplit("/", 1)[1], asked.stop.rsplit("/", 1)[1]):
        assert token not in json.dumps(lines)
        assert token not in str(answer.headers)


def page_of(invitation_id: uuid.UUID) -> str:
    return f"/supplier-invitations/answer/{invitation_id}/external-result"


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
        (result,) = results_of_invitation(session, invitation_id)
        accept_external_result(session, result, later(30).date(), TODAY, by=None, name="Ann Lee")
    page = visit(page_of(invitation_id))
    assert "Accepted until 24 December 2026." in page.text
    assert "Ann Lee" not in page.text
    page = visit.send("/external-result", scheme="msat", result_on="2 6 2026", scope="whole", interviews="dk")
    assert (page.status, "The buyer has accepted this one already." in page.text) == (422, True)
    assert status_of(app, invitation_id) == "other_result"
    with database_of(app).writing() as session:
        (result,) = results_of_invitation(session, invitation_id)
        refuse_external_result(session, result, RefusalReason.SAME_FORM, TODAY, by=None, name="Ann Lee")
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
        (result,) = results_of_invitation(session, mine)
        result_id = result.id
    token = another_visit(page_of(other)).fields()["csrf_token"][0]
    answer = another_visit.client.post(f"{page_of(other)}/{result_id}/withdraw", data={"csrf_token": token})
    assert answer.status_code == 404
    with database_of(app).writing() as session:
        session.get_one(SupplierInvitation, mine).ended_at = TODAY
    assert visit(page_of(mine)).status == 404
