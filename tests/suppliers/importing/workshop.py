"""A worker of the service: `python workshop.py ADDRESS-OF-DATABASE ADDRESS-OF-MAIL-SERVER`. With `HASTE` its leases are so many times shorter."""

from __future__ import annotations

import os
import sys

from assess import load_jobs
from assess.kit.config import Settings
from assess.kit.jobs import claiming

haste = int(os.environ.get("HASTE", "1"))
claiming.LEASE, claiming.LONGEST_LEASE = claiming.LEASE / haste, claiming.LONGEST_LEASE / haste
claiming.BEAT_SECONDS /= haste
# only now: it reads them once
from assess.kit.jobs.worker import work  # noqa: E402  # see above

if __name__ == "__main__":
    load_jobs()
    address, mail_server = sys.argv[1:]
    work(
        Settings(
            env="development",
            database_url=address,
            operator_name="Norfolk test desk",
            mail_server=mail_server,
            mail_from="desk@norfolk.example",
        )
    )
