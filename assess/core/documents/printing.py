"""Printing in the PDF renderer: at most two at a time on this machine, each in a limited child process that knows nothing of ours."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from assess.core.child_process import GRACE_SECONDS, ChildBusyError, ChildError, ChildExitError, child_slot, run_child
from assess.core.fonts import FontsUnavailableError, cache_folder, fonts_are_built
from assess.core.logs import log
from assess.core.pdf import EXIT_UNAVAILABLE, PDF_LIMITS, AttachedFile

PDF_RENDERER = "assess.core.pdf"
MAX_CONCURRENT = 2


@dataclass(frozen=True, slots=True)
class RenderTimeouts:
    """How many seconds to wait for a slot of the PDF renderer, and for the printing itself."""

    wait: float
    printing: int


DEFAULT_TIMEOUTS = RenderTimeouts(15, PDF_LIMITS.wall_seconds)

MAX_PDF_BYTES = 20 * 1024 * 1024
MAX_RENDER_SECONDS = int(DEFAULT_TIMEOUTS.wait) + DEFAULT_TIMEOUTS.printing + GRACE_SECONDS
"""Seconds after which `render_pdf` has ended, whatever happens."""


class PdfError(Exception):
    """No PDF was made."""


class PdfRendererBusyError(PdfError):
    """Two are being printed already and neither has ended in time. Try again in a minute."""


class PdfRendererUnavailableError(PdfError):
    """Something on this machine is missing. The sentence says what, and how to get it."""


class PdfRenderError(PdfError):
    """The child ended badly, ran into a limit, or wrote no whole file."""


def render_pdf(
    html: str, attached: Sequence[AttachedFile] = (), *, timeouts: RenderTimeouts = DEFAULT_TIMEOUTS
) -> bytes:
    """The PDF of a finished page, with these files inside, printed in a child process. Raises PdfError."""
    files = [{**asdict(file), "content": base64.b64encode(file.content).decode()} for file in attached]
    return _run_renderer(json.dumps({"page": html, "attached": files}).encode(), timeouts)


def build_fonts_in_background() -> threading.Thread:
    """Have the two faces made in a child, and do not wait for it: a worker calls this when it starts.

    They are there when the first plan is printed, or that plan waits for the rest of their making. Where they are there
    already, nothing happens. What goes wrong is logged; the next printing says it again.
    """
    thread = threading.Thread(target=_build_fonts_in_child, name="faces", daemon=True)
    thread.start()
    return thread


def _build_fonts_in_child() -> None:
    try:
        if fonts_are_built():
            return
    except FontsUnavailableError as error:
        log("printing_failed", error=type(error).__name__, reason=str(error))
        return
    try:
        run_child("assess.core.fonts")
    except ChildExitError as error:
        log("printing_failed", error=FontsUnavailableError.__name__, reason=error.last_words)


def _run_renderer(job: bytes, timeouts: RenderTimeouts) -> bytes:
    seconds = timeouts.printing
    try:
        with child_slot(cache_folder(), "pdf-slot", MAX_CONCURRENT, timeouts.wait) as slot:
            made = run_child(PDF_RENDERER, str(seconds), data=job, seconds=seconds, slot=slot)
    except ChildBusyError as error:
        raise PdfRendererBusyError from error
    except ChildError as error:
        if isinstance(error, ChildExitError) and error.code == EXIT_UNAVAILABLE:
            raise PdfRendererUnavailableError(error.last_words) from error
        raise PdfRenderError(f"The PDF renderer {error}.") from error
    if not _is_complete_pdf(made):
        raise PdfRenderError("The PDF renderer wrote no whole file.")
    return made


def _is_complete_pdf(made: bytes) -> bool:
    return made.startswith(b"%PDF-") and made.rstrip().endswith(b"%%EOF") and len(made) <= MAX_PDF_BYTES
