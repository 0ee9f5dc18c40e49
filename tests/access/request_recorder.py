"""What a request runs into while it is answered: the limits that count it, and the question when somebody proved who they are.

It is seen in the running app, not read from its source: whatever decorates a view or begins it, it calls `enforce_limit`, and
`CurrentUser.proved_recently`, in the end. Where these live is known only here.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pytest

from assess.core.rate_limits import Limit, by_address, by_session_or_address, enforce_limit
from assess.identity.current_user import CurrentUser

CODE = "assess"

Whom = Literal["address", "caller", "thing"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit that counted a request, and for whom: the address that called, whoever called, or a thing the page is about."""

    limit: str
    whom: Whom


class Recorder:
    """Listens to an app. While it is `stale`, everybody has proven who they are too long ago."""

    def __init__(self) -> None:
        self.stale = False
        self.asked_for_proof = False
        self._counted: list[Counted] = []

    def counted(self) -> tuple[Counted, ...]:
        """What has counted since `forget`, in order."""
        return tuple(self._counted)

    def forget(self) -> None:
        """Begin anew: the next request is the one to listen to."""
        self._counted.clear()
        self.asked_for_proof = False

    def counting(self, counter: Callable[[Limit, str], None]) -> Callable[[Limit, str], None]:
        """What stands for `enforce_limit`."""

        @functools.wraps(counter)
        def heard(limit: Limit, subject: str) -> None:
            self._counted.append(Counted(limit.name, _whom(subject)))
            counter(limit, subject)

        return heard

    def proved_recently(
        self, proven: Callable[[CurrentUser, datetime], bool]
    ) -> Callable[[CurrentUser, datetime], bool]:
        """What stands for `CurrentUser.proved_recently`, which is `proven`."""

        @functools.wraps(proven)
        def asked(who: CurrentUser, now: datetime) -> bool:
            self.asked_for_proof = True
            return not self.stale and proven(who, now)

        return asked


def _whom(subject: str) -> Whom:
    if subject == by_address():
        return "address"
    return "caller" if subject == by_session_or_address() else "thing"


@contextmanager
def recording() -> Iterator[Recorder]:
    """Listen, as long as this lasts, to every app of this process."""
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patch:
        replace_everywhere(patch, enforce_limit, recorder.counting(enforce_limit))
        patch.setattr(CurrentUser, "proved_recently", recorder.proved_recently(CurrentUser.proved_recently))
        yield recorder


def replace_everywhere(patch: pytest.MonkeyPatch, old: Callable[..., Any], new: Callable[..., Any]) -> None:
    """Put another function in place of this one, in every module of ours that knows it, by whatever name.

    Modules that are read later find it where it is defined.
    """
    for name, module in sorted(sys.modules.items()):
        if name.split(".", 1)[0] == CODE:
            for known_as in [known for known, value in vars(module).items() if value is old]:
                patch.setattr(module, known_as, new)
