from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.mail.models import Outgoing
from assess.suppliers.following import decline, note_opened
from assess.suppliers.models import Decline, Status, Supplier, SupplierInvitation, What
from assess.suppliers.other_results.keeping import (
    AcceptedAlreadyError,
    AskedAnewError,
    Said,
    accept,
    refuse,
    run_out,
    status_without,
    take_back,
    tell,
    told_by,
    told_with,
    undecided,
    undo,
)
from assess.suppliers.other_results.models import Interviews, OtherResult, Refusal, Scheme, Scope, State
from assess.suppliers.trail import trail_of
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, later

pytestmark = pytest.mark.both_databases

GRASP = Said(Scheme.GRASP, date(2026, 6, 1), Scope.ONE_SITE, Interviews.YES)
UNTIL = date(2027, 6, 1)


def asked(session: Session, buyer: str = "Council", settings: Settings | None = None) -> SupplierInvitation:
    farm = a_supplier(session, a_buyer(session, buyer), "Fen Edge", email="office@fen.example")
    return invited(session, farm, settings=settings) if settings else invited(session, farm)


def trail(session: Session, invitation: SupplierInvitation) -> list[tuple[What, object]]:
    kinds = {What.OTHER_RESULT_TOLD, What.OTHER_RESULT_TAKEN, What.OTHER_RESULT_REFUSED}
    return [(one.what, one.details) for one in trail_of(session, [invitation.supplier_id]) if one.what in kinds]


def test_a_result_is_told_accepted_and_undone(session: Session) -> None:
    invitation = asked(session)
    note_opened(session, invitation, TODAY)
    result = tell(session, invitation, GRASP, TODAY)
    assert invitation.status is Status.OPENED
    for _ in range(2):
        accept(session, result, UNTIL, later(1), by=None, name="Ann")
    assert (invitation.status, result.state, result.taken_until) == (Status.OTHER_RESULT, State.TAKEN, UNTIL)
    for _ in range(2):
        undo(session, result, later(2), by=None)
    assert (invitation.status, result.state, result.decided_by) == (Status.OPENED, State.TOLD, "")
    assert trail(session, invitation) == [
        (What.OTHER_RESULT_TOLD, {"scheme": "grasp", "result_on": "2026-06-01"}),
        (What.OTHER_RESULT_TAKEN, {"scheme": "grasp", "until": "2027-06-01"}),
        (What.OTHER_RESULT_TAKEN, {"scheme": "grasp", "undone": "yes"}),
    ]


def test_a_result_that_is_not_accepted_changes_nothing_of_what_was_asked(session: Session) -> None:
    invitation = asked(session)
    result = tell(session, invitation, GRASP, TODAY)
    for _ in range(2):
        refuse(session, result, Refusal.NOT_WHOLE, TODAY, by=None, name="Ann")
    assert (invitation.status, result.state) == (Status.INVITED, State.REFUSED)
    assert [said for said in trail(session, invitation) if said[0] is not What.OTHER_RESULT_TOLD] == [
        (What.OTHER_RESULT_REFUSED, {"scheme": "grasp", "why": "not_whole"}),
    ]
    again = tell(session, invitation, Said(Scheme.GRASP, date(2026, 11, 1), Scope.WHOLE, Interviews.YES), later(1))
    assert (again.id, again.state, again.refusal) == (result.id, State.TOLD, None)


def test_what_waits_for_a_decision_is_found_for_this_buyer_alone(session: Session) -> None:
    invitation, other = asked(session), asked(session, "Another council")
    buyers = [session.get_one(Supplier, one.supplier_id).buyer_id for one in (invitation, other)]
    assert undecided(session, buyers[0]) == []
    result = tell(session, invitation, GRASP, TODAY)
    assert [one.id for one in undecided(session, buyers[0])] == [invitation.supplier_id]
    assert undecided(session, buyers[1]) == []
    accept(session, result, UNTIL, later(1), by=None, name="Ann")
    assert undecided(session, buyers[0]) == []


