"""The reference of a folder as the engine takes it: countries, goods, services, and the numbers of one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from assess.banks.country_names import ENGLISH, country_names
from assess.banks.purchase_settings import MEMBERS, marks_from
from assess.banks.reader import state_of
from assess.banks.reference_check import REGISTER, Shelved, check_reference, shelved
from assess.banks.reference_tables import COUNTRIES, GOODS, INDICATORS, INDUSTRIES, NO_GOOD, REMOVED, TIERS, USUAL
from assess.banks.settings import basis_of
from assess.banks.settings_check import check_settings, value_on
from assess.banks.sheets import REFERENCE, RefusedError, Shelf, found, read_folder
from assess.banks.tables import Row
from assess.engine.problems import Problem
from assess.engine.reference import (
    Country,
    Indicator,
    Industry,
    KindWords,
    Listing,
    Marks,
    Offer,
    Reference,
    Relation,
    Source,
    ToDo,
    Words,
)

YES, UNSURE = "yes", "1 or 2"
"""How a cell says that a finding was made, and that of two tiers the riskier one was taken."""


@dataclass(frozen=True, slots=True)
class _Kept:
    state: object
    reference: Reference


_kept: dict[tuple[Path, date, str], _Kept] = {}
_MOST_KEPT = 20


def reference_on(folder: Path, day: date, language: str = ENGLISH) -> Reference:
    """The reference of a folder with the numbers of this day and countries named in this language. Kept until a file changes.

    Raises:
        RefusedError: when a file is missing or broken.
    """
    state = state_of(folder)
    key = (folder, day, language)
    kept = _kept.get(key)
    if kept is None or kept.state != state:
        if len(_kept) > _MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = _Kept(state, reference_from(read_folder(folder), day, language))
    return kept.reference


_last_sound: dict[Path, Reference] = {}


def reference_in_service(folder: Path, day: date) -> Reference:
    """The same for a running service: while somebody is half-way through changing the files, the last sound one stays.

    Raises:
        RefusedError: when the files are broken and never were sound in this process.
    """
    try:
        _last_sound[folder] = reference_on(folder, day)
    except RefusedError:
        if folder not in _last_sound:
            raise
    return _last_sound[folder]


def reference_from(shelf: Shelf, day: date, language: str = ENGLISH) -> Reference:
    """The same from a shelf.

    Raises:
        RefusedError: as for `reference_on`.
    """
    if not shelf.inside(REFERENCE):
        problem = Problem("BANK013", (), "This folder has no reference.")
        raise RefusedError((found(f"{REFERENCE}/{REGISTER}.yaml", 1, problem),))
    problems = [one for one in [*check_settings(shelf, day), *check_reference(shelf, day)] if not one.warning]
    if problems:
        raise RefusedError(tuple(sorted(problems)))
    there = shelved(shelf)
    owners = shelf.at("", "owners")
    return Reference(
        countries={row["country_iso2"]: _country(row, country_names(language)) for row in there.tables.rows(COUNTRIES)},
        listings=_listings(there),
        indicators=_indicators(there),
        offers={offer.key: offer for offer in _offers(there)},
        industries=_industries(there),
        sources={entry["id"]: _source(entry) for entry in cast("Any", there.register.data[REGISTER])},
        marks=_marks(there, day),
        words=_words(there.words.data),
        owners={} if owners is None else cast("Mapping[str, str]", owners.data["owners"]),
    )


def _country(row: Row, names: Mapping[str, str]) -> Country:
    code, rank = row["country_iso2"], row["wgi_rule_of_law_pctrank_2023"]
    return Country(
        code=code,
        name=names.get(code, row["country"]),
        tier=TIERS[row["tip_tier"]] if row["tip_tier"] else None,
        tier_year=int(row["tip_year"]) if row["tip_year"] else None,
        tier_unsure=row["tip_basis"].startswith(UNSURE),
        law_rank=float(rank) if rank else None,
    )


def _listings(there: Shelved) -> dict[str, tuple[Listing, ...]]:
    by_good: defaultdict[str, list[Listing]] = defaultdict(list)
    for row in there.tables.rows(GOODS):
        both = row["forced_child_labour"] == YES
        listing = Listing(
            good=row["good"],
            country=row["country_iso2"],
            edition=row["edition"],
            child=both or row["child_labour"] == YES,
            forced=both or row["forced_labour"] == YES,
            basis=row["input_basis"] or None,
            input_good=row["input_good"] or None,
            removed=row["status"].startswith(REMOVED),
        )
        by_good[listing.good].append(listing)
    return {good: tuple(rows) for good, rows in by_good.items()}


def _indicators(there: Shelved) -> dict[str, tuple[Indicator, ...]]:
    by_sector: defaultdict[str, list[Indicator]] = defaultdict(list)
    for row in there.tables.rows(INDICATORS):
        by_sector[row["sector"]].append(
            Indicator(
                sector=row["sector"],
                says=row["indicator"],
                kind=f"uk_{row['kind']}",
                source=row["source"],
                edition=row["edition"],
                year=int(row["year"]),
                url=row["source_url"],
            )
        )
    return {sector: tuple(rows) for sector, rows in by_sector.items()}


def _offers(there: Shelved) -> Iterator[Offer]:
    """Goods of the list, usual purchases, then what no list names."""
    data: Mapping[str, Any] = there.services.data
    words = {one["for"]: tuple(one["words"]) for one in data.get("words", [])}
    grown = {name: tuple(one["named_as"]) for one in data.get("produce", []) for name in one.get("listed", [])}
    unwanted = frozenset(data.get("never_suggested", []))
    first: defaultdict[str, set[str]] = defaultdict(set)
    for one in data.get("most_usual", []):
        for thing in one["things"]:
            first[thing].add(one["bank"])
    for good in sorted(there.tables.values(GOODS, "good")):
        yield Offer(
            key=good,
            name=good,
            kind="good",
            goods=((good, "same"),),
            named_as=grown.get(good, ()),
            words=words.get(good, ()),
            suggested=good not in unwanted,
        )
    for name, rows in _by_input(there).items():
        goods = {row["dol_good"]: cast("Relation", row["relation"]) for row in rows if row["relation"] != NO_GOOD}
        yield Offer(
            key=name,
            name=name,
            kind="usual",
            goods=tuple(sorted(goods.items())),
            named_as=grown.get(name, ()),
            usual_in=frozenset(row["sector"] for row in rows),
            first_in=frozenset(first[name]),
            kinds=tuple(sorted({row["sector"]: row["category"] for row in reversed(rows)}.items())),
            words=words.get(name, ()),
            suggested=name not in unwanted,
        )
    for one in data["services"]:
        yield _own(one, "service", tuple(one["named_as"]), first[one["id"]])
    for produce in data.get("produce", []):
        for one in produce.get("others", []):
            yield _own(one, "produce", tuple(produce["named_as"]), first[one["id"]])


def _own(one: Mapping[str, Any], kind: Any, named_as: tuple[str, ...], first: Collection[str]) -> Offer:  # noqa: ANN401  # a word of OfferKind
    return Offer(
        key=one["id"],
        name=one["name"],
        kind=kind,
        named_as=named_as,
        usual_in=frozenset(one.get("usual_in", [])),
        first_in=frozenset(first),
        words=tuple(one.get("words", [])),
        begins=tuple(one.get("begins", [])),
        ends=tuple(one.get("ends", [])),
        ask=tuple(one.get("ask", [])),
    )


def _by_input(there: Shelved) -> dict[str, list[Row]]:
    by_input: defaultdict[str, list[Row]] = defaultdict(list)
    for row in there.tables.rows(USUAL):
        by_input[row["input"]].append(row)
    return dict(sorted(by_input.items()))


def _industries(there: Shelved) -> tuple[Industry, ...]:
    data: Mapping[str, Any] = there.services.data
    words = {one["code"]: tuple(one["words"]) for one in data.get("industries", [])}
    return tuple(
        Industry(
            code=row["sic_code"],
            description=row["description"],
            section=row["section"],
            section_name=row["section_name"],
            bank=row["product_sector"] or None,
            words=words.get(row["sic_code"], ()),
        )
        for row in there.tables.rows(INDUSTRIES)
    )


def _source(entry: Mapping[str, Any]) -> Source:
    names = ("id", "title", "publisher", "edition", "year", "url", "licence", "read", "review_by")
    return Source(**{name: entry[name] for name in names})


def _marks(there: Shelved, day: date) -> Marks:
    rows = {name: value_on(there.settings[name], day) for name in MEMBERS}
    basis = tuple(basis_of(there.settings[name], row) for name, row in rows.items())
    return marks_from({name: row["value"] for name, row in rows.items()}, basis)


def _words(data: Mapping[str, Any]) -> Words:
    fixed = dict(data["purchases"])
    anyone = tuple(fixed.pop("ask_anyone"))
    kinds = {
        kind["id"]: KindWords(
            says=kind["says"], ask=tuple(kind.get("ask", [])), todo=ToDo(**kind["do"]) if "do" in kind else None
        )
        for kind in data["kinds"]
    }
    return Words(kinds=kinds, fixed=fixed, ask_anyone=anyone)
