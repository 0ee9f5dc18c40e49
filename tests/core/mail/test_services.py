"""The worker against servers that refuse, hang, cut the line, or are not there; and a crash at the worst moment."""

from __future__ import annotations

import smtplib
import socket
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.assessments.retention import delete_assessment
from assess.assessments.services import start_assessment
from assess.core import config
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.encryption import use_keys
from assess.core.events import vetoed_by
from assess.core.jobs.worker import run_due_jobs
from assess.core.mail import services as mail_services
from assess.core.mail.services import (
    KEEP_EVENTS,
    MAX_MAIL_WAIT,
    RETRY_DELAYS,
    MailMayBeSent,
    build_message,
    enqueue_mail,
    expire_old_mails,
    is_permanent,
    mail_footer,
    message_id,
    send_outgoing,
    with_mail_footer,
    withdraw_mails,
)
from assess.core.models import Job, OutgoingMail
from assess.question_banks.models import EditionRow
from tests.core.mail.conftest import CANARY, a_mail
from tests.decrypted_rows import NoKeys
from tests.mail_servers import MailServer
from tests.patch_subscriptions import list_instead


def test_it_names_who_runs_it_and_promises_no_contact_that_is_not_there() -> None:
    told = Settings(env="development", operator_name="Fens Network", operator_contact="help@fens.example")
    assert mail_footer(told) == (
        "This email comes from a self-check for businesses, run by Fens Network. "
        "You can reach them here: help@fens.example"
    )
    assert mail_footer(Settings(env="development", operator_name="Fens Network")).endswith("run by Fens Network.")
    assert mail_footer(Settings(env="development")) == "This email comes from a self-check for businesses."


def test_only_a_site_signs_its_mails(app: Flask) -> None:
    assert with_mail_footer("Hello,\n") == "Hello,\n"
    with app.app_context():
        assert with_mail_footer("Hello,\n").startswith("Hello,\n\nThis email comes from a self-check for businesses")


STOP = "https://assess.a-rather-long-name-of-a-network.example.org/reminders/stop/" + "t" * 43


def a_row(**changes: str) -> OutgoingMail:
    given = {"to_address": "jo@farm.example", "subject": "Dates", "body": "Workers’ pay — £12\n", "stop": STOP}
    return OutgoingMail(event="e:1", made_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC), **{**given, **changes})


def as_bytes(row: OutgoingMail) -> bytes:
    return build_message(row, sender="desk@network.example", our_name="assess.example.org")


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


assert mail_services  # it defines the job


