from __future__ import annotations

import pytest

from assess.editor.sheets.child import read_sheets
from assess.editor.sheets.taking_in import origin_of
from tests.conftest import Visitor
from tests.editor.sheets.conftest import Desk

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_a_bank_in_use_is_taken_away_with_all_it_rests_on(desk: Desk) -> None:
    visit = desk.visit
    page = visit("/banks/spreadsheets")
    assert "Farming and growing, edition 1 (.xlsx)" in page.text
    response = visit.client.get("/banks/spreadsheets/farming")
    assert response.headers["Content-Disposition"] == 'attachment; filename="farming-edition-1.xlsx"'
    sheets = read_sheets(response.data)
    assert "duties/uk.yaml" in origin_of(sheets)
    said = {str(cells[0]): str(cells[4]) for _, cells in sheets["Conditions"] if len(cells) > 4}
    assert said["core_agency_pct"].startswith("“Which kinds of workers do you")
    assert visit.client.get("/banks/spreadsheets/nothing").status_code == 404


def test_the_page_of_a_bank_leads_there(visit: Visitor, desk: Desk) -> None:
    page = visit(f"/banks/drafts/{desk.draft.id}/farming")
    assert "Spreadsheet" in page.text
    assert visit(desk.home).heading == "Spreadsheet"
