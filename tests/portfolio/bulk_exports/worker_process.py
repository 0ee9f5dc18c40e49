"""A real worker process in haste: `python worker_process.py sqlite:///…`. A job of a worker that died is taken over twice as soon as in use."""

from __future__ import annotations

import sys

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs import services as jobs_services

jobs_services.LEASE_TIME, jobs_services.MAX_LEASE_TIME = jobs_services.LEASE_TIME / 2, jobs_services.MAX_LEASE_TIME / 2
jobs_services.HEARTBEAT_SECONDS /= 2
# only now: it reads them once
from assess.core.jobs.worker import run_worker  # noqa: E402  # see above

if __name__ == "__main__":
    load_jobs()
    run_worker(Settings(env="development", database_url=sys.argv[1]))
