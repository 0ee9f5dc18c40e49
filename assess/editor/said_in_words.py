"""Problems in the words of the bank: they name questions and answers by their ids, and whoever reads them knows only what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

MOST = 80
"""Letters of a question that stand in a sentence about it."""
_NAMED = re.compile(r"(?<!id )“([a-z0-9_]+)”")
"""An id in quotes. One that is called an id is meant as such: “the id “pay” stands here for the second time”."""


def said_in_words(message: str, questions: Iterable[Mapping[str, Any]]) -> str:
    """The message with the words of each question, and of each answer to a question that it names."""
    named = set(_NAMED.findall(message))
    about = [one for one in questions if one.get("id") in named]
    words = {str(one.get("id")): str(one["label"]) for data in about for one in _options(data) if one.get("label")}
    words |= {str(one["id"]): shortened(str(one["ask"])) for one in about if one.get("ask")}
    return _NAMED.sub(lambda found: f"“{words.get(found[1], found[1])}”", message)


def _options(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    options = data.get("options")
    return [one for one in options if isinstance(one, dict)] if isinstance(options, list) else []


def shortened(ask: str) -> str:
    """A question as it stands inside a sentence: its first words when it is long."""
    return ask if len(ask) <= MOST else f"{ask[: MOST - 1].rstrip()}…"
