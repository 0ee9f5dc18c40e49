"""Error pages for HTTP and database errors. A form that failed is returned with one button to send it again, except forms from another site."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from assess.core.db import is_transient_error, release_write_lock, roll_back_request
from assess.core.edit_conflicts import EditConflictError
from assess.core.forms.form import sent_form
from assess.core.links import LinkUnknownError
from assess.core.logs import code_location, log

RETRY_AFTER_SECONDS = 5
_SECRETS = frozenset({"pin", "password", "code", "passkey"})
_NEVER_RETURNED = frozenset({"csrf_token", *_SECRETS})
_MARKS = frozenset({"seen", "mark", "version", "revision", "edition", "next", "do", "another", "same"})
"""Fields of forms that hold what the page knew, and nothing that anybody typed."""
_FORM_KEPT_NOTICE = "What you typed is kept on this page. Press the button to send it again."


class NotFoundError(Exception):
    """What a request names is not there, or not for this caller. A view need not catch it: the answer is 404."""


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What an error page says. The last sentence says what to do next. `links`: address and words, of pages that this app may have."""

    heading: str
    sentences: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()


ERROR_TEXTS: Mapping[int, ErrorText] = {
    400: ErrorText(
        "We could not read that",
        (
            "Your browser sent something this service does not understand.",
            "Go back, load the page again and try once more.",
        ),
    ),
    403: ErrorText(
        "This page is closed to you",
        ("You cannot open this page from here.", "Go to the first page and start from there."),
    ),
    404: ErrorText(
        "We cannot find that page",
        (
            "It may have been moved or deleted, a link may have ended, or this browser may not be allowed to open it.",
            "If you have a link to come back with, open it again.",
        ),
    ),
    405: ErrorText(
        "That cannot be done here",
        ("This page cannot be used in that way.", "Go to the first page and start from there."),
    ),
    408: ErrorText("That took too long", ("Your page did not arrive in time.", "Go back and send it again.")),
    411: ErrorText(
        "We could not read that",
        ("Your browser did not say how long your page is.", "Go back, load the page again and try once more."),
    ),
    413: ErrorText(
        "That is too much at once",
        (
            "The page you sent is larger than this service takes.",
            "Go back, shorten your longest answers and send it again.",
        ),
    ),
    414: ErrorText(
        "That address is too long",
        ("The address you opened is longer than any of ours.", "Go to the first page and start from there."),
    ),
    429: ErrorText(
        "Please wait a moment",
        (
            "Too much was asked for from here in a short time. Nothing is wrong with what you did.",
            "Whatever you saved before is safe. Wait {wait} and try again.",
        ),
    ),
    500: ErrorText(
        "Sorry, something went wrong here",
        (
            "The fault is ours, not yours. Whatever you saved before is safe.",
            "Try again in a few minutes. If it goes on, tell the people who run this service and say: {request}.",
        ),
    ),
    503: ErrorText(
        "Sorry, this service is busy",
        ("What you sent was not saved yet. Whatever you saved before is safe.", "Wait {wait} and try again."),
    ),
}
DEAD_LINK = ErrorText(
    "This link does not work",
    (
        "It may have been ended, its time may be up, or a part of the address may be missing.",
        "Open the newest link you have, or ask whoever gave it to you for a new one.",
    ),
    (("/go", "Enter your code"),),
)
"""The same for a link that was ended and for one that never was."""
FORM_EXPIRED = ErrorText(
    "This page was open for too long",
    (
        "For your safety a form works only for a while, and only with cookies. Nothing was saved.",
        "Load the page again and try once more.",
    ),
)


def set_up_errors(app: Flask) -> None:
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(EditConflictError, _on_edit_conflict)
    app.register_error_handler(LinkUnknownError, lambda _error: error_page(404, DEAD_LINK))
    app.register_error_handler(NotFoundError, lambda _error: error_page(404, ERROR_TEXTS[404]))
    app.register_error_handler(SQLAlchemyError, _on_database_error)


