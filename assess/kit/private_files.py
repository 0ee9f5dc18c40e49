"""That other users of the machine cannot read the database: the data folder is for its owner alone (0700), and so is the file (0600).

New files are so by the umask of every command (`assess.cli`). What was made before, or copied in, is put right when a site starts;
what cannot be put right keeps it from starting.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from assess.kit.config import Settings
from assess.kit.engines import full_url

_OTHERS, _EVERYBODY = 0o077, 0o007
_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite puts beside a database has rows of it."""


class OpenToOthersError(Exception):
    """Other users of the machine can read the database, and that cannot be put right from here. The message says what to do."""


def keep_private(settings: Settings) -> None:
    """Take all rights of others away from the data folder and the database file, if there are any.

    Raises:
        OpenToOthersError
    """
    folder = settings.data_folder
    if folder.is_dir() and folder.stat().st_mode & _OTHERS:
        if folder.stat().st_mode & stat.S_ISVTX:
            raise OpenToOthersError(f"{folder} is a folder for everybody. Give ASSESS_DATA_FOLDER a folder of its own.")
        _take_away(folder, 0o700)
    for file in _database_files(settings):
        if file.exists() and file.stat().st_mode & _OTHERS:
            _take_away(file, 0o600)


def _take_away(path: Path, mode: int) -> None:
    try:
        path.chmod(mode)
    except OSError:
        if not path.stat().st_mode & _EVERYBODY:
            return  # a volume that belongs to somebody else, open to the group of the service
        says = f"Other users of this machine can read {path}, and the service may not change that."
        raise OpenToOthersError(f"{says} Run as its owner: chmod o-rwx {path}") from None


def _database_files(settings: Settings) -> Iterator[Path]:
    url = full_url(settings.database)
    if url.get_backend_name() == "sqlite":
        for end in _BESIDE:
            yield Path(f"{url.database}{end}")
