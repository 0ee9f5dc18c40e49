"""How often something was done, counted in one table of the database under hashes: `enforce_limit` for requests, `use_quotas` for what is sent.

A limit is counted in a transaction of its own, before the request is looked at, and stays counted whatever becomes of it; exceeding
it raises 429. A quota is counted in the transaction that does what is counted, and is given back where that fails.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import current_app, g, request
from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.exceptions import TooManyRequests

from assess.core import clock
from assess.core.db import Base, JsonDict, database, dialect_insert
from assess.core.route_permissions import STORED_PAGE

if TYPE_CHECKING:
    from flask import Flask

Parameters = ParamSpec("Parameters")
ViewReturn = TypeVar("ViewReturn")

_IPV6_NETWORK_BITS = 64
_SUBJECTS = "assess.known_subjects"
_DELETE_BATCH = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each span of `seconds`, for each subject.

    Spans begin by the clock, so that around the turn of two of them twice as much may come. `sliding`: it holds in any span of this
    length, as guesses at a password need it; for few times, for their moments are kept.
    """

    name: str
    most: int
    seconds: int
    sliding: bool = False


SAVE_LIMIT = Limit("save", 120, 60)
OPEN_LINK_LIMIT = Limit("link", 30, 60)
START_LIMIT = Limit("start", 30, 3600)
PIN_LIMIT = Limit("pin", 5, 900, sliding=True)
PIN_DAY_LIMIT = Limit("pin-day", 20, 86_400, sliding=True)
"""Wrong PINs of one link: from one address, and from all of them together."""


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
    """How often one subject did one thing. `key` is a hash: nobody reads from it who did what. Rows are deleted once `until` is past."""

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    """In a span that ends at `until`; 0 where `moments` are kept."""
    moments: Mapped[JsonDict | None]
    """{"at": [seconds since 1970, …]}, oldest first. Of an account: {"from": [[keyed hash of an address that called, …], …]}, from where it was signed in to."""
    until: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Quota:
    """What may be done `most` times until a moment. `what` says whose it is and from when."""

    what: str
    most: int
    until: datetime

    @property
    def key(self) -> str:
        """Without the secret key, which jobs do not have at hand: a quota of a year goes on when that changes."""
        return hashlib.sha256(self.what.encode()).hexdigest()


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
    subjects: Sequence[Callable[[], str | None]] = current_app.extensions.get(_SUBJECTS, ())
    return next((found for find in subjects if (found := find()) is not None), None) or by_address()


def rate_limited(
    limit: Limit, subject: Callable[[], str] = by_address, *, forms: bool = False
) -> Callable[[Callable[Parameters, ViewReturn]], Callable[Parameters, ViewReturn]]:
    """A decorator for views: above the limit the view is not run and the answer is 429. `forms`: a page costs nothing, what is sent counts."""

    def decorate(view: Callable[Parameters, ViewReturn]) -> Callable[Parameters, ViewReturn]:
        @functools.wraps(view)
        def counted(*args: Parameters.args, **kwargs: Parameters.kwargs) -> ViewReturn:
            # a page that answered a form was counted then; whoever looks at it again does nothing
            if (not forms or request.method == "POST") and STORED_PAGE not in g:
                enforce_limit(limit, subject())
            return view(*args, **kwargs)

        return counted

    return decorate


def enforce_limit(limit: Limit, subject: str) -> None:
    """Count one more, unless there were enough. Call it before the request's own session has begun to write.

    Raises `TooManyRequests` (above the limit; it knows in how many seconds to try again).
    """
    now = clock.now()
    until = _end_of_span(limit, now)
    key = _counter_key(limit, subject, now)
    with database().reading() as session:  # what is refused anyway takes no write lock
        known = session.get(RateCounter, key)
        wait = None if known is None else _seconds_to_wait(known, limit, now)
    if wait is None:
        with database().writing() as session:
            counter = lock_counter(session, key, until)
            wait = _seconds_to_wait(counter, limit, now)
            if wait is None and limit.sliding:
                moments = {"at": [*_recent_moments(counter, limit, now), now.timestamp()]}
                save_counter(session, key, moments=moments, until=until)
            elif wait is None:
                save_counter(session, key, count=counter.count + 1)
                if not counter.count:
                    _delete_some_expired(session, now)
    if wait is not None:
        raise TooManyRequests(retry_after=wait)


def take_back(limit: Limit, subject: str) -> None:
    """Count one less: what `enforce_limit` counted before it was looked at was right, and this limit is for what is wrong. For sliding limits."""
    now = clock.now()
    key, until = _counter_key(limit, subject, now), _end_of_span(limit, now)
    with database().writing() as session:
        counter = lock_counter(session, key, until)
        save_counter(session, key, moments={"at": _recent_moments(counter, limit, now)[:-1]})


def use_quotas(session: Session, quotas: Sequence[Quota]) -> bool:
    """Count one more of each, in the transaction of the caller. False: one is used up, nothing was counted and nothing may be done."""
    for quota in quotas:  # what is used up is read and not locked
        if (session.scalar(select(RateCounter.count).where(RateCounter.key == quota.key)) or 0) >= quota.most:
            return False
    used = [lock_counter(session, quota.key, quota.until).count for quota in quotas]
    if any(count >= quota.most for count, quota in zip(used, quotas, strict=True)):
        return False
    for count, quota in zip(used, quotas, strict=True):
        save_counter(session, quota.key, count=count + 1)
    return True


def lock_counter(session: Session, key: str, until: datetime) -> RateCounter:
    """The counter, made until then where there is none. Of callers at the same time one has it until its transaction ends."""
    row = dialect_insert(session, RateCounter).values(key=key, count=0, until=until)
    locked = row.on_conflict_do_update(index_elements=["key"], set_={"key": key}).returning(RateCounter)
    return session.scalars(locked, execution_options={"populate_existing": True}).one()


def save_counter(session: Session, key: str, **values: object) -> None:
    """Write what a locked counter holds from now on, in the same statement whatever it held: an answer takes as long for everybody."""
    changed = update(RateCounter).where(RateCounter.key == key).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))


def keyed_hash(text: str) -> str:
    return hmac.new(str(current_app.secret_key).encode(), text.encode(), hashlib.sha256).hexdigest()


def enforce_expensive_limits(what: ExpensiveAction, whose: uuid.UUID) -> None:
    """Count one more of this. `whose` is the assessment or the link it is done for; the caller must have been let in already.

    What is refused to one does not count against the address, where others call from too. Raises `TooManyRequests` as `enforce_limit` does.
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


def _counter_key(limit: Limit, subject: str, now: datetime) -> str:
    return keyed_hash(f"{limit.name} {'any' if limit.sliding else _end_of_span(limit, now).isoformat()} {subject}")


def _end_of_span(limit: Limit, now: datetime) -> datetime:
    at = now.timestamp()
    return datetime.fromtimestamp(
        at + limit.seconds if limit.sliding else (at // limit.seconds + 1) * limit.seconds, UTC
    )


def _seconds_to_wait(counter: RateCounter, limit: Limit, now: datetime) -> int | None:
    """In how many seconds there is one more; None when there is one now."""
    recent = _recent_moments(counter, limit, now)
    if (len(recent) if limit.sliding else counter.count) < limit.most:
        return None
    free_at = recent[-limit.most] + limit.seconds if limit.sliding else counter.until.timestamp()
    return max(1, round(free_at - now.timestamp()))


def _recent_moments(counter: RateCounter, limit: Limit, now: datetime) -> list[float]:
    since = now.timestamp() - limit.seconds
    return [at for at in (counter.moments or {}).get("at", ()) if at > since]
