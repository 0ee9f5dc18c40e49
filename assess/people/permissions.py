"""Who may do what: one table. A row is an action, its cells how somebody may stand to the thing it is done to.

`authorise` is the one question every page asks. Whatever is not in the table is refused, and a refusal looks like a thing that is
not there. Administrators and coordinators stand in no row that shows an answer, unless the business itself asked for help.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Protocol

from flask import has_request_context

from assess.kit.route_permissions import mark_checked
from assess.people.caller import Caller
from assess.people.models import Desk


class Relation(enum.StrEnum):
    """How somebody stands to a thing."""

    ANYONE = "anyone"
    PERSON = "person"
    """Signed in, whoever they are."""
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
    LOOKER = "looker"
    """This browser opened a buyer link."""
    MANAGER = "manager"
    RESPONDENT = "respondent"
    SIGNER = "signer"
    MEMBER = "member"
    """Any role in the organisation."""
    RECIPIENT = "recipient"
    """Something was shared with them, or with the organisation for which they buy."""
    BUYER = "buyer"
    """Buys for the organisation."""
    INVITED = "invited"
    """This browser opened the letter of a buyer."""
    HELPER = "helper"
    """A coordinator whom the business asked to fill it in together."""
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


_R = Relation
_OWNS = frozenset({_R.HOLDER, _R.RESPONDENT, _R.MANAGER})
_FILLS = _OWNS | {_R.LINK_HOLDER}
_READS = _FILLS | {_R.SIGNER}
_HEADS = frozenset({_R.HOLDER, _R.MANAGER})

ALLOWED: Mapping[str, frozenset[Relation]] = {
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
    "assessment.read": _READS | {_R.HELPER},
    "assessment.answer": _FILLS | {_R.HELPER},
    "assessment.submit": _FILLS | {_R.HELPER},
    "assessment.links": _OWNS,  # for an organisation, members alone make links
    "assessment.delete": _HEADS,
    "assessment.claim": frozenset({_R.HOLDER}),
    "assessment.together": _HEADS,  # asking a coordinator to help, and ending it
    "assessment.again": _OWNS,  # a second site or sector that starts from this one
    "delegation.manage": _OWNS,  # a link that makes links would outlive its own end
    "delegation.answer": frozenset({_R.DELEGATE}),
    "comment.write": _READS,
    "sign_off.ask": _OWNS,
    "sign_off.give": frozenset({_R.SIGNER, _R.REVIEWER}),
    "words.redact": _HEADS,
    # a plan
    "plan.read": _READS | {_R.HELPER},
    "plan.follow": _FILLS,
    "plan.files": _READS,
    "reminder.manage": _FILLS,
    # sharing
    "share.manage": _HEADS,
    "shared.read": frozenset({_R.RECIPIENT, _R.LOOKER}),
    "shared.list": frozenset({_R.PERSON}),
    # a buyer and its suppliers
    "suppliers.read": frozenset({_R.BUYER}),
    "suppliers.manage": frozenset({_R.BUYER}),
    "invitation.answer": frozenset({_R.INVITED}),
    # the banks: coordinators change them, and nobody publishes what they changed themselves
    "banks.read": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),
    "banks.edit": frozenset({_R.COORDINATOR}),
    "banks.publish": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),
    # whoever runs the installation
    "names.read": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),  # names of organisations and how they were confirmed
    "names.suspend": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),
    "names.decide": frozenset({_R.ADMINISTRATOR}),
    "desk.help": frozenset({_R.COORDINATOR}),
    "names.letters": frozenset({_R.COORDINATOR, _R.ADMINISTRATOR}),  # on hold, or of a name that was taken back
    "desk.administer": frozenset({_R.ADMINISTRATOR}),
}

ACTIONS = frozenset(ALLOWED)
PUBLIC = frozenset(action for action, who in ALLOWED.items() if Relation.ANYONE in who)
"""What everybody may do: routes of these check nothing."""

FRESH_PROOF: Mapping[str, str] = {
    # what everybody is asked, and what everybody reads
    "review.finish_review": "review.show_review",
    "contacts.show_change": "contacts.show_change",
    "contacts.ask_change": "contacts.show_change",
    "contacts.show_blank": "contacts.show_blank",
    "contacts.blank_contact": "contacts.show_blank",
    "contacts.show_asked": "contacts.show_asked",
    "contacts.confirm_change": "contacts.show_asked",
    "contacts.refuse_change": "contacts.show_asked",
    "mends.show_mend": "mends.show_mend",
    "mends.change_at_once": "mends.show_mends",
    "mends.confirm_mend": "mends.show_mends",
    "mends.show_undo": "mends.show_undo",
    "mends.undo_mend": "mends.show_undo",
    "bank_history.withdraw_edition": "bank_history.show_edition",
    "bank_history.put_edition_back": "bank_history.show_edition",
    "bank_history.confirm_withdrawn": "bank_history.show_edition",
    # under which name letters go out
    "desk_names.show_decide": "desk_names.show_decide",
    "desk_names.confirm_name": "desk_names.show_decide",
    "desk_names.refuse_name": "desk_names.show_decide",
    "desk_names.lift_name": "desk_names.show_decide",
    "desk_names.lift_name_limit": "desk_names.show_decide",
    "desk_names.make_name_code": "desk_names.show_decide",
    "desk_names.suspend_name": "desk_names.show_name",
    "organisations.show_details": "organisations.show_details",
    "organisations.save_details": "organisations.show_details",
    "desk_letters.end_pause": "desk_letters.show_letters",
    "desk_letters.send_correction": "desk_letters.show_correction",
    # who may do what
    "invitations.show_new": "invitations.show_new",
    "invitations.invite_one": "invitations.show_new",
    "invitations.invite_again": "organisations.show_organisation",
    "names.ask_for_name": "names.show_name",
    "members.show_member": "members.show_member",
    "members.save_roles": "members.show_member",
    "desk_people.show_desk_of": "desk_people.show_desk_of",
    "desk_people.save_desk": "desk_people.show_desk_of",
    "desk_people.disable_person": "desk_people.show_person",
    "desk_people.enable_person": "desk_people.show_person",
    # letting somebody see answers
    "together.ask_for_help": "together.show_together",
    "share.show_new": "share.show_new",
    "share.give_share": "share.show_new",
    "share.make_link": "share.show_share",
    "share_asked.share_one": "share_asked.show_one",
    "share_one.write_grant_again": "share_one.show_grant",
    "links.make_link": "links.show_link",
    "signing.make_link": "signing.show",
    "calendar.make_address": "calendar.show_calendar",
    "delegation.show_section": "delegation.show_section",
    "delegation.give_section": "delegation.show_section",
    "delegation.show_question": "delegation.show_question",
    "delegation.give_question": "delegation.show_question",
    "move.show_move": "move.show_move",
    "move.move_it": "move.show_move",
    # taking much away at once
    "orders.order_plans": "orders.show_orders",
    "orders.order_sheet": "orders.show_orders",
    "orders.take_file": "orders.show_orders",
    "trail.all_as_csv": "trail.all_as_csv",  # its link stands on the page of each supplier
    "contracts.csv": "contracts.show_contracts",
    "contracts.xlsx": "contracts.show_contracts",
    "organisation_export.show_export": "organisation_export.show_export",
    "organisation_export.print_missing": "organisation_export.show_export",
    "organisation_export.export": "organisation_export.show_export",
    "desk_organisations.export": "desk_organisations.show_one",
    # what cannot be undone
    "careful.ask": "careful.show_words",
    "careful.take": "careful.show_words",
    "after.show_delete": "after.show_delete",
    "after.delete": "after.show_delete",
    "organisation_delete.show_delete": "organisation_delete.show_delete",
    "organisation_delete.delete_it": "organisation_delete.show_delete",
    "desk_organisations.show_delete": "desk_organisations.show_delete",
    "desk_organisations.delete_it": "desk_organisations.show_delete",
}
"""Pages that ask somebody signed in to prove once more who they are, when the last proof is 15 minutes old, and the page to come back to.

