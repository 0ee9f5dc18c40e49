"""A wrong key is said before anything is written, and keys are turned while the site is used, without losing a word."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from assess.app import prepare
from assess.assessments.models import Answer, AnswerEvent, Submission
from assess.assessments.services import get_answers, save_answers, start_assessment
from assess.assessments.submissions import get_submission, is_intact, submit_assessment
from assess.cli import main
from assess.core.config import BadSettingsError, Settings, read_settings
from assess.core.data_keys import WrongDataKeyError, count_key_usage, rotate
from assess.core.db import Database, is_transient_error
from assess.core.encryption import Keyring, key_name
from assess.core.migrations import upgrade_to_head
from assess.core.models import StoredPdf
from assess.plans.action_tracker.services import ItemContent, change_item, get_item_state
from assess.question_banks.models import EditionRow
from tests.core.filled_database import NOW, RECORD, fill

pytestmark = pytest.mark.both_databases

OLD, NEW, OTHER = (bytes([number]) * 32 for number in (1, 2, 3))
THREADS, SAVES = 4, 250


def written(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
def url(database_url: str) -> str:
    """A database that was filled with the old key."""
    database = Database(database_url, Keyring(OLD))
    upgrade_to_head(database.engine)
    fill(database)
    with database.writing() as session:
        edition = session.scalars(select(EditionRow.id)).one()
        for number in range(THREADS + 1):
            mine = start_assessment(session, edition, quick=False, now=NOW + timedelta(seconds=number))
            save_answers(session, mine.id, {f"q{one}": f"old {one}" for one in range(40)}, {}, NOW)
        made = submit_assessment(session, mine.id, lambda _said: RECORD, NOW)
        change_item(
            session, made.id, "q", ItemContent(response="will_not", reason="other", reason_text="no time"), 0, NOW
        )
        session.add(StoredPdf(submission_id=made.id, kind="x", key="", digest="", content=b"%PDF-", made_at=NOW))
    database.close()
    return database_url


@pytest.fixture
def turning(url: str) -> Iterator[Database]:
    """The same, opened by a site that was started with a new key and still reads with the old one."""
    opened = Database(url, Keyring(NEW, [OLD]))
    upgrade_to_head(opened.engine)
    yield opened
    opened.close()


def raw_rows(url: str) -> str:
    database = Database(url)
    with database.engine.connect() as connection:
        tables = ("answer", "answer_event", "submission", "data_key", "alembic_version")
        found = [sorted(map(str, connection.execute(text(f"SELECT * FROM {table}")))) for table in tables]  # noqa: S608  # our own words
    database.close()
    return str(found)


def test_a_key_that_does_not_fit_is_said_and_nothing_is_written(url: str) -> None:
    before = raw_rows(url)
    wrong = Database(url, Keyring(OTHER))
    with pytest.raises(WrongDataKeyError, match=f"{key_name(OLD)}.*ASSESS_DATA_KEY_OLD.*ASSESS_OLD_SECRET_KEYS"):
        upgrade_to_head(wrong.engine)
    wrong.close()
    assert raw_rows(url) == before


@pytest.mark.parametrize(
    "command",
    [["serve"], ["jobs"], ["keys"], ["keys", "rotate"], ["people", "invite-administrator", "ann@example.org"]],
)
def test_every_command_says_it_in_one_sentence_and_ends_with_2(url: str, tmp_path: Path, command: list[str]) -> None:
    before = raw_rows(url)
    environ = {"ASSESS_ENV": "development", "ASSESS_DATABASE_URL": url, "ASSESS_DATA_KEY": written(OTHER)}
    environ |= {"ASSESS_DATA_FOLDER": str(tmp_path)}
    told = CliRunner(env=dict.fromkeys((name for name in os.environ if name.startswith("ASSESS_")), None)).invoke(
        main, command, env=environ
    )
    assert told.exit_code == 2, told.output
    assert key_name(OLD) in told.output
    assert raw_rows(url) == before


def test_a_key_made_from_the_secret_key_gives_way_to_one_of_its_own(empty_url: str, tmp_path: Path) -> None:
    plain: dict[str, Any] = {"env": "development", "database_url": empty_url, "data_folder": tmp_path}
    first = Settings(secret_key="s" * 40, **plain)
    then = Settings(secret_key="s" * 40, data_key=written(NEW), **plain)
    without = Settings(secret_key="t" * 40, data_key=written(NEW), **plain)
    for settings in (first, then):
        prepare(settings, clock=lambda: NOW)
    database = Database(empty_url, first.data_keys)
    fill(database)
    database.close()
    with pytest.raises(WrongDataKeyError):
        prepare(without, clock=lambda: NOW)
    database = Database(empty_url, then.data_keys)
    assert not rotate(database.engine, lambda _table, _values: None).older
    database.close()
    prepare(without, clock=lambda: NOW)
    database = Database(empty_url, without.data_keys)
    with database.reading() as session:
        assert set(session.scalars(select(Answer.value))) == {"a", "b"}
    database.close()


def test_settings_take_keys_from_files_and_refuse_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{written(NEW)}\n")
    environ = {"ASSESS_ENV": "development", "ASSESS_DATA_KEY_OLD": f"{written(OLD)},{written(OTHER)}"}
    settings = read_settings(environ | {"ASSESS_DATA_KEY_FILE": str(tmp_path / "key")})
    keys = settings.data_keys
    assert keys.current == key_name(NEW)
    assert keys.knows(key_name(OLD))
    assert keys.knows(key_name(OTHER))
    assert written(NEW) not in repr(settings)
    with pytest.raises(BadSettingsError, match="openssl rand -base64 32") as refused:
        read_settings(environ | {"ASSESS_DATA_KEY": "too short"})
    assert "too short" not in str(refused.value)


def save_one(database: Database, mine: uuid.UUID, question: str, value: str) -> None:
    """Save an answer; a busy database is asked again, as a person does who is told so."""
    while True:
        try:
            with database.writing() as session:
                seen = get_answers(session, mine)[question].revision
                save_answers(session, mine, {question: value}, {question: seen}, NOW)
        except DBAPIError as error:
            if not is_transient_error(error):
                raise
        else:
            return


def test_nothing_is_lost_while_keys_are_turned_under_a_thousand_saves(turning: Database, url: str) -> None:
    """Each thread is a process of the site: a database of its own, a save in a transaction of its own."""
    with turning.reading() as session:
        submitted = session.scalars(select(Submission.assessment_id)).one()
        others = select(Answer.assessment_id).where(Answer.question == "q7", Answer.assessment_id != submitted)
        busy = session.scalars(others).all()
    failures: list[BaseException] = []
    gate = threading.Barrier(THREADS + 1)

    def save_all(mine: uuid.UUID) -> None:
        database = Database(url, Keyring(NEW, [OLD]))
        gate.wait()
        try:
            for number in range(SAVES):
                save_one(database, mine, f"q{number % 40}", f"new {number}")
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)
        database.close()

    threads = [threading.Thread(target=save_all, args=(mine,)) for mine in busy]
    for thread in threads:
        thread.start()
    gate.wait()
    done: dict[str, int] = {}
    after = rotate(turning.engine, lambda table, values: done.update({table: values}))
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(done) >= {"answer_event", "submission", "stored_pdf", "tracked_action", "tracked_action_event"}
    assert after.older == {}
    only = Database(url, Keyring(NEW))
    upgrade_to_head(only.engine)
    with only.reading() as session:
        for mine in busy:
            last = {f"q{number % 40}": f"new {number}" for number in range(SAVES)}
            assert {name: one.value for name, one in get_answers(session, mine).items()} == last
            told = session.scalars(
                select(AnswerEvent.after).where(AnswerEvent.assessment_id == mine).order_by(AnswerEvent.id)
            ).all()
            assert told[-SAVES:] == [f"new {number}" for number in range(SAVES)]
            assert len(told) == 40 + SAVES
        made = get_submission(session, submitted)
        assert is_intact(made)
        assert get_item_state(session, made.id, "q").reason_text == "no time"
        assert session.scalars(select(StoredPdf.content)).one() == b"%PDF-"
    only.close()


def test_turning_that_was_stopped_goes_on_where_it_was(turning: Database) -> None:
    class StoppedError(Exception):
        pass

    def stop(_table: str, _values: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        rotate(turning.engine, stop)
    with turning.engine.connect() as connection:
        half = count_key_usage(connection)
    assert half.values[key_name(NEW)]
    assert half.older
    again: list[str] = []
    assert not rotate(turning.engine, lambda table, _values: again.append(table)).older
    assert again
    assert rotate(turning.engine, lambda _table, _values: pytest.fail("nothing is left")).older == {}


def test_a_process_that_still_writes_with_the_old_key_is_noticed(turning: Database, url: str) -> None:
    rotate(turning.engine, lambda _table, _values: None)
    late = Database(url, Keyring(OLD, [NEW]))
    with late.writing() as session:
        mine = session.scalars(select(Answer.assessment_id).where(Answer.question == "p")).one()
        save_answers(session, mine, {"late": "yes"}, {}, NOW)
    late.close()
    with turning.engine.connect() as connection:
        assert count_key_usage(connection).older[key_name(OLD)] == 2
    assert rotate(turning.engine, lambda _table, _values: None).older == {}


def test_what_is_frozen_changes_its_key_alone_and_only_while_keys_are_turned(turning: Database) -> None:
    def try_to(statement: str) -> None:
        with turning.writing() as session, pytest.raises(IntegrityError):
            session.execute(text(statement))

    try_to("""UPDATE answer_event SET "after" = 'plain'""")
    try_to("""UPDATE submission SET record = record || 'AAAA'""")
    try_to("UPDATE submission SET score = 1")
    rotate(turning.engine, lambda _table, _values: None)
    same_length = "substr(record, 1, 3) || '00000000' || substr(record, 12)"
    try_to(f"UPDATE submission SET record = {same_length}")  # noqa: S608  # our own words


@pytest.mark.usefixtures("turning")
def test_what_is_damaged_is_named_and_left_and_all_else_is_turned(
    url: str, turning: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {
        "q3": "substr(value, 1, 20) || 'AAAA'",
        "q4": "'1-.99999999.' || substr(value, 13)",
        "q5": "'my own words'",
    }
    with turning.engine.begin() as connection:
        whose = connection.execute(select(Answer.assessment_id).where(Answer.question == "q3").limit(1)).scalar_one()
        here = whose.hex if connection.dialect.name == "sqlite" else str(whose)
        for question, damage in broken.items():
            connection.execute(
                text(f"UPDATE answer SET value = {damage} WHERE question = :question AND assessment_id = :here"),  # noqa: S608  # our own words
                {"question": question, "here": here},
            )
        all_of_them = sum(count_key_usage(connection).values.values())
    for name in [name for name in os.environ if name.startswith("ASSESS_")]:
        monkeypatch.delenv(name)
    environ = {"ASSESS_ENV": "development", "ASSESS_DATABASE_URL": url, "ASSESS_DATA_FOLDER": str(tmp_path)}
    environ |= {"ASSESS_DATA_KEY": written(NEW), "ASSESS_DATA_KEY_OLD": written(OLD)}
    told = CliRunner().invoke(main, ["keys", "rotate"], env=environ)
    assert told.exit_code == 1, told.output
    for question in broken:
        assert told.output.count(f"answer.value, assessment_id {whose.hex}, part answer, question {question}: ") == 1
    assert "3 values cannot be decrypted" in told.output
    assert "my own" not in told.output
    assert "own word" not in told.output
    with turning.engine.begin() as connection:
        assert count_key_usage(connection).values[key_name(NEW)] == all_of_them - len(broken)
        for question in broken:
            connection.execute(
                text("DELETE FROM answer WHERE question = :question AND assessment_id = :here"),
                {"question": question, "here": here},
            )
    again = CliRunner().invoke(main, ["keys", "rotate"], env=environ)
    assert again.exit_code == 0, again.output


@pytest.mark.usefixtures("turning")
def test_the_command_says_what_it_did(url: str, tmp_path: Path) -> None:
    environ = {
        "ASSESS_ENV": "development",
        "ASSESS_DATABASE_URL": url,
        "ASSESS_DATA_FOLDER": str(tmp_path),
        "ASSESS_DATA_KEY": written(NEW),
        "ASSESS_DATA_KEY_OLD": written(OLD),
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}

    def told(*command: str) -> str:
        """A process of its own, which has read no model yet."""
        run = [sys.executable, "-c", "from assess.cli import main; main()", *command]
        done = subprocess.run(run, env=plain | environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    before = told("keys")
    assert f"{key_name(OLD)}: " in before
    assert f"{key_name(NEW)}: 0 values, the current key" in before
    turned = told("keys", "rotate")
    for table in ("answer", "submission", "tracked_action", "stored_pdf"):
        assert f"{table}: " in turned
    assert "may be removed from ASSESS_DATA_KEY_OLD" in turned
    assert f"{key_name(OLD)}: " not in told("keys")
