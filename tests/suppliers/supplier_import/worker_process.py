"""A worker of the service: `python worker_process.py ADDRESS-OF-DATABASE ADDRESS-OF-MAIL-SERVER`. With `HASTE` its leases are so many times shorter."""

from __future__ import annotations

import os
import sys

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs import services as jobs_services

haste = int(os.environ.get("HASTE", "1"))
jobs_services.LEASE_TIME, jobs_services.MAX_LEASE_TIME = (
    jobs_services.LEASE_TIME / haste,
    jobs_services.MAX_LEASE_TIME / haste,
)
jobs_services.HEARTBEAT_SECONDS /= haste
# only now: it reads them once
from assess.core.jobs.worker import run_worker  # noqa: E402  # see above

if __name__ == "__main__":
    load_jobs()
    address, mail_server = sys.argv[1:]
    run_worker(
        Settings(
            env="development",
            database_url=address,
            operator_name="Norfolk test desk",
            mail_server=mail_server,
            mail_from="desk@norfolk.example",
        )
    )
