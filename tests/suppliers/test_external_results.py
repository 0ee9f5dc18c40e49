from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.models import AuditEvent, OutgoingMail
from assess.suppliers.activity_log import get_activity_log
from assess.suppliers.external_results import (
    AlreadyAcceptedError,
    InvitationEndedError,
    ReportedResult,
    accept_external_result,
    end_expired_results,
    expire_external_results,
    is_result_old,
    refuse_external_result,
    report_result,
    results_of_invitation,
    results_of_suppliers,
    status_without_result,
    suppliers_with_undecided_results,
    undo_result_decision,
    withdraw_external_result,
)
from assess.suppliers.models import (
    DeclineReason,
    ExternalResult,
    ExternalResultScope,
    ExternalResultState,
    InvitationStatus,
    RefusalReason,
    Scheme,
    Supplier,
    SupplierEventType,
    SupplierInvitation,
    WorkerInterviews,
)
from assess.suppliers.presenters import INTERVIEW_LABELS, REFUSAL_LABELS, SCOPE_LABELS
from assess.suppliers.services import decline_invitation, mark_opened
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer, a_supplier, invited, later

GRASP = ReportedResult(Scheme.GRASP, date(2026, 6, 1), ExternalResultScope.ONE_SITE, WorkerInterviews.YES)
UNTIL = date(2027, 6, 1)


def asked(session: Session, buyer: str = "Council", settings: Settings | None = None) -> SupplierInvitation:
    farm = a_supplier(session, a_buyer(session, buyer), "Fen Edge", email="office@fen.example")
    return invited(session, farm, settings=settings) if settings else invited(session, farm)


def trail(session: Session, invitation: SupplierInvitation) -> list[tuple[SupplierEventType, object]]:
    kinds = {
        SupplierEventType.EXTERNAL_RESULT_REPORTED,
        SupplierEventType.EXTERNAL_RESULT_ACCEPTED,
        SupplierEventType.EXTERNAL_RESULT_REFUSED,
    }
    return [(one.what, one.details) for one in get_activity_log(session, [invitation.supplier_id]) if one.what in kinds]


@pytest.mark.both_databases
def test_a_result_is_told_accepted_and_undone(session: Session) -> None:
    invitation = asked(session)
    mark_opened(session, invitation, TODAY)
    result = report_result(session, invitation, GRASP, TODAY)
    assert invitation.status is InvitationStatus.OPENED
    for _ in range(2):
        accept_external_result(session, result, UNTIL, later(1), by=None, name="Ann")
    assert (invitation.status, result.state, result.taken_until) == (
        InvitationStatus.EXTERNAL_RESULT,
        ExternalResultState.TAKEN,
        UNTIL,
    )
    for _ in range(2):
        undo_result_decision(session, result, later(2), by=None)
    assert (invitation.status, result.state, result.decided_by) == (
        InvitationStatus.OPENED,
        ExternalResultState.TOLD,
        "",
    )
    assert trail(session, invitation) == [
        (SupplierEventType.EXTERNAL_RESULT_REPORTED, {"scheme": "grasp", "result_on": "2026-06-01"}),
        (SupplierEventType.EXTERNAL_RESULT_ACCEPTED, {"scheme": "grasp", "until": "2027-06-01"}),
        (SupplierEventType.EXTERNAL_RESULT_ACCEPTED, {"scheme": "grasp", "undone": "yes"}),
    ]


