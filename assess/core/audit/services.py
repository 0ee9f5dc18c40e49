"""Appends events to the hash chain: keys, allowed details and the fixed list of verbs."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Table, Uuid, bindparam, column, func, insert, literal, select, table
from sqlalchemy.orm import Session

from assess.core.db import dialect_insert
from assess.core.models import ActorKind, AuditEvent, AuditSubject

if TYPE_CHECKING:
    from assess.core.config import Settings

_CHAIN, _NAME, _WHO = "assess audit chain", "assess audit name of key", "assess audit who"


class AuditKeys:
    def __init__(self, secret: str, older: Sequence[str] = ()) -> None:
        self.name = _key_name(secret)
        self._chains = {_key_name(each): _derive(each, _CHAIN) for each in (*older, secret)}
        self._who = _derive(secret, _WHO)

    @classmethod
    def of(cls, settings: Settings) -> AuditKeys:
        return cls(settings.key, settings.old_secret_keys)

    def seal(self, words: str) -> str:
        """The hash of an event under the key of today, 64 hexadecimal digits."""
        return _hmac_hex(self._chains[self.name], words)

    def knows(self, name: str) -> bool:
        return name in self._chains

    def fits(self, name: str, words: str, seal: str) -> bool:
        """Whether this is the seal of these words under the key of this name. Never under a key that is not there."""
        key = self._chains.get(name)
        return key is not None and hmac.compare_digest(_hmac_hex(key, words), seal)

    def hide(self, token: str) -> str:
        """A name for the holder of this token: the same each time, and no way back to the token. 32 digits."""
        return _hmac_hex(self._who, token)[:32]


def _derive(secret: str, label: str) -> bytes:
    return hmac.new(secret.encode(), label.encode(), hashlib.sha256).digest()


def _key_name(secret: str) -> str:
    return _derive(secret, _NAME).hex()[:16]


def _hmac_hex(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


DetailValue = int | str

COUNT_DETAILS = frozenset(
    {"anchor", "answers", "count", "days", "drafts", "lines", "links", "months", "submitted", "version", "years"}
)
"""Names whose value is a number from 0 on."""

WORD_DETAILS: Mapping[str, frozenset[str]] = {
    "role": frozenset({"manager", "respondent", "signer", "buyer"}),
    "desk": frozenset({"coordinator", "administrator"}),
    "scope": frozenset({"buyer_copy", "plan", "answers", "evidence"}),
    "length": frozenset({"quick", "full"}),
    "second_step": frozenset({"totp", "passkey", "recovery_code"}),
    "together": frozenset({"phone", "visit"}),
}
"""Names whose value is a word of a list. None of them may ever be the id of a question, a section, a sector or an action of a plan."""

MAX_COUNT = 1_000_000_000


class InvalidDetailError(ValueError):
    """An event may not say this. The message names the detail and never its value."""


def clean_details(details: Mapping[str, DetailValue]) -> dict[str, DetailValue]:
    """The details, if all of them may be said. Raises `InvalidDetailError`."""
    for name, value in details.items():
        counts = name in COUNT_DETAILS and type(value) is int and 0 <= value <= MAX_COUNT
        if not counts and value not in WORD_DETAILS.get(name, ()):
            raise InvalidDetailError(f"An event of the audit log may not say this of “{name}”.")
    return dict(sorted(details.items()))


VERBS = frozenset(
    {
        "accepted",
        "added",
        "asked",
        "begun",
        "changed",
        "chosen",
        "claimed",
        "confirmed",
        "decided",
        "deleted",
        "disabled",
        "enabled",
        "ended",
        "entered",
        "exported",
        "extended",
        "finished",
        "given",
        "half way",
        "invited",
        "joined",
        "kept",
        "left",
        "lifted",
        "made",
        "moved",
        "narrowed",
        "opened",
        "proved",
        "published",
        "put back",
        "redacted",
        "refused",
        "reminded",
        "removed",
        "reopened",
        "resolved",
        "saved",
        "sent",
        "sent back",
        "settled",
        "shared",
        "signed",
        "signed in",
        "signed out",
        "stopped",
        "submitted",
        "suspended",
        "taken back",
        "taken out",
        "ticked off",
        "tried again",
        "undone",
        "widened",
        "written",
    }
)

FIRST_PREVIOUS_HASH = "0" * 64


_ASSESSMENTS = table("assessment", column("id", Uuid()))
"""By name only: the package of assessments lies above this one."""
_HEAD = select(AuditEvent.number, AuditEvent.hash).order_by(AuditEvent.number.desc()).limit(1)
_INSERT = insert(cast("Table", AuditEvent.__table__))
_ALIAS = select(AuditSubject.alias).where(AuditSubject.assessment_id == bindparam("assessment", type_=Uuid()))
# PostgreSQL alone needs it: SQLite has one writer anyway
_LOCK = select(func.pg_advisory_xact_lock(0x61756469))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changed something: the kind, and the reference `ActorKind` tells of."""

    kind: ActorKind
    reference: str | None = None


