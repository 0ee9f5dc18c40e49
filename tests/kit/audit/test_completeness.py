"""Every page that changes something leaves exactly one event, and looking leaves none: the real pages, opened as people do.

A new page that takes POST has to be named below, else the first test fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request, request_finished, request_started
from sqlalchemy import func, select

from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditEvent
from assess.kit.audit.verbs import CHANGED, OF_A_VIEW, verb_of
from assess.kit.audit.verifying import verify
from assess.kit.config import Settings
from assess.kit.db import database
from assess.kit.jobs.models import Job, JobState
from tests.conftest import TODAY, Visitor
from tests.kit.audit import (
    walk_of_a_business,
    walk_of_a_buyer,
    walk_of_a_chain,
    walk_of_asking,
    walk_of_people,
    walk_of_the_board,
    walk_without_accounts,
)
from tests.people.access_things import Things
from tests.plans.conftest import submit_record
from tests.plans.records import scenario

ONE_EVENT = {
    "after.answer_the_rest",
    "after.correct",
    "after.delete",
    "after.keep",
    "after.leave",
    "business.save_fact_page",
    "business.save_gate_answers",
    "business.save_identity",
    "buyer.make_again",
    "buyer.open_link",
    "calendar.end_address",
    "calendar.make_address",
    "check.submit_answers",
    "links.end_link",
    "links.make_link",
    "links.resume",
    "papers.make_again",
    "plan_files.make_again",
    "purchases.add",
    "purchases.save_list",
    "purchases.undo",
    "register.accept_all",
    "register.add_note",
    "register.change_note",
    "register.decide",
    "register.go_back",
    "register.save_item",
    "register.tick_off",
    "register.undo_all",
    "reminders.ask_for_reminders",
    "reminders.confirm_reminder",
    "reminders.stop_reminder",
    "reminders.stop_reminders",
    "business.save_fact",
    "sections.save_section",
    "share.end_link",
    "share.make_link",
    "start.create",
}
"""Each is opened below."""

WITH_ACCOUNTS = {
    "account.change_name",
    "account.delete",
    "account.end_browser",
    "account.end_other_browsers",
    "acts.begin_act",
    "acts.undo_act",
    "again.start_again",
    "asked_chain.save_naming",
    "asked.begin",
    "asked.choose_one",
    "asked.keep_for_organisation",
    "asked.leave",
    "asked.open_link",
    "asked.reject_it",
    "asked.stop_by_link",
    "asked.stop_here",
    "asked.undo_no",
    "asking.end_asking",
    "asking.invite_again",
    "asking.invite_new",
    "asking.make_link",
    "asking.move_due_date",
    "asking.send_reminder",
    "begin.begin",
    "careful.take",
    "chain_sharing.save_sharing",
    "claim.take",
    "colleague.leave",
    "colleague.not_done",
    "colleague.open_link",
    "colleague.save_part",
    "comments.add",
    "comments.delete",
    "comments.settle_thread",
    "cover.make_again",
    "credentials.ask_email",
    "credentials.take_email",
    "credentials.take_password",
    "delegation.back",
    "delegation.end_link",
    "delegation.give_question",
    "delegation.give_section",
    "desk.end_invitation",
    "desk_organisations.delete_it",
    "desk_organisations.save_check",
    "desk_organisations.save_years",
    "desk_people.disable_person",
    "desk_people.enable_person",
    "desk_people.save_desk",
    "desk_people.sign_person_out",
    "filters.delete_filter",
    "filters.save_filter",
    "forgotten.forgotten",
    "forgotten.new_password",
    "invitations.invite_again",
    "invitations.invite_one",
    "invitations.take_back",
    "join.join",
    "members.leave",
    "members.remove_member",
    "members.save_roles",
    "merging.join_pair",
    "merging.keep_apart",
    "merging.undo_part",
    "move.move_it",
    "offers.decide_offers",
    "organisation_delete.delete_it",
    "orders.delete_order",
    "orders.make_again",
    "orders.order_plans",
    "orders.order_sheet",
    "orders.stop_order",
    "organisation_export.print_missing",
    "organisations.begin_one",
    "organisations.confirm_domain",
    "organisations.save_details",
    "prove.ask_link",
    "prove.prove",
    "prove.prove_by_link",
    "second_step.take_second_step",
    "second_steps.begin_app",
    "second_steps.confirm_app",
    "second_steps.remove_app",
    "second_steps.remove_passkey",
    "second_steps.renew_codes",
    "share.give_share",
    "share_accept.take_up",
    "share_asked.share_one",
    "share_one.change_grant",
    "share_one.end_grant",
    "share_one.write_grant_again",
    "shared.make_again",
    "sign_in.ask_link",
    "sign_in.sign_in",
    "sign_in.sign_in_by_link",
    "sign_in.sign_out",
    "sign_up.confirm",
    "sign_up.sign_up",
    "signer.leave",
    "signer.open_link",
    "signer.send_it_back",
    "signer.sign_it",
    "signing.end_link",
    "signing.make_link",
    "signing.send_here",
    "signing.sign_here",
    "signing.take_away",
    "sites.add_one",
    "sites.remove_one",
    "sites.rename_one",
    "talk.comment_on_it",
    "talk.decide_date",
    "talk.take_it_back",
    "talk_business.comment_on_it",
    "talk_business.decide_date",
    "talk_business.set_it_in_plan",
    "talk_business.take_it_back",
    "supplier.change_details",
    "supplier.put_back",
    "supplier.remove_supplier",
    "summary.make_again",
    "together.ask_for_help",
    "together.end",
    "together_desk.enter",
    "together_desk.stop_helping",
    "trail.add_call",
    "unlisted.add_unlisted",
}
"""Each is opened by the walks beside this file."""

NO_EVENT = {
    "asking.look_at_ask": "it shows the letter before anybody is asked",
    "asking.look_at_new": "the same, before anything is kept",
    "careful.ask": "it shows what would go, before anything does",
    "second_step.ask_passkey": "the challenge is part of signing in, is over in minutes, and anybody may ask for many",
    "second_steps.ask_passkey": "the same, of a passkey that is added: that is the event",
    "what_if.show_outcome": "it works something out and stores nothing",
}

ELSEWHERE = {
    "contracts.add_contract": "tests/suppliers/contracts/test_events.py",
    "contracts.delete_contract": "tests/suppliers/contracts/test_events.py",
    "contracts.save_part": "tests/suppliers/contracts/test_events.py",
    "importing.add_import": "tests/suppliers/importing/test_views.py",
    "importing.confirm_import": "tests/suppliers/importing/test_views.py",
    "importing.delete_import": "tests/suppliers/importing/test_views.py",
    "importing.stop_import": "tests/suppliers/importing/test_views.py",
    "other_result.send_result": "tests/suppliers/contracts/test_events.py",
    "other_result.withdraw_result": "tests/suppliers/contracts/test_events.py",
    "other_results.accept_result": "tests/suppliers/contracts/test_events.py",
    "other_results.reject_result": "tests/suppliers/contracts/test_events.py",
    "other_results.undo_decision": "tests/suppliers/contracts/test_events.py",
    "second_step.sign_in_by_passkey": "tests/people/accounts/test_in_a_browser.py",
    "second_steps.add_passkey": "tests/people/accounts/test_in_a_browser.py",
}
"""Those whose own tests count their events, with the name of the file: only a browser makes a passkey, and a file is sent there."""

CHANGED_INDEED = {"credentials.take_email", "credentials.take_password", "forgotten.new_password"}
"""Of these nothing better can be said."""

Seen = Counter[tuple[str, int]]


@contextmanager
def counting(app: Flask) -> Iterator[tuple[Seen, list[str]]]:
    """How many events each POST left, by endpoint and number, and the addresses of GETs that left any."""
    posted: Seen = Counter()
    looked: list[str] = []

    def events() -> int:
        with app.extensions["assess.database"].reading() as look:
            return look.scalar(select(func.count()).select_from(AuditEvent)) or 0

    def begin(_app: Flask, **_more: object) -> None:
        g.events_before = events()

    def end(_app: Flask, response: Any, **_more: object) -> None:
        left = events() - g.events_before
        if request.method == "POST" and (response.status_code < 400 or left):
            posted[str(request.endpoint), left] += 1
        if request.method == "GET" and left:
            looked.append(request.path)

    with request_started.connected_to(begin, app), request_finished.connected_to(end, app):
        yield posted, looked


@pytest.fixture
def settings(banks_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation that offers reminders."""
    return Settings(
        env="development",
        database_url=banks_url,
        data_folder=tmp_path,
        operator_name="Norfolk test desk",
        mail_server="smtp://127.0.0.1:9",
        mail_from="reminders@network.example",
    )


