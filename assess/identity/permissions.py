"""The one table of permissions and who has them, `authorise`, and the pages that ask for a fresh proof of identity."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Protocol

from flask import has_request_context

from assess.core.errors import NotFoundError
from assess.core.route_permissions import mark_checked
from assess.identity.current_user import CurrentUser
from assess.identity.models import StaffRole


class Relation(enum.StrEnum):
    ANYONE = "anyone"
    PERSON = "person"
    """Any person signed in."""
    SELF = "self"
    """The thing is their own account."""
    HOLDER = "holder"
    """This browser holds the assessment: it began it, or opened a link back into it."""
    LINK_HOLDER = "link holder"
    """The same of what belongs to an organisation: a link fills it in for the organisation, and heads nothing of it."""
    DELEGATE = "delegate"
    """This browser opened a link to one section."""
    REVIEWER = "reviewer"
    """This browser opened a link to read and sign off."""
    BUYER_LINK = "buyer link"
    """This browser opened a buyer link."""
    MANAGER = "manager"
    RESPONDENT = "respondent"
    SIGNER = "signer"
    MEMBER = "member"
    """Any role in the organisation."""
    RECIPIENT = "recipient"
    """Something was shared with them, or with the organisation for which they buy."""
    BUYER = "buyer"
    INVITED = "invited"
    """This browser opened the invitation of a buyer."""
    ASSISTANT = "assistant"
    """A coordinator whom the business asked to fill it in together."""
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


_R = Relation
_OWNS = frozenset({_R.HOLDER, _R.RESPONDENT, _R.MANAGER})
_FILLS = _OWNS | {_R.LINK_HOLDER}
_READS = _FILLS | {_R.SIGNER}
_HOLDER_OR_MANAGER = frozenset({_R.HOLDER, _R.MANAGER})

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    # pages for all
    "public.read": frozenset({_R.ANYONE}),
    "link.open": frozenset({_R.ANYONE}),  # the token in the address is what counts
    "assessment.start": frozenset({_R.ANYONE}),
    "visit.leave": frozenset({_R.HOLDER, _R.LINK_HOLDER}),
    # accounts
    "account.enter": frozenset({_R.ANYONE}),  # sign up, sign in, confirm, forgotten password
    "account.own": frozenset({_R.SELF}),
    # organisations
    "organisation.begin": frozenset({_R.PERSON}),
    "organisation.read": frozenset({_R.MEMBER}),
    "organisation.manage": frozenset({_R.MANAGER}),
    "chain.manage": frozenset({_R.MANAGER}),  # what its customers see of whom it buys from
    "organisation.answers": frozenset({_R.MANAGER, _R.RESPONDENT, _R.SIGNER}),  # the list and cover of its assessments
    # an assessment
    "assessment.read": _READS | {_R.ASSISTANT},
    "assessment.answer": _FILLS | {_R.ASSISTANT},
    "assessment.submit": _FILLS | {_R.ASSISTANT},
    "assessment.links": _OWNS,  # for an organisation, members alone make links
    "assessment.delete": _HOLDER_OR_MANAGER,
    "assessment.claim": frozenset({_R.HOLDER}),
    "assessment.together": _HOLDER_OR_MANAGER,  # asking a coordinator to help, and ending it
    "assessment.again": _OWNS,  # a second site or sector that starts from this one
    "delegation.manage": _OWNS,  # a link that makes links would outlive its own end
    "delegation.answer": frozenset({_R.DELEGATE}),
    "comment.write": _READS,
    "sign_off.ask": _OWNS,
    "sign_off.give": frozenset({_R.SIGNER, _R.REVIEWER}),
    "words.redact": _HOLDER_OR_MANAGER,
    # a plan
    "plan.read": _READS | {_R.ASSISTANT},
    "plan.follow": _FILLS,
    "plan.files": _READS,
    "reminder.manage": _FILLS,
    # sharing
    "share.manage": _HOLDER_OR_MANAGER,
    "shared.read": frozenset({_R.RECIPIENT, _R.BUYER_LINK}),
    "shared.list": frozenset({_R.PERSON}),
    # a buyer and its suppliers
    "suppliers.read": frozenset({_R.BUYER}),
    "suppliers.manage": frozenset({_R.BUYER}),
    "invitation.answer": frozenset({_R.INVITED}),
    # the banks: coordinators change them, and nobody publishes what they changed themselves
    "banks.read": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),
    "banks.edit": frozenset({_R.COORDINATOR}),
    "banks.publish": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),
    # the operator of the installation
    "names.read": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),  # names of organisations and how they were confirmed
    "names.suspend": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),
    "names.decide": frozenset({_R.ADMINISTRATOR}),
    "desk.help": frozenset({_R.COORDINATOR}),
    "names.letters": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),  # on hold, or of a name that was taken back
    "desk.administer": frozenset({_R.ADMINISTRATOR}),
}

ALL_PERMISSIONS = frozenset(PERMISSIONS)
PUBLIC_PERMISSIONS = frozenset(action for action, who in PERMISSIONS.items() if Relation.ANYONE in who)
"""What everybody may do: routes of these check nothing."""

REAUTHENTICATION_PAGES: Mapping[str, str] = {
    # what everybody is asked, and what everybody reads
    "draft_review.publish_reviewed_draft": "draft_review.show_review",
    "urgent_fixes.request_contact_change": "urgent_fixes.request_contact_change",
    "urgent_fixes.blank_contact": "urgent_fixes.blank_contact",
    "urgent_fixes.show_contact_request": "urgent_fixes.show_contact_request",
    "urgent_fixes.confirm_contact_change": "urgent_fixes.show_contact_request",
    "urgent_fixes.refuse_contact_change": "urgent_fixes.show_contact_request",
    "urgent_fixes.show_urgent_fix": "urgent_fixes.show_urgent_fix",
    "urgent_fixes.make_urgent_fix": "urgent_fixes.show_urgent_fixes",
    "urgent_fixes.confirm_urgent_fix": "urgent_fixes.show_urgent_fixes",
    "urgent_fixes.undo_urgent_fix": "urgent_fixes.undo_urgent_fix",
    "question_banks_history.withdraw_edition": "question_banks_history.show_edition",
    "question_banks_history.put_edition_back": "question_banks_history.show_edition",
    "question_banks_history.confirm_edition_withdrawn": "question_banks_history.show_edition",
    # under which name emails go out
    "administration.show_name_decision": "administration.show_name_decision",
    "administration.confirm_name": "administration.show_name_decision",
    "administration.refuse_name": "administration.show_name_decision",
    "administration.lift_name_suspension": "administration.show_name_decision",
    "administration.lift_name_limit": "administration.show_name_decision",
    "administration.make_name_code": "administration.show_name_decision",
    "administration.suspend_name": "administration.show_name",
    "organisations.edit_organisation_details": "organisations.edit_organisation_details",
    "supplier_emails.end_pause": "supplier_emails.show_staff_emails",
    "supplier_emails.send_correction": "supplier_emails.show_correction",
    # who may do what
    "member_invitations.send_invitation": "member_invitations.send_invitation",
    "member_invitations.resend_invitation": "organisations.show_organisation",
    "organisations.request_name_confirmation": "organisations.show_organisation_name",
    "organisations.edit_member_roles": "organisations.edit_member_roles",
    "administration.edit_staff_role": "administration.edit_staff_role",
    "administration.disable_person": "administration.show_person",
    "administration.enable_person": "administration.show_person",
    # letting others see answers
    "assisted_completion.ask_for_assistance": "assisted_completion.show_assistance",
    "shares.add_share": "shares.add_share",
    "shares.create_buyer_link": "shares.show_shares",
    "buyer_requests.share_with_requester": "buyer_requests.show_request",
    "shares.resend_share_link": "shares.edit_share",
    "resume_links.add_resume_link": "resume_links.show_resume_links",
    "plan_sign_off.create_sign_off_link": "plan_sign_off.show_sign_off",
    "plan_downloads.create_calendar_address": "plan_downloads.show_calendar",
    "delegation.delegate_section": "delegation.delegate_section",
    "delegation.delegate_question": "delegation.delegate_question",
    "ownership.transfer": "ownership.transfer",
    # taking much away at once
    "bulk_exports.order_plan_bundle": "bulk_exports.show_exports",
    "bulk_exports.order_supplier_spreadsheet": "bulk_exports.show_exports",
    "bulk_exports.download_export": "bulk_exports.show_exports",
    "activity_log.download_all_activity_logs": "activity_log.download_all_activity_logs",  # its link stands on the page of each supplier
    "contracts.download_contracts_csv": "contracts.show_contracts",
    "contracts.download_contracts_xlsx": "contracts.show_contracts",
    "plan_downloads.export_page": "plan_downloads.export_page",
    "plan_downloads.download_organisation_export": "plan_downloads.export_page",
    "administration.export_organisation": "administration.show_organisation",
    # what cannot be undone
    "personal_data.ask_before_redaction": "personal_data.show_free_texts",
    "personal_data.redact": "personal_data.show_free_texts",
    "resume_links.delete_everything": "resume_links.delete_everything",
    "organisations.delete_organisation": "organisations.delete_organisation",
    "administration.delete_organisation": "administration.delete_organisation",
}
"""Pages that ask a person signed in to prove once more who they are, when the last proof is 15 minutes old, and the page to come back to.

