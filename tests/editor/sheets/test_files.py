from __future__ import annotations

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.sheets.cells import Address
from assess.editor.sheets.files import cells_of_bank, files_of_bank, in_words
from tests.shelves import SOUND, sound_but

AT = Address("shop.yaml", "question", "q", ("show_if",))


def test_a_workbook_holds_the_bank_what_it_uses_the_duties_and_the_sources() -> None:
    names = [one.name for one in files_of_bank(read_folder(QUESTIONNAIRES), "farming")]
    assert names == ["common/core.yaml", "farming.yaml", "duties/international.yaml", "duties/uk.yaml", "sources.yaml"]
    assert {at.file for at in cells_of_bank(read_folder(SOUND), "shop")} >= {"shop.yaml", "common/start.yaml"}
    assert files_of_bank(read_folder(SOUND), "nothing") == []


def test_a_file_that_cannot_be_read_is_left_out() -> None:
    broken = sound_but(("sources.yaml", "format: 1", "format: [1"))
    assert "sources.yaml" not in {one.name for one in files_of_bank(broken, "shop")}


def test_a_condition_is_said_in_words_or_not_at_all() -> None:
    assert in_words({AT: {"total": {"at_least": 1}}}, None)(AT) == "“total” is 1 or more"
    assert in_words({AT: {"total": {"wants": 1}}}, None)(AT) == ""
    assert in_words({}, None)(AT) == ""
