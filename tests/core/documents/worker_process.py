"""A process of its own that does all background work that is due, as a worker does: `python worker_process.py ADDRESS MOMENT`."""

from __future__ import annotations

import sys
from datetime import datetime

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.worker import run_due_jobs

if __name__ == "__main__":
    load_jobs()
    settings = Settings(env="development", database_url=sys.argv[1])
    moment = datetime.fromisoformat(sys.argv[2])
    run_due_jobs(Database(settings.database, settings.data_keys), settings, lambda: moment)
