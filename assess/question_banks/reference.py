"""Reference data: countries, goods, services and industries, read from tables and checked. Only importer of Babel, for country names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

from babel import Locale, UnknownLocaleError

from assess.engine.bank_reader import read_object
from assess.engine.bank_validation import problems_in_text
from assess.engine.problems import DocumentPath, Problem, did_you_mean
from assess.engine.purchases import RISK_FACT_KINDS, SOURCES
from assess.engine.reference import (
    HOME_COUNTRY,
    Country,
    Indicator,
    Industry,
    KindTexts,
    Listing,
    Offer,
    Reference,
    ReferenceTexts,
    Relation,
    RiskSettings,
    ToDo,
    normalise_spacing,
)
from assess.engine.text_normalise import normalise_name
from assess.question_banks.files import (
    REFERENCE,
    BankFilesRefusedError,
    Columns,
    ContentFile,
    ContentFiles,
    FileProblem,
    Table,
    TableRow,
    any_text,
    file_problem,
    is_table,
    kept_with_files,
    number_between,
    one_of,
    read_table,
    required_text,
    shown_cell,
    text_like,
)
from assess.question_banks.settings import (
    PURCHASE_MEMBERS,
    DatedSetting,
    basis_of,
    can_make_purchase_high,
    check_settings,
    gather_settings,
    purchase_points_from,
    purchase_setting_error,
    purchase_settings_errors,
    value_on,
)
from assess.question_banks.shapes import ReferenceShape

COUNTRIES, GOODS, USUAL = "country_risk.csv", "goods_risk.csv", "sector_goods.csv"
INDICATORS, INDUSTRIES = "uk_sector_indicators.csv", "uk_sic.csv"
NO_GOOD = "no listed good"
TIERS = {"1": "tier_1", "2": "tier_2", "2WL": "tier_2wl", "3": "tier_3", "SC": "tier_3"}
"""The report's tiers as the sums know them: a special case counts like Tier 3."""
REMOVED = "removed"

_CODE = text_like(r"[A-Z]{2}", "the two capital letters of a country, like GB")
_YEAR = text_like(r"(19|20)[0-9]{2}", "a year")
_YES_NO = one_of(("yes", "no", ""))
_FOUND = one_of(("yes", "no", "unknown"))

_SHAPES: Mapping[str, Columns] = {
    COUNTRIES: Columns(
        {
            "country_iso2": _CODE,
            "country": required_text,
            "tip_tier": one_of((*TIERS, "")),
            "tip_year": text_like(r"(19|20)[0-9]{2}", "a year", empty=True),
            "tip_basis": any_text,
            "tip_tier_2024": one_of((*TIERS, "")),
            "dol_goods_forced": number_between(0, 1000),
            "dol_goods_child": number_between(0, 1000),
            "tda_advancement_2022": any_text,
            "tda_complicit_2022": any_text,
            "children_working_pct": number_between(0, 100, empty=True),
            "children_working_age": any_text,
            "palermo_2022": any_text,
            "ilo_member": _YES_NO,
            "ilo_c029": _YES_NO,
            "ilo_c105": any_text,
            "ilo_p029": _YES_NO,
            "ilo_c138": any_text,
            "ilo_c182": _YES_NO,
            "wgi_rule_of_law_2023": number_between(-4, 4, empty=True),
            "wgi_rule_of_law_pctrank_2023": number_between(0, 100, empty=True),
        },
        ("country_iso2",),
    ),
    GOODS: Columns(
        {
            "country_iso2": _CODE,
            "country": required_text,
            "good": required_text,
            "good_sector": one_of(("Agriculture", "Manufacturing", "Mining", "Other", "")),
            "child_labour": _FOUND,
            "forced_labour": _FOUND,
            "forced_child_labour": _FOUND,
            "input_country_iso2": text_like(r"[A-Z]{2}", "the two capital letters of a country, or empty", empty=True),
            "input_good": any_text,
            "input_basis": one_of(("child labour", "forced labour", "child and forced labour", "")),
            "edition": _YEAR,
            "status": text_like(r"listed|removed (19|20)[0-9]{2}", "listed, or removed and a year"),
            "note": any_text,
        },
        ("country_iso2", "good"),
    ),
    USUAL: Columns(
        {
            "sector": required_text,
            "category": required_text,
            "input": required_text,
            "dol_good": any_text,
            "relation": one_of(("same", "ingredient", "material", "part", NO_GOOD)),
        },
        ("sector", "input", "dol_good"),
    ),
    INDICATORS: Columns(
        {
            "sector": required_text,
            "indicator": required_text,
            "kind": one_of(("cases", "licence", "named")),
            "source": required_text,
            "edition": required_text,
            "year": _YEAR,
            "source_url": text_like(r"https?://[^\s.]+\.\S+", "a whole web address"),
        },
        ("sector", "indicator", "source"),
    ),
    INDUSTRIES: Columns(
        {
            "sic_code": text_like(r"[0-9]{5}", "five digits (a spreadsheet may have dropped a 0 in front)"),
            "description": required_text,
            "section": text_like(r"[A-U]", "a letter from A to U"),
            "section_name": required_text,
            "product_sector": any_text,
        },
        ("sic_code",),
    ),
}
TABLES = tuple(_SHAPES)


