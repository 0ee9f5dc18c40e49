"""What shows itself unasked: a wall is read by all who pass, a mail or an alarm lights up a locked screen.

So it holds less than a file that somebody opens. It must never name an action that may not travel, nor one about who brings workers. The one-page map is such a one.
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
    """Ordinary actions and duties without those themes, and without the one-page map, whatever its parts are."""
    travelling = record["buyer_view"]["actions"] if register.travelling is not None else ()
    actions = {action["question"]: action for action in (*record["actions"], *travelling)}
    return tuple(item for item in register.ordinary if not _is_of_them(actions.get(item.key)))


def _is_of_them(action: Mapping[str, Any] | None) -> bool:
    """The map is the only action from exposure questions without a theme of its own; it asks through whom people come."""
    if action is None:
        return False
    is_map = action["kind"] == "exposure" and action["dimension"] is None
    return is_map or action["dimension"] in LABOUR_SUPPLY
