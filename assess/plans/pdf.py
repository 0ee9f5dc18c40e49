"""HTML to a tagged PDF: the only module that touches WeasyPrint, and only ever inside the press.

Importing it starts Pango, so it is imported late and never by a web process. Whatever the text says, nothing is fetched:
no file, no address, no font but our two faces.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, Never

from assess.plans.fonts import font_config

PANGO_SENTENCE = (
    "The PDF needs the system library Pango, which is not on this machine. On Debian and Ubuntu: "
    "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0; on Fedora and Alpine: the package pango; on macOS: brew install pango."
)


class MissingLibraryError(Exception):
    """A system library the PDF needs is not installed; the sentence names the package."""


def _refuse(url: str) -> Never:
    """Fetch nothing: a document that asks for a file or an address gets none."""
    raise ValueError(f"A plan holds everything it shows, so {url[:60]} was not fetched.")


def _weasyprint() -> Any:  # noqa: ANN401  # WeasyPrint carries no types
    # fontconfig reads its file when Pango starts, which is when WeasyPrint is imported
    os.environ["FONTCONFIG_FILE"] = str(font_config())
    try:
        import weasyprint  # noqa: PLC0415 - starts Pango
    except OSError as error:
        raise MissingLibraryError(PANGO_SENTENCE) from error
    return weasyprint


def to_pdf(html: str) -> bytes:
    """A PDF/UA-1 file of a finished page. The same HTML gives the same bytes, in any process.

    `html` carries its title, language, dates and stylesheet itself.

    Raises:
        MissingLibraryError: Pango is not installed.
        FontsUnavailableError: the two faces could not be made.
    """
    weasyprint = _weasyprint()
    from assess.plans.finisher import finish  # noqa: PLC0415 - imports WeasyPrint's own objects

    document = weasyprint.HTML(string=html, url_fetcher=_refuse).render(pdf_variant="pdf/ua-1")
    made: bytes = document.write_pdf(
        finisher=finish,
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
    )
    return made
