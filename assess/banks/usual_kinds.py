"""Which kind of thing a usual purchase is, such as “linen” or “food and drink”, so that a page can show them in groups."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assess.banks.reader import state_of
from assess.banks.reference_tables import USUAL, read_tables
from assess.banks.sheets import read_folder

_kept: dict[Path, tuple[object, Mapping[str, Mapping[str, str]]]] = {}


def usual_kinds(folder: Path, bank: str) -> Mapping[str, str]:
    """The kind of each usual purchase of this bank, by its key. Kept until a file changes.

    Raises:
        RefusedError: when the folder cannot be read.
    """
    state = state_of(folder)
    kept = _kept.get(folder)
    if kept is None or kept[0] != state:
        by_bank: dict[str, dict[str, str]] = {}
        for row in read_tables(read_folder(folder)).rows(USUAL):
            by_bank.setdefault(row["sector"], {}).setdefault(row["input"], row["category"])
        kept = _kept[folder] = (state, by_bank)
    return kept[1].get(bank, {})
