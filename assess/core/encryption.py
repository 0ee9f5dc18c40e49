"""Encrypted columns: a SQLAlchemy type that encrypts each value for its table, column and primary key, and the keys of a database."""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Dialect,
    Insert,
    Integer,
    Table,
    Text,
    Update,
    Uuid,
    event,
    func,
    literal_column,
    type_coerce,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy import text as sql_text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, BooleanClauseList, ClauseElement, ColumnElement
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeDecorator

KEY_BYTES = 32
REDACTION_MARK = "[words taken out]"
"""As `assess.engine.free_text` has it. Triggers let a frozen text change only where this comes to stand in it, so ciphertext has to say so."""

_NONCE, _TAG = 12, 16
_VERSION, _NOT_REDACTED, _REDACTED = "1", "-", "m"
HEADER_LENGTH = len("1-.00000000.")
"""Characters before the ciphertext: version, whether words were taken out, and which key it was."""


class DecryptionError(Exception):
    """It was encrypted for another place or with another key, or was changed since. It never says what stood there."""


class UnknownKeyError(DecryptionError):
    """The key it was encrypted with is not set."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The data key {name} is not set.")
        self.name = name


class CannotEncryptError(TypeError):
    """A statement would write to an encrypted column in a way that does not say for which row."""


class Ciphertext(str):
    """Ciphertext as it is stored: `1-.3f9c02ab.` and base64 of nonce, ciphertext and tag."""

    __slots__ = ()


class Keyring:
    """The key that encrypts, and all that decrypt. A key is called by eight hexadecimal digits that tell nothing of it."""

    def __init__(self, current: bytes, older: Iterable[bytes] = ()) -> None:
        self.current = key_name(current)
        self._keys = [current, *(key for key in older if key != current)]
        self._ciphers = {key_name(key): AESGCM(key) for key in self._keys}

    def knows(self, name: str) -> bool:
        return name in self._ciphers

    def hashes(self, text: str, purpose: str) -> list[str]:
        """Keyed hashes of a short secret, under the current key and then each older one, for what is looked up and too short for a plain hash."""
        return [_hash(key, text, purpose) for key in self._keys]

    def encrypt(self, plain: bytes, place: str, *, key: str | None = None) -> Ciphertext:
        """Encrypt for one place: table, column and primary key, as `cell_name` writes them. `key`: the name of another than the current."""
        name = key or self.current
        marked = _REDACTED if REDACTION_MARK.encode() in plain else _NOT_REDACTED
        header = f"{_VERSION}{marked}.{name}."
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[name].encrypt(nonce, plain, (place + header).encode())
        return Ciphertext(header + base64.b64encode(nonce + sealed).decode("ascii"))

    def decrypt(self, token: str, place: str) -> bytes:
        """What was encrypted for this place. Raises `DecryptionError`, `UnknownKeyError`."""
        header = token[:HEADER_LENGTH]
        cipher = self._ciphers.get(header[3:-1])
        if cipher is None:
            if token[:1] != _VERSION or header[-1:] != ".":
                raise DecryptionError("A value in an encrypted column is not encrypted.")
            raise UnknownKeyError(header[3:-1])
        try:
            packed = binascii.a2b_base64(token[HEADER_LENGTH:], strict_mode=True)
            return cipher.decrypt(packed[:_NONCE], packed[_NONCE:], (place + header).encode())
        except (InvalidTag, ValueError) as error:
            raise DecryptionError("A value was encrypted for another place, or was changed.") from error


def _hash(key: bytes, text: str, purpose: str) -> str:
    of_purpose = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    return hmac.new(of_purpose, text.encode(), hashlib.sha256).hexdigest()


def key_name(key: bytes) -> str:
    return hmac.new(key, b"assess: name of a data key", hashlib.sha256).hexdigest()[:8]


def derive_key(secret: str) -> bytes:
    """The data key of an installation that has none of its own: made from the secret key."""
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"assess: data key from the secret key, 1"
    ).derive(secret.encode())


def parse_key(written: str) -> bytes:
    """A key as it is set: 32 bytes in base64. Raises `ValueError`."""
    key = base64.b64decode(written, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


def cell_name(table: str, column: str, row: Iterable[object]) -> str:
    """The place of a value, as the database writes it for `column_expression`: names, and the primary key in its order."""
    return f"{table}.{column}|" + "".join(f"{primary_key_text(part)}|" for part in row)


def primary_key_text(part: object) -> str:
    """A part of a primary key, as the database writes it."""
    if isinstance(part, uuid.UUID):
        return part.hex
    if isinstance(part, enum.Enum):
        return str(part.value)
    return str(int(part) if isinstance(part, bool) else part)


# --- which keys belong to which database ------------------------------------------------------------
_keyrings: MutableMapping[Dialect, Keyring] = WeakKeyDictionary()
_test_keyring: list[Keyring] = []


def use_keys(engine: Engine, keys: Keyring) -> None:
    _keyrings[engine.dialect] = keys


def use_test_keys(keys: Keyring) -> None:
    """For tests: engines that were given no keys have these."""
    _test_keyring[:] = [keys]


def keyring_of(dialect: Dialect) -> Keyring:
    """The keys of an engine, by its dialect. Raises `CannotEncryptError` (it was given none)."""
    found = _keyrings.get(dialect)
    if found is not None:
        return found
    if _test_keyring:
        return _test_keyring[0]
    raise CannotEncryptError("This database was opened without a data key, and something encrypted was asked for.")


# --- the type ---------------------------------------------------------------------------------------
_SHORTEST, _LONGEST_DOUBLED = 128, 4096
_END = b"\xff"
"""Where a padded text ends: UTF-8 has no such byte."""


def pad(plain: bytes, kind: str) -> bytes:
    """Fill up text or JSON, so that ciphertext does not tell one answer from another by its length.

    To 128 bytes, which all codes of a closed question fit in, twice that up to 4,096, then multiples of 4,096. Files keep their length.
    """
    if kind == "bytes":
        return plain
    ended = plain + _END if kind == "text" else plain
    size = next(
        (_SHORTEST << n for n in range(6) if len(ended) <= _SHORTEST << n),
        -len(ended) // _LONGEST_DOUBLED * -_LONGEST_DOUBLED,
    )
    return ended.ljust(size)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


_PACK: Mapping[str, tuple[Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "text": (lambda value: str(value).encode(), lambda plain: plain.split(_END)[0].decode()),
    "json": (_json, json.loads),
    "bytes": (bytes, bytes),
}


class Encrypted(TypeDecorator[Any]):
    """A column whose values stand in the database as ciphertext. `kind`: `text`, `json` or `bytes`. None stays NULL."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def pack(self, value: object) -> bytes:
        return pad(_PACK[self.kind][0](value), self.kind)

    def unpack(self, plain: bytes) -> Any:  # noqa: ANN401  # whatever the column holds
        return _PACK[self.kind][1](plain)

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Take ciphertext alone: anything else got past `encrypt_on_write`, or is compared with the column."""
        if value is None or isinstance(value, Ciphertext):
            return value
        raise CannotEncryptError(
            "An encrypted column is written by a statement that names the row, and never compared."
        )

    def process_literal_param(self, value: object, dialect: Dialect) -> str:
        return str(self.process_bind_param(value, dialect))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401  # whatever the column holds
        """Decrypt what the database gave with the name of its place before it."""
        if value is None:
            return None
        place, bar, token = value.rpartition("|")
        return self.unpack(keyring_of(dialect).decrypt(token, place + bar))

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The ciphertext with the name of its place before it.

        Raises `CannotEncryptError` (the primary key is not at hand, as in a subquery that leaves it out).
        """
        stored = _stored_column(column)
        holder: Any = cast("Any", column).table
        place: ColumnElement[str] = literal_column(f"'{stored.table.name}.{stored.name}|'", Text)
        for key in stored.table.primary_key:
            part = key if isinstance(holder, Table) else holder.corresponding_column(key)
            if part is None:
                raise CannotEncryptError(f"{stored} cannot be read without the primary key of its row.")
            place = place.concat(_as_text(part)).concat(literal_column("'|'", Text))
        return type_coerce(place.concat(raw(column)), self)

    @property
    def python_type(self) -> type[Any]:
        return {"text": str, "json": object, "bytes": bytes}[self.kind]