@dataclass(frozen=True, slots=True)
class Tables:
    by_name: Mapping[str, Table]

    def rows(self, name: str) -> tuple[TableRow, ...]:
        table = self.by_name.get(name)
        return () if table is None else table.rows

    def values(self, name: str, column: str) -> frozenset[str]:
        return frozenset(row[column] for row in self.rows(name)) - {""}


def read_tables(files: ContentFiles) -> Tables:
    content_files = {
        name: files.files[f"{REFERENCE}/{name}"] for name in TABLES if f"{REFERENCE}/{name}" in files.files
    }
    return Tables({name: read_table(content_file, _SHAPES[name]) for name, content_file in content_files.items()})


def table_problems(tables: Tables, banks: Collection[str]) -> list[FileProblem]:
    """What does not hold between sound tables: countries, goods and banks that are named but are not there."""
    found = [
        *_unknown(tables, GOODS, "country_iso2", tables.values(COUNTRIES, "country_iso2"), "country"),
        *_unknown(tables, GOODS, "input_country_iso2", tables.values(COUNTRIES, "country_iso2"), "country"),
        *_unknown(tables, GOODS, "input_good", tables.values(GOODS, "good"), "good"),
        *_unknown(tables, USUAL, "dol_good", tables.values(GOODS, "good"), "good"),
        *_unknown(tables, USUAL, "sector", banks, "bank"),
        *_unknown(tables, INDUSTRIES, "product_sector", banks, "bank"),
    ]
    for name, error in ((GOODS, _goods_error), (COUNTRIES, _country_error), (USUAL, _usual_error)):
        found += [tables.by_name[name].at(row, "BANK087", said) for row in tables.rows(name) if (said := error(row))]
    return found


def _unknown(tables: Tables, name: str, column: str, known: Collection[str], what: str) -> Iterator[FileProblem]:
    for row in tables.rows(name):
        if row[column] and row[column] not in known:
            cause = f"There is no {what} {shown_cell(row[column])}{did_you_mean(row[column], known)}"
            yield tables.by_name[name].at(row, "BANK089", cause)


def _goods_error(row: TableRow) -> str:
    if "yes" not in {row["child_labour"], row["forced_labour"], row["forced_child_labour"]} and not row["input_basis"]:
        return "The row finds nothing: one of the labour columns must be yes, or “input_basis” must say what is listed."
    return ""


def _country_error(row: TableRow) -> str:
    return "" if bool(row["tip_tier"]) == bool(row["tip_year"]) else "A tier needs its year, and a year its tier."


def _usual_error(row: TableRow) -> str:
    if bool(row["dol_good"]) == (row["relation"] == NO_GOOD):
        return f"“dol_good” must be empty where the relation is “{NO_GOOD}”, and only there."
    return ""


ENGLISH = "en_GB"


@lru_cache(maxsize=50)
def country_names(language: str = ENGLISH) -> Mapping[str, str]:
    """Names by two letters, in this language (`pl`, `en_GB`, `pt-BR`); in British English where the language is not known."""
    return dict(_locale(language).territories)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)


