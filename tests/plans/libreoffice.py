"""LibreOffice without a screen: opens our files as a person's computer would, with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FLAT_SHEET, FLAT_TEXT = "fods", "fodt"
"""Its own formats as one readable XML file: every cell with its type and its formula."""

CSV_AS_UTF8 = "CSV:44,34,76,1,,0,false,true,false"
"""Comma, double quotes, UTF-8, from the first line; numbers in quotes are not taken for text, as on a double click."""


def opened(files: list[Path], to: str, folder: Path, *, infilter: str | None = None) -> list[Path]:
    """The files as LibreOffice reads them, in this format. One start for all of them."""
    program = shutil.which("soffice")
    assert program, "make test brings LibreOffice"
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
    if infilter:
        command.append(f"--infilter={infilter}")
    command += ["--convert-to", to, "--outdir", str(folder / "opened"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    made = [folder / "opened" / f"{file.stem}.{to}" for file in files]
    assert all(file.exists() for file in made), done.stderr
    return made
