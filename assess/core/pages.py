"""Jinja environment, template filters, site-wide template variables, compression, and static files served under a content digest."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import segno
from flask import Flask, Response, abort, current_app, request, url_for
from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from assess.core import package_folder
from assess.core.events import PagePart
from assess.core.operator_identity import TEAL, OperatorIdentity, darker
from assess.core.route_permissions import requires

PageResponse = str | AnyResponse | tuple[str | AnyResponse, int]
"""What a page with a form answers: itself, itself with errors and a status, or a redirect."""
TEMPLATES = package_folder("templates")
STATIC_FOLDER = Path(__file__).parent / "static"
COMPONENT_PACKAGE = "govuk_frontend_jinja"
JINJA_OPTIONS: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True}
FOOTER_LINKS = (
    ("/help", "Worried about someone?"),
    ("/privacy", "Privacy"),
    ("/cookies", "Cookies"),
    ("/accessibility", "Accessibility"),
    ("/complaints", "Complaints"),
    ("/ask-a-person", "Ask a person to look again"),
    ("/check", "Check a code"),
)


@dataclass(frozen=True, slots=True)
class Phone:
    who: str
    number: str


SERVICE_NAME = "Assess"


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says: the name of the service, who runs it, and whom to call.

    `contact` and `complaints` are an address or a number of the operator, or None while unset. `desk` is whose coordinators
    a business can ask for help: the operator's, unless an independent desk is named. `exit_to` is where the quick exit of the help page
    leads: an ordinary site that says nothing about its visitor.
    """

    operator: str
    contact: str | None
    complaints: str | None
    desk: str
    helpline: Phone
    emergency: Phone
    exit_to: str
    full_minutes: int = 0
    """About how long the full assessment takes; 0: nobody knows."""
    quick_minutes: int = 0
    name: str = SERVICE_NAME
    help_page: str = "/help"
    pay_calculator: str = "/pay-calculator"
    colour: str = TEAL
    logo: str | None = None
    """The name of the operator's logo among the static files."""
    person: str | None = None
    person_says: str | None = None
    """Whom a business may ask for, and a sentence of theirs."""
    footer: Sequence[tuple[str, str]] = FOOTER_LINKS


class StrictEnvironment(FlaskEnvironment):
    """Flask's environment, strict about missing names, with a lenient environment beside it for the bought-in macros."""

    def __init__(self, app: App, **options: Any) -> None:  # noqa: ANN401  # Jinja's own options
        super().__init__(app, **{**options, **JINJA_OPTIONS, "undefined": jinja2.StrictUndefined})
        self.components = jinja2.Environment(
            loader=jinja2.PrefixLoader({COMPONENT_PACKAGE: jinja2.PackageLoader(COMPONENT_PACKAGE)}),
            autoescape=True,
            undefined=jinja2.ChainableUndefined,
            auto_reload=self.auto_reload,  # where ours are looked at anew for each page, these are
            **JINJA_OPTIONS,
        )
        self.components.globals = self.globals

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # Jinja's name
    ) -> jinja2.Template:
        if isinstance(name, str) and name.startswith(f"{COMPONENT_PACKAGE}/"):
            return self.components.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def template_macros(name: str) -> Any:  # noqa: ANN401  # each macro is an attribute of a module that Jinja makes
    """The macros of a template of the app."""
    return current_app.jinja_env.get_template(name).module


def day(value: date | str) -> str:
    """“24 November 2026” for a date or for "2026-11-24"."""
    now = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{now.day} {now:%B %Y}"


def tel(number: str) -> str:
    """The address that dials a number: "tel:" and its digits. A part in brackets is for people only."""
    return "tel:" + re.sub(r"[^0-9+]", "", re.sub(r"\(.*?\)", "", number))


def qr_code_svg(address: str) -> Markup:
    """The square picture as SVG, to stand in a page beside words of the same. Made without style attributes, which our pages do not allow."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, omitsize=False, svgclass="assess-qr", lineclass=None, light="white", dark="black"
    )
    return Markup(drawn)  # noqa: S704  # black squares, no text of anybody in it


def counted(number: int, one: str, many: str | None = None) -> str:
    """“1 question”, “12 questions”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


