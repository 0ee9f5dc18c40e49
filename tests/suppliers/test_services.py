"""Who comes to the pages of a buyer: whoever buys there, with two steps; of another buyer's supplier there is nothing."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.assessments.ownership import SiteChoice, claim_assessment
from assess.assessments.retention import delete_assessment, delete_expired
from assess.core.db import Database
from assess.core.links import LinkUnknownError
from assess.core.models import OutgoingMail
from assess.identity.organisations.services import delete_organisation
from assess.sharing.models import ShareScope
from assess.sharing.services import end_share_grant, share_with_buyer
from assess.suppliers.activity_log import get_activity_log
from assess.suppliers.emails import create_invitation_link, is_unsubscribed
from assess.suppliers.models import (
    BuyerUnsubscribe,
    DeclineReason,
    InvitationStatus,
    Supplier,
    SupplierEventType,
    SupplierInvitation,
    SupplierSize,
)
from assess.suppliers.services import (
    InvitationDetails,
    SupplierDetails,
    active_invitations,
    add_supplier,
    archive_supplier,
    change_due_date,
    decline_invitation,
    find_existing_supplier,
    furthest_status,
    get_invitation_by_token,
    invitations_answered_with,
    invite_supplier,
    latest_invitations,
    mark_opened,
    mark_started,
    merged_group,
    set_answering_organisation,
    supplier_identity,
    unarchive_supplier,
    undo_decline,
    unsubscribe_from_buyer,
    update_supplier,
    withdraw_invitation,
)
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.suppliers.factories import DUE, a_buyer, a_supplier, answered, invited, later, shared
from tests.suppliers.mail_settings import MAILING


def test_whoever_buys_comes_in_and_nobody_else(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        ann, bob = a_person(session, "ann@council.example"), a_person(session, "bob@shop.example")
        council, shop = a_buyer(session, "The Council", buyer=ann), a_buyer(session, "The Shop", buyer=bob)
        farm = a_supplier(session, council, "Farm")
        here = f"/organisations/{council.id}/suppliers"
        there = f"/organisations/{shop.id}/suppliers"
        farm_id = farm.id
    assert "/sign-in" in visit(f"{here}/new", follow=False).headers["Location"]
    sign_in(visit, app, ann, second_step=False)
    assert "second-step" in visit(f"{here}/new", follow=False).headers["Location"]
    sign_in(visit, app, ann)
    assert visit(f"{here}/{farm_id}/invitation").status == 200
    assert visit(f"{there}/new").status == 404
    sign_in(visit, app, bob)
    assert visit(f"{here}/new").status == 404


def test_another_buyers_supplier_looks_like_none(app: Flask, visit: Visitor) -> None:
    with database_of(app).writing() as session:
        bob = a_person(session, "bob@shop.example")
        shop = a_buyer(session, "The Shop", buyer=bob)
        farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
        there, farm_id = f"/organisations/{shop.id}/suppliers", farm.id
    sign_in(visit, app, bob)
    theirs, nobodys = visit(f"{there}/{farm_id}/invitation"), visit(f"{there}/{uuid.uuid4()}/invitation")
    assert (theirs.status, theirs.text) == (404, nobodys.text)


def said(session: Session, invitation: SupplierInvitation) -> list[SupplierEventType]:
    return [event.what for event in get_activity_log(session, [invitation.supplier_id])]


def a_request(session: Session, buyer: str = "The Council") -> SupplierInvitation:
    farm = a_supplier(session, a_buyer(session, buyer), "Farm", sector="farming", email="a@b.example")
    return invited(session, farm, settings=MAILING)


@pytest.mark.both_databases
def test_a_link_leads_to_its_invitation_until_it_is_taken_back(session: Session) -> None:
    made = a_request(session)
    link, stop = (
        create_invitation_link(session, made, "", TODAY, stops=stops).rsplit("/", 1)[1] for stops in (False, True)
    )
    assert get_invitation_by_token(session, link) is made
    assert get_invitation_by_token(session, stop, stops=True) is made
    for token, stops in ((stop, False), (link, True), ("A" * 43, False), ("short", False)):
        with pytest.raises(LinkUnknownError):
            get_invitation_by_token(session, token, stops=stops)
    withdraw_invitation(session, made, TODAY, by=None)
    with pytest.raises(LinkUnknownError):
        get_invitation_by_token(session, link)
    assert get_invitation_by_token(session, stop, stops=True) is made, "peace can be had for good"


@pytest.mark.both_databases
def test_opening_is_noted_once(session: Session) -> None:
    made = a_request(session)
    mark_opened(session, made, later(1))
    mark_opened(session, made, later(2))
    assert (made.status, made.opened_at) == (InvitationStatus.OPENED, later(1))
    assert said(session, made).count(SupplierEventType.OPENED) == 1


@pytest.mark.both_databases
def test_a_no_can_be_taken_back_and_whatever_is_done_next_counts(session: Session) -> None:
    made = a_request(session)
    mark_opened(session, made, TODAY)
    for _ in range(2):
        decline_invitation(session, made, DeclineReason.RATHER_NOT, later(1))
    assert (made.status, said(session, made).count(SupplierEventType.DECLINED)) == (InvitationStatus.DECLINED, 1)
    for _ in range(2):
        undo_decline(session, made, later(2))
    assert (made.status, made.decline, made.declined_at) == (InvitationStatus.OPENED, None, None)
    assert said(session, made).count(SupplierEventType.DECLINE_UNDONE) == 1


@pytest.mark.both_databases
def test_the_mailbox_is_left_in_peace_by_this_buyer_alone(session: Session) -> None:
    made, other = a_request(session), a_request(session, "The Shop")
    for _ in range(2):
        unsubscribe_from_buyer(session, made, MAILING.key, TODAY)
    council, shop = (session.get_one(Supplier, one.supplier_id).buyer_id for one in (made, other))
    assert is_unsubscribed(session, council, "A@b.example", (MAILING.key,))
    assert not is_unsubscribed(session, shop, "a@b.example", (MAILING.key,))
    # after the secret key was changed, with the earlier one still honoured
    assert is_unsubscribed(session, council, "a@b.example", ("the key of today", MAILING.key))
    assert said(session, made).count(SupplierEventType.MAIL_STOPPED) == 1
    assert "a@b" not in session.scalars(select(BuyerUnsubscribe.mark)).one()


@pytest.mark.both_databases
def test_which_organisation_it_answers_for_is_told_nobody(session: Session) -> None:
    made = a_request(session)
    farm = an_organisation(session, "Fen Edge")
    before = said(session, made)
    set_answering_organisation(session, made, farm.id, TODAY)
    assert session.get_one(Supplier, made.supplier_id).organisation_id == farm.id
    set_answering_organisation(session, made, None, TODAY)
    assert session.get_one(Supplier, made.supplier_id).organisation_id is None
    assert said(session, made) == before


@pytest.mark.both_databases
def test_beginning_anew_with_another_begins_at_the_beginning(published: Database) -> None:
    with published.writing() as session:
        made = a_request(session)
        first = answered(session, made)
        assert made.status is InvitationStatus.SUBMITTED
        other = a_request(session, "The Shop")
        second = answered(session, other)
        mark_started(session, made, second.assessment_id, later(1))
        assert (made.status, made.submitted_at) == (InvitationStatus.STARTED, None)
        assert made not in invitations_answered_with(session, first.assessment_id)


@pytest.mark.both_databases
@pytest.mark.parametrize("stands", [InvitationStatus.OPENED, InvitationStatus.SHARE_OVER])
@pytest.mark.parametrize("how", ["itself", "retention", "organisation"])
def test_when_answers_are_deleted_nobody_sees_them_as_finished_any_more(
    published: Database, how: str, stands: InvitationStatus
) -> None:
    with published.writing() as session:
        made = a_request(session)
        submission = answered(session, made)
        if stands is InvitationStatus.SHARE_OVER:
            share_with_buyer(session, submission, made, ShareScope.PLAN, 30, TODAY)
        assessment = session.get_one(Assessment, submission.assessment_id)
        if how == "itself":
            delete_assessment(session, assessment.id)
        elif how == "retention":
            delete_expired(session, TODAY + timedelta(days=9999), draft_months=12, submission_years=2)
        else:
            farm = an_organisation(session, "Fen Edge")
            claim_assessment(session, assessment.id, farm.id, SiteChoice(None, "Acle"), TODAY)
            delete_organisation(session, farm)
        session.expire_all()
        made = session.get_one(SupplierInvitation, made.id)
        assert (made.status, made.assessment_id) == (stands, None)
        assert made.submitted_at is made.shared_at is made.started_at is None
        assert said(session, made).count(SupplierEventType.ANSWERS_REMOVED) == 1
        shared(session, made, now=later(1))
        assert made.status is InvitationStatus.SHARED, "it may begin anew"


@pytest.mark.both_databases
def test_a_share_that_ends_is_noted(published: Database) -> None:
    with published.writing() as session:
        made = a_request(session)
        end_share_grant(session, shared(session, made), later(1))
        assert said(session, made)[-1] is SupplierEventType.SHARE_OVER
        assert furthest_status(made) is InvitationStatus.SHARED


def test_spelling_does_not_make_another_supplier() -> None:
    assert supplier_identity("Fen  Edge Ltd.", "a@b.example", None, "") == supplier_identity(
        "FEN EDGE LTD", "A@b.example", None, ""
    )
    assert supplier_identity("A", "", "sc123456", "") == supplier_identity("a", "x@y.example", "SC123456", "")


def test_a_reference_decides_alone() -> None:
    assert supplier_identity("A", "", None, "S-1") == supplier_identity("B", "b@b.example", "01234567", " s-1 ")


def test_two_sites_of_one_company_are_two() -> None:
    assert supplier_identity("North", "", "01234567", "") != supplier_identity("South", "", "01234567", "")
    assert supplier_identity("North", "a@b.example", None, "") != supplier_identity("South", "a@b.example", None, "")


ASK = InvitationDetails("farming", quick=False, due=DUE, message="Hello", send_on=TODAY.date())


def test_the_email_goes_at_once_or_waits_for_its_day(session: Session) -> None:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Farm", email="a@b.example")
    made = invite_supplier(session, farm, ASK, MAILING, TODAY, by=None)
    assert (made.status, made.number, made.sent_at) == (InvitationStatus.INVITED, 1, TODAY)
    mill = a_supplier(session, council, "Mill", email="m@b.example")
    waiting = invite_supplier(session, mill, replace(ASK, send_on=later(3).date()), MAILING, TODAY, by=None)
    assert (waiting.status, waiting.sent_at) == (InvitationStatus.WAITING, None)
    assert len(session.scalars(select(OutgoingMail)).all()) == 1


def test_asking_anew_ends_what_was_asked_before(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", email="a@b.example")
    first = invite_supplier(session, farm, ASK, MAILING, TODAY, by=None)
    second = invite_supplier(session, farm, ASK, MAILING, later(1), by=None)
    assert not first.lives
    assert second.number == 2
    assert list(active_invitations(session, farm.id)) == [second]
    assert latest_invitations(session, [farm.id]) == {farm.id: second}
    waiting = [mail.event for mail in session.scalars(select(OutgoingMail)) if mail.waits]
    assert waiting == [f"{second.events}first"], "the older letter had not left"


def test_taking_back_ends_the_email_that_waits_and_is_noted_once(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", email="a@b.example")
    made = invite_supplier(session, farm, ASK, MAILING, TODAY, by=None)
    for _ in range(2):
        withdraw_invitation(session, made, later(1), by=None)
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.waits, mail.to_address) == (False, "")
    assert [event.what for event in get_activity_log(session, [farm.id])].count(SupplierEventType.TAKEN_BACK) == 1


def test_a_date_is_moved_and_the_same_date_changes_nothing(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    made = invite_supplier(session, farm, ASK, MAILING, TODAY, by=None)
    for _ in range(2):
        change_due_date(session, made, date(2027, 1, 8), TODAY, by=None)
    assert made.due == date(2027, 1, 8)
    moved = [event for event in get_activity_log(session, [farm.id]) if event.what is SupplierEventType.DUE_CHANGED]
    assert [event.details for event in moved] == [{"due": "2027-01-08"}]


@pytest.mark.both_databases
def test_the_same_one_is_never_put_on_twice(session: Session) -> None:
    council = a_buyer(session, "The Council")
    details = SupplierDetails("Farm", "a@b.example", size=SupplierSize.SMALL, spend_gbp=5000)
    one, new = add_supplier(session, council.id, details, TODAY, by=None)
    again, newer = add_supplier(session, council.id, details, TODAY, by=None)
    assert (new, newer, again.id) == (True, False, one.id)
    assert (one.size, one.spend_gbp) == (SupplierSize.SMALL, 5000)
    assert find_existing_supplier(session, council.id, details) is one
    assert len(get_activity_log(session, [one.id])) == 1


@pytest.mark.both_databases
def test_it_stays_the_same_when_it_is_told_otherwise(session: Session) -> None:
    council = a_buyer(session, "The Council")
    farm = a_supplier(session, council, "Farm")
    update_supplier(session, farm, SupplierDetails("Fen Farm", reference="S-1"), TODAY, by=None)
    assert find_existing_supplier(session, council.id, SupplierDetails("Whatever", reference="s-1")) is farm


@pytest.mark.both_databases
def test_taking_off_and_putting_back_are_noted_once_each(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    for _ in range(2):
        archive_supplier(session, farm, later(1), by=None)
    assert farm.archived_at == later(1)
    for _ in range(2):
        unarchive_supplier(session, farm, later(2), by=None)
    assert [event.what for event in get_activity_log(session, [farm.id])] == [
        SupplierEventType.ADDED,
        SupplierEventType.ARCHIVED,
        SupplierEventType.UNARCHIVED,
    ]


@pytest.mark.both_databases
def test_what_is_put_together_is_shown_together_the_first_in_front(session: Session) -> None:
    council = a_buyer(session, "The Council")
    one, two = a_supplier(session, council, "One"), a_supplier(session, council, "Two")
    two.merged_into = one.id
    session.flush()
    assert [found.id for found in merged_group(session, two)] == [one.id, two.id]
    assert [found.id for found in merged_group(session, one)] == [one.id, two.id]