def job_actor(name: str) -> Actor:
    return Actor(ActorKind.JOB, name)


def command_actor(name: str) -> Actor:
    return Actor(ActorKind.COMMAND, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuditEvent:
    """What is to be recorded. `action` is a word of the table of permissions, `verb` one of `VERBS`.

    `about`: the kind and the id of the thing, where that is neither the assessment nor the organisation. `details`: as `clean_details` takes them.
    """

    action: str
    verb: str
    who: Actor
    about: tuple[str, uuid.UUID] | None = None
    assessment_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    details: Mapping[str, DetailValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest event: its number and its hash; 0 and zeros when there is none."""

    number: int
    hash: str


def chain_head(connection: Connection) -> ChainHead:
    row = connection.execute(_HEAD).first()
    return ChainHead(0, FIRST_PREVIOUS_HASH) if row is None else ChainHead(row.number, row.hash)


def append_event(session: Session, keys: AuditKeys, event: NewAuditEvent, now: datetime) -> int:
    """Append an event to what this session changes; both are kept or neither. Returns its number.

    Call it last: on PostgreSQL nobody else can append from here until this transaction ends.
    Raises `InvalidDetailError` when the details are not of those that may be said; `ValueError` for a verb that is not on the list.
    """
    if event.verb not in VERBS:
        raise ValueError(f"The audit log has no verb “{event.verb}”.")
    details = clean_details(event.details)
    session.flush()
    connection = session.connection()
    alias = None if event.assessment_id is None else get_assessment_alias(connection, event.assessment_id, make=True)
    if connection.dialect.name == "postgresql":
        # from here on nothing waits for a row that another connection holds while it waits for this
        connection.execute(_LOCK)
    about = event.about or _default_subject(event, alias)
    # its guest session stands in events under its alias: no way back
    gone = event.assessment_id is not None and alias is None
    before = chain_head(connection)
    row: dict[str, Any] = {
        "number": before.number + 1,
        "at": now.astimezone(UTC),
        "action": f"{event.action}: {event.verb}",
        "who_kind": event.who.kind,
        "who": None if gone and event.who.kind is ActorKind.VISIT else event.who.reference,
        "about_kind": about[0],
        "about_id": about[1],
        "assessment_alias": alias,
        "organisation_id": event.organisation_id,
        "details": details,
        "key_name": keys.name,
        "previous_hash": before.hash,
    }
    connection.execute(_INSERT, row | {"hash": keys.seal(canonical_json(row))})
    return before.number + 1


def get_assessment_alias(connection: Connection, assessment_id: uuid.UUID, *, make: bool = False) -> uuid.UUID | None:
    """Under which number the log speaks of this assessment. None when it never did, or when the assessment is gone.

    `make`: give it one if it has none.
    """
    found: uuid.UUID | None = connection.execute(_ALIAS, {"assessment": assessment_id}).scalar()
    if found is not None or not make:
        return found
    there = select(_ASSESSMENTS.c.id, literal(uuid.uuid4(), Uuid())).where(_ASSESSMENTS.c.id == assessment_id)
    # another process may be giving it one just now: theirs is waited for, and counts
    connection.execute(
        dialect_insert(connection, cast("Table", AuditSubject.__table__))
        .from_select(["assessment_id", "alias"], there)
        .on_conflict_do_nothing()
    )
    return connection.execute(_ALIAS, {"assessment": assessment_id}).scalar()


def canonical_json(row: Mapping[str, Any]) -> str:
    """What the hash of an event is taken over: every column but the hash itself, in one way of writing."""
    return json.dumps(
        {name: _json_value(value) for name, value in row.items() if name != "hash"},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )


def _json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, uuid.UUID) else value


def _default_subject(event: NewAuditEvent, alias: uuid.UUID | None) -> tuple[str | None, uuid.UUID | None]:
    """What an event is about that names nothing smaller."""
    # only the alias is kept, so that nothing leads to an assessment once it is gone; the event that says so names it
    if event.assessment_id is not None:
        return "assessment", None if alias else event.assessment_id
    return ("organisation", event.organisation_id) if event.organisation_id else (None, None)
