"""Has one copy of a record printed by the press: one limited child process each, two at once on a machine at most.

The bytes are taken only when the child ended well and the file is whole. What a child is given is what it needs: the job,
the way to its fonts and libraries, and none of the settings of the site.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from assess.kit.logs import log
from assess.plans.copies import Copy, Record
from assess.plans.printing import press
from assess.plans.printing.fonts import FontsUnavailableError, cache_folder, faces_are_made
from assess.plans.register.state import NOTHING_YET, RegisterState, state_as_data
from assess.plans.sign_off import Signed

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds to wait for a place at the press, and for the printing itself."""

    wait: float
    printing: int


PATIENT = Patience(15, 60)

LARGEST = 20 * 1024 * 1024
_GRACE = 3
LONGEST = int(PATIENT.wait) + PATIENT.printing + _GRACE
"""Seconds after which `render` has ended, whatever happens."""
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class PressBusyError(Exception):
    """Two are being printed already and neither has ended in time. Try again in a minute."""


class PressUnfitError(Exception):
    """Something on this machine is missing. The sentence says what, and how to get it."""


class PrintingFailedError(Exception):
    """The child ended badly, ran into a limit, or wrote no whole file."""


def render(
    record: Record,
    copy: Copy,
    state: RegisterState = NOTHING_YET,
    code: str | None = None,
    signed: Signed | None = None,
    *,
    patience: Patience = PATIENT,
) -> bytes:
    """The PDF of one copy of a record, with the state of its register, the check code it has in this service, and its sign-off.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError
    """
    with _place(patience.wait) as place:
        return _printed(
            json.dumps(
                {
                    "copy": copy,
                    "record": record,
                    "state": state_as_data(state),
                    "code": code,
                    "signed": None if signed is None else asdict(signed),
                }
            ).encode(),
            place,
            patience.printing,
        )


def render_page(html: str) -> bytes:
    """The PDF of a finished page that needs nothing of a record: a paper, or a cover.

    Raises:
        PressBusyError, PressUnfitError, PrintingFailedError
    """
    with _place(PATIENT.wait) as place:
        return _printed(json.dumps({"page": html}).encode(), place, PATIENT.printing)


def make_faces_beside() -> threading.Thread:
    """Have the two faces made in a child, and do not wait for it: a worker calls this when it starts.

    They are there when the first plan is printed, or that plan waits for the rest of their making. Where they are there
    already, nothing happens. What goes wrong is logged; the next printing says it again.
    """
    thread = threading.Thread(target=_make_faces, name="faces", daemon=True)
    thread.start()
    return thread


def _make_faces() -> None:
    try:
        if faces_are_made():
            return
    except FontsUnavailableError as error:
        log("printing_failed", error=type(error).__name__, reason=str(error))
        return
    command = [sys.executable, "-m", "assess.plans.printing.fonts"]
    done = subprocess.run(  # noqa: S603  # our own module, no shell
        command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(os.environ), cwd="/", check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [""]
        log("printing_failed", error=FontsUnavailableError.__name__, reason=said[-1])


def _printed(job: bytes, place: IO[bytes], seconds: int) -> bytes:
    command = [sys.executable, "-m", "assess.plans.printing.press", str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603  # our own module, no shell
            command,
            input=job,
            capture_output=True,
            env=_environment(os.environ),
            cwd="/",
            pass_fds=[place.fileno()],  # the child keeps its place even when its parent dies
            timeout=seconds + _GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PrintingFailedError("The press did not end in time.") from error
    if done.returncode == press.CANNOT:
        raise PressUnfitError(done.stderr.decode(errors="replace").strip().splitlines()[-1])
    if done.returncode:
        raise PrintingFailedError(f"The press ended with {done.returncode}.")
    if not _is_whole(done.stdout):
        raise PrintingFailedError("The press wrote no whole file.")
    return done.stdout


def _is_whole(made: bytes) -> bool:
    return made.startswith(b"%PDF-") and made.rstrip().endswith(b"%%EOF") and len(made) <= LARGEST


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """What the child may know: nothing that guards or opens anything."""
    home = str(Path(__file__).parents[3])
    paths = [home, *filter(None, [ours.get("PYTHONPATH")])]
    passed = {name: ours[name] for name in _PASSED_ON if name in ours}
    return {**passed, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"}


@contextmanager
def _place(wait: float) -> Iterator[IO[bytes]]:
    """One of the places at the press, held by a lock that goes when its holders do."""
    folder = cache_folder()
    until = time.monotonic() + wait
    handles = [(folder / f"press-{number}.lock").open("ab") for number in range(AT_ONCE)]
    try:
        while True:
            for handle in handles:
                if _locked(handle):
                    yield handle
                    return
            if time.monotonic() >= until:
                raise PressBusyError
            time.sleep(0.1)
    finally:
        for handle in handles:
            handle.close()


def _locked(handle: IO[bytes]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