def count(session: Session, table: type[OutgoingMail | Job]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both_databases
def test_a_mail_is_there_with_its_job_or_not_at_all(
    database: Database, begun: uuid.UUID, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    with database.new_session(writes=True) as session:
        assert enqueue_mail(session, a_mail(begun), now)
        assert (count(session, OutgoingMail), count(session, Job)) == (1, 1)
        session.rollback()
    with database.reading() as session:
        assert (count(session, OutgoingMail), count(session, Job)) == (0, 0)
    assert run_due_jobs(database, mail_settings, lambda: now) == 0
    assert postbox.raw == []


@pytest.mark.both_databases
def test_what_is_committed_is_sent_by_the_worker_once(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    assert run_due_jobs(database, mail_settings, lambda: now) == 1
    assert [to for _, to in postbox.envelopes] == [[CANARY]]
    assert run_due_jobs(database, mail_settings, lambda: now + timedelta(days=2)) == 0
    with database.reading() as session:
        row = session.get(OutgoingMail, waiting)
        assert row is not None
        assert (row.to_address, row.body, row.sent_at) == ("", "", now)


@pytest.mark.both_databases
@pytest.mark.usefixtures("waiting")
def test_the_same_event_is_told_once_even_when_it_went_long_ago(
    database: Database, begun: uuid.UUID, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    with database.writing() as session:
        assert not enqueue_mail(session, a_mail(begun), now)
    run_due_jobs(database, mail_settings, lambda: now)
    with database.writing() as session:
        assert not enqueue_mail(session, a_mail(begun), now)
    run_due_jobs(database, mail_settings, lambda: now)
    assert len(postbox.raw) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "changes",
    [
        {"to": "jo@farm.example\nBcc: al@farm.example"},
        {"subject": "x\r\nBcc: al@farm.example"},
        {"stop": "https://x.example/\nBcc: al@farm.example"},
        {"event": "x\ny"},
        {"event": ""},
        {"event": "e" * 200},
    ],
)
def test_nothing_that_could_add_a_header_is_taken(
    session: Session, begun: uuid.UUID, changes: dict[str, str], now: datetime
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        enqueue_mail(session, a_mail(begun, **changes), now)


@pytest.mark.both_databases
def test_what_is_withdrawn_is_forgotten_and_not_sent(
    database: Database, waiting: int, begun: uuid.UUID, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    with database.writing() as session:
        enqueue_mail(session, a_mail(begun, "reminder:abd:2026-11-24", to="other@farm.example"), now)
        withdraw_mails(session, "reminder:abc:", now)
    run_due_jobs(database, mail_settings, lambda: now)
    assert [to for _, to in postbox.envelopes] == [["other@farm.example"]]
    with database.reading() as session:
        row = session.get(OutgoingMail, waiting)
        assert row is not None
        assert (row.to_address, row.ended_at, row.sent_at) == ("", now, None)


@pytest.mark.both_databases
@pytest.mark.usefixtures("waiting")
def test_a_mail_goes_with_its_assessment(
    database: Database, begun: uuid.UUID, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    with database.writing() as session:
        delete_assessment(session, begun)
    run_due_jobs(database, mail_settings, lambda: now)
    assert postbox.raw == []
    with database.reading() as session:
        assert count(session, OutgoingMail) == 0


@pytest.mark.both_databases
def test_an_address_that_nobody_could_write_to_is_not_kept(database: Database, waiting: int, now: datetime) -> None:
    with database.writing() as session:
        assert expire_old_mails(session, now + MAX_MAIL_WAIT) == 0
        assert expire_old_mails(session, now + MAX_MAIL_WAIT + timedelta(minutes=1)) == 1
    with database.reading() as session:
        row = session.get(OutgoingMail, waiting)
        assert row is not None
        assert row.to_address == ""
        assert not row.waits
    with database.writing() as session:
        expire_old_mails(session, now + KEEP_EVENTS + timedelta(days=1))
        assert count(session, OutgoingMail) == 0


Clock = Callable[[], datetime]


def row_of(database: Database, outbox_id: int) -> OutgoingMail:
    with database.reading() as session:
        row = session.get(OutgoingMail, outbox_id)
    assert row is not None
    return row


@pytest.mark.both_databases
@pytest.mark.parametrize("refusal", ["550 No such mailbox", "553 Not here"])
def test_a_mailbox_that_does_not_exist_is_tried_once(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, refusal: str, now: datetime
) -> None:
    postbox.refuses = refusal
    run_due_jobs(database, mail_settings, lambda: now)
    row = row_of(database, waiting)
    assert (row.tries, row.to_address, row.ended_at) == (1, "", now)
    assert row.last_error == f"SMTPRecipientsRefused {refusal[:3]}"
    postbox.refuses = None
    assert run_due_jobs(database, mail_settings, lambda: now + timedelta(days=3)) == 0
    assert postbox.raw == []


@pytest.mark.both_databases
def test_a_text_that_is_refused_for_good_is_tried_once(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    postbox.answers = "554 Looks like junk"
    run_due_jobs(database, mail_settings, lambda: now)
    assert row_of(database, waiting).last_error == "SMTPDataError 554"
    assert not row_of(database, waiting).waits


@pytest.mark.both_databases
def test_a_server_that_asks_for_patience_gets_it(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    postbox.refuses = "451 Come back later"
    run_due_jobs(database, mail_settings, lambda: now)
    assert row_of(database, waiting).to_address == CANARY
    postbox.refuses = None
    assert run_due_jobs(database, mail_settings, lambda: now + RETRY_DELAYS[0] - timedelta(seconds=1)) == 0
    assert run_due_jobs(database, mail_settings, lambda: now + RETRY_DELAYS[0]) == 1
    assert len(postbox.raw) == 1
    assert row_of(database, waiting).tries == 2


@pytest.mark.both_databases
def test_it_is_given_up_after_some_days_and_the_address_goes(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    postbox.refuses = "451 Come back later"
    moment = now
    for pause in (timedelta(), *RETRY_DELAYS):
        moment += pause
        assert run_due_jobs(database, mail_settings, lambda now=moment: now) == 1  # type: ignore[misc]  # bound
    row = row_of(database, waiting)
    assert row.tries == len(RETRY_DELAYS) + 1
    assert row.to_address == ""
    assert moment - now < timedelta(days=3)
    assert run_due_jobs(database, mail_settings, lambda: moment + timedelta(days=9)) == 0


@pytest.mark.both_databases
def test_a_server_that_never_answers_holds_the_worker_only_for_its_patience(
    database: Database, waiting: int, mail_settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(config, "MAIL_SERVER_TIMEOUT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = replace(mail_settings, mail_server=f"smtp://127.0.0.1:{deaf.getsockname()[1]}")
        assert not send_outgoing(database, settings, waiting, now)
    row = row_of(database, waiting)
    assert row.last_error == "SMTPServerDisconnected"
    assert row.waits


@pytest.mark.both_databases
def test_a_line_that_is_cut_in_the_middle_is_tried_again(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    postbox.drops = True
    assert not send_outgoing(database, mail_settings, waiting, now)
    assert row_of(database, waiting).waits
    postbox.drops = False
    assert send_outgoing(database, mail_settings, waiting, now)
    assert len(postbox.raw) == 1


@pytest.mark.both_databases
def test_a_line_that_is_cut_after_it_was_taken_does_not_send_it_twice(
    database: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    postbox.drops_at_the_end = True
    assert send_outgoing(database, mail_settings, waiting, now)
    assert not send_outgoing(database, mail_settings, waiting, now)
    assert len(postbox.raw) == 1


@pytest.mark.both_databases
def test_nobody_at_that_address_is_tried_again(
    database: Database, waiting: int, mail_settings: Settings, now: datetime
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    send_outgoing(database, replace(mail_settings, mail_server=f"smtp://127.0.0.1:{port}"), waiting, now)
    assert row_of(database, waiting).last_error == "ConnectionRefusedError"
    send_outgoing(database, replace(mail_settings, mail_server=None, mail_from=None), waiting, now)
    row = row_of(database, waiting)
    assert (row.tries, row.waits) == (2, True)


@pytest.mark.both_databases
def test_after_a_crash_between_taking_and_marking_the_same_message_comes_again(
    database: Database, impatient: Database, waiting: int, mail_settings: Settings, postbox: MailServer, now: datetime
) -> None:
    holder = database.new_session(writes=True)

    def hold_the_row() -> None:
        """Somebody has the row when the worker wants to mark it: the marking fails after the mail was taken."""
        holder.get(OutgoingMail, waiting, with_for_update=True)

    postbox.on_data = hold_the_row
    with pytest.raises(DBAPIError):
        send_outgoing(impatient, mail_settings, waiting, now)
    holder.close()
    postbox.on_data = lambda: None
    assert row_of(database, waiting).waits
    assert send_outgoing(database, mail_settings, waiting, now + timedelta(minutes=5))
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert postbox.raw[0] == postbox.raw[1]


@pytest.mark.both_databases
@pytest.mark.parametrize("wanted", [True, False])
def test_a_mail_that_nobody_wants_any_more_at_the_last_look_is_forgotten(
    database: Database,
    waiting: int,
    mail_settings: Settings,
    postbox: MailServer,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,  # noqa: FBT001  # a case
) -> None:
    list_instead(monkeypatch, vetoed_by(MailMayBeSent, lambda asked: wanted or asked.mail.to_address != CANARY))
    assert send_outgoing(database, mail_settings, waiting, now) is wanted
    row = row_of(database, waiting)
    assert (row.to_address, row.waits, len(postbox.raw)) == ("", False, int(wanted))
    assert row.ended_at == (None if wanted else now)


@pytest.mark.both_databases
@pytest.mark.parametrize("taken", [True, False])
def test_the_mail_that_came_next_is_not_taken_for_the_one_that_was_sent(
    database: Database,
    waiting: int,
    begun: uuid.UUID,
    mail_settings: Settings,
    postbox: MailServer,
    now: datetime,
    taken: bool,  # noqa: FBT001  # a case
) -> None:
    """While one mail is on its way its business deletes everything and another asks for mail, even under the same number."""

    def another_comes() -> None:
        postbox.on_data = lambda: None
        with database.writing() as session:
            edition = session.scalars(select(EditionRow.id)).one()
            delete_assessment(session, begun)
            other = start_assessment(session, edition, quick=False, now=now)
            enqueue_mail(session, a_mail(other.id, event="reminder:def:2026-11-24"), now)
            came = session.scalars(select(OutgoingMail)).one()
            assert came.id != waiting
            session.expunge(came)
            session.execute(delete(OutgoingMail))
            values = {column.key: getattr(came, column.key) for column in OutgoingMail.__table__.columns}
            session.execute(insert(OutgoingMail), [{**values, "id": waiting}])

    postbox.on_data = another_comes
    postbox.answers = postbox.answers if taken else "554 Looks like junk"
    send_outgoing(database, mail_settings, waiting, now)
    row = row_of(database, waiting)
    assert (row.event, row.waits, row.tries, row.to_address) == ("reminder:def:2026-11-24", True, 0, CANARY)


@pytest.mark.both_databases
@pytest.mark.parametrize("backend", ["sqlite"])
def test_nothing_of_a_mail_that_went_is_left_in_the_file_or_its_log(
    database: Database, database_url: str, begun: uuid.UUID, mail_settings: Settings, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for the address
    file = Path(str(make_url(database_url).database))
    with database.writing() as session:
        enqueue_mail(session, a_mail(begun), now)
        waiting = session.scalars(select(OutgoingMail.id)).one()

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if CANARY.encode() in path.read_bytes()]

    assert found(), "the address never was in the file: this would prove nothing"
    assert send_outgoing(database, mail_settings, waiting, now)
    assert found() == []


@pytest.mark.both_databases
def test_no_line_of_the_log_has_an_address(
    database: Database,
    waiting: int,
    mail_settings: Settings,
    postbox: MailServer,
    now: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    postbox.refuses = f"550 <{CANARY}> is not here"
    send_outgoing(database, mail_settings, waiting, now)
    said = capsys.readouterr().out
    assert "mail_failed" in said
    assert CANARY not in said


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b""), "b": (451, b"")}), False),
        (smtplib.SMTPSenderRefused(553, b"", "us"), False),
        (smtplib.SMTPAuthenticationError(535, b""), False),
        (smtplib.SMTPDataError(451, b""), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
        (ValueError("header"), True),
    ],
)
def test_only_what_cannot_be_mended_is_given_up_at_once(error: Exception, permanent: bool) -> None:  # noqa: FBT001  # a case
    assert is_permanent(error) is permanent
