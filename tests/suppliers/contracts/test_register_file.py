from __future__ import annotations

import csv
import io
from datetime import date, datetime
from zipfile import ZipFile

from openpyxl import load_workbook

from assess.banks.contracts import contract_rules
from assess.banks.folder import QUESTIONNAIRES
from assess.kit.formulas import unguarded, writable
from assess.suppliers.contracts.models import Asks, Contract, Regime
from assess.suppliers.contracts.register import Entry
from assess.suppliers.contracts.register_file import as_csv, as_xlsx, columns
from assess.suppliers.models import Supplier, Tier
from tests.conftest import TODAY
from tests.kit.payloads import PAYLOADS

TEXTS = contract_rules(QUESTIONNAIRES)
TITLES = [column.title for column in columns(TEXTS)]
DAY = date(2026, 11, 24)


def entry(text: str = "Potatoes", **said: object) -> Entry:
    whole = {
        "title": text,
        "reference": text,
        "value_gbp": 120_000,
        "starts": date(2026, 4, 1),
        "ends": None,
        "regime": Regime.PPN_009_ADOPTED,
        "levels": {"industry": "high"},
        "notes": {"industry": text},
        "tier": Tier.HIGH,
        "tier_reason": text,
        "proposed": Tier.HIGH,
        "asks": Asks.FULL,
        "asks_reason": text,
        "decided_by": text,
        "decided_at": TODAY,
        "design": text,
        "terms": text,
        "management": f"{text}\n{text}",
        "review_on": None,
        "changed_at": TODAY,
        **said,
    }
    return Contract(**whole), Supplier(name=text, reference=text)


def test_the_table_reads_back_with_iso_dates() -> None:
    raw = as_csv([entry()], TEXTS)
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert list(row) == TITLES
    assert (row["First day"], row["Last day"], row["Value in pounds"]) == ("2026-04-01", "", "120000")
    assert (row["Tier"], row["Decided on"], row["Rules"]) == ("High", "2026-11-24", "PPN 009 (adopted)")
    assert (row["Industry type"], row["Supplier location"]) == ("High", "Not known")
    assert row["Proposed tier now"] == "High"


def test_no_payload_in_any_field_is_a_formula_in_the_table_and_all_read_back() -> None:
    rows = list(
        csv.reader(io.StringIO(as_csv([entry(text) for text in PAYLOADS], TEXTS).decode("utf-8-sig"), newline=""))
    )
    assert len(rows) == len(PAYLOADS) + 1
    for payload, row in zip(PAYLOADS, rows[1:], strict=True):
        assert unguarded(row[2]) == payload
        assert not any(cell.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@")) for cell in row)


def test_the_sheet_has_typed_cells_and_no_formula_whatever_was_typed() -> None:
    file = as_xlsx([entry(), *(entry(text) for text in PAYLOADS)], TEXTS, "=Council", DAY)
    book = load_workbook(io.BytesIO(file))
    sheet = book["Contracts"]
    assert [cell.value for cell in sheet[1]] == TITLES
    first = dict(zip(TITLES, sheet[2], strict=True))
    assert first["Value in pounds"].value == 120_000
    assert first["First day"].value == datetime(2026, 4, 1)  # noqa: DTZ001  # a sheet knows no zones
    assert first["Decided on"].number_format == "yyyy-mm-dd"
    for line, payload in enumerate(PAYLOADS, 3):
        assert sheet.cell(line, 3).value == writable(payload).replace("\r", "\n") or "\r" in payload
    kinds = {cell.data_type for each in book for row in each.iter_rows() for cell in row}
    assert kinds == {"s", "n", "d"}
    with ZipFile(io.BytesIO(file)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_the_sheet_says_what_it_is_and_that_the_proposal_is_ours() -> None:
    about = load_workbook(io.BytesIO(as_xlsx([], TEXTS, "The Council", DAY)))["About"]
    said = [str(row[0].value) for row in about.iter_rows()]
    assert said[0] == "Contracts of The Council: 0. Made on 2026-11-24."
    assert "The guidance gives no number. This proposal is this service’s own. You decide." in said
    assert any("not yet confirmed by a lawyer" in sentence for sentence in said)


def test_a_contract_nobody_decided_says_so() -> None:
    (_, row) = csv.reader(
        io.StringIO(as_csv([entry(tier=None, proposed=None, asks=None, decided_at=None)], TEXTS).decode())
    )
    assert row[TITLES.index("Tier")] == "Not decided yet"
