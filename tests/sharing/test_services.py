"""Shares in a format of before: everything is made anew from the same answers."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from assess.assessments.links import buyer_links, end_buyer_link
from assess.assessments.models import Assessment, Submission
from assess.core.db import Database
from assess.core.events import subscribe
from assess.core.links import LinkUnknownError
from assess.core.models import OutgoingMail, StoredPdf
from assess.engine.free_text import REMOVED_TEXT
from assess.engine.record import canonical_json
from assess.identity.models import OneTimeToken, Person
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.plans.action_tracker.services import change_item as change_register
from assess.plans.check_codes import check_code_of, find_check_code
from assess.plans.events import PlanChanged
from assess.plans.models import CheckCode
from assess.portfolio import board_projection
from assess.portfolio.models import BoardBar, BoardRow
from assess.sharing import services as sharing_services
from assess.sharing.messages import item_key_of_step, shared_steps_of
from assess.sharing.models import ShareGrant, ShareScope, ShareView, ShareViewKind
from assess.sharing.services import (
    LINK_LABEL,
    ShareEntry,
    ShareNotFoundError,
    ShareOverError,
    ShareRecipient,
    accept_share_grant,
    change_share_grant,
    create_share,
    end_share_grant,
    entry_of_grant,
    find_offer,
    get_share_grant,
    get_share_grants,
    is_live,
    issue_share_token,
    list_share_entries,
    recipient_text,
    share_check_code,
    share_view_text,
    shows_more,
    upgrade_shared_copies,
)
from assess.sharing.shared_copy import (
    COPY_FORMAT,
    make_shared_copy,
    narrow_shared_copy,
    shared_copy_from_json,
    shared_copy_to_json,
)
from assess.sharing.viewing import views_of_grants
from assess.suppliers.events import SupplierChanged
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.identity.accounts_factory import database_of
from tests.patch_subscriptions import list_instead
from tests.plans.conftest import Submitted
from tests.plans.records import a_record
from tests.plans.test_buyer_view import old as record_of_engine_1
from tests.sharing.conftest import COUNCIL, Buyer, an_office, grant_row, latest
from tests.sharing.current_users import caller_of
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared


@pytest.mark.both_databases
def test_the_code_of_a_share_is_known_before_anything_is_printed(
    app: Flask, submitted: Submitted, share_with: Any
) -> None:
    document = grant_row(app, share_with(submitted, scope=ShareScope.ANSWERS)).document
    with database_of(app).reading() as session:
        found = find_check_code(session, share_check_code(session, document))
    assert found
    assert (found.made_on, found.valid_until, found.latest) == ("2026-11-24", submitted.record["valid_until"], True)


@pytest.mark.both_databases
def test_the_same_words_have_the_same_code_and_others_another(
    app: Flask, submitted: Submitted, share_with: Any
) -> None:
    one, other = (grant_row(app, share_with(submitted, email)).document for email in ("a@b.example", "c@d.example"))
    wide = grant_row(app, share_with(submitted, scope=ShareScope.EVIDENCE)).document
    with database_of(app).reading() as session:
        assert share_check_code(session, one) == share_check_code(session, other)
        assert share_check_code(session, one) != share_check_code(session, wide)
        assert share_check_code(
            session, shared_copy_to_json(narrow_shared_copy(shared_copy_from_json(wide), ShareScope.BUYER_COPY))
        ) == share_check_code(session, one)
        submission = session.get_one(Submission, submitted.submission_id)
        assert share_check_code(session, one) != check_code_of(session, submission, "buyer")


AT_ONCE = 20


@pytest.mark.both_databases
def test_twenty_at_once_take_it_up_and_one_succeeds(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted)

    def take(_number: int) -> bool:
        try:
            with database_of(app).writing() as session:
                accept_share_grant(session, given.token, caller_of(council.person), now)
        except LinkUnknownError:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(take, range(AT_ONCE))) == 1
    assert grant_row(app, given).person_id == council.person.id


@pytest.mark.both_databases
def test_only_the_address_it_was_made_for_takes_it_up_and_others_do_not_use_it_up(
    app: Flask, council: Buyer, make_buyer: Any, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given, other = share_with(submitted), make_buyer("buyer@shop.example")
    with database_of(app).writing() as session:
        with pytest.raises(LinkUnknownError):
            accept_share_grant(session, given.token, caller_of(other.person), now)
        assert find_offer(session, given.token, caller_of(council.person), now).id == given.id
        with pytest.raises(LinkUnknownError):
            find_offer(session, "x" * 43, caller_of(council.person), now)


@pytest.mark.both_databases
def test_it_is_taken_up_for_an_organisation_only_by_whoever_buys_for_it(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given, office = share_with(submitted), an_office(app, "Norfolk County Council", council.person)
    with database_of(app).writing() as session:
        with pytest.raises(ValueError, match="do not buy"):
            accept_share_grant(session, given.token, caller_of(council.person), now, organisation_id=office)
        found = accept_share_grant(session, given.token, caller_of(council.person, office), now, organisation_id=office)
        assert (found.organisation_id, found.person_id) == (office, None)


@pytest.mark.both_databases
def test_after_the_end_the_link_the_file_and_the_mail_are_gone(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, ended: Any, now: datetime
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        session.add(StoredPdf(grant_id=given.id, kind="share", key="p", digest="d", content=b"%PDF-", made_at=now))
        session.add(
            OutgoingMail(
                event=f"share {given.id.hex} 1",
                about=submitted.id,
                to_address=COUNCIL,
                subject="s",
                body="b",
                stop="",
                made_at=now,
                tries=0,
            )
        )
    ended(submitted, given)
    ended(submitted, given)
    with database_of(app).reading() as session:
        assert session.scalar(select(func.count()).select_from(OneTimeToken).where(OneTimeToken.about == given.id)) == 0
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 0
        assert session.scalars(
            select(OutgoingMail.to_address).where(OutgoingMail.event.startswith("share "))
        ).all() == [""]
        with pytest.raises(LinkUnknownError):
            find_offer(session, given.token, caller_of(council.person), now)


@pytest.mark.both_databases
def test_a_share_lives_until_the_second_it_was_given_for(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted, days=7)
    last = now + timedelta(days=7)
    grant = grant_row(app, given)
    assert is_live(grant, last - timedelta(seconds=1))
    assert not is_live(grant, last)
    with database_of(app).reading() as session:
        assert find_offer(session, given.token, caller_of(council.person), last - timedelta(seconds=1))
        with pytest.raises(LinkUnknownError):
            find_offer(session, given.token, caller_of(council.person), last)


@pytest.mark.both_databases
def test_ninety_days_are_the_longest(app: Flask, submitted: Submitted, share_with: Any) -> None:
    assert grant_row(app, share_with(submitted, days=90)).until == grant_row(
        app, share_with(submitted)
    ).until + timedelta(days=60)
    for days in (0, 91, 365):
        with pytest.raises(ValueError, match="not offered"):
            share_with(submitted, days=days)


@pytest.mark.both_databases
def test_a_new_link_ends_the_older_one(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted)
    with database_of(app).writing() as session:
        again = issue_share_token(session, get_share_grant(session, submitted.id, given.id), now)
        with pytest.raises(LinkUnknownError):
            find_offer(session, given.token, caller_of(council.person), now)
        accept_share_grant(session, again.token, caller_of(council.person), now)
        with pytest.raises(ShareOverError):
            issue_share_token(session, get_share_grant(session, submitted.id, given.id), now)


@pytest.mark.both_databases
def test_shown_less_nothing_of_the_rest_is_left_and_shown_more_it_is_as_of_today(
    app: Flask, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given, later = share_with(submitted, scope=ShareScope.PLAN), now + timedelta(days=1)
    with database_of(app).writing() as session:
        done = ItemContent(response="accepted", status="done", done_on="2026-11-24")
        change_register(session, latest(app, submitted), "farm_blacklist", done, 0, now)
        grant = get_share_grant(session, submitted.id, given.id, locked=True)
        assert shows_more(grant, ShareScope.EVIDENCE)
        assert not shows_more(grant, ShareScope.PLAN)
        change_share_grant(session, grant, ShareScope.PLAN, 30, later)
        assert shared_copy_from_json(grant.document).done == 0, "for longer is not more"
        change_share_grant(session, grant, ShareScope.EVIDENCE, 30, later)
        assert (shared_copy_from_json(grant.document).done, grant.frozen_at, grant.until) == (
            1,
            later,
            later + timedelta(days=30),
        )
        change_share_grant(session, grant, ShareScope.BUYER_COPY, 7, later)
        assert '"answers": null' in json.dumps(grant.document)
        assert (shared_copy_from_json(grant.document).plan, grant.frozen_at) == (None, later)
        end_share_grant(session, grant, later)
        with pytest.raises(ShareOverError):
            change_share_grant(session, grant, ShareScope.PLAN, 30, later)


@pytest.mark.both_databases
def test_a_link_waits_as_long_as_its_share_and_what_is_over_is_not_woken(
    app: Flask, council: Buyer, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    given = share_with(submitted, days=7)
    with database_of(app).writing() as session:
        change_share_grant(session, get_share_grant(session, submitted.id, given.id), ShareScope.BUYER_COPY, 30, now)
        assert find_offer(session, given.token, caller_of(council.person), now + timedelta(days=29))
        late = now + timedelta(days=30)
        with pytest.raises(ShareOverError):
            change_share_grant(
                session, get_share_grant(session, submitted.id, given.id), ShareScope.BUYER_COPY, 30, late
            )


@pytest.mark.both_databases
def test_what_is_no_longer_the_latest_is_neither_shared_nor_shown_more_of(
    app: Flask, submitted: Submitted, share_with: Any, answer_again: Any, now: datetime
) -> None:
    given, old = share_with(submitted), latest(app, submitted)
    answer_again(submitted, a_record(change={"core_policy": "no"}))
    with database_of(app).writing() as session:
        with pytest.raises(ShareOverError):
            change_share_grant(session, get_share_grant(session, submitted.id, given.id), ShareScope.PLAN, 30, now)
        with pytest.raises(ShareOverError):
            create_share(
                session, session.get_one(Submission, old), ShareRecipient(COUNCIL, ""), ShareScope.PLAN, 30, now
            )


@pytest.mark.both_databases
def test_a_share_of_another_assessment_is_none(app: Flask, submitted: Submitted, share_with: Any) -> None:
    given = share_with(submitted)
    with database_of(app).reading() as session:
        assert [grant.id for grant in get_share_grants(session, submitted.id)] == [given.id]
        for assessment, grant in ((uuid.uuid4(), given.id), (submitted.id, uuid.uuid4())):
            with pytest.raises(ShareNotFoundError):
                get_share_grant(session, assessment, grant)


@pytest.mark.both_databases
def test_whoever_deletes_their_account_stands_to_nothing_any_more(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any
) -> None:
    given = shared_with(submitted, council)
    with database_of(app).writing() as session:
        session.delete(session.get_one(Person, council.person.id))
    grant = grant_row(app, given)
    assert (grant.person_id, grant.organisation_id) == (None, None)
    assert grant.accepted_at


@pytest.mark.both_databases
def test_it_goes_with_the_assessment(app: Flask, submitted: Submitted, share_with: Any) -> None:

    share_with(submitted)
    with database_of(app).writing() as session:
        session.delete(session.get_one(Assessment, submitted.id))
    with database_of(app).reading() as session:
        assert session.scalar(select(func.count()).select_from(ShareGrant)) == 0


def all_of(app: Flask, submitted: Submitted, latest: int, now: datetime) -> tuple[ShareEntry, ...]:
    with database_of(app).reading() as session:
        grants = get_share_grants(session, submitted.id)
        looks = views_of_grants(session, [grant.id for grant in grants])
        return list_share_entries(grants, buyer_links(session, submitted.id), looks, {}, latest, now)


def test_shares_and_links_stand_in_one_list_the_newest_first(
    app: Flask, submitted: Submitted, share_with: Any, now: datetime
) -> None:
    share_with(submitted, at=now + timedelta(minutes=1))
    entries = all_of(app, submitted, submitted.submission_id, now)
    assert [(entry.named, entry.status) for entry in entries] == [(True, "waits"), (False, "works")]
    assert entries[0].name == f"Norfolk County Council ({COUNCIL})"
    assert (entries[1].name, entries[1].scope) == ("Without a note", LINK_LABEL)


@pytest.mark.parametrize(("later", "days", "stand"), [(0, 0, "works"), (1, 0, "answered_again"), (0, 30, "over")])
def test_the_status_of_a_share(
    app: Flask, council: Buyer, submitted: Submitted, shared_with: Any, now: datetime, later: int, days: int, stand: str
) -> None:
    grant = grant_row(app, shared_with(submitted, council))
    entry = entry_of_grant(grant, [], submitted.submission_id + later, now + timedelta(days=days))
    assert entry.status == stand
    assert entry.can_be_ended == (stand != "over")
    assert entry.viewed_on is None


def test_what_was_ended_says_since_when(
    app: Flask, submitted: Submitted, share_with: Any, ended: Any, now: datetime
) -> None:
    ended(submitted, share_with(submitted))
    with database_of(app).writing() as session:
        end_buyer_link(session, submitted.id, buyer_links(session, submitted.id)[0].id, now)
    entries = all_of(app, submitted, submitted.submission_id, now)
    assert {(entry.status, entry.ended_on) for entry in entries} == {("ended", now.date())}


def test_the_recipient_is_named_as_the_business_typed_it() -> None:
    assert recipient_text(ShareGrant(email=COUNCIL, buyer="")) == COUNCIL


def test_a_look_is_told_by_the_clock_on_the_wall() -> None:
    at = datetime.fromisoformat("2026-07-01T23:05:00+00:00")
    assert share_view_text(ShareView(what=ShareViewKind.FILE, at=at)) == "2 July 2026, 0:05: took a file"


BUYER = "Norfolk County Council"


def test_the_name_of_a_buyer_goes_with_the_files_and_the_frozen_copy_stays(
    app: Flask, submitted: Submitted, share_with: Any, now: Any
) -> None:
    given = share_with(submitted, scope=ShareScope.EVIDENCE)
    with database_of(app).writing() as session:
        frozen = session.get_one(ShareGrant, given.id).document
        session.add(
            StoredPdf(grant_id=given.id, kind="share", key="p" * 64, digest="d" * 64, content=b"%PDF-", made_at=now)
        )
        session.add(StoredPdf(template="x", kind="template", key="p", digest="d", content=b"%PDF-", made_at=now))
        session.flush()
        names = sharing_services.SHARE_TEXT_SOURCES[0]
        assert [one.text for one in names.texts(session, submitted.id)] == [BUYER]
        assert names.take_out(session, submitted.id, "Somebody else", now) == 0
        assert names.take_out(session, submitted.id, BUYER, now) == 1
        sharing_services._delete_pdfs(session, submitted.id, BUYER, now)
    with database_of(app).reading() as session:
        grant = session.get_one(ShareGrant, given.id)
        assert (grant.buyer, grant.document) == (REMOVED_TEXT, frozen)
        assert session.scalars(select(StoredPdf.kind)).all() == ["template"], "what is not of this business stays"


BEFORE, AFTER = "core_policy", "core_speak_up"
"""Two ordinary steps of the farm: one was done before it was shared, one after."""
assert board_projection  # it listens for what changes, as in a site


@pytest.fixture
def before(published: Database) -> Database:
    """A farm with a serious sign, as a release before kept what it shares."""
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), record=record_of_engine_1(), scope=ShareScope.PLAN, now=TODAY)
        grant.frozen_at = later(5)
        change_item(session, grant.submission_id, BEFORE, ItemContent("accepted", status="done"), 0, later(4))
        change_item(session, grant.submission_id, AFTER, ItemContent("accepted", status="done"), 0, later(6))
        grant.document = {"format": 1, "copy": {"rating": {"band": "high", "word": "rating of before"}}, "plan": None}
        session.flush()
        session.execute(delete(BoardRow))
        session.execute(delete(CheckCode))
    return published


def test_copies_and_rows_are_made_anew_as_of_the_day_they_were_frozen(before: Database) -> None:
    assert upgrade_shared_copies(before, later(9)) == 1
    assert upgrade_shared_copies(before, later(9)) == 0
    with before.reading() as session:
        grant = session.scalars(select(ShareGrant)).one()
        submission = session.get_one(Submission, grant.submission_id)
        assert grant.document["format"] == COPY_FORMAT
        copy = shared_copy_from_json(grant.document)
        plain = make_shared_copy(submission.record, edition_of("farming"), {}, ShareScope.PLAN)
        assert (copy.buyer_copy, copy.scope) == (plain.buyer_copy, ShareScope.PLAN)
        assert copy.buyer_copy.band == "medium", "its serious sign counts for nothing here"
        assert copy.done == 1, "what was done before it was shared, and not what was done since"
        assert find_check_code(session, share_check_code(session, grant.document)), "the new code is known at once"
        row = session.scalars(select(BoardRow)).one()
        assert (row.band, row.quick, row.done_steps) == ("medium", False, 2)
        assert session.scalars(select(BoardBar)).all()
        assert canonical_json(shared_copy_to_json(copy)) == canonical_json(grant.document)


def test_a_date_and_what_is_done_are_told_and_nothing_else_is(
    published: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[uuid.UUID] = []

    list_instead(monkeypatch, subscribe(SupplierChanged, lambda _session, event: told.append(event.supplier_id)))
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for scope, hears in ((ShareScope.PLAN, 1), (ShareScope.EVIDENCE, 1), (ShareScope.BUYER_COPY, 0)):
            farm = a_supplier(session, council, scope.value, sector="farming")
            grant = shared(session, invited(session, farm), scope=scope, days=30)
            submission = session.get_one(Submission, grant.submission_id)
            key = str(
                item_key_of_step(session, submission, shared_steps_of(shared_copy_from_json(grant.document))[0].key)
            )
            changes = (
                (ItemContent(response="accepted", owner="Jo"), 0),
                (ItemContent(response="accepted", owner="Jo", due="2027-02-01"), hears),
                (ItemContent(response="accepted", owner="Jo", due="2027-02-01", status="done"), hears),
                (ItemContent(response="already_done", owner="Jo", due="2027-02-01", status="done"), 0),
            )
            for revision, (said, number) in enumerate(changes):
                told.clear()
                change_item(session, submission.id, key, said, revision, TODAY)
                assert told == [farm.id] * number
            told.clear()
            for hidden in ("core_documents", "papers", "uk_minimum_wage_pay_and_records"):
                change_item(session, submission.id, hidden, ItemContent(response="accepted", status="done"), 0, TODAY)
                assert told == [], "no copy shows it"
            sharing_services.publish_supplier_changes_after_plan_change(
                session, PlanChanged(submission.id, key, later(30))
            )
            assert told == [], "its time is up"
            end_share_grant(session, grant, TODAY)
            told.clear()
            sharing_services.publish_supplier_changes_after_plan_change(session, PlanChanged(submission.id, key, TODAY))
            assert told == [], "over, or ended"
