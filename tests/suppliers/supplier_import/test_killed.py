"""Suppliers from a file to their letters, while the workers are killed on the way: each good one is asked once.

`benchmarks/bench_import.py` does the same with five hundred.
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

from assess.core.config import Settings
from assess.core.jobs.worker import Supervisor
from tests.journeys.conftest import note_that_papers_were_ordered
from tests.mail_servers import MailServer, serving, settings_that_mail
from tests.suppliers.supplier_import.conftest import Office
from tests.suppliers.supplier_import.worker_kills import WORKER_SCRIPT, Killing

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ROWS = 80
"""Fifty good ones: enough that a worker is in the middle of them when it is killed."""


@pytest.fixture
def postbox() -> Iterator[MailServer]:
    """As everywhere; the ends of lines that were cut when a worker was killed are let go here, without a warning."""
    with serving(MailServer()) as box:
        yield box
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def crew(banks_url: str, postbox: MailServer) -> Iterator[Supervisor]:
    """A worker, started again whenever it is gone."""
    note_that_papers_were_ordered(banks_url)
    made = Supervisor([sys.executable, str(WORKER_SCRIPT), banks_url, postbox.address], 1, os.environ | {"HASTE": "4"})
    yield made
    made.stop_workers()
    made.wait(5)


def test_each_is_asked_once_though_workers_are_killed(
    app: Flask, open_office: Callable[[Flask], Office], crew: Supervisor, postbox: MailServer
) -> None:
    killing = Killing(open_office(app), crew, postbox)
    assert killing.ask_all(ROWS).kills == 3
    killing.again_is_nothing(ROWS)
