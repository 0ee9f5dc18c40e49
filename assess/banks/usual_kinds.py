"""Which kind of thing a usual purchase is, such as “linen” or “food and drink”, so that a page can show them in groups."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assess.banks.reader import state_of
from assess.banks.reference_tables import USUAL, read_tables
from assess.banks.sheets import RefusedError, read_folder

_kept: dict[Path, tuple[object, Mapping[str, Mapping[str, str]]]] = {}


def usual_kinds(folder: Path, bank: str) -> Mapping[str, str]:
    """The kind of each usual purchase of this bank, by its key. Kept until a file changes, and while the table is broken.

    Raises:
        RefusedError: when the folder cannot be read and never could in this process.
    """
    try:
        state = state_of(folder)
        if folder not in _kept or _kept[folder][0] != state:
            _kept[folder] = (state, _by_bank(folder))
    except RefusedError:
        if folder not in _kept:
            raise
    return _kept[folder][1].get(bank, {})


def _by_bank(folder: Path) -> Mapping[str, Mapping[str, str]]:
    table = read_tables(read_folder(folder)).by_name.get(USUAL)
    if table is not None and table.problems and folder in _kept:
        return _kept[folder][1]
    by_bank: dict[str, dict[str, str]] = {}
    for row in table.rows if table is not None else ():
        by_bank.setdefault(row["sector"], {}).setdefault(row["input"], row["category"])
    return by_bank
