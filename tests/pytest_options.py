"""What can be said on the command line of pytest beyond its own options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cpu_seconds import Meter


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this suite."""
    group = parser.getgroup("assess")
    group.addoption(
        "--update-golden", action="store_true", help="write the golden lists in tests/access anew (`make golden`)"
    )
    group.addoption(
        "--cpu-seconds",
        type=Path,
        metavar="PATH",
        help="write a table of CPU seconds for each file of tests (`make cpu`)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Measure where it was asked for."""
    path = config.getoption("cpu_seconds")
    if path is not None:
        config.pluginmanager.register(Meter(path))
