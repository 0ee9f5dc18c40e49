"""A council asks its suppliers, and one of them asks its own: the whole way of a list of suppliers, by the people who walk it.

The people: a buyer at a council; the owner of a car wash, without an account and then with one; the chemist who supplies the
car wash; and a farm that says no. Each reads the letters that were written to it and sees only what was shared with it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.beginnings import runs_scripts
from tests.journeys.buying import begins_as_buyer, sends_a_list, waits_for
from tests.journeys.conftest import Installation
from tests.journeys.letters import Letters
from tests.journeys.people import Person

pytestmark = pytest.mark.journey


def test_a_council_its_suppliers_and_theirs(
    context: BrowserContext, browser: Browser, installation: Installation, letters: Letters, tmp_path: Path
) -> None:
    scripts = runs_scripts(context)
    kind = "phone" if scripts else "desk"
    buyer = Person(context.new_page(), installation.address)
    board = begins_as_buyer(
        buyer,
        letters,
        f"ada@{kind}.breckland-council.example",
        "Ada Marsh",
        f"Breckland Council {kind}",
        scripts=scripts,
    )
    brings_in_a_list(buyer, board, kind, tmp_path, scripts=scripts)


LIST = """name,email,phone,sector,area,spend
Sparkle Hand Car Wash,owner@sparkle-{kind}.example,01603 123456,car_washes,norfolk,"£12,500"
Fen Edge Farm,office@fen-edge-{kind}.example,01603 123457,farming,norfolk,40k
,nobody@nameless-{kind}.example,,car_washes,norfolk,
Quick Shine,not an address,,car_washes,norfolk,
Norfolk Valeting Ltd,desk@valeting-{kind}.example,,car_washes,norfolk,900
Norfolk Valeting Limited,depot@valeting-{kind}.example,,car_washes,norfolk,
"""


def brings_in_a_list(buyer: Person, board: str, kind: str, folder: Path, *, scripts: bool) -> None:
    """Two bad rows are shown with their numbers; the good ones are asked, once."""
    file = folder / "suppliers.csv"
    file.write_text(LIST.format(kind=kind))
    buyer.follows("Bring in a list from a file")
    sends_a_list(buyer, file, scripts=scripts)
    assert buyer.heading == "We read 6 rows"
    assert "Row 4, name: Enter the name of the supplier." in buyer.words
    assert "Row 5, email: “not an address” is no address" in buyer.words
    buyer.presses("Ask 4 suppliers")
    buyer.looks(scripts=scripts)
    waits_for(buyer, "Your list is done", scripts=scripts)
    buyer.looks(scripts=scripts)
    assert "4 suppliers were put on your list and asked." in buyer.words
    buyer.follows("Add suppliers from a file")
