"""The app every room is opened in: guarded, logged, and committing in one place.

`new_app` sets up all of the kit. What the rooms are is not known here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from flask import Flask, Response, before_render_template, g, has_request_context, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from assess.kit.config import Settings
from assess.kit.cookies import set_up_cookies
from assess.kit.db import commit_request, let_write_lock_go, open_database, roll_back_request
from assess.kit.engines import is_worth_retrying
from assess.kit.errors import request_name, set_up_errors
from assess.kit.guards import HEALTH, set_up_guards
from assess.kit.headers import set_up_headers
from assess.kit.health import set_up_health
from assess.kit.integers import IntegerConverter
from assess.kit.logs import log, where
from assess.kit.packing import set_up_packing
from assess.kit.pages import TEMPLATES, StrictEnvironment
from assess.kit.security_events import LIMITED, security_event

_EXTENSION = "assess.settings"
_TRIES = 3
_SERVER_FAULT = 500


class Application(Flask):
    """Flask, with the work of a request committed after its view and before its answer is sent."""

    jinja_environment = StrictEnvironment

    silent: tuple[str, ...] = ()
    """Beginnings of addresses of which nothing is logged."""

    def dispatch_request(self) -> Response:
        """Run the view and commit. Where two transactions got in each other's way, run it again, three times at most."""
        return self._work(_TRIES)

    def _work(self, tries: int) -> Response:
        try:
            response = self.make_response(super().dispatch_request())
            if response.status_code < _SERVER_FAULT:
                commit_request()
            else:
                roll_back_request()
        except BaseException as error:
            roll_back_request()
            if tries > 1 and isinstance(error, DBAPIError) and is_worth_retrying(error):
                return self._work(tries - 1)
            raise
        return response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is a coroutine, so Flask need not look at each function on each request."""
        return func

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Write down the class of an error and the code it passed: its message may hold what somebody typed."""
        kind, _error, trace = exc_info
        if not self.is_silent(request.path):
            log(
                "error",
                error=kind.__name__ if kind else None,
                where=where(trace),
                route=_route(),
                request=request_name(),
            )

    def select_jinja_autoescape(self, filename: str | None) -> bool:  # noqa: ARG002  # Flask's signature
        """Escape in every template, whatever its name ends with."""
        return True

    def is_silent(self, path: str) -> bool:
        """Whether nothing may be logged of this address."""
        return any(path == start or path.startswith(f"{start}/") for start in self.silent)


def new_app(settings: Settings) -> Application:
    """An app with everything of the kit and no room yet. The database must have its tables before the first request."""
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
    open_database(app, settings.database, settings.data_keys)
    before_render_template.connect(_before_rendering, app)
    set_up_cookies(app, secure=settings.secure)
    set_up_guards(app, settings)
    set_up_headers(app, secure=settings.secure)
    set_up_packing(app)
    set_up_errors(app)
    set_up_health(app, settings.database, settings.data_folder)
    _log_requests(app)
    return app


def settings_of(app: Flask) -> Settings:
    """The settings an app was made with."""
    found: Settings = app.extensions[_EXTENSION]
    return found


def public_address(app: Flask, path: str) -> str:
    """The full address of a page, for links people take away. It comes from the settings, never from a request."""
    return settings_of(app).base_url + path


def _before_rendering(_app: Flask, **_more: object) -> None:
    if has_request_context():
        let_write_lock_go()


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unknown"


def _log_requests(app: Application) -> None:
    @app.before_request
    def start_watch() -> ResponseReturnValue | None:
        g.started = time.perf_counter()
        return None

    @app.after_request
    def write_line(response: Response) -> Response:
        if not app.is_silent(request.path) and not request.path.startswith(HEALTH):
            started = g.get("started")
            log(
                "request",
                method=request.method if request.method.isalpha() else "odd",
                route=_route(),
                status=response.status_code,
                ms=None if started is None else round((time.perf_counter() - started) * 1000, 1),
                request=request_name(),
            )
            if response.status_code == TooManyRequests.code:
                security_event(LIMITED)
        return response
