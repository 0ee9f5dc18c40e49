"""Who reacts to what, across packages: every event, veto, provider and page part, with what is listed for it in the order in which it runs.

A package publishes what it does (`assess/kit/events.py` says how) and knows nobody of those who react. This file alone knows both. The
site, the worker, the command line and the tests install it where they start.
"""

from __future__ import annotations

from flask import Flask

import assess.models  # noqa: F401  # foreign keys name tables of all packages
from assess.assessments.access import visit_of_this_browser
from assess.assessments.asked.subscribers import note_deleted, note_submitted, take_requests_as_own
from assess.assessments.careful import kept, said
from assess.assessments.careful.judged import keep_judged
from assess.assessments.careful.places import Place
from assess.assessments.events import AssessmentClaimed, AssessmentsDeleted, OwnershipChanged, SubmissionMade
from assess.assessments.page_parts import TALK_NEWS
from assess.assessments.removing import assessments_of_organisation
from assess.assessments.together.telling import help_notice
from assess.editor.mending.waiting import mends_waiting
from assess.kit import events
from assess.kit.audit.requests import record_request
from assess.kit.db import set_last_steps
from assess.kit.events import around, on, provided_by, vetoed_by
from assess.kit.limits import set_subjects
from assess.kit.mail.events import MailMayLeave, MailRefused
from assess.kit.page_parts import fill_page_parts, filled_by
from assess.kit.pages import ACCOUNT_LINK, HELP_NOTICE
from assess.people.accounts.header import account_link
from assess.people.caller import person_of_this_browser
from assess.people.organisations.events import NameRevoked, OrganisationDeleted
from assess.people.organisations.inviting import is_invitation_wanted, keep_waiting_mail
from assess.people.page_parts import MENDS_WAITING
from assess.plans.asked.telling import wait_for_a_share
from assess.plans.events import PlanChanged
from assess.plans.leaving import end_what_plans_gave
from assess.plans.page_parts import WAIT_FOR_A_SHARE
from assess.plans.register import own_words as register_words
from assess.plans.register.carrying import carry_over
from assess.plans.reminders.daily import is_first_mail_wanted
from assess.plans.shares import own_words as share_words
from assess.plans.shares.offers import is_share_mail_wanted
from assess.plans.shares.telling import tell_of_plan, tell_of_submission
from assess.plans.talk import own_words as talk_words
from assess.plans.talk.news import talk_news
from assess.portfolio.reckoning import reckon_changed
from assess.suppliers.chasing import is_letter_wanted, look_at_refusal
from assess.suppliers.correcting import forget_addresses, take_letters_back
from assess.suppliers.events import SupplierChanged
from assess.suppliers.ways import BuyerPage, SupplierPage

EVENTS = (
    on(
        SubmissionMade,
        carry_over,  # first: the board is computed from the register of the new submission
        note_submitted,
        tell_of_submission,
    ),
    on(AssessmentClaimed, take_requests_as_own),
    on(OwnershipChanged, end_what_plans_gave),
    around(AssessmentsDeleted, note_deleted),
    on(PlanChanged, tell_of_plan),
    on(SupplierChanged, reckon_changed),
    on(NameRevoked, keep_waiting_mail, take_letters_back),
    around(OrganisationDeleted, forget_addresses, assessments_of_organisation),
    on(MailRefused, look_at_refusal),
)

VETOES = (vetoed_by(MailMayLeave, is_invitation_wanted, is_letter_wanted, is_share_mail_wanted, is_first_mail_wanted),)

PROVIDERS = (
    provided_by(
        Place,
        *kept.PLACES,
        *said.PLACES,
        *register_words.PLACES,
        *share_words.PLACES,
        *talk_words.PLACES,
    ),
    provided_by(
        BuyerPage,
        BuyerPage("All suppliers", "board.show_board"),
        BuyerPage("Whom to call first", "calling.show_call_first"),
        BuyerPage("The picture", "picture.show_picture"),
        BuyerPage("Contracts", "contracts.show_contracts"),
        BuyerPage("Your chain: suppliers of suppliers", "chain.show_chain"),
        BuyerPage("Add many from a file", "importing.show_import"),
        BuyerPage("One new supplier", "asking.show_new"),
        BuyerPage("Entries that may be the same", "merging.show_duplicates"),
        BuyerPage("Files to take away", "orders.show_orders"),
        BuyerPage("What they say about you", "pressure.show_pressure"),
    ),
    provided_by(
        SupplierPage,
        SupplierPage("Ask, remind, or move the date", "asking.show_ask"),
        SupplierPage("Contracts", "contracts.show_of_supplier"),
        SupplierPage("The trail: what was done and when", "trail.show_trail"),
        SupplierPage("Note a call or a visit", "trail.show_calls"),
        SupplierPage("Its own suppliers", "chain.show_of_supplier"),
        SupplierPage("Results of other schemes", "other_results.show_results"),
        SupplierPage("Put together with another entry, or take apart", "merging.show_parts"),
    ),
)

PAGE_PARTS = (
    filled_by(ACCOUNT_LINK, account_link),
    filled_by(HELP_NOTICE, help_notice),
    filled_by(MENDS_WAITING, mends_waiting),
    filled_by(TALK_NEWS, talk_news),
    filled_by(WAIT_FOR_A_SHARE, wait_for_a_share),
)

LAST_STEPS = (record_request, keep_judged)
"""What each request does before it is committed, in its transaction."""

SUBJECTS = (person_of_this_browser, visit_of_this_browser)
"""Whom limits count by, the first that is known; else the address that calls."""


def install() -> None:
    """Use the events, vetoes and providers of this list in this process. Doing it twice changes nothing."""
    events.install((*EVENTS, *VETOES, *PROVIDERS))


def install_in(app: Flask) -> None:
    """Use all of this list in an app of this process."""
    install()
    fill_page_parts(app, PAGE_PARTS)
    set_last_steps(app, LAST_STEPS)
    set_subjects(app, SUBJECTS)
