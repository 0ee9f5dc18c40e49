"""One text of a file becomes another, anywhere: how much of the file differs then, and which comments are still there."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from assess.question_banks.files import read_lines
from assess.question_banks.yaml_patch import patch_yaml, same_value
from tests.bank_edits import comments_of

KEYS = ("ask", "hint", "label", "why", "evidence", "title", "do", "says", "name", "meaning")
WORDS = (
    "Who keeps it?",
    "It’s here: really # not a comment",
    "“Quoted”, and - dashed",
    "12",
    "no",
    "{gap} here, [and] there",
    "Café, naïve, 你好",
    "'single' and \"double\"",
    "2026-11-24",
    "- one",
    "? two",
    "a, b: c",
    "ends with a colon:",
)
Holder = dict[str, Any]


class Trip(NamedTuple):
    """Lines that went and came, whether it reads as it should, and whether every comment stayed."""

    went: int
    came: int
    reads: bool
    comments: bool


def holders(value: object) -> Iterator[tuple[Holder, str]]:
    """Every text people read, with the group that holds it."""
    if isinstance(value, dict):
        yield from ((value, key) for key in KEYS if isinstance(value.get(key), str))
        for one in value.values():
            yield from holders(one)
    elif isinstance(value, list):
        for one in value:
            yield from holders(one)


def one_text_changed(rnd: Random, text: str) -> Trip:
    """Change one of them."""
    data: Mapping[str, object] = copy.deepcopy(read_lines(text.encode()).data)
    holder, key = rnd.choice(list(holders(data)))
    words = [one for one in (*WORDS, f"{holder[key]} Please.", holder[key][:-1]) if one not in ("", holder[key])]
    holder[key] = rnd.choice(words)
    new = patch_yaml(text, data)
    was, now = text.splitlines(), new.splitlines()
    differ = [(one, other) for one, other in zip(was, now, strict=False) if one != other]
    return Trip(
        went=len(differ) + max(len(was) - len(now), 0),
        came=len(differ) + max(len(now) - len(was), 0),
        reads=same_value(read_lines(new.encode()).data, data),
        comments=comments_of(new) == comments_of(text),
    )
