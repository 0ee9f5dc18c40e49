"""What shows itself unasked: a mail or an alarm lights up a locked screen, and whoever stands by reads it.

So it holds less than a file that somebody opens. It must never name an action that may not travel, nor one about who brings workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.plans.actions import Item, Register
from assess.plans.wall import LABOUR_SUPPLY


def shown_unasked(register: Register, record: Mapping[str, Any]) -> tuple[Item, ...]:
    """Ordinary actions and duties without the themes that hang on no wall; by theme, so that a gap tells nothing."""
    themes = {action["question"]: action["dimension"] for action in record["actions"]}
    return tuple(item for item in register.ordinary if themes.get(item.key) not in LABOUR_SUPPLY)
