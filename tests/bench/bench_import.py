"""Five hundred suppliers from a file to their letters, with workers killed on the way: what it takes, and whether anybody is asked twice.

Run: python tests/bench/bench_import.py [ROWS]. The worker runs as `assess worker` starts it, on SQLite in a file, and mails to a server on the
loopback. It stops with an error if anybody was asked twice or not at all.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from assess import create_app
from assess.kit.jobs.crew import Crew
from tests.conftest import TODAY, Visitor
from tests.people.persons import a_person, database_of, sign_in
from tests.postboxes import Postbox, serving, settings_that_mail
from tests.suppliers.importing.conftest import Office
from tests.suppliers.importing.killing import WORKSHOP, Killing
from tests.suppliers.makers import a_buyer

ROWS = 500


def measure(folder: Path, rows: int) -> None:
    """All of it, printed line by line."""
    with serving(Postbox()) as postbox:
        address = f"sqlite:///{folder / 'assess.db'}"
        app = create_app(settings_that_mail(address, folder, postbox))
        app.config.update(TESTING=True, CLOCK=lambda: TODAY)
        with database_of(app).writing() as session:
            jo = a_person(session, "jo@council.example")
            council = a_buyer(session, "The Council", buyer=jo)
        visit = Visitor(app.test_client())
        sign_in(visit, app, jo)
        crew = Crew([sys.executable, str(WORKSHOP), address, postbox.address], 1, os.environ)
        try:
            killing = Killing(Office(app, visit, council, jo), crew, postbox)
            found = killing.ask_all(rows)
            print(f"list of {rows}: read and checked in {found.read:.1f} s, {found.good} good", flush=True)
            print(f"{found.kills} kills: all asked and written to in {found.done:.0f} s", flush=True)
            print(f"letters: {found.letters} for {found.good} suppliers", flush=True)
            killing.again_is_nothing(rows)
            print("the same list again: nobody added, asked or written to", flush=True)
        finally:
            crew.tell_to_stop()
            crew.wait(5)
            database_of(app).close()


def main() -> None:
    """Make everything, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)


if __name__ == "__main__":
    main()
