from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select

from assess.kit.db import Database
from assess.people.models import Membership, Person
from assess.suppliers.following import decline, note_opened
from assess.suppliers.merging.keeping import put_together
from assess.suppliers.models import Decline, SupplierEvent, What
from assess.suppliers.tracking.lines import (
    LEFT,
    OF_EITHER,
    OF_NOBODY,
    OF_SERVICE,
    OF_SUPPLIER,
    THE_SERVICE,
    THE_SUPPLIER,
    WAYS,
    Line,
    Way,
    Words,
)
from assess.suppliers.tracking.noting import Call, note_call, note_looked
from assess.suppliers.trail import OF_BUYER, WORDS, trail_of, write
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.makers import a_buyer, a_supplier, invited, later

pytestmark = pytest.mark.both_databases


def test_every_entry_and_every_fixed_word_has_its_words() -> None:
    assert set(WORDS) == set(What)
    assert set(WAYS) == set(Way)
    assert not (OF_SUPPLIER & OF_SERVICE) | (OF_SUPPLIER & OF_EITHER)


def test_a_day_is_that_of_the_country_and_the_file_says_the_moment_in_utc() -> None:
    line = Line(None, "", date(2026, 7, 1), datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "", "", "")  # type: ignore[arg-type]
    assert (line.time, line.iso) == ("00:30", "2026-06-30T23:30:00Z")
    line = Line(None, "", date(2026, 7, 1), None, "", "", "")  # type: ignore[arg-type]
    assert (line.time, line.iso) == ("", "")


def test_what_is_not_the_buyers_own_doing_is_told_by_its_day_alone(published: Database) -> None:
    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    with published.writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Farm", now=night)
        for what in What:
            write(session, farm.id, what, night, way=Way.CALL)
        write(session, farm.id, What.COMMENTED, night, by=ann.id)
        events = trail_of(session, [farm.id])
        lines = Words(session, council.id).lines(events)
    assert {line.on for line in lines} == {date(2026, 7, 1)}
    timed = {event.what for event, line in zip(events, lines, strict=True) if line.at}
    assert timed - {What.COMMENTED} == OF_BUYER
    alone = {event.what for event, line in zip(events, lines, strict=True) if not line.at}
    assert alone == OF_SUPPLIER | OF_EITHER | OF_NOBODY


def test_who_ended_what_was_shared_and_who_removed_answers_is_not_told(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm")
        for what in (What.SHARE_OVER, What.ANSWERS_REMOVED, What.THOUGHT_AGAIN):
            write(session, farm.id, what, later(1))
        lines = Words(session, council.id).lines(trail_of(session, [farm.id]))
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
        write(session, farm.id, What.CHANGED, TODAY, by=ann.id)
        write(session, farm.id, What.CHANGED, TODAY, by=bob.id)
        invitation = invited(session, farm, now=later(1))
        note_opened(session, invitation, later(2))
        decline(session, invitation, Decline.NO_TIME_NOW, later(3))
        write(session, farm.id, What.SENT, later(3))
        note_call(session, farm, Call(Way.VISIT, date(2026, 11, 27), "Send it by May"), later(4), by=ann.id)
        put_together(session, twin, farm, later(5), by=ann.id)
        session.execute(delete(Membership).where(Membership.person_id == bob.id))
        lines = Words(session, council.id).lines(trail_of(session, [farm.id]))
    assert [(line.what, line.who, line.more) for line in lines] == [
        ("Put on the list", LEFT, ""),
        ("Details changed", "Ann Ash", ""),
        ("Details changed", LEFT, ""),
        ("Asked to answer", LEFT, "Until 24 December 2026"),
        ("The supplier opened the request", THE_SUPPLIER, ""),
        ("Letter sent by e-mail", THE_SERVICE, ""),
        ("The supplier said no", THE_SUPPLIER, "It says it has no time just now"),
        ("Followed up", "Ann Ash", "A visit on 27 November 2026: Send it by May"),
        ("Put together with another entry", "Ann Ash", "With “Farm Ltd”"),
    ]


def test_words_of_one_buyer_say_nothing_of_another(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        mine, theirs = a_supplier(session, council, "Farm"), a_supplier(session, shop, "Secret Farm")
        write(session, mine.id, What.MERGED, TODAY, other=str(theirs.id))
        events = trail_of(session, [mine.id, theirs.id])
        lines = Words(session, council.id).lines(events)
        assert {line.supplier_id for line in lines} == {mine.id}
        assert "Secret" not in str(lines)


def test_what_a_supplier_does_is_noted_for_the_buyer_that_asked_alone(published: Database) -> None:
    with published.writing() as session:
        asked, other = (invited(session, a_supplier(session, a_buyer(session, name), "Farm")) for name in ("A", "B"))
        before = len(trail_of(session, [other.supplier_id]))
        note_opened(session, asked, later(1))
        decline(session, asked, Decline.RATHER_NOT, later(1))
        assert len(trail_of(session, [other.supplier_id])) == before
        assert [event.what for event in trail_of(session, [asked.supplier_id])][-2:] == [What.OPENED, What.DECLINED]


def test_a_person_whose_account_is_gone_has_left(published: Database) -> None:
    with published.writing() as session:
        ann = a_person(session, "ann@people.example")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Farm")
        note_looked(session, [farm.id], ann.id, TODAY)
        session.execute(delete(Person).where(Person.id == ann.id))
        session.expire_all()
        lines = Words(session, council.id).lines(session.scalars(select(SupplierEvent)).all())
    assert [line.who for line in lines] == [LEFT, LEFT]
