"""Serves the style sheets and scripts: read once at start, packed once, kept by browsers for a year.

The address holds a digest of the whole shelf, so that a new release is fetched anew and one file may point at its neighbour
by a relative address. Nothing is read from the disk while serving, so no address can reach a file that is not on the shelf.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

from assess.kit.route_permissions import requires

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"


class StaticFilesMissingError(Exception):
    """The web components were not brought yet."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it goes over the wire, plain and packed."""

    plain: bytes
    packed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """All files by their path below the folder, and the digest of them together."""

    digest: str
    files: Mapping[str, StaticFile]


@lru_cache
def read_shelf(folder: Path = STATIC) -> Shelf:
    """Read and pack every file of the folder that browsers know how to use.

    Raises:
        StaticFilesMissingError: when the set-up has not brought the web components.
    """
    if not (folder / "vendor" / "govuk-frontend.css").exists():
        raise StaticFilesMissingError("The web components are missing. Run: make static")
    total = hashlib.sha256()
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in MEDIA_TYPES:
            continue
        name, plain = path.relative_to(folder).as_posix(), path.read_bytes()
        total.update(f"{name} {len(plain)}\n".encode() + plain)
        files[name] = StaticFile(plain, gzip.compress(plain, 9, mtime=0), MEDIA_TYPES[path.suffix])
    return Shelf(total.hexdigest()[:12], files)


def open_static_files(app: Flask, shelf: Shelf) -> None:
    """Add the one route, and `asset(name)` for templates: the address of a file, or an error for a name that is not there."""

    def static_file(digest: str, name: str) -> Response:
        file = shelf.files.get(name)
        if file is None:
            abort(404)
        packs = request.accept_encodings.quality("gzip") > 0
        response = Response(file.packed if packs else file.plain, content_type=file.media_type)
        if packs:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        # while two releases run side by side, the other one's address must not be remembered for this one's file
        response.headers["Cache-Control"] = FOR_A_YEAR if digest == shelf.digest else "no-cache"
        return response

    def asset(name: str) -> str:
        if name not in shelf.files:
            raise LookupError(f"There is no file {name} among the static files.")
        return url_for("static_file", digest=shelf.digest, name=name)

    app.add_url_rule("/static/<digest>/<path:name>", "static_file", requires("public.read")(static_file))
    app.add_template_global(asset, "asset")
