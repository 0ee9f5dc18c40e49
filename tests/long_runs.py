"""What `make test-long` does more of than `make test`: the same tests, with larger numbers.

With `ASSESS_LONG=1` tests marked `long` run too, whatever asks for a database runs on both, journeys are walked in both kinds of browser,
and properties are tried with all their examples.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

IS_LONG = os.environ.get("ASSESS_LONG") == "1"
Case = TypeVar("Case")


def examples(all_of_them: int) -> int:
    """How many examples a property is tried with: half of them, unless the run is a long one."""
    return all_of_them if IS_LONG else max(1, all_of_them // 2)


def either(short: Sequence[Case], every: Sequence[Case]) -> Sequence[Case]:
    """The cases of a short run, or every case in a long one."""
    return every if IS_LONG else short