@pytest.mark.both_databases
def test_a_result_that_is_not_accepted_changes_nothing_of_what_was_asked(session: Session) -> None:
    invitation = asked(session)
    result = report_result(session, invitation, GRASP, TODAY)
    for _ in range(2):
        refuse_external_result(session, result, RefusalReason.NOT_WHOLE, TODAY, by=None, name="Ann")
    assert (invitation.status, result.state) == (InvitationStatus.INVITED, ExternalResultState.REFUSED)
    assert [
        said for said in trail(session, invitation) if said[0] is not SupplierEventType.EXTERNAL_RESULT_REPORTED
    ] == [
        (SupplierEventType.EXTERNAL_RESULT_REFUSED, {"scheme": "grasp", "why": "not_whole"}),
    ]
    again = report_result(
        session,
        invitation,
        ReportedResult(Scheme.GRASP, date(2026, 11, 1), ExternalResultScope.WHOLE, WorkerInterviews.YES),
        later(1),
    )
    assert (again.id, again.state, again.refusal) == (result.id, ExternalResultState.TOLD, None)


@pytest.mark.both_databases
def test_what_waits_for_a_decision_is_found_for_this_buyer_alone(session: Session) -> None:
    invitation, other = asked(session), asked(session, "Another council")
    buyers = [session.get_one(Supplier, one.supplier_id).buyer_id for one in (invitation, other)]
    assert suppliers_with_undecided_results(session, buyers[0]) == []
    result = report_result(session, invitation, GRASP, TODAY)
    assert [one.id for one in suppliers_with_undecided_results(session, buyers[0])] == [invitation.supplier_id]
    assert suppliers_with_undecided_results(session, buyers[1]) == []
    accept_external_result(session, result, UNTIL, later(1), by=None, name="Ann")
    assert suppliers_with_undecided_results(session, buyers[0]) == []


@pytest.mark.both_databases
def test_one_that_was_accepted_is_not_told_anew_and_can_be_taken_back(session: Session) -> None:
    invitation = asked(session)
    result = report_result(session, invitation, GRASP, TODAY)
    accept_external_result(session, result, UNTIL, TODAY, by=None, name="Ann")
    with pytest.raises(AlreadyAcceptedError):
        report_result(session, invitation, GRASP, TODAY)
    smeta = report_result(
        session,
        invitation,
        ReportedResult(Scheme.SMETA, date(2026, 1, 1), ExternalResultScope.WHOLE, WorkerInterviews.NO),
        later(1),
    )
    withdraw_external_result(session, result, later(2))
    assert invitation.status is InvitationStatus.INVITED
    assert list(results_of_invitation(session, invitation.id)) == [smeta]


@pytest.mark.both_databases
def test_of_two_that_were_accepted_one_still_stands(session: Session) -> None:
    invitation = asked(session)
    first = report_result(session, invitation, GRASP, TODAY)
    second = report_result(
        session,
        invitation,
        ReportedResult(Scheme.SMETA, date(2026, 1, 1), ExternalResultScope.WHOLE, WorkerInterviews.NO),
        TODAY,
    )
    for one in (first, second):
        accept_external_result(session, one, UNTIL, TODAY, by=None, name="Ann")
    refuse_external_result(session, first, RefusalReason.TOO_OLD, TODAY, by=None, name="Ann")
    assert invitation.status is InvitationStatus.EXTERNAL_RESULT
    undo_result_decision(session, second, TODAY, by=None)
    assert invitation.status is InvitationStatus.INVITED


@pytest.mark.both_databases
def test_on_the_day_after_the_last_a_form_is_waited_for_again(session: Session) -> None:
    invitation = asked(session)
    result = report_result(session, invitation, GRASP, TODAY)
    accept_external_result(session, result, TODAY.date(), TODAY, by=None, name="Ann")
    assert end_expired_results(session, TODAY) == 0
    assert invitation.status is InvitationStatus.EXTERNAL_RESULT
    assert end_expired_results(session, later(1)) == 1
    assert invitation.status is InvitationStatus.INVITED
    assert end_expired_results(session, later(1)) == 0


@pytest.mark.both_databases
def test_nothing_is_accepted_in_place_of_what_is_asked_no_more(session: Session) -> None:
    invitation = asked(session)
    result = report_result(session, invitation, GRASP, TODAY)
    invitation.ended_at = later(1)
    session.flush()
    with pytest.raises(InvitationEndedError):
        accept_external_result(session, result, UNTIL, later(1), by=None, name="Ann")
    assert result.state is ExternalResultState.TOLD


