"""Whether the time of an answer tells if an address has an account: signing in, asking for a link, a new password, an account.

Run: python -m benchmarks.bench_sign_in. Known and unknown addresses in turn, in pairs whose order changes, on SQLite in a file;
the median of the
differences of many pairs against the median time, so it wants a quiet machine. The limits are lifted for the run. Ends with 1 when one form differs by more than 5 %.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.app import create_app
from assess.core.clock import system_clock
from assess.core.config import Settings
from assess.core.rate_limits import Limit
from assess.identity.accounts import rate_limits
from assess.identity.accounts.passwords import hash_password
from assess.identity.accounts.services import create_person

ROUNDS = 200
AT_MOST = 0.05
KEPT = hash_password("seven quiet herons")
FORMS = ("/sign-in", "/sign-in/link", "/forgotten", "/sign-up")


def spent(client: FlaskClient, form: str, token: str, email: str) -> float:
    """Seconds until the answer is there."""
    data = {"csrf_token": token, "email": email, "password": "not the password"}
    start = time.perf_counter()
    answer = client.post(form, data=data)
    took = time.perf_counter() - start
    assert answer.status_code in {303, 422}, answer.status_code
    return took


def main() -> int:
    """Measure, print a line for each form, and say whether all are alike."""
    for name, limit in list(vars(rate_limits).items()):
        if isinstance(limit, Limit):
            setattr(rate_limits, name, replace(limit, most=10**9, seconds=1))
    alike = True
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            env="development",
            database_url=f"sqlite:///{folder}/bench.db",
            data_folder=Path(folder),
            mail_server="smtp://localhost:9",
            mail_from="desk@network.example",
        )
        app = create_app(settings)
        with app.extensions["assess.database"].writing() as session:
            for number in range(ROUNDS):
                email = f"known-{number:03}@farm.example"
                create_person(session, email, system_clock(), password_hash=KEPT)
        client = app.test_client()
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # the log lines of the requests
        for form in FORMS:
            page = BeautifulSoup(client.get(form).data, "html.parser")
            token = str(page.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]  # it is there
            times: dict[str, list[float]] = {"known": [], "other": []}
            for number in range(ROUNDS):
                order = ("known", "other") if number % 2 else ("other", "known")
                for kind in order:
                    times[kind].append(spent(client, form, token, f"{kind}-{number:03}@farm.example"))
            known, other = (statistics.median(times[kind]) for kind in ("known", "other"))
            pairs = zip(times["known"], times["other"], strict=True)
            apart = abs(statistics.median(one - two for one, two in pairs)) / max(known, other)
            alike &= apart <= AT_MOST
            print(
                f"{form:15} known {known * 1000:6.1f} ms, unknown {other * 1000:6.1f} ms, {apart:.1%}", file=sys.stderr
            )
        app.extensions["assess.database"].close()
    return 0 if alike else 1


if __name__ == "__main__":
    sys.exit(main())
