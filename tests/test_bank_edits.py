"""Sixty edits of known kinds to the real banks: each is told as what it was, and what is foretold is what happens.

`benchmarks/bench_rehearsal_edits.py` does the same through the text of the files and with thousands of submissions.
"""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

import pytest

from assess.engine.bank import Edition
from assess.engine.bank_reader import read_edition
from assess.engine.dry_run import PastSubmission
from assess.engine.edition_changes import ChangeKind, differences
from tests.bank_edits import KINDS, an_edit, sound_edition, submissions, told_as, wrongly_foretold
from tests.engine import real_banks

SUBMISSIONS = 60
WORDS_ALONE = {"ask", "hint", "label", "section_title", "says", "not_yet", "name"}


@cache
def questions_alone(bank: str) -> dict[str, Any]:
    """A bank whose duties bind everybody: an answer may be against one, no edit touches them, and their conditions take half of the time."""
    document = real_banks.compiled(bank).document
    book = document["duty_book"]
    named = [{**one, "when": "always", "must_do": ["Do it."]} for one in book["duties"]]
    return {**document, "duty_book": {**book, "duties": named, "terms": {}}}


@cache
def old_of(bank: str) -> Edition:
    return read_edition(questions_alone(bank))


@cache
def past_of(bank: str) -> tuple[PastSubmission, ...]:
    return tuple(submissions(Random(bank), old_of(bank), SUBMISSIONS))


@pytest.mark.parametrize("bank", real_banks.BANKS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_foretold_of_an_edit_is_what_happens(kind: str, bank: str) -> None:
    rnd = Random(f"{kind} {bank}")
    document = questions_alone(bank)
    old = old_of(bank)
    made, changed, new = an_edit(rnd, kind, document, sound_edition)
    told = differences(old, new)
    assert told_as(told) == made.expected
    assert any(one.kind is not ChangeKind.WORDING for one in told) == (kind not in WORDS_ALONE)
    published = read_edition(json.loads(json.dumps(changed)))
    assert wrongly_foretold(old, new, published, past_of(bank), real_banks.settings()) == []


def test_a_wrong_prophecy_is_noticed() -> None:
    """Some edits change points of an answer that nobody gave: one of a few does not."""
    old = old_of("farming")
    for seed in range(6):
        _, _, new = an_edit(Random(seed), "points", questions_alone("farming"), sound_edition)
        if wrongly_foretold(old, new, old, past_of("farming"), real_banks.settings()):
            return
    pytest.fail("six changes of points, and none changed a result")
