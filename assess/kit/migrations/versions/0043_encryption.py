"""Answers, notes, names and records are encrypted where they stand, and the triggers of what is frozen let a new key in.

Every row is read, encrypted and counted; nothing is committed unless all of them came through. On SQLite the tables are made anew, which
also overwrites what they held (`secure_delete`), and the file is compacted afterwards. On PostgreSQL the old versions of rows go
with VACUUM FULL, which locks the tables and is left to the operator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from assess.kit.encryption import Keyring, keys_of, padded, place_of

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None

compact_afterwards = True
"""What stood there in plain text must not stay behind in free pages and in the log."""

MARK = "1m."
"""How ciphertext begins in which words were taken out, as `assess.kit.encryption` had it when this was written."""

AT_ONCE = 200
_MOMENT = sa.DateTime(timezone=True)

COLUMNS: dict[str, dict[str, str]] = {
    "answer": {"value": "json"},
    "answer_event": {"before": "json", "after": "json"},
    "buyer_link": {"note": "text"},
    "comment": {"words": "text"},
    "contract": {
        "notes": "json",
        "tier_reason": "text",
        "asks_reason": "text",
        "decided_by": "text",
        "design": "text",
        "terms": "text",
        "management": "text",
    },
    "contract_event": {"by_name": "text", "before": "json", "after": "json"},
    "cover_file": {"content": "bytes"},
    "delegated_answer": {"value": "json"},
    "delegation": {"note": "text", "asked": "text"},
    "delegation_event": {"words": "text"},
    "other_result": {"decided_by": "text"},
    "letter_pause": {"reason": "text"},
    "name_decision": {"words": "text"},
    "outbox": {
        "to_address": "text",
        "sender_name": "text",
        "reply_to": "text",
        "subject": "text",
        "body": "text",
        "stop": "text",
    },
    "portfolio_file": {"content": "bytes"},
    "purchase_event": {"said": "json"},
    "purchase_line": {"good": "text", "country": "text", "share": "json", "supplier": "text"},
    "register_event": {"before": "json", "after": "json"},
    "register_evidence": {"title": "text"},
    "register_item": {"reason_text": "text", "owner": "text"},
    "reminder": {"address": "text"},
    "rendered": {"content": "bytes"},
    "share_file": {"content": "bytes"},
    "share_grant": {"buyer": "text", "document": "json"},
    "sign_event": {"words": "text"},
    "sign_off": {"name": "text", "job": "text"},
    "sign_request": {"note": "text"},
    "submission": {"record": "json"},
    "submission_seal": {"data": "json"},
    "summary_file": {"content": "bytes"},
    "supplier_event": {"details": "json"},
    "supplier_import": {"message": "text", "told": "json"},
    "supplier_import_row": {"values": "json", "faults": "json"},
    "supplier_invitation": {"message": "text"},
    "talk_word": {"words": "text"},
}
"""Which columns are encrypted from here on, and what they hold."""

_OF_ASSESSMENT = "redaction.assessment_id = OLD.assessment_id"
_OF_SUBMISSION = "redaction.assessment_id = (SELECT assessment_id FROM submission WHERE submission.id = OLD.submission_id)"
_SUBMITTED = "EXISTS (SELECT 1 FROM submission WHERE submission.id = OLD.submission_id)"
_SUPPLIER = "EXISTS (SELECT 1 FROM supplier WHERE id = OLD.supplier_id)"
_FROZEN = {
    "submission": (
        _OF_ASSESSMENT,
        "EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id)",
        ("id", "assessment_id", "number", "edition_id", "engine", "digest", "sector", "score", "band", "made_at"),
        "assessment",
    ),
    "answer_event": (
        _OF_ASSESSMENT,
        "EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id)",
        ("id", "assessment_id", "part", "question", "revision", "at"),
        "assessment",
    ),
    "purchase_event": (
        _OF_ASSESSMENT,
        "EXISTS (SELECT 1 FROM purchase_line WHERE purchase_line.assessment_id = OLD.assessment_id"
        " AND purchase_line.number = OLD.number)",
        ("assessment_id", "number", "revision", "at"),
        "line",
    ),
    "register_event": (
        _OF_SUBMISSION,
        _SUBMITTED,
        ("id", "submission_id", "key", "revision", "what", "at"),
        "submission",
    ),
    "submission_seal": (_OF_SUBMISSION, _SUBMITTED, ("submission_id",), "submission"),
}
"""Of each table in which words can be taken out: which redaction is meant, what keeps a row there, columns that never change, and with
what a row goes."""
_TRAILS = {
    "contract_event": (
        ("id", "supplier_id", "contract_id", "title", "revision", "what", "at"),
        "an entry of the history stays as it is",
    ),
    "supplier_event": (("id", "supplier_id", "what", "at"), "an entry of the trail stays as it is"),
}
"""The same of histories whose entries may forget who wrote them, and what is said when more is tried."""


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_data_key"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    # which format a copy has is looked for at each start; afterwards no database can see it in the copy
    op.add_column("share_grant", sa.Column("format", sa.Integer(), nullable=False, server_default="0"))
    kept = "json_extract(document, '$.format')" if sqlite else "CAST(document ->> 'format' AS integer)"
    op.execute(f"UPDATE share_grant SET format = coalesce({kept}, 0)")  # noqa: S608  # our own table
    rows = sum((_rebuild if sqlite else _alter)(table, columns) for table, columns in COLUMNS.items())
    for table in (*_FROZEN, *_TRAILS):
        _freeze(table, sqlite=sqlite)
    if rows:
        _note_key()


def _note_key() -> None:
    keys = keys_of(op.get_bind().dialect)
    row = {
        "name": keys.current,
        "proof": keys.encrypt(b"assess", place_of("data_key", "proof", [keys.current])),
        "made_at": datetime.now(UTC).replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else datetime.now(UTC),
    }
    op.get_bind().execute(
        sa.table("data_key", sa.column("name"), sa.column("proof"), sa.column("made_at", _MOMENT)).insert(), row
    )


def _plain(value: Any, kind: str) -> bytes:  # noqa: ANN401  # whatever the driver gives
    """A stored value as it is encrypted. SQLite keeps a bare number of JSON as a number; the driver of PostgreSQL is not asked to read JSON."""
    if kind == "json":
        return (value if isinstance(value, str) else json.dumps(value)).encode()
    return bytes(value) if kind == "bytes" else str(value).encode()


def _encrypted(keys: Keyring, table: str, column: str, kind: str, key: Sequence[object], value: object) -> str | None:
    return None if value is None else keys.encrypt(padded(_plain(value, kind), kind), place_of(table, column, key))


# --- SQLite: each table anew ----------------------------------------------------------------------


def _rebuild(table: str, columns: dict[str, str]) -> int:
    """The same table with columns of text for ciphertext. Indexes and triggers come back word for word. Returns how many rows it has."""
    bind = op.get_bind()
    (made,) = _words(table, "table")
    hanging_on_it = [*_words(table, "index"), *_words(table, "trigger")]
    counts = "AUTOINCREMENT" in made.upper()
    sequence = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last = bind.scalar(sequence, {"name": table}) if counts else None
    bind.exec_driver_sql(_with_text_columns(table, made, columns))
    rows = _copy(table, columns)
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    if counts:  # the row is there from the start, so that the first number is given by the same statements as all others
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        bind.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), {"name": table, "last": last or 0}
        )
    for words in hanging_on_it:
        bind.exec_driver_sql(words)
    return rows


def _words(table: str, kind: str) -> list[str]:
    found = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql IS NOT NULL")
    return list(op.get_bind().scalars(found, {"table": table, "kind": kind}))


def _with_text_columns(table: str, made: str, columns: dict[str, str]) -> str:
    words = [(rf"CREATE TABLE \"?{table}\"?", f"CREATE TABLE {table}_anew")]
    words += [(rf"(?m)((?:^|,)\s*\"?{name}\"?) (?:JSON|BLOB|DOUBLE|VARCHAR(?:\(\d+\))?)", r"\1 TEXT") for name in columns]
    for before, after in words:
        made, times = re.subn(before, after, made)
        if times != 1:
            raise ValueError(f"{table} is not made as it was")
    return made


def _copy(table: str, columns: dict[str, str]) -> int:
    driver: Any = op.get_bind().connection.driver_connection
    about = driver.execute(f'PRAGMA table_info("{table}")').fetchall()
    names = [name for _, name, *_ in about]
    key = [name for place, name in sorted((row[5], row[1]) for row in about if row[5])]
    reading, rows = driver.cursor(), 0
    listed = ", ".join(f'"{name}"' for name in names)
    reading.execute(f"SELECT {listed} FROM {table}")  # noqa: S608  # our own tables
    while some := reading.fetchmany(AT_ONCE):
        keys = keys_of(op.get_bind().dialect)
        new = []
        for row in some:
            said = dict(zip(names, row, strict=True))
            place = [said[name] for name in key]
            for name, kind in columns.items():
                said[name] = _encrypted(keys, table, name, kind, place, said[name])
            new.append(tuple(said.values()))
        marks = ", ".join("?" for _ in names)
        driver.executemany(f"INSERT INTO {table}_anew ({listed}) VALUES ({marks})", new)  # noqa: S608  # as above
        rows += len(new)
    return rows


# --- PostgreSQL: in place -------------------------------------------------------------------------


def _alter(table: str, columns: dict[str, str]) -> int:
    bind = op.get_bind()
    bound = list(_triggers_of_columns(table))
    for name, _ in bound:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name, kind in columns.items():
        text = f"encode(\"{name}\", 'base64')" if kind == "bytes" else f'"{name}"::text'
        op.execute(f'ALTER TABLE {table} ALTER COLUMN "{name}" TYPE TEXT USING {text}')
    rows = sum(_update(table, columns, some) for some in _batches(table, columns))
    op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for _, words in bound:
        bind.exec_driver_sql(words)
    return rows


def _triggers_of_columns(table: str) -> Iterator[tuple[str, str]]:
    """Triggers that speak of columns stand in the way of a new type."""
    found = sa.text(
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal AND tgattr::text <> ''"
    )
    for name, words in op.get_bind().execute(found, {"table": table}):
        yield name, words


def _key(table: str) -> list[str]:
    return list(sa.inspect(op.get_bind()).get_pk_constraint(table)["constrained_columns"])


def _batches(table: str, columns: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    names = [*_key(table), *columns]
    listed = ", ".join(f'"{name}"' for name in names)
    order = ", ".join(f'"{name}"' for name in _key(table))
    # the rows as they stood when this began: what is updated meanwhile does not come again
    op.execute(f"DECLARE to_encrypt NO SCROLL CURSOR FOR SELECT {listed} FROM {table} ORDER BY {order}")  # noqa: S608  # our own tables
    while some := op.get_bind().exec_driver_sql(f"FETCH {AT_ONCE} FROM to_encrypt").all():
        yield [dict(zip(names, row, strict=True)) for row in some]
    op.execute("CLOSE to_encrypt")


def _update(table: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> int:
    import base64  # noqa: PLC0415  # for what was bytes a moment ago

    keys, key = keys_of(op.get_bind().dialect), _key(table)
    new = []
    for row in rows:
        place = [row[name] for name in key]
        values: dict[str, Any] = {f"k{number}": row[name] for number, name in enumerate(key)}
        for number, (name, kind) in enumerate(columns.items()):
            value = row[name]
            if kind == "bytes" and value is not None:
                value = base64.b64decode(value)
            values[f"v{number}"] = _encrypted(keys, table, name, kind, place, value)
        new.append(values)
    sets = ", ".join(f'"{name}" = %(v{number})s' for number, name in enumerate(columns))
    here = " AND ".join(f'"{name}" = %(k{number})s' for number, name in enumerate(key))
    op.get_bind().exec_driver_sql(f"UPDATE {table} SET {sets} WHERE {here}", new)  # noqa: S608  # as above
    return len(new)


# --- what is frozen -------------------------------------------------------------------------------


def _freeze(table: str, *, sqlite: bool) -> None:
    """What may change in a row of a history: with an open redaction, texts in which words were taken out; while there is more than one
    data key, ciphertext of the same length under another key. Whether it holds the same, no database without the key can see."""
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    fixed, says = (_FROZEN[table][2], f"a row of {table} is never changed") if table in _FROZEN else _TRAILS[table]
    stays = " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in fixed)
    texts = list(COLUMNS[table])
    kept = {name: f'NEW."{name}" {same} OLD."{name}"' for name in texts}
    anew = " AND ".join(
        f'({kept[name]} OR (length(NEW."{name}") = length(OLD."{name}") AND substr(NEW."{name}", 1, 3) = substr(OLD."{name}", 1, 3)'
        f' AND substr(NEW."{name}", 4, 8) <> substr(OLD."{name}", 4, 8)))'
        for name in texts
    )
    turning = f"(SELECT count(*) FROM data_key) > 1 AND {anew}"
    if table in _FROZEN:
        whose, there, _, goes_with = _FROZEN[table]
        marked = " AND ".join(f"({kept[name]} OR substr(NEW.\"{name}\", 1, 3) = '{MARK}')" for name in texts)
        redacting = f"EXISTS (SELECT 1 FROM redaction WHERE {whose} AND redaction.finished_at IS NULL)"
        if table != "submission_seal":  # a seal holds salts and hashes, no words
            redacting += f" AND {marked}"
        may = f"{stays} AND (({redacting}) OR ({turning}))"
        alone = f"a row of {table} goes only with its {goes_with}"
    else:
        there, alone = _SUPPLIER, says
        forgets = f"NEW.by_person IS NULL AND {' AND '.join(kept.values())}"
        may = f"{stays} AND (({forgets}) OR (NEW.by_person {same} OLD.by_person AND {turning}))"
    if sqlite:
        op.execute(f"DROP TRIGGER {table}_is_frozen")
        op.execute(
            f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE ON {table} WHEN NOT ({may}) "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    function = f"{table}_is_frozen" if table in _FROZEN else f"{table}_stays"
    refused = " USING ERRCODE = 'integrity_constraint_violation'" if table in _FROZEN else ""
    op.execute(
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {may} THEN RETURN NEW; END IF; RAISE EXCEPTION '{says}'{refused}; END IF; "
        f"IF {there} THEN RAISE EXCEPTION '{alone}'{refused}; END IF; "
        "RETURN OLD; END $$"
    )
