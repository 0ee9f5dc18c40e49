"""Each bad edit of a real bank is found by the checks, as what it is and at its place, whichever question it strikes."""

from __future__ import annotations

import copy
from functools import cache
from random import Random

import pytest

from assess.engine.author_checks import author_remarks
from assess.engine.bank_reader import read_edition
from assess.engine.bank_validation import check_edition
from assess.engine.problems import DocumentPath
from assess.question_banks.settings import settings_from
from tests.bad_edits import BAD
from tests.content_files import SCORING, assert_found, problems_after
from tests.engine import real_banks

Told = tuple[str, DocumentPath, str]
"""The number of a problem or the rule of a remark, its place, and what was found there."""


def issues_of(document: dict[str, object]) -> set[Told]:
    edition = read_edition(document)
    settings = settings_from(real_banks.bank_files(), real_banks.TODAY)
    problems = {(one.number, one.place, one.cause) for one in check_edition(edition, settings)}
    return problems | {(one.remark.rule.value, one.place, one.remark.found) for one in author_remarks(edition)}


@cache
def told_before(bank: str) -> set[Told]:
    """What is said of a bank as it is."""
    return issues_of(real_banks.compiled(bank).document)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_edit_is_found_at_its_place(name: str) -> None:
    rnd = Random(name)
    bank = rnd.choice(real_banks.BANKS)
    document = copy.deepcopy(real_banks.compiled(bank).document)
    wanted, edit = BAD[name]
    place = edit(rnd, document)
    told = issues_of(document) - told_before(bank)
    assert any(rule == wanted and where[: len(place)] == place for rule, where, _ in told)


def test_a_rate_that_should_have_been_looked_at_again_is_found() -> None:
    edit = (SCORING, "value: 12.34, source: made up, checked: 2026-11-01, review_by: 2027-04-01", "value: 12.34, source: made up, checked: 2026-11-01, review_by: 2026-11-20")  # fmt: skip
    assert_found(problems_after(edit), "BANK071", "“wage” was to be looked at again by 2026-11-20")
