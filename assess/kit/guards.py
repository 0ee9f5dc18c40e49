"""What is looked at before any view runs: the host that was asked for, the size and shape of the request, where a form came from.

Whatever is refused here is refused before the database is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestURITooLarge
from werkzeug.sansio.utils import host_is_trusted

from assess.kit.config import Settings
from assess.kit.db import SAFE_METHODS

LARGEST_REQUEST = 256 * 1024
MOST_FIELDS = 1000
LONGEST_FIELD_NAME = 200
MOST_HOSTS = 100
LONGEST_ADDRESS = 4094
HEALTH = "/health/"
"""Probes come by the number of the machine, not by its name, so they are not asked for the host."""

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
_FILE = "assess_takes_file"

csrf = CSRFProtect()


def takes_file(field: str, largest: int) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """A decorator for views: this form may bring one file in this field, and may be so many bytes long with it.

    It stands beside `@requires`. A file that comes to any other page is refused before the page is asked.
    """

    def mark(view: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        setattr(view, _FILE, (field, largest))
        return view

    return mark


def set_up_guards(app: Flask, settings: Settings) -> None:
    """Guard every request of this app."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_CHECK_DEFAULT=False,  # guard() checks, in its turn
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: people answer slowly
        WTF_CSRF_SSL_STRICT=False,  # wants a Referer, which our pages tell browsers not to send
        WTF_CSRF_SECRET_KEY=settings.key,
    )
    csrf.init_app(app)
    hosts = sorted(settings.hosts)
    trusted: set[str] = set()  # what was looked at and found good, so that the next page need not look again

    @app.before_request
    def guard() -> None:
        if request.path.startswith(HEALTH):
            return
        host = request.headers.get("Host", "").lower()
        if host not in trusted:
            if not host_is_trusted(host, hosts):
                abort(400)
            if len(trusted) < MOST_HOSTS:
                trusted.add(host)
        if len(request.full_path) > LONGEST_ADDRESS:
            raise RequestURITooLarge
        if "\0" in request.path:
            abort(404)
        if request.method not in SAFE_METHODS:
            _look_at_form()
            _look_at_origin()
            if request.endpoint is not None:
                csrf.protect(apply_exemptions=True)  # of views whose address alone proves who may

    app.teardown_request(_let_files_go)


def _let_files_go(_error: BaseException | None) -> None:
    request.close()


def _look_at_form() -> None:
    if "Transfer-Encoding" in request.headers:
        abort(
            411
        )  # a body of unknown length would be cut off at the limit without a word; browsers say how long a form is
    field, largest = getattr(current_app.view_functions.get(request.endpoint or ""), _FILE, ("", LARGEST_REQUEST))
    request.max_content_length = largest
    if (request.content_length or 0) > largest:
        abort(413)
    for number, (name, value) in enumerate(request.form.items(multi=True), 1):
        if number > MOST_FIELDS:
            abort(413)
        if name is None or len(name) > LONGEST_FIELD_NAME or "\0" in name or "\0" in value:
            abort(400)
    if [name for name, _file in request.files.items(multi=True)] not in ([], [field]):
        abort(400)  # no other file is taken here


def _look_at_origin() -> None:
    """Refuse a form that stands on another site, whatever token it has. Browsers too old to tell rely on the token."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400)
