"""Encrypted columns: whichever way a statement takes, ciphertext is what is stored, and it is good for its own place alone."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Enum,
    LargeBinary,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, aliased

from assess.assessments.models import Answer, AnswerEvent, Assessment, Comment, FormPart
from assess.assessments.services import save_answers
from assess.core import encryption
from assess.core.db import Base, Database
from assess.core.encryption import CannotEncryptError, DecryptionError, Encrypted, Keyring, cell_name, plain_length, raw
from assess.core.mail.services import Mail, enqueue_mail
from assess.core.models import OutgoingMail, StoredPdf
from assess.engine.free_text import REMOVED_TEXT
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from tests.core.filled_database import NOW, fill
from tests.core.unencrypted_columns import PLAIN
from tests.decrypted_rows import KEYS, is_token

pytestmark = pytest.mark.both_databases

WORDS = "Zdravkina holds my passport"


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database)
    return database


@pytest.fixture
def connection(filled: Database) -> Iterator[Connection]:
    with filled.engine.begin() as opened:
        yield opened


def mine(connection: Connection) -> uuid.UUID:
    return connection.execute(select(Assessment.id)).scalar_one()


def a_comment(connection: Connection, **more: Any) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "assessment_id": mine(connection),
        "question": "q",
        "words": WORDS,
        "for_delegate": False,
        "by_member": False,
        "at": NOW,
        **more,
    }


def stored(connection: Connection, column: Any) -> list[Any]:
    """What stands in a column, past all of our code."""
    table = column.class_.__tablename__
    return list(connection.execute(text(f'SELECT "{column.key}" FROM {table}')).scalars())  # noqa: S608  # our own words


def test_every_column_is_encrypted_or_says_why_not() -> None:
    kinds = (String, JSON, LargeBinary)
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, kinds) and not isinstance(column.type, Enum)
    }
    listed = [name for names in PLAIN.values() for name in names.split()]
    assert len(listed) == len(set(listed))
    assert found - set(listed) == set(), "encrypt it, or say in plain_columns.py why not"
    assert set(listed) - found == set(), "these are gone, or encrypted by now"


def test_the_mark_of_words_taken_out_is_that_of_the_engine() -> None:
    assert encryption.REDACTION_MARK == REMOVED_TEXT


def test_what_is_read_by_any_way_is_what_was_written(filled: Database) -> None:
    with filled.reading() as session:
        assert {row.question: row.value for row in session.scalars(select(Answer))} == {"p": "a", "q": "b"}
        assert set(session.scalars(select(Answer.value))) == {"a", "b"}
        assert set(session.execute(select(*Answer.__table__.columns)).mappings().all()[0]) >= {"value", "part"}
        other = aliased(Answer)
        assert set(session.scalars(select(other.value))) == {"a", "b"}
        inside = select(Answer).order_by(Answer.question).limit(1).subquery()
        assert session.scalars(select(inside.c.value)).one() == "a"
        assert session.scalars(select(aliased(Answer, inside))).one().value == "a"
        without = select(Answer.value).subquery()
        with pytest.raises((CannotEncryptError, StatementError)):
            session.scalars(select(without.c.value)).all()


@pytest.mark.parametrize("way", ["orm", "core", "values", "many", "upsert", "returning"])
def test_every_way_of_inserting_stores_ciphertext(filled: Database, way: str) -> None:
    with filled.writing() as session:
        connection = session.connection()
        row = a_comment(connection)
        table: Any = Comment.__table__
        other = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        if way == "orm":
            session.add(Comment(**row))
            session.flush()
        elif way == "core":
            connection.execute(table.insert(), row)
        elif way == "values":
            session.execute(insert(Comment).values(**row))
        elif way == "many":
            session.execute(insert(Comment), [row, a_comment(connection, words="others"), a_comment(connection)])
        elif way == "upsert":
            statement = other(Comment).values(**row)
            changed = {"words": statement.excluded.words}
            for _twice in range(2):
                session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))
        else:
            assert session.scalars(insert(Comment).values(**row).returning(Comment)).one().words == WORDS
        assert all(is_token(value) for value in stored(connection, Comment.words))
        session.expire_all()
        assert session.get_one(Comment, row["id"]).words == WORDS


@pytest.mark.parametrize("way", ["orm", "core", "many", "by name"])
def test_every_way_of_updating_stores_ciphertext(filled: Database, way: str) -> None:
    with filled.writing() as session:
        connection = session.connection()
        row = a_comment(connection)
        session.execute(insert(Comment).values(**row))
        if way == "orm":
            session.get_one(Comment, row["id"]).words = "new"
            session.flush()
        elif way == "core":
            session.execute(update(Comment).where(Comment.id == row["id"]).values(words="new"))
        elif way == "many":
            session.execute(update(Comment), [{"id": row["id"], "words": "new"}])
        else:
            session.execute(update(Comment).where(Comment.id == row["id"]), {"words": "new"})
        assert is_token(stored(connection, Comment.words)[0])
        session.expire_all()
        assert session.get_one(Comment, row["id"]).words == "new"


@pytest.mark.parametrize(
    "statement",
    [
        lambda: update(Comment).values(words="for all"),
        lambda: update(Comment).where(Comment.question == "q").values(words="for some"),
        lambda: select(Comment).where(Comment.words == WORDS),
        lambda: select(func.max(Comment.words)),
        lambda: insert(Comment).from_select(["id", "words"], select(Comment.id, Comment.question)),
        lambda: update(Comment).where(Comment.id == uuid.uuid4()).values(words=func.lower("A")),
        lambda: update(Comment).where(Comment.id == uuid.uuid4()).values(words=text("'A'")),
        lambda: update(Comment).where(Comment.id == uuid.uuid4()).values(id=uuid.uuid4()),
    ],
)
def test_what_could_not_be_encrypted_is_refused(connection: Connection, statement: Any) -> None:
    connection.execute(insert(Comment).values(**a_comment(connection)))
    with pytest.raises((CannotEncryptError, DecryptionError, StatementError)):
        connection.execute(statement()).all()


@pytest.mark.parametrize(
    ("target", "changed"),
    [
        (["id"], {"words": "plain"}),
        (["id"], {"words": text("'plain'")}),
        (["id"], {"words": func.lower("PLAIN")}),
        (["id"], {"id": uuid.uuid4()}),
        (["id"], "question"),
        (["question"], "words"),
    ],
)
def test_an_upsert_puts_nothing_but_ciphertext_of_the_same_row_into_it(
    connection: Connection, target: list[str], changed: Any
) -> None:
    made = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = a_comment(connection)
    statement = made(Comment).values(**row)
    if isinstance(changed, str):
        changed = {"words": statement.excluded[changed]}
    connection.execute(statement)
    with pytest.raises(CannotEncryptError):
        connection.execute(statement.on_conflict_do_update(index_elements=target, set_=changed))
    assert connection.execute(select(Comment.id, Comment.words)).all() == [(row["id"], WORDS)]


def test_what_a_parameter_of_another_name_holds_is_refused_and_never_becomes_nothing(connection: Connection) -> None:
    row = a_comment(connection)
    # which row it is may be said by a parameter
    del row["id"]
    mine_now = uuid.uuid4()
    connection.execute(insert(Comment).values(id=bindparam("which"), **row), {"which": mine_now})
    of_it = update(Comment).where(Comment.id == bindparam("which"))
    with pytest.raises(CannotEncryptError, match="a parameter called words"):
        connection.execute(of_it.values(words=bindparam("new")), {"which": mine_now, "new": "others"})
    assert connection.execute(select(Comment.id, Comment.words)).all() == [(mine_now, WORDS)]
    connection.execute(of_it, {"which": mine_now, "words": "others"})
    assert connection.execute(select(Comment.words)).scalars().all() == ["others"]


def test_a_row_of_which_something_is_encrypted_keeps_its_primary_key(filled: Database) -> None:
    with filled.new_session(writes=True) as session:
        row = session.scalars(select(Answer).where(Answer.question == "p")).one()
        row.question = "another"
        with pytest.raises(CannotEncryptError, match="primary key"):
            session.flush()
        session.rollback()
        assert {one.question: one.value for one in session.scalars(select(Answer))} == {"p": "a", "q": "b"}


def test_no_address_of_a_mail_that_waits_stands_in_the_outbox(connection: Connection) -> None:
    with Session(connection) as session:
        assert enqueue_mail(session, Mail("one", "jo@farm.example", "S", "T", mine(connection)), NOW)
        session.flush()
        (kept,) = connection.execute(text("SELECT * FROM outbox")).all()
        assert "farm.example" not in str(kept)
        assert session.scalars(select(OutgoingMail.to_address)).all() == ["jo@farm.example"]


def test_an_engine_without_keys_reads_and_writes_nothing_encrypted(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "_test_keyring", [])
    with filled.writing() as session:
        assert session.scalars(select(Answer.question)).all()
        with pytest.raises(CannotEncryptError):
            session.scalars(select(Answer.value)).all()
        with pytest.raises(CannotEncryptError):
            session.execute(update(OutgoingMail).where(OutgoingMail.id == 1).values(body="x"))


def move(connection: Connection, table: Table, column: Column[Any], to: Column[Any], target: Any, source: Any) -> None:
    """Put the ciphertext of one place into another, past all of our code."""
    found = connection.execute(select(raw(column)).where(source)).scalar_one()
    where = target.compile(compile_kwargs={"literal_binds": True}, dialect=connection.dialect)
    connection.execute(
        text(f'UPDATE {table.name} SET "{to.name}" = :found WHERE {where}'),  # noqa: S608  # our own words
        {"found": found},
    )


def test_ciphertext_of_another_row_column_or_table_cannot_be_decrypted(connection: Connection) -> None:
    table: Any = Answer.__table__
    move(connection, table, table.c.value, table.c.value, table.c.question == "q", table.c.question == "p")
    assert connection.execute(select(Answer.value).where(Answer.question == "p")).scalar_one() == "a"
    with pytest.raises(DecryptionError):
        connection.execute(select(Answer.value).where(Answer.question == "q")).all()
    item = a_comment(connection)
    connection.execute(insert(Comment).values(**item))
    comments: Any = Comment.__table__
    move(connection, comments, table.c.value, comments.c.words, comments.c.question == "q", table.c.question == "p")
    with pytest.raises(DecryptionError):
        connection.execute(select(Comment.words)).all()


@pytest.mark.parametrize(
    "changed",
    [
        lambda token: token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        lambda token: "1m" + token[2:],
        lambda token: "2" + token[1:],
        lambda token: token[:3] + "00000000" + token[11:],
        lambda token: token[:20],
        lambda _token: "plain words",
        lambda _token: "",
    ],
)
def test_what_was_changed_cannot_be_decrypted(changed: Any) -> None:
    place = cell_name("answer", "value", [uuid.uuid4(), FormPart.ANSWER, "q"])
    token = KEYS.encrypt(b'"yes"', place)
    assert KEYS.decrypt(token, place) == b'"yes"'
    with pytest.raises(DecryptionError):
        KEYS.decrypt(changed(token), place)


def test_the_same_words_are_never_stored_the_same_way_twice() -> None:
    keys = Keyring(bytes(32))
    assert len({keys.encrypt(b"yes", "here|") for _ in range(500)}) == 500


def test_numbers_texts_and_bytes_come_back_as_they_were(connection: Connection) -> None:
    whose = mine(connection)
    for number, value in enumerate((0.1 + 0.2, 12.0, 7, True, "", "ü’ “|.,", ["a", {"b": None}], {})):
        row = {
            "assessment_id": whose,
            "part": FormPart.ANSWER,
            "question": f"n{number}",
            "revision": 1,
            "changed_at": NOW,
        }
        connection.execute(insert(Answer).values(value=value, **row))
        found = connection.execute(select(Answer.value).where(Answer.question == f"n{number}")).scalar_one()
        assert (found, type(found)) == (value, type(value))


def test_no_answer_to_a_closed_question_is_told_from_another_by_its_length(connection: Connection) -> None:
    """Of no bank: the codes of single answers, and all of them together where several can be ticked, are stored in one length."""
    whose, lengths = mine(connection), set()
    for number, value in enumerate(closed_answers()):
        row = {
            "assessment_id": whose,
            "part": FormPart.ANSWER,
            "question": f"c{number}",
            "revision": 1,
            "changed_at": NOW,
        }
        connection.execute(insert(Answer).values(value=value, **row))
        here = select(raw(Answer.value)).where(Answer.question == f"c{number}")
        lengths.add(len(connection.execute(here).scalar_one()))
    assert len(lengths) == 1


def closed_answers() -> list[object]:
    """The shortest and the longest answer to each closed question of the banks."""
    found: list[object] = []
    for bank in bundled_files().banks():
        edition = load_bank(bundled_files(), bank).edition
        for question in (question for section in edition.sections for question in section.questions):
            options = sorted((option.id for option in question.options), key=len)
            if options:
                many = question.type == "choices"
                found += [options[:1], options] if many else [options[0], options[-1]]
    assert len(found) > 100
    return found


@pytest.mark.parametrize("size", [0, 1, 126, 127, 128, 129, 4095, 4096, 4097, 9000])
def test_padding_changes_no_text_and_no_json(size: int) -> None:
    for kind, value in (("text", "é" * size), ("json", ["x" * size]), ("bytes", b"\xff" * size)):
        column = Encrypted(kind)
        packed = column.pack(value)
        assert column.unpack(packed) == value
        if kind == "bytes":
            assert len(packed) == size
        else:
            assert len(packed) in {128, 256, 512, 1024, 2048, 4096} or len(packed) % 4096 == 0


def test_the_length_of_bytes_is_known_without_decrypting_them(filled: Database) -> None:
    from assess.identity.models import Organisation  # noqa: PLC0415  # one use

    with filled.writing() as session:
        for size in (0, 1, 2, 3, 4, 1000):
            firm = Organisation(name="Fen Edge", made_at=NOW)
            session.add(firm)
            session.flush()
            file = StoredPdf(organisation_id=firm.id, kind="x", key="", digest="", content=bytes(size), made_at=NOW)
            session.add(file)
            session.flush()
            here = StoredPdf.id == file.id
            assert session.scalar(select(plain_length(StoredPdf.content)).where(here)) == size
            session.expire_all()
            assert file.content == bytes(size)


def test_numbers_of_rows_go_on_growing_whoever_gives_them(filled: Database) -> None:
    with filled.writing() as session:
        whose = session.scalars(select(Assessment.id)).one()
        save_answers(session, whose, {"p": "b"}, {"p": 1}, NOW)
        numbers = session.scalars(select(AnswerEvent.id).order_by(AnswerEvent.id)).all()
        assert numbers == sorted(set(numbers))
        assert enqueue_mail(session, Mail("one", "a@example.org", "S", "T", None), NOW)
        assert not enqueue_mail(session, Mail("one", "a@example.org", "S", "T", None), NOW)
        assert enqueue_mail(session, Mail("two", "a@example.org", "S", WORDS, None), NOW)
        found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        assert [(row.event, row.body) for row in found] == [("one", "T"), ("two", WORDS)]
        assert found[0].id < found[1].id


def test_keys_of_another_length_are_none() -> None:
    assert encryption.parse_key(base64.b64encode(bytes(32)).decode()) == bytes(32)
    for written in ("", "x", base64.b64encode(bytes(31)).decode(), "k" * 43):
        with pytest.raises(ValueError):  # noqa: PT011  # it says nothing, and what was written is a secret
            encryption.parse_key(written)


def test_all_that_is_encrypted_is_text_in_the_database() -> None:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                assert not column.unique
                assert not column.primary_key
                assert not column.index
