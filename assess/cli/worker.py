"""`assess worker`: background work, beside the site or on a machine of its own."""

from __future__ import annotations

import os
import signal
import threading

import click

from assess import load_jobs
from assess.banks.in_force import Bookcase, use_in_this_process
from assess.kit.config import read_settings
from assess.kit.db import Database
from assess.kit.jobs.crew import Crew
from assess.kit.jobs.worker import work
from assess.plans.printing.render import make_faces_beside


@click.command()
@click.option(
    "--processes", type=click.IntRange(1, 64), help="How many jobs at the same time; else ASSESS_JOB_WORKERS."
)
@click.option("--one", is_flag=True, hidden=True, help="Be one worker in this process.")
def command(processes: int | None, *, one: bool) -> None:
    """Do background work until told to stop."""
    if one:
        load_jobs()
        make_faces_beside()
        settings = read_settings(os.environ)
        use_in_this_process(Bookcase(Database(settings.database, settings.data_keys), settings.data_folder))
        work(settings)
        return
    # a single worker needs no web server in memory
    from assess.cli.configured import settings_for  # noqa: PLC0415  # see above
    from assess.cli.serve import ONE_WORKER, prepare_aloud  # noqa: PLC0415  # see above

    settings = settings_for(os.environ, None)
    prepare_aloud(settings)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: told.set())
    click.echo("Assess does background work")
    Crew(ONE_WORKER, processes or max(1, settings.job_workers), os.environ).keep_until(told)


if __name__ == "__main__":
    command()
