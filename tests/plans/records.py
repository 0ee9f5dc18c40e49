"""Records of submissions: the nine scenarios through the whole engine, and small changes to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from bs4 import BeautifulSoup

from assess.banks.settings import settings_on
from assess.engine.assessing import EditionRef, Given, assess
from assess.engine.facts import gate_facts
from assess.engine.record import Operator, Organisation, make_record
from tests.engine.real_banks import BANKS, QUESTIONNAIRES, TODAY, edition_of, examples_of

Record = dict[str, Any]
SETTINGS = settings_on(QUESTIONNAIRES, TODAY)
NAME = "Fen Edge Growers Ltd"
SCENARIOS = tuple((bank, f"{bank} {level}") for bank in BANKS for level in ("low", "medium", "critical"))
FACTS: Mapping[str, Any] = {
    "operates_in": ["ENG"],
    "legal_form": "company",
    "fye": "2026-03-31",
    "turnover_gbp_incl_subsidiaries": 2_400_000,
    "employs_anyone": True,
    "engages_workers": True,
}


def answers_of(bank: str, title: str) -> dict[str, Any]:
    """The answers of a worked example, by its title."""
    return dict(next(example for example in examples_of(bank) if example.title == title).answers)


def a_record(
    bank: str = "farming",
    title: str = "farming medium",
    *,
    change: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    **given: Any,
) -> Record:
    """The record of a scenario, with these answers changed, as it comes out of the database."""
    said = Given({**answers_of(bank, title), **(change or {})}, facts or {}, **given)
    edition = edition_of(bank)
    assessed = assess(edition, said, SETTINGS, TODAY)
    record = make_record(
        edition,
        EditionRef(bank, 3, "ab" * 32),
        said,
        assessed,
        SETTINGS,
        Organisation(NAME, "norfolk", "PE38 0AA", "01234567"),
        Operator("Norfolk Anti-Slavery Network", "help@network.example", "complaints@network.example"),
        TODAY,
    )
    back: Record = json.loads(json.dumps(record))
    return back


@cache
def _scenario(bank: str, title: str) -> Record:
    return a_record(bank, title)


def scenario(bank: str = "farming", title: str = "farming medium") -> Record:
    """The record of a scenario as it stands; made once, and yours to change."""
    return deepcopy(_scenario(bank, title))


def settled_facts(bank: str) -> dict[str, Any]:
    """Facts of a small firm that told the form everything, both gates answered with no."""
    return {**FACTS, **gate_facts(edition_of(bank).duty_book, foreign=False, large=False)}


def text_of(html: str) -> str:
    """What a person reads on a page: no markup, one space between words."""
    soup = BeautifulSoup(html, "html.parser")
    for unread in soup.select("style, script"):
        unread.decompose()
    return " ".join(soup.get_text(" ").split())
