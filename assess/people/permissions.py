"""Who may do what: one table. A row is an action, its cells how somebody may stand to the thing it is done to.

`authorise` is the one question every page asks. Whatever is not in the table is refused, and a refusal looks like a thing that is
not there. Administrators and coordinators stand in no row that shows an answer, unless the business itself asked for help.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Protocol

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
    "desk.help": frozenset({_R.COORDINATOR}),
    "desk.administer": frozenset({_R.ADMINISTRATOR}),
}

ACTIONS = frozenset(ALLOWED)


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
