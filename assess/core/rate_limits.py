"""Rate limits counted in the database, by client address or by session, under keyed hashes. Exceeding one raises 429."""

from __future__ import annotations

import functools
import hashlib
import hmac
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from flask import current_app, request
from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.exceptions import TooManyRequests

from assess.core import clock
from assess.core.db import Base, database

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Table
    from sqlalchemy.sql.dml import ReturningInsert

Parameters = ParamSpec("Parameters")
ViewReturn = TypeVar("ViewReturn")

_IPV6_NETWORK_BITS = 64
_SUBJECTS = "assess.known_subjects"
_DELETE_BATCH = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each span of `seconds`, for each subject."""

    name: str
    most: int
    seconds: int


SAVE_LIMIT = Limit("save", 120, 60)
OPEN_LINK_LIMIT = Limit("link", 30, 60)
START_LIMIT = Limit("start", 30, 3600)
PIN_LIMIT = Limit("pin", 5, 900)
PIN_DAY_LIMIT = Limit("pin-day", 20, 86_400)


@dataclass(frozen=True, slots=True)
class ExpensiveAction:
    """What takes seconds of the machine, or room for good. Limited for the one it is done for, and for the address that calls.

    No person at a form comes near these numbers; a program does that has gone mad, or is meant to do harm. Many businesses may call
    from one address, so it has ten times as much.
    """

    each: tuple[Limit, ...]
    address: Limit


CORRECT = ExpensiveAction(
    (Limit("correct", 30, 3600), Limit("correct-day", 100, 86_400)), Limit("correct-from", 300, 3600)
)
SUBMIT = ExpensiveAction((Limit("submit", 30, 3600), Limit("submit-day", 100, 86_400)), Limit("submit-from", 300, 3600))
CHANGE_ACTION = ExpensiveAction(
    (Limit("register", 600, 3600), Limit("register-day", 3000, 86_400)), Limit("register-from", 6000, 3600)
)
"""Each change of a plan stays in its history for good."""
ACCEPT_ALL_ACTIONS = ExpensiveAction(
    (Limit("together", 30, 3600), Limit("together-day", 100, 86_400)), Limit("together-from", 300, 3600)
)
"""The same for all of a plan in one go."""
RENDER_PDF = ExpensiveAction((Limit("pdf", 60, 3600),), Limit("pdf-from", 600, 3600))


class RateCounter(Base):
    """How often one subject did one thing in one span. Rows are deleted once `until` is past."""

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


def by_address() -> str:
    """The address that calls, as far as the trusted proxies tell it; of IPv6 the line, which has 2^64 addresses to call from."""
    address = request.remote_addr or "nobody"
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network(f"{found}/{_IPV6_NETWORK_BITS}", strict=False))
    return address


def set_limit_subjects(app: Flask, subjects: Sequence[Callable[[], str | None]]) -> None:
    """Have `by_session_or_address` ask these in turn for the caller: a name that is theirs alone, found in the database, or None."""
    app.extensions[_SUBJECTS] = tuple(subjects)


def by_session_or_address() -> str:
    """Who is signed in in this browser, else its guest session, else its address. What no table holds counts as nothing: a cookie can be made up."""
    asked: Sequence[Callable[[], str | None]] = current_app.extensions.get(_SUBJECTS, ())
    return next((found for find in asked if (found := find()) is not None), None) or by_address()


def rate_limited(
    limit: Limit, subject: Callable[[], str] = by_address, *, forms: bool = False
) -> Callable[[Callable[Parameters, ViewReturn]], Callable[Parameters, ViewReturn]]:
    """A decorator for views: above the limit the view is not run and the answer is 429. `forms`: a page costs nothing, what is sent counts."""

    def decorate(view: Callable[Parameters, ViewReturn]) -> Callable[Parameters, ViewReturn]:
        @functools.wraps(view)
        def counted(*args: Parameters.args, **kwargs: Parameters.kwargs) -> ViewReturn:
            if not forms or request.method == "POST":
                enforce_limit(limit, subject())
            return view(*args, **kwargs)

        return counted

    return decorate


def enforce_limit(limit: Limit, subject: str) -> None:
    """Count one more. Call it before the request's own session has begun to write.

    Raises `TooManyRequests` (above the limit; it knows in how many seconds to try again).
    """
    now = clock.now()
    span = int(now.timestamp()) // limit.seconds
    until = datetime.fromtimestamp((span + 1) * limit.seconds, UTC)
    key = _counter_key(limit, subject, span)
    with database().reading() as look:
        counted = look.scalar(select(RateCounter.count).where(RateCounter.key == key)) or 0
    if counted <= limit.most:  # what is refused anyway takes no write lock
        with database().writing() as session:
            counted = _increment(session, key, until)
            if counted == 1:
                _delete_some_expired(session, now)
    if counted > limit.most:
        raise TooManyRequests(retry_after=max(1, int((until - now).total_seconds())))


def enforce_expensive_limits(what: ExpensiveAction, whose: uuid.UUID) -> None:
    """Count one more of this. `whose` is the assessment or the link it is done for; the caller must have been let in already.

    What is refused to one does not count against the address, where others call from too. Raises `TooManyRequests` as `count` does.
    """
    for limit in what.each:
        enforce_limit(limit, str(whose))
    enforce_limit(what.address, by_address())


def delete_expired_counters(session: Session, now: datetime) -> None:
    session.execute(delete(RateCounter).where(RateCounter.until < now - timedelta(minutes=1)))


def _delete_some_expired(session: Session, now: datetime) -> None:
    """Delete some counters of spans that are over: each new row takes old ones with it, so the table never grows for long."""
    over = select(RateCounter.key).where(RateCounter.until < now - timedelta(minutes=1)).limit(_DELETE_BATCH)
    session.execute(delete(RateCounter).where(RateCounter.key.in_(over.with_for_update(skip_locked=True))))


def _counter_key(limit: Limit, subject: str, span: int) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"{limit.name} {span} {subject}".encode(), hashlib.sha256).hexdigest()


def _increment(session: Session, key: str, until: datetime) -> int:
    upsert = _upsert(session.get_bind().dialect.name)
    return session.scalars(upsert, {"key": key, "count": 1, "until": until}).one()


@functools.cache
def _upsert(dialect: str) -> ReturningInsert[int]:
    """The statement that counts, for one kind of database: it is the same for everybody, so it is made once."""
    table = cast("Table", RateCounter.__table__)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    row = insert(table)
    return row.on_conflict_do_update(index_elements=["key"], set_={"count": table.c.count + 1}).returning(table.c.count)
