"""The plan of a share as it stands now, and nothing where the share does not show it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from assess.assessments.models import Assessment, Submission
from assess.core.db import Database
from assess.engine.ordinary import ordinary_questions
from assess.identity.models import NameState, Organisation, StaffRole
from assess.identity.organisations.name_confirmation import NAME_NOT_CONFIRMED
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.action_tracker.state import ItemState
from assess.plans.copies import BuyerAction, buyer_copy
from assess.sharing.messages import item_key_of_step, shared_steps_of
from assess.sharing.models import ShareScope, ShareViewKind
from assess.sharing.services import get_share_grant
from assess.sharing.shared_copy import SharedCopy, make_shared_copy, shared_copy_from_json
from assess.sharing.viewing import (
    CopyChange,
    ReceivedShareState,
    copy_difference,
    copy_valid_until,
    find_permitted_share,
    list_received_shares,
    log_link_view,
    log_share_views,
    plan_progress,
    received_share_of,
    unconfirmed_name_note,
    views_of_grants,
    views_of_links,
    with_current_plan,
    with_valid_until,
)
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.identity.accounts_factory import an_organisation, confirm_name, database_of
from tests.plans.conftest import Submitted
from tests.plans.records import a_record, answers_of, scenario
from tests.sharing.conftest import Buyer, grant_row, latest
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, invited
from tests.suppliers.factories import shared as factories_shared


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("state", "name", "note"),
    [
        *(
            (state, "Fen Edge Growers Ltd", NAME_NOT_CONFIRMED)
            for state in NameState
            if state is not NameState.CONFIRMED
        ),
        (NameState.CONFIRMED, "fen edge  growers LTD", None),
        (NameState.CONFIRMED, "Fen Edge Growers Ltd", None),
        (NameState.CONFIRMED, "Tesco Stores Ltd", NAME_NOT_CONFIRMED),
    ],
)
def test_a_name_is_confirmed_only_when_it_is_the_one_that_was(
    state: NameState, name: str, note: str | None, now: datetime
) -> None:
    organisation = Organisation(name="Fen Edge Growers Ltd", made_at=now)
    confirm_name(organisation)
    organisation.name_state = state
    assert unconfirmed_name_note(name, organisation) == note
    assert unconfirmed_name_note(name, None) == NAME_NOT_CONFIRMED


@pytest.mark.both_databases
def test_a_confirmed_name_has_no_note_in_the_list(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    shared_with(submitted, council)
    with database_of(app).writing() as session:
        organisation = an_organisation(session, "Fen Edge Growers Ltd")
        confirm_name(organisation)
        session.get_one(Assessment, submitted.id).organisation_id = organisation.id
    with database_of(app).reading() as session:
        page = list_received_shares(session, caller_of(council.person), now)
    (row,) = page.rows
    assert (row.note, row.state, page.more) == (None, ReceivedShareState.CURRENT, False)


@pytest.mark.both_databases
def test_a_look_is_noted_once_for_each_person_thing_and_hour(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given, colleague = shared_with(submitted, council), make_buyer("second@council.example")
    with database_of(app).writing() as session:
        grant = get_share_grant(session, submitted.id, given.id)
        for minutes in (0, 5, 29, 31):
            log_share_views(
                session, [grant], caller_of(council.person), ShareViewKind.PAGE, now + timedelta(minutes=minutes)
            )
        log_share_views(session, [grant], caller_of(colleague.person), ShareViewKind.PAGE, now)
        log_share_views(session, [grant], caller_of(council.person), ShareViewKind.FILE, now)
    with database_of(app).reading() as session:
        found = views_of_grants(session, [given.id])[given.id]
    assert sorted((one.what.value, one.at - now) for one in found) == [
        ("file", timedelta()),
        ("page", timedelta()),
        ("page", timedelta()),
        ("page", timedelta(minutes=31)),
    ]
    assert not [one for one in found if str(council.person.id) in one.viewer]


@pytest.mark.both_databases
def test_looks_by_a_link_are_noted_too(app: Flask, another_visit: Any, submitted: Submitted) -> None:
    another_visit(f"/b/{submitted.buyer_token}")
    page = another_visit.send()
    another_visit(page.address)
    link_id = page.address.rpartition("/")[2]

    with database_of(app).reading() as session:
        found = views_of_links(session, [uuid.UUID(link_id)])
    assert [one.what for one in found[uuid.UUID(link_id)]] == [ShareViewKind.PAGE]
    with database_of(app).writing() as session:
        log_link_view(session, uuid.UUID(link_id), ShareViewKind.FILE, found[uuid.UUID(link_id)][0].at)


@pytest.mark.both_databases
def test_no_member_of_staff_sees_anything_that_was_shared(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    given = shared_with(submitted, council)
    who = caller_of(council.person)
    with database_of(app).reading() as session:
        assert find_permitted_share(session, who, given.id, now)
        for desk in StaffRole:
            assert find_permitted_share(session, replace(who, staff_role=desk), given.id, now) is None
            assert list_received_shares(session, replace(who, staff_role=desk), now).rows == ()


@pytest.mark.both_databases
def test_a_copy_counts_no_longer_than_the_share_nor_than_the_answers(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    short = grant_row(app, shared_with(submitted, council, days=7))
    assert copy_valid_until(short) == "2026-12-01"
    long = grant_row(app, shared_with(submitted, council, at=now, days=90))
    long.until = now + timedelta(days=900)
    assert copy_valid_until(long) == submitted.record["valid_until"]


@pytest.mark.both_databases
def test_what_was_done_since_shows_in_a_shared_plan_and_not_in_the_short_copy(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime
) -> None:
    plan, short = shared_with(submitted, council, ShareScope.PLAN), shared_with(submitted, council)
    with database_of(app).writing() as session:
        done = ItemContent(response="accepted", status="done", done_on="2026-11-24")
        change_item(session, latest(app, submitted), "farm_blacklist", done, 0, now)
    with database_of(app).reading() as session:
        found, other = (
            received_share_of(session, get_share_grant(session, submitted.id, given.id)) for given in (plan, short)
        )
    assert found.since
    assert (found.since.done_then, found.since.done_now) == (0, 1)
    assert found.shared
    assert found.shared.done == 0, "the copy stays as it was"
    assert other.since is None
    assert with_valid_until(found.shared, "2026-12-01").buyer_copy.valid_until == "2026-12-01"
    assert "Done: 1 of" in council.visit(plan.address).text


@pytest.mark.both_databases
@pytest.mark.parametrize("how", ["ended", "other"])
def test_a_copy_that_was_ended_or_was_anothers_is_not_compared_with(
    council: Buyer, make_buyer: Any, submitted: Submitted, shared_with: Any, answer_again: Any, ended: Any, how: str
) -> None:
    before = shared_with(submitted, council if how == "ended" else make_buyer("buyer@shop.example"))
    if how == "ended":
        ended(submitted, before)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    assert "What differs" not in council.visit(shared_with(submitted, council).address).text


def test_only_a_share_with_the_plan_follows_it(published: Database) -> None:
    urgent = a_record(change={"core_documents": "employer"})
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for number, (record, scope, follows) in enumerate(
            (
                (scenario(), ShareScope.PLAN, True),
                (scenario(), ShareScope.BUYER_COPY, False),
                (urgent, ShareScope.PLAN, True),
            )
        ):
            farm = a_supplier(session, council, f"Farm {number}", sector="farming")
            grant = factories_shared(session, invited(session, farm), record=record, scope=scope)
            frozen = shared_copy_from_json(grant.document)
            assert with_current_plan(session, grant, frozen) == frozen, "as long as nothing changed"
            submission = session.get_one(Submission, grant.submission_id)
            key = str(item_key_of_step(session, submission, shared_steps_of(frozen)[0].key))
            change_item(session, submission.id, key, ItemContent(status="done"), 0, TODAY)
            found = with_current_plan(session, grant, frozen)
            assert (found.done, found.buyer_copy) == (int(follows), frozen.buyer_copy)
            assert (found.plan is None) is not follows


DONE = ItemState("accepted", status="done", done_on="2026-12-01")


def shared(scope: ShareScope = ShareScope.PLAN, **said: ItemState) -> SharedCopy:
    return make_shared_copy(scenario(), edition_of("farming"), said, scope)


def test_what_was_done_is_counted_and_what_was_moved_is_named() -> None:
    moved = ItemState("accepted", due="2027-02-01")
    found = plan_progress(shared(), shared(farm_blacklist=DONE, core_policy=moved))
    assert found
    assert (found.done_then, found.done_now) == (0, 1)
    assert [due for _, due in found.moved] == ["2027-02-01"]
    assert found.count == len(shared().plan or ())
    assert found.anything


def test_a_share_without_changes_lists_no_changes() -> None:
    found = plan_progress(shared(), shared())
    assert found
    assert not found.anything


def test_the_short_copy_tells_nothing_of_what_was_done_since() -> None:
    assert plan_progress(shared(ShareScope.BUYER_COPY), shared(ShareScope.BUYER_COPY, farm_blacklist=DONE)) is None


def test_band_bars_and_steps_of_two_copies_are_compared() -> None:
    one = buyer_copy(scenario("farming", "farming medium"))
    other = buyer_copy(scenario("farming", "farming low"))
    found = copy_difference(one, other)
    assert found
    assert one.word != other.word
    assert found.result[0] == CopyChange("Result", str(one.word), str(other.word))
    assert (found.before_on, found.again_on) == (one.made_on, other.made_on)
    had, has = ({action.do for action in copy.actions} for copy in (one, other))
    assert set(found.gone) == had - has
    assert set(found.new) == has - had
    same = copy_difference(one, one)
    assert same
    assert not same.anything


def test_a_step_that_only_moved_is_the_same_step() -> None:
    step = BuyerAction("Write it down.", (), None, at_once=False)
    copy = replace(buyer_copy(scenario()), actions=(step,))
    moved = replace(copy, actions=(replace(step, due="2027-01-01"),))
    assert not copy_difference(copy, moved).anything


def test_a_quick_check_and_a_full_assessment_are_compared_in_words() -> None:
    full = buyer_copy(scenario())
    quick = buyer_copy(a_record(quick=True))
    (change,) = copy_difference(full, quick).result
    assert change == CopyChange("Result", str(full.word), "Quick check done")
    assert copy_difference(quick, full).result == (CopyChange("Result", "Quick check done", str(full.word)),)


def test_other_answers_that_are_not_ordinary_are_no_difference_and_the_date_says_that_there_are_new_ones() -> None:
    answers = answers_of("farming", "farming medium")
    grave = {"core_documents": "employer", "core_min_wage": "some_not", "core_controller": "yes"}
    assert not set(grave) & ordinary_questions(edition_of("farming"))
    before = buyer_copy(a_record())
    after = replace(buyer_copy(a_record(change={**answers, **grave})), made_on="2026-12-24")
    for one, other in ((before, after), (after, before)):
        found = copy_difference(one, other)
        assert not found.anything
        assert (found.before_on, found.again_on) == (one.made_on, other.made_on)
