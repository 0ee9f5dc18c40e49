"""Once a day something has to be tidied up. Until there is a room for work in the background, a request of the day sets it off.

It runs after that request was answered, in one process only, and a failure of it harms nobody's page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from flask import Flask, Response
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from assess.kit.clock import date_at, now
from assess.kit.db import database
from assess.kit.limits import Limit, count
from assess.kit.logs import log, where

Job = Callable[[Session, datetime], None]
_ONCE_A_DAY = Limit("daily", 1, 86_400)


def every_day(app: Flask, job: Job) -> None:
    """Run the job once on each day on which anybody comes, beginning with the day after the start."""
    seen: list[date] = []

    @app.after_request
    def look_at_the_day(response: Response) -> Response:
        day = date_at(now())
        if seen != [day]:
            first_look = not seen
            seen[:] = [day]
            if not first_look:
                response.call_on_close(lambda: run(app, job))
        return response


def run(app: Flask, job: Job) -> bool:
    """Run the job, unless another process did today. Returns whether it ran to its end."""
    with app.app_context():
        try:
            count(_ONCE_A_DAY, "all")
            with database().writing() as session:
                job(session, now())
        except TooManyRequests:
            return False
        except Exception as error:  # noqa: BLE001  # the page that set it off was answered: nobody else can be told
            log("daily_failed", error=type(error).__name__, where=where(error.__traceback__))
            return False
    return True
