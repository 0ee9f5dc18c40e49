"""The Flask application factory. `prepare` migrates the database and publishes question banks; `create_app` registers all packages and checks the permission of every route."""

# ruff: noqa: PLC0415

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess.core.application import Application
    from assess.core.config import Settings
    from assess.core.db import Database
    from assess.engine.settings import Contact

Clock = Callable[[], datetime]


def create_app(settings: Settings | None = None, *, prepared: bool = False) -> Application:
    """The whole site. Without settings they are read from the environment.

    `prepared` says that `prepare` was run already, as the server does before it starts its workers.

    Raises:
        BadSettingsError: when the settings do not hold together.
        BadRoutesError: when a route lacks a permission, a check or an audit verb.
        BankFilesRefusedError: when the contacts cannot be read: no page may go out without them.
        ConflictOfInterestError: as `prepare` does, which is run first.
    """
    from assess.assessments import register_assessments
    from assess.assessments.access import settings_today
    from assess.assessments.guest_sessions import LONGEST_IDLE, LONGEST_SESSION
    from assess.assessments.links import BUYER_LINK_DAYS
    from assess.bank_editor import register_bank_editor
    from assess.core.application import new_app
    from assess.core.audit.requests import set_up_audit
    from assess.core.audit.services import VERBS
    from assess.core.config import read_settings
    from assess.core.pages import set_up_pages
    from assess.core.route_permissions import check_routes
    from assess.identity import register_identity
    from assess.identity.current_user import current_user_id
    from assess.identity.permissions import ALL_PERMISSIONS, PUBLIC_PERMISSIONS
    from assess.plans import register_plans
    from assess.portfolio import register_portfolio
    from assess.public.views import LinkPeriods, build_site, register_public
    from assess.sharing import register_sharing
    from assess.subscriptions import install_in_app
    from assess.suppliers import register_suppliers

    chosen = settings or read_settings(os.environ)
    if not prepared:
        prepare(chosen)

    app = new_app(chosen)
    install_in_app(app)

    def contacts() -> Sequence[Contact]:
        return settings_today().contacts

    with app.app_context():
        contacts()
    set_up_audit(app, chosen, current_user_id)
    set_up_pages(app, lambda: build_site(chosen, contacts()), chosen.operator_identity)
    hours = [int(span.total_seconds()) // 3600 for span in (LONGEST_SESSION, LONGEST_IDLE)]
    register_public(app, chosen, contacts, LinkPeriods(BUYER_LINK_DAYS, *hours))
    register_identity(app)
    register_assessments(app)
    register_bank_editor(app)
    register_plans(app)
    register_suppliers(app)
    register_sharing(app)
    register_portfolio(app)
    check_routes(app, ALL_PERMISSIONS, PUBLIC_PERMISSIONS, VERBS)
    return app


def load_jobs() -> None:
    """Install all jobs and whatever reacts to what they do, as a worker does before it takes any."""
    from assess import jobs, subscriptions

    subscriptions.install()
    jobs.install()


def prepare(settings: Settings, clock: Clock | None = None) -> Mapping[str, Sequence[str]]:
    """What is done once before a site starts.

    Files are closed to other users of the machine, tables brought up to date, changed banks published, what is outdated is removed.
    Returns the problems of each bank that was refused; its latest edition goes on.

    Raises:
        BankFilesRefusedError: when the folder of the banks cannot be read at all.
        DatabaseOfAnotherReleaseError: when the tables are those of a newer release.
        ConflictOfInterestError: when a buyer is staff here, or coordinators belong to a buyer.
        InsecureFilePermissionsError: when other users of the machine can read the database, and that cannot be changed from here.
    """
    from assess.assessments.retention import clean_up
    from assess.core.application import restrict_file_permissions
    from assess.core.clock import system_clock
    from assess.core.db import Database
    from assess.core.migrations import upgrade_to_head
    from assess.identity.organisations.services import require_no_conflicts
    from assess.sharing.services import upgrade_shared_copies
    from assess.subscriptions import install

    install()
    now = (clock or system_clock)()
    restrict_file_permissions(settings)
    database = Database(settings.database, settings.data_keys)
    try:
        upgrade_to_head(database.engine)
        with database.reading() as session:
            require_no_conflicts(session, settings)
        refused = _publish_banks(database, settings, now)
        upgrade_shared_copies(database, now)
        with database.writing() as session:
            clean_up(session, now, settings)
    finally:
        database.close()
    return refused


def _publish_banks(database: Database, settings: Settings, now: datetime) -> Mapping[str, Sequence[str]]:
    from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, command_actor
    from assess.question_banks.editions import seed_and_publish

    with database.writing() as session:
        done = seed_and_publish(session, now).banks
        if done.published:
            count = {"count": len(done.published)}
            append_event(
                session,
                AuditKeys.of(settings),
                NewAuditEvent(action="bank.edition", verb="published", who=command_actor("start"), details=count),
                now,
            )
    return {bank: [str(problem) for problem in found] for bank, found in done.refused.items()}
