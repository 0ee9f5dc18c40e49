"""What the forms of organisations are asked: roles and addresses as they were typed, and how often somebody may invite."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app, request
from werkzeug.exceptions import TooManyRequests

from assess.kit.application import settings_of
from assess.kit.clock import date_at
from assess.kit.db import database
from assess.kit.limits import Limit, count
from assess.kit.mail.addresses import LONGEST, AddressUnfitError, mailbox_of
from assess.people.models import Organisation, Role
from assess.people.organisations.inviting import INVITATIONS, fit_invited
from assess.people.organisations.names import is_confirmed

BEGINNING = Limit("organisation-begin", 10, 86_400)
INVITING = Limit("invite", 50, 86_400)
INVITING_WHILE_NEW = Limit("invite-new", 20, 86_400)
WRITING_TO = Limit("invite-to", 5, 86_400)
"""Invitations to one mailbox from all organisations together: nobody can have us fill it."""
INVITING_UNCONFIRMED = Limit("invite-by", 20, 86_400)
"""By one person for all their organisations whose names are not confirmed: a new organisation brings no new invitations."""
NEW_FOR = timedelta(days=14)

NO_ROLE = "Choose at least one thing they may do."
NO_ADDRESS = "Enter an e-mail address, like name@example.org."


@dataclass(frozen=True, slots=True)
class Asked:
    """A form about somebody as it was typed, and what is wrong with it: field and sentence."""

    email: str = ""
    roles: frozenset[Role] = frozenset({Role.RESPONDENT})
    faults: Mapping[str, str] = field(default_factory=dict)

    def but(self, **faults: str) -> Asked:
        """The same with these faults."""
        return Asked(self.email, self.roles, {**self.faults, **faults})


def asked_roles() -> frozenset[Role]:
    """The roles that were ticked; unknown words are passed over."""
    known = {role.value: role for role in Role}
    return frozenset(known[word] for word in request.form.getlist("roles") if word in known)


def asked_person() -> Asked:
    """An address and roles, with their faults."""
    typed, roles = request.form.get("email", "")[: 2 * LONGEST], asked_roles()
    faults = {} if roles else {"roles": NO_ROLE}
    try:
        fit_invited(typed)
    except AddressUnfitError:
        faults["email"] = NO_ADDRESS
    return Asked(typed, roles, faults)


def sends_mail() -> bool:
    """Whether this installation sends mail: without, nobody can be invited."""
    return settings_of(current_app).mail_server is not None


def count_invitation(organisation: Organisation, email: str, by: uuid.UUID, now: datetime) -> bool:
    """Count one more invitation. Returns whether a mail may go to that mailbox; whoever invites is not told.

    Raises:
        TooManyRequests: when the organisation, or whoever invites, has invited as many as they may today.
    """
    if not is_confirmed(organisation, date_at(now)):
        count(INVITING_UNCONFIRMED, str(by))
    count(INVITING_WHILE_NEW if now < organisation.made_at + NEW_FOR else INVITING, str(organisation.id))
    try:
        count(WRITING_TO, mailbox_of(email))
    except TooManyRequests:
        return False
    with database().reading() as look:
        return not INVITATIONS.is_stopped(look, email, settings_of(current_app).honoured_keys)


def count_beginning(person_id: uuid.UUID) -> None:
    """Count one more organisation that somebody begins.

    Raises:
        TooManyRequests
    """
    count(BEGINNING, str(person_id))
