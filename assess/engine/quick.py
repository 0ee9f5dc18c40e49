"""The quick check: the same edition with only its quick questions in it."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from assess.engine.bank import Edition

_QUICK: WeakKeyDictionary[Edition, Edition] = WeakKeyDictionary()


def quick_edition(edition: Edition) -> Edition:
    """The edition in which only quick questions exist; sections without any drop out.

    Made once and kept as long as the full edition lives. The quick edition of a quick edition says the same again.
    """
    kept = _QUICK.get(edition)
    if kept is None:
        kept = _QUICK[edition] = _only_quick(edition)
    return kept


def _only_quick(edition: Edition) -> Edition:
    sections = [
        replace(section, questions=tuple(question for question in section.questions if question.quick))
        for section in edition.sections
    ]
    return replace(edition, sections=tuple(section for section in sections if section.questions))
