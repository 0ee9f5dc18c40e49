"""How an event is appended: as the last step of the transaction that changes something, one after the other, each closed over the one before."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, Uuid, bindparam, column, func, insert, literal, select, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assess.kit.audit.details import Detail, fit
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditAlias, AuditEvent, WhoKind
from assess.kit.audit.verbs import VERBS

FIRST = "0" * 64
"""What stands for the hash before the first event."""

_ONE_AT_A_TIME = 0x61756469
"""The number of the lock on PostgreSQL. SQLite has one writer anyway."""

_EVENTS = cast("Table", AuditEvent.__table__)
_ALIASES = cast("Table", AuditAlias.__table__)
_ASSESSMENTS = table("assessment", column("id", Uuid()))
"""By name only: the room of assessments lies above this one."""
_HEAD = select(AuditEvent.number, AuditEvent.hash).order_by(AuditEvent.number.desc()).limit(1)
_INSERT = insert(_EVENTS)
_ALIAS = select(AuditAlias.alias).where(AuditAlias.assessment_id == bindparam("assessment", type_=Uuid()))
_LOCK = select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME))


@dataclass(frozen=True, slots=True)
class Who:
    """Who changed something: the kind, and the reference `WhoKind` tells of."""

    kind: WhoKind
    reference: str | None = None


def by_job(name: str) -> Who:
    """Background work of this name."""
    return Who(WhoKind.JOB, name)


def by_command(name: str) -> Who:
    """A command of this name, on the command line or when the site starts."""
    return Who(WhoKind.COMMAND, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be recorded. `action` is a word of the table of permissions, `verb` one of `verbs.VERBS`.

    `about`: the kind and the id of the thing, where that is neither the assessment nor the organisation. `details`: `details.fit`.
    """

    action: str
    verb: str
    who: Who
    about: tuple[str, uuid.UUID] | None = None
    assessment_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event: its number and its hash; 0 and zeros when there is none."""

    number: int
    hash: str


def head_of(connection: Connection) -> Head:
    """The newest event."""
    row = connection.execute(_HEAD).first()
    return Head(0, FIRST) if row is None else Head(row.number, row.hash)


def record(session: Session, keys: Keys, deed: Deed, moment: datetime) -> int:
    """Append an event to what this session changes; both are kept or neither. Returns its number.

    Call it last: on PostgreSQL nobody else can append from here until this transaction ends.

    Raises:
        DetailUnfitError: when the details are not of those that may be said.
        ValueError: for a verb that is not on the list.
    """
    if deed.verb not in VERBS:
        raise ValueError(f"The audit log has no verb “{deed.verb}”.")
    details = fit(deed.details)
    session.flush()
    connection = session.connection()
    alias = None if deed.assessment_id is None else alias_of(connection, deed.assessment_id, make=True)
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)  # from here on nothing waits for a row that somebody holds who waits for this
    about = deed.about or _about_whole(deed, alias)
    gone = deed.assessment_id is not None and alias is None  # its visit stands in events under its alias: no way back
    before = head_of(connection)
    row: dict[str, Any] = {
        "number": before.number + 1,
        "at": moment.astimezone(UTC),
        "action": f"{deed.action}: {deed.verb}",
        "who_kind": deed.who.kind,
        "who": None if gone and deed.who.kind is WhoKind.VISIT else deed.who.reference,
        "about_kind": about[0],
        "about_id": about[1],
        "assessment_alias": alias,
        "organisation_id": deed.organisation_id,
        "details": details,
        "key_name": keys.name,
        "previous_hash": before.hash,
    }
    connection.execute(_INSERT, row | {"hash": keys.seal(words_of(row))})
    return before.number + 1


def alias_of(connection: Connection, assessment_id: uuid.UUID, *, make: bool = False) -> uuid.UUID | None:
    """Under which number the log speaks of this assessment. None when it never did, or when the assessment is gone.

    `make`: give it one if it has none.
    """
    found: uuid.UUID | None = connection.execute(_ALIAS, {"assessment": assessment_id}).scalar()
    if found is not None or not make:
        return found
    there = select(_ASSESSMENTS.c.id, literal(uuid.uuid4(), Uuid())).where(_ASSESSMENTS.c.id == assessment_id)
    anew = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # somebody else may be giving it one just now: theirs is waited for, and counts
    connection.execute(anew(_ALIASES).from_select(["assessment_id", "alias"], there).on_conflict_do_nothing())
    return connection.execute(_ALIAS, {"assessment": assessment_id}).scalar()


def words_of(row: Mapping[str, Any]) -> str:
    """What the hash of an event is taken over: every column but the hash itself, in one way of writing."""
    return json.dumps(
        {name: _plain(value) for name, value in row.items() if name != "hash"},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, uuid.UUID) else value


def _about_whole(deed: Deed, alias: uuid.UUID | None) -> tuple[str | None, uuid.UUID | None]:
    """What an event is about that names nothing smaller.

    Of an assessment only the alias is kept, so that nothing leads to it once it is gone; the event that says so has to name it.
    """
    if deed.assessment_id is not None:
        return "assessment", None if alias else deed.assessment_id
    return ("organisation", deed.organisation_id) if deed.organisation_id else (None, None)
