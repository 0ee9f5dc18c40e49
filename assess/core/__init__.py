"""Infrastructure shared by all packages: configuration, database, security, jobs, mail, audit, exports. It knows nothing of assessments. Begin with `application`, then `db` and `config`."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def package_folder(name: str) -> Path:
    """Where `templates` and `questionnaires` are: in a checkout beside the package, where people look for them; in a wheel inside it."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
