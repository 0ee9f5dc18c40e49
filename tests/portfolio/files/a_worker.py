"""A real worker process in haste: `python a_worker.py sqlite:///…`. A job of a worker that died is taken over twice as soon as in use."""

from __future__ import annotations

import sys

from assess import load_jobs
from assess.kit.config import Settings
from assess.kit.jobs import claiming

claiming.LEASE, claiming.LONGEST_LEASE = claiming.LEASE / 2, claiming.LONGEST_LEASE / 2
claiming.BEAT_SECONDS /= 2
# only now: it reads them once
from assess.kit.jobs.worker import work  # noqa: E402  # see above

if __name__ == "__main__":
    load_jobs()
    work(Settings(env="development", database_url=sys.argv[1]))
