from __future__ import annotations

import pytest

from assess.suppliers.importing.reading import read_file
from tests.suppliers.importing.conftest import Office

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_taken_away_and_sent_in_again(office: Office, kind: str) -> None:
    file = office.visit.client.get(f"{office.address}/template.{kind}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="suppliers-template.{kind}"'
    assert len(read_file(f"t.{kind}", file.get_data()).rows) == 1
    page = office.send(f"t.{kind}", file.get_data())
    assert "Row 2, name: This is the example of the template. Delete the row." in page.text


def test_rows_to_repair_are_a_file_of_their_own(office: Office) -> None:
    page = office.send("list.csv", b"name,email\nA Farm,nobody\nB Farm,b@farm.example\n", what="list")
    file = office.visit.client.get(f"{page.address}/rows-to-repair.csv")
    assert file.mimetype == "text/csv"
    lines = file.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith('"2","A Farm","nobody",')
    assert "no address that mail can be sent to" in lines[1]