def reorder(app: Flask, waiting: dict[str, Any]) -> None:
    """Look, so that a file is ordered; have its job fail; and order it once more."""
    for address, browser in waiting.items():
        browser.get(address)
    with app.extensions["assess.database"].writing() as session:
        for job in session.scalars(select(Job)):
            job.state, job.error, job.place = JobState.SET_ASIDE, "KeyError", "press.py:9 press"
    for address, browser in waiting.items():
        browser.post(address)


def test_of_every_page_that_takes_something_it_is_known_whether_it_leaves_an_event(app: Flask) -> None:
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    known = (ONE_EVENT, WITH_ACCOUNTS, NO_EVENT.keys(), ELSEWHERE.keys())
    assert taking == set().union(*known)
    assert sum(map(len, known)) == len(taking), "each in one list only"
    for endpoint, file in ELSEWHERE.items():
        assert f'"{endpoint}"' in (Path(__file__).parents[3] / file).read_text(), file


def test_what_became_of_it_is_said_by_a_word_of_its_own(app: Flask) -> None:
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    unsaid = {endpoint for endpoint in taking - NO_EVENT.keys() if verb_of(endpoint) == CHANGED}
    assert {name for name in unsaid if name.split(".")[1].split("_")[0] not in OF_A_VIEW} == CHANGED_INDEED


