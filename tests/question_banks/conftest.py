from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.content_files import SOUND


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sound folder on disk."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
