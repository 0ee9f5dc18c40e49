"""Creates the Flask app: request filters (host, size, form, origin, CSRF), commit and retry, request log, file permissions and health checks."""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from flask import Flask, Request, Response, abort, before_render_template, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from werkzeug import routing
from werkzeug.exceptions import RequestURITooLarge, TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Map, MapAdapter
from werkzeug.sansio.utils import host_is_trusted

from assess.core.config import Settings
from assess.core.db import (
    SAFE_METHODS,
    commit_request,
    is_retryable_error,
    make_engine,
    release_write_lock,
    roll_back_request,
    set_up_database,
    sqlalchemy_url,
)
from assess.core.errors import request_id, set_up_errors
from assess.core.forms.form import sent_file_names, sent_form
from assess.core.logs import code_location, log
from assess.core.pages import TEMPLATES, StrictEnvironment, set_up_compression
from assess.core.post_redirects import route_as_post, set_up_post_redirects, take_stored_page_number
from assess.core.route_permissions import STORED_PAGE, requires
from assess.core.security import RATE_LIMITED, log_security_event, set_up_cookies, set_up_security_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask.ctx import RequestContext

_EXTENSION = "assess.settings"
_FIRST_SERVER_ERROR = 500


class Application(Flask):
    """Flask, with what a request changed committed after its view, where neither the view nor a page it rendered has done so."""

    jinja_environment = StrictEnvironment

    silent: tuple[str, ...] = ()
    """Beginnings of addresses of which nothing is logged."""

    def request_context(self, environ: WSGIEnvironment) -> RequestContext:
        take_stored_page_number(environ)
        return super().request_context(environ)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        adapter = super().create_url_adapter(request)
        if request is not None and adapter is not None:
            route_as_post(adapter, request.environ)
        return adapter

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: none of ours is a coroutine, and Flask would look at a dozen functions anew in each request."""
        return func

    def dispatch_request(self) -> Response:
        """Run the view and commit. Where two transactions got in each other's way, run it again, three times at most."""
        return self._dispatch_and_commit(3)

    def _dispatch_and_commit(self, tries: int) -> Response:
        try:
            response = self.make_response(super().dispatch_request())
            # an answer that a view returns may have saved something, 4xx or not: a form with one faulty field keeps the others. A view
            # that refuses after it has written calls `roll_back_request` itself. abort() raises, and so undoes everything below
            if response.status_code < _FIRST_SERVER_ERROR:
                commit_request()
            else:
                roll_back_request()
        except BaseException as error:
            roll_back_request()
            if tries > 1 and isinstance(error, DBAPIError) and is_retryable_error(error):
                return self._dispatch_and_commit(tries - 1)
            raise
        return response

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Write down the class of an error and the code it passed: its message may hold what a person typed."""
        kind, _error, trace = exc_info
        if not self.is_silent(request.path):
            log(
                "error",
                error=kind.__name__ if kind else None,
                where=code_location(trace),
                route=_route_rule(),
                request=request_id(),
            )

    def select_jinja_autoescape(self, filename: str | None) -> bool:  # noqa: ARG002  # Flask's signature
        """Escape in every template, whatever its name ends with."""
        return True

    def is_silent(self, path: str) -> bool:
        return any(path == start or path.startswith(f"{start}/") for start in self.silent)


def new_app(settings: Settings) -> Application:
    """An app with everything of this package and no pages yet. The database must have its tables before the first request."""
    app = Application("assess", static_folder=None, template_folder=str(TEMPLATES))
    app.config.update(
        SECRET_KEY=settings.key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys) or None,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http",
    )
    app.extensions[_EXTENSION] = settings
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]  # as Flask documents it
    app.url_map.converters["int"] = IntegerConverter
    set_up_database(app, settings.database, settings.data_keys)
    before_render_template.connect(_release_lock_before_rendering, app)
    set_up_cookies(app, secure=settings.secure)
    set_up_request_filters(app, settings)
    set_up_security_headers(app, secure=settings.secure)
    set_up_compression(app)
    set_up_post_redirects(app)
    set_up_errors(app)
    set_up_health(app, settings.database, settings.data_folder)
    _log_requests(app)
    return app


def settings_of(app: Flask) -> Settings:
    return cast("Settings", app.extensions[_EXTENSION])


def absolute_url(app: Flask, path: str) -> str:
    """The full address of a page, for links people take away. It comes from the settings, never from a request."""
    return settings_of(app).base_url + path


def _release_lock_before_rendering(_app: Flask, **_more: object) -> None:
    if has_request_context():
        release_write_lock()


def _route_rule() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"


def _log_requests(app: Application) -> None:
    @app.before_request
    def start_timer() -> ResponseReturnValue | None:
        g.started = time.perf_counter()
        return None

    @app.after_request
    def write_line(response: Response) -> Response:
        if not app.is_silent(request.path) and not request.path.startswith(HEALTH_PATH):
            started = g.get("started")
            log(
                "request",
                method=request.method if request.method.isalpha() else "odd",
                route=_route_rule(),
                status=response.status_code,
                ms=None if started is None else round((time.perf_counter() - started) * 1000, 1),
                request=request_id(),
            )
            # a page that is shown again was counted when it was the answer
            if response.status_code == TooManyRequests.code and STORED_PAGE not in g:
                log_security_event(RATE_LIMITED)
        return response


MAX_REQUEST_BYTES = 256 * 1024
MAX_FORM_FIELDS = 1000
MAX_FIELD_NAME_LENGTH = 200
MAX_URL_LENGTH = 4094
HEALTH_PATH = "/health/"
"""Probes come by the number of the machine, not by its name, so they are not asked for the host."""

Parameters = ParamSpec("Parameters")
ViewReturn = TypeVar("ViewReturn")
_ACCEPTED_FILE = "assess_takes_file"

csrf = CSRFProtect()


def accepts_file(
    field: str, largest: int
) -> Callable[[Callable[Parameters, ViewReturn]], Callable[Parameters, ViewReturn]]:
    """A decorator for views: this form may bring one file in this field, and may be so many bytes long with it.

    It stands beside `@requires`. A file that comes to any other page is refused before the page is asked.
    """

    def mark(view: Callable[Parameters, ViewReturn]) -> Callable[Parameters, ViewReturn]:
        setattr(view, _ACCEPTED_FILE, (field, largest))
        return view

    return mark


def set_up_request_filters(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=MAX_FORM_FIELDS,
        WTF_CSRF_CHECK_DEFAULT=False,  # guard() checks, in its turn
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: people answer slowly
        WTF_CSRF_SSL_STRICT=False,  # wants a Referer, which our pages tell browsers not to send
        WTF_CSRF_SECRET_KEY=settings.key,
    )
    csrf.init_app(app)
    hosts = sorted(settings.hosts)

    @app.before_request
    def guard() -> None:
        if request.path.startswith(HEALTH_PATH):
            return
        if not host_is_trusted(request.headers.get("Host", "").lower(), hosts):
            abort(400)
        if len(request.full_path) > MAX_URL_LENGTH:
            raise RequestURITooLarge
        if "\0" in request.path:
            abort(404)
        if request.method not in SAFE_METHODS:
            _check_form()
            if request.endpoint is not None:
                csrf.protect(apply_exemptions=True)  # of views whose address alone proves who may

    app.teardown_request(lambda _error: request.close())  # uploads


def _check_form() -> None:
    if "Transfer-Encoding" in request.headers:
        # a body of unknown length would be cut off at the limit without a word; browsers say how long a form is
        abort(411)
    field, largest = getattr(
        current_app.view_functions.get(request.endpoint or ""), _ACCEPTED_FILE, ("", MAX_REQUEST_BYTES)
    )
    request.max_content_length = largest
    if (request.content_length or 0) > largest:
        abort(413)
    for number, (name, value) in enumerate(sent_form().items(multi=True), 1):
        if number > MAX_FORM_FIELDS:
            abort(413)
        if name is None or len(name) > MAX_FIELD_NAME_LENGTH or "\0" in name or "\0" in value:
            abort(400)
    if sent_file_names() not in ([], [field]):
        abort(400)  # no other file is taken here
    # a form on another site is refused whatever token it has; browsers too old to tell rely on the token
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400)


MAX_INTEGER = 2**31 - 1
"""What an integer column of PostgreSQL holds; a driver refuses what is larger than its own type with an error."""


class IntegerConverter(routing.IntegerConverter):
    """`<int:…>` of every route: an address with a larger number is one that is not there."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map, fixed_digits: int = 0, *, minimum: int | None = None) -> None:
        super().__init__(url_map, fixed_digits=fixed_digits, min=minimum, max=MAX_INTEGER)


