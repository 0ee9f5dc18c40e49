"""What refused sign-ins cost everybody else: `/help` alone, and while 24 connections of one address send nothing but refused sign-ins.

Run: python -m benchmarks.bench_refused. The site runs as `assess serve` starts it, with two workers. The bar for "while" is what the
same number of connections that fetch `/help` cost, for no site answers as fast to one among 25 as to one alone; the time itself is
told beside.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.server import Browser, Site, flood, serving, times

CONNECTIONS = 24
LOOKS = 150
AT_MOST = 2.0


def refused(site: Site) -> bytes:
    """A sign-in that is refused, for the limit is reached."""
    browser = Browser(site)
    fields = [
        ("csrf_token", browser.token("/sign-in")),
        ("email", "nobody@farm.example"),
        ("password", "not the password"),
    ]
    request = browser.request("POST", "/sign-in", fields)
    _took, statuses = times(site, request, 12)
    assert statuses.get(429), statuses
    return request


def main() -> int:
    """Measure, print, and say by the exit code whether the ratio is small enough."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), mail_server="smtp://localhost:9", mail_from="desk@network.example") as site,
    ):
        session, attack = Browser(site).request("GET", "/help"), refused(site)
        alone = statistics.median(times(site, session, LOOKS)[0])
        with flood(site, [session], CONNECTIONS):
            among = statistics.median(times(site, session, LOOKS)[0])
        with flood(site, [attack], CONNECTIONS) as statuses:
            beside = statistics.median(times(site, session, LOOKS)[0])
    ratio = beside / among
    print(
        f"refused: /help alone {alone * 1000:.1f} ms, beside {CONNECTIONS} connections of /help {among * 1000:.1f} ms, "
        f"beside {CONNECTIONS} of refused sign-ins {beside * 1000:.1f} ms: {ratio:.2f} times (aim: at most {AT_MOST:g}); {statuses}"
    )
    return 0 if ratio <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
