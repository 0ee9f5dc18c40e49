"""Which files a workbook of a bank is made of, its values, and its conditions in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from assess.banks.sheets import Sheet, Shelf
from assess.banks.shelves import digest_of_bytes
from assess.editor.sheets.cells import Address, Cells, cells_of
from assess.editor.sheets.workbook import workbook_of
from assess.engine.bank import Edition
from assess.engine.conditions_in_words import Names, condition_in_words, names_of
from assess.engine.document import DocumentError, read_condition


def files_of_bank(shelf: Shelf, bank: str) -> list[Sheet]:
    """The bank’s own file, the common ones it uses, the duties, and the sources. Files that cannot be read are left out."""
    own = shelf.at("", bank)
    if own is None:
        return []
    uses = own.written.get("uses")
    common = [
        shelf.at("common", str(name)) for name in cast("Sequence[object]", uses if isinstance(uses, list) else ())
    ]
    found = [*common, own, *(one for one in shelf.inside("duties") if "duties" in one.written), shelf.at("", "sources")]
    return [one for one in found if one is not None and one.written]


def cells_of_bank(shelf: Shelf, bank: str) -> Cells:
    """Every value of these files."""
    cells: Cells = {}
    for sheet in files_of_bank(shelf, bank):
        cells |= cells_of(sheet.name, sheet.written)
    return cells


def bank_as_workbook(shelf: Shelf, bank: str, title: str, edition: Edition | None) -> bytes:
    """The workbook of a bank. `edition`: what the ids in conditions are called, when it could be compiled."""
    sheets = files_of_bank(shelf, bank)
    cells = cells_of_bank(shelf, bank)
    origin = {one.name: digest_of_bytes(cast("bytes", one.content)) for one in sheets}
    return workbook_of(title, cells, origin, in_words(cells, edition))


def in_words(cells: Mapping[Address, object], edition: Edition | None) -> Callable[[Address], str]:
    """How to say the condition at an address."""
    names = names_of(edition) if edition else Names()

    def said(at: Address) -> str:
        try:
            return condition_in_words(read_condition(cells[at]), names)
        except (DocumentError, KeyError):
            return ""

    return said
