"""`assess serve` and `assess worker`: gunicorn with our limits, and the supervisor of job workers."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # the same
from sqlalchemy.exc import SQLAlchemyError

from assess.app import create_app, prepare
from assess.cli.configured import settings_for
from assess.core.application import MAX_URL_LENGTH, InsecureFilePermissionsError
from assess.core.config import PREFIX, Settings
from assess.core.jobs.worker import Supervisor
from assess.core.logs import code_location, log
from assess.core.migrations import DatabaseOfAnotherReleaseError
from assess.identity.organisations.services import ConflictOfInterestError
from assess.question_banks.files import BankFilesRefusedError

WORKER_COMMAND = [sys.executable, "-m", "assess.cli.worker", "--one"]
"""The command of a single worker of background jobs."""
_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  # memory, for the heartbeat of workers; nothing of ours is written there


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on, instead of ASSESS_PORT.")
@click.option("--debug", is_flag=True, help="Flask's own server, with reloading. Only on your own machine.")
def serve_command(port: int | None, *, debug: bool) -> None:
    """Serve the site."""
    settings = settings_for(os.environ, port)
    if debug and not settings.development:
        raise click.ClickException("--debug shows the inside of the service: it needs ASSESS_ENV=development.")
    prepare_and_report(settings)
    refused = settings.operator_identity.refused_colour
    if refused:
        click.echo(f"ASSESS_OPERATOR_COLOUR {refused} is too light to read on white, so ink is used in its place.")
    if debug:
        click.echo(f"Assess is at {settings.base_url}")
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it writes down every address
        _serve_debug(settings)
        return
    GunicornServer(settings).run()


def make_supervisor(settings: Settings) -> Supervisor:
    """The workers beside this site. They read the same environment, and the port of the command line makes the addresses."""
    return Supervisor(WORKER_COMMAND, settings.job_workers, os.environ | {f"{PREFIX}PORT": str(settings.port)})


def _serve_debug(settings: Settings) -> None:
    """The reloader runs this in a second process as well: only the first has workers, which start anew when one ends."""
    over = threading.Event()
    keeper = threading.Thread(target=make_supervisor(settings).run_until, args=(over,), daemon=True)
    if "WERKZEUG_RUN_MAIN" not in os.environ:
        keeper.start()
    try:
        create_app(settings, prepared=True).run(host=settings.listen, port=settings.port, debug=True)
    finally:
        over.set()
        if keeper.is_alive():
            keeper.join()


def prepare_and_report(settings: Settings) -> None:
    """Prepare the database, and say which banks were refused. Raises `click.ClickException` when the site cannot start."""
    if not (settings.data_key or settings.development):
        click.echo(
            "ASSESS_DATA_KEY is not set, so what people write is encrypted with a key made from ASSESS_SECRET_KEY. "
            "A key of its own is better: docs/running.md says how to change over.",
            err=True,
        )
    try:
        refused = prepare(settings)
    except (
        BankFilesRefusedError,
        DatabaseOfAnotherReleaseError,
        ConflictOfInterestError,
        InsecureFilePermissionsError,
    ) as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"The database cannot be used: {type(error).__name__}. Is ASSESS_DATABASE_URL right?"
        ) from error
    for bank, problems in refused.items():
        click.echo(f"Refused {bank}; its latest edition stays.", err=True)
        for problem in problems:
            click.echo(problem, err=True)


class GunicornServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings: few processes, one request each, and limits that hold."""

    def __init__(self, settings: Settings) -> None:
        """A server for these settings. `run` does not come back before it is told to stop."""
        self.settings = settings
        self.crew = make_supervisor(settings)
        super().__init__()

    def run(self) -> None:
        self._read_all_code()
        GunicornMaster(self).run()

    def _read_all_code(self) -> None:
        """Make a site once and let it go: what it reads is then there for every process, at the start and when one is replaced.

        Reading takes many times as long as making the site. Nothing of this one is used: each process makes its own. What was read
        stays for good, so nobody looks through it for rubbish again: that took 0.15 s now and then, in the midst of a request.
        """
        self.load().extensions["assess.database"].close()
        gc.collect()
        gc.freeze()

    def load_config(self) -> None:
        """Hand our options to gunicorn. A control socket in the user's home would be a second way in."""
        for name, value in gunicorn_options(self.settings).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app, made anew in each process, so that no two share a connection."""
        return create_app(self.settings, prepared=True)


class GunicornMaster(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's master process. It looks after its own processes once a second, and with them after ours."""

    def manage_workers(self) -> None:
        """Start the processes that are missing."""
        super().manage_workers()
        self.app.crew.keep()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002  # gunicorn's signature
        """Stop all: jobs come to their end while requests do."""
        self.app.crew.stop_workers()
        super().stop(graceful)
        self.app.crew.wait()


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own messages, without the address of a request that broke: it may hold a token."""

    def exception(self, _msg: str, *_args: object, **_more: object) -> None:
        """Write down the class of the error and the code it passed."""
        kind, _error, trace = sys.exc_info()
        log("server_error", error=kind.__name__ if kind else None, where=code_location(trace))


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """The options of gunicorn. Sync workers are the only ones whose time limit bounds a request."""

    def say_where(_arbiter: object) -> None:
        click.echo(f"Assess is at {settings.base_url}")
        log("started", number=settings.workers)

    return {
        "bind": [f"{settings.listen}:{settings.port}"],
        "workers": settings.workers,
        "worker_class": "sync",
        "timeout": 30,
        "graceful_timeout": 25,
        "max_requests": 1000,
        "max_requests_jitter": 100,
        "worker_tmp_dir": str(_MEMORY_FOLDER) if _MEMORY_FOLDER.is_dir() else None,
        "limit_request_line": MAX_URL_LENGTH,
        "limit_request_fields": 60,
        "limit_request_field_size": 8190,
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "accesslog": None,
        "loglevel": "error",  # warnings repeat what a stranger sent
        "logger_class": QuietLogger,
        "proc_name": "assess",
        "when_ready": say_where,
    }
