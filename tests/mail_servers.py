"""Real mail servers on the loopback, as well and as badly behaved as those out there."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from assess.core.config import Settings

PASSWORD = "an open secret"


@dataclass
class MailServer:
    """A mail server that keeps what it takes. `refuses` is its answer to a recipient, `answers` its answer to a text.

    `on_data` is called when a text has arrived, before it is answered. `drops`: the line is cut instead of the answer.
    `drops_at_the_end`: the line is cut instead of the goodbye.
    """

    refuses: str | None = None
    answers: str = "250 Taken"
    drops: bool = False
    drops_at_the_end: bool = False
    on_data: Callable[[], None] = lambda: None
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    address: str = ""

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, as a mail program reads it."""
        return [message_from_bytes(raw, policy=default) for raw in self.raw]  # type: ignore[misc]  # the policy makes it one

    def bodies(self) -> list[str]:
        return [mail.get_content().replace("\r\n", "\n") for mail in self.mails]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.drops:
            server.transport.abort()
            return "451 Gone"
        if self.answers.startswith("2"):
            self.raw.append(envelope.original_content)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.on_data()
        return self.answers

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.drops_at_the_end:
            server.transport.abort()
        return "221 Bye"


@contextmanager
def serving(postbox: MailServer, way: str = "smtp", **how: Any) -> Iterator[MailServer]:
    """Run this server; `postbox.address` is what to put into the settings."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        # a certificate is for a name
        postbox.address = (
            f"smtp://127.0.0.1:{port}"
            if way == "smtp"
            else f"{way}://desk:{PASSWORD.replace(' ', '%20')}@localhost:{port}"
        )
        yield postbox
    finally:
        controller.stop()


def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> AuthResult:
    """Let in whoever knows the password."""
    knows = isinstance(said, LoginPassword) and said.password == PASSWORD.encode()
    return AuthResult(success=knows, handled=knows)  # what is not handled is answered with a refusal


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for localhost that only those believe who have its file."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context, cert


def settings_that_mail(
    database_url: str, folder: Path, box: MailServer, sender: str = "desk@network.example"
) -> Settings:
    """Settings of an installation that sends its mail to this box."""
    return Settings(
        env="development",
        database_url=database_url,
        data_folder=folder,
        operator_name="Norfolk test desk",
        mail_server=box.address,
        mail_from=sender,
    )
