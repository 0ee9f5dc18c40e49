"""Assess: a self-assessment against modern slavery that explains every point and ends in a plan.

It must never contact anybody by itself, and never tell a buyer what only the business may know. Begin with `create_app`, which
opens the rooms in order; each room's own docstring says what is in it.
"""

# The rooms are read only when a site is made, so that `assess check` starts without a web server in memory.
# ruff: noqa: PLC0415

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess.banks.in_force import Bookcase
    from assess.engine.settings import Contact
    from assess.kit.application import Application
    from assess.kit.config import Settings
    from assess.kit.db import Database

Clock = Callable[[], datetime]


def create_app(settings: Settings | None = None, *, prepared: bool = False) -> Application:
    """The whole site. Without settings they are read from the environment.

    `prepared` says that `prepare` was run already, as the server does before it starts its workers.

    Raises:
        BadSettingsError: when the settings do not hold together.
        BadRoutesError: when a route lacks a permission, a check or an audit verb.
        RefusedError: when the contacts cannot be read: no page may go out without them.
        SeparationError: as `prepare` does, which is run first.
    """
    from assess.assessments import open_assessments
    from assess.assessments.links import BUYER_LINK_DAYS
    from assess.assessments.visits import LONGEST, LONGEST_IDLE
    from assess.banks.in_force import open_bookcase
    from assess.editor import open_editor
    from assess.help.site import Periods, open_help, site_of
    from assess.kit.application import new_app
    from assess.kit.audit.requests import open_audit
    from assess.kit.audit.verbs import VERBS
    from assess.kit.config import read_settings
    from assess.kit.pages import open_pages
    from assess.kit.route_permissions import check_routes
    from assess.people.accounts.opening import open_accounts
    from assess.people.administration import open_administration
    from assess.people.caller import caller_id
    from assess.people.organisations import open_organisations
    from assess.people.permissions import ACTIONS, PUBLIC
    from assess.plans import open_plans
    from assess.portfolio import open_portfolio
    from assess.subscriptions import install_in
    from assess.suppliers import open_suppliers

    chosen = settings or read_settings(os.environ)
    if not prepared:
        prepare(chosen)

    app = new_app(chosen)
    install_in(app)
    bookcase = open_bookcase(app, chosen.data_folder)
    contacts = _contacts_of_today(bookcase)
    open_audit(app, chosen, caller_id)
    open_pages(app, lambda: site_of(chosen, contacts()))
    hours = [int(span.total_seconds()) // 3600 for span in (LONGEST, LONGEST_IDLE)]
    open_help(app, chosen, contacts, Periods(BUYER_LINK_DAYS, *hours))
    open_organisations(app)
    open_administration(app)
    open_accounts(app)
    open_suppliers(app)
    open_assessments(app)
    open_editor(app)
    open_plans(app)
    open_portfolio(app)
    check_routes(app, ACTIONS, PUBLIC, VERBS)
    return app


def _contacts_of_today(bookcase: Bookcase) -> Callable[[], Sequence[Contact]]:
    from assess.banks.settings import settings_on
    from assess.banks.sheets import RefusedError
    from assess.kit.clock import today

    known = [settings_on(bookcase.folder(), today()).contacts]

    def contacts() -> Sequence[Contact]:
        """Those of today. While somebody is half-way through changing the files, the last good ones stay."""
        with contextlib.suppress(RefusedError):
            known[:] = [settings_on(bookcase.folder(), today()).contacts]
        return known[0]

    return contacts


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
        RefusedError: when the folder of the banks cannot be read at all.
        DatabaseOfAnotherReleaseError: when the tables are those of a newer release.
        SeparationError: when somebody who buys has a desk here, or coordinators belong to a buyer.
        OpenToOthersError: when other users of the machine can read the database, and that cannot be changed from here.
    """
    from assess.assessments.tidying import tidy
    from assess.kit.clock import system_clock
    from assess.kit.db import Database
    from assess.kit.migrations import upgrade_to_head
    from assess.kit.private_files import keep_private
    from assess.people.organisations.separation import see_apart
    from assess.plans.shares.renewing import renew_shares
    from assess.subscriptions import install

    install()
    moment = (clock or system_clock)()
    keep_private(settings)
    database = Database(settings.database, settings.data_keys)
    try:
        upgrade_to_head(database.engine)
        with database.reading() as look:
            see_apart(look, settings)
        refused = _publish(database, settings, moment)
        renew_shares(database, moment)
        with database.writing() as session:
            tidy(session, moment, settings)
    finally:
        database.close()
    return refused


def _publish(database: Database, settings: Settings, moment: datetime) -> Mapping[str, Sequence[str]]:
    from assess.banks.starting import take_over
    from assess.kit.audit.keys import Keys
    from assess.kit.audit.recording import Deed, by_command, record

    with database.writing() as session:
        done = take_over(session, moment).banks
        if done.published:
            count = {"count": len(done.published)}
            record(
                session,
                Keys.of(settings),
                Deed(action="bank.edition", verb="published", who=by_command("start"), details=count),
                moment,
            )
    return {bank: [str(problem) for problem in found] for bank, found in done.refused.items()}
