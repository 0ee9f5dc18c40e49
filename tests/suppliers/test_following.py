"""What a supplier did: each step noted once, none goes back; its no, and its deleted answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment
from assess.assessments.owning.claiming import claim
from assess.assessments.owning.places import Place
from assess.assessments.removing import delete_assessment, remove_outdated
from assess.kit.db import Database
from assess.people.organisations.deleting import delete_organisation
from assess.plans.shares.granting import end, give_to_buyer
from assess.plans.shares.scopes import Scope
from assess.suppliers.following import (
    InvitationUnknownError,
    answer_for,
    answered_with,
    decline,
    invitation_of,
    note_opened,
    note_started,
    reached,
    stop_mail,
    think_again,
)
from assess.suppliers.inviting import take_back
from assess.suppliers.letters import is_stopped, new_link
from assess.suppliers.models import Decline, Status, StoppedMailbox, Supplier, SupplierInvitation, What
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.people.persons import an_organisation
from tests.suppliers.letter_settings import MAILING
from tests.suppliers.makers import a_buyer, a_supplier, answered, invited, later, shared

pytestmark = pytest.mark.both_databases


def said(session: Session, invitation: SupplierInvitation) -> list[What]:
    return [event.what for event in trail_of(session, [invitation.supplier_id])]


def a_request(session: Session, buyer: str = "The Council") -> SupplierInvitation:
    farm = a_supplier(session, a_buyer(session, buyer), "Farm", sector="farming", email="a@b.example")
    return invited(session, farm, settings=MAILING)


def test_a_link_leads_to_its_invitation_until_it_is_taken_back(session: Session) -> None:
    made = a_request(session)
    link, stop = (new_link(session, made, "", TODAY, stops=stops).rsplit("/", 1)[1] for stops in (False, True))
    assert invitation_of(session, link) is made
    assert invitation_of(session, stop, stops=True) is made
    for token, stops in ((stop, False), (link, True), ("A" * 43, False), ("short", False)):
        with pytest.raises(InvitationUnknownError):
            invitation_of(session, token, stops=stops)
    take_back(session, made, TODAY, by=None)
    with pytest.raises(InvitationUnknownError):
        invitation_of(session, link)
    assert invitation_of(session, stop, stops=True) is made, "peace can be had for good"


def test_opening_is_noted_once(session: Session) -> None:
    made = a_request(session)
    note_opened(session, made, later(1))
    note_opened(session, made, later(2))
    assert (made.status, made.opened_at) == (Status.OPENED, later(1))
    assert said(session, made).count(What.OPENED) == 1


def test_a_no_can_be_taken_back_and_whatever_is_done_next_counts(session: Session) -> None:
    made = a_request(session)
    note_opened(session, made, TODAY)
    for _ in range(2):
        decline(session, made, Decline.RATHER_NOT, later(1))
    assert (made.status, said(session, made).count(What.DECLINED)) == (Status.DECLINED, 1)
    for _ in range(2):
        think_again(session, made, later(2))
    assert (made.status, made.decline, made.declined_at) == (Status.OPENED, None, None)
    assert said(session, made).count(What.THOUGHT_AGAIN) == 1


def test_the_mailbox_is_left_in_peace_by_this_buyer_alone(session: Session) -> None:
    made, other = a_request(session), a_request(session, "The Shop")
    for _ in range(2):
        stop_mail(session, made, MAILING.key, TODAY)
    council, shop = (session.get_one(Supplier, one.supplier_id).buyer_id for one in (made, other))
    assert is_stopped(session, council, "A@b.example", (MAILING.key,))
    assert not is_stopped(session, shop, "a@b.example", (MAILING.key,))
    # after the secret key was changed, with the earlier one still honoured
    assert is_stopped(session, council, "a@b.example", ("the key of today", MAILING.key))
    assert said(session, made).count(What.MAIL_STOPPED) == 1
    assert "a@b" not in session.scalars(select(StoppedMailbox.mark)).one()


def test_which_organisation_it_answers_for_is_told_nobody(session: Session) -> None:
    made = a_request(session)
    farm = an_organisation(session, "Fen Edge")
    before = said(session, made)
    answer_for(session, made, farm.id, TODAY)
    assert session.get_one(Supplier, made.supplier_id).organisation_id == farm.id
    answer_for(session, made, None, TODAY)
    assert session.get_one(Supplier, made.supplier_id).organisation_id is None
    assert said(session, made) == before


def test_beginning_anew_with_another_begins_at_the_beginning(published: Database) -> None:
    with published.writing() as session:
        made = a_request(session)
        first = answered(session, made)
        assert made.status is Status.SUBMITTED
        other = a_request(session, "The Shop")
        second = answered(session, other)
        note_started(session, made, second.assessment_id, later(1))
        assert (made.status, made.submitted_at) == (Status.STARTED, None)
        assert made not in answered_with(session, first.assessment_id)


@pytest.mark.parametrize("stands", [Status.OPENED, Status.SHARE_OVER])
@pytest.mark.parametrize("how", ["itself", "retention", "organisation"])
def test_when_answers_are_deleted_nobody_sees_them_as_finished_any_more(
    published: Database, how: str, stands: Status
) -> None:
    with published.writing() as session:
        made = a_request(session)
        submission = answered(session, made)
        if stands is Status.SHARE_OVER:
            give_to_buyer(session, submission, made, Scope.PLAN, 30, TODAY)
        assessment = session.get_one(Assessment, submission.assessment_id)
        if how == "itself":
            delete_assessment(session, assessment.id)
        elif how == "retention":
            remove_outdated(session, TODAY + timedelta(days=9999), draft_months=12, submission_years=2)
        else:
            farm = an_organisation(session, "Fen Edge")
            claim(session, assessment.id, farm.id, Place(None, "Acle"), TODAY)
            delete_organisation(session, farm)
        session.expire_all()
        made = session.get_one(SupplierInvitation, made.id)
        assert (made.status, made.assessment_id) == (stands, None)
        assert made.submitted_at is made.shared_at is made.started_at is None
        assert said(session, made).count(What.ANSWERS_REMOVED) == 1
        shared(session, made, now=later(1))
        assert made.status is Status.SHARED, "it may begin anew"


def test_a_share_that_ends_is_noted(published: Database) -> None:
    with published.writing() as session:
        made = a_request(session)
        end(session, shared(session, made), later(1))
        assert said(session, made)[-1] is What.SHARE_OVER
        assert reached(made) is Status.SHARED