ACCOUNT_LINK: PagePart[..., dict[str, str | bool] | None] = PagePart("account_link")
"""In the header of each page: address (`href`) and words (`text`) of the link to the account, and whether one is there (`current`); None where none stands."""
LEAVE_ADDRESS: PagePart[[], str | None] = PagePart("leave_address")
"""In the menu of each page about an assessment that a link opened: where the visit of this browser is ended. None on all other pages."""
HELP_NOTICE: PagePart[[], Markup] = PagePart("help_notice")
"""On every page about an assessment while a coordinator helps with it: that they do. Empty on all other pages."""


def set_up_pages(app: Flask, site: Callable[[], Site], operator: OperatorIdentity | None = None) -> None:
    """Give an app with the strict environment its filters, its static files and the words of every page.

    `site` is asked anew for every page, for numbers are dated. `operator`: whose colour and logo the static files have.
    """
    for filter_ in (day, tel, counted):
        app.add_template_filter(filter_)
    app.context_processor(lambda: {"site": site()})
    set_up_static_files(app, brand_static_files(load_static_files(), operator) if operator else load_static_files())


MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
CACHE_ONE_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    plain: bytes
    packed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class StaticFileSet:
    digest: str
    files: Mapping[str, StaticFile]


@lru_cache
def load_static_files(folder: Path = STATIC_FOLDER) -> StaticFileSet:
    """Only types that browsers use."""
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in MEDIA_TYPES)
    return _static_file_set({path.relative_to(folder).as_posix(): path.read_bytes() for path in found})


def brand_static_files(static_files: StaticFileSet, operator: OperatorIdentity) -> StaticFileSet:
    """The same files in the operator's colour, with its logo."""
    files = {name: file.plain for name, file in static_files.files.items()}
    for name in ("assess.css", "favicon.svg"):
        for ours, theirs in ((TEAL, operator.colour), (darker(TEAL), darker(operator.colour))):
            files[name] = files[name].replace(ours.encode(), theirs.encode())
    if operator.logo:
        files[operator.logo.file_name] = operator.logo.content
    return _static_file_set(files)


def _static_file_set(files: Mapping[str, bytes]) -> StaticFileSet:
    total = hashlib.sha256()
    made = {}
    for name, plain in files.items():
        total.update(f"{name} {len(plain)}\n".encode() + plain)
        made[name] = StaticFile(plain, gzip.compress(plain, 9, mtime=0), MEDIA_TYPES[Path(name).suffix])
    return StaticFileSet(total.hexdigest()[:12], made)


def set_up_static_files(app: Flask, static_files: StaticFileSet) -> None:
    """Add the one route, and `asset(name)` for templates: the address of a file, or an error for a name that is not there."""

    def static_file(digest: str, name: str) -> Response:
        file = static_files.files.get(name)
        if file is None:
            abort(404)
        packs = request.accept_encodings.quality("gzip") > 0
        response = Response(file.packed if packs else file.plain, content_type=file.media_type)
        if packs:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        # while two releases run side by side, the other one's address must not be remembered for this one's file
        response.headers["Cache-Control"] = CACHE_ONE_YEAR if digest == static_files.digest else "no-cache"
        return response

    def asset(name: str) -> str:
        if name not in static_files.files:
            raise LookupError(f"There is no file {name} among the static files.")
        return url_for("static_file", digest=static_files.digest, name=name)

    app.add_url_rule("/static/<digest>/<path:name>", "static_file", requires("public.read")(static_file))
    app.add_template_global(asset, "asset")


MIN_COMPRESSED_BYTES = 40_000
"""Bytes from which a page is packed: pages of questions stay below, so that they stay quick."""


def set_up_compression(app: Flask) -> None:
    """Pack the long HTML answers of this app for browsers that can unpack them."""

    @app.after_request
    def pack(response: Response) -> Response:
        if (response.content_length or 0) < MIN_COMPRESSED_BYTES or "Content-Encoding" in response.headers:
            return response
        if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
            return response
        response.headers.add("Vary", "Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            response.set_data(gzip.compress(response.get_data(), 5, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response
