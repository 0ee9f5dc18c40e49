"""Five hundred suppliers from a file to their letters, with workers killed on the way: what it takes, and whether anybody is asked twice.

Run: python -m benchmarks.bench_import [ROWS]. The worker runs as `assess worker` starts it, on SQLite in a file, and mails to a server on the
loopback. It stops with an error if anybody was asked twice or not at all.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from assess.app import create_app
from assess.core.jobs.worker import Supervisor
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.mail_servers import MailServer, serving, settings_that_mail
from tests.suppliers.factories import a_buyer
from tests.suppliers.supplier_import.conftest import Office
from tests.suppliers.supplier_import.worker_kills import WORKER_SCRIPT, Killing

ROWS = 500


def measure(folder: Path, rows: int) -> None:
    """All of it, printed line by line."""
    with serving(MailServer()) as postbox:
        address = f"sqlite:///{folder / 'assess.db'}"
        app = create_app(settings_that_mail(address, folder, postbox))
        app.config.update(TESTING=True, CLOCK=lambda: TODAY)
        with database_of(app).writing() as session:
            jo = a_person(session, "jo@council.example")
            council = a_buyer(session, "The Council", buyer=jo)
        guest_session = Visitor(app.test_client())
        sign_in(guest_session, app, jo)
        crew = Supervisor([sys.executable, str(WORKER_SCRIPT), address, postbox.address], 1, os.environ)
        try:
            killing = Killing(Office(app, guest_session, council, jo), crew, postbox)
            found = killing.ask_all(rows)
            print(f"list of {rows}: read and checked in {found.read:.1f} s, {found.good} good", flush=True)
            print(f"{found.kills} kills: all asked and written to in {found.done:.0f} s", flush=True)
            print(f"letters: {found.letters} for {found.good} suppliers", flush=True)
            killing.again_is_nothing(rows)
            print("the same list again: nobody added, asked or written to", flush=True)
        finally:
            crew.stop_workers()
            crew.wait(5)
            database_of(app).close()


def main() -> None:
    """Make everything, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)


if __name__ == "__main__":
    main()
