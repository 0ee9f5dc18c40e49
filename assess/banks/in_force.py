"""Which folder of files counts in this process just now: that of the shelf in force, or the one beside the code while they are alike.

A page reads rates, contacts and papers from a folder. When somebody publishes, every process of the machine is told by a mark in the
data folder; on other machines it is noticed within a minute.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reader import state_of
from assess.banks.shelves import digest_of_folder, folder_of, in_force
from assess.kit.db import Database

LOOK_AGAIN = 60.0
"""Seconds after which the database is asked again whether another shelf is in force."""
_EXTENSION = "assess.bookcase"
_seeds: dict[Path, tuple[object, str]] = {}
_of_this_process: list[Bookcase] = []


class Bookcase:
    """The shelf in force of one installation, as a folder."""

    def __init__(self, database: Database, data_folder: Path, seed: Path = QUESTIONNAIRES) -> None:
        """Nothing is asked before a folder is wanted."""
        self._database = database
        self._shelves = data_folder / "shelves"
        self._seed = seed
        self._folder: Path | None = None
        self._looked = 0.0
        self._mark = 0.0

    def folder(self) -> Path:
        """The folder in force. While the database cannot be reached, the last one stays."""
        if self._folder is None or self._is_old():
            with contextlib.suppress(SQLAlchemyError):
                self._look()
        return self._folder or self._seed

    def _is_old(self) -> bool:
        return time.monotonic() > self._looked + LOOK_AGAIN or self._marked() != self._mark

    def _marked(self) -> float:
        try:
            return (self._shelves / "in-force").stat().st_mtime_ns
        except OSError:
            return 0.0

    def _look(self) -> None:
        self._looked, self._mark = time.monotonic(), self._marked()
        with self._database.reading() as look:
            state = in_force(look)
            if state is None or state.digest == _digest_of_seed(self._seed):
                self._folder = self._seed
            else:
                self._folder = folder_of(look, state, self._shelves)

    def tell(self) -> None:
        """Another shelf is in force: every process of this machine looks again at its next page."""
        self._shelves.mkdir(parents=True, exist_ok=True)
        (self._shelves / "in-force").write_text(str(time.monotonic_ns()), encoding="utf-8")
        self._looked = -LOOK_AGAIN


def open_bookcase(app: Flask, data_folder: Path) -> Bookcase:
    """Have the pages of an app read the shelf in force."""
    made = app.extensions[_EXTENSION] = Bookcase(app.extensions["assess.database"], data_folder)
    return made


def use_in_this_process(bookcase: Bookcase) -> None:
    """Have background work, which has no app, read the shelf in force."""
    _of_this_process[:] = [bookcase]


def in_use() -> Path:
    """The folder to read: banks, settings, papers and reference data as they are in force now.

    Beside the site and its background work, as in `assess score`, it is the one beside the code.
    """
    case = _here()
    return case.folder() if case else QUESTIONNAIRES


def tell_after_commit(session: Session) -> None:
    """Tell the other processes once this session is committed."""
    case = _here()
    if case is not None:
        tell: Callable[[Session], None] = lambda _session: case.tell()  # noqa: E731  # an event wants a function of one session
        event.listen(session, "after_commit", tell, once=True)


def _here() -> Bookcase | None:
    if has_app_context():
        found: Bookcase | None = current_app.extensions.get(_EXTENSION)
        return found
    return _of_this_process[0] if _of_this_process else None


def _digest_of_seed(folder: Path) -> str:
    state = state_of(folder)
    kept = _seeds.get(folder)
    if kept is None or kept[0] != state:
        kept = _seeds[folder] = (state, digest_of_folder(folder))
    return kept[1]
