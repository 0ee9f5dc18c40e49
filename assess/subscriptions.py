"""Which functions run for each event, veto, provider and page part, in order. The only module that connects packages; site, worker, command line and tests install it."""

from __future__ import annotations

from flask import Flask

import assess.models  # noqa: F401  # foreign keys name tables of all packages
from assess.assessments.access import guest_session_key, leave_address
from assess.assessments.assisted_completion import assistance_notice
from assess.assessments.events import (
    UNREAD_MESSAGES,
    AssessmentClaimed,
    AssessmentsDeleted,
    OwnershipChanged,
    SubmissionMade,
)
from assess.assessments.personal_data import services as personal_data_services
from assess.assessments.personal_data.services import FreeTextSource, save_queued_findings
from assess.assessments.retention import on_organisation_deleted
from assess.assessments.views_start import unfinished_checks
from assess.bank_editor.urgent_fixes.contacts import second_person_items
from assess.core import events as core_events
from assess.core.audit.requests import append_request_event
from assess.core.db import set_before_commit
from assess.core.documents.services import DocumentKind
from assess.core.events import filled_by, provided_by, register_page_parts, subscribe, subscribe_around, vetoed_by
from assess.core.mail.services import MailMayBeSent, MailRefused
from assess.core.pages import ACCOUNT_LINK, HELP_NOTICE, LEAVE_ADDRESS
from assess.core.rate_limits import set_limit_subjects
from assess.identity.accounts.sign_in import account_link
from assess.identity.current_user import current_user_subject
from assess.identity.events import UNFINISHED_CHECKS, URGENT_FIXES_WAITING, NameRevoked, OrganisationDeleted
from assess.identity.organisations.services import is_invitation_wanted, withdraw_invitation_mails
from assess.plans.action_tracker import services as action_tracker_services
from assess.plans.action_tracker.carry_over import carry_over_tracker
from assess.plans.document_templates import DOCUMENT_TEMPLATE
from assess.plans.events import REQUESTS_AWAITING_SHARE, PlanChanged
from assess.plans.plan_documents import PLAN_COPIES
from assess.plans.plan_index import PLAN_INDEX
from assess.plans.reminders import may_confirm_mail_leave
from assess.portfolio.board_projection import refresh_changed_supplier
from assess.portfolio.dashboard import SUMMARIES
from assess.sharing import messages as sharing_messages
from assess.sharing import services as sharing_services
from assess.sharing.emails import may_share_mail_leave
from assess.sharing.messages import unread_messages
from assess.sharing.services import (
    end_access_on_transfer,
    publish_supplier_changes_after_plan_change,
    publish_supplier_changes_after_submission,
    requests_awaiting_share,
)
from assess.sharing.viewing import SHARED_COPY
from assess.suppliers.events import SupplierChanged
from assess.suppliers.name_revocation import delete_email_addresses, withdraw_emails_and_draft_correction
from assess.suppliers.presenters import BuyerNavItem, SupplierNavItem
from assess.suppliers.reminders import count_mail_refusal, is_email_still_wanted
from assess.suppliers.supplier_invitations import on_assessment_claimed, on_assessments_deleted, on_submission_made

EVENTS = (
    subscribe(
        SubmissionMade,
        carry_over_tracker,  # first: the board is computed from the tracker of the new submission
        on_submission_made,
        publish_supplier_changes_after_submission,
    ),
    subscribe(AssessmentClaimed, on_assessment_claimed),
    subscribe(OwnershipChanged, end_access_on_transfer),
    subscribe_around(AssessmentsDeleted, on_assessments_deleted),
    subscribe(PlanChanged, publish_supplier_changes_after_plan_change),
    subscribe(SupplierChanged, refresh_changed_supplier),
    subscribe(NameRevoked, withdraw_invitation_mails, withdraw_emails_and_draft_correction),
    subscribe_around(OrganisationDeleted, delete_email_addresses, on_organisation_deleted),
    subscribe(MailRefused, count_mail_refusal),
)

VETOES = (
    vetoed_by(MailMayBeSent, is_invitation_wanted, is_email_still_wanted, may_share_mail_leave, may_confirm_mail_leave),
)

PROVIDERS = (
    provided_by(DocumentKind, *PLAN_COPIES, PLAN_INDEX, DOCUMENT_TEMPLATE, SHARED_COPY, *SUMMARIES),
    provided_by(
        FreeTextSource,
        *personal_data_services.ASSESSMENT_TEXT_SOURCES,
        *personal_data_services.COLLEAGUE_TEXT_SOURCES,
        *action_tracker_services.TRACKER_TEXT_SOURCES,
        *sharing_services.SHARE_TEXT_SOURCES,
        *sharing_messages.MESSAGE_TEXT_SOURCES,
    ),
    provided_by(
        BuyerNavItem,
        BuyerNavItem("All suppliers", "board.show_board"),
        BuyerNavItem("Suppliers to contact first", "portfolio.show_contact_first"),
        BuyerNavItem("Overview", "portfolio.show_dashboard"),
        BuyerNavItem("Contracts", "contracts.show_contracts"),
        BuyerNavItem("Supply chain: suppliers of your suppliers", "supply_chain.show_supply_chain"),
        BuyerNavItem("Add many from a file", "supplier_import.show_import_form"),
        BuyerNavItem("One new supplier", "invite_suppliers.invite_new_supplier"),
        BuyerNavItem("Entries that may be the same", "supplier_duplicates.show_duplicates"),
        BuyerNavItem("Files to download", "bulk_exports.show_exports"),
        BuyerNavItem("Supplier feedback", "portfolio.show_supplier_feedback"),
    ),
    provided_by(
        SupplierNavItem,
        SupplierNavItem("Ask, remind, or move the date", "invite_suppliers.send_invitation"),
        SupplierNavItem("Contracts", "contracts.show_supplier_contracts"),
        SupplierNavItem("Activity log: what was done and when", "activity_log.show_activity_log"),
        SupplierNavItem("Note a call or a visit", "activity_log.add_follow_up"),
        SupplierNavItem("Its own suppliers", "supply_chain.show_supplier_chain"),
        SupplierNavItem("Results of other schemes", "external_results.show_external_results"),
        SupplierNavItem("Merge or split", "supplier_duplicates.split_entry"),
    ),
)

PAGE_PARTS = (
    filled_by(ACCOUNT_LINK, account_link),
    filled_by(LEAVE_ADDRESS, leave_address),
    filled_by(HELP_NOTICE, assistance_notice),
    filled_by(UNFINISHED_CHECKS, unfinished_checks),
    filled_by(URGENT_FIXES_WAITING, second_person_items),
    filled_by(UNREAD_MESSAGES, unread_messages),
    filled_by(REQUESTS_AWAITING_SHARE, requests_awaiting_share),
)

BEFORE_COMMIT = (append_request_event, save_queued_findings)
"""What each request does before it is committed, in its transaction. Findings come after the audit event, for they are not audited."""

LIMIT_SUBJECTS = (current_user_subject, guest_session_key)
"""Whom limits count by, the first that is known; else the address that calls."""


def install() -> None:
    """Use the events, vetoes and providers of this list in this process. Doing it twice changes nothing."""
    core_events.install((*EVENTS, *VETOES, *PROVIDERS))


def install_in_app(app: Flask) -> None:
    """Use all of this list in an app of this process."""
    install()
    register_page_parts(app, PAGE_PARTS)
    set_before_commit(app, BEFORE_COMMIT)
    set_limit_subjects(app, LIMIT_SUBJECTS)
