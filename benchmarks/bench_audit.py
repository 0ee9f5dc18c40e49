"""What the audit log costs: saving a page of answers with its event, against the same without.

Run: python -m benchmarks.bench_audit. SQLite in a file, as an installation has it: each save is one POST of the real page, with its
commit on the disk. The two in turn, medians of many rounds; the ratio is free of the machine it runs on.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.app import create_app
from assess.core.config import Settings

ROUNDS = 150
AT_MOST = 1.2
BANK, SECTION = "farming", "people"


def begin(client: FlaskClient) -> str:
    """Start a full assessment and return the address of a section."""
    soup = BeautifulSoup(client.get(f"/start?bank={BANK}").data, "html.parser")
    token = soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]  # it is there
    started = client.post("/start", data={"csrf_token": token, "bank": BANK, "length": "full"})
    return str(started.location) + f"sections/{SECTION}"


def form_of(client: FlaskClient, section: str) -> dict[str, str]:
    """What the page would send as it stands."""
    page = BeautifulSoup(client.get(section).data, "html.parser")
    return {str(box["name"]): str(box.get("value", "")) for box in page.select("main input[type=hidden][name]")}


def saves(client: FlaskClient, section: str, number: int, clock: Callable[[], float]) -> float:
    """Seconds for one save of one changed answer."""
    form = form_of(client, section) | {"core_people_peak": str(number)}
    start = clock()
    answer = client.post(section, data=form)
    spent = clock() - start
    assert answer.status_code in {303, 422}, answer.status_code
    return spent


def main() -> int:
    """Measure, print, and say by the exit code whether the ratio is small enough."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        # the site writes its log lines as ever, but not between the figures
        figures = os.fdopen(os.dup(1), "w")
        os.dup2(nowhere.fileno(), 1)
        app = create_app(Settings(env="development", data_folder=Path(folder), operator_name="Bench"))
        app.testing = True
        app.config["WTF_CSRF_METHODS"] = set()
        with_events = app.extensions["assess.before_commit"]
        client = app.test_client()
        section = begin(client)
        now = [time.time()]
        app.config["CLOCK"] = moving(now)
        spent: dict[tuple[str, bool], list[float]] = {}
        for number in range(ROUNDS):
            for audited in (True, False) if number % 2 else (False, True):
                app.extensions["assess.before_commit"] = with_events if audited else ()
                for name, clock in (("CPU", time.process_time), ("wall", time.perf_counter)):
                    now[0] += 60  # no limit is met
                    value = len(spent.get((name, audited), ())) * 4 + 2 * audited + (name == "CPU") + 1
                    spent.setdefault((name, audited), []).append(saves(client, section, value, clock))
        ratios = {}
        for name in ("CPU", "wall"):
            ours, bare = (statistics.median(spent[name, audited]) for audited in (True, False))
            ratios[name] = ours / bare
            print(
                f"audit: saving a page with its event takes {ratios[name]:.2f} times as long as without, by {name} "
                f"({bare * 1000:.2f} ms without; aim: at most {AT_MOST:g})",
                file=figures,
                flush=True,
            )
    return 0 if max(ratios.values()) <= AT_MOST else 1


def moving(now: list[float]) -> Callable[[], object]:
    """A clock that is moved by hand."""
    return lambda: datetime.fromtimestamp(now[0], UTC)


if __name__ == "__main__":
    sys.exit(main())
