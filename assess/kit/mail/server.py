"""The server that sends our mail: its address in the settings, and how to speak to it."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS = 20
"""How long to wait for each answer of the server."""

Way = Literal["smtp", "smtp+starttls", "smtps"]
_PORTS: dict[str, tuple[Way, int]] = {
    "smtp": ("smtp", 25),
    "smtp+starttls": ("smtp+starttls", 587),
    "smtps": ("smtps", 465),
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how mail is handed over. Name and password are both set or both None."""

    way: Way
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)


def mail_server_of(address: str) -> MailServer:
    """The server of an address like "smtp+starttls://user:password@host:587".

    Raises:
        ValueError: when it is no such address, or would send a password that anybody on the way can read. The message never
            holds the address.
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "a mail server is smtp://host, smtp+starttls://user:password@host or smtps://user:password@host"
        )
    way, usual = _PORTS[parts.scheme]
    if (parts.username is None) != (parts.password is None):
        raise ValueError("a mail server has a name and a password, or neither")
    if parts.password is not None and way == "smtp":
        raise ValueError("a password needs smtp+starttls or smtps")
    return MailServer(
        way=way,
        host=parts.hostname,
        port=parts.port or usual,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def hand_over(server: MailServer, *, sender: str, to: str, message: bytes, our_name: str) -> None:
    """Give one message to the server. When this returns, the server has taken it.

    `our_name` is how we greet. Certificates are checked, and a server that cannot encrypt when it should is not spoken to.

    Raises:
        OSError, smtplib.SMTPException: when it was not taken, or nobody can tell whether it was.
    """
    with _opened(server, our_name) as line:
        if server.user is not None and server.password is not None:
            line.login(server.user, server.password)
        line.sendmail(sender, [to], message)


@contextmanager
def _opened(server: MailServer, our_name: str) -> Iterator[smtplib.SMTP]:
    if server.way == "smtps":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=our_name,
            timeout=PATIENCE_SECONDS,
            context=ssl.create_default_context(),
        )
    else:
        line = smtplib.SMTP(server.host, server.port, local_hostname=our_name, timeout=PATIENCE_SECONDS)
    try:
        if server.way == "smtp+starttls":
            line.starttls(context=ssl.create_default_context())
        yield line
        # the message is theirs by now: a goodbye that fails must not have it sent once more
        with contextlib.suppress(OSError, smtplib.SMTPException):
            line.quit()
    finally:
        line.close()
