"""Where the files of the banks are: the `questionnaires` folder beside the code, for the site and the command line alike."""

from __future__ import annotations

from pathlib import Path

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"
