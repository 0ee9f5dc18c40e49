"""Words that look like a worker's details: the register asks before it keeps them, and never forbids (`assess.assessments.careful`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from assess.assessments.careful.asking import Asked, ask_about

LABELS: Mapping[str, str] = MappingProxyType(
    {"title": "What is it, and where is it kept?", "owner_text": "Who does it", "reason_text": "In your own words"}
)
"""The boxes for free words, by the name of their field."""


def asked_about(texts: Mapping[str, str], ticks: Collection[str], stored: Collection[str] = ()) -> tuple[Asked, ...]:
    """What to ask about these texts, by the name of their field, before they are kept. `stored` are texts kept already."""
    found = (ask_about(text, name, LABELS[name], ticks=ticks, stored=stored) for name, text in texts.items())
    return tuple(one for one in found if one is not None)