def query_integer(name: str, default: int, *, least: int = 0, most: int = MAX_INTEGER) -> int:
    """An integer of the query string, brought into its limits; what is none is the default."""
    typed = request.args.get(name, "")
    return min(max(int(typed[:11]), least), most) if typed.isascii() and typed.isdigit() else default


_GROUP_AND_OTHERS, _OTHERS_ONLY = 0o077, 0o007


class InsecureFilePermissionsError(Exception):
    """Other users of the machine can read the database, and that cannot be put right from here. The message says what to do."""


def restrict_file_permissions(settings: Settings) -> None:
    """Take all rights of others away from the data folder and the database file, if there are any. Raises `InsecureFilePermissionsError`."""
    folder = settings.data_folder
    if folder.is_dir() and folder.stat().st_mode & _GROUP_AND_OTHERS:
        if folder.stat().st_mode & stat.S_ISVTX:
            raise InsecureFilePermissionsError(
                f"{folder} is a folder for everybody. Give ASSESS_DATA_FOLDER a folder of its own."
            )
        _restrict(folder, 0o700)
    for file in _database_files(settings):
        if file.exists() and file.stat().st_mode & _GROUP_AND_OTHERS:
            _restrict(file, 0o600)


def _restrict(path: Path, mode: int) -> None:
    try:
        path.chmod(mode)
    except OSError:
        if not path.stat().st_mode & _OTHERS_ONLY:
            return  # a volume that belongs to another user, open to the group of the service
        says = f"Other users of this machine can read {path}, and the service may not change that."
        raise InsecureFilePermissionsError(f"{says} Run as its owner: chmod o-rwx {path}") from None