def test_every_page_that_changes_something_leaves_one_event_and_looking_leaves_none(
    app: Flask, visit: Visitor, another_visit: Visitor, settings: Settings
) -> None:
    with counting(app) as (posted, looked):
        walk_without_accounts.first_sight(Visitor(app.test_client()))
        submitted = submit_record(app, visit, scenario(), TODAY)
        walk_without_accounts.the_plan(app, visit, Visitor(app.test_client()), submitted)
        walk_without_accounts.the_files(app, visit, another_visit, submitted)
        walk_without_accounts.the_rest(app, visit, submitted)
    assert looked == []
    holds(posted, ONE_EVENT | {"what_if.show_outcome"})
    with app.extensions["assess.database"].reading() as look:
        verify(look, Keys.of(settings), [], TODAY)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_so_does_every_page_of_people_and_of_what_they_do_together(app: Flask, settings: Settings) -> None:
    with app.app_context(), database().writing() as session:
        things = Things(session)
    with counting(app) as (posted, looked):
        walk_of_the_board.board(app, things)
        walk_of_people.an_account(app)
        here = walk_of_a_business.owning(app, things)
        walk_of_a_business.colleagues(app, things, here)
        walk_of_a_business.signing(app, things)
        walk_of_a_business.helping(app, things)
        walk_of_a_business.sharing(app, things)
        walk_of_asking.asking(app, things)
        reorder(app, walk_of_a_business.files(app, things))
        walk_of_a_buyer.files(app, things)
        walk_of_people.an_organisation(app, things)
        walk_of_a_chain.of_suppliers(app, things)
        walk_of_people.an_organisation_ends(app, things)
        walk_of_people.a_desk(app, things)
    assert looked == []
    again = {"links.resume", "purchases.add", "sections.save_section", "what_if.show_outcome"}
    holds(posted, WITH_ACCOUNTS | NO_EVENT.keys() - {"what_if.show_outcome"}, besides=again)
    with app.extensions["assess.database"].reading() as look:
        verify(look, Keys.of(settings), [], TODAY)
        events = look.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    says_what_it_is_about(events)
    text = " ".join(str(vars(event)) for event in events).lower()
    for typed in TYPED:
        assert typed not in text


TYPED = (
    "@",
    "canary",
    "joan",
    "fen edge",
    "fenn",
    "director",
    "training",
    "pickers",
    "wages",
    "acle",
    "01234567",
    "herons",
    "7777",
)
"""Parts of what the walks type, and of what is made of it."""


def says_what_it_is_about(events: Sequence[AuditEvent]) -> None:
    """Whether each event leads to its organisation, its assessment or its person, as long as those are there."""
    of = {event.action: event for event in events}
    for event in events:
        action, verb = event.action.split(": ")
        if action.startswith("organisation."):
            assert event.organisation_id, event.action
        if action.startswith(("assessment.", "comment.", "delegation.", "share.", "sign_off.", "words.")):
            assert event.assessment_alias, event.action
        if action == "desk.help" or (action == "link.open" and event.about_kind in {"delegation", "request", "grant"}):
            assert event.assessment_alias, event.action
        if verb in {"signed in", "half way"}:
            assert event.about_kind == "person", event.action
    assert {"delegation", "request", "grant", "person", "organisation"} <= {
        e.about_kind for e in events if "link.open" in e.action
    }
    assert of["assessment.claim: claimed"].organisation_id
    assert of["assessment.again: begun"].organisation_id
    assert of["link.open: joined"].organisation_id
    assert of["desk.help: entered"].details == {"desk": "coordinator"}
    assert of["share.manage: given"].details == {"days": 30, "scope": "plan"}
    assert of["desk.administer: given"].details == {"desk": "coordinator"}


def holds(posted: Seen, opened: AbstractSet[str], besides: AbstractSet[str] = frozenset()) -> None:
    """Whether these pages were opened, and each left as many events as it says."""
    left = {(endpoint, number) for endpoint, number in posted}
    assert {pair for pair in left if pair[1] != (pair[0] not in NO_EVENT)} == set()
    assert {endpoint for endpoint, _number in left} - besides == set(opened) - besides
