"""Which data keys a database uses: checked at start-up, counted by `assess keys`, and replaced by re-encrypting all rows in batches."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

import click
from sqlalchemy import Column, Connection, CursorResult, String, Table, Text, func, inspect, or_, select, tuple_, update
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from assess.core.clock import system_clock
from assess.core.db import Base, dialect_insert, is_transient_error, reading_engine
from assess.core.encryption import (
    HEADER_LENGTH,
    DecryptionError,
    Keyring,
    cell_name,
    encrypted_columns,
    keyring_of,
    primary_key_text,
    raw,
)

BATCH_SIZE = 25
"""Rows in one transaction: the site waits for each about as long as for a save."""
WriteResult = TypeVar("WriteResult")
_PROOF_TEXT = b"assess"
_NAME_FROM, _NAME_LENGTH = 4, 8


class DataKey(Base):
    """A key that something here may be encrypted with. `proof` is ciphertext of words everybody knows."""

    __tablename__ = "data_key"

    name: Mapped[str] = mapped_column(String(8), primary_key=True)
    proof: Mapped[str]
    made_at: Mapped[datetime]


class WrongDataKeyError(click.ClickException):
    """The database is encrypted with a key that is not set. Nothing was written."""

    exit_code = 2


def check_keys(engine: Engine) -> None:
    """See that everything in the database can be decrypted. Raises `WrongDataKeyError`."""
    with reading_engine(engine).connect() as connection:
        if not inspect(connection).has_table(DataKey.__tablename__):
            return
        for name, proof in connection.execute(select(DataKey.name, DataKey.proof)).all():
            # a site that was started and never used may still change its key
            if not _key_matches_proof(keyring_of(engine.dialect), name, proof) and _is_used(connection, name):
                raise WrongDataKeyError(
                    f"This database is encrypted with the data key {name}, which is not set: set it as ASSESS_DATA_KEY, or list it in "
                    "ASSESS_DATA_KEY_OLD. If there never was one, it was made from ASSESS_SECRET_KEY as that was then: "
                    "list the earlier ASSESS_SECRET_KEY in ASSESS_OLD_SECRET_KEYS."
                )


def save_current_key(connection: Connection) -> None:
    """Write down that things are encrypted with the current key from now on. `check_keys` has seen that all others that are used are set."""
    keys = keyring_of(connection.dialect)
    known = set(connection.execute(select(DataKey.name)).scalars())
    if unused := [name for name in known if not keys.knows(name)]:
        connection.execute(_TABLE.delete().where(_TABLE.c.name.in_(unused)))
    if keys.current not in known:
        _insert_key(connection, keys.current)


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """How many values each key encrypts, by the name of the key, and which of them is the current one."""

    current: str
    values: Mapping[str, int]
    damaged: tuple[str, ...] = ()
    """After turning: the values that no key that is set decrypts, each by table, column and primary key, and why."""

    @property
    def older(self) -> dict[str, int]:
        return {name: count for name, count in self.values.items() if name != self.current}


def count_key_usage(connection: Connection) -> KeyUsage:
    found: Counter[str] = Counter()
    for table in encrypted_tables():
        for column in encrypted_columns(table):
            name = func.substr(raw(column), _NAME_FROM, _NAME_LENGTH)
            counted = select(name, func.count()).where(raw(column).is_not(None)).group_by(name)
            found.update(dict(tuple(row) for row in connection.execute(counted)))
    return KeyUsage(keyring_of(connection.dialect).current, dict(found))


def rotate(engine: Engine, told: Callable[[str, int], None]) -> KeyUsage:
    """Encrypt with the current key whatever is encrypted with another, a few rows at a time, while others read and write.

    A row that a request changes meanwhile is left to it: it writes with the current key. May be stopped and begun again at any time.
    `told` hears of each table how many values were encrypted anew. What cannot be decrypted stays as it is. Returns what stands
    afterwards: no older key, unless something is damaged or some process still writes with one.
    """
    older = _key_usage_now(engine).older

    def begin(connection: Connection) -> None:
        save_current_key(connection)
        # a process that was not started anew may have gone on with a key after it was forgotten here: turning needs its row
        for name in older:
            if keyring_of(connection.dialect).knows(name):
                _insert_key(connection, name)

    _write_with_retry(engine, begin)
    after = _key_usage_now(engine)
    # a row of which one value changed just then is met again in the next round
    for _round in range(3):
        damaged: list[str] = []
        for table in encrypted_tables():
            done = sum(_rotate_some(engine, table, batch, damaged) for batch in _batches(engine, table))
            if done:
                told(table.name, done)
        after = replace(_key_usage_now(engine), damaged=tuple(damaged))
        if not after.older:
            _write_with_retry(engine, _delete_unused_keys)
        if sum(after.older.values()) <= len(damaged):
            break
    return after


def encrypted_tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if encrypted_columns(table)]


_TABLE = cast("Table", DataKey.__table__)


def _delete_unused_keys(connection: Connection) -> None:
    current = keyring_of(connection.dialect).current
    names = connection.execute(select(DataKey.name).where(DataKey.name != current)).scalars().all()
    unused = [name for name in names if not _is_used(connection, name)]
    connection.execute(_TABLE.delete().where(_TABLE.c.name.in_(unused)))


def _is_used(connection: Connection, name: str) -> bool:
    """Whether anything is encrypted with a key, by all there is in the database, whatever models have been read."""
    session = inspect(connection)
    for table in session.get_table_names():
        if table == DataKey.__tablename__:
            continue
        for column in session.get_columns(table):
            if isinstance(column["type"], Text):
                cell = sql_column(column["name"], Text)
                here = (func.substr(cell, 1, 1) == "1", func.substr(cell, _NAME_FROM, _NAME_LENGTH + 1) == f"{name}.")
                if connection.execute(select(cell).select_from(sql_table(table)).where(*here).limit(1)).first():
                    return True
    return False


def _insert_key(connection: Connection, name: str) -> None:
    proof = keyring_of(connection.dialect).encrypt(_PROOF_TEXT, cell_name("data_key", "proof", [name]), key=name)
    row = dialect_insert(connection, _TABLE).values(name=name, proof=str(proof), made_at=system_clock())
    connection.execute(row.on_conflict_do_nothing())


def _key_matches_proof(keys: Keyring, name: str, proof: str) -> bool:
    try:
        return keys.decrypt(proof, cell_name("data_key", "proof", [name])) == _PROOF_TEXT
    except DecryptionError:
        return False


def _key_usage_now(engine: Engine) -> KeyUsage:
    with reading_engine(engine).connect() as connection:
        return count_key_usage(connection)


def _write_with_retry(engine: Engine, work: Callable[[Connection], WriteResult]) -> WriteResult:
    """Do this in a transaction of its own, and again while the site holds what it needs: nobody waits for a page here."""
    for left in reversed(range(30)):
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not left or not is_transient_error(error):
                raise
    raise AssertionError("the last try returned or raised")


def _batches(engine: Engine, table: Table) -> Iterator[list[Any]]:
    """The rows with something older, by their primary key, so that each is met once whatever happens to it meanwhile."""
    keys, columns = list(table.primary_key), encrypted_columns(table)
    wanted = select(*keys, *(raw(column).label(f"raw_{column.name}") for column in columns))
    current = keyring_of(engine.dialect).current
    wanted = (
        wanted.where(or_(*(func.substr(raw(column), _NAME_FROM, _NAME_LENGTH) != current for column in columns)))
        .order_by(*keys)
        .limit(BATCH_SIZE)
    )
    after: tuple[Any, ...] | None = None
    while True:
        here = wanted
        if after is not None:
            here = wanted.where(
                keys[0] > after[0]
                if len(keys) == 1
                else tuple_(*keys) > tuple_(*after, types=[key.type for key in keys])
            )
        with reading_engine(engine).connect() as connection:
            rows = connection.execute(here).all()
        if not rows:
            return
        yield list(rows)
        after = tuple(rows[-1][: len(keys)])


def _rotate_some(engine: Engine, table: Table, rows: list[Any], damaged: list[str]) -> int:
    began = time.monotonic()
    found = _write_with_retry(engine, lambda connection: [_rotate_row(connection, table, row) for row in rows])
    damaged += [value for _, some in found for value in some]
    # a request that waits for SQLite's only lock looks for it now and then, and must find it free half of the time
    time.sleep(time.monotonic() - began)
    return sum(done for done, _ in found)


def _rotate_row(connection: Connection, table: Table, row: Sequence[Any]) -> tuple[int, list[str]]:
    """Encrypt a row anew, unless it was changed since it was read. Returns how many values that were, and which are damaged."""
    keyring, keys, columns = keyring_of(connection.dialect), list(table.primary_key), encrypted_columns(table)
    whose = row[: len(keys)]
    old = dict(zip(columns, row[len(keys) :], strict=True))
    new: dict[Column[Any], str] = {}
    damaged = []
    for column, token in old.items():
        if token is not None and token[HEADER_LENGTH - 9 : HEADER_LENGTH - 1] != keyring.current:
            place = cell_name(table.name, column.name, whose)
            try:
                new[column] = keyring.encrypt(keyring.decrypt(token, place), place)
            except DecryptionError as error:
                row_named = ", ".join(
                    f"{key.name} {primary_key_text(part)}" for key, part in zip(keys, whose, strict=True)
                )
                damaged.append(f"{table.name}.{column.name}, {row_named}: {error}")
    if not new:
        return 0, damaged
    here = [key == value for key, value in zip(keys, whose, strict=True)]
    unchanged = [raw(column) == old[column] for column in new]
    result = cast("CursorResult[Any]", connection.execute(update(table).where(*here, *unchanged).values(new)))
    return len(new) * result.rowcount, damaged
