"""Every form ends in a redirect: a page that would answer a POST is stored sealed, and shown by GET at the same address with an opaque number.

So Back, reload and a second look show it again, and no browser asks whether to send a form twice. The key is made from the cookie of the
visit and is nowhere else. `requires` has the caller checked again before such a page is shown, and never runs the view for it.
"""

from __future__ import annotations

import json
import secrets
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response, current_app, g, redirect, request
from flask import session as form_cookie
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response as AnyResponse

from assess.core import clock
from assess.core.db import NO_SYNCHRONIZE, Base, UuidKey, database
from assess.core.errors import ErrorText, error_page
from assess.core.links import hash_token, new_token
from assess.core.logs import code_location, log
from assess.core.rate_limits import by_address, keyed_hash, lock_counter, save_counter
from assess.core.route_permissions import STATE_SHOWN, STORED_PAGE, VIEW_REACHED
from assess.core.security import PAGES_SECRET, STORED_PAGES_ENDED

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PAGE_LASTS = timedelta(minutes=15)
PAGES_FROM_ADDRESS = 600
"""Stored at most from one address in a quarter of an hour. Above that a page is the answer itself, as with a page that is too long."""
MAX_STORED_BYTES = 64 * 1024
_PARAMETER, _NUMBER = "shown", "assess.stored_page_number"
_PADDED_TO, _NONCE, _DELETE_BATCH = 4096, 12, 20
_KEPT_HEADERS = ("Retry-After",)
PAGE_OVER = ErrorText(
    "We cannot show this page again",
    (
        "A page like this can be seen again for 15 minutes, in the same browser, until you leave or sign out. Whatever you saved is safe.",
        "Go back to the page before it, or to the first page.",
    ),
)


class StoredPage(UuidKey, Base):
    """One page that answered a form. `browser_hash`: of a secret in the cookie of forms, which alone gives the key of `sealed`."""

    __tablename__ = "stored_page"

    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class _Page:
    """`checked`: the view was reached, so whoever wants to see it again is checked again. Other pages give back what this browser typed, and no more.

    `state`: of the submission it tells of; once there is another, it is over.
    """

    status: int
    checked: bool
    state: str | None
    headers: list[tuple[str, str]]
    body: bytes

    def response(self) -> AnyResponse:
        if self.checked and self.state != _state_shown():
            return _page_over()
        return Response(self.body, self.status, self.headers, content_type="text/html; charset=utf-8")


def set_up_post_redirects(app: Flask) -> None:
    """Call it after what packs pages, and before what logs: lines of the log have the status of the page itself."""

    @app.before_request
    def show_stored_page() -> AnyResponse | None:
        number = _wanted_number()
        if number is None:
            return None
        page = _load(number)
        if page is None:
            return _page_over()
        setattr(g, STORED_PAGE, page.response)
        return None if page.checked else page.response()

    @app.after_request
    def redirect_to_stored_page(response: Response) -> Response:
        ended = g.get(STORED_PAGES_ENDED)
        if ended:
            _delete_pages_of(ended)
        if request.method != "POST" or response.mimetype != "text/html" or 300 <= response.status_code < 400:  # noqa: PLR2004  # redirects
            return response
        # without its cookie a page could not be opened again; who sends to an address that takes no form is no browser on a page of ours;
        # and a database that was too busy for a form is not asked to store the page that says so
        has_cookie = app.session_interface.get_cookie_name(app) in request.cookies
        if request.endpoint is None or not has_cookie or response.status_code == ServiceUnavailable.code:
            return response
        number = _store(response)
        if number is not None:
            query = request.query_string.decode("ascii", "ignore")
            response.set_data(b"")
            response.headers.remove("Content-Type")
            response.status_code = 303
            response.headers["Location"] = (
                f"{quote(request.path)}?{query}{'&' if query else ''}{_PARAMETER}={number.hex}"
            )
        return response


def take_stored_page_number(environ: WSGIEnvironment) -> None:
    """Take the number out of the query, so that no view, link or log line ever meets it."""
    query = environ.get("QUERY_STRING", "")
    if f"{_PARAMETER}=" not in query:
        return
    parts = query.split("&")
    numbers = [part.partition("=")[2] for part in parts if part.startswith(f"{_PARAMETER}=")]
    environ["QUERY_STRING"] = "&".join(part for part in parts if not part.startswith(f"{_PARAMETER}="))
    if numbers and environ.get("REQUEST_METHOD") == "GET":
        environ[_NUMBER] = numbers[-1]


