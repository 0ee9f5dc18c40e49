"""The five tables of `questionnaires/reference/`: their columns, and what holds between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from assess.banks.sheets import REFERENCE, Found, Shelf
from assess.banks.tables import Columns, Row, Table, anything, like, number_from, one_of, read_table, shown, some_text
from assess.engine.problems import did_you_mean

COUNTRIES, GOODS, USUAL, INDICATORS, INDUSTRIES = (
    "country_risk.csv",
    "goods_risk.csv",
    "sector_goods.csv",
    "uk_sector_indicators.csv",
    "uk_sic.csv",
)
NO_GOOD = "no listed good"
TIERS = {"1": "tier_1", "2": "tier_2", "2WL": "tier_2wl", "3": "tier_3", "SC": "tier_3"}
"""The report's tiers as the sums know them: a special case counts like Tier 3."""
REMOVED = "removed"

_CODE = like(r"[A-Z]{2}", "the two capital letters of a country, like GB")
_YEAR = like(r"(19|20)[0-9]{2}", "a year")
_YES_NO = one_of(("yes", "no", ""))
_FOUND = one_of(("yes", "no", "unknown"))
_ADDRESS = like(r"https?://[^\s.]+\.\S+", "a whole web address")

_SHAPES: Mapping[str, Columns] = {
    COUNTRIES: Columns(
        {
            "country_iso2": _CODE,
            "country": some_text,
            "tip_tier": one_of((*TIERS, "")),
            "tip_year": like(r"(19|20)[0-9]{2}", "a year", empty=True),
            "tip_basis": anything,
            "tip_tier_2024": one_of((*TIERS, "")),
            "dol_goods_forced": number_from(0, 1000),
            "dol_goods_child": number_from(0, 1000),
            "tda_advancement_2022": anything,
            "tda_complicit_2022": anything,
            "children_working_pct": number_from(0, 100, empty=True),
            "children_working_age": anything,
            "palermo_2022": anything,
            "ilo_member": _YES_NO,
            "ilo_c029": _YES_NO,
            "ilo_c105": anything,
            "ilo_p029": _YES_NO,
            "ilo_c138": anything,
            "ilo_c182": _YES_NO,
            "wgi_rule_of_law_2023": number_from(-4, 4, empty=True),
            "wgi_rule_of_law_pctrank_2023": number_from(0, 100, empty=True),
        },
        ("country_iso2",),
    ),
    GOODS: Columns(
        {
            "country_iso2": _CODE,
            "country": some_text,
            "good": some_text,
            "good_sector": one_of(("Agriculture", "Manufacturing", "Mining", "Other", "")),
            "child_labour": _FOUND,
            "forced_labour": _FOUND,
            "forced_child_labour": _FOUND,
            "input_country_iso2": like(r"[A-Z]{2}", "the two capital letters of a country, or empty", empty=True),
            "input_good": anything,
            "input_basis": one_of(("child labour", "forced labour", "child and forced labour", "")),
            "edition": _YEAR,
            "status": like(r"listed|removed (19|20)[0-9]{2}", "listed, or removed and a year"),
            "note": anything,
        },
        ("country_iso2", "good"),
    ),
    USUAL: Columns(
        {
            "sector": some_text,
            "category": some_text,
            "input": some_text,
            "dol_good": anything,
            "relation": one_of(("same", "ingredient", "material", "part", NO_GOOD)),
        },
        ("sector", "input", "dol_good"),
    ),
    INDICATORS: Columns(
        {
            "sector": some_text,
            "indicator": some_text,
            "kind": one_of(("cases", "licence", "named")),
            "source": some_text,
            "edition": some_text,
            "year": _YEAR,
            "source_url": _ADDRESS,
        },
        ("sector", "indicator", "source"),
    ),
    INDUSTRIES: Columns(
        {
            "sic_code": like(r"[0-9]{5}", "five digits (a spreadsheet may have dropped a 0 in front)"),
            "description": some_text,
            "section": like(r"[A-U]", "a letter from A to U"),
            "section_name": some_text,
            "product_sector": anything,
        },
        ("sic_code",),
    ),
}
TABLES = tuple(_SHAPES)
"""The names of all tables."""


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables that are there, read, by name."""

    by_name: Mapping[str, Table]

    def rows(self, name: str) -> tuple[Row, ...]:
        """The sound rows of a table; none when it is missing."""
        table = self.by_name.get(name)
        return () if table is None else table.rows

    def values(self, name: str, column: str) -> frozenset[str]:
        """Everything that stands in a column."""
        return frozenset(row[column] for row in self.rows(name)) - {""}


def read_tables(shelf: Shelf) -> Tables:
    """The tables of a shelf."""
    sheets = {name: shelf.sheets[f"{REFERENCE}/{name}"] for name in TABLES if f"{REFERENCE}/{name}" in shelf.sheets}
    return Tables({name: read_table(sheet, _SHAPES[name]) for name, sheet in sheets.items()})


def faults_between(tables: Tables, banks: Collection[str]) -> list[Found]:
    """What does not hold between sound tables: countries, goods and banks that are named but are not there."""
    found = [
        *_unknown(tables, GOODS, "country_iso2", tables.values(COUNTRIES, "country_iso2"), "country"),
        *_unknown(tables, GOODS, "input_country_iso2", tables.values(COUNTRIES, "country_iso2"), "country"),
        *_unknown(tables, GOODS, "input_good", tables.values(GOODS, "good"), "good"),
        *_unknown(tables, USUAL, "dol_good", tables.values(GOODS, "good"), "good"),
        *_unknown(tables, USUAL, "sector", banks, "bank"),
        *_unknown(tables, INDUSTRIES, "product_sector", banks, "bank"),
    ]
    for name, fault in ((GOODS, _goods_fault), (COUNTRIES, _country_fault), (USUAL, _usual_fault)):
        found += [tables.by_name[name].at(row, "BANK087", said) for row in tables.rows(name) if (said := fault(row))]
    return found


def _unknown(tables: Tables, name: str, column: str, known: Collection[str], what: str) -> Iterator[Found]:
    for row in tables.rows(name):
        if row[column] and row[column] not in known:
            cause = f"There is no {what} {shown(row[column])}{did_you_mean(row[column], known)}"
            yield tables.by_name[name].at(row, "BANK089", cause)


def _goods_fault(row: Row) -> str:
    if "yes" not in {row["child_labour"], row["forced_labour"], row["forced_child_labour"]} and not row["input_basis"]:
        return "The row finds nothing: one of the labour columns must be yes, or “input_basis” must say what is listed."
    return ""


def _country_fault(row: Row) -> str:
    return "" if bool(row["tip_tier"]) == bool(row["tip_year"]) else "A tier needs its year, and a year its tier."


def _usual_fault(row: Row) -> str:
    if bool(row["dol_good"]) == (row["relation"] == NO_GOOD):
        return f"“dol_good” must be empty where the relation is “{NO_GOOD}”, and only there."
    return ""
