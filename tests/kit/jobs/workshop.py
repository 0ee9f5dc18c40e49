"""Jobs of every bad kind, and a worker process that does them: `python workshop.py ADDRESS`. What happens goes into a journal.

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

from assess.kit.config import Settings
from assess.kit.db import Base
from assess.kit.jobs import claiming
from assess.kit.jobs.registry import Work, install_jobs, job

# a job hangs on the table of assessments; all that hangs on that one takes long to read, and no worker here looks at it
Table("assessment", Base.metadata, Column("id", Uuid, primary_key=True))

haste = int(os.environ.get("HASTE", "1"))
claiming.LEASE, claiming.LONGEST_LEASE = claiming.LEASE / haste, claiming.LONGEST_LEASE / haste
claiming.BEAT_SECONDS /= haste
# only now: it reads them once
from assess.kit.jobs.worker import work  # noqa: E402  # see above


def note(*words: object) -> None:
    """One line of the journal; lines this short are written whole."""
    line = " ".join(str(word) for word in (*words, os.getpid(), f"{time.monotonic():.3f}"))
    with Path(os.environ["JOURNAL"]).open("a", encoding="utf-8") as journal:
        journal.write(line + "\n")


def quick(_work: Work, *, number: int) -> None:
    note("quick", number)


def slow(work: Work, *, number: int, tenths: int) -> None:
    note("begin", number)
    for step in range(tenths):
        work.progress(step, tenths)
        time.sleep(0.1)
    note("end", number)


def unwatched(_work: Work, *, number: int, tenths: int) -> None:
    note("begin", number)
    for _ in range(tenths):
        time.sleep(0.1)
    note("end", number)


def raises(_work: Work, *, number: int) -> None:
    note("raises", number)
    raise ZeroDivisionError("a value that must not be written down")


def kills(_work: Work, *, number: int) -> None:
    note("kills", number)
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(_work: Work, *, number: int) -> None:
    note("hangs", number)
    child = subprocess.Popen(["sleep", "600"])
    note("child", child.pid)
    child.wait()


def tick(_work: Work) -> None:
    note("tick", int(time.time()))


if __name__ == "__main__":
    ticking = [job("tick", tick, every=timedelta(seconds=1))] if os.environ.get("TICKING") else []
    plain = [job(function.__name__, function) for function in (quick, slow, unwatched)]
    bad = [
        job("raises", raises, attempts=2),
        job("kills", kills, attempts=2),
        job("hangs", hangs, seconds=1, attempts=2),
    ]
    install_jobs([*plain, *bad, *ticking])
    work(Settings(env="development", database_url=sys.argv[1]))