def test_one_that_was_accepted_is_not_told_anew_and_can_be_taken_back(session: Session) -> None:
    invitation = asked(session)
    result = tell(session, invitation, GRASP, TODAY)
    accept(session, result, UNTIL, TODAY, by=None, name="Ann")
    with pytest.raises(AcceptedAlreadyError):
        tell(session, invitation, GRASP, TODAY)
    smeta = tell(session, invitation, Said(Scheme.SMETA, date(2026, 1, 1), Scope.WHOLE, Interviews.NO), later(1))
    take_back(session, result, later(2))
    assert invitation.status is Status.INVITED
    assert list(told_with(session, invitation.id)) == [smeta]


def test_of_two_that_were_accepted_one_still_stands(session: Session) -> None:
    invitation = asked(session)
    first = tell(session, invitation, GRASP, TODAY)
    second = tell(session, invitation, Said(Scheme.SMETA, date(2026, 1, 1), Scope.WHOLE, Interviews.NO), TODAY)
    for one in (first, second):
        accept(session, one, UNTIL, TODAY, by=None, name="Ann")
    refuse(session, first, Refusal.TOO_OLD, TODAY, by=None, name="Ann")
    assert invitation.status is Status.OTHER_RESULT
    undo(session, second, TODAY, by=None)
    assert invitation.status is Status.INVITED


def test_on_the_day_after_the_last_a_form_is_waited_for_again(session: Session) -> None:
    invitation = asked(session)
    result = tell(session, invitation, GRASP, TODAY)
    accept(session, result, TODAY.date(), TODAY, by=None, name="Ann")
    assert run_out(session, TODAY) == 0
    assert invitation.status is Status.OTHER_RESULT
    assert run_out(session, later(1)) == 1
    assert invitation.status is Status.INVITED
    assert run_out(session, later(1)) == 0


def test_nothing_is_accepted_in_place_of_what_is_asked_no_more(session: Session) -> None:
    invitation = asked(session)
    result = tell(session, invitation, GRASP, TODAY)
    invitation.ended_at = later(1)
    session.flush()
    with pytest.raises(AskedAnewError):
        accept(session, result, UNTIL, later(1), by=None, name="Ann")
    assert result.state is State.TOLD


def test_no_letter_that_waits_leaves_once_it_is_accepted(session: Session) -> None:
    settings = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@network.example")
    invitation = asked(session, settings=settings)
    result = tell(session, invitation, GRASP, TODAY)
    assert [mail.ended_at for mail in session.scalars(select(Outgoing))] == [None]
    accept(session, result, UNTIL, TODAY, by=None, name="Ann")
    assert [mail.ended_at for mail in session.scalars(select(Outgoing))] == [TODAY]


def test_a_buyer_is_told_nothing_of_what_another_was_told(session: Session) -> None:
    here, there = asked(session), asked(session, "Shop")
    tell(session, here, GRASP, TODAY)
    assert len(told_by(session, [here.supplier_id])) == 1
    assert told_by(session, [there.supplier_id]) == []
    assert trail(session, there) == []
    assert session.scalars(select(OtherResult.invitation_id)).all() == [here.id]


def test_how_far_it_got_by_itself_is_read_from_its_dates(session: Session) -> None:
    invitation = asked(session)
    today = TODAY.date()
    assert status_without(invitation, today) is Status.INVITED
    invitation.send_on, invitation.sent_at = later(9).date(), None
    assert status_without(invitation, today) is Status.WAITING
    for name, status in (
        ("opened_at", Status.OPENED),
        ("started_at", Status.STARTED),
        ("submitted_at", Status.SUBMITTED),
        ("shared_at", Status.SHARED),
    ):
        setattr(invitation, name, TODAY)
        assert status_without(invitation, today) is status
    decline(session, invitation, Decline.OTHER_SCHEME, TODAY)
    assert status_without(invitation, today) is Status.DECLINED
