"""Jobs that one test adds to the list of this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from assess.core.jobs import services as jobs_services

Function = TypeVar("Function", bound=Callable[..., None])


def job(
    name: str,
    *,
    at: str | None = None,
    every: timedelta | None = None,
    seconds: int = jobs_services.DEFAULT_SECONDS,
    attempts: int = jobs_services.DEFAULT_ATTEMPTS,
) -> Callable[[Function], Function]:
    """Make a function of a test a job of this name, instead of one that a test before had."""

    def add(function: Function) -> Function:
        others = (kind for kind in jobs_services._job_types.values() if kind.name != name)
        made = jobs_services.define_job(name, function, at=at, every=every, seconds=seconds, attempts=attempts)
        jobs_services.install_jobs([*others, made])
        return function

    return add
