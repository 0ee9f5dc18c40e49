"""Asking before words are kept that may hold a worker's details. Never a refusal: whoever wrote them ticks “Keep it as it is”.

The tick is the digest of the very text, so another text is asked about again. Nothing of this is stored or logged, and what the
page says tells the kind of thing only, never the words and never anything about an answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from assess.assessments.careful.finding import Kind, in_words
from assess.assessments.careful.judged import judge, will_be_kept
from assess.assessments.careful.places import mark_of
from assess.engine.own_words import MARK

FIELD = "keep_words"
"""The name of the ticks in a form."""
MOST_TICKS = 200

_BEGINS = "This may hold a worker’s details"
_TICK = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One text that is asked about. `field`: HTML id of its box; `label`: the name of the box; `seen`: kinds, in words."""

    field: str
    label: str
    seen: str
    mark: str

    @property
    def sentence(self) -> str:
        """What stands at the box."""
        return f"{_BEGINS} ({self.seen}). Change it, or tick “Keep it as it is” for it."


def ticks_in(form: Mapping[str, str]) -> frozenset[str]:
    """The marks of texts that are to be kept as they are."""
    sent = form.getlist(FIELD) if isinstance(form, MultiDict) else [form.get(FIELD, "")]
    return frozenset(mark for mark in sent[:MOST_TICKS] if _TICK.fullmatch(mark))


def ask_about(
    text: str,
    field: str,
    label: str,
    *,
    ticks: Collection[str],
    stored: Collection[str] = (),
    names_expected: bool = False,
) -> Asked | None:
    """What to ask before this text is kept; None when there is nothing to ask, or it was answered.

    `stored` are texts that are kept already: nobody is asked twice. `names_expected`: the box asks for somebody who is no worker.
    """
    if not text or text == MARK or text in stored:
        return None
    found = judge(text)
    asks = tuple(one for one in found if not names_expected or one.kind is not Kind.NAME)
    if asks and mark_of(text) not in ticks:
        return Asked(field, label, in_words(asks), mark_of(text))
    will_be_kept(text, found)
    return None


def is_question(sentence: str) -> bool:
    """Whether a sentence at a box is such a question."""
    return sentence.startswith(_BEGINS)