def encrypted_text() -> Encrypted:
    return Encrypted("text")


def encrypted_json() -> Encrypted:
    """A column of JSON. None is NULL, never the JSON null."""
    return Encrypted("json")


def encrypted_bytes() -> Encrypted:
    """A column of bytes. They are stored in base64, a third longer."""
    return Encrypted("bytes")


def raw(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The ciphertext itself."""
    return type_coerce(column, Text)


def plain_length(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """How many bytes a file has, without decrypting it. Texts and JSON are padded, so it says nothing of them."""
    kept = func.length(func.rtrim(raw(column), "=")) - HEADER_LENGTH
    return kept * 3 // 4 - (_NONCE + _TAG)


def encrypted_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Encrypted)]


def _stored_column(column: ColumnElement[Any]) -> Column[Any]:
    """The column of the table that a column of an alias or a subquery stands for."""
    for one in column.proxy_set:
        if isinstance(one, Column) and isinstance(one.table, Table):
            return one.table.metadata.tables[one.table.key].columns[one.key]
    raise CannotEncryptError("An encrypted value is read from its own column alone.")


def _as_text(part: ColumnElement[Any]) -> ColumnElement[str]:
    written = sql_cast(part, Text)
    if isinstance(part.type, Uuid):
        return func.replace(written, literal_column("'-'", Text), literal_column("''", Text), type_=Text)
    return sql_cast(sql_cast(part, Integer), Text) if isinstance(part.type, Boolean) else written


# --- writing ----------------------------------------------------------------------------------------
_Row = dict[str, Any]
_Statement = TypeVar("_Statement", Insert, Update)


def encrypt_on_write(engine: Engine) -> None:
    """Have each INSERT and UPDATE of this engine carry ciphertext where it writes to an encrypted column."""
    event.listen(engine, "before_execute", _before_execute, retval=True)


def _before_execute(
    connection: Connection,
    statement: Any,  # noqa: ANN401  # whatever is executed
    many: Sequence[_Row],
    one: _Row,
    _options: Mapping[str, Any],
) -> tuple[Any, Sequence[_Row], _Row]:
    if not isinstance(statement, Insert | Update) or not isinstance(statement.table, Table):
        return statement, many, one
    encrypted = _encrypted_by_key(statement.table)
    if not encrypted:
        return statement, many, one
    keys = keyring_of(connection.dialect)
    if isinstance(statement, Insert):
        return _encrypt_insert(connection, statement, many, one, encrypted, keys)
    return _encrypt_update(statement, many, one, encrypted, keys)


def _encrypted_by_key(table: Table) -> Mapping[str, Column[Any]]:
    known: Mapping[str, Column[Any]] | None = table.info.get("assess.encrypted")
    if known is None:
        known = table.info["assess.encrypted"] = {column.key: column for column in encrypted_columns(table)}
    return known


def _encrypt_insert(
    connection: Connection,
    statement: Insert,
    many: Sequence[_Row],
    one: _Row,
    encrypted: Mapping[str, Column[Any]],
    keys: Keyring,
) -> tuple[Any, Sequence[_Row], _Row]:
    table = cast("Table", statement.table)
    _check_on_conflict(statement, encrypted)
    if statement._select_names and encrypted.keys() & {_column_key(name) for name in statement._select_names}:  # noqa: SLF001  # SQLAlchemy says it nowhere else
        raise CannotEncryptError(f"{table.name}: encrypted columns are not filled from a SELECT.")
    if statement._select_names:  # noqa: SLF001  # as above
        return statement, many, one
    if statement._multi_values:  # noqa: SLF001  # as above
        raise CannotEncryptError(f"{table.name}: give several rows as a list of parameters, not to values().")
    fixed = _fixed_values(statement, encrypted)

    def changed(row: _Row) -> _Row:
        given = {**{name: _bound_value(value, row) for name, value in fixed.items()}, **row}
        made = {
            key.key: _next_number(connection, key) if _is_autoincrement(key) else _column_default(key)
            for key in table.primary_key
            if given.get(key.key) is None
        }
        place = [made.get(key.key, given.get(key.key)) for key in table.primary_key]
        absent = {
            name: _column_default(one)
            for name, one in encrypted.items()
            if name not in given and one.default is not None
        }
        return {**made, **_encrypted_values({**absent, **given}, encrypted, keys, place)}

    if many:
        if encrypted.keys() & fixed.keys():
            raise CannotEncryptError(f"{table.name}: one value for many rows cannot be encrypted.")
        return statement, [{**row, **changed(row)} for row in many], {}
    new = changed(one)
    if not fixed:
        return statement, [], {**one, **new}
    return _with_values(statement, new), [], {name: value for name, value in one.items() if name not in new}


def _encrypt_update(
    statement: Update, many: Sequence[_Row], one: _Row, encrypted: Mapping[str, Column[Any]], keys: Keyring
) -> tuple[Any, Sequence[_Row], _Row]:
    table = cast("Table", statement.table)
    fixed = _fixed_values(statement, encrypted)
    written = fixed.keys() | (many[0].keys() if many else one.keys())
    if written & {key.key for key in table.primary_key}:
        raise CannotEncryptError(
            f"{table.name}: what is encrypted belongs to its row, whose primary key cannot be changed."
        )
    if not encrypted.keys() & written:
        return statement, many, one
    named = dict(_where_equalities(statement))

    def row_of(row: _Row) -> list[Any]:
        try:
            bound = [named[key.key] for key in table.primary_key]
        except KeyError:
            raise CannotEncryptError(
                f"{table.name}: an UPDATE of an encrypted column names one row by its whole primary key."
            ) from None
        return [_bound_value(value, row) for value in bound]

    def whole(row: _Row) -> _Row:
        given = {name: value for name, value in row.items() if name in encrypted}
        return {**row, **_encrypted_values(given, encrypted, keys, row_of(row))}

    if many:
        if encrypted.keys() & fixed.keys():
            raise CannotEncryptError(f"{table.name}: one value for many rows cannot be encrypted.")
        return statement, [whole(row) for row in many], {}
    ours = {name: _bound_value(value, one) for name, value in fixed.items() if name in encrypted}
    if ours:
        statement = _with_values(statement, _encrypted_values(ours, encrypted, keys, row_of(one)))
    return statement, [], whole(one)


def _encrypted_values(
    given: _Row, encrypted: Mapping[str, Column[Any]], keys: Keyring, row: Sequence[object]
) -> dict[str, Ciphertext | None]:
    return {name: _encrypt(given[name], column, keys, row) for name, column in encrypted.items() if name in given}


def _encrypt(value: Any, column: Column[Any], keys: Keyring, row: Sequence[object]) -> Ciphertext | None:  # noqa: ANN401  # whatever the column holds
    if value is None or isinstance(value, Ciphertext):
        return value
    if isinstance(value, ClauseElement):
        raise CannotEncryptError(f"{column}: an expression cannot be encrypted.")
    return keys.encrypt(cast("Encrypted", column.type).pack(value), cell_name(column.table.name, column.name, row))


def _fixed_values(statement: Insert | Update, encrypted: Mapping[str, Column[Any]]) -> _Row:
    """What stands in the statement itself, by the key of the column.

    Raises `CannotEncryptError` (an encrypted column is given by a parameter of another name, which may serve for something else too).
    """
    fixed = {_column_key(name): value for name, value in (statement._values or {}).items()}  # noqa: SLF001  # SQLAlchemy says it nowhere else
    for name, value in fixed.items():
        if name in encrypted and isinstance(value, BindParameter) and not value.unique:
            raise CannotEncryptError(
                f"{encrypted[name]}: give the value itself or a parameter called {name}, no bindparam()."
            )
    return fixed


def _bound_value(value: Any, row: _Row) -> Any:  # noqa: ANN401  # whatever the column holds
    """What a parameter in a statement stands for when it is executed with these."""
    return row.get(value.key, value.effective_value) if isinstance(value, BindParameter) else value


def _check_on_conflict(statement: Insert, encrypted: Mapping[str, Column[Any]]) -> None:
    """See that ON CONFLICT DO UPDATE puts no other ciphertext into a row than what was made for its primary key. Raises `CannotEncryptError`."""
    table = cast("Table", statement.table)
    primary = {key.key for key in table.primary_key}
    answer = statement._post_values_clause  # noqa: SLF001  # as above
    for clause in () if answer is None else iterate(answer):
        upsert: Any = clause
        for column, value in getattr(upsert, "update_values_to_set", {}).items():
            name = _column_key(column)
            if name not in encrypted and name not in primary:
                continue
            new = isinstance(value, Column) and value.key == name and getattr(value.table, "name", None) == "excluded"
            target = {_column_key(one) for one in upsert.inferred_target_elements or ()}
            same_row = target == primary or getattr(upsert, "constraint_target", None) == table.primary_key.name
            if not new or not same_row:
                raise CannotEncryptError(
                    f"{table.name}: ON CONFLICT sets {name} to excluded.{name} alone, where the primary key is the conflict."
                )


def _with_values(statement: _Statement, new: Mapping[str, object]) -> _Statement:
    own = {_column_key(name): name for name in statement._values or {}}  # noqa: SLF001  # as above
    columns = statement.table.columns
    return statement.values({own.get(name, columns[name]): value for name, value in new.items()})


def _column_key(column: object) -> str:
    return column if isinstance(column, str) else str(cast("Column[Any]", column).key)


def _where_equalities(statement: Update) -> Iterator[tuple[str, BindParameter[Any]]]:
    """What the WHERE of an UPDATE says a column of its table equals."""
    left = list(statement._where_criteria)  # noqa: SLF001  # as above
    while left:
        clause = left.pop()
        if isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
            left.extend(clause.clauses)
        elif isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
            for column, value in ((clause.left, clause.right), (clause.right, clause.left)):
                if (
                    isinstance(column, Column)
                    and column.table.name == cast("Table", statement.table).name
                    and isinstance(value, BindParameter)
                ):
                    yield column.key, value


def _column_default(column: Column[Any]) -> Any:  # noqa: ANN401  # whatever the column holds
    default: Any = column.default
    if default is None:
        raise CannotEncryptError(
            f"{column.table.name}: a row needs its {column.name} before anything in it is encrypted."
        )
    return default.arg(None) if default.is_callable else default.arg


def _is_autoincrement(key: Column[Any]) -> bool:
    return key.default is None and key.table.autoincrement_column is key


def _next_number(connection: Connection, key: Column[Any]) -> int:
    """The number the database would give to the next row: it has to be known before anything in the row is encrypted."""
    table = {"table": key.table.name}
    if connection.dialect.name == "postgresql":
        next_key = sql_text("SELECT nextval(pg_get_serial_sequence(:table, :key))")
        return int(connection.execute(next_key, {**table, "key": key.name}).scalar_one())
    # what AUTOINCREMENT itself does: a number that goes up and is never given twice, even after its row is gone
    books = {"not_audited": True}
    counted = sql_text("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = :table")
    if not connection.execute(counted, table, execution_options=books).rowcount:
        begun = sql_text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, 1)")
        connection.execute(begun, table, execution_options=books)
    return int(connection.execute(sql_text("SELECT seq FROM sqlite_sequence WHERE name = :table"), table).scalar_one())


@event.listens_for(Mapper, "before_insert")
def _set_primary_key(mapper: Mapper[Any], connection: Connection, made: object) -> None:
    """The unit of work inserts what has its primary key. SQLAlchemy would ask the database for a number only afterwards."""
    table = mapper.local_table
    if not isinstance(table, Table) or not _encrypted_by_key(table):
        return
    for key in table.primary_key:
        name = mapper.get_property_by_column(key).key
        if getattr(made, name) is None and _is_autoincrement(key):
            setattr(made, name, _next_number(connection, key))
        elif getattr(made, name) is None and key.default is not None:
            setattr(made, name, _column_default(key))
