"""HTML to tagged PDF (PDF/UA) with WeasyPrint: fonts, accessibility tags, attached files. Nothing is fetched. Run as a module it is the PDF renderer: a child process with limits that reads one job as JSON, writes the PDF and ends. No database, no secrets."""

from __future__ import annotations

import base64
import ctypes.util
import gc
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any, BinaryIO, Literal

from assess.core.child_process import ChildLimits, limit_this_process
from assess.core.fallback_fonts import fallback_faces, is_plain
from assess.core.fonts import FontsUnavailableError, fontconfig_file

PANGO_MISSING = (
    "The PDF needs the system library Pango, which is not on this machine. On Debian and Ubuntu: "
    "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0; on Fedora and Alpine: the package pango; on macOS: brew install pango."
)


LONG_WORDS = "html { overflow-wrap: break-word }"
"""A name of a hundred letters goes on in the next line, whatever the page."""


class MissingLibraryError(Exception):
    """A system library the PDF needs is not installed; the sentence names the package."""


_LOGO_ADDRESS = re.compile(r"data:(image/(?:svg\+xml|png));base64,([A-Za-z0-9+/=]+)")


class _BlockedFetcher:
    """Fetches nothing: a document that asks for a file or an address gets none, and is printed without it.

    A logo stands in the document itself, as an address that holds the whole picture.
    """

    # WeasyPrint asks its fetcher whether the printing is to stop
    _fail_on_errors = False

    def __call__(self, url: str) -> Any:  # noqa: ANN401  # WeasyPrint carries no types
        if found := _LOGO_ADDRESS.fullmatch(url):
            from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415  # see load_weasyprint

            return URLFetcherResponse(url, base64.b64decode(found[2]), {"Content-Type": found[1]})
        raise ValueError(f"A plan holds everything it shows, so {url[:60]} was not fetched.")


@cache
def load_weasyprint() -> Any:  # noqa: ANN401  # WeasyPrint carries no types
    """WeasyPrint, told about our faces. The first call in a process takes about a second.

    Raises `MissingLibraryError` (Pango is not installed); `FontsUnavailableError` (the two faces could not be made).
    """
    # fontconfig reads its file when Pango starts, which is when WeasyPrint is imported
    os.environ["FONTCONFIG_FILE"] = str(fontconfig_file())
    try:
        with _libraries_by_exact_name():
            import weasyprint  # noqa: PLC0415  # starts Pango
    except OSError as error:
        raise MissingLibraryError(PANGO_MISSING) from error
    return weasyprint


@contextmanager
def _libraries_by_exact_name() -> Iterator[None]:
    """On Linux, load libraries by their exact names alone.

    WeasyPrint tries each under the names of other systems first. For every one that is not there `find_library` starts ldconfig, the C
    compiler and the linker, where there are any: a seventh of the time of a long plan.
    """
    finder: Any = ctypes.util
    find_library = finder.find_library
    if sys.platform == "linux":
        finder.find_library = lambda _name: None
    try:
        yield
    finally:
        finder.find_library = find_library


def html_to_pdf(html: str, attached: Sequence[AttachedFile] = ()) -> bytes:
    """A PDF/UA-1 file of a finished page, with these files inside. The same of both gives the same bytes, in any process.

    `html` carries its title, language, dates and stylesheet itself.
    Raises `MissingLibraryError` (Pango is not installed); `FontsUnavailableError` (the two faces could not be made).
    """
    weasyprint = load_weasyprint()
    from assess.core.pdf_tagging import fix_tags  # noqa: PLC0415 - imports WeasyPrint's own objects

    relationships = {file.name: file.relationship for file in attached}
    finish = partial(fix_tags, relationships=relationships)
    page = weasyprint.HTML(string=html, url_fetcher=_BlockedFetcher())
    # each has a fetcher of its own: by default one that reads the certificates of the system
    long_words = weasyprint.CSS(string=LONG_WORDS, url_fetcher=_BlockedFetcher())
    with fallback_faces(html) as faces:
        document = page.render(pdf_variant="pdf/ua-1", font_config=_with_faces(faces), stylesheets=[long_words])
        document.metadata.attachments = [_attachment(weasyprint, file) for file in attached]
        made = document.write_pdf(
            finisher=finish if is_plain(html) else partial(_give_letters_and, finish), pdf_variant="pdf/ua-1"
        )
    return _with_identifier(made, html, attached)


def _with_faces(files: Sequence[str]) -> object:
    """What WeasyPrint knows of fonts: the two of every page, and these."""
    from weasyprint.text.ffi import ffi, fontconfig, pangoft2  # noqa: PLC0415 - starts Pango
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - the same

    fonts = FontConfiguration()
    for file in files:
        fontconfig.FcConfigAppFontAddFile(fonts._config, file.encode())  # noqa: SLF001  # by its own rules a face needs an address to fetch
    if files:
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", fonts.font_map))
    return fonts


def _give_letters_and(finish: Callable[[Any, Any], None], document: object, pdf: object) -> None:
    from assess.core.pdf_letters import give_letters  # noqa: PLC0415 - imports WeasyPrint's own objects

    give_letters(document, pdf)
    finish(document, pdf)


def _attachment(weasyprint: Any, file: AttachedFile) -> object:  # noqa: ANN401  # WeasyPrint carries no types
    dated = datetime.fromisoformat(f"{file.dated}T00:00:00+00:00")
    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        created=dated,
        modified=dated,
        url_fetcher=_BlockedFetcher(),
    )


def _with_identifier(made: bytes, html: str, attached: Sequence[AttachedFile]) -> bytes:
    """The file with an identifier that comes from its text and from the files inside.

    The table of contents of a file is its last object, so a few bytes more in it move nothing else. Asked to do it,
    WeasyPrint would serialise the whole file twice.
    """
    start, mark, rest = made.rpartition(b"/Type /XRef")
    content = hashlib.sha256(html.encode())
    for file in attached:
        content.update(hashlib.sha256(file.content).digest())
    name = content.hexdigest()[:32].encode()
    return start + b"/ID [<%b> <%b>]" % (name, name) + mark + rest


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file inside a PDF. `dated` is ISO. `relationship` says what it is to the document (ISO 32000-2, 7.11.3)."""

    name: str
    description: str
    content: bytes
    dated: str
    relationship: Literal["Source", "Data"]


PDF_LIMITS = ChildLimits(memory_bytes=1024**3, cpu_seconds=30, wall_seconds=60)
EXIT_UNAVAILABLE = 3
"""Exit code when something on this machine is missing; the sentence that says what stands on standard error."""


def run_job(source: BinaryIO, target: BinaryIO) -> int:
    """Read one job (`page`: HTML; `attached`: files with their content in base64) and write the file, whole or not at all. Returns the exit code."""
    job = json.load(source)
    attached = [AttachedFile(**{**file, "content": base64.b64decode(file["content"])}) for file in job["attached"]]
    try:
        made = html_to_pdf(job["page"], attached)
    except (MissingLibraryError, FontsUnavailableError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent reads it
        return EXIT_UNAVAILABLE
    target.write(made)
    target.flush()
    return 0


if __name__ == "__main__":
    limit_this_process(replace(PDF_LIMITS, wall_seconds=int(sys.argv[1])))
    # few things of a page become garbage before it is printed, and to look for them again and again takes time
    gc.set_threshold(100_000, 50, 100)
    code = run_job(sys.stdin.buffer, sys.stdout.buffer)
    sys.stderr.flush()
    # the font libraries keep threads of their own: unloading them at the end has crashed, and there is nothing to tidy up
    os._exit(code)
