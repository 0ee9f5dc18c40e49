from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reference import reference_from, reference_in_service, reference_on
from assess.banks.sheets import RefusedError
from tests.references import COUNTRIES, GOODS, NUMBERS, TODAY, real, shelf_but, small
from tests.shelves import sound_but


def test_cells_become_what_they_mean() -> None:
    reference = small()
    assert reference.countries["AA"].tier is None
    assert (reference.countries["CC"].tier, reference.countries["CC"].tier_unsure) == ("tier_2", True)
    assert reference.countries["DD"].law_rank == 5
    rope = reference.listings["Rope"][0]
    assert (rope.child, rope.forced, rope.basis, rope.removed) == (True, True, None, False)
    assert reference.listings["Salt"][0].removed
    assert reference.listings["Yarn"][0].input_good == "Rope"
    string = reference.offers["string"]
    assert (string.kind, string.goods, string.words) == ("usual", (("Rope", "material"), ("Twine", "same")), ("cord",))
    assert reference.offers["tape"].goods == ()
    assert {key for key, offer in reference.offers.items() if "shop" in offer.first_in} == {"sweeping", "string"}
    assert reference.offers["Apples"].named_as == ("farming",)
    assert not reference.offers["Salt"].suggested
    assert reference.marks.basis[0]["id"] == "purchase_tiers"
    assert reference.marks.basis[0]["value"].startswith("tier_1 15")


def test_a_hotel_is_shown_few_things_first_and_all_of_them_are_usual_there() -> None:
    first = [offer for offer in real().offers.values() if "hospitality" in offer.first_in]
    assert 10 <= len(first) <= 20
    assert all("hospitality" in offer.usual_in for offer in first)


def test_special_cases_count_like_tier_three() -> None:
    assert real().countries["AF"].tier == real().countries["YE"].tier == "tier_3"
    assert {country.tier for country in real().countries.values()} == {"tier_1", "tier_2", "tier_2wl", "tier_3", None}


def test_countries_are_named_in_the_language_of_the_reader() -> None:
    polish = reference_on(QUESTIONNAIRES, TODAY, "pl")
    assert polish.countries["DE"].name == "Niemcy"
    assert reference_on(QUESTIONNAIRES, TODAY).countries["DE"].name == "Germany"
    assert small().countries["AA"].name == "Tierless"  # a code no language knows keeps the name of the table


def test_the_names_in_the_table_are_those_of_the_library() -> None:
    shelf_names = {row.code: row.name for row in real().countries.values()}
    assert shelf_names["TR"] == "Türkiye"
    assert len(set(shelf_names.values())) == 250


def test_the_numbers_are_those_of_the_day() -> None:
    row = "      - from: 2027-01-01\n        value: {medium: 40, high: 80}\n        source: x\n        checked: 2026-11-24\n        review_by: 2027-11-24\n"
    shelf = shelf_but((NUMBERS, "  - id: purchase_severity", f"{row}\n  - id: purchase_severity"))
    assert reference_from(shelf, TODAY).marks.high == 70
    assert reference_from(shelf, date(2027, 1, 1)).marks.high == 80


@pytest.mark.parametrize(
    "edit", [(GOODS, "listed,", "lisited,"), (COUNTRIES, "DD,Dire", "D,Dire"), (NUMBERS, "tier: 0.6", "tier: 6")]
)
def test_a_broken_file_is_refused(edit: tuple[str, str, str]) -> None:
    with pytest.raises(RefusedError, match=r"BANK0(74|87)"):
        small(edit)


def test_a_folder_without_reference_is_refused_by_name() -> None:
    with pytest.raises(RefusedError, match=r"reference/reference\.yaml:1: BANK013"):
        reference_from(sound_but(), TODAY)


def test_a_running_service_keeps_the_last_sound_reference_while_a_file_is_broken(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(QUESTIONNAIRES, tmp_path / "questionnaires"))
    sound = reference_in_service(folder, TODAY)
    table = folder / "reference" / "goods_risk.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("listed", "lisited", 1), encoding="utf-8")
    with pytest.raises(RefusedError):
        reference_on(folder, TODAY)
    assert reference_in_service(folder, TODAY) is sound
    assert reference_in_service(folder, date(2026, 11, 25)) is sound, "also on the day after"
    table.write_text(text.replace("AF,Afghanistan,Salt,", "AF,Afghanistan,Soap,"), encoding="utf-8")
    assert "Soap" in (mended := reference_in_service(folder, TODAY)).listings
    folder.rename(tmp_path / "gone")
    assert reference_in_service(folder, TODAY) is mended
    (tmp_path / "gone").rename(folder)
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / "reference" / "goods_risk.csv").write_text("?", encoding="utf-8")
    with pytest.raises(RefusedError):
        reference_in_service(broken, TODAY)


def test_each_usual_purchase_has_the_kind_the_table_gives_it_for_each_bank(tmp_path: Path) -> None:
    offers = reference_on(QUESTIONNAIRES, TODAY).offers
    assert offers["prawns and shrimp"].kind_in("hospitality") == "food and drink"
    assert offers["bed linen, table linen and towels"].kind_in("hospitality") == "linen"
    assert offers["prawns and shrimp"].kind_in("car_washes") is None
    folder = Path(shutil.copytree(QUESTIONNAIRES, tmp_path / "questionnaires"))
    table = folder / "reference" / "sector_goods.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("food and drink,rice", "larder stores,rice"), encoding="utf-8")
    assert reference_on(folder, TODAY).offers["rice"].kind_in("hospitality") == "larder stores"


def test_it_is_kept_until_a_file_changes(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(QUESTIONNAIRES, tmp_path / "questionnaires"))
    first = reference_on(folder, TODAY)
    assert reference_on(folder, TODAY) is first
    for day in range(1, 26):
        reference_on(folder, date(2026, 12, day))
    again = reference_on(folder, TODAY)
    assert again == first
    table = folder / "reference" / "goods_risk.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("AF,Afghanistan,Salt,", "AF,Afghanistan,Soap,"), encoding="utf-8"
    )
    assert reference_on(folder, TODAY) != first
