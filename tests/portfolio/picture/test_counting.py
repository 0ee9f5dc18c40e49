from __future__ import annotations

from assess.portfolio.picture.counting import BAND_WORDS, bands_by_sector, bands_of, groups_of, in_words, late_of
from assess.suppliers.models import Status
from tests.portfolio.picture.made_rows import a_row


def test_bands_by_kind_of_work_add_up() -> None:
    rows = [
        a_row(band="low"),
        a_row(band="high"),
        a_row(),
        a_row(sector=None, status=Status.NOT_ASKED),
        a_row(sector="car_washes", band="high"),
    ]
    found = bands_by_sector(rows)
    assert [kind.name for kind in found] == ["Car washes", "Farming", "Kind of work not told", "All together"]
    assert dict(found[1].counts) == {"low": 1, "medium": 0, "high": 1, "none": 1}
    assert found[-1].total == sum(kind.total for kind in found[:-1]) == 5
    assert found[1].words == "Farming: Low 1, Medium 0, High 1, No band to show 1"
    assert [kind.name for kind in bands_by_sector(rows[:2])] == ["Farming"]
    assert bands_by_sector([]) == []


def test_no_band_is_one_group_whatever_the_reason() -> None:
    rows = [a_row(), a_row(status=Status.SHARE_OVER), a_row(status=Status.DECLINED), a_row(status=Status.NOT_ASKED)]
    assert bands_of(rows)["none"] == 4
    assert list(BAND_WORDS) == ["low", "medium", "high", "none"]


def test_groups_and_words() -> None:
    groups = groups_of([a_row(), a_row(status=Status.OPENED), a_row(status=Status.WAITING)])
    assert groups == {"shared": 1, "other": 0, "asked": 1, "declined": 0, "over": 0, "not_asked": 1}
    assert in_words({"low": 2, "none": 1}, BAND_WORDS) == "Low 2, No band to show 1"


def test_the_longest_late_come_first_and_no_more_than_ten() -> None:
    rows = [a_row(f"F{weeks:02}", weeks_late=weeks) for weeks in range(12)] + [a_row(old=True, late_steps=2)]
    late = late_of(rows)
    assert (late.number, late.with_steps, late.old, len(late.suppliers)) == (12, 1, 1, 10)
    assert late.suppliers[0].name == "F11"
