"""The points of whom to call first, read from the dated settings of a folder as they stand on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assess.banks.call_settings import CALL_MEMBERS, CallWeights, weights_from
from assess.banks.reader import state_of
from assess.banks.settings import basis_of, settings_on
from assess.banks.settings_check import gather, value_on
from assess.banks.sheets import RefusedError, found, read_folder
from assess.engine.problems import Problem

_MOST_DAYS = 100


@dataclass(frozen=True, slots=True)
class _Kept:
    state: object
    weights: CallWeights


_kept: dict[tuple[Path, date], _Kept] = {}


def call_weights_on(folder: Path, day: date) -> CallWeights:
    """The points in force on this day. Kept until a file changes.

    Raises:
        RefusedError: when a file is broken, a setting is missing, or one has no value yet on this day.
    """
    state = state_of(folder)
    kept = _kept.get((folder, day))
    if kept is None or kept.state != state:
        if len(_kept) > _MOST_DAYS:
            _kept.clear()
        kept = _kept[folder, day] = _Kept(state, _read(folder, day))
    return kept.weights


def _read(folder: Path, day: date) -> CallWeights:
    base = settings_on(folder, day).scoring.base  # it refuses what is broken
    settings = {one.id: one for one in gather(read_folder(folder)).settings if one.id in CALL_MEMBERS}
    missing = [name for name in CALL_MEMBERS if name not in settings]
    if missing:
        cause = f"These settings are missing: {', '.join(missing)}."
        raise RefusedError((found("settings/calling.yaml", 1, Problem("BANK073", (), cause)),))
    rows = {name: value_on(setting, day) for name, setting in settings.items()}
    basis = tuple(basis_of(settings[name], row) for name, row in rows.items())
    return weights_from(day.isoformat(), base, {name: row["value"] for name, row in rows.items()}, basis)