def _database_files(settings: Settings) -> Iterator[Path]:
    url = sqlalchemy_url(settings.database)
    if url.get_backend_name() == "sqlite":
        # what SQLite puts beside a database has rows of it
        for end in ("", "-wal", "-shm", "-journal"):
            yield Path(f"{url.database}{end}")


MIN_FREE_DISK = 0.1


def set_up_health(app: Flask, database_url: str, data_folder: Path) -> None:
    engine = make_engine(database_url, patience_ms=1000, poolclass=NullPool)

    def live() -> Response:
        return Response("alive\n", mimetype="text/plain")

    def ready() -> Response:
        reason = _why_not()
        if reason is None:
            return Response("ready\n", mimetype="text/plain")
        log("not_ready", reason=reason)
        return Response("not ready\n", status=503, mimetype="text/plain")

    def _why_not() -> str | None:
        # a worker of jobs reads this file, too, and has no need of Alembic; a site has read it before it starts
        from assess.core.migrations import head  # noqa: PLC0415  # see above

        try:
            with engine.connect() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except Exception as error:  # noqa: BLE001  # whatever it is, the answer is "not ready"
            return f"database: {type(error).__name__}"
        if found != head():
            return "tables are of another release"
        if engine.dialect.name == "sqlite":
            space = shutil.disk_usage(data_folder)
            if space.free < MIN_FREE_DISK * space.total:
                return "disk almost full"
        return None

    app.add_url_rule("/health/live", "health_live", requires("public.read")(live))
    app.add_url_rule("/health/ready", "health_ready", requires("public.read")(ready))
