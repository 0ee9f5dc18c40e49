"""The worker against servers that refuse, hang, cut the line, or are not there; and a crash at the worst moment."""

from __future__ import annotations

import smtplib
import socket
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, make_url, select
from sqlalchemy.exc import DBAPIError

from assess.assessments.answering import start
from assess.assessments.removing import delete_assessment
from assess.banks.models import Edition
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.kit.encryption import use_keys
from assess.kit.events import vetoed_by
from assess.kit.jobs.running import run_waiting
from assess.kit.mail import server
from assess.kit.mail.events import MailMayLeave
from assess.kit.mail.models import Outgoing
from assess.kit.mail.outbox import queue
from assess.kit.mail.sending import BACK_OFF, is_permanent, send
from tests.kit.mail.conftest import CANARY, a_mail
from tests.listed_instead import list_instead
from tests.postboxes import Postbox
from tests.readable import NoKeys

pytestmark = pytest.mark.both_databases

Clock = Callable[[], datetime]


def row_of(database: Database, outbox_id: int) -> Outgoing:
    with database.reading() as session:
        row = session.get(Outgoing, outbox_id)
    assert row is not None
    return row


@pytest.mark.parametrize("refusal", ["550 No such mailbox", "553 Not here"])
def test_a_mailbox_that_does_not_exist_is_tried_once(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, refusal: str, now: datetime
) -> None:
    postbox.refuses = refusal
    run_waiting(database, mail_settings, lambda: now)
    row = row_of(database, waiting)
    assert (row.tries, row.to_address, row.ended_at) == (1, "", now)
    assert row.last_error == f"SMTPRecipientsRefused {refusal[:3]}"
    postbox.refuses = None
    assert run_waiting(database, mail_settings, lambda: now + timedelta(days=3)) == 0
    assert postbox.raw == []


