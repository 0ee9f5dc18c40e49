"""Rows as the database has them, but for what is encrypted: tests that look past our own code see what anybody with the key would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from assess.core.config import Settings
from assess.core.db import Base
from assess.core.encryption import HEADER_LENGTH, Ciphertext, Encrypted, Keyring, cell_name

_NOT_ENCRYPTED = "1-.00000000."
KEYS = Settings(env="development").data_keys


class NoKeys(Keyring):
    """Encrypts nothing: for seeing that a search of files finds what is there."""

    def __init__(self) -> None:
        super().__init__(bytes(32))

    def encrypt(self, plain: bytes, place: str, *, key: str | None = None) -> Ciphertext:  # noqa: ARG002  # as the real one
        return Ciphertext(_NOT_ENCRYPTED + plain.decode("latin-1"))

    def decrypt(self, token: str, place: str) -> bytes:
        return (
            token[HEADER_LENGTH:].encode("latin-1") if token.startswith(_NOT_ENCRYPTED) else KEYS.decrypt(token, place)
        )


def readable_rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    """All rows of a table, decrypted."""
    found = connection.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608  # our own tables
    sqlite = connection.dialect.name == "sqlite"
    return [readable(table.strip('"'), row, written_json=sqlite) for row in found]


def readable(table: str, row: Mapping[str, Any], *, written_json: bool = False) -> dict[str, Any]:
    """A row with its primary key, decrypted. Of an earlier release it was never encrypted and says the same.

    `written_json`: the driver does not read JSON.
    """
    known = Base.metadata.tables.get(table)
    return {
        name: _plain(known.columns[name].type, table, name, row, value, written_json=written_json)
        if known is not None and name in known.columns and isinstance(known.columns[name].type, Encrypted)
        else value
        for name, value in row.items()
    }


def is_token(value: object) -> bool:
    """Whether this is ciphertext."""
    return isinstance(value, str) and value[:1] == "1" and value[HEADER_LENGTH - 1 : HEADER_LENGTH] == "."


def _plain(kind: Any, table: str, name: str, row: Mapping[str, Any], value: Any, *, written_json: bool) -> Any:
    if is_token(value):
        place = cell_name(table, name, [row[key.name] for key in Base.metadata.tables[table].primary_key])
        return kind.unpack(KEYS.decrypt(value, place))
    if kind.kind == "json" and isinstance(value, str) and written_json:
        return json.loads(value)
    return bytes(value) if isinstance(value, memoryview) else value