def route_as_post(adapter: MapAdapter, environ: WSGIEnvironment) -> None:
    """Find the route that answered the form, where there is one: its page may stand at an address that takes forms alone."""
    if _NUMBER in environ and adapter.test(method="POST"):
        adapter.default_method = "POST"


def delete_stored_pages(session: Session, now: datetime) -> None:
    """Delete the pages whose time is over."""
    session.execute(delete(StoredPage).where(StoredPage.until <= now))


def _state_shown() -> str | None:
    """Of which submission the pages of this request tell by now; a view may have changed it."""
    read = g.get(STATE_SHOWN)
    return None if read is None else str(read())


def _wanted_number() -> uuid.UUID | None:
    """Of the page that is asked for; one that was made up is one that is not there."""
    written = request.environ.get(_NUMBER)
    if written is None:
        return None
    try:
        return uuid.UUID(hex=str(written))
    except ValueError:
        return uuid.UUID(int=0)


def _page_over() -> AnyResponse:
    if current_app.url_map.bind("localhost").test(request.path, "GET"):
        query = request.query_string.decode("ascii", "ignore")
        return redirect(quote(request.path) + (f"?{query}" if query else ""), 303)
    return error_page(404, PAGE_OVER)


def _load(number: uuid.UUID) -> _Page | None:
    secret = form_cookie.get(PAGES_SECRET)
    if not secret:
        return None
    wanted = select(StoredPage.sealed).where(
        StoredPage.id == number, StoredPage.browser_hash == hash_token(secret), StoredPage.until > clock.now()
    )
    with database().reading() as session:
        sealed = session.scalar(wanted)
    if sealed is None:
        return None
    try:
        packed = _cipher(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(number))
    except InvalidTag:  # stored at another address
        return None
    head, _, body = zlib.decompressobj().decompress(packed).partition(b"\n")
    status, checked, state, headers = json.loads(head)
    return _Page(status, checked, state, [tuple(header) for header in headers], body)


def _store(response: Response) -> uuid.UUID | None:
    """Seal and store this page; None where it is too long, where too many came from one address, or where nothing can be stored just now."""
    secret, number = form_cookie.setdefault(PAGES_SECRET, new_token()), uuid.uuid4()
    headers = [(name, response.headers[name]) for name in _KEPT_HEADERS if name in response.headers]
    try:
        head = json.dumps([response.status_code, bool(g.get(VIEW_REACHED)), _state_shown(), headers]).encode()
        packed = zlib.compress(head + b"\n" + response.get_data(), 1)
        packed = packed.ljust(-len(packed) // _PADDED_TO * -_PADDED_TO, b"\0")
        if len(packed) > MAX_STORED_BYTES:
            return None
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + _cipher(secret).encrypt(nonce, packed, _place(number))
        with database().writing() as session:
            return (
                number if _add(session, StoredPage(id=number, browser_hash=hash_token(secret), sealed=sealed)) else None
            )
    except SQLAlchemyError as error:
        _log_failure("page_not_stored", error)
        return None


def _add(session: Session, page: StoredPage) -> bool:
    now = clock.now()
    counted_until = now + PAGE_LASTS
    key = keyed_hash(f"stored pages {int(now.timestamp() // PAGE_LASTS.total_seconds())} {by_address()}")
    counter = lock_counter(session, key, counted_until)
    if counter.count >= PAGES_FROM_ADDRESS:
        return False
    save_counter(session, key, count=counter.count + 1)
    over = select(StoredPage.id).where(StoredPage.until <= now).limit(_DELETE_BATCH).with_for_update(skip_locked=True)
    session.execute(delete(StoredPage).where(StoredPage.id.in_(over)).execution_options(**NO_SYNCHRONIZE))
    page.until = now + PAGE_LASTS
    session.add(page)
    return True


def _delete_pages_of(secret: str) -> None:
    """Should that fail, they are over in a quarter of an hour: whoever has left was told so already."""
    try:
        with database().writing() as session:
            session.execute(delete(StoredPage).where(StoredPage.browser_hash == hash_token(secret)))
    except SQLAlchemyError as error:
        _log_failure("pages_not_deleted", error)


def _log_failure(event: str, error: SQLAlchemyError) -> None:
    log(event, error=type(error).__name__, where=code_location(error.__traceback__))


def _cipher(secret: str) -> AESGCM:
    return AESGCM(
        HKDF(algorithm=SHA256(), length=32, salt=None, info=b"assess: stored page, 1").derive(secret.encode())
    )


def _place(number: uuid.UUID) -> bytes:
    return f"stored_page.sealed|{number.hex}|{request.path}".encode()
