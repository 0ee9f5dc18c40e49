from __future__ import annotations

from datetime import timedelta

from assess.banks.looking import look_at
from tests.conftest import TODAY
from tests.shelves import SCORING, SHOP, sound_but


def test_a_whole_shelf_is_compiled_and_checked() -> None:
    sound = look_at(sound_but(), TODAY)
    assert (sound.problems, list(sound.checked)) == ((), ["shop"])
    assert sound.checked["shop"].edition
    wrong = look_at(sound_but((SHOP, "- {id: they, label: They do, points: 0}", "- {id: they, points: 0}")), TODAY)
    assert [one.file for one in wrong.problems] == [SHOP]
    assert wrong.checked["shop"].edition is None


def test_what_is_late_on_another_day_is_a_warning_of_that_day() -> None:
    shelf = sound_but()
    assert look_at(shelf, TODAY) is look_at(sound_but(), TODAY), "the same files on the same day are looked at once"
    later = look_at(shelf, TODAY + timedelta(days=400))
    assert SCORING in {one.file for one in later.warnings}
    assert look_at(shelf, TODAY).warnings == ()
