"""Filling the placeholders of a text with the rates, names and numbers of the day.

Rates and telephone numbers change; texts of banks and duties name them as {wage} or {helpline} and never hold them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class PlaceholderError(LookupError):
    """A text names a placeholder for which the settings of the day hold nothing."""

    def __init__(self, name: str) -> None:
        """Name the placeholder and what would repair it."""
        super().__init__(f"nothing stands for {{{name}}}; give it a value in questionnaires/settings")
        self.name = name


def placeholders(text: str) -> tuple[str, ...]:
    """The names between braces, in order, repeats included."""
    return tuple(_PLACEHOLDER.findall(text))


def fill(text: str, texts: Mapping[str, str]) -> str:
    """The text with every placeholder replaced.

    Raises:
        PlaceholderError: when a placeholder has no value; the checker finds these before publishing.

    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in texts:
            raise PlaceholderError(name)
        return texts[name]

    return _PLACEHOLDER.sub(value, text)
