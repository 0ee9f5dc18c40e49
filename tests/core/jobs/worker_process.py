"""Jobs of every bad kind, and a worker process that does them: `python worker_process.py ADDRESS`. What happens goes into a journal.

With `HASTE` set its leases are that many times shorter, so that nobody waits long for one to run out. All else is as it is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Column, Table, Uuid

from assess.core.config import Settings
from assess.core.db import Base
from assess.core.jobs import services as jobs_services
from assess.core.jobs.services import JobContext, define_job, install_jobs

# a job hangs on the table of assessments; all that hangs on that one takes long to read, and no worker here looks at it
Table("assessment", Base.metadata, Column("id", Uuid, primary_key=True))

haste = int(os.environ.get("HASTE", "1"))
jobs_services.LEASE_TIME, jobs_services.MAX_LEASE_TIME = (
    jobs_services.LEASE_TIME / haste,
    jobs_services.MAX_LEASE_TIME / haste,
)
jobs_services.HEARTBEAT_SECONDS /= haste
# only now: it reads them once
from assess.core.jobs.worker import run_worker  # noqa: E402  # see above


def note(*words: object) -> None:
    """One line of the journal; lines this short are written whole."""
    line = " ".join(str(word) for word in (*words, os.getpid(), f"{time.monotonic():.3f}"))
    with Path(os.environ["JOURNAL"]).open("a", encoding="utf-8") as journal:
        journal.write(line + "\n")


def quick(_work: JobContext, *, number: int) -> None:
    note("quick", number)


def slow(work: JobContext, *, number: int, tenths: int) -> None:
    note("begin", number)
    for step in range(tenths):
        work.progress(step, tenths)
        time.sleep(0.1)
    note("end", number)


def unwatched(_work: JobContext, *, number: int, tenths: int) -> None:
    note("begin", number)
    for _ in range(tenths):
        time.sleep(0.1)
    note("end", number)


def raises(_work: JobContext, *, number: int) -> None:
    note("raises", number)
    raise ZeroDivisionError("a value that must not be written down")


def kills(_work: JobContext, *, number: int) -> None:
    note("kills", number)
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(_work: JobContext, *, number: int) -> None:
    note("hangs", number)
    child = subprocess.Popen(["sleep", "600"])
    note("child", child.pid)
    child.wait()


def tick(_work: JobContext) -> None:
    note("tick", int(time.time()))


if __name__ == "__main__":
    ticking = [define_job("tick", tick, every=timedelta(seconds=1))] if os.environ.get("TICKING") else []
    plain = [define_job(function.__name__, function) for function in (quick, slow, unwatched)]
    bad = [
        define_job("raises", raises, attempts=2),
        define_job("kills", kills, attempts=2),
        define_job("hangs", hangs, seconds=1, attempts=2),
    ]
    install_jobs([*plain, *bad, *ticking])
    run_worker(Settings(env="development", database_url=sys.argv[1]))
