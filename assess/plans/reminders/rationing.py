"""How many first mails go out: nobody is flooded with questions they did not ask for, however many assessments somebody makes.

What depends on whoever asks is said to them. What depends on the address they typed is never said: it would tell of somebody else.
"""

from __future__ import annotations

import uuid

from werkzeug.exceptions import TooManyRequests

from assess.kit.limits import Limit, by_address, count
from assess.kit.logs import log
from assess.kit.mail.addresses import SHARED_BY_MANY, domain_of, mailbox_of

_DAY = 86_400
BY_CALLER = Limit("reminder-ask-address", 10, _DAY)
"""For each address that calls: assessments are made without an account, so a limit for each of them alone holds nobody."""

BY_ASSESSMENT = Limit("reminder-ask", 5, _DAY)
TO_MAILBOX = Limit("reminder-mailbox", 2, _DAY)
TO_MAILBOX_LATELY = Limit("reminder-mailbox-month", 4, 30 * _DAY)
TO_DOMAIN = Limit("reminder-domain", 10, _DAY)
"""For each domain that one firm or family has: it may hold any number of mailboxes, all read by the same people. At a provider shared by
many each mailbox counts for itself alone."""

ALTOGETHER = Limit("reminder-installation", 300, _DAY)
"""For the installation: what goes beyond it is not people asking, and a server that is known for unasked mail reaches nobody."""


def count_asking(assessment_id: uuid.UUID) -> None:
    """Count one who asks.

    Raises:
        TooManyRequests: this caller or this assessment asked too often, whatever the address was.
    """
    count(BY_CALLER, by_address())
    count(BY_ASSESSMENT, str(assessment_id))


def may_write_to(address: str) -> bool:
    """Count one first mail to this address; whether it may go out. Whoever asks is not told."""
    mailbox, domain = mailbox_of(address), domain_of(address)
    try:
        count(TO_MAILBOX, mailbox)
        count(TO_MAILBOX_LATELY, mailbox)
        if domain not in SHARED_BY_MANY:
            count(TO_DOMAIN, domain)
    except TooManyRequests:
        return False
    try:
        count(ALTOGETHER, "all")
    except TooManyRequests:
        log("reminder_mails_used_up", number=ALTOGETHER.most)  # the operator should know, it may be an attack
        return False
    return True
