"""Answers that take the same time whatever was found, so that a stopwatch tells nobody whether an address has an account.

The work is alike already; what little differs (a row more to read) is covered by answering no sooner than a quarter of a second after
the request came. The wait comes after the work is committed, so it holds nobody up but whoever asked.
"""

from __future__ import annotations

import time

from flask import Response, after_this_request, current_app, g

NO_SOONER = 0.25
"""Seconds. More than such a request takes on a small machine, less than a person minds."""
SETTING = "ANSWER_NO_SOONER"


def answer_evenly() -> None:
    """Have this request be answered no sooner than that after it came."""
    due = float(g.get("started") or time.perf_counter()) + float(current_app.config.get(SETTING, NO_SOONER))

    @after_this_request
    def wait(response: Response) -> Response:
        left = due - time.perf_counter()
        if left > 0:
            time.sleep(left)
        return response
