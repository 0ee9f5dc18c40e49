"""What is wrong with the reference of a folder: tables, where they come from, services, words, and the settings of the sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assess.banks.purchase_settings import MEMBERS, can_be_high, fault_in, faults_between
from assess.banks.reference_tables import COUNTRIES, GOODS, INDICATORS, INDUSTRIES, TABLES, USUAL, Tables, read_tables
from assess.banks.reference_tables import faults_between as faults_between_tables
from assess.banks.settings_check import Setting, gather, value_on
from assess.banks.sheets import REFERENCE, Found, Sheet, Shelf, found, is_table
from assess.engine.faults_in_texts import faults_in_text
from assess.engine.loose_words import loose
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.purchases import KINDS, SOURCES
from assess.engine.reference import HOME, plain

REGISTER, SERVICES, WORDS = "reference", "services", "purchases"
FILES = (REGISTER, SERVICES, WORDS)
"""The files beside the tables, each with the kind of its name."""
GAPS: Mapping[str, tuple[str, ...]] = {
    "forced_labour": ("good", "country"),
    "child_labour": ("good", "country"),
    "downstream": ("good", "country", "basis"),
    "downstream_input": ("good", "country", "basis", "input"),
    "elsewhere": ("good", "country", "count"),
    "somewhere": ("good", "count"),
    "uk_cases": ("sector", "indicator"),
    "uk_licence": ("sector", "indicator"),
    "uk_named": ("sector", "indicator"),
    "tier_1": ("country",),
    "tier_2": ("country",),
    "tier_2wl": ("country",),
    "tier_3": ("country",),
    "rule_of_law": ("country", "rank"),
    "law_alone": ("country", "rank"),
    "country_unknown": ("country",),
}
"""The gaps a sentence of this kind may have; kinds that are not here have none."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """The reference as it lies on the shelf, every file there."""

    shelf: Shelf
    tables: Tables
    register: Sheet
    services: Sheet
    words: Sheet
    settings: Mapping[str, Setting]


def shelved(shelf: Shelf) -> Shelved:
    """The reference of a shelf. A file that is missing is an empty one, as which the check names it."""
    settings = {setting.id: setting for setting in gather(shelf).settings if setting.id in MEMBERS}
    register, services, words = (shelf.at(REFERENCE, name) or Sheet(f"{REFERENCE}/{name}.yaml", b"") for name in FILES)
    return Shelved(shelf, read_tables(shelf), register, services, words, settings)


def check_reference(shelf: Shelf, day: date) -> list[Found]:
    """Every problem of the reference, as things stand on this day, sorted by file and line. A folder may have no reference."""
    sheets = shelf.inside(REFERENCE)
    if not sheets:
        return []
    reference = shelved(shelf)
    problems = [one for sheet in sheets for one in sheet.problems]
    problems += [one for table in reference.tables.by_name.values() for one in table.problems]
    problems += [*_misplaced(sheets), *_missing(shelf)]
    if not any(not one.warning for one in problems):
        problems += [*faults_between_tables(reference.tables, shelf.banks()), *_without_home(reference.tables)]
        problems += [*_register(reference, day), *_services(reference), *_words(reference), *_settings(reference, day)]
    return sorted(set(problems))


def _misplaced(sheets: Sequence[Sheet]) -> Iterator[Found]:
    for sheet in sheets:
        if is_table(sheet.name) and sheet.name.removeprefix(f"{REFERENCE}/") not in TABLES:
            yield found(sheet.name, 1, Problem("BANK014", (), f"The tables are: {', '.join(TABLES)}."))
        elif (
            not is_table(sheet.name)
            and sheet.kind is not None
            and (sheet.kind, sheet.stem) not in zip(FILES, FILES, strict=True)
        ):
            cause = f"The file is called {sheet.stem} and holds “{sheet.kind}”; the files here are {', '.join(FILES)}."
            yield found(sheet.name, 1, Problem("BANK014", (), cause))


def _missing(shelf: Shelf) -> Iterator[Found]:
    wanted = [*(f"{REFERENCE}/{name}" for name in TABLES)]
    missing = [name for name in wanted if name not in shelf.sheets]
    missing += [f"{REFERENCE}/{name}.yaml" for name in FILES if shelf.at(REFERENCE, name) is None]
    for name in missing:
        yield found(name, 1, Problem("BANK013", (), f"The reference needs the file {name}."))


def _without_home(tables: Tables) -> Iterator[Found]:
    """Work done here goes by rules of its own, so the country it is done in must be one of the table."""
    if HOME not in tables.values(COUNTRIES, "country_iso2"):
        yield found(
            f"{REFERENCE}/{COUNTRIES}",
            1,
            Problem("BANK089", (), f"There is no row for {HOME}, and work done there needs it."),
        )


def _at(sheet: Sheet, number: str, place: Place, cause: str) -> Found:
    return found(sheet.name, sheet.line(place), Problem(number, place, cause))


def _register(reference: Shelved, day: date) -> Iterator[Found]:
    sheet = reference.register
    entries: Any = sheet.data[REGISTER]
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        place: Place = (REGISTER, index)
        if entry["id"] in seen:
            yield _at(sheet, "BANK030", (*place, "id"), f"The id “{entry['id']}” stands here for the second time.")
        seen.add(entry["id"])
        if entry.get("file") not in {None, *TABLES}:
            cause = f"There is no table “{entry['file']}”{did_you_mean(entry['file'], TABLES)}"
            yield _at(sheet, "BANK089", (*place, "file"), cause)
        if entry["review_by"] < day.isoformat():
            cause = f"“{entry['title']}” was to be looked at again by {entry['review_by']}."
            yield _at(sheet, "BANK071", (*place, "review_by"), cause)
    for needed in SOURCES:
        if needed not in seen:
            yield _at(sheet, "BANK089", (REGISTER,), f"No entry is called “{needed}”, and sentences rest on it.")
    for name in TABLES:
        if name not in {entry.get("file") for entry in entries}:
            yield _at(sheet, "BANK089", (REGISTER,), f"No entry says where the table {name} comes from.")


def _services(reference: Shelved) -> Iterator[Found]:
    sheet: Sheet = reference.services
    data: Mapping[str, Any] = sheet.data
    sectors = reference.tables.values(INDICATORS, "sector")
    named = reference.tables.values(GOODS, "good") | reference.tables.values(USUAL, "input")
    codes = reference.tables.values(INDUSTRIES, "sic_code")
    banks = reference.shelf.banks()

    def unknown(place: Place, names: Sequence[str], known: Collection[str], what: str) -> Iterator[Found]:
        for index, name in enumerate(names):
            if name not in known:
                yield _at(sheet, "BANK089", (*place, index), f"There is no {what} “{name}”{did_you_mean(name, known)}")

    own: list[tuple[Place, Mapping[str, Any]]] = [(("services", i), one) for i, one in enumerate(data["services"])]
    for index, produce in enumerate(data.get("produce", [])):
        place: Place = ("produce", index)
        yield from unknown((*place, "named_as"), produce["named_as"], sectors, "sector of the UK")
        yield from unknown((*place, "listed"), produce.get("listed", []), named, "purchase of the lists")
        own += [((*place, "others", number), one) for number, one in enumerate(produce.get("others", []))]
    for place, one in own:
        yield from unknown((*place, "named_as"), one.get("named_as", []), sectors, "sector of the UK")
        yield from unknown((*place, "usual_in"), one.get("usual_in", []), banks, "bank")
    for index, one in enumerate(data.get("words", [])):
        yield from unknown(("words", index), [one["for"]], named, "purchase of the lists")
    usual = reference.tables.values(USUAL, "input") | {one["id"] for _, one in own}
    for index, one in enumerate(data.get("most_usual", [])):
        yield from unknown(("most_usual", index), [one["bank"]], banks, "bank")
        yield from unknown(("most_usual", index, "things"), one["things"], usual, "usual purchase")
    for index, one in enumerate(data.get("industries", [])):
        yield from unknown(("industries", index), [one["code"]], codes, "kind of business")
    yield from _asked(sheet, own)
    yield from unknown(("never_suggested",), data.get("never_suggested", []), named, "purchase of the lists")
    yield from _said_twice(sheet, data, own, {plain(name) for name in named})


def _asked(sheet: Sheet, own: Sequence[tuple[Place, Mapping[str, Any]]]) -> Iterator[Found]:
    for place, text in ((place, text) for place, one in own for text in one.get("ask", [])):
        for fault in faults_in_text((*place, "ask"), text, {}):
            yield _at(sheet, fault.number, fault.place, fault.cause)


def _said_twice(
    sheet: Sheet, data: Mapping[str, Any], own: Sequence[tuple[Place, Mapping[str, Any]]], named: Collection[str]
) -> Iterator[Found]:
    """A name or word that means two things would take a purchase for the wrong one, be it in the singular or the plural."""
    others: list[tuple[Place, Sequence[str]]] = [
        (("words", index), one["words"]) for index, one in enumerate(data.get("words", []))
    ]
    said = [(place, (one["id"], one["name"], *one.get("words", []))) for place, one in own]
    seen: set[str] = set()
    for place, words in [*said, *others]:
        for word in words:
            if loose(word) in seen or plain(word) in named:
                yield _at(sheet, "BANK030", place, f"“{plain(word)}” means something else already.")
        seen |= {loose(word) for word in words}


def _words(reference: Shelved) -> Iterator[Found]:
    sheet: Sheet = reference.words
    data: Mapping[str, Any] = sheet.data
    owners = reference.shelf.at("", "owners")
    roles: Any = owners.data.get("owners", {}) if owners else {}
    for place, text, gaps in _texts(data):
        for fault in faults_in_text(place, text, dict.fromkeys(gaps, "")):
            yield _at(sheet, fault.number, fault.place, fault.cause)
    seen: set[str] = set()
    for index, kind in enumerate(data["kinds"]):
        if kind["id"] in seen:
            yield _at(
                sheet, "BANK030", ("kinds", index, "id"), f"The kind “{kind['id']}” stands here for the second time."
            )
        seen.add(kind["id"])
        todo = kind.get("do")
        if todo and todo["owner"] not in roles:
            cause = f"There is no owner “{todo['owner']}”{did_you_mean(todo['owner'], roles)}"
            yield _at(sheet, "BANK037", ("kinds", index, "do", "owner"), cause)
    for kind in KINDS:
        if kind not in seen:
            yield _at(sheet, "BANK089", ("kinds",), f"The kind “{kind}” has no words.")


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[Place, str, tuple[str, ...]]]:
    """Every text people read, with its place and the gaps it may have."""
    for name, text in data["purchases"].items():
        if isinstance(text, str):
            yield ("purchases", name), text, ()
    for number, text in enumerate(data["purchases"]["ask_anyone"]):
        yield ("purchases", "ask_anyone", number), text, ()
    for index, kind in enumerate(data["kinds"]):
        yield ("kinds", index, "says"), kind["says"], GAPS.get(kind["id"], ())
        for number, text in enumerate(kind.get("ask", [])):
            yield ("kinds", index, "ask", number), text, ()
        if "do" in kind:
            yield ("kinds", index, "do", "do"), kind["do"]["do"], ()


def _settings(reference: Shelved, day: date) -> Iterator[Found]:
    missing = [name for name in MEMBERS if name not in reference.settings]
    if missing:
        cause = f"The reference rests on settings that are missing: {', '.join(missing)}."
        yield found("settings/purchases.yaml", 1, Problem("BANK073", (), cause))
        return
    try:
        values = {name: value_on(setting, day)["value"] for name, setting in reference.settings.items()}
    except KeyError:
        return  # told by the check of the settings, as is a value that cannot be used
    if any(fault_in(name, value) for name, value in values.items()):
        return
    for name, said in faults_between(values):
        setting = reference.settings[name]
        index = list(setting.values).index(value_on(setting, day))
        yield setting.row.at("BANK074", f"“{name}” {said}.", "values", index, "value")
    sheet: Sheet = reference.words
    data: Mapping[str, Any] = sheet.data
    for index, kind in enumerate(data["kinds"]):
        if can_be_high(kind["id"], values) and "do" not in kind:
            yield _at(
                sheet,
                "BANK021",
                ("kinds", index),
                f"A line can be high because of “{kind['id']}”, and “do” is missing.",
            )