Forms stand beside what they send, so that nobody types something for nothing. Whoever holds an assessment by a link alone has nothing
to prove; they confirm on the page. Pages of one's own account, and some that depend on what is changed, ask by themselves
(`assess.people.accounts.proving`).
"""


class ForbiddenError(Exception):
    """It may not be done by this caller. Pages answer as if there were no such thing."""


class Thing(Protocol):
    """What an action is done to."""

    def relations(self, caller: Caller | None) -> frozenset[Relation]:
        """How this caller stands to it."""
        ...


def general_relations(caller: Caller | None) -> frozenset[Relation]:
    """How a caller stands to everything. What a desk may do needs a second step."""
    found = {Relation.ANYONE}
    if caller is not None:
        found.add(Relation.PERSON)
        if caller.second_step and caller.desk is Desk.COORDINATOR:
            found.add(Relation.COORDINATOR)
        if caller.second_step and caller.desk is Desk.ADMINISTRATOR:
            found.add(Relation.ADMINISTRATOR)
    return frozenset(found)


def allows(action: str, relations: frozenset[Relation]) -> bool:
    """Whether somebody who stands so may do this. What is not listed, nobody may."""
    return bool(ALLOWED.get(action, frozenset()) & relations)


def authorise(caller: Caller | None, action: str, thing: Thing | None = None) -> None:
    """Let this pass, or refuse it.

    Raises:
        ForbiddenError
    """
    relations = general_relations(caller)
    if thing is not None:
        relations |= thing.relations(caller)
    if not allows(action, relations):
        raise ForbiddenError
    if has_request_context():
        mark_checked(action)