def error_page(
    status: int,
    wording: ErrorText,
    *,
    return_form: bool = False,
    retry_after: int | None = None,
    to: str | None = None,
    way: tuple[str, str] | None = None,
    show_typed: bool = False,
) -> Response:
    """A page with these words. `return_form` returns what was typed, in a form that sends it again, to the address `to` or the same.

    Where a password, a PIN or a code was among it there is no such form: without it, it would ask for something else.

    `way`: the address and the words of a page to go to first, in a new tab. `show_typed`: what was typed is there to be copied, for a form that
    cannot be sent again.

    Other packages use it for their own errors, for example when a guest session has ended.
    """
    release_write_lock()
    sentences = [
        sentence.format(wait=wait_in_words(retry_after), request=request_id()) for sentence in wording.sentences
    ]
    fields = _form_fields() if return_form and not _sent_secret() else []
    if fields:
        sentences[-1] = f"{sentences[-1]} {_FORM_KEPT_NOTICE}" if retry_after else _FORM_KEPT_NOTICE
    resend = {"to": to or request.path, "fields": fields} if fields else None
    response = _render_error(wording, sentences, resend, way, _typed_texts() if show_typed else [])
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def request_id() -> str:
    """A short name for this request, in the log and on the page of an error, so that the two can be put together."""
    named: str | None = g.get("request_name")
    if named is None:
        named = g.request_name = secrets.token_hex(4).upper()
    return named


def has_form_data() -> bool:
    """Whether this request brings fields of a form that are worth keeping."""
    return any(name != "next" for name, _value in _form_fields())


def _on_csrf_error(_error: CSRFError) -> Response:
    # old browsers say nothing of where a form stands; they are not believed
    return error_page(400, FORM_EXPIRED, return_form=request.headers.get("Sec-Fetch-Site") == "same-origin")


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None:  # a redirect or an answer that is whole already
        return make_response(error.response)
    status = error.code or 500
    if status < 400:  # noqa: PLR2004  # redirects of the router are answers
        return make_response(error.get_response())
    retry_after = getattr(error, "retry_after", None)
    wording = ERROR_TEXTS.get(status) or ErrorText("That did not work", ERROR_TEXTS[400].sentences)
    can_resend = status in {429, 503}
    seconds = int(retry_after) if isinstance(retry_after, int) else RETRY_AFTER_SECONDS
    response = error_page(status, wording, return_form=can_resend, retry_after=seconds if can_resend else None)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "retry-after"}:
            response.headers[name] = value
    return response


def _on_edit_conflict(error: EditConflictError) -> Response:
    """Nothing is there any more to draw the form from. A page that is only looked at is then as unknown as any other."""
    roll_back_request()
    if request.method != "POST":
        return error_page(404, ERROR_TEXTS[404])
    return error_page(error.status, ErrorText(error.heading, (str(error),)), show_typed=True)


def _on_database_error(error: SQLAlchemyError) -> Response:
    if not is_transient_error(error):
        raise error
    roll_back_request()
    log(
        "database_busy",
        error=type(error).__name__,
        where=code_location(error.__traceback__),
        request=request_id(),
    )
    return error_page(503, ERROR_TEXTS[503], return_form=True, retry_after=RETRY_AFTER_SECONDS)


def _form_fields() -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    return [(name, value) for name, value in sent_form().items(multi=True) if name not in _NEVER_RETURNED]


def _sent_secret() -> bool:
    return any(value for name, value in sent_form().items(multi=True) if name in _SECRETS)


def _typed_texts() -> list[str]:
    return [value for name, value in _form_fields() if name not in _MARKS and value.strip() not in {"", "yes", "no"}]


def _render_error(
    wording: ErrorText,
    sentences: Sequence[str],
    resend: Mapping[str, object] | None,
    way: tuple[str, str] | None,
    typed: Sequence[str],
) -> Response:
    heading = wording.heading
    try:
        routes = current_app.url_map.bind("localhost")
        page = render_template(
            "core/error.html",
            heading=heading,
            sentences=sentences,
            resend=resend,
            way=way,
            typed=typed,
            links=[link for link in wording.links if routes.test(link[0])],
        )
    except Exception as error:  # noqa: BLE001  # the page about an error must appear, whatever else is broken
        log(
            "error_page_failed",
            error=type(error).__name__,
            where=code_location(error.__traceback__),
            request=request_id(),
        )
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        page = (
            f'<!DOCTYPE html><html lang="en-GB"><title>{escape(heading)}</title><h1>{escape(heading)}</h1>{said}</html>'
        )
    return make_response(page)


def wait_in_words(seconds: int | None) -> str:
    """“a few seconds”, “5 minutes”, “20 hours”."""
    if seconds is None or seconds <= RETRY_AFTER_SECONDS:
        return "a few seconds"
    minutes, hours = -(-seconds // 60), -(-seconds // 3600)
    if minutes > 90:  # noqa: PLR2004  # from then on people count in hours
        return f"{hours} hours"
    return "a minute" if minutes == 1 else f"{minutes} minutes"
