"""The trail: what it says, its order, and that the database keeps it as it was written."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.identity.models import Membership, Person
from assess.identity.organisations.services import delete_organisation
from assess.sharing.models import ShareViewKind
from assess.sharing.viewing import log_share_views
from assess.suppliers.activity_log import (
    ACTORLESS_EVENTS,
    BUYER_EVENTS,
    FOLLOW_UP_METHODS,
    FORMER_MEMBER,
    SERVICE_EVENTS,
    SHARED_EVENTS,
    SUPPLIER_EVENT_LABELS,
    SUPPLIER_EVENTS,
    THE_SERVICE,
    THE_SUPPLIER,
    ActivityDescriber,
    ActivityLine,
    FollowUp,
    FollowUpMethod,
    describe_event,
    get_activity_log,
    log_follow_up,
    log_result_viewed,
    log_supplier_event,
)
from assess.suppliers.duplicates import merge_suppliers
from assess.suppliers.models import DeclineReason, Supplier, SupplierEvent, SupplierEventType
from assess.suppliers.services import decline_invitation, mark_opened
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

pytestmark = pytest.mark.both_databases


def test_there_are_words_for_everything() -> None:
    assert set(SUPPLIER_EVENT_LABELS) == set(SupplierEventType)
    assert SUPPLIER_EVENT_LABELS[SupplierEventType.ANSWERS_REMOVED] == "The supplier’s answers were removed"


def test_what_was_undone_does_not_read_as_if_it_stood() -> None:
    said = {
        (what, key): describe_event(SupplierEvent(what=what, details={key: "yes"} if key else {}))
        for what in (
            SupplierEventType.EXTERNAL_RESULT_ACCEPTED,
            SupplierEventType.EXTERNAL_RESULT_REFUSED,
            SupplierEventType.EXTERNAL_RESULT_REPORTED,
        )
        for key in ("", "undone", "taken_back")
    }
    assert (
        said[SupplierEventType.EXTERNAL_RESULT_ACCEPTED, ""]
        == SUPPLIER_EVENT_LABELS[SupplierEventType.EXTERNAL_RESULT_ACCEPTED]
    )
    assert "undone" in said[SupplierEventType.EXTERNAL_RESULT_ACCEPTED, "undone"]
    assert "undone" in said[SupplierEventType.EXTERNAL_RESULT_REFUSED, "undone"]
    assert "withdrew" in said[SupplierEventType.EXTERNAL_RESULT_REPORTED, "taken_back"]


def test_the_oldest_comes_first(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    log_supplier_event(session, farm.id, SupplierEventType.CALLED, later(2))
    log_supplier_event(session, farm.id, SupplierEventType.ASKED, later(1), due="2026-12-24")
    assert [event.what for event in get_activity_log(session, [farm.id])] == [
        SupplierEventType.ADDED,
        SupplierEventType.ASKED,
        SupplierEventType.CALLED,
    ]


def test_the_order_of_a_day_does_not_give_back_the_hour_of_what_a_supplier_did(session: Session) -> None:
    council = a_buyer(session, "The Council")
    days = []
    for order in ((1, 2, 3, 4), (4, 3, 2, 1)):
        farm = a_supplier(session, council, f"Farm {order[0]}")
        for hour, what in zip(
            order,
            (
                SupplierEventType.OPENED,
                SupplierEventType.STARTED,
                SupplierEventType.SUBMITTED,
                SupplierEventType.SHARED,
            ),
            strict=True,
        ):
            log_supplier_event(session, farm.id, what, later(1) + timedelta(hours=hour))
        for hour, what in ((2, SupplierEventType.CALLED), (5, SupplierEventType.CHANGED)):
            log_supplier_event(session, farm.id, what, later(1) + timedelta(hours=hour, minutes=30))
        log_supplier_event(session, farm.id, SupplierEventType.ASKED, later(2))
        days.append([event.what for event in get_activity_log(session, [farm.id])][1:])
    assert days[0] == days[1]
    assert days[0] == [
        SupplierEventType.CALLED,
        SupplierEventType.CHANGED,
        SupplierEventType.OPENED,
        SupplierEventType.STARTED,
        SupplierEventType.SUBMITTED,
        SupplierEventType.SHARED,
        SupplierEventType.ASKED,
    ]


def test_of_two_entries_that_are_one_neither_is_told_to_have_acted_first(session: Session) -> None:
    council = a_buyer(session, "The Council")
    both = [a_supplier(session, council, name).id for name in ("Farm", "Farm Ltd")]
    for day, order in ((1, both), (2, both[::-1])):
        for hour, one in enumerate(order):
            log_supplier_event(session, one, SupplierEventType.SUBMITTED, later(day) + timedelta(hours=hour))
    acts = [event.supplier_id for event in get_activity_log(session, both) if event.what is SupplierEventType.SUBMITTED]
    assert acts[:2] == acts[2:]


@pytest.mark.parametrize("what", ["change", "remove"])
def test_nobody_changes_it_or_removes_it_alone(session: Session, what: str) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    statement = update(SupplierEvent).values(at=TODAY) if what == "change" else delete(SupplierEvent)
    if what == "change":
        statement = update(SupplierEvent).values(at=later(1))
    with pytest.raises(DBAPIError, match="stays as it is"):
        session.execute(statement.where(SupplierEvent.supplier_id == farm.id))


def test_it_goes_with_its_supplier(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    farm_id = farm.id
    session.execute(delete(Supplier).where(Supplier.id == farm_id))
    assert get_activity_log(session, [farm_id]) == []


def test_every_entry_and_every_fixed_word_has_its_words() -> None:
    assert set(SUPPLIER_EVENT_LABELS) == set(SupplierEventType)
    assert set(FOLLOW_UP_METHODS) == set(FollowUpMethod)
    assert not (SUPPLIER_EVENTS & SERVICE_EVENTS) | (SUPPLIER_EVENTS & SHARED_EVENTS)


def test_a_day_is_that_of_the_country_and_the_file_says_the_moment_in_utc() -> None:
    line = ActivityLine(None, "", date(2026, 7, 1), datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "", "", "")  # type: ignore[arg-type]
    assert (line.time, line.iso) == ("00:30", "2026-06-30T23:30:00Z")
    line = ActivityLine(None, "", date(2026, 7, 1), None, "", "", "")  # type: ignore[arg-type]
    assert (line.time, line.iso) == ("", "")


def test_what_is_not_the_buyers_own_doing_is_told_by_its_day_alone(published: Database) -> None:
    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    with published.writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Farm", now=night)
        for what in SupplierEventType:
            log_supplier_event(session, farm.id, what, night, way=FollowUpMethod.CALL)
        log_supplier_event(session, farm.id, SupplierEventType.COMMENTED, night, by=ann.id)
        events = get_activity_log(session, [farm.id])
        lines = ActivityDescriber(session, council.id).lines(events)
    assert {line.on for line in lines} == {date(2026, 7, 1)}
    timed = {event.what for event, line in zip(events, lines, strict=True) if line.at}
    assert timed - {SupplierEventType.COMMENTED} == BUYER_EVENTS
    alone = {event.what for event, line in zip(events, lines, strict=True) if not line.at}
    assert alone == SUPPLIER_EVENTS | SHARED_EVENTS | ACTORLESS_EVENTS


def test_who_ended_what_was_shared_and_who_removed_answers_is_not_told(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm")
        for what in (SupplierEventType.SHARE_OVER, SupplierEventType.ANSWERS_REMOVED, SupplierEventType.DECLINE_UNDONE):
            log_supplier_event(session, farm.id, what, later(1))
        lines = ActivityDescriber(session, council.id).lines(get_activity_log(session, [farm.id]))
    assert [(line.what, line.who) for line in lines[1:]] == [
        ("What was shared is over", ""),
        ("The supplier’s answers were removed", ""),
        ("The supplier thought again", THE_SUPPLIER),
    ]


def test_each_entry_says_who_it_was_and_what_belongs_to_it(published: Database) -> None:
    with published.writing() as session:
        ann, bob = (a_person(session, f"{name}@people.example") for name in ("ann", "bob"))
        ann.name = "Ann Ash"
        council = a_buyer(session, "The Council", buyer=[ann, bob])  # type: ignore[arg-type]
        farm, twin = a_supplier(session, council, "Farm"), a_supplier(session, council, "Farm Ltd")
        log_supplier_event(session, farm.id, SupplierEventType.CHANGED, TODAY, by=ann.id)
        log_supplier_event(session, farm.id, SupplierEventType.CHANGED, TODAY, by=bob.id)
        invitation = invited(session, farm, now=later(1))
        mark_opened(session, invitation, later(2))
        decline_invitation(session, invitation, DeclineReason.NO_TIME_NOW, later(3))
        log_supplier_event(session, farm.id, SupplierEventType.SENT, later(3))
        log_follow_up(
            session, farm, FollowUp(FollowUpMethod.VISIT, date(2026, 11, 27), "Send it by May"), later(4), by=ann.id
        )
        merge_suppliers(session, twin, farm, later(5), by=ann.id)
        session.execute(delete(Membership).where(Membership.person_id == bob.id))
        lines = ActivityDescriber(session, council.id).lines(get_activity_log(session, [farm.id]))
    assert [(line.what, line.who, line.more) for line in lines] == [
        ("Put on the list", FORMER_MEMBER, ""),
        ("Details changed", "Ann Ash", ""),
        ("Details changed", FORMER_MEMBER, ""),
        ("Asked to answer", FORMER_MEMBER, "Until 24 December 2026"),
        ("The supplier opened the request", THE_SUPPLIER, ""),
        ("Email sent", THE_SERVICE, ""),
        ("The supplier said no", THE_SUPPLIER, "It says it has no time just now"),
        ("Followed up", "Ann Ash", "A visit on 27 November 2026: Send it by May"),
        ("Merged with another entry", "Ann Ash", "With “Farm Ltd”"),
    ]


def test_words_of_one_buyer_say_nothing_of_another(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        mine, theirs = a_supplier(session, council, "Farm"), a_supplier(session, shop, "Secret Farm")
        log_supplier_event(session, mine.id, SupplierEventType.MERGED, TODAY, other=str(theirs.id))
        events = get_activity_log(session, [mine.id, theirs.id])
        lines = ActivityDescriber(session, council.id).lines(events)
        assert {line.supplier_id for line in lines} == {mine.id}
        assert "Secret" not in str(lines)


def test_what_a_supplier_does_is_noted_for_the_buyer_that_asked_alone(published: Database) -> None:
    with published.writing() as session:
        asked, other = (invited(session, a_supplier(session, a_buyer(session, name), "Farm")) for name in ("A", "B"))
        before = len(get_activity_log(session, [other.supplier_id]))
        mark_opened(session, asked, later(1))
        decline_invitation(session, asked, DeclineReason.RATHER_NOT, later(1))
        assert len(get_activity_log(session, [other.supplier_id])) == before
        assert [event.what for event in get_activity_log(session, [asked.supplier_id])][-2:] == [
            SupplierEventType.OPENED,
            SupplierEventType.DECLINED,
        ]


def test_a_person_whose_account_is_gone_has_left(published: Database) -> None:
    with published.writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Farm")
        log_result_viewed(session, [farm.id], ann.id, TODAY)
        session.execute(delete(Person).where(Person.id == ann.id))
        session.expire_all()
        lines = ActivityDescriber(session, council.id).lines(session.scalars(select(SupplierEvent)).all())
    assert [line.who for line in lines] == [FORMER_MEMBER, FORMER_MEMBER]


def looks(session: object, supplier_id: object) -> int:
    return [event.what for event in get_activity_log(session, [supplier_id])].count(SupplierEventType.RESULT_VIEWED)  # type: ignore[arg-type,list-item]


def test_reading_a_share_is_noted_once_for_each_person_and_day_of_the_country(published: Database) -> None:
    with published.writing() as session:
        ann, bob = (a_person(session, f"{name}@people.example") for name in ("ann", "bob"))
        council = a_buyer(session, "The Council", buyer=[ann, bob])  # type: ignore[arg-type]
        farm = a_supplier(session, council, "Farm", sector="farming")
        grant = shared(session, invited(session, farm))
        for who in (ann, ann, bob):
            for what in ShareViewKind:
                log_share_views(session, [grant], caller_of(who, council.id), what, TODAY)
        assert looks(session, farm.id) == 2
        log_share_views(session, [grant], caller_of(ann, council.id), ShareViewKind.PAGE, later(1))
        assert looks(session, farm.id) == 3
        grant.supplier_id = None
        log_share_views(session, [grant], caller_of(ann, council.id), ShareViewKind.PAGE, later(2))
        assert looks(session, farm.id) == 3
        # a summer night: before and after midnight in Norfolk, the same day in UTC
        log_result_viewed(session, [farm.id], ann.id, datetime(2027, 6, 30, 22, 30, tzinfo=UTC))
        log_result_viewed(session, [farm.id], ann.id, datetime(2027, 6, 30, 23, 30, tzinfo=UTC))
        assert looks(session, farm.id) == 5


def test_two_looks_at_once_are_one(database: Database) -> None:
    with database.writing() as session:
        ann = a_person(session, "ann@people.example")
        farm = a_supplier(session, a_buyer(session, "The Council", buyer=ann), "Farm")
    ready = threading.Barrier(2)

    def look() -> None:
        ready.wait()
        with database.writing() as session:
            log_result_viewed(session, [farm.id], ann.id, TODAY)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert looks(session, farm.id) == 1


def test_an_entry_cannot_be_changed_or_taken_out_and_goes_with_its_buyer(database: Database) -> None:
    with database.writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        other = a_supplier(session, a_buyer(session, "The Shop"), "Farm")
        farm = a_supplier(session, council, "Farm")
        log_follow_up(
            session, farm, FollowUp(FollowUpMethod.CALL, date(2026, 11, 23), "They will begin"), TODAY, by=ann.id
        )
        mine = SupplierEvent.supplier_id == farm.id
        for wrong in (
            update(SupplierEvent).where(mine).values(at=later(1)),
            text("UPDATE supplier_event SET details = '{}'"),
            update(SupplierEvent).where(mine).values(what=SupplierEventType.SENT, by_person=None),
            update(SupplierEvent).where(mine).values(supplier_id=other.id),
            delete(SupplierEvent).where(mine),
            text("DELETE FROM supplier_event"),
        ):
            inner = session.begin_nested()
            with pytest.raises(DBAPIError, match="stays as it is"):
                session.execute(wrong)
            inner.rollback()
        session.execute(update(SupplierEvent).where(mine).values(by_person=None))
        assert len(get_activity_log(session, [farm.id])) == 2
        delete_organisation(session, council)
        session.expire_all()
        assert session.scalar(select(func.count()).where(mine)) == 0
        assert len(get_activity_log(session, [other.id])) == 1
