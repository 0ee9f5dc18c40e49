"""The anchors: where the log stood each day, written outside the database, because a log whose tail was cut off fits together.

An anchor is a line of a file in the data folder and a log line. The lines are numbered and each is sealed over the one before, so a
line that is missing in the middle or was changed is found. The event of each night holds the number of its anchor, so that the log
knows how many there must be. Whoever keeps copies elsewhere hands one to `assess audit verify`.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import FIRST, Deed, Head, by_job, head_of, record
from assess.kit.config import Settings
from assess.kit.jobs.registry import Work
from assess.kit.logs import log

FILE = "audit-anchors.txt"
ACTION, NUMBER = "audit.anchor", "anchor"
"""What the event of the night does, and the detail that holds the number of its anchor."""
_OWNER_ONLY = 0o600


class AnchorsUnfitError(Exception):
    """A line of the file of anchors is missing, was changed, or is no anchor. `line` is the first bad one, counted from 1."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(f"Line {line} of the anchors {says}.")
        self.line = line


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the log stood at a moment. `line` counts the anchors from 1."""

    line: int
    at: datetime
    head: Head
    key_name: str
    seal: str

    @property
    def words(self) -> str:
        """As a line of the file."""
        return f"{_words(self.line, self.at, self.head)} {self.key_name} {self.seal}"


def anchors_file(settings: Settings) -> Path:
    """Where the anchors of an installation are."""
    return settings.data_folder / FILE


def anchor_daily(work: Work) -> None:
    """The job of the day."""
    keys, file = Keys.of(work.settings), anchors_file(work.settings)
    number = len(read_anchors(file, keys)) + 1
    with work.database.writing() as session:
        who = by_job("anchor_audit")
        record(session, keys, Deed(action=ACTION, verb="written", who=who, details={NUMBER: number}), work.now())
    with work.database.reading() as look:
        anchor(look, keys, file, work.now())


def anchor(session: Session, keys: Keys, file: Path, moment: datetime) -> Anchor:
    """Write down where the log stands now: a line of the file, safely on the disk, and a log line.

    Raises:
        AnchorsUnfitError: when the file has a bad line: nothing is added to it before somebody has looked.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
    with os.fdopen(descriptor, "a", encoding="ascii") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)  # the job and a person at the command line may come at once
        made = _next(session, keys, read_anchors(file, keys), moment)
        opened.write(f"{made.words}\n")
        opened.flush()
        os.fsync(opened.fileno())
    log("audit_anchor", number=made.head.number, reason=made.head.hash)
    return made


def _next(session: Session, keys: Keys, before: Sequence[Anchor], moment: datetime) -> Anchor:
    line, at = len(before) + 1, moment.astimezone(UTC).replace(microsecond=0)
    head = head_of(session.connection())
    last = before[-1].seal if before else FIRST
    return Anchor(line, at, head, keys.name, keys.seal(f"{_words(line, at, head)} {last}"))


def read_anchors(file: Path, keys: Keys) -> Sequence[Anchor]:
    """The anchors of a file, the oldest first; none when there is no file.

    Raises:
        AnchorsUnfitError
    """
    lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.exists() else []
    found: list[Anchor] = []
    last = FIRST
    for number, words in enumerate(lines, 1):
        made = _anchor_of(number, words)
        if made.line != number:
            raise AnchorsUnfitError(number, f"is missing: number {made.line} stands there")
        if not keys.knows(made.key_name):
            raise AnchorsUnfitError(number, "was sealed with a key that is not among the secret keys")
        if not keys.fits(made.key_name, f"{_words(made.line, made.at, made.head)} {last}", made.seal):
            raise AnchorsUnfitError(number, "was changed")
        found.append(made)
        last = made.seal
    return found


def same(one: str, other: str) -> bool:
    """Whether two hashes are the same."""
    return hmac.compare_digest(one, other)


def _words(line: int, at: datetime, head: Head) -> str:
    return f"{line} {at.isoformat()} {head.number} {head.hash}"


def _anchor_of(number: int, words: str) -> Anchor:
    try:
        line, at, head, digest, key_name, seal = words.split(" ")
        return Anchor(int(line), datetime.fromisoformat(at), Head(int(head), digest), key_name, seal)
    except ValueError:
        raise AnchorsUnfitError(number, "is no anchor") from None
