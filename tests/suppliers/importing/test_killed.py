"""Suppliers from a file to their letters, while the workers are killed on the way: each good one is asked once.

`tests/bench/bench_import.py` does the same with five hundred.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from assess.kit.config import Settings
from assess.kit.jobs.crew import Crew
from tests.postboxes import Postbox, serving, settings_that_mail
from tests.suppliers.importing.conftest import Office
from tests.suppliers.importing.killing import WORKSHOP, Killing

pytestmark = [
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("workers"),
]
ROWS = 80
"""Fifty good ones: enough that a worker is in the middle of them when it is killed."""


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """As everywhere; the ends of lines that were cut when a worker was killed are let go here, without a warning."""
    with serving(Postbox()) as box:
        yield box
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def crew(banks_url: str, postbox: Postbox) -> Iterator[Crew]:
    """A worker, started again whenever it is gone."""
    made = Crew([sys.executable, str(WORKSHOP), banks_url, postbox.address], 1, os.environ | {"HASTE": "4"})
    yield made
    made.tell_to_stop()
    made.wait(5)


def test_each_is_asked_once_though_workers_are_killed(
    app: Flask, open_office: Callable[[Flask], Office], crew: Crew, postbox: Postbox
) -> None:
    killing = Killing(open_office(app), crew, postbox)
    assert killing.ask_all(ROWS).kills == 3
    killing.again_is_nothing(ROWS)
