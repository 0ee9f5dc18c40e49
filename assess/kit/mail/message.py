"""A row of the outbox as the bytes of a message.

The same row gives the same message, its name and date included: if it is sent once more after a crash, mail programs see that
it is the same one.
"""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from assess.kit.mail.models import Outgoing

_POLICY = SMTP.clone(max_line_length=900)
"""Python would break a long address of a header into coded pieces that mail programs do not read back."""


def message_of(row: Outgoing, *, sender: str, our_name: str) -> bytes:
    """The message of this row: plain text in UTF-8, from `sender`. `our_name` is the host after the @ of its name.

    Raises:
        ValueError: when something in it would begin a new header.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(row.sender_name, addr_spec=sender) if row.sender_name else sender
    message["To"] = row.to_address
    if row.reply_to:
        message["Reply-To"] = row.reply_to
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.made_at)
    message["Message-ID"] = message_id(row.event, our_name)
    message["Auto-Submitted"] = "auto-generated"
    if row.stop:
        message["List-Unsubscribe"] = f"<{row.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(row.body, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def message_id(event: str, our_name: str) -> str:
    """The name of the message that tells of this event. Nobody can read the event from it."""
    return f"<{hashlib.sha256(event.encode()).hexdigest()[:40]}@{our_name}>"
