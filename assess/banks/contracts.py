"""What is shown beside the contracts of a buyer, read from `buyers/contracts.yaml`: rules, headings, tiers, other schemes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assess.banks.reader import state_of
from assess.banks.schema_contracts import ASKS
from assess.banks.sheets import Found, RefusedError, Sheet, Shelf, found, read_folder
from assess.engine.problems import Problem

FOLDER, STEM, KIND = "buyers", "contracts", "contract_rules"
LISTS = ("regimes", "characteristics", "tiers", "asks", "schemes")


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What a text rests on."""

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
    source: RestsOn | None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One of the six headings of PPN 009. `look_at` is ours."""

    id: str
    name: str
    look_at: str


@dataclass(frozen=True, slots=True)
class TierText:
    """A tier: its name, and what it asks of the supplier unless somebody decides otherwise."""

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
    source: RestsOn | None


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
    source: RestsOn
    regimes: Mapping[str, RegimeText]
    characteristics: Mapping[str, Characteristic]
    tiers: Mapping[str, TierText]
    asks: Mapping[str, str]
    schemes: Mapping[str, SchemeText]


_kept: dict[Path, tuple[object, ContractRules]] = {}


def contract_rules(folder: Path) -> ContractRules:
    """The rules as the file has them now. Kept until a file of the folder changes.

    Raises:
        RefusedError: when the file is missing or broken.
    """
    state = state_of(folder)
    kept = _kept.get(folder)
    if kept is None or kept[0] != state:
        kept = _kept[folder] = (state, contract_rules_from(read_folder(folder)))
    return kept[1]


def contract_rules_from(shelf: Shelf) -> ContractRules:
    """The same from a shelf.

    Raises:
        RefusedError: as for `contract_rules`.
    """
    sheet = shelf.at(FOLDER, STEM)
    if sheet is None:
        name = f"{FOLDER}/{STEM}.yaml"
        raise RefusedError((found(name, 1, Problem("BANK013", (), f"There is no file {name}.")),))
    problems = [one for one in _faults(sheet, None) if not one.warning]
    if problems:
        raise RefusedError(tuple(sorted(problems)))
    rules: Any = sheet.data[KIND]
    proposal = rules["proposal"]
    return ContractRules(
        reviewed=rules["reviewed"],
        review_by=rules["review_by"],
        own_proposal=rules["own_proposal"],
        not_known=rules["not_known"],
        limits=Limits(**{name: number for name, number in proposal.items() if name != "source"}),
        source=RestsOn(**proposal["source"]),
        regimes={row["id"]: _regime(row) for row in rules["regimes"]},
        characteristics={row["id"]: Characteristic(**row) for row in rules["characteristics"]},
        tiers={row["id"]: TierText(**row) for row in rules["tiers"]},
        asks={row["id"]: row["name"] for row in rules["asks"]},
        schemes={row["id"]: SchemeText(**{**row, "source": _source(row)}) for row in rules["schemes"]},
    )


def check_contracts(shelf: Shelf, day: date) -> list[Found]:
    """Every problem of the files under `buyers/`, as things stand on this day. A folder without them has none."""
    return sorted(one for sheet in shelf.inside(FOLDER) for one in _faults(sheet, day))


def _faults(sheet: Sheet, day: date | None) -> Iterator[Found]:
    yield from sheet.problems
    if sheet.kind is None or sheet.problems:
        return
    if sheet.kind != KIND or sheet.stem != STEM:
        cause = f"Only {STEM}.yaml, which holds “{KIND}”, belongs under {FOLDER}."
        yield found(sheet.name, 1, Problem("BANK014", (), cause))
        return
    rules: Any = sheet.data[KIND]
    for name in LISTS:
        for twice, count in Counter(row["id"] for row in rules[name]).items():
            if count > 1:
                yield _found(sheet, "BANK030", (KIND, name), f"“{twice}” stands here {count} times.")
    asked = {row["id"]: ASKS.index(row["asks"]) for row in rules["tiers"]}
    if not asked.get("low", 0) <= asked.get("medium", 0) <= asked.get("high", 0):
        yield _found(sheet, "BANK022", (KIND, "tiers"), "A higher tier asks for less than a lower one.")
    if day is not None and rules["review_by"] < day.isoformat():
        cause = f"“{STEM}” was to be looked at again by {rules['review_by']}."
        yield _found(sheet, "BANK071", (KIND, "review_by"), cause)


def _found(sheet: Sheet, number: str, place: tuple[str, ...], cause: str) -> Found:
    return found(sheet.name, sheet.line(place), Problem(number, place, cause))


def _regime(row: Mapping[str, Any]) -> RegimeText:
    return RegimeText(
        id=row["id"],
        name=row["name"],
        short=row["short"],
        says=row["says"],
        since=row.get("from"),
        not_confirmed=row.get("not_confirmed"),
        source=_source(row),
    )


def _source(row: Mapping[str, Any]) -> RestsOn | None:
    return RestsOn(**row["source"]) if "source" in row else None
