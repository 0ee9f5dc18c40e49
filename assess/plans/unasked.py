"""What shows itself unasked: a wall is read by all who pass, a mail or an alarm lights up a locked screen.

So it holds less than a file that somebody opens. It must never name an action that may not travel, nor one about who brings workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assess.plans.actions import Item, Register

LABOUR_SUPPLY = frozenset({"recruitment_fees", "labour_providers", "subcontracting"})
"""Themes left out whatever was answered: who brings workers, who sends them, and how they are paid for it.

Whoever brings them reads the wall and stands beside the phone as well. “Write down every person or firm who brings you workers” would
warn them before anybody has had advice, and whoever hung it up would stand as the one who asks. By the theme of an action, so that a
gap tells nothing.
"""


def shown_unasked(register: Register, record: Mapping[str, Any]) -> tuple[Item, ...]:
    """Ordinary actions and duties without those themes."""
    themes = {action["question"]: action["dimension"] for action in record["actions"]}
    return tuple(item for item in register.ordinary if themes.get(item.key) not in LABOUR_SUPPLY)