@pytest.mark.both_databases
def test_no_email_that_waits_leaves_once_it_is_accepted(session: Session) -> None:
    settings = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@network.example")
    invitation = asked(session, settings=settings)
    result = report_result(session, invitation, GRASP, TODAY)
    assert [mail.ended_at for mail in session.scalars(select(OutgoingMail))] == [None]
    accept_external_result(session, result, UNTIL, TODAY, by=None, name="Ann")
    assert [mail.ended_at for mail in session.scalars(select(OutgoingMail))] == [TODAY]


@pytest.mark.both_databases
def test_a_buyer_is_told_nothing_of_what_another_was_told(session: Session) -> None:
    here, there = asked(session), asked(session, "Shop")
    report_result(session, here, GRASP, TODAY)
    assert len(results_of_suppliers(session, [here.supplier_id])) == 1
    assert results_of_suppliers(session, [there.supplier_id]) == []
    assert trail(session, there) == []
    assert session.scalars(select(ExternalResult.invitation_id)).all() == [here.id]


@pytest.mark.both_databases
def test_how_far_it_got_by_itself_is_read_from_its_dates(session: Session) -> None:
    invitation = asked(session)
    today = TODAY.date()
    assert status_without_result(invitation, today) is InvitationStatus.INVITED
    invitation.send_on, invitation.sent_at = later(9).date(), None
    assert status_without_result(invitation, today) is InvitationStatus.WAITING
    for name, status in (
        ("opened_at", InvitationStatus.OPENED),
        ("started_at", InvitationStatus.STARTED),
        ("submitted_at", InvitationStatus.SUBMITTED),
        ("shared_at", InvitationStatus.SHARED),
    ):
        setattr(invitation, name, TODAY)
        assert status_without_result(invitation, today) is status
    decline_invitation(session, invitation, DeclineReason.OTHER_SCHEME, TODAY)
    assert status_without_result(invitation, today) is InvitationStatus.DECLINED


@dataclass
class Night:
    """What the job is given, a day later."""

    database: Database
    settings: Settings

    def now(self) -> datetime:
        return later(1)

    def progress(self, done: int, total: int) -> None:
        """Nobody watches."""


