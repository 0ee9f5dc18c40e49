"""The rules, tiers and schemes shown beside the contracts of a buyer, read from `buyers/contracts.yaml` and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assess.engine.problems import Problem
from assess.question_banks.files import (
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    FileProblem,
    file_problem,
    read_folder,
)
from assess.question_banks.reader import FolderCache
from assess.question_banks.shapes import ASKS

FOLDER, STEM, KIND = "buyers", "contracts", "contract_rules"
LISTS = ("regimes", "characteristics", "tiers", "asks", "schemes")


@dataclass(frozen=True, slots=True)
class TextSource:
    document: str
    url: str
    how_far_read: str


@dataclass(frozen=True, slots=True)
class RegimeText:
    """A rule a buyer may follow. `since`: ISO date or None; `not_confirmed`: what must not be taken for a fact, or None."""

    id: str
    name: str
    short: str
    says: str
    since: str | None
    not_confirmed: str | None
    source: TextSource | None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One of the six headings of PPN 009. `look_at` is ours."""

    id: str
    name: str
    look_at: str


@dataclass(frozen=True, slots=True)
class TierText:
    """A tier: its name, and what it asks of the supplier unless the buyer decides otherwise."""

    id: str
    name: str
    asks: str


@dataclass(frozen=True, slots=True)
class SchemeText:
    """What the result of another scheme shows. `months`: after how many it is called old."""

    id: str
    name: str
    shows: str
    does_not_show: str
    interviews: str
    months: int
    source: TextSource | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of the six headings propose a tier."""

    high_with_high: int
    high_with_one_high_and_medium: int
    medium_with_medium: int


@dataclass(frozen=True, slots=True)
class ContractRules:
    """The whole file. Mappings are by id, in the order of the file; `asks` are names. Dates are ISO."""

    reviewed: str
    review_by: str
    own_proposal: str
    not_known: str
    limits: Limits
    source: TextSource
    regimes: Mapping[str, RegimeText]
    characteristics: Mapping[str, Characteristic]
    tiers: Mapping[str, TierText]
    asks: Mapping[str, str]
    schemes: Mapping[str, SchemeText]


_rules_cache: FolderCache[ContractRules] = FolderCache(10)


def contract_rules(folder: Path) -> ContractRules:
    """Kept until a file of the folder changes. Raises BankFilesRefusedError when the file is missing or broken."""
    return _rules_cache.get(folder, None, lambda: contract_rules_from(read_folder(folder)))


def contract_rules_from(files: ContentFiles) -> ContractRules:
    """The same from files in memory. Raises BankFilesRefusedError as for `contract_rules`."""
    content_file = files.at(FOLDER, STEM)
    if content_file is None:
        name = f"{FOLDER}/{STEM}.yaml"
        raise BankFilesRefusedError((file_problem(name, 1, Problem("BANK013", (), f"There is no file {name}.")),))
    problems = [one for one in _file_problems(content_file, None) if not one.warning]
    if problems:
        raise BankFilesRefusedError(tuple(sorted(problems)))
    rules: Any = content_file.data[KIND]
    proposal = rules["proposal"]
    return ContractRules(
        reviewed=rules["reviewed"],
        review_by=rules["review_by"],
        own_proposal=rules["own_proposal"],
        not_known=rules["not_known"],
        limits=Limits(**{name: number for name, number in proposal.items() if name != "source"}),
        source=TextSource(**proposal["source"]),
        regimes={
            row["id"]: RegimeText(
                id=row["id"],
                name=row["name"],
                short=row["short"],
                says=row["says"],
                since=row.get("from"),
                not_confirmed=row.get("not_confirmed"),
                source=_source(row),
            )
            for row in rules["regimes"]
        },
        characteristics={row["id"]: Characteristic(**row) for row in rules["characteristics"]},
        tiers={row["id"]: TierText(**row) for row in rules["tiers"]},
        asks={row["id"]: row["name"] for row in rules["asks"]},
        schemes={row["id"]: SchemeText(**{**row, "source": _source(row)}) for row in rules["schemes"]},
    )


def check_contracts(files: ContentFiles, day: date) -> list[FileProblem]:
    """Every problem of the files under `buyers/`, as things stand on this day. A folder without them has none."""
    return sorted(one for content_file in files.inside(FOLDER) for one in _file_problems(content_file, day))


def _file_problems(content_file: ContentFile, day: date | None) -> Iterator[FileProblem]:
    yield from content_file.problems
    if content_file.kind is None or content_file.problems:
        return
    if content_file.kind != KIND or content_file.stem != STEM:
        cause = f"Only {STEM}.yaml, which holds “{KIND}”, belongs under {FOLDER}."
        yield file_problem(content_file.name, 1, Problem("BANK014", (), cause))
        return
    rules: Any = content_file.data[KIND]
    for name in LISTS:
        for twice, count in Counter(row["id"] for row in rules[name]).items():
            if count > 1:
                yield content_file.problem_at("BANK030", (KIND, name), f"“{twice}” stands here {count} times.")
    asked = {row["id"]: ASKS.index(row["asks"]) for row in rules["tiers"]}
    if not asked.get("low", 0) <= asked.get("medium", 0) <= asked.get("high", 0):
        yield content_file.problem_at("BANK022", (KIND, "tiers"), "A higher tier asks for less than a lower one.")
    if day is not None and rules["review_by"] < day.isoformat():
        cause = f"“{STEM}” was to be looked at again by {rules['review_by']}."
        yield content_file.problem_at("BANK071", (KIND, "review_by"), cause)


def _source(row: Mapping[str, Any]) -> TextSource | None:
    return TextSource(**row["source"]) if "source" in row else None
