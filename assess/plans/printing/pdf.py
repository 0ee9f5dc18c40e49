"""HTML to a tagged PDF: the only module that touches WeasyPrint, and only ever inside the press.

Importing it starts Pango, so it is imported late and never by a web process. Whatever the text says, nothing is fetched:
no file, no address, no font but our two faces.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, Never

from assess.plans.attached import AttachedFile
from assess.plans.printing.fonts import font_config

PANGO_SENTENCE = (
    "The PDF needs the system library Pango, which is not on this machine. On Debian and Ubuntu: "
    "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0; on Fedora and Alpine: the package pango; on macOS: brew install pango."
)


class MissingLibraryError(Exception):
    """A system library the PDF needs is not installed; the sentence names the package."""


class _Nothing:
    """Fetches nothing: a document that asks for a file or an address gets none, and is printed without it."""

    # WeasyPrint asks its fetcher whether the printing is to stop
    _fail_on_errors = False

    def __call__(self, url: str) -> Never:
        raise ValueError(f"A plan holds everything it shows, so {url[:60]} was not fetched.")


@cache
def load_weasyprint() -> Any:  # noqa: ANN401  # WeasyPrint carries no types
    """WeasyPrint, told about our faces. The first call in a process takes about a second.

    Raises:
        MissingLibraryError: Pango is not installed.
        FontsUnavailableError: the two faces could not be made.
    """
    # fontconfig reads its file when Pango starts, which is when WeasyPrint is imported
    os.environ["FONTCONFIG_FILE"] = str(font_config())
    try:
        import weasyprint  # noqa: PLC0415  # starts Pango
    except OSError as error:
        raise MissingLibraryError(PANGO_SENTENCE) from error
    return weasyprint


def to_pdf(html: str, attached: Sequence[AttachedFile] = ()) -> bytes:
    """A PDF/UA-1 file of a finished page, with these files inside. The same of both gives the same bytes, in any process.

    `html` carries its title, language, dates and stylesheet itself.

    Raises:
        MissingLibraryError: Pango is not installed.
        FontsUnavailableError: the two faces could not be made.
    """
    weasyprint = load_weasyprint()
    from assess.plans.printing.finisher import finish  # noqa: PLC0415 - imports WeasyPrint's own objects

    document = weasyprint.HTML(string=html, url_fetcher=_Nothing()).render(pdf_variant="pdf/ua-1")
    document.metadata.attachments = [_attachment(weasyprint, file) for file in attached]
    relationships = {file.name: file.relationship for file in attached}
    made = document.write_pdf(finisher=partial(finish, relationships=relationships), pdf_variant="pdf/ua-1")
    return _identified(made, html, attached)


def _attachment(weasyprint: Any, file: AttachedFile) -> object:  # noqa: ANN401  # WeasyPrint carries no types
    dated = datetime.fromisoformat(f"{file.dated}T00:00:00+00:00")
    return weasyprint.Attachment(
        string=file.content, name=file.name, description=file.description, created=dated, modified=dated
    )


def _identified(made: bytes, html: str, attached: Sequence[AttachedFile]) -> bytes:
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
