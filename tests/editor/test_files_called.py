from __future__ import annotations

from assess.editor.files_called import file_called
from tests.shelves import CONTACTS, SHOP, START, UK, sound_but


def test_a_file_is_called_by_what_people_know() -> None:
    sheets = sound_but().sheets
    said = [file_called(name, sheets[name]) for name in (SHOP, START, UK, CONTACTS)]
    assert said == ["Corner shops", "What all sectors are asked", "UK (duties)", "Contacts (settings)"]
    assert file_called("papers/old_poster.yaml", None) == "Old poster (papers)"
