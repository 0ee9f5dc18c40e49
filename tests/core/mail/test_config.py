"""Each way to hand mail over, to real servers that encrypt, ask for a password, or only pretend to."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.core.config import MailServer, parse_mail_server, send_message
from assess.core.db import Database
from assess.core.mail.addresses import InvalidAddressError, clean_address, normalise_mailbox, registered_domain
from assess.core.models import OutgoingMail
from tests.mail_servers import PASSWORD, certificate, let_in, serving
from tests.mail_servers import MailServer as mail_servers_MailServer

MESSAGE = b"Subject: x\r\n\r\ntext\r\n"


def give(address: str) -> None:
    send_message(
        parse_mail_server(address), sender="a@x.example", to="b@x.example", message=MESSAGE, our_name="localhost"
    )


def test_an_address_is_read_with_its_usual_port_and_its_coded_letters() -> None:
    assert parse_mail_server("smtp://mail.example") == MailServer("smtp", "mail.example", 25, None, None)
    assert parse_mail_server("smtps://a%40b:c%3Ad@mail.example") == MailServer(
        "smtps", "mail.example", 465, "a@b", "c:d"
    )
    assert parse_mail_server("smtp+starttls://a:b@mail:2587").port == 2587
    assert "secret" not in repr(parse_mail_server("smtps://a:secret@mail.example"))


@pytest.mark.parametrize(
    "address", ["smtp://u:secret@mail", "smtps://u@mail", "ftp://mail", "smtp://", "smtp://mail:0x"]
)
def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        parse_mail_server(address)
    assert "secret" not in str(refused.value)


def test_a_plain_server_gets_it() -> None:
    with serving(mail_servers_MailServer()) as box:
        give(box.address)
        assert box.raw == [MESSAGE]
        assert box.envelopes == [("a@x.example", ["b@x.example"])]


def test_an_encrypted_line_with_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with serving(
        mail_servers_MailServer(),
        "smtp+starttls",
        tls_context=context,
        require_starttls=True,
        authenticator=let_in,
        auth_required=True,
    ) as box:
        give(box.address)
        assert box.raw == [MESSAGE]
        with pytest.raises(smtplib.SMTPAuthenticationError):
            give(box.address.replace(PASSWORD.replace(" ", "%20"), "wrong"))


def test_a_line_that_is_encrypted_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with serving(
        mail_servers_MailServer(), "smtps", ssl_context=context, authenticator=let_in, auth_require_tls=False
    ) as box:
        give(box.address)
        assert box.raw == [MESSAGE]


@pytest.mark.parametrize("way", ["smtp+starttls", "smtps"])
def test_a_certificate_nobody_vouches_for_ends_it_before_the_password(way: str, tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    how = {"tls_context": context} if way == "smtp+starttls" else {"ssl_context": context}
    with serving(mail_servers_MailServer(), way, **how) as box, pytest.raises(ssl.SSLError):
        give(box.address)
    assert box.raw == []


def test_a_server_that_does_not_encrypt_is_not_given_it_in_the_open() -> None:
    with serving(mail_servers_MailServer(), "smtp+starttls") as box, pytest.raises(smtplib.SMTPNotSupportedError):
        give(box.address)
    assert box.raw == []


@pytest.mark.both_databases
def test_a_mail_waits_until_it_went_or_was_ended(database: Database, waiting: int, now: datetime) -> None:
    with database.reading() as session:
        row = session.get(OutgoingMail, waiting)
    assert row is not None
    assert row.waits
    row.sent_at = now
    assert not row.waits
    row.sent_at, row.ended_at = None, now
    assert not row.waits


@pytest.mark.both_databases
def test_a_blank_mail_knows_only_what_and_when(database: Database, waiting: int) -> None:
    with database.writing() as session:
        row = session.get(OutgoingMail, waiting)
        assert row is not None
        row.blank()
    with database.reading() as session:
        kept = session.get(OutgoingMail, waiting)
    assert kept is not None
    assert (kept.to_address, kept.subject, kept.body, kept.stop) == ("", "", "", "")
    assert kept.event
    assert kept.made_at


@pytest.mark.parametrize("typed", ["jo@farm.example", " jo.o'neil+plan@a-b.farm.example ", "J_1@x.co"])
def test_an_ordinary_address_is_taken_without_its_spaces(typed: str) -> None:
    assert clean_address(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jo",
        "@farm.example",
        "jo@",
        "jo@farm",
        "jo@@farm.example",
        ".jo@farm.example",
        "jo@-farm.example",
        "jo@farm..example",
        "jo bloggs@farm.example",
        "Jo <jo@farm.example>",
        "jo@farm.example, al@farm.example",
        "jo@farm.example\r\nBcc: al@farm.example",
        "jo@farm.example\n",
        "jö@farm.example",
        "jo@[127.0.0.1]",
        "a" * 65 + "@farm.example",
        "jo@" + "a." * 130 + "example",
    ],
)
def test_what_is_no_address_or_more_than_one_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddressError):
        clean_address(typed)


@given(st.text())
def test_nothing_that_is_taken_can_begin_a_new_line(typed: str) -> None:
    try:
        address = clean_address(f"{typed}@farm.example")
    except InvalidAddressError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' ,;:<>()[]\\"')


def test_one_mailbox_is_known_under_its_several_spellings() -> None:
    assert normalise_mailbox("Jo+a@Farm.example") == normalise_mailbox("jo+b@farm.EXAMPLE") == "jo@farm.example"
    assert normalise_mailbox("al@farm.example") != normalise_mailbox("jo@farm.example")
    assert normalise_mailbox("J.o.e+x@googlemail.com") == normalise_mailbox("joe@gmail.com") == "joe@gmail.com"
    assert normalise_mailbox("j.oe@farm.example") != normalise_mailbox("joe@farm.example"), (
        "elsewhere a dot is a letter"
    )
    assert normalise_mailbox("J.o-e_+x@ProtonMail.com") == normalise_mailbox("joe@pm.me") == "joe@proton.me"
    assert normalise_mailbox("j.oe@me.com") == normalise_mailbox("j.oe@mac.com") == "j.oe@icloud.com"
    assert normalise_mailbox("_@proton.me") != normalise_mailbox("-@proton.me"), "a name is never empty"
    assert normalise_mailbox("+x@farm.example") != normalise_mailbox("+y@farm.example"), "a name is never empty"


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("x@jo.fastmail.com", "jo@fastmail.com"),
        ("y+z@a.b.Jo.fastmail.com", "jo@fastmail.com"),
        ("x@jo.yahoo.co.uk", "jo@yahoo.co.uk"),
        ("x@jo.me.com", "jo@icloud.com"),
        ("x@j-o.protonmail.com", "jo@proton.me"),
        ("x@notfastmail.com", "x@notfastmail.com"),
        ("x@fastmail.com.farm.example", "x@fastmail.com.farm.example"),
    ],
)
def test_only_the_host_of_a_provider_itself_has_a_mailbox_for_each_name(address: str, mailbox: str) -> None:
    assert normalise_mailbox(address) == mailbox
    assert normalise_mailbox(mailbox) == mailbox


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("farm.example", "farm.example"),
        ("a.b.Farm.example", "farm.example"),
        ("farm.co.uk", "farm.co.uk"),
        ("post.farm.co.uk", "farm.co.uk"),
        ("council.gov.uk", "council.gov.uk"),
        ("packhouse.pl", "packhouse.pl"),
        ("x.packhouse.pl", "packhouse.pl"),
        ("co.uk", "co.uk"),
        ("firm.krakow.pl", "firm.krakow.pl"),
        ("post.firm.uk.com", "firm.uk.com"),
        ("farm.github.io", "farm.github.io"),
        ("googlemail.com", "gmail.com"),
    ],
)
def test_the_machines_and_branches_of_one_owner_are_one_domain(host: str, domain: str) -> None:
    assert registered_domain(f"jo@{host}") == domain