REGISTER_FILE, SERVICES_FILE, WORDS_FILE = "reference", "services", "purchases"
REFERENCE_FILES = (REGISTER_FILE, SERVICES_FILE, WORDS_FILE)
"""The files beside the tables, each with the kind of its name."""
TEXT_GAPS: Mapping[str, tuple[str, ...]] = {
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
class ReferenceFiles:
    files: ContentFiles
    tables: Tables
    register: ContentFile
    services: ContentFile
    words: ContentFile
    settings: Mapping[str, DatedSetting]


def reference_files(files: ContentFiles) -> ReferenceFiles:
    """The reference tables of these files. A file that is missing is an empty one, as which the check names it."""
    settings = {setting.id: setting for setting in gather_settings(files).settings if setting.id in PURCHASE_MEMBERS}
    register, services, words = (
        files.at(REFERENCE, name) or ContentFile(f"{REFERENCE}/{name}.yaml", b"") for name in REFERENCE_FILES
    )
    return ReferenceFiles(files, read_tables(files), register, services, words, settings)


def check_reference(files: ContentFiles, day: date) -> list[FileProblem]:
    """Every problem of the reference, as things stand on this day, sorted by file and line. A folder may have no reference."""
    content_files = files.inside(REFERENCE)
    if not content_files:
        return []
    reference = reference_files(files)
    problems = [one for content_file in content_files for one in content_file.problems]
    problems += [one for table in reference.tables.by_name.values() for one in table.problems]
    problems += [*_misplaced_reference_files(content_files), *_missing_reference_files(files)]
    if not any(not one.warning for one in problems):
        problems += [*table_problems(reference.tables, files.banks()), *_without_home_country(reference.tables)]
        problems += [
            *_register_problems(reference, day),
            *_service_problems(reference),
            *_word_problems(reference),
            *_reference_setting_problems(reference, day),
        ]
    return sorted(set(problems))


def _misplaced_reference_files(content_files: Sequence[ContentFile]) -> Iterator[FileProblem]:
    for content_file in content_files:
        if is_table(content_file.name) and content_file.name.removeprefix(f"{REFERENCE}/") not in TABLES:
            yield file_problem(content_file.name, 1, Problem("BANK014", (), f"The tables are: {', '.join(TABLES)}."))
        elif (
            not is_table(content_file.name)
            and content_file.kind
            and (content_file.kind != content_file.stem or content_file.stem not in REFERENCE_FILES)
        ):
            cause = f"The file is called {content_file.stem} and holds “{content_file.kind}”; the files here are {', '.join(REFERENCE_FILES)}."
            yield file_problem(content_file.name, 1, Problem("BANK014", (), cause))


def _missing_reference_files(files: ContentFiles) -> Iterator[FileProblem]:
    missing = [name for table in TABLES if (name := f"{REFERENCE}/{table}") not in files.files]
    missing += [f"{REFERENCE}/{name}.yaml" for name in REFERENCE_FILES if files.at(REFERENCE, name) is None]
    for name in missing:
        yield file_problem(name, 1, Problem("BANK013", (), f"The reference needs the file {name}."))


def _without_home_country(tables: Tables) -> Iterator[FileProblem]:
    """Work done here goes by rules of its own, so the country it is done in must be one of the table."""
    if HOME_COUNTRY not in tables.values(COUNTRIES, "country_iso2"):
        cause = f"There is no row for {HOME_COUNTRY}, and work done there needs it."
        yield file_problem(f"{REFERENCE}/{COUNTRIES}", 1, Problem("BANK089", (), cause))


def _register_problems(reference: ReferenceFiles, day: date) -> Iterator[FileProblem]:
    content_file = reference.register
    entries = read_object(ReferenceShape, content_file.data).reference
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        place: DocumentPath = (REGISTER_FILE, index)
        if entry.id in seen:
            yield content_file.problem_at(
                "BANK030", (*place, "id"), f"The id “{entry.id}” stands here for the second time."
            )
        seen.add(entry.id)
        if entry.file is not None and entry.file not in TABLES:
            cause = f"There is no table “{entry.file}”{did_you_mean(entry.file, TABLES)}"
            yield content_file.problem_at("BANK089", (*place, "file"), cause)
        if entry.review_by < day.isoformat():
            cause = f"“{entry.title}” was to be looked at again by {entry.review_by}."
            yield content_file.problem_at("BANK071", (*place, "review_by"), cause)
    for needed in SOURCES:
        if needed not in seen:
            yield content_file.problem_at(
                "BANK089", (REGISTER_FILE,), f"No entry is called “{needed}”, and sentences rest on it."
            )
    for name in TABLES:
        if name not in {entry.file for entry in entries}:
            yield content_file.problem_at(
                "BANK089", (REGISTER_FILE,), f"No entry says where the table {name} comes from."
            )


def _asked_problems(
    content_file: ContentFile, own: Sequence[tuple[DocumentPath, Mapping[str, Any]]]
) -> Iterator[FileProblem]:
    for place, text in ((place, text) for place, one in own for text in one.get("ask", [])):
        for error in problems_in_text((*place, "ask"), text, {}):
            yield content_file.problem_at(error.number, error.place, error.cause)


def _service_problems(reference: ReferenceFiles) -> Iterator[FileProblem]:
    content_file: ContentFile = reference.services
    data: Mapping[str, Any] = content_file.data
    sectors = reference.tables.values(INDICATORS, "sector")
    named = reference.tables.values(GOODS, "good") | reference.tables.values(USUAL, "input")
    codes = reference.tables.values(INDUSTRIES, "sic_code")
    banks = reference.files.banks()

    def unknown(place: DocumentPath, names: Sequence[str], known: Collection[str], what: str) -> Iterator[FileProblem]:
        for index, name in enumerate(names):
            if name not in known:
                yield content_file.problem_at(
                    "BANK089", (*place, index), f"There is no {what} “{name}”{did_you_mean(name, known)}"
                )

    own: list[tuple[DocumentPath, Mapping[str, Any]]]
    own = [(("services", index), one) for index, one in enumerate(data["services"])]
    for index, produce in enumerate(data.get("produce", [])):
        place: DocumentPath = ("produce", index)
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
    yield from _asked_problems(content_file, own)
    yield from unknown(("never_suggested",), data.get("never_suggested", []), named, "purchase of the lists")
    yield from _repeated_words(content_file, data, own, {normalise_spacing(name) for name in named})


def _repeated_words(
    content_file: ContentFile,
    data: Mapping[str, Any],
    own: Sequence[tuple[DocumentPath, Mapping[str, Any]]],
    named: Collection[str],
) -> Iterator[FileProblem]:
    """A name or word that means two things would take a purchase for the wrong one, be it in the singular or the plural."""
    others: list[tuple[DocumentPath, Sequence[str]]] = [
        (("words", index), one["words"]) for index, one in enumerate(data.get("words", []))
    ]
    said = [(place, (one["id"], one["name"], *one.get("words", []))) for place, one in own]
    seen: set[str] = set()
    for place, words in [*said, *others]:
        for word in words:
            if normalise_name(word) in seen or normalise_spacing(word) in named:
                yield content_file.problem_at(
                    "BANK030", place, f"“{normalise_spacing(word)}” means something else already."
                )
        seen |= {normalise_name(word) for word in words}


def _word_problems(reference: ReferenceFiles) -> Iterator[FileProblem]:
    content_file: ContentFile = reference.words
    data: Mapping[str, Any] = content_file.data
    owners = reference.files.at("", "owners")
    roles: Any = owners.data.get("owners", {}) if owners else {}
    for place, text, gaps in _texts_with_gaps(data):
        for error in problems_in_text(place, text, dict.fromkeys(gaps, "")):
            yield content_file.problem_at(error.number, error.place, error.cause)
    seen: set[str] = set()
    for index, kind in enumerate(data["kinds"]):
        if kind["id"] in seen:
            yield content_file.problem_at(
                "BANK030", ("kinds", index, "id"), f"The kind “{kind['id']}” stands here for the second time."
            )
        seen.add(kind["id"])
        todo = kind.get("do")
        if todo and todo["owner"] not in roles:
            cause = f"There is no owner “{todo['owner']}”{did_you_mean(todo['owner'], roles)}"
            yield content_file.problem_at("BANK037", ("kinds", index, "do", "owner"), cause)
    for kind in RISK_FACT_KINDS:
        if kind not in seen:
            yield content_file.problem_at("BANK089", ("kinds",), f"The kind “{kind}” has no words.")


def _texts_with_gaps(data: Mapping[str, Any]) -> Iterator[tuple[DocumentPath, str, tuple[str, ...]]]:
    for name, text in data["purchases"].items():
        if isinstance(text, str):
            yield ("purchases", name), text, ()
    for number, text in enumerate(data["purchases"]["ask_anyone"]):
        yield ("purchases", "ask_anyone", number), text, ()
    for index, kind in enumerate(data["kinds"]):
        yield ("kinds", index, "says"), kind["says"], TEXT_GAPS.get(kind["id"], ())
        for number, text in enumerate(kind.get("ask", [])):
            yield ("kinds", index, "ask", number), text, ()
        if "do" in kind:
            yield ("kinds", index, "do", "do"), kind["do"]["do"], ()


def _reference_setting_problems(reference: ReferenceFiles, day: date) -> Iterator[FileProblem]:
    missing = [name for name in PURCHASE_MEMBERS if name not in reference.settings]
    if missing:
        cause = f"The reference rests on settings that are missing: {', '.join(missing)}."
        yield file_problem("settings/purchases.yaml", 1, Problem("BANK073", (), cause))
        return
    try:
        values = {name: value_on(setting, day)["value"] for name, setting in reference.settings.items()}
    except KeyError:
        return  # told by the check of the settings, as is a value that cannot be used
    if any(purchase_setting_error(name, value) for name, value in values.items()):
        return
    for name, said in purchase_settings_errors(values):
        setting = reference.settings[name]
        index = list(setting.values).index(value_on(setting, day))
        yield setting.row.at("BANK074", f"“{name}” {said}.", "values", index, "value")
    content_file: ContentFile = reference.words
    data: Mapping[str, Any] = content_file.data
    for index, kind in enumerate(data["kinds"]):
        if can_make_purchase_high(kind["id"], values) and "do" not in kind:
            yield content_file.problem_at(
                "BANK021", ("kinds", index), f"A line can be high because of “{kind['id']}”, and “do” is missing."
            )


YES, UNSURE = "yes", "1 or 2"
"""How a cell says that a finding was made, and that of two tiers the riskier one was taken."""


@kept_with_files
def reference_from(files: ContentFiles, day: date, language: str = ENGLISH) -> Reference:
    """With the numbers of this day. Raises BankFilesRefusedError if a file is missing or broken."""
    if not files.inside(REFERENCE):
        problem = Problem("BANK013", (), "This folder has no reference.")
        raise BankFilesRefusedError((file_problem(f"{REFERENCE}/{REGISTER_FILE}.yaml", 1, problem),))
    problems = [one for one in [*check_settings(files, day), *check_reference(files, day)] if not one.warning]
    if problems:
        raise BankFilesRefusedError(tuple(sorted(problems)))
    there = reference_files(files)
    owners = files.at("", "owners")
    return Reference(
        countries={row["country_iso2"]: _country(row, country_names(language)) for row in there.tables.rows(COUNTRIES)},
        listings=_listings(there),
        indicators=_indicators(there),
        offers={offer.key: offer for offer in _purchase_offers(there)},
        industries=_industries(there),
        sources={one.id: one for one in read_object(ReferenceShape, there.register.data).reference},
        marks=_purchase_points(there, day),
        words=_words(there.words.data),
        owners={} if owners is None else cast("Mapping[str, str]", owners.data["owners"]),
    )


def _country(row: TableRow, names: Mapping[str, str]) -> Country:
    code, rank = row["country_iso2"], row["wgi_rule_of_law_pctrank_2023"]
    return Country(
        code=code,
        name=names.get(code, row["country"]),
        tier=TIERS[row["tip_tier"]] if row["tip_tier"] else None,
        tier_year=int(row["tip_year"]) if row["tip_year"] else None,
        tier_unsure=row["tip_basis"].startswith(UNSURE),
        law_rank=float(rank) if rank else None,
    )


def _listings(there: ReferenceFiles) -> dict[str, tuple[Listing, ...]]:
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


def _indicators(there: ReferenceFiles) -> dict[str, tuple[Indicator, ...]]:
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


def _purchase_offers(there: ReferenceFiles) -> Iterator[Offer]:
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
    by_input: defaultdict[str, list[TableRow]] = defaultdict(list)
    for usual in there.tables.rows(USUAL):
        by_input[usual["input"]].append(usual)
    for name, rows in dict(sorted(by_input.items())).items():
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
        yield _own_offers(one, "service", tuple(one["named_as"]), first[one["id"]])
    for produce in data.get("produce", []):
        for one in produce.get("others", []):
            yield _own_offers(one, "produce", tuple(produce["named_as"]), first[one["id"]])


def _own_offers(one: Mapping[str, Any], kind: Any, named_as: tuple[str, ...], first: Collection[str]) -> Offer:  # noqa: ANN401  # a word of OfferKind
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


def _industries(there: ReferenceFiles) -> tuple[Industry, ...]:
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


def _purchase_points(there: ReferenceFiles, day: date) -> RiskSettings:
    rows = {name: value_on(there.settings[name], day) for name in PURCHASE_MEMBERS}
    basis = tuple(basis_of(there.settings[name], row) for name, row in rows.items())
    return purchase_points_from({name: row["value"] for name, row in rows.items()}, basis)


def _words(data: Mapping[str, Any]) -> ReferenceTexts:
    fixed = dict(data["purchases"])
    anyone = tuple(fixed.pop("ask_anyone"))
    kinds = {
        kind["id"]: KindTexts(
            says=kind["says"], ask=tuple(kind.get("ask", [])), todo=ToDo(**kind["do"]) if "do" in kind else None
        )
        for kind in data["kinds"]
    }
    return ReferenceTexts(kinds=kinds, fixed=fixed, ask_anyone=anyone)
