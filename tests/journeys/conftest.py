"""The site as it is served, and people with real browsers: a wide one, a phone, one without JavaScript."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from assess.core.db import Database
from assess.core.models import ScheduleState
from tests.conftest import Copies, with_banks
from tests.journeys.received_mail import ReceivedMail
from tests.mail_servers import MailServer, serving

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
START_SECONDS = 60
ASSESS = str(Path(sys.executable).with_name("assess"))


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Installation:
    """The site as it is served: its address, its settings for the command line, and the mail server it sends by."""

    address: str
    environment: dict[str, str]
    postbox: MailServer


def note_that_papers_were_ordered(url: str) -> None:
    """A new installation prints all its papers at its first start, one every ten seconds. Nobody here waits for them."""
    database = Database(url)
    with database.writing() as session:
        session.add(ScheduleState(what="periodic:print_papers", at=datetime.now(UTC)))
    database.close()


def without_our_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What the suite itself is set by, like `ASSESS_LONG`, is no setting of the site, which refuses to start with it."""
    return {name: value for name, value in environment.items() if not name.startswith("ASSESS_")}


@contextmanager
def served(folder: Path, url: str) -> Iterator[Installation]:
    """A site on this database, served as `make run` serves it, with a mail server on the loopback."""
    port = a_free_port()
    note_that_papers_were_ordered(url)
    with serving(MailServer()) as postbox:
        environment = {
            **without_our_settings(os.environ),
            "ASSESS_ENV": "development",
            "ASSESS_DATA_FOLDER": str(folder),
            "ASSESS_DATABASE_URL": url,
            "ASSESS_PORT": str(port),
            "ASSESS_OPERATOR_NAME": "Fenland Against Slavery",
            "ASSESS_OPERATOR_CONTACT": "desk@fenland.example",
            "ASSESS_MAIL_SERVER": postbox.address,
            "ASSESS_MAIL_FROM": "post@fenland.example",
        }
        with (folder / "log.txt").open("w") as log:
            server = subprocess.Popen([ASSESS, "serve"], env=environment, stdout=log, stderr=log)
        address = f"http://localhost:{port}"
        try:
            wait_for(f"{address}/health/live", server)
            yield Installation(address, environment, postbox)
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, copies: Copies) -> Iterator[Installation]:
    """The site that all journeys share, on a database of its own."""
    folder = tmp_path_factory.mktemp("site")
    # most processes of tests have made the banks by then
    with served(folder, copies.fresh("sqlite", with_banks, folder)) as opened:
        yield opened


@pytest.fixture(scope="session")
def site(installation: Installation) -> str:
    """The address of the site."""
    return installation.address


@pytest.fixture(scope="session")
def letters(installation: Installation) -> ReceivedMail:
    """The mail the site sends."""
    return ReceivedMail(installation.postbox)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 5):
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError("the server did not answer in time")


@pytest.fixture(params=["phone", "no_javascript"])
def context(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A browser as two kinds of people have it: a phone, and a wide one without JavaScript. A wide one with it walks by keyboard.

    Whatever it asks for elsewhere than the site is refused and noted.
    """
    with browser.new_context(
        base_url=site,
        viewport=PHONE if request.param == "phone" else DESK,  # type: ignore[arg-type]  # a plain mapping will do
        java_script_enabled=request.param != "no_javascript",
        accept_downloads=True,
    ) as opened:
        opened.set_default_timeout(15_000)
        yield opened