def test_a_text_that_is_refused_for_good_is_tried_once(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    postbox.answers = "554 Looks like junk"
    run_waiting(database, mail_settings, lambda: now)
    assert row_of(database, waiting).last_error == "SMTPDataError 554"
    assert not row_of(database, waiting).waits


def test_a_server_that_asks_for_patience_gets_it(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    postbox.refuses = "451 Come back later"
    run_waiting(database, mail_settings, lambda: now)
    assert row_of(database, waiting).to_address == CANARY
    postbox.refuses = None
    assert run_waiting(database, mail_settings, lambda: now + BACK_OFF[0] - timedelta(seconds=1)) == 0
    assert run_waiting(database, mail_settings, lambda: now + BACK_OFF[0]) == 1
    assert len(postbox.raw) == 1
    assert row_of(database, waiting).tries == 2


def test_it_is_given_up_after_some_days_and_the_address_goes(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    postbox.refuses = "451 Come back later"
    moment = now
    for pause in (timedelta(), *BACK_OFF):
        moment += pause
        assert run_waiting(database, mail_settings, lambda moment=moment: moment) == 1  # type: ignore[misc]  # bound
    row = row_of(database, waiting)
    assert row.tries == len(BACK_OFF) + 1
    assert row.to_address == ""
    assert moment - now < timedelta(days=3)
    assert run_waiting(database, mail_settings, lambda: moment + timedelta(days=9)) == 0


def test_a_server_that_never_answers_holds_the_worker_only_for_its_patience(
    database: Database, waiting: int, mail_settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(server, "PATIENCE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = replace(mail_settings, mail_server=f"smtp://127.0.0.1:{deaf.getsockname()[1]}")
        assert not send(database, settings, waiting, now)
    row = row_of(database, waiting)
    assert row.last_error == "SMTPServerDisconnected"
    assert row.waits


def test_a_line_that_is_cut_in_the_middle_is_tried_again(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    postbox.drops = True
    assert not send(database, mail_settings, waiting, now)
    assert row_of(database, waiting).waits
    postbox.drops = False
    assert send(database, mail_settings, waiting, now)
    assert len(postbox.raw) == 1


def test_a_line_that_is_cut_after_it_was_taken_does_not_send_it_twice(
    database: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    postbox.drops_at_the_end = True
    assert send(database, mail_settings, waiting, now)
    assert not send(database, mail_settings, waiting, now)
    assert len(postbox.raw) == 1


def test_nobody_at_that_address_is_tried_again(
    database: Database, waiting: int, mail_settings: Settings, now: datetime
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    send(database, replace(mail_settings, mail_server=f"smtp://127.0.0.1:{port}"), waiting, now)
    assert row_of(database, waiting).last_error == "ConnectionRefusedError"
    send(database, replace(mail_settings, mail_server=None, mail_from=None), waiting, now)
    row = row_of(database, waiting)
    assert (row.tries, row.waits) == (2, True)


def test_after_a_crash_between_taking_and_marking_the_same_message_comes_again(
    database: Database, impatient: Database, waiting: int, mail_settings: Settings, postbox: Postbox, now: datetime
) -> None:
    holder = database.new_session(writes=True)

    def hold_the_row() -> None:
        """Somebody has the row when the worker wants to mark it: the marking fails after the mail was taken."""
        holder.get(Outgoing, waiting, with_for_update=True)

    postbox.on_data = hold_the_row
    with pytest.raises(DBAPIError):
        send(impatient, mail_settings, waiting, now)
    holder.close()
    postbox.on_data = lambda: None
    assert row_of(database, waiting).waits
    assert send(database, mail_settings, waiting, now + timedelta(minutes=5))
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert postbox.raw[0] == postbox.raw[1]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_mail_that_nobody_wants_any_more_at_the_last_look_is_forgotten(
    database: Database,
    waiting: int,
    mail_settings: Settings,
    postbox: Postbox,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,  # noqa: FBT001  # a case
) -> None:
    list_instead(monkeypatch, vetoed_by(MailMayLeave, lambda asked: wanted or asked.mail.to_address != CANARY))
    assert send(database, mail_settings, waiting, now) is wanted
    row = row_of(database, waiting)
    assert (row.to_address, row.waits, len(postbox.raw)) == ("", False, int(wanted))
    assert row.ended_at == (None if wanted else now)


@pytest.mark.parametrize("taken", [True, False])
def test_the_mail_that_came_next_is_not_taken_for_the_one_that_was_sent(
    database: Database,
    waiting: int,
    begun: uuid.UUID,
    mail_settings: Settings,
    postbox: Postbox,
    now: datetime,
    taken: bool,  # noqa: FBT001  # a case
) -> None:
    """While one mail is on its way its business deletes everything and another asks for mail, even under the same number."""

    def another_comes() -> None:
        postbox.on_data = lambda: None
        with database.writing() as session:
            edition = session.scalars(select(Edition.id)).one()
            delete_assessment(session, begun)
            other = start(session, edition, quick=False, now=now)
            queue(session, a_mail(other.id, event="reminder:def:2026-11-24"), now)
            came = session.scalars(select(Outgoing)).one()
            assert came.id != waiting
            session.expunge(came)
            session.execute(delete(Outgoing))
            values = {column.key: getattr(came, column.key) for column in Outgoing.__table__.columns}
            session.execute(insert(Outgoing), [{**values, "id": waiting}])

    postbox.on_data = another_comes
    postbox.answers = postbox.answers if taken else "554 Looks like junk"
    send(database, mail_settings, waiting, now)
    row = row_of(database, waiting)
    assert (row.event, row.waits, row.tries, row.to_address) == ("reminder:def:2026-11-24", True, 0, CANARY)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_nothing_of_a_mail_that_went_is_left_in_the_file_or_its_log(
    database: Database, database_url: str, begun: uuid.UUID, mail_settings: Settings, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for the address
    file = Path(str(make_url(database_url).database))
    with database.writing() as session:
        queue(session, a_mail(begun), now)
        waiting = session.scalars(select(Outgoing.id)).one()

    def found() -> list[str]:
        return [path.name for path in file.parent.glob(f"{file.name}*") if CANARY.encode() in path.read_bytes()]

    assert found(), "the address never was in the file: this would prove nothing"
    assert send(database, mail_settings, waiting, now)
    assert found() == []


def test_no_line_of_the_log_has_an_address(
    database: Database,
    waiting: int,
    mail_settings: Settings,
    postbox: Postbox,
    now: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    postbox.refuses = f"550 <{CANARY}> is not here"
    send(database, mail_settings, waiting, now)
    said = capsys.readouterr().out
    assert "mail_failed" in said
    assert CANARY not in said


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
