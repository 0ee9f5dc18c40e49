"""The email to a recipient of a share: limits, opt-out and text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.assessments.models import Assessment
from assess.core import clock
from assess.core.config import Settings
from assess.core.mail.addresses import normalise_mailbox
from assess.core.mail.services import MailMayBeSent
from assess.core.mail.unsubscribe import MailKind
from assess.core.rate_limits import Limit, enforce_limit
from assess.identity.models import Organisation
from assess.identity.organisations.name_confirmation import get_name_status
from assess.plans.words import format_day
from assess.sharing.models import SHARE_EVENT_PREFIX, ShareGrant
from assess.sharing.viewing import unconfirmed_name_note
from assess.suppliers.forms import contains_address, has_numbers

SHARE_MAILBOX_LIMIT = Limit("share-to", 5, 86_400)
"""From all who share together, whether or not their name is confirmed."""
SHARE_MAIL_KIND = MailKind(
    "share mails",
    "/shared/stop/",
    "a business wants to share something with it. A business can still send you a link itself.",
)


def confirmed_sharer(session: Session, assessment_id: uuid.UUID, name: str) -> ConfirmedSharer | None:
    """Who shares, where the name is that of an organisation whose name is confirmed, and nothing in it leads elsewhere; else None."""
    of = select(Organisation).join(Assessment, Assessment.organisation_id == Organisation.id)
    organisation = session.scalars(of.where(Assessment.id == assessment_id)).first()
    if (
        organisation is None
        or unconfirmed_name_note(name, organisation) is not None
        or contains_address(name)
        or has_numbers(name)
    ):
        return None
    domains = get_name_status(session, organisation, clock.today()).domains
    return ConfirmedSharer(organisation.name, domains[0] if domains else "")


def may_send_offer(address: str, settings: Settings, session: Session) -> bool:
    """Whether a mail may go to this address; it counts. Call it before the request's own session has begun to write."""
    if SHARE_MAIL_KIND.is_stopped(session, address, settings.honoured_keys):
        return False
    try:
        enforce_limit(SHARE_MAILBOX_LIMIT, normalise_mailbox(address))
    except TooManyRequests:
        return False
    return True


def may_share_mail_leave(asked: MailMayBeSent) -> bool:
    if not asked.mail.event.startswith(SHARE_EVENT_PREFIX):
        return True
    grant_id = asked.mail.event.removeprefix(SHARE_EVENT_PREFIX).partition(" ")[0]
    with asked.database.reading() as session:
        grant = session.get(ShareGrant, uuid.UUID(grant_id))
        return grant is not None and not SHARE_MAIL_KIND.is_stopped(session, grant.email, asked.settings.honoured_keys)


OFFER_SUBJECT = "A business wants to share something with you"


@dataclass(frozen=True, slots=True)
class ConfirmedSharer:
    """A business whose name is confirmed. `domain` may be empty."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class ShareEmail:
    subject: str
    body: str


def offer_email(sharer: ConfirmedSharer | None, link: str, stop: str, until: str) -> ShareEmail:
    """The mail. `sharer` is None where the name is not confirmed; `link` and `stop` are full addresses of pages, `until` an ISO date."""
    wants = "wants to show you a copy of answers it gave about itself."
    if sharer is None:
        who = f"Name not confirmed.\n\nA business {wants} Nobody has confirmed its name, so it does not stand here. You see it once you have opened the page."
    else:
        at = f" ({sharer.domain})" if sharer.domain else ""
        who = f"The business “{sharer.name}”{at} {wants}"
    return ShareEmail(
        OFFER_SUBJECT,
        "\n\n".join(
            (
                who,
                f"To see it, open this page and sign in, or make an account with this address. It works until {format_day(until)}:",
                link,
                "The link works once, and only for this address. The business can end it at any time and sees when you looked.",
                "We never ask for money, bank details or passwords. If you do not expect this, you can leave it. Nothing happens then.",
                "If you want no more of these emails, whoever shares something, open this page and press the button:",
                stop,
            )
        )
        + "\n",
    )
