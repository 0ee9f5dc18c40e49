from __future__ import annotations

from dataclasses import replace

import pytest

from assess.banks.checking import check_shelf
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import Shelf, read_folder, shelf_of
from assess.editor.sectors.making import (
    INDUSTRIES,
    SCORING,
    SEASONS,
    FirstQuestion,
    NewSector,
    UnsoundSheetError,
    files_of,
    prefix_for,
)
from tests.shelves import TODAY, sound_but

FIRST = FirstQuestion(
    "Who is on your sites", "Does the gate check match each face?", "no", "safeguard", "freedom",
    "Cards are faked: often.", "Match each face.", "owner", "S1",
)  # fmt: skip
WANTED = NewSector("building", "Building work", 40, "As reports have it.", FIRST)


def after(shelf: Shelf, wanted: NewSector) -> tuple[dict[str, bytes], Shelf]:
    files = files_of(shelf, wanted, TODAY)
    return files, Shelf({**shelf.sheets, **shelf_of(files).sheets})


@pytest.mark.parametrize("poor", ["yes", "no"])
@pytest.mark.parametrize("kind", ["safeguard", "exposure"])
def test_a_new_sector_has_no_problem_and_worked_examples_that_hold(poor: str, kind: str) -> None:
    _, whole = after(sound_but(), replace(WANTED, first=replace(FIRST, poor=poor, kind=kind)))
    assert check_shelf(whole, TODAY).problems == ()
    data = whole.sheets["building.yaml"].data
    examples = data["worked_examples"]
    assert isinstance(examples, list)
    assert examples[1]["change"] == {"buil_gate_check_match": poor}


def test_every_row_of_the_base_has_its_number_and_the_newest_says_why() -> None:
    files, _ = after(sound_but(), WANTED)
    text = files[SCORING].decode()
    assert text.count("building: 40") == sound_but().sheets[SCORING].text.count("shop: ")
    assert "Building work: As reports have it." in text


def test_the_real_folder_takes_pages_a_season_and_codes_and_stays_to_the_letter_elsewhere() -> None:
    shelf = read_folder(QUESTIONNAIRES)
    files, whole = after(shelf, replace(WANTED, first=None, frame="car_washes", codes=("41", "01"), busy=(11, 2)))
    assert [one for one in check_shelf(whole, TODAY).problems if not one.warning] == []
    sections, theirs = (whole.sheets[name].data["sections"] for name in ("building.yaml", "car_washes.yaml"))
    assert isinstance(sections, list)
    assert isinstance(theirs, list)
    assert [one["title"] for one in sections] == [one["title"] for one in theirs]
    assert {len(one["questions"]) for one in sections} == {1}
    assert all(one["questions"][0]["id"].startswith("buil_") for one in sections)
    before, now = shelf.sheets[INDUSTRIES].text.splitlines(), files[INDUSTRIES].decode().splitlines()
    changed = [(old, new) for old, new in zip(before, now, strict=True) if old != new]
    assert changed
    assert all(new == f"{old}building" and old.startswith("41") for old, new in changed)
    assert "first_month: 11" in files[SEASONS].decode()
    assert files[SEASONS].decode().startswith(shelf.sheets[SEASONS].text.rstrip("\n"))


def test_a_file_that_has_to_be_put_right_first_is_named() -> None:
    broken = sound_but((SCORING, "format: 1", "formt: 1"))
    with pytest.raises(UnsoundSheetError, match=SCORING):
        files_of(broken, WANTED, TODAY)
    broken = sound_but(("shop.yaml", "ask: Who keeps", "aks: Who keeps"))
    with pytest.raises(UnsoundSheetError, match=r"shop\.yaml"):
        files_of(broken, replace(WANTED, first=None, frame="shop"), TODAY)


def test_a_draft_with_broken_settings_gets_the_bank_without_examples() -> None:
    files, _ = after(sound_but((SCORING, "id: floor", "id: flor")), WANTED)
    assert b"worked_examples" not in files["building.yaml"]


def test_a_beginning_of_ids_is_one_that_no_question_has() -> None:
    assert prefix_for("construction", ["farm_pay"]) == "cons"
    assert prefix_for("construction", ["cons_pay", "const"]) == "constr"
    assert prefix_for("care", ["care_pay"]) == "care"