def test_the_job_of_the_night_ends_what_is_over_and_leaves_one_event(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        accept_external_result(
            session, report_result(session, asked(session), GRASP, TODAY), TODAY.date(), TODAY, by=None, name="Ann"
        )
    for _ in range(2):
        expire_external_results(Night(database, Settings(env="development", data_folder=tmp_path)))
    with database.reading() as session:
        assert session.scalars(select(SupplierInvitation.status)).one() is InvitationStatus.INVITED
        event = session.scalars(select(AuditEvent)).one()
        assert (event.action, event.details) == ("suppliers.manage: ended", {"count": 1})


def test_every_word_of_a_list_can_be_said() -> None:
    assert (set(SCOPE_LABELS), set(INTERVIEW_LABELS), set(REFUSAL_LABELS)) == (
        set(ExternalResultScope),
        set(WorkerInterviews),
        set(RefusalReason),
    )


def test_a_result_is_old_on_the_day_after_its_months() -> None:
    assert not is_result_old(date(2025, 11, 24), 12, date(2026, 11, 24))
    assert is_result_old(date(2025, 11, 23), 12, date(2026, 11, 24))


@dataclass
class Told:
    """A buyer who is signed in and was told of two results."""

    app: Flask
    page: str
    invitation_id: uuid.UUID
    result_ids: list[uuid.UUID]

    @property
    def status(self) -> InvitationStatus:
        with database_of(self.app).reading() as session:
            return session.get_one(SupplierInvitation, self.invitation_id).status


@pytest.fixture
def told(app: Flask, visit: Visitor) -> Told:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers")
        invitation = invited(session, farm)
        grasp = ReportedResult(Scheme.GRASP, date(2026, 6, 1), ExternalResultScope.ONE_SITE, WorkerInterviews.DONT_KNOW)
        smeta = ReportedResult(Scheme.SMETA, date(2025, 6, 1), ExternalResultScope.WHOLE, WorkerInterviews.YES)
        ids = [report_result(session, invitation, said, TODAY).id for said in (grasp, smeta)]
        page = f"/organisations/{council.id}/suppliers/{farm.id}/external-results"
        made = Told(app, page, invitation.id, ids)
    sign_in(visit, app, ann)
    return made


def test_the_buyer_reads_what_was_told_and_what_it_does_and_does_not_show(visit: Visitor, told: Told) -> None:
    text = visit(told.page).text
    for words in (
        "The business’s own answers. Not a finding. Not for selection or exclusion.",
        "It looked at One site",
        "Workers were interviewed Don’t know",
        "1 June 2025. This is more than 12 months ago",
        "Not confirmed. Ask whether workers were interviewed, how many, and away from their managers.",
        "Only the opening of a long document was seen",
    ):
        assert words in text


def test_the_buyer_accepts_it_until_a_day_and_undoes_it(visit: Visitor, told: Told) -> None:
    accept = f"/{told.result_ids[0]}/accept"
    page = visit(told.page)
    assert page.fields(accept)["until"] == ["24 11 2027"]
    for typed in ("soon", "", "23 11 2026", "25 11 2028"):
        page = visit.send(accept, until=typed)
        assert (page.status, told.status) == (422, InvitationStatus.INVITED)
        assert page.soup.select_one(f'.govuk-error-summary a[href="#until-{told.result_ids[0]}"]')
        assert page.soup.select_one(f"#until-{told.result_ids[0]}")
    page = visit.send(accept, until="24 11 2028")
    assert "Accepted in place of a form until 24 November 2028 . Decided by Ann Lee on 24 November 2026." in page.text
    assert told.status is InvitationStatus.EXTERNAL_RESULT
    page = visit.send("/undo")
    assert ("Accepted in place" in page.text, told.status) == (False, InvitationStatus.INVITED)


def test_the_buyer_does_not_accept_it_and_says_why_from_a_list(visit: Visitor, told: Told) -> None:
    reject = f"/{told.result_ids[1]}/refuse"
    visit(told.page)
    page = visit.send(reject)
    assert (page.status, "Choose why you do not accept it." in page.text) == (422, True)
    page = visit.send(reject, why="too_old")
    assert "Not accepted: it is too old. Decided by Ann Lee" in page.text
    assert told.status is InvitationStatus.INVITED


def test_what_was_asked_anew_cannot_be_accepted(app: Flask, visit: Visitor, told: Told) -> None:
    visit(told.page)
    with database_of(app).writing() as session:
        invitation = session.get_one(SupplierInvitation, told.invitation_id)
        invited(session, session.get_one(Supplier, invitation.supplier_id))
    page = visit.send(f"/{told.result_ids[0]}/accept")
    assert (page.status, "It has to tell you of its result again." in page.text) == (422, True)


def test_another_buyer_finds_nothing(app: Flask, another_visit: Visitor, told: Told) -> None:
    with database_of(app).writing() as session:
        eve = a_person(session, "eve@shop.example")
        shop = a_buyer(session, "The Shop", buyer=eve)
        theirs = a_supplier(session, shop, "Fen Edge Growers")
        own = f"/organisations/{shop.id}/suppliers/{theirs.id}/external-results"
    sign_in(another_visit, app, eve)
    assert another_visit(told.page).status == 404
    page = another_visit(own)
    assert "This supplier told you of no result" in page.text
    token = another_visit("/start?bank=farming").fields()["csrf_token"][0]
    for what in ("accept", "refuse", "undo"):
        answer = another_visit.client.post(f"{own}/{told.result_ids[0]}/{what}", data={"csrf_token": token})
        assert answer.status_code == 404
