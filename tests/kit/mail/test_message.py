from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.kit.mail.message import message_id, message_of
from assess.kit.mail.models import Outgoing

STOP = "https://assess.a-rather-long-name-of-a-network.example.org/reminders/stop/" + "t" * 43


def a_row(**changes: str) -> Outgoing:
    given = {"to_address": "jo@farm.example", "subject": "Dates", "body": "Workers’ pay — £12\n", "stop": STOP}
    return Outgoing(event="e:1", made_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC), **{**given, **changes})


def as_bytes(row: Outgoing) -> bytes:
    return message_of(row, sender="desk@network.example", our_name="assess.example.org")


def test_a_mail_program_reads_back_what_was_written() -> None:
    mail = message_from_bytes(as_bytes(a_row()), policy=default)
    assert mail["From"] == "desk@network.example"
    assert mail["To"] == "jo@farm.example"
    assert mail["Subject"] == "Dates"
    assert mail["Date"].datetime == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{STOP}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail.get_content().replace("\r\n", "\n") == "Workers’ pay — £12\n"  # type: ignore[attr-defined]  # by its policy
    assert not mail.is_multipart()


def test_a_long_address_stands_in_its_header_unbroken_and_uncoded() -> None:
    assert f"List-Unsubscribe: <{STOP}>\r\n".encode() in as_bytes(a_row())


def test_every_line_is_short_enough_for_any_server_and_plain_ascii() -> None:
    lines = as_bytes(a_row(body="é" * 3000)).split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() for line in lines)


def test_the_same_row_gives_the_same_message() -> None:
    assert as_bytes(a_row()) == as_bytes(a_row())
    assert message_id("e:1", "h.example") == message_id("e:1", "h.example") != message_id("e:2", "h.example")
    assert "reminder" not in message_id("reminder:1", "h.example")


def test_without_a_way_to_stop_there_are_no_such_headers() -> None:
    assert b"List-Unsubscribe" not in as_bytes(a_row(stop=""))


@pytest.mark.parametrize("field", ["to_address", "subject", "stop"])
def test_nothing_can_add_a_header(field: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        as_bytes(a_row(**{field: "x@farm.example\r\nBcc: everybody@farm.example"}))


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_whatever_the_text_is_the_headers_stay_the_same(body: str) -> None:
    mail = message_from_bytes(as_bytes(a_row(body=body)), policy=default)
    plain = message_from_bytes(as_bytes(a_row()), policy=default)
    assert mail.keys() == plain.keys()
    assert mail["To"] == "jo@farm.example"
