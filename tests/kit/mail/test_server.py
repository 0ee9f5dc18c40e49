"""Each way to hand mail over, to real servers that encrypt, ask for a password, or only pretend to."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path

import pytest

from assess.kit.mail.server import MailServer, hand_over, mail_server_of
from tests.postboxes import PASSWORD, Postbox, certificate, let_in, serving

MESSAGE = b"Subject: x\r\n\r\ntext\r\n"


def give(address: str) -> None:
    hand_over(mail_server_of(address), sender="a@x.example", to="b@x.example", message=MESSAGE, our_name="localhost")


def test_an_address_is_read_with_its_usual_port_and_its_coded_letters() -> None:
    assert mail_server_of("smtp://mail.example") == MailServer("smtp", "mail.example", 25, None, None)
    assert mail_server_of("smtps://a%40b:c%3Ad@mail.example") == MailServer("smtps", "mail.example", 465, "a@b", "c:d")
    assert mail_server_of("smtp+starttls://a:b@mail:2587").port == 2587
    assert "secret" not in repr(mail_server_of("smtps://a:secret@mail.example"))


@pytest.mark.parametrize(
    "address", ["smtp://u:secret@mail", "smtps://u@mail", "ftp://mail", "smtp://", "smtp://mail:0x"]
)
def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        mail_server_of(address)
    assert "secret" not in str(refused.value)


def test_a_plain_server_gets_it() -> None:
    with serving(Postbox()) as box:
        give(box.address)
        assert box.raw == [MESSAGE]
        assert box.envelopes == [("a@x.example", ["b@x.example"])]


def test_an_encrypted_line_with_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with serving(
        Postbox(), "smtp+starttls", tls_context=context, require_starttls=True, authenticator=let_in, auth_required=True
    ) as box:
        give(box.address)
        assert box.raw == [MESSAGE]
        with pytest.raises(smtplib.SMTPAuthenticationError):
            give(box.address.replace(PASSWORD.replace(" ", "%20"), "wrong"))


def test_a_line_that_is_encrypted_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with serving(Postbox(), "smtps", ssl_context=context, authenticator=let_in, auth_require_tls=False) as box:
        give(box.address)
        assert box.raw == [MESSAGE]


@pytest.mark.parametrize("way", ["smtp+starttls", "smtps"])
def test_a_certificate_nobody_vouches_for_ends_it_before_the_password(way: str, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    how = {"tls_context": context} if way == "smtp+starttls" else {"ssl_context": context}
    with serving(Postbox(), way, **how) as box, pytest.raises(ssl.SSLError):
        give(box.address)
    assert box.raw == []


def test_a_server_that_does_not_encrypt_is_not_given_it_in_the_open() -> None:
    with serving(Postbox(), "smtp+starttls") as box, pytest.raises(smtplib.SMTPNotSupportedError):
        give(box.address)
    assert box.raw == []
