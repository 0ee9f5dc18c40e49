from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from assess.assessments.models import Assessment
from assess.people.models import Desk, NameState, Organisation
from assess.plans.register.keeping import Change, change
from assess.plans.shares.granting import grant_of
from assess.plans.shares.looking import (
    NOT_CONFIRMED,
    State,
    find_grant,
    looks_at_grants,
    looks_at_links,
    name_note,
    note_look,
    note_look_by_link,
    presented,
    shares_of,
    shown,
    valid_until,
)
from assess.plans.shares.models import Looked
from assess.plans.shares.scopes import Scope
from tests.people.persons import an_organisation, confirm_name, database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.plans.shares.callers import caller_of
from tests.plans.shares.conftest import Buyer, grant_row, latest

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("state", "name", "note"),
    [
        *((state, "Fen Edge Growers Ltd", NOT_CONFIRMED) for state in NameState if state is not NameState.CONFIRMED),
        (NameState.CONFIRMED, "fen edge  growers LTD", None),
        (NameState.CONFIRMED, "Fen Edge Growers Ltd", None),
        (NameState.CONFIRMED, "Tesco Stores Ltd", NOT_CONFIRMED),
    ],
)
def test_a_name_is_confirmed_only_when_it_is_the_one_that_was(
    state: NameState, name: str, note: str | None, now: datetime
) -> None:
    organisation = Organisation(name="Fen Edge Growers Ltd", made_at=now)
    confirm_name(organisation)
    organisation.name_state = state
    assert name_note(name, organisation) == note
    assert name_note(name, None) == NOT_CONFIRMED


def test_a_confirmed_name_has_no_note_in_the_list(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    shared_with(submitted, council)
    with database_of(app).writing() as session:
        organisation = an_organisation(session, "Fen Edge Growers Ltd")
        confirm_name(organisation)
        session.get_one(Assessment, submitted.id).organisation_id = organisation.id
    with database_of(app).reading() as look:
        (row,), more = shares_of(look, caller_of(council.person), now)
    assert (row.note, row.state, more) == (None, State.CURRENT, False)


def test_a_look_is_noted_once_for_each_person_thing_and_hour(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given, colleague = shared_with(submitted, council), make_buyer("second@council.example")
    with database_of(app).writing() as session:
        grant = grant_of(session, submitted.id, given.id)
        for minutes in (0, 5, 29, 31):
            note_look(session, grant, caller_of(council.person), Looked.PAGE, now + timedelta(minutes=minutes))
        note_look(session, grant, caller_of(colleague.person), Looked.PAGE, now)
        note_look(session, grant, caller_of(council.person), Looked.FILE, now)
    with database_of(app).reading() as look:
        found = looks_at_grants(look, [given.id])[given.id]
    assert sorted((one.what.value, one.at - now) for one in found) == [
        ("file", timedelta()),
        ("page", timedelta()),
        ("page", timedelta()),
        ("page", timedelta(minutes=31)),
    ]
    assert not [one for one in found if str(council.person.id) in one.viewer]


def test_looks_by_a_link_are_noted_too(app: Flask, another_visit: Any, submitted: Submitted) -> None:
    another_visit(f"/b/{submitted.buyer_token}")
    page = another_visit.send()
    another_visit(page.address)
    link_id = page.address.rpartition("/")[2]

    with database_of(app).reading() as look:
        found = looks_at_links(look, [uuid.UUID(link_id)])
    assert [one.what for one in found[uuid.UUID(link_id)]] == [Looked.PAGE]
    with database_of(app).writing() as session:
        note_look_by_link(session, uuid.UUID(link_id), Looked.FILE, found[uuid.UUID(link_id)][0].at)


def test_nobody_at_a_desk_sees_anything_that_was_shared(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council)
    who = caller_of(council.person)
    with database_of(app).reading() as look:
        assert find_grant(look, who, given.id, now)
        for desk in Desk:
            assert find_grant(look, replace(who, desk=desk), given.id, now) is None
            assert shares_of(look, replace(who, desk=desk), now) == ((), False)


def test_a_copy_counts_no_longer_than_the_share_nor_than_the_answers(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    short = grant_row(app, shared_with(submitted, council, days=7))
    assert valid_until(short) == "2026-12-01"
    long = grant_row(app, shared_with(submitted, council, at=now, days=90))
    long.until = now + timedelta(days=900)
    assert valid_until(long) == submitted.record["valid_until"]


def test_what_was_done_since_shows_in_a_shared_plan_and_not_in_the_short_copy(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    plan, short = shared_with(submitted, council, Scope.PLAN), shared_with(submitted, council)
    with database_of(app).writing() as session:
        done = Change(response="accepted", status="done", done_on="2026-11-24")
        change(session, latest(app, submitted), "farm_blacklist", done, 0, now)
    with database_of(app).reading() as look:
        found, other = (shown(look, grant_of(look, submitted.id, given.id)) for given in (plan, short))
    assert found.since
    assert (found.since.done_then, found.since.done_now) == (0, 1)
    assert found.shared
    assert found.shared.done == 0, "the copy stays as it was"
    assert other.since is None
    assert presented(found.shared, "2026-12-01").copy.valid_until == "2026-12-01"
    assert "Done: 1 of" in council.visit(plan.address).text


@pytest.mark.parametrize("how", ["ended", "other"])
def test_a_copy_that_was_ended_or_was_anothers_is_not_compared_with(
    council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, answer_again: Any, ended: Any, how: str
) -> None:
    before = shared_with(submitted, council if how == "ended" else make_buyer("buyer@shop.example"))
    if how == "ended":
        ended(submitted, before)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert "What differs" not in council.visit(shared_with(submitted, council).address).text
