"""`assess worker`: background work, beside the site or on a machine of its own."""

from __future__ import annotations

import os
import signal
import threading

import click

from assess.app import load_jobs
from assess.core.config import read_settings
from assess.core.documents.printing import build_fonts_in_background
from assess.core.jobs.worker import Supervisor, run_worker


@click.command()
@click.option(
    "--processes", type=click.IntRange(1, 64), help="How many jobs at the same time; else ASSESS_JOB_WORKERS."
)
@click.option("--one", is_flag=True, hidden=True, help="Be one worker in this process.")
def worker_command(processes: int | None, *, one: bool) -> None:
    """Do background work until told to stop."""
    if one:
        load_jobs()
        build_fonts_in_background()
        run_worker(read_settings(os.environ))
        return
    # a single worker needs no web server in memory
    from assess.cli.configured import settings_for  # noqa: PLC0415  # see above
    from assess.cli.serve import WORKER_COMMAND, prepare_and_report  # noqa: PLC0415  # see above

    settings = settings_for(os.environ, None)
    prepare_and_report(settings)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    click.echo("Assess does background work")
    Supervisor(WORKER_COMMAND, processes or max(1, settings.job_workers), os.environ).run_until(stopped)


if __name__ == "__main__":
    worker_command()
