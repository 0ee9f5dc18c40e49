"""Jobs that one test adds to the list of this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from assess.kit.jobs import registry

Function = TypeVar("Function", bound=Callable[..., None])


def job(
    name: str,
    *,
    at: str | None = None,
    every: timedelta | None = None,
    seconds: int = registry.SECONDS,
    attempts: int = registry.ATTEMPTS,
) -> Callable[[Function], Function]:
    """Make a function of a test a job of this name, instead of one that a test before had."""

    def add(function: Function) -> Function:
        others = (kind for kind in registry._kinds.values() if kind.name != name)
        made = registry.job(name, function, at=at, every=every, seconds=seconds, attempts=attempts)
        registry.install_jobs([*others, made])
        return function

    return add