Forms stand beside what they send, so that nobody types something for nothing. A holder of an assessment by a link alone has nothing
to prove; they confirm on the page. Pages of one's own account, and some that depend on what is changed, ask by themselves
(`assess.identity.access`).
"""


class ForbiddenError(NotFoundError):
    """It may not be done by this caller. Pages answer as if there were no such thing."""


class Resource(Protocol):
    def relations(self, caller: CurrentUser | None) -> frozenset[Relation]: ...


def general_relations(caller: CurrentUser | None) -> frozenset[Relation]:
    """How a caller stands to everything. What staff may do needs a second factor."""
    found = {Relation.ANYONE}
    if caller is not None:
        found.add(Relation.PERSON)
        if caller.second_step and caller.staff_role is StaffRole.COORDINATOR:
            found.add(Relation.COORDINATOR)
        if caller.second_step and caller.staff_role is StaffRole.ADMINISTRATOR:
            found.add(Relation.ADMINISTRATOR)
    return frozenset(found)


def relations_allow(action: str, relations: frozenset[Relation]) -> bool:
    """Whether a caller who stands so may do this. What is not listed, nobody may."""
    return bool(PERMISSIONS.get(action, frozenset()) & relations)


def authorise(caller: CurrentUser | None, action: str, thing: Resource | None = None) -> None:
    """Let this pass, or refuse it. Raises `ForbiddenError`."""
    relations = general_relations(caller)
    if thing is not None:
        relations |= thing.relations(caller)
    if not relations_allow(action, relations):
        raise ForbiddenError
    if has_request_context():
        mark_checked(action)
