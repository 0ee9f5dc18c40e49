from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import RefusedError
from assess.banks.usual_kinds import usual_kinds

TABLE = "reference/sector_goods.csv"


def test_each_usual_purchase_has_the_kind_the_table_gives_it() -> None:
    kinds = usual_kinds(QUESTIONNAIRES, "hospitality")
    assert kinds["prawns and shrimp"] == "food and drink"
    assert kinds["bed linen, table linen and towels"] == "linen"
    assert "prawns and shrimp" not in usual_kinds(QUESTIONNAIRES, "car_washes")
    assert usual_kinds(QUESTIONNAIRES, "no such bank") == {}


def test_while_the_table_is_broken_the_last_sound_kinds_stay(tmp_path: Path) -> None:
    folder = tmp_path / "q"
    shutil.copytree(QUESTIONNAIRES, folder)
    sound = usual_kinds(folder, "hospitality")
    table = folder / TABLE
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("category", "sort", 1), encoding="utf-8")
    assert usual_kinds(folder, "hospitality") == sound
    folder.rename(tmp_path / "gone")
    assert usual_kinds(folder, "hospitality") == sound
    with pytest.raises(RefusedError):
        usual_kinds(tmp_path / "never", "hospitality")


def test_a_changed_table_is_read_anew(tmp_path: Path) -> None:
    shutil.copytree(QUESTIONNAIRES, tmp_path / "q")
    assert usual_kinds(tmp_path / "q", "hospitality")["rice"] == "food and drink"
    table = tmp_path / "q" / TABLE
    table.write_text(
        table.read_text(encoding="utf-8").replace("food and drink,rice", "larder stores,rice"), encoding="utf-8"
    )
    assert usual_kinds(tmp_path / "q", "hospitality")["rice"] == "larder stores"
