from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from assess.banks.call_weights import call_weights_on
from assess.banks.sheets import RefusedError
from tests.engine.real_banks import QUESTIONNAIRES, TODAY
from tests.shelves import SOUND


def test_the_numbers_of_the_house_add_up_and_say_where_they_come_from() -> None:
    weights = call_weights_on(QUESTIONNAIRES, TODAY)
    assert sum(weights.most.values()) == 100
    assert weights.base["car_washes"] == max(weights.base.values())
    assert weights is call_weights_on(QUESTIONNAIRES, TODAY)
    assert all(one["source"].startswith("This service’s own") and one["review_by"] for one in weights.basis)


def test_a_folder_is_read_again_when_it_changes_and_refused_without_the_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    shutil.copytree(SOUND, folder)
    with pytest.raises(RefusedError, match="call_sector"):
        call_weights_on(folder, TODAY)
    (folder / "settings" / "calling.yaml").write_text((QUESTIONNAIRES / "settings" / "calling.yaml").read_text())
    assert call_weights_on(folder, TODAY).sector_most == 20
    with pytest.raises(RefusedError):
        call_weights_on(folder, date(2020, 1, 1))
