"""Records of submissions: the nine scenarios through the whole engine, and small changes to them."""

from __future__ import annotations

import json
import lzma
import zlib
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2

from assess.core.pages import counted
from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.facts import gate_facts
from assess.engine.record import Operator, RecordOrganisation, make_record
from assess.plans.law import duty_lists_of, law_of
from assess.plans.print_html import FILTERS, TEMPLATE_FOLDER
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.engine.real_banks import BANKS, TODAY, edition_of, examples_of

Record = dict[str, Any]
SETTINGS = settings_from(bundled_files(), TODAY)
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
    """The record of a scenario, with these answers changed, as it comes out of the database. It is yours to change.

    The same answers give the same record, and many tests go through the same hundreds of answers, so it is assessed once.
    """
    if given:
        return _assessed(bank, title, change or {}, facts or {}, **given)
    kept: Record = json.loads(zlib.decompress(_kept(bank, title, json.dumps(change or {}), json.dumps(facts or {}))))
    return kept


@lru_cache(maxsize=800)
def _kept(bank: str, title: str, change: str, facts: str) -> bytes:
    """A record packed up: nobody can change it here, and hundreds of them are small."""
    return zlib.compress(json.dumps(_assessed(bank, title, json.loads(change), json.loads(facts))).encode(), 1)


def _assessed(bank: str, title: str, change: Mapping[str, Any], facts: Mapping[str, Any], **given: Any) -> Record:
    said = EngineInput({**answers_of(bank, title), **change}, facts, **given)
    edition = edition_of(bank)
    assessed = assess(edition, said, SETTINGS, TODAY)
    record = make_record(
        edition,
        EditionRef(bank, 3, "ab" * 32),
        said,
        assessed,
        settings=SETTINGS,
        organisation=RecordOrganisation(NAME, "norfolk", "PE38 0AA", "01234567"),
        operator=Operator("Norfolk Anti-Slavery Network", "help@network.example", "complaints@network.example"),
        today=TODAY,
    )
    back: Record = json.loads(json.dumps(record))
    return back


def scenario(bank: str = "farming", title: str = "farming medium") -> Record:
    """The record of a scenario as it stands."""
    return a_record(bank, title)


def as_before(record: Record) -> Record:
    """The same record as it was made before duties had a row of their own."""
    for duty in record["duties"]:
        for key in ("done", "line", "amount", "penalty", "read"):
            del duty[key]
    return record


def law_on_paper(record: Mapping[str, Any]) -> str:
    """What this part of a plan says, on paper and on screen."""
    paper = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    paper.filters.update({"counted": counted, **FILTERS})
    part = paper.from_string(
        "{% macro details(summary) %}{{ summary }} {{ caller() }}{% endmacro %}"
        '{% from "plans/parts/duties.html" import duties %}{{ duties(plan, details) }}'
    )
    return text_of(part.render(plan=SimpleNamespace(law=law_of(record), duties=duty_lists_of(record))))


def settled_facts(bank: str) -> dict[str, Any]:
    """Facts of a small firm that told the form everything, both gates answered with no."""
    return {**FACTS, **gate_facts(edition_of(bank).duty_book, foreign=False, large=False)}


def text_of(html: str) -> str:
    """What a person reads on a page: no markup, one space between words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.said).split())


class _Reader(HTMLParser):
    """Takes the words out of a page without building a tree of it, which took most of the time of many tests."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.unread = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser says more than is asked
        self.unread = tag in {"style", "script"}  # nothing else begins inside those two
        self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # whichever it is, it ends what was not read
        self.unread = False
        self.said.append(" ")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002  # nobody reads it
        self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.said.append(data)


def engine_1(title: str = "farming medium") -> Record:
    """A record as the release before engine 2 made it, of which every page and file stays as it was."""
    kept = json.loads(lzma.decompress((Path(__file__).parent / "engine_1.json.xz").read_bytes()))
    found: Record = kept[title]
    return found
