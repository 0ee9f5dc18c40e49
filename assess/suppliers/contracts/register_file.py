"""The register as a file for auditors: CSV for any program, XLSX with typed cells.

Texts are written as texts and nothing else: no formula, no link, whatever somebody typed. It holds what the buyer wrote, and nothing
of what a supplier answered.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import xlsxwriter

from assess.banks.contracts import ContractRules
from assess.kit.clock import date_at
from assess.kit.formulas import writable
from assess.kit.spreadsheets import SAFE, Cell, csv_file
from assess.suppliers.contracts.models import Level
from assess.suppliers.contracts.register import Entry
from assess.suppliers.contracts.rules import proposal_for
from assess.suppliers.contracts.words import LEVELS

_A4 = 9
_WIDTHS = {"text": 24, "date": 12, "number": 14, "long": 44}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file. `kind`: text, long (text that takes room), number or date."""

    title: str
    kind: str = "text"


def columns(texts: ContractRules) -> tuple[Column, ...]:
    """The columns, in their order."""
    headings = [
        column
        for one in texts.characteristics.values()
        for column in (Column(one.name), Column(f"{one.name}: note", "long"))
    ]
    return (
        Column("Supplier"),
        Column("Your reference of the supplier"),
        Column("Contract"),
        Column("Reference"),
        Column("Value in pounds", "number"),
        Column("First day", "date"),
        Column("Last day", "date"),
        Column("Rules"),
        *headings,
        Column("Proposed tier now"),
        Column("Why it is proposed", "long"),
        Column("Tier"),
        Column("Reason", "long"),
        Column("Proposed when decided"),
        Column("Decided by"),
        Column("Decided on", "date"),
        Column("Asked of the supplier"),
        Column("Why it is asked", "long"),
        Column("Steps in design", "long"),
        Column("Steps in terms", "long"),
        Column("Steps in management", "long"),
        Column("Review on", "date"),
        Column("Last changed on", "date"),
    )


def row_of(entry: Entry, texts: ContractRules) -> tuple[Cell, ...]:
    """One contract, a cell for each column."""
    contract, supplier = entry
    proposal = proposal_for(contract, texts)
    headings: list[Cell] = []
    for name in texts.characteristics:
        headings += [LEVELS[Level(contract.levels.get(name, Level.NOT_KNOWN))], str(contract.notes.get(name, ""))]
    return (
        supplier.name,
        supplier.reference,
        contract.title,
        contract.reference,
        contract.value_gbp,
        contract.starts,
        contract.ends,
        texts.regimes[contract.regime.value].short,
        *headings,
        texts.tiers[proposal.tier.value].name,
        proposal.because,
        texts.tiers[contract.tier.value].name if contract.tier else "Not decided yet",
        contract.tier_reason,
        texts.tiers[contract.proposed.value].name if contract.proposed else "",
        contract.decided_by,
        date_at(contract.decided_at) if contract.decided_at else None,
        texts.asks[contract.asks.value] if contract.asks else "",
        contract.asks_reason,
        contract.design,
        contract.terms,
        contract.management,
        contract.review_on,
        date_at(contract.changed_at),
    )


def as_csv(entries: Sequence[Entry], texts: ContractRules) -> bytes:
    """UTF-8 with a byte order mark, every cell in quotes, dates as 2026-11-24."""
    return csv_file([column.title for column in columns(texts)], (row_of(entry, texts) for entry in entries))


def as_xlsx(entries: Sequence[Entry], texts: ContractRules, buyer: str, made_on: date) -> bytes:
    """The workbook: the register, and a sheet that says what it is."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(SAFE))
    book.set_properties({"title": "Register of contracts", "created": datetime.combine(made_on, time())})
    top = {"valign": "top", "align": "left", "text_wrap": True, "bottom": 1}
    looks = {
        "text": book.add_format({**top, "num_format": "@"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({**top, "num_format": "#,##0"}),
        "header": book.add_format({**top, "bold": True}),
    }
    looks["long"] = looks["text"]
    sheet = book.add_worksheet("Contracts")
    for place, column in enumerate(columns(texts)):
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, column.title, looks["header"])
    for line, entry in enumerate(entries, 1):
        for place, (column, cell) in enumerate(zip(columns(texts), row_of(entry, texts), strict=True)):
            if cell is None or cell == "":
                sheet.write_blank(line, place, None, looks[column.kind])
            elif isinstance(cell, date):
                sheet.write_datetime(
                    line, place, datetime.combine(cell, time(), UTC).replace(tzinfo=None), looks["date"]
                )
            elif isinstance(cell, int | float):
                sheet.write_number(line, place, cell, looks["number"])
            else:
                sheet.write_string(line, place, writable(cell), looks[column.kind])
    if entries:
        sheet.autofilter(0, 0, len(entries), len(columns(texts)) - 1)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    about = book.add_worksheet("About")
    about.set_column(0, 0, 100)
    for line, sentence in enumerate(about_register(texts, buyer, made_on, len(entries))):
        about.write_string(line, 0, writable(sentence), looks["text"])
    book.close()
    return file.getvalue()


def about_register(texts: ContractRules, buyer: str, made_on: date, count: int) -> list[str]:
    """What the file is, and what its texts rest on."""
    rules = [
        " ".join(part for part in (f"{one.name}: {one.says}", one.not_confirmed or "") if part)
        for one in texts.regimes.values()
    ]
    return [
        f"Contracts of {buyer}: {count}. Made on {made_on.isoformat()}.",
        "What people at this organisation wrote and decided. Not a finding about a supplier. Not for selection or exclusion.",
        texts.own_proposal,
        texts.not_known,
        *rules,
        f"Sources looked at on {texts.reviewed}, to be looked at again by {texts.review_by}.",
    ]
