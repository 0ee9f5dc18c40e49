"""Printing in the PDF worker: at most two at a time on this machine, each in a limited child process that knows nothing of ours."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from assess.core.documents import pdf_worker
from assess.core.fonts import FontsUnavailableError, cache_folder, fonts_are_built
from assess.core.logs import log
from assess.core.pdf import AttachedFile

MAX_CONCURRENT = 2


@dataclass(frozen=True, slots=True)
class RenderTimeouts:
    """How many seconds to wait for a slot of the PDF worker, and for the printing itself."""

    wait: float
    printing: int


DEFAULT_TIMEOUTS = RenderTimeouts(15, 60)

MAX_PDF_BYTES = 20 * 1024 * 1024
_GRACE_SECONDS = 3
MAX_RENDER_SECONDS = int(DEFAULT_TIMEOUTS.wait) + DEFAULT_TIMEOUTS.printing + _GRACE_SECONDS
"""Seconds after which `render_pdf` has ended, whatever happens."""
_PASSED_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)


class PdfError(Exception):
    """No PDF was made."""


class PdfWorkerBusyError(PdfError):
    """Two are being printed already and neither has ended in time. Try again in a minute."""


class PdfWorkerUnavailableError(PdfError):
    """Something on this machine is missing. The sentence says what, and how to get it."""


class PdfRenderError(PdfError):
    """The child ended badly, ran into a limit, or wrote no whole file."""


def render_pdf(
    html: str, attached: Sequence[AttachedFile] = (), *, timeouts: RenderTimeouts = DEFAULT_TIMEOUTS
) -> bytes:
    """The PDF of a finished page, with these files inside, printed in a child process. Raises PdfError."""
    files = [{**asdict(file), "content": base64.b64encode(file.content).decode()} for file in attached]
    with _worker_slot(timeouts.wait) as slot:
        return _run_worker(json.dumps({"page": html, "attached": files}).encode(), slot, timeouts.printing)


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
    done = subprocess.run(  # our own module, no shell
        [sys.executable, "-m", "assess.core.fonts"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_worker_environment(os.environ),
        cwd="/",
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [""]
        log("printing_failed", error=FontsUnavailableError.__name__, reason=said[-1])


def _run_worker(job: bytes, slot: IO[bytes], seconds: int) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            [sys.executable, "-m", "assess.core.documents.pdf_worker", str(seconds)],
            input=job,
            capture_output=True,
            env=_worker_environment(os.environ),
            cwd="/",
            pass_fds=[slot.fileno()],  # the child keeps its slot even when its parent dies
            timeout=seconds + _GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfRenderError("The PDF worker did not end in time.") from error
    if done.returncode == pdf_worker.EXIT_UNAVAILABLE:
        raise PdfWorkerUnavailableError(done.stderr.decode(errors="replace").strip().splitlines()[-1])
    if done.returncode:
        raise PdfRenderError(f"The PDF worker ended with {done.returncode}.")
    if not _is_complete_pdf(done.stdout):
        raise PdfRenderError("The PDF worker wrote no whole file.")
    return done.stdout


def _is_complete_pdf(made: bytes) -> bool:
    return made.startswith(b"%PDF-") and made.rstrip().endswith(b"%%EOF") and len(made) <= MAX_PDF_BYTES


def _worker_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """What the child may know: nothing that guards or opens anything."""
    home = str(Path(__file__).parents[3])
    paths = [home, *filter(None, [ours.get("PYTHONPATH")])]
    passed = {name: ours[name] for name in _PASSED_VARIABLES if name in ours}
    return {**passed, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"}


@contextmanager
def _worker_slot(wait: float) -> Iterator[IO[bytes]]:
    """One of the slots of the PDF worker, held by a lock that goes when its holders do."""
    folder = cache_folder()
    until = time.monotonic() + wait
    handles = [(folder / f"press-{number}.lock").open("ab") for number in range(MAX_CONCURRENT)]
    try:
        while True:
            for handle in handles:
                if _try_lock(handle):
                    yield handle
                    return
            if time.monotonic() >= until:
                raise PdfWorkerBusyError
            time.sleep(0.1)
    finally:
        for handle in handles:
            handle.close()


def _try_lock(handle: IO[bytes]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
