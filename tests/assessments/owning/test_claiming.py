from __future__ import annotations

import threading
import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select

from assess.assessments.links import make_resume_link, resume_links
from assess.assessments.models import Assessment, Visit
from assess.assessments.owning.claiming import (
    FILLS,
    AlreadyClaimedError,
    NotYoursError,
    claim,
    links_that_work,
    mine,
    move,
)
from assess.assessments.owning.leaving import end_ways_in
from assess.assessments.owning.places import Place
from assess.assessments.visits import open_started
from assess.kit.db import Database
from assess.people.caller import Caller
from assess.people.models import Organisation, Role, Site
from assess.suppliers.following import note_started
from assess.suppliers.models import Supplier
from tests.people.persons import an_organisation
from tests.suppliers.makers import a_buyer, a_supplier, invited

pytestmark = pytest.mark.both_databases

ELSEWHERE = Place(None, "Acle Road")


def organisations(database: Database, count: int) -> list[uuid.UUID]:
    with database.writing() as session:
        return [an_organisation(session, f"Firm {number:02}").id for number in range(count)]


def whose(database: Database, assessment_id: uuid.UUID) -> tuple[uuid.UUID | None, str | None]:
    with database.reading() as look:
        found = look.get(Assessment, assessment_id)
        assert found is not None
        site = look.get(Site, found.site_id) if found.site_id else None
        return found.organisation_id, site.name if site else None


def test_of_twenty_at_once_one_gets_it(database: Database, begun: uuid.UUID, now: datetime) -> None:
    firms = organisations(database, 20)
    won: list[uuid.UUID] = []
    lost: list[uuid.UUID] = []

    def one(firm: uuid.UUID) -> None:
        try:
            with database.writing() as session:
                claim(session, begun, firm, ELSEWHERE, now)
        except AlreadyClaimedError:
            lost.append(firm)
        else:
            won.append(firm)

    threads = [threading.Thread(target=one, args=(firm,)) for firm in firms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)
    assert whose(database, begun) == (won[0], "Acle Road")
    with database.reading() as look:  # whoever lost added no place either
        assert look.scalar(select(func.count()).select_from(Site)) == 1


def test_a_place_of_somebody_else_is_refused(database: Database, begun: uuid.UUID, now: datetime) -> None:
    ours, theirs = organisations(database, 2)
    with database.writing() as session:
        site = Site(organisation_id=theirs, name="Their yard", made_at=now)
        session.add(site)
    with pytest.raises(NotYoursError), database.writing() as session:
        claim(session, begun, ours, Place(site.id), now)
    assert whose(database, begun) == (None, None)


def test_it_is_moved_to_another_place_or_firm(database: Database, begun: uuid.UUID, now: datetime) -> None:
    ours, theirs = organisations(database, 2)
    with database.writing() as session:
        claim(session, begun, ours, ELSEWHERE, now)
        move(session, begun, ours, Place(None, "Wroxham"), now)
    assert whose(database, begun) == (ours, "Wroxham")
    with database.writing() as session:
        move(session, begun, theirs, Place(None, "Diss"), now)
    assert whose(database, begun) == (theirs, "Diss")


def test_every_old_way_in_can_be_ended(database: Database, begun: uuid.UUID, another: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        for which in (begun, begun, another):
            make_resume_link(session, which, now)
            open_started(session, which, now)
    with database.writing() as session:
        assert len(links_that_work(session, begun)) == 2
        end_ways_in(session, begun, now)
    with database.reading() as look:
        assert list(links_that_work(look, begun)) == list(resume_links(look, begun)) == []
        assert len(links_that_work(look, another)) == 1
        assert look.scalars(select(Visit.assessment_id)).all() == [another]


def test_only_whoever_answers_for_a_firm_may_keep_something_with_it(database: Database, now: datetime) -> None:
    first, second, third = organisations(database, 3)
    roles = {
        first: frozenset({Role.RESPONDENT}),
        second: frozenset({Role.SIGNER, Role.BUYER}),
        third: frozenset({Role.MANAGER}),
    }
    who = Caller(uuid.uuid4(), "ann@farm.example", "", None, roles, uuid.uuid4(), second_step=True, proven_at=now)
    with database.reading() as look:
        found: list[Organisation] = list(mine(look, who, FILLS))
        assert [one.id for one in found] == [first, third]


def test_requests_it_answers_become_those_of_the_organisation_but_for_one_that_is_taken(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    firm, other = organisations(database, 2)
    with database.writing() as session:
        suppliers = [
            a_supplier(session, a_buyer(session, name), "Fen Edge Farm", now=now) for name in ("Council", "Shop")
        ]
        for supplier in suppliers:
            note_started(session, invited(session, supplier, now=now), begun, now)
        suppliers[1].organisation_id = other
        asked, taken = (supplier.id for supplier in suppliers)
    with database.writing() as session:
        claim(session, begun, firm, ELSEWHERE, now)
    with database.reading() as look:
        assert look.get_one(Supplier, asked).organisation_id == firm
        assert look.get_one(Supplier, taken).organisation_id == other
